"""Results that are awaited: what is recorded as begun and not final, and tests that were ordered and have no result yet."""

from __future__ import annotations

import re

from services.bots.rag_pipeline.answer import Answer, Source, Statement, listing, number, on, truth
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.windows import window
from services.chart.chart import Chart
from services.chart.entry import Entry

_RESULTS = r"(?:labs?|lab ?work|results?|tests?|cultures?|studies|stud(?:y|ies)|reports?|biops(?:y|ies)|pathology|bloods?|blood ?work|work-?up)"
_ASKED = re.compile(
    rf"\b(?:pending|outstanding|awaited|awaiting|preliminary|unresulted) (?:\w+ )?{_RESULTS}\b|"
    rf"\b{_RESULTS}\b[^.?]*\b(?:pending|outstanding|awaited|still out|not (?:yet )?(?:back|final|resulted|in yet)|yet to come(?: back)?|waiting for)\b|"
    rf"\b(?:waiting|await\w*) (?:for |on )?(?:any |the |some )?{_RESULTS}\b",
    re.IGNORECASE,
)
_BEGUN = frozenset(["registered", "partial", "preliminary"])
_TESTS = frozenset(["108252007", "363679005", "laboratory", "imaging", "lab"])
_ORDERED = frozenset(["active", "on-hold", "draft"])


def answer(chart: Chart, plan: Plan) -> Answer | None:
    """None where the question asks for something else, or names what it is about."""
    if plan.target.concepts or not _ASKED.search(plan.question.text):
        return None
    (since, until), steps, _ = window(chart, plan)
    done = [e for e in chart.entries("result", "report") if e.within(since, until)]
    begun = [e for e in done if e.status in _BEGUN and not e.part]
    ordered = [e for e in chart.entries("order") if e.within(since, until) and _awaited(e, done)]
    steps = [
        *steps,
        f"{len(done)} results and reports: {len(begun)} not final",
        f"{len(ordered)} tests ordered without a result since",
    ]
    if not begun and not ordered:
        if not done:
            return None
        last = done[-1]
        text = f"No: all {len(done)} results and reports are final, and no test is ordered without one (the latest is of {on(last).removeprefix('on ')})."
        found = number(0) if plan.ask == "count" else truth(False)
        return Answer([Statement(text, (Source(last, last.name),))], found, steps=steps)
    told = [Statement(f"{e.name} {on(e)}: {e.status}.", (Source(e, e.name),)) for e in begun]
    told += [Statement(f"{e.name}: ordered {on(e)}, no result since.", (Source(e, e.name),)) for e in ordered]
    if plan.ask == "count":
        return Answer(told, number(len(told)), steps=steps)
    return Answer(told, truth(True) if plan.yes_no else listing([*begun, *ordered]), steps=steps)


def _awaited(order: Entry, done: list[Entry]) -> bool:
    """An open order of a test, of which nothing came since."""
    if order.status not in _ORDERED or not any(
        c.startswith(("lab:", "procedure:imaging")) for c in order.own
    ):
        return False
    return not any(e.own & order.own and (e.date or "") >= (order.date or "")[:10] for e in done)
