"""Answers written after reading the record; only their sources are looked up."""

from __future__ import annotations

from benchmarks.answers.gold import Gold, Oracle, Result, Summary
from benchmarks.answers.look_ups.common import any_ref, golden, groups_of
from benchmarks.answers.oracle import Chart, reference, when


def said(*accepted: str, must: tuple[str, ...], may: tuple[str, ...] = ()) -> Oracle:
    """A short text; any of the accepted pieces is right."""
    return lambda c: golden(c, [Result("text", accepted)], groups_of(c, must), any_ref(c, may))


def given(
    value: float, unit: str | None, *quoted: str, must: tuple[str, ...], may: tuple[str, ...] = ()
) -> Oracle:
    """A number read from the record by hand; from prose, a quotation with it serves as well."""
    results = [Result("number", value, unit), *([Result("text", quoted)] if quoted else [])]
    return lambda c: golden(c, results, groups_of(c, must), any_ref(c, may))


def dated(date: str, *, must: tuple[str, ...], may: tuple[str, ...] = ()) -> Oracle:
    return lambda c: golden(c, [Result("date", date)], groups_of(c, must), any_ref(c, may))


def yes(*must: str, may: tuple[str, ...] = ()) -> Oracle:
    return lambda c: golden(c, [Result("boolean", True)], groups_of(c, must), any_ref(c, may))


def no(*must: str, may: tuple[str, ...] = ()) -> Oracle:
    """The record says that it is not so, or (with nothing to cite) a closed list does not hold it."""
    return lambda c: golden(c, [Result("boolean", False)], groups_of(c, must), any_ref(c, may))


def any_of(*oracles: Oracle) -> Oracle:
    """A question that may be read in several ways: each one's result is right. What must be cited is the first's."""

    def oracle(c: Chart) -> Gold:
        golds = [reading(c) for reading in oracles]
        results = tuple(r for g in golds for r in g.results)
        return Gold(results, golds[0].must, frozenset().union(*(g.may for g in golds)))

    return oracle


def phrase(oracle: Oracle) -> Oracle:
    """For "triptan?", "last flu shot?": whoever lists what there is answers as well as with yes, no or a date."""

    def wider(c: Chart) -> Gold:
        gold = oracle(c)
        listed = gold.must if gold.results[0].value is not False else ()
        return Gold((*gold.results, Result("list", listed, also=gold.may)), gold.must, gold.may)

    return wider


def none_known(selector: str = "AllergyIntolerance") -> Oracle:
    """Asked, and none: as "no", as a list without anything but that statement, or in words."""
    return any_of(
        things(selector),
        no(selector),
        said("no known", "none", must=(selector,)),
        lambda _chart: Gold((Result("list", ()),)),
    )


def absent(_chart: Chart) -> Gold:
    """The record has no answer."""
    return Gold(())


def things(*selectors: str, may: tuple[str, ...] = ()) -> Oracle:
    """A list, one selector for each thing; several matches of one selector are the same thing said again."""

    def oracle(c: Chart) -> Gold:
        groups, also = groups_of(c, selectors), any_ref(c, may)
        return golden(c, [Result("list", tuple(groups), also=frozenset(also))], groups, also)

    return oracle


def each(*selectors: str, may: tuple[str, ...] = ()) -> Oracle:
    """A list of all resources that match, each a thing of its own."""

    def oracle(c: Chart) -> Gold:
        groups = [frozenset({reference(r)}) for s in selectors for r in c.select(s)]
        also = any_ref(c, may)
        return golden(c, [Result("list", tuple(groups), also=frozenset(also))], groups, also)

    return oracle


def count(*selectors: str, until: str | None = None) -> Oracle:
    """How many resources match."""

    def oracle(c: Chart) -> Gold:
        found = [r for s in selectors for r in c.select(s) if not until or when(r)[: len(until)] <= until]
        return golden(c, [Result("number", float(len(found)))], [frozenset({reference(r)}) for r in found])

    return oracle


def told(*says: str, never: tuple[str, ...] = (), must: tuple[str, ...], may: tuple[str, ...] = ()) -> Oracle:
    """A summary. What it may cite beside `must` is open: precision counts against the whole chart's own."""
    return lambda c: golden(
        c,
        [Result("summary", Summary(says, never))],
        groups_of(c, must),
        any_ref(c, may) if may else {reference(r) for r in c.resources},
    )
