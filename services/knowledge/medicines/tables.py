"""Reader of the tables of `data/medicines`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from services.knowledge.tables import lines

T = TypeVar("T", bound=str)
DATA = Path(__file__).parents[1] / "data" / "medicines"


def rows(name: str, columns: int) -> Iterator[list[str]]:
    """The cells of each line, filled up with "" to the number of columns."""
    for number, cells in enumerate(lines(DATA / f"{name}.tsv"), start=1):
        if len(cells) > columns:
            raise ValueError(f"{name}.tsv: entry {number} has {len(cells)} columns, {columns} are known")
        yield cells + [""] * (columns - len(cells))


def items(cell: str) -> tuple[str, ...]:
    """The parts of a cell that holds a list."""
    return tuple(part for part in cell.split("|") if part)


def choice(cell: str, choices: tuple[T, ...], where: str) -> T:
    """The cell as one of the choices; ValueError that says where it stands when it is none."""
    for known in choices:
        if cell == known:
            return known
    raise ValueError(f"{where}: {cell!r} is none of {', '.join(choices)}")
