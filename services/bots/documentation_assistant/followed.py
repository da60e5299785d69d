"""What happened in the visit, day by day, and what goes on after it: studies, orders, appointments, what is pending."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from services.bots.documentation_assistant.model import Line, day, listed, quote, refs, told
from services.bots.documentation_assistant.result_kinds import category
from services.bots.documentation_assistant.visit import Visit
from services.chart.entry import Entry, days
from services.chart.stays import units
from services.index.text import values

_PENDING = ("registered", "partial", "preliminary")
_OPEN = ("active", "draft", "on-hold", "")
_LOOK_AHEAD = dt.timedelta(days=366)


def visit_line(visit: Visit) -> Line:
    """What kind of visit, when, where and with whom."""
    entry = visit.entry
    until = f" to {day(entry.end)}" if entry.end and entry.end[:10] != (entry.date or "")[:10] else ""
    where = f", {entry.extra['where']}" if entry.extra.get("where") else ""
    who = f", with {entry.extra['who']}" if entry.extra.get("who") else ""
    return told(f"Visit: {entry.name}, {day(entry.date)}{until}{where}{who}", entry)


def study_lines(visit: Visit, laboratory: bool) -> list[Line]:
    """Reports with a conclusion: imaging, pathology, microbiology; those of the laboratory where they are wanted."""
    lines = []
    for entry in visit.of("report"):
        if (
            entry.status in _PENDING
            or entry.status == "cancelled"
            or (not laboratory and _of_laboratory(entry))
        ):
            continue
        if words := " ".join(str(entry.extra.get("conclusion") or "").split()):
            lines.append(quote(f"{entry.name}, {day(entry.date)}", words, *refs([entry])))
    return lines


def _of_laboratory(entry: Entry) -> bool:
    codes = {c for _, c in values.codings(entry.resource.get("category"))}
    return bool(codes & {"LAB", "laboratory", "MB", "HM", "CH"})


def pending_lines(visit: Visit) -> list[Line]:
    """Results and reports of the visit that were not final."""
    lines = [
        told(f"Pending: {e.name}, {e.status}, {day(e.date)}", e)
        for e in visit.of("report")
        if e.status in _PENDING
    ]
    lines += [
        told(f"Pending: {e.name}, {e.status}, {day(e.date)}", e)
        for e in visit.of("result")
        if not e.part and e.status in _PENDING and category(e) != "vital-signs"
    ]
    undone = [e for e in visit.of("order") if e.status in _OPEN and _was_due(e, visit)]
    if undone:
        names = listed(list(dict.fromkeys(f"{e.name}, {day(e.extra['due'])}" for e in undone)))
        lines.append(told(f"Ordered for this visit, and still open in the record: {names}", *undone))
    return lines


def _was_due(entry: Entry, visit: Visit) -> bool:
    due = days(entry.extra.get("due"))
    return bool(visit.inpatient and due and visit.first and visit.first < visit.day and due[1] <= visit.day)


def order_lines(visit: Visit) -> list[Line]:
    """Orders and care plans of the visit that are open; what was due before it ended is no follow-up."""
    lines = []
    for entry in visit.of("order"):
        if entry.status in _OPEN and not _was_due(entry, visit):
            due = f", due {day(entry.extra['due'])}" if entry.extra.get("due") else ""
            reason = f", for {entry.extra['reason']}" if entry.extra.get("reason") else ""
            lines.append(told(f"Ordered: {entry.name}{reason}{due}", entry))
    for entry in visit.of("plan"):
        if entry.status in _OPEN:
            steps = f": {listed(entry.extra['activities'])}" if entry.extra.get("activities") else ""
            lines.append(told(f"Care plan: {entry.name}{steps}", entry))
    return lines


def appointment_lines(visit: Visit) -> list[Line]:
    """Appointments of the year after the visit: those made in it, and all where no other visit came after it."""
    later = any(
        e.first and e.first > visit.day and e not in visit.encounters
        for e in visit.chart.entries("encounter")
    )
    lines = []
    for entry in visit.chart.entries("appointment"):
        ahead = entry.first and visit.day < entry.first <= visit.day + _LOOK_AHEAD
        made_in_it = visit.during(values.iso(entry.resource.get("created")))
        if (
            ahead
            and (made_in_it or not later)
            and entry.status not in ("cancelled", "noshow", "entered-in-error")
        ):
            with_ = _with(entry)
            lines.append(
                told(
                    f"Appointment: {entry.name}, {values.date(entry.date, time=True)}{f', with {with_}' if with_ else ''}",
                    entry,
                )
            )
    return lines


def _with(entry: Entry) -> str:
    actors = [values.obj(p.get("actor")) for p in values.objs(entry.resource.get("participant"))]
    shown = [
        values.string(a.get("display"))
        for a in actors
        if not str(a.get("reference") or "").startswith("Patient/")
    ]
    return ", ".join(filter(None, shown))


def course_lines(visit: Visit, medicines: bool) -> list[Line]:
    """The dated events of a stay, in order: arrival, units, procedures, studies, orders of medicines."""
    found = [*_moves(visit), *_done(visit), *(_ordered(visit) if medicines else ())]
    return [line for _, line in sorted(found, key=lambda f: f[0][:10])]


def _moves(visit: Visit) -> Iterator[tuple[str, Line]]:
    for entry in visit.encounters:
        began = "admitted" if entry is visit.entry and visit.inpatient else entry.name
        reason = f", reason: {entry.extra['reason']}" if entry.extra.get("reason") else ""
        source = str(entry.extra.get("source") or "")
        source = f", {source if source.lower().startswith('from ') else f'from {source}'}" if source else ""
        where = f", {entry.extra['where']}" if entry.extra.get("where") else ""
        yield entry.date or "", told(f"{day(entry.date)}: {began}{where}{source}{reason}", entry)
        for name, start, _ in units(visit.chart, entry)[1:]:
            if start:
                yield start, told(f"{day(start)}: moved to {name}", entry)


def _done(visit: Visit) -> Iterator[tuple[str, Line]]:
    for entry in visit.of("procedure"):
        if entry.status in ("completed", "in-progress"):
            yield entry.date or "", told(f"{day(entry.date)}: {entry.name}", entry)
    for entry in visit.of("report"):
        words = " ".join(str(entry.extra.get("conclusion") or "").split())
        if words and entry.status not in _PENDING and not _of_laboratory(entry):
            yield entry.date or "", quote(f"{day(entry.date)}: {entry.name}", words, *refs([entry]))


def _ordered(visit: Visit) -> Iterator[tuple[str, Line]]:
    for entry in visit.of("medication"):
        if entry.status not in ("cancelled", "proposed", "draft", "do-not-give") and not entry.extra.get(
            "given"
        ):
            verb = "reported" if entry.extra.get("statement") else "ordered"
            yield entry.date or "", told(f"{day(entry.date)}: {entry.name} {verb}", entry)


def disposition_line(visit: Visit) -> Line | None:
    entry = visit.entry
    if not entry.extra.get("disposition"):
        return None
    return told(f"Discharged {day(entry.end)} to: {entry.extra['disposition']}", entry)
