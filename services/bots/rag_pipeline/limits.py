"""Bounds that a question sets apart from what it bounds: "did K+ at any time go over 5.5"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.targets import MEASURED
from services.knowledge.lexicon import Mention
from services.knowledge.quantities import BLOOD_PRESSURE, DIASTOLIC, SYSTOLIC, Comparison
from services.knowledge.units import normalise_unit

_LEVEL = re.compile(r"\b(?:level|concentration)s?\b", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween (?P<a>\d+(?:\.\d+)?) and (?P<b>\d+(?:\.\d+)?)(?: ?(?P<u>mcg/ml|ug/ml|ng/ml|mg/l))?(?![\d/-])", re.IGNORECASE)


def bounds_apart(text: str, mentions: Sequence[Mention]) -> list[Comparison]:
    """The bounds of the one thing measured that is named; none where there is no such, or several."""
    level = ("drug",) if _LEVEL.search(text) else ()  # "is the Keppra level between 21 and 24"
    measured = [m for m in mentions if m.concept.partition(":")[0] in (*MEASURED, *level)]
    if (pair := _BETWEEN.search(text)) and len({m.concept for m in measured}) == 1 and level:
        return [Comparison(measured[0].concept, "between", float(pair["a"]), float(pair["b"]), normalise_unit(pair["u"]), None)]
    after = cues.BOUND_AFTER.search(text)
    found = after or cues.BOUND.search(text)
    if len({m.concept for m in measured}) != 1 or found is None:
        return []
    op = found["op"].lower()
    op = ">" if op.startswith("exceed") else cues.OPS.get(op, op)
    op = (
        ">="
        if op.startswith(("reach", "hit"))
        else "<="
        if op.endswith(" to")
        else "<"
        if op.startswith("dip")
        else op
    )
    if after:
        op = "<=" if op in ("less", "lower", "fewer", "<") else ">="
    unit = normalise_unit(found["unit"])
    if measured[0].concept == BLOOD_PRESSURE and (bottom := re.match(r" ?/ ?(\d{2,3})\b", text[found.end("value") :])):
        pair = ((SYSTOLIC, float(found["value"]), "systolic"), (DIASTOLIC, float(bottom[1]), "diastolic"))
        return [Comparison(concept, op, value, None, unit, component) for concept, value, component in pair]
    return [Comparison(measured[0].concept, op, float(found["value"]), None, unit, None)]
