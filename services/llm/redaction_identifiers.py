"""People and values that a record names, and how a name in one string is taken apart."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from services.llm.redaction_folding import folded
from services.llm.redaction_words import CREDENTIALS, PARTICLES, RELATIONS, TITLES

WORD = re.compile(r"[^\W\d_]+")

# As names are spelt where a keyboard has no umlauts.
_SPELT = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "å": "aa",
        "ø": "oe",
        "Ä": "Ae",
        "Ö": "Oe",
        "Ü": "Ue",
        "Å": "Aa",
        "Ø": "Oe",
    }
)


@dataclass
class Person:
    """One person and each written name, as given and family parts in folded words."""

    patient: bool
    written: str
    names: list[tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)


@dataclass
class Identifiers:
    """What was found. `values` are (kind, value as written); `places` are lines, towns and postal codes."""

    people: list[Person] = field(default_factory=list)
    values: dict[tuple[str, str], None] = field(default_factory=dict)
    phones: dict[str, None] = field(default_factory=dict)
    places: dict[str, None] = field(default_factory=dict)
    births: dict[str, None] = field(default_factory=dict)
    resources: dict[tuple[str, str], None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_reference: dict[str, Person] = {}
        self._by_words: dict[frozenset[str], Person] = {}

    def name(
        self, written: str, given: Iterable[str], family: str, reference: str | None, patient: bool
    ) -> None:
        """Somebody's name; the same reference or the same words mean the same person."""
        given = " ".join(given)
        split = (_words(given), _words(family))
        words = frozenset(itertools.chain(*split))
        if not words or words <= RELATIONS or not any(len(word) > 1 for word in words):
            return
        person = self._by_reference.get(reference) if reference else None
        person = person or (self._by_reference.get("the patient") if patient else self._by_words.get(words))
        if person is None:
            person = Person(patient, written)
            self.people.append(person)
        if reference:
            self._by_reference.setdefault(reference, person)
        if patient:
            self._by_reference["the patient"] = person
        self._by_words.setdefault(words, person)
        for name in (split, (_words(given.translate(_SPELT)), _words(family.translate(_SPELT)))):
            if name not in person.names:
                person.names.append(name)

    def display(self, text: str, reference: str | None, patient: bool) -> None:
        """A name in one string, in either order, with titles and degrees."""
        given, family = parse_name(text)
        if given or family:
            self.name(plain_name(text), given, family, reference, patient)


def plain_name(text: str) -> str:
    """The name without titles, degrees and remarks in brackets."""
    text = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", text)
    kept = [word for word in re.split(r"\s+", text) if not _is_title(word)]
    return " ".join(kept).strip(" ,")


def parse_name(text: str) -> tuple[list[str], str]:
    """Given names and the family name, of "Dr. Ann Lee, MD" as of "Lee, Ann"."""
    head, comma, tail = plain_name(text).partition(",")
    tail = tail.replace(",", " ").strip()
    if comma and tail:
        return tail.split(), head
    words = head.split()
    if not words:
        return [], ""
    # "Anna van der Berg": particles belong to the family name.
    at = next(
        (i for i, word in enumerate(words) if 0 < i < len(words) - 1 and folded(word) in PARTICLES),
        len(words) - 1,
    )
    return words[:at], " ".join(words[at:])


def _is_title(word: str) -> bool:
    bare = re.sub(r"[^a-z]", "", folded(word))
    if bare in ("jr", "sr", "phd", "pharmd") or bare in TITLES:
        return True
    return bare in CREDENTIALS and (word.isupper() or not word[-1:].isalpha())  # "Do" and "Ma" are names


def _words(text: str) -> tuple[str, ...]:
    return tuple(WORD.findall(folded(text)))
