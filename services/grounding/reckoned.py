"""Numbers that follow from others of the same sentence, or from a limit: differences, shares, doublings.

"From 128 to 93 mg/dL, by 27 %": what is reckoned from has to be borne out itself, and the course is judged elsewhere.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from services.grounding.binding import Amount
from services.grounding.case import Case
from services.grounding.figure import Figure
from services.grounding.matching import match
from services.grounding.sources import Value, relation
from services.grounding.units import convert_value, usual_unit

_CHANGE = re.compile(
    r"\b(?:by|change|changed|differ\w*|drop(?:ped|s)?|rise|rose|risen|fall|fell|fallen|decreas\w+|increas\w+|reduc\w+|gain(?:ed)?|lost|loss|down|up"
    r"|declin\w+|higher|lower|delta|improv\w+|worse\w*|more|less|grew|grown|shr[aiu]nk|cut|points?|halved|doubled|heavier|lighter|taller)\b|[-−–]\d",
    re.IGNORECASE,
)
_LIMIT_NEAR = re.compile(
    r"\b(?:above|over|below|under|short of|past|exceed\w*|beyond|within)\b[^.;]{0,40}\b(?:limit|cut-?off|dry weight|goal|target|threshold|range|normal)\b",
    re.IGNORECASE,
)
_VALUE_BEFORE = re.compile(
    r"\b(?:from|to|at|was|were|is|than|with|against|versus)\s+(?:about\s+)?$", re.IGNORECASE
)


def from_own(case: Case, amount: Amount, values: Sequence[Value]) -> str:
    """How the number is the difference, or the share, of two others that the sentence gives and the evidence has."""
    figure = amount.figure
    near = case.text[max(0, figure.start - 70) : figure.end + 40]
    if not _CHANGE.search(near) or _VALUE_BEFORE.search(case.text[: figure.start]):
        return ""
    for first, last in itertools.combinations(list(_borne_out(case, figure, values)), 2):
        if first.pair != last.pair:  # a systolic value and a diastolic one are no course
            continue
        if how := difference(figure, first, last, amount.topics):
            return how
    for first, last in _beside(case, figure, values):
        if how := difference(figure, first, last, amount.topics):
            return how
    return ""


def _beside(case: Case, figure: Figure, values: Sequence[Value]) -> Iterator[tuple[Figure, Figure]]:
    """A number of the sentence and the former one right beside it in the evidence: "140 deg (110 deg on 20 May)"."""
    for mine in _borne_out(case, figure, values):
        for value in values:
            if value.earlier or value.figure.value != mine.value or value.figure.limit:
                continue
            for other in values:
                gap = other.figure.start - value.figure.end
                same = other.source is value.source and other.figure.unit in (None, value.figure.unit)
                if same and other.earlier and 0 <= gap < 24 and other.topics == value.topics:
                    yield other.figure, value.figure


def _borne_out(case: Case, figure: Figure, values: Sequence[Value]) -> Iterator[Figure]:
    for other in case.reading.amounts:
        mine = other.figure
        if mine.start == figure.start or other.named or mine.kind != "value" or mine.limit:
            continue
        found = [v.figure for v in values if match(mine, other.topics, v) not in ("", "unit", "place")]
        if found:
            yield mine if mine.unit else replace(mine, unit=found[0].unit)


def difference(figure: Figure, first: Figure, last: Figure, topics: frozenset[str]) -> str:
    """How the number is the difference of two, in their unit or another, or its share of the first; else ""."""
    if first.unit and last.unit and first.unit != last.unit:
        return ""
    unit = first.unit or last.unit
    apart = abs(last.value - first.value)
    if not apart:
        return ""
    usual = unit is None and any(usual_unit(t, figure.unit or "") for t in topics)
    if (usual or figure.unit in (None, unit)) and close(figure, apart):
        return f"difference of {first.text} and {last.text}"
    if figure.unit == "%" and first.value and close(figure, abs(100 * apart / first.value)):
        return f"percent change from {first.text} to {last.text}"
    if figure.unit and unit and figure.unit not in (unit, "%", "Cel", "[degF]"):
        for topic in (*topics, None):
            told = convert_value(apart, unit, figure.unit, topic)
            if told is not None and close(figure, told):
                return f"difference of {first.text} and {last.text}, converted"
    return ""


def close(figure: Figure, number: float) -> bool:
    """Equal at the precision said."""
    step = 10.0**-figure.decimals
    loose = 0.5 * step
    if figure.about:  # two units, but never more than a tenth of it: "about 0.2" is not 0.3
        loose = max(loose, min(2.0 * step, 0.1 * abs(figure.value)))
    return abs(abs(figure.value) - number) <= loose + 1e-9


def from_limit(case: Case, amount: Amount, values: Sequence[Value]) -> str:
    """How far a value lies from a limit that the evidence gives: "16 above the cut-off"."""
    figure = amount.figure
    near = case.text[max(0, figure.start - 60) : figure.end + 60]
    if not _LIMIT_NEAR.search(near):
        return ""
    topics = amount.topics
    mine = [v for v in values if v.figure.kind == "value" and (not topics or _related(topics, v))]
    for limit in (v for v in mine if v.figure.limit):
        for value in mine:
            same = value.source is limit.source and (not limit.topics or value.topics & limit.topics)
            if value.figure.limit or value.figure.op or not same:
                continue
            if close(figure, abs(value.figure.value - limit.figure.value)) and figure.unit in (
                None,
                value.figure.unit,
            ):
                return f"difference of {value.figure.text} and the limit {limit.figure.text}"
    return ""


def _related(topics: frozenset[str], value: Value) -> bool:
    return not value.topics or any(relation(topics, t) for t in value.topics)
