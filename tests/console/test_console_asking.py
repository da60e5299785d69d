"""Asking, citations and their places, series, suggestions and feedback, over a real record."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.accounts.roles import Principal
from services.console import feedback
from services.console.asking import MOST_CHARS, AskEvent, Conversation, ask
from services.console.citing import address_of, open_citation
from services.console.replies import Reply
from services.console.suggesting import MOST, suggestions
from services.errors import FabricError, InvalidInput, NotFound, PatientNotFound
from services.runtime.system import System
from tests.console.world import ADMIN, open_system, put
from tests.llm.faults import USAGE, Faults, Talk, answers, piece, streams

NOTE = "SUBJECTIVE:\nMoved house. Denies chest pain.\n\nPLAN:\nContinue ramipril. Denies chest pain.\n"
UNIT = {"system": "http://unitsofmeasure.org"}


def result(resource_id: str, day: str, value: float, unit: str, name: str, code: str, low: float | None, high: float | None) -> dict:
    limits = {k: {"value": v, "unit": unit} for k, v in (("low", low), ("high", high)) if v is not None}
    return {
        "resourceType": "Observation", "id": resource_id, "status": "final", "subject": {"reference": "Patient/ness"},
        "code": {"text": name, "coding": [{"system": "http://loinc.org", "code": code}]}, "effectiveDateTime": day,
        "valueQuantity": {"value": value, "unit": unit, "code": unit, **UNIT}, "referenceRange": [limits] if limits else [],
    }  # fmt: skip


def pressure(resource_id: str, day: str, top: int, bottom: int) -> dict:
    parts = (("8480-6", "Systolic blood pressure", top), ("8462-4", "Diastolic blood pressure", bottom))
    return {
        "resourceType": "Observation", "id": resource_id, "status": "final", "subject": {"reference": "Patient/ness"},
        "code": {"text": "Blood pressure", "coding": [{"system": "http://loinc.org", "code": "85354-9"}]},
        "effectiveDateTime": day,
        "component": [{"code": {"text": name, "coding": [{"system": "http://loinc.org", "code": code}]},
                       "valueQuantity": {"value": value, "unit": "mmHg", "code": "mm[Hg]", **UNIT}} for code, name, value in parts],
    }  # fmt: skip


RECORD: list[dict] = [
    {"resourceType": "Patient", "id": "ness", "name": [{"family": "Ness"}], "birthDate": "1950-03-04", "gender": "female"},
    {"resourceType": "Patient", "id": "other", "name": [{"family": "Other"}]},
    {"resourceType": "Patient", "id": "blank", "name": [{"family": "Blank"}]},
    {"resourceType": "AllergyIntolerance", "id": "peanut", "patient": {"reference": "Patient/ness"}, "code": {"text": "Peanut"}},
    {"resourceType": "MedicationRequest", "id": "ramipril", "status": "active", "intent": "order",
     "subject": {"reference": "Patient/ness"}, "authoredOn": "2024-02-01", "medicationCodeableConcept": {"text": "Ramipril 5 mg"},
     "dosageInstruction": [{"text": "One capsule in the morning"}]},
    result("k1", "2024-01-10", 4.1, "mmol/L", "Potassium", "2823-3", 3.5, 5.1),
    result("k2", "2025-01-10", 5.6, "mmol/L", "Potassium", "2823-3", 3.5, 5.1),
    result("k3", "2026-01-10T08:30:00Z", 5.9, "mmol/L", "Potassium", "2823-3", 3.5, 5.1),
    result("a1", "2025-02-01", 7.9, "%", "Hemoglobin A1c/Hemoglobin.total in Blood", "4548-4", None, 6.0),
    result("a2", "2026-02-01", 7.1, "%", "Hemoglobin A1c/Hemoglobin.total in Blood", "4548-4", None, 6.0),
    result("w1", "2026-03-01", 61.5, "kg", "Body weight", "29463-7", None, None),
    pressure("p1", "2025-05-01", 158, 94),
    pressure("p2", "2026-05-01", 132, 80),
    {"resourceType": "DocumentReference", "id": "note", "status": "current", "type": {"text": "Progress note"},
     "subject": {"reference": "Patient/ness"}, "date": "2026-03-05T10:00:00Z",
     "content": [{"attachment": {"contentType": "text/plain", "data": base64.b64encode(NOTE.encode()).decode()}}]},
]  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with pytest.MonkeyPatch.context() as patch:
        for held in open_system(tmp_path_factory.mktemp("asking"), patch):
            put(held, *RECORD)
            yield held


def answer(question: str, history: tuple[str, ...] = (), patient: str = "ness") -> Reply:
    *_, last = ask(ADMIN, patient, question, history)
    assert last.kind == "done" and last.reply
    return last.reply


def marked(reply: Reply, number: int = 1) -> str:
    cited = next(c for c in reply.citations if c.number == number)
    opened, same = open_citation(ADMIN, "ness", cited.address)
    assert same and opened.passage
    return opened.text[slice(*opened.passage)]


@pytest.mark.usefixtures("world")
class TestAsking:
    def test_an_answer_with_its_sources(self) -> None:
        reply = answer("latest potassium")
        assert reply.answered and reply.label == "Computed from the record" and reply.confidence.startswith("Fair confidence")
        text, numbers = reply.sentences[0]
        assert "5.9 mmol/L" in text and numbers == [1]
        cited = reply.citations[0]
        assert (cited.kind, cited.date, cited.reference) == ("Result", "10-Jan-2026", "Observation/k3")
        assert marked(reply) == "Potassium 5.9 mmol/L."

    def test_a_follow_up_knows_what_was_asked(self) -> None:
        assert "4.1" not in answer("latest potassium").plain()
        assert "5.6 mmol/L" in answer("and before that?", ("latest potassium",)).sentences[0][0]

    def test_not_found_says_what_was_looked_for(self) -> None:
        reply = answer("what is the ferritin?")
        assert not reply.answered and reply.label == "Not in the record" and not reply.citations
        assert "ferritin" in reply.sentences[0][0].lower()

    def test_plain_text_lists_the_sources(self) -> None:
        text = answer("what medications does she take?").plain()
        assert text.startswith("what medications does she take?\n\nRamipril 5 mg") and "[1]" in text
        assert "\nSources\n[1] Prescription, 01-Feb-2024: " in text and "(MedicationRequest/ramipril)" in text

    @pytest.mark.parametrize("question", ["", "   ", "x" * (MOST_CHARS + 1)])
    def test_what_cannot_be_asked(self, question: str) -> None:
        with pytest.raises(InvalidInput, match=r"Type a question|Shorten it"):
            list(ask(ADMIN, "ness", question))
        with pytest.raises(InvalidInput):
            Conversation().ask(ADMIN, "ness", question)

    @pytest.mark.parametrize("patient", ["", "nobody", "../x", "y" * 300, "Patient/nobody", "\x00"])
    def test_an_unknown_patient(self, patient: str) -> None:
        with pytest.raises(PatientNotFound):
            list(ask(ADMIN, patient, "allergies?"))

    def test_a_conversation(self) -> None:
        talk = Conversation()
        assert talk.ask(ADMIN, "ness", "latest potassium").wait(60)
        second = talk.ask(ADMIN, "ness", "and before that?")
        assert second.wait(60) and second.reply and "5.6" in second.reply.plain()
        wrong = talk.ask(ADMIN, "nobody", "allergies?")
        assert wrong.wait(60) and wrong.reply is None and "no patient" in wrong.problem
        talk.clear()
        assert not talk.turns and wrong.stopped.is_set()

    def test_a_fault_is_a_sentence_without_the_record(self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
        def broken(*_: object) -> Iterator[AskEvent]:
            raise RuntimeError("Ness takes ramipril")

        monkeypatch.setattr("services.console.asking.ask", broken)
        turn = Conversation().ask(ADMIN, "ness", "allergies?")
        assert turn.wait(60) and "fault in the console" in turn.problem
        assert "Ness" not in caplog.text and "RuntimeError" in caplog.text


@pytest.mark.usefixtures("world")
class TestCitations:
    def test_a_quote_is_marked_where_it_was_quoted(self, world: System) -> None:
        version = world.repository.read("DocumentReference", "note").version
        start = NOTE.rindex("Denies chest pain.")
        opened, same = open_citation(ADMIN, "ness", address_of("DocumentReference/note", version, "content", (start, start + 18)))
        assert same and opened.passage
        assert opened.text[slice(*opened.passage)] == "Denies chest pain."
        assert opened.text[: opened.passage[0]].endswith("Continue ramipril. ")
        assert marked(answer("any chest pain?")) == "Denies chest pain."

    def test_an_element_is_marked_in_its_line(self) -> None:
        assert marked(answer("what medications does she take?")) == "Dose: One capsule in the morning"
        assert marked(answer("how old is she?")) == "birthDate: 04-Mar-1950"

    def test_a_source_that_changed_is_told_and_not_marked(self) -> None:
        opened, same = open_citation(ADMIN, "ness", "DocumentReference/note/_history/older#0-5")
        assert not same and opened.passage is None

    @pytest.mark.parametrize("place", ["9-3", "0-99999999", "5-5", "nosuch"])
    def test_a_place_that_is_not_there(self, place: str) -> None:
        opened, _ = open_citation(ADMIN, "ness", f"DocumentReference/note#{place}")
        start, end = opened.passage or (0, 0)
        assert 0 <= start <= end <= len(opened.text)

    @pytest.mark.parametrize(
        "address", ["", "x", "Observation/none", "Foo/1", "<script>", "Observation/k1#a b", "Patient/other", "../../etc"]
    )
    def test_an_address_that_names_nothing_of_this_patient(self, address: str) -> None:
        with pytest.raises(NotFound):
            open_citation(ADMIN, "ness", address)

    def test_a_source_of_another_patient(self) -> None:
        with pytest.raises(NotFound, match="not part of this patient"):
            open_citation(ADMIN, "other", "Observation/k1")


@pytest.mark.usefixtures("world")
class TestSeries:
    def test_values_with_their_range(self) -> None:
        series = answer("how has potassium changed?").series
        assert series and series.unit == "mmol/L" and series.left_out == 0
        assert [(p.value, p.side, p.range) for p in series.points] == [
            (4.1, "", "3.5–5.1"), (5.6, "above", "3.5–5.1"), (5.9, "above", "3.5–5.1"),
        ]  # fmt: skip
        assert series.points[-1].date == "10-Jan-2026 08:30"
        assert series.told.endswith("2 outside the reference range.")

    def test_pressures_are_pairs(self) -> None:
        series = answer("how has the blood pressure changed?").series
        assert series and series.unit == "mmHg"
        assert [(p.value, p.second) for p in series.points] == [(158, 94), (132, 80)]

    def test_one_value_is_no_series(self) -> None:
        assert answer("latest weight").series is None


@pytest.mark.usefixtures("world")
class TestSuggestions:
    def test_they_fit_the_record_and_can_be_answered(self) -> None:
        found = suggestions(ADMIN, "ness")
        assert found[0] == "How has hemoglobin A1c changed?" and found[1] == "How has potassium changed?"
        assert "What allergies are recorded?" in found and "Which vaccines were given?" not in found
        assert len(found) <= MOST and all(answer(q).answered for q in found)

    def test_an_empty_record_has_none(self) -> None:
        assert suggestions(ADMIN, "blank") == []
        with pytest.raises(PatientNotFound):
            suggestions(ADMIN, "nobody")


class TestFeedback:
    def test_the_last_verdict_stands(self, world: System) -> None:
        reply = answer("latest potassium")
        item = feedback.item_of(reply, "ness")
        feedback.give(ADMIN, item, "helpful")
        feedback.give(ADMIN, item, "not helpful", "Incomplete", " no trend ")
        assert feedback.given(ADMIN, [item]) == {item.key: "not helpful"}
        rows = world.database.connection().execute(
            "SELECT user, patient, about, bot, evidence, verdict, reason, comment FROM feedback WHERE output=?", (reply.id,)
        ).fetchall()  # fmt: skip
        version = world.repository.read("Observation", "k3").version
        cited = [{"reference": "Observation/k3", "version": version}]
        assert len(rows) == 1
        user, patient, question, kind, citations, *given = rows[0]
        assert (user, patient, question, kind) == (ADMIN.reference, "ness", "latest potassium", "answers")
        assert json.loads(citations) == cited and given == ["not helpful", "Incomplete", "no trend"]

    def test_two_people_two_verdicts(self, world: System) -> None:
        reply = answer("latest potassium")
        second = Principal("reader", "user", "Rae Reader", "read-only")
        feedback.give(ADMIN, feedback.item_of(reply, "ness"), "helpful")
        feedback.give(second, feedback.item_of(reply, "ness"), "not helpful")
        count = world.database.connection().execute("SELECT COUNT(*) FROM feedback WHERE output=?", (reply.id,)).fetchone()
        assert count[0] == 2

    @pytest.mark.usefixtures("world")
    def test_what_is_refused(self) -> None:
        reply = answer("latest potassium")
        for reason, comment in (("Because", ""), ("Wrong", "x" * (feedback.MOST_CHARS + 1))):
            with pytest.raises(FabricError):
                feedback.give(ADMIN, feedback.item_of(reply, "ness"), "not helpful", reason, comment)


FIRST = "The latest potassium was 5.9 mmol/L. [1] "
WRONG = "The potassium was 3.2 mmol/L. [1] "
HELD = "It was high. [1]"


@pytest.fixture
def model(tmp_path: Path) -> Iterator[Faults]:
    """A system whose questions a scripted model inside the clinic words."""
    server = Faults()
    config = tmp_path / "llm.toml"
    config.write_text(f'[upstreams.ward]\nurl = "{server.url}/v1"\nmodel = "tiny"\ninside_clinic = true\n')
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FABRIC_LLM_CONFIG", str(config))
        patch.setenv("FABRIC_LLM_RETRIES", "0")
        for held in open_system(tmp_path / "data", patch):
            put(held, *RECORD)
            yield server
    server.stop()


class TestModel:
    def test_checked_sentences_and_refused_ones(self, model: Faults) -> None:
        model.script = [streams([piece(FIRST), piece(WRONG), piece("", "stop"), USAGE, b"[DONE]"])]
        events = list(ask(ADMIN, "ness", "latest potassium"))
        assert events[0].kind == "status" and events[-1].kind == "done"
        assert "5.9 mmol/L" in "".join(e.text for e in events if e.kind == "delta")
        reply = events[-1].reply
        assert reply and reply.label == "Worded by tiny, checked" and not reply.notice
        assert reply.sentences[0][1] and "3.2" not in " ".join(text for text, _ in reply.sentences)
        assert len(reply.dropped) == 1 and "3.2" in reply.dropped[0][0] and reply.dropped[0][1]

    def test_stop_leaves_the_records_own_answer(self, model: Faults) -> None:
        model.script = [streams([piece(FIRST), piece(WRONG), piece(HELD)], then=Talk.hold)]
        turn = Conversation().ask(ADMIN, "ness", "latest potassium")
        assert model.arrived.wait(60) and not turn.wait(0)
        turn.stop()
        assert turn.wait(60) and turn.reply
        assert turn.reply.kind == "computed" and "Stopped" in turn.reply.notice
        assert "5.9 mmol/L" in turn.reply.sentences[0][0]

    def test_a_model_that_is_down_is_told(self, model: Faults) -> None:
        model.script = [answers({"error": {"message": "x"}}, 500)]
        *_, last = ask(ADMIN, "ness", "latest potassium")
        assert last.reply and last.reply.kind == "computed" and "This is the record's own answer." in last.reply.notice


@pytest.mark.usefixtures("world")
def test_stopped_before_it_began_is_still_answered_from_the_record() -> None:
    cancel = threading.Event()
    cancel.set()
    *_, last = ask(ADMIN, "ness", "latest potassium", (), cancel)
    assert last.reply and "5.9" in last.reply.plain()
