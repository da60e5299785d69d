"""How many word pieces the sentence model sees in a text, without loading the model.

Counted exactly as its tokenizer does (lower-cased, accents dropped, punctuation apart, greedy longest
pieces), on the same vocabulary; each distinct word is worked out once.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from importlib import resources

_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")
_IDEOGRAPH = re.compile("[\u2e80-\U000fffff]")
_PARTS = re.compile("[\u2e80-\U000fffff]|[^\u2e80-\U000fffff]+")
_LONGEST = 100  # the tokenizer makes one unknown piece of a longer word


@functools.lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    text = resources.files("services.llm").joinpath("vocab.txt").read_text("utf-8")
    return frozenset(text.split("\n"))


def count(text: str) -> int:
    """Word pieces of a text, without the two that frame every text."""
    return sum(map(_of_word, _WORD.findall(text)))


@functools.lru_cache(maxsize=100_000)
def _of_word(word: str) -> int:
    word = word.lower()
    if not word.isascii():
        word = "".join(
            char for char in unicodedata.normalize("NFD", word) if unicodedata.category(char) != "Mn"
        )
        if _IDEOGRAPH.search(word):  # each is a word of its own
            return sum(1 if _IDEOGRAPH.match(part) else _of_word(part) for part in _PARTS.findall(word))
    vocabulary = _vocabulary()
    if word in vocabulary:
        return 1
    if len(word) > _LONGEST:
        return 1
    pieces, start = 0, 0
    while start < len(word):
        end = len(word)
        while end > start:
            piece = word[start:end] if start == 0 else f"##{word[start:end]}"
            if piece in vocabulary:
                break
            end -= 1
        if end == start:
            return max(1, pieces)  # unknown as a whole: one piece; never under-counted
        pieces += 1
        start = end
    return pieces
