"""Text made plain for comparing: look-alike letters, styled alphabets, accents and hidden characters.

Confusable characters are those of Unicode Technical Standard 39, as the package confusable-homoglyphs has them.
"""

from __future__ import annotations

import functools
import unicodedata

from confusable_homoglyphs import confusables

# What the standard does not list as confusable and yet is read as the letter.
_ALSO = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ħ": "h",
    "ŧ": "t",
    "€": "e",
    "¢": "c",
    "£": "l",
    "¥": "y",
    "м": "m",
    "н": "h",
    "т": "t",
    "к": "k",
    "в": "b",
    "и": "n",
    "я": "r",
    "п": "n",
    "ь": "b",
    "л": "n",
    "д": "d",
    "α": "a",
    "β": "b",
    "ε": "e",
    "ι": "i",
    "κ": "k",
    "μ": "u",
    "η": "n",
    "ν": "v",
    "ρ": "p",
    "τ": "t",
    "υ": "u",
    "χ": "x",
    "ω": "w",
    "γ": "y",
    "ᵹ": "g",
}
_HIDDEN = {"Cf", "Mn", "Me", "Cc"}
_BLANKS = "\t\n\r\f\v"


def folded(text: str) -> tuple[str, list[int] | None]:
    """The text in plain lower case, and the place in the text of each of its characters (None: the same places)."""
    if text.isascii():
        return text.lower(), None
    out: list[str] = []
    places: list[int] = []
    for at, char in enumerate(text):
        plain = char.lower() if char.isascii() else _plain(char)
        if plain:
            out.append(plain)
            places.extend([at] * len(plain))
    places.append(len(text))
    return "".join(out), places


@functools.lru_cache(maxsize=8192)
def _plain(char: str) -> str:
    """One character as plain lower-case letters; "" for what is not seen."""
    if char not in _BLANKS and unicodedata.category(char) in _HIDDEN:
        return ""
    if char.isspace():
        return " "
    lowered = char.lower()
    for form in (char, lowered):
        if form in _ALSO:
            return _ALSO[form]
    broken = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c)).lower()
    if broken.isascii() and broken:
        return broken
    table = _confusable()
    for form in (char, lowered, broken):
        if form in table:
            return table[form]
    named = _by_name(char)
    return named or broken or char


def _by_name(char: str) -> str:
    """Enclosed, turned and small capitals by their names: SQUARED LATIN CAPITAL LETTER O, LATIN LETTER SMALL CAPITAL N."""
    name = unicodedata.name(char, "")
    if name.startswith("REGIONAL INDICATOR SYMBOL LETTER "):
        return name[-1].lower()
    last = name.rpartition(" ")[2]
    latin = "LATIN" in name and ("LETTER" in name or "CAPITAL" in name)
    return last.lower() if latin and len(last) == 1 and last.isascii() else ""


@functools.cache
def _confusable() -> dict[str, str]:
    table: dict[str, str] = {}
    for char, twins in confusables.confusables_data.items():
        if len(char) != 1 or char.isascii():
            continue
        for twin in twins:
            plain = twin["c"]
            if len(plain) <= 2 and plain.isascii() and plain.isalnum():
                table.setdefault(char, plain.lower())
    return table
