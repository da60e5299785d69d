"""A few proposals for the demo cohort's queue, made as any bot makes them: through the Command Processor."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from services.accounts.roles import Principal
from services.commands.processor import process
from services.errors import FabricError
from services.fhir.repository import Repository, Stored

if TYPE_CHECKING:
    from services.runtime.system import System

log = logging.getLogger("fabric")
LOINC = "http://loinc.org"
POTASSIUM, LDL, EGFR, INR, HBA1C = "2823-3", "13457-7", "98979-8", "6301-6", "4548-4"


def propose(system: System, who: Principal) -> int:
    """How many were taken. What the cohort lacks is left out."""
    repository, taken = system.repository_for(who), 0
    for command in _commands(repository):
        try:
            process(system.desk, {"aiModel": "demo", "requiresApproval": True, **command}, who, repository)
            taken += 1
        except FabricError as error:
            log.warning("a demo proposal was not taken: %s", error.code)
    return taken


def _commands(record: Repository) -> Iterator[dict[str, Any]]:
    for family, find in _STORIES:
        page = record.search("Patient", [("family", family), ("_count", "1")])
        if page.matches:
            patient = page.matches[0].id
            command = find(record, patient)
            if command:
                yield {"patientId": patient, **command}


def _flag(record: Repository, patient: str) -> dict[str, Any] | None:
    result = _latest(record, patient, POTASSIUM)
    return result and {
        "command": "FlagAbnormalResult", "confidence": 0.96, "observationId": result.id, "severity": "critical",
        "interpretation": f"Critically high potassium of {_value(result)}. Nobody has acted on it yet.",
    }  # fmt: skip


def _statin(record: Repository, patient: str) -> dict[str, Any] | None:
    result, order = _latest(record, patient, LDL), _order(record, patient, "atorvastatin")
    return result and order and {
        "command": "SuggestMedicationChange", "confidence": 0.78, "action": "increase",
        "medication": {"display": "Atorvastatin 80 mg tablet"}, "medicationRequestId": order.id,
        "dose": {"value": 80, "unit": "mg", "timesPerDay": 1}, "dosage": "80 mg by mouth once daily",
        "reasoning": f"LDL cholesterol is {_value(result)} on 40 mg, with familial hypercholesterolemia.",
        "evidence": [_evidence(result), _evidence(order)],
    }  # fmt: skip


def _referral(record: Repository, patient: str) -> dict[str, Any] | None:
    result = _latest(record, patient, EGFR)
    return result and {
        "command": "QueueReferralLetter", "confidence": 0.83, "specialty": "Nephrology", "urgency": "urgent",
        "reason": "Chronic kidney disease stage 4: planning of kidney replacement, and assessment for a transplant.",
        "content": f"Dear colleague,\n\nwould you please see this patient with chronic kidney disease stage 4? The latest "
                   f"eGFR is {_value(result)}. I would value your advice on kidney replacement and transplant.\n\nWith thanks",
        "evidence": [_evidence(result)],
    }  # fmt: skip


def _note(record: Repository, patient: str) -> dict[str, Any] | None:
    result, visit = _latest(record, patient, INR), _visit(record, patient)
    return result and visit and {
        "command": "CreateEncounterNoteDraft", "confidence": 0.88, "encounterId": visit.id, "noteType": "progress",
        "content": f"Subjective:\nControl of the INR.\n\nObjective:\nINR {_value(result)}.\n\nAssessment:\nMechanical mitral "
                   "valve and atrial fibrillation, on warfarin.\n\nPlan:\nTo be completed by the clinician.",
        "evidence": [_evidence(result)],
    }  # fmt: skip


def _billing(record: Repository, patient: str) -> dict[str, Any] | None:
    visit = _visit(record, patient)
    return visit and {
        "command": "SuggestBillingCodes", "confidence": 0.81, "encounterId": visit.id,
        "suggestedCodes": [
            {"code": "I25.10", "system": "ICD-10-CM", "confidence": 0.9,
             "display": "Atherosclerotic heart disease of native coronary artery without angina pectoris"},
            {"code": "E78.5", "system": "ICD-10-CM", "confidence": 0.85, "display": "Hyperlipidemia, unspecified"},
        ],
        "evidence": [_evidence(visit)],
    }  # fmt: skip


def _prediabetes(record: Repository, patient: str) -> dict[str, Any] | None:
    result = _latest(record, patient, HBA1C)
    return result and {
        "command": "ProposeProblemListUpdate", "confidence": 0.86, "action": "add",
        "condition": {"code": "R73.03", "system": "http://hl7.org/fhir/sid/icd-10-cm", "display": "Prediabetes"},
        "reasoning": f"Hemoglobin A1c is {_value(result)}, and diabetes is not on the list.",
        "evidence": [_evidence(result)],
    }  # fmt: skip


_STORIES = (
    ("Okonkwo", _flag), ("D'Souza", _statin), ("Freeman", _referral), ("Marsh", _note), ("Kowalczyk", _billing),
    ("Kowalczyk", _prediabetes),
)  # fmt: skip


def _latest(record: Repository, patient: str, code: str) -> Stored | None:
    params = [("patient", f"Patient/{patient}"), ("code", f"{LOINC}|{code}"), ("_sort", "-date"), ("_count", "1")]
    return next(iter(record.search("Observation", params).matches), None)


def _order(record: Repository, patient: str, name: str) -> Stored | None:
    found = record.search("MedicationRequest", [("patient", f"Patient/{patient}"), ("status", "active")]).matches
    return next((m for m in found if name in (m.body or b"").decode().lower()), None)


def _visit(record: Repository, patient: str) -> Stored | None:
    params = [("patient", f"Patient/{patient}"), ("_sort", "-date"), ("_count", "1")]
    return next(iter(record.search("Encounter", params).matches), None)


def _evidence(stored: Stored) -> dict[str, str]:
    return {"reference": stored.reference, "version": stored.version}


def _value(result: Stored) -> str:
    quantity = result.resource.get("valueQuantity") or {}
    return f"{quantity.get('value')} {quantity.get('unit') or ''}".strip()
