"""What a discharge summary says of the drugs and orders of a stay: the ward's are not those for home."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from services.bots.context import Context
from services.bots.documentation_assistant.handler import handle
from services.runtime.system import System
from tests.bots.documentation.conftest import AS_OF, CLINICIAN, P1, RECORD, ordered, resources

STAY = {"reference": "Encounter/stay"}
CATEGORY = "http://terminology.hl7.org/CodeSystem/medicationrequest-category"


def order(drug: str, amount: float, dose: str, day: str, category: str, encounter: dict[str, str] = STAY, **more: Any) -> dict:
    made = ordered(drug, "", dose, day, category=[{"coding": [{"system": CATEGORY, "code": category}]}], encounter=encounter, **more)
    quantity = {"value": amount, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}
    return made | {"dosageInstruction": [{"text": dose, "doseAndRate": [{"doseQuantity": quantity}]}]}


def study(name: str, due: str) -> dict:
    return {"status": "active", "intent": "order", "subject": P1, "code": {"text": name}, "encounter": STAY, "authoredOn": "2025-12-01",
            "occurrenceDateTime": due}  # fmt: skip


MORE = {
    "MedicationRequest/iv": order("Nitroglycerin", 10, "10ug IV DRIP", "2025-12-01", "inpatient"),
    "MedicationRequest/t1": order("Ticagrelor", 180, "180 mg PO BID", "2025-12-01", "inpatient"),
    "MedicationRequest/t2": order("Ticagrelor", 90, "90 mg PO BID", "2025-12-02", "community", {"reference": "Encounter/clinic"}),
    "MedicationRequest/t3": order("Ticagrelor", 90, "90 mg PO BID", "2025-12-04", "discharge"),
    "MedicationRequest/s1": order("Atorvastatin", 10, "10 mg daily", "2025-12-01", "community"),
    "MedicationRequest/s2": order("Atorvastatin", 80, "80 mg daily", "2025-12-04", "discharge"),
    "MedicationRequest/a1": order("Amlodipine", 5, "5mg PO DAILY", "2025-12-01", "community"),
    "MedicationRequest/a2": order("Amlodipine", 5, "5 mg once daily", "2025-12-04", "discharge"),
    "Encounter/clinic": {"status": "finished", "class": {"code": "AMB"}, "subject": P1, "period": {"start": "2025-12-02", "end": "2025-12-02"}},
    "ServiceRequest/early": study("Coronary angiography", "2025-12-01"),
    "ServiceRequest/ahead": study("Echocardiography", "2026-01-10"),
}  # fmt: skip


@pytest.fixture
def sections(make: Callable[..., System]) -> dict[str, list[str]]:
    system = make(resources(RECORD | MORE))
    context: Context = system.context(CLINICIAN)
    asked = {"patientId": "p1", "encounterId": "stay", "documentationType": "discharge", "format": "soap", "asOf": AS_OF,
             "generate": False}  # fmt: skip
    found: dict[str, list[str]] = {}
    title = ""
    for line in handle(context, asked).wire()["content"].splitlines():
        if line.startswith("- "):
            found.setdefault(title, []).append(line[2:])
        elif line:
            title = line
    return found


def test_drugs_for_home_and_drugs_of_the_ward(sections: dict[str, list[str]]) -> None:
    home, ward = sections["Discharge medications"], sections["Also given or ordered in this visit"]
    assert "Started: Ticagrelor, 90 mg PO BID." in home
    assert "Changed in this visit: Atorvastatin, 80 mg daily; at first: Atorvastatin, 10 mg daily." in home
    assert "Continued since 01-Dec-2025: Amlodipine, 5 mg once daily." in home
    assert not any("Nitroglycerin" in line or "180 mg" in line for line in home)
    assert "Ordered for the ward: Nitroglycerin, 10 mcg IV DRIP; never marked as stopped." in ward
    assert "Ordered for the ward: Ticagrelor, 180 mg PO BID; never marked as stopped." in ward


def test_what_was_due_in_the_stay_is_no_follow_up(sections: dict[str, list[str]]) -> None:
    assert [line for line in sections["Follow-up"] if "Ordered" in line] == ["Ordered: Echocardiography, due 10-Jan-2026."]
    assert any("still open in the record: Coronary angiography, 01-Dec-2025" in line for line in sections["Pending results"])
