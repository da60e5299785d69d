"""Whether a term of the lexicon may be meant where its words stand."""

from __future__ import annotations

import re

from services.knowledge.tables import CASED, LITERAL, NUMERIC, STRICT
from services.knowledge.terms import GAP

_LEADING = ("level", "above", "below", "over", "under", "less", "more", "great", "low", "high", "was", "is ")
"""What leads to a value, behind a short name of something measured."""


_ABBREVIATED = re.compile(r"(?:\A|[\W_])(?:[^\W_]|[Ss]t)\Z")


def joined(text: str, end: int, start: int) -> bool:
    """Whether the words before `end` and from `start` on may belong to one term."""
    if start - end == 1:
        return text[end] in " -/\u00a0\n–‐‑'’&+\t.,"
    if start - end > 8 or GAP.match(text[end:start]) is None:
        return False
    # A full stop joins only behind an initial or "St.": "C. difficile", "St. John's wort", but not "chest. Pain".
    return "." not in text[end:start] or _ABBREVIATED.search(text, max(0, end - 3), end) is not None


def fits(rules: int, term: str, surface: str, text: str, end: int, query: bool) -> bool:
    """Whether `term`, found as `surface` up to `end`, may be meant there: by its capitals and what follows."""
    if rules & LITERAL and "".join(surface.split()).lower() != term.replace(" ", "").lower():
        return False
    if rules & (CASED | STRICT) and surface != term and surface != term + "s":
        lowered = query and not rules & STRICT and surface == term.lower()
        if not lowered:
            return False
    if rules & STRICT:
        # In a line of capitals "HIT" or "AS" are just words.
        around = text[max(0, end - len(surface) - 40) : end + 40]
        if sum(map(str.isalpha, around)) > 16 and around == around.upper():
            return False
    if rules & NUMERIC:
        tail = text[end : end + 24].lstrip(" \t:=+-–of|")
        return bool(tail) and (tail[0].isdigit() or tail[0] in "<>≥≤" or tail.lower().startswith(_LEADING))
    return True
