"""Low, high, abnormal, normal: what a result is by its own interpretation or range, and which of them a question asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.chart.entry import Entry, Measure

HIGH = frozenset(["H", "HH", "HU", ">"])
LOW = frozenset(["L", "LL", "LU", "<"])
"""Codes of HL7 v3 ObservationInterpretation."""

_STATES = (
    ("low", r"(?:too )?low|(?:below|under) (?:the |its )?(?:normal|range|reference)|decreased|subnormal"),
    ("high", r"(?:too )?high|elevated|raised|increased|(?:above|over) (?:the |its )?(?:normal|range|reference)"),
    ("abnormal", r"abnormal\w*|out of (?:the |its )?(?:normal |reference )?range|outside (?:the |of |its )*(?:\w+ )?(?:range|limits)|not normal|deranged|flagged"),
    ("normal", r"normal|(?:in|within) (?:the |its )?(?:\w+ )?(?:range|limits)|unremarkable"),
)  # fmt: skip
_CUES = tuple((state, re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)) for state, words in _STATES)
_NOT_A_STATE = re.compile(
    r"\bhow (?:high|low|elevated|raised)\b|\b(?:high|low|normal|increased|decreased|raised)[- ](?:dose|risk|salt|fat|fibre|fiber|sodium diet|calorie|sensitivity|saline|flow|grade|density|intensity|back|limits?|value|range)\b"
    r"|\bhigh or low\b|\blow or high\b|\b(?:in|de)creased (?:by|to|from|since|after)\b|\b(?:the )?(?:upper|lower) limit\b|\b(?:to|back to|returned? to) normal\b|\breference range\b|\bnormal (?:for|ref)\w*",
    re.IGNORECASE,
)


_BEYOND = re.compile(
    r"\b(?:(?P<low>below|under|beneath)|above|over|beyond|past) (?:the |its )?(?:lower |upper )?(?:limits?|end|bound)(?: of)?(?: the)?(?: normal| range| reference(?: range)?)?(?![\w-])", re.IGNORECASE
)


def range_state(measure: Measure) -> str | None:
    """high, low, normal or abnormal: by the laboratory's own interpretation, else by its range; None where neither is told."""
    marks = set(measure.marks)
    if marks & HIGH:
        return "high"
    if marks & LOW:
        return "low"
    if marks & {"A", "AA", "POS", "DET"}:
        return "abnormal"
    if measure.amount is not None and (measure.low is not None or measure.high is not None):
        if measure.high is not None and measure.amount > measure.high:
            return "high"
        if measure.low is not None and measure.amount < measure.low:
            return "low"
        return "normal"
    return "normal" if marks & {"N", "NEG", "ND", "NR"} else None


def state_asked(text: str, label: str = "") -> str:
    """Which state the words ask for, those of the thing's own name left out; "" where none."""
    text = _BEYOND.sub(lambda m: f" {'low' if m['low'] else 'high'} ", text)
    plain = _NOT_A_STATE.sub(" ", text.replace(label, " ") if label else text)
    return next((state for state, cue in _CUES if cue.search(plain)), "")


def holds(state: str | None, wanted: str) -> bool:
    return state == wanted or (wanted == "abnormal" and state not in (None, "normal"))


def in_state(entries: Sequence[Entry], wanted: str) -> tuple[list[Entry], int]:
    """(the results in that state, how many tell a state at all)."""
    told = [(e, state) for e in entries if e.measure and (state := range_state(e.measure))]
    return [e for e, state in told if holds(state, wanted)], len(told)
