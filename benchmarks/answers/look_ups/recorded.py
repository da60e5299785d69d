"""Answers from what is recorded: dates, spans, ages, drugs."""

from __future__ import annotations

import datetime as dt

from benchmarks.answers.gold import Gold, Oracle, Result
from benchmarks.answers.look_ups.by_hand import each
from benchmarks.answers.look_ups.common import any_ref, golden, refs
from benchmarks.answers.oracle import Chart, first_day, reference, when, years


def day_of(selector: str, which: int = -1, *, may: tuple[str, ...] = ()) -> Oracle:
    """The recorded date of the last (or `which`) resource that matches, at the record's precision."""

    def oracle(c: Chart) -> Gold:
        found = [r for s in selector.split(" | ") for r in c.select(s)]
        found.sort(key=when)
        date = when(found[which])
        same = frozenset(reference(r) for r in found if when(r)[:10] == date[:10])
        return golden(c, [Result("date", date[:10])], [same], any_ref(c, may))

    return oracle


def span(start: str, end: str | None = None, *, may: tuple[str, ...] = ()) -> Oracle:
    """Days from the first resource that matches to the first of another, or to the day of the question."""

    def oracle(c: Chart) -> Gold:
        begun = c.select(start)[0]
        ended = c.select(end)[0] if end else None
        last = first_day(when(ended)) if ended else dt.date.fromisoformat(c.as_of)
        days = (last - first_day(when(begun))).days
        must = [frozenset({reference(r)}) for r in (begun, ended) if r]
        return golden(c, [Result("number", float(days), "d", 1)], must, any_ref(c, may))

    return oracle


def since_measured(codes: str) -> Oracle:
    """How long ago the latest value was taken."""

    def oracle(c: Chart) -> Gold:
        last = c.points(codes)[-1]
        days = (dt.date.fromisoformat(c.as_of) - first_day(last.date)).days
        return golden(c, [Result("number", float(days), "d", 1)], [refs([last])])

    return oracle


def age(selector: str | None = None) -> Oracle:
    """In completed years: at the question, or at the onset of something."""

    def oracle(c: Chart) -> Gold:
        person = frozenset({reference(c.patient)})
        if selector is None:
            day, must = dt.date.fromisoformat(c.as_of), [person]
        else:
            found = c.one(selector)
            day, must = first_day(when(found)), [frozenset({reference(found)})]
        return golden(c, [Result("number", float(years(c.born, day)), "a")], must, person)

    return oracle


def stay(selector: str) -> Oracle:
    """Length of an encounter in days, from the day of admission to the day of discharge."""

    def oracle(c: Chart) -> Gold:
        found = c.one(selector)
        start, end = (first_day(found["period"][k]) for k in ("start", "end"))
        return golden(
            c, [Result("number", float((end - start).days), "d", 1)], [frozenset({reference(found)})]
        )

    return oracle


_DRUGS = ("MedicationRequest", "MedicationStatement")


def drugs(words: str = "", *, active: bool = True, since: str = "") -> list[str]:
    """Selectors of both kinds of medication entry."""
    return [f"{kind}:{words}@{since}" + ("!active" if active else "") for kind in _DRUGS]


def takes(*names: str) -> Oracle:
    """On any of these drugs now, as the medication list has it: closed-world."""

    def oracle(c: Chart) -> Gold:
        now = [r for n in names for s in drugs(n) for r in c.select(s)]
        before = {reference(r) for n in names for s in drugs(n, active=False) for r in c.select(s)}
        must = [frozenset(reference(r) for r in now)] if now else []
        return golden(c, [Result("boolean", bool(now))], must, before)

    return oracle


def ever_took(*names: str) -> Oracle:
    """Ever prescribed or reported, whatever became of it."""

    def oracle(c: Chart) -> Gold:
        found = {reference(r) for n in names for s in drugs(n, active=False) for r in c.select(s)}
        return golden(c, [Result("boolean", bool(found))], [frozenset(found)] if found else [])

    return oracle


def current_drugs(words: str = "", *, statements: bool = True) -> Oracle:
    selectors = drugs(words)
    return each(*(selectors if statements else selectors[:1]))


def dose(selector: str) -> Oracle:
    """The single dose of one order: as a number, or within a text."""

    def oracle(c: Chart) -> Gold:
        order = c.one(selector)
        quantity = order["dosageInstruction"][0]["doseAndRate"][0]["doseQuantity"]
        value, unit = float(quantity["value"]), quantity["unit"]
        results = [
            Result("number", value, quantity.get("code") or unit),
            Result("text", (f"{value:g} {unit}", f"{value:,g} {unit}")),
        ]
        return golden(c, results, [frozenset({reference(order)})])

    return oracle
