"""Whether the dates of a sentence are those of its evidence, and of the thing they are said of."""

from __future__ import annotations

import datetime as dt
import re

from services.grounding.case import Case
from services.grounding.dates import When, yearless
from services.grounding.sources import Source, relation

_LABEL = re.compile(r"(?:^|\s)([A-Za-z]+):\s*$")
_ENDING = re.compile(
    r"\b(?:resolved|abated|ended|finished|discharged|stopped|until|died|cleared)\b", re.IGNORECASE
)
_BEGINNING = re.compile(r"\b(?:onset|began|begun|diagnosed|since|started|admitted|start)\b", re.IGNORECASE)
_ENDS = frozenset({"abated", "discharged", "end"})
_BEGINS = frozenset({"onset", "recorded", "ordered", "admitted", "start", "taken"})


def check_dates(case: Case) -> None:
    """Every date of the sentence."""
    for when in case.reading.dates:
        if when.relative and not when.readings:
            if not verbatim(case, when):
                case.bad("date", when.start, when.end, f"{when.text}: no such time in the evidence.")
            continue
        holders = [
            s
            for s in case.everything
            if any(when.holds(d) for d in s.dates()) or any(yearless(when, w) for w in s.reading.dates)
        ]
        if not holders:
            if when.relative and verbatim(case, when):
                continue
            if _bare_year(case, when):
                case.good("date", when.start, when.end, case.sources)
                continue
            if how := _when_due(case, when):
                case.good("date", when.start, when.end, case.sources, how)
                continue
            case.bad("date", when.start, when.end, f"{when.text} is no date of the evidence.")
            continue
        if not _of_part(case, when, holders):
            case.bad(
                "date", when.start, when.end, f"{when.text}: the evidence's day is in another part of it."
            )
            continue
        if not _of_what(case, when, holders):
            case.bad(
                "date", when.start, when.end, f"{when.text} is the date of something else in the evidence."
            )
            continue
        if not _right_end(case, when, holders):
            case.bad("date", when.start, when.end, f"{when.text} is another date of it in the evidence.")
            continue
        if other := _own_day(case, when):
            case.bad("date", when.start, when.end, f"The evidence gives {other} for it.")
            continue
        case.good("date", when.start, when.end, holders)


_OTHER = re.compile(r"[.;,:()\n]")


def _own_day(case: Case, when: When) -> str:
    """The day that the evidence gives right behind the thing that a date is said of ("abx stopped 10-Feb"), where it is
    another one each time; else ""."""
    before = [s for s in case.reading.seen if s.end <= when.start and s.concept.startswith(_HAPPENS)]
    if (
        not before
        or not (when.day or any(a == b for a, b in when.readings))
        or _OTHER.search(case.text[before[-1].end : when.start])
    ):
        return ""
    if any(d.start >= before[-1].end and d.end <= when.start for d in case.reading.dates):
        return ""
    told: list[When] = []
    for source in case.everything:
        reading = source.reading
        for seen in reading.seen:
            if not relation({before[-1].concept}, seen.concept):
                continue
            if source.entry:
                return ""
            day = next((d for d in reading.dates if d.start >= seen.end), None)
            gap = reading.text[seen.end : day.start] if day else ""
            if day is None or not day.readings or len(gap) > 40 or _OTHER.search(gap) or day.relative:
                return ""  # told of without a day: it may be this one
            told.append(day)
    wrong = told and not any(when.holds(r) for day in told for r in day.readings)
    return told[0].text if wrong else ""


_HAPPENS = ("drug:", "drugclass:", "procedure:", "vaccine:")

_PART = re.compile(
    r"\b(?:(?P<early>early(?: in)?)|(?P<late>late(?: in)?|the end of)|mid)[ -]$", re.IGNORECASE
)
_EARLY, _LATE = 15, 16
"""The last day of a month that may be called early, and the first that may be called late. A choice of this check."""


def _of_part(case: Case, when: When, holders: list[Source]) -> bool:
    """Whether a day of the evidence lies in the early or late part of a month, where the sentence says so."""
    part = _PART.search(case.text[: when.start])
    month = when.month is not None or any(27 < (b - a).days < 31 for a, b in when.readings)
    if not part or not month or not part.lastgroup:
        return True
    days = [a for s in holders for a, b in s.dates() if a == b and when.holds((a, b))]
    return not days or any(d.day <= _EARLY if part["early"] else d.day >= _LATE for d in days)


def _bare_year(case: Case, when: When) -> bool:
    """Whether the evidence has the year as a number of its own: "melanoma in situ R calf 2017"."""
    years = {a.year for a, b in when.readings if (b - a).days > 360}
    return any(
        a.figure.value in years and a.figure.unit is None and a.figure.kind == "value" and not a.topics
        for source in case.everything
        for a in source.reading.amounts
    )


_DUE = re.compile(
    r"\b(?:due|next|repeat\w*|until|till|surveillance|again|back|follow-?up|return|recheck\w*|scheduled|expected)\b",
    re.IGNORECASE,
)


def _when_due(case: Case, when: When) -> str:
    """A month or a year that is an interval of the evidence behind its own date: "repeat in 10 years" of 2020 is 2030."""
    exact = any(a == b for a, b in when.readings)
    if exact or not when.readings or not _DUE.search(case.text[: when.start]):
        return ""
    for source in case.sources:
        if not source.day or source.day[0] != source.day[1]:
            continue
        for amount in source.reading.amounts:
            figure = amount.figure
            months = _MONTHS.get(figure.unit or "", 0) * figure.value
            before = source.reading.text[max(0, figure.start - 60) : figure.start].rpartition(".")[2]
            if figure.kind != "duration" or not months or not re.search(r"\bin\s+(?:\d+-)?$", before):
                continue
            if _DUE.search(before) and when.holds((due := _later(source.day[0], months), due)):
                return f"{figure.text} after {source.day[0]}"
    return ""


_MONTHS = {"mo": 1.0, "a": 12.0}


def _later(day: dt.date, months: float) -> dt.date:
    place = day.year * 12 + day.month - 1 + round(months)
    return dt.date(place // 12, place % 12 + 1, min(day.day, 28))


def verbatim(case: Case, when: When) -> bool:
    """ "The previous month" is "last month"."""
    said = _LAST.sub("last", when.text.lower())
    return any(said in _LAST.sub("last", s.reading.text.lower()) for s in case.everything)


_LAST = re.compile(r"\b(?:previous|past)\b")


def _of_what(case: Case, when: When, holders: list[Source]) -> bool:
    """Whether a source with this date also mentions what the sentence says it of: the nearest thing in its clause."""
    if len(case.everything) < 2:
        return True
    seen = [
        s
        for s in case.reading.seen
        if s.concept.partition(":")[0] not in ("anatomy", "specialty", "document", "encounter")
    ]
    before = [s for s in seen if s.end <= when.start]
    if not before:
        return True
    nearest = before[-1]
    between = case.text[nearest.end : when.start]
    if any(d.start >= nearest.end and d.end <= when.start for d in case.reading.dates) or re.search(
        r"[;:]", between
    ):
        return True
    same = [s.concept for s in seen if s.start == nearest.start]
    holding = [s for s in case.everything if any(relation(same, x.concept) for x in s.reading.seen)]
    return not holding or any(s in holders for s in holding)


def _right_end(case: Case, when: When, holders: list[Source]) -> bool:
    """A day of onset is no day of resolution, nor one of admission a day of discharge, where the evidence tells them
    apart by a word right before the date."""
    near = re.split(r"[,;.]|\band\b", case.text[max(0, when.start - 40) : when.start])[-1]
    ending, beginning = _ENDING.search(near), _BEGINNING.search(near)
    if bool(ending) == bool(beginning):
        return True
    wrong = _BEGINS if ending else _ENDS
    labels = [
        label[1].lower() if (label := _LABEL.search(source.reading.text[: day.start])) else ""
        for source in holders
        for day in source.reading.dates
        if any(when.holds(r) for r in day.readings)
    ]
    return not labels or any(label not in wrong for label in labels)
