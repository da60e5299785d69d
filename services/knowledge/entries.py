"""The entries of a table that count: the shipped ones, with a clinic's own over them or in their place."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from services.errors import InvalidInput
from services.knowledge.catalogue import Mode, Table, head, table
from services.knowledge.installed import installed
from services.knowledge.tables import lines

MANIFEST = "import.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """The cells of a line, filled up with "" to the number of columns; `table` names the table and its version."""

    cells: tuple[str, ...]
    table: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known of an import. `at` is an ISO time in UTC, `by` the account of the operating system, `told` what the
    files hold, in a line."""

    kind: str
    mode: Mode
    source: str
    version: str
    licence: str
    at: str
    by: str
    told: str
    files: tuple[str, ...]

    def body(self) -> bytes:
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2)


def manifest(folder: Path) -> Manifest:
    """Of an import. Raises InvalidInput where it can't be read."""
    try:
        body = orjson.loads((folder / MANIFEST).read_bytes())
        return Manifest(**{**body, "files": tuple(body["files"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        kind = folder.parent.name
        raise InvalidInput(
            f"The imported table '{kind}' can't be read. Import it again, or go back to what is shipped: "
            f"fabric knowledge remove {kind}"
        ) from error


def entries(kind: str, own: Path | None) -> list[Entry]:
    """All entries that count, in the order of the tables; `own` is the folder of a clinic's import."""
    made = table(kind)
    shipped = list(shipped_entries(made))
    if own is None:
        return shipped
    known = manifest(own)
    ours = [Entry(c, told(made, known)) for c in own_cells(made, own, known)]
    if known.mode == "replace":
        return ours
    found = {key(made, e.cells): e for e in shipped}
    found.update((key(made, e.cells), e) for e in ours)
    return list(found.values())


def told(made: Table, own: Manifest | None) -> str:
    """A table and its version, as a finding names it; "" for one that comes by import alone and was not imported."""
    if own:
        return f"{made.title}, version {own.version} (the clinic's own: {own.source})"
    return f"{made.title}, version {head(made.paths[0]).version}" if made.files else ""


def named(kind: str) -> str:
    """The table that counts now, and its version."""
    own = installed(kind)
    return told(table(kind), manifest(own) if own else None)


def shipped_entries(made: Table) -> Iterator[Entry]:
    """Raises InvalidInput for a line with more columns than the head names."""
    name = told(made, None)
    for path in made.paths:
        width = len(head(path).columns)
        for cells in lines(path):
            yield Entry(_filled(cells, width, path.name), name)


def own_cells(made: Table, folder: Path, known: Manifest) -> Iterator[tuple[str, ...]]:
    """The lines of an import, as they stand in its files."""
    for name in known.files:
        path = folder / made.place / name
        try:
            if made.files:
                rows = (cells for cells in lines(path) if any(map(str.strip, cells)))
                yield from (_filled(cells, len(made.columns), name) for cells in rows)
            else:
                yield from _published(path)
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidInput(f"{name} of the imported table '{made.kind}' can't be read. Import it again.") from error


def _published(path: Path) -> Iterator[tuple[str, ...]]:
    """The lines of a publisher's CSV or TSV file; of a value set's codes with its name before them."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        delimiter = max("\t;,", key=file.readline().count)
        file.seek(0)
        before = (path.stem,) if path.parent.name == "codes" else ()
        for row in csv.reader(file, delimiter=delimiter):
            if row and not row[0].startswith("#"):
                yield (*before, *(cell.strip() for cell in row))


def key(made: Table, cells: tuple[str, ...]) -> tuple[str, ...]:
    """What tells an entry from the others of its table."""
    return tuple(cells[n] for n in made.key if n < len(cells)) if made.key else cells


def _filled(cells: list[str], width: int, name: str) -> tuple[str, ...]:
    if len(cells) > width:
        raise InvalidInput(f"{name}: “{cells[0]}” has {len(cells)} columns, {width} are known")
    return (*cells, *([""] * (width - len(cells))))
