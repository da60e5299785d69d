"""Reader of the lexicon's TSV tables.

Columns: id, name, synonyms, abbreviations, codes, broader, related, units; lists are separated by `|`.
An abbreviation may end in marks that say when it counts:
  `!`  only in its own case (in a short lower-case query also in lower case);
  `!!` only in its own case, always, since its letters are also an English word;
  `#`  only before a value or a comparison ("K 3.1", "Ca < 8").
A name that ends in `~` is of a happening whose words also tell how a value went ("BNP fell"): they don't count there.
Codes are `system:code` with the systems icd10cm, loinc, snomed, rxnorm and cvx.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.knowledge.terms import key

DATA = Path(__file__).parent / "data"
CASED, STRICT, NUMERIC, LITERAL, EVENT = 1, 2, 4, 8, 16


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a concept table."""

    id: str
    kind: str
    name: str
    synonyms: tuple[str, ...]
    abbreviations: tuple[tuple[str, int], ...]
    codes: dict[str, tuple[str, ...]]
    broader: tuple[str, ...]
    related: tuple[str, ...]
    units: tuple[str, ...]
    rules: int = 0
    """Rules of its name and synonyms."""


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning of an ambiguous term: the words around that speak for it."""

    concept: str
    context: frozenset[str]
    default: bool


def _items(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part) if cell else ()


def _abbreviation(cell: str) -> tuple[str, int]:
    rules = 0
    if cell.endswith("#"):
        cell, rules = cell[:-1], NUMERIC
    if cell.endswith("!!"):
        cell, rules = cell[:-2], rules | STRICT
    elif cell.endswith("!"):
        cell, rules = cell[:-1], rules | CASED
    # "H&P" or "N/V" are only themselves, not any "h p".
    parts = key(cell).split(" ")
    if len(parts) > 1 and max(map(len, parts)) == 1:
        rules |= LITERAL
    return cell, rules


def _codes(cell: str) -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for item in _items(cell):
        system, _, code = item.partition(":")
        table[system] = (*table.get(system, ()), code)
    return table


def lines(path: Path) -> Iterator[list[str]]:
    """The cells of each line of a table, without the comment lines at its head."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line[0] not in "#\n":
                yield line.rstrip("\n").split("\t")


def load_rows(folder: Path = DATA) -> Iterator[Row]:
    """All concepts of `concepts-*.tsv`."""
    for path in sorted(folder.glob("concepts-*.tsv")):
        for cells in lines(path):
            cells += [""] * (8 - len(cells))
            concept, name, synonyms, abbreviations, codes, broader, related, units = cells
            yield Row(
                concept,
                concept.partition(":")[0],
                name.rstrip("~"),
                _items(synonyms),
                tuple(_abbreviation(a) for a in _items(abbreviations)),
                _codes(codes),
                _items(broader),
                _items(related),
                _items(units),
                EVENT if name.endswith("~") else 0,
            )


def load_ambiguous(folder: Path = DATA) -> dict[str, tuple[Sense, ...]]:
    """Ambiguous terms: term, concept (`*` before it: taken when nothing around decides), context words."""
    table: dict[str, list[Sense]] = {}
    for term, concept, context in lines(folder / "ambiguous.tsv"):
        words = frozenset(key(w) for w in _items(context))
        sense = Sense(concept.lstrip("*"), words, concept.startswith("*"))
        table.setdefault(key(term), []).append(sense)
    return {term: tuple(senses) for term, senses in table.items()}
