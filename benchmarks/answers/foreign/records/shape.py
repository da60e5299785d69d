"""Pieces that both generators share: bundles, ids, codes, times."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from typing import Any

Resource = dict[str, Any]

LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
RXNORM, CVX = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://hl7.org/fhir/sid/cvx"
UCUM, ACT = "http://unitsofmeasure.org", "http://terminology.hl7.org/CodeSystem/v3-ActCode"
TERMS = "http://terminology.hl7.org/CodeSystem"
_NAMESPACE = uuid.UUID("5d1a0c9e-0f52-4d7b-9a4e-6c1f7f0e2b11")


class Bundle:
    """Resources of one person, each with an id made from the person and a running number."""

    def __init__(self, slug: str) -> None:
        self.slug, self.entries = slug, list[Resource]()
        self.chance = random.Random(slug)

    def add(self, kind: str, **fields: Any) -> str:
        """Put in a resource; fields that are None are left out. Gives the reference to it, by urn."""
        number = len(self.entries)
        identity = str(uuid.uuid5(_NAMESPACE, f"{self.slug}/{number}/{kind}"))
        kept = {k.rstrip("_"): v for k, v in fields.items() if v is not None}
        self.entries.append({"resourceType": kind, "id": identity, **kept})
        return f"urn:uuid:{identity}"

    def find(self, urn: str) -> Resource:
        return next(r for r in self.entries if f"urn:uuid:{r['id']}" == urn)

    def wire(self) -> Resource:
        return {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"fullUrl": f"urn:uuid:{r['id']}", "resource": r} for r in self.entries],
        }


def ref(urn: str) -> Resource:
    return {"reference": urn}


def coding(system: str, code: str, display: str | None = None) -> Resource:
    return {"system": system, "code": code, **({"display": display} if display else {})}


def concept(system: str, code: str, display: str | None = None, text: str | None = None) -> Resource:
    """A codeable concept; without `text` the name stands in the coding alone."""
    return {"coding": [coding(system, code, display)], **({"text": text} if text else {})}


def quantity(value: float, unit: str, code: str | None = None) -> Resource:
    """With a UCUM code, or (`code` "") with the unit in words alone."""
    plain = {"value": value, "unit": unit} if unit else {"value": value}
    return plain if code == "" else {**plain, "system": UCUM, "code": code or unit}


def day(text: str) -> dt.datetime:
    """Midnight of an ISO date, or the minute of an ISO dateTime."""
    return dt.datetime.fromisoformat(text)


def stamp(moment: dt.datetime, zone: str) -> str:
    return moment.isoformat(timespec="seconds") + zone
