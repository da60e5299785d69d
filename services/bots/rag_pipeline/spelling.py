"""Mistyped words of a question to the record, and how they were read."""

from __future__ import annotations

import functools
import re

from rapidfuzz import process
from rapidfuzz.distance import OSA

from services.bots.rag_pipeline import categories
from services.bots.rag_pipeline.plain_words import GENERIC
from services.knowledge.lexicon import lexicon
from services.knowledge.spelling import Speller
from services.knowledge.time_words import MONTHS
from services.llm.embedded import VOCABULARY

_WORD = re.compile(r"(?<![\w'-])[A-Za-z]{5,}(?![\w'-])")
# Words for kinds of entries and times, which stand in the cues only as parts of patterns.
_KINDS = """
    medication medications medicine medicines prescription prescriptions allergy allergies allergic immunization immunizations
    vaccination vaccinations vaccine vaccines diagnosis diagnoses condition conditions problem problems procedure procedures surgery
    surgeries operation operations admission admissions discharge encounter encounters appointment appointments order orders
    referral referrals instructions document documents family smoking hospital emergency during between relative average latest
    summary increase increased decrease decreased highest lowest insurance reaction reactions results measured currently
""".split()  # noqa: SIM905
_LONG = 8


@functools.cache
def _speller() -> Speller:
    return Speller(GENERIC, {*MONTHS, "between", "compare", "versus", *categories.spoken()})


@functools.cache
def _further() -> tuple[list[str], frozenset[str]]:
    """(words that slips are put right to besides the names of drugs and tests, every word that stands)."""
    targets, standing = set(_KINDS), {*_KINDS, *GENERIC, *categories.spoken(), *MONTHS}
    for concept in lexicon().concepts():
        least = 6 if concept.kind == "drugclass" else _LONG
        for term in (concept.name, *concept.synonyms):
            words = [w.lower() for w in _WORD.findall(term)]
            standing.update(words)
            if concept.kind in ("procedure", "problem", "symptom", "drugclass"):
                targets.update(w for w in words if len(w) >= least)
    return sorted(targets), frozenset(standing)


@functools.cache
def _english() -> frozenset[str]:
    """Common words as the sentence model's vocabulary has them whole: none of them is a slip of another."""
    lines = VOCABULARY.read_text(encoding="utf-8").splitlines()
    return frozenset(w for w in lines if len(w) > 2 and w.isalpha() and w.isascii())


@functools.lru_cache(maxsize=4096)
def _near(word: str) -> str | None:
    """The one word a single slip away, where the word itself is none."""
    targets, standing = _further()
    if word in _english() or word in standing or word.removesuffix("s") in standing or f"{word}s" in standing:
        return None
    choices = [t for t in targets if t[0] == word[0] and abs(len(t) - len(word)) <= 1]
    found = process.extract(word, choices, scorer=OSA.distance, score_cutoff=1, limit=3)
    if len(found) != 1 or {word, found[0][0]} == {min(word, found[0][0]), min(word, found[0][0]) + "s"}:
        return None
    return found[0][0]


def corrected(text: str, known: frozenset[str] = frozenset()) -> tuple[str, list[str]]:
    """The text with mistyped words put right, and what was read as what. `known`: further words that stand."""
    stand = known | _english() if known else _english()
    text, slips = _speller().corrected(text, stand)

    def fixed(match: re.Match[str]) -> str:
        word = match.group()
        better = None if word.lower() in known or not word.islower() else _near(word)
        if better is None:
            return word
        slips.append((word, better))
        return better

    text = _WORD.sub(fixed, text)
    return text, [f"read “{written}” as “{read}”" for written, read in slips]
