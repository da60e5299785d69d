"""What HL7's codes for interpretations and for absent values mean, in words."""

from __future__ import annotations

from typing import Any

from services.index.text import values

INTERPRETATIONS = {
    "H": "high",
    "L": "low",
    "HH": "critically high",
    "LL": "critically low",
    "HU": "significantly high",
    "LU": "significantly low",
    "A": "abnormal",
    "AA": "critically abnormal",
    "N": "normal",
    "POS": "positive",
    "NEG": "negative",
    "DET": "detected",
    "ND": "not detected",
    "IND": "indeterminate",
    "E": "equivocal",
    "RR": "reactive",
    "WR": "weakly reactive",
    "NR": "non-reactive",
    "R": "resistant",
    "S": "susceptible",
    "I": "intermediate",
    "NS": "non-susceptible",
    "SDD": "susceptible, dose dependent",
    "B": "better",
    "W": "worse",
    "U": "significant change up",
    "D": "significant change down",
    "<": "below the measurable range",
    ">": "above the measurable range",
    "EXP": "expected",
    "UNE": "unexpected",
    "IE": "insufficient evidence",
    "CAR": "carrier",
}
_ABSENT = {
    "unknown": "unknown",
    "asked-unknown": "asked but unknown",
    "temp-unknown": "temporarily unknown",
    "not-asked": "not asked",
    "asked-declined": "asked but declined",
    "masked": "masked",
    "not-applicable": "not applicable",
    "unsupported": "unsupported",
    "as-text": "given as text",
    "error": "error",
    "not-a-number": "not a number",
    "negative-infinity": "negative infinity",
    "positive-infinity": "positive infinity",
    "not-performed": "not performed",
    "not-permitted": "not permitted",
}


def interpretation(item: dict[str, Any]) -> str:
    """Every interpretation spelled out, each once."""
    found: dict[str, str] = {}
    for concept in values.many(item.get("interpretation")):
        symbol = values.code(concept)
        shown = values.concept(concept)
        spelled = INTERPRETATIONS.get(symbol, "")
        if spelled and shown.casefold() not in (spelled, symbol.casefold()):
            same = not isinstance(values.obj(concept).get("text"), str)
            spelled = spelled if same else f"{spelled}: {shown}"
        meaning = spelled or INTERPRETATIONS.get(shown, shown)
        if meaning:
            found.setdefault(meaning.casefold(), meaning)
    return ", ".join(found.values())


def absent_reason(reason: Any) -> str:
    """Why there is no value, or "" where no reason is given."""
    text = values.string(values.obj(reason).get("text"))
    return text or _ABSENT.get(values.code(reason)) or values.concept(reason)
