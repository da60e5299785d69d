"""The organisations, places and clinicians that every demo patient shares.

Identifiers are the clinic's own, never national provider numbers: an invented one could be a real
person's.
"""

from __future__ import annotations

import uuid
from typing import Any

Resource = dict[str, Any]
NAMESPACE = uuid.UUID("5e0f4a52-6d5c-4d0c-9a55-2f6f6c6b1d01")
CLINIC, HOSPITAL, LAB, PAYER = (
    "harbourside-clinic",
    "st-brendans-hospital",
    "bayline-laboratory",
    "meridian-health-plan",
)

ORGANISATIONS = {
    CLINIC: ("Harbourside Family Medicine", "prov", "Healthcare Provider"),
    HOSPITAL: ("St Brendan's General Hospital", "prov", "Healthcare Provider"),
    LAB: ("Bayline Clinical Laboratory", "other", "Other"),
    PAYER: ("Meridian Health Plan", "pay", "Payer"),
}
LOCATIONS = {
    "clinic-rooms": ("Harbourside clinic rooms", CLINIC),
    "emergency": ("St Brendan's emergency department", HOSPITAL),
    "ward": ("St Brendan's medical ward 4B", HOSPITAL),
    "theatre": ("St Brendan's operating theatres", HOSPITAL),
}
# key: given, family, suffix, specialty, gender
CLINICIANS = {
    "rivera": ("Daniela", "Rivera", "MD", "Family medicine", "female"),
    "okafor": ("Chidi", "Okafor", "MD", "Internal medicine", "male"),
    "lindqvist": ("Åsa", "Lindqvist", "MD", "Cardiology", "female"),
    "mehta": ("Rohan", "Mehta", "MD", "Nephrology", "male"),
    "osullivan": ("Niamh", "O'Sullivan", "MD", "Obstetrics and gynaecology", "female"),
    "tanaka": ("Kenji", "Tanaka", "MD", "Paediatrics", "male"),
    "haddad": ("Leila", "Haddad", "MD", "Medical oncology", "female"),
    "brandt": ("Jonas", "Brandt", "MD", "Orthopaedic surgery", "male"),
    "castellano": ("Giulia", "Castellano", "MD", "Neurology", "female"),
    "nwosu": ("Adaeze", "Nwosu", "MD", "Emergency medicine", "female"),
    "whitaker": ("Paul", "Whitaker", "MD", "Hospital medicine", "male"),
    "patel": ("Meera", "Patel", "NP", "Family nurse practitioner", "female"),
    "kowalska": ("Ewa", "Kowalska", "MD", "Psychiatry", "female"),
    "fraser": ("Isla", "Fraser", "MD", "Rheumatology", "female"),
    "moreau": ("Étienne", "Moreau", "MD", "Endocrinology", "male"),
}


def ident(slug: str) -> str:
    """The id for a readable slug: the same in every cohort, whatever its date."""
    return str(uuid.uuid5(NAMESPACE, slug))


def organisation_ref(key: str) -> dict[str, str]:
    return {"reference": f"Organization/{ident(f'org/{key}')}", "display": ORGANISATIONS[key][0]}


def clinician_ref(key: str) -> dict[str, str]:
    given, family, suffix, _specialty, _gender = CLINICIANS[key]
    return {
        "reference": f"Practitioner/{ident(f'clinician/{key}')}",
        "display": f"{given} {family}, {suffix}",
    }


def location_ref(key: str) -> dict[str, str]:
    return {"reference": f"Location/{ident(f'location/{key}')}", "display": LOCATIONS[key][0]}


def shared_resources() -> list[Resource]:
    """Organisations, then clinicians, then locations: what the patients' resources refer to."""
    found: list[Resource] = []
    for key, (name, code, display) in ORGANISATIONS.items():
        system = "http://terminology.hl7.org/CodeSystem/organization-type"
        found.append(
            {
                "resourceType": "Organization",
                "id": ident(f"org/{key}"),
                "active": True,
                "type": [{"coding": [{"system": system, "code": code, "display": display}]}],
                "name": name,
                "telecom": [{"system": "phone", "value": "555-0100", "use": "work"}],
            }
        )
    for number, (key, (given, family, suffix, specialty, gender)) in enumerate(CLINICIANS.items(), 101):
        found.append(
            {
                "resourceType": "Practitioner",
                "id": ident(f"clinician/{key}"),
                "identifier": [{"system": "https://harbourside.example/staff", "value": f"HS{number}"}],
                "active": True,
                "name": [{"use": "official", "family": family, "given": [given], "suffix": [suffix]}],
                "gender": gender,
                "qualification": [{"code": {"text": specialty}, "issuer": organisation_ref(CLINIC)}],
            }
        )
    for key, (name, owner) in LOCATIONS.items():
        found.append(
            {
                "resourceType": "Location",
                "id": ident(f"location/{key}"),
                "status": "active",
                "name": name,
                "managingOrganization": organisation_ref(owner),
            }
        )
    return found
