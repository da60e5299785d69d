"""How well each passage answers a question: vectors, words, concepts, values, time and polarity in one score.

The score is a cosine in an extended space: three blocks of unit length (the 768-d vector, the words weighted by
rarity, the clinical concepts) with weights that add up to one, so it lies in 0-1, is 1 for the question's own
text, and means the same from one question to the next. What contradicts the question (another side, another
year, a value out of the range asked for) takes from it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from services.index.asked import Group, Weights, groups_of
from services.index.conditions import modifiers, nearness, recency, values
from services.index.features import POLARITIES, key, stems
from services.index.matrix import cosines_of
from services.index.question import Question
from services.index.view import View

ABSENT = POLARITIES.index("absent")
FAMILY = POLARITIES.index("family")


@dataclass(slots=True)
class Scores:
    """Arrays over a view's rows."""

    total: np.ndarray
    cosine: np.ndarray
    words: np.ndarray
    concepts: np.ndarray
    absent: np.ndarray  # the row says that what was asked for is not there
    unmet: np.ndarray  # the row has the value asked for, and it is out of range


def score(
    view: View,
    question: Question,
    vector: np.ndarray | None,
    rarity: Callable[[str], float],
    *,
    model: str,
    weights: Weights,
) -> Scores:
    """Score every row of the view. `rarity` gives a stem's inverse document frequency over all patients."""
    n = len(view)
    cosine = np.zeros(n, np.float32)
    comparable = np.ones(n, bool)
    if vector is not None and n:
        comparable = np.array([m == model for m in view.models])
        if comparable.all():
            cosine = view.cosines(vector)
        elif comparable.any():
            cosine[comparable] = cosines_of(view.vectors[comparable][:, : len(vector)], vector)
    groups = groups_of(question, weights)
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

    total, unmet = values(view, question, total, weights)
    total = total * modifiers(view, question, groups, weights)
    total = total + weights.recent * recency(view.times) * (total > 0.2)
    if question.order:
        about = concepts >= 0.7 * concepts.max() if groups and n else np.ones(n, bool)
        total = total * np.where(about, nearness(view.times, about, question.order), 0.5)
    return Scores(np.clip(total, 0.0, 1.0), cosine, words, concepts, absent, unmet)


def _words(
    view: View,
    question: Question,
    groups: tuple[Group, ...],
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
    view: View, question: Question, groups: tuple[Group, ...], weights: Weights
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
