"""Whether a number of a sentence stands in its evidence: the value, its unit, what it belongs to, and of which day."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from services.grounding.beside import (
    beside_same,
    by_words,
    graded_otherwise,
    of_same_person,
    swapped,
    told_before,
    was_later,
)
from services.grounding.binding import Amount
from services.grounding.case import Case
from services.grounding.dates import When, yearless
from services.grounding.derived import derive
from services.grounding.doses import in_parts, of_a_day, of_tablets, other_part, rate_of_total
from services.grounding.figure import Figure
from services.grounding.matching import match, satisfies
from services.grounding.sources import Value, relation
from services.grounding.units import convert_value
from services.grounding.when import verbatim

_PARTS = re.compile(
    r"^\s*(?:points?\s+|score\s+)?(?:(?:\([^)]*\)\s*)?(?:on|in|dated|of|at|from|,|\(|back in|as of|during)?\s*(?:the\s)?(?:early |late )?)$"
)

_ONCE = re.compile(
    r"\b(?:once|ever|at times|times|occasions?|peak(?:ed)?|reach(?:ed|ing)|rose|fell|dropped|exceeded|initially|at first|at least one|some|highest|lowest)\b",
    re.IGNORECASE,
)

_BETWEEN = re.compile(r"\b(?:between|from|since|over|comparing|compared)\s*$", re.IGNORECASE)


def check_amounts(case: Case) -> None:
    """Every number of the sentence."""
    values = case.values()
    days = _days_of(case)
    for amount in case.reading.amounts:
        if amount.named:
            continue
        _check(case, amount, values, days.get(amount.figure.start, ()))
    _check_names(case)


def _check(case: Case, amount: Amount, values: Sequence[Value], days: Sequence[When]) -> None:
    figure = amount.figure
    if rate_of_total(case, amount):
        return
    found = [(v, how) for v in values if (how := match(figure, amount.topics, v))]
    if not found and amount.topics and figure.kind == "value":
        found = beside_same(case, figure, values)
    found = _as_cited(case, figure, found)
    exact = [f for f in found if f[0].topics & amount.topics]
    found = exact or found
    right = [f for f in found if f[1] not in ("unit", "place")]
    if right and told_before(case, figure) and was_later(case, amount, right, values):
        right = []
    if (
        right
        and amount.topics
        and figure.kind == "value"
        and not figure.limit
        and swapped(case, amount, right, values)
    ):
        right = []
    if right and figure.kind == "grade" and graded_otherwise(case, figure, right, values):
        right = []
    if right and not amount.topics and figure.kind in ("value", "duration"):
        right = by_words(case, figure, right, values) or []
        if right and not (right := of_same_person(case, right)):
            case.bad(
                "subject", figure.start, figure.end, f"{figure.text} is told of someone else in the evidence."
            )
            return
    if right:
        if part := other_part(case, amount, [v for v, _ in right]):
            case.bad("number", figure.start, figure.end, f"{figure.text} is told of another time: {part}.")
            return
        dated = [f for f in right if not days or any(_of_day(f[0], day) for day in days)]
        if not dated:
            case.bad("date", figure.start, figure.end, f"{figure.text} is not of that date in the evidence.")
            return
        case.good("number", figure.start, figure.end, (v.source for v, _ in dated), dated[0][1])
        return
    how = of_a_day(case, amount) or of_tablets(case, amount) or in_parts(case, amount)
    if how := how or derive(case, amount, values):
        case.good("number", figure.start, figure.end, case.everything, how)
        return
    if figure.op and figure.kind == "value" and not figure.limit:
        _bounded(case, amount, values, days)
        return
    _blame(case, amount, found, values)


def _as_cited(case: Case, figure: Figure, right: list[tuple[Value, str]]) -> list[tuple[Value, str]]:
    """Where a citation stands right behind the number, among others, the number has to be in that one."""
    mine = case.cited_at(figure.end)
    return [f for f in right if f[0].source.number in mine] if mine else right


def _blame(case: Case, amount: Amount, found: Sequence[tuple[Value, str]], values: Sequence[Value]) -> None:
    figure = amount.figure
    if any(how == "unit" for _, how in found):
        case.bad("unit", figure.start, figure.end, f"{figure.text}: the evidence gives another unit.")
    elif any(how == "place" for _, how in found):
        case.bad(
            "number",
            figure.start,
            figure.end,
            f"{figure.text} is a limit or a bound in the evidence, not a value.",
        )
    elif any(match(figure, frozenset(), v) for v in values):
        case.bad(
            "number", figure.start, figure.end, f"{figure.text} belongs to something else in the evidence."
        )
    else:
        case.bad("number", figure.start, figure.end, f"{figure.text} is not in the evidence.")


# "Neither reading was under 130": each has to be at or above it.
_NEITHER = re.compile(r"\b(?:neither|none|not|never|isn't|wasn't)\b[^.;,]{0,40}$", re.IGNORECASE)


_NOT_ABOVE = re.compile(
    r"\b(?:not|no)\s(?:above|below|more than|less than|greater than|over|under)\s*(?:an?|the)?\s*$",
    re.IGNORECASE,
)


def _bounded(case: Case, amount: Amount, values: Sequence[Value], days: Sequence[When]) -> None:
    """ "Above 5": every value of the same thing has to be, or one where the sentence says "once", "reached"."""
    figure = amount.figure
    judged: list[tuple[Value, bool]] = []
    denied = _NEITHER.search(_NOT_ABOVE.sub("", figure.before)) is not None
    for value in values:
        found = value.figure
        if found.kind != figure.kind or found.limit or found.op or not value.topics or not amount.topics:
            continue
        if not any(relation(amount.topics, t) for t in value.topics):
            continue
        number: float | None = found.value
        if figure.unit and found.unit and figure.unit != found.unit:
            number = next(
                (
                    c
                    for t in value.topics
                    if (c := convert_value(found.value, found.unit, figure.unit, t)) is not None
                ),
                None,
            )
        if number is not None:
            met = satisfies(figure.op, number, figure.value)
            judged.append((value, met is not denied))
    judged = [j for j in judged if not days or any(_of_day(j[0], day) for day in days)]
    judged = [j for j in judged if not j[0].earlier] or judged
    good = [v for v, met in judged if met]
    if good and (len(good) == len(judged) or _ONCE.search(case.text)):
        how = f"{', '.join(v.figure.text for v in good)} {figure.op} {figure.text}"
        case.good("comparison", figure.start, figure.end, (v.source for v in good), how)
        return
    what = "No value in the evidence is" if not good else "Not every value in the evidence is"
    case.bad("comparison", figure.start, figure.end, f"{what} {figure.op} {figure.text}.")


_NEW_CLAUSE = re.compile(r"\band\s+(?:has|have|is|was|he|she|they|takes|uses|drinks)\b", re.IGNORECASE)


_ELSEWHERE = re.compile(r"\b(?:while|whereas)\b", re.IGNORECASE)


def _days_of(case: Case) -> dict[int, tuple[When, ...]]:
    """Which date of the sentence each value is said to be of, by where the number starts."""
    dates = [w for w in case.reading.dates if not w.relative or (w.readings and not verbatim(case, w))]
    figures = [a.figure for a in case.reading.amounts if a.figure.kind == "value"]
    found: dict[int, tuple[When, ...]] = {}
    if len(dates) == 2 and len(figures) == 2 and _BETWEEN.search(case.text[: dates[0].start]):
        return (
            {f.start: (d,) for f, d in zip(figures, dates, strict=True)}
            if figures[1].end <= dates[0].start
            else {}
        )
    if (ends := _ends_told(case, dates, figures)) is not None:
        return ends
    for figure in figures:
        day = next(
            (d for d in dates if d.start >= figure.end and _PARTS.match(case.text[figure.end : d.start])),
            None,
        )
        if day is None:
            before = [d for d in dates if d.end <= figure.start]
            if before:
                last = before[-1]
                between = case.text[last.end : figure.start]
                alone = not any(last.end <= f.start < figure.start and not f.pair for f in figures)
                held = any(
                    found.get(f.start) == (last,) and f.start < last.start for f in figures
                )  # "9.1 % in July, then 7.9 %": July is spoken for
                if (
                    not _ELSEWHERE.search(between)
                    and alone
                    and not held
                    and ";" not in between
                    and not _NEW_CLAUSE.search(between)
                    and not re.search(r"\b(?:after|before|since|until)\W*$", case.text[: last.start])
                ):
                    day = last
        if day is not None:
            found[figure.start] = (day,)
    return found


def _ends_told(
    case: Case, dates: Sequence[When], figures: Sequence[Figure]
) -> dict[int, tuple[When, ...]] | None:
    """ "By 25 mg/dL between May and June (118 to 93 mg/dL)": the two ends behind the two dates, in their order."""
    if len(dates) != 2 or not _BETWEEN.search(case.text[: dates[0].start]):
        return None
    behind = [f for f in figures if f.start >= dates[1].end]
    gaps = [case.text[a.end : b.start] for a, b in itertools.pairwise(behind)]
    if not gaps or not all(_ONWARD.fullmatch(gap) for gap in gaps):
        return None
    return {f.start: (d,) for f, d in zip((behind[0], behind[-1]), dates, strict=True)}


_ONWARD = re.compile(r"\s*(?:%\s*)?,?\s*(?:to|→|->|and|–|-|then|and then|via)?\s*(?:to\s)?")


def _of_day(value: Value, day: When) -> bool:
    if any(day.holds(d) for d in value.dates):
        return True
    source = value.source
    if value.dated:
        return False
    if day.month is not None and any(yearless(day, w) for w in source.reading.dates):
        return True
    # An entry's other dates (ordered, onset) and a note's own words ("today") may be what is meant.
    return (not value.dates or value.earlier) and any(day.holds(d) for d in source.dates())


_NAME = re.compile(r"(?<![\w.])(?:[A-Za-z]+-?\d+[\w-]*|\d+[A-Za-z]\w*)(?![\w])")


def _plainly(text: str) -> str:
    """Letters and digits, with "BRCA1/2" told in full."""
    text = re.sub(r"\b([a-z]{2,})(\d)/(\d)\b", r"\1\2 \1\3", text.lower())
    return re.sub(r"[^a-z0-9 \n]", "", text)


def _check_names(case: Case) -> None:
    """A name with digits in it ("pT2", "HER2", "PHQ-9") has to be in the evidence as it is written."""
    for name in _NAME.finditer(case.text):
        start, end = name.span()
        taken = [(a.figure.start, a.figure.end) for a in case.reading.amounts]
        taken += [(d.start, d.end) for d in case.reading.dates]
        known = any(s.start <= start and end <= s.end for s in case.reading.seen)
        if known or any(a < end and start < b for a, b in taken):
            continue
        plain = re.sub(r"[^a-z0-9]", "", name.group().lower())
        if not any(plain in _plainly(s.reading.text) for s in case.everything):
            case.bad("number", start, end, f"{name.group()} is not in the evidence.")
