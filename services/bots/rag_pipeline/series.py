"""The results of one quantity over time, and how each is told."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Sequence

from services.bots.rag_pipeline.answer import (
    Answer,
    Source,
    absent,
    number,
    on,
    words,
)
from services.bots.rag_pipeline.plan import Plan, Target
from services.bots.rag_pipeline.ranges import in_state, state_asked
from services.bots.rag_pipeline.selecting import happened, matching, pressure, split_stems
from services.bots.rag_pipeline.windows import by_the_clock, window
from services.chart.chart import Chart
from services.chart.entry import Entry, Measure
from services.chart.naming import closeness
from services.index.text.interpretation import INTERPRETATIONS
from services.knowledge.units import convert

PRESSURE, SYSTOLIC = "vital:blood-pressure", "vital:systolic-blood-pressure"
DIASTOLIC = "vital:diastolic-blood-pressure"


def series(chart: Chart, target: Target) -> list[Entry]:
    """The results of a target, oldest first: one quantity, not several that share a name."""
    entries = [e for e in matching(chart, target, ("result",)) if e.measure and happened(e)]
    if target.concepts and target.concepts[0] == PRESSURE:
        exact = [e for e in entries if PRESSURE in e.own]
        entries = exact or _paired(chart, [e for e in entries if SYSTOLIC in e.own])
    groups: dict[object, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(_quantity(entry), []).append(entry)
    if len(groups) > 1:
        asked = set(split_stems(target.label))
        concept = target.concepts[0] if target.concepts else ""
        kinds = len({e.own for e in entries}) > 1  # troponin I and T: of several kinds the one that was measured last

        def fit(group: list[Entry]) -> tuple:
            words_of = set(split_stems(group[-1].name))
            exact = closeness(group[-1].own, group[-1].named, concept) == 3 if concept else False
            return (
                len(asked & words_of) == len(asked),
                exact,
                0 if kinds and concept else len(asked & words_of) - 0.1 * len(words_of - asked),
                group[-1].order if kinds and concept else ("", ""),
                len(group),
            )

        best = max(groups.values(), key=lambda g: (_TOLD_BY.get(concept, "") in g[-1].own, *fit(g)))
        # Laboratories name one quantity in several ways: what converts into the same unit belongs together.
        entries = [e for g in groups.values() if g is best or _same_quantity(best[-1], g[-1]) for e in g]
        entries.sort(key=lambda e: e.order)
    return entries


_TOLD_BY = {"lab:renal-function-panel": "lab:estimated-glomerular-filtration-rate"}
"""Of several quantities that go by one name, the one that is meant where one has to be."""


def _paired(chart: Chart, tops: list[Entry]) -> list[Entry]:
    """Systolic results as blood pressures, each with the diastolic result of the same moment."""
    bottoms = {
        (e.date, split_stems(e.name)[0]): e
        for e in chart.entries("result") if DIASTOLIC in e.own and not e.part and e.measure and happened(e)
    }  # fmt: skip
    found = []
    for top in tops:
        bottom = bottoms.get((top.date, split_stems(top.name)[0]))
        if top.part or bottom is None or top.measure is None or bottom.measure is None:
            found.append(top)
            continue
        text = (
            f"{top.measure.amount:g}/{bottom.measure.amount:g} {top.measure.unit}"
            if top.measure.amount and bottom.measure.amount
            else ""
        )
        pair = Measure(
            text.strip() or f"{top.measure.text}/{bottom.measure.text}", element=top.measure.element
        )
        name = re.sub(r",?\s*systolic", "", top.name, flags=re.IGNORECASE)
        found.append(
            dataclasses.replace(top, name=name, own=frozenset([PRESSURE]), read_measure=None, _measure=pair)
        )
    return found


def _quantity(entry: Entry) -> object:
    name = entry.name.casefold() if not entry.own else (_ratio(entry.name), _property(entry.name))
    return (tuple(sorted(entry.own)), name)


_PROPERTY = re.compile(
    r"\b(?:width|volume|fraction|clearance|index|gap|capacity|saturation|excretion|percent\w*)\b"
)


def _property(name: str) -> frozenset[str]:
    """What of the thing is measured, where its name says so: the width of platelets is not their count."""
    return frozenset(_PROPERTY.findall(re.sub(r"\[[^\]]*\]", "", name).lower()))


def _ratio(name: str) -> bool:
    name = re.sub(r"\[[^\]]*\]", "", name)  # LOINC's [Mass/volume] is no ratio of two things
    return "/" in name or "ratio" in name.lower()


def _same_quantity(one: Entry, other: Entry) -> bool:
    if one.own != other.own or _ratio(one.name) != _ratio(other.name):
        return False
    a, b = one.measure, other.measure
    return bool(
        a and b and (a.code == b.code or convert(1.0, b.code, a.code, next(iter(one.own), None)) is not None)
    )


def amount(entry: Entry, unit: str) -> float | None:
    """The value in a unit; None where it isn't a number or can't be converted."""
    measure = entry.measure
    if measure is None or measure.amount is None:
        return None
    if measure.code == unit or not unit or not measure.code:
        return measure.amount
    return convert(measure.amount, measure.code, unit, next(iter(sorted(entry.own)), None))


def numbers(entries: Sequence[Entry]) -> tuple[list[tuple[Entry, float]], str]:
    """The entries whose values are numbers, each in the unit of the latest of them; and that unit."""
    unit = next((e.measure.code for e in reversed(entries) if e.measure and e.measure.amount is not None), "")
    return [(e, v) for e in entries if (v := amount(e, unit)) is not None], unit


def pressures(entries: Sequence[Entry]) -> list[tuple[Entry, tuple[float, float]]]:
    """Blood pressures written as 120/80: (systolic, diastolic), in mmHg."""
    return [(e, p) for e in entries if e.measure and (p := pressure(e.measure.text))]


def source(entry: Entry) -> Source:
    measure = entry.measure
    text = f"{entry.name} {measure.text}" if measure else entry.name
    if measure and measure.range_text:
        text += f" (reference {measure.range_text})"
    return Source(entry, text, measure.element if measure else "")


def said(entry: Entry, name: str = "") -> str:
    """ "HbA1c 7.1 % (high) on 12-Mar-2025"."""
    measure = entry.measure
    text = measure.text if measure else "no value"
    meaning = flags(measure) if measure else ""
    extra = ", preliminary" if entry.status in ("preliminary", "registered") else ""
    told = (meaning + extra).removeprefix(", ")
    return f"{name or entry.name} {text}{f' ({told})' if told else ''} {on(entry)}"


def flags(measure: Measure) -> str:
    return ", ".join(
        m
        for c in measure.marks
        if (m := INTERPRETATIONS.get(c, "")) and m not in ("normal", measure.text.casefold())
    )


def result_of(entry: Entry) -> dict:
    """A value as the wire's result."""
    measure = entry.measure
    assert measure is not None
    if measure.amount is None:
        return words(measure.text)
    found = number(measure.amount, measure.code or None)
    if measure.comparator:
        found["comparator"] = measure.comparator
    return found | {"date": (entry.date or "")[:10] or None}


def inside(chart: Chart, plan: Plan, target: Target | None = None) -> tuple[list[Entry], list[str], bool]:
    """The entries of the target in the period, in bounds, the last n where asked; steps; anchors found."""
    (since, until), notes, found = window(chart, plan)
    everything = series(chart, target or plan.target)
    entries = by_the_clock(chart, plan, everything, [e for e in everything if e.within(since, until)])
    if plan.month:
        entries = [e for e in entries if e.first and e.first.month == plan.month]
    if plan.hours:
        entries = [e for e in entries if chart.within_hours(e, plan.hours)]
    if (
        not entries
        and everything
        and any(a.relation in ("during", "at-start", "at-end") and not a.edge.startswith("day") for a in plan.anchors)
    ):
        entries = near(everything, since, until)
    steps = [*plan.steps, f"{len(everything)} results named {_label(plan.target, everything)}"]
    if since or until or plan.month:
        steps.append(f"{len(entries)} of them in the period {_period(since, until)}")
    steps += notes
    if (wanted := wanted_state(plan)) and entries:
        entries, told = in_state(entries, wanted)
        steps.append(f"{len(entries)} of {told} with a range or an interpretation are {wanted}")
        found = found and bool(told)
    if plan.count and plan.ask != "count":
        entries = entries[: plan.count] if plan.pick == "earliest" else entries[-plan.count :]
        steps.append(f"the {'first' if plan.pick == 'earliest' else 'last'} {len(entries)}")
    return entries, steps, found


_HIGH_BY_NAME = re.compile(r"(?:albumin|protein|glucos|glycos|keton)uria\b", re.IGNORECASE)
"""Of these the name says that there is more than there should be: "when was albuminuria first found"."""


def wanted_state(plan: Plan) -> str:
    """Low, high, abnormal or normal, where single values are asked for by it; a yes or no judges for itself."""
    if plan.ask in ("when", "count") and not plan.bounds and _HIGH_BY_NAME.search(plan.target.label):
        return "high"
    if plan.ask not in ("value", "when", "count", "list") or plan.bounds or plan.pick in ("highest", "lowest", "mean", "median"):
        return ""
    return state_asked(plan.question.text, plan.target.label)


def near(entries: list[Entry], since: dt.date | None, until: dt.date | None) -> list[Entry]:
    """The one value nearest to an event that has none of its own day: within a month of it."""
    if since is None or until is None:
        return []
    dated = [(min(abs((e.first - since).days), abs((e.first - until).days)), e) for e in entries if e.first]
    best = min(dated, key=lambda p: p[0], default=None)
    return [best[1]] if best and best[0] <= 31 else []


def _period(since: object, until: object) -> str:
    return f"{since or 'beginning'} to {until or 'now'}"


def _label(target: Target, entries: Sequence[Entry]) -> str:
    return entries[-1].name if entries else target.label or "that"


def nothing(chart: Chart, plan: Plan, steps: list[str]) -> Answer:
    """No value: what there is outside the period is said, since it is what a person asks next."""
    target = plan.target
    every = series(chart, target)
    label = target.label or "such result"
    if every and (wanted := wanted_state(plan)):
        last = every[-1]
        return absent(f"Not found in the record: no {_label(target, every)} that is recorded as {wanted}. The latest is {said(last)}.", steps, [source(last)])
    if every:
        last = every[-1]
        text = f"Not found in the record: no {_label(target, every)} in the period asked about. The latest is {said(last)}."
        return absent(text, steps, [source(last)])
    return absent(
        f"Not found in the record: no result for {label} ({len(chart.entries('result'))} results were looked through).",
        steps,
    )
