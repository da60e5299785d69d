"""Billing: the work list, the codes of one encounter, and what people do with them."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from pages._within import asked
from services.runtime.system import System
from tests.console.world import put
from tests.pages.conftest import OPEN, said

NOTE = "ASSESSMENT AND PLAN:\n1. Hypertension: increase lisinopril to 40 mg.\n2. Sleep is <b>not</b> good.\n"
SHOWN = "class=fb-on>"  # a mark of what is chosen
ICD = "http://hl7.org/fhir/sid/icd-10-cm"


@pytest.fixture
def visit(world: System, request: pytest.FixtureRequest) -> Iterator[str]:
    """A finished encounter of a patient of the test's own, by its id."""
    name = f"v{abs(hash(request.node.name)) % 10**8}"
    patient, encounter = {"reference": f"Patient/{name}"}, {"reference": f"Encounter/{name}"}
    put(
        world,
        {"resourceType": "Patient", "id": name, "name": [{"family": "Berg", "given": ["<i>Ida</i>"]}], "gender": "female", "birthDate": "1960-02-03"},
        {"resourceType": "Encounter", "id": name, "status": "finished", "class": {"code": "AMB"}, "type": [{"text": f"Office visit {name}"}],
         "subject": patient, "period": {"start": "2026-05-12T09:00:00Z", "end": "2026-05-12T09:30:00Z"},
         "participant": [{"individual": {"reference": "Practitioner/d1", "display": "Dora Doe, MD"}}]},
        {"resourceType": "Condition", "id": name, "subject": patient, "encounter": encounter, "clinicalStatus": {"coding": [{"code": "active"}]},
         "code": {"text": "Essential hypertension", "coding": [{"system": ICD, "code": "I10"}]}},
        {"resourceType": "DocumentReference", "id": name, "status": "current", "subject": patient, "date": "2026-05-12T10:00:00Z",
         "type": {"text": "Progress note"}, "context": {"encounter": [encounter]},
         "content": [{"attachment": {"contentType": "text/plain", "data": base64.b64encode(NOTE.encode()).decode()}}]},
    )  # fmt: skip
    yield name
    for kind in ("DocumentReference", "Condition", "Encounter", "Patient"):
        world.repository.delete(kind, name)


def press(test: AppTest, label: str) -> AppTest:
    return next(b for b in test.button if b.label.startswith(label)).click().run()


def shown(open_page: OPEN, name: str, role: str = "clinician", **more: str) -> AppTest:
    return open_page("billing", role, patient=name, encounter=name, **more)


def test_the_work_list(open_page: OPEN, visit: str) -> None:
    words = said(open_page("billing", "clinician", **{"from": "2026-01-01"}))
    assert f"Office visit {visit}" in words and "BERG, &lt;i&gt;Ida" in words and "Essential (primary) hypertension" in words
    assert f"Office visit {visit}" not in said(open_page("billing", "clinician", **{"from": "2026-05-13"}))
    assert f"Office visit {visit}" not in said(open_page("billing", "clinician", **{"from": "2026-01-01", "class": "IMP"}))
    of_one = said(open_page("billing", "clinician", patient=visit))
    assert "Billing of this patient" in of_one and f"Office visit {visit}" in of_one
    odd = open_page("billing", "clinician", **{"from": "odd", "to": "", "state": "odd", "sheet": "-3", "clinician": "x"})
    assert "Billing" in said(odd)


def test_one_encounter_with_what_its_codes_rest_on(open_page: OPEN, visit: str) -> None:
    words = said(shown(open_page, visit, code="I10"))
    assert "Codes of 12-May-2026" in words and SHOWN in words and "&lt;b&gt;not&lt;/b&gt;" in words
    assert "First listed" in words and "Level of the visit" in words and "it decides" in words
    assert SHOWN not in said(shown(open_page, visit)) and SHOWN in said(shown(open_page, visit, code="risk"))


@pytest.mark.parametrize(("patient", "encounter", "words"), [
    ("marsh", "nothing", "no encounter nothing of this patient"), ("marsh", "", "Billing of this patient"), ("nobody", "x", "no such patient"),
    ("", "x", "no such patient"),
])  # fmt: skip
def test_wrong_addresses(open_page: OPEN, visit: str, patient: str, encounter: str, words: str) -> None:
    assert words in said(open_page("billing", "clinician", patient=patient, encounter=encounter))
    assert "of this patient" in said(open_page("billing", "clinician", patient="marsh", encounter=visit))


def test_changing_the_set(open_page: OPEN, visit: str) -> None:
    test = shown(open_page, visit)
    find = next(t for t in test.text_input if t.label == "Add a diagnosis")
    find.set_value("overweigt").run()
    assert any(b.label.startswith("E66.3") for b in test.button)
    find.set_value("E11.2").run()
    press(test, "E11.2 ")  # a category only leads further
    assert "E11.2" not in said(test)
    press(test, "E11.22")
    again = shown(open_page, visit)  # kept on the server
    assert "E11.22" in said(again) and "Changed by hand" in said(again)
    again.session_state["change-E11.22"] = True  # opened
    press(again.run(), "Move E11.22 up")
    press(again, "Remove I10")
    assert "Put back" in [b.label for b in again.button]
    press(again, "Put back")
    service = next(t for t in again.text_input if t.label == "Add a service by its code")
    service.set_value("xx").run()
    assert "five characters" in said(again)
    service.set_value("93000").run()
    assert "Electrocardiogram, tracing with interpretation" in said(again)
    again.session_state["change-93000"] = True  # opened
    again.run()
    units = next(n for n in again.number_input if "93000" in (n.key or ""))
    units.set_value(2).run()
    next(n for n in again.number_input if "93000" in (n.key or "")).set_value(3)  # and at once the button
    next(b for b in again.button if b.label == "Apply" and "93000" in (b.key or "")).click().run()
    assert "3 units" in said(again)
    press(again, "Start again")
    assert "As suggested" in said(again) and "93000" not in said(again)


def test_a_rule_is_to_be_looked_at_before_it_is_sent(open_page: OPEN, visit: str) -> None:
    test = shown(open_page, visit)
    for code in ("E11.9", "E10.9"):
        next(t for t in test.text_input if t.label == "Add a diagnosis").set_value(code).run()
        press(test, code)
    assert "An Excludes1 note keeps" in said(test)
    assert next(b for b in test.button if b.label.startswith("Send")).disabled
    test.checkbox[0].check().run()
    press(test, "Send")
    words = said(test)
    assert "the codes wait in the approval queue" in words and "Open the proposal" in words and not [b for b in test.button if b.label.startswith("Send")]
    proposal = said(open_page("approvals", "approver", patient=visit))
    assert "Billing codes: " in proposal and "E11.9" in proposal


def test_readers_look_only(open_page: OPEN, visit: str) -> None:
    test = shown(open_page, visit, "read-only")
    assert "I10" in said(test) and not [b for b in test.button if b.label.startswith(("Send", "Remove", "Move"))]
    assert not [t for t in test.text_input if t.label == "Add a diagnosis"]


def test_a_link_sets_known_parts_of_the_address_alone() -> None:
    assert asked("?patient=p&encounter=e&code=I10&token=x") == {"patient": "p", "encounter": "e", "code": "I10"}
    assert asked(None) == {} and asked(3) == {} and asked("?") == {}
