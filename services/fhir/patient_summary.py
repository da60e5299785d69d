"""A patient's summary as a document: a Composition with the sections of the International Patient Summary
(hl7.org/fhir/uv/ips), each entry with its resource."""

from __future__ import annotations

import datetime as dt
import html
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from services.fhir.repository import Resource, Stored

LOINC = "http://loinc.org"
_EMPTY = "http://terminology.hl7.org/CodeSystem/list-empty-reason"
_NOT_TRUE = frozenset({"entered-in-error", "refuted", "not-done", "cancelled"})
_IN_USE = frozenset({"active", "on-hold", "intended", "unknown", ""})
_PAST = frozenset({"inactive", "remission", "resolved"})
_NO_RESULTS = frozenset({"vital-signs", "social-history", "survey", "activity"})


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its LOINC code, and which of the chart's resources belong to it."""

    code: str
    title: str
    takes: Callable[[Resource], bool]
    latest: bool = False
    """Only the latest of each code."""


def _is(*types: str) -> Callable[[Resource], bool]:
    return lambda r: r["resourceType"] in types


SECTIONS = (
    Section("11450-4", "Problems", lambda r: _is("Condition")(r) and not _past(r)),
    Section("48765-2", "Allergies", _is("AllergyIntolerance")),
    Section(
        "10160-0", "Medications",
        lambda r: _is("MedicationRequest", "MedicationStatement")(r) and str(r.get("status") or "") in _IN_USE,
    ),
    Section("11369-6", "Immunizations", _is("Immunization")),
    Section(
        "30954-2", "Results",
        lambda r: _is("DiagnosticReport")(r) or (_is("Observation")(r) and not _categories(r) & _NO_RESULTS),
        latest=True,
    ),
    Section("47519-4", "Procedures", _is("Procedure")),
    Section(
        "8716-3", "Vital signs",
        lambda r: _is("Observation")(r) and "vital-signs" in _categories(r), latest=True,
    ),
    Section("11348-0", "Past problems", lambda r: _is("Condition")(r) and _past(r)),
)  # fmt: skip
"""Codes of the sections as the International Patient Summary's Composition profile gives them."""


def patient_summary(
    patient: Resource,
    chart: Iterable[Stored],
    find: Callable[[str], Stored | None],
    now: dt.datetime,
    base: str = "",
) -> Resource:
    """A Bundle of type document. `chart` is the patient's compartment; `find` reads what its medications refer to;
    `base` is the address that the entries' fullUrl begins with.

    Left out are what was entered in error, refuted, cancelled or not done, and medications no longer taken. Of
    results and vital signs the latest of each code is given.
    """
    subject = {"reference": f"Patient/{patient['id']}"}
    resources = [r for r in (stored.resource for stored in chart) if not _statuses(r) & _NOT_TRUE]
    included: dict[str, Resource] = {}
    sections = []
    for section in SECTIONS:
        chosen = [r for r in resources if section.takes(r)]
        chosen.sort(key=lambda r: (_date(r), r["id"]), reverse=True)
        if section.latest:
            chosen = list(_latest(chosen))
        for resource in chosen:
            included[f"{resource['resourceType']}/{resource['id']}"] = resource
        sections.append(_section(section, chosen))
    for resource in list(included.values()):
        reference = _object(resource.get("medicationReference")).get("reference")
        medication = find(reference) if isinstance(reference, str) else None
        if medication:
            included[medication.reference] = medication.resource
    composition: Resource = {
        "resourceType": "Composition",
        "id": str(uuid.uuid4()),
        "status": "final",
        "type": {"coding": [{"system": LOINC, "code": "60591-5", "display": "Patient summary Document"}]},
        "subject": subject,
        "date": now.isoformat(timespec="seconds"),
        "author": [{"type": "Device", "display": "Fabric clinician console"}],
        "title": "Patient summary",
        "section": sections,
    }
    entries = [{"fullUrl": f"urn:uuid:{composition['id']}", "resource": composition}]
    entries += [
        {"fullUrl": f"{base}/{r['resourceType']}/{r['id']}", "resource": r}
        for r in (patient, *included.values())
    ]
    return {
        "resourceType": "Bundle",
        "type": "document",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{uuid.uuid4()}"},
        "timestamp": now.isoformat(timespec="seconds"),
        "entry": entries,
    }


def _section(section: Section, chosen: list[Resource]) -> Resource:
    found: Resource = {
        "title": section.title,
        "code": {"coding": [{"system": LOINC, "code": section.code}]},
    }
    if not chosen:
        nothing = "Nothing is recorded."
        reason = {
            "coding": [{"system": _EMPTY, "code": "unavailable", "display": "Unavailable"}],
            "text": nothing,
        }
        return {**found, "text": _narrative([nothing]), "emptyReason": reason}
    entry = [{"reference": f"{r['resourceType']}/{r['id']}"} for r in chosen]
    return {**found, "text": _narrative([_line(r) for r in chosen]), "entry": entry}


def _narrative(lines: list[str]) -> Resource:
    items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><ul>{items}</ul></div>'}


def _line(resource: Resource) -> str:
    """What it is, its value where it has a single one, and its day."""
    parts = [_name(resource)]
    quantity = _object(resource.get("valueQuantity"))
    if quantity.get("value") is not None:
        parts.append(f"{quantity['value']} {quantity.get('unit') or quantity.get('code') or ''}".strip())
    parts.append(_text(_object(resource.get("valueCodeableConcept"))))
    if isinstance(resource.get("valueString"), str):
        parts.append(resource["valueString"])
    day = _date(resource)[:10]
    return ": ".join(p for p in parts if p) + (f" ({day})" if day else "")


def _name(resource: Resource) -> str:
    for key in ("code", "medicationCodeableConcept", "vaccineCode"):
        if text := _text(_object(resource.get(key))):
            return text
    return str(_object(resource.get("medicationReference")).get("display") or resource["resourceType"])


def _text(concept: Resource) -> str:
    codings = _objects(concept.get("coding"))
    named = [concept.get("text"), *(c.get("display") for c in codings), *(c.get("code") for c in codings)]
    return next((text for text in named if isinstance(text, str) and text), "")


def _latest(newest_first: list[Resource]) -> Iterator[Resource]:
    seen: set[tuple[str, str]] = set()
    for resource in newest_first:
        code = _object(resource.get("code"))
        codes = [f"{c.get('system')}|{c.get('code')}" for c in _objects(code.get("coding"))] or [_text(code)]
        kinds = {(resource["resourceType"], c) for c in codes}
        if not kinds & seen:
            seen |= kinds
            yield resource


_DATES = (
    "effectiveDateTime", "effectiveInstant", "performedDateTime", "occurrenceDateTime", "onsetDateTime", "authoredOn",
    "recordedDate", "dateAsserted", "issued", "date",
)  # fmt: skip


def _date(resource: Resource) -> str:
    """When it was, as it is written; "" where it isn't told. Zones are not told apart: it only orders."""
    for key in _DATES:
        if isinstance(resource.get(key), str):
            return resource[key]
    for key in ("effectivePeriod", "performedPeriod", "onsetPeriod"):
        if start := _object(resource.get(key)).get("start"):
            return str(start)
    return ""


def _statuses(resource: Resource) -> set[str]:
    return {str(resource.get("status") or ""), *_codes(resource.get("verificationStatus"))}


def _past(resource: Resource) -> bool:
    return bool(_codes(resource.get("clinicalStatus")) & _PAST)


def _categories(resource: Resource) -> set[str]:
    return {code for concept in _objects(resource.get("category")) for code in _codes(concept)}


def _codes(concept: Any) -> set[str]:
    return {str(c.get("code")) for c in _objects(_object(concept).get("coding"))}


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []
