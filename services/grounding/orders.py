"""Which of two values came first, and whether one is so many times the other."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from services.grounding.case import Case
from services.grounding.sources import Value


def ordered(first: Sequence[Value], last: Sequence[Value]) -> bool:
    """Whether the evidence allows the first to have been before the last."""
    if any(in_sequence(v, w) for v in first for w in last):
        return True
    if any(in_sequence(w, v) for v in first for w in last):
        return False
    orders = [(x, y) for v in first for w in last if (x := when_told(v)) and (y := when_told(w))]
    return not orders or any(x <= y for x, y in orders)


_FACTORS = {"doubl": 2.0, "tripl": 3.0, "halv": 0.5, "quadr": 4.0}

_ROUGHLY = 0.125
"""A ratio within an eighth of it may be called a doubling or a halving. A choice of this check."""


def times(case: Case, word: re.Match[str], first: float, last: float) -> bool:
    """Whether "doubled", "tripled", "halved" is so; "more than" and "nearly" make it a bound."""
    factor = next((f for stem, f in _FACTORS.items() if word.group().lower().startswith(stem)), None)
    if factor is None or not first:
        return True
    ratio = last / first
    before = case.text[max(0, word.start() - 16) : word.start()].lower()
    if "more than " in before:
        return ratio >= factor if factor > 1 else ratio <= factor
    return abs(ratio / factor - 1) <= _ROUGHLY


def when_told(value: Value) -> tuple[dt.date, int] | None:
    """When a value was, for putting in order: what is told as earlier comes before its note's own day."""
    days = list(value.dates)
    if not days:
        day = value.source.day
        return (day[0], 0) if value.earlier and day is not None else None
    # A note's own day comes first in the list; a date beside the number is more exact.
    first, _ = days[0] if value.source.entry else days[-1]
    return first, 1


_THEN = re.compile(r"\b(?:then|to|now|today|later|subsequently|after)\b|→|->", re.IGNORECASE)


def in_sequence(first: Value, last: Value) -> bool:
    """Whether the evidence tells the one and then the other: "INR 5.8, then 3.6, today 2.8"."""
    if first.source is not last.source or first.figure.end > last.figure.start:
        return False
    reading = first.source.reading
    gap = reading.text[first.figure.end : last.figure.start]
    between = [
        a.figure
        for a in reading.amounts
        if a.figure.kind == "value" and first.figure.end <= a.figure.start < last.figure.start
    ]
    same = reading.sentence_at(first.figure.start) == reading.sentence_at(last.figure.start)
    return same and len(between) < 3 and ";" not in gap and "(" not in gap and _THEN.search(gap) is not None
