"""The client of the router: the contract's wire, and one stable error for each way in which things go wrong."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from services.errors import (
    Cancelled,
    EmbeddingError,
    FabricError,
    InvalidInput,
    LLMError,
    LLMRouterError,
    LLMTimeout,
    RateLimited,
    RouterUnauthorized,
)
from services.llm.client import Call, RouterClient
from tests.llm import faults as say
from tests.llm.conftest import QUESTION
from tests.llm.faults import Faults

Make = Callable[..., RouterClient]


def ask(client: RouterClient, call: Call | None = None, **more: Any):
    return client.chat(QUESTION, task="clinical_decision", call=call, **more)


def test_a_chat_says_what_the_contract_says(faults: Faults, client_of: Make) -> None:
    faults.script = [say.answers(say.chat())]
    call = Call(
        bot="rag-pipeline-bot", user="u1", patient_id="p1", request_id="r1", command_type="FlagAbnormalResult"
    )
    client = client_of(f"{faults.url}/v1/", llm_client_id="ward", llm_inside_clinic=True)
    answer = ask(client, call, max_tokens=50)
    assert (answer.text, answer.model, answer.finish_reason) == ("Potassium is 5.9.", "tiny", "stop")
    assert (answer.prompt_tokens, answer.completion_tokens, answer.total_tokens) == (7, 5, 12)
    assert answer.request_id == "r1"
    asked = faults.asked[0]
    assert (asked.method, asked.path) == ("POST", "/v1/chat/completions")
    assert asked.body == {
        "model": "clinical-model", "messages": QUESTION, "temperature": 0.3, "max_tokens": 50,
    }  # fmt: skip
    told = {name: asked.headers.get(name) for name in (
        "authorization", "x-client-id", "x-clinic-task", "content-type", "x-bot-name", "x-patient-id", "x-request-id",
        "x-command-type",
    )}  # fmt: skip
    assert told == {
        "authorization": "Bearer k",
        "x-client-id": "ward",
        "x-clinic-task": "clinical_decision",
        "content-type": "application/json",
        "x-bot-name": "rag-pipeline-bot",
        "x-patient-id": "p1",
        "x-request-id": "r1",
        "x-command-type": "FlagAbnormalResult",
    }


def test_what_is_not_known_is_not_sent(faults: Faults, client_of: Make) -> None:
    faults.script = [say.answers(say.chat())]
    answer = ask(client_of(faults.url))
    headers = faults.asked[0].headers
    assert not {"x-bot-name", "x-patient-id", "x-command-type"} & set(headers)
    assert headers["x-request-id"] == answer.request_id


def test_tokens_are_reckoned_where_nobody_counted(faults: Faults, client_of: Make) -> None:
    faults.script = [say.answers(say.chat(usage=None))]
    answer = ask(client_of(faults.url))
    assert answer.total_tokens == answer.prompt_tokens + answer.completion_tokens
    assert answer.prompt_tokens == pytest.approx(len("Is the potassium high?") / 4, abs=2)


def test_embeddings_in_one_batch(faults: Faults, client_of: Make) -> None:
    faults.script = [say.answers(say.embeddings([1.0, 2.0], [3.0, 4.0]))]
    found = client_of(faults.url).embed(["a", ""], task="rag_query")
    assert found.model == "tiny-embed"
    assert found.vectors.dtype == np.float32
    assert found.vectors.tolist() == [[1, 2], [3, 4]]
    assert faults.asked[0].headers["x-clinic-task"] == "rag_query"
    assert faults.asked[0].body == {
        "model": "embedding-model",
        "input": ["a", " "],
        "encoding_format": "base64",
    }


CHAT_FAULTS: dict[str, tuple[say.Behaviour, type[FabricError], str, str]] = {
    "cut before the headers": (say.cuts(b""), LLMError, "LLM_ERROR", "broke off"),
    "cut in the headers": (say.cuts(b"HTTP/1.1 200 OK\r\nContent-"), LLMError, "LLM_ERROR", "broke off"),
    "cut in the body": (
        say.cuts(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"id"'), LLMError, "LLM_ERROR", "broke off"),
    "not HTTP": (say.cuts(b"+PONG\r\n\r\n"), LLMError, "LLM_ERROR", "does not speak HTTP"),
    "endless headers": (say.cuts(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 40_000), LLMError, "LLM_ERROR", "broke off"),
    "not JSON": (say.answers(b"<html>"), LLMError, "LLM_ERROR", "not JSON"),
    "deep JSON": (say.answers(b"[" * 200_000), LLMError, "LLM_ERROR", "not JSON"),
    "a list": (say.answers([]), LLMError, "LLM_ERROR", "not JSON"),
    "no choices": (say.answers(say.chat(choices=[])), LLMError, "LLM_ERROR", "no choice"),
    "wrong choices": (say.answers(say.chat(choices={"0": 1})), LLMError, "LLM_ERROR", "no choice"),
    "no text": (say.answers(say.chat(None)), LLMError, "LLM_ERROR", "no text"),  # type: ignore[arg-type]
    "blank text": (say.answers(say.chat(" \n")), LLMError, "LLM_ERROR", "empty"),
    "compressed": (say.answers(b"\x1f\x8b", Content_Encoding="gzip"), LLMError, "LLM_ERROR", "compressed"),
    "too large": (say.answers(b" " * (5 << 20)), LLMError, "LLM_ERROR", "more than 4096 KiB"),
    "500": (say.answers(b"secret", 500), LLMRouterError, "LLM_ROUTER_ERROR", "answered 500"),
    "503": (say.answers(b"", 503), LLMRouterError, "LLM_ROUTER_ERROR", "answered 503"),
    "400": (say.answers({"error": {"message": "secret"}}, 400), LLMRouterError, "LLM_ROUTER_ERROR", "refused the request"),
    "302": (say.answers(b"", 302, Location="http://127.0.0.1:1/"), LLMRouterError, "LLM_ROUTER_ERROR", "302"),
    "no chat model": (
        say.answers({"error": {"code": "no_chat_model"}}, 503), LLMRouterError, "LLM_ROUTER_ERROR", "FABRIC_LLM_CONFIG"),
    "401": (say.answers(b"", 401), RouterUnauthorized, "UNAUTHORIZED", "FABRIC_LLM_API_KEY"),
    "403": (say.answers(b"", 403), RouterUnauthorized, "UNAUTHORIZED", "FABRIC_LLM_CLIENT_ID"),
    "429": (say.answers(b"", 429), RateLimited, "LLM_ROUTER_ERROR", "too many requests"),
    "504": (say.answers(b"", 504), LLMTimeout, "TIMEOUT", "in time"),
    "silence": (say.holds, LLMTimeout, "TIMEOUT", "in time"),
    "a header drips": (say.drips(b"X"), LLMTimeout, "TIMEOUT", "limit 0.3 s"),
    "the body drips": (
        lambda talk: (talk.head(), say.drips(b" ")(talk)), LLMTimeout, "TIMEOUT", "limit 0.3 s"),  # type: ignore[func-returns-value]
}  # fmt: skip


@pytest.mark.parametrize("name", CHAT_FAULTS)
def test_each_fault_has_its_code(name: str, faults: Faults, client_of: Make) -> None:
    behave, kind, code, says = CHAT_FAULTS[name]
    faults.script = [behave]
    slow = kind is LLMTimeout
    client = client_of(faults.url, llm_timeout_seconds=0.3 if slow else 20, llm_retries=0)
    with pytest.raises(kind, match=says) as caught:
        ask(client)
    assert caught.value.code == code
    assert "secret" not in str(caught.value.response())
    assert "potassium" not in str(caught.value.response())


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "http://no-such-host.invalid", "http://[::1]:9"])
def test_a_router_that_is_not_there(address: str, client_of: Make) -> None:
    with pytest.raises(LLMError, match="can't be reached"):
        ask(client_of(address, llm_retries=0))


@pytest.mark.parametrize(("timeout", "kind"), [(0.1, LLMTimeout), (9, LLMError)])
def test_a_handshake_that_never_ends(timeout: float, kind: type[FabricError], client_of: Make) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        client = client_of(
            f"https://127.0.0.1:{deaf.getsockname()[1]}", llm_retries=0, llm_connect_seconds=0.3
        )
        with pytest.raises(kind, match="in time" if kind is LLMTimeout else "no connection within 0.3 s"):
            ask(client, Call(timeout=timeout))


def test_silence_has_a_limit_of_its_own(faults: Faults, client_of: Make) -> None:
    faults.script = [say.holds]
    with pytest.raises(LLMTimeout, match="fell silent"):
        ask(client_of(faults.url, llm_silence_seconds=0.1))
    assert faults.left.wait(5)
    assert len(faults.asked) == 1, "a model that is slow is not asked to do it again"


@pytest.mark.parametrize("behave", [say.answers(b"", 503), say.answers(b"", 429), say.cuts(b"")])
def test_what_may_pass_is_tried_again(behave: say.Behaviour, faults: Faults, client_of: Make) -> None:
    faults.script = [behave, behave, say.answers(say.chat())]
    assert ask(client_of(faults.url)).text == "Potassium is 5.9."
    assert len(faults.asked) == 3
    assert len({asked.headers["x-request-id"] for asked in faults.asked}) == 1, "tries are one request"


@pytest.mark.parametrize(
    "behave",
    [
        say.answers(b"", 400),
        say.answers(b"", 401),
        say.answers(b"{", 200),
        say.answers({"error": {"code": "no_chat_model"}}, 503),
        say.answers(b"", 503, Retry_After="3600"),
    ],
)
def test_what_will_not_pass_is_not_tried_again(
    behave: say.Behaviour, faults: Faults, client_of: Make
) -> None:
    faults.script = [behave]
    with pytest.raises(LLMRouterError):
        ask(client_of(faults.url))
    assert len(faults.asked) == 1


def test_the_router_says_when_to_come_back(faults: Faults, client_of: Make) -> None:
    faults.script = [say.answers(b"", 429, Retry_After="0"), say.answers(b"", 429, Retry_After="7")]
    with pytest.raises(RateLimited, match="Try again in 7 s") as caught:
        ask(client_of(faults.url, llm_timeout_seconds=2))  # seven seconds are not to be had
    assert len(faults.asked) == 2
    assert caught.value.status == 429
    assert caught.value.details == {"limit": "router", "status": 429, "code": None, "retryAfterSeconds": 7.0}


def test_a_router_that_keeps_failing_is_left_alone_for_a_while(faults: Faults, client_of: Make) -> None:
    faults.script = [say.answers(b"", 500)]
    client = client_of(faults.url, llm_retries=4)
    with pytest.raises(LLMRouterError, match="answered 500"):
        ask(client)
    assert len(faults.asked) == 5
    with pytest.raises(LLMError, match="again and again") as caught:
        ask(client, Call(timeout=0.2))
    assert len(faults.asked) == 5
    assert 0 < caught.value.details["retryAfterSeconds"] <= 15
    faults.script = [say.answers(say.embeddings([1.0]))]
    assert client.embed(["a"]).vectors.shape == (1, 1), "chat and embeddings fail apart from each other"


def test_giving_up_closes_the_connection(faults: Faults, client_of: Make) -> None:
    cancel = threading.Event()
    faults.script = [lambda talk: (cancel.set(), talk.hold())]  # type: ignore[list-item,func-returns-value]
    with pytest.raises(Cancelled):
        ask(client_of(faults.url), Call(cancel=cancel))
    assert faults.left.wait(5)


def test_giving_up_ends_a_pause_between_tries(faults: Faults, client_of: Make) -> None:
    cancel = threading.Event()

    def behave(talk: say.Talk) -> None:
        say.answers(b"", 503, Retry_After="20")(talk)
        cancel.set()

    faults.script = [behave]
    with pytest.raises(Cancelled):
        ask(client_of(faults.url, llm_timeout_seconds=60), Call(cancel=cancel))


@pytest.mark.parametrize(
    "wrong",
    [
        {"task": "embedding"},
        {"task": "nonsense"},
        {"model": "a\r\nX-Evil: 1"},
        {"model": ""},
        {"temperature": 3},
        {"max_tokens": 0},
        {"call": Call(patient_id="p1\r\nX-Evil: 1")},
        {"call": Call(bot="é")},
        {"messages": []},
        {"messages": [{"role": "user"}]},
        {"messages": [{"role": "user", "content": "\ud800"}]},
    ],
)
def test_a_request_that_makes_no_sense_is_not_sent(
    wrong: dict[str, Any], faults: Faults, client_of: Make
) -> None:
    with pytest.raises(InvalidInput) as caught:
        client_of(faults.url).chat(**{"messages": QUESTION, "task": "documentation", **wrong})
    assert caught.value.code == "INVALID_INPUT"
    assert faults.asked == []


@pytest.mark.parametrize(
    ("vectors", "says"),
    [
        (([1.0], [1.0], [1.0]), "3 embeddings for 2"),
        (([1.0, 2.0], [1.0]), "different lengths"),
        ((["x"], ["y"]), "not a list of numbers"),
        (("AAA", "AAA"), "not base64"),
        (([1e300], [1.0]), "not finite"),
    ],
)
def test_embeddings_that_cannot_be_used(vectors: Any, says: str, faults: Faults, client_of: Make) -> None:
    faults.script = [say.answers(say.embeddings(*vectors))]
    with pytest.raises(EmbeddingError, match=says) as caught:
        client_of(faults.url).embed(["a", "b"])
    assert caught.value.code == "EMBEDDING_ERROR"
    assert len(faults.asked) == 1


def test_what_is_told_are_counts_and_names(faults: Faults, client_of: Make) -> None:
    told: list[tuple[str, dict[str, Any]]] = []
    faults.script = [say.answers(say.chat()), say.answers(b"", 400)]
    client = client_of(
        faults.url, lambda name, fields: told.append((name, fields)), llm_user_requests_per_minute=2
    )
    call = Call(bot="b", user="u", patient_id="p", request_id="r")
    ask(client, call)
    with pytest.raises(LLMRouterError):
        ask(client, call)
    with pytest.raises(RateLimited, match="2 user requests per minute"):
        ask(client, call)
    assert [name for name, _ in told] == [
        "llm_request", "llm_response", "llm_request", "llm_response", "rate_limit_exceeded",
    ]  # fmt: skip
    asked, answered, _, failed, limited = (fields for _, fields in told)
    assert asked == {
        "model": "clinical-model", "task": "clinical_decision", "request_id": "r", "bot": "b", "user": "u",
        "patient_id": "p", "command_type": None,
    }  # fmt: skip
    assert answered["outcome"] == "ok"
    assert (answered["model"], answered["tokens"], answered["completion_tokens"]) == ("tiny", 12, 5)
    assert type(answered["duration_ms"]) is int
    assert (failed["outcome"], failed["tokens"]) == ("LLM_ROUTER_ERROR", 0)
    assert limited["limit"] == "user requests per minute"
    assert "otassium" not in str(told)


def test_the_list_of_models(faults: Faults, client_of: Make) -> None:
    faults.script = [
        say.answers({"data": [{"id": "m", "type": "chat"}, {"id": "n", "type": 3}]}),
        say.answers({"data": 1}),
    ]
    client = client_of(faults.url)
    assert [(model.id, model.type) for model in client.models()] == [("m", "chat"), ("n", "")]
    assert faults.asked[0].headers["x-clinic-task"] == "health_check"
    with pytest.raises(LLMError, match="can't be read"):
        client.models()


def test_health_tells_and_never_raises(faults: Faults, client_of: Make) -> None:
    faults.script = [
        say.answers(
            {"chat": True, "upstreams": {"ward": {"state": "up"}, "spare": {"state": "no route"}, "x": 1}}
        ),
        say.answers(b"", 401),
    ]
    client = client_of(faults.url)
    state = client.health()
    assert (state["ok"], state["chat"], state["message"]) == (False, True, "spare: no route")
    assert "FABRIC_LLM_API_KEY" in client.health()["message"]
    assert client_of("http://127.0.0.1:9").health()["ok"] is False


@pytest.mark.parametrize(
    ("health", "models", "expected"),
    [
        (say.answers({"chat": True}), None, True),
        (say.answers({"chat": False}), None, False),
        (say.answers({"status": "ok"}), say.answers({"data": [{"id": "m"}]}), True),
        (say.answers({"status": "ok"}), say.answers({"data": [{"id": "m", "type": "embedding"}]}), False),
        (say.answers(b"", 500), None, False),
    ],
)
def test_whether_a_chat_model_is_there(
    health: Any, models: Any, expected: bool, faults: Faults, client_of: Make
) -> None:
    faults.script = [health, models] if models else [health]
    client = client_of(faults.url)
    assert client.chat_available() is expected
    seen = len(faults.asked)
    assert client.chat_available() is expected
    assert len(faults.asked) == seen, "an answer is kept for some seconds"
    assert client_of("http://127.0.0.1:9").chat_available() is False


def test_where_text_goes(client_of: Make, tmp_path: Any) -> None:
    assert client_of(None).inside_clinic
    assert not client_of("http://127.0.0.1:8080").inside_clinic, (
        "a router on this machine may hand on to a cloud"
    )
    assert client_of("http://127.0.0.1:8080", llm_inside_clinic=True).inside_clinic
    config = tmp_path / "llm.toml"
    config.write_text('[upstreams.cloud]\nurl = "https://models.example"\nmodel = "large"\n')
    assert not client_of(None, llm_config=config).inside_clinic
    config.write_text(config.read_text() + "inside_clinic = true\n")
    assert client_of(None, llm_config=config).inside_clinic


@pytest.mark.parametrize("setting", ["llm_api_key", "llm_client_id"])
def test_a_key_that_cannot_be_a_header_is_refused(setting: str, client_of: Make) -> None:
    with pytest.raises(InvalidInput, match=f"FABRIC_{setting.upper()}"):
        client_of(None, **{setting: "a\nb"})
