"""Three-valued logic and dates that may be known only to the month or year."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from services.chart.entry import days
from services.index.text import values

Truth = bool | None
"""None: it can't be told. It never counts as true."""
DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date.min, dt.date.max


class Span(NamedTuple):
    """The days, first and last, that a moment may be: one day, or the whole month or year that is known."""

    first: dt.date
    last: dt.date


FOREVER = Span(LAST, LAST)


def span(value: str | None) -> Span | None:
    """The days of a FHIR date or dateTime as its source wrote it; None where it is none."""
    covered = days(value) if value else None
    return Span(*covered) if covered else None


def everyone(truths: Iterable[Truth]) -> Truth:
    """Kleene's "and"."""
    told = list(truths)
    return False if False in told else (None if None in told else True)


def anyone(truths: Iterable[Truth]) -> Truth:
    """Kleene's "or"."""
    told = list(truths)
    return True if True in told else (None if None in told else False)


def within(moment: Span | None, first: dt.date, last: dt.date) -> Truth:
    """Whether the moment is one of the days first..last; None where it is only perhaps."""
    if moment is None:
        return None
    if moment.last < first or moment.first > last:
        return False
    return True if moment.first >= first and moment.last <= last else None


def months_from(day: dt.date, months: int) -> dt.date:
    """The same day some months later (or earlier), or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return FIRST if year < 1 else LAST
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def age_on(born: dt.date, day: dt.date) -> int:
    """Completed years. Born on 29 February: a year older on 1 March of other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def birthday(born: dt.date, years: int) -> dt.date:
    """The day on which somebody born then is so many years old."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:  # 29 February
        return dt.date(born.year + years, 3, 1)


@dataclass(frozen=True, slots=True)
class Frame:
    """The moment that is judged at, and the measurement period: the calendar year of it."""

    as_of: dt.datetime
    strict: bool = False

    @property
    def today(self) -> dt.date:
        return self.as_of.date()

    @property
    def start(self) -> dt.date:
        return dt.date(self.today.year, 1, 1)

    @property
    def end(self) -> dt.date:
        return dt.date(self.today.year, 12, 31)

    def on(self, day: dt.date) -> Frame:
        """The frame of another day, judged at its beginning."""
        return Frame(dt.datetime(day.year, day.month, day.day, tzinfo=self.as_of.tzinfo), self.strict)

    def in_year(self, year: int) -> Frame:
        """The frame of another year, judged at its first day."""
        return self.on(dt.date(year, 1, 1))


@dataclass(frozen=True, slots=True)
class Window:
    """Days around the measurement period, or before the moment that is judged at (`rolling`).

    `back`: months before the period's start, None for ever; `until`: months after its start, that day not
    included, None for the end of the period.
    """

    back: int | None = 0
    until: int | None = None
    rolling: bool = False

    def days(self, frame: Frame) -> tuple[dt.date, dt.date]:
        """Its first and last day."""
        if self.rolling:
            return (FIRST if self.back is None else months_from(frame.today, -self.back) + DAY), frame.today
        first = FIRST if self.back is None else months_from(frame.start, -self.back)
        return first, frame.end if self.until is None else months_from(frame.start, self.until) - DAY

    def until_when(self, day: dt.date, frame: Frame) -> dt.date:
        """The first day on which something done that day no longer lies in the window; LAST for never."""
        if self.back is None:
            return LAST
        if self.rolling:
            return months_from(day, self.back)
        year = frame.today.year
        while year < frame.today.year + 30 and self.days(frame.in_year(year))[0] <= day:
            year += 1
        return dt.date(year, 1, 1)

    def told(self, frame: Frame) -> str:
        """For a reason, with the dates of the frame."""
        first, last = self.days(frame)
        if self.back is None:
            return (
                "in the record"
                if self.until is None or self.rolling
                else f"before {values.date((last + DAY).isoformat())}"
            )
        if first == dt.date(first.year, 1, 1) and last == dt.date(first.year, 12, 31):
            return f"in {first.year}"
        return (
            f"since {values.date(first.isoformat())}"
            if last >= frame.today
            else (f"from {values.date(first.isoformat())} to {values.date(last.isoformat())}")
        )

    @property
    def words(self) -> str:
        """For the coverage table."""
        if self.rolling:
            return "at any time" if self.back is None else f"in the last {_length(self.back)}"
        if self.back is None:
            return "before the year" if self.until == 0 else "at any time"
        if self.until is not None:
            if self.until == 0:
                return f"in the {_length(self.back)} before the year"
            return f"in the first {_length(self.until)} of the year"
        return "in the year" if not self.back else f"from {_length(self.back)} before the year to its end"


def _length(months: int) -> str:
    if months % 12:
        return f"{months} months"
    return "year" if months == 12 else f"{months // 12} years"


YEAR = Window()
EVER = Window(None)
BEFORE = Window(None, 0)
