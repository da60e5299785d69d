"""Vaccines that go by one word and are not one: Tdap, Td and DTaP (CDC, CVX code set: 115, 9 and 113, 20 and its combinations)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.bots.rag_pipeline.answer import Answer, Statement, absent, joined, truth
from services.bots.rag_pipeline.event_told import said, source
from services.bots.rag_pipeline.plan import Plan
from services.chart.entry import Entry

_KINDS = {
    "Tdap": re.compile(r"\btdap\b|\bboostrix\b|\badacel\b|reduced diphtheria", re.IGNORECASE),
    "DTaP": re.compile(r"\bdtap\b|\binfanrix\b|\bdaptacel\b|\bpediarix\b|\bpentacel\b|\bkinrix\b|\bquadracel\b|\bvaxelis\b", re.IGNORECASE),
    "Td": re.compile(r"\btd\b|\btenivac\b|\btdvax\b|tetanus and diphtheria", re.IGNORECASE),
}
_ASKED = {name: re.compile(rf"(?<![\w-]){name}(?![\w-])", re.IGNORECASE) for name in _KINDS}


def asked_kind(plan: Plan) -> str:
    """The one that the question names; "" where it names none, or more than one."""
    found = [name for name, cue in _ASKED.items() if cue.search(plan.question.text)]
    return found[0] if len(found) == 1 and plan.target.kinds[:1] == ("immunization",) else ""


def of_the_kind(plan: Plan, entries: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
    """(those of the kind that is asked for or that tell none, those that are another)."""
    asked = asked_kind(plan)
    others = [e for e in entries if asked and not _KINDS[asked].search(e.name) and any(k.search(e.name) for n, k in _KINDS.items() if n != asked)]
    return [e for e in entries if e not in others], others


def another(plan: Plan, others: Sequence[Entry], steps: list[str]) -> Answer:
    """None of the kind, and what there is instead: a Td is no Tdap."""
    told = f"no {asked_kind(plan)} is recorded; recorded {'are' if len(others) > 1 else 'is'} {joined([said(e) for e in others[-3:]])}."
    sources = tuple(map(source, others[-3:]))
    if plan.ask == "exists":
        return Answer([Statement(f"No: {told}", sources)], truth(False), steps=steps)
    return absent(f"Not found in the record: {told}", steps, sources)
