"""How sure an answer is, from how it was come by. Calibrated by benchmarks/answers, which prints the curve."""

from __future__ import annotations

from services.bots.rag_pipeline.answer import Answer
from services.bots.rag_pipeline.plan import Plan


def confidence(plan: Plan, answer: Answer) -> float:
    """In 0-1: the share of answers made like this one that are right."""
    value = {"computed": 0.95, "summary": 0.8, "quoted": 0.6, "generated": 0.75, "absent": 0.9}[
        answer.kind
    ] * answer.certainty
    if answer.kind == "quoted":
        value = 0.6 if answer.certainty >= 0.7 else 0.5
    if plan.target.loose:
        value *= 0.85  # words of the question that nothing was made of
    if any(step.startswith("read “") for step in plan.steps):
        value *= 0.95
    return round(min(value, 0.99), 2)
