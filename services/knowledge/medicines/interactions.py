"""Interactions of medicines, by groups that interact in the same way."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Literal

from services.errors import InvalidInput
from services.knowledge.entries import entries
from services.knowledge.installed import installed
from services.knowledge.lexicon import lexicon
from services.knowledge.medicines.naming import Identified, ingredients_of
from services.knowledge.medicines.routes import LOCAL, route_of
from services.knowledge.medicines.tables import choice, items

Severity = Literal["minor", "moderate", "major", "contraindicated"]
SEVERITIES: tuple[Severity, ...] = ("minor", "moderate", "major", "contraindicated")


@dataclass(frozen=True, slots=True)
class Interaction:
    """What two medicines do to each other. `changes`: what would make it matter less; "" where nothing does. `table` names
    the table and its version; "" where no table was asked."""

    rule: str
    drugs: tuple[str, str]
    severity: Severity
    mechanism: str
    recommendation: str
    changes: str
    source: str
    table: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """`texts`: mechanism, recommendation, what would change it, source. `local`: routes of local medicines that count."""

    id: str
    first: frozenset[str]
    second: frozenset[str]
    severity: Severity
    texts: tuple[str, str, str, str]
    local: frozenset[str]
    table: str


def interactions(drugs: Sequence[Identified]) -> list[Interaction]:
    """All interactions among the medicines, the gravest first; duplicates of a class among them."""
    known = _known()
    return _sorted(found for a, b in combinations(drugs, 2) for found in _pair(a, b, known))


def interactions_with(drug: Identified, others: Sequence[Identified]) -> list[Interaction]:
    """The interactions of one medicine with each of the others, the gravest first."""
    known = _known()
    return _sorted(found for other in others for found in _pair(drug, other, known))


def _sorted(found: Iterable[Interaction]) -> list[Interaction]:
    return sorted(found, key=lambda i: -SEVERITIES.index(i.severity))


def _known() -> tuple[Rule, ...]:
    return rules(installed("interactions"), installed("interaction-groups"))


def _pair(a: Identified, b: Identified, known_rules: Sequence[Rule]) -> list[Interaction]:
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
    for rule in known_rules:
        if any(r in LOCAL and r not in rule.local for r in routes):
            continue
        forward = rule.first & first and rule.second & second
        if not forward and not (rule.first & second and rule.second & first):
            continue
        topic = rule.id.partition(":")[0]
        known = best.get(topic)
        if known is None or SEVERITIES.index(rule.severity) > SEVERITIES.index(known.severity):
            best[topic] = Interaction(
                rule.id, named if forward else (named[1], named[0]), rule.severity, *rule.texts, rule.table
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


@functools.lru_cache(maxsize=4)
def rules(own: Path | None, own_groups: Path | None) -> tuple[Rule, ...]:
    """All rules, with those of a clinic's imports. Raises InvalidInput for a rule of a group that there isn't."""
    groups = {e.cells[0]: members(items(e.cells[1])) for e in entries("interaction-groups", own_groups)}

    def side(rule: str, cell: str) -> frozenset[str]:
        found: set[str] = set()
        for item in items(cell):
            if not item.startswith("group:"):
                found |= members((item,))
            elif item[6:] in groups:
                found |= groups[item[6:]]
            else:
                raise InvalidInput(
                    f"The interaction {rule} names {item}, which no table of groups has. Import its group first: "
                    "fabric knowledge import interaction-groups FILE"
                )
        return frozenset(found)

    found = []
    for entry in entries("interactions", own):
        rule, first, second, cell, mechanism, advice, changes, source, local = entry.cells
        severity: Severity = choice(cell, SEVERITIES, f"interactions.tsv: {rule}")
        texts = (mechanism, advice, changes, source)
        sides = side(rule, first), side(rule, second)
        found.append(Rule(rule, *sides, severity, texts, frozenset(items(local)), entry.table))
    return tuple(found)


def members(listed: Iterable[str]) -> frozenset[str]:
    """The drugs of a list of drugs and classes, and the classes themselves; KeyError for an unknown id."""
    return frozenset(d for item in listed for d in (lexicon().get(item).id, *lexicon().narrower(item)))
