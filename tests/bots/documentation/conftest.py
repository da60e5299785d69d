"""A record with one visit that a note can go wrong on, and one of somebody else."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.accounts.roles import Principal
from services.bots.context import Context
from services.bots.documentation_assistant.handler import handle
from services.runtime.system import System
from services.settings import Settings

CLINICIAN = Principal("c1", "user", "Casey Clinician", "clinician")
AS_OF = "2026-06-30"
P1, VISIT = {"reference": "Patient/p1"}, {"reference": "Encounter/v1"}
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"


def coded(text: str, system: str = "", code: str = "") -> dict[str, Any]:
    return {"text": text, **({"coding": [{"system": system, "code": code}]} if code else {})}


def result(
    name: str, loinc: str, value: float, unit: str, at: str, kind: str = "laboratory", **more: Any
) -> dict:
    return {
        "resourceType": "Observation", "status": "final", "subject": P1, "code": coded(name, "http://loinc.org", loinc),
        "category": [{"coding": [{"system": CATEGORY, "code": kind}]}], "effectiveDateTime": at,
        "valueQuantity": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}, **more,
    }  # fmt: skip


def ordered(drug: str, rxnorm: str, dose: str, at: str, status: str = "active", **more: Any) -> dict:
    return {
        "resourceType": "MedicationRequest", "status": status, "intent": "order", "subject": P1,
        "medicationCodeableConcept": coded(drug, RXNORM, rxnorm), "authoredOn": at, "dosageInstruction": [{"text": dose}], **more,
    }  # fmt: skip


def problem(text: str, icd: str, onset: str, status: str = "active", **more: Any) -> dict:
    return {
        "resourceType": "Condition", "subject": P1, "code": coded(text, "http://hl7.org/fhir/sid/icd-10-cm", icd),
        "clinicalStatus": {"coding": [{"code": status}]}, "onsetDateTime": onset, **more,
    }  # fmt: skip


def note(text: str, at: str, encounter: str | None = "v1", kind: str = "Progress note") -> dict:
    return {
        "resourceType": "DocumentReference", "status": "current", "subject": P1, "type": coded(kind), "date": at,
        "content": [{"attachment": {"contentType": "text/plain", "data": base64.b64encode(text.encode()).decode()}}],
        **({"context": {"encounter": [{"reference": f"Encounter/{encounter}"}]}} if encounter else {}),
    }  # fmt: skip


COPIED = "Discussed diet and daily weights at length with the patient and her daughter."
RANGE = [{"low": {"value": 3.5, "unit": "mmol/L"}, "high": {"value": 5.0, "unit": "mmol/L"}}]
RECORD: dict[str, dict] = {
    "Patient/p1": {"name": [{"family": "Doe", "given": ["Jane"]}], "birthDate": "1960-04-02", "gender": "female"},
    "Patient/p2": {"name": [{"family": "Other"}]},
    "Encounter/v1": {"status": "finished", "class": {"code": "AMB"}, "subject": P1, "type": [{"text": "Office visit"}],
                     "period": {"start": "2026-05-02T09:00:00Z", "end": "2026-05-02T10:00:00Z"}, "reasonCode": [{"text": "Tiredness"}],
                     "diagnosis": [{"condition": {"reference": "Condition/dm"}}]},
    "Encounter/v0": {"status": "finished", "class": {"code": "AMB"}, "subject": P1, "period": {"start": "2025-11-10", "end": "2025-11-10"}},
    "Encounter/stay": {"status": "finished", "class": {"code": "IMP"}, "subject": P1, "type": [{"text": "Hospital admission"}],
                       "period": {"start": "2025-12-01T09:00:00Z", "end": "2025-12-04T10:00:00Z"}, "reasonCode": [{"text": "Sepsis"}],
                       "hospitalization": {"dischargeDisposition": {"text": "Home"}}},
    "Encounter/other": {"status": "finished", "class": {"code": "AMB"}, "subject": {"reference": "Patient/p2"}},
    "Observation/k0": result("Potassium", "2823-3", 4.1, "mmol/L", "2025-11-10", encounter={"reference": "Encounter/v0"}),
    "Observation/k1": result("Potassium", "2823-3", 6.0, "mmol/L", "2026-05-02T09:20:00Z", encounter=VISIT, referenceRange=RANGE,
                             interpretation=[{"coding": [{"code": "H"}]}]),
    "Observation/unlinked": result("Platelet count", "777-3", 1250, "10*3/uL", "2026-05-02T09:30:00Z"),
    "Observation/later": result("Sodium", "2951-2", 131, "mmol/L", "2026-05-20"),
    "Observation/pulse": result("Heart rate", "8867-4", 72, "/min", "2026-05-02T09:05:00Z", "vital-signs", encounter=VISIT),
    "Observation/smoking": {"status": "final", "subject": P1, "code": coded("Tobacco smoking status", "http://loinc.org", "72166-2"),
                            "effectiveDateTime": "2024-01-01", "valueCodeableConcept": {"text": "Former smoker"}},
    "Condition/dm": problem("Type 2 diabetes mellitus", "E11.9", "2020-06-30"),
    "Condition/gout": problem("Gout", "M10.9", "2019-01-01"),
    "Condition/pna": problem("Pneumonia", "J18.9", "2025-01-10", "resolved", abatementDateTime="2025-02-01"),
    "MedicationRequest/met1": ordered("Metformin 500 mg tablet", "6809", "1 tab QD", "2024-02-01"),
    "MedicationRequest/met2": ordered("Metformin 1000 mg tablet", "6809", "1 tab QD", "2026-05-02", encounter=VISIT),
    "MedicationRequest/lis": ordered("Lisinopril 10 mg tablet", "29046", "1 tablet daily", "2023-02-01"),
    "MedicationRequest/amo": ordered("Amoxicillin 500 mg capsule", "723", "three times daily", "2026-05-02", encounter=VISIT),
    "MedicationStatement/ibu": {"status": "stopped", "subject": P1, "medicationCodeableConcept": coded("Ibuprofen 400 mg", RXNORM, "5640"),
                                "effectivePeriod": {"start": "2026-01-01", "end": "2026-05-02"}, "statusReason": [{"text": "Kidneys"}]},
    "AllergyIntolerance/pen": {"patient": P1, "code": coded("Penicillin", RXNORM, "7980"), "clinicalStatus": {"coding": [{"code": "active"}]},
                               "reaction": [{"manifestation": [{"text": "Hives"}]}]},
    "Procedure/app": {"status": "completed", "subject": P1, "code": coded("Appendectomy"), "performedDateTime": "1999-03-01"},
    "Immunization/flu": {"status": "completed", "patient": P1, "vaccineCode": coded("Influenza vaccine"),
                         "occurrenceDateTime": "2026-05-02", "encounter": VISIT},
    "FamilyMemberHistory/mum": {"status": "completed", "patient": P1, "relationship": coded("Mother"),
                                "condition": [{"code": coded("Breast cancer"), "onsetString": "60"}]},
    "ServiceRequest/eye": {"status": "active", "intent": "order", "subject": P1, "code": coded("Referral to ophthalmology"), "encounter": VISIT,
                           "authoredOn": "2026-05-02", "reasonCode": [{"text": "Type 2 diabetes mellitus"}]},
    "Appointment/a1": {"status": "booked", "description": "Diabetes review", "start": "2026-08-02T10:00:00Z",
                       "participant": [{"actor": P1, "status": "accepted"}]},
    "DiagnosticReport/ct": {"status": "final", "subject": P1, "code": coded("Chest X-ray"), "effectiveDateTime": "2025-12-02",
                            "conclusion": "Left lower lobe consolidation.", "encounter": {"reference": "Encounter/stay"}},
    "DiagnosticReport/cult": {"status": "registered", "subject": P1, "code": coded("Blood culture"), "effectiveDateTime": "2025-12-03",
                              "encounter": {"reference": "Encounter/stay"}},
    "Procedure/line": {"status": "completed", "subject": P1, "code": coded("Central line"), "performedDateTime": "2025-12-01",
                       "encounter": {"reference": "Encounter/stay"}},
    "DocumentReference/old": note(f"PLAN:\n{COPIED}", "2025-11-10T10:00:00Z", "v0"),
    "DocumentReference/now": note("SUBJECTIVE:\nTired for two weeks. Denies chest pain.\n\nREVIEW OF SYSTEMS:\nNo fever.", "2026-05-02T09:50:00Z"),
}  # fmt: skip


def resources(record: dict[str, dict] = RECORD) -> list[dict]:
    return [{"resourceType": k.partition("/")[0], "id": k.partition("/")[2], **v} for k, v in record.items()]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., System]]:
    made: list[System] = []

    def build(record: list[dict] | None = None, **settings: Any) -> System:
        system = System(Settings.model_validate({"data_dir": tmp_path / "data", "demo": False, **settings}))
        system.repository.write_many(resources() if record is None else record)
        made.append(system)
        return system

    yield build
    for system in made:
        system.stop()


@pytest.fixture
def context(make: Callable[..., System]) -> Context:
    return make().context(CLINICIAN)


@pytest.fixture
def write(context: Context) -> Callable[..., dict]:
    """The bot's output for the visit."""

    def written(kind: str = "progress", encounter: str = "v1", **more: Any) -> dict:
        asked = {
            "patientId": "p1",
            "encounterId": encounter,
            "documentationType": kind,
            "asOf": AS_OF,
            **more,
        }
        return handle(context, asked).wire()

    return written


def said(output: dict, section: str) -> list[str]:
    """The sentences of one section."""
    return [s["text"] for s in output["sentences"] if s["section"] == section]
