"""A small record with everything that answers can go wrong on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.accounts.roles import Principal
from services.bots.context import Context
from services.bots.rag_pipeline.handler import handle
from services.runtime.system import System
from services.settings import Settings
from tests.index.conftest import condition, note, patient, result

CLINICIAN = Principal("c1", "user", "Casey Clinician", "clinician")
AS_OF = "2026-06-30"


def order(order_id: str, text: str, rxnorm: str, day: str, status: str = "active", **more: Any) -> dict:
    dose = more.pop("dose", None)
    resource: dict[str, Any] = {
        "resourceType": "MedicationRequest",
        "id": order_id,
        "status": status,
        "intent": "order",
        "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": {
            "coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": rxnorm}],
            "text": text,
        },
        "authoredOn": day,
        **more,
    }
    if dose:
        resource["dosageInstruction"] = [
            {
                "text": dose[0],
                "doseAndRate": [{"doseQuantity": {"value": dose[1], "unit": "mg", "code": "mg"}}],
            }
        ]
    return resource


RECORD: list[dict] = [
    patient() | {"birthDate": "1960-04-02", "gender": "female", "telecom": [{"system": "phone", "value": "555-0199"}]},
    patient("p2", "Other"),
    result("k1", "Potassium", "2823-3", 4.1, "mmol/L", "2024-03-01"),
    result("k2", "Potassium", "2823-3", 5.9, "mmol/L", "2025-11-10T08:00:00Z"),
    result("k3", "Potassium", "2823-3", 4.4, "mmol/L", "2026-05-02"),
    result("kwrong", "Potassium", "2823-3", 9.9, "mmol/L", "2026-06-01") | {"status": "entered-in-error"},
    result("kother", "Potassium", "2823-3", 7.7, "mmol/L", "2026-06-02", "p2"),
    result("a1", "Hemoglobin A1c", "4548-4", 8.2, "%", "2025-07-01"),
    result("a2", "Hemoglobin A1c", "4548-4", 7.1, "%", "2026-05-02"),
    condition("dm", "Type 2 diabetes mellitus") | {"onsetDateTime": "2020-06-30"},
    condition("pna", "Pneumonia", status="resolved") | {"onsetDateTime": "2025-01-10", "abatementDateTime": "2025-02-01"},
    order("met1", "Metformin 500 mg tablet", "6809", "2020-07-01", "stopped", dose=("1 tablet twice daily", 500),
          statusReason={"text": "Dose increased"}),
    order("met2", "Metformin 1000 mg tablet", "6809", "2024-02-01", dose=("1 tablet twice daily", 1000)),
    order("war", "Warfarin 5 mg tablet", "11289", "2021-01-01", "stopped", statusReason={"text": "Bleeding"}),
    order("amo", "Amoxicillin 500 mg capsule", "723", "2026-01-01", "cancelled"),
    {"resourceType": "AllergyIntolerance", "id": "pen", "patient": {"reference": "Patient/p1"}, "code": {"text": "Penicillin"},
     "clinicalStatus": {"coding": [{"code": "active"}]}, "reaction": [{"manifestation": [{"text": "Hives"}]}]},
    {"resourceType": "Encounter", "id": "ed", "status": "finished", "class": {"code": "EMER"}, "subject": {"reference": "Patient/p1"},
     "type": [{"text": "Emergency department visit"}], "period": {"start": "2025-11-10T07:00:00Z", "end": "2025-11-10T11:00:00Z"},
     "reasonCode": [{"text": "Palpitations"}]},
    {"resourceType": "Procedure", "id": "col", "status": "not-done", "subject": {"reference": "Patient/p1"},
     "code": {"text": "Colonoscopy"}, "performedDateTime": "2025-05-05", "statusReason": {"text": "Preparation inadequate"}},
    {"resourceType": "Immunization", "id": "flu", "status": "completed", "patient": {"reference": "Patient/p1"},
     "vaccineCode": {"text": "Influenza vaccine"}, "occurrenceDateTime": "2024-10-03"},
    note("n1", "ASSESSMENT:\nDenies chest pain. No evidence of\nPE on the scan. Mother had breast cancer at 60.\nLives with a cat.", "2026-05-02"),
]  # fmt: skip


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., System]]:
    """A system with the record in it, by settings."""
    made: list[System] = []

    def build(resources: list[dict] = RECORD, **settings: Any) -> System:
        system = System(Settings.model_validate({"data_dir": tmp_path / "data", "demo": False, **settings}))
        system.repository.write_many(resources)
        made.append(system)
        return system

    yield build
    for system in made:
        system.stop()


@pytest.fixture
def context(make: Callable[..., System]) -> Context:
    return make().context(CLINICIAN)


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[list[dict]], Context]]:
    """A system with a record that no test changes, for all questions of a module."""
    made: list[System] = []

    def build(resources: list[dict]) -> Context:
        system = System(Settings.model_validate({"data_dir": tmp_path_factory.mktemp("data"), "demo": False}))
        system.repository.write_many(resources)
        made.append(system)
        return system.context(CLINICIAN)

    yield build
    for system in made:
        system.stop()


@pytest.fixture(scope="module")
def ask(stand: Callable[[list[dict]], Context]) -> Callable[..., dict]:
    """The bot's output for a question about p1."""
    context = stand(RECORD)

    def asked(question: str, **more: Any) -> dict:
        return handle(context, {"question": question, "patientId": "p1", "asOf": AS_OF, **more}).wire()

    return asked


@pytest.fixture(scope="module")
def told(stand: Callable[[list[dict]], Context], request: pytest.FixtureRequest) -> Callable[..., dict]:
    """The same about p1 of the module's own RECORD."""
    context = stand(request.module.RECORD)
    return lambda question: handle(context, {"question": question, "patientId": "p1", "asOf": AS_OF}).wire()
