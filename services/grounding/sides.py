"""The sides that a text names: left, right, both; quadrants, borders and eyes in short."""

from __future__ import annotations

import re

from services.knowledge.terms import TOKEN

_QUICK_SIDE = re.compile(
    r"\b(left|right|bilateral(?:ly)?|bilat|both|either|lt|rt)\b|(?<![\w/.])([LR])(?=[ -](?!/)(?:[A-Za-z]{2}|\d(?:st|nd|rd|th)\b))(?! (?:saline|oxygen|of|O2|per))",
    re.IGNORECASE,
)

# "ABI 1.02 R, 0.98 L": a capital behind each of two numbers.
_BOTH_BEHIND = re.compile(
    r"\d\s?(?P<a>[LR])\b(?:,|;|/| and)?\s*[-−]?[\d.]*\d\s?(?!(?P=a))(?P<b>[LR])\b(?!\s?/)"
)

_WENT = re.compile(r"\b(?:he|she|they|who|patient)\s+$", re.IGNORECASE)

_QUADRANTS = {
    "rll": "right",
    "rul": "right",
    "rml": "right",
    "lll": "left",
    "lul": "left",
    "ruq": "right",
    "luq": "left",
}

_QUADRANTS |= {"rlq": "right", "llq": "left", "rle": "right", "lle": "left", "rue": "right", "lue": "left"}

_SIDES = {"left": "left", "lt": "left", "l": "left", "right": "right", "rt": "right", "r": "right"}

# OD, OS and OU are eyes where a text speaks of eyes at all; elsewhere "OD" is an overdose, or once daily.
_EYES = {"OD": "right", "OS": "left", "OU": "bilateral"}

_OF_EYES = re.compile(
    r"\bOU\b|\bOS\b(?=[^\n]*\bOD\b)|\bOD\b(?=[^\n]*\bOS\b)|\b(?:IOP|VA|eyes?|vision|visual|retina\w*|glaucoma|POAG|cataract|fundus|macula\w*|C/D)\b"
)

_EYE = re.compile(r"\b(?:OD|OS|OU)\b")

# Where a murmur is heard: left or right, upper or lower, sternal border.
_BORDERS = {"llsb": "left", "lusb": "left", "lsb": "left", "rusb": "right", "rlsb": "right", "rsb": "right"}

_QUADRANTS |= _BORDERS


def sides(text: str) -> list[tuple[str, int, int]]:
    """(left, right or bilateral, start, end) of each side that the text names."""
    found = []
    for match in _QUICK_SIDE.finditer(text):
        word = match.group().lower()
        if len(word) < 3 and match.group() != match.group().upper():
            continue
        if word in ("both", "either") and re.match(r"\s[^.;,]{1,60}\b(?:and|or)\b", text[match.end() :]):
            continue
        if word == "right" and re.match(r"\s+(?:away|now|after|before)\b", text[match.end() :]):
            continue
        if word == "left" and _WENT.search(text[: match.start()]):
            continue
        if word == "left" and re.match(
            r"\s+(?:the|against|his|her|without|a|work|job|home|school|unchanged|as|on|in|off|out|alone|over|behind|untreated)\b",
            text[match.end() :],
        ):
            continue
        found.append((_SIDES.get(word, "bilateral"), match.start(), match.end()))
    for match in _BOTH_BEHIND.finditer(text):
        found += [(_SIDES[match[g].lower()], match.start(g), match.end(g)) for g in ("a", "b")]
    found += [
        (_QUADRANTS[m.group().lower()], m.start(), m.end())
        for m in TOKEN.finditer(text)
        if m.group().isupper() and m.group().lower() in _QUADRANTS
    ]
    if _OF_EYES.search(text):
        found += [(_EYES[m.group()], m.start(), m.end()) for m in _EYE.finditer(text)]
    return sorted(found, key=lambda f: f[1])
