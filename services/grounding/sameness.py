"""Whether what a sentence calls stable or unchanged is so in its evidence, told otherwise than by two of its values."""

from __future__ import annotations

import re

from services.grounding.case import Case
from services.grounding.courses import ALIKE
from services.grounding.orders import ends_of, moves
from services.grounding.words import GLUE, words_of

_ADJECTIVE = re.compile(r"\b(?:an?|the|and|with|her|his)\s+$", re.IGNORECASE)


def called_so(case: Case, word: re.Match[str]) -> bool:
    """ "A stable 1.1 cm adenoma of the left adrenal" of "stable 1.1 cm left adrenal adenoma": before the same words."""
    if not _ADJECTIVE.search(case.text[: word.start()]):
        return False
    said = _behind(case.text, word.end())
    return any(
        len(said & _behind(source.reading.text, found.end())) > 1
        for source in case.everything
        for found in ALIKE["same"].finditer(source.reading.text)
    )


def _behind(text: str, end: int) -> frozenset[str]:
    """The content words and numbers behind a place, in its part of the sentence."""
    part = re.split(r"[.;,](?!\d)|\b(?:and|but|with)\b", text[end : end + 60])[0]
    return frozenset(w.stem for w in words_of(part) if w.stem not in GLUE)


def each_same(case: Case, word: re.Match[str], topics: frozenset[str]) -> bool:
    """ "The lipid panel is unchanged, with LDL at 158 and total cholesterol at 244 mg/dL": each by its own values."""
    said = [a for a in case.reading.amounts if a.figure.kind == "value" and a.topics and not a.figure.limit]
    if len({a.topics for a in said}) < 2 or any(a.topics & topics for a in said):
        return False
    values = case.values()
    for amount in said:
        mine = [
            v for v in values if v.topics & amount.topics and not v.figure.limit and v.figure.kind == "value"
        ]
        pair = ends_of(mine, None, None)
        if pair is None or not moves("same", pair[0].figure.value, pair[1].figure.value):
            return False
    case.good("direction", word.start(), word.end(), case.everything)
    return True
