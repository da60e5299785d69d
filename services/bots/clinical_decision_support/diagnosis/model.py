"""What a criterion is made of: the condition it speaks for, tests with bounds, and what meets them."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from services.bots.clinical_decision_support.model import Basis, Severity
from services.chart.entry import Entry
from services.index.text import values

if TYPE_CHECKING:
    from services.bots.clinical_decision_support.diagnosis.view import View

SHOWN_UNITS = {
    "mm[Hg]": "mmHg",
    "10*3/uL": "×10³/µL",
    "mL/min/{1.73_m2}": "mL/min/1.73 m²",
    "kg/m2": "kg/m²",
    "Cel": "°C",
    "1": "",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A diagnosis that can be suggested, and how a problem list may already hold it.

    `listed`: concepts that count with all narrower ones, `apart` without these; `icd`: ICD-10(-CM) prefixes;
    `words`: a pattern of names. `lasting`: one that is marked as resolved still counts as known.
    """

    id: str
    display: str
    code: str
    severity: Severity
    source: str
    advice: str
    listed: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    icd: tuple[str, ...] = ()
    words: str = ""
    lasting: bool = True


@dataclass(frozen=True, slots=True)
class Test:
    """What is measured, in the unit that it is compared in; "" for scores. `codes`: only these LOINC codes, or a name
    that `named` matches; `never`: names that are another test."""

    __test__ = False  # no test of pytest's

    concept: str
    unit: str
    name: str
    codes: frozenset[str] = frozenset()
    named: str = ""
    never: str = ""

    def takes(self, entry: Entry) -> bool:
        if self.never and re.search(self.never, entry.name, re.IGNORECASE):
            return False
        if not self.codes:
            return self.concept in entry.own
        whole = (
            () if entry.part else values.codings(entry.resource.get("code"))
        )  # a component goes by its name
        coded = {code for system, code in whole if "loinc" in system}
        if coded & self.codes:
            return True
        named = bool(self.named) and re.search(self.named, entry.name, re.IGNORECASE) is not None
        return named and (self.concept in entry.own or not entry.own)


@dataclass(frozen=True, slots=True)
class Reading:
    """A value in its test's unit; `sign` is the comparator beside it, `derived` how it was computed where it was."""

    entry: Entry
    test: Test
    day: dt.date
    value: float
    sign: str = ""
    low: float | None = None  # of its own reference range, in the same unit
    high: float | None = None
    derived: str = ""

    @property
    def span(self) -> tuple[float, float]:
        """Between which values the true one lies."""
        if self.sign in (">", ">="):
            return (math.nextafter(self.value, math.inf) if self.sign == ">" else self.value), math.inf
        if self.sign in ("<", "<="):
            return -math.inf, math.nextafter(self.value, -math.inf) if self.sign == "<" else self.value
        return self.value, self.value

    @property
    def text(self) -> str:
        if self.derived:
            return f"{self.test.name} {self.value:g} {self.derived} on {values.date(self.entry.date)}"
        shown = self.entry.measure.text if self.entry.measure else f"{self.value:g}"
        return f"{self.test.name} {shown} on {values.date(self.entry.date)}"


@dataclass(frozen=True, slots=True)
class Band:
    """Bounds of a test, each None where there is none: ≥ `least`, > `above`, < `below`, ≤ `most`."""

    test: Test
    least: float | None = None
    above: float | None = None
    below: float | None = None
    most: float | None = None

    def holds(self, reading: Reading) -> bool | None:
        """Whether the value is within; None where its comparator leaves that open."""
        low, high = reading.span
        least, above, below, most = self.least, self.above, self.below, self.most
        if (
            (least is not None and high < least)
            or (above is not None and high <= above)
            or (below is not None and low >= below)
            or (most is not None and low > most)
        ):
            return False
        sure = (
            (least is None or low >= least)
            and (above is None or low > above)
            and (below is None or high < below)
            and (most is None or high <= most)
        )
        return True if sure else None

    @property
    def words(self) -> str:
        unit = SHOWN_UNITS.get(self.test.unit, self.test.unit)
        bounds = (("≥", self.least), (">", self.above), ("<", self.below), ("≤", self.most))
        told = " and ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)
        return f"{self.test.name} {told} {unit}".strip()


@dataclass(frozen=True, slots=True)
class Met:
    """What meets a criterion. `more`: how often beyond what is needed; `newest`: the day of the latest evidence."""

    evidence: tuple[Basis, ...]
    newest: dt.date
    reason: str
    against: tuple[Basis, ...] = ()
    more: int = 0
    readings: tuple[Reading, ...] = ()


class Need(Protocol):
    """What has to be in the record."""

    @property
    def words(self) -> str: ...

    def met(self, view: View) -> Met | None: ...


class Doubt(Protocol):
    """What may explain the values otherwise."""

    @property
    def words(self) -> str: ...

    def found(self, view: View, met: Met) -> list[Basis]: ...


@dataclass(frozen=True, slots=True)
class Rule:
    """A criterion: `need` for patients from `since` years on, of the sex. `strength` is its confidence where it is
    met just so, with nothing against it: 0.8 what defines the condition, 0.65 what waits for confirmation,
    0.5 a screen or a hint."""

    condition: Condition
    need: Need
    _: KW_ONLY
    strength: float
    since: int = 18
    sex: str = ""
    pregnant: Literal["no", "any", "only"] = "no"
    doubts: tuple[Doubt, ...] = ()
