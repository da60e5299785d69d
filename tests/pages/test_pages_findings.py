"""Findings: of one patient, as a work list, and what people do about them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from services.console import findings
from services.runtime.system import System
from tests.console.world import put
from tests.pages.conftest import OPEN, said

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


def test_a_patients_findings_name_their_source(open_page: OPEN, potassium: str) -> None:
    test = open_page("findings", "clinician", patient=potassium)
    shown = said(test)
    assert "Critically high potassium: 6.7 mmol/L" in shown and "HL7 v3 ObservationInterpretation" in shown
    assert "Preventive care" in {e.label.partition(" (")[0] for e in test.expander}
    assert "Not for this patient" in shown  # the rules that were judged, too
    reader = open_page("findings", "read-only", patient=potassium)
    assert "Critically high" in said(reader) and not [
        b for b in reader.button if b.label.startswith("Accept")
    ]
    assert "There is no such patient" in said(open_page("findings", "clinician", patient="nobody"))


def test_dismissing_takes_a_reason_and_can_be_undone(open_page: OPEN, potassium: str) -> None:
    test = open_page("findings", "clinician", patient=potassium)
    key = next(b.key for b in test.button if b.label == "Accept: propose it").removeprefix("accept-")
    assert next(b for b in test.button if b.key == f"dismissed-{key}").disabled
    next(s for s in test.selectbox if s.key == f"why-{key}").set_value("known").run()
    next(b for b in test.button if b.key == f"dismissed-{key}").click().run()
    assert "dismissed" in said(test)
    again = open_page("findings", "clinician", patient=potassium)
    assert f"accept-{key}" not in {b.key for b in again.button} and "Known, and dealt with" in said(again)
    next(b for b in again.button if b.key == f"reopen-{key}").click().run()
    assert f"accept-{key}" in {b.key for b in again.button}


def test_accepting_sends_it_to_the_queue(open_page: OPEN, world: System, potassium: str) -> None:
    test = open_page("findings", "clinician", patient=potassium)
    press(test, "Accept: propose it")
    assert "waits in the approval queue" in said(test)
    assert "Flag a result" in said(open_page("approvals", "approver", patient=potassium))


def test_the_work_list_is_of_all_patients(open_page: OPEN, world: System, potassium: str) -> None:
    while world.analyst.step() is not None:
        pass
    shown = said(open_page("findings", "clinician"))
    assert "LIND, Eva" in shown and "Critically high potassium" in shown
    assert "LIND, Eva" not in said(open_page("findings", "clinician", kind="diagnosis"))
    assert "LIND, Eva" in said(open_page("findings", "clinician", kind="odd", risk="odd"))
    assert not findings.behind()
