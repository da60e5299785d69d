"""Doses that are reckoned: of a day from each dose and how often, of one dose from its tablets.

"Furosemide 80 mg a day" of "40 mg BID"; "650 mg" of two tablets of 325 mg. Only of one drug in one place of the
evidence, and never a dose of the day for a single one: "80 mg once daily" is not "40 mg BID".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from services.grounding.binding import Amount
from services.grounding.case import Case
from services.grounding.reading import Reading
from services.grounding.sources import Source, Value, relation
from services.grounding.terms import given
from services.grounding.units import convert_value

_MASS = ("mg", "g", "ug", "iu", "mL", "[IU]", "meq", "mEq")
_PIECES = ("tablet", "capsule", "puff", "spray", "patch", "drop", "dose")
_A_DAY = re.compile(
    r"\s*(?:\w+\s){0,1}(?:of \w+(?:[ -]\w+)?\s)?(?:a|per|each|every|/)\s?(?:day|24 ?h(?:ours)?)\b",
    re.IGNORECASE,
)
_DAILY = re.compile(r"\s*(?:of \w+(?:[ -]\w+)?\s)?daily\b", re.IGNORECASE)
_TOTAL_AFTER = re.compile(
    r"\s*(?:of \w+(?:[ -]\w+)?\s)?(?:in total|altogether|all told|total\b|daily in total)", re.IGNORECASE
)
_TOTAL = re.compile(
    r"\b(?:total(?:s|ling|ing)?|altogether|amounts? to|comes? to|adds? up|i\.e\.|that is|makes?|maximum|at most|up to|in (?:\w+ )?(?:divided )?doses|divided|daily dose)\b",
    re.IGNORECASE,
)
_A_WEEK = re.compile(
    r"\s*(?:of \w+(?:[ -]\w+)?\s)?(?:(?:a|per|each|every|/)\s?(?:week|wk)|weekly)\b", re.IGNORECASE
)
_ONCE = re.compile(r"\bonce\b|\bsingle\b|\bin one (?:dose|go)\b", re.IGNORECASE)
_PIECE_OF = re.compile(
    r"\b(?P<n>\d+(?:\.\d+)?|one|two|three|four|half|1/2)\s+(?:tablets?|capsules?|puffs?|sprays?|patch(?:es)?|inhalations?|pills?|vials?|tabs?|caps?)\b",
    re.IGNORECASE,
)
_COUNTS = {"one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "half": 0.5, "1/2": 0.5}


def of_a_day(case: Case, amount: Amount) -> str:
    """How the dose said is the dose of a day of the evidence, or ""."""
    figure = amount.figure
    weekly = _A_WEEK.match(case.text, figure.end) and _TOTAL.search(case.text[: figure.start])
    if figure.unit not in _MASS or figure.pair or not (weekly or _for_a_day(case.text, figure.end)):
        return ""
    for value, unit, how in _days_doses(case, amount.topics):
        value *= 7 if weekly else 1
        told = convert_value(value, unit, figure.unit, None)
        if (
            told is not None
            and abs(told - figure.value) <= 0.5 * 10**-figure.decimals * (figure.decimals > 0) + 1e-6
        ):
            return how
    return ""


def _for_a_day(text: str, end: int) -> bool:
    """Whether what stands behind the number makes it the dose of a whole day."""
    clause = re.split(r"[;.](?!\d)", text[end:])[0]
    if _ONCE.search(clause[:40]):
        return False
    if _A_DAY.match(text, end) or _TOTAL_AFTER.match(text, end):
        return True
    return bool(_DAILY.match(text, end)) and bool(_TOTAL.search(text))


def rate_of_total(case: Case, amount: Amount) -> bool:
    """Whether "a day" behind a number only makes it the dose of a day, and tells nothing of how often."""
    figure = amount.figure
    if (
        figure.kind != "rate"
        or figure.value not in (1.0, 1 / 7)
        or re.search(r"once|night|bedtime|evening|morning", figure.text, re.IGNORECASE)
    ):
        return False
    for other in case.reading.amounts:
        gap = case.text[other.figure.end : figure.start]
        behind = other.figure.end <= figure.start and len(gap) < 40
        if behind and other.figure.unit in _MASS and of_a_day(case, other):
            return True
    return False


def _days_doses(case: Case, topics: frozenset[str]) -> Iterator[tuple[float, str, str]]:
    """Each dose of a day in the evidence: value, unit, and how it was reckoned."""
    drugs = frozenset(t for t in topics if given(t)) or frozenset(
        s.concept for s in case.reading.seen if s.concept.startswith("drug:")
    )
    for source in case.everything:
        for value, unit, times, how in _each(source, drugs):
            yield value * times, unit, how


def _each(source: Source, drugs: frozenset[str]) -> Iterator[tuple[float, str, float, str]]:
    reading = source.reading
    doses = [
        a
        for a in reading.amounts
        if a.figure.kind == "value" and a.figure.unit in _MASS and not a.figure.limit
    ]
    for dose in doses:
        if drugs and not any(
            relation(drugs, t) for t in dose.topics | (source.own if source.entry else frozenset())
        ):
            continue
        rate = _rate_behind(reading, dose, doses)
        count = _pieces_behind(reading, dose)
        if rate:
            yield (
                dose.figure.value * count,
                dose.figure.unit or "",
                rate,
                f"{dose.figure.text} {rate:g} times a day",
            )
    if source.entry and (not drugs or any(relation(drugs, c) for c in source.own)):
        if by_parts := _by_parts(source):
            total = sum(value for value, *_ in by_parts)
            yield total, by_parts[0][1], 1.0, " and ".join(how for _, _, how, _ in by_parts)
            return
        rates = {a.figure.value for a in reading.amounts if a.figure.kind == "rate"}
        for value, unit, how in of_pieces(source):
            if len(rates) == 1:
                yield value, unit, next(iter(rates)), f"{how}, {next(iter(rates)):g} times a day"


def _pieces_behind(reading: Reading, dose: Amount) -> float:
    """How many at once, where it is told right behind what one holds: "44 mcg 2 puffs"."""
    for amount in reading.amounts:
        gap = reading.text[dose.figure.end : amount.figure.start]
        if amount.figure.unit in _PIECES and amount.figure.start >= dose.figure.end and gap.strip(" ,") == "":
            return amount.figure.value
    return 1.0


def _rate_behind(reading: Reading, dose: Amount, doses: Sequence[Amount]) -> float:
    """How often a day a dose is taken: the first such word behind it, before another dose."""
    following = [a.figure.start for a in doses if a.figure.start >= dose.figure.end]
    end = min([*following, dose.figure.end + 60])
    line = reading.text[dose.figure.end : end].split("\n")[0]
    return next(
        (
            a.figure.value
            for a in reading.amounts
            if a.figure.kind == "rate" and dose.figure.end <= a.figure.start < dose.figure.end + len(line)
        ),
        0.0,
    )


def of_pieces(source: Source) -> Iterator[tuple[float, str, str]]:
    """One dose of an order, from its tablets and what each holds: "Take 2 tablets" of "325 mg tablet"."""
    for value, unit, how, _ in _pieces(source):
        yield value, unit, how


def _pieces(source: Source) -> list[tuple[float, str, str, str]]:
    """Each dose of an order that is told in tablets: value, unit, how it was reckoned, and its part of the day."""
    if not source.entry:
        return []
    first, _, rest = source.reading.text.partition("\n")
    line = next((part for part in rest.split("\n") if part.lower().startswith("dose:")), "")
    held = [
        a.figure
        for a in source.reading.amounts
        if a.figure.end <= len(first)
        and a.figure.unit in _MASS
        and a.figure.kind == "value"
        and not a.figure.pair
    ]
    if len({(f.value, f.unit) for f in held}) != 1:
        return []
    found = []
    for piece in _PIECE_OF.finditer(line):
        word = piece["n"].lower()
        count = _COUNTS.get(word) or float(word)
        how = f"{count:g} of {held[0].text}"
        found.append((held[0].value * count, held[0].unit or "", how, part_of_day(line, piece.end())))
    return found


def _by_parts(source: Source) -> list[tuple[float, str, str, str]]:
    """The doses of an order that has different ones at different times of the day, else nothing."""
    pieces = _pieces(source)
    parts = [part for *_, part in pieces]
    return pieces if len(pieces) > 1 and all(parts) and len(set(parts)) == len(parts) else []


def of_tablets(case: Case, amount: Amount) -> str:
    """How the dose said is that of the tablets taken at once, or ""."""
    figure = amount.figure
    if figure.kind != "value" or figure.unit not in _MASS:
        return ""
    for source in case.sources:
        if amount.topics and not any(relation(amount.topics, c) for c in source.own):
            continue
        for value, unit, how in of_pieces(source):
            told = convert_value(value, unit, figure.unit, None)
            if told is not None and abs(told - figure.value) < 1e-6:
                return how
    return ""


def in_parts(case: Case, amount: Amount) -> str:
    """ "In four doses" of what is taken four times a day."""
    figure = amount.figure
    if figure.unit not in ("dose", None) or not re.match(
        r"\s*(?:equal |divided )*(?:doses)?\b", case.text[figure.end :], re.IGNORECASE
    ):
        return ""
    before = re.search(r"\bin (?:\w+ )?$", case.text[: figure.start], re.IGNORECASE)
    doses = re.match(r"(?:\w+ )?(?:equal |divided )*doses\b", case.text[figure.start :], re.IGNORECASE)
    if not before or not doses:
        return ""
    for source in case.everything:
        if any(a.figure.kind == "rate" and a.figure.value == figure.value for a in source.reading.amounts):
            return f"{figure.value:g} times a day"
    return ""


_PARTS = {
    "morning": r"q?am\b|mornings?\b|breakfast\b",
    "noon": r"noon\b|lunch(?:time)?\b|midday\b",
    "night": r"q?pm\b|evenings?\b|dinner\b|supper\b|nights?\b|nightly\b|bedtime\b|q?hs\b",
}
_PART_BEHIND = re.compile(
    r"\s*(?:\w+\s){0,2}?(?:(?:in|at|with|before|after|every|each|q)\s?)?(?:the\s)?(?:"
    + "|".join(f"(?P<{name}>{body})" for name, body in _PARTS.items())
    + r")",
    re.IGNORECASE,
)


def part_of_day(text: str, end: int) -> str:
    """The part of the day that is told right behind a dose: morning, noon, night (evening with it), or ""."""
    found = _PART_BEHIND.match(text[end : end + 40].split(",")[0].split(";")[0])
    return (found.lastgroup or "") if found else ""


def other_part(case: Case, amount: Amount, found: Sequence[Value]) -> str:
    """The part of the day of a dose in the evidence, where it is not the one said: "300 mg AM, 600 mg HS"."""
    said = part_of_day(case.text, amount.figure.end) if amount.figure.unit in _MASS else ""
    for source in case.sources if said else ():
        for value, unit, _, part in _by_parts(source):
            dose = convert_value(value, unit, amount.figure.unit or unit, None)
            if part == said and dose is not None:
                return "" if abs(dose - amount.figure.value) < 1e-6 else f"{dose:g} {amount.figure.unit}"
    if not said or not found:
        return ""
    told = {part_of_day(v.source.reading.text, v.figure.end) for v in found}
    return "" if "" in told or said in told else ", ".join(sorted(told))
