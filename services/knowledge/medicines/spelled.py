"""Names found under slips of the pen: by sound, by doubled letters, and by one or two wrong letters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SOUNDS = (
    (re.compile(r"ph"), "f"),
    (re.compile(r"sch"), "sk"),
    (re.compile(r"ck|ch|qu"), "k"),
    (re.compile(r"c(?=[eiy])"), "s"),
    (re.compile(r"c"), "k"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"h"), ""),
    (re.compile(r"ee|y|ie"), "i"),
    (re.compile(r"oo|ou"), "u"),
    (re.compile(r"ae|oe"), "e"),
    (re.compile(r"z"), "s"),
    (re.compile(r"w"), "v"),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"(?:um|us|[aeo])$"), ""),
)
_DOUBLED = re.compile(r"(.)\1+")
_LEAST = 7  # letters of a name that may be found under a wrong letter
_TWO, _TWO_BRAND = 8, 10  # letters of a generic name and of a brand that may be found under two


def sound(word: str) -> str:
    """What a word of one of the European languages sounds like, roughly; endings of Latin and Romance forms fall off."""
    for pattern, to in _SOUNDS:
        word = pattern.sub(to, word)
    return word


class Slips:
    """The name that a mistyped word most likely means; None where another known word is as near."""

    def __init__(self, generic: Iterable[str], brands: Iterable[str], standing: Iterable[str]) -> None:
        """`generic`, `brands`: names to find, plain and lower case; `standing`: words that are no slip of anything.

        A brand was made up to be short and to sound well, so that more plain words are near to it.
        """
        self._generic = frozenset(generic)
        names = sorted({*self._generic, *brands})
        self._standing = frozenset(standing)
        others = {w for w in self._standing if len(w) >= 5} - set(names)
        self._sounds = _unique((sound(n), n) for n in names if len(n) >= 6)
        self._squeezed = _unique((_DOUBLED.sub(r"\1", n), n) for n in names if len(n) >= 5)
        self._names = _buckets(n for n in names if len(n) >= _LEAST)
        self._others = _buckets(others)

    def meant(self, word: str) -> str | None:
        """The name meant by `word` (plain, lower case), which is none itself."""
        if len(word) < 5 or self.stands(word):
            return None
        squeezed = _DOUBLED.sub(r"\1", word)
        if squeezed != word and (name := self._squeezed.get(squeezed)):
            return name
        if len(word) >= 6 and (name := self._sounds.get(sound(word))) and abs(len(name) - len(word)) <= 3:
            return name
        return self._nearest(word) or (self._nearest(squeezed) if squeezed != word else None)

    def stands(self, word: str) -> bool:
        """Whether the word is one that is known, and no slip."""
        return word in self._standing or (word.endswith("s") and word[:-1] in self._standing)

    def near_another(self, word: str) -> bool:
        """Whether the word is a slip of a word that stands."""
        choices = self._near(self._others, word, 2)
        return process.extractOne(word, choices, scorer=OSA.distance, score_cutoff=2) is not None

    def _nearest(self, word: str) -> str | None:
        if len(word) < _LEAST - 1:
            return None
        limit = 2 if len(word) >= _TWO - 1 else 1
        found = process.extractOne(
            word, self._near(self._names, word, limit), scorer=OSA.distance, score_cutoff=limit
        )
        if not found:
            return None
        name, slips = found[0], int(found[1])
        most = 2 if len(name) >= (_TWO if name in self._generic else _TWO_BRAND) else 1
        if slips > most or not _same_start(word, name, slips):
            return None
        other = process.extractOne(
            word, self._near(self._others, word, slips), scorer=OSA.distance, score_cutoff=slips
        )
        return None if other else name

    @staticmethod
    def _near(buckets: Mapping[int, list[str]], word: str, limit: int) -> list[str]:
        return [n for size in range(len(word) - limit, len(word) + limit + 1) for n in buckets.get(size, ())]


def _same_start(word: str, name: str, slips: int) -> bool:
    """A wrong first letter counts only where it sounds alike, or is the only slip of a long name."""
    return word[0] == name[0] or sound(word)[:1] == sound(name)[:1] or (slips == 1 and len(name) >= 8)


def _buckets(words: Iterable[str]) -> dict[int, list[str]]:
    table: dict[int, list[str]] = {}
    for word in sorted(words):
        table.setdefault(len(word), []).append(word)
    return table


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    table: dict[str, str] = {}
    for form, name in pairs:
        if len(form) >= 5:
            table.setdefault(form, name)
    return table
