"""Which analyte or drug each number of a text belongs to."""

from __future__ import annotations

import bisect
import calendar
import functools
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from services.grounding.assertions import Seen
from services.grounding.courses import COURSE
from services.grounding.figure import Figure
from services.grounding.figures import find_figures
from services.grounding.terms import given, measured
from services.grounding.units import DOSES, convert_value
from services.grounding.words import GLUE, words_of
from services.knowledge.lexicon import lexicon
from services.knowledge.unit_names import normalise_unit

SYSTOLIC, DIASTOLIC = "vital:systolic-blood-pressure", "vital:diastolic-blood-pressure"

PRESSURE = "vital:blood-pressure"

_BODY = frozenset({"kg", "[lb_av]", "cm", "m", "[in_i]", "[ft_i]", "mm", "km", "mile"})


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and the concepts that it belongs to (none where the text doesn't say)."""

    figure: Figure
    topics: frozenset[str]
    sentence: int
    named: bool = False
    """Whether it is part of a term ("CKD stage 4"), and judged as that."""


def inner(
    text: str,
    bounds: Sequence[tuple[int, int]],
    named: Sequence[tuple[int, int]],
    ago: Sequence[tuple[int, int]],
) -> Iterator[Amount]:
    """The stages inside terms and the times inside "six months ago", for a sentence that names those alone."""
    starts = [a for a, _ in bounds]
    for low, high in (*named, *ago):
        for figure in find_figures(text[low:high]):
            if figure.kind in ("grade", "duration"):
                moved = replace(figure, start=figure.start + low, end=figure.end + low)
                yield Amount(moved, frozenset(), max(0, bisect.bisect_right(starts, low) - 1), True)


def is_name(surface: str) -> bool:
    """Whether the digits are part of a name ("PHQ-9", "HbA1c"), rather than a value behind it."""
    return re.search(r"[A-Za-z]-?\d|\d[A-Za-z]", surface) is not None


def bind(
    text: str, bounds: Sequence[tuple[int, int]], seen: Sequence[Seen], figures: Sequence[Figure]
) -> list[Amount]:
    """The numbers with what they belong to, in order."""
    found: list[Amount] = []
    starts = [a for a, _ in bounds]
    for place, figure in enumerate(figures):
        index = max(0, bisect.bisect_right(starts, figure.start) - 1)
        low, high = bounds[index] if bounds else (0, len(text))
        near = [s for s in seen if low <= s.start < high and _takes(s.concept, figure)]
        if figure.kind == "rate" and _of_a_test(text, seen, figure):
            near = []  # "Synthroid 88 mcg is continued, with a TSH every year"
        before = figures[place - 1] if place else None
        if (
            before is not None
            and before.unit == "cycle"
            and text[before.end : figure.start].strip() in ("of", "/")
        ):
            near = []  # "cycle 3 of 4"
        if figure.unit is None and _DAY_OF.search(text[max(0, figure.start - 12) : figure.start]):
            near = []  # "on day 3/5 of prednisone"
        found.append(Amount(figure, _topics(text, near, figure, figures), index))
    _respectively(text, seen, found)
    return [_pressures(a, found[i - 1] if i else None) for i, a in enumerate(found)]


_DAY_OF = re.compile(r"\b(?:day|visit|session)\s#?$", re.IGNORECASE)


def _of_a_test(text: str, seen: Sequence[Seen], figure: Figure) -> bool:
    """Whether how often is told right behind something that is measured, rather than given."""
    before = [s for s in seen if s.end <= figure.start]
    last = [s for s in before if before and s.start == before[-1].start]
    return (
        bool(last)
        and all(measured(s.concept) for s in last)
        and _CHECKED.fullmatch(text[last[0].end : figure.start]) is not None
    )


_CHECKED = re.compile(
    r"(?:\s+\w+){0,1}\s+|(?:\s+(?:should|is|are|to|be|was|were|will|must|being|re-?checked|checked|monitored|measured|repeated|tested"
    r"|drawn|levels?|checks?|monitoring)){1,6}\s+",
    re.IGNORECASE,
)


def _takes(concept: str, figure: Figure) -> bool:
    """Whether a number of this kind can be a value, or a dose, of the concept."""
    if figure.kind == "rate":
        return given(concept)
    if figure.kind != "value":
        return False
    if figure.unit is None:
        # "Two samples": a number in words is a count, not a value.
        return (measured(concept) and not figure.text.isalpha()) or given(concept)
    if figure.unit in DOSES:
        return given(concept) or (figure.unit == "mL" and concept == "vital:urine-output")
    return measured(concept) and _measures(concept, figure.unit)


@functools.lru_cache(maxsize=4096)
def _measures(concept: str, unit: str) -> bool:
    """Whether the concept can have values in the unit; where the tables give it none, it may."""
    units = lexicon().get(concept).units
    if not units:
        return unit not in _BODY
    if concept.startswith("lab:") and unit in ("%", "mg/dL", "mmol/L", "g/dL", "g/L", "mg/L"):
        return True  # a wrong one of these is the likelier mistake than another thing's value
    return (
        any(convert_value(1.0, unit, normalise_unit(u) or u, concept) is not None for u in units)
        or unit not in _BODY
    )


_ADJACENT = re.compile(
    r"^\s*(?:(?:of|for|on|oral|the|daily|po|by mouth|once|twice|dose of|in|his|her|serum|total|a)\s+){0,3}\(?$",
    re.IGNORECASE,
)

_ASIDE = re.compile(
    r"\s*(?:\((?:(?:was|from|previously|last)\s+)?|,?\s*(?:(?:up|down)\s+from|compared (?:with|to)|versus|vs\.?)\s+)",
    re.IGNORECASE,
)

_OF = re.compile(r"^\s*(?:of|for)\s+(?:[A-Za-z][\w-]*\s+){0,3}$")


def _topics(text: str, near: Sequence[Seen], figure: Figure, figures: Sequence[Figure]) -> frozenset[str]:
    """The mention that a number belongs to: the last one before it, or one right behind it."""
    said = re.match(r"\s*(?:mm ?hg\s+)?(systolic|diastolic)\b", text[figure.end :], re.IGNORECASE)
    if said and figure.kind == "value" and figure.unit in (None, "mm[Hg]"):
        return frozenset({SYSTOLIC if said[1].lower() == "systolic" else DIASTOLIC})
    # A drug's dose without a unit stands right behind its name.
    before = [
        s
        for s in near
        if s.end <= figure.start
        and (figure.unit or figure.kind == "rate" or measured(s.concept) or figure.start - s.end < 14)
    ]
    after = [s for s in near if s.start >= figure.end]
    last = before[-1] if before else None
    following = after[0] if after else None
    if (
        following is not None
        and figure.unit is None
        and given(following.concept)
        and re.search(r"\bon\s*$", text[figure.end : following.start])
    ):
        following = None  # "19 OS on latanoprost": no dose of what it was measured on
    if following is not None and (
        _ADJACENT.match(gap := text[figure.end : following.start]) or _OF.match(gap)
    ):
        told = re.match(r"\s*(?:on|of|for)\b", text[figure.end : following.start]) and measured(
            following.concept
        )
        free = (
            last is None
            or told
            or any(last.end <= f.start < figure.start for f in figures if f.kind == "value")
        )
        if free or "," in text[last.end : figure.start] or len(text[last.end : figure.start].split()) > 3:  # type: ignore[union-attr]
            last = following
    if (
        last is not None
        and figure.unit is None
        and given(last.concept)
        and _ASIDE.fullmatch(text[last.end : figure.start])
    ):
        # "LDL 93 mg/dL on ezetimibe (128 off treatment)": the other value of what was measured.
        last = next((s for s in reversed(before) if measured(s.concept)), last)
    if last is None:
        last = (
            following if following is not None and not _parted(text[figure.end : following.start]) else None
        )
    if last is None or _left_behind(text, last, figure, figures):
        return frozenset()
    return frozenset(s.concept for s in near if s.start == last.start)


_MONTH = re.compile(r"\b(?:" + "|".join(m for m in calendar.month_name if m) + r")\b")
_NEXT = re.compile(r",|;|\b(?:and|but|with)\b")


def _left_behind(text: str, topic: Seen, figure: Figure, figures: Sequence[Figure]) -> bool:
    """Whether the text has gone on to something else: "weight 88.4 kg, monofilament intact at 10/10 sites"."""
    if figure.start < topic.end or given(topic.concept):
        return False
    between = [f for f in figures if topic.end <= f.start <= figure.start and f.kind == "value"]
    for last, following in itertools.pairwise(between):
        gap = _MONTH.sub("", COURSE.sub("", text[last.end : following.start]))
        if (
            _NEXT.search(gap)
            and sum(w.stem not in GLUE for w in words_of(gap) if not gap[w.start].isdigit()) > 1
        ):
            return True
    return False


def _parted(gap: str) -> bool:
    return (
        bool(
            re.search(
                r"[;.:]|\b(?:and|but|with|before|after|since|without|while|whereas|although|prior|despite)\b",
                gap,
            )
        )
        or len(gap) > 40
    )


_IN_ORDER = re.compile(r"\brespectively\b|\bin (?:that|this|the same) order\b", re.IGNORECASE)


def _respectively(text: str, seen: Sequence[Seen], amounts: list[Amount]) -> None:
    """ "Sodium and potassium were 141 and 4.1, respectively": in the order of naming."""
    order = _IN_ORDER.search(text)
    if order is None:
        return
    at = order.start()
    numbers = [i for i, a in enumerate(amounts) if a.figure.end <= at and a.figure.kind == "value"]
    topics = list(
        {s.start: s for s in seen if s.end <= at and (measured(s.concept) or given(s.concept))}.values()
    )
    if numbers and len(topics) == len(numbers) and topics[-1].end <= amounts[numbers[0]].figure.start:
        for i, topic in zip(numbers, topics, strict=True):
            amounts[i] = Amount(amounts[i].figure, frozenset({topic.concept}), amounts[i].sentence)


def _pressures(amount: Amount, last: Amount | None) -> Amount:
    """The halves of a blood pressure are its systolic and diastolic values."""
    figure = amount.figure
    if not figure.pair or not (
        amount.topics & {PRESSURE, SYSTOLIC, DIASTOLIC} or (not amount.topics and figure.unit == "mm[Hg]")
    ):
        return amount
    return Amount(figure, frozenset({SYSTOLIC if figure.pair == 1 else DIASTOLIC}), amount.sentence)
