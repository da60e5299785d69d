"""What a question asks about, as the concepts that count for it and how much: the ground on which rows are scored."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from services.index.features import key, stems
from services.index.question import Question
from services.knowledge.lexicon import lexicon

_FAMILY_WORDS = re.compile(
    r"\b(?:family (?:history|hx)|fhx?|famhx|runs in the family|relatives?|mother|father|brother|sister|parent)\b"
    r"(?:\s+(?:of|with|had|has))?",
    re.IGNORECASE,
)
_HOME = {
    "drug": ("MedicationRequest", "MedicationStatement", "AllergyIntolerance"),
    "drugclass": ("MedicationRequest", "MedicationStatement", "AllergyIntolerance"),
    "lab": ("Observation",),
    "vital": ("Observation",),
    "score": ("Observation",),
    "problem": ("Condition", "AllergyIntolerance"),
    "symptom": ("DocumentReference", "Composition", "Condition"),
    "procedure": ("Procedure", "DiagnosticReport"),
    "vaccine": ("Immunization",),
}
"""Where each kind of concept is recorded for its own sake."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Tuned on the development half of benchmarks/retrieval; the other half is only reported."""

    dense: float = 0.3
    words: float = 0.17
    words_alone: float = 0.4  # where no clinical concept was recognised
    concepts: float = 0.4
    narrower: float = 0.95
    broader: float = 0.25
    related: float = 0.38
    away: float = 0.75  # a resource of another type than the one where such things are recorded
    visit: float = 0.75  # an Encounter says that something was dealt with, its notes say how
    not_done: float = 0.6
    mention: float = 0.85  # a concept named in passing, against one that the resource is about
    off_period: float = 0.3
    no_date: float = 0.7
    other_side: float = 0.35
    ended: float = 0.6
    other_type: float = 0.9
    no_flag: float = 0.5
    no_value: float = 0.5
    recent: float = 0.02
    polarity: tuple[float, ...] = (1.0, 0.85, 0.9, 0.25, 0.45, 0.0)  # in the order of POLARITIES


@dataclass(frozen=True, slots=True)
class Group:
    """One thing that is asked about: the words that name it and the concepts that it may be."""

    stems: tuple[str, ...]
    absent: bool
    home: frozenset[str]
    reach: Mapping[int, float]


@functools.lru_cache(maxsize=1024)
def groups_of(question: Question, weights: Weights) -> tuple[Group, ...]:
    """An ambiguous abbreviation is one group with several concepts, so that it weighs no more than a clear one."""
    asked = dict.fromkeys([*question.concepts, *sorted(question.absent)])
    text = question.text
    if question.family:
        # "Family history of heart disease" is heart disease, of a relative.
        text = _FAMILY_WORDS.sub(" ", text)
        asked = dict.fromkeys(m.concept for m in lexicon().find(text, query=True)) or asked
    spans: dict[tuple[int, int], list[str]] = {}
    for mention in lexicon().find(text, query=True):
        if mention.concept in asked:
            spans.setdefault((mention.start, mention.end), []).append(mention.concept)
    named = {c for concepts in spans.values() for c in concepts}
    groups = [(text[a:b], tuple(concepts)) for (a, b), concepts in spans.items()]
    groups += [("", (c,)) for c in asked if c not in named]
    found = []
    for surface, concepts in dict.fromkeys(groups):
        reach: dict[int, float] = {}
        for concept in concepts:
            for other, weight in _reach(concept, question.resource_types, weights).items():
                reach[other] = max(reach.get(other, 0.0), weight)
        home = frozenset(t for c in concepts for t in _HOME.get(c.partition(":")[0], ()))
        found.append(Group(tuple(stems(surface)), concepts[0] in question.absent, home, reach))
    return tuple(found)


@functools.lru_cache(maxsize=4096)
def _reach(concept: str, types: frozenset[str], weights: Weights) -> Mapping[int, float]:
    """Concept keys that count as the one asked for, and how much."""
    words = lexicon()
    found: dict[int, float] = {}

    def put(name: str, weight: float) -> None:
        found[key(name)] = max(found.get(key(name), 0.0), weight)

    for wider, distance in words.closure(concept).items():
        for other in words.related(wider):
            put(other, weights.related * distance)
    for other in _related_from().get(concept, ()):
        # "diabetes medications": the drugs that name the problem as their use are what is asked for.
        asked = other.startswith("drug") and bool(types & {"MedicationRequest", "MedicationStatement"})
        put(other, 0.9 if asked else weights.related)
    for other, distance in words.closure(concept).items():
        if other != concept:
            put(other, weights.broader * distance / 0.6)
    for other in words.narrower(concept):
        put(other, weights.narrower)
    put(concept, 1.0)
    return found


@functools.cache
def _related_from() -> Mapping[str, tuple[str, ...]]:
    table: dict[str, list[str]] = defaultdict(list)
    for concept in lexicon().concepts():
        for other in concept.related:
            table[other].append(concept.id)
    return {k: tuple(v) for k, v in table.items()}
