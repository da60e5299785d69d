"""nDCG, recall, reciprocal rank and the area under a curve."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """Graded, with a gain of 2^grade − 1."""

    def gained(values: Sequence[int]) -> float:
        return sum((2**g - 1) / math.log2(place + 2) for place, g in enumerate(values[:depth]))

    ideal = gained(sorted(grades.values(), reverse=True))
    return gained([grades.get(key, 0) for key in ranked]) / ideal if ideal else 0.0


def recall(ranked: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """The share of what is relevant among the first, of as many as can be there."""
    return sum(key in grades for key in ranked[:depth]) / min(depth, len(grades)) if grades else 0.0


def reciprocal_rank(ranked: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    return next((1 / (place + 1) for place, key in enumerate(ranked[:depth]) if key in grades), 0.0)


def auc(higher: Sequence[float], lower: Sequence[float]) -> float:
    """How often one of `higher` is above one of `lower`, ties halved: 0.5 tells nothing apart."""
    pairs = [(h > low) + 0.5 * (h == low) for h in higher for low in lower]
    return sum(pairs) / len(pairs) if pairs else float("nan")


def quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    if not ordered:
        return float("nan")
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
