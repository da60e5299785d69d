"""A text read once: what it mentions and how, its numbers and what they belong to, its dates, its words.

The same reading is made of a sentence that is checked and of the evidence that it cites.
"""

from __future__ import annotations

import bisect
import datetime as dt
import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from services.grounding.dates import When, find_dates
from services.grounding.figures import Figure, find_figures
from services.grounding.units import convert_value
from services.grounding.words import GLUE, Word, sides, words_of
from services.knowledge.assertion import Assertion, assess
from services.knowledge.lexicon import Mention, lexicon
from services.knowledge.sentences import sentences
from services.knowledge.units import normalise_unit

PRESENT, ABSENT, POSSIBLE, RESOLVED = "present", "absent", "possible", "resolved"
FAMILY, HISTORICAL, HYPOTHETICAL = "family", "historical", "hypothetical"
FAMILY_ABSENT = "absent in the family"
SYSTOLIC, DIASTOLIC = "vital:systolic-blood-pressure", "vital:diastolic-blood-pressure"
PRESSURE = "vital:blood-pressure"
_MEASURED = ("lab:", "vital:")
_GIVEN = ("drug:", "drugclass:", "vaccine:", "substance:")
_DOSES = frozenset({"mg", "ug", "g", "iu", "tablet", "capsule", "puff", "drop", "spray", "patch", "dose", "mL"})
_BODY = frozenset({"kg", "[lb_av]", "cm", "m", "[in_i]", "[ft_i]", "mm", "km", "mile"})
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


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and the concepts that it belongs to (none where the text doesn't say)."""

    figure: Figure
    topics: frozenset[str]
    sentence: int
    named: bool = False
    """Whether it is part of a term ("CKD stage 4"), and judged as that."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says."""

    text: str
    bounds: tuple[tuple[int, int], ...]
    seen: tuple[Seen, ...]
    amounts: tuple[Amount, ...]
    dates: tuple[When, ...]
    words: tuple[Word, ...]
    sides: tuple[tuple[str, int, int], ...]

    def sentence_at(self, place: int) -> int:
        """The index of the sentence that a place is in."""
        return max(0, bisect.bisect_right([a for a, _ in self.bounds], place) - 1)

    def around(self, place: int) -> str:
        """The sentence that a place is in."""
        if not self.bounds:
            return self.text
        start, end = self.bounds[self.sentence_at(place)]
        return self.text[start:end]


@functools.lru_cache(maxsize=8192)
def read(text: str, as_of: dt.date | None = None) -> Reading:
    """The reading of a text. Cached, since the same evidence stands behind many sentences."""
    words = lexicon()
    mentions = _told(words.find(text, query=False), text)
    dates = find_dates(text, as_of)
    named = [
        (m.start, m.end)
        for m in mentions
        if any(c.isdigit() for c in m.surface) and (not m.concept.startswith(_MEASURED) or _name(m.surface))
    ]
    ago = [(w.start, w.end) for w in dates if w.relative]
    figures = find_figures(text, [*((w.start, w.end) for w in dates), *named])
    bounds = tuple(sentences(text))
    seen = tuple(_also(_seen(text, a) for a in _assessed(text, mentions)))
    return Reading(
        text,
        bounds,
        seen,
        (*_bind(text, bounds, seen, figures), *_inner(text, bounds, named, ago)),
        tuple(dates),
        tuple(words_of(text)),
        tuple(sides(text)),
    )


@functools.lru_cache(maxsize=4096)
def denials(reading: Reading) -> Mapping[str, tuple[bool, ...]]:
    """Of each stem of the text, whether it is plainly denied, wherever it stands."""
    places = [Mention("", w.start, w.end, reading.text[w.start : w.end]) for w in reading.words]
    found: dict[str, list[bool]] = {}
    for word, assertion in zip(reading.words, _assessed(reading.text, places), strict=True):
        found.setdefault(word.stem, []).append(_plainly_denied(reading.text, assertion))
    return {k: tuple(v) for k, v in found.items()}


_NO_LIST = re.compile(r"\b(?:in|of|for|from|on|at|with|to|during|by|since|but|than|which|that)\b|[;:\n]", re.IGNORECASE)


def _plainly_denied(text: str, assertion: Assertion) -> bool:
    """Denied by a word right before or behind: further away a denial may be of something else."""
    mention = assertion.mention
    if assertion.polarity != ABSENT or assertion.cue_start is None or assertion.cue_end is None:
        return _seen(text, assertion).polarity == ABSENT
    if "negative" in (assertion.cue or "").lower() or _RESOLVED.search(assertion.cue or ""):
        return False  # a result or a state, judged as such
    before = assertion.cue_end <= mention.start
    gap = text[assertion.cue_end : mention.start] if before else text[mention.end : assertion.cue_start]
    gap = "" if gap.strip() == "to" else gap
    listed = (assertion.cue or "").lower().startswith("den")
    if not before:
        return len(gap.split()) <= 1
    return (listed or "," not in gap) and not _NO_LIST.search(gap) and (listed or len(gap.split()) <= 3)


def polarity_at(reading: Reading, start: int, end: int) -> str:
    """What the text says of the words at a place."""
    mention = Mention("", start, end, reading.text[start:end])
    return next(_seen(reading.text, a).polarity for a in _assessed(reading.text, [mention]))


def _inner(
    text: str, bounds: Sequence[tuple[int, int]], named: Sequence[tuple[int, int]], ago: Sequence[tuple[int, int]]
) -> Iterator[Amount]:
    """The stages inside terms and the times inside "six months ago", for a sentence that names those alone."""
    starts = [a for a, _ in bounds]
    for low, high in (*named, *ago):
        for figure in find_figures(text[low:high]):
            if figure.kind in ("grade", "duration"):
                moved = replace(figure, start=figure.start + low, end=figure.end + low)
                yield Amount(moved, frozenset(), max(0, bisect.bisect_right(starts, low) - 1), True)


def _name(surface: str) -> bool:
    """Whether the digits are part of a name ("PHQ-9", "HbA1c"), rather than a value behind it."""
    return re.search(r"[A-Za-z]-?\d|\d[A-Za-z]", surface) is not None


_TREND_VERB = re.compile(r"fell|falls?|falling|dropp?(?:ed|s|ing)?", re.IGNORECASE)


def _told(mentions: Sequence[Mention], text: str) -> list[Mention]:
    """Without words that only look like a term: a letter before no value, "BNP fell", the month of May."""
    values = any(measured(m.concept) for m in mentions)
    kept = [
        m
        for m in _parts(mentions, text)
        if not (len(m.surface) == 1 and not _SHORTHAND.match(text, m.start) and not re.match(r"[\s:=of<>~was]*[\d<>]", text[m.end : m.end + 16]))
        and m.surface != "down"
        and not (values and _TREND_VERB.fullmatch(m.surface) and _of_value(m, mentions, text))
    ]
    return sorted(kept, key=lambda m: m.start)


_ALLERGY = re.compile(r"\b(?:allerg(?:y|ies|ic)|intoleran(?:ce|t))\b(?: to)?", re.IGNORECASE)


_LEVEL = re.compile(r"(?:high|low|elevated|raised|reduced|decreased|increased|normal|abnormal)\b", re.IGNORECASE)
_VALUE_AFTER = re.compile(r"\s*(?:count |level |value |result )?(?:of|at|is|was|\(|:)\s*\(?\d")
# Shorthand of notes that the tables don't have: "T 39.2" is a temperature, "T -2.7" a T-score.
_SHORTHAND = re.compile(r"(?P<potassium>\bK\b(?= (?:re)?check| hourly| normal| is normal| stable))|\bT\b(?=:?\s+(?:(?P<temperature>3[4-9]|4[0-2]|9[3-9]|10[0-7])(?:\.\d)?\b|(?P<score>[-−]\d\.\d)))")


def _parts(mentions: Sequence[Mention], text: str) -> Iterator[Mention]:
    """ "Penicillin allergy" mentions penicillin, and "high potassium of 6" potassium: the rest is checked on its own."""
    for found in _SHORTHAND.finditer(text):
        concept = "lab:potassium" if found["potassium"] else "vital:body-temperature" if found["temperature"] else "vital:t-score"
        yield Mention(concept, found.start(), found.end(), found.group())
    for mention in mentions:
        found = _ALLERGY.search(mention.surface) if mention.concept.endswith("allergy") else None
        if found is None and _VALUE_AFTER.match(text, mention.end) and not measured(mention.concept):
            found = _LEVEL.match(mention.surface)
        if found is None:
            yield mention
            continue
        rest = mention.surface[: found.start()] + " " * len(found.group()) + mention.surface[found.end() :]
        inner = lexicon().find(rest, query=False)
        yield from inner and (Mention(m.concept, mention.start + m.start, mention.start + m.end, m.surface) for m in inner) or (mention,)


def _of_value(mention: Mention, mentions: Sequence[Mention], text: str) -> bool:
    near = text[max(0, mention.start - 60) : mention.start].rpartition(".")[2]
    low = mention.start - len(near)
    return any(measured(m.concept) and low <= m.start < mention.start for m in mentions)


_DENIES = re.compile(r"no|not|never|without|denie[sd]|none|isn't|wasn't|hasn't", re.IGNORECASE)
RELATIVE = re.compile(
    r"\b(?:(?:grand)?(?:mother|father)|mom|mum|dad|sister|brother|aunt|uncle|cousin|son|daughter|sibling|parent|relative|maternal|paternal)s?\b",
    re.IGNORECASE,
)


# "Never had an LDCT and his flu shot is due": what is denied ends where a new clause begins.
_NEW_CLAUSE = re.compile(
    r",(?= (?:per|according|as per|as of|with|on the|in the|his|her|the)\b)|\band(?= (?:his|her|their|he|she|they|it|was|were|is|are|has|had|now|takes?|uses?|reports?|reported)\b)", re.IGNORECASE
)


# Words that end a denial elsewhere, but not here: "not yet booked", "denies plan or intent".
_NO_STOP = re.compile(r"(?<=\bnot )yet\b|(?<=\bdenies )plan\b|(?<=\bdenied )plan\b|(?<=\bwere )(?:both|all)\b"
    r"|\b(?:never|not|no|without) (?:omit\w*|miss(?:ed|ing|es)?|skip\w*)\b|\bnot (?:ready|willing|keen) to\b", re.IGNORECASE)


def _assessed(text: str, mentions: Sequence[Mention]) -> Iterator[Assertion]:
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


_STANDS_FOR = {"social:never-smoker": ("social:tobacco-use", ABSENT), "social:former-smoker": ("social:tobacco-use", HISTORICAL)}


def _also(seen: Iterable[Seen]) -> Iterator[Seen]:
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
    r"\b(?:declin(?:ed|es|ing)|refus(?:ed|es|ing|al of)|avoid(?:ed|s|ing)?)\s+(?:(?!to\b)\w+\s+){0,3}$", re.IGNORECASE
)
_NONE_AFTER = re.compile(r"^\s*(?:is |was )?(?:none|nil|no)\b", re.IGNORECASE)
_UNSURE_AFTER = re.compile(
    r"^[^.;\n]{0,24}?\b(?:is|was|remains|as)\s+(?:a |an |only )*(?:provisional|unconfirmed|tentative|suspected|possible)\b", re.IGNORECASE
)
_UNSURE_BEFORE = re.compile(r"\b(?:provisional(?: diagnosis(?: of)?:?)?|unconfirmed|tentative|thought to be|felt to be)\s*$", re.IGNORECASE)
# What was negative is the test, and "no bleeding in this pregnancy" denies no pregnancy.
_TESTED = re.compile(r"\b(?:smears?|cultures?|tests?|testing|swabs?|screens?|serolog\w+|antibod\w+)\b", re.IGNORECASE)
_WITHIN = re.compile(r"\b(?:in|during|on|since|despite) (?:this|her|his|the)\s+$", re.IGNORECASE)
_NOT_SUSPECTED = re.compile(r"^[^.;\n]{0,40}?\b(?:not|never)\s+(?:suspected|likely|thought|considered|felt)\b", re.IGNORECASE)


def _seen(text: str, assertion: Assertion) -> Seen:
    mention = assertion.mention
    polarity, cue = assertion.polarity, assertion.cue or ""
    after = text[mention.end : mention.end + 60]
    if polarity == PRESENT and re.search(r"(?<![\d.])0 $", text[max(0, mention.start - 3) : mention.start]):
        polarity, cue = ABSENT, "0"  # "0 swollen joints"
    if polarity == ABSENT and assertion.cue_start is not None and assertion.cue_end is not None:
        if assertion.cue_start >= mention.end and "negative" in cue.lower() and _TESTED.search(text[mention.end : assertion.cue_start]):
            polarity = PRESENT
        if assertion.cue_end <= mention.start and _WITHIN.search(text[assertion.cue_end : mention.start]):
            polarity = PRESENT
    if polarity == POSSIBLE and _NOT_SUSPECTED.match(after):
        polarity = ABSENT
    if polarity == PRESENT and _NONE_AFTER.match(after):
        polarity, cue = ABSENT, "none"
    if polarity == PRESENT and (_UNSURE_AFTER.match(after) or _UNSURE_BEFORE.search(text[max(0, mention.start - 30) : mention.start])):
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


def measured(concept: str) -> bool:
    """Whether the concept is something that has values."""
    return concept.startswith(_MEASURED)


def given(concept: str) -> bool:
    """Whether the concept is something that is given in doses, or that one is allergic to."""
    return concept.startswith(_GIVEN)


def _bind(text: str, bounds: Sequence[tuple[int, int]], seen: Sequence[Seen], figures: Sequence[Figure]) -> list[Amount]:
    found: list[Amount] = []
    starts = [a for a, _ in bounds]
    for figure in figures:
        index = max(0, bisect.bisect_right(starts, figure.start) - 1)
        low, high = bounds[index] if bounds else (0, len(text))
        near = [s for s in seen if low <= s.start < high and _takes(s.concept, figure)]
        found.append(Amount(figure, _topics(text, near, figure, figures), index))
    _respectively(text, seen, found)
    return [_pressures(a, found[i - 1] if i else None) for i, a in enumerate(found)]


def _takes(concept: str, figure: Figure) -> bool:
    """Whether a number of this kind can be a value, or a dose, of the concept."""
    if figure.kind == "rate":
        return given(concept)
    if figure.kind != "value":
        return False
    if figure.unit is None:
        return measured(concept) or given(concept)
    if figure.unit in _DOSES:
        return given(concept) or (figure.unit == "mL" and concept == "vital:urine-output")
    return measured(concept) and _measures(concept, figure.unit)


@functools.lru_cache(maxsize=4096)
def _measures(concept: str, unit: str) -> bool:
    """Whether the concept can have values in the unit; where the tables give it none, it may."""
    units = lexicon().get(concept).units
    if not units:
        return unit not in _BODY
    if unit in ("%", "mg/dL", "mmol/L", "g/dL", "g/L", "mg/L"):
        return True  # a wrong one of these is the likelier mistake than another thing's value
    return any(convert_value(1.0, unit, normalise_unit(u) or u, concept) is not None for u in units) or unit not in _BODY


_ADJACENT = re.compile(
    r"^\s*(?:(?:of|for|on|oral|the|daily|po|by mouth|once|twice|dose of|in|his|her|serum|total|a)\s+){0,3}\(?$", re.IGNORECASE
)


_OF = re.compile(r"^\s*(?:of|for)\s+(?:[A-Za-z][\w-]*\s+){0,3}$")


def _topics(text: str, near: Sequence[Seen], figure: Figure, figures: Sequence[Figure]) -> frozenset[str]:
    """The mention that a number belongs to: the last one before it, or one right behind it."""
    # A drug's dose without a unit stands right behind its name.
    before = [s for s in near if s.end <= figure.start and (figure.unit or figure.kind == "rate" or measured(s.concept) or figure.start - s.end < 14)]
    after = [s for s in near if s.start >= figure.end]
    last = before[-1] if before else None
    following = after[0] if after else None
    if following is not None and (_ADJACENT.match(gap := text[figure.end : following.start]) or _OF.match(gap)):
        told = re.match(r"\s*(?:on|of|for)\b", text[figure.end : following.start]) and measured(following.concept)
        free = last is None or told or any(last.end <= f.start < figure.start for f in figures if f.kind == "value")
        if free or "," in text[last.end : figure.start] or len(text[last.end : figure.start].split()) > 3:  # type: ignore[union-attr]
            last = following
    if last is None:
        last = following if following is not None and not _parted(text[figure.end : following.start]) else None
    if last is None or _left_behind(text, last, figure, figures):
        return frozenset()
    return frozenset(s.concept for s in near if s.start == last.start)


_NEXT = re.compile(r",|;|\b(?:and|but|with)\b")


def _left_behind(text: str, topic: Seen, figure: Figure, figures: Sequence[Figure]) -> bool:
    """Whether the text has gone on to something else: "weight 88.4 kg, monofilament intact at 10/10 sites"."""
    if figure.start < topic.end or given(topic.concept):
        return False
    between = [f for f in figures if topic.end <= f.start <= figure.start and f.kind == "value"]
    for last, following in itertools.pairwise(between):
        gap = text[last.end : following.start]
        if _NEXT.search(gap) and sum(w.stem not in GLUE for w in words_of(gap) if not gap[w.start].isdigit()) > 1:
            return True
    return False


def _parted(gap: str) -> bool:
    return bool(re.search(r"[;.:]|\b(?:and|but|with)\b", gap)) or len(gap) > 40


def _respectively(text: str, seen: Sequence[Seen], amounts: list[Amount]) -> None:
    """ "Sodium and potassium were 141 and 4.1, respectively": in the order of naming."""
    at = text.lower().find("respectively")
    if at < 0:
        return
    numbers = [i for i, a in enumerate(amounts) if a.figure.end <= at and a.figure.kind == "value"]
    topics = list({s.start: s for s in seen if s.end <= at and (measured(s.concept) or given(s.concept))}.values())
    if numbers and len(topics) == len(numbers) and topics[-1].end <= amounts[numbers[0]].figure.start:
        for i, topic in zip(numbers, topics, strict=True):
            amounts[i] = Amount(amounts[i].figure, frozenset({topic.concept}), amounts[i].sentence)


def _pressures(amount: Amount, last: Amount | None) -> Amount:
    """The halves of a blood pressure are its systolic and diastolic values."""
    figure = amount.figure
    if not figure.pair or not (amount.topics & {PRESSURE, SYSTOLIC, DIASTOLIC} or (not amount.topics and figure.unit == "mm[Hg]")):
        return amount
    return Amount(figure, frozenset({SYSTOLIC if figure.pair == 1 else DIASTOLIC}), amount.sentence)
