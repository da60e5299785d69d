"""What the AI showed, kept, opened and computed again from the record as it was; and the figures made of it."""

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.accounts.roles import ROLES, Principal
from services.console import evaluation, feedback, findings, replaying, replaying_kept
from services.console.asking import ask
from services.console.evaluation import Share, evaluate, period
from services.console.evaluation_events import percentiles
from services.console.replaying_past import Past
from services.console.replies import Reply
from services.errors import FabricError, Forbidden, InvalidInput, NotFound
from services.fhir.database import Database
from services.runtime.system import System
from tests.conftest import condition, observation, patient
from tests.console.world import ADMIN, open_system, put

POTASSIUM = {"coding": [{"system": "http://loinc.org", "code": "2823-3"}], "text": "Potassium"}
UNIT = {"unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"}


def potassium(resource_id: str, value: float, day: str) -> dict:
    return observation(resource_id, "p1", code=POTASSIUM, effectiveDateTime=day, valueQuantity={"value": value, **UNIT})


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[System]:
    for held in open_system(tmp_path, monkeypatch):
        put(held, patient("p1", name=[{"family": "Marsh"}], birthDate="1950-01-01", gender="female"), patient("p2"),
            potassium("k1", 4.2, "2025-01-10"), potassium("k2", 6.8, "2026-01-10"),
            condition("c1", "p1", "Type 2 diabetes mellitus", "E11.9"))  # fmt: skip
        yield held


def answer(question: str) -> Reply:
    return next(event.reply for event in ask(ADMIN, "p1", question) if event.reply)


def test_an_answer_is_kept_without_its_words(world: System) -> None:
    reply = answer("latest potassium")
    shown = replaying.opened(ADMIN, reply.id)
    assert (shown.output.bot, shown.asked, shown.output.model, shown.output.words) == ("answers", "latest potassium", "record", None)
    assert [(c.reference, c.version, c.since) for c in shown.evidence] == [("Observation/k2", world.repository.read("Observation", "k2").version, "")]
    told = "SELECT input, evidence, model, prompt_hash, result_hash, hashes, words, found, trouble FROM ai_output"  # its times may read 6.8
    row = " ".join(map(str, world.database.connection().execute(told).fetchone()))
    assert "6.8" not in row


def test_the_same_again_whatever_became_of_the_record(world: System) -> None:
    reply = answer("latest potassium")
    assert replaying.again(ADMIN, reply.id).equal
    put(world, potassium("k3", 5.0, "2026-03-01"), potassium("k2", 3.9, "2026-01-10"))
    assert "01-Mar-2026" in answer("latest potassium").sentences[0][0]
    found = replaying.again(ADMIN, reply.id)
    assert found.equal and "6.8" in found.lines[0][0]
    assert replaying.opened(ADMIN, reply.id).evidence[0].since == "changed"
    world.repository.delete("Observation", "k2")
    assert replaying.again(ADMIN, reply.id).equal
    assert replaying.opened(ADMIN, reply.id).evidence[0].since == "deleted"


def test_another_result_is_told_line_by_line(world: System) -> None:
    reply = answer("latest potassium")
    with world.database.write() as connection:
        connection.execute("UPDATE ai_output SET hashes=? WHERE id=?", (json.dumps([replaying_kept.digest("Another line.")]), reply.id))
    found = replaying.again(ADMIN, reply.id)
    assert not found.equal and [mark for _, mark in found.lines] == ["new", "gone"]
    assert "words were not kept" in found.lines[1][0]


def test_the_words_of_a_model_are_kept(world: System) -> None:
    made = replaying_kept.keep(ADMIN, "answers", "p1", {"question": "q", "patientId": "p1"}, ["Worded."], [], at=replaying_kept.now(),
                               model="some-model", prompt="Word it.")  # fmt: skip
    output = replaying.opened(ADMIN, made).output
    assert (output.words, output.model, len(output.prompt_hash)) == (("Worded.",), "some-model", 24)
    found = replaying.again(ADMIN, made)
    assert ("Worded.", "gone") in found.lines and "No model had a part this time" in found.note


def test_findings_are_kept_once_and_computed_again(world: System) -> None:
    first = replaying.keep_findings(ADMIN, "p1", findings.of_patient(ADMIN, "p1"))
    assert replaying.keep_findings(ADMIN, "p1", findings.of_patient(ADMIN, "p1")) == first
    assert replaying.again(ADMIN, first).equal
    put(world, potassium("k2", 4.0, "2026-01-10"))
    second = replaying.keep_findings(ADMIN, "p1", findings.of_patient(ADMIN, "p1"))
    assert second != first
    assert replaying.again(ADMIN, first).equal and replaying.again(ADMIN, second).equal


def test_the_past_holds_what_was_deleted_and_not_what_came_later(world: System) -> None:
    moment = replaying_kept.now()
    before = {s.reference: s.version for s in world.repository.compartment("p1")}
    while replaying_kept.now() == moment:  # what happens within one millisecond has no order
        pass
    world.repository.delete("Condition", "c1")
    put(world, potassium("k9", 5.5, "2026-02-01"), {**potassium("k1", 4.2, "2025-01-10"), "subject": {"reference": "Patient/p2"}})
    past = Past(world.repository, moment)
    assert {s.reference: s.version for s in past.compartment("p1")} == before
    assert past.find("Observation/k9") is None and past.find("Condition/c1") is not None
    assert {s.id for s in past.search("Observation", [("patient", "Patient/p2")]).matches} == {"k1"}
    with pytest.raises(NotFound):
        past.read("Observation", "k9")


def test_who_may_open_what(world: System) -> None:
    reply = answer("latest potassium")
    for role in ROLES:
        who = Principal("x", "user", "X", role)
        if role in ("administrator", "approver"):
            assert replaying.opened(who, reply.id)
        else:
            for call in (replaying.opened, replaying.again):
                with pytest.raises(Forbidden):
                    call(who, reply.id)
    with pytest.raises(NotFound):
        replaying.opened(ADMIN, "nothing")


def test_a_draft_is_opened_and_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from services.bots.documentation_assistant.handler import handle
    from tests.bots.documentation.conftest import AS_OF, resources

    for held in open_system(tmp_path / "notes", monkeypatch):
        held.repository.write_many(resources())
        asked = {"patientId": "p1", "encounterId": "v1", "documentationType": "progress", "saveDraft": True, "asOf": AS_OF}
        note = str(handle(held.context(ADMIN), asked).draft_id)
        shown = replaying.opened(ADMIN, note)
        assert shown.output.bot == "drafts" and shown.output.words and shown.evidence
        put(held, {"resourceType": "Observation", "id": "late", "status": "final", "code": POTASSIUM, "subject": {"reference": "Patient/p1"},
                   "encounter": {"reference": "Encounter/v1"}, "effectiveDateTime": AS_OF, "valueQuantity": {"value": 7.7, **UNIT}})  # fmt: skip
        assert replaying.again(ADMIN, note).equal


# Verdicts


def test_verdicts_of_before_are_among_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Database(tmp_path / "record.sqlite")
    held.migrate("answer_feedback", [feedback._STEPS[0]])
    with held.write() as connection:
        connection.execute("INSERT INTO answer_feedback VALUES('a1','Practitioner/x','p1','how?','computed','[]','not helpful','Wrong','no','2026-01-02T03:04:05+00:00')")
    held.close()
    for _ in open_system(tmp_path, monkeypatch):
        given = feedback.of_output("a1")
        assert [(g.bot, g.about, g.verdict, g.reason, g.comment) for g in given] == [("answers", "how?", "not helpful", "Wrong", "no")]
        with pytest.raises(sqlite3.OperationalError):
            feedback.database().connection().execute("SELECT * FROM answer_feedback")


def test_verdicts_on_parts_of_an_output(world: System) -> None:
    found = findings.of_patient(ADMIN, "p1")
    shown = replaying.keep_findings(ADMIN, "p1", found)
    items = [feedback.item_of_finding("p1", shown, line.finding) for line in found.open[:2]]
    feedback.give(ADMIN, items[0], "helpful")
    feedback.give(ADMIN, items[1], "not helpful", "Not relevant")
    assert feedback.given(ADMIN, items) == {items[0].key: "helpful", items[1].key: "not helpful"}
    evidence = world.database.connection().execute("SELECT evidence FROM feedback WHERE item=?", (items[0].item,)).fetchone()[0]
    assert all(set(e) == {"reference", "version"} and e["version"] for e in json.loads(evidence))


# Figures


def test_figures(world: System) -> None:
    found, missed = answer("latest potassium"), answer("what is the ferritin?")
    feedback.give(ADMIN, feedback.item_of(found, "p1"), "helpful")
    feedback.give(ADMIN, feedback.item_of(missed, "p1"), "not helpful", "Incomplete")
    replaying_kept.keep_override("findings", "r", "dismiss", "benefit")
    replaying_kept.keep_override("findings", "r", "accept", "")
    replaying_kept.keep_edit("billing", "o", ["E11.9", "I10"], ["E11.9", "Z79.4", "R73.9"])
    for outcome in ("0", "0", "4"):
        world.audit.write("llm_response", outcome=outcome)
    made = evaluate(ADMIN, period(7))
    assert made.models == Share(1, 3)
    answers = next(b for b in made.bots if b.bot == "answers")
    assert (answers.outputs, answers.nothing, answers.helpful) == (2, Share(1, 2), Share(1, 2))
    assert answers.p50 and answers.p95 and answers.p50 <= answers.p95
    assert (made.overrides, made.override_reasons) == (Share(1, 2), (("The benefit outweighs the risk", 1),))
    assert (made.edits.dropped, made.edits.added, made.edits.sent) == (Share(1, 2), 2, 1)
    assert made.feedback_reasons == (("Incomplete", 1),)
    week = made.weeks[-1]
    assert (week.shown, week.helpful, week.unhelpful, week.nothing) == (2, 1, 1, 1)
    assert dt.date.fromisoformat(week.start).weekday() == 0
    assert [o.id for o in replaying_kept.listed(made.period.since, made.period.until, "answers", missed=True)] == [missed.id]
    before = evaluate(ADMIN, period(7, dt.date(2020, 1, 7)))
    assert before.bots[0].outputs == 0 and before.weeks[0].shown == 0 and str(before.overrides) == "– (0)"


def test_proposals_by_what_became_of_them(world: System) -> None:
    from services.commands.journal import Journal

    Journal(world.database)
    now = dt.datetime.now(dt.UTC).timestamp()
    rows = [("1", "executed"), ("2", "executed"), ("3", "rejected"), ("4", "queued"), ("5", "expired")]
    with world.database.write() as connection:
        for number, state in rows:
            connection.execute(
                "INSERT INTO command(id, hash, kind, patient, requester, confidence, state, task, result, at) VALUES(?,'h','FlagAbnormalResult','p1','x',0.9,?,?,'{}',?)",
                (number, state, number, now),
            )
    decided = evaluate(ADMIN, period(1)).decided
    assert [(d.title, d.approved, d.rejected, d.expired, d.waiting) for d in decided] == [("Flag", Share(2, 3), 1, 1, 1)]


def test_sentences_that_a_person_changed(world: System, monkeypatch: pytest.MonkeyPatch) -> None:
    from services.bots.documentation_assistant.body import Body, to_extension
    from services.bots.documentation_assistant.model import Line, Section

    def note(*lines: Line, status: str) -> dict:
        body = Body("Note", False, (), (Section("plan", "Plan", "plan", list(lines)),), {"x": 1})
        return {"resourceType": "DocumentReference", "id": "n1", "status": "current", "docStatus": status, "subject": {"reference": "Patient/p1"},
                "extension": [to_extension(body, "")], "content": [{"attachment": {"contentType": "text/plain"}}]}  # fmt: skip

    put(world, note(Line("One."), Line("Two."), Line("Mine.", own=True), status="preliminary"))
    put(world, note(Line("One."), Line("Two, but otherwise.", by="Practitioner/x"), Line("Mine.", own=True), status="final"))
    made = evaluate(ADMIN, period(1)).edits
    assert (made.changed, made.notes) == (Share(1, 2), 1)


def test_who_may_see_figures_and_for_how_long(world: System) -> None:
    for role in ("clinician", "read-only"):
        with pytest.raises(Forbidden):
            evaluate(Principal("x", "user", "X", role), period())
    with pytest.raises(InvalidInput):
        period(evaluation.MOST_DAYS + 1)


@pytest.mark.parametrize(
    ("times", "expected"),
    [([], (None, None)), ([5.0], (5.0, 5.0)), ([1.0, 2.0, 3.0, 4.0], (2.0, 4.0)), ([float(n) for n in range(1, 101)], (50.0, 95.0))],
)
def test_percentiles(times: list[float], expected: tuple[float | None, float | None]) -> None:
    assert percentiles(times) == expected


def test_errors_are_sentences(world: System) -> None:
    made = replaying_kept.keep(ADMIN, "answers", "p2", {"question": "", "patientId": "p2"}, [], [], at=replaying_kept.now())
    with pytest.raises(FabricError):
        replaying.again(ADMIN, made)


def test_a_proposal_is_opened_and_not_computed(world: System) -> None:
    from services.commands.processor import process

    put(world, potassium("k2", 6.8, "2026-01-10"))
    proposed = {
        "commandId": "11111111-2222-4333-8444-555555555555", "command": "FlagAbnormalResult", "confidence": 0.9, "aiModel": "some-model",
        "createdAt": dt.datetime.now(dt.UTC).isoformat(), "patientId": "p1", "requiresApproval": True, "observationId": "k2", "severity": "critical",
        "interpretation": "Potassium is very high.",
    }  # fmt: skip
    told = process(world.desk, proposed, ADMIN, world.repository_for(ADMIN))
    task = world.repository.search("Task", []).matches[0]
    shown = replaying.opened(ADMIN, task.id)
    assert told["action"] == "queued" and shown.output.bot == "commands" and shown.output.model == "some-model"
    assert [(c.reference, c.since) for c in shown.evidence] == [("Observation/k2", "")]
    with pytest.raises(InvalidInput):
        replaying.again(ADMIN, task.id)
