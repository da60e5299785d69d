"""Which of several equal numbers of the evidence a sentence means: by the words that stand beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.grounding.binding import Amount
from services.grounding.case import Case
from services.grounding.figure import Figure
from services.grounding.matching import match
from services.grounding.relatives import relatives
from services.grounding.sizes import of_size
from services.grounding.sources import Value
from services.grounding.units import DOSES
from services.grounding.words import GLUE, NUMBER_WORDS, stem, words_of
from services.knowledge.lexicon import lexicon


def beside_same(case: Case, figure: Figure, values: Sequence[Value]) -> list[tuple[Value, str]]:
    """Numbers that the evidence doesn't bind to anything, but that stand by the sentence's own words."""
    said = _neighbours(case.text, figure)
    return [
        (v, how)
        for v in values
        if not v.topics
        and said & _neighbours(v.source.reading.text, v.figure)
        and (how := match(figure, frozenset(), v))
    ]


def by_words(
    case: Case, figure: Figure, right: list[tuple[Value, str]], values: Sequence[Value]
) -> list[tuple[Value, str]] | None:
    """Of a number that belongs to no analyte ("bypass 94 min"), those that stand by the same words.

    Where the sentence's own neighbours stand only by other numbers, the number has been swapped.
    """
    whole = of_size(case.reading, figure, [v for v, _ in right])
    if whole is not None:
        return [f for f in right if f[0] in whole] or None
    said = _neighbours(case.text, figure)
    if not said:
        return right
    here = [f for f in right if said & (words := _beside(f[0])) or not words]
    if here:
        return here
    there = any(
        said & _beside(v)
        for v in values
        if v.figure.kind == figure.kind
        and (v.figure.unit == right[0][0].figure.unit or not figure.unit or figure.kind == "duration")
    )
    return None if there else right


def of_same_person(case: Case, right: list[tuple[Value, str]]) -> list[tuple[Value, str]]:
    """A relative's age is no age of the patient's: those of whom the sentence speaks."""
    said = relatives(case.text)
    kept = []
    for found in right:
        value = found[0]
        before = value.source.reading.text[max(0, value.figure.start - 12) : value.figure.start]
        aged = value.figure.kind == "age" or re.search(r"\b(?:at|age|aged|from)\s*$", before, re.IGNORECASE)
        told = relatives(value.source.reading.around(value.figure.start)) if aged else set()
        if not told or told & said:
            kept.append(found)
    return kept


def graded_otherwise(
    case: Case, figure: Figure, right: Sequence[tuple[Value, str]], values: Sequence[Value]
) -> bool:
    """Whether what stands behind a grade has only other grades in the evidence: "G1 neuropathy, G2 fatigue"."""
    said = _graded(case.text, figure)
    if not said or any(said == _graded(v.source.reading.text, v.figure) for v, _ in right):
        return False
    return any(
        v.figure.kind == "grade"
        and v.figure.unit == figure.unit
        and said == _graded(v.source.reading.text, v.figure)
        for v in values
    )


def _graded(text: str, figure: Figure) -> str:
    """The word right behind a grade."""
    behind = re.match(r"\s(\w+)", text[figure.end : figure.end + 32])
    return stem(behind[1]) if behind and stem(behind[1]) not in GLUE else ""


_BEFORE = re.compile(
    r"\b(?:had been|having been|previously|used to be|formerly)\s+(?:at\s+)?$", re.IGNORECASE
)


def told_before(case: Case, figure: Figure) -> bool:
    return (
        figure.kind == "value"
        and _BEFORE.search(case.text[max(0, figure.start - 24) : figure.start]) is not None
    )


def was_later(case: Case, amount: Amount, right: list[tuple[Value, str]], values: Sequence[Value]) -> bool:
    """ "Had been 7.3 %" of what the evidence gives as the present value, beside former ones."""
    former = [v for v in values if v.earlier and v.topics & amount.topics]
    return bool(former) and all(
        not v.earlier and v.source.evidence.date == former[0].source.evidence.date for v, _ in right
    )


def swapped(case: Case, amount: Amount, right: list[tuple[Value, str]], values: Sequence[Value]) -> bool:
    """Of several values of one thing in one sentence of the evidence ("spine T -2.7, total hip T -2.2"): whether the
    words of the claim stand only by another of them."""
    names = {w.stem for t in amount.topics for name in (t, lexicon().get(t).name) for w in words_of(name)}
    said = _neighbours(case.text, amount.figure) - names - _UNITS
    if not said:
        return False
    for value, _ in right:
        reading = value.source.reading
        mine = _neighbours(reading.text, value.figure) - names
        place = reading.sentence_at(value.figure.start)
        others = [
            _neighbours(reading.text, v.figure) - names
            for v in values
            if v.source is value.source
            and v.topics == value.topics
            and (v.figure.unit in DOSES) == (value.figure.unit in DOSES)
            and v.figure.value != value.figure.value
            and reading.sentence_at(v.figure.start) == place
            and not v.earlier
            and not v.figure.limit
        ]
        if value.earlier or said & mine or not any(said & other for other in others):
            return False
    return True


def _beside(value: Value) -> frozenset[str]:
    """The words that stand by a number of the evidence, and the name of what it belongs to."""
    names = (w.stem for t in value.topics for w in words_of(lexicon().get(t).name))
    return _neighbours(value.source.reading.text, value.figure) | frozenset(names)


_DATE = re.compile(r"\b\d{1,2}[- ][A-Z][a-z]{2,8}[- ]\d{4}\b|\b\d{4}-\d\d-\d\d\b")


_UNITS = frozenset(
    stem(w) for w in ["mg", "g", "mcg", "kg", "ml", "unit", "units", "tablet", "tablets", "meal", "meals"]
)
_NUMBERS = frozenset(stem(w) for w in NUMBER_WORDS)


def _neighbours(text: str, figure: Figure) -> frozenset[str]:
    text = _DATE.sub(lambda m: " " * len(m.group()), text)
    low, high = max(0, figure.start - 40), figure.end + (24 if figure.unit or figure.pair else 44)
    while low and text[low - 1].isalnum() and low < figure.start:
        low += 1  # no fragment of a word
    before = re.split(r"[,;.\n(]|\b(?:and|but|with)\b", text[low : figure.start])[-1]
    after = re.split(r"[,;.\n)]|\b(?:and|but|with)\b", text[figure.end : high])[0]
    return frozenset(
        w.stem
        for w in words_of(f"{before} {after}")
        if w.stem not in GLUE and not w.stem.isdigit() and w.stem not in _NUMBERS
    )
