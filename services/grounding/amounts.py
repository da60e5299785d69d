"""Whether a number of a sentence stands in its evidence: the value, its unit, and what it belongs to."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from services.grounding.case import Case
from services.grounding.dates import When
from services.grounding.derived import derive
from services.grounding.figures import Figure
from services.grounding.reading import Amount
from services.grounding.relatives import relatives
from services.grounding.sources import Value, relation
from services.grounding.units import convert_value, usual_unit
from services.grounding.words import GLUE, words_of
from services.knowledge.lexicon import lexicon

_PARTS = re.compile(r"^\s*(?:points?\s+|score\s+)?(?:(?:\([^)]*\)\s*)?(?:on|in|dated|of|at|from|,|\(|back in|as of|during)?\s*(?:the\s)?(?:early |late )?)$")
_ONCE = re.compile(
    r"\b(?:once|ever|at times|times|occasions?|peak(?:ed)?|reach(?:ed|ing)|rose|fell|dropped|exceeded|initially|at first|at least one|some|highest|lowest)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\b(?:between|from|since|over)\s*$", re.IGNORECASE)


def check_amounts(case: Case) -> None:
    """Every number of the sentence."""
    values = case.values()
    days = _days_of(case)
    for amount in case.reading.amounts:
        if amount.named:
            continue
        _check(case, amount, values, days.get(amount.figure.start, ()))
    for word in case.reading.words:
        _check_name(case, word.start, word.end)


def _check(case: Case, amount: Amount, values: Sequence[Value], days: Sequence[When]) -> None:
    figure = amount.figure
    found = [(v, how) for v in values if (how := match(figure, amount.topics, v))]
    if not found and amount.topics and figure.kind == "value":
        found = _beside_same(case, figure, values)
    found = _as_cited(case, figure, found)
    exact = [f for f in found if f[0].topics & amount.topics]
    found = exact or found
    right = [f for f in found if f[1] not in ("unit", "place")]
    if right and _told_before(case, figure) and _was_later(case, amount, right, values):
        right = []
    if right and amount.topics and figure.kind == "value" and _swapped(case, amount, right, values):
        right = []
    if right and not amount.topics and figure.kind in ("value", "duration"):
        right = _by_words(case, figure, right, values) or []
        if right and not (right := _of_same_person(case, right)):
            case.bad("subject", figure.start, figure.end, f"{figure.text} is told of someone else in the evidence.")
            return
    if right:
        dated = [f for f in right if not days or any(_of_day(f[0], day) for day in days)]
        if not dated:
            case.bad("date", figure.start, figure.end, f"{figure.text} is not of that date in the evidence.")
            return
        case.good("number", figure.start, figure.end, (v.source for v, _ in dated), dated[0][1])
        return
    if how := derive(case, amount, values):
        case.good("number", figure.start, figure.end, case.everything, how)
        return
    if figure.op and figure.kind == "value":
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
        case.bad("number", figure.start, figure.end, f"{figure.text} is a limit or a bound in the evidence, not a value.")
    elif any(match(figure, frozenset(), v) for v in values):
        case.bad("number", figure.start, figure.end, f"{figure.text} belongs to something else in the evidence.")
    else:
        case.bad("number", figure.start, figure.end, f"{figure.text} is not in the evidence.")


def match(said: Figure, topics: frozenset[str], value: Value) -> str:
    """How a number of the evidence bears out the one said: "stated", "converted from …", "rounded from …".

    "" where it doesn't; "unit" and "place" where only the unit, or its being a limit, is wrong.
    """
    found = value.figure
    if said.kind != found.kind and not (
        {said.kind, found.kind} <= {"value", "age"} and (said.unit is None or found.unit is None)
        or {said.kind, found.kind} <= {"age", "duration"} and said.unit == found.unit
    ):
        return ""
    if topics and not _same_topic(topics, value):
        return ""
    if said.kind == "grade":
        scales = {said.unit, found.unit}
        general = {"stage", "class", "grade", "type", "category"}
        same = said.label == found.label and (len(scales) == 1 or bool(scales & general) and not {"type", "grade"} & scales)
        return "stated" if same else ""
    how = _same_value(said, found, value.topics or topics)
    if not how or how == "unit":
        return how
    if said.limit != found.limit and not (said.ranged and found.ranged) and not (said.op and said.op == found.op):
        return "place"
    if found.op and not found.limit and said.op != found.op:
        return "place"
    if said.op and said.op != found.op and not found.limit:
        return ""
    return how


def _same_topic(topics: frozenset[str], value: Value) -> bool:
    if any(relation(topics, t) for t in value.topics):
        return True
    reading = value.source.reading
    around = reading.around(value.figure.start)
    if not value.topics:
        # A number that the text has moved away from its name: "T-score total hip -2.2, lumbar spine -2.7".
        low = reading.bounds[reading.sentence_at(value.figure.start)] if reading.bounds else (0, len(reading.text))
        here = [s.concept for s in reading.seen if low[0] <= s.start < low[1]]
        return value.figure.kind != "value" or value.figure.unit is not None or any(relation(topics, c) for c in here)
    # "Fasting glucose" of "sugars … fasting".
    words = lexicon()
    stems = {w.stem for w in words_of(around)}
    for topic in topics:
        for wider in value.topics & words.closure(topic).keys():
            more = {w.stem for w in words_of(words.get(topic).name)} - {w.stem for w in words_of(words.get(wider).name)}
            if more and more <= stems:
                return True
    return False


def _same_value(said: Figure, found: Figure, topics: Iterable[str]) -> str:
    number = found.value
    how = "stated"
    if said.unit is None and found.unit is None or said.unit == found.unit:
        pass
    elif said.unit is None:
        pass  # of the same analyte, its unit may go without saying
    elif found.unit is None:
        if said.kind == "value" and topics and not any(usual_unit(t, said.unit) for t in topics):
            return "unit" if _near(said, number) else ""
        if said.kind == "value" and not topics and said.unit not in ("dose", "tablet"):
            return "unit" if _near(said, number) else ""
    else:
        converted = [c for t in (*topics, None) if (c := convert_value(number, found.unit, said.unit, t)) is not None]
        if not converted:
            return "unit" if _near(said, number) else ""
        number = converted[0]
        how = f"converted from {found.text}"
        if _near(said, number) or math.isclose(said.value, number, rel_tol=0.002, abs_tol=0.5 * 10**-said.decimals * 1.001):
            return how
        return "unit" if _near(said, found.value) else ""
    if not _near(said, number):
        return ""
    return how if math.isclose(said.value, number) else f"rounded from {found.text}"


def _near(said: Figure, number: float) -> bool:
    """Equal; where the sentence says "about", at the precision said; "in the 130s" holds 130 to 139."""
    if math.isclose(said.value, number, rel_tol=1e-9, abs_tol=1e-12):
        return True
    if said.text.lower().rstrip("+").endswith("s") and said.value and said.value % 10 == 0 and said.unit is None:
        width = 100 if said.value % 100 == 0 else 10
        return said.value <= number < said.value + width
    if not said.about:
        return False
    digits = f"{said.value:.{said.decimals}f}".rstrip("0") if not said.decimals else ""
    zeros = len(f"{said.value:.0f}") - len(f"{said.value:.0f}".rstrip("0")) if digits or not said.decimals else 0
    step = 10.0**-said.decimals if said.decimals else 10.0 ** min(zeros, 2)
    return abs(said.value - number) <= min(0.5 * step, max(0.5 * 10.0**-said.decimals, 0.05 * abs(said.value))) + 1e-9


def _beside_same(case: Case, figure: Figure, values: Sequence[Value]) -> list[tuple[Value, str]]:
    """Numbers that the evidence doesn't bind to anything, but that stand by the sentence's own words."""
    said = _neighbours(case.text, figure)
    return [
        (v, how)
        for v in values
        if not v.topics and said & _neighbours(v.source.reading.text, v.figure) and (how := match(figure, frozenset(), v))
    ]


def _by_words(
    case: Case, figure: Figure, right: list[tuple[Value, str]], values: Sequence[Value]
) -> list[tuple[Value, str]] | None:
    """Of a number that belongs to no analyte ("bypass 94 min"), those that stand by the same words.

    Where the sentence's own neighbours stand only by other numbers, the number has been swapped.
    """
    said = _neighbours(case.text, figure)
    if not said:
        return right
    here = [f for f in right if said & _beside(f[0])]
    if here:
        return here
    there = any(
        said & _beside(v)
        for v in values
        if v.figure.unit == right[0][0].figure.unit and v.figure.kind == figure.kind
    )
    return None if there else right


def _of_same_person(case: Case, right: list[tuple[Value, str]]) -> list[tuple[Value, str]]:
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


_BEFORE = re.compile(r"\b(?:had been|previously|used to be|formerly)\s+(?:at\s+)?$", re.IGNORECASE)


def _told_before(case: Case, figure: Figure) -> bool:
    return figure.kind == "value" and _BEFORE.search(case.text[max(0, figure.start - 24) : figure.start]) is not None


def _was_later(case: Case, amount: Amount, right: list[tuple[Value, str]], values: Sequence[Value]) -> bool:
    """ "Had been 7.3 %" of what the evidence gives as the present value, beside former ones."""
    former = [v for v in values if v.earlier and v.topics & amount.topics]
    return bool(former) and all(not v.earlier and v.source.evidence.date == former[0].source.evidence.date for v, _ in right)


def _swapped(case: Case, amount: Amount, right: list[tuple[Value, str]], values: Sequence[Value]) -> bool:
    """Of several values of one thing in one sentence of the evidence ("spine T -2.7, total hip T -2.2"): whether the
    words of the claim stand only by another of them."""
    names = {w.stem for t in amount.topics for name in (t, lexicon().get(t).name) for w in words_of(name)}
    said = _neighbours(case.text, amount.figure) - names
    if not said:
        return False
    for value, _ in right:
        reading = value.source.reading
        mine = _neighbours(reading.text, value.figure) - names
        place = reading.sentence_at(value.figure.start)
        others = [
            _neighbours(reading.text, v.figure) - names
            for v in values
            if v.source is value.source and v.topics == value.topics and v.figure.value != value.figure.value
            and reading.sentence_at(v.figure.start) == place and not v.earlier
        ]
        if value.earlier or said & mine or not any(said & other for other in others):
            return False
    return True


def _beside(value: Value) -> frozenset[str]:
    """The words that stand by a number of the evidence, and the name of what it belongs to."""
    names = (w.stem for t in value.topics for w in words_of(lexicon().get(t).name))
    return _neighbours(value.source.reading.text, value.figure) | frozenset(names)


def _neighbours(text: str, figure: Figure) -> frozenset[str]:
    before = re.split(r"[,;.\n(]|\b(?:and|but|with)\b", text[max(0, figure.start - 40) : figure.start])[-1]
    after = re.split(r"[,;.\n)]|\b(?:and|but|with)\b", text[figure.end : figure.end + 24])[0]
    return frozenset(w.stem for w in words_of(f"{before} {after}") if w.stem not in GLUE and not w.stem.isdigit())


def _bounded(case: Case, amount: Amount, values: Sequence[Value], days: Sequence[When]) -> None:
    """ "Above 5": every value of the same thing has to be, or one where the sentence says "once", "reached"."""
    figure = amount.figure
    judged: list[tuple[Value, bool]] = []
    for value in values:
        found = value.figure
        if found.kind != figure.kind or found.limit or found.op or not value.topics or not amount.topics:
            continue
        if not any(relation(amount.topics, t) for t in value.topics):
            continue
        number: float | None = found.value
        if figure.unit and found.unit and figure.unit != found.unit:
            number = next(
                (c for t in value.topics if (c := convert_value(found.value, found.unit, figure.unit, t)) is not None), None
            )
        if number is not None:
            judged.append((value, satisfies(figure.op, number, figure.value)))
    judged = [j for j in judged if not days or any(_of_day(j[0], day) for day in days)]
    judged = [j for j in judged if not j[0].earlier] or judged
    good = [v for v, met in judged if met]
    if good and (len(good) == len(judged) or _ONCE.search(case.text)):
        how = f"{', '.join(v.figure.text for v in good)} {figure.op} {figure.text}"
        case.good("comparison", figure.start, figure.end, (v.source for v in good), how)
        return
    what = "No value in the evidence is" if not good else "Not every value in the evidence is"
    case.bad("comparison", figure.start, figure.end, f"{what} {figure.op} {figure.text}.")


def satisfies(op: str, number: float, bound: float) -> bool:
    """Whether "number op bound" holds."""
    return {">": number > bound, ">=": number >= bound, "<": number < bound, "<=": number <= bound}.get(op, False)


def _days_of(case: Case) -> dict[int, tuple[When, ...]]:
    """Which date of the sentence each value is said to be of, by where the number starts."""
    dates = [w for w in case.reading.dates if not w.relative or w.readings]
    figures = [a.figure for a in case.reading.amounts if a.figure.kind == "value"]
    found: dict[int, tuple[When, ...]] = {}
    if len(dates) == 2 and len(figures) == 2 and _BETWEEN.search(case.text[: dates[0].start]):
        return {f.start: (d,) for f, d in zip(figures, dates, strict=True)} if figures[1].end <= dates[0].start else {}
    for figure in figures:
        day = next((d for d in dates if d.start >= figure.end and _PARTS.match(case.text[figure.end : d.start])), None)
        if day is None:
            before = [d for d in dates if d.end <= figure.start]
            if before:
                last = before[-1]
                between = case.text[last.end : figure.start]
                alone = not any(last.end <= f.start < figure.start and not f.pair for f in figures)
                held = any(
                    found.get(f.start) == (last,) and f.start < last.start for f in figures
                )  # "9.1 % in July, then 7.9 %": July is spoken for
                if alone and not held and ";" not in between and not re.search(r"\b(?:after|before|since|until)\W*$", case.text[: last.start]):
                    day = last
        if day is not None:
            found[figure.start] = (day,)
    return found


def _of_day(value: Value, day: When) -> bool:
    if any(day.holds(d) for d in value.dates):
        return True
    source = value.source
    # An entry's other dates (ordered, onset) and a note's own words ("today") may be what is meant.
    return (not value.dates or value.earlier) and any(day.holds(d) for d in source.dates())


def _check_name(case: Case, start: int, end: int) -> None:
    """A name with digits in it ("pT2", "HER2") has to be in the evidence as it is written."""
    name = case.text[start:end]
    if name.isalpha() or not re.search(r"[A-Za-z]", name) or not re.search(r"\d", name):
        return
    if any(a.figure.start < end and start < a.figure.end for a in case.reading.amounts):
        return
    if any(s.start <= start and end <= s.end for s in case.reading.seen) or any(
        d.start <= start and end <= d.end for d in case.reading.dates
    ):
        return
    pattern = re.compile(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", re.IGNORECASE)
    if not any(pattern.search(s.reading.text) for s in case.everything):
        case.bad("number", start, end, f"{name} is not in the evidence.")

