"""All criteria, by families of conditions: of each at most one is told, the first that is met."""

from __future__ import annotations

from collections.abc import Mapping

from services.bots.clinical_decision_support.diagnosis.groups import (
    anaemia,
    cells,
    chemistry,
    glucose,
    heart,
    infection,
    kidney,
    lipids,
    mind,
    organs,
    thyroid,
    vitals,
)
from services.bots.clinical_decision_support.diagnosis.model import Rule

_GROUPS = (
    glucose,
    vitals,
    kidney,
    anaemia,
    cells,
    thyroid,
    lipids,
    chemistry,
    heart,
    organs,
    mind,
    infection,
)
FAMILIES: Mapping[str, tuple[Rule, ...]] = {
    name: rules for group in _GROUPS for name, rules in group.FAMILIES.items()
}
