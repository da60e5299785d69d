"""How often a prescription may be dispensed again."""

from __future__ import annotations

import re

from services.bots.rag_pipeline.answer import Answer, Source, Statement, number
from services.bots.rag_pipeline.drugs import described, ordered
from services.bots.rag_pipeline.plan import Plan
from services.chart.entry import Entry
from services.index.text import values

_REFILLS = re.compile(r"\brefills?\b(?! (?:early|request))|\brepeats (?:allowed|authori[sz]ed|left|on)\b", re.IGNORECASE)


def answer(plan: Plan, found: list[Entry]) -> Answer | None:
    """Of the newest order that says so; None where that is not asked, or where no order says it."""
    if not _REFILLS.search(plan.question.text):
        return None
    for entry in reversed([e for e in found if e.status not in ("cancelled", "draft")]):
        allowed = values.obj(entry.resource.get("dispenseRequest")).get("numberOfRepeatsAllowed")
        if isinstance(allowed, int) and not isinstance(allowed, bool):
            told = f"{allowed} refill{'s' if allowed != 1 else ''}"
            return Answer(
                [Statement(f"{told}: {described(entry)} ({ordered(entry)}).", (Source(entry, told, "dispenseRequest.numberOfRepeatsAllowed"),))],
                number(allowed),
            )
    return None
