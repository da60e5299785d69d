"""Answers in pieces: what arrives, what breaks after the first word, and how an answer is left early."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from services.errors import Cancelled, FabricError, LLMError, LLMRouterError, LLMTimeout
from services.llm import wire
from services.llm.client import Call, RouterClient
from tests.llm import faults as say
from tests.llm.conftest import QUESTION
from tests.llm.faults import Faults

Make = Callable[..., RouterClient]
FIRST = say.STREAM[0]


def begin(client: RouterClient, call: Call | None = None):
    return client.stream(QUESTION, task="clinical_decision", call=call)


def test_the_pieces_and_then_the_whole(faults: Faults, client_of: Make) -> None:
    faults.script = [say.streams()]
    told: list[tuple[str, dict[str, Any]]] = []
    with begin(client_of(faults.url, lambda *event: told.append(event)), Call(request_id="r")) as stream:
        with pytest.raises(LLMError, match="not complete"):
            _ = stream.answer
        assert list(stream) == ["Potassium ", "is 5.9."]
        answer = stream.answer
    assert (answer.text, answer.model, answer.finish_reason) == ("Potassium is 5.9.", "tiny", "stop")
    assert (answer.prompt_tokens, answer.completion_tokens, answer.total_tokens) == (7, 5, 12)
    body = faults.asked[0].body
    assert body and (body["stream"], body["stream_options"]) == (True, {"include_usage": True})
    assert [(name, fields.get("outcome"), fields.get("tokens")) for name, fields in told] == [
        ("llm_request", None, None), ("llm_response", "ok", 12),
    ]  # fmt: skip
    assert list(stream) == [], "an answer that ended stays ended"


@pytest.mark.parametrize("cut_at", range(1, 60, 7))
def test_wherever_the_network_cuts_the_bytes(cut_at: int) -> None:
    whole = b': ping\n\ndata: {"a":\r\ndata: 1}\r\n\r\nevent: x\ndata:two\n\n\n\ndata: [DONE]'
    pieces = [whole[place : place + cut_at] for place in range(0, len(whole), cut_at)]
    assert list(wire.events(pieces, "it")) == [b'{"a":\n1}', b"two", b"[DONE]"]


def test_a_line_without_end_is_refused() -> None:
    def endless():
        while True:
            yield b"data: " + b"x" * 65_536

    with pytest.raises(LLMError, match="1024 KiB"):
        next(wire.events(endless(), "it"))


def then(behave: say.Behaviour) -> say.Behaviour:
    return say.streams([FIRST], then=behave)


STREAM_FAULTS: dict[str, tuple[say.Behaviour, type[FabricError], str, str]] = {
    "cut": (say.streams([FIRST]), LLMError, "LLM_ERROR", "broke off"),
    "cut in a frame": (
        say.cuts(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                 + hex(len(say.sse(FIRST)))[2:].encode() + b"\r\n" + say.sse(FIRST) + b"\r\n40\r\ndata"),
        LLMError, "LLM_ERROR", "broke off"),
    "not JSON": (say.streams([FIRST, b"{"]), LLMError, "LLM_ERROR", "not JSON"),
    "an error within": (say.streams([FIRST, {"error": {"message": "secret", "code": "upstream_failed"}}]),
                        LLMRouterError, "LLM_ROUTER_ERROR", "Every model behind it failed"),
    "a timeout within": (say.streams([FIRST, {"error": {"code": "upstream_timeout"}}]), LLMTimeout, "TIMEOUT", "in time"),
    "silence": (then(say.holds), LLMTimeout, "TIMEOUT", "limit 0.8 s"),
    "dripping": (then(say.drips(b": ping\n\n")), LLMTimeout, "TIMEOUT", "limit 0.8 s"),
    "endless": (then(lambda talk: _endless(talk)), LLMTimeout, "TIMEOUT", "limit 0.8 s"),
}  # fmt: skip


def _endless(talk: say.Talk) -> None:
    while not talk.over:
        talk.raw(say.sse(say.piece("and ")))


@pytest.mark.parametrize("name", STREAM_FAULTS)
def test_what_breaks_after_the_first_word_is_never_tried_again(
    name: str, faults: Faults, client_of: Make
) -> None:
    behave, kind, code, says = STREAM_FAULTS[name]
    faults.script = [behave]
    told: list[Any] = []
    client = client_of(
        faults.url, lambda *event: told.append(event), llm_timeout_seconds=0.8 if kind is LLMTimeout else 9
    )
    stream = begin(client)
    assert next(stream) == "Potassium "
    with pytest.raises(kind, match=says) as caught:
        list(stream)
    stream.close()
    assert caught.value.code == code
    assert "secret" not in str(caught.value.response())
    assert len(faults.asked) == 1
    assert [(event, fields.get("outcome")) for event, fields in told] == [
        ("llm_request", None),
        ("llm_response", code),
    ]
    assert told[1][1]["tokens"] > 0, "what was made so far counts"


def test_a_stream_is_bounded(faults: Faults, client_of: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.llm.client.MAX_STREAM", 200_000)
    faults.script = [then(_endless)]
    with pytest.raises(LLMError, match="more than 195 KiB"):
        list(begin(client_of(faults.url)))
    assert faults.left.wait(5)


@pytest.mark.parametrize(
    "behave",
    [
        say.streams([]),
        say.cuts(b""),
        say.answers(b"", 503),
        say.answers(say.chat()),
        say.answers({}, 200, Content_Type="a/b"),
    ],
)
def test_what_breaks_before_the_first_word_is_tried_again(
    behave: Any, faults: Faults, client_of: Make
) -> None:
    faults.script = [behave, say.streams()]
    assert "".join(begin(client_of(faults.url))) == "Potassium is 5.9."
    assert len(faults.asked) == 2


@pytest.mark.parametrize("behave", [say.streams([]), say.answers(say.chat())])
def test_what_never_begins(behave: Any, faults: Faults, client_of: Make) -> None:
    faults.script = [behave]
    told: list[Any] = []
    with pytest.raises(LLMError):
        begin(client_of(faults.url, lambda *event: told.append(event), llm_retries=0))
    assert told[-1][1]["outcome"] == "LLM_ERROR"


def test_an_empty_answer_is_an_error(faults: Faults, client_of: Make) -> None:
    faults.script = [say.streams([say.piece("", "stop"), b"[DONE]"])]
    with pytest.raises(LLMError, match="empty"):
        list(begin(client_of(faults.url)))


def test_leaving_early_closes_the_connection(faults: Faults, client_of: Make) -> None:
    faults.script = [then(say.holds)]
    told: list[Any] = []
    with begin(client_of(faults.url, lambda *event: told.append(event))) as stream:
        assert next(stream) == "Potassium "
    assert faults.left.wait(5)
    assert told[-1][1]["outcome"] == "closed"
    assert told[-1][1]["tokens"] > 0


def test_a_stream_that_nobody_read_is_closed_too(faults: Faults, client_of: Make) -> None:
    faults.script = [then(say.holds)]
    begin(client_of(faults.url)).close()
    assert faults.left.wait(5)


def test_another_thread_can_end_it(faults: Faults, client_of: Make) -> None:
    cancel = threading.Event()
    faults.script = [then(say.holds)]
    told: list[Any] = []
    stream = begin(client_of(faults.url, lambda *event: told.append(event)), Call(cancel=cancel))
    assert next(stream) == "Potassium "
    other = threading.Thread(target=cancel.set)
    other.start()
    with pytest.raises(Cancelled):
        list(stream)
    other.join()
    assert faults.left.wait(5)
    assert told[-1][1]["outcome"] == "cancelled"
