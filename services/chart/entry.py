"""One statement of the record: what it is about, when, and what it says."""

from __future__ import annotations

import calendar
import datetime as dt
import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Day = dt.date
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?))?)?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Measure:
    """The value of a result. `amount` is None where the value isn't a number."""

    text: str  # as shown, with unit and comparator
    amount: float | None = None
    unit: str = ""  # as shown beside the value
    code: str = ""  # UCUM where it is coded, else as written
    comparator: str = ""
    low: float | None = None  # of the reference range, in the value's unit
    high: float | None = None
    range_text: str = ""
    marks: tuple[str, ...] = ()  # HL7 v3 ObservationInterpretation codes
    element: str = ""  # what holds it


@dataclass(slots=True)
class Entry:
    """A resource, or one component of a resource, of the patient.

    `own`: the concepts that its codes stand for (by its name where no code is known); `named`: further ones
    that its name mentions. `date` is ISO as recorded, at its own precision.
    """

    kind: str
    type: str
    id: str
    version: str
    name: str
    resource: dict[str, Any]
    own: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    date: str | None = None
    end: str | None = None
    status: str = ""
    about: str = ""  # further words that it can be asked by (reason, site, type)
    codes: frozenset[str] = frozenset()  # of a result: its code in each system
    part: bool = False  # one component of an Observation, not the whole of it
    extra: dict[str, Any] = field(default_factory=dict)
    read_measure: Callable[[], Measure | None] | None = None
    _measure: Measure | None = None

    @property
    def measure(self) -> Measure | None:
        """The value of a result, read when it is first asked for: most are passed by."""
        if self.read_measure is not None:
            self._measure, self.read_measure = self.read_measure(), None
        return self._measure

    @property
    def reference(self) -> str:
        return f"{self.type}/{self.id}"

    @property
    def first(self) -> Day | None:
        """The first day that the date covers."""
        covered = days(self.date)
        return covered[0] if covered else None

    @property
    def last(self) -> Day | None:
        covered = days(self.date)
        return covered[1] if covered else None

    @property
    def order(self) -> tuple[str, str]:
        """Sorts by time; entries without a date come first."""
        return (self.date or "", self.id)

    def within(self, since: Day | None, until: Day | None) -> bool:
        """Whether the date is inside the period (both days included); a vague date counts where it may be."""
        if since is None and until is None:
            return True
        covered = days(self.date)
        if covered is None:
            return False
        return not (since and covered[1] < since) and not (until and covered[0] > until)


@functools.lru_cache(maxsize=65_536)
def days(value: str | None) -> tuple[Day, Day] | None:
    """The days that a FHIR date covers, as its source wrote them; None where it is none."""
    match = _DATE.match(value or "")
    if not match:
        return None
    year, month, day = (int(p) if p else None for p in match.group(1, 2, 3))
    try:
        if year is None or month is None:
            return Day(int(match[1]), 1, 1), Day(int(match[1]), 12, 31)
        if day is None:
            return Day(year, month, 1), Day(year, month, calendar.monthrange(year, month)[1])
        return Day(year, month, day), Day(year, month, day)
    except ValueError:
        return None


def died_by(patient: Mapping[str, Any], on: Day) -> bool:
    """Whether the record tells that the patient had died by that day: a dated death from its first possible day, one
    without a date (or with an unreadable one) always."""
    when = patient.get("deceasedDateTime")
    covered = days(when) if isinstance(when, str) else None
    return covered[0] <= on if covered else bool(when) or patient.get("deceasedBoolean") is True
