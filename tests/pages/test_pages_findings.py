"""Findings: of one patient, as a work list, and what people do about them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from services.console import findings
from services.runtime.system import System
from tests.console.world import put
from tests.pages.conftest import OPEN, said
from tests.pages.test_pages_approvals import propose

PERSON = {
    "resourceType": "Patient",
    "id": "lind",
    "name": [{"family": "Lind", "given": ["Eva"]}],
    "gender": "female",
    "birthDate": "1950-01-01",
}


@pytest.fixture
def potassium(world: System) -> Iterator[str]:
    """A critical potassium of a patient of the test's own; its finding is open."""
    put(world, PERSON)
    held = world.repository.read("Observation", "potassium").resource
    put(
        world,
        {**held, "id": "linds", "subject": {"reference": "Patient/lind"}, "note": [{"text": str(id(held))}]},
    )
    yield "lind"
    for kind, name in (("Observation", "linds"), ("Patient", "lind")):
        world.repository.delete(kind, name)


def press(test: AppTest, label: str) -> AppTest:
    return next(b for b in test.button if b.label == label).click().run()


def unfold(test: AppTest, key: str) -> AppTest:
    """What is made only when somebody opens it."""
    test.session_state[key] = True
    return test.run()


def test_a_patients_findings_name_their_source(open_page: OPEN, potassium: str) -> None:
    test = open_page("findings", "clinician", patient=potassium)
    shown = said(test)
    assert "Critically high potassium: 6.7 mmol/L" in shown and "HL7 v3 ObservationInterpretation" in shown
    assert "Preventive care" in {e.label.partition(" (")[0] for e in test.expander}
    assert "Not for this patient" in said(unfold(test, "rules"))  # the rules that were judged, too
    reader = open_page("findings", "read-only", patient=potassium)
    assert "Critically high" in said(reader) and not [
        b for b in reader.button if b.label.startswith("Accept")
    ]
    assert "There is no such patient" in said(open_page("findings", "clinician", patient="nobody"))


def test_dismissing_takes_a_reason_and_can_be_undone(open_page: OPEN, potassium: str) -> None:
    test = open_page("findings", "clinician", patient=potassium)
    key = next(b.key for b in test.button if b.label == "Accept: propose it").removeprefix("accept-")
    unfold(test, f"dismiss-{key}")
    assert next(b for b in test.button if b.key == f"dismissed-{key}").disabled
    next(s for s in test.selectbox if s.key == f"why-{key}").set_value("known").run()
    next(t for t in test.text_input if t.key == f"words-{key}").set_value("seen at the ward")
    next(b for b in test.button if b.key == f"dismissed-{key}").click().run()
    assert "dismissed" in said(test)
    again = unfold(open_page("findings", "clinician", patient=potassium), "decided")
    assert f"accept-{key}" not in {b.key for b in again.button} and "Known, and dealt with: seen at the ward" in said(again)
    next(b for b in again.button if b.key == f"reopen-{key}").click().run()
    assert f"accept-{key}" in {b.key for b in again.button}


def test_accepting_sends_it_to_the_queue(open_page: OPEN, world: System, potassium: str) -> None:
    test = open_page("findings", "clinician", patient=potassium)
    press(test, "Accept: propose it")
    assert "waits in the approval queue" in said(test)
    assert "Flag a result" in said(open_page("approvals", "approver", patient=potassium))


def test_what_waits_already_is_not_proposed_twice(open_page: OPEN, world: System, potassium: str) -> None:
    def waiting() -> set[str]:
        found = world.repository.search("Task", [("patient", f"Patient/{potassium}"), ("status", "requested")])
        return {task.id for task in found.matches}

    propose(world, patientId=potassium, observationId="linds")
    before = waiting()
    test = open_page("findings", "clinician", patient=potassium)
    press(test, "Accept: propose it")
    assert "waits for a decision" in said(test) and any(f"/approvals?task={task}" in said(test) for task in before)
    assert "Accept: propose it" in {b.label for b in test.button}  # nothing was decided
    assert waiting() == before


def test_the_work_list_is_of_all_patients(open_page: OPEN, world: System, potassium: str) -> None:
    while world.analyst.step() is not None:
        pass
    shown = said(open_page("findings", "clinician"))
    assert "LIND, Eva" in shown and "Critically high potassium" in shown
    assert "LIND, Eva" not in said(open_page("findings", "clinician", kind="diagnosis"))
    assert "LIND, Eva" in said(open_page("findings", "clinician", kind="odd", risk="odd"))
    assert not findings.behind()


def test_what_a_model_says_is_marked_and_kept_for_the_session(
    open_page: OPEN, potassium: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bot's tests have a model behind the router; here it has answered."""
    asked = []

    def comment(_: object, patient: str, found: findings.Findings) -> findings.Told:
        asked.append(patient)
        flag = found.open[0].finding
        said = findings.Said("Potassium is 6.7 mmol/L.", flag.evidence)
        return findings.Told(
            "tiny", {flag.key: [said]}, [], [findings.Proposed("E27.1", "Adrenal <b>", said)], ["Left out: “<i>”"]
        )

    monkeypatch.setattr(findings, "model_there", lambda: True)
    monkeypatch.setattr(findings, "comment", comment)
    test = open_page("findings", "clinician", patient=potassium)
    assert "AI-generated" not in said(test)
    test = press(test, "Ask the model to comment")
    shown = said(test)
    assert "The model’s comment" in shown and "AI-generated, checked against the record" in shown
    assert "Adrenal &lt;b&gt; (E27.1)" in shown and "&lt;i&gt;" in shown and "None of them is proposed" in shown
    assert not [b for b in test.button if b.label == "Ask the model to comment"]
    assert said(test.run()).count("Potassium is 6.7 mmol/L.") == 2 and asked == [potassium]
