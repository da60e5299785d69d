"""The language of judgments: picks of records by what they are and say.

A `Pick` chooses records of those in a query's scope. Picks combine with | (either), & (both) and - (but not).
Text patterns are regular expressions and ignore case; write (?-i:MI) where case matters.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.retrieval.records import Record

Chosen = set[str]


@dataclass(frozen=True)
class Pick:
    """A choice of records, by their keys."""

    choose: Callable[[Sequence[Record]], Chosen]

    def __or__(self, other: Pick) -> Pick:
        return Pick(lambda records: self.choose(records) | other.choose(records))

    def __and__(self, other: Pick) -> Pick:
        return Pick(lambda records: self.choose(records) & other.choose(records))

    def __sub__(self, other: Pick) -> Pick:
        return Pick(lambda records: self.choose(records) - other.choose(records))


NONE = Pick(lambda records: set())


def where(test: Callable[[Record], object]) -> Pick:
    """The records for which the test holds."""
    return Pick(lambda records: {r.key for r in records if test(r)})


def _like(pattern: str) -> Callable[[str], object]:
    return re.compile(pattern, re.IGNORECASE).search


def kind(*types: str) -> Pick:
    return where(lambda r: r.type in types)


def _named(types: tuple[str, ...], pattern: str) -> Pick:
    like = _like(pattern)
    return where(lambda r: r.type in types and like(r.name))


def cond(pattern: str = "") -> Pick:
    """Problems by their wording."""
    return _named(("Condition",), pattern)


def rx(pattern: str = "") -> Pick:
    """Prescriptions by the drug's wording."""
    return _named(("MedicationRequest",), pattern)


def otc(pattern: str = "") -> Pick:
    """Medicines that the patient says they take."""
    return _named(("MedicationStatement",), pattern)


def drug(pattern: str) -> Pick:
    return rx(pattern) | otc(pattern)


def allergy(pattern: str = "") -> Pick:
    return _named(("AllergyIntolerance",), pattern)


def shot(pattern: str = "") -> Pick:
    return _named(("Immunization",), pattern)


def proc(pattern: str = "") -> Pick:
    return _named(("Procedure",), pattern)


def report(pattern: str = "") -> Pick:
    return _named(("DiagnosticReport",), pattern)


def enc(pattern: str = "") -> Pick:
    """Encounters by kind and reason: "Hospital admission: Pneumonia"."""
    return _named(("Encounter",), pattern)


def plan(pattern: str = "") -> Pick:
    return _named(("CarePlan",), pattern)


def for_(pattern: str, *types: str) -> Pick:
    """Records that give this as their reason, diagnosis or what they address."""
    like = _like(pattern)
    return where(lambda r: (not types or r.type in types) and like(r.reason))


def says(pattern: str, *types: str) -> Pick:
    """Records whose text says this."""
    like = _like(pattern)
    return where(lambda r: (not types or r.type in types) and like(r.text))


def note(pattern: str) -> Pick:
    """Notes and letters whose text says this."""
    return says(pattern, "DocumentReference")


def doc(*names: str) -> Pick:
    """Notes that were read and judged, as "patient day"."""
    wanted = {tuple(n.split()) for n in names}
    return where(lambda r: r.type == "DocumentReference" and (r.slug, r.day) in wanted)


_TESTS = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


def obs(code: str, test: str = "", bound: float = 0.0) -> Pick:
    """Measurements by code or full name, optionally by value in the record's own unit."""

    def holds(r: Record) -> bool:
        if r.type != "Observation":
            return False
        if not test:
            return code in r.codes or r.name == code or code in r.values
        return code in r.values and _TESTS[test](r.values[code], bound)

    return where(holds)


def of(*slugs: str) -> Pick:
    """Everything of these patients."""
    return where(lambda r: r.slug in slugs)


def status(*wanted: str) -> Pick:
    return where(lambda r: r.status in wanted)


def since(day: str) -> Pick:
    return where(lambda r: r.day >= day)


def before(day: str) -> Pick:
    return where(lambda r: r.day < day)


def _extreme(pick: Pick, choose: Callable[..., Record]) -> Pick:
    def chosen(records: Sequence[Record]) -> Chosen:
        keys = pick.choose(records)
        found = [r for r in records if r.key in keys]
        if not found:
            return set()
        day = choose(found, key=lambda r: r.date).date
        return {r.key for r in found if r.date == day}

    return Pick(chosen)


def latest(pick: Pick) -> Pick:
    return _extreme(pick, max)


def first(pick: Pick) -> Pick:
    return _extreme(pick, min)


def reporting(pick: Pick) -> Pick:
    """Reports that list one of the measurements among their results."""

    def chosen(records: Sequence[Record]) -> Chosen:
        keys = pick.choose(records)
        return {r.key for r in records if keys.intersection(r.results)}

    return Pick(chosen)


def reported_in(pick: Pick) -> Pick:
    """Measurements that the reports list as results."""

    def chosen(records: Sequence[Record]) -> Chosen:
        keys = pick.choose(records)
        return {key for r in records if r.key in keys for key in r.results}

    return Pick(chosen)


@dataclass(frozen=True)
class Query:
    """A question as typed. `two` answers it, `one` is useful; `denied` only says that it isn't so."""

    id: str
    text: str
    patient: str | None
    theme: str
    two: Pick
    one: Pick = NONE
    exact: bool = False
    denied: Pick = NONE


@dataclass(frozen=True)
class Judged:
    """A query with its grades: resource → 1 or 2. All other resources in scope are not relevant."""

    query: Query
    grades: dict[str, int]
    denied: frozenset[str] = field(default_factory=frozenset)


def judge(query: Query, records: Sequence[Record]) -> Judged:
    scope = [r for r in records if query.patient in (None, r.slug)]
    two = query.two.choose(scope)
    grades = dict.fromkeys(query.one.choose(scope), 1) | dict.fromkeys(two, 2)
    return Judged(query, grades, frozenset(query.denied.choose(scope) - grades.keys()))


class Theme:
    """Collects the queries of one theme: `ask(id, text, patient, two, one)`."""

    def __init__(self, name: str, queries: list[Query]) -> None:
        self.name, self.queries = name, queries

    def __call__(
        self,
        id: str,
        text: str,
        patient: str | None,
        two: Pick,
        one: Pick = NONE,
        *,
        exact: bool = False,
        denied: Pick = NONE,
    ) -> None:
        self.queries.append(Query(id, text, patient, self.name, two, one, exact, denied))
