"""A patient's record at a glance: what holds now, what was measured, what happened, what is to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from services.accounts.roles import Principal
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.chart.holding import allergies, left_over, medicines, problems
from services.console.dates import show_date, show_moment
from services.console.measured import Measured, measured
from services.errors import Gone, NotFound, PatientNotFound
from services.index.text import values
from services.index.text.care import ENCOUNTER_CLASSES
from services.runtime.system import system

_OVER = frozenset({"resolved", "remission", "inactive"})
_DOUBTED = frozenset({"refuted", "entered-in-error"})
_ENDED = frozenset({"stopped", "completed", "ended", "cancelled"})
_OPEN_ORDERS = frozenset({"active", "draft", "on-hold", "booked", "pending", "arrived", "proposed"})


@dataclass(frozen=True, slots=True)
class Item:
    """One line: what it is, what more is known of it, when, and where it stands in the record."""

    name: str
    detail: str
    date: str
    reference: str
    mark: str = ""
    """A word that has to be seen: Draft, On hold, Not verified."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One encounter with the documents that were written in it."""

    item: Item
    kind: str
    documents: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """Each list in the order in which it is read: what holds by name or newest first."""

    problems: tuple[Item, ...]
    past_problems: tuple[Item, ...]
    medicines: tuple[Item, ...]
    past_medicines: tuple[Item, ...]
    allergies: tuple[Item, ...]
    immunizations: tuple[Item, ...]
    procedures: tuple[Item, ...]
    ahead: tuple[Item, ...]
    visits: tuple[Visit, ...]
    documents: tuple[Item, ...]
    measured: Measured
    family: tuple[Item, ...]


def overview(principal: Principal, patient_id: str) -> Overview:
    """Raises PatientNotFound."""
    principal.require("read")
    parts = system()
    today = dt.datetime.now(dt.UTC).date()
    try:
        chart = parts.charts.open(parts.repository_for(principal), patient_id, today)
    except (NotFound, Gone) as error:
        raise PatientNotFound("There is no such patient, or you may not see them.") from error
    zone = parts.settings.timezone
    held = problems(chart)
    taken = [m.entry for m in medicines(chart)] + left_over(chart)
    documents = [e for e in _newest(chart.entries("document", "report")) if e.type != "ImagingStudy"]
    written = _by_encounter(documents)
    return Overview(
        problems=tuple(_problem(e) for e in _newest(held)),
        past_problems=tuple(_problem(e) for e in _newest(chart.entries("condition")) if _is_past(e)),
        medicines=tuple(_medicine(e) for e in sorted(taken, key=lambda e: e.name.lower())),
        past_medicines=tuple(_medicine(e) for e in _newest(chart.entries("medication")) if _was_taken(e)),
        allergies=tuple(_allergy(a.entry) for a in allergies(chart)),
        immunizations=tuple(
            _item(e, e.extra.get("lot") and f"lot {e.extra['lot']}", mark=_not_done(e))
            for e in _newest(chart.entries("immunization"))
        ),
        procedures=tuple(
            _item(e, e.extra.get("outcome"), e.extra.get("who"), mark=_not_done(e))
            for e in _newest(chart.entries("procedure"))
        ),
        ahead=tuple(_ahead(chart, today)),
        visits=tuple(
            _visit(e, written.get(e.reference, ()), zone) for e in _newest(chart.entries("encounter"))
        ),
        documents=tuple(_document(e, zone) for e in documents),
        measured=measured(chart, zone),
        family=tuple(
            Item(e.name.capitalize(), e.about, show_date(e.date), e.reference)
            for e in chart.entries("family")
        ),
    )


def _newest(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda e: e.order, reverse=True)


def _item(entry: Entry, *details: object, date: str | None = None, mark: str = "") -> Item:
    told = " · ".join(str(d) for d in details if d)
    return Item(entry.name, told, date or show_date(entry.date), entry.reference, mark)


def _problem(entry: Entry) -> Item:
    ended = f"until {show_date(entry.end)}" if entry.end else ""
    doubted = entry.status if entry.status in ("unconfirmed", "provisional", "differential") else ""
    return _item(
        entry,
        entry.extra.get("severity"),
        entry.extra.get("stage"),
        ended,
        date=_since(entry),
        mark=doubted.capitalize(),
    )


def _since(entry: Entry) -> str:
    onset = entry.extra.get("onset") or entry.date
    return show_date(str(onset)) if onset else str(entry.extra.get("onset_text") or "Not Known")


def _is_past(entry: Entry) -> bool:
    return entry.status in _OVER or bool(entry.end and entry.status not in _DOUBTED)


def _medicine(entry: Entry) -> Item:
    extra = entry.extra
    ended = f"until {show_date(entry.end)}" if entry.end else ""
    over = extra.get("stay_ended") if entry.status == "active" else ""
    stay = f"Ordered for the hospital stay that ended on {show_date(over)}" if over else ""
    mark = {"on-hold": "On hold", "do-not-give": "Do not give", "proposed": "Proposed"}.get(entry.status, "")
    return _item(entry, extra.get("dose"), extra.get("reason"), ended, stay, extra.get("why_status"), mark=mark)


def _was_taken(entry: Entry) -> bool:
    return entry.status in _ENDED and not entry.extra.get("given")


def _allergy(entry: Entry) -> Item:
    high = "High risk" if entry.extra.get("criticality") == "high" else ""
    doubted = "Not verified" if entry.extra.get("verified") == "unconfirmed" else ""
    return _item(entry, entry.extra.get("reaction"), entry.extra.get("severity"), mark=high or doubted)


def _not_done(entry: Entry) -> str:
    return {"not-done": "Not done", "entered-in-error": "Withdrawn", "in-progress": "In progress"}.get(
        entry.status, ""
    )


def _document(entry: Entry, zone: str) -> Item:
    draft = entry.resource.get("docStatus") == "preliminary" or entry.status in (
        "preliminary",
        "registered",
        "partial",
    )
    told = entry.extra.get("conclusion") if entry.kind == "report" else entry.about
    told = "" if told == entry.name else told
    return _item(
        entry,
        entry.extra.get("who"),
        str(told or "")[:160],
        date=show_moment(entry.date, zone),
        mark="Draft" if draft else "",
    )


def _by_encounter(documents: Iterable[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in documents:
        linked = [
            entry.resource.get("encounter"),
            *values.objs(values.obj(entry.resource.get("context")).get("encounter")),
        ]
        for reference in {values.string(values.obj(item).get("reference")) for item in linked}:
            found.setdefault(reference, []).append(entry)
    return found


def _visit(entry: Entry, documents: Iterable[Entry], zone: str) -> Visit:
    extra = entry.extra
    first, last = show_moment(entry.date, zone), show_date(entry.end)
    when = f"{first} to {last}" if entry.end and (entry.end or "")[:10] != (entry.date or "")[:10] else first
    why = extra.get("reason") or ", ".join(dict.fromkeys(extra.get("diagnoses") or ()))
    running = "In progress" if entry.status in ("in-progress", "arrived", "triaged", "onleave") else ""
    cancelled = "Cancelled" if entry.status == "cancelled" else "Planned" if entry.status == "planned" else ""
    return Visit(
        _item(entry, why, extra.get("who"), extra.get("where"), date=when, mark=running or cancelled),
        ENCOUNTER_CLASSES.get(str(extra.get("class")), str(extra.get("class") or "")).capitalize(),
        tuple(_document(d, zone) for d in documents),
    )


def _ahead(chart: Chart, today: dt.date) -> Iterable[Item]:
    """Appointments to come, orders without a result, plans and goals that are followed."""
    coming = [e for e in chart.entries("appointment") if (e.first or today) >= today]
    for entry in sorted(coming, key=lambda e: e.order):
        yield _item(
            entry,
            "Appointment",
            entry.extra.get("reason"),
            date=show_moment(entry.date, system().settings.timezone),
        )
    for entry in _newest(chart.entries("order")):
        if entry.status in _OPEN_ORDERS:
            due = entry.extra.get("due")
            yield _item(
                entry, "Ordered", f"due {show_date(str(due))}" if due else "", entry.extra.get("reason")
            )
    for entry in _newest(chart.entries("plan")):
        if entry.status in ("active", ""):
            yield _item(entry, "Care plan", ", ".join(entry.extra.get("activities") or ())[:200])
    for entry in _newest(chart.entries("goal")):
        if entry.status in ("active", "accepted", "proposed", "planned", "on-hold"):
            yield _item(entry, "Goal")
