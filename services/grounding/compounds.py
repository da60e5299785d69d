"""Numbers that take several words: half a year, a year and a half, 34 weeks and 2 days, 5 ft 7 in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.grounding.words import NUMBER_WORDS

_WORDS = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_COUNT = rf"\d{{1,3}}|{_WORDS}"
_CODES = {"d": "d", "w": "wk", "m": "mo", "y": "a"}
_IN_MONTHS = {"a": 12.0, "mo": 1.0}
_IN_DAYS = {"wk": 7.0, "d": 1.0}

_PATTERNS = tuple(
    re.compile(rf"(?<![\w.])(?:{body})(?![\w])", re.IGNORECASE)
    for body in (
        rf"(?P<n>an?|one|{_COUNT})[ -](?P<u>week|month|year|wk|yr)s?[ -]and[ -]a[ -]half",
        rf"(?P<n>{_COUNT})[ -]and[ -]a[ -]half[ -](?P<u>week|month|year)s?",
        r"(?:(?P<n>one|three)[ -])?(?P<part>half|quarters?)(?:[ -]of)?[ -]an?[ -](?P<u>day|week|month|year)",
        r"(?P<part>half)[ -](?P<u>year)",
    )
)
_PARTS = {"half": 0.5, "quarter": 0.25, "quarters": 0.25}

_WEEKS_DAYS = re.compile(
    rf"(?<![\w.])(?P<w>\d{{1,2}}|{_WORDS})(?:\s?(?:w(?:ks?|eeks?)?)\s?(?:,|and)?\s?(?P<d>[0-6]|one|two|three|four|five|six)\s?d(?:ays?)?"
    r"|\+(?P<e>[0-6])(?:\s?w(?:ks?|eeks?)?|/(?:7|40))|\s(?P<g>[0-6])/7)(?![\w/])",
    re.IGNORECASE,
)
_HEIGHT = re.compile(
    r"(?<![\w.])(?P<ft>[3-7])\s?(?:ft|feet|foot|['’′])\.?\s?(?P<in>\d{1,2})\s?(?:in(?:ch(?:es)?)?\b|[\"”″]|'')?",
    re.IGNORECASE,
)
# "About a year": a time, where "a pack a year" tells how often.
_LEADS = re.compile(
    r"\b(?:over|in|within|about|around|roughly|nearly|almost|after|for|of|than|just|under|least|lasted|spent|another|past|last|approximately|every half)\s+$",
    re.IGNORECASE,
)
_ONE = re.compile(r"\ban? (?P<u>day|week|month|year)\b", re.IGNORECASE)
_STANDING = re.compile(r"\s(?:ago|later|earlier|before|prior|after|afterwards|apart|long)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Compound:
    """A number written in several words."""

    value: float
    unit: str
    kind: str
    start: int
    end: int
    about: bool = False


def find_compounds(text: str) -> Iterator[Compound]:
    """Times in months or days, gestational ages in days, heights in inches; never two at one place."""
    taken: list[tuple[int, int]] = []
    for found in (
        *_parts(text),
        *_fractions(text),
        *_gestations(text),
        *_minutes(text),
        *_heights(text),
        *_ones(text),
    ):
        if not any(a < found.end and found.start < b for a, b in taken):
            taken.append((found.start, found.end))
            yield found


def _parts(text: str) -> Iterator[Compound]:
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            groups = match.groupdict()
            unit = _CODES[groups["u"][0].lower()]
            count = (groups.get("n") or "").lower()
            number = (
                1.0
                if count in ("", "a", "an", "one")
                else (float(count) if count.isdigit() else NUMBER_WORDS[count])
            )
            part = groups.get("part")
            number = number * _PARTS[part.lower()] if part else number + 0.5
            base, scale = ("mo", _IN_MONTHS[unit]) if unit in _IN_MONTHS else ("d", _IN_DAYS[unit])
            yield Compound(number * scale, base, "duration", match.start(), match.end(), True)


_FRACTION = re.compile(
    r"\b(?:by|down|up)\s+(?:(?:about|around|roughly|nearly|almost|approximately|some)\s)?"
    r"(?P<all>(?:(?P<n>an?|one|two|three|four)[ -])?(?P<part>half|thirds?|quarters?|fifths?|tenths?))\b(?!\s(?:an?|of an?)\b)",
    re.IGNORECASE,
)
_SHARES = {"half": 50.0, "third": 100 / 3, "quarter": 25.0, "fifth": 20.0, "tenth": 10.0}


def _fractions(text: str) -> Iterator[Compound]:
    """ "By three quarters" as a share in percent."""
    for match in _FRACTION.finditer(text):
        count = {"two": 2, "three": 3, "four": 4}.get((match["n"] or "a").lower(), 1)
        share = count * _SHARES[match["part"].lower().rstrip("s")]
        yield Compound(share, "%", "value", match.start("all"), match.end("all"), True)


def _gestations(text: str) -> Iterator[Compound]:
    for match in _WEEKS_DAYS.finditer(text):
        days = match["d"] or match["e"] or match["g"]
        yield Compound(_number(match["w"]) * 7 + _number(days), "d", "duration", match.start(), match.end())


_MINUTES = re.compile(
    r"(?<![\w.:])(?P<m>\d{1,3})\s?min(?:utes?|s)?,?\s(?:and\s)?(?P<s>\d{1,2})\s?s(?:ec(?:onds?|s)?)?\b",
    re.IGNORECASE,
)
_MINUTES_HALF = re.compile(
    rf"(?<![\w.])(?P<n>{_COUNT})[ -]and[ -]a[ -]half[ -](?P<u>minute|hour)s?\b", re.IGNORECASE
)
_OF_COURSE = re.compile(r"\bday\s\d{1,2}\s?(?:/|of|out of)\s?(?P<n>\d{1,2})\b", re.IGNORECASE)


def _minutes(text: str) -> Iterator[Compound]:
    """ "7 min 30 s", "seven and a half minutes", and the five days of "day 3/5"."""
    for match in _MINUTES.finditer(text):
        value = _number(match["m"]) + _number(match["s"]) / 60
        yield Compound(value, "min", "duration", match.start(), match.end())
    for match in _MINUTES_HALF.finditer(text):
        unit = "min" if match["u"][0].lower() == "m" else "h"
        yield Compound(_number(match["n"].lower()) + 0.5, unit, "duration", match.start(), match.end())
    for match in _OF_COURSE.finditer(text):
        yield Compound(_number(match["n"]), "d", "duration", match.start("n"), match.end("n"))


def _heights(text: str) -> Iterator[Compound]:
    for match in _HEIGHT.finditer(text):
        if int(match["in"]) < 12:
            yield Compound(
                int(match["ft"]) * 12.0 + int(match["in"]), "[in_i]", "value", match.start(), match.end()
            )


def _ones(text: str) -> Iterator[Compound]:
    for match in _ONE.finditer(text):
        lead = _LEADS.search(text[max(0, match.start() - 16) : match.start()])
        if lead or _STANDING.match(text, match.end()):
            yield Compound(
                1.0, _CODES[match["u"][0].lower()], "duration", match.start(), match.end(), bool(lead)
            )


def _number(text: str) -> float:
    return float(text) if text.isdigit() else NUMBER_WORDS[text.lower()]
