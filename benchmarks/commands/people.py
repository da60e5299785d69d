"""The patients that generated commands are about: each with what makes some commands unsafe for them."""

from __future__ import annotations

from typing import Any

ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
LOINC = "http://loinc.org"


def _of(patient: str, kind: str, name: str, **more: Any) -> dict[str, Any]:
    key = "patient" if kind == "AllergyIntolerance" else "subject"
    return {"resourceType": kind, "id": name, key: {"reference": f"Patient/{patient}"}, **more}


def _person(
    patient: str, family: str, given: str, gender: str, born: str, number: str, **more: Any
) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": patient, "name": [{"family": family, "given": [given]}], "gender": gender,
            "birthDate": born, "identifier": [{"value": number}], **more}  # fmt: skip


def _order(patient: str, drug: str) -> dict[str, Any]:
    return _of(patient, "MedicationRequest", f"{patient}-{drug.split()[0].lower()}", status="active", intent="order",
               authoredOn="2026-03-02", medicationCodeableConcept={"text": drug})  # fmt: skip


def _problem(patient: str, code: str, name: str) -> dict[str, Any]:
    active = {
        "coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]
    }
    return _of(patient, "Condition", f"{patient}-{code.replace('.', '').lower()}", clinicalStatus=active, onsetDateTime="2024-05-05",
               code={"text": name, "coding": [{"system": ICD10, "code": code, "display": name}]})  # fmt: skip


def _allergy(patient: str, name: str) -> dict[str, Any]:
    return _of(patient, "AllergyIntolerance", f"{patient}-{name.split()[0].lower()}", code={"text": name},
               clinicalStatus={"coding": [{"code": "active"}]})  # fmt: skip


PEOPLE = {
    "plain": _person("plain", "Hartwell", "Joan", "female", "1961-04-09", "30118822"),
    "second": _person("second", "Osei", "Kwame", "male", "1957-11-30", "30118990"),
    "pregnant": _person("pregnant", "Rinaldi", "Paola", "female", "1994-02-17", "30120041"),
    "allergic": _person("allergic", "Nyberg", "Lars", "male", "1972-08-21", "30120777"),
    "treated": _person("treated", "Castellan", "Rosa", "female", "1949-01-05", "30121365"),
    "dead": _person("dead", "Umar", "Bilal", "male", "1940-06-06", "30121999", deceasedDateTime="2026-02-01"),
}
ORDERS = {
    "plain": ["Lisinopril 10 mg oral tablet", "Metformin 500 mg oral tablet"],
    "second": ["Zolpidem 5 mg oral tablet"],
    "treated": ["Warfarin 5 mg oral tablet", "Simvastatin 40 mg oral tablet", "Isosorbide mononitrate 30 mg tablet",
                "Phenelzine 15 mg oral tablet", "Methotrexate 10 mg oral tablet"],
}  # fmt: skip
ALLERGIES = {"allergic": ["Penicillin", "Sulfonamide antibiotics", "Ibuprofen", "Aspirin"]}
PROBLEMS = {
    "plain": [("I10", "Essential hypertension")],
    "pregnant": [("Z33.1", "Pregnant state, incidental")],
}


def record() -> list[dict[str, Any]]:
    """Every patient's resources: a visit and a potassium for each, and what is above."""
    found: list[dict[str, Any]] = list(PEOPLE.values())
    for patient in PEOPLE:
        found.append(_of(patient, "Encounter", f"{patient}-visit", status="finished", **{"class": {"code": "AMB"}},
                         period={"start": "2026-11-18T09:00:00Z", "end": "2026-11-18T09:20:00Z"}))  # fmt: skip
        found.append(_of(patient, "Observation", f"{patient}-potassium", status="final", effectiveDateTime="2026-11-18",
                         code={"text": "Potassium", "coding": [{"system": LOINC, "code": "2823-3"}]},
                         valueQuantity={"value": 5.9, "unit": "mmol/L"}))  # fmt: skip
    found.append(_of("plain", "Observation", "plain-void", status="entered-in-error", effectiveDateTime="2026-11-18",
                     code={"text": "Sodium"}, valueQuantity={"value": 99, "unit": "mmol/L"}))  # fmt: skip
    found += [_order(p, drug) for p, drugs in ORDERS.items() for drug in drugs]
    found += [_allergy(p, name) for p, names in ALLERGIES.items() for name in names]
    found += [_problem(p, code, name) for p, problems in PROBLEMS.items() for code, name in problems]
    return found
