"""Who a patient is, and the resources that say so: Patient and Coverage."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from services.demo import codes, staff
from services.demo.concepts import Resource, hl7

MARITAL = {"M": "Married", "S": "Never Married", "W": "Widowed", "D": "Divorced"}
LANGUAGES = {
    "en": "English",
    "es": "Spanish",
    "vi": "Vietnamese",
    "zh": "Chinese",
    "ar": "Arabic",
    "pl": "Polish",
    "fr": "French",
    "so": "Somali",
}
RACES = {
    "white": ("2106-3", "White"),
    "black": ("2054-5", "Black or African American"),
    "asian": ("2028-9", "Asian"),
    "native": ("1002-5", "American Indian or Alaska Native"),
    "islander": ("2076-8", "Native Hawaiian or Other Pacific Islander"),
}
US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"


@dataclass(frozen=True)
class Person:
    """Who a patient is. The birthday is `age` years and `days` days before the cohort's date."""

    slug: str
    given: str
    family: str
    gender: str
    age: int
    days: int
    story: str
    marital: str = "M"
    language: str = "en"
    race: str = "white"
    hispanic: bool = False
    clinician: str = "rivera"
    died: int | None = None
    prefix: str | None = None


def years_before(day: dt.date, years: int) -> dt.date:
    """The same day `years` earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def birth_date(person: Person, as_of: dt.date) -> dt.date:
    return years_before(as_of, person.age) - dt.timedelta(days=person.days)


def person_resources(who: Person, born: dt.date, died: str | None) -> list[Resource]:
    """The Patient, and the Coverage that claims refer to. `died` is a dateTime."""
    ident = staff.ident(who.slug)
    number = uuid.UUID(ident).int
    code, display = RACES[who.race]
    origin = ("2135-2", "Hispanic or Latino") if who.hispanic else ("2186-5", "Not Hispanic or Latino")
    omb = "urn:oid:2.16.840.1.113883.6.238"
    ethnic = [
        {
            "url": US_CORE + name,
            "extension": [
                {
                    "url": "ombCategory",
                    "valueCoding": {"system": omb, "code": pair[0], "display": pair[1]},
                },
                {"url": "text", "valueString": pair[1]},
            ],
        }
        for name, pair in (("race", (code, display)), ("ethnicity", origin))
    ]
    name: Resource = {"use": "official", "family": who.family, "given": who.given.split()}
    if who.prefix:
        name["prefix"] = [who.prefix]
    streets = ("Quay Street", "Linden Avenue", "Fisher Lane", "Orchard Road", "Beacon Hill Road")
    phone, email = f"555-01{number % 100:02d}", f"{who.slug}@mail.example"
    speaks = {
        "coding": [{"system": "urn:ietf:bcp:47", "code": who.language}],
        "text": LANGUAGES[who.language],
    }
    patient: Resource = {
        "resourceType": "Patient",
        "id": ident,
        "meta": {
            "tag": [{"system": codes.HL7 + "v3-ActReason", "code": "HTEST", "display": "test health data"}]
        },
        "extension": ethnic,
        "identifier": [
            {
                "use": "usual",
                "type": hl7("v2-0203", "MR", "Medical record number"),
                "system": "https://harbourside.example/mrn",
                "value": f"{number % 9_000_000 + 1_000_000}",
                "assigner": staff.organisation_ref(staff.CLINIC),
            }
        ],
        "active": True,
        "name": [name],
        "telecom": [
            {"system": "phone", "value": phone, "use": "home"},
            {"system": "email", "value": email},
        ],
        "gender": who.gender,
        "birthDate": born.isoformat(),
        "deceasedDateTime": died,
        "address": [
            {
                "use": "home",
                "line": [f"{number % 180 + 3} {streets[number % 5]}"],
                "city": "Port Ellery",
                "state": "ME",
                "postalCode": "04000",
                "country": "US",
            }
        ],
        "maritalStatus": hl7("v3-MaritalStatus", who.marital, MARITAL[who.marital]) if who.age > 17 else None,
        "communication": [{"language": speaks, "preferred": True}],
        "generalPractitioner": [staff.clinician_ref(who.clinician)],
        "managingOrganization": staff.organisation_ref(staff.CLINIC),
    }
    coverage = {
        "resourceType": "Coverage",
        "id": staff.ident(f"{who.slug}/coverage"),
        "status": "active",
        "type": {"text": "Health plan"},
        "beneficiary": {"reference": f"Patient/{ident}", "display": f"{who.given} {who.family}"},
        "payor": [staff.organisation_ref(staff.PAYER)],
    }
    return [{name: value for name, value in patient.items() if value is not None}, coverage]
