"""What an encounter's notes say is present: diagnoses of the assessment, and times and remarks that levels rest on."""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.bots.billing_code_suggester.coding import VAGUE, by_text, staged
from services.bots.billing_code_suggester.model import Support
from services.chart.entry import Entry
from services.index.text.sections import sections
from services.knowledge.assertion import HISTORICAL, PRESENT, Assertion, assess, laterality
from services.knowledge.assertion import sentences as bounds
from services.knowledge.billing import tables
from services.knowledge.billing.icd10 import icd10, under, words
from services.knowledge.lexicon import Mention, lexicon
from services.knowledge.terms import TOKEN

_ASSESSED = re.compile(r"assess|impression|diagnos|\bplan\b|\ba ?[/&] ?p\b", re.IGNORECASE)
_NOT_ASSESSED = re.compile(r"differential|history|past|family|problem list|screening", re.IGNORECASE)
_AFTER = re.compile(
    r"\s*\?|[\s,-]*(?:plan|protocol|teaching|screen\w*|prevention|prophyla\w*|risk|vaccin\w*|immuni[sz]\w*|education|counsel\w*|clinic|specialist|"
    r"precautions?|scale|score|questionnaire|medications?|meds?|tablets?|pills?|resolved|panel)\b",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"\b(?:screen\w*(?: for)?|risks? (?:of|for)|prevent\w*|monitor\w* for|watch\w* for|return (?:if|for)|avoid\w*|"
    r"prophylaxis (?:of|for|against)|vaccin\w* (?:for|against)|r/o|side effects?(?: of)?|call (?:if|for)|in case of)"
    r"[\s\w,]{0,24}$",
    re.IGNORECASE,
)
_WORSE = re.compile(
    r"\b(?:worse(?:n\w*)?|uncontrolled|poorly controlled|not (?:well )?controlled|not at goal|above goal|exacerbat\w*|"
    r"decompensat\w*|progress(?:ing|ed|ive)|flare|deteriorat\w*|inadequately controlled)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:no|not|never|without|denies|isn't|neither)\b[^.;]{0,30}$", re.IGNORECASE)
_TIME = re.compile(
    r"\b(?:total (?:visit |encounter |clinician |provider )?time(?: spent)?(?: on (?:the )?(?:date|day) of (?:the |this )?(?:encounter|visit|service))?"
    r"(?:,? (?:including|was|is|of))?|time spent|i (?:have )?spent(?: a total of)?)\D{0,40}?(\d{1,3}) ?(?:min\b|minutes?)",
    re.IGNORECASE,
)
_KINDS = ("problem", "symptom", "drug", "drugclass")
_SPAN = 5  # words on each side that may make a name more specific


@dataclass(frozen=True, slots=True)
class Told:
    """A diagnosis in the words of a note. `past`: it was had before."""

    code: str
    concept: str
    side: str
    past: bool
    worse: bool
    support: Support
    text: str


@dataclass(frozen=True, slots=True)
class _Note:
    """What was read in a text: its sentences, what of it assesses (None: nothing is marked), what it says of what."""

    sentences: tuple[tuple[int, int], ...]
    assessing: tuple[tuple[int, int], ...] | None
    assertions: tuple[Assertion, ...]

    def sentence(self, at: int, end: int) -> tuple[int, int]:
        """The sentence at a place."""
        place = bisect.bisect_right(self.sentences, at, key=lambda span: span[0]) - 1
        return self.sentences[place] if place >= 0 and at < self.sentences[place][1] else (at, end)

    def assesses(self, at: int) -> bool:
        return self.assessing is None or any(a <= at < b for a, b in self.assessing)


@functools.lru_cache(maxsize=256)
def read(text: str) -> _Note:
    """A note's text, read once: the same note is asked about again and again."""
    parts = tuple(
        (s.start, s.end) for s in sections(text) if s.title and _ASSESSED.search(s.title) and not _NOT_ASSESSED.search(s.title)
    )  # fmt: skip
    mentions = [m for m in lexicon().find(text, query=False) if m.concept.partition(":")[0] in _KINDS]
    return _Note(tuple(bounds(text)), parts or None, tuple(assess(text, mentions)))


def told(entry: Entry, text: str) -> Iterator[Told]:
    """The diagnoses that a note asserts, where it has an assessment there only."""
    for code, concept, side, past, worse, sentence in _told(text):
        yield Told(code, concept, side, past, worse, quoted(entry, sentence), sentence)


@functools.lru_cache(maxsize=256)
def _told(text: str) -> tuple[tuple[str, str, str, bool, bool, str], ...]:
    note = read(text)
    found = []
    for assertion in note.assertions:
        at = assertion.mention
        if not at.concept.startswith(("problem:", "symptom:")) or not note.assesses(at.start):
            continue
        if assertion.polarity not in (PRESENT, HISTORICAL):
            continue
        start, end = note.sentence(at.start, at.end)
        if _AFTER.match(text, at.end) or _BEFORE.search(text[start : at.start]):
            continue
        code = _longest(text, start, end, at)
        if code:
            sentence = text[start:end]
            worse = any(not _DENIED.search(sentence[: m.start()]) for m in _WORSE.finditer(sentence))
            past = assertion.polarity == HISTORICAL
            found.append((code, at.concept, laterality(text, at) or "", past, worse, sentence))
    return tuple(found)


def quoted(entry: Entry, sentence: str) -> Support:
    return Support(entry.reference, entry.version, " ".join(sentence.split())[:300], entry.date)


def _longest(text: str, start: int, end: int, mention: Mention) -> str | None:
    """The code of the longest run of words around a mention that is a name in the classification of the same disease."""
    concept = lexicon().get(mention.concept)
    bare = by_text(mention.surface)
    base = bare.code if bare else tables.concept_codes().get(mention.concept)
    if base is None:
        named = by_text(concept.name)
        base = named.code if named else None
    spans = [m.span() for m in TOKEN.finditer(text, start, end)]
    first = next((n for n, (a, _) in enumerate(spans) if a >= mention.start), 0)
    last = next((n for n, (_, b) in enumerate(spans) if b >= mention.end), first)
    best, size = base, 0
    table = icd10()
    for left in range(max(0, first - _SPAN), first + 1):
        for right in range(last, min(len(spans), last + 1 + _SPAN)):
            length = right - left - (last - first)
            if length <= size:
                continue
            code = table.with_words(words(text[spans[left][0] : spans[right][1]]))
            if (
                code
                and not under(code, VAGUE)
                and (base is None or (code[:2] == base[:2] and not base.startswith(code)))
            ):  # the very words of a title
                best, size = code, length
                continue
            rest = words(f"{text[spans[left][0] : mention.start]} {text[mention.end : spans[right][1]]}")
            for name in (concept.name, *concept.synonyms) if rest and base else ():
                code = table.with_words(rest | words(name))
                if code and base and code[:3] == base[:3] and not base.startswith(code):
                    best, size = code, length
                    break
    return staged(best, text[mention.start : end]) if best else None


def minutes(notes: list[tuple[Entry, str]]) -> tuple[int, Support] | None:
    """The total time of the day that a note states; the least where there are several."""
    found = [
        (int(match[1]), quoted(entry, match.group()))
        for entry, text in notes
        for match in _TIME.finditer(text)
    ]
    return min(found, key=lambda item: item[0]) if found else None


def remark(notes: list[tuple[Entry, str]], pattern: re.Pattern[str]) -> Support | None:
    """The first sentence that says it, and doesn't deny it."""
    for entry, text in notes:
        for match in pattern.finditer(text):
            start, end = read(text).sentence(match.start(), match.end())
            if not _DENIED.search(text[start : match.start()]):
                return quoted(entry, text[start:end])
    return None
