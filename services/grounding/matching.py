"""Whether a number of the evidence is the number that a sentence gives."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from services.grounding.figure import Figure
from services.grounding.sources import Value, relation
from services.grounding.terms import given, measured
from services.grounding.units import DOSES, convert_value, usual_unit
from services.grounding.words import words_of
from services.knowledge.lexicon import lexicon


def match(said: Figure, topics: frozenset[str], value: Value) -> str:
    """How a number of the evidence bears out the one said: "stated", "converted from …", "rounded from …".

    "" where it doesn't; "unit" and "place" where only the unit, or its being a limit, is wrong.
    """
    found = value.figure
    if said.kind == "ordinal" and found.kind == "value" and found.unit is None:
        before = value.source.reading.text[max(0, found.start - 20) : found.start]
        return "stated" if said.value == found.value and _NUMBERED.search(before) else ""
    if said.kind == "ordinal" and found.unit == "cycle":
        return "stated" if f"{said.value:.0f}" == found.label else ""
    if said.kind == "name":
        return "stated" if said.value == found.value and found.kind in ("name", "value", "duration") else ""
    # "66M" is no heart rate of 66.
    measured_value = any(map(measured, (value.topics if found.kind == "value" else topics)))
    if said.kind != found.kind and not (
        (
            {said.kind, found.kind} <= {"value", "age"}
            and (said.unit is None or found.unit is None)
            and not measured_value
        )
        or ({said.kind, found.kind} <= {"age", "duration"} and said.unit == found.unit)
    ):
        return ""
    if topics and not _same_topic(topics, value) and not _of_combination(said, topics, value):
        return ""
    if said.kind == "grade":
        scales = {said.unit, found.unit}
        general = {"stage", "class", "grade", "type", "category"}
        same = said.label == found.label and (
            len(scales) == 1 or (bool(scales & general) and not {"type", "grade"} & scales)
        )
        return "stated" if same else ""
    how = _same_value(said, found, value.topics or topics)
    if not how or how == "unit":
        return how
    if (
        said.limit != found.limit
        and not (said.ranged and found.ranged)
        and not (said.op and said.op == found.op)
    ):
        return "place"
    if found.op and not found.limit and said.op != found.op and not _most(said, found):
        return "place"
    if said.op and said.op != found.op and not found.limit:
        return ""
    if found.condition and not said.condition and said.op == found.op:
        return "place"
    return how


_NUMBERED = re.compile(
    r"\b(?:day|POD|HD|dose|visit|week|month|cycle|session|step|course|trimester|line|episode)s?[\s:#]*(?:\d+\s?(?:-|–|and|,)\s?)?$|#$",
    re.IGNORECASE,
)
_LARGEST = re.compile(
    r"\b(?:largest|biggest|longest|max(?:imum|imal)?|highest|greatest|most|peak)\b", re.IGNORECASE
)


def _most(said: Figure, found: Figure) -> bool:
    """ "Up to 14 mm" tells the largest."""
    return found.op == "<=" and not said.op and bool(_LARGEST.search(said.before))


def _same_topic(topics: frozenset[str], value: Value) -> bool:
    if any(relation(topics, t) for t in value.topics):
        return True
    reading = value.source.reading
    around = reading.around(value.figure.start)
    if not value.topics:
        # A number that the text has moved away from its name: "T-score total hip -2.2, lumbar spine -2.7".
        low = (
            reading.bounds[reading.sentence_at(value.figure.start)]
            if reading.bounds
            else (0, len(reading.text))
        )
        here = [
            s.concept
            for s in reading.seen
            if low[0] <= s.start < low[1] and (measured(s.concept) or given(s.concept))
        ]
        return (
            value.figure.kind not in ("value", "rate")
            or (value.figure.kind == "value" and value.figure.unit is not None)
            or any(relation(topics, c) for c in here)
            or (value.figure.kind == "rate" and not here)  # "Weekly, not daily: taught back"
        )
    # "Fasting glucose" of "sugars … fasting".
    words = lexicon()
    stems = {w.stem for w in words_of(around)}
    for topic in topics:
        for wider in value.topics & words.closure(topic).keys():
            more = {w.stem for w in words_of(words.get(topic).name)} - {
                w.stem for w in words_of(words.get(wider).name)
            }
            if more and more <= stems:
                return True
    return False


def _of_combination(said: Figure, topics: frozenset[str], value: Value) -> bool:
    """Of "hydrocodone-acetaminophen 7.5/325 mg" the first number is of the first part, in an order of both by their own
    names and in whichever order; how often is of both."""
    source = value.source
    before = source.reading.text[max(0, value.figure.start - 40) : value.figure.start]
    for topic in topics & source.own if source.entry else ():
        parts = topic.removeprefix("drug:").split("-")
        if len(parts) != 2:
            continue
        if said.kind == "rate":
            return True
        if said.pair and re.search(
            rf"\b{re.escape(parts[said.pair - 1])}(?:\s\w+)?\s*$", before, re.IGNORECASE
        ):
            return True
    return False


def _same_value(said: Figure, found: Figure, topics: Iterable[str]) -> str:
    number = found.value
    how = "stated"
    if (said.unit is None and found.unit is None) or said.unit == found.unit:
        pass
    elif said.unit is None:
        pass  # of the same analyte, its unit may go without saying
    elif found.unit is None:
        if said.kind == "value" and topics and not any(usual_unit(t, said.unit) for t in topics):
            return "unit" if _near(said, number) else ""
        if said.kind == "value" and not topics and said.unit not in ("dose", "tablet"):
            return "unit" if _near(said, number) else ""
    else:
        converted = [
            c for t in (*topics, None) if (c := convert_value(number, found.unit, said.unit, t)) is not None
        ]
        if not converted:
            return "unit" if _near(said, number) else ""
        number = converted[0]
        how = f"converted from {found.text}"
        slack = 0.5 * 10**-said.decimals * 1.001 if said.kind == "value" else 1e-6
        if _near(said, number) or math.isclose(said.value, number, rel_tol=0.002, abs_tol=slack):
            return how
        return "unit" if _near(said, found.value) else ""
    if not _near(said, number) and not _rounds(said, found, topics):
        return ""
    if said.text.lower().endswith("s") and found.unit and not said.unit and not topics:
        return ""  # "in the 120s" of what has no name is no angle of 120 degrees
    return how if math.isclose(said.value, number) else f"rounded from {found.text}"


def _near(said: Figure, number: float) -> bool:
    """Equal; where the sentence says "about", at the precision said; "in the 130s" holds 130 to 139."""
    if math.isclose(said.value, number, rel_tol=1e-9, abs_tol=1e-12):
        return True
    if (
        said.text.lower().rstrip("+").endswith("s")
        and said.value
        and said.value % 10 == 0
        and said.unit is None
    ):
        width = 100 if said.value % 100 == 0 else 10
        return said.value <= number < said.value + width
    if not said.about:
        return False
    digits = f"{said.value:.{said.decimals}f}".rstrip("0") if not said.decimals else ""
    zeros = (
        len(f"{said.value:.0f}") - len(f"{said.value:.0f}".rstrip("0")) if digits or not said.decimals else 0
    )
    step = 10.0**-said.decimals if said.decimals else 10.0 ** min(zeros, 2)
    return (
        abs(said.value - number)
        <= min(0.5 * step, max(0.5 * 10.0**-said.decimals, 0.05 * abs(said.value))) + 1e-9
    )


_AT_LEAST = 2
"""Significant digits of a rounded value: "6.3" of 6.315, and not "6"."""
_WITHIN = 0.02
"""A rounding that moves the value by more than this share is another value. A choice of this check."""


def _rounds(said: Figure, found: Figure, topics: Iterable[str]) -> bool:
    """Whether a measured value is told correctly rounded: 6.3 of 6.315. Never a dose: 12.5 mg is not 13 mg."""
    if found.decimals <= said.decimals or said.kind != "value" or found.kind != "value":
        return False
    if found.limit or found.op or said.op or any(map(given, topics)) or found.unit in DOSES:
        return False
    if not any(map(measured, topics)) and found.unit is None:
        return False
    if _digits(found) <= _AT_LEAST or _digits(said) < _AT_LEAST:
        return False
    apart = abs(said.value - found.value)
    return apart <= 0.5 * 10.0**-said.decimals + 1e-9 and apart <= _WITHIN * abs(found.value)


def _digits(figure: Figure) -> int:
    """How many significant digits the number is written with."""
    return len(f"{abs(figure.value):.{figure.decimals}f}".replace(".", "").lstrip("0"))


def satisfies(op: str, number: float, bound: float) -> bool:
    """Whether "number op bound" holds."""
    return {">": number > bound, ">=": number >= bound, "<": number < bound, "<=": number <= bound}.get(
        op, False
    )
