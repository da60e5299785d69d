"""The chart as criteria ask for it: readings of a test, drugs, problems, pregnancies, where a value was taken."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from services.bots.clinical_decision_support.diagnosis.model import Reading, Test
from services.bots.clinical_decision_support.person import Person
from services.chart.chart import Chart
from services.chart.entry import Entry, Measure
from services.chart.holding import Medicine, medicines, pregnancy, problems
from services.chart.naming import family
from services.index.text import values
from services.knowledge.lexicon import lexicon
from services.knowledge.limits import plausible
from services.knowledge.units import convert

TWO_YEARS = 730
_UNFINISHED = frozenset(["registered", "preliminary", "unknown"])
_STAYS = frozenset(["EMER", "IMP", "ACUTE", "NONAC", "OBSENC", "SS", "INPATIENT", "EMERGENCY"])
_BARE = re.compile(r"\{.*\}|1|score|points?|ratio", re.IGNORECASE)
_LOCAL = frozenset(["topical", "ophthalmic", "otic", "vaginal", "nasal", "inhaled", "rectal", "intrauterine"])
_TERM = dt.timedelta(days=300)
"""No pregnancy lasts longer; one that nobody closed ends then."""
_RATE_PER_AREA = "lab:estimated-glomerular-filtration-rate"


class View:
    """One patient at one day. `aside`: what was measured in a pregnancy is left out."""

    def __init__(self, chart: Chart, person: Person) -> None:
        self.chart, self.person, self.today = chart, person, chart.as_of
        self.age = person.age_on(self.today)
        self.pregnant = [e for e in pregnancy(chart) if e.first is None or self.today - e.first <= _TERM]
        self.problems = problems(chart)
        self.aside = False
        self._pregnancies = self._terms()
        self._plausible = plausible()
        self._drugs: list[Medicine] | None = None
        self._read: dict[Test, list[Reading]] = {}
        self._results: dict[str, list[Entry]] = defaultdict(list)  # by concept, "" for none, and by code

    def readings(self, test: Test, days: int | None = TWO_YEARS) -> list[Reading]:
        """Of the last `days` (None: ever), oldest first. Left out: what has no date, no number, a unit that is not
        known or a value that nobody can have, and what is not final."""
        if test not in self._read:
            self._read[test] = [r for e in self._of(test) if test.takes(e) and (r := self._reading(e, test))]
        since = self.today - dt.timedelta(days=days) if days is not None else dt.date.min
        return [r for r in self._read[test] if r.day >= since and not (self.aside and self._expecting(r.day))]

    def _of(self, test: Test) -> list[Entry]:
        """The results that may be of the test, oldest first: a long record is gone through once, not for each test."""
        if not self._results:
            for entry in self.chart.entries("result"):
                for key in (entry.own or {""}) | entry.codes:
                    self._results[key].append(entry)
        keys = (test.concept, "", *test.codes) if test.codes else (test.concept,)
        found = {id(e): e for key in keys for e in self._results.get(key, ())}
        return sorted(found.values(), key=lambda e: e.order)

    def latest(self, test: Test, days: int | None = TWO_YEARS) -> Reading | None:
        found = self.readings(test, days)
        return found[-1] if found else None

    def near(self, test: Test, day: dt.date, days: int, in_stays: bool = True) -> Reading | None:
        """The reading nearest to the day, at most so many days off; of emergency and inpatient stays only where wanted."""
        around = [r for r in self.readings(test, None) if abs((r.day - day).days) <= days]
        if not in_stays:
            around = [r for r in around if not self.in_stay(r.entry)]
        return min(around, key=lambda r: abs((r.day - day).days), default=None)

    def _reading(self, entry: Entry, test: Test) -> Reading | None:
        measure, day = entry.measure, entry.first
        if measure is None or measure.amount is None or day is None or entry.status in _UNFINISHED:
            return None
        value = in_unit(measure.amount, measure, test)
        if value is None:
            return None
        bounds = self._plausible.get(test.concept)
        if bounds:
            checked = convert(value, test.unit, bounds.unit, test.concept)
            if checked is not None and not bounds.least <= checked <= bounds.most:
                return None
        low, high = (
            None if end is None else in_unit(end, measure, test) for end in (measure.low, measure.high)
        )
        return Reading(entry, test, day, value, measure.comparator, low, high)

    def held(self, *concepts: str) -> list[Entry]:
        """Problems that hold now and are one of the concepts, or a kind of it."""
        wanted = _wide(concepts)
        return [e for e in self.problems if wanted & e.own]

    def taking(self, *concepts: str) -> list[Medicine]:
        """Drugs that are taken now and reach the blood, by concepts of drugs or their classes."""
        if self._drugs is None:
            self._drugs = [m for m in medicines(self.chart) if m.drug.route not in _LOCAL]
        wanted = set(concepts)
        return [m for m in self._drugs if any(wanted & lexicon().closure(c).keys() for c in m.drug.concepts)]

    def courses(self, *concepts: str, days: int) -> list[Entry]:
        """Orders and doses of the drugs, whatever became of them since, that were dated in the last days."""
        wanted = _wide(concepts)
        since = self.today - dt.timedelta(days=days)
        usual = ("active", "completed", "stopped", "on-hold", "in-progress", "ended", "")
        return [
            e for e in self.chart.entries("medication")
            if wanted & (e.own | e.named) and e.first and since <= e.first and e.status in usual
        ]  # fmt: skip

    def done(self, *concepts: str, since: dt.date, until: dt.date) -> list[Entry]:
        """Procedures that were done in the time."""
        wanted = _wide(concepts)
        return [
            e for e in self.chart.entries("procedure")
            if wanted & (e.own | e.named) and e.first and since <= e.first <= until and e.status in ("completed", "in-progress", "")
        ]  # fmt: skip

    def in_stay(self, entry: Entry) -> bool:
        """Whether it was recorded in an emergency or inpatient encounter, where that is told."""
        reference = values.string(values.obj(entry.resource.get("encounter")).get("reference"))
        met: Any = self.chart.resolve(reference) if reference else None
        if not isinstance(met, dict):
            return False
        return any(values.code(item).upper() in _STAYS for item in values.many(met.get("class")))

    def _terms(self) -> list[tuple[dt.date, dt.date]]:
        found = []
        wanted = family("problem:pregnancy")
        for entry in self.chart.entries("condition"):
            first = entry.first
            if (
                first is None
                or not wanted & (entry.own | entry.named)
                or entry.status in ("refuted", "none-known")
            ):
                continue
            end = _day(entry.end)
            found.append((first, min(end or first + _TERM, first + _TERM)))
        return found

    def _expecting(self, day: dt.date) -> bool:
        return any(first <= day <= last for first, last in self._pregnancies)


def in_unit(amount: float, measure: Measure, test: Test) -> float | None:
    """The amount, given in the measure's unit, in the test's."""
    given = (measure.code or measure.unit).strip()
    bare = not given or _BARE.fullmatch(given) is not None
    if test.unit == "":
        return round(amount, 6) if bare else None
    if test.unit == "1":  # a ratio, as such or in per cent
        found = amount if bare else convert(amount, given, "%", test.concept)
        return None if found is None else round(found / 100 if not bare or found > 1.5 else found, 6)
    if test.concept == _RATE_PER_AREA and given.replace(" ", "").lower() == "ml/min":
        return round(amount, 6)  # its codes are per 1.73 m² already; many laboratories leave that out
    found = convert(amount, given, test.unit, test.concept)
    return None if found is None else round(found, 6)


def _wide(concepts: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(family(c) for c in concepts))


def _day(value: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat((value or "")[:10])
    except ValueError:
        return None
