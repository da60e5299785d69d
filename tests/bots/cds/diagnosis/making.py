"""FHIR resources in few words."""

from __future__ import annotations

from typing import Any

Resource = dict[str, Any]
AS_OF = "2026-06-30"
SYSTEMS = {
    "loinc": "http://loinc.org",
    "sct": "http://snomed.info/sct",
    "icd": "http://hl7.org/fhir/sid/icd-10-cm",
    "rx": "http://www.nlm.nih.gov/research/umls/rxnorm",
}
TESTS = {
    "a1c": ("4548-4", "%"), "fasting": ("1558-6", "mg/dL"), "ogtt": ("1518-0", "mg/dL"), "glucose": ("2345-7", "mg/dL"),
    "egfr": ("33914-3", "mL/min/{1.73_m2}"), "creatinine": ("2160-0", "mg/dL"), "uacr": ("9318-7", "mg/g"),
    "hb": ("718-7", "g/dL"), "mcv": ("787-2", "fL"), "ferritin": ("2276-4", "ng/mL"),
    "tsat": ("2502-3", "%"), "b12": ("2132-9", "pg/mL"), "folate": ("2284-8", "ng/mL"),
    "platelets": ("777-3", "10*3/uL"), "neutrophils": ("751-8", "10*3/uL"), "wbc": ("6690-2", "10*3/uL"),
    "tsh": ("3016-3", "m[IU]/L"), "ft4": ("3024-7", "ng/dL"), "ldl": ("13457-7", "mg/dL"), "tg": ("2571-8", "mg/dL"), "ck": ("2157-6", "U/L"),
    "na": ("2951-2", "mmol/L"), "k": ("2823-3", "mmol/L"), "ca": ("17861-6", "mg/dL"), "albumin": ("1751-7", "g/dL"), "vitd": ("1989-3", "ng/mL"),
    "bmi": ("39156-5", "kg/m2"), "lvef": ("10230-1", "%"), "bnp": ("30934-4", "pg/mL"), "ntprobnp": ("33762-6", "pg/mL"),
    "ast": ("1920-8", "U/L"), "alt": ("1742-6", "U/L"), "tscore": ("38265-5", "{T-score}"), "ratio": ("19926-5", "%"),
    "phq9": ("44261-6", "{score}"), "gad7": ("70274-6", "{score}"), "auditc": ("75626-2", "{score}"),
    "temp": ("8310-5", "Cel"), "pulse": ("8867-4", "/min"), "breathing": ("9279-1", "/min"), "gestation": ("18185-9", "wk"),
}  # fmt: skip
"""Short name → LOINC code and usual unit (UCUM)."""


def concept(code: str) -> Resource:
    """ "loinc:4548-4", or plain words."""
    system, colon, value = code.partition(":")
    return (
        {"coding": [{"system": SYSTEMS[system], "code": value}]}
        if colon and system in SYSTEMS
        else {"text": code}
    )


def lab(
    name: str, when: str | None, value: float, unit: str | None = None, sign: str | None = None,
    limits: tuple[float | None, float | None] | None = None, **more: Any,
) -> Resource:  # fmt: skip
    code, usual = TESTS[name]
    unit = usual if unit is None else unit
    quantity: Resource = (
        {"value": value}
        | ({"unit": unit, "code": unit} if unit else {})
        | ({"comparator": sign} if sign else {})
    )
    found: Resource = {
        "resourceType": "Observation",
        "status": "final",
        "code": concept(f"loinc:{code}"),
        "valueQuantity": quantity,
    }
    if limits:
        ends = {
            k: {"value": v, "unit": unit}
            for k, v in zip(("low", "high"), limits, strict=True)
            if v is not None
        }
        found["referenceRange"] = [ends]
    return found | ({"effectiveDateTime": when} if when else {}) | more


def said(code: str, when: str, text: str, **more: Any) -> Resource:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": concept(code),
        "effectiveDateTime": when,
        "valueString": text,
    } | more


def bp(when: str, high: float, low: float, **more: Any) -> Resource:
    parts = [
        {"code": concept(code), "valueQuantity": {"value": value, "unit": "mmHg", "code": "mm[Hg]"}}
        for code, value in (("loinc:8480-6", high), ("loinc:8462-4", low))
    ]
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": concept("loinc:85354-9"),
        "effectiveDateTime": when,
        "component": parts,
    } | more


def cond(
    code: str,
    state: str = "active",
    onset: str | None = "2020-01-01",
    ended: str | None = None,
    verified: str | None = None,
) -> Resource:
    found: Resource = {
        "resourceType": "Condition",
        "code": concept(code),
        "clinicalStatus": {"coding": [{"code": state}]},
    }
    found |= ({"onsetDateTime": onset} if onset else {}) | ({"abatementDateTime": ended} if ended else {})
    return found | ({"verificationStatus": {"coding": [{"code": verified}]}} if verified else {})


def med(name: str, when: str | None = "2025-01-01", status: str = "active") -> Resource:
    found: Resource = {
        "resourceType": "MedicationRequest",
        "status": status,
        "intent": "order",
        "medicationCodeableConcept": concept(name),
    }
    return found | ({"authoredOn": when} if when else {})


def proc(code: str, when: str) -> Resource:
    return {
        "resourceType": "Procedure",
        "status": "completed",
        "code": concept(code),
        "performedDateTime": when,
    }


def visit(ident: str, letter: str, day: str) -> Resource:
    return {
        "resourceType": "Encounter",
        "id": ident,
        "status": "finished",
        "class": {"code": letter},
        "period": {"start": day, "end": day},
    }


def at(ident: str) -> Resource:
    return {"encounter": {"reference": f"Encounter/{ident}"}}
