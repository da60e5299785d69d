"""Whether the patient still has an organ: the record says no where it tells of its removal, and else nothing."""

from __future__ import annotations

import re

from services.bots.rag_pipeline.answer import Answer, Source, Statement, absent, on, truth
from services.bots.rag_pipeline.notes import by_concept
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.quotes import quoted
from services.bots.rag_pipeline.selecting import happened
from services.chart.chart import Chart

_REMOVALS = {
    "gallbladder": "procedure:cholecystectomy", "gall bladder": "procedure:cholecystectomy", "appendix": "procedure:appendectomy",
    "spleen": "procedure:splenectomy", "uterus": "procedure:hysterectomy", "womb": "procedure:hysterectomy", "tonsils": "procedure:tonsillectomy",
}  # fmt: skip
_ORGAN = rf"(?P<organ>{'|'.join(_REMOVALS)})"
_ASKED = re.compile(
    rf"\b(?:have|has|got|keep|kept) (?:got )?(?:his|her|their|the|a|an) (?:own )?{_ORGAN}(?: still)?(?=\W*$| (?:in|left|intact)\b)"
    rf"|\b(?:is|are) (?:his|her|the|their) {_ORGAN.replace('organ', 'other')} (?:still )?(?:in(?: place| situ)?|there|present|intact)(?=\W*$)",
    re.IGNORECASE,
)


def answer(chart: Chart, plan: Plan) -> Answer | None:
    """None where the question asks for something else."""
    asked = _ASKED.search(plan.question.text)
    if asked is None or not plan.yes_no:
        return None
    organ = (asked["organ"] or asked["other"]).lower()
    removal = _REMOVALS[organ]
    done = [e for e in chart.entries("procedure", "condition") if removal in e.own | e.named and happened(e)]
    steps = [f"{len(done)} entries tell of its removal"]
    if done:
        last = done[-1]
        return Answer([Statement(f"No: {last.name} {on(last)}.", (Source(last, last.name),))], truth(False), steps=steps)
    quotes = [q for q in by_concept(chart, plan, [removal]) if q.polarity in ("present", "historical")]
    if quotes:
        return Answer([Statement(f"No: {quoted(quotes[0])}", (quotes[0].source(),))], truth(False), steps=steps, kind="quoted", certainty=0.7)
    return absent(f"Nothing in the record says whether the {organ} was removed.", steps)
