"""The head of a table: comment lines that say what it holds, from where, of which version, and what its columns are.

`# What: …`, `# Source: …`, `# Version: … . Licence: …`, `# Columns: a, b (which may say more), c`. Other comment lines are
for people. The same words are asked of the tables that a clinic imports, where What, Licence and Columns may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_FIELD = re.compile(r"#\s*(What|Source|Version|Columns):\s*(.*\S)")
_LICENCE = re.compile(r"\s*\bLicen[cs]e:\s*(.*)", re.DOTALL)
_COMMA = re.compile(r",\s*(?![^()]*\))")
_ASIDE = re.compile(r"\s*\(.*\)\s*$")
MOST_LINES = 60
"""Behind so many comment lines no head begins."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a table says of itself; "" where it says nothing. `columns` are their names, `told` the same with what is
    said about them in brackets."""

    what: str
    source: str
    version: str
    licence: str
    told: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(_ASIDE.sub("", c) for c in self.told)


def parse(lines: Iterable[str]) -> Head:
    """The head in the lines of a table; the first of each kind counts."""
    found: dict[str, str] = {}
    for line in _comments(lines):
        if match := _FIELD.match(line):
            found.setdefault(match[1], match[2])
    version, licence = found.get("Version", ""), ""
    if match := _LICENCE.search(version):
        version, licence = version[: match.start()], match[1]
    columns = found.get("Columns", "")
    return Head(
        found.get("What", ""),
        found.get("Source", ""),
        version.strip().rstrip("."),
        licence.strip().rstrip("."),
        tuple(c.strip() for c in _COMMA.split(columns)) if columns else (),
    )


def read(path: Path) -> Head:
    """The head of a file in UTF-8."""
    with path.open(encoding="utf-8") as file:
        return parse(file)


def _comments(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number >= MOST_LINES:
            return
        if line.startswith("#"):
            yield line
