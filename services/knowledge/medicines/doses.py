"""Doses: the usual maximum for adults, doses read from text, and slips of the decimal point or the unit."""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.knowledge.entries import entries
from services.knowledge.installed import installed
from services.knowledge.medicines.mentions import aligned, mentions
from services.knowledge.medicines.naming import Identified, identify
from services.knowledge.medicines.routes import LOCAL, route_of
from services.knowledge.sentences import sentences

SLIP = 10  # a dose this many times the usual maximum is a slip, whatever the indication

# Kind of quantity and size of a unit, by what people write in lower case (UCUM's own spellings among them).
UNITS: dict[str, tuple[str, float]] = {
    **dict.fromkeys(("g", "gm", "gms", "gram", "grams"), ("mass", 1000.0)),
    **dict.fromkeys(("mg", "mgs", "milligram", "milligrams"), ("mass", 1.0)),
    **dict.fromkeys(("ug", "mcg", "µg", "μg", "mcgs", "microgram", "micrograms"), ("mass", 0.001)),
    **dict.fromkeys(("ng", "nanogram", "nanograms"), ("mass", 0.000001)),
    **dict.fromkeys(
        ("[iu]", "iu", "u", "unit", "units", "[usp'u]", "{unit}", "{units}", "international units"),
        ("units", 1.0),
    ),
    **dict.fromkeys(("k[iu]", "kunits", "thousand units"), ("units", 1000.0)),
    **dict.fromkeys(("million units", "mu", "mega units", "m[iu]"), ("units", 1_000_000.0)),
    **dict.fromkeys(("meq", "meqs", "mmol", "milliequivalents"), ("equivalents", 1.0)),
}
_KIND_NAMES = {"mass": "by weight (mg)", "units": "in units", "equivalents": "in mEq"}
# 1 ug of vitamin D is 40 units (FDA, 21 CFR 101.9(c)(8)(iv), conversion for labelling).
_UNITS_OF_MASS = {"cholecalciferol": 40_000.0, "ergocalciferol": 40_000.0}


@dataclass(frozen=True, slots=True)
class UsualDose:
    """The most that adults are usually given of an ingredient at once and in a day, in `unit` (UCUM)."""

    ingredient: str
    route: str
    single: float | None
    daily: float | None
    unit: str
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class TextDose:
    """A dose that a text gives: amount and unit as written, and the amount in a day where a frequency follows."""

    drug: Identified
    amount: float
    unit: str
    per_day: float | None
    start: int
    end: int


@functools.lru_cache(maxsize=4)
def usual_doses(own: Path | None) -> Mapping[str, tuple[UsualDose, ...]]:
    """By ingredient, with those of a clinic's import."""
    table: dict[str, tuple[UsualDose, ...]] = {}
    for entry in entries("doses", own):
        ingredient, route, single, daily, unit, note, source = entry.cells
        usual = UsualDose(ingredient, route, _number(single), _number(daily), unit, note, source)
        table[ingredient] = (*table.get(ingredient, ()), usual)
    return table


def _number(cell: str) -> float | None:
    return float(cell) if cell else None


def usual_dose(ingredient: str, route: str = "") -> UsualDose | None:
    """The usual maximum of an ingredient by a route; without a route the one that is listed first."""
    known = usual_doses(installed("doses")).get(ingredient.lower(), ())
    return next((u for u in known if not route or u.route == route), None)


def beyond(drug: Identified, amount: float, unit: str, per_day: float | None) -> str | None:
    """A sentence where a dose is ten times the usual maximum or more, or is in a unit of another kind.

    `per_day` is the amount in a day, in the same unit. None where the dose is fine, or where nothing is known:
    of the ingredient, of the unit (tablets, mL), or of which of several ingredients the amount is.
    """
    measured = UNITS.get(unit.strip().lower())
    table = usual_doses(installed("doses"))
    usual = [u for i in drug.ingredients for u in table.get(i.lower(), ())]
    by_route = [u for u in usual if u.route == drug.route]
    usual = by_route or usual
    if measured is None or not usual or amount <= 0 or route_of(drug) in LOCAL:
        return None
    if any(i.lower() not in table for i in drug.ingredients):
        return None
    kind, size = measured
    told = [
        _over(u, kind, amount * size, None if per_day is None else per_day * size, amount, unit)
        for u in usual
    ]
    return told[0] if all(told) else None


def _over(
    usual: UsualDose, kind: str, amount: float, per_day: float | None, written: float, unit: str
) -> str | None:
    usual_kind, usual_size = UNITS[usual.unit.lower()]
    if kind != usual_kind:
        factor = _UNITS_OF_MASS.get(usual.ingredient)
        if factor is None or (kind, usual_kind) != ("mass", "units"):
            return (
                f"{_plain(written)} {unit} of {usual.ingredient}: it is given {_KIND_NAMES[usual_kind]}, "
                f"not {_KIND_NAMES[kind]}."
            )
        amount, per_day = amount * factor, None if per_day is None else per_day * factor
    for value, limit, when in ((amount, usual.single, "at once"), (per_day, usual.daily, "a day")):
        if value is not None and limit is not None and value >= SLIP * limit * usual_size * (1 - 1e-9):
            return (
                f"{_plain(value / usual_size)} {_shown(usual.unit)} of {usual.ingredient} {when} is {SLIP} times the usual "
                f"maximum of {_plain(limit)} {_shown(usual.unit)} or more."
            )
    return None


def _plain(value: float) -> str:
    return f"{value:,.6g}" if value < 1_000_000 else f"{value:,.0f}"


def _shown(unit: str) -> str:
    return {"[iU]": "units", "ug": "mcg", "meq": "mEq"}.get(unit, unit)


# Doses in text

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
_UNIT = (
    r"(?:million units|thousand units|international units|units?|iu|mcgs?|micrograms?|µg|μg|ug|mgs?|milligrams?|gms?|grams?|"
    r"g|ng|meqs?|mmol|u)"
)
_AFTER = re.compile(
    rf"^(?P<gap>[^\n;.:]{{0,30}}?)(?<![\w./-])(?:{_NUMBER}\s*(?:-|–|to)\s*)?(?P<amount>{_NUMBER})\s*-?\s*(?P<unit>{_UNIT})(?![\w/%])"
)
_BEFORE = re.compile(
    rf"(?<![\w./-])(?P<amount>{_NUMBER})\s*(?P<unit>{_UNIT})\s+(?:of\s+|po\s+|iv\s+)?(?:oral\s+|iv\s+)?$"
)
_REACH = 160  # characters behind a name in which its dose and frequency stand
_LAB = re.compile(r"\b(?:level|concentration|trough|peak|serum)\b")
_TIMES = (
    (re.compile(r"\bq\.?\s?(\d{1,2})(?:\s?-\s?\d{1,2})?\s?(?:h|hrs?|hours?)\b"), "hours"),
    (re.compile(r"\bevery (\d{1,2})(?:\s?(?:-|to)\s?\d{1,2})? hours?\b"), "hours"),
    (re.compile(r"\b(\d{1,2}) times (?:a|per|each|/)\s?day\b"), "times"),
    (re.compile(r"\b(?:qid|q\.i\.d|four times)\b"), 4.0),
    (re.compile(r"\b(?:tid|t\.i\.d|three times|thrice)\b"), 3.0),
    (re.compile(r"\b(?:bid|b\.i\.d|twice)\b"), 2.0),
    (re.compile(r"\b(?:weekly|once a week|per week|every week|q\s?week)\b"), 1 / 7),
    (re.compile(r"\b(?:qod|every other day)\b"), 0.5),
    (
        re.compile(
            r"\b(?:qd|q\.d|daily|once|nightly|qhs|at bedtime|every (?:day|morning|evening|night)|qam|qpm|a day|per day|od)\b"
        ),
        1.0,
    ),
)


def doses_in(text: str) -> list[TextDose]:
    """The doses that a text gives of the medicines it names ("metformin 10,000 mg BID", "10 mg of morphine")."""
    plain = aligned(text)
    named = _named(text)
    bounds = sentences(text)
    starts = [a for a, _ in bounds]
    found: list[TextDose] = []
    for number, (start, end, name) in enumerate(named):
        index = max(0, bisect.bisect_right(starts, start) - 1)
        high = max(end, bounds[index][1] if bounds else len(text))
        if number + 1 < len(named):
            high = min(high, max(end, named[number + 1][0]))
        high = min(high, end + _REACH)
        low = named[number - 1][1] if number else 0
        after = _AFTER.match(plain[end:high])
        before = None if after else _BEFORE.search(plain[max(low, start - 30) : start])
        match = after or before
        if match is None or (after and _LAB.search(after["gap"])):
            continue
        amount = float(match["amount"].replace(",", ""))
        offset = end if after else max(low, start - 30)
        times = _times(plain[(end + after.end() if after else end) : high][:60])
        found.append(
            TextDose(
                _drug(name),
                amount,
                text[offset + match.start("unit") : offset + match.end("unit")],
                None if times is None else amount * times,
                start if after else offset + match.start(),
                offset + match.end() if after else end,
            )
        )
    return found


@functools.lru_cache(maxsize=4096)
def _drug(name: str) -> Identified:
    return identify([], name)


def _named(text: str) -> list[tuple[int, int, str]]:
    """(start, end, name) of each medicine that the text names, in order; neighbours without a gap are one product."""
    spans = [
        (n.start, n.end, text[n.start : n.end])
        for n in mentions(text)
        if n.controlled is None or n.controlled.how != "class"
    ]
    joined: list[tuple[int, int, str]] = []
    for start, end, name in spans:
        if joined and text[joined[-1][1] : start].strip() in ("/", "-", "+"):
            joined[-1] = (joined[-1][0], end, f"{joined[-1][2]} / {name}")
        else:
            joined.append((start, end, name))
    return joined


def _times(text: str) -> float | None:
    """How often a day, by the first frequency in the text."""
    first: tuple[int, float] | None = None
    for pattern, value in _TIMES:
        match = pattern.search(text)
        if match is None or (first and match.start() >= first[0]):
            continue
        if value == "hours":
            rate = 24 / max(1, int(match[1]))
        elif value == "times":
            rate = float(match[1])
        else:
            rate = float(value)
        first = (match.start(), rate)
    return first[1] if first else None
