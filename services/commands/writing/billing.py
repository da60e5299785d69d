"""SuggestBillingCodes: a Claim that is a draft, with the modifiers, units and pointers to diagnoses of its lines."""

from __future__ import annotations

from services.commands.schemas import ICD10, BilledService, SuggestBillingCodes
from services.commands.writing.model import Change, Making, made, subject
from services.fhir.repository import Resource

CPT = "http://www.ama-assn.org/go/cpt"
HCPCS = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
_TERMS = "http://terminology.hl7.org/CodeSystem/"


def claim(command: SuggestBillingCodes, making: Making) -> list[Change]:
    """Diagnoses as Claim.diagnosis, services as items that point at those that speak for them."""
    diagnoses = [c for c in command.suggested_codes if c.system == "ICD-10-CM"]
    places = {c.code: number for number, c in enumerate(diagnoses, start=1)}
    encounter = making.chart.resolve(f"Encounter/{command.encounter_id}") or {}
    served = {"reference": f"Encounter/{command.encounter_id}"}
    period = encounter.get("period") if isinstance(encounter.get("period"), dict) else None
    items = [
        {
            "sequence": number,
            **_coded(line, places),
            **({"servicedPeriod": period} if period else {}),
            "encounter": [served],
        }
        for number, line in enumerate(command.lines(), start=1)
    ]
    resource = made(
        command, 1, "Claim",
        status="draft",
        type={"coding": [{"system": f"{_TERMS}claim-type", "code": "professional"}]},
        use="claim",
        patient=subject(command),
        billablePeriod=period,
        created=making.at,
        provider=_provider(encounter, making),
        priority={"coding": [{"system": f"{_TERMS}processpriority", "code": "normal"}]},
        diagnosis=[
            {
                "sequence": number,
                "diagnosisCodeableConcept": {
                    "coding": [{"system": ICD10, "code": code.code, "display": code.display}], "text": code.display,
                },
            }
            for number, code in enumerate(diagnoses, start=1)
        ] or None,
        insurance=[{"sequence": 1, "focal": True, "coverage": _coverage(making)}],
        item=items or None,
    )  # fmt: skip
    return [Change(resource)]


def _coded(line: BilledService, places: dict[str, int]) -> Resource:
    """What is billed, of a line; `places`: the sequence of each diagnosis."""
    system = CPT if line.system == "CPT" else HCPCS
    pointers = [places[code] for code in line.diagnoses]
    modifiers = [{"coding": [{"system": CPT if m.isdigit() else HCPCS, "code": m}]} for m in line.modifiers]
    return {
        **({"diagnosisSequence": pointers} if pointers else {}),
        "productOrService": {"coding": [{"system": system, "code": line.code}], "text": line.display},
        **({"modifier": modifiers} if modifiers else {}),
        **({"quantity": {"value": line.units}} if line.units > 1 else {}),
    }


def _provider(encounter: Resource, making: Making) -> dict[str, str]:
    for participant in encounter.get("participant") or ():
        individual = participant.get("individual") if isinstance(participant, dict) else None
        if isinstance(individual, dict) and individual.get("reference"):
            return {k: individual[k] for k in ("reference", "display") if individual.get(k)}
    person = making.person()
    return {"reference": person} if person else {"display": "Provider not recorded"}


def _coverage(making: Making) -> dict[str, str]:
    active = [
        e for e in making.chart.entries("coverage") if e.type == "Coverage" and e.status in ("active", "")
    ]
    return {"reference": active[-1].reference} if active else {"display": "Coverage not recorded"}
