"""Suggests what published criteria say is met, and is not on the problem list."""

from __future__ import annotations

from services.bots.clinical_decision_support.diagnosis.codes import titles
from services.bots.clinical_decision_support.diagnosis.listed import listed, refuted
from services.bots.clinical_decision_support.diagnosis.model import Met, Rule
from services.bots.clinical_decision_support.diagnosis.rules import FAMILIES
from services.bots.clinical_decision_support.diagnosis.view import View
from services.bots.clinical_decision_support.model import Basis, Finding
from services.bots.clinical_decision_support.person import Person
from services.chart.chart import Chart
from services.knowledge.entries import named

MORE, MOST = 0.05, 0.1
"""For each confirmation beyond what the criterion needs, and for all of them together."""
LESS, LEAST = 0.1, 0.4
"""For each thing that speaks against it, and for all of them together."""
OLD, OLD_DAYS = 0.1, 365
"""Where the latest evidence is older than this."""


def suggestions(chart: Chart, person: Person) -> list[Finding]:
    """At most one finding of each family of conditions; none for somebody who has died."""
    if person.deceased:
        return []
    view = View(chart, person)
    return [found for rules in FAMILIES.values() if (found := _first(view, rules))]


def confidence(strength: float, more: int, against: int, age_days: int) -> float:
    """A rule's strength, raised by confirmations, lowered by what speaks against it and by age; from 0.05 to 0.95."""
    value = (
        strength + min(MOST, MORE * more) - min(LEAST, LESS * against) - (OLD if age_days > OLD_DAYS else 0)
    )
    return round(min(0.95, max(0.05, value)), 2)


def _first(view: View, rules: tuple[Rule, ...]) -> Finding | None:
    for rule in rules:
        if not _eligible(view, rule):
            continue
        view.aside = rule.pregnant == "no"
        met = rule.need.met(view)
        if met is not None:
            return None if listed(view, rule.condition) else _finding(view, rule, met)
    return None


def _eligible(view: View, rule: Rule) -> bool:
    """An age that isn't known fits only what goes for every age; so does a sex."""
    if view.age is None and rule.since > 0:
        return False
    if view.age is not None and view.age < rule.since:
        return False
    if rule.sex and rule.sex != view.person.sex:
        return False
    return rule.pregnant == "any" or bool(view.pregnant) == (rule.pregnant == "only")


def _finding(view: View, rule: Rule, met: Met) -> Finding:
    doubts = [b for doubt in rule.doubts for b in doubt.found(view, met)]
    against = _once((*met.against, *doubts, *refuted(view, rule.condition)))
    condition = rule.condition
    return Finding(
        "diagnosis", f"diagnosis/{condition.id}", condition.id, condition.severity, condition.display, met.reason,
        condition.advice, _once(met.evidence), condition.source, against,
        confidence(rule.strength, met.more, len(against), (view.today - met.newest).days),
        code=condition.code, display=titles()[condition.code], table=named("diagnosis-codes"),
    )  # fmt: skip


def _once(found: tuple[Basis, ...]) -> tuple[Basis, ...]:
    return tuple(dict.fromkeys(found))
