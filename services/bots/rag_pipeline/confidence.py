"""How sure an answer is, from how it was come by. Calibrated by benchmarks/answers, which prints the curve."""

from __future__ import annotations

from services.bots.rag_pipeline.answer import Answer
from services.bots.rag_pipeline.plan import Plan

# About the share of answers of each kind that were right, on questions and patients that nothing was tuned on.
_BY_RESULT = {
    "number": 0.78, "comparison": 0.72, "boolean": 0.72, "date": 0.68, "trend": 0.65, "list": 0.62, "text": 0.55,
    "summary": 0.5,
}  # fmt: skip
_QUOTED, _ABSENT = 0.5, 0.85


def confidence(plan: Plan, answer: Answer) -> float:
    """In 0-1: the share of answers made like this one that are right."""
    if answer.kind == "absent":
        value = _ABSENT
    elif answer.kind == "quoted":
        value = _QUOTED
    else:
        value = _BY_RESULT.get((answer.result or {}).get("type", ""), _QUOTED) * answer.certainty
    if plan.target.loose:
        value *= 0.85  # words of the question that nothing was made of
    if any(step.startswith("read as ") for step in plan.steps):
        value *= 0.9  # by meaning, not by its words
    if any(step.startswith("read “") for step in plan.steps):
        value *= 0.95
    return round(min(value, 0.99), 2)
