"""Numbers, addresses and other fixed values of a record, found in any of their written forms by one expression."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from services.llm.redaction_folding import folded
from services.llm.redaction_words import is_weak

_RUN = re.compile(r"[^\W\d_]+|\d+")
_LONG = 8  # letters and digits from which a value is found inside of a longer run of them
_MOST = 160  # of a value; longer ones are web addresses, which are found by their looks
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
_BARE = re.compile(r"[\W_]")


class Literal(NamedTuple):
    start: int
    end: int
    key: str


class Literals:
    """Values by kind. `entities` leads from a value's letters and digits to what the caller gave for it."""

    def __init__(self) -> None:
        self.entities: dict[str, Any] = {}
        self.weak: set[str] = set()  # towns that are words too
        self._whole: dict[str, Any] = {}
        self._within: dict[str, Any] = {}
        self._compiled: re.Pattern[str] | None = None

    def value(self, value: str, entity: Any) -> None:
        """An identifier: found with other or no marks between its runs, and within its figures."""
        low = folded(value)
        runs = _RUN.findall(low)
        size = sum(map(len, runs))
        digits = any(run.isdigit() for run in runs)
        if size < 5 or size > _MOST or (not digits and (size < 6 or is_weak("".join(runs)))):
            return  # too short to tell from a result: found where it is labelled
        inner = r"[\s.\-]?" if digits and size > 5 else ""
        self._add([self._atoms(run, inner) for run in runs], r"[\W_]{0,3}", "".join(runs), entity)
        for run in runs if len(runs) > 1 else ():
            if run.isdigit() and len(run) > 5:  # "MRN-0098765" is known by its figures too
                self._add([self._atoms(run, inner)], "", run, entity)

    def resource(self, kind: str, ident: str, entity: Any) -> None:
        """A resource's id: alone where it can't be anything else, else as Type/id."""
        low = folded(ident)
        if sum(map(str.isdigit, low)) < (7 if low.isdigit() else 1) or len(low) < 6:
            low = f"{kind.lower()}/{low}"
        self.entities.setdefault(bare(low), entity)
        if not _UUID.match(low):  # those are found by their looks
            self._put(self._whole, [re.escape(c) for c in low])

    def phone(self, number: str, entity: Any) -> None:
        """A telephone number: with and without the country's code, in any grouping."""
        digits = re.sub(r"\D", "", re.sub(r"(?i)\s*(?:x|ext).*$", "", number))
        if len(digits) < 6:
            return
        for form in _dialled(digits, number.strip().startswith("+")):
            self._add([self._atoms(form, r"[\s().\-/]{0,3}")], "", form, entity)

    def place(self, text: str, entity: Any) -> None:
        """A street line, a town or a postal code."""
        runs = _RUN.findall(folded(text))
        key = "".join(runs)
        if len(key) < 3 or len(key) > _MOST:
            return
        if len(runs) == 1 and not runs[0].isdigit() and is_weak(key):
            self.weak.add(key)
        self._add([self._atoms(run, "") for run in runs], r"[\W_]{0,4}", key, entity, whole=True)

    def find(self, low: str) -> Iterator[Literal]:
        """Every value in a folded text, longest first, in order and without overlaps."""
        if self._compiled is None:
            whole, within = _expression(self._whole), _expression(self._within)
            # Half of a number is another number.
            self._compiled = re.compile(
                rf"(?<![^\W_])(?:{whole})(?![^\W_])|(?:{within})"
                if within
                else rf"(?<![^\W_])(?:{whole})(?![^\W_])"
            )
        for found in self._compiled.finditer(low):
            if found.end() > found.start():
                yield Literal(found.start(), found.end(), bare(found.group()))

    @staticmethod
    def _atoms(run: str, between: str) -> list[str]:
        return [re.escape(c) + (between if i < len(run) - 1 else "") for i, c in enumerate(run)]

    def _add(
        self, runs: list[list[str]], between: str, key: str, entity: Any, *, whole: bool = False
    ) -> None:
        atoms: list[str] = []
        for run in runs:
            if atoms:
                atoms.append(between)
            atoms += run
        # Figures alone are found whole: "12345678" is not a part of "9912345678".
        self._put(self._whole if whole or len(key) < _LONG or key.isdigit() else self._within, atoms)
        self.entities.setdefault(key, entity)

    def _put(self, trie: dict[str, Any], atoms: Iterable[str]) -> None:
        self._compiled = None
        for atom in atoms:
            trie = trie.setdefault(atom, {})
        trie[""] = {}


def bare(text: str) -> str:
    """Letters and digits alone."""
    return _BARE.sub("", text)


def _dialled(digits: str, international: bool) -> Iterator[str]:
    forms = {digits: None, "00" + digits: None, "011" + digits: None}
    if international:
        for size in (1, 2, 3):
            if len(rest := digits[size:]) >= 7:
                forms |= dict.fromkeys((rest, "0" + rest, digits[:size] + "0" + rest))
    national = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
    if len(national) == 10:  # North America: area code, exchange, line
        forms |= dict.fromkeys((national, "1" + national, national[3:]))
    if digits[0] == "0" and len(digits) > 7:
        forms[digits.lstrip("0")] = None
    yield from forms


def _expression(trie: dict[str, Any]) -> str:
    """Alternatives that share their beginnings, longest first."""
    pieces: list[str] = []
    while len(trie) == 1 and "" not in trie:  # a chain needs no group, so that depth stays small
        ((atom, trie),) = trie.items()
        pieces.append(atom)
    branches = [atom + _expression(rest) for atom, rest in trie.items() if atom]
    if branches:
        pieces.append(f"(?:{'|'.join(branches)})" + ("?" if "" in trie else ""))
    return "".join(pieces)
