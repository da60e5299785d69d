"""Hashed lexical features: the half of the embedded vector that knows exact words and spellings.

A sentence model blurs rare words (drug names, units, numbers, codes), and these are what clinicians
type. Each text is turned into a fixed number of signed, hashed features of its stemmed words, its word
pairs and the 3- and 4-letter pieces of its words, so that "metformn" still meets "metformin".

Nothing here is learnt and nothing depends on the process: the hash is BLAKE2b, so the same text has the
same features on every machine and in every run.
"""

from __future__ import annotations

import hashlib
import itertools
import math
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import snowballstemmer

VERSION = "lex1"  # change it with anything below that changes a vector

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)?")
_BIGRAM_WEIGHT = 0.35
_GRAM_WEIGHT = 0.8
_STOP_WEIGHT = 0.1
_CACHE_WORDS = 200_000

# Words of negation ("no", "not", "without", "denies") are deliberately not in here.
_STOP = frozenset(
    _TOKEN.findall(
        "a an and are as at be been being but by can did do does for from had has have he her hers him "
        "his how i if in into is it its me my of on or our she so some such than that the their them then "
        "there these they this those through to up was we were what when where which while who will with "
        "would you your"
    )
)


def _hash(feature: str) -> int:
    return int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest(), "little")


class LexicalFeatures:
    """Texts to L2-normalised float32 features of `dimensions` columns. Safe to share between threads."""

    def __init__(self, dimensions: int = 384) -> None:
        self.dimensions = dimensions
        self._stemmer = snowballstemmer.stemmer("english")
        self._stemming = threading.Lock()  # the stemmer keeps its word in itself
        self._words: dict[str, tuple[str, np.ndarray, np.ndarray]] = {}
        self._pairs: dict[tuple[str, str], tuple[int, float]] = {}

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """(n, dimensions) float32; a row is of unit length, or zero where the text has no word."""
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[:] = self._one(text)
        return rows

    def _one(self, text: str) -> np.ndarray:
        words = tokens(text)
        if not words:
            return np.zeros(self.dimensions, dtype=np.float32)
        places: list[np.ndarray] = []
        values: list[np.ndarray] = []
        for word, count in Counter(words).items():
            _, place, value = self._word(word)
            places.append(place)
            values.append(value * (1.0 + math.log(count)))
        pairs = Counter(itertools.pairwise(self._word(word)[0] for word in words if word not in _STOP))
        if pairs:
            hashed = [self._pair(pair) for pair in pairs]
            damp = [1.0 + math.log(count) for count in pairs.values()]
            places.append(np.array([place for place, _ in hashed], dtype=np.int64))
            values.append(np.array([sign for _, sign in hashed]) * np.array(damp) * _BIGRAM_WEIGHT)
        row = np.bincount(np.concatenate(places), np.concatenate(values), minlength=self.dimensions)
        length = float(np.linalg.norm(row))
        return (row / length if length > 0 else row).astype(np.float32)

    def _word(self, word: str) -> tuple[str, np.ndarray, np.ndarray]:
        """The stem of a word and its features: where they are and what they add."""
        known = self._words.get(word)
        if known is not None:
            return known
        with self._stemming:
            stem = self._stemmer.stemWord(word)
        weight = _STOP_WEIGHT if word in _STOP else 1.0
        features = [(f"w:{stem}", weight)]
        if word[0].isalpha() and len(word) >= 4 and word not in _STOP:
            grams = set(_grams(word))
            each = _GRAM_WEIGHT / math.sqrt(len(grams))
            features += [(f"g:{gram}", each) for gram in sorted(grams)]
        hashed = [self._place(name) for name, _ in features]
        entry = (
            stem,
            np.array([place for place, _ in hashed], dtype=np.int64),
            np.array([sign * weight for (_, sign), (_, weight) in zip(hashed, features, strict=True)]),
        )
        if len(self._words) >= _CACHE_WORDS:
            self._words.clear()
        self._words[word] = entry
        return entry

    def _pair(self, pair: tuple[str, str]) -> tuple[int, float]:
        known = self._pairs.get(pair)
        if known is None:
            if len(self._pairs) >= _CACHE_WORDS:
                self._pairs.clear()
            known = self._pairs[pair] = self._place(f"b:{pair[0]} {pair[1]}")
        return known

    def _place(self, feature: str) -> tuple[int, float]:
        value = _hash(feature)
        return (value >> 1) % self.dimensions, 1.0 if value & 1 else -1.0


def tokens(text: str) -> list[str]:
    """Lower-case words without accents, and numbers kept whole ("8.2" is one token)."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFD", text)
        text = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _TOKEN.findall(text.lower())


def _grams(word: str) -> Iterable[str]:
    framed = f"<{word}>"
    for size in (3, 4):
        for start in range(len(framed) - size + 1):
            yield framed[start : start + size]
