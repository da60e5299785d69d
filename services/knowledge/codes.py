"""Literal codes in a text, each checked by its system's own check digit or shape.

LOINC: modulus 10 with double-add-double (LOINC Users' Guide, check digits). SNOMED CT: Verhoeff's dihedral
check (SNOMED CT Technical Implementation Guide). ICD-10-CM: the shape of a code (CMS/NCHS guidelines).
"""

from __future__ import annotations

import re

_D5 = [
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
]
_PERMUTE = [
    "0123456789",
    "1576283094",
    "5803796142",
    "8916043527",
    "9453126870",
    "4286573901",
    "2793806415",
    "7046913258",
]
ICD10 = re.compile(r"[A-Z][0-9][0-9AB](?:\.[0-9A-Z]{1,4})?")
_ICD_TEXT = re.compile(r"(?<![\w.-])([A-Za-z][0-9][0-9ABab](?:\.[0-9A-Za-z]{1,4})?)(?![\w-])(?!\.\d)")
_LOINC_TEXT = re.compile(r"(?<![\w./-])([0-9]{2,5}-[0-9])(?![\w/-])(?!\.\d)")
_DIGITS = re.compile(r"(?<![\w./-])([0-9]{6,18})(?![\w/-])(?!\.\d)")
_RXNORM = re.compile(
    r"(?<!\w)(?:rx ?norm|rxcui|cvx|snomed|sct|code)(?: code)?[ :#=]*([0-9]{1,18})(?!\w)", re.IGNORECASE
)
# Shapes of ICD-10-CM that are names of other things.
_NOT_ICD = frozenset({"B12", "A1C", "A1B", "B20S"})


def loinc_valid(code: str) -> bool:
    """Whether the check digit of a LOINC code is right."""
    body, dash, check = code.partition("-")
    if not dash or not (
        body.isascii() and body.isdigit() and check.isascii() and check.isdigit() and len(check) == 1
    ):
        return False
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return (10 - total % 10) % 10 == int(check)


def snomed_valid(code: str) -> bool:
    """Whether the check digit of a SNOMED CT identifier is right."""
    if not (code.isascii() and code.isdigit() and 6 <= len(code) <= 18):
        return False
    state = 0
    for place, digit in enumerate(reversed(code)):
        state = int(_D5[state][int(_PERMUTE[place % 8][int(digit)])])
    return state == 0


def find_codes(text: str) -> tuple[tuple[str, ...], list[tuple[int, int]]]:
    """Codes written in a question, and where. A code without a dot counts in capitals only ("I10")."""
    from services.knowledge.lexicon import lexicon  # late: the tables load on first use only

    found: list[tuple[int, str, tuple[int, int]]] = []
    for match in _ICD_TEXT.finditer(text):
        code = match.group(1)
        dotted = "." in code
        if code.upper() in _NOT_ICD or (
            not dotted and not (code.isupper() and lexicon().by_code("icd10cm", code))
        ):
            continue
        found.append((match.start(), code.upper(), match.span()))
    for match in _LOINC_TEXT.finditer(text):
        if loinc_valid(match.group(1)):
            # "5-6" or "10-2" are ranges far more often than the few codes so short.
            if len(match.group(1)) < 5 and not re.search(r"loinc|code", text, re.IGNORECASE):
                continue
            found.append((match.start(), match.group(1), match.span()))
    found.extend((m.start(1), m.group(1), m.span()) for m in _RXNORM.finditer(text))
    for match in _DIGITS.finditer(text):
        if snomed_valid(match.group(1)) and not any(a <= match.start() < b for _, _, (a, b) in found):
            found.append((match.start(), match.group(1), match.span()))
    found.sort()
    return tuple(dict.fromkeys(code for _, code, _ in found)), [span for _, _, span in found]
