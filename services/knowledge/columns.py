"""Reading tables as their publishers write them: comma, tab or semicolon, with or without a line of column names."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.errors import InvalidInput

CODE = re.compile(r"[0-9A-Z]\d{3}[0-9A-Z]")
_DATES = ("%Y-%m-%d", "%Y%m%d", "%m/%d/%Y")
_LONGEST_FIELD = 100_000


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file; `cells` by the name of the column."""

    path: Path
    line: int
    cells: Mapping[str, str]

    def wrong(self, column: str, problem: str) -> InvalidInput:
        return wrong(self.path, self.line, column, problem)

    def code(self) -> str:
        """Its CPT or HCPCS code. Raises InvalidInput."""
        code = self.cells.get("code", "").upper()
        if not CODE.fullmatch(code):
            raise self.wrong("code", "is not a CPT or HCPCS code of five characters")
        return code

    def day(self, column: str) -> dt.date | None:
        """A date as 2026-01-31, 20260131 or 01/31/2026; None where the cell is empty. Raises InvalidInput."""
        text = self.cells.get(column, "")
        for form in _DATES if text else ():
            try:
                return dt.datetime.strptime(text, form).date()
            except ValueError:
                continue
        if text:
            raise self.wrong(column, "is not a date such as 2026-01-31")
        return None


def wrong(path: Path, line: int, column: str, problem: str) -> InvalidInput:
    return InvalidInput(f"{path.name}, line {line}, column {column}: {problem}.")


def files(folder: Path, what: str) -> list[Path]:
    """The tables in a folder. Raises InvalidInput where there is none."""
    found = sorted(p for p in folder.glob("*") if p.suffix.lower() in (".csv", ".tsv", ".txt")) if folder.is_dir() else []
    if not found:
        raise InvalidInput(f"{folder.name}: no file with {what} is there (.csv, .tsv or .txt).")
    return found


def rows(path: Path, columns: Sequence[str], names: Mapping[str, str], code: re.Pattern[str] = CODE) -> Iterator[Row]:
    """The rows that hold something. `columns`: their order where the file doesn't name them; `names`: other names of
    columns, in lower case. A first line that doesn't begin with a `code` names the columns. Raises InvalidInput."""
    order: Sequence[str] = columns
    first = True
    for line, cells in _lines(path):
        if first:
            first = False
            if not code.fullmatch(cells[0].upper()):
                order = [names.get(cell.lower(), cell.lower()) for cell in cells]
                missing = [c for c in columns[:2] if c not in order]
                if missing and line == 1:
                    raise wrong(path, line, missing[0], "is not there; the first line has neither a code nor this name")
                continue
        yield Row(path, line, dict(zip(order, cells, strict=False)))


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path.name}: is not text in UTF-8.") from error
    if "\0" in text:
        raise InvalidInput(f"{path.name}: is not a table of text.")
    head = text[:2_000]
    tab = max("\t,;", key=lambda mark: (head.count(mark) > 0, mark == "\t", head.count(mark)))
    # Tab-separated files of code sets quote nothing: a quotation mark in a descriptor is one.
    quoting = csv.QUOTE_NONE if tab == "\t" else csv.QUOTE_MINIMAL
    reader = csv.reader(text.splitlines(), delimiter=tab, quoting=quoting)
    try:
        for cells in reader:
            held = [cell.strip() for cell in cells]
            if any(held) and not held[0].startswith("#"):
                if any(len(cell) > _LONGEST_FIELD for cell in held):
                    raise InvalidInput(f"{path.name}, line {reader.line_num}: is too long.")
                yield reader.line_num, held
    except csv.Error as error:
        raise InvalidInput(f"{path.name}, line {reader.line_num}: can't be read as a table.") from error
