"""A state of the vital signs that nobody wrote down in words ("any fever", "was she tachycardic"): told by what was measured."""

from __future__ import annotations

from dataclasses import dataclass

from services.bots.rag_pipeline import series
from services.bots.rag_pipeline.answer import Answer, Statement, shown, truth
from services.bots.rag_pipeline.plan import Plan, Target
from services.bots.rag_pipeline.windows import window
from services.chart.chart import Chart
from services.chart.entry import Entry


@dataclass(frozen=True, slots=True)
class State:
    """What is measured, from where on it is that, and who says so."""

    measured: str
    bound: float
    unit: str
    shown: str
    above: bool
    source: str


STATES = {
    "symptom:fever": State("vital:body-temperature", 38.0, "Cel", "38.0 °C (100.4 °F) or more", True, "42 CFR 71.1(b), definition of an ill person, 2017"),
    "symptom:tachycardia": State("vital:heart-rate", 100, "/min", "more than 100 /min", True, "ACC/AHA/HRS guideline on supraventricular tachycardia, table of terms and definitions, 2015"),
    "problem:hypotension": State("vital:systolic-blood-pressure", 90, "mm[Hg]", "a systolic pressure of less than 90 mmHg", False, "ACCP/SCCM consensus conference, definitions for sepsis, 1992"),
}  # fmt: skip
_REACHED = {"symptom:fever"}
"""Where the bound itself is the state already."""


def answer(chart: Chart, plan: Plan) -> Answer | None:
    """Whether it was, by every value of the time asked about; None where the question is of no such state, or nothing was measured.

    Looked for last: a problem that is recorded, or a sentence that speaks of it, comes first.
    """
    concept = plan.target.concepts[0] if len(plan.target.concepts) == 1 else ""
    state = STATES.get(concept)
    if state is None or plan.ask not in ("exists", "list", "flag", "when", "value") or plan.bounds or not (plan.yes_no or plan.since or plan.until or plan.hours):
        return None
    (since, until), steps, found = window(chart, plan)
    target = Target((state.measured,), ("result",), label=state.measured.partition(":")[2].replace("-", " "))
    entries = [e for e in series.series(chart, target) if e.within(since, until) and (not plan.hours or chart.within_hours(e, plan.hours))]
    pairs = [(e, v) for e in entries if (v := series.amount(e, state.unit)) is not None]
    if not found or not pairs or not (since or until or plan.hours):
        return None
    over = [(e, v) for e, v in pairs if _is_so(concept, state, v)]
    furthest = (max if state.above else min)(over or pairs, key=lambda p: p[1])[0]
    number = f"{len(over)} of {len(pairs)}" if over else f"none of {len(pairs)}"
    times = f"{shown(pairs[0][0].date)} to {shown(pairs[-1][0].date)}"
    told = f"{'Yes' if over else 'No'}: {number} values ({times}) {'are' if len(over) > 1 else 'is'} {state.shown}; the {'highest' if state.above else 'lowest'} is {series.said(furthest)}."
    steps = [*steps, f"by what was measured, since nothing is recorded in words; the bound: {state.source}"]
    return Answer([Statement(told, tuple(_sources([e for e, _ in over] or [furthest])))], truth(bool(over)), steps=steps, series=entries, certainty=0.85)


def _is_so(concept: str, state: State, value: float) -> bool:
    if concept in _REACHED:
        return value >= state.bound
    return value > state.bound if state.above else value < state.bound


def _sources(entries: list[Entry]):
    return (series.source(e) for e in entries[-8:])
