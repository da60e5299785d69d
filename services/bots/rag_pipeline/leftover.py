"""Content words of a question that no concept, time or cue accounts for."""

from __future__ import annotations

import datetime as dt
import functools
import re

from services.bots.rag_pipeline import categories, cues
from services.bots.rag_pipeline.plain_words import GENERIC, QUALIFYING
from services.bots.rag_pipeline.spans import spans_of, within
from services.index.features import stems
from services.knowledge.lexicon import Mention, lexicon
from services.knowledge.periods import find_period
from services.knowledge.terms import TOKEN
from services.knowledge.time_words import MONTHS


def leftover_words(
    bare: str, subjects: list[Mention], taken: list[tuple[int, int]], as_of: dt.date
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The stems of content words that nothing else accounts for.

    Beside a concept only those count that stand next to it ("urine sodium", "carotid stenosis"): the rest
    tell the circumstances, and only choose among several.
    """
    _, period_spans = find_period(bare, as_of)
    spans = [*spans_of(subjects), *taken, *period_spans]
    for _, cue in (*cues.ASKS, *cues.PICKS):
        # A cue that reaches over others' words ("how much … did she get") accounts for its own only.
        spans += [s for m in cue.finditer(bare) if m.end() - m.start() <= 24 for s in _own_words(m, subjects)]
    for cue in (
        cues.COMPARE,
        cues.LAST_N,
        cues.EVER,
        cues.STOPPED,
        cues.STARTED,
        cues.CURRENT,
        cues.FLAG,
        cues.CHANGED,
        cues.STATUS,
        cues.ORDERED,
        cues.GIVEN,
    ):
        spans += [m.span() for m in cue.finditer(bare)]
    kept: list[str] = []
    loose: list[str] = []
    for token in TOKEN.finditer(bare):
        word = token.group().lower().removesuffix("'s")
        beside = _beside(bare, token.span(), subjects)
        acronym = token.group().isupper() and len(word) > 1 and word not in GENERIC
        if (
            beside
            and not acronym
            and word not in QUALIFYING
            and (word not in _medical() or _own(word, subjects))
        ):
            beside = ""
        if (
            subjects
            and not beside
            and word in QUALIFYING
            and not within(*token.span(), spans_of(subjects))
            and subjects[0].concept.startswith("problem:")
        ):
            kept.append(word)
            continue
        if (
            subjects
            and re.fullmatch(r"\d[a-c]?|i{1,3}|iv", word)
            and (beside == "after" or _GRADE.search(bare[: token.start()]))
            and subjects[0].concept.startswith("problem:")
        ):
            kept.append(word)  # "CKD 3b", "stage 4"
            continue
        if (
            word in GENERIC
            or is_generic(word)
            or word in MONTHS
            or len(word) < 2
            or word.isdigit()
            or within(*token.span(), spans)
        ):
            continue
        if re.fullmatch(r"[\d.,/%<>=-]+\w{0,5}", word):
            continue
        (kept if beside or not subjects else loose).append(word)
    return _stems(kept), _stems(loose)


def _own_words(cue: re.Match[str], subjects: list[Mention]) -> list[tuple[int, int]]:
    """A cue without what stands before a subject that it reaches over: "did the hip T-score fall"."""
    inside = [m for m in subjects if cue.start() < m.start and m.end <= cue.end()]
    if not inside:
        return [cue.span()]
    first = TOKEN.match(cue.string, cue.start())
    return [(cue.start(), first.end() if first else cue.start()), (inside[-1].end, cue.end())]


@functools.cache
def _generic_stems() -> frozenset[str]:
    return frozenset(s for w in GENERIC if len(w) > 3 for s in stems(w))


@functools.lru_cache(maxsize=4096)
def is_generic(word: str) -> bool:
    """Whether the word is an inflection of one that carries no content."""
    told = stems(word)
    return bool(told) and set(told) <= _generic_stems()


_GRADE = re.compile(r"\b(?:stage|grade|class)\W*$", re.IGNORECASE)


@functools.cache
def _medical() -> frozenset[str]:
    """The words of clinical terms: beside a concept they make it another one ("hemoglobin electrophoresis")."""
    kinds = ("lab", "vital", "procedure", "problem", "anatomy", "organism", "finding", "symptom", "device")
    words = {
        w.group().lower()
        for concept in lexicon().concepts() if concept.kind in kinds
        for term in (concept.name, *concept.synonyms) for w in TOKEN.finditer(term)
    }  # fmt: skip
    return frozenset(w for w in words if w not in GENERIC and w not in categories.spoken())


def _own(word: str, subjects: list[Mention]) -> bool:
    """Whether the word belongs to a name of the concept itself: "estimated GFR"."""
    known = lexicon()
    return any(
        any(
            told == word or (len(word) > 6 and told.startswith(word[:6]))
            for told in f"{known.get(m.concept).name} {' '.join(known.get(m.concept).synonyms)}".lower().split()
        )
        for m in subjects
        if m.concept in known
    )


def _stems(words: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(s for w in words for s in (stems(w) or (w,))))


def _beside(text: str, span: tuple[int, int], subjects: list[Mention]) -> str:
    """ "before" or "after" where a word stands right next to a subject; "" elsewhere."""
    for mention in subjects:
        if 0 <= mention.start - span[1] <= 1 and text[span[1] : mention.start].strip(" -") == "":
            return "before"
        between = text[mention.end : span[0]]
        if span[0] >= mention.end and (
            (len(between) <= 1 and between.strip(" -") == "")
            or re.fullmatch(r"[ -](?:stage|grade|class|type) ", between, re.IGNORECASE)
        ):
            return "after"
    return ""
