"""One- and two-letter shorthand of laboratory values and vital signs, as questions have it without a value behind.

In prose "K" or "Ca" counts only before a value, since it may be anything else there; a question is short, and asks
for something of the record. Symbols are those of the elements and the usual abbreviations of US records.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.knowledge.lexicon import Mention

SHORTHAND = {
    "K": "lab:potassium",
    "Na": "lab:sodium",
    "Cl": "lab:chloride",
    "Ca": "lab:calcium",
    "Mg": "lab:magnesium",
    "Cr": "lab:creatinine",
    "Hb": "lab:hemoglobin",
    "Hgb": "lab:hemoglobin",
    "BG": "lab:glucose",
    "EF": "vital:ejection-fraction",
    "RR": "vital:respiratory-rate",
    "HR": "vital:heart-rate",
    "CO2": "lab:bicarbonate",
    "Phos": "lab:phosphate",
}
_TOKEN = re.compile(r"(?<![\w-])(?P<short>[A-Z][A-Za-z]{0,3}\d?)\+?(?![\w-])(?!/\s?(?:[uµμ]|mc|cu|mm)\w)")  # "150 K/uL" is a unit
_NO_VALUE_BEFORE = re.compile(r"\bvit(?:amin|\.)?\s+$", re.IGNORECASE)


def find_shorthand(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """What the shorthand of a question names, where no mention stands already."""
    return [
        Mention(concept, token.start(), token.end(), token.group())
        for token in _TOKEN.finditer(text)
        if (concept := SHORTHAND.get(token["short"]))
        and not any(m.start <= token.start() < m.end for m in mentions)
        and not _NO_VALUE_BEFORE.search(text[: token.start()])
    ]
