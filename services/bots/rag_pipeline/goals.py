"""Whether a goal is met: the value that it bounds beside the bound, never the goal's being there."""

from __future__ import annotations

import re

from services.bots.rag_pipeline import series
from services.bots.rag_pipeline.answer import Answer, Statement, absent, date, joined, truth, words
from services.bots.rag_pipeline.event_told import said, source
from services.bots.rag_pipeline.notes import by_concept
from services.bots.rag_pipeline.plan import Plan, Target
from services.bots.rag_pipeline.quotes import quoted
from services.bots.rag_pipeline.selecting import matching
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.index.text import values
from services.knowledge.lexicon import lexicon
from services.knowledge.quantities import Comparison, find_comparisons
from services.knowledge.units import convert, normalise_unit

_MET = re.compile(r"\b(?:at|to|met|meets?|meeting|reach\w*|achiev\w*|hit|attain\w*|within|on|above|below|under|over|made)\b", re.IGNORECASE)
_AIMED = re.compile(r"\b(?:goals?|targets?|aim\w*|keep|maintain|titrate)\b|[<>≤≥]", re.IGNORECASE)
_PASSES = {"<": float.__lt__, "<=": float.__le__, ">": float.__gt__, ">=": float.__ge__}


def answer(chart: Chart, plan: Plan) -> Answer | None:
    """None where the question asks for the goals themselves."""
    if plan.target.kinds != ("goal",) or not plan.target.concepts:
        return None
    goals = [e for e in matching(chart, plan.target, ("goal",)) if e.status not in ("cancelled", "rejected", "entered-in-error")]
    if plan.ask in ("list", "value") and len(goals) == 1:
        return Answer([Statement(f"{said(goals[0])}.", (source(goals[0]),))], words(goals[0].name), steps=["one goal names it"])
    if plan.ask in ("list", "value") and not goals:
        quotes = [q for q in by_concept(chart, plan, plan.target.concepts) if _AIMED.search(q.text)][:2]
        if quotes:
            return Answer([Statement(quoted(q), (q.source(),)) for q in quotes], words(" ".join(q.text for q in quotes)), kind="quoted", certainty=0.7)
        if not any(set(plan.target.concepts) & (e.own | e.named) for e in chart.entries("plan")):
            return absent(f"Not found in the record: no goal for {plan.target.label}, as a goal or in a note's words.", ["goals and notes looked through"])
    if plan.ask not in ("exists", "flag", "when") or not _MET.search(plan.question.text):
        return None
    measured = series.series(chart, Target(plan.target.concepts, ("result",), label=plan.target.label))
    bounds = [(e, b) for e in goals for b in _bounds(e, plan.target.concepts[0])]
    if not goals or not measured or len(bounds) != 1:
        told = joined([said(e) for e in goals]) or f"no goal for {plan.target.label} is recorded"
        return absent(f"Not found in the record: a goal for {plan.target.label} with a bound and a value to set beside it ({told}).",
                      ["goals and results looked through"], [source(e) for e in goals])  # fmt: skip
    goal, bound = bounds[0]
    if plan.ask == "when":
        met = [e for e in measured if _passes(e, bound)]
        if not met:
            return absent(f"No value meets {goal.name}; the latest is {series.said(measured[-1])}.", ["every value beside the goal"], [series.source(measured[-1]), source(goal)])
        chosen = met[0] if plan.pick == "earliest" or not plan.pick else met[-1]
        text = f"{series.said(chosen)}, the {'first' if chosen is met[0] else 'last'} of {len(met)} that meet it; the goal is {goal.name}."
        return Answer([Statement(text, (series.source(chosen), source(goal)))], date(chosen.date), steps=["every value beside the goal"], certainty=0.9)
    ever = plan.ever and not plan.since
    passing = [e for e in (measured if ever else measured[-1:]) if _passes(e, bound)]
    shown = passing[-1] if passing else measured[-1]
    text = f"{'Yes' if passing else 'No'}: {series.said(shown)}; the goal is {goal.name}."
    return Answer([Statement(text, (series.source(shown), source(goal)))], truth(bool(passing)), steps=[f"the goal's bound: {bound.op} {bound.value:g}"], certainty=0.9)


def _bounds(goal: Entry, concept: str) -> list[Comparison]:
    """What the goal's target says (FHIR R4 Goal.target.detail), else what its description does."""
    found = []
    for target in values.objs(goal.resource.get("target")):
        for op, quantity in (("<=", values.obj(values.obj(target.get("detailRange")).get("high"))), (">=", values.obj(values.obj(target.get("detailRange")).get("low"))),
                             (None, values.obj(target.get("detailQuantity")))):  # fmt: skip
            amount = values.amount(quantity.get("value"))
            op = op or {"<": "<", "<=": "<=", ">": ">", ">=": ">="}.get(values.string(quantity.get("comparator")))
            if amount is not None and op:
                unit = normalise_unit(values.string(quantity.get("code")) or values.string(quantity.get("unit")))
                found.append(Comparison(concept, op, amount, None, unit, None))
    if found:
        return found
    known = lexicon()
    told, _ = find_comparisons(goal.name, known.find(goal.name, query=False), known)
    return [b for b in told or () if b.op in _PASSES and (b.concept == concept or concept in known.closure(b.concept) or b.concept in known.closure(concept))]


def _passes(entry: Entry, bound: Comparison) -> bool:
    measure = entry.measure
    if measure is None or measure.amount is None:
        return False
    amount = measure.amount
    if bound.unit and measure.code and normalise_unit(measure.code) != bound.unit:
        converted = convert(amount, measure.code, bound.unit)
        if converted is None:
            return False
        amount = converted
    return bool(_PASSES[bound.op](float(amount), float(bound.value)))
