"""Questions as systems and ward rounds put them, over records as other systems write them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from services.accounts.roles import Principal
from services.bots.context import Context
from services.bots.rag_pipeline.handler import handle
from services.runtime.system import System
from services.settings import Settings

P = {"reference": "Patient/s1"}


def lab(number: int, name: str, value: float, unit: str, at: str, **more: Any) -> dict:
    return {"resourceType": "Observation", "id": f"o{number}", "status": "final", "code": {"coding": [{"code": name}], "text": name},
            "subject": P, "effectiveDateTime": at, "valueQuantity": {"value": value, "unit": unit, "code": unit}, **more}  # fmt: skip


def pressure(number: int, name: str, top: float, bottom: float, at: str) -> dict:
    parts = ((top, "8480-6", "Systolic Blood Pressure"), (bottom, "8462-4", "Diastolic Blood Pressure"))
    return {"resourceType": "Observation", "id": f"bp{number}", "status": "final", "subject": P, "effectiveDateTime": at,
            "code": {"text": name, "coding": [{"system": "http://loinc.org", "code": "85354-9"}]},
            "component": [{"code": {"text": t, "coding": [{"system": "http://loinc.org", "code": c}]},
                           "valueQuantity": {"value": v, "unit": "mm[Hg]", "code": "mm[Hg]"}} for v, c, t in parts]}  # fmt: skip


RECORD: list[dict] = [
    {"resourceType": "Patient", "id": "s1", "name": [{"family": "Doe", "given": ["Ann"]}], "birthDate": "1960-01-01", "gender": "female",
     "identifier": [{"type": {"coding": [{"code": "MR"}]}, "value": "S6534835"}, {"type": {"coding": [{"code": "SS"}]}, "value": "999-11-2222"}],
     "telecom": [{"system": "phone", "value": "555-0101"}], "address": [{"line": ["1 Elm St"], "city": "Granby"}]},
    lab(1, "MG", 1.4, "mg/dL", "2023-11-13T02:00:00+00:00"), lab(2, "K", 3.1, "mmol/L", "2023-11-13T03:00:00+00:00"),
    lab(3, "GLU", 191, "mg/dL", "2023-11-13T04:00:00+00:00"), lab(4, "GLU", 123, "mg/dL", "2023-11-12T20:00:00+00:00"),
    lab(5, "GLU", 99, "mg/dL", "2023-11-12T02:00:00+00:00"),
    pressure(1, "Blood Pressure", 140.5, 90, "2022-05-01"), pressure(2, "Blood pressure panel with all children optional", 132, 84, "2023-05-01"),
    {"resourceType": "Condition", "id": "c1", "subject": P, "code": {"text": "History of appendectomy"}, "onsetDateTime": "1986-01-10",
     "clinicalStatus": {"coding": [{"code": "active"}]}},
    {"resourceType": "Encounter", "id": "e1", "status": "finished", "class": {"code": "AMB"}, "type": [{"text": "Check up"}], "subject": P,
     "period": {"start": "2023-10-14T09:00:00Z", "end": "2023-10-14T10:00:00Z"},
     "participant": [{"individual": {"reference": "Practitioner/d1", "display": "Dr. Dora Doe"}}]},
]  # fmt: skip


@contextmanager
def opened(folder: Path, record: list[dict]) -> Iterator[Context]:
    system = System(Settings.model_validate({"data_dir": folder, "demo": False}))
    system.repository.write_many(record)
    yield system.context(Principal("c1", "user", "Casey Clinician", "clinician"))
    system.stop()


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    with opened(tmp_path_factory.mktemp("data"), RECORD) as made:
        yield made


def told(context: Context, question: str) -> tuple[str, Any]:
    asked = {"question": question, "patientId": "s1", "asOf": "2023-11-13T10:15:00+00:00"}
    output = handle(context, asked).wire()
    return output["answer"], (output.get("result") or {}).get("value")


@pytest.mark.parametrize(("question", "value"), [
    ("What's the most recent magnesium level of the patient S6534835 within last 24 hours?", 1.4),
    ("Check patient S6534835's most recent potassium level.", 3.1),
    ("What is the average CBG of the patient over the last 24 hours?", 157),
    ("What is the most recent CBG?", 191),
    ("How many days have passed since the patient's last encounter?", 30),
    ("days since last encounter", 30),
    ("What is the patient's MRN?", "S6534835"),
    ("SSN?", "999-11-2222"),
    ("What's the patient's phone number and address?", "555-0101; 1 Elm St, Granby"),
    ("What was the highest blood pressure?", "140.5/90 mmHg"),
    ("bp", "132/84 mmHg"),
    ("has the patient had an appendectomy?", True),
    ("has the patient had a cholecystectomy?", None),
    ("which provider saw the patient most recently?", "Dr. Dora Doe"),
    ("Are there any pending labs?", False),
    ("How many results are still outstanding?", 0),
])  # fmt: skip
def test_a_question_and_its_value(context: Context, question: str, value: Any) -> None:
    assert told(context, question)[1] == value


def test_a_number_of_years_is_nobody_else(context: Context) -> None:
    answer, found = told(context, "What is the patient's 10-year trend in blood pressure?")
    assert found["direction"] == "falling" and "somebody other" not in answer


def test_what_is_awaited(context: Context) -> None:
    awaited = [
        lab(7, "Sodium", 1, "mmol/L", "2023-11-13T09:00:00+00:00", status="registered", valueQuantity=None),
        {"resourceType": "ServiceRequest", "id": "r1", "status": "active", "intent": "order", "subject": P, "code": {"text": "TSH"},
         "authoredOn": "2023-11-12"},
        {"resourceType": "ServiceRequest", "id": "r2", "status": "active", "intent": "order", "subject": P, "code": {"text": "Magnesium"},
         "authoredOn": "2023-11-12"},
    ]  # fmt: skip
    context.repository.write_many([{k: v for k, v in r.items() if v is not None} for r in awaited])
    answer, found = told(context, "Any pending labs?")
    assert (
        found is True and "Sodium" in answer and "TSH" in answer and "Magnesium" not in answer
    )  # its result has come
    assert told(context, "how many tests are pending?")[1] == 2


STAY: list[dict] = [
    {"resourceType": "Encounter", "id": "e2", "status": "finished", "class": {"code": "IMP"}, "subject": P, "reasonCode": [{"text": "Sepsis"}],
     "period": {"start": "2021-03-02T09:00:00Z", "end": "2021-03-05T10:00:00Z"}},
    {"resourceType": "MedicationRequest", "id": "m1", "status": "active", "intent": "order", "subject": P, "authoredOn": "2021-03-02",
     "medicationCodeableConcept": {"text": "Enoxaparin"}, "encounter": {"reference": "Encounter/e2"}, "category": [{"coding": [
         {"system": "http://terminology.hl7.org/CodeSystem/medicationrequest-category", "code": "inpatient"}]}]},
    {"resourceType": "Procedure", "id": "x1", "status": "completed", "subject": P, "performedDateTime": "2021-03-02",
     "code": {"text": "NPO: Nothing by mouth pending endoscopy"}},
    RECORD[0],
]  # fmt: skip


@pytest.fixture
def stayed(tmp_path: Path) -> Iterator[Context]:
    with opened(tmp_path / "data", STAY) as made:
        yield made


def test_what_was_only_prepared_for_was_not_done(stayed: Context) -> None:
    assert told(stayed, "Did she have an endoscopy?")[1] is False


def test_an_order_of_a_stay_that_is_over_is_said_to_be_one(stayed: Context) -> None:
    answer, _ = told(stayed, "What medications is she on?")
    assert "Enoxaparin (ordered on 02-Mar-2021 for a hospital stay that ended on 05-Mar-2021)" in answer


def test_a_reason_is_said_once(stayed: Context) -> None:
    answer, value = told(stayed, "Why was she admitted?")
    assert value == "Sepsis" and answer.count("Sepsis") == 1
