"""What an encounter's notes say is present: diagnoses of the assessment, and times and remarks that levels rest on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.bots.billing_code_suggester.coding import by_text
from services.bots.billing_code_suggester.model import Support
from services.chart.entry import Entry
from services.index.text.sections import sections
from services.knowledge.assertion import HISTORICAL, PRESENT, assess, laterality
from services.knowledge.assertion import sentences as bounds
from services.knowledge.billing import tables
from services.knowledge.billing.icd10 import icd10, words
from services.knowledge.lexicon import Mention, lexicon
from services.knowledge.terms import TOKEN

_ASSESSED = re.compile(r"assess|impression|diagnos|\bplan\b|\ba ?[/&] ?p\b", re.IGNORECASE)
_NOT_ASSESSED = re.compile(r"differential|history|past|family|problem list|screening", re.IGNORECASE)
_AFTER = re.compile(
    r"[\s,-]*(?:screen\w*|prevention|prophyla\w*|risk|vaccin\w*|immuni[sz]\w*|education|counsel\w*|clinic|specialist|"
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


def told(entry: Entry, text: str) -> Iterator[Told]:
    """The diagnoses that a note asserts, where it has an assessment there only."""
    parts = [s for s in sections(text) if s.title and _ASSESSED.search(s.title) and not _NOT_ASSESSED.search(s.title)]
    mentions = [m for m in lexicon().find(text, query=False) if m.concept.partition(":")[0] in ("problem", "symptom")]
    sentences = bounds(text)
    for assertion in assess(text, mentions):
        at = assertion.mention
        inside = not parts or any(s.start <= at.start < s.end for s in parts)
        if assertion.polarity not in (PRESENT, HISTORICAL) or not inside:
            continue
        start, end = next(((a, b) for a, b in sentences if a <= at.start < b), (at.start, at.end))
        if _AFTER.match(text, at.end) or _BEFORE.search(text[start : at.start]):
            continue
        code = _longest(text, start, end, at)
        if code:
            sentence = text[start:end]
            worse = any(not _DENIED.search(sentence[: m.start()]) for m in _WORSE.finditer(sentence))
            yield Told(code, at.concept, laterality(text, at) or "", assertion.polarity == HISTORICAL, worse,
                       quoted(entry, sentence), sentence)  # fmt: skip


def quoted(entry: Entry, sentence: str) -> Support:
    return Support(entry.reference, entry.version, " ".join(sentence.split())[:300], entry.date)


def _longest(text: str, start: int, end: int, mention: Mention) -> str | None:
    """The code of the longest run of words around a mention that is a name in the classification of the same disease."""
    bare = by_text(mention.surface) or by_text(lexicon().get(mention.concept).name)
    base = tables.concept_codes().get(mention.concept) or (bare.code if bare else None)
    if base is None:
        return None
    spans = [m.span() for m in TOKEN.finditer(text, start, end)]
    first = next((n for n, (a, _) in enumerate(spans) if a >= mention.start), 0)
    last = next((n for n, (_, b) in enumerate(spans) if b >= mention.end), first)
    best, size = base, 0
    table = icd10()
    name = words(lexicon().get(mention.concept).name)
    for left in range(max(0, first - _SPAN), first + 1):
        for right in range(last, min(len(spans), last + 1 + _SPAN)):
            if right - left - (last - first) <= size:
                continue
            window = text[spans[left][0] : spans[right][1]]
            rest = f"{text[spans[left][0] : mention.start]} {text[mention.end : spans[right][1]]}"
            code = table.with_words(words(window)) or table.with_words(words(rest) | name)
            if code and code[:3] == base[:3]:
                best, size = code, right - left - (last - first)
    return best


def minutes(notes: list[tuple[Entry, str]]) -> tuple[int, Support] | None:
    """The total time of the day that a note states; the least where there are several."""
    found = [
        (int(match[1]), quoted(entry, match.group())) for entry, text in notes for match in _TIME.finditer(text)
    ]
    return min(found, key=lambda item: item[0]) if found else None


def remark(notes: list[tuple[Entry, str]], pattern: re.Pattern[str]) -> Support | None:
    """The first sentence that says it, and doesn't deny it."""
    for entry, text in notes:
        for match in pattern.finditer(text):
            start, end = next(((a, b) for a, b in bounds(text) if a <= match.start() < b), match.span())
            if not _DENIED.search(text[start : match.start()]):
                return quoted(entry, text[start:end])
    return None


def assessed(entry_text: tuple[Entry, str]) -> Iterator[tuple[str, int, int]]:
    """(text, start, end) of the parts of a note that assess and plan; all of it where none is marked."""
    text = entry_text[1]
    parts = [s for s in sections(text) if s.title and _ASSESSED.search(s.title) and not _NOT_ASSESSED.search(s.title)]
    for part in parts:
        yield text, part.start, part.end
    if not parts:
        yield text, 0, len(text)
