"""The values of a course in their order: which came first, which way they go, whether one is so many times another."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Sequence

from services.grounding.binding import Amount
from services.grounding.case import Case
from services.grounding.courses import STEADILY
from services.grounding.matching import match
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


_STABLE = 0.1
"""A first and a last value within a tenth of each other may be called stable. A choice of this check."""


def moves(kind: str, first: float, last: float) -> bool:
    """Whether two numbers go up, down, or stay the same."""
    if kind == "same":
        return abs(last - first) <= _STABLE * max(abs(first), abs(last))
    return last > first if kind == "up" else last < first


def matching(amount: Amount, mine: Sequence[Value]) -> list[Value]:
    """The values that a number of the sentence is."""
    return [v for v in mine if match(amount.figure, amount.topics, v) not in ("", "unit", "place")]


def ends_of(mine: Sequence[Value], start: Amount | None, end: Amount | None) -> tuple[Value, Value] | None:
    """The first and the last value, or those up to, or from, the one that the sentence names."""
    dated = sorted(((o, i, v) for i, v in enumerate(mine) if (o := when_told(v))), key=lambda x: x[:2])
    if end is not None or start is not None:
        named = end or start
        assert named is not None
        places = [i for i, (_, _, v) in enumerate(dated) if matching(named, [v])]
        if not places:
            return None
        at = places[-1] if end is not None else places[0]
        order = dated[at][0]
        rest = [x for x in dated if x[0] < order] if end is not None else [x for x in dated if x[0] > order]
        if not rest:
            return None
        return (rest[-1][2], dated[at][2]) if end is not None else (dated[at][2], rest[-1][2])
    if len(dated) < 2 or dated[0][0] == dated[-1][0]:
        return None
    return dated[0][2], dated[-1][2]


def uneven(case: Case, word: re.Match[str], mine: Sequence[Value], first: Value, last: Value) -> bool:
    """Whether the values between two don't go steadily where the sentence says so; noted as wrong."""
    near = case.text[max(0, word.start() - 16) : word.end() + 16]
    if not STEADILY.search(near) or _one_way(mine, first, last):
        return False
    text = f"The evidence does not go from {first.figure.text} to {last.figure.text} all the way."
    case.bad("direction", word.start(), word.end(), text)
    return True


def _one_way(mine: Sequence[Value], first: Value, last: Value) -> bool:
    """Whether the values between two go the way that these go, each of them."""
    days = sorted((v.day, v.figure.value) for v in mine if v.day and not v.earlier)
    numbers = [n for day, n in days if (first.day or day) <= day <= (last.day or day)]
    sign = 1 if last.figure.value >= first.figure.value else -1
    return all(sign * (b - a) >= 0 for a, b in itertools.pairwise(numbers))
