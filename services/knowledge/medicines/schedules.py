"""The names of controlled substances, as the tables have them, made ready for finding them in text."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from typing import Literal, get_args

from services.knowledge.lexicon import lexicon
from services.knowledge.medicines.folding import folded
from services.knowledge.medicines.spelled import Slips
from services.knowledge.medicines.tables import choice, items, rows

Schedule = Literal["I", "II", "III", "IV", "V"]
How = Literal["name", "brand", "salt", "class", "slang", "misspelling", "look-alike", "spaced", "code"]
SCHEDULES: tuple[Schedule, ...] = get_args(Schedule)
WORD = re.compile(r"[^\W_]+")
_KINDS: tuple[How, ...] = ("name", "brand", "misspelling", "slang")


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a controlled substance or class."""

    substance: str
    schedule: Schedule
    how: How
    words: tuple[str, ...]
    context: str = ""  # "": none needed; "~": a dose or use of drugs; "~~": use of drugs; "#": not before a counted thing
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """All names by their letters without blanks, and the beginnings of names."""

    by_letters: dict[str, Name]
    beginnings: frozenset[str]
    slips: Slips
    substances: dict[str, Schedule] = field(default_factory=dict)


@functools.cache
def names() -> Names:
    """The names of `controlled.tsv` and `controlled-classes.tsv`, read once."""
    found: dict[str, Name] = {}
    substances: dict[str, Schedule] = {}
    for substance, cell, *groups in rows("controlled", 8):
        schedule: Schedule = choice(cell, SCHEDULES, f"controlled.tsv: {substance}")
        substances.setdefault(substance.lower(), schedule)
        for how, group in zip(_KINDS, groups[:4], strict=True):
            for item in items(group):
                _add(found, item, substance, schedule, how)
    for name, cell, group, _section in rows("controlled-classes", 4):
        for item in items(group):
            _add(found, item, name, choice(cell, SCHEDULES, f"controlled-classes.tsv: {name}"), "class")
    beginnings = frozenset(k[:n] for k in found for n in range(1, len(k) + 1))
    near = [(k, n.how) for k, n in found.items() if not n.exact and not n.context and len(n.words) == 1]
    generic, brands = ([k for k, how in near if how == kind] for kind in ("name", "brand"))
    return Names(found, beginnings, Slips(generic, brands, _standing(found)), substances)


def _add(found: dict[str, Name], item: str, substance: str, schedule: Schedule, how: How) -> None:
    bare = item.rstrip("~!#")
    marks = item[len(bare) :]
    words = tuple(WORD.findall(folded(bare)[0]))
    if how == "name" and (len(words) > 1 and substance.lower() != bare.lower()):
        how = "salt"
    name = Name(substance, schedule, how, words, marks.replace("!", ""), "!" in marks)
    found.setdefault("".join(words), name)


def _standing(found: dict[str, Name]) -> set[str]:
    """Words that are no slip of a controlled name: every word of the lexicon, and those of `ordinary.tsv`."""
    words = {word for word, *_ in rows("ordinary", 2)}
    for concept in lexicon().concepts():
        for term in (concept.name, *concept.synonyms, *concept.abbreviations):
            words.update(WORD.findall(folded(term)[0]))
    return words - found.keys()
