"""Text made comparable, with the way back: accents, widths, invisible characters, look-alike marks.

Identifiers are looked for in the folded text and cut out of the original, so that what is put back is exact.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_MARKS = (
    dict.fromkeys("‐‑‒–—―−﹘﹣－⁃", "-")
    | dict.fromkeys("‘’‚‛´ˊʹʻʼʽˈ′＇`", "'")
    | dict.fromkeys("“”„‟″＂", '"')
    | {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th"}
    | {"æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ß": "ss", "ẞ": "SS", "ı": "i", "ħ": "h", "ŋ": "n"}
)


@dataclass(frozen=True, slots=True)
class Folded:
    """`cased` and `low` have the same length; `offsets` leads from a place in them to one in the original text,
    None where they are the same."""

    text: str
    cased: str
    low: str
    offsets: list[int] | None

    def place(self, at: int) -> int:
        """Where this place of the folded text is in the original. What was dropped belongs to what came before."""
        return at if self.offsets is None else self.offsets[at]

    def original(self, start: int, end: int) -> str:
        """The original's characters between two places of the folded text."""
        return self.text[self.place(start) : self.place(end)]


def fold(text: str) -> Folded:
    """NFKD without marks and invisible characters; time grows with the text."""
    if text.isascii():
        return Folded(text, text, text.lower(), None)
    parts: list[str] = []
    offsets: list[int] = []
    at = 0
    for found in _NOT_ASCII.finditer(text):
        start = found.start()
        parts.append(text[at:start])
        offsets.extend(range(at, start))
        plain = _plain(found.group())
        parts.append(plain)
        offsets.extend([start] * len(plain))
        at = start + 1
    parts.append(text[at:])
    offsets.extend(range(at, len(text) + 1))
    cased = "".join(parts)
    low = cased.lower()
    if len(low) != len(cased):  # a letter whose small form is longer: keep it as it is
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in cased)
    return Folded(text, cased, low, offsets)


def folded(text: str) -> str:
    """The comparable form alone, in small letters."""
    return fold(text).low


@functools.lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    char = _MARKS.get(char, char)
    decomposed = unicodedata.normalize("NFKD", char)
    kept = (c for c in decomposed if unicodedata.category(c) not in ("Mn", "Me", "Cf"))
    return "".join(_MARKS.get(c, c) for c in kept)
