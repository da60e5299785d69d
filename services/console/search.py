"""Semantic search as the page shows it."""

from __future__ import annotations

import datetime as dt
import threading
import time
from dataclasses import dataclass
from typing import Any

from services.accounts.roles import Principal
from services.bots.semantic_search import handler
from services.bots.semantic_search.schemas import DateRange, SemanticSearchInput
from services.console import snippets
from services.console.dates import show_date, show_moment
from services.console.patients import PatientLine, patient_line
from services.console.snippets import Part
from services.errors import InvalidInput
from services.index.highlight import highlights
from services.index.search import Found, Hit
from services.knowledge.lexicon import lexicon
from services.runtime.health import health
from services.runtime.system import system

TYPES: dict[str, str] = {
    "Observation": "Results and vitals",
    "Condition": "Problems",
    "MedicationRequest": "Prescriptions",
    "MedicationStatement": "Medication statements",
    "DocumentReference": "Notes",
    "Composition": "Documents in sections",
    "DiagnosticReport": "Reports",
    "AllergyIntolerance": "Allergies",
    "Procedure": "Procedures",
    "Immunization": "Immunisations",
    "Encounter": "Encounters",
    "CarePlan": "Care plans",
}
"""What can be searched, in the words of the screen."""
ABSENT_MINIMUM = 0.1
"""What is said to be absent is shown from here on: "denies palpitations" in a long note is less similar to
"palpitations" than a hit has to be, and still the answer."""
BANDS = ((0.6, "Strong match"), (0.4, "Good match"), (0.25, "Possible match"), (0.0, "Weak match"))


@dataclass(frozen=True, slots=True)
class Card:
    """One result: its title and a few of its lines, with the question's words marked. `range` is what a
    measured value is compared with."""

    hit: Hit
    kind: str
    date: str
    band: str
    title: list[Part]
    range: str
    snippet: list[Part]
    patient: PatientLine | None


@dataclass(frozen=True, slots=True)
class Results:
    cards: list[Card]
    absent: list[Card]
    understood: str
    notes: list[str]
    exact: bool
    seconds: float


def search(
    principal: Principal,
    query: str,
    *,
    patient_id: str | None = None,
    types: list[str] | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
    minimum: float = 0.0,
    limit: int = 20,
) -> Results:
    """Raises InvalidInput for what can't be searched, PatientNotFound for an unknown patient."""
    principal.require("search")
    if not query.strip():
        raise InvalidInput("Type what you are looking for.")
    period = DateRange(start=since.isoformat() if since else None, end=until.isoformat() if until else None)
    asked = SemanticSearchInput(
        query=query.strip()[:5000],
        patient_id=patient_id,
        resource_types=types or None,
        date_range=period if since or until else None,
        min_similarity=min(minimum, ABSENT_MINIMUM) or None,
        limit=limit,
    )
    context = system().context(principal)
    found = handler.find(context, asked)
    people: dict[str, PatientLine | None] = {}
    if patient_id is None:
        for hit in [*found.hits, *found.absent]:
            if hit.patient_id not in people:
                stored = context.repository.find(f"Patient/{hit.patient_id}")
                people[hit.patient_id] = patient_line(stored.resource) if stored else None
    return Results(
        cards=[_card(h, found, people) for h in found.hits if h.similarity >= minimum],
        absent=[_card(h, found, people) for h in found.absent],
        understood=_understood(found),
        notes=found.notes,
        exact=found.exact,
        seconds=found.seconds,
    )


def _card(hit: Hit, found: Found, people: dict[str, PatientLine | None]) -> Card:
    band = next(name for least, name in BANDS if hit.similarity >= least)
    spans = highlights(hit.text, found.question)
    measured = hit.resource_type == "Observation"
    named = spans if hit.text.startswith(hit.title) else highlights(hit.title, found.question)
    return Card(
        hit=hit,
        kind=TYPES.get(hit.resource_type, hit.resource_type),
        date=show_moment(hit.date, system().settings.timezone),
        band=band,
        title=snippets.marked(hit.title, named),
        range=snippets.reference_range(hit.text) if measured else "",
        snippet=snippets.of_document(hit.text, spans)
        if hit.span
        else snippets.of_entry(hit.text, spans, hit.title),
        patient=people.get(hit.patient_id),
    )


def _understood(found: Found) -> str:
    """How the query was read, in a line that a person can correct."""
    question, words = found.question, lexicon()
    said = []
    names = [words.get(c).name for c in question.concepts if c in words]
    absent = {words.get(c).name for c in question.absent if c in words}
    said += [f"no {n}" if n in absent else n for n in dict.fromkeys(names)]
    said += [f"{words.get(c.concept).name if c.concept in words else ''} {c.op} {c.value:g}"
             f"{f' to {c.high:g}' if c.high is not None else ''}{' ' + c.unit if c.unit else ''}".strip()
             for c in question.comparisons]  # fmt: skip
    said += sorted(question.qualifiers)
    start, end = question.period
    if start or end:
        said.append(" ".join(p for p in (f"from {show_date(start.isoformat())}" if start else "",
                                         f"to {show_date(end.isoformat())}" if end else "") if p))  # fmt: skip
    said += [w for w in (question.laterality, question.order, question.status) if w]
    return ", ".join(dict.fromkeys(said))


def recent(principal: Principal, patient_id: str, limit: int = 12) -> list[tuple[str, str, str, str]]:
    """The newest entries of a patient's record: (date, kind, title, reference)."""
    principal.require("read")
    repository = system().repository_for(principal)
    rows = system().store.recent(patient_id, limit)
    return [
        (show_date(date), TYPES.get(kind, kind), title, f"{kind}/{resource_id}")
        for kind, resource_id, title, date in rows
        if repository.find(f"{kind}/{resource_id}")
    ]


def searchable(principal: Principal, patient_id: str | None) -> bool:
    """Whether all of the record, or of one patient's, is in the index: else what is not found may be there all the same."""
    principal.require("search")
    pipeline = system().pipeline
    return not (pipeline.waits(patient_id) if patient_id else pipeline.backlog())


def indexing_line(principal: Principal) -> str:
    """How far the index is behind, in a sentence; "" where it is up to date. Cheap: asked at each run of a page."""
    principal.require("search")
    parts = system()
    waiting = parts.pipeline.backlog()
    if waiting:
        return f"Indexing: {waiting:,} changes of the record wait; results cover what is indexed."
    return f"Indexing: {parts.worker.problem}" if parts.worker.problem else ""


_held: dict[str, Any] = {"at": 0.0, "of": None, "status": {}}
_lock = threading.Lock()


def index_status(principal: Principal, seconds: float = 1.0) -> dict[str, Any]:
    """The state of each part. It counts the index, so it is held for a second."""
    principal.require("search")
    with _lock:
        if _held["of"] is not system() or time.monotonic() - _held["at"] > seconds:
            _held.update(of=system(), status=health(system()), at=time.monotonic())
        return _held["status"]
