"""With a model behind the router, by real HTTP: what its evidence bears out is used, all else is not, and nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.bots.documentation_assistant.handler import handle
from services.runtime.system import System
from tests.bots.documentation.conftest import AS_OF, CLINICIAN, said
from tests.llm.faults import Faults, Talk

ASKED = {"patientId": "p1", "encounterId": "v1", "documentationType": "history_physical", "asOf": AS_OF}
GOOD = "She has type 2 diabetes mellitus since 30-Jun-2020 [{dm}]."


def reply(talk: Talk, body: dict, status: int = 200) -> None:
    handler, content = talk._handler, json.dumps(body).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def numbers(talk: Talk, asked: Faults) -> dict[str, int]:
    """By name, the numbers of the evidence that the prompt holds; of equal ones the first."""
    prompt = asked.asked[-1].body["messages"][-1]["content"]  # pyright: ignore[reportOptionalSubscript]
    blocks = prompt.split("<<<EVIDENCE ")[1:]
    found = {b.split("]")[0].split("[")[1]: b for b in blocks}
    return {
        k: int(n)
        for n, b in reversed(found.items())
        for k, words in (("dm", "diabetes"), ("gout", "Gout"), ("cc", "Tiredness"))
        if words in b
    }


@pytest.fixture
def upstream() -> Iterator[Faults]:
    server = Faults(script=[lambda talk: reply(talk, {})])
    yield server
    server.stop()


@pytest.fixture
def write(make: Callable[..., System], upstream: Faults, tmp_path: Path) -> Callable[..., dict]:
    """The note where the model says this; numbers of evidence are filled in."""

    def written(text: str, inside: bool = True, status: int = 200, **more: object) -> dict:
        def behave(talk: Talk) -> None:
            if not talk._handler.path.endswith("/chat/completions"):
                return reply(talk, {"object": "list", "data": [{"id": "tester", "object": "model"}]})
            told = text.format(**numbers(talk, upstream))
            choice = {"index": 0, "message": {"role": "assistant", "content": told}, "finish_reason": "stop"}
            return reply(
                talk,
                {
                    "id": "x",
                    "object": "chat.completion",
                    "created": 1,
                    "model": "tester",
                    "choices": [choice],
                },
                status,
            )

        upstream.script[:] = [behave]
        config = tmp_path / "router.toml"
        config.write_text(
            f'[upstreams.test]\nurl = "{upstream.url}/v1"\nmodel = "tester"\ninside_clinic = {str(inside).lower()}\n'
        )
        context = make(llm_config=config, llm_retries=0).context(CLINICIAN)
        return handle(context, ASKED | more).wire()

    return written


def test_what_its_evidence_bears_out_stands_in_its_place(write: Callable[..., dict]) -> None:
    note = write(GOOD)
    past = said(note, "past")
    assert past[0] == "She has type 2 diabetes mellitus since 30-Jun-2020." and note["modelUsed"] == "tester"
    assert not any(line.startswith("Type 2 diabetes") for line in past) and any(
        "Gout" in line for line in past
    )
    worded = next(s for s in note["sentences"] if s["text"] == past[0])
    assert worded["sources"][0]["reference"] == "Condition/dm"


@pytest.mark.parametrize(
    "lie",
    [
        "She has type 2 diabetes mellitus since 30-Jun-2021 [{dm}].",
        "She has type 2 diabetes mellitus since 12 years [{dm}].",
        "She has no type 2 diabetes mellitus [{dm}].",
        "She has left-sided gout [{gout}].",
        "Her gout is treated with colchicine [{gout}].",
        "Start insulin for type 2 diabetes mellitus [{dm}].",
        "She has type 2 diabetes mellitus and gout.",
        "She came with tiredness and has gout [{cc}][{gout}].",
    ],
)
def test_what_is_not_borne_out_is_not_used(write: Callable[..., dict], lie: str) -> None:
    note, plain = write(lie), write(lie, generate=False)
    assert note["content"] == plain["content"] and note["modelUsed"] == "record"
    assert any(w.startswith("A model's sentence was not used") for w in note["warnings"])


def test_half_a_sentence_of_the_record_does_not_replace_it(write: Callable[..., dict]) -> None:
    past = said(write("She has type 2 diabetes mellitus [{dm}]."), "past")
    assert "Type 2 diabetes mellitus (since 30-Jun-2020)." in past


def test_the_clinicians_words_are_never_reworded(write: Callable[..., dict]) -> None:
    note = write(GOOD, clinicianInput={"chiefComplaint": "Weary, 3 wks"})
    assert said(note, "complaint")[0] == "Weary, 3 wks"


def test_outside_the_clinic_nobody_is_named(write: Callable[..., dict], upstream: Faults) -> None:
    write(GOOD, inside=False)
    sent = [json.dumps(a.body) for a in upstream.asked if a.path.endswith("/chat/completions")]
    assert sent and "Jane" not in sent[0] and "Doe" not in sent[0]


def test_a_model_that_fails_leaves_the_assembled_note(write: Callable[..., dict]) -> None:
    note, plain = write("x", status=500), write("x", generate=False)
    assert note["content"] == plain["content"] and note["modelUsed"] == "record"
    assert any(w.startswith("No model worded the note") for w in note["warnings"])
