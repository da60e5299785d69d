"""ICD-10-CM as published by NCHS and CMS (release of April 2026, by the package simple-icd-10-cm).

Codes are written with their dot. Looked up by words, a code's title, inclusion terms and (of a billable category)
includes count; words in brackets are nonessential modifiers (Guidelines I.A.7) and may be left out.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterator
from typing import Any

from services.knowledge.terms import CACHE, TOKEN

RELEASE = "April 2026"
RELEASED = (dt.date(2025, 10, 1), dt.date(2026, 9, 30))
"""Fiscal year of the release: discharges and visits that its codes are for."""
_CODES = re.compile(
    r"\b([A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?)\.?-?(?:-?([A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?))?\b"
)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_SHAPE = re.compile(r"[A-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?")
_EMPTY = frozenset(
    CACHE[t]
    for t in TOKEN.findall("of the a an and in with to due by for on or as at is unspecified nos disorder")
)
_OPEN = re.compile(r"\bunspecified\b|\bnot otherwise specified\b|\bNOS\b", re.IGNORECASE)
SIDES = frozenset(["left", "right", "bilateral"])
_LONGEST = "\uffff"
_WRITTEN = frozenset(["category", "subcategory", "extended subcategory"])


class Table:
    """The whole classification; made once (see `icd10`), never changed, safe between threads."""

    def __init__(self) -> None:
        from simple_icd_10_cm import simple_icd_10_cm as published  # late: it reads the whole table on import

        self._nodes: dict[str, Any] = published._code_to_node
        self._words: dict[frozenset[str], str] | None = None
        # What was read from the notes of a code: a few thousand codes at most are ever asked about.
        self._excluded: dict[str, tuple[tuple[str, str], ...]] = {}
        self._first: dict[str, tuple[tuple[str, str], ...]] = {}
        self._additional: dict[str, tuple[tuple[str, str], ...]] = {}

    def written(self, code: str) -> str | None:
        """The code as published, from any case and with or without its dot; None where there is none."""
        compact = code.strip().upper()
        if not _SHAPE.fullmatch(compact):
            return None
        compact = compact.replace(".", "")
        dotted = f"{compact[:3]}.{compact[3:]}" if len(compact) > 3 else compact
        return dotted if dotted in self._nodes else None

    def billable(self, code: str) -> bool:
        """Whether it is a valid code at its full length."""
        node = self._nodes.get(code)
        return node is not None and not node.children and bool(_SHAPE.fullmatch(code))

    def display(self, code: str) -> str:
        """Its official title; KeyError where there is no such code."""
        return self._nodes[code].description

    def open(self, code: str) -> bool:
        """Whether its title says that something is not specified."""
        return bool(_OPEN.search(self.display(code)))

    def leaves(self, code: str) -> Iterator[str]:
        """Its billable codes; itself where it is one."""
        node = self._nodes[code]
        if not node.children:
            yield code
        for child in node.children:
            yield from self.leaves(child.name)

    def below(self, code: str) -> list[str]:
        """The codes right under it; KeyError where there is no such code."""
        return [child.name for child in self._nodes[code].children]

    def all(self) -> Iterator[str]:
        """Every code and category that can be written."""
        return (code for code, node in self._nodes.items() if node.type in _WRITTEN)

    def named_codes(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """(code, title, inclusion terms) of all but those that differ from another by the 7th character alone."""
        for code, node in self._nodes.items():
            if node.type in ("category", "subcategory"):
                included = [*node.inclusion_term, *(node.includes if not node.children else ())]
                yield code, node.description, tuple(included)

    def completed(self, code: str) -> bool:
        """Whether it is billable, or lacks a 7th character alone."""
        return self.billable(code) or bool(self.sevenths(code))

    def sevenths(self, code: str) -> dict[str, str]:
        """The 7th characters that complete the code, where it needs one."""
        children = self._nodes[code].children
        return {c.name: c.name[-1] for c in children if c.type == "extended subcategory"}

    def code_first(self, code: str) -> tuple[tuple[str, str], ...]:
        """Ranges of the codes that go before it, in order of writing."""
        known = self._first.get(code)
        if known is None:
            known = self._first[code] = tuple(_ranges("\n".join(n.code_first for n in self._line(code))))
        return known

    def additional(self, code: str) -> tuple[tuple[str, str], ...]:
        """Ranges of the codes that its "use additional code" notes ask for."""
        known = self._additional.get(code)
        if known is None:
            notes = "\n".join(n.use_additional_code for n in self._line(code))
            known = self._additional[code] = tuple(_ranges(notes))
        return known

    def manifestation(self, code: str) -> bool:
        """Whether it may never be the first listed: its title places the cause elsewhere (Guidelines I.A.13)."""
        return "classified elsewhere" in self.display(code).lower()

    def excluded(self, one: str, other: str) -> bool:
        """Whether an Excludes1 note of one, or of what it stands under, bars the other (either way)."""
        return self._bars(one, other) or self._bars(other, one)

    def _bars(self, one: str, other: str) -> bool:
        ranges = self._excluded.get(one)
        if ranges is None:
            notes = (note for node in self._line(one) for note in node.excludes1)
            ranges = self._excluded[one] = tuple(r for note in notes for r in _ranges(note))
        return any(within(other, r) for r in ranges)

    def _line(self, code: str) -> Iterator[Any]:
        """The node and all that it stands under."""
        node = self._nodes.get(code)
        while node is not None:
            yield node
            node = node.parent

    # -- by words --------------------------------------------------------------------------------

    def named(self, text: str) -> str | None:
        """The code whose title or inclusion term has just these words, in any order."""
        return self.with_words(words(text)) or self.with_words(words(_BRACKETS.sub(" ", text)))

    def with_words(self, wanted: frozenset[str]) -> str | None:
        """The code of a set of comparable words (see `words`)."""
        if self._words is None:
            self._words = self._index()
        return self._words.get(wanted) if wanted else None

    def sided(self, code: str, side: str) -> str | None:
        """The code of the same title but for the side; a 7th character is left off."""
        node = self._nodes[code]
        title = words((node.parent if node.type == "extended subcategory" else node).description) - SIDES
        found = self.with_words(title | {side})
        return found if found and words(self.display(found)) == title | {side} else None

    def has_sides(self, code: str) -> bool:
        return all(self.sided(code, side) for side in ("left", "right"))

    def _index(self) -> dict[frozenset[str], str]:
        found: dict[frozenset[str], tuple[int, str]] = {}
        for code, node in self._nodes.items():
            if node.type not in ("category", "subcategory"):
                continue
            plain = 0 if not node.children else 1
            terms = [(0, node.description), *((1, t) for t in node.inclusion_term)]
            if not node.children:
                terms += [(2, t) for t in node.includes]
            for rank, term in terms:
                for n, text in enumerate((term, _BRACKETS.sub(" ", term))):
                    key = words(text)
                    order = (rank + n) * 2 + plain
                    if key and (key not in found or (order, code) < found[key]):
                        found[key] = (order, code)
        return {key: code for key, (_, code) in found.items()}


@functools.cache
def icd10() -> Table:
    """The table, loaded at the first use (about two seconds)."""
    return Table()


@functools.lru_cache(maxsize=8_192)
def words(text: str) -> frozenset[str]:
    """Comparable words of a name, without those that tell nothing apart."""
    return frozenset(CACHE[t] for t in TOKEN.findall(text)) - _EMPTY


def within(code: str, codes: tuple[str, str]) -> bool:
    """Whether the code lies in a range of codes, or under one of them."""
    low, high = codes
    return low <= code <= high + _LONGEST


@functools.lru_cache(maxsize=65_536)
def under(code: str, prefixes: tuple[str, ...]) -> bool:
    """Whether a code is one of these, or below one; prefixes have their dot ("E11", "E11.2") or are a range "C51-C58"."""
    for prefix in prefixes:
        low, _, high = prefix.partition("-")
        if high:
            if within(code, (low, high)):
                return True
        elif code.startswith(low):
            return True
    return False


def _ranges(note: str) -> Iterator[tuple[str, str]]:
    """The ranges of codes that a note names."""
    for match in _CODES.finditer(note):
        yield match[1], match[2] or match[1]
