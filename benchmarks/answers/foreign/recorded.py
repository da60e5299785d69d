"""Gold from what is recorded in a foreign chart: events, drugs, diagnoses, the person."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from benchmarks.answers.foreign.measured import NOTHING, Oracle
from benchmarks.answers.foreign.record import Record, Window, local, names, within
from benchmarks.answers.gold import Gold, Result, Summary
from benchmarks.answers.look_ups.common import golden
from benchmarks.answers.oracle import Group, Resource, reference, status

ORDER, GIVEN = "MedicationRequest", "MedicationAdministration"
DRUG = f"{ORDER} {GIVEN} MedicationStatement"


def name(r: Record, resource: Resource) -> str:
    """What it is called; a relative's history by the relationship, a thing without any name by its type."""
    relation = resource.get("relationship", {}).get("text", resource["resourceType"])
    return next(names(resource, r), relation)


def things(r: Record, found: Iterable[Resource]) -> list[Group]:
    """Resources grouped by what they are."""
    groups: dict[str, set[str]] = {}
    for each in found:
        groups.setdefault(name(r, each).lower(), set()).add(reference(each))
    return [frozenset(g) for g in groups.values()]


def beside(r: Record, found: Iterable[Resource]) -> set[str]:
    """What tells the same: doses given of a drug ordered, the Medication behind a reference, reports, bills."""
    called = {name(r, f).lower() for f in found}
    drugs = {reference(x) for x in r.pick(DRUG) if name(r, x).lower() in called}
    held = {x.get("medicationReference", {}).get("reference", "") for x in found} - {""}
    cited = {reference(f) for f in found}
    encounters = {f.get("encounter", f.get("context", {})).get("reference", "") for f in found} - {""}
    return drugs | held | r.reports_of(cited) | encounters


def what(
    kinds: str,
    words: str = "",
    window: Window | None = None,
    *,
    state: str = "",
    last: bool = False,
    first: bool = False,
) -> Oracle:
    """The names of what was done, given or found: a list; of a single thing its name serves as well.

    `last` and `first` keep only what has the latest or the earliest date; of several at once any one will do.
    """

    def oracle(r: Record) -> Gold:
        found = r.pick(kinds, words, window, state=state)
        if not found:
            return NOTHING
        if last or first:
            edge = r.dated(found[-1 if last else 0])
            found = [f for f in found if r.dated(f) == edge]
            return _any_of(named(r, found))
        return named(r, found)

    return oracle


def named(r: Record, found: list[Resource]) -> Gold:
    groups, also = things(r, found), beside(r, found)
    results = [Result("list", tuple(groups), also=frozenset(also))]
    if len(groups) == 1:
        results.insert(0, Result("text", (name(r, found[0]).lower(),)))
    return golden(r, results, groups, also)


def _any_of(gold: Gold) -> Gold:
    every = frozenset().union(*gold.must)
    return Gold((*gold.results, Result("list", (every,), also=gold.may)), (every,), gold.may)


def none_or(kinds: str, words: str = "", window: Window | None = None, *, state: str = "") -> Oracle:
    """For "which …, if any": an empty list is an answer where the record is closed."""

    def oracle(r: Record) -> Gold:
        found = r.pick(kinds, words, window, state=state)
        return (
            named(r, found)
            if found
            else Gold((Result("list", ()), Result("boolean", False), Result("number", 0.0)))
        )

    return oracle


def happened(kinds: str, words: str = "", window: Window | None = None, *, state: str = "") -> Oracle:
    """Yes or no; an empty list says no as well."""

    def oracle(r: Record) -> Gold:
        found = r.pick(kinds, words, window, state=state)
        must = [frozenset(reference(f) for f in found)] if found else []
        results = [Result("boolean", bool(found))] + ([] if found else [Result("list", ())])
        return golden(r, results, must, beside(r, found))

    return oracle


def how_many(
    kinds: str, words: str = "", window: Window | None = None, *, state: str = "", days: bool = False
) -> Oracle:
    """How many; `days` counts those of one day once."""

    def oracle(r: Record) -> Gold:
        found = r.pick(kinds, words, window, state=state)
        by_day: dict[str, set[str]] = {}
        for number, each in enumerate(found):
            by_day.setdefault(r.dated(each)[:10] if days else str(number), set()).add(reference(each))
        groups = [frozenset(g) for g in by_day.values()]
        return golden(r, [Result("number", float(len(groups)))], groups, beside(r, found))

    return oracle


def kinds_of(kinds: str, words: str = "", window: Window | None = None, *, state: str = "") -> Oracle:
    """How many different ones."""

    def oracle(r: Record) -> Gold:
        found = r.pick(kinds, words, window, state=state)
        groups = things(r, found)
        return golden(r, [Result("number", float(len(groups)))], groups, beside(r, found))

    return oracle


def date(
    kinds: str,
    words: str = "",
    which: int = -1,
    window: Window | None = None,
    *,
    minute: bool = False,
    state: str = "",
) -> Oracle:
    """The day (or the minute) of the last or `which` one."""

    def oracle(r: Record) -> Gold:
        found = r.pick(kinds, words, window, state=state)
        if not found:
            return NOTHING
        at = r.dated(found[which])
        same = frozenset(reference(f) for f in found if r.dated(f)[:10] == at[:10])
        return golden(r, [Result("date", local(at) if minute else at[:10])], [same], beside(r, found))

    return oracle


def days_since(kinds: str, words: str = "", which: int = -1, window: Window | None = None) -> Oracle:
    def oracle(r: Record) -> Gold:
        found = r.pick(kinds, words, window)
        if not found:
            return NOTHING
        at = r.dated(found[which])[:10]
        same = frozenset(reference(f) for f in found if r.dated(f)[:10] == at)
        days = (r.today - dt.date.fromisoformat(at)).days
        return golden(r, [Result("number", float(days), "d", 1)], [same], beside(r, found))

    return oracle


def days_between(one: tuple[str, str], other: tuple[str, str], window: Window | None = None) -> Oracle:
    """From the first of one thing to the first of another, each given as kinds and words."""

    def oracle(r: Record) -> Gold:
        a, b = (r.pick(*each, window)[0] for each in (one, other))
        days = abs((dt.date.fromisoformat(r.dated(b)[:10]) - dt.date.fromisoformat(r.dated(a)[:10])).days)
        must = [frozenset({reference(x)}) for x in (a, b)]
        return golden(r, [Result("number", float(days), "d", 1)], must, beside(r, [a, b]))

    return oracle


def repeated(kinds: str, least: int, window: Window | None = None) -> Oracle:
    """What was done at least so many times."""

    def oracle(r: Record) -> Gold:
        found = r.pick(kinds, "", window)
        often = Counter(name(r, f) for f in found)
        kept = [f for f in found if often[name(r, f)] >= least]
        return named(r, kept) if kept else Gold((Result("list", ()),))

    return oracle


def soon_after(anchor: tuple[str, str], kinds: str, days: float, window: Window | None = None) -> Oracle:
    """What of these kinds is dated within so many days after the first anchor."""

    def oracle(r: Record) -> Gold:
        start = r.dated(r.pick(*anchor, window)[0])
        end = (dt.datetime.fromisoformat(local(start)) + dt.timedelta(days=days)).isoformat()[:16]
        found = [f for f in r.pick(kinds) if within(r.dated(f), local(start), end)]
        gold = named(r, found)
        return Gold(gold.results, gold.must, gold.may | {reference(x) for x in r.pick(*anchor, window)})

    return oracle


def has(words: str) -> Oracle:
    """Whether the patient has a condition that the record names; where it names none there is no answer."""

    def oracle(r: Record) -> Gold:
        found = r.pick("Condition", words)
        if not found:
            return NOTHING
        active = [f for f in found if status(f) != "resolved"]
        must = [frozenset(reference(f) for f in active or found)]
        return golden(r, [Result("boolean", bool(active))], must, beside(r, found))

    return oracle


# -- by hand -------------------------------------------------------------------------------------


def said(kinds: str, words: str, *accepted: str, window: Window | None = None) -> Oracle:
    """A short text read in the resources that match; any piece is right."""

    def oracle(r: Record) -> Gold:
        found = r.pick(kinds, words, window)
        if not found:
            raise LookupError(f"{r.slug}: nothing matches {kinds} {words}")
        group = frozenset(reference(f) for f in found)
        return golden(r, [Result("text", accepted)], [group], beside(r, found))

    return oracle


def told(*says: str, never: tuple[str, ...] = (), cite: tuple[tuple[str, str], ...] = ()) -> Oracle:
    """A summary; it may cite anything of the chart."""

    def oracle(r: Record) -> Gold:
        must = [frozenset(reference(f) for f in r.pick(kinds, words)) for kinds, words in cite]
        return golden(r, [Result("summary", Summary(says, never))], must, {reference(x) for x in r.resources})

    return oracle


def true(kinds: str, words: str, window: Window | None = None, *, answer: bool = True) -> Oracle:
    """Yes (or no) as the resources that match say, read by hand."""

    def oracle(r: Record) -> Gold:
        found = r.pick(kinds, words, window)
        if not found:
            raise LookupError(f"{r.slug}: nothing matches {kinds} {words}")
        group = frozenset(reference(f) for f in found)
        return golden(r, [Result("boolean", answer)], [group], beside(r, found))

    return oracle


def absent(_r: Record) -> Gold:
    """The record has no answer."""
    return NOTHING


def ended(words: str) -> Oracle:
    """The day on which a condition resolved."""

    def oracle(r: Record) -> Gold:
        found = r.pick("Condition", words)[0]
        return golden(r, [Result("date", found["abatementDateTime"][:10])], [frozenset({reference(found)})])

    return oracle


def lasted(words: str) -> Oracle:
    """Days from the onset of a condition to its end."""

    def oracle(r: Record) -> Gold:
        found = r.pick("Condition", words)[0]
        start, end = (dt.date.fromisoformat(found[k][:10]) for k in ("onsetDateTime", "abatementDateTime"))
        return golden(
            r, [Result("number", float((end - start).days), "d", 1)], [frozenset({reference(found)})]
        )

    return oracle
