"""Where a text names somebody of the record: any order and mixture of given names, family names and initials."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from services.knowledge.lexicon import lexicon
from services.llm.redaction_folding import Folded
from services.llm.redaction_identifiers import WORD
from services.llm.redaction_words import (
    EPONYM_NOUNS,
    EPONYMS,
    MONTHS_AS_WORDS,
    ORDINARY,
    PARTICLES,
    TITLES,
    is_weak,
    lexicon_words,
)

_GAP = re.compile(r"(?:[\s-]|'(?!s\b))*,?(?:[\s-])*(?<!\n\n)$|\.[\s-]*$")
_SENTENCE = re.compile(r"(?:^|[.!?:;•*|>\n])[\s\"'(\[-]*$")
_PERSONAL = re.compile(
    r"(?:'s)?\s*,?\s+(?:(?!this|his|as|its|always|us|is\s+a\b)[a-z]{2,}(?:s|ed)|has|had|was|is|did|does|said|felt|took|went|"
    r"came|called|and\s+(?:his|her|their))\b|\s*(?:$|\))|\""
)
_DATED_BEFORE = re.compile(
    r"(?:\d(?:st|nd|rd|th)?|\b(?:in|since|until|by|of|early|late|mid|last|this|next|through|from|during|on|to))[\s,-]*$"
)
_DATED_AFTER = re.compile(r"[\s,]*\d")
_TITLED = re.compile(r"\b(" + "|".join(sorted(TITLES, key=len, reverse=True)) + r")\.?\s+$")
_NEXT = re.compile(r"(?:'?s)?[\s-]+([a-z]+)")
_FIGURES = re.compile(r"\d+(?![\d./-])")
_WINDOW = 60
GIVEN, FAMILY = 1, 2


class Named(NamedTuple):
    """A stretch of the folded text that names the person of this number."""

    start: int
    end: int
    person: int


class Names:
    """People by the words of their names. One look-up for each word of a text."""

    def __init__(self) -> None:
        self._parts: dict[str, dict[int, int]] = {}  # word → person → GIVEN | FAMILY
        self._joined: dict[str, int] = {}  # "mariabrandt" → person
        self._small: dict[int, set[str]] = {}  # person → initials and particles, only beside another part
        self._shy: set[str] = set()  # words learned from text: names only where capitalised

    def add(
        self, person: int, given: tuple[str, ...], family: tuple[str, ...], *, learned: bool = False
    ) -> None:
        """A name of this person; smaller numbers win where a part is shared."""
        small = self._small.setdefault(person, set())
        for role, words in ((GIVEN, given), (FAMILY, family)):
            for word in words:
                if len(word) == 1 or (word in PARTICLES and len(words) > 1):
                    small.add(word)
                else:
                    if learned and word not in self._parts:
                        self._shy.add(word)
                    elif not learned:
                        self._shy.discard(word)
                    roles = self._parts.setdefault(word, {})
                    roles[person] = roles.get(person, 0) | role
        small.update(word[0] for word in given)
        if given and family:
            last = "".join(family)
            for first in (given[0], "".join(given)):
                self._joined.setdefault(first + last, person)
                self._joined.setdefault(last + first, person)
        if len(family) > 1 and len("".join(family)) > 3:  # "ONeill", "GarciaLopez"
            self._parts.setdefault("".join(family), {})[person] = FAMILY

    def whose(self, words: Iterable[str]) -> int | None:
        """The person who bears all of these words."""
        known = [set(self._parts.get(word, ())) for word in words if len(word) > 1 and word not in PARTICLES]
        shared = set.intersection(*known) if known else set()
        return min(shared, default=None)

    def find(self, text: Folded, words: list[str], spans: list[tuple[int, int]]) -> Iterator[Named]:
        """Everyone named, in order and without overlaps. `words` of the text in small letters, and their `spans`."""
        parts = self._parts
        at = 0
        for i, word in enumerate(words):
            if i < at:
                continue
            known = parts.get(word) or self._plural(word)
            if known is None:
                if word in self._joined:
                    yield Named(*spans[i], self._joined[word])
                continue
            stretch = _Stretch(self, text, spans, words, i, set(known))
            if stretch.stands():
                at = stretch.last + 1
                yield Named(spans[stretch.first][0], stretch.end(), min(stretch.people))

    def _plural(self, word: str) -> dict[int, int] | None:
        stem = word[:-1]
        return self._parts.get(stem) if word[-1] == "s" and len(stem) > 3 and stem not in ORDINARY else None


class _Stretch:
    """The words around one part of a name that belong to the same name."""

    def __init__(
        self,
        names: Names,
        text: Folded,
        spans: list[tuple[int, int]],
        words: list[str],
        at: int,
        people: set[int],
    ) -> None:
        self._names, self._text, self._spans, self._words = names, text, spans, words
        self.first = self.last = at
        self.people = people
        self.parts = [at]
        self.initials = 0
        self._grow()

    def _grow(self) -> None:
        waiting = 0  # initials and particles that count only if a part follows, or as initials at the end
        at = self.last + 1
        while at < len(self._words) and at - self.last <= 3 and self._linked(at - 1, at):
            word = self._words[at]
            shared = self.people & set(self._names._parts.get(word, ()))
            if shared and word not in [self._words[i] for i in self.parts]:
                self.people, self.last, waiting = shared, at, 0
                self.parts.append(at)
            elif not shared and self._is_small(word, at):
                waiting += 1
                if len(word) == 1 and self._is_initial(at):
                    self.last, self.initials = at, self.initials + 1
            else:
                break
            at += 1
        while (
            self.first > 0
            and self._linked(self.first - 1, self.first)
            and self._is_small(self._words[self.first - 1], self.first - 1)
        ):
            word = self._words[self.first - 1]
            if len(word) == 1 and not self._is_initial(self.first - 1):
                break
            self.first -= 1
            self.initials += len(word) == 1

    def _is_small(self, word: str, at: int) -> bool:
        if len(word) > 1 and word not in PARTICLES:
            return False
        return any(word in self._names._small.get(person, ()) for person in self.people)

    def _is_initial(self, at: int) -> bool:
        start, end = self._spans[at]
        return self._text.cased[start].isupper() or (
            end < len(self._text.low) and self._text.low[end] in ".'"
        )

    def _linked(self, left: int, right: int) -> bool:
        end, start = self._spans[left][1], self._spans[right][0]
        if start - end > 8:
            return False
        gap = self._text.low[end:start]
        if "." in gap and len(self._words[left]) > 1:
            return False
        return gap == "" or bool(_GAP.match(gap))

    def end(self) -> int:
        """Figures that are part of a name ("Steuber698") and the point of a last initial belong to it."""
        low, end = self._text.low, self._spans[self.last][1]
        if (figures := _FIGURES.match(low, end)) is not None:
            end = figures.end()
        if len(self._words[self.last]) == 1 and low[end : end + 1] == "." and end + 1 < len(low):
            end += 1
        return end

    def stands(self) -> bool:
        """Whether these words name the person here, rather than being words of their own."""
        if len(self.parts) > 1:
            return (
                not all(map(self._weak, self.parts))
                or self._in_order()
                or any(map(self._capital, self.parts))
            )
        only = self.parts[0]
        if self._medical(only):
            return bool(self.initials) or self._titled(only)
        if not self._weak(only) or self._titled(only):
            return True
        if not self._capital(only):
            return False
        if self.initials:
            return True
        return stands_alone(self._text, *self._spans[only])

    def _weak(self, at: int) -> bool:
        word = self._words[at]
        return word in self._names._shy or word in ORDINARY or word in PARTICLES or len(word) < 3

    def _in_order(self) -> bool:
        """Given name before family name, or a comma between them."""
        if "," in self._text.low[self._spans[self.first][0] : self._spans[self.last][1]]:
            return True
        person = min(self.people)
        roles = [self._names._parts[self._words[i]].get(person, 0) for i in self.parts]
        return bool(roles[0] & GIVEN and roles[-1] & FAMILY)

    def _capital(self, at: int) -> bool:
        return _is_capital(self._text, *self._spans[at])

    def _titled(self, at: int) -> bool:
        start = self._spans[at][0]
        return bool(_TITLED.search(self._text.low[max(0, start - 12) : start]))

    def _medical(self, at: int) -> bool:
        return _is_medical(self._text, *self._spans[at])


def stands_alone(text: Folded, start: int, end: int) -> bool:
    """Whether a word that is also an ordinary one stands as a name here: "Hope reports", not "Hope to see her"."""
    word, low = text.low[start:end], text.low
    if not _is_capital(text, start, end) or _is_medical(text, start, end):
        return False
    before = low[max(0, start - 16) : start]
    if word in MONTHS_AS_WORDS and (_DATED_BEFORE.search(before) or _DATED_AFTER.match(low, end)):
        return False
    begins = _SENTENCE.search(text.cased[max(0, start - 8) : start])
    return word not in ORDINARY or not begins or bool(_PERSONAL.match(low, end))


def _is_capital(text: Folded, start: int, end: int) -> bool:
    cased = text.cased
    word = cased[start:end]
    if not word[0].isupper():
        return False
    if not word.isupper():
        return True
    if len(word) < 3:
        return False
    begin, stop = cased.rfind("\n", 0, start) + 1, cased.find("\n", end)
    line = cased[begin : stop if stop >= 0 else len(cased)]
    return line != line.upper()  # in a line of capitals they say nothing


def _is_medical(text: Folded, start: int, end: int) -> bool:
    """Whether the word belongs to a medical term: "Parkinson disease", "Marsh grade 3", "white cells"."""
    word = text.low[start:end]
    if not is_weak(word):
        return False
    possessive = text.low.startswith("'s", end)
    if word in EPONYMS and (follows := _NEXT.match(text.low, end)):
        if follows[1] in EPONYM_NOUNS and not possessive:
            return True
        if text.low[end : end + 1] == "-" and follows[1] in EPONYMS:
            return True
    if word not in lexicon_words():
        return False
    begin = max(0, start - _WINDOW)
    for mention in lexicon().find(text.cased[begin : end + _WINDOW], query=False):
        if mention.start + begin <= start and mention.end + begin >= end:
            alone = len(WORD.findall(mention.surface.removesuffix("'s"))) < 2
            person = _is_capital(text, start, end) and not possessive and _PERSONAL.match(text.low, end)
            return not (alone and person)
    return False
