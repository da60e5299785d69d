"""Mistyped words of a question, put right where there is one likely meaning."""

from __future__ import annotations

import functools
import re

from rapidfuzz import process
from rapidfuzz.distance import OSA

from services.bots.rag_pipeline import cues
from services.knowledge.lexicon import lexicon

_NAMED = ("drug", "lab", "vital", "vaccine")
_WORD = re.compile(r"(?<![\w'-])[A-Za-z]{3,}(?![\w'-])")


@functools.cache
def _vocabulary() -> tuple[frozenset[str], dict[int, list[str]]]:
    """The lexicon's words and the words of questions; the long ones by length, to correct to."""
    words = set(cues.GENERIC) | set(cues.MONTHS) | {"between", "compare", "versus"}
    words |= cues.spoken()
    targets = {w for w in cues.GENERIC if len(w) >= 4}
    for concept in lexicon().concepts():
        named = concept.kind in _NAMED
        for term in (concept.name, *concept.synonyms, *concept.abbreviations):
            found = [w.lower() for w in _WORD.findall(term)]
            words.update(found)
            # Names of drugs and tests are mistyped; their neighbours in plain English are not.
            targets.update(w for w in found if named and len(w) >= 6)
    by_length: dict[int, list[str]] = {}
    for word in sorted(targets):
        by_length.setdefault(len(word), []).append(word)
    return frozenset(words), by_length


def corrected(text: str, known: frozenset[str] = frozenset()) -> tuple[str, list[str]]:
    """The text with mistyped words put right, and what was read as what. `known`: further words that stand.

    One slip for a word (a letter too many, too few, wrong, or two swapped), two in words of nine letters;
    the first letter has to be right. Words that could be two things are left alone.
    """
    notes: list[str] = []

    def fixed(match: re.Match[str]) -> str:
        word = match.group()
        better = _better(word.lower())
        if word.lower() in known or better is None:
            return word
        notes.append(f"read “{word}” as “{better}”")
        return better

    return _WORD.sub(fixed, text), notes


@functools.lru_cache(maxsize=4096)
def _better(word: str) -> str | None:
    words, by_length = _vocabulary()
    bare = word.removesuffix("s") if len(word) > 3 else word
    if word in words or bare in words or f"{word}s" in words or _inflected(word, words):
        return None
    slips = 2 if len(word) >= 9 else 1
    choices = [
        w
        for n in range(len(word) - slips, len(word) + slips + 1)
        for w in by_length.get(n, ())
        if w[0] == word[0]
    ]
    found = process.extract(word, choices, scorer=OSA.distance, score_cutoff=slips, limit=4)
    found = [f for f in found if f[1] == min(x[1] for x in found)]
    if len(word) < 5:  # a short word has many neighbours: only the words of questions count
        found = [f for f in found if f[0] in cues.GENERIC]
    return found[0][0] if len(found) == 1 else None


def _inflected(word: str, words: frozenset[str]) -> bool:
    for ending in ("ing", "ed", "es", "er", "ly", "ion", "al", "ic", "y", "e", "ment", "ity", "ous"):
        if word.endswith(ending):
            stem = word[: -len(ending)]
            if len(stem) >= 3 and (
                stem in words
                or f"{stem}e" in words
                or f"{stem}y" in words
                or stem[:-1] in words
                or f"{stem}ion" in words
            ):
                return True
    return False
