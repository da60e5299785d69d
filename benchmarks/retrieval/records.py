"""The demo cohort as flat records: what a judge of relevance looks at. Knows nothing of the search."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.demo import cohort, patients
from services.index.text import SUPPORTED, document_text

AS_OF = dt.date(2026, 6, 30)
"""The day on which the cohort is written and the questions are asked."""

_SUBJECTS = ("subject", "patient")
_NAMES = ("code", "medicationCodeableConcept", "vaccineCode", "type", "title")
_DATES = (
    "effectiveDateTime",
    "authoredOn",
    "occurrenceDateTime",
    "performedDateTime",
    "date",
    "dateAsserted",
    "onsetDateTime",
    "created",
    "recordedDate",
)


@dataclass(frozen=True)
class Record:
    """One resource of the cohort. `date` is an ISO day or time as the resource gives it."""

    key: str
    type: str
    slug: str
    name: str
    text: str
    date: str
    status: str
    codes: frozenset[str]
    values: dict[str, float]
    units: dict[str, str]
    reason: str
    results: tuple[str, ...]

    @property
    def day(self) -> str:
        return self.date[:10]


def load(as_of: dt.date = AS_OF) -> list[Record]:
    """Every resource of a patient that search may return, in the cohort's order."""
    resources = cohort(as_of)
    by_reference = {f"{r['resourceType']}/{r['id']}": r for r in resources}
    slugs = {f"Patient/{p.id}": p.slug for p in patients(as_of)}
    return [
        _record(r, slug, document_text(r, by_reference.get))
        for r in resources
        if r["resourceType"] in SUPPORTED
        and (slug := next((slugs.get(r.get(k, {}).get("reference", "")) for k in _SUBJECTS if k in r), None))
        and not _withdrawn(r)
    ]


def _withdrawn(resource: dict[str, Any]) -> bool:
    verified = resource.get("verificationStatus", {}).get("coding", [{}])[0].get("code")
    return "entered-in-error" in (resource.get("status"), verified)


def _record(resource: dict[str, Any], slug: str, document: str) -> Record:
    kind = resource["resourceType"]
    values, units = _values(resource)
    return Record(
        key=f"{kind}/{resource['id']}",
        type=kind,
        slug=slug,
        name=_name(resource),
        text="\n".join([*_strings(resource), document]),
        date=_date(resource),
        status=_status(resource),
        codes=frozenset(_codes(resource)),
        values=values,
        units=units,
        reason="; ".join(_reasons(resource)),
        results=tuple(r["reference"] for r in resource.get("result", [])),
    )


def _name(resource: dict[str, Any]) -> str:
    for key in _NAMES:
        value = resource.get(key)
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, str):
            return value
        if isinstance(value, dict) and value.get("text"):
            name = value["text"]
            reasons = [r["text"] for r in resource.get("reasonCode", []) if r.get("text")]
            return ": ".join([name, *reasons]) if resource["resourceType"] == "Encounter" else name
    return ""


def _date(resource: dict[str, Any]) -> str:
    found = next((resource[k] for k in _DATES if isinstance(resource.get(k), str)), None)
    if not found:
        period = resource.get("period") or resource.get("effectivePeriod") or {}
        found = period.get("start", "")
    return found


def _status(resource: dict[str, Any]) -> str:
    clinical = resource.get("clinicalStatus", {}).get("coding", [{}])[0].get("code")
    return clinical or resource.get("status", "")


def _reasons(resource: dict[str, Any]) -> Iterator[str]:
    for key in ("reasonReference", "addresses"):
        yield from (r.get("display", "") for r in resource.get(key, []))
    yield from (r.get("text", "") for r in resource.get("reasonCode", []))
    yield from (d["condition"].get("display", "") for d in resource.get("diagnosis", []))


def _codes(value: Any) -> Iterator[str]:
    """Codes of what the resource itself is, not of its status or category."""
    for key in ("code", "medicationCodeableConcept", "vaccineCode"):
        concept = value.get(key) if isinstance(value, dict) else None
        if isinstance(concept, dict):
            yield from (c["code"] for c in concept.get("coding", []))


def _values(resource: dict[str, Any]) -> tuple[dict[str, float], dict[str, str]]:
    values, units = {}, {}
    for item in [resource, *resource.get("component", [])]:
        quantity = item.get("valueQuantity") if resource["resourceType"] == "Observation" else None
        if quantity and "value" in quantity:
            for name in [*_codes(item), item["code"]["text"]]:
                values[name], units[name] = float(quantity["value"]), quantity.get("unit", "")
    return values, units


_SKIPPED = re.compile(
    r"^(id|reference|system|code|resourceType|status|contentType|data|hash|url|lastUpdated)$"
)


def _strings(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in value.items():
            if name in ("subject", "patient", "encounter", "performer", "author", "recorder", "requester"):
                continue
            if not _SKIPPED.match(name) or isinstance(part, dict | list):
                yield from _strings(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part, key)
    elif isinstance(value, str):
        yield value
