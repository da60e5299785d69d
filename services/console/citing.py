"""From a citation to its source, with the cited place marked.

The address of a citation is a FHIR reference to the version, and after "#" the span of the document's text or the
element: `DocumentReference/7/_history/3#120-180`, `Observation/9/_history/1#valueQuantity`.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from services.accounts.roles import Principal
from services.console.dates import show_date
from services.console.resources import Opened, open_resource
from services.errors import NotFound
from services.fhir.repository import Resource
from services.index.text.context import Context
from services.index.text.documents import document
from services.runtime.system import system

_ADDRESS = re.compile(r"(?P<reference>[A-Za-z]+/[\w.-]+)(?:/_history/(?P<version>[\w.-]+))?(?:#(?P<place>[\w.-]+))?", re.ASCII)
_SPAN = re.compile(r"(\d+)-(\d+)", re.ASCII)
_WORD = re.compile(r"\w+(?:\.\w+)*")
_DATE = re.compile(r"\d{4}-\d\d(?:-\d\d(?:T.*)?)?", re.ASCII)
_PAPERWORK = frozenset({"resourceType", "id", "meta", "text", "contained", "extension"})


KINDS: dict[str, str] = {
    "Observation": "Result",
    "Condition": "Problem",
    "MedicationRequest": "Prescription",
    "MedicationStatement": "Medication statement",
    "MedicationAdministration": "Medication given",
    "DocumentReference": "Note",
    "Composition": "Document",
    "DiagnosticReport": "Report",
    "ImagingStudy": "Imaging",
    "AllergyIntolerance": "Allergy",
    "Immunization": "Immunisation",
    "CarePlan": "Care plan",
    "FamilyMemberHistory": "Family history",
    "ServiceRequest": "Order",
}
"""What one source is called; other types by their own name."""


def address_of(reference: str, version: str, element: str | None, span: Sequence[int] | None) -> str:
    place = f"{span[0]}-{span[1]}" if span else element
    return f"{reference}/_history/{version}{f'#{place}' if place else ''}"


def open_citation(principal: Principal, patient_id: str, address: str) -> tuple[Opened, bool]:
    """The source with the cited place as its passage, and whether it is still the version that was cited.

    Raises NotFound where it is not there (any more), not this patient's, or not this person's to see.
    """
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise NotFound("The address names no source that could be shown.")
    opened = open_resource(principal, match["reference"])
    if opened.patient_id != patient_id and opened.reference != f"Patient/{patient_id}":
        raise NotFound("The source that the address names is not part of this patient's record, so it is not shown.")
    same = match["version"] in (None, opened.version)
    resource: Resource = orjson.loads(opened.json)
    element = resource.get(match["place"] or "")
    text = opened.text or "\n".join(_lines(resource))
    span = _SPAN.fullmatch(match["place"] or "")
    if not same or (element is None and not opened.text):
        passage = None
    elif span:
        passage = _within(principal, resource, text, int(span[1]), int(span[2]))
    else:
        passage = _line(text, element)
    title = opened.title if opened.text else KINDS.get(opened.kind, opened.kind)
    # The page finds the opened text by the address that opened it.
    return dataclasses.replace(opened, reference=address, title=title, text=text, passage=passage), same


def _within(principal: Principal, resource: Resource, text: str, start: int, end: int) -> tuple[int, int] | None:
    """A span of the document's text as a span of what is shown, where particulars stand before it."""
    repository = system().repository_for(principal)

    def resolve(reference: str) -> Resource | None:
        found = repository.find(reference)
        return found.resource if found else None

    body = document(resource, Context(resource, resolve)).text
    offset = text.find(body[:1000])
    if offset < 0 or not 0 <= start < end <= len(body) or offset + end > len(text):
        return None
    return offset + start, offset + end


def said_in(text: str, sentence: str) -> tuple[int, int] | None:
    """The line of a source that says most of what a sentence tells."""
    return _line(text, sentence)


def _line(text: str, element: Any) -> tuple[int, int] | None:
    """The line that says most of what the element holds; the first one, its title, where there is no element."""
    wanted = {word for value in _leaves(element) for word in _WORD.findall(value.casefold())}
    best, chosen, at = -1, None, 0
    for line in text.split("\n"):
        held = len(wanted & set(_WORD.findall(line.casefold())))
        if line.strip() and held > best:
            best, chosen = held, (at, at + len(line))
        at += len(line) + 1
    return chosen


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    elif isinstance(value, str) and _DATE.fullmatch(value):
        yield show_date(value)
    elif value is not None:
        yield f"{value:g}" if isinstance(value, float) else str(value)


def _lines(resource: Resource) -> Iterator[str]:
    """A resource of a type that has no readable text of its own: one line for each element."""
    for name, value in resource.items():
        if name not in _PAPERWORK:
            yield f"{name}: {', '.join(_leaves(value))}"
