"""The two numbers of "from 103.6 kg to 96.2 kg"."""

from __future__ import annotations

import itertools
import re

from services.grounding.binding import Amount
from services.grounding.case import Case
from services.grounding.sizes import sized

_AND_SO = re.compile(r"\b(?:while|whereas|although|but)\b|, and\b|;", re.IGNORECASE)


def linked(case: Case, word: re.Match[str]) -> tuple[Amount, Amount] | None:
    """The numbers of "from 103.6 kg to 96.2 kg", whatever they are of."""
    numbers = [a for a in case.reading.amounts if a.figure.kind == "value" and not a.named]
    numbers = [
        a for i, a in enumerate(numbers) if not i or not sized(case.text, numbers[i - 1].figure, a.figure)
    ]
    for a, b in itertools.pairwise(numbers):
        gap = case.text[a.figure.end : b.figure.start]
        if _AND_SO.search(case.text[min(word.end(), b.figure.end) : max(word.start(), a.figure.start)]):
            continue  # "creatinine rose from 1.4 to 1.6, while eGFR dropped": of something else
        if _LED.search(case.text[: a.figure.start]) and _TO.fullmatch(gap):
            return a, b
    return None


_TO = re.compile(
    r"(?:\s?[x×]\s?[\d.]+\s?(?:mm|cm))?\s*(?:\(?(?:in|on|at|of)\s(?:\d{1,2}\s)?[A-Za-z]+(?:\s\d{1,2},)?(?:\s\d{4})?\)?\s*)?(?:to|→|->)\s*(?:about\s|now\s)?",
    re.IGNORECASE,
)
_LED = re.compile(r"(?:\bfrom|[(,:])\s*$", re.IGNORECASE)
