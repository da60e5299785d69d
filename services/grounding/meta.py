"""Sentences about the record itself, which need no citation so long as they assert nothing clinical."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.grounding.assertions import PRESENT, Seen
from services.grounding.reading import Reading, read
from services.grounding.sources import Source, polarities
from services.grounding.words import GLUE

_RECORD = r"(?:record|records|chart|charts|notes?|documents?|documentation|evidence|sources?|data|information|excerpts?|context|results?|entries|passages|text)"
_ABSENCE = re.compile(
    rf"\b(?:{_RECORD}(?:\s+\w+){{0,3}}?\s+(?:do|does|did)(?:es)?\s?(?:not|n't|n’t)\s+(?:\w+\s+)?(?:say|state|mention|contain|include|show|specify|indicate|give|provide|tell|record|document|describe|list|hold|have|reveal|address|explain|report|note|make clear|cover)"
    rf"|{_RECORD}(?:\s+\w+){{0,3}}?\s+(?:is|are)\s+(?:silent|unclear|insufficient|incomplete|not clear|not enough|not sufficient)"
    rf"|(?:I|we)\s+(?:could|can|did|do|was|were|am|are)\s?(?:not|n't|n’t|unable to)\s*(?:to\s+)?(?:find|locate|see|identify|determine|tell|answer|confirm|establish|say|have)"
    rf"|(?:I|we)\s+(?:found|see|saw|have)\s+no\b|I\s+cannot\s+(?:find|tell|say|determine|answer|confirm|see)"
    rf"|(?:there\s+(?:is|are|was|were)\s+)?no\s+(?:(?:\w+\s+){{0,2}})?(?:record|records|mention|documentation|entry|entries|information|data|note)\s+(?:of|about|on|for|regarding|that|showing|indicating|in|was|were|is|are)\b"
    rf"|\b(?:is|are|was|were|has|have)\s?(?:not|n't|n’t)\s+(?:been\s+)?(?:documented|recorded|mentioned|stated|specified|described|listed)\b"
    rf"|\bnothing\s+(?:is\s+|was\s+)?(?:in|within)\s+(?:the\s+)?{_RECORD}|(?:not|nothing|none)\s+(?:was\s+)?(?:documented|recorded|mentioned|found|available|stated|specified)\b"
    rf"|\bno\s+(?!longer\b)[\w\s,'/()-]{{1,60}}?\s+(?:is|are|was|were|has been|have been|could be)\s+(?:documented|recorded|mentioned|listed|stated|available in the record|found in the record)\b"
    rf"|(?:it is|it's|remains)\s+(?:not clear|unclear|unknown|not known|not stated|uncertain)\b"
    rf"|(?:cannot|can't|could not|couldn't)\s+be\s+(?:determined|established|found|confirmed|answered|told|verified)"
    rf"|{_RECORD}(?:\s+\w+){{0,2}}?\s+(?:contain|contains|hold|holds|have|has|show|shows|provide|provides|offer|offers|give|gives)\s+(?:no|nothing|insufficient)\b)",
    re.IGNORECASE,
)
_TURN = re.compile(
    r"[;]|,?\s*\b(?:but|however|although|though|nevertheless|yet|while|whereas|except|which means|so|therefore|because|since|and (?:he|she|they|the patient|it|has|have|is|was|takes|had)\b)",
    re.IGNORECASE,
)
_WHY = re.compile(r"\b(?:why|after|when (?:he|she|the patient|they))\b", re.IGNORECASE)
_ENDED = re.compile(
    r"\b(?:stopp\w+|start\w+|discontinu\w+|chang\w+|increas\w+|decreas\w+|reduc\w+|switch\w+|diagnos\w+|develop\w+|died|held|worsen\w*)\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|had|takes?|shows?|showed|remains?|suffers?|needs?)\b", re.IGNORECASE
)
_HEADING = re.compile(r"^[\s*#_>-]*[^.!?]{1,60}:[\s*_]*$")
_CLINICAL = (
    "drug:",
    "drugclass:",
    "problem:",
    "symptom:",
    "finding:",
    "lab:",
    "vital:",
    "procedure:",
    "vaccine:",
    "organism:",
    "social:",
    "device:",
    "substance:",
)


def is_meta(reading: Reading) -> bool:
    """Whether the sentence only speaks of the record, leads in, or is a heading: nothing clinical is asserted."""
    text = reading.text.strip(" -*•#_\t\n")
    if not text or not any(c.isalnum() for c in text):
        return True
    if _HEADING.match(text) and len(reading.words) <= 5 and not reading.amounts and not reading.dates:
        return True
    if text.endswith(":") and not (_asserts(reading, 0) or reading.amounts or reading.dates):
        return True
    absence = _ABSENCE.search(reading.text)
    if any("no-known" in s.concept for s in reading.seen):
        return False  # a finding of its own, not a gap in the record
    if absence is None:
        return not _asserts(reading, 0) and not reading.amounts and not reading.dates and _only_glue(reading)
    for turn in _TURN.finditer(reading.text):
        # What stands behind (or before) a "but" is a sentence of its own.
        parts = reading.text[: turn.start()], reading.text[turn.end() :]
        other = parts[1] if absence.start() < turn.start() else parts[0]
        if len(other.split()) > 1 and not _ABSENCE.search(other) and _states(other):
            return False
    for part in re.split(r"[,;]", reading.text):
        # "Although the notes don't say so, his kidney function is declining."
        if _VERB.search(part) and not _ABSENCE.search(part) and _states(part):
            return False
    about = reading.text[absence.end() :]
    why = _WHY.search(about)
    return not (why and (_ENDED.search(about) or read(about).amounts or read(about).dates))


_BEYOND = re.compile(
    r"\b(?:why|when|whether|how|who|which|dose|dosage|frequency|reason|duration|date|beyond|after|before|since|other|further|additional|in \d|new|recent|severity|cause|indication|side|start|stop\w*)\b",
    re.IGNORECASE,
)


def contradicted(reading: Reading, sources: Sequence[Source]) -> Seen | None:
    """What the sentence says not to be in the record although the evidence tells of it."""
    absence = _ABSENCE.search(reading.text)
    if absence is None or _BEYOND.search(reading.text):
        return None
    for seen in reading.seen:
        if not seen.concept.startswith(_CLINICAL) or seen.start > absence.end() + 40:
            continue
        if any(
            x.concept == seen.concept and polarities(s, x) & {PRESENT}
            for s in sources
            for x in s.reading.seen
        ):
            return seen
    return None


def _states(part: str) -> bool:
    reading = read(part)
    return bool(reading.amounts or reading.dates or _asserts(reading, 0))


def _asserts(reading: Reading, start: int) -> bool:
    return any(s.start >= start and s.concept.startswith(_CLINICAL) for s in reading.seen)


_LEAD = frozenset(
    [
        "hope",
        "help",
        "pleas",
        "let",
        "know",
        "question",
        "ask",
        "answer",
        "summari",
        "brief",
        "follow",
        "key",
        "point",
        "below",
        "above",
        "note",
        "import",
        "context",
        "relev",
        "inform",
        "clinic",
        "clinician",
        "review",
        "sourc",
        "cite",
        "citat",
        "bottom",
        "line",
        "overview",
        "timelin",
    ]
)


def _only_glue(reading: Reading) -> bool:
    return all(w.stem in GLUE or w.stem in _LEAD or len(w.stem) < 3 for w in reading.words)
