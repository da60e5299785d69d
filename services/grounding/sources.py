"""Evidence as the check sees it: its reading, with what its kind of resource says about it."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from services.grounding.assertions import (
    ABSENT,
    FAMILY,
    FAMILY_ABSENT,
    HISTORICAL,
    HYPOTHETICAL,
    POSSIBLE,
    PRESENT,
    RESOLVED,
    Seen,
)
from services.grounding.dates import Span, When, of_day, span_of
from services.grounding.evidence import Evidence
from services.grounding.figure import Figure
from services.grounding.reading import Reading, read
from services.grounding.shorthand import long_forms
from services.grounding.terms import given, measured
from services.grounding.words import SAME, words_of
from services.knowledge.lexicon import lexicon

_ENTRIES = frozenset(
    [
        "Observation",
        "Condition",
        "AllergyIntolerance",
        "Procedure",
        "MedicationRequest",
        "MedicationStatement",
        "Immunization",
    ]
)
_STATUS = re.compile(r"(?m)^Status:\s*(.+)$")
_NOT_DONE = re.compile(
    r"^(?:Not given|Not done|Not taking|Do not give)\b|\bnot-(?:done|taken)\b", re.IGNORECASE
)
_UNSURE = re.compile(r"unconfirmed|provisional|differential", re.IGNORECASE)
_OVER = re.compile(r"resolved|remission|inactive|stopped|completed|abated", re.IGNORECASE)
_UNSTARTED = re.compile(r"^(?:Cancelled|Draft, not ordered|Proposed|Planned|Intended)", re.IGNORECASE)
_EARLIER_AFTER = re.compile(
    r"^[^.;\n\d]{0,24}\b(?:earlier|ago|before|last time|previously|at the start|at start|last visit|last check)\b",
    re.IGNORECASE,
)
_EARLIER_BEFORE = re.compile(
    r"(?:\bfrom|\b(?:were|was|last|previously|before|then|usually|pre(?:-\w+)?)|\))\s*$|\((?:last |was |were |from |previously )?$",
    re.IGNORECASE,
)


_FALLS = re.compile(r"[\d.,]+[^\d,;]{0,16}?(?:\bto|→|->)\s+(?P<next>\d+(?:\.\d+)?)")


def _descends(text: str, figure: Figure) -> bool:
    """Of "69.4 to 64.1 kg" the first was earlier: a range is not written downwards. Upwards it is only behind "from"."""
    match = _FALLS.match(text[figure.start : figure.end + 40])
    after_from = (
        re.search(r"\bfrom\s*$", text[max(0, figure.start - 8) : figure.start], re.IGNORECASE) is not None
    )
    return match is not None and (float(match["next"]) < figure.value or after_from)


@dataclass(frozen=True, slots=True)
class Value:
    """A number of the evidence with what it belongs to and when it was."""

    figure: Figure
    topics: frozenset[str]
    source: Source
    dates: tuple[Span, ...]
    earlier: bool
    """Whether the text says that it was before the evidence's own date."""
    dated: bool = False
    """Whether its date stands right behind it, so that no other can be meant."""

    @property
    def day(self) -> dt.date | None:
        """When it was, for putting values in order; None where only "before" is known."""
        return self.dates[0][0] if self.dates else None


@dataclass(frozen=True, slots=True)
class Source:
    """One piece of evidence, read."""

    evidence: Evidence
    reading: Reading
    own: frozenset[str]
    """The concepts that the whole entry is about."""
    status: str
    entry: bool
    """Whether it is one coded entry, rather than prose or a panel."""

    @property
    def number(self) -> int:
        return self.evidence.number

    @property
    def day(self) -> Span | None:
        """Its clinical date."""
        return span_of(self.evidence.date)

    def dates(self) -> Iterator[Span]:
        """Every date that it gives."""
        if self.day:
            yield self.day
        for when in self.reading.dates:
            yield from when.readings

    def stems(self) -> frozenset[str]:
        """The stems of its words, and of other names of what it mentions."""
        return _stems(self.reading)

    def holds_words(self, wanted: frozenset[str], start: int, end: int) -> int:
        """How many of the stems stand in a part of it, as words or as a whole other name of what it mentions."""
        here = {SAME.get(w.stem, w.stem) for w in self.reading.words if start <= w.start < end} & wanted
        for seen in self.reading.seen:
            if start <= seen.start < end:
                here |= {stem for name in _names(seen.concept) if name <= wanted for stem in name}
        return len(here)


@functools.lru_cache(maxsize=4096)
def source_of(evidence: Evidence) -> Source:
    """The evidence, read. Cached."""
    text = evidence.text
    if evidence.title and " ".join(evidence.title.split()) not in " ".join(text.split()):
        text = f"{evidence.title}.\n{text}"
    reading = _dated(_without_category(read(text)), span_of(evidence.date))
    entry = evidence.resource_type in _ENTRIES
    if evidence.resource_type.startswith("Medication"):
        reading = _with_combination(reading)
    found = _STATUS.search(text)
    first = text.partition("\n")[0]
    own = frozenset(s.concept for s in reading.seen if s.start < len(first)) if entry else frozenset()
    return Source(evidence, reading, own, (found[1] if found else "").lower(), entry)


def _without_category(reading: Reading) -> Reading:
    """A rendered entry's category is a label, not a finding: "RAD" there is radiology."""
    lines = [m.span() for m in re.finditer(r"(?m)^Category: .*$", reading.text)]
    return replace(
        reading, seen=tuple(s for s in reading.seen if not any(a <= s.start < b for a, b in lines))
    )


# "Acetaminophen 325 MG / HYDROcodone 7.5 MG": the names on both sides of the stroke.
_COMBINED = re.compile(
    r"\b(?P<a>[A-Za-z]{4,})(?:\s[A-Za-z]+)?\s[\d.]+ ?MG / (?P<b>[A-Za-z]{4,})", re.IGNORECASE
)


def _with_combination(reading: Reading) -> Reading:
    """ "Acetaminophen 325 MG / HYDROcodone 7.5 MG" is hydrocodone-acetaminophen, where the lexicon has it as one."""
    found = _COMBINED.search(reading.text.partition("\n")[0])
    more = (
        [
            Seen(m.concept, found.start(), found.end("b"), found.group(), PRESENT)
            for a, b in ((found["a"], found["b"]), (found["b"], found["a"]))
            for m in lexicon().find(f"{a}-{b}", query=False)
            if m.start == 0 and m.end == len(f"{a}-{b}")
        ]
        if found
        else []
    )
    return replace(reading, seen=tuple(sorted((*reading.seen, *more), key=lambda s: s.start)))


def _dated(reading: Reading, day: Span | None) -> Reading:
    """The reading with the days that its dates without a year, and "tomorrow", mean in a text of this date."""
    if day is None or day[0] != day[1]:
        return reading
    return replace(reading, dates=tuple(of_day(when, day[0]) for when in reading.dates))


@functools.lru_cache(maxsize=4096)
def values_of(source: Source) -> tuple[Value, ...]:
    """The numbers of the evidence."""
    reading = source.reading
    dated = _own_dates(reading)
    found = []
    for amount in reading.amounts:
        figure = amount.figure
        topics = amount.topics
        if not topics and source.entry and figure.kind in ("value", "rate"):
            topics = frozenset(c for c in source.own if measured(c) or given(c))
        line = reading.text[max(0, figure.start - 16) : figure.start].rpartition("\n")[2]
        told = not source.entry
        earlier = _descends(reading.text, figure) or (
            told
            and bool(
                _EARLIER_AFTER.match(reading.text[figure.end : figure.end + 40])
                or _EARLIER_BEFORE.search(line)
            )
        )
        mine = dated.get(figure.start) if told else None
        if mine is not None and mine.readings:
            days = mine.readings
            earlier = earlier or bool(source.day and mine.readings[0][1] < source.day[0])
        else:
            others = [w for w in dated.values() if told and w is not mine]
            days = tuple(_dates(source, amount.sentence, earlier, others))
        found.append(Value(figure, topics, source, days, earlier, bool(mine and mine.readings)))
    return tuple(found)


def _dates(source: Source, sentence: int, earlier: bool, others: Sequence[When]) -> Iterator[Span]:
    """The days that a number may be of: those its own sentence names (but for those of `others`), and the entry's."""
    reading = source.reading
    if source.day and not earlier:
        yield source.day
    for when in reading.dates:
        if when not in others and (source.entry or reading.sentence_at(when.start) == sentence):
            yield from when.readings


_ITS_DAY = re.compile(r"\s*[(,]?\s*(?:in|on|of|from|dated)?\s*", re.IGNORECASE)


def _own_dates(reading: Reading) -> dict[int, When]:
    """The date that stands right behind a number of prose ("2.8 in 2024"), by where the number starts."""
    found: dict[int, When] = {}
    for when in reading.dates:
        before = [
            a.figure for a in reading.amounts if a.figure.end <= when.start and a.figure.kind == "value"
        ]
        if before and _ITS_DAY.fullmatch(reading.text[before[-1].end : when.start]):
            found[before[-1].start] = when
    return found


@functools.lru_cache(maxsize=4096)
def _stems(reading: Reading) -> frozenset[str]:
    found = {w.stem for w in reading.words} | set(long_forms(reading.text))
    for seen in reading.seen:
        found.update(*_names(seen.concept))
    return frozenset(found)


@functools.lru_cache(maxsize=8192)
def _names(concept: str) -> tuple[frozenset[str], ...]:
    """The words of each name of a concept."""
    known = lexicon().get(concept)
    return tuple(
        frozenset(SAME.get(w.stem, w.stem) for w in words_of(name)) for name in (known.name, *known.synonyms)
    )


def polarities(source: Source, seen: Seen) -> frozenset[str]:
    """What the evidence says of something that it mentions. What has a value there was measured."""
    if measured(seen.concept) and seen.polarity != FAMILY:
        return frozenset({PRESENT, seen.polarity})
    if not source.entry or seen.concept not in source.own or seen.concept.startswith("social:"):
        return frozenset({seen.polarity})
    if not_done(source) or "refuted" in source.status:
        return frozenset({ABSENT})
    if _UNSURE.search(source.status):
        return frozenset({POSSIBLE})
    if _UNSTARTED.match(source.reading.text):
        return frozenset({HYPOTHETICAL})
    if source.evidence.resource_type in (
        "Condition",
        "MedicationRequest",
        "MedicationStatement",
    ) and _OVER.search(source.status):
        return frozenset({HISTORICAL, RESOLVED})
    if source.evidence.resource_type != "Condition" or seen.polarity in (RESOLVED, HISTORICAL):
        return frozenset({PRESENT})
    return frozenset({seen.polarity})


def not_done(source: Source) -> bool:
    """Whether the entry says of its subject that it was not given, done or taken."""
    return source.entry and bool(
        _NOT_DONE.search(source.reading.text.partition("\n")[0]) or _NOT_DONE.search(source.status)
    )


def relation(said: Iterable[str], found: str, *, absent: bool = False) -> bool:
    """Whether evidence of `found` is evidence of one of `said`: the same concept, or a wider one said.

    Of something denied it is the other way round: "no diabetes" covers "no type 2 diabetes".
    """
    words = lexicon()
    if absent:
        return any(found == c or found in words.closure(c) for c in said)
    return any(c == found or c in words.closure(found) for c in said)


ALLOWED = {
    PRESENT: frozenset({PRESENT, HISTORICAL}),
    HISTORICAL: frozenset({HISTORICAL, PRESENT, RESOLVED}),
    RESOLVED: frozenset({RESOLVED}),
    ABSENT: frozenset({ABSENT, RESOLVED}),
    POSSIBLE: frozenset({POSSIBLE}),
    FAMILY: frozenset({FAMILY}),
    FAMILY_ABSENT: frozenset({FAMILY_ABSENT, ABSENT}),
    HYPOTHETICAL: frozenset({HYPOTHETICAL, POSSIBLE, PRESENT, ABSENT, HISTORICAL}),
}
"""Which readings of the evidence bear out what a sentence says."""
