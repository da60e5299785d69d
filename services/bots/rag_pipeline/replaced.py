"""What took a drug's place: by the order that names the one before it, or by why that was ended."""

from __future__ import annotations

import re

from services.bots.rag_pipeline.answer import Answer, Statement, listing, words
from services.bots.rag_pipeline.courses import Course
from services.bots.rag_pipeline.drugs import described, ordered, source, state
from services.bots.rag_pipeline.plan import Plan
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.index.text import values

_REPLACED = re.compile(
    r"^\W*(?:what|which (?:drug|medication|medicine|agent|antibiotic|\w+)) (?:has |have )?(?:replaced|took the place of|(?:was|is|has been) (?:started|given|used|prescribed|put) (?:instead of|in place of|to replace))\b"
    r"|^\W*(?:what|which (?:drug|medication|medicine|agent|antibiotic|\w+)) (?:was|is|were|has|did)\b.*\b(?:replaced|switched|changed|swapped|substituted)\b(?: out)?(?: over)? (?:with|by|to|for)\W*$"
    r"|^\W*(?:what|which (?:drug|medication|medicine|agent|antibiotic|\w+))\b.*\b(?:instead of|in place of|in lieu of)\b"
    r"|\b(?:replaced|switched|changed|swapped) (?:over )?(?:with|by|to|for) (?:what|which)\b",
    re.IGNORECASE,
)
_TOLD = re.compile(r"\b(?:replac|switch|chang|swap|substitut|instead|in favou?r of|convert|transition)", re.IGNORECASE)


def answer(chart: Chart, plan: Plan, found: list[Course]) -> Answer | None:
    """None where the question is not about that, or the record does not tell."""
    if not plan.target.concepts or not _REPLACED.search(plan.question.text):
        return None
    ended = [e for c in found for e in c.entries if e.status not in ("active", "on-hold")]
    before = {e.reference for c in found for e in c.entries}
    after = [e for e in chart.entries("medication") if e.reference not in before and _prior(e) in before]
    if after:
        told = [Statement(f"{described(e)} ({state(e)}, {ordered(e)}), in place of the order before it, which it replaced.", (source(e),)) for e in after]
        return Answer(told, listing(after), steps=["orders that name the one before them (priorPrescription)"])
    why = [e for e in ended if _TOLD.search(str(e.extra.get("why_status") or "")) and _names_another(e)]
    if not why:
        return None
    statements = [Statement(f"Why it was replaced or ended: {e.name}, {state(e)} ({ordered(e)}).", (source(e),)) for e in why]
    return Answer(statements, words("; ".join(dict.fromkeys(str(e.extra["why_status"]) for e in why))), steps=["why it was ended (statusReason)"], certainty=0.9)


def _prior(entry: Entry) -> str:
    return values.string(values.obj(entry.resource.get("priorPrescription")).get("reference"))


_A_DOSE = re.compile(r"\bdos(?:e|age)|\bstrength|\b(?:increas|reduc|titrat|up to|down to)", re.IGNORECASE)


def _names_another(entry: Entry) -> bool:
    """Whether the reason tells of another drug, rather than of another dose of this one."""
    why = str(entry.extra["why_status"])
    return not _A_DOSE.search(why) or bool(re.search(r"\b(?:to|by|with|for) (?!\d)[a-z]{5,}", why, re.IGNORECASE))
