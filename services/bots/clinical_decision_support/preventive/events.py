"""Something that happened, as a criterion: which resource, of which value set, when, and with what value."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Iterator
from dataclasses import dataclass

from services.bots.clinical_decision_support.preventive.criteria import View
from services.bots.clinical_decision_support.preventive.facts import Fact
from services.bots.clinical_decision_support.preventive.matching import sets_of
from services.bots.clinical_decision_support.preventive.medicines import taken
from services.bots.clinical_decision_support.preventive.model import Finding
from services.bots.clinical_decision_support.preventive.truth import (
    YEAR,
    Frame,
    Truth,
    Window,
    age_on,
    everyone,
    months_from,
    within,
)
from services.index.text import values
from services.knowledge.assertion import laterality
from services.knowledge.lexicon import lexicon
from services.knowledge.units import convert, normalise_unit

RESULT = frozenset(["final", "amended", "corrected"])
ORDERED = frozenset(["active", "completed"])
INTENTS = frozenset(["order", "original-order", "reflex-order", "filler-order", "instance-order"])
_VERIFIED = frozenset(["", "confirmed", "unconfirmed", "provisional", "differential"])
_PROBLEMS = frozenset(["problem-list-item", "health-concern"])

# Kind → the type of resource and the statuses that count.
KINDS: dict[str, tuple[str, frozenset[str] | None]] = {
    "observation": ("Observation", RESULT),
    "final observation": ("Observation", frozenset(["final"])),
    "preliminary observation": ("Observation", RESULT | {"preliminary"}),
    "appended observation": ("Observation", RESULT | {"appended"}),
    "imaging": ("Observation", RESULT),
    "exam": ("Observation", RESULT),
    "report": ("DiagnosticReport", RESULT | {"appended"}),
    "procedure": ("Procedure", frozenset(["completed"])),
    "immunization": ("Immunization", frozenset(["completed"])),
    "condition": ("Condition", None),
    "problem": ("Condition", None),
    "encounter diagnosis": ("Condition", None),
    "visit": ("Encounter", frozenset(["finished"])),
    "order": ("ServiceRequest", ORDERED),
    "device order": ("DeviceRequest", ORDERED),
    "prescription": ("MedicationRequest", ORDERED),
    "medicine of any intent": ("MedicationRequest", ORDERED),
    "medicine in use": ("MedicationRequest", frozenset(["active"])),
    "medicine taken": ("MedicationStatement", frozenset(["active", "completed", "recorded"])),
}
# What is done again after an interval; a medicine or a problem isn't.
_REPEATED = frozenset(["observation", "imaging", "exam", "report", "procedure", "immunization"])
_TIMES = {"ends": "ending", "starts": "beginning", "during": "wholly", "overlaps": "ongoing"}
_COMPARE = {">=": operator.ge, ">": operator.gt, "<": operator.lt, "<=": operator.le}


@dataclass(frozen=True, slots=True)
class Amount:
    """A value compared in its unit (UCUM); `concept` lets other units be converted where not strict."""

    sign: str
    limit: float
    unit: str
    concept: str | None = None

    @property
    def words(self) -> str:
        return f"{self.sign} {self.limit:g} {self.unit}"

    def holds(self, fact: Fact, strict: bool) -> tuple[Truth, str]:
        """A value told as "<20" holds, or doesn't, where every value that it may be does."""
        amount, why = amount_in(fact, self.unit, self.concept, strict, bounds=True)
        if amount is None:
            return None, why
        bound = fact.value.comparator if fact.value else ""
        below = self.sign in ("<", "<=")
        if bound in ("<", "<="):
            inside = amount <= self.limit if bound == "<" or self.sign == "<=" else amount < self.limit
            sure: Truth = below if inside else None
        elif bound in (">", ">="):
            inside = amount >= self.limit if bound == ">" or self.sign == ">=" else amount > self.limit
            sure = (not below) if inside else None
        else:
            return _COMPARE[self.sign](amount, self.limit), ""
        return sure, "" if sure is not None else f"{fact.name} is only told as {bound}{amount:g} {self.unit}"


def amount_in(
    fact: Fact, unit: str, concept: str | None, strict: bool, bounds: bool = False
) -> tuple[float | None, str]:
    """(the value in the unit, "") or (None, why it can't be told). `bounds`: the figure of "<20" is one too."""
    value, what = fact.value, f"{fact.name} of {values.date(fact.raw) or 'an unknown date'}"
    if value is None or value.amount is None:
        return None, f"{what} has no value that can be compared"
    if value.comparator and not bounds:
        return None, f"{what} is only told as {value.text}"
    if value.code == unit:
        return value.amount, ""
    if strict or not value.code:
        told = f"is in {value.code}, not {unit}" if value.code else "has no unit"
        return None, f"{what} {told}"
    amount = convert(value.amount, value.code, unit, concept) if normalise_unit(value.code) else None
    return amount, "" if amount is not None else f"{what} is in {value.code}, which can't be read as {unit}"


@dataclass(frozen=True, slots=True)
class Event:
    """`what` happened: facts of `kinds` in one of `sets` (`also`: further kinds, unless strict).

    `time`: what of it must lie in the window: its end (`ends`, or its start where it has none), its start, all of it
    (`during`), or any of it (`overlaps`). `value`: "any" must have one, a value set's name must be one of it, an
    Amount must compare. `at_age`: completed years on its day. `days`: on how many different days. `last`: only the
    latest one in the window counts. `every`: months until it is due again, by default the window's length; 0: at no interval.
    """

    what: str
    kinds: tuple[str, ...]
    sets: tuple[str, ...]
    window: Window = YEAR
    time: str = "ends"
    value: str | Amount | None = None
    at_age: tuple[int, int | None] | None = None
    side: str | None = None
    days: int = 1
    last: bool = False
    also: tuple[str, ...] = ()
    every: int | None = None
    category: str = ""

    @property
    def words(self) -> str:
        told = [self.what]
        if isinstance(self.value, Amount):
            told.append(self.value.words)
        elif self.value:
            told.append("with a value" if self.value == "any" else f"answered with {self.value}")
        if self.at_age:
            told.append(f"at {self.at_age[0]}{'–' + str(self.at_age[1]) if self.at_age[1] else ' or over'}")
        if self.days > 1:
            told.append(f"on {self.days} days")
        if self.last:
            told.append("(the latest)")
        kinds = "/".join(self.kinds) + (f"; unless strict also {'/'.join(self.also)}" if self.also else "")
        return f"{' '.join(told)} [{kinds}; {', '.join(self.sets)}] {_TIMES[self.time]} {self.window.words}"

    def check(self, view: View) -> Finding:
        days = self.window.days(view.frame)
        judged = [(f, *self._fits(f, view, days)) for f in self.candidates(view)]
        if self.last:
            inside = [j for j in judged if j[1] is not False]
            judged = inside[-1:]
        met = [f for f, when, rest, _ in judged if when is True and rest is True]
        distinct = {day for f in met if (day := self.day(f)) is not None}
        if len(distinct) >= self.days or (self.days == 1 and met):
            return self._met(met, view.frame)
        doubts = [why for _, when, rest, why in judged if everyone((when, rest)) is None and why]
        if doubts and self.days == 1:
            return Finding(
                None, tuple(f.evidence() for f, when, rest, _ in judged[-1:] if when is not False), doubts[-1]
            )
        return self._open([f for f, _, rest, _ in judged if rest is True], met, view.frame)

    def _met(self, met: list[Fact], frame: Frame) -> Finding:
        newest = sorted(met, key=lambda f: (self.day(f) or dt.date.min, f.order))[-max(self.days, 1) :]
        last = self.day(newest[-1])
        first = self.day(newest[0])
        until = self.window.until_when(first, frame) if first and self.time != "overlaps" else None
        return Finding(True, tuple(f.evidence() for f in newest), last=last, until=until)

    def _open(self, past: list[Fact], met: list[Fact], frame: Frame) -> Finding:
        """Not met: when it was last done, and when that fell due again."""
        days = sorted(d for f in past if (d := self.day(f)))
        why = f"no {self.what} {self.window.told(frame)}"
        if self.days > 1:
            why = f"{self.what}: {len({self.day(f) for f in met})} of {self.days} recorded"
        if not days:
            return Finding(False, why=why)
        due = months_from(days[-1], self.interval) if self.interval and self.days == 1 else None
        newest = [f for f in past if self.day(f) == days[-1]]
        return Finding(False, (newest[-1].evidence(),), why, last=days[-1], due=due)

    @property
    def interval(self) -> int | None:
        if self.every is not None or self.window.back is None:
            return self.every or None
        if not _REPEATED.issuperset(self.kinds):
            return None
        return self.window.back + (0 if self.window.rolling else 12)

    def candidates(self, view: View) -> Iterator[Fact]:
        """Facts of the kinds and sets, whenever they were."""
        kinds = self.kinds + (() if view.strict else self.also)
        for fact in view.record.of(self.sets):
            if any(is_kind(fact, kind, view) for kind in kinds):
                yield fact

    def day(self, fact: Fact) -> dt.date | None:
        moment = fact.start if self.time in ("starts", "overlaps") else fact.latest
        return moment.last if moment else None

    def _fits(self, fact: Fact, view: View, days: tuple[dt.date, dt.date]) -> tuple[Truth, Truth, str]:
        """(whether in time, whether all else fits, why it can't be told)."""
        rest, why = self._holds(fact, view)
        when = self._when(fact, view, days)
        if when is None and rest is not False:
            why = why or f"{fact.name} {_dated(fact)}, so it can't be placed in time"
        return when, rest, why

    def _when(self, fact: Fact, view: View, days: tuple[dt.date, dt.date]) -> Truth:
        if fact.type in ("MedicationRequest", "MedicationStatement") and self.time == "overlaps":
            return taken(fact, view.strict, days)
        if self.time == "overlaps":
            return fact.overlaps(days)
        if self.time == "during":
            return fact.during(days)
        return within(fact.start if self.time == "starts" else fact.latest, *days)

    def _holds(self, fact: Fact, view: View) -> tuple[Truth, str]:
        if self.side and side_of(fact, view) != self.side:
            return False, ""
        if self.category and view.strict and self.category not in fact.categories():
            return False, ""
        if self.at_age and (truth := self._age(fact, view)) is not True:
            return truth, "" if truth is False else "age on the day can't be told"
        if self.value is None or fact.type not in ("Observation",):
            return True, ""
        if isinstance(self.value, Amount):
            return self.value.holds(fact, view.strict)
        if self.value == "any":
            return has_value(fact), ""
        return fact.value_in(self.value), ""

    def _age(self, fact: Fact, view: View) -> Truth:
        born, day = view.record.born, fact.start or fact.latest
        if born is None or day is None or not self.at_age:
            return None
        low, high = self.at_age
        told = {low <= age_on(b, d) and (high is None or age_on(b, d) <= high) for b in born for d in day}
        return told.pop() if len(told) == 1 else None


def has_value(fact: Fact) -> bool:
    """Whether an Observation has a value, of its own or in a component."""
    if fact.value is not None:
        return True
    return any(
        any(k.startswith("value") for k in part) for part in values.objs(fact.resource.get("component"))
    )


def side_of(fact: Fact, view: View) -> str:
    """right, left or both, by the body site; unless strict also by the words of the name."""
    site = fact.resource.get("bodySite")
    published, local = sets_of("site", values.codings(site), "")
    for name in ("side-right", "side-left", "side-both"):
        if name in (published if view.strict else published | local):
            return name.removeprefix("side-")
    if view.strict:
        return ""
    text = f"{fact.name} {values.concepts(site)}"
    told = {laterality(text, m) for m in lexicon().find(text, query=False)} - {None}
    side = told.pop() if len(told) == 1 else None
    return "both" if side == "bilateral" else side or ""


def is_kind(fact: Fact, kind: str, view: View) -> bool:
    """Whether a fact is of a kind, with a status that counts. Categories are asked for only where strict."""
    wanted, statuses = KINDS[kind]
    if fact.type != wanted or (statuses is not None and fact.status not in statuses):
        return False
    if wanted == "Condition":
        if values.code(fact.resource.get("verificationStatus")).lower() not in _VERIFIED:
            return False
        if view.strict and kind == "problem":
            return not _PROBLEMS.isdisjoint(fact.categories())
        return (
            not (view.strict and kind == "encounter diagnosis") or "encounter-diagnosis" in fact.categories()
        )
    if kind in ("imaging", "exam") and view.strict:
        return kind in fact.categories()
    if (
        wanted in ("ServiceRequest", "DeviceRequest", "MedicationRequest")
        and kind != "medicine of any intent"
    ):
        intent = values.code(fact.resource.get("intent"))
        return intent in INTENTS or (not intent and not view.strict)
    return True


def _dated(fact: Fact) -> str:
    return f"is dated only {fact.raw}" if fact.raw else "has no date"
