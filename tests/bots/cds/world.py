"""Small charts for the analyses, on a real record."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.bots.clinical_decision_support.analysis import Analysis, analyse
from services.chart.chart import Charts
from services.fhir.sqlite import SQLiteRepository

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"


def patient(**more: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": "p", "birthDate": "1966-02-03", "gender": "female", **more}


def result(
    code: str,
    name: str,
    value: float | None,
    unit: str,
    day: str = "2026-11-22",
    identity: str = "",
    **more: Any,
) -> dict[str, Any]:
    quantity = (
        {"valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit}}
        if value is not None
        else {}
    )
    return {"resourceType": "Observation", "id": identity or f"{code}-{day[:10]}-{len(day)}", "status": "final",
            "subject": {"reference": "Patient/p"}, "effectiveDateTime": day, **quantity,
            "code": {"text": name, "coding": [{"system": LOINC, "code": code}]}, **more}  # fmt: skip


def drug(name: str, identity: str = "", status: str = "active", **more: Any) -> dict[str, Any]:
    return {"resourceType": "MedicationRequest", "id": identity or name.split()[0].lower(), "status": status, "intent": "order",
            "subject": {"reference": "Patient/p"}, "authoredOn": "2026-06-01", "medicationCodeableConcept": {"text": name}, **more}  # fmt: skip


def problem(code: str, name: str, **more: Any) -> dict[str, Any]:
    active = {
        "coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]
    }
    return {"resourceType": "Condition", "id": code.lower().replace(".", ""), "subject": {"reference": "Patient/p"},
            "clinicalStatus": active, "onsetDateTime": "2020-01-01",
            "code": {"text": name, "coding": [{"system": ICD10, "code": code}]}, **more}  # fmt: skip


def allergy(name: str) -> dict[str, Any]:
    return {
        "resourceType": "AllergyIntolerance",
        "id": name.lower(),
        "patient": {"reference": "Patient/p"},
        "code": {"text": name},
    }


def analysed(
    record: SQLiteRepository, *resources: dict[str, Any], kinds: Any = ("critical", "interactions")
) -> Analysis:
    held = list(resources)
    if not any(r["resourceType"] == "Patient" for r in held):
        held.insert(0, patient())
    record.write_many(held)
    return analyse(record, Charts(), "p", kinds, NOW)
