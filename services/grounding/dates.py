"""Dates in a text, at the precision that it gives them.

A written date has one or more readings (03/12/2024), each a first and a last day; a date without a year
("in March", "12 March") has a month and perhaps a day; one that is told from today ("last year") has a
reading only where the day of telling is known.
"""

from __future__ import annotations

import calendar
import contextlib
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.grounding.words import NUMBER_WORDS

Span = tuple[dt.date, dt.date]


@dataclass(frozen=True, slots=True)
class When:
    """A date in a text."""

    start: int
    end: int
    text: str
    readings: tuple[Span, ...] = ()
    month: int | None = None
    """Of a date without a year."""
    day: int | None = None
    relative: bool = False
    """Told from today ("last year")."""

    def holds(self, other: Span) -> bool:
        """Whether a recorded date lies within this one: March 2024 holds 12-Mar-2024, and not the reverse."""
        first, last = other
        if self.month is not None:
            same = first.month == last.month == self.month and first.year == last.year
            return same and (self.day is None or first.day == last.day == self.day)
        return any(a <= first and last <= b for a, b in self.readings)


_MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): i for i, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_M = r"(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_FULL = (
    r"(?:"
    + "|".join(m for m in calendar.month_name if m)
    + r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
)
_Y = r"(?:19|20)\d\d"
_ANY = r"\d{4}"  # beside a month any four digits are a year, if perhaps a wrong one
_D = r"(?:0?[1-9]|[12]\d|3[01])"
_TH = r"(?:st|nd|rd|th)?"
_SEP = r"(?:\s*[-–./]\s*|\s+)"
_UNIT = r"(?!\s?(?:(?:mg|mcg|g|ml|units?|iu|pg|ng|copies|cells|steps|kcal|calories|m|km)\b|u/|/|%|×|x\d))"
_NOT_IN_WORD = r"(?<![\w.])"
_END = r"(?![\w]|\.\d)"

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(_NOT_IN_WORD + body + _END, flags))
    for kind, body, flags in (
        (
            "iso",
            rf"(?P<y>{_ANY})-(?P<m>\d\d)-(?P<d>\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?",
            0,
        ),
        ("named", rf"(?P<d>{_D}){_TH}(?:\s+of)?{_SEP}(?P<n>{_M}),?{_SEP}(?P<y>{_ANY})", re.IGNORECASE),
        (
            "first",
            rf"(?P<d>{_D}){_TH}(?=\s?(?:to|[-–]|and|until|through)\s?{_D}{_TH}\s(?P<n>{_FULL}),?\s(?P<y>{_Y}))",
            re.IGNORECASE,
        ),
        ("named", rf"(?P<n>{_M}){_SEP}(?P<d>{_D}){_TH}(?:,\s*|\s+)(?P<y>{_ANY}){_UNIT}", re.IGNORECASE),
        ("named", rf"(?P<d>{_D})[-–](?P<n>{_M})[-–](?P<s>\d\d)", re.IGNORECASE),
        ("figures", rf"(?P<a>\d{{1,2}})(?P<p>[/.-])(?P<b>\d{{1,2}})(?P=p)(?P<y>{_Y}|\d\d)", 0),
        ("iso", rf"(?P<y>{_Y})[-/](?P<m>0[1-9]|1[0-2])(?![-/\d])", 0),
        ("iso", rf"(?P<m>0?[1-9]|1[0-2])/(?P<y>{_Y})", 0),
        ("named", rf"(?P<n>{_M}),?(?:\s+of)?{_SEP}(?P<y>{_Y}){_UNIT}", re.IGNORECASE),
        ("named", rf"(?P<n>{_FULL})\s?['’](?P<s>\d\d)", 0),
        ("yearless", rf"(?P<d>{_D}){_TH}(?:\s+of)?[ -](?P<n>{_FULL})", 0),
        ("yearless", rf"(?P<n>{_FULL})\s(?:the\s)?(?P<d>{_D}){_TH}(?![/:%]|\s?(?:mg|%))", 0),
        (
            "year",
            rf"(?P<y>{_Y})(?=(?:\s?[-–/]\s?|\s(?:to|and|until|through|or)\s){_Y}{_END}{_UNIT})(?!-\d\d-)",
            0,
        ),
        ("year", rf"(?<=\d\d\d\d[-–/])(?P<y>{_Y}){_UNIT}", 0),
        (
            "year",
            r"(?P<lead>(?:in|since|during|(?:the |calendar )?year|until|till|through|early|late|mid|by|spring|summer"
            rf"|fall|autumn|winter|before|after|circa|back to|dating to|onset|dated|diagnosed|{_Y} (?:and|to|or|until|through))[ -](?:of )?(?:the year )?(?:early |late |mid-?)?)"
            rf"(?P<y>{_Y}){_UNIT}(?!/)",
            re.IGNORECASE,
        ),
        (
            "year",
            rf"(?P<lead>(?:from|of|with|than|versus|vs\.?) )(?P<y>{_Y})(?=\s*[.,;()\[]|\s*$|\s+(?:is|was|are|were|has|have|had|remains?|which|that|and)\b)",
            0,
        ),
        ("year", rf"(?<=\()(?P<y>{_Y})(?=[),;])|(?<=[A-Z][A-Z][A-Z]\s)(?P<z>{_Y})(?=\))", 0),
        (
            "month",
            r"(?P<lead>(?:[Ii]n|[Ss]ince|[Dd]uring|[Uu]ntil|[Bb]y|[Ff]rom|[Tt]o|[Ee]arly|[Ll]ate|[Mm]id|[Ll]ast|[Tt]his|[Tt]he|of|and|'s)"
            rf"[ -](?:early |late |mid-?)?)(?P<n>{_FULL})(?!\s+(?:have|be|not|need|also|cause|help|benefit|require)\b)",
            0,
        ),
        ("month", rf"(?P<n>{_FULL})(?='s\s|\s(?:value|result|reading|visit|note|level|test|labs?)\b)", 0),
    )
)
_COUNT = r"\d{1,3}|an?|" + "|".join(NUMBER_WORDS) + r"|a couple of|a few|several"
_AGO = re.compile(rf"\b(?P<n>{_COUNT})\s+(?P<u>day|week|month|year)s?\s+ago\b", re.IGNORECASE)
_NAMED = re.compile(
    r"\b(yesterday|today|tomorrow|(?:last|this|previous|past|next) (?:week|month|year))\b", re.IGNORECASE
)


def find_dates(text: str, as_of: dt.date | None = None) -> list[When]:
    """The dates of the text in order, without overlaps. `as_of`: the day on which "last year" is said."""
    found: list[When] = []
    taken = bytearray(len(text))
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start = match.end("lead") if "lead" in match.re.groupindex and match["lead"] else match.start()
            if any(taken[start : match.end()]):
                continue
            when = _read(kind, match, start)
            if when is not None:
                taken[start : match.end()] = b"\1" * (match.end() - start)
                found.append(when)
    found += _relative(text, as_of, taken)
    return sorted(found, key=lambda w: w.start)


def yearless(said: When, found: When) -> bool:
    """Whether both name the same month, and day, without a year."""
    return (
        said.month is not None
        and found.month == said.month
        and (not found.readings or found.month is not None)
        and (said.day is None or found.day == said.day)
    )


def of_day(when: When, day: dt.date) -> When:
    """A date of a text that was written on this day: without a year the nearest such one, and what "tomorrow" and
    "12 days ago" come to. What it comes to on no such day is left as it is."""
    if when.readings:
        return when
    if when.relative:
        return next(
            (replace(when, readings=found.readings) for found in _relative(when.text, day, bytearray(99))),
            when,
        )
    if when.month is None:
        return when
    spans = []
    for year in (day.year - 1, day.year, day.year + 1):
        with contextlib.suppress(ValueError):
            spans.append(_span(year, when.month, when.day))
    if not spans:
        return when
    return replace(when, readings=(min(spans, key=lambda s: _apart(s, day)),))


def _apart(span: Span, day: dt.date) -> float:
    """How far a day lies from a span; one to come counts double, since a text mostly tells what has been."""
    days = (span[0] + (span[1] - span[0]) / 2 - day).days
    return 2.0 * days if days > 0 else -days


def span_of(iso: str | None) -> Span | None:
    """First and last day of an ISO date of any precision."""
    match = re.match(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", iso or "")
    if not match:
        return None
    try:
        return _span(int(match[1]), int(match[2]) if match[2] else None, int(match[3]) if match[3] else None)
    except ValueError:
        return None


def _span(year: int, month: int | None = None, day: int | None = None) -> Span:
    if month is None:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    if day is None:
        return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
    return dt.date(year, month, day), dt.date(year, month, day)


def _read(kind: str, match: re.Match[str], start: int) -> When | None:
    groups = match.groupdict()
    text = match.string[start : match.end()]
    month = _MONTHS[groups["n"].lower().rstrip(".")] if groups.get("n") else None
    try:
        if kind == "figures":
            readings = tuple(_either(int(groups["a"]), int(groups["b"]), _year(groups["y"])))
            return When(start, match.end(), text, readings)
        if kind in ("month", "yearless"):
            day = int(groups["d"]) if groups.get("d") else None
            return When(start, match.end(), text, month=month, day=day)
        year = _year(groups.get("y") or groups.get("z") or groups["s"])
        if groups.get("m"):
            month = int(groups["m"])
        day = int(groups["d"]) if groups.get("d") else None
        return When(start, match.end(), text, (_span(year, month, day),))
    except ValueError:  # no such day: a date all the same, which nothing in the evidence can be
        return When(start, match.end(), text, ())


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) > 2 else year + (2000 if year < 70 else 1900)


def _either(first: int, second: int, year: int) -> Iterator[Span]:
    """Both readings of figures: day first, month first."""
    for month, day in dict.fromkeys(((first, second), (second, first))):
        try:
            yield _span(year, month, day)
        except ValueError:
            continue


def _relative(text: str, as_of: dt.date | None, taken: bytearray) -> Iterator[When]:
    for match in _AGO.finditer(text):
        word = match["n"].lower()
        count = (
            int(word)
            if word.isdigit()
            else {"a": 1, "an": 1, "a couple of": 2}.get(word, NUMBER_WORDS.get(word))
        )
        yield When(
            match.start(), match.end(), match.group(), _ago(as_of, count, match["u"].lower()), relative=True
        )
    for match in _NAMED.finditer(text):
        if not any(taken[match.start() : match.end()]):
            yield When(
                match.start(), match.end(), match.group(), _named(as_of, match.group().lower()), relative=True
            )


def _ago(as_of: dt.date | None, count: float | None, unit: str) -> tuple[Span, ...]:
    """ "Three months ago" is no exact day: half a unit on each side."""
    if as_of is None or count is None:
        return ()
    days = {"day": 1.0, "week": 7.0, "month": 30.44, "year": 365.25}[unit]
    slack = 0.0 if unit == "day" else days / 2
    try:
        return (
            (
                as_of - dt.timedelta(count * days + slack),
                as_of - dt.timedelta(max(0.0, count * days - slack)),
            ),
        )
    except OverflowError:
        return ()


def _named(as_of: dt.date | None, words: str) -> tuple[Span, ...]:
    if as_of is None:
        return ()
    if words in ("today", "yesterday", "tomorrow"):
        day = as_of + dt.timedelta({"today": 0, "yesterday": -1, "tomorrow": 1}[words])
        return ((day, day),)
    which, unit = words.split()
    step = {"this": 0, "next": 1}.get(which, -1)
    if unit == "year":
        found = [_span(as_of.year + step)]
        days = 365
    elif unit == "month":
        months = as_of.year * 12 + as_of.month - 1 + step
        found, days = [_span(months // 12, months % 12 + 1)], 31
    else:
        monday = as_of - dt.timedelta(as_of.weekday()) + dt.timedelta(weeks=step)
        found, days = [(monday, monday + dt.timedelta(6))], 7
    if step < 0:  # "the past year" is also the twelve months up to now
        found.append((as_of - dt.timedelta(days), as_of))
    return tuple(found)
