"""Sentence borders of clinical text: aware of abbreviations, decimals, bullets, headings and blank lines."""

from __future__ import annotations

import re

_BREAK = re.compile(r"[.!?]+[\"'’”»)\]]*(?=\s|$)|\n")
# A full stop after these does not end a sentence.
_SHORT = """
dr mr mrs ms prof st vs e.g i.e etc no approx dept fig al pt pts hx dx tx rx fx sx q.d b.i.d t.i.d q.i.d p.o p.r.n
i.v i.m s.c a.m p.m u.s vit wt ht temp resp bid tid qid qd po prn mg ml tab tabs cap caps inc sr jr jan feb mar apr jun jul
aug sep sept oct nov dec c e s h p o.d o.s o.u w.r.t cf viz ca est max min
"""
_ABBREVIATIONS = frozenset(_SHORT.split())
_DOSING = "mg ml tab tabs cap caps bid tid qid qd po prn"
# These may also end a sentence: "500 mg q.d. Lisinopril stopped."
_UNITS_END = frozenset(
    [*_DOSING.split(), "q.d", "b.i.d", "t.i.d", "q.i.d", "p.r.n", "a.m", "p.m", "o.d", "o.s", "o.u"]
)
_TITLE = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Prof|St)\.?[ \t]+(?:[A-Z]\.[ \t]*)*$")
_MEASURED = re.compile(r"(?:\d[ \t]?|°[ \t]?)$")
_BULLET = re.compile(r"[ \t]*(?:[-*•·◦▪+]|\d{1,2}[.)])[ \t]+|[ \t]*$")
_HEADING = re.compile(r"[ \t]*[A-Z][A-Za-z /&-]{1,40}:")
_DANGLING = re.compile(
    r"\b(?:of|for|no|not|the|an?|and|or|with|without|to|from|by|in|on|at|denies|than|is|was|are|were|has|had)$",
    re.IGNORECASE,
)
_END = (".", "!", "?", ":", ";")


def sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence, without surrounding blanks; together they hold all the text's words."""
    found: list[tuple[int, int]] = []
    start = 0
    for match in _BREAK.finditer(text):
        at, end = match.span()
        if text[at] == "\n":
            if not _line_ends(text, start, at, end):
                continue
        elif text[at] == "." and end - at == 1 and not _stop_ends(text, start, at, end):
            continue
        _push(found, text, start, end)
        start = end
    _push(found, text, start, len(text))
    return found


def _push(found: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        found.append((start, end))


def _stop_ends(text: str, start: int, at: int, end: int) -> bool:
    """Whether the single full stop at `at` ends a sentence."""
    begin = at
    while begin > start and (text[begin - 1].isalnum() or text[begin - 1] in ".'’"):
        begin -= 1
        if at - begin > 12:
            return True
    word = text[begin:at].lower()
    rest = text[end : end + 24].lstrip(" \t")
    following = rest[:1]
    if not following or following == "\n":
        return True
    if word.endswith(("'s", "’s")):
        return not following.islower()  # "She has Hashimoto's."
    if word == "no":
        return not (
            following.isdigit() and text[start:begin].strip()
        )  # "at No. 3", but "No. 3 days of cough"
    if word.isdigit() and (begin == start or not text[start:begin].strip()):
        return False  # "1. Hypertension": the number of a list item
    if word in _UNITS_END:
        return following.isupper()
    if word in _ABBREVIATIONS:
        # "Pain in the hand. No swelling": only short words that are abbreviations hold the sentence.
        if len(word) > 1 or not following.isupper() or not rest[1:2].islower():
            return False
        return word not in "cesh" or (word == "c" and bool(_MEASURED.search(text[start:begin])))
    if len(word) == 1 and text[begin].isupper() and _TITLE.search(text[start:begin]):
        return False  # "Mr. J. Smith"
    return not following.islower() or len(word) > 3


def _line_ends(text: str, start: int, at: int, end: int) -> bool:
    """Whether a line break ends a sentence, rather than wrapping it."""
    line = text[start:at].rstrip()
    if not line.strip():
        return True
    if line.endswith(_END):
        return True
    if _BULLET.match(text, end) or _HEADING.match(text, end):
        return True
    following = text[end : end + 1]
    if _DANGLING.search(line) and following.strip():
        return False  # "no evidence of / PE": what is denied stands on the next line
    # A short line is an item of its own; a long one that goes on in lower case was wrapped.
    last_line = line.rpartition("\n")[2]
    return not (len(last_line) >= 50 and (following.islower() or following.isdigit() or line.endswith(",")))
