"""How often something is taken or happens, as times a day."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.grounding.words import NUMBER_WORDS

_WORDS = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_EVERY = r"(?:a|an|per|each|every|/)\s?"

_PERIODS = {
    "day": 1.0,
    "night": 1.0,
    "morning": 1.0,
    "evening": 1.0,
    "week": 7.0,
    "wk": 7.0,
    "mo": 30.0,
    "yr": 365.0,
    "month": 30.0,
    "year": 365.0,
}

_TIMES_WORD = rf"(?:(?P<n>once|twice|thrice)|(?P<k>\d{{1,2}}|{_WORDS})\s?(?:times?|x|×))"

_RATES: tuple[tuple[re.Pattern[str], float | None], ...] = tuple(
    (re.compile(body, re.IGNORECASE), value)
    for body, value in (
        (
            rf"(?<![\w.]){_TIMES_WORD}[ -]?(?:{_EVERY}(?P<u>day|night|week|wk|month|mo|year|yr)|(?P<a>daily|nightly|weekly|monthly|yearly))\b(?! (?:ago|before|later|earlier|after|prior)\b)",
            None,
        ),
        (
            r"\bq\.?\s?(?P<e>\d{1,2})\s?(?P<g>h|d|hours?|days?|w|wks?|weeks?|mos?|months?|yrs?|years?)\b\.?|\bevery (?P<o>other|second)\s(?P<w>day|week|month|year)s?\b",
            None,
        ),
        (rf"\bevery (?P<i>\d{{1,2}}|{_WORDS})[ -](?P<v>hour|hr|h|day|week|month|year)s?\b", None),
        (r"\bb\.?i\.?d\b\.?", 2.0),
        (r"\bt\.?i\.?d\b\.?", 3.0),
        (r"\bq\.?i\.?d\b\.?", 4.0),
        (r"\bq\.?o\.?d\b\.?|\balternate days\b", 0.5),
        (
            r"\bppd\b|(?<=mg )hs\b|(?<=mcg )hs\b|(?<=units )hs\b|(?<=tab )hs\b|\bq\.?(?:d|hs|am|pm)\b\.?|\bonce[- ]daily\b|\bdaily\b|\bnightly\b|\beach (?:day|night|morning|evening)\b",
            1.0,
        ),
        (
            r"\bevery (?:day|night|morning|evening|bedtime)\b|\bat bedtime\b|\bat night\b|(?:(?:\ba|\bper|/)\s?day\b|(?<=[a-z\d])/d\b)(?! (?:ago|before|later|earlier|after|prior))",
            1.0,
        ),
        (
            r"\bonce[- ]weekly\b|\bweekly\b|\bq\.?week\b|(?:\ba|\bper|\beach|\bevery|/)\s?(?:week|wk)\b(?! (?:ago|before|later|earlier|after|prior))",
            1 / 7,
        ),
        (
            r"\bmonthly\b|(?:\ba|\bper|\beach|\bevery|/)\s?month\b(?! (?:ago|before|later|earlier|after|prior))",
            1 / 30,
        ),
        (
            r"\byearly\b|\bannually\b|(?:\ba|\bper|\beach|\bevery|/)\s?year\b(?! (?:ago|before|later|earlier|after|prior))",
            1 / 365,
        ),
        (r"\bevery hour\b|\bhourly\b", 24.0),
    )
)


def find_rates(text: str) -> Iterator[tuple[float, int, int]]:
    """(times a day, start, end) of each place that says how often."""
    for pattern, fixed in _RATES:
        for match in pattern.finditer(text):
            value = _rate(match) if fixed is None else fixed
            if value:
                yield value, match.start(), match.end()


def _rate(match: re.Match[str]) -> float | None:
    groups = match.groupdict()
    if groups.get("n") or groups.get("k"):
        count = (
            _count(groups["k"])
            if groups["k"]
            else {"once": 1.0, "twice": 2.0, "thrice": 3.0}[groups["n"].lower()]
        )
        adverb = {"daily": 1.0, "nightly": 1.0, "weekly": 7.0, "monthly": 30.0, "yearly": 365.0}
        period = _PERIODS[groups["u"].lower()] if groups["u"] else adverb[groups["a"].lower()]
        return count / period
    if groups.get("o"):
        return 1 / (2 * _PERIODS[groups["w"].lower()])
    if groups.get("e"):
        first = groups["g"].lower()[0]
        return {"h": 24.0, "d": 1.0, "w": 1 / 7, "m": 1 / 30, "y": 1 / 365}[first] / (float(groups["e"]) or 1)
    every, unit = _count(groups["i"]), groups["v"].lower()
    if not every:
        return None
    return 24 / every if unit[0] == "h" else 1 / (every * _PERIODS[unit])


def _count(text: str) -> float:
    return float(text) if text.isdecimal() else NUMBER_WORDS[text.lower()]
