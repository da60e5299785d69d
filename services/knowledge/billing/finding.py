"""ICD-10-CM by a code or by words, as fast as somebody types; slips of the keyboard are forgiven.

Every word that was typed has to begin a word of the code's title or of one of its inclusion terms, or to be near one;
where no code has them all, those with most of them count. Names of the lexicon ("htn", "dm2") lead to their code.
"""

from __future__ import annotations

import bisect
import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from services.knowledge.billing import tables
from services.knowledge.billing.icd10 import icd10
from services.knowledge.lexicon import lexicon

MOST = 20
_WORD = re.compile(r"[a-z0-9]+")
_CODE = re.compile(r"[A-Za-z]\d[0-9A-Za-z]?(?:\.?[0-9A-Za-z]{0,4})?")
_SILENT = frozenset(["of", "the", "a", "an", "and", "in", "with", "to", "due", "by", "for", "on", "or", "as", "at", "is"])
_WHOLE, _BEGUN, _NEAR = 1.0, 0.8, 0.55
_LEAST_LIKE = 76  # rapidfuzz ratio from which on a word is taken for another
_LEAST_LENGTH = 4  # shorter words have too many neighbours
_SECOND = 0.92  # an inclusion term counts for less than a title
_KNOWN = 3.0  # a name that the lexicon knows in full


@dataclass(frozen=True, slots=True)
class Hit:
    """A code. Only a billable one can be chosen; `more` codes stand below one that isn't."""

    code: str
    title: str
    billable: bool
    more: int


def find(text: str, most: int = MOST) -> list[Hit]:
    """The codes that are meant, the likeliest first; none for an empty text."""
    asked = text.strip()
    if _CODE.fullmatch(asked):
        return [_hit(code) for code in _index().starting(asked, most)]
    typed = _words(asked)
    return [_hit(code) for code in _index().find(typed, _known(asked), most)] if typed else []


def below(code: str, most: int = 60) -> list[Hit]:
    """The codes right under a code, to be more specific; KeyError where there is no such code."""
    return [_hit(child) for child in icd10().below(code)[:most]]


def beside(code: str, most: int = 60) -> list[Hit]:
    """The billable codes of the same category, itself left out."""
    table = icd10()
    return [_hit(c) for c in table.leaves(code[:3]) if c != code][:most] if table.written(code) else []


def _hit(code: str) -> Hit:
    table = icd10()
    billable = table.billable(code)
    return Hit(code, table.display(code), billable, 0 if billable else len(table.below(code)))


def _words(text: str) -> list[str]:
    plain = text.lower()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return [w for w in _WORD.findall(plain.replace("'", "")) if w not in _SILENT]


def _known(text: str) -> list[str]:
    """The codes of names that the lexicon knows, where the text is made of such names."""
    mentions = lexicon().find(text, query=False)
    rest = list(text)
    for mention in mentions:
        rest[mention.start : mention.end] = " " * (mention.end - mention.start)
    if _words("".join(rest)):
        return []
    codes = (tables.concept_codes().get(m.concept) for m in mentions)
    return list(dict.fromkeys(code for code in codes if code))


class _Index:
    """Words of all codes but those that differ by the 7th character alone: these stand below theirs."""

    def __init__(self) -> None:
        table = icd10()
        self.codes: list[str] = []
        self.sorted = sorted(table.all())
        self._bare = [c.replace(".", "") for c in self.sorted]
        terms: list[tuple[int, float, list[str]]] = []
        for code, title, included in table.named_codes():
            place = len(self.codes)
            self.codes.append(code)
            terms.append((place, 1.0, _words(title)))
            terms += [(place, _SECOND, _words(term)) for term in included]
        self._owner = np.array([place for place, _, _ in terms], dtype=np.int32)
        self._weight = np.array([weight for _, weight, _ in terms], dtype=np.float32)
        self._length = np.array([max(1, len(set(words))) for _, _, words in terms], dtype=np.float32)
        common = frozenset(tables.concept_codes().values())
        families = {code[:3] for code in common}
        self._worth = np.array(
            [
                0.06 * table.completed(code) + 0.04 * table.open(code) + 0.3 * (code in common) + 0.1 * (code[:3] in families)
                for code in self.codes
            ],
            dtype=np.float32,
        )
        postings: dict[str, list[int]] = {}
        for number, (_, _, words) in enumerate(terms):
            for word in set(words):
                postings.setdefault(word, []).append(number)
        self._vocabulary = sorted(postings)
        self._postings = {word: np.array(places, dtype=np.int32) for word, places in postings.items()}

    def starting(self, text: str, most: int) -> list[str]:
        """The codes that begin so, in their order."""
        bare = text.upper().replace(".", "")
        first = bisect.bisect_left(self._bare, bare)
        last = bisect.bisect_left(self._bare, f"{bare}\uffff")
        return self.sorted[first : min(last, first + most)]

    def find(self, typed: Sequence[str], known: Sequence[str], most: int) -> list[str]:
        count = len(self._owner)
        held = np.zeros(count, dtype=np.float32)  # how many of the typed words a term has
        score = np.zeros(count, dtype=np.float32)
        for word in dict.fromkeys(typed):
            best = np.zeros(count, dtype=np.float32)
            for like, value in self._like(word):
                places = self._postings[like]
                best[places] = np.maximum(best[places], value)
            held += best > 0
            score += best
        top = held.max()
        wanted = np.flatnonzero(held == top) if top else np.zeros(0, dtype=np.int64)
        ranked: dict[str, float] = {}
        for place, code in enumerate(known):
            ranked[code] = _KNOWN - place / 100
        if len(wanted):
            cover = np.minimum(1.0, held[wanted] / self._length[wanted])
            owner = self._owner[wanted]
            value = (score[wanted] / len(set(typed)) + cover) * self._weight[wanted]
            value += self._worth[owner]
            for place in np.argsort(-value, kind="stable")[: most * 4]:
                code = self.codes[owner[place]]
                ranked[code] = max(ranked.get(code, 0.0), float(value[place]))
        return sorted(ranked, key=lambda code: (-round(ranked[code], 4), code))[:most]

    def _like(self, word: str) -> Iterable[tuple[str, float]]:
        """The words of the index that one may stand for, and how well."""
        if word in self._postings:
            yield word, _WHOLE
        first = bisect.bisect_left(self._vocabulary, word)
        last = bisect.bisect_left(self._vocabulary, f"{word}\uffff")
        begun = self._vocabulary[first:last]
        yield from ((w, _BEGUN) for w in begun if w != word)
        if not begun and len(word) >= _LEAST_LENGTH:
            near = process.extract(word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=_LEAST_LIKE, limit=8)
            yield from ((w, _NEAR * score / 100) for w, score, _ in near)


@functools.cache
def _index() -> _Index:
    """Made at the first question, in about a second."""
    return _Index()
