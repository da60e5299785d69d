"""Critical flags: the latest result of each kind against its limits, and fast changes.

A value whose unit is not known, or that nobody can have, is told as one that can't be judged; never passed over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

from services.bots.clinical_decision_support.critical.deltas import deltas
from services.bots.clinical_decision_support.model import Finding, Severity, basis
from services.bots.clinical_decision_support.person import Person
from services.chart.chart import Chart
from services.chart.entry import Entry, Measure
from services.knowledge.entries import named
from services.knowledge.lexicon import lexicon
from services.knowledge.limits import Limit, limits, plausible
from services.knowledge.units import convert

MARKED = {"HH": "critically high", "LL": "critically low", "AA": "critically abnormal"}
_OLD, _HISTORY = dt.timedelta(days=90), dt.timedelta(days=365)
"""A result that was not repeated for so long is told less loudly, and not at all."""
_VITAL = dt.timedelta(days=7)
"""Vital signs tell of the day they were taken on."""
_ADULT = 18
_BARE = frozenset(["", "1", "inr", "{inr}", "ratio", "{ratio}", "ph", "[ph]", "ph units", "ph unit"])
_LABORATORY = "the laboratory's own mark (HL7 v3 ObservationInterpretation)"
_ADVICE = {
    "critical": "Contact the patient or whoever treats them now; repeat the test if in doubt.",
    "high": "See to it today; repeat the measurement.",
    "medium": "See whether somebody acted on it; repeat the test.",
}


def critical_flags(chart: Chart, person: Person) -> list[Finding]:
    """What the chart shows, of the latest result of each concept, and of changes within days."""
    series = by_concept(chart)
    known, found = limits(), []
    for concept, entries in series.items():
        if concept in known and _current(entries[-1], concept, chart.as_of):
            found += _judged(known[concept], entries, person, chart.as_of)
    told = {f.evidence[0].reference for f in found}
    for last in _latest(chart):
        if (
            last.reference not in told
            and _current(last, "", chart.as_of)
            and (flag := _marked(last, last.measure, chart.as_of))
        ):
            told.add(last.reference)
            found.append(flag)
    return found + list(deltas(series, chart.as_of))


def by_concept(chart: Chart) -> Mapping[str, list[Entry]]:
    """Results with a value by what they are of, oldest first."""
    found: dict[str, list[Entry]] = {}
    for entry in chart.entries("result"):
        for concept in entry.own:
            found.setdefault(concept, []).append(entry)
    return found


def _latest(chart: Chart) -> Iterable[Entry]:
    """The latest result of each kind, also of kinds that nothing else is known of."""
    return {(e.own or frozenset([e.name.casefold()])): e for e in chart.entries("result")}.values()


def _current(entry: Entry, concept: str, today: dt.date) -> bool:
    age = today - entry.last if entry.last else dt.timedelta(0)
    vital = concept.startswith("vital:") or any(c.startswith("vital:") for c in entry.own)
    return age <= (_VITAL if vital else _HISTORY)


def _judged(
    known: Sequence[Limit], entries: list[Entry], person: Person, today: dt.date
) -> Iterator[Finding]:
    concept = known[0].concept
    last = next(
        (e for e in reversed(entries) if e.measure and (e.measure.amount is not None or e.measure.marks)),
        None,
    )
    measure = last.measure if last else None
    if last is None or measure is None:
        return
    if flag := _marked(last, measure, today):
        yield flag
        return
    if measure.amount is None:
        return
    bounds = plausible().get(concept)
    value = _in_unit(measure, bounds.unit, concept) if bounds else None
    if bounds and value is None:
        yield _unjudged(
            last,
            measure,
            f"the unit “{measure.unit}” is not one of {_name(concept)}"
            if measure.unit
            else "no unit is given",
        )
        return
    if bounds and value is not None and not bounds.least <= value <= bounds.most:
        yield _unjudged(
            last,
            measure,
            f"no patient has {_name(concept)} of {measure.text}: it looks like a slip of unit or typing",
        )
        return
    age = person.age_on(last.first)
    for limit in known:
        if flag := _beyond(limit, last, measure, age, person.sex, today):
            yield flag
            return  # the table's first limit that is passed is the gravest
    if age is None or age >= _ADULT or concept.startswith("vital:"):
        return
    for limit in known:  # children's vital signs are others all along; a result so far out is worth a look
        if limit.covers(_ADULT) and not limit.covers(age) and _side(limit, measure):
            why = f"the table has no limit for the age of {age}, and it is beyond that of adults"
            yield _unjudged(last, measure, why)
            return


def _side(limit: Limit, measure: Measure) -> str:
    """Where the value is at the limit or beyond: low or high; "" where it isn't."""
    value = _in_unit(measure, limit.unit, limit.concept)
    if value is None:
        return ""
    value = round(value, 6)
    if limit.low is not None and value <= limit.low and measure.comparator not in (">", ">="):
        return "low"
    if limit.high is not None and value >= limit.high and measure.comparator not in ("<", "<="):
        return "high"
    return ""


def _beyond(
    limit: Limit, entry: Entry, measure: Measure, age: int | None, sex: str, today: dt.date
) -> Finding | None:
    if not limit.covers(_ADULT if age is None else age):  # without a birth date, by the limits of adults
        return None
    if limit.sex and sex and limit.sex != sex:
        return None
    side = _side(limit, measure)
    if not side:
        return None
    bound = limit.low if side == "low" else limit.high
    word = f"Critically {side}" if limit.severity == "critical" else side.capitalize()
    reason = (
        f"{entry.name} {measure.text} is at or {'below' if side == 'low' else 'above'} {bound:g} {_shown(limit.unit)}."
    )
    if age is None:
        reason += " The birth date is not recorded; limits of adults were used."
    return _flag(
        entry,
        measure,
        limit.severity,
        f"{word} {_name(limit.concept)}: {measure.text}",
        reason,
        limit.source,
        today,
        limit.table,
    )


def _in_unit(measure: Measure, unit: str, concept: str) -> float | None:
    """The value in the unit; a ratio or a pH has nothing to be converted, whatever stands beside it."""
    given = measure.code or measure.unit
    if unit in ("1", "[pH]"):
        return measure.amount if given.strip().casefold() in _BARE else None
    return None if measure.amount is None else convert(measure.amount, given, unit, concept)


def _marked(entry: Entry, measure: Measure | None, today: dt.date) -> Finding | None:
    mark = next((m for m in measure.marks if m in MARKED), None) if measure else None
    if mark is None or measure is None:
        return None
    reason = f"The laboratory marked {entry.name} {measure.text} as {MARKED[mark]} ({mark})."
    title = f"{MARKED[mark].capitalize()} {_plain(entry.name)}: {measure.text}"
    return _flag(entry, measure, "critical", title, reason, _LABORATORY, today)


def _flag(
    entry: Entry,
    measure: Measure,
    severity: Severity,
    title: str,
    reason: str,
    source: str,
    today: dt.date,
    table: str = "",
) -> Finding:
    if entry.last and today - entry.last > _OLD:
        severity = "medium"
        reason += (
            f" It is the latest one, of {(today - entry.last).days} days ago: it was not repeated since."
        )
    if entry.status == "preliminary":
        reason += " The result is preliminary."
    return Finding(
        "critical", "critical-result", entry.reference + (f"#{measure.element}" if entry.part else ""), severity,
        title, reason, _ADVICE[severity], (basis(entry),), source, table=table,
    )  # fmt: skip


def _unjudged(entry: Entry, measure: Measure, why: str) -> Finding:
    return Finding(
        "critical", "cannot-judge", entry.reference + (f"#{measure.element}" if entry.part else ""), "medium",
        f"Cannot judge {_plain(entry.name)}: {measure.text}", f"It can't be judged whether this is critical: {why}.",
        "Look at the result itself, and have its unit or value put right.", (basis(entry),), "limits and units of the console",
        judged=False, table=named("plausible"),
    )  # fmt: skip


def _name(concept: str) -> str:
    return lexicon().get(concept).name


def _plain(name: str) -> str:
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def _shown(unit: str) -> str:
    return {"1": "", "Cel": "°C", "mm[Hg]": "mmHg", "[pH]": "", "10*3/uL": "×10³/µL"}.get(unit, unit)
