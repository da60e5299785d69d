"""The days that a plan asks about: its periods, and those that its events and stays stand for."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

from services.bots.rag_pipeline.courses import courses, dose_changes
from services.bots.rag_pipeline.plan import Anchor, Plan, Target
from services.bots.rag_pipeline.selecting import (
    Day,
    bounded,
    entry_stems,
    exactly,
    happened,
    matching,
    of_kind,
)
from services.bots.rag_pipeline.stay_words import SEASONS
from services.chart.chart import Chart
from services.chart.entry import Entry, days
from services.chart.naming import closeness, concepts_of
from services.chart.stays import Stay, intensive_stays, stays
from services.fhir.indexing import date_range
from services.knowledge.lexicon import lexicon
from services.knowledge.time_words import MONTHS

Window = tuple[Day | None, Day | None]


def window(chart: Chart, plan: Plan) -> tuple[Window, list[str], bool]:
    """The days asked about: (first, last), what was said of each anchor, and whether all anchors were found."""
    since, until = plan.since, plan.until
    notes: list[str] = []
    for anchor in plan.anchors:
        found = anchored(chart, anchor, plan)
        if found is None:
            return (since, until), [f"{anchor.text.strip()}: the record holds no such event."], False
        (first, last), text = found
        notes.append(text)
        since = max(filter(None, (since, first)), default=None)
        until = min(filter(None, (until, last)), default=None)
    return (since, until), notes, True


def stay_of(chart: Chart, anchor: Anchor) -> Stay | None:
    """The stay that an anchor names; None where the record has none like it."""
    target = anchor.target
    if target.classes == ("EMER",):
        visits = [
            e
            for e in of_kind(chart, Target(kinds=("encounter",), classes=("EMER",)), "encounter")
            if e.date and happened(e)
        ]
        every = [Stay(e, (e,), e.date, e.end) for e in visits]
    else:
        every = intensive_stays(chart) if target.classes == ("ICU",) else stays(chart)
    for word in target.words:
        months = SEASONS.get(word) or (MONTHS[word],) if word in SEASONS or word in MONTHS else ()
        every = [
            s for s in every
            if s.first and (s.first.month in months if months else s.first.year <= int(word) <= (s.last or s.first).year)
        ]  # fmt: skip
    if target.purpose:
        every = _stayed_for(chart, every, target.purpose)
    place = anchor.nth - 1 if anchor.nth > 0 else anchor.nth or -1
    return every[place] if -len(every) <= place < len(every) else None


def _stayed_for(chart: Chart, every: list[Stay], purpose: Sequence[str]) -> list[Stay]:
    """The stays for a problem: by the reason of the encounter, else by its diagnoses, else by what was coded at it."""

    def about(texts: Sequence[str]) -> bool:
        return any(closeness(*concepts_of("condition", (), t), c) for t in texts if t for c in purpose)

    ways = (
        lambda s: about([p.extra.get("reason") or "" for p in s.parts]),
        lambda s: about([d for p in s.parts for d in p.extra.get("diagnoses") or ()]),
        lambda s: any(closeness(e.own, e.named, c) for e in chart.entries("condition") if s.holds(e) for c in purpose),
    )  # fmt: skip
    return next((found for way in ways if (found := [s for s in every if way(s)])), [])


def _stay_window(stay: Stay, anchor: Anchor, as_of: Day) -> tuple[Window, str]:
    first, last = stay.first, stay.last or as_of
    assert first
    text = f"{anchor.text.strip()}: {stay.main.name}, {first.isoformat()} to {last.isoformat() if stay.end else 'now'} ({stay.main.reference})."
    one = dt.timedelta(days=1)
    windows: dict[str, Window] = {
        "since": (first, None), "after": (last + one, None), "before": (None, first - one), "until": (None, last),
    }  # fmt: skip
    if anchor.edge.startswith("day "):
        place = int(anchor.edge[4:])
        day = last if place < 0 else first + (place - 1) * one
        return (day, day), text
    return windows.get(anchor.relation, (first, last)), text


def is_stay(anchor: Anchor) -> bool:
    """Whether the anchor tells a stay from others of its kind (see `stay_words`)."""
    target = anchor.target
    return target.kinds == ("encounter",) and bool(anchor.nth or target.purpose or anchor.edge)


def anchored(chart: Chart, anchor: Anchor, plan: Plan | None = None) -> tuple[Window, str] | None:
    """The days that an anchor leaves open; None where the record has no such event."""
    if is_stay(anchor):
        stay = stay_of(chart, anchor)
        return _stay_window(stay, anchor, chart.as_of) if stay and stay.first else None
    if anchor.visits:
        seen = [e for e in of_kind(chart, anchor.target, "encounter") if e.first and happened(e)][-anchor.visits :]
        if not seen:
            return None
        return (seen[0].first, None), f"{anchor.text.strip()}: since {seen[0].name} ({seen[0].reference})."
    event = event_of(chart, anchor, plan)
    if event is None:
        return None
    entry, day = event
    one = dt.timedelta(days=1)
    name = entry.name if entry.kind != "encounter" else f"{entry.name} of {day}"
    text = f"{anchor.text.strip()}: {name}, {day.isoformat()} ({entry.reference})."
    last = entry_end(entry) or day
    if entry.kind == "encounter" and anchor.moment == "start":
        day = _through_emergency(chart, entry, day)
    if anchor.relation == "at-start":
        return (day, day + one if entry.kind == "encounter" else day), text
    if anchor.relation == "at":
        return (day, day), text
    if anchor.relation == "at-end":
        return (day, day), text
    limit = dt.timedelta(days=anchor.limit) if anchor.limit else None
    if anchor.same:
        return (day, _no_further(chart, anchor, entry, day)), text
    if anchor.relation in ("since", "after", "both"):
        return (day, day + limit if limit else None), text
    if anchor.relation == "before":
        return (day - limit if limit else None, day - one), text
    if anchor.relation == "until":
        return (None, day), text
    if entry.kind in ("encounter", "procedure"):
        return (day, last) if anchor.moment == "start" else (day, day), text
    return (day, day), text


def _through_emergency(chart: Chart, entry: Entry, day: Day) -> Day:
    """The day on which an admitted patient came: a stay in the emergency department just before belongs to it."""
    if entry.extra.get("class") not in ("IMP", "ACUTE", "NONAC"):
        return day
    for other in chart.entries("encounter"):
        ended = entry_end(other) or other.first
        if other.extra.get("class") == "EMER" and ended and other.first and 0 <= (day - ended).days <= 1:
            day = min(day, other.first)
    return day


def entry_end(entry: Entry) -> Day | None:
    covered = days(entry.end)
    return covered[1] if covered else None


def event_of(
    chart: Chart, anchor: Anchor, plan: Plan | None = None, but: Entry | None = None, after: Day | None = None
) -> tuple[Entry, Day] | None:
    """The entry that an anchor names, and its day; `but`: another one than this; `after`: the first after that day."""
    target = anchor.target
    if is_stay(anchor):
        stay = stay_of(chart, anchor)
        day = (stay.last if anchor.moment == "end" else stay.first) if stay else None
        return (stay.main, day) if stay and day else None
    months = [w for w in target.words if not w.isdigit()]
    years = [int(w) for w in target.words if w.isdigit()]
    bare = dataclasses.replace(target, words=(), purpose=(), loose=())
    entries = [e for e in _told_by_name(chart, anchor, plan) or matching(chart, bare) if e.first and happened(e) and e is not but]
    if anchor.named and not (target.concepts or _told_by_name(chart, anchor, plan)):
        return None
    if target.kinds == ("condition",) and not anchor.named:
        entries = exactly(entries, target.concepts)
    if target.kinds == ("condition",) and not target.concepts and not anchor.named and plan is not None:
        entries = _diagnosed(chart, plan)
    if anchor.bounds:
        entries = [e for e in entries if bounded(e, anchor.bounds) and (after is None or (e.first and e.first >= after))]
        return (entries[0], entries[0].first) if entries and entries[0].first else None
    if all(anchor.dated):
        entries = [e for e in entries if e.within(*anchor.dated)]
    if after is not None:
        return next(((e, e.first) for e in sorted(entries, key=lambda e: e.order) if e.first and e.first > after), None)
    if plan is not None and target.kinds == ("encounter",) and (plan.since or plan.until):
        ending = [e for e in entries if _ends_within(e, plan)] if anchor.moment == "end" else []
        entries = ending or [e for e in entries if e.within(plan.since, plan.until)] or entries
    ends = anchor.moment == "end" and target.kinds == ("encounter",)  # the month of a discharge is that of its day
    dated = [(e, (entry_end(e) if ends else None) or e.first) for e in entries]
    if months:
        dated = [(e, d) for e, d in dated if d and d.month == MONTHS.get(months[0])]
    if years:
        dated = [(e, d) for e, d in dated if d and d.year == years[0]]
    entries = [e for e, _ in dated]
    if anchor.moment == "change" and target.kinds == ("medication",):
        changed = [after for _, after in dose_changes(courses(entries, chart.as_of))]
        return (changed[-1], changed[-1].first) if changed and changed[-1].first else None
    if anchor.moment == "end" and target.kinds == ("medication",):
        ended = [(c.entries[-1], c.ended_day) for c in courses(entries, chart.as_of) if c.ended_day]
        return ended[-1] if ended else None
    if not entries:
        return None
    if target.kinds == ("result",):
        entries = entries[-1:] if anchor.pick != "earliest" else entries[:1]
    entry = (
        entries[0]
        if anchor.pick == "earliest"
        else entries[-2]
        if anchor.pick == "previous" and len(entries) > 1
        else entries[-1]
    )
    day = (entry_end(entry) if anchor.moment == "end" else None) or entry.first
    return (entry, day) if day else None


def by_the_clock(chart: Chart, plan: Plan, every: Sequence[Entry], inside: list[Entry]) -> list[Entry]:
    """What is inside, with the hours of an event's own day told apart where both tell the time: before it, after it."""
    for anchor in plan.anchors:
        if anchor.relation not in ("before", "after") or anchor.moment != "start" or is_stay(anchor) or anchor.visits or anchor.limit or anchor.same:
            continue
        event = event_of(chart, anchor, plan)
        at = moment(event[0]) if event and event[0].first == event[1] else None
        if event is None or at is None:
            continue
        if anchor.relation == "after":
            inside = [e for e in inside if e.first != event[1] or (when := moment(e)) is None or when > at]
        else:
            earlier = [e for e in every if e.first == event[1] and (when := moment(e)) is not None and when < at]
            inside = sorted([*inside, *(e for e in earlier if e not in inside)], key=lambda e: e.order)
    return inside


def moment(entry: Entry, ended: bool = False) -> float | None:
    """Seconds of its beginning, or its end, where the entry tells the time of day."""
    told = (entry.end if ended else entry.date) or ""
    covered = date_range(told) if len(told) >= 16 else None
    return covered[0] if covered else None


def _told_by_name(chart: Chart, anchor: Anchor, plan: Plan | None) -> list[Entry]:
    """The events that have every word of the name, those of the period asked about where there are such."""
    if not anchor.named:
        return []
    found = [e for kind in anchor.target.kinds for e in chart.entries(kind) if e.first and set(anchor.named) <= entry_stems(e)]
    found.sort(key=lambda e: e.order)
    return [e for e in found if plan and (plan.since or plan.until) and e.within(plan.since, plan.until)] or found


def _no_further(chart: Chart, anchor: Anchor, entry: Entry, day: Day) -> Day:
    """The last day of the month, or of the stay, of an event."""
    if anchor.same == "stay":
        return next((s.last or chart.as_of for s in stays(chart) if s.holds(entry)), day)
    return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)


def _ends_within(entry: Entry, plan: Plan) -> bool:
    end = entry_end(entry)
    return end is not None and not (plan.since and end < plan.since) and not (plan.until and end > plan.until)


def _diagnosed(chart: Chart, plan: Plan) -> list[Entry]:
    """The problem that "at diagnosis" means: the one that what is measured is followed for."""
    known = lexicon()
    wanted = {
        r for c in plan.target.concepts if c in known for r in known.related(c) if r.startswith("problem:")
    }
    found = [e for e in chart.entries("condition") if e.first and happened(e)]
    return [
        e
        for e in found
        if any(closeness(e.own, e.named, w) or (w in known and e.own & set(known.closure(w))) for w in wanted)
    ]
