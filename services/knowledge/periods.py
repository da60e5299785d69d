"""Times that a question names: "in 2019", "since March 2024", "past 6 months", "yesterday"."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable

from services.knowledge.time_words import MONTHS

Day = dt.date
Period = tuple[Day | None, Day | None]

_M = "|".join(sorted(MONTHS, key=len, reverse=True))
_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_NUMBERS = {w: i for i, w in enumerate(_WORDS, 1)} | {"a": 1, "an": 1, "couple": 2, "few": 3, "several": 6}
_N = r"(?P<{0}>[0-9]{{1,3}}|a couple of|couple of|a few|few|several|" + "|".join(_WORDS) + ")"
_U = r"(?P<{0}>day|week|month|year|decade|hour|yr|mo|wk)s?"

# One date of any written form. The year alone counts from 1900 to 2099; in records whose dates were shifted by a
# century or two (as de-identified ones are) to 2299.
_YEAR = r"(?:19|2[0-2])[0-9]{2}"
_DATE = (
    rf"(?:{_YEAR}-[0-9]{{1,2}}-[0-9]{{1,2}}|{_YEAR}[-/][0-9]{{1,2}}(?![0-9])|[0-9]{{1,2}}/[0-9]{{1,2}}/(?:{_YEAR}|[0-9]{{2}})"
    rf"|[0-9]{{1,2}}/{_YEAR}|(?:{_M})\.?,? (?:of )?{_YEAR}|(?:{_M})\.? [0-9]{{1,2}}(?:st|nd|rd|th)?,? {_YEAR}"
    rf"|[0-9]{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{_M})\.?,? {_YEAR}|{_YEAR})"
)
_EDGE = r"(?<![\w./-])"
_TAIL = r"(?![\w/-])(?!\.[0-9])"


def _pattern(body: str) -> re.Pattern[str]:
    return re.compile(_EDGE + body + _TAIL, re.IGNORECASE)


_RANGE = _pattern(
    rf"(?:(?:between|from) (?P<a>{_DATE}) (?:and|to|until|through|till|-|–) (?P<b>{_DATE})"
    rf"|(?P<c>{_DATE}) ?(?:to|until|through|-|–|—) ?(?P<d>{_DATE}))"
)
_POINT = _pattern(
    rf"(?:(?P<op>since|after|following|from|before|prior to|until|till|up to|through|by|in|during|on|of|as of|back in)"
    rf" (?:early |late |mid[- ]?|the year )?)?(?P<date>{_DATE})(?P<on> onwards?)?"
)
_ROLLING = _pattern(
    r"(?:(?:in|over|within|during|for) )?(?:the )?(?P<w>last|past|previous|prior|preceding) "
    + _N.format("n")
    + " "
    + _U.format("u")
)
_WITHIN = _pattern(r"within (?:the )?(?:last |past )?" + f"(?:{_N.format('n')}|a|an) " + _U.format("u"))
_ROLLING_ONE = _pattern(
    r"(?:in|over|within|during|for) the (?:last|past|previous) (?P<u>day|week|month|year|decade|quarter)"
    r"|(?:over|within|during) (?:last|past) (?P<v>day|week|month|year|decade)|past (?P<x>day|week|month|year|decade)"
)
_AGO = _pattern(
    r"(?P<since>since |after )?(?:about |around )?(?:" + _N.format("n") + "|a|an) " + _U.format("u") + " ago"
)
_NAMED = _pattern(
    r"(?P<op>since |before |from |in |during )?(?P<what>today|yesterday|tonight|this morning|tomorrow"
    r"|(?:last|previous|prior|this|current|next) (?:week|month|year|calendar year))"
)
_MONTH_ONLY = _pattern(
    rf"(?P<op>(?:since|before|after|from) last|since|in|during|before|after|from|last|this past) (?P<m>{'|'.join(m for m in calendar.month_name if m)})"
)


def _month_end(year: int, month: int) -> Day:
    return Day(year, month, calendar.monthrange(year, month)[1])


def _span(text: str) -> tuple[Day, Day]:
    """First and last day of a written date; ValueError when there is no such day."""
    words = re.findall(r"[0-9]+|[A-Za-z]+", text.lower())
    month = next((MONTHS[w] for w in words if w in MONTHS), None)
    numbers = [int(w) for w in words if w.isdigit()]
    if month is not None:
        year = next(n for n in numbers if n >= 1900)
        days = [n for n in numbers if n < 100]
        if days:
            return Day(year, month, days[0]), Day(year, month, days[0])
        return Day(year, month, 1), _month_end(year, month)
    if len(numbers) == 1:
        return Day(numbers[0], 1, 1), Day(numbers[0], 12, 31)
    if len(numbers) == 2:
        year, month = numbers if numbers[0] > 1000 else reversed(numbers)
        return Day(year, month, 1), _month_end(year, month)
    if numbers[0] > 1000:
        day = Day(*numbers[:3])
    else:  # month first, as written in the United States, unless that can't be
        first, second, year = numbers[:3]
        year += 0 if year > 99 else (2000 if year < 70 else 1900)
        day = Day(year, second, first) if first > 12 else Day(year, first, second)
    return day, day


def _back(day: Day, count: int, unit: str) -> Day:
    unit = {"yr": "year", "mo": "month", "wk": "week"}.get(unit, unit)
    if unit in ("day", "hour"):
        return day - dt.timedelta(days=count if unit == "day" else max(1, -(-count // 24)))
    if unit == "week":
        return day - dt.timedelta(weeks=count)
    months = count * {"month": 1, "quarter": 3, "year": 12, "decade": 120}[unit]
    total = day.year * 12 + day.month - 1 - months
    year, month = divmod(total, 12)
    return Day(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _count(text: str | None) -> int:
    if not text:
        return 1
    words = text.lower().split()
    return (
        int(words[0]) if words[0].isdigit() else next((_NUMBERS[w] for w in words if w not in ("a", "an")), 1)
    )


def _opened(op: str | None, first: Day, last: Day) -> Period:
    op = (op or "").strip().lower()
    one = dt.timedelta(days=1)
    if op in ("since", "from"):
        return first, None
    if op in ("after", "following"):
        return last + one, None
    if op in ("before", "prior to"):
        return None, first - one
    if op in ("until", "till", "up to", "through", "by", "as of"):
        return None, last
    return first, last


def _range(m: re.Match[str], today: Day) -> Period:
    first, last = _span(m["a"] or m["c"]), _span(m["b"] or m["d"])
    return min(first[0], last[0]), max(first[1], last[1])


def _point(m: re.Match[str], today: Day) -> Period:
    first, last = _span(m["date"])
    return _opened("since" if m["on"] else m["op"], first, last)


def _rolling(m: re.Match[str], today: Day) -> Period:
    return _back(today, _count(m["n"]), m["u"].lower()), today


def _rolling_one(m: re.Match[str], today: Day) -> Period:
    return _back(today, 1, (m["u"] or m["v"] or m["x"]).lower()), today


def _ago(m: re.Match[str], today: Day) -> Period:
    unit = m["u"].lower()
    day = _back(today, _count(m["n"]), unit)
    if m["since"]:
        return day, None
    # "Two months ago" is no exact day: half a unit on each side.
    slack = dt.timedelta(days={"day": 0, "hour": 0, "week": 3, "wk": 3, "month": 15, "mo": 15}.get(unit, 183))
    return day - slack, min(day + slack, today)


def _named(m: re.Match[str], today: Day) -> Period:
    what = m["what"].lower()
    one = dt.timedelta(days=1)
    if what in ("today", "tonight", "this morning"):
        first = last = today
    elif what in ("yesterday", "tomorrow"):
        first = last = today - one if what == "yesterday" else today + one
    else:
        which, unit = what.split(" ", 1)
        step = {"this": 0, "current": 0, "next": 1}.get(which, -1)
        if unit == "week":
            first = today - dt.timedelta(days=today.weekday()) + dt.timedelta(weeks=step)
            last = first + dt.timedelta(days=6)
        elif unit == "month":
            first = _back(today.replace(day=1), -step, "month")
            last = _month_end(first.year, first.month)
        else:
            first, last = Day(today.year + step, 1, 1), Day(today.year + step, 12, 31)
    return _opened(m["op"], first, last)


def _month_only(m: re.Match[str], today: Day) -> Period:
    month = MONTHS[m["m"].lower()]
    year = today.year if month <= today.month else today.year - 1
    op = m["op"].lower().removesuffix(" last")
    return _opened(
        op if op in ("since", "before", "after", "from") else None,
        Day(year, month, 1),
        _month_end(year, month),
    )


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Day], Period]], ...] = (
    (_RANGE, _range),
    (_POINT, _point),
    (_ROLLING, _rolling),
    (_AGO, _ago),
    (_WITHIN, _rolling),
    (_ROLLING_ONE, _rolling_one),
    (_NAMED, _named),
    (_MONTH_ONLY, _month_only),
)
_QUICK = re.compile(
    r"19[0-9]{2}|2[0-2][0-9]{2}|[0-9]/[0-9]|last|past|prev|prior|preced|ago|day|week|month|year|this|next|tonight|morrow|within"
    r"|since|in |during|before|after|from ",
    re.IGNORECASE,
)


def find_period(
    text: str, as_of: Day, taken: Callable[[int, int], bool] | None = None
) -> tuple[Period, list[tuple[int, int]]]:
    """The period that a question asks for, and where it says so.

    `taken(start, end)` tells which places mean something else (a value after a comparison). Several
    statements narrow each other: "since 2019 ... before 2022".
    """
    period: Period = (None, None)
    spans: list[tuple[int, int]] = []
    if not _QUICK.search(text):
        return period, spans
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(a < end and start < b for a, b in spans) or (taken and taken(start, end)):
                continue
            try:
                first, last = read(match, as_of)
            except (ValueError, OverflowError, KeyError):
                continue  # "2024-13-45" is no date
            if as_of.year < 2100 and any(d and d.year >= 2100 for d in (first, last)):
                continue  # an amount, not a year
            spans.append((start, end))
            low = max((d for d in (period[0], first) if d), default=None)
            high = min((d for d in (period[1], last) if d), default=None)
            period = (low, high) if not (low and high and low > high) else (first, last)
            if len(spans) >= 8:
                return period, sorted(spans)
    return period, sorted(spans)
