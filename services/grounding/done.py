"""Whether what a sentence tells as done has been done in the evidence, and not only been booked, referred for or registered."""

from __future__ import annotations

import re

from services.grounding.assertions import PRESENT, Seen
from services.grounding.case import Case
from services.grounding.sources import Source, relation
from services.grounding.words import GLUE, words_of

_DONE_BEFORE = re.compile(
    r"\b(?:underwent|(?:has|have|had)\s+(?:(?:already|now|since|also|recently)\s+){0,2}(?:undergone|had|received)|(?:has|have|had)\s+already"
    r"|status[- ]post|s/p)\s[^.;]{0,40}$",
    re.IGNORECASE,
)
_DONE_AFTER = re.compile(
    r"^[^.;,]{0,30}?\b(?:was|were|has been|have been)\s+(?:\w+ly\s)?(?:performed|done|carried out|completed)\b",
    re.IGNORECASE,
)
_TO_COME_BEFORE = re.compile(
    r"\b(?:refer(?:red|ral|s)?|schedul\w+|booked|plan(?:s|ned|ning)?|await\w*|candidate|consider\w*|discuss\w*|arrang\w+|needs?|will|would"
    r"|recommend\w*|offer\w*|listed|to undergo|eval\w*|declin\w+|mentioned)\b[^.;]{0,40}$",
    re.IGNORECASE,
)
_TO_COME_AFTER = re.compile(
    r"^\s(?:evaluation|referral|work-?up|candidacy|list|consult\w*)\b|^[^.;,]{0,30}?\b(?:planned|scheduled|booked|pending|mentioned|discussed|offered|recommended|to be)\b",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"\b(?:negative|positive|normal|abnormal|grew|growth|showed|revealed|confirmed|detected|excluded|isolated)\b",
    re.IGNORECASE,
)
_NO_RESULT = re.compile(
    r"\b(?:pending|await\w*|outstanding|registered|no results?|not yet|yet to|not available|in progress)\b",
    re.IGNORECASE,
)


def check_done(case: Case) -> None:
    """Procedures that are told as done, and results of what has none yet."""
    for seen in case.reading.seen:
        if seen.concept.startswith("procedure:") and seen.polarity == PRESENT and _told_done(case, seen):
            _check(case, seen)
    result = _RESULT.search(case.text)
    if (
        result
        and not _NO_RESULT.search(case.text)
        and case.everything
        and all(map(_registered, case.everything))
    ):
        case.bad("status", *result.span(), "The evidence has no result of it yet.")


def _told_done(case: Case, seen: Seen) -> bool:
    before, after = case.text[: seen.start], case.text[seen.end :]
    return _DONE_BEFORE.search(before) is not None or _DONE_AFTER.match(after) is not None


def _check(case: Case, said: Seen) -> None:
    stems = {w.stem for w in words_of(said.surface) if len(w.stem) > _LONG and w.stem not in GLUE}
    told = []
    for source in case.everything:
        seen = [s for s in source.reading.seen if relation({said.concept}, s.concept)]
        # What no table knows in the evidence's words: "transplant evaluation".
        told += [_to_come(source, s.start, s.end) for s in seen] or [
            _to_come(source, w.start, w.end) for w in source.reading.words if w.stem in stems
        ]
    if told and all(told):
        case.bad("status", said.start, said.end, f"{said.surface} is not told as done in the evidence.")


_LONG = 5
"""Shorter stems say too little by themselves."""


def _to_come(source: Source, start: int, end: int) -> bool:
    """Whether the evidence tells it as something that is still to come."""
    if source.entry:
        return False  # its own status is judged elsewhere
    reading = source.reading
    low, high = reading.bounds[reading.sentence_at(start)]
    return (
        _TO_COME_BEFORE.search(reading.text[low:start]) is not None
        or _TO_COME_AFTER.match(reading.text[end:high]) is not None
    )


def _registered(source: Source) -> bool:
    return source.status == "registered"
