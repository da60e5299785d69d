"""Gold for what has no code of its own, and for what takes two things at once."""

from __future__ import annotations

import datetime as dt

from benchmarks.answers.foreign.measured import Oracle
from benchmarks.answers.foreign.record import Record, Window
from benchmarks.answers.foreign.recorded import beside
from benchmarks.answers.gold import Gold, Pair, Result, Trend
from benchmarks.answers.look_ups.common import golden, refs
from benchmarks.answers.oracle import reference


def first_and_last(words: str, *further: Result) -> Oracle:
    """The first and last number of observations of a name: as a trend, a pair or their difference."""

    def oracle(r: Record) -> Gold:
        found = r.pick("Observation", words)
        a, b = (float(found[i]["valueQuantity"]["value"]) for i in (0, -1))
        gap = round(b - a, 6)
        results = [
            Result("trend", Trend(a, b)), Result("comparison", Pair(a, b)), Result("number", gap),
            Result("number", abs(gap)), *further,
        ]  # fmt: skip
        must = [frozenset({reference(found[i])}) for i in (0, -1)]
        return golden(r, results, must, {reference(f) for f in found})

    return oracle


def no(_r: Record) -> Gold:
    """The record knows nothing of the kind, and what it would know of is an event or an entry."""
    return Gold((Result("boolean", False), Result("list", ()), Result("number", 0.0)))


def both(kinds: str, one: str, other: str, *, state: str = "") -> Oracle:
    """Yes, for there are both."""

    def oracle(r: Record) -> Gold:
        groups = [r.pick(kinds, words, state=state) for words in (one, other)]
        if not all(groups):
            raise LookupError(f"{r.slug}: {one} and {other} are not both there")
        must = [frozenset(reference(f) for f in group) for group in groups]
        every = [f for group in groups for f in group]
        listed = Result("list", tuple(must), also=frozenset(beside(r, every)))
        return golden(r, [Result("boolean", True), listed], must, beside(r, every))

    return oracle


def days_apart(kinds: str, words: str, early: Window, late: Window) -> Oracle:
    """Days from the first of a thing in one period to the first in another."""

    def oracle(r: Record) -> Gold:
        found = [r.pick(kinds, words, window)[0] for window in (early, late)]
        start, end = (dt.date.fromisoformat(r.dated(f)[:10]) for f in found)
        must = [frozenset({reference(f)}) for f in found]
        return golden(r, [Result("number", float((end - start).days), "d", 1)], must, beside(r, found))

    return oracle


def died(r: Record) -> Gold:
    """The day of death as the Patient resource has it."""
    day = r.patient["deceasedDateTime"][:10]
    return golden(r, [Result("date", day)], [frozenset({reference(r.patient)})])


def ended_on(words: str, which: int = -1) -> Oracle:
    """The day on which the last (or `which`) condition of a name resolved."""

    def oracle(r: Record) -> Gold:
        found = r.pick("Condition", words)[which]
        return golden(r, [Result("date", found["abatementDateTime"][:10])], [frozenset({reference(found)})])

    return oracle


def lasted(words: str, which: int = 0) -> Oracle:
    """Days from the onset of a condition to its end."""

    def oracle(r: Record) -> Gold:
        found = r.pick("Condition", words)[which]
        start, end = (dt.date.fromisoformat(found[k][:10]) for k in ("onsetDateTime", "abatementDateTime"))
        days = Result("number", float((end - start).days), "d", 1)
        return golden(r, [days], [frozenset({reference(found)})])

    return oracle


def peaks(codes: str, one: Window, other: Window) -> Oracle:
    """The highest value of one period beside that of another."""

    def oracle(r: Record) -> Gold:
        sides = []
        for window in (one, other):
            points = r.series(codes, window)
            best = max(p.value for p in points)
            sides.append([p for p in points if p.value == best])
        pair = Pair(sides[0][0].value, sides[1][0].value)
        return golden(r, [Result("comparison", pair)], [refs(side) for side in sides])

    return oracle


def ordered_amount(
    words: str, number: float, unit: str, *accepted: str, window: Window | None = None
) -> Oracle:
    """The strength or dose of an order, read by hand: as a number or in words."""

    def oracle(r: Record) -> Gold:
        found = r.pick("MedicationRequest", words, window)
        if not found:
            raise LookupError(f"{r.slug}: no order of {words}")
        group = frozenset(reference(f) for f in found)
        return golden(
            r, [Result("number", number, unit), Result("text", accepted)], [group], beside(r, found)
        )

    return oracle


def both_sides(one: str, other: str) -> Oracle:
    """Two readings told in words, such as blood pressures."""
    return lambda _r: Gold((Result("comparison", Pair(one, other)),))


def counted(kinds: str, words: str, number: float, unit: str | None = None, *accepted: str) -> Oracle:
    """A number read by hand in the resources that match, or in words."""

    def oracle(r: Record) -> Gold:
        found = r.pick(kinds, words)
        if not found:
            raise LookupError(f"{r.slug}: nothing matches {kinds} {words}")
        results = [Result("number", number, unit), *([Result("text", accepted)] if accepted else [])]
        return golden(r, results, [frozenset(reference(f) for f in found)], beside(r, found))

    return oracle


def in_state(kinds: str, words: str, state: str, *accepted: str, answer: bool | None = None) -> Oracle:
    """What stands in a thing that was cancelled, not done or entered in error: a text, or yes or no."""

    def oracle(r: Record) -> Gold:
        found = r.pick(kinds, words, state=state)
        if not found:
            raise LookupError(f"{r.slug}: no {state} {words}")
        results = [Result("text", accepted)] if answer is None else [Result("boolean", answer)]
        if answer is False:
            results.append(Result("list", ()))
        return golden(r, results, [], {reference(f) for f in found} | beside(r, found))

    return oracle


def planned(r: Record) -> Gold:
    """The day of the only appointment."""
    found = [
        x
        for x in r._given
        if x["resourceType"] == "Appointment"
        and any(p["actor"].get("reference") == f"Patient/{r.id}" for p in x["participant"])
    ]
    (one,) = found
    must = [frozenset({reference(one)})]
    return Gold((Result("date", one["start"][:10]), Result("list", tuple(must))), tuple(must), must[0])


def requested(words: str) -> Oracle:
    """For when something ordered is due."""

    def oracle(r: Record) -> Gold:
        (one,) = r.pick("ServiceRequest", words)
        must = [frozenset({reference(one)})]
        results = [Result("date", one["occurrenceDateTime"][:10]), Result("list", tuple(must))]
        return golden(r, results, must)

    return oracle


def gap(codes: str, early: int, late: int) -> Oracle:
    """Days between two measurements by position."""

    def oracle(r: Record) -> Gold:
        points = r.series(codes)
        a, b = points[early], points[late]
        days = (dt.date.fromisoformat(b.day) - dt.date.fromisoformat(a.day)).days
        must = [frozenset({a.ref}), frozenset({b.ref})]
        return golden(r, [Result("number", float(days), "d", 1)], must)

    return oracle


def span(codes: str, window: Window | None = None) -> Oracle:
    """Lowest and highest: side by side, or either in words."""

    def oracle(r: Record) -> Gold:
        points = r.series(codes, window)
        low, high = min(p.value for p in points), max(p.value for p in points)
        must = [frozenset(p.ref for p in points if p.value == edge) for edge in (low, high)]
        words = tuple(f"{low:g}{sep}{high:g}" for sep in (" to ", "–", "-", " – "))
        results = [Result("comparison", Pair(low, high)), Result("text", words)]
        return golden(r, results, must, {p.ref for p in points})

    return oracle
