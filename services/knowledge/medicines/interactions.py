"""Interactions of medicines, by groups that interact in the same way."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules, and for each concept the rules that name it on one side, as bits: two medicines are held against two hundred
    rules by a few operations on numbers."""

    listed: tuple[Rule, ...]
    first: Mapping[str, int]
    second: Mapping[str, int]
    local: Mapping[str, int]
    """By route of a local medicine, the rules that count it."""

    def met(self, first: Iterable[str], second: Iterable[str], routes: Iterable[str]) -> Iterator[tuple[Rule, bool]]:
        """The rules that two medicines' concepts meet, in the table's order, and whether in the rule's own order."""
        forward = _bits(self.first, first) & _bits(self.second, second)
        met = forward | _bits(self.first, second) & _bits(self.second, first)
        for route in routes:
            if route in LOCAL:
                met &= self.local.get(route, 0)
        while met:
            lowest = met & -met
            yield self.listed[lowest.bit_length() - 1], bool(forward & lowest)
            met ^= lowest


def _bits(of: Mapping[str, int], concepts: Iterable[str]) -> int:
    return functools.reduce(operator.or_, (of.get(c, 0) for c in concepts), 0)


def interactions(drugs: Sequence[Identified]) -> list[Interaction]:
    """All interactions among the medicines, the gravest first; duplicates of a class among them."""
    known = known_rules()
    return _sorted(found for a, b in combinations(drugs, 2) for found in of_pair(a, b, known))


def interactions_with(drug: Identified, others: Sequence[Identified]) -> list[Interaction]:
    """The interactions of one medicine with each of the others, the gravest first."""
    known = known_rules()
    return _sorted(found for other in others for found in of_pair(drug, other, known))


def _sorted(found: Iterable[Interaction]) -> list[Interaction]:
    return sorted(found, key=lambda i: -SEVERITIES.index(i.severity))


def known_rules() -> Rules:
    """Those that count now: the clinic's own, where it imported some."""
    return rules(installed("interactions"), installed("interaction-groups"))


def of_pair(a: Identified, b: Identified, known: Rules) -> list[Interaction]:
    """The rules that two medicines meet; of one topic the gravest."""
    named = (_name(a), _name(b))
    routes = (route_of(a), route_of(b))
    shared = [i for i in a.ingredients if i in b.ingredients]
    best: dict[str, Interaction] = {}
    first, second = a.concepts, b.concepts
    if shared:
        if (routes[0] in LOCAL or routes[1] in LOCAL) and routes[0] != routes[1]:
            return []
        told = f"Both hold {', '.join(shared)}."
        best["duplicate"] = Interaction("duplicate:ingredient", named, "moderate", told, *_DOUBLED)
        first, second = ([c for c in d.concepts if not _holds(c, shared)] for d in (a, b))
    for rule, forward in known.met(first, second, routes):
        topic = rule.id.partition(":")[0]
        graver = best.get(topic)
        if graver is None or SEVERITIES.index(rule.severity) > SEVERITIES.index(graver.severity):
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
    return not set(ingredients).isdisjoint(ingredients_of(lexicon().get(concept)))


def _name(drug: Identified) -> str:
    return " / ".join(drug.ingredients) or drug.name


@functools.lru_cache(maxsize=4)
def rules(own: Path | None, own_groups: Path | None) -> Rules:
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
    return Rules(
        tuple(found), _sides(r.first for r in found), _sides(r.second for r in found), _sides(r.local for r in found)
    )


def _sides(named: Iterable[frozenset[str]]) -> dict[str, int]:
    bits: dict[str, int] = {}
    for number, concepts in enumerate(named):
        for concept in concepts:
            bits[concept] = bits.get(concept, 0) | 1 << number
    return bits


def members(listed: Iterable[str]) -> frozenset[str]:
    """The drugs of a list of drugs and classes, and the classes themselves; KeyError for an unknown id."""
    return frozenset(d for item in listed for d in (lexicon().get(item).id, *lexicon().narrower(item)))
