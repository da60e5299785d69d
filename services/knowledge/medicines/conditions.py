"""Medicines that a condition of the patient, a laboratory value or the age speaks against."""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from services.knowledge.entries import entries
from services.knowledge.installed import installed
from services.knowledge.lexicon import lexicon
from services.knowledge.medicines.interactions import SEVERITIES, Severity, members
from services.knowledge.medicines.naming import Identified
from services.knowledge.medicines.pregnancy import Risk, pregnancy_risk
from services.knowledge.medicines.routes import LOCAL, route_of
from services.knowledge.medicines.tables import choice, items


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the patient: eGFR mL/min/{1.73_m2}, potassium mmol/L, QTc ms, platelets 10*3/uL, age years."""

    pregnant: bool | None = None
    egfr: float | None = None
    potassium: float | None = None
    qtc: float | None = None
    inr: float | None = None
    platelets: float | None = None
    age: float | None = None
    sex: str = ""


@dataclass(frozen=True, slots=True)
class ConditionConflict:
    """Why a medicine doesn't fit this patient. `because`: the lexicon id of the problem, or the value ("egfr 24"). `table`
    names the table and its version."""

    rule: str
    drug: str
    because: str
    severity: Severity
    note: str
    recommendation: str
    source: str
    table: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """`texts`: note, recommendation, source, and the table with its version."""

    id: str
    drugs: frozenset[str]
    problems: tuple[str, ...]
    values: tuple[tuple[str, str, float], ...]
    severity: Severity
    texts: tuple[str, str, str, str]


_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
FACTS = ("egfr", "potassium", "qtc", "inr", "platelets", "age")
VALUE = re.compile(rf"({'|'.join(FACTS)})([<>]=?)(\d+(?:\.\d+)?)")
_PREGNANCY: dict[Risk, Severity] = {
    "contraindicated": "contraindicated",
    "avoid": "major",
    "caution": "moderate",
}


def condition_conflicts(drug: Identified, concepts: Collection[str], facts: Facts) -> list[ConditionConflict]:
    """What speaks against a medicine in a patient with these problems (lexicon ids) and values, the gravest first.

    Of one topic the gravest only; nothing for what acts on the skin or eye only; a value not known says nothing.
    """
    if route_of(drug) in LOCAL:
        return []
    best: dict[str, ConditionConflict] = {}
    known = {above for concept in concepts for above in lexicon().closure(concept)}
    name = " / ".join(drug.ingredients) or drug.name
    for rule in rules(installed("conditions")):
        if rule.drugs.isdisjoint(drug.concepts) or not (because := _because(rule, known, facts)):
            continue
        found = ConditionConflict(rule.id, name, because, rule.severity, *rule.texts)
        topic = rule.id.partition(":")[0]
        if topic not in best or SEVERITIES.index(found.severity) > SEVERITIES.index(best[topic].severity):
            best[topic] = found
    conflicts = list(best.values())
    if facts.pregnant:
        conflicts += [
            ConditionConflict(
                "pregnancy",
                risk.drug,
                "problem:pregnancy",
                _PREGNANCY[risk.risk],
                f"{risk.note} ({risk.trimester} trimester)" if risk.trimester[0].isdigit() else risk.note,
                "Choose with obstetrics.",
                risk.source,
                risk.table,
            )
            for risk in pregnancy_risk(drug)
        ]
    return sorted(conflicts, key=lambda c: -SEVERITIES.index(c.severity))


def _because(rule: Rule, known: Collection[str], facts: Facts) -> str:
    for fact, compare, limit in rule.values:
        value = getattr(facts, fact)
        if value is not None and _COMPARE[compare](value, limit):
            return f"{fact} {value:g}"
    return next((p for p in rule.problems if p in known), "")


@functools.lru_cache(maxsize=4)
def rules(own: Path | None) -> tuple[Rule, ...]:
    """All rules, with those of a clinic's import."""
    found = []
    for entry in entries("conditions", own):
        rule, drugs, when, cell, note, advice, source = entry.cells
        severity: Severity = choice(cell, SEVERITIES, f"conditions.tsv: {rule}")
        problems, values = [], []
        for item in items(when):
            if match := VALUE.fullmatch(item):
                values.append((match[1], match[2], float(match[3])))
            else:
                problems.append(lexicon().get(item).id)
        texts = (note, advice, source, entry.table)
        found.append(Rule(rule, members(items(drugs)), tuple(problems), tuple(values), severity, texts))
    return tuple(found)
