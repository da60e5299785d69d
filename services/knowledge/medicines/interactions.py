"""Interactions of medicines, by groups that interact in the same way."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from services.knowledge.lexicon import lexicon
from services.knowledge.medicines.naming import Identified, ingredients_of
from services.knowledge.medicines.routes import LOCAL, route_of
from services.knowledge.medicines.tables import choice, items, rows

Severity = Literal["minor", "moderate", "major", "contraindicated"]
SEVERITIES: tuple[Severity, ...] = ("minor", "moderate", "major", "contraindicated")


@dataclass(frozen=True, slots=True)
class Interaction:
    """What two medicines do to each other. `changes`: what would make it matter less; "" where nothing does."""

    rule: str
    drugs: tuple[str, str]
    severity: Severity
    mechanism: str
    recommendation: str
    changes: str
    source: str


@dataclass(frozen=True, slots=True)
class _Rule:
    id: str
    first: frozenset[str]
    second: frozenset[str]
    severity: Severity
    texts: tuple[str, str, str, str]
    local: frozenset[str]


def interactions(drugs: Sequence[Identified]) -> list[Interaction]:
    """All interactions among the medicines, the gravest first; duplicates of a class among them."""
    return _sorted(found for a, b in combinations(drugs, 2) for found in _pair(a, b))


def interactions_with(drug: Identified, others: Sequence[Identified]) -> list[Interaction]:
    """The interactions of one medicine with each of the others, the gravest first."""
    return _sorted(found for other in others for found in _pair(drug, other))


def _sorted(found: Iterable[Interaction]) -> list[Interaction]:
    return sorted(found, key=lambda i: -SEVERITIES.index(i.severity))


def _pair(a: Identified, b: Identified) -> list[Interaction]:
    """The rules that two medicines meet; of one topic the gravest."""
    named = (_name(a), _name(b))
    routes = (route_of(a), route_of(b))
    shared = [i for i in a.ingredients if i in b.ingredients]
    best: dict[str, Interaction] = {}
    if shared:
        if (routes[0] in LOCAL or routes[1] in LOCAL) and routes[0] != routes[1]:
            return []
        told = f"Both hold {', '.join(shared)}."
        best["duplicate"] = Interaction("duplicate:ingredient", named, "moderate", told, *_DOUBLED)
    first, second = (frozenset(c for c in d.concepts if not _holds(c, shared)) for d in (a, b))
    for rule in _rules():
        if any(r in LOCAL and r not in rule.local for r in routes):
            continue
        forward = rule.first & first and rule.second & second
        if not forward and not (rule.first & second and rule.second & first):
            continue
        topic = rule.id.partition(":")[0]
        known = best.get(topic)
        if known is None or SEVERITIES.index(rule.severity) > SEVERITIES.index(known.severity):
            best[topic] = Interaction(
                rule.id, named if forward else (named[1], named[0]), rule.severity, *rule.texts
            )
    return list(best.values())


_DOUBLED = (
    "One of them, or add up the daily dose.",
    "Two strengths of one medicine that make up a dose.",
    "FDA labelling, section 2",
)


def _holds(concept: str, ingredients: Sequence[str]) -> bool:
    return bool(ingredients) and not set(ingredients).isdisjoint(ingredients_of(lexicon().get(concept)))


def _name(drug: Identified) -> str:
    return " / ".join(drug.ingredients) or drug.name


@functools.cache
def _rules() -> tuple[_Rule, ...]:
    groups = {group: members(items(cell)) for group, cell, _ in rows("interaction-groups", 3)}

    def side(cell: str) -> frozenset[str]:
        return frozenset(
            d
            for item in items(cell)
            for d in (groups[item[6:]] if item.startswith("group:") else members((item,)))
        )

    found = []
    for rule, first, second, cell, mechanism, advice, changes, source, local in rows("interactions", 9):
        severity: Severity = choice(cell, SEVERITIES, f"interactions.tsv: {rule}")
        texts = (mechanism, advice, changes, source)
        found.append(_Rule(rule, side(first), side(second), severity, texts, frozenset(items(local))))
    return tuple(found)


def members(listed: Iterable[str]) -> frozenset[str]:
    """The drugs of a list of drugs and classes, and the classes themselves; KeyError for an unknown id."""
    return frozenset(d for item in listed for d in (lexicon().get(item).id, *lexicon().narrower(item)))
