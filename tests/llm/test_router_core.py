"""The router itself: who may ask what, which model answers, and what happens when one doesn't."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.llm.config import parse
from services.llm.core import Answer, Router
from services.llm.deadline import Deadline
from services.llm.embedded import EmbeddedModel
from services.llm.wire import CHAT, EMBEDDINGS, HEALTH, MODELS
from tests.llm import faults as say
from tests.llm.conftest import QUESTION
from tests.llm.faults import Faults

HEADERS = {"authorization": "Bearer k", "x-client-id": "c"}
EMBEDDER = EmbeddedModel(threads=1)


def router(**config: Any) -> Router:
    return Router(parse(config, "here"), {"c": "k"}, EMBEDDER, random.Random(7))


def upstream(faults: Faults, **more: Any) -> dict[str, Any]:
    return {"url": faults.url, "model": "tiny", **more}


def post(to: Router, path: str, body: Any, task: str | None = None, **headers: str) -> Answer:
    task = task or ("clinical_decision" if path == CHAT else "embedding")
    data = body if isinstance(body, bytes) else orjson.dumps(body)
    return to.handle("POST", path, {**HEADERS, "x-clinic-task": task, **headers}, data, Deadline(5))


def chat(to: Router, task: str | None = None, **more: Any) -> Answer:
    return post(to, CHAT, {"model": "clinical-model", "messages": QUESTION, **more}, task)


def read(answer: Answer) -> dict[str, Any]:
    body = answer.body if isinstance(answer.body, bytes) else b"".join(answer.body)
    return orjson.loads(body)


def code(answer: Answer) -> tuple[int, str]:
    error = read(answer)["error"]
    assert set(error) == {"message", "type", "param", "code"}
    return answer.status, error["code"]


@pytest.fixture
def two(faults: Faults, another: Faults) -> Callable[..., Router]:
    def make(**more: Any) -> Router:
        made = {"ward": upstream(faults, **more), "spare": upstream(another, weight=0, model="small")}
        return router(upstreams=made)

    return make


def test_who_may_ask() -> None:
    to = router()

    def asked(**headers: str | None) -> Answer:
        sent = {**HEADERS, "x-clinic-task": "health_check", **headers}
        return to.handle("GET", MODELS, {k: v for k, v in sent.items() if v is not None}, b"", Deadline())

    assert asked().status == 200
    assert code(asked(authorization=None)) == (401, "invalid_api_key")
    assert code(asked(authorization="Bearer other")) == (401, "invalid_api_key")
    assert code(asked(authorization="Basic k")) == (401, "invalid_api_key")
    assert code(asked(**{"x-client-id": "another"})) == (401, "invalid_api_key")
    assert code(asked(**{"x-client-id": "another", "authorization": "Bearer "})) == (401, "invalid_api_key")
    assert code(asked(**{"x-client-id": None})) == (400, "missing_header")
    assert code(asked(**{"x-clinic-task": None})) == (400, "missing_header")
    assert code(asked(**{"x-clinic-task": "gossip"})) == (400, "unknown_task")
    assert asked(**{"x-clinic-task": "documentation"}).status == 200


def test_where_and_how() -> None:
    to = router()
    assert code(to.handle("GET", "/v1/nothing", HEADERS, b"", Deadline())) == (404, "not_found")
    wrong = to.handle("GET", CHAT, HEADERS, b"", Deadline())
    assert (code(wrong), wrong.headers["Allow"]) == ((405, "method_not_allowed"), "POST")
    assert code(chat(to, "embedding")) == (400, "wrong_endpoint")
    assert code(chat(to, "health_check")) == (400, "wrong_endpoint")
    assert code(post(to, EMBEDDINGS, {}, "billing_codes")) == (400, "wrong_endpoint")


def test_health_tells_more_to_those_with_a_key(faults: Faults) -> None:
    faults.script = [say.answers({"data": []})]
    gone = {"url": "http://127.0.0.1:9", "model": "m"}
    to = router(upstreams={"ward": upstream(faults, inside_clinic=True), "gone": gone})
    assert read(to.handle("GET", HEALTH, {}, b"", Deadline())) == {"status": "ok"}
    assert code(to.handle("GET", HEALTH, {**HEADERS, "authorization": "Bearer x"}, b"", Deadline()))[0] == 401
    told = read(to.handle("GET", HEALTH, HEADERS, b"", Deadline()))
    assert (told["status"], told["chat"], told["embeddings"]) == ("degraded", True, True)
    assert told["upstreams"]["ward"] == {"state": "up", "type": "chat", "inside_clinic": True}
    assert "can't be reached" in told["upstreams"]["gone"]["state"]
    assert faults.asked[0].path == "/v1/models"


@pytest.mark.parametrize(
    ("behave", "says"),
    [
        (say.answers(b"", 401), "set key_env"),
        (say.answers(b"", 503), "answered 503"),
        (say.answers(b"", 404), "up"),
    ],
)
def test_a_look_at_an_upstream(behave: Any, says: str, faults: Faults) -> None:
    faults.script = [behave]
    assert says in router(upstreams={"ward": upstream(faults)}).health()["upstreams"]["ward"]["state"]


def test_no_chat_model_is_said_with_its_remedy() -> None:
    answer = chat(router())
    assert code(answer) == (503, "no_chat_model")
    assert "FABRIC_LLM_CONFIG" in read(answer)["error"]["message"]


def test_models_and_what_they_are_for(faults: Faults) -> None:
    to = router(upstreams={"ward": upstream(faults)})
    listed = read(to.handle("GET", MODELS, {**HEADERS, "x-clinic-task": "health_check"}, b"", Deadline()))[
        "data"
    ]
    assert {row["id"]: row["type"] for row in listed} == {
        "clinical-model": "chat", "fast-model": "chat", "embedding-model": "embedding", "nomic-embed-text": "embedding",
    }  # fmt: skip
    assert {row["inside_clinic"] for row in listed if row["type"] == "chat"} == {False}
    assert {row["version"] for row in listed if row["type"] == "embedding"} == {EMBEDDER.version}
    assert code(chat(to, model="gpt")) == (404, "model_not_found")
    assert code(chat(to, model="embedding-model")) == (400, "invalid_value")
    assert code(post(to, EMBEDDINGS, {"model": "fast-model", "input": "x"})) == (400, "invalid_value")


def test_what_reaches_the_model(faults: Faults, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARD_KEY", "ward-secret")
    faults.script = [say.answers(say.chat())]
    to = router(upstreams={"ward": upstream(faults, key_env="WARD_KEY")})
    answer = post(
        to, CHAT, {"model": "fast-model", "messages": QUESTION, "seed": 3, "temperature": 0},
        **{"x-patient-id": "p1", "x-bot-name": "b", "x-request-id": "r1"},
    )  # fmt: skip
    assert read(answer) == say.chat()
    assert answer.headers["X-Upstream"] == "ward"
    asked = faults.asked[0]
    assert asked.body == {"model": "tiny", "messages": QUESTION, "seed": 3, "temperature": 0}
    assert asked.headers["authorization"] == "Bearer ward-secret"
    assert asked.headers["x-request-id"] == "r1"
    assert not {"x-patient-id", "x-bot-name", "x-client-id", "x-clinic-task"} & set(asked.headers)


def test_a_request_id_that_cannot_be_a_header_is_replaced(faults: Faults) -> None:
    faults.script = [say.answers(say.chat())]
    post(router(upstreams={"ward": upstream(faults)}), CHAT, {"model": "fast-model", "messages": QUESTION},
         **{"x-request-id": "a\r\nX-Evil: 1"})  # fmt: skip
    assert "x-evil" not in faults.asked[0].headers
    assert faults.asked[0].headers["x-request-id"].isprintable()


FALLS_OVER = {
    "cut": say.cuts(b""),
    "500": say.answers(b"", 500),
    "429": say.answers(b"", 429),
    "401": say.answers(b"", 401),
    "404": say.answers(b"", 404),
    "not JSON": say.answers(b"<html>"),
    "no choice": say.answers(say.chat(choices=[])),
    "late": say.holds,
}


@pytest.mark.parametrize("name", FALLS_OVER)
def test_where_one_fails_the_next_answers(name: str, two: Any, faults: Faults, another: Faults) -> None:
    faults.script, another.script = [FALLS_OVER[name]], [say.answers(say.chat("From the spare."))]
    answer = chat(two(timeout_seconds=0.3 if name == "late" else 9))
    assert (answer.status, answer.headers["X-Upstream"]) == (200, "spare")
    assert len(another.asked) == 1


@pytest.mark.parametrize(
    "behave",
    [
        say.streams([]),
        say.streams([b"{"]),
        say.streams([{"error": {}}]),
        say.answers(say.chat()),
        say.cuts(b""),
    ],
)
def test_a_stream_that_fails_before_its_first_event(
    behave: Any, two: Any, faults: Faults, another: Faults
) -> None:
    faults.script, another.script = [behave], [say.streams()]
    answer = chat(two(), stream=True)
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert isinstance(answer.body, Iterator)
    assert b"".join(answer.body) == b"".join(
        b"data: " + (event if isinstance(event, bytes) else orjson.dumps(event)) + b"\n\n"
        for event in say.STREAM
    )


def test_a_stream_that_fails_later_says_so_within(two: Any, faults: Faults, another: Faults) -> None:
    faults.script = [say.streams([say.STREAM[0]])]
    answer = chat(two(), stream=True)
    first, second = answer.body
    assert orjson.loads(first[6:]) == say.STREAM[0]  # type: ignore[index]
    assert orjson.loads(second[6:])["error"]["code"] == "upstream_failed"  # type: ignore[index]
    assert another.asked == []


def test_what_is_wrong_with_the_request_is_not_tried_elsewhere(
    two: Any, faults: Faults, another: Faults
) -> None:
    error = {"error": {"message": "secret words", "code": "context_length_exceeded"}}
    faults.script = [say.answers(error, 400)]
    answer = chat(two())
    assert code(answer) == (400, "context_length_exceeded")
    assert b"secret" not in answer.body  # type: ignore[operator]
    assert another.asked == []


def test_when_all_fail(two: Any, faults: Faults, another: Faults) -> None:
    faults.script, another.script = [say.answers(b"", 500)], [say.answers(b"", 429, Retry_After="4")]
    answer = chat(two())
    assert code(answer) == (429, "rate_limited")
    assert answer.headers["Retry-After"] == "4"


def test_one_that_keeps_failing_is_passed_over(two: Any, faults: Faults, another: Faults) -> None:
    faults.script, another.script = [say.cuts(b"")], [say.answers(say.chat())]
    to = two()
    for _ in range(8):
        assert chat(to).status == 200
    assert (len(faults.asked), len(another.asked)) == (5, 8)
    faults.script = [say.answers(say.chat())]
    assert to.health()["upstreams"]["ward"]["state"] == "up"
    assert chat(to).headers["X-Upstream"] == "ward", "a look that finds it well brings it back at once"


def test_one_that_a_look_finds_down_is_not_asked() -> None:
    to = router(upstreams={"gone": {"url": "http://127.0.0.1:9", "model": "m"}})
    to.health()
    answer = chat(to)
    assert code(answer) == (503, "upstream_unreachable")
    assert 1 <= int(answer.headers["Retry-After"]) <= 15


def test_no_time_is_left_for_another(two: Any, faults: Faults, another: Faults) -> None:
    faults.script = [say.holds]
    to = two()
    body = orjson.dumps({"model": "clinical-model", "messages": QUESTION})
    answer = to.handle("POST", CHAT, {**HEADERS, "x-clinic-task": "documentation"}, body, Deadline(0.2))
    assert code(answer) == (504, "upstream_timeout")
    assert another.asked == []


def test_weights_share_the_work(faults: Faults, another: Faults) -> None:
    faults.script = another.script = [say.answers(say.chat())]
    to = router(upstreams={"a": upstream(faults, weight=3), "b": upstream(another)})
    drawn = Counter(to._route("documentation", "fast-model", "chat")[0].name for _ in range(4000))
    assert drawn["a"] / 4000 == pytest.approx(0.75, abs=0.03)


def test_a_task_may_have_a_model_of_its_own(faults: Faults, another: Faults) -> None:
    faults.script = another.script = [say.answers(say.chat())]
    to = router(
        upstreams={"large": upstream(faults), "small": upstream(another)},
        aliases={"clinical-model": ["large"]},
        tasks={"billing_codes": {"clinical-model": ["small"]}},
    )
    assert chat(to).headers["X-Upstream"] == "large"
    assert chat(to, "billing_codes").headers["X-Upstream"] == "small"


def test_embeddings_in_both_encodings() -> None:
    to = router()
    numbers = read(post(to, EMBEDDINGS, {"model": "embedding-model", "input": "chest pain"}))
    packed = read(post(to, EMBEDDINGS, {"model": "nomic-embed-text", "input": ["chest pain", "x"], "encoding_format": "base64",
                                        "dimensions": 768}))  # fmt: skip
    from services.llm.answers import vectors

    assert (vectors(numbers, 1)[0] == vectors(packed, 2)[0]).all()
    assert (vectors(packed, 2)[0] == EMBEDDER.embed(["chest pain"])[0]).all()
    assert numbers["model"] == EMBEDDER.version
    assert numbers["usage"]["total_tokens"] > 0


@pytest.mark.parametrize(
    ("more", "param", "says"),
    [
        ({"input": [1, 2]}, "input", "Send texts"),
        ({"input": [[1, 2]]}, "input", "Send texts"),
        ({"input": []}, "input", ""),
        ({"input": None}, "input", ""),
        ({"input": ["a", 1]}, "input.1", ""),
        ({"dimensions": 512}, "dimensions", "768 dimensions"),
        ({"encoding_format": "int8"}, "encoding_format", ""),
        ({"model": None}, "model", ""),
    ],
)
def test_embeddings_that_are_not_made(more: dict[str, Any], param: str, says: str) -> None:
    answer = post(router(), EMBEDDINGS, {"model": "embedding-model", "input": "x", **more})
    assert answer.status == 400
    assert read(answer)["error"]["param"] == param
    assert says in read(answer)["error"]["message"]


def test_another_servers_embeddings_come_in_its_batches(faults: Faults) -> None:
    faults.script = [
        say.answers(say.embeddings([1.0, 0.0], [2.0, 0.0])),
        say.answers(say.embeddings([3.0, 0.0])),
        say.answers(say.embeddings([3.0])),
    ]
    to = router(upstreams={"e": upstream(faults, kind="embedding", dimensions=2, batch=2)})
    made = read(post(to, EMBEDDINGS, {"model": "embedding-model", "input": ["a", "", "c"]}))
    assert [row["embedding"] for row in made["data"]] == [[1, 0], [2, 0], [3, 0]]
    assert made["model"] == "tiny-embed"
    assert [asked.body and asked.body["input"] for asked in faults.asked] == [["a", " "], ["c"]]
    assert code(post(to, EMBEDDINGS, {"model": "embedding-model", "input": "a"})) == (
        502,
        "upstream_malformed",
    )


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    [
        "model",
        "messages",
        "input",
        "stream",
        "stream_options",
        "temperature",
        "max_tokens",
        "dimensions",
        "n",
        "encoding_format",
    ]
)
MESSAGES = st.lists(
    st.fixed_dictionaries({"role": st.just("user") | JSON, "content": st.text(max_size=5) | JSON}), max_size=2
)
VALUES = JSON | st.sampled_from(["clinical-model", "embedding-model", "base64"]) | MESSAGES


@pytest.fixture(scope="module")
def well() -> Iterator[Router]:
    server = Faults()
    server.script = [
        lambda talk: (
            say.streams() if (server.asked[-1].body or {}).get("stream") else say.answers(say.chat())
        )(talk)
    ]
    yield router(upstreams={"ward": {"url": server.url, "model": "m"}})
    server.stop()


@given(
    st.sampled_from([CHAT, EMBEDDINGS]),
    st.dictionaries(FIELDS, VALUES, max_size=5).map(
        lambda body: {"model": "clinical-model", "messages": QUESTION, **body}
    )
    | st.dictionaries(FIELDS, VALUES, max_size=4)
    | JSON,
)
@example(CHAT, {"model": "clinical-model", "messages": QUESTION, "stream": True})
@example(EMBEDDINGS, {"model": "embedding-model", "input": ["\x00", ""]})
def test_any_json_gets_an_answer_of_the_api(well: Router, path: str, body: Any) -> None:
    answer = post(well, path, body)
    assert 200 <= answer.status < 500
    if answer.status >= 400:
        code(answer)
    elif isinstance(answer.body, bytes):
        assert {"choices", "data"} & set(read(answer))
    else:
        assert b"".join(answer.body).endswith(b"data: [DONE]\n\n")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"[" * 5000, b'{"model": NaN}', b'{"a": "\\ud800"}', b"3"]
)
def test_what_is_not_json_is_said(body: bytes) -> None:
    assert code(post(router(), CHAT, body)) == (400, "invalid_json")
