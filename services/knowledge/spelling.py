"""Mistyped words of a question, put right where there is one likely meaning."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from services.knowledge.lexicon import lexicon

_NAMED = ("drug", "lab", "vital", "vaccine")
_WORD = re.compile(r"(?<![\w'-])[A-Za-z]{3,}(?![\w'-])")
_ENDINGS = ("ing", "ed", "es", "er", "ly", "ion", "al", "ic", "y", "e", "ment", "ity", "ous")


class Speller:
    """Corrects towards the lexicon's names of drugs and tests, and towards the plain words of the asker's kind of text.

    `plain` are those words: they are corrected to from four letters on, and stand as they are. `standing` are
    further words that are no slip of anything.
    """

    def __init__(self, plain: Iterable[str], standing: Iterable[str] = ()) -> None:
        self._plain = frozenset(plain)
        self._words, self._by_length = _vocabulary(self._plain, frozenset(standing))
        self._better = functools.lru_cache(maxsize=4096)(self._find)

    def corrected(self, text: str, known: frozenset[str] = frozenset()) -> tuple[str, list[tuple[str, str]]]:
        """The text with mistyped words put right, and each (written, read). `known`: lower-case words that stand.

        One slip for a word (a letter too many, too few, wrong, or two swapped), two in words of nine letters;
        the first letter has to be right. Words that could be two things are left alone.
        """
        slips: list[tuple[str, str]] = []

        def fixed(match: re.Match[str]) -> str:
            word = match.group()
            better = self._better(word.lower())
            if word.lower() in known or better is None:
                return word
            slips.append((word, better))
            return better

        return _WORD.sub(fixed, text), slips

    def _find(self, word: str) -> str | None:
        bare = word.removesuffix("s") if len(word) > 3 else word
        if {word, bare, f"{word}s"} & self._words or self._inflected(word):
            return None
        slips = 2 if len(word) >= 9 else 1
        choices = [
            w
            for n in range(len(word) - slips, len(word) + slips + 1)
            for w in self._by_length.get(n, ())
            if w[0] == word[0]
        ]
        found = process.extract(word, choices, scorer=OSA.distance, score_cutoff=slips, limit=4)
        found = [f for f in found if f[1] == min(x[1] for x in found)]
        if len(word) < 5:  # a short word has many neighbours: only the plain words count
            found = [f for f in found if f[0] in self._plain]
        return found[0][0] if len(found) == 1 else None

    def _inflected(self, word: str) -> bool:
        for ending in _ENDINGS:
            stem = word.removesuffix(ending)
            known = {stem, f"{stem}e", f"{stem}y", stem[:-1], f"{stem}ion"} & self._words
            if stem != word and len(stem) >= 3 and known:
                return True
        return False


def _vocabulary(
    plain: frozenset[str], standing: frozenset[str]
) -> tuple[frozenset[str], dict[int, list[str]]]:
    """All words that stand, and those to correct to, by length."""
    words = set(plain | standing)
    targets = {w for w in plain if len(w) >= 4}
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
