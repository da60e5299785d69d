"""How well each passage answers a question: vectors, words, concepts, values, time and polarity in one score.

The score is a cosine in an extended space: three blocks of unit length (the 768-d vector, the words weighted by
rarity, the clinical concepts) with weights that add up to one, so it lies in 0-1, is 1 for the question's own
text, and means the same from one question to the next. What contradicts the question (another side, another
year, a value out of the range asked for) takes from it.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from services.index.features import POLARITIES, SIDES, key, stems
from services.index.question import Comparison, Question
from services.index.view import View
from services.knowledge.lexicon import lexicon
from services.knowledge.units import canonical

_FAMILY_WORDS = re.compile(
    r"\b(?:family (?:history|hx)|fhx?|famhx|runs in the family|relatives?|mother|father|brother|sister|parent)\b"
    r"(?:\s+(?:of|with|had|has))?",
    re.IGNORECASE,
)
_NOT_DONE_WORDS = re.compile(
    r"\b(?:not (?:given|done|performed|taken)|refus\w+|declin\w+|overdue|missed|omitted|withheld)\b",
    re.IGNORECASE,
)
ABSENT = POLARITIES.index("absent")
FAMILY = POLARITIES.index("family")
_HOME = {
    "drug": ("MedicationRequest", "MedicationStatement", "AllergyIntolerance"),
    "drugclass": ("MedicationRequest", "MedicationStatement", "AllergyIntolerance"),
    "lab": ("Observation",),
    "vital": ("Observation",),
    "score": ("Observation",),
    "problem": ("Condition", "AllergyIntolerance"),
    "symptom": ("DocumentReference", "Condition"),
    "procedure": ("Procedure", "DiagnosticReport"),
    "vaccine": ("Immunization",),
}
"""Where each kind of concept is recorded for its own sake."""
_ENDED = frozenset(
    [
        "stopped",
        "completed",
        "resolved",
        "inactive",
        "cancelled",
        "remission",
        "abated",
        "finished",
        "draft",
        "not-done",
        "on-hold",
    ]
)


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


@dataclass(slots=True)
class Scores:
    """Arrays over a view's rows."""

    total: np.ndarray
    cosine: np.ndarray
    words: np.ndarray
    concepts: np.ndarray
    absent: np.ndarray  # the row says that what was asked for is not there
    unmet: np.ndarray  # the row has the value asked for, and it is out of range
    parts: dict[str, np.ndarray] = field(default_factory=dict)


def score(
    view: View,
    question: Question,
    vector: np.ndarray | None,
    rarity: Callable[[str], float],
    *,
    model: str,
    weights: Weights = Weights(),
) -> Scores:
    """Score every row of the view. `rarity` gives a stem's inverse document frequency over all patients."""
    n = len(view)
    cosine = np.zeros(n, np.float32)
    comparable = np.ones(n, bool)
    if vector is not None and n:
        comparable = np.array([m == model for m in view.models])
        if comparable.all():
            cosine = view.vectors @ vector
        elif comparable.any():
            cosine[comparable] = view.vectors[comparable][:, : len(vector)] @ vector
    groups = _groups(question, weights)
    matched, absent = _concepts(view, question, groups, weights)
    concepts = np.mean(matched, axis=0) if groups else np.zeros(n, np.float32)
    words, has_words = _words(view, question, groups, matched, rarity)

    shares = np.array(
        [
            weights.dense * (vector is not None),
            (weights.words if groups else weights.words_alone) * has_words,
            weights.concepts * bool(groups),
        ]
    )
    if shares.sum() == 0:
        shares = np.array([1.0, 0.0, 0.0])
    shares = shares / shares.sum()
    total = shares[0] * np.clip(cosine, 0, 1) + shares[1] * words + shares[2] * concepts
    if not comparable.all() and shares[1:].sum() > 0:
        # Vectors of another model can't be compared: such rows are judged by the rest alone.
        rest = (shares[1] * words + shares[2] * concepts) / shares[1:].sum()
        total = np.where(comparable, total, rest)

    total, unmet = _values(view, question, total, weights)
    total = total * _modifiers(view, question, groups, weights)
    total = total + weights.recent * _recency(view.times) * (total > 0.2)
    if question.order:
        about = concepts >= 0.7 * concepts.max() if groups and n else np.ones(n, bool)
        total = total * np.where(about, _nearness(view.times, about, question.order), 0.5)
    return Scores(np.clip(total, 0.0, 1.0), cosine, words, concepts, absent, unmet)


@dataclass(frozen=True, slots=True)
class _Group:
    """One thing that is asked about: the words that name it and the concepts that it may be."""

    stems: tuple[str, ...]
    absent: bool
    home: frozenset[str]
    reach: Mapping[int, float]


@functools.lru_cache(maxsize=1024)
def _groups(question: Question, weights: Weights) -> tuple[_Group, ...]:
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
        found.append(_Group(tuple(stems(surface)), concepts[0] in question.absent, home, reach))
    return tuple(found)


def _words(
    view: View,
    question: Question,
    groups: tuple[_Group, ...],
    matched: np.ndarray,
    rarity: Callable[[str], float],
) -> tuple[np.ndarray, bool]:
    """The share of the question's words, by rarity, that each row has: itself, or its concept by another name."""
    n = len(view)
    found = np.zeros(n, np.float32)
    wanted = dict.fromkeys([*stems(" ".join(question.terms)), *stems(" ".join(question.codes))])
    rarities = {s: rarity(s) for s in wanted}
    whole = math.sqrt(sum(r * r for r in rarities.values()))
    if not whole:
        return found, False
    named: dict[str, int] = {s: i for i, group in enumerate(groups) for s in group.stems}
    for stem, rare in rarities.items():
        has = np.zeros(n, np.float32)
        if stem in named:
            has = 0.8 * (matched[named[stem]] >= 0.55)
        has[view.postings(key(stem))] = 1.0
        found += has * rare * rare
    # Cosine of binary rarity-weighted bags, the row's length damped so that long notes are not shut out.
    damp = np.maximum(1.0, np.log2(np.maximum(view.lengths, 1) / 12.0) * 0.15 + 1.0)
    return np.sqrt(found) / whole / damp, True


def _concepts(
    view: View, question: Question, groups: tuple[_Group, ...], weights: Weights
) -> tuple[np.ndarray, np.ndarray]:
    """(groups x rows) how much each row is about what is asked for; and which rows say that it isn't there."""
    n = len(view)
    matched = np.zeros((len(groups), n), np.float32)
    named_absent = np.zeros(n, bool)
    named_present = np.zeros(n, bool)
    polarity = np.array(weights.polarity, np.float32)
    reverse = np.zeros(len(polarity), np.float32)
    reverse[ABSENT] = 1.0
    family = np.full(len(polarity), 0.3, np.float32)
    family[FAMILY] = 1.0
    types = np.array(view.types)
    for best, group in zip(matched, groups, strict=True):
        table = reverse if group.absent else family if question.family else polarity
        for other, weight in group.reach.items():
            records, rows = view.with_concept(other)
            if not len(rows):
                continue
            value = (
                weight * table[records["polarity"]] * np.where(records["primary"] > 0, 1.0, weights.mention)
            )
            np.maximum.at(best, rows, value.astype(np.float32))
            if weight >= 0.9 and not group.absent:
                denied = records["polarity"] == ABSENT
                named_absent[rows[denied]] = True
                named_present[rows[~denied]] = True
        if group.home and n and not question.resource_types:
            best *= np.where(np.isin(types, list(group.home)), 1.0, weights.away)
            best *= np.where(types == "Encounter", weights.visit, 1.0)
    return matched, named_absent & ~named_present


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


def _values(
    view: View, question: Question, total: np.ndarray, weights: Weights
) -> tuple[np.ndarray, np.ndarray]:
    """Values asked for ("potassium below 3"): rows that have them are judged by them alone."""
    unmet = np.zeros(len(view), bool)
    if not question.comparisons:
        return total, unmet
    met, judged = np.zeros(len(view), bool), np.zeros(len(view), bool)
    for comparison in question.comparisons:
        for concept in {comparison.concept, *lexicon().narrower(comparison.concept)}:
            rows, values = view.values_of(key(concept))
            judged[rows] = True
            met[rows[satisfies(comparison, values)]] = True
    unmet = judged & ~met
    other = view.has_values & ~judged  # a measurement of something else
    kept = total * np.where(other, weights.no_value / 2, weights.no_value)
    raised = np.where(met, 0.6 + 0.4 * total, np.where(unmet, 0.0, kept))
    return raised, unmet


def satisfies(comparison: Comparison, values: np.ndarray) -> np.ndarray:
    """Which canonical values meet the comparison; its own unit is converted, an unknown one meets nothing."""

    def bound(value: float) -> float:
        if not comparison.unit:
            return value
        converted = canonical(comparison.concept, value, comparison.unit)
        return converted[0] if converted else math.nan

    low = bound(comparison.value)
    if comparison.op == "between" and comparison.high is not None:
        high = bound(comparison.high)
        return (values >= min(low, high)) & (values <= max(low, high))
    tests = {
        ">": values > low,
        ">=": values >= low,
        "<": values < low,
        "<=": values <= low,
        "=": np.isclose(values, low, rtol=1e-6),
    }
    return tests.get(comparison.op, np.zeros(len(values), bool))


def _modifiers(view: View, question: Question, groups: tuple[_Group, ...], weights: Weights) -> np.ndarray:
    n = len(view)
    factor = np.ones(n, np.float32)
    low, high = period_seconds(question)
    if low is not None or high is not None:
        inside = (view.times >= (low if low is not None else -np.inf)) & (
            view.times < (high if high is not None else np.inf)
        )
        factor *= np.where(np.isnan(view.times), weights.no_date, np.where(inside, 1.0, weights.off_period))
    if question.laterality in SIDES and question.laterality:
        factor *= _sides(view, question.laterality, groups, weights)
    if question.status == "current":
        factor *= np.array([weights.ended if _has_ended(s) else 1.0 for s in view.statuses], np.float32)
    elif question.status == "past":
        factor *= np.array([1.0 if _has_ended(s) else weights.ended for s in view.statuses], np.float32)
    if _NOT_DONE_WORDS.search(question.text):
        undone = np.array(["not-done" in (s or "") for s in view.statuses], bool)
        coded = np.array([t in ("Immunization", "Procedure") for t in view.types], bool)
        factor *= np.where(coded & ~undone, weights.not_done, 1.0)
    if question.resource_types:
        factor *= np.array(
            [1.0 if t in question.resource_types else weights.other_type for t in view.types], np.float32
        )
    for qualifier in question.qualifiers:
        _, rows = view.with_concept(key(f"flag:{qualifier}"))
        if qualifier in ("high", "low", "abnormal", "critical", "positive", "negative", "normal"):
            flagged = np.zeros(n, bool)
            flagged[rows] = True
            observed = np.array([t in ("Observation", "DiagnosticReport") for t in view.types], bool)
            factor *= np.where(flagged | ~observed, 1.0, weights.no_flag)
    return factor


def _sides(view: View, side: str, groups: tuple[_Group, ...], weights: Weights) -> np.ndarray:
    """Rows that name the other side only, for what was asked, count less."""
    wanted = {SIDES[side], SIDES["bilateral"]}
    right, wrong = np.zeros(len(view), bool), np.zeros(len(view), bool)
    for group in groups:
        for concept, weight in group.reach.items():
            if weight < 0.4:
                continue
            records, rows = view.with_concept(concept)
            sided = records["side"] > 0
            good = np.isin(records["side"], list(wanted))
            right[rows[sided & good]] = True
            wrong[rows[sided & ~good]] = True
    return np.where(wrong & ~right, weights.other_side, 1.0).astype(np.float32)


def period_seconds(question: Question) -> tuple[float | None, float | None]:
    """The question's period as epoch seconds [from, before); the last day is included."""
    start, end = question.period

    def midnight(day: dt.date) -> float:
        return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp()

    return (midnight(start) if start else None, midnight(end) + 86_400 if end else None)


def _has_ended(status: str | None) -> bool:
    return bool(status) and any(part in _ENDED for part in (status or "").lower().replace(",", " ").split())


def _nearness(times: np.ndarray, about: np.ndarray, order: str) -> np.ndarray:
    """1 for what is of the newest (or first) day among the rows that match, less for what is further from it.

    The panel and the note of that day belong to the answer more than the values before it.
    """
    dated = about & ~np.isnan(times)
    if not dated.any():
        return np.ones(len(times), np.float32)
    sign = 1.0 if order == "latest" else -1.0
    best = (sign * times[dated]).max()
    same_day = sign * times >= best - 86_400
    rank = _recency(sign * times)
    return np.where(same_day, 1.0, 0.5 + 0.3 * rank).astype(np.float32)


def _recency(times: np.ndarray) -> np.ndarray:
    """0 (oldest or undated) to 1 (newest), by rank."""
    rank = np.zeros(len(times), np.float32)
    dated = np.flatnonzero(~np.isnan(times))
    if len(dated) > 1:
        _, place = np.unique(times[dated], return_inverse=True)
        rank[dated] = place / max(1, place.max())
    elif len(dated):
        rank[dated] = 1.0
    return rank
