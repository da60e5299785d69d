"""What waits for somebody today, over all pages: each part a few lines and the way to the rest."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass

from services.accounts.roles import Principal
from services.console import approvals, billing, drafts, findings
from services.console.dates import show_date
from services.console.patients import PatientLine, patient_line
from services.console.recent import recent_patients
from services.errors import FabricError
from services.fhir.repository import Repository, Resource
from services.index.text import values
from services.runtime.system import system

FIRST = 6
_ABSENT = frozenset({"cancelled", "noshow", "entered-in-error"})
_STATES = {
    "arrived": "Arrived", "checked-in": "Checked in", "fulfilled": "Seen", "booked": "", "pending": "Not confirmed",
    "proposed": "Not confirmed", "waitlist": "Waiting list", "in-progress": "In progress", "triaged": "Arrived",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One line: whose, what, what is special of it, and where it leads."""

    patient: PatientLine
    what: str
    when: str
    path: str
    query: dict[str, str]
    mark: str = ""
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One part of the day. `counts` are (words, how many, query) that lead to a filtered page; `problem` says why there is
    nothing to show."""

    title: str
    path: str
    rows: tuple[Row, ...]
    counts: tuple[tuple[str, int, dict[str, str]], ...] = ()
    nothing: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Today:
    date: str
    cards: tuple[Card, ...]
    recent: tuple[PatientLine, ...]

    @property
    def patients(self) -> list[str]:
        """Whoever is named."""
        return [
            *(row.patient.id for card in self.cards for row in card.rows),
            *(line.id for line in self.recent),
        ]


def today(principal: Principal) -> Today:
    """Each part by itself: what one of them can't tell does not keep the others from it."""
    principal.require("read")
    zone = zoneinfo.ZoneInfo(system().settings.timezone)
    day = dt.datetime.now(zone).date()
    parts: list[tuple[str, str, Callable[[], Card]]] = [
        ("Patients of the day", "patients", lambda: _visits(principal, day, zone))
    ]
    if principal.may("search"):
        parts.append(("Critical and high findings", "findings", lambda: _findings(principal)))
    parts.append(("Waiting for approval", "approvals", lambda: _approvals(principal)))
    if principal.may("write"):
        parts.append(("My unsigned notes", "drafts", lambda: _drafts(principal)))
        parts.append(("Not yet coded", "billing", lambda: _billing(principal)))
    cards = []
    for title, path, made in parts:
        try:
            cards.append(made())
        except FabricError as error:
            cards.append(Card(title, path, (), problem=error.message))
    return Today(show_date(day.isoformat()), tuple(cards), tuple(recent_patients(principal)))


def _visits(principal: Principal, day: dt.date, zone: zoneinfo.ZoneInfo) -> Card:
    """Appointments of the day, and visits that are under way."""
    repository = system().repository_for(principal)
    start = dt.datetime.combine(day, dt.time(), zone)
    end = start + dt.timedelta(days=1)
    span = [("date", f"ge{start.isoformat()}"), ("date", f"lt{end.isoformat()}"), ("_count", "100")]
    rows: list[tuple[str, Row]] = []
    for stored in repository.search("Appointment", [*span, ("_sort", "date")]).matches:
        resource = stored.resource
        if resource.get("status") not in _ABSENT and (
            row := _visit(repository, resource, _booked(resource), zone)
        ):
            rows.append(row)
    running = [("status", "in-progress,arrived,triaged"), *span]
    for stored in repository.search("Encounter", running).matches:
        resource = stored.resource
        subject = values.string(values.obj(resource.get("subject")).get("reference"))
        if row := _visit(repository, resource, subject, zone):
            rows.append(row)
    rows.sort(key=lambda item: item[0])
    return Card(
        "Patients of the day",
        "patients",
        tuple(row for _, row in rows),
        nothing="No appointment is recorded for today.",
    )


def _booked(resource: Resource) -> str:
    actors = (
        values.string(values.obj(p.get("actor")).get("reference"))
        for p in values.objs(resource.get("participant"))
    )
    return next((actor for actor in actors if actor.startswith("Patient/")), "")


def _visit(
    repository: Repository, resource: Resource, reference: str, zone: zoneinfo.ZoneInfo
) -> tuple[str, Row] | None:
    stored = repository.find(reference) if reference else None
    if stored is None:
        return None
    begun = values.iso(resource.get("start")) or values.iso(values.obj(resource.get("period")).get("start"))
    try:
        clock = dt.datetime.fromisoformat(begun or "").astimezone(zone).strftime("%H:%M")
    except ValueError:
        clock = ""
    reason = values.concepts(resource.get("reasonCode")) or values.string(resource.get("description"))
    what = (
        reason
        or values.concepts(resource.get("serviceType"))
        or values.concepts(resource.get("type"))
        or "Visit"
    )
    state = str(resource.get("status"))
    return begun or "", Row(
        patient_line(stored.resource),
        what,
        clock,
        "patient",
        {"patient": stored.id},
        _STATES.get(state, state.capitalize()),
    )


def _findings(principal: Principal) -> Card:
    lines = findings.worklist(principal, findings.KINDS, ("critical", "high"), FIRST)
    known = findings.open_counts(principal, ("critical", "high"))
    counts = tuple(
        (severity, known.get(severity, 0), {"risk": query})
        for severity, query in (("critical", "critical"), ("high", "critical,high"))
    )
    rows = (
        Row(line.patient, line.finding.title, line.since, "findings", {"patient": line.patient.id},
            line.finding.severity.capitalize(), line.finding.severity == "critical")
        for line in lines if line.patient
    )  # fmt: skip
    return Card("Critical and high findings", "findings", tuple(rows), counts, "None is open.")


def _approvals(principal: Principal) -> Card:
    listing = approvals.listed(principal, approvals.Filters())
    counts = tuple(
        (f"{risk} risk", sum(line.risk == risk for line in listing.lines), {"risk": risk})
        for risk in approvals.RISKS
    )
    rows = (
        Row(line.patient, line.summary, line.left, "approvals", {"task": line.id}, line.priority.upper() if line.urgent else "",
            line.urgent)
        for line in listing.lines[:FIRST]
    )  # fmt: skip
    return Card("Waiting for approval", "approvals", tuple(rows), counts, "Nothing waits.")


def _drafts(principal: Principal) -> Card:
    lines, more = drafts.listed(principal, drafts.Filters(mine=True))
    rows = (
        Row(
            line.patient,
            line.title,
            line.age,
            "drafts",
            {"draft": line.id},
            "Not saved" if line.unsaved else "",
        )
        for line in lines[:FIRST]
    )
    told = "or more unsigned" if more else "unsigned"
    return Card(
        "My unsigned notes",
        "drafts",
        tuple(rows),
        ((told, len(lines), {"mine": "1"}),),
        "Every note is signed.",
    )


def _billing(principal: Principal) -> Card:
    found = [f for f in billing.matching(principal, billing.Filters())[0] if f.state == "open"]
    repository = system().repository_for(principal)
    rows = []
    for each in found[:FIRST]:
        reference = values.string(values.obj(each.resource.get("subject")).get("reference"))
        stored = repository.find(reference)
        if stored is not None:
            day = show_date(values.iso(values.obj(each.resource.get("period")).get("start")))
            query = {"patient": stored.id, "encounter": each.stored.id}
            rows.append(
                Row(patient_line(stored.resource), billing.title(each.resource), day, "billing", query)
            )
    counts = ((f"of the past {billing.DAYS} days", len(found), {}),)
    return Card(
        "Not yet coded",
        "billing",
        tuple(rows),
        counts,
        f"Every finished visit of the past {billing.DAYS} days is coded.",
    )
