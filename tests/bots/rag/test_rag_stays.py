"""What was asked of a stay in hospital: its diagnoses, drugs for home, who was in charge, and whether to resuscitate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.accounts.roles import Principal
from services.bots.rag_pipeline.handler import handle
from services.runtime.system import System
from services.settings import Settings

P = {"reference": "Patient/p1"}
ROLE, CATEGORY = (f"http://terminology.hl7.org/CodeSystem/{n}" for n in ("diagnosis-role", "medicationrequest-category"))
LOINC = "http://loinc.org"


def problem(identity: str, text: str) -> dict:
    return {"resourceType": "Condition", "id": identity, "subject": P, "code": {"text": text}, "onsetDateTime": "2020-01-01",
            "clinicalStatus": {"coding": [{"code": "active"}]}}  # fmt: skip


def diagnosis(identity: str, use: str, rank: int) -> dict:
    return {"condition": {"reference": f"Condition/{identity}"}, "rank": rank, "use": {"coding": [{"system": ROLE, "code": use}]}}


def doctor(name: str, kind: str = "ATND") -> dict:
    system = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
    return {"individual": {"display": name}, "type": [{"coding": [{"system": system, "code": kind}]}]}


def order(identity: str, name: str, day: str, category: str, **more: Any) -> dict:
    return {"resourceType": "MedicationRequest", "id": identity, "status": "active", "intent": "order", "subject": P, "authoredOn": day,
            "medicationCodeableConcept": {"text": name}, "encounter": {"reference": "Encounter/in"},
            "category": [{"coding": [{"system": CATEGORY, "code": category}]}], **more}  # fmt: skip


def result(identity: str, code: str, name: str, value: float, unit: str, at: str) -> dict:
    return {"resourceType": "Observation", "id": identity, "status": "final", "subject": P, "effectiveDateTime": at,
            "code": {"text": name, "coding": [{"system": LOINC, "code": code}]}, "valueQuantity": {"value": value, "unit": unit}}  # fmt: skip


def code_status(value: str, at: str = "2026-03-02") -> dict:
    return {"resourceType": "Observation", "id": "code", "status": "final", "subject": P, "effectiveDateTime": at,
            "code": {"text": "Code status"}, "valueCodeableConcept": {"text": value}}  # fmt: skip


RECORD = [
    {"resourceType": "Patient", "id": "p1", "birthDate": "1950-01-01", "gender": "female"},
    problem("bp", "Hypertension"), problem("cap", "Pneumonia"), problem("emp", "Pleural empyema"),
    {"resourceType": "Encounter", "id": "in", "status": "finished", "class": {"code": "IMP"}, "subject": P, "reasonCode": [{"text": "Cough"}],
     "period": {"start": "2026-03-02T08:00:00Z", "end": "2026-03-09T12:00:00Z"}, "participant": [doctor("Dr Ward"), doctor("Dr Door", "ADM")],
     "diagnosis": [diagnosis("bp", "CM", 3), diagnosis("emp", "DD", 1), diagnosis("cap", "AD", 2)]},
    {"resourceType": "Encounter", "id": "out", "status": "finished", "class": {"code": "AMB"}, "subject": P, "participant": [doctor("Dr Office")],
     "period": {"start": "2026-04-02T08:00:00Z", "end": "2026-04-02T09:00:00Z"}},
    order("iv", "Ceftriaxone", "2026-03-02", "inpatient"), order("po", "Amoxicillin", "2026-03-09", "discharge"),
    result("k1", "2160-0", "Creatinine", 2.1, "mg/dL", "2026-03-02T09:00:00Z"), result("k2", "2160-0", "Creatinine", 1.2, "mg/dL", "2026-03-09T06:00:00Z"),
    result("k3", "2160-0", "Creatinine", 0.9, "mg/dL", "2026-04-02T08:30:00Z"),
]  # fmt: skip


@pytest.fixture
def ask(tmp_path: Path):
    systems: list[System] = []

    def asked(question: str, *more: dict) -> tuple[str, Any]:
        system = System(Settings.model_validate({"data_dir": tmp_path / f"data{len(systems)}", "demo": False}))
        systems.append(system)
        system.repository.write_many([*RECORD, *more])
        context = system.context(Principal("c1", "user", "Casey Clinician", "clinician"))
        output = handle(context, {"question": question, "patientId": "p1", "asOf": "2026-06-01"}).wire()
        return output["answer"], (output.get("result") or {}).get("value")

    yield asked
    for system in systems:
        system.stop()


Ask = Callable[..., tuple[str, Any]]


@pytest.mark.parametrize(("question", "value"), [
    ("What was the admission diagnosis?", ["Pneumonia"]),
    ("What was the discharge diagnosis?", ["Pleural empyema"]),
    ("Diagnosis at discharge?", ["Pleural empyema"]),
    ("What medications was she discharged on?", ["Amoxicillin"]),
    ("What were the discharge medications?", ["Amoxicillin"]),
    ("Who was the attending physician of the last hospital stay?", "Dr Ward"),
    ("Who is her attending?", "Dr Office"),
    ("What was the discharge creatinine?", 1.2),
    ("What was the creatinine when she was discharged?", 1.2),
    ("What was the admission creatinine?", 2.1),
    ("What was the creatinine at the start of the last stay?", 2.1),
    ("What was the creatinine on the last day of the stay?", 1.2),
    ("When was she discharged?", "2026-03-09"),
])  # fmt: skip
def test_a_stay_is_asked_about(ask: Ask, question: str, value: Any) -> None:
    assert ask(question)[1] == value


def test_a_lone_why_is_of_the_stay(ask: Ask) -> None:
    answer, value = ask("When was the last admission and why?")
    assert value == "2026-03-02" and "Cough" in answer


@pytest.mark.parametrize(("status", "value"), [
    ("Full code", False), ("For resuscitation", False), ("DNR", True), ("Do not attempt resuscitation", True), ("Not for resuscitation", True),
    ("DNR / full treatment", True), ("Full code, DNI", None), ("Discussed", None),
])  # fmt: skip
def test_whether_to_resuscitate(ask: Ask, status: str, value: bool | None) -> None:
    answer, found = ask("Is she DNR?", code_status(status))
    assert (found, status in answer) == (value, True)


def test_the_latest_status_counts(ask: Ask) -> None:
    older = code_status("DNR", "2025-01-01") | {"id": "before"}
    assert ask("Is she DNR?", older, code_status("Full code"))[1] is False


SUMMARY = {
    "resourceType": "Composition", "id": "dc", "status": "final", "date": "2026-03-09", "subject": P, "encounter": {"reference": "Encounter/in"},
    "type": {"text": "Discharge summary note"}, "title": "Discharge summary", "author": [{"display": "Dr Ward"}],
    "section": [{"title": t, "text": {"status": "generated", "div": f"<div xmlns='http://www.w3.org/1999/xhtml'>{d}</div>"}}
                for t, d in (("Hospital course", "An empyema was drained."), ("Plan", "Chest film in six weeks. Stop smoking."))],
}  # fmt: skip


@pytest.mark.parametrize(("question", "value"), [
    ("What is the plan in the last discharge summary?", "Chest film in six weeks. Stop smoking."),
    ("What did the last discharge summary say?", "Hospital course An empyema was drained. Plan Chest film in six weeks. Stop smoking."),
    ("What was the subjective of the last note?", None),
])  # fmt: skip
def test_a_note_is_quoted(ask: Ask, question: str, value: str | None) -> None:
    assert ask(question, SUMMARY)[1] == value
