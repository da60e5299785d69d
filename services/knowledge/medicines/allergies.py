"""Whether a medicine is one that the patient is listed as allergic to, or one close to it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from services.errors import InvalidInput
from services.knowledge.entries import entries
from services.knowledge.installed import installed
from services.knowledge.lexicon import lexicon
from services.knowledge.medicines.naming import Identified, identify
from services.knowledge.medicines.tables import items
from services.knowledge.terms import key

Relation = Literal["ingredient", "class", "cross-reactive"]


@dataclass(frozen=True, slots=True)
class AllergyConflict:
    """A listed allergy that speaks against a medicine. `table` names the table and its version; "" where none was asked."""

    allergen: str
    drug: str
    relation: Relation
    note: str
    source: str
    table: str = ""


@dataclass(frozen=True, slots=True)
class _Group:
    title: str
    within: bool
    members: frozenset[str]
    note: str
    source: str
    table: str


@dataclass(frozen=True, slots=True)
class _Cross:
    allergy: str
    members: frozenset[str]
    note: str
    source: str
    table: str


@dataclass(frozen=True, slots=True)
class Knowledge:
    """`words`: what groups and foods are called in lists of allergies, and which is meant."""

    groups: Mapping[str, _Group]
    crosses: tuple[_Cross, ...]
    words: Mapping[str, str]


_NONE = re.compile(r"\b(?:no known|nkda|nka|no (?:drug )?allerg\w+|denies|none known)\b", re.IGNORECASE)
_ORDER: dict[Relation, int] = {"ingredient": 0, "class": 1, "cross-reactive": 2}


def allergy_conflicts(
    drug: Identified, allergens: Sequence[tuple[Sequence[Mapping[str, Any]], str]]
) -> list[AllergyConflict]:
    """The conflicts of a medicine with a list of allergies, each given as (codings, text); the closest relation only.

    Foods count where a label names them; what is not known as a medicine gives nothing.
    """
    known = knowledge(installed("allergy-groups"), installed("allergies"))
    found: list[AllergyConflict] = []
    for codings, text in allergens:
        conflicts = list(_conflicts(drug, codings, text, known))
        if conflicts:
            found.append(min(conflicts, key=lambda c: _ORDER[c.relation]))
    return found


def _conflicts(
    drug: Identified, codings: Sequence[Mapping[str, Any]], text: str, tables: Knowledge
) -> Iterable[AllergyConflict]:
    texts = [text, *(d for c in codings if isinstance(d := c.get("display"), str))]
    if any(_NONE.search(t) for t in texts):
        return
    known = identify(codings, text)
    label = next((t for t in texts if t), "") or ", ".join(known.ingredients)
    named = {g for t in texts for g in _named(t, tables)}
    for name in known.ingredients:
        if name in drug.ingredients:
            yield AllergyConflict(label, name, "ingredient", f"The list of allergies names {name}.", _LISTED)
    concepts = {c for concept in drug.concepts for c in lexicon().closure(concept)}
    for concept in known.concepts:
        if concept.startswith("drugclass:") and concept in concepts:
            title = lexicon().get(concept).name
            yield AllergyConflict(
                label, _name(drug), "class", f"The list of allergies names the class: {title}.", _LISTED
            )
    own = {g for g, group in tables.groups.items() if group.members & set(known.concepts)}
    for group_id, group in tables.groups.items():
        if group.members.intersection(drug.concepts) and (
            f"group:{group_id}" in named or (group_id in own and group.within)
        ):
            note = group.note or f"The list of allergies names the class: {group.title}."
            yield AllergyConflict(label, _name(drug), "class", note, group.source, group.table)
    reached = named | {f"group:{g}" for g in own} | set(known.concepts)
    for cross in tables.crosses:
        if cross.allergy in reached and cross.members.intersection(drug.concepts):
            yield AllergyConflict(label, _name(drug), "cross-reactive", cross.note, cross.source, cross.table)


_LISTED = "the patient's list of allergies"


def _name(drug: Identified) -> str:
    return " / ".join(drug.ingredients) or drug.name


def _named(text: str, tables: Knowledge) -> Iterable[str]:
    """Groups and foods whose own words stand in an allergy's text."""
    padded = f" {key(text)} "
    return [target for words, target in tables.words.items() if f" {words} " in padded]


@functools.lru_cache(maxsize=4)
def knowledge(own_groups: Path | None, own_crosses: Path | None) -> Knowledge:
    """Groups and cross-reactions, with those of a clinic's imports. Raises InvalidInput for a group that there isn't."""
    groups: dict[str, _Group] = {}
    words: dict[str, str] = {}
    for entry in entries("allergy-groups", own_groups):
        group, title, within, further, members, note, source = entry.cells
        groups[group] = _Group(title, within == "yes", _drugs(items(members)), note, source, entry.table)
        words.update((key(w), f"group:{group}") for w in (title, *items(further)))

    def drugs_of(item: str) -> frozenset[str]:
        if not item.startswith("group:"):
            return _drugs((item,))
        if item[6:] not in groups:
            raise InvalidInput(
                f"The table of allergies names {item}, which no table of groups has. Import its group first: "
                "fabric knowledge import allergy-groups FILE"
            )
        return groups[item[6:]].members

    crosses = []
    for entry in entries("allergies", own_crosses):
        allergy, further, members, note, source = entry.cells
        if allergy.startswith("group:"):
            drugs_of(allergy)
        reached = frozenset(d for item in items(members) for d in drugs_of(item))
        crosses.append(_Cross(allergy, reached, note, source, entry.table))
        words.update((key(w), allergy) for w in items(further))
    return Knowledge(groups, tuple(crosses), words)


def _drugs(members: Iterable[str]) -> frozenset[str]:
    """The drugs of a list of drugs and classes; KeyError where the lexicon has no such id."""
    found: set[str] = set()
    for member in members:
        found.add(lexicon().get(member).id)
        found |= lexicon().narrower(member)
    return frozenset(found)
