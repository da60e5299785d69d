"""Times told by the patient's age, as dates: "in her 60s", "before he was 50", "since age 12"."""

from __future__ import annotations

import datetime as dt
import re

from services.chart.entry import days

_AGE = r"(?P<n>\d{1,3})(?! ?(?:days?|weeks?|months?|mo|kg|lbs?|pounds|mg|mm|cm|%|times|visits)\b)(?! years? (?:ago|later|after|before))(?:[- ]years?[- ]old| years? of age| years?)?"
_WHO = r"(?:she|he|they|the patient|pt)"
_DECADE = re.compile(
    r"\b(?:in|during|throughout) (?:her|his|their|the patient's) (?P<part>early |mid[- ]?|late )?(?P<d>[1-9])0'?s\b",
    re.IGNORECASE,
)
_TURNED = re.compile(
    rf"\b(?P<rel>before|after|since|until|when|while) (?:{_WHO} (?:was|were|is|turned|reached|became)(?: aged?)? |(?:the )?age (?:of )?|turning |aged ){_AGE}(?![\w/.-])",
    re.IGNORECASE,
)
_AT = re.compile(rf"\b(?:at|by) (?:the )?age (?:of )?{_AGE}(?![\w/.-])", re.IGNORECASE)
_BIRTHDAY = re.compile(r"\b(?:on|at|around|for|by) (?:her|his|their|the patient's|the) (?P<n>first|second|third|fourth|fifth|sixth|tenth|\d{1,3}(?:st|nd|rd|th)) birthday\b", re.IGNORECASE)
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "tenth": 10}
_PART = {"": (0, 10), "early ": (0, 4), "mid": (4, 7), "late ": (7, 10)}


def dated(text: str, birth_date: str | None) -> str:
    """The question with such times put as dates; as it stands where the birth date isn't known to the day."""
    born = days(birth_date) if birth_date and len(birth_date) >= 10 else None
    if born is None:
        return text

    def birthday(years: int) -> dt.date:
        day = born[0]
        try:
            return day.replace(year=day.year + years)
        except ValueError:  # 29 February
            return dt.date(day.year + years, 3, 1)

    def spelt(first: int, after: int) -> str:
        return f"between {birthday(first)} and {birthday(after) - dt.timedelta(days=1)}"

    def decade(match: re.Match[str]) -> str:
        start, end = _PART[(match["part"] or "").lower().replace("-", "").replace("mid ", "mid")]
        age = int(match["d"]) * 10
        return spelt(age + start, age + end)

    def turned(match: re.Match[str]) -> str:
        relation, age = match["rel"].lower(), int(match["n"])
        if relation in ("when", "while"):
            return spelt(age, age + 1)
        # "After 50" begins with the birthday, "before" and "until" end with it.
        return f"{'since' if relation in ('after', 'since') else 'before'} {birthday(age)}"

    def on_birthday(match: re.Match[str]) -> str:
        told = match["n"].lower()
        return f"{'by' if match[0].lower().startswith('by') else 'on'} {birthday(_NTH.get(told) or int(re.sub('[a-z]', '', told)))}"

    text = _BIRTHDAY.sub(on_birthday, text)
    text = _DECADE.sub(decade, text)
    text = _TURNED.sub(turned, text)
    return _AT.sub(lambda m: spelt(int(m["n"]), int(m["n"]) + 1) if m[0].lower().startswith("at") else f"before {birthday(int(m['n']) + 1)}", text)
