"""What rules are made of: an age, a sex, something that happened, and their all / any / not."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from services.bots.clinical_decision_support.preventive.model import Finding
from services.bots.clinical_decision_support.preventive.record import Record
from services.bots.clinical_decision_support.preventive.truth import (
    LAST,
    Frame,
    Truth,
    age_on,
    anyone,
    birthday,
    everyone,
)


@dataclass(frozen=True, slots=True)
class View:
    """The patient's record, and the moment and manner of judging."""

    record: Record
    frame: Frame
    _found: dict[int, tuple[Criterion, Finding]] = field(default_factory=dict, compare=False, repr=False)

    def found(self, criterion: Criterion) -> Finding:
        """What the criterion finds; one that many rules share is looked for once."""
        known = self._found.get(id(criterion))  # kept beside its finding: its id is not given to another
        if known is None:
            known = self._found[id(criterion)] = criterion, criterion.check(self)
        return known[1]

    @property
    def strict(self) -> bool:
        return self.frame.strict


class Criterion(Protocol):
    """Judged over a view; `words` is its line in the coverage table."""

    @property
    def words(self) -> str: ...

    def check(self, view: View) -> Finding: ...


@dataclass(frozen=True, slots=True)
class Age:
    """Completed years between `low` and `high` (both included) on a day: the period's start or end, or today."""

    low: int | None = None
    high: int | None = None
    on: str = "end"

    def day(self, frame: Frame) -> dt.date:
        return {"start": frame.start, "end": frame.end}.get(self.on, frame.today)

    @property
    def band(self) -> str:
        if self.high is None:
            return f"{self.low} and over"
        return (
            f"up to {self.high}"
            if not self.low
            else (str(self.low) if self.low == self.high else f"{self.low}–{self.high}")
        )

    @property
    def words(self) -> str:
        return f"age {self.band} {'today' if self.on == 'today' else f'at {self.on}'}"

    def check(self, view: View) -> Finding:
        born = view.record.born
        if born is None:
            return Finding(None, why="the record has no birth date")
        day = self.day(view.frame)
        told = {self.holds(age_on(end, day)) for end in born}
        if len(told) > 1:
            return Finding(None, why="the birth date isn't known closely enough")
        on = {"start": "at the start of the year", "end": "at the end of the year"}.get(self.on, "today")
        if told == {True}:
            return Finding(True)
        return Finding(False, why=f"age {age_on(born.last, day)} {on} is outside {self.band}")

    def holds(self, age: int) -> bool:
        return (self.low is None or age >= self.low) and (self.high is None or age <= self.high)

    def reached(self, view: View) -> dt.date | None:
        """The day on which the lower limit is reached."""
        born = view.record.born
        return birthday(born.last, self.low) if born and self.low else None


@dataclass(frozen=True, slots=True)
class Sex:
    wanted: str

    @property
    def words(self) -> str:
        return self.wanted

    def check(self, view: View) -> Finding:
        if not view.record.sex:
            where = "US Core sex extension" if view.strict else "sex"
            return Finding(None, why=f"the record doesn't tell the patient's sex (no {where})")
        same = view.record.sex == self.wanted
        return Finding(same, why="" if same else f"sex is recorded as {view.record.sex}")


@dataclass(frozen=True, slots=True)
class Computed:
    """What takes code of its own to judge."""

    words: str
    judge: Callable[[View], Finding]

    def check(self, view: View) -> Finding:
        return self.judge(view)


@dataclass(frozen=True, slots=True)
class Only:
    """A criterion for one manner of judging. In the other one All and Any pass over it, and alone it isn't met."""

    strict: bool
    of: Criterion

    @property
    def words(self) -> str:
        return f"{self.of.words} ({'strict' if self.strict else 'unless strict'})"

    def check(self, view: View) -> Finding:
        return view.found(self.of) if self.strict is view.strict else Finding(False)


@dataclass(frozen=True, slots=True, init=False)
class All:
    of: tuple[Criterion, ...]

    def __init__(self, *of: Criterion) -> None:
        object.__setattr__(self, "of", of)

    @property
    def words(self) -> str:
        return " and ".join(_bracketed(c, Any) for c in self.of)

    def check(self, view: View) -> Finding:
        found = [view.found(c) for c in _applying(self.of, view)]
        truth = everyone(f.truth for f in found)
        if truth is True:
            untils = [f.until for f in found if f.until]
            return Finding(
                True, _joined(found), next((f.why for f in found if f.why), ""), _latest(f.last for f in found), until=min(untils, default=None),
            )  # fmt: skip
        open_ = [f for f in found if f.truth is not True]
        told = [f for f in open_ if f.truth is truth]
        dues = [f.due for f in open_]
        due = None if None in dues else min(d for d in dues if d)
        return Finding(
            truth, _joined(found), "; ".join(dict.fromkeys(f.why for f in told if f.why)),
            last=_latest(f.last for f in open_), due=due,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, init=False)
class Any:
    of: tuple[Criterion, ...]

    def __init__(self, *of: Criterion) -> None:
        object.__setattr__(self, "of", of)

    @property
    def words(self) -> str:
        return " or ".join(_bracketed(c, All) for c in self.of)

    def check(self, view: View) -> Finding:
        found = [view.found(c) for c in _applying(self.of, view)]
        met = [f for f in found if f.truth is True]
        if met:
            return max(met, key=lambda f: (f.until or LAST, f.last or dt.date.min))
        truth = anyone(f.truth for f in found)
        if truth is None:
            unsure = [f for f in found if f.truth is None]
            return dataclasses.replace(
                unsure[0], why="; ".join(dict.fromkeys(f.why for f in unsure if f.why))
            )
        lapsed = [f for f in found if f.due]
        if lapsed:
            return max(lapsed, key=lambda f: f.due or dt.date.min)
        return Finding(
            False, _joined(found), " and ".join(dict.fromkeys(f.why for f in found if f.why)),
            last=_latest(f.last for f in found),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Not:
    of: Criterion

    @property
    def words(self) -> str:
        return f"not {_bracketed(self.of, (All, Any))}"

    def check(self, view: View) -> Finding:
        found = view.found(self.of)
        if found.truth is None:
            return found
        met: Truth = not found.truth
        return Finding(met, () if met else found.evidence, "" if met else f"recorded: {self.of.words}")


def leaves(criterion: Criterion) -> list[Criterion]:
    """The criteria that a criterion is put together from."""
    if isinstance(criterion, All | Any):
        return [leaf for each in criterion.of for leaf in leaves(each)]
    if isinstance(criterion, Not | Only):
        return leaves(criterion.of)
    return [criterion]


def _applying(criteria: Sequence[Criterion], view: View) -> list[Criterion]:
    return [c for c in criteria if not isinstance(c, Only) or c.strict is view.strict]


def _bracketed(criterion: Criterion, kinds: type | tuple[type, ...]) -> str:
    return f"({criterion.words})" if isinstance(criterion, kinds) else criterion.words


def _joined(found: Sequence[Finding]) -> tuple:
    return tuple({e.reference: e for f in found for e in f.evidence}.values())


def _latest(days) -> dt.date | None:
    return max((d for d in days if d), default=None)
