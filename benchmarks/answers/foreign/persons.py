"""Gold about the person, the stays in hospital and the other visits."""

from __future__ import annotations

import datetime as dt

from benchmarks.answers.foreign.measured import NOTHING, Oracle
from benchmarks.answers.foreign.record import Record, Window, local, within
from benchmarks.answers.gold import Gold, Result
from benchmarks.answers.look_ups.common import golden
from benchmarks.answers.oracle import reference, years


def stays(window: Window | None = None) -> Oracle:
    """How many hospital stays began in a period."""

    def oracle(r: Record) -> Gold:
        start, end = window(r) if window else ("", "9999")
        found = [s for s in r.stays if within(s["period"]["start"], start, end)]
        return golden(r, [Result("number", float(len(found)))], [frozenset({reference(s)}) for s in found])

    return oracle


def stay_date(which: int, side: str, *, minute: bool = False) -> Oracle:
    """When a hospital stay began ("start") or ended ("end")."""

    def oracle(r: Record) -> Gold:
        found = r.stays[which]
        if side not in found["period"]:
            return NOTHING
        at = found["period"][side]
        return golden(r, [Result("date", local(at) if minute else at[:10])], [frozenset({reference(found)})])

    return oracle


def stay_length(which: int) -> Oracle:
    def oracle(r: Record) -> Gold:
        found = r.stays[which]
        start, end = (dt.datetime.fromisoformat(found["period"][k]) for k in ("start", "end"))
        days = (end.date() - start.date()).days
        results = [Result("number", float(days), "d", 1)]
        if days <= 2:
            results.append(Result("number", (end - start).total_seconds() / 3600, "h", 1))
        return golden(r, results, [frozenset({reference(found)})])

    return oracle


def of_stay(which: int, *accepted: str) -> Oracle:
    """A fact that stands in the encounter, read by hand."""

    def oracle(r: Record) -> Gold:
        found = r.stays[which]
        places = {p["location"]["reference"] for p in found.get("location", [])}
        return golden(r, [Result("text", accepted)], [frozenset({reference(found)})], places)

    return oracle


def age(at: str | None = None) -> Oracle:
    """In completed years on the day of the question or of a date."""

    def oracle(r: Record) -> Gold:
        day = dt.date.fromisoformat(at) if at else r.today
        return golden(
            r, [Result("number", float(years(r.born, day)), "a")], [frozenset({reference(r.patient)})]
        )

    return oracle


def age_then(kinds: str, words: str) -> Oracle:
    """In completed years when something first happened."""

    def oracle(r: Record) -> Gold:
        found = r.pick(kinds, words)[0]
        day = dt.date.fromisoformat(r.dated(found)[:10])
        must = [frozenset({reference(found)})]
        return golden(r, [Result("number", float(years(r.born, day)), "a")], must, {reference(r.patient)})

    return oracle


def born(r: Record) -> Gold:
    return golden(r, [Result("date", r.patient["birthDate"])], [frozenset({reference(r.patient)})])


def person_is(answer: bool) -> Oracle:
    """Yes or no as the Patient resource says, read by hand."""
    return lambda r: golden(r, [Result("boolean", answer)], [frozenset({reference(r.patient)})])


def visits(kind: str, window: Window | None = None) -> Oracle:
    """How many visits of an act class (AMB, EMER, IMP) began in a period."""

    def oracle(r: Record) -> Gold:
        start, end = window(r) if window else ("", "9999")
        found = [e for e in r.encounters(kind) if within(e["period"]["start"], start, end)]
        return golden(r, [Result("number", float(len(found)))], [frozenset({reference(f)}) for f in found])

    return oracle


def any_stay(window: Window) -> Oracle:
    """Whether a hospital stay began in a period."""

    def oracle(r: Record) -> Gold:
        start, end = window(r)
        found = [s for s in r.stays if within(s["period"]["start"], start, end)]
        must = [frozenset(reference(f) for f in found)] if found else []
        return golden(r, [Result("boolean", bool(found))], must)

    return oracle


def in_stay(which: int, answer: bool) -> Oracle:
    """Yes or no as an encounter says, read by hand."""

    def oracle(r: Record) -> Gold:
        places = {p["location"]["reference"] for p in r.stays[which].get("location", [])}
        return golden(r, [Result("boolean", answer)], [frozenset({reference(r.stays[which])})], places)

    return oracle


def of_person(*accepted: str) -> Oracle:
    """A fact that stands in the Patient resource."""

    def oracle(r: Record) -> Gold:
        person = frozenset({reference(r.patient)})
        return golden(r, [Result("text", accepted)], [person])

    return oracle
