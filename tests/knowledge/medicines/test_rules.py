"""The rules beside each other: none is without effect, none says of the same thing something else."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from itertools import product

import pytest

from services.knowledge.entries import entries
from services.knowledge.lexicon import lexicon
from services.knowledge.medicines.conditions import Facts, Rule, condition_conflicts, rules
from services.knowledge.medicines.doses import UNITS, usual_doses
from services.knowledge.medicines.interactions import SEVERITIES
from services.knowledge.medicines.interactions import rules as interaction_rules
from services.knowledge.medicines.naming import identify
from services.knowledge.medicines.pregnancy import RISKS, risks

INTERACTIONS, CONDITIONS = interaction_rules(None, None).listed, rules(None)
BEYOND = {"<": -1.0, "<=": -1.0, ">": 1.0, ">=": 1.0}


def topic(rule: str) -> str:
    return rule.partition(":")[0]


def grave(severity: str) -> int:
    return SEVERITIES.index(severity)  # pyright: ignore[reportArgumentType]


def drugs(concepts: frozenset[str]) -> list[str]:
    return [c for c in concepts if c.startswith("drug:")]


def test_every_interaction_is_the_one_that_is_told_of_some_pair() -> None:
    """Of a topic the gravest is told; a rule that always yields to another is no rule."""
    best: dict[tuple[str, frozenset[str]], int] = {}
    for n, rule in enumerate(INTERACTIONS):
        for one, other in product(drugs(rule.first), drugs(rule.second)):
            key = (topic(rule.id), frozenset((one, other)))
            if one != other and (key not in best or grave(rule.severity) > grave(INTERACTIONS[best[key]].severity)):
                best[key] = n
    assert [r.id for n, r in enumerate(INTERACTIONS) if n not in set(best.values())] == []


def test_no_two_interactions_are_of_the_same_groups() -> None:
    seen: dict[frozenset[frozenset[str]], str] = {}
    for rule in INTERACTIONS:
        sides = frozenset((rule.first, rule.second))
        assert seen.setdefault(sides, rule.id) == rule.id, "two rules about the same groups"


def test_of_a_value_the_further_limit_is_the_graver() -> None:
    """eGFR below 30 is no lighter than below 45."""
    limits: dict[tuple[str, str, str, bool], list[tuple[float, int, str]]] = defaultdict(list)
    for rule in CONDITIONS:
        for drug in drugs(rule.drugs):
            for fact, compare, limit in rule.values:
                up = compare.startswith(">")
                limits[topic(rule.id), drug, fact, up].append((limit if up else -limit, grave(rule.severity), rule.id))
    for found in limits.values():
        found.sort()
        assert [g for _, g, _ in found] == sorted(g for _, g, _ in found), found
        assert len({limit for limit, _, _ in found}) == len(found), found


@pytest.mark.parametrize("rule", CONDITIONS, ids=lambda r: r.id)
def test_every_condition_has_its_boundary(rule: Rule) -> None:
    """Each value counts on its side of the limit and not on the other; each problem counts by itself."""
    drug = identify([], lexicon().get(sorted(drugs(rule.drugs))[0]).name)
    for fact, compare, limit in rule.values:
        strict = "=" not in compare
        beyond, within = limit + BEYOND[compare] * 0.001, limit - BEYOND[compare] * 0.001
        expected = {beyond: True, limit: not strict, within: False}
        for value, counts in expected.items():
            told = {c.rule for c in condition_conflicts(drug, [], dataclasses.replace(Facts(), **{fact: value}))}
            assert (as_grave(rule, told) if counts else rule.id not in told), (fact, value)
    for problem in rule.problems:
        told = {c.rule for c in condition_conflicts(drug, [problem], Facts())}
        assert as_grave(rule, told), problem


def as_grave(rule: Rule, told: set[str]) -> bool:
    """Whether the rule, or one of its topic that is as grave, is among these."""
    by = {r.id: r for r in CONDITIONS}
    return any(topic(r) == topic(rule.id) and grave(by[r].severity) >= grave(rule.severity) for r in told)


def test_no_condition_yields_always_to_another() -> None:
    for rule in CONDITIONS:
        for other in CONDITIONS:
            if other is rule or topic(other.id) != topic(rule.id) or grave(other.severity) < grave(rule.severity):
                continue
            same = rule.drugs <= other.drugs and set(rule.problems) <= set(other.problems)
            assert not (same and set(rule.values) <= set(other.values)), (rule.id, other.id)


def test_a_medicine_of_its_own_line_in_pregnancy_says_something_else_than_its_class() -> None:
    known = risks(None)
    for concept, risk in known.items():
        above = [known[c] for c in lexicon().closure(concept) if c in known and c != concept]
        assert all((a.risk, a.note) != (risk.risk, risk.note) for a in above), concept
        assert risk.risk in RISKS and risk.trimester


def test_a_single_dose_above_that_of_a_day_is_explained() -> None:
    for known in usual_doses(None).values():
        for dose in known:
            assert dose.single and dose.daily and dose.unit.lower() in UNITS
            assert dose.single <= dose.daily or dose.note, dose.ingredient


def test_what_is_not_verified_says_so_where_it_is_read() -> None:
    told = [e.cells[0] for e in entries("conditions", None) if "unverified" in " ".join(e.cells)]
    assert told == ["kidney:methotrexate"]
