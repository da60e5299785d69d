"""One value over another of the same draw: "the ratio of AST to ALT", where the record holds no such ratio itself."""

from __future__ import annotations

import dataclasses
import re

from services.bots.rag_pipeline.answer import Answer, Statement, absent, number, shown
from services.bots.rag_pipeline.mentions import mentions_in
from services.bots.rag_pipeline.plan import Plan, Target
from services.bots.rag_pipeline.series import said, series, source
from services.bots.rag_pipeline.windows import window
from services.chart.chart import Chart
from services.knowledge.units import convert

ASKED = re.compile(
    r"\bratio of (?:the |her |his )?(?P<a>[\w +-]{2,40}?) (?:to|and|over) (?:the |her |his )?(?P<b>[\w +-]{2,40}?)(?=\W*$|,| (?:at|on|in|during|from|before|after|over|when|as of|last|latest|most|now|today)\b)"
    r"|\b(?P<c>[a-z][\w +-]{1,25}?) ?(?:/|:|-to-| to ) ?(?P<d>[a-z][\w +-]{1,25}?) ratio\b",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^.*\b(?:the|her|his|what|is|was|last|latest|current|most recent|highest|lowest|first|calculate|compute|give|me|of)\s+", re.IGNORECASE)


def answer(chart: Chart, plan: Plan) -> Answer | None:
    """None where no ratio of two measured things is asked for, or the record has it as a result of its own."""
    found = ASKED.search(plan.question.text)
    if found is None or plan.ask not in ("value", "list", "compare", "trend"):
        return None
    if plan.target.concepts and not plan.others and "ratio" in plan.target.label.lower() and series(chart, plan.target):
        return None
    above, below = (_measured(found[x] or found[y]) for x, y in (("a", "c"), ("b", "d")))
    if above is None or below is None:
        return None
    (since, until), steps, anchored = window(chart, plan)
    tops, bottoms = ([e for e in series(chart, t) if e.measure and e.measure.amount is not None and e.within(since, until)] for t in (above, below))
    if not anchored or not tops or not bottoms:
        return absent(f"Not found in the record: values of {above.label} and {below.label} to divide.", steps)
    pairs = [(a, b) for a in tops for b in bottoms if a.date == b.date] or [(a, b) for a in tops for b in bottoms if a.first and a.first == b.first]
    rated = []
    for a, b in pairs:
        assert a.measure and b.measure
        divisor = b.measure.amount if a.measure.code == b.measure.code else convert(b.measure.amount or 0, b.measure.code, a.measure.code)
        if divisor and a.measure.amount is not None:
            rated.append((a.measure.amount / divisor, a, b))
    if not rated:
        return absent(f"The record has no {above.label} and {below.label} of one day and in one unit: {said(tops[-1])}; {said(bottoms[-1])}.", steps, [source(tops[-1]), source(bottoms[-1])])
    value, a, b = max(rated, key=lambda r: r[0]) if plan.pick == "highest" else min(rated, key=lambda r: r[0]) if plan.pick == "lowest" else rated[0] if plan.pick == "earliest" else rated[-1]
    plan.target, plan.others = dataclasses.replace(above, loose=()), (dataclasses.replace(below, loose=()),)
    told = f"{value:.3g}: {said(a)} over {said(b)} (the ratio on {shown(a.date)}, computed)."
    return Answer([Statement(told, (source(a), source(b)))], number(round(value, 3)), steps=[*steps, f"{len(rated)} draws with both"])


def _measured(words: str) -> Target | None:
    """What is measured under these words; None where they name nothing or several things."""
    for told in (words, _LEAD.sub("", words)):
        concepts = list(dict.fromkeys(m.concept for m in mentions_in(told) if m.concept.startswith(("lab:", "vital:"))))
        if len(concepts) == 1:
            return Target((concepts[0],), ("result",), label=told.strip())
    return None
