"""The day that a question says it is: "It's 2023-11-13T10:15:00+00:00 now. What is …", or at the end of it."""

from __future__ import annotations

import datetime as dt
import re

from services.chart.entry import days
from services.knowledge.time_words import MONTHS

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_TOLD = (
    r"(?:it(?:'s| is)|today(?:'s date)? is|the (?:current )?(?:date|time) is|(?:current )?(?:date|time)(?: and time)?:|now is|assume (?:that )?(?:it is|today is)|as of)\s+"
    rf"(?:(?P<iso>\d{{4}}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?)|(?P<m>{_MONTH})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})|(?P<d2>\d{{1,2}}) (?P<m2>{_MONTH})\.?,? (?P<y2>\d{{4}}))"
)
_NOW = re.compile(rf"^\W*{_TOLD}(?: (?:now|today))?\s*(?:[.,;:]|and\b)+\s*(?=\S.{{6,}})", re.IGNORECASE)
_LATER = re.compile(rf"(?<=[.?!]) +{_TOLD}(?: (?:now|today))?(?:[.;]|\W*$)", re.IGNORECASE)


def stated_now(question: str) -> tuple[str, str | None]:
    """(the question without it, the day or moment as ISO); (the question, None) where it says none."""
    plain = question.replace("’", "'")
    found = _NOW.match(plain) or _LATER.search(plain)
    if found is None:
        return question, None
    told = found["iso"]
    if told:
        told = told.replace(" ", "T", 1)
        told = told if "T" not in told or re.search(r"(?:Z|[+-]\d\d:\d\d)$", told) else told[:10]
    else:
        month = MONTHS[(found["m"] or found["m2"]).lower()]
        try:
            told = dt.date(int(found["y"] or found["y2"]), month, int(found["d"] or found["d2"])).isoformat()
        except ValueError:
            return question, None
    return (f"{question[: found.start()]}{question[found.end() :]}", told) if days(told) else (question, None)
