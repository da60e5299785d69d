"""Which relatives a text speaks of."""

from __future__ import annotations

import re

_RELATIVES = {
    "mother": "mother mom mum maternal",
    "father": "father dad paternal",
    "sister": "sister sisters",
    "brother": "brother brothers",
    "grandmother": "grandmother",
    "grandfather": "grandfather",
    "aunt": "aunt",
    "uncle": "uncle",
    "cousin": "cousin",
    "son": "son",
    "daughter": "daughter",
    "child": "children child",
}
_RELATIVE = {word: name for name, words in _RELATIVES.items() for word in words.split()}
FAMILY_WORD = re.compile(r"\b(?:" + "|".join(_RELATIVE) + r")\b", re.IGNORECASE)
_PART = re.compile(r"[;.]")
_OF_SIDE = re.compile(r"\b(maternal|paternal)\s+(grandmother|grandfather|aunt|uncle|cousin)\b", re.IGNORECASE)


# "Breast cancer occurred in her sister": said behind the finding.
_OF = re.compile(
    r"[^.;:,()]{1,48}?\b(?:in|of|affected)\s+(?:his|her|their|the|a|an)\s+(?P<who>"
    + "|".join(_RELATIVE)
    + r")\b",
    re.IGNORECASE,
)


def relatives(text: str) -> set[str]:
    """The relatives that a text names."""
    text = _OF_SIDE.sub(r"\2", text)
    return {_RELATIVE[m.group().lower()] for m in FAMILY_WORD.finditer(text)}


def relative_at(text: str, place: int) -> set[str]:
    """Whom a place in a sentence is told of: the last relative named before it in its clause, or the next one."""
    if of := _OF.match(_OF_SIDE.sub(r"\2", text[place : place + 80])):
        return {_RELATIVE[of["who"].lower()]}
    before = _PART.split(text[:place])[-1]
    if found := [_RELATIVE[m.group().lower()] for m in FAMILY_WORD.finditer(_OF_SIDE.sub(r"\2", before))]:
        return {found[-1]}
    after = _PART.split(text[place:])[0]
    return set(
        list(dict.fromkeys(_RELATIVE[m.group().lower()] for m in FAMILY_WORD.finditer(after)))[:1]
    ) or relatives(text)
