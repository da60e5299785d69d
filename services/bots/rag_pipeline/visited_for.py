"""Problems that only a visit tells of: its reason or its diagnoses, where the problem list has nothing."""

from __future__ import annotations

import re

from services.bots.rag_pipeline.answer import Answer, Statement, absent, date, truth
from services.bots.rag_pipeline.event_told import said, source
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.selecting import happened
from services.bots.rag_pipeline.windows import window
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.chart.naming import closeness, concepts_of, denied


def answer(chart: Chart, plan: Plan) -> Answer | None:
    """Whether there was a visit for it, or when; None where none was, and where something else is asked."""
    if plan.ask not in ("exists", "when") or not plan.target.concepts or plan.target.words:
        return None
    (since, until), steps, anchored = window(chart, plan)
    found = [e for e in chart.entries("encounter") if happened(e) and e.date and e.within(since, until) and _told(e, plan.target.concepts)]
    if not anchored or not found:
        return None
    steps = [*steps, "not on the problem list; told by what visits were for"]
    entry = found[0] if plan.pick == "earliest" else found[-1]
    if plan.ask == "exists" and not (plan.ever or since or until or _BEFORE_NOW.search(plan.question.text)):
        told = f"It is not on the problem list; the latest visit for it is {said(found[-1])}."
        return absent(told, steps, [source(found[-1])])
    if plan.ask == "when":
        return Answer([Statement(f"{said(entry)}.", (source(entry),))], date(entry.date, plan.timed), steps=steps, certainty=0.8)
    told = f"Yes, by what {'a visit was' if len(found) == 1 else f'{len(found)} visits were'} for: {said(entry)}. It is not on the problem list."
    return Answer([Statement(told, tuple(map(source, [entry, *(e for e in found if e is not entry)])))], truth(True), steps=steps, certainty=0.8)


_BEFORE_NOW = re.compile(r"\b(?:ever|past|previous\w*|history|did|was|were|had|been)\b", re.IGNORECASE)


def _told(entry: Entry, concepts: tuple[str, ...]) -> bool:
    """Whether the reason or a diagnosis of the visit names one of the problems, and does not deny it."""
    texts = [entry.extra.get("reason") or "", *(entry.extra.get("diagnoses") or ())]
    return any(closeness(*concepts_of("condition", (), t), c) >= 2 and not denied(t) & {c} for t in texts if t for c in concepts)
