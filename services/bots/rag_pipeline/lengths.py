"""Lengths of time: of a stay, since an event, between two."""

from __future__ import annotations

import calendar
import datetime as dt

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.answer import (
    Answer,
    Source,
    Statement,
    absent,
    number,
    shown,
)
from services.bots.rag_pipeline.event_told import said, source
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.windows import entry_end, event_of, is_stay, moment
from services.chart.chart import Chart
from services.chart.entry import Entry, days
from services.chart.stays import stays
from services.fhir.indexing import date_range


def _months_later(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.month - 1 + months, 12)
    return dt.date(day.year + year, month + 1, min(day.day, calendar.monthrange(day.year + year, month + 1)[1]))


def span(first: dt.date, last: dt.date) -> tuple[str, dict]:
    """The time between two days in the unit that people would use, and as the wire's result."""
    length = (last - first).days
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    if length < 0:
        text, result = span(last, first)
        return text, result
    if months >= 24:
        text, result = f"{months // 12} years", number(round(length / 365.2425, 1), "a")
        if months % 12:
            text += f" and {months % 12} {'month' if months % 12 == 1 else 'months'}"
    elif months >= 2:
        rest = (last - _months_later(first, months)).days
        text = f"{months} months{f' and {rest} ' + ('day' if rest == 1 else 'days') if rest and months < 6 else ''}"
        result = number(round(length / 30.436875, 1), "mo")
    else:
        text, result = f"{length} {'day' if length == 1 else 'days'}", number(length, "d")
    return text, result | {
        "days": length,
        "months": months,
        "from": first.isoformat(),
        "to": last.isoformat(),
    }


def asked_unit(plan: Plan, result: dict) -> dict:
    """The duration in the unit that the question names."""
    text = plan.question.text.lower()
    for word, unit, size in (
        ("day", "d", "days"),
        ("week", "wk", "days"),
        ("month", "mo", "months"),
        ("year", "a", "months"),
    ):
        if f"many {word}" in text or f"in {word}s" in text:
            raw = (
                result[size]
                if unit in ("d", "mo")
                else result["days"] // 7
                if unit == "wk"
                else result["months"] // 12
            )
            return result | number(raw, unit)
    return result


def event_duration(chart: Chart, plan: Plan, chosen: list[Entry], steps: list[str]) -> Answer:
    entry = chosen[0] if plan.pick == "earliest" else chosen[-1]
    end, first = entry_end(entry), entry.first
    text = plan.question.text.lower()
    if first and (from_then := _FROM_AN_EVENT.search(text)) and plan.anchors and (event := event_of(chart, plan.anchors[0], plan)):
        length, result = span(event[1], first)
        told = f"{length} {from_then['rel']} {event[0].name} ({shown(event[1].isoformat())}): {said(entry)}."
        sources = (Source(event[0], f"{event[0].name}, {shown(event[0].date)}"), source(entry))
        return Answer([Statement(told, sources)], asked_unit(plan, result), steps=steps)
    since = cues.re.search(r"\b(?:since|ago|has it been|passed|elapsed)\b", text)
    if not since and (picked := _OF_SEVERAL.search(text)) and entry.kind == "encounter":
        return _of_several(chosen, picked, steps)
    if not since and entry.kind == "encounter" and (hours := _hours(entry)) and ("hour" in text or hours < _A_DAY):
        told = f"{hours:g} {'hour' if hours == 1 else 'hours'}: {said(entry)}."
        return Answer([Statement(told, (source(entry),))], number(hours, "h"), steps=steps)
    if not since and end and first and entry.kind in ("encounter", "procedure"):
        length, result = span(first, end)
        return Answer(
            [Statement(f"{length}: {said(entry)}.", (source(entry),))], asked_unit(plan, result), steps=steps
        )
    if not since and entry.kind == "procedure" and _LASTED.search(text):
        return absent(f"The record does not say how long it lasted: {said(entry)}.", steps, [source(entry)])
    start = end if end and "discharge" in text else first
    if start is None:
        return absent(f"The record gives no date for {entry.name}.", steps, [source(entry)])
    length, result = span(start, chart.as_of)
    return Answer(
        [Statement(f"{length} ago (to {shown(chart.as_of.isoformat())}): {said(entry)}.", (source(entry),))],
        asked_unit(plan, result),
        steps=steps,
    )


_LASTED = cues.re.compile(r"\bhow long (?:was|were|did)\b|\b(?:duration|length) of\b")
_OF_SEVERAL = cues.re.compile(r"\b(?:(?P<mean>average|mean)|(?P<longest>longest)|(?P<shortest>shortest)|(?P<total>total)) (?:(?:hospital )?length of (?:hospital )?stay|(?:hospital )?stay|duration|admission|los|time in (?:the )?hospital)\b")


def _of_several(chosen: list[Entry], asked: cues.re.Match[str], steps: list[str]) -> Answer:
    """The mean, longest, shortest or whole length of several stays, in days."""
    lasted = [(e, (end - e.first).days) for e in chosen if e.first and (end := entry_end(e))]
    if not lasted:
        return absent("Not found in the record: no stay with a beginning and an end.", steps, list(map(source, chosen[-3:])))
    lengths = [n for _, n in lasted]
    value = sum(lengths) if asked["total"] else sum(lengths) / len(lengths) if asked["mean"] else max(lengths) if asked["longest"] else min(lengths)
    told = "; ".join(f"{n} {'day' if n == 1 else 'days'}: {said(e)}" for e, n in lasted)
    return Answer([Statement(f"{value:.3g} days of {len(lasted)}: {told}.", tuple(source(e) for e, _ in lasted))], number(round(value, 2), "d"), steps=steps)


_FROM_AN_EVENT = cues.re.compile(r"\b(?:how long|how many \w+|time)(?: passed| elapsed)? (?P<rel>after|before|since|following)\b")
_A_DAY = 24


def _hours(entry: Entry) -> float:
    """How many hours a visit took; 0 where the record has no times of it."""
    if "T" not in (entry.date or "") or "T" not in (entry.end or ""):
        return 0
    start, end = date_range(entry.date), date_range(entry.end)
    return round((end[0] - start[0]) / 3600, 1) if start and end and end[0] > start[0] else 0


def age_at(chart: Chart, entry: Entry, steps: list[str]) -> Answer:
    """How old the patient was on the day of an event, in completed years."""
    birth = chart.patient.resource.get("birthDate")
    born, day = days(birth), entry.first
    if not born or not day or len(birth or "") < 10:
        return absent(
            f"Not found in the record: the birth date or the date of {entry.name}.", steps, [source(entry)]
        )
    years = day.year - born[0].year - ((day.month, day.day) < (born[0].month, born[0].day))
    person = chart.entries("patient")[0]
    sources = (source(entry), Source(person, f"born {shown(birth)}", "birthDate"))
    return Answer([Statement(f"{years} years old: {said(entry)}.", sources)], number(years, "a"), steps=steps)


_AFTER = cues.re.compile(r"\b(?:days|weeks|months|years|hours|long|time) (?:after|following|since)\b", cues.re.IGNORECASE)
_WHICH = cues.re.compile(r"\b(?:first|last|latest|second|third|most recent|initial|final|next)\b", cues.re.IGNORECASE)


def interval(chart: Chart, plan: Plan) -> Answer:
    """The time between two events."""
    ends = []
    for anchor in plan.anchors[:2]:
        after = ends[0][1] if ends and (anchor.pick == "next" or anchor.bounds) else None
        event = event_of(chart, anchor, plan, after=after)
        if ends and event and not is_stay(anchor) and _AFTER.search(plan.question.text) and not _WHICH.search(anchor.text):
            # "How many days after the admission was the drain": the first that came after it.
            event = event_of(chart, anchor, plan, after=ends[0][1] - dt.timedelta(days=1), but=ends[0][0]) or event
        if event is None:
            return absent(
                f"Not found in the record: {anchor.text.strip()}.", [f"no event for {anchor.text.strip()}"]
            )
        if ends and event[0] is ends[0][0]:  # one entry has both names: one of them is another's
            other = event_of(chart, anchor, plan, but=event[0])
            if other is None and (first := event_of(chart, plan.anchors[0], plan, but=event[0])):
                ends[0] = first
            elif other is None:
                return absent(f"Not found in the record: two events; {event[0].name} is both.", ["one entry is both"])
            event = other or event
        ends.append(event)
    ends = _of_one_stay(chart, plan, ends)
    (one, first), (two, last) = ends
    length, result = span(first, last)
    if "hour" in plan.question.text.lower():
        at, then = (moment(entry, ended=entry.first != day) for entry, day in ends)
        if at is None or then is None:
            told = f"{one.name} ({shown(one.date)}) to {two.name} ({shown(two.date)})"
            return absent(f"The record does not tell the time of day of both: {told}.", [], [Source(one, f"{one.name}, {shown(one.date)}"), Source(two, f"{two.name}, {shown(two.date)}")])
        hours = round(abs(then - at) / 3600, 1)
        length, result = f"{hours:g} {'hour' if hours == 1 else 'hours'}", number(hours, "h")
    text = f"{length}: {one.name} ({shown(first.isoformat())}) to {two.name} ({shown(last.isoformat())})."
    return Answer(
        [
            Statement(
                text,
                (
                    Source(one, f"{one.name}, {shown(one.date)}"),
                    Source(two, f"{two.name}, {shown(two.date)}"),
                ),
            )
        ],
        result if result["unit"] == "h" else asked_unit(plan, result),
        steps=[text],
    )


def _of_one_stay(chart: Chart, plan: Plan, ends: list[tuple[Entry, dt.date]]) -> list[tuple[Entry, dt.date]]:
    """The ends, with an admission or a discharge that nothing tells from others taken of the stay in which the other end lies."""
    for i, anchor in enumerate(plan.anchors[:2]):
        entry, other = ends[i][0], ends[1 - i]
        if entry.kind != "encounter" or other[0].kind == "encounter" or is_stay(anchor) or anchor.target.words or all(anchor.dated) or "EMER" in anchor.target.classes:
            continue
        for stay in stays(chart):
            if stay.first and (stay.holds(other[0]) or stay.first <= other[1] <= (stay.last or chart.as_of)):
                day = stay.last if anchor.moment == "end" else stay.first
                if day and stay.main is not entry:
                    ends = [(stay.main, day) if j == i else e for j, e in enumerate(ends)]
                break
    return ends
