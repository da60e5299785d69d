"""What a text says of the things it names: there, denied, possible, over, a relative's.

By `services.knowledge.assertion`, and what it leaves open here: things not given, results that are negative, clauses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from services.grounding.terms import measured
from services.knowledge.assertion import Assertion, assess
from services.knowledge.lexicon import Mention

PRESENT, ABSENT, POSSIBLE, RESOLVED = "present", "absent", "possible", "resolved"

FAMILY, HISTORICAL, HYPOTHETICAL = "family", "historical", "hypothetical"

FAMILY_ABSENT = "absent in the family"

_RESOLVED = re.compile(r"resolved|gone|subsided|cleared|no longer", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Seen:
    """A concept that the text mentions."""

    concept: str
    start: int
    end: int
    surface: str
    polarity: str
    cue: str = ""


_NO_LIST = re.compile(
    r"\b(?:in|of|for|from|on|at|with|to|during|by|since|but|than|which|that)\b|[;:\n]", re.IGNORECASE
)


def plainly_denied(text: str, assertion: Assertion) -> bool:
    """Denied by a word right before or behind: further away a denial may be of something else."""
    mention = assertion.mention
    if assertion.polarity != ABSENT or assertion.cue_start is None or assertion.cue_end is None:
        return seen_as(text, assertion).polarity == ABSENT
    if "negative" in (assertion.cue or "").lower() or _RESOLVED.search(assertion.cue or ""):
        return False  # a result or a state, judged as such
    before = assertion.cue_end <= mention.start
    gap = text[assertion.cue_end : mention.start] if before else text[mention.end : assertion.cue_start]
    gap = "" if gap.strip() == "to" else gap
    listed = (assertion.cue or "").lower().startswith("den")
    if not before:
        return len(gap.split()) <= 1
    return (listed or "," not in gap) and not _NO_LIST.search(gap) and (listed or len(gap.split()) <= 3)


_DENIES = re.compile(r"no|not|never|without|denie[sd]|none|isn't|wasn't|hasn't", re.IGNORECASE)

RELATIVE = re.compile(
    r"\b(?:(?:grand)?(?:mother|father)|mom|mum|dad|sister|brother|aunt|uncle|cousin|son|daughter|sibling|parent|relative|maternal|paternal)s?\b",
    re.IGNORECASE,
)

# "Never had an LDCT and his flu shot is due": what is denied ends where a new clause begins.
_NEW_CLAUSE = re.compile(
    r",(?= (?:per|according|as per|as of|with|on the|in the|his|her|the)\b)|\band(?= (?:his|her|their|he|she|they|it|was|were|is|are|has|had|now|takes?|uses?|reports?|reported)\b)",
    re.IGNORECASE,
)

# Words that end a denial elsewhere, but not here: "not yet booked", "denies plan or intent".
_NO_STOP = re.compile(
    r"(?<=\bnot )yet\b|(?<=\bdenies )plan\b|(?<=\bdenied )plan\b|(?<=\bwere )(?:both|all)\b"
    r"|\b(?:never|not|no) (?:omit\w*|miss(?:ed|ing|es)?|skip\w*)\b|\bnot (?:ready|willing|keen) to\b",
    re.IGNORECASE,
)


def assessed(text: str, mentions: Sequence[Mention]) -> Iterator[Assertion]:
    """The assertion of each mention; of a relative's also whether it is denied, which its being a relative's hides."""
    text = _NEW_CLAUSE.sub(lambda m: ";".rjust(len(m.group())), text)
    text = _NO_STOP.sub(lambda m: ("x" if m.group() == "plan" else " ") * len(m.group()), text)
    found = assess(text, mentions)
    if not any(a.polarity == FAMILY for a in found):
        yield from found
        return
    alone = assess(RELATIVE.sub(lambda m: "x" * len(m.group()), text), mentions)
    for assertion, other in zip(found, alone, strict=True):
        denied = assertion.polarity == FAMILY and other.polarity == ABSENT
        yield Assertion(assertion.mention, FAMILY_ABSENT, assertion.cue) if denied else assertion


_STANDS_FOR = {
    "social:never-smoker": ("social:tobacco-use", ABSENT),
    "social:former-smoker": ("social:tobacco-use", HISTORICAL),
}


def also(seen: Iterable[Seen]) -> Iterator[Seen]:
    """Never having smoked is tobacco use denied, rather than a kind of it."""
    for one in seen:
        yield one
        if one.concept in _STANDS_FOR:
            concept, polarity = _STANDS_FOR[one.concept]
            yield Seen(concept, one.start, one.end, one.surface, polarity, one.cue)


_UNDONE_AFTER = re.compile(
    r"^(?:(?!\b(?:and|but)\b)[^.,;:()\n]){0,30}?\b(?:(?:not|never)\s+(?:yet\s+)?(?:been\s+)?(?:given|done|taken|administered|performed|received|measured|prescribed|booked)"
    r"|declined|refused)\b",
    re.IGNORECASE,
)

_UNDONE_BEFORE = re.compile(
    r"\b(?:declin(?:ed|es|ing)|refus(?:ed|es|ing|al of)|avoid(?:ed|s|ing)?)\s+(?:(?!to\b)\w+\s+){0,3}$",
    re.IGNORECASE,
)

_NONE_AFTER = re.compile(r"^\s*(?:is |was )?(?:none|nil|no)\b", re.IGNORECASE)

_UNSURE_AFTER = re.compile(
    r"^[^.;\n]{0,24}?\b(?:is|was|remains|as)\s+(?:a |an |only )*(?:provisional|unconfirmed|tentative|suspected|possible)\b",
    re.IGNORECASE,
)

_UNSURE_BEFORE = re.compile(
    r"\b(?:provisional(?: diagnosis(?: of)?:?)?|unconfirmed|tentative|thought to be|felt to be)\s*$",
    re.IGNORECASE,
)

# What was negative is the test, and "no bleeding in this pregnancy" denies no pregnancy.
_TESTED = re.compile(
    r"\b(?:smears?|cultures?|tests?|testing|swabs?|screens?|serolog\w+|antibod\w+)\b", re.IGNORECASE
)

_WITHIN = re.compile(r"\b(?:in|during|on|since|despite) (?:this|her|his|the)\s+$", re.IGNORECASE)

# "No ulcers, monofilament reduced": what has a predicate of its own is not in the list of what is denied.
_OWN_VERB = re.compile(
    r"^\s+(?:is|was|are|were|reduced|intact|normal|present|positive|palpable|clear|soft|stable|raised|elevated|\d)\b",
    re.IGNORECASE,
)
_NOT_SUSPECTED = re.compile(
    r"^[^.;\n]{0,40}?\b(?:not|never)\s+(?:suspected|likely|thought|considered|felt)\b", re.IGNORECASE
)


def seen_as(text: str, assertion: Assertion) -> Seen:
    mention = assertion.mention
    polarity, cue = assertion.polarity, assertion.cue or ""
    after = text[mention.end : mention.end + 60]
    if polarity == PRESENT and re.search(r"(?<![\d.])0 $", text[max(0, mention.start - 3) : mention.start]):
        polarity, cue = ABSENT, "0"  # "0 swollen joints"
    if polarity == ABSENT and assertion.cue_start is not None and assertion.cue_end is not None:
        if (
            assertion.cue_start >= mention.end
            and "negative" in cue.lower()
            and _TESTED.search(text[mention.end : assertion.cue_start])
        ):
            polarity = PRESENT
        if assertion.cue_end <= mention.start:
            gap = text[assertion.cue_end : mention.start]
            if _WITHIN.search(gap) or ("," in gap and _OWN_VERB.match(after)):
                polarity = PRESENT
    if polarity == POSSIBLE and _NOT_SUSPECTED.match(after):
        polarity = ABSENT
    if polarity == PRESENT and _NONE_AFTER.match(after):
        polarity, cue = ABSENT, "none"
    if polarity == PRESENT and (
        _UNSURE_AFTER.match(after) or _UNSURE_BEFORE.search(text[max(0, mention.start - 30) : mention.start])
    ):
        polarity, cue = POSSIBLE, "provisional"
    if measured(mention.concept) and polarity in (ABSENT, HISTORICAL, POSSIBLE) and not _DENIES.match(cue):
        polarity = PRESENT  # "negative", "gone up" are its results
    if polarity == PRESENT and not mention.concept.startswith(("problem:", "symptom:")):
        before = text[max(0, mention.start - 40) : mention.start]
        if _UNDONE_AFTER.match(text[mention.end : mention.end + 60]) or _UNDONE_BEFORE.search(before):
            polarity, cue = ABSENT, "not given"
    if polarity == ABSENT and _RESOLVED.search(cue):
        polarity = RESOLVED
    return Seen(mention.concept, mention.start, mention.end, mention.surface, polarity, cue)
