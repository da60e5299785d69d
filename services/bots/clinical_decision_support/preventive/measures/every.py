"""All rules, in the order in which they are told."""

from __future__ import annotations

from services.bots.clinical_decision_support.preventive.measures import (
    cancer,
    cardiovascular,
    children,
    diabetes,
    infection,
    mood,
    older,
    pressure_screening,
    taskforce,
    tobacco,
    vaccines,
    weight,
)
from services.bots.clinical_decision_support.preventive.rules import Rule

_GROUPS = (
    cancer, diabetes, cardiovascular, pressure_screening, mood, tobacco, weight, older, infection, children, taskforce,
    vaccines,
)  # fmt: skip
RULES: tuple[Rule, ...] = tuple(rule for group in _GROUPS for rule in group.RULES)
