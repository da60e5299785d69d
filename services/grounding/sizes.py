"""Sizes in several directions: "9 × 8 mm" is one size, and its numbers belong together."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.grounding.figure import Figure
from services.grounding.reading import Reading
from services.grounding.sources import Value

_TIMES = re.compile(r"\s?(?:mm|cm)?\s?(?:[x×]|by)\s?", re.IGNORECASE)


def sized(text: str, first: Figure, second: Figure) -> bool:
    """Whether the two are of one size: "14 x 12 mm"."""
    return first.end <= second.start and _TIMES.fullmatch(text[first.end : second.start]) is not None


def of_size(reading: Reading, figure: Figure, found: Sequence[Value]) -> list[Value] | None:
    """Of the numbers that a side of a size may be, those in a size with the same other sides; None of no size."""
    mine = _sides(reading, figure)
    if len(mine) < 2:
        return None
    return [v for v in found if mine <= _sides(v.source.reading, v.figure)]


def _sides(reading: Reading, figure: Figure) -> frozenset[float]:
    """The numbers of the size that a number is of, itself among them."""
    figures = [a.figure for a in reading.amounts if a.figure.kind == "value"]
    place = next((i for i, f in enumerate(figures) if f.start == figure.start), None)
    if place is None:
        return frozenset({figure.value})
    low = high = place
    while low and sized(reading.text, figures[low - 1], figures[low]):
        low -= 1
    while high + 1 < len(figures) and sized(reading.text, figures[high], figures[high + 1]):
        high += 1
    return frozenset(f.value for f in figures[low : high + 1])
