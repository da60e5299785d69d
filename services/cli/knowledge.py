"""`fabric knowledge …`: the tables that findings rest on, and a clinic's own over them or in their place."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer
from rich.table import Table as Grid

from services.cli._common import err, fail, open_system, out

if TYPE_CHECKING:
    from services.knowledge.catalogue import Table
    from services.knowledge.entries import Entry
    from services.knowledge.importing import Changes

app = typer.Typer(no_args_is_help=True, help="The tables that findings rest on: shipped ones, and the clinic's own.")
MOST_SHOWN = 20
_SOURCE_WIDTH = 60
_NOT_JUDGED = ("cpt", "ncci", "fees", "ismp", "doses")
"""No finding rests on these."""
Kind = Annotated[str, typer.Argument(help="Which table; `fabric knowledge list` names them.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_(json: AsJson = False) -> None:
    """All tables: version, source, entries, and what the clinic imported, when and by whom."""
    from services.knowledge.catalogue import TABLES

    told = [_told(table) for table in TABLES]
    if json:
        print(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
        return
    grid = Grid("Kind", "Holds", "Version", "Entries", "Own", "Imported", "Source")
    for column in grid.columns:
        column.overflow = "fold"
    for one in told:
        own = one["imported"]
        since = f"{own['at'][:10]} by {own['by']} ({own['mode']})" if own else one["trouble"]
        source = one["source"]
        grid.add_row(
            one["kind"], one["title"], one["version"], f"{one['entries']:,}" if one["entries"] else "–",
            " or ".join(one["modes"]) or "–", since or "–",
            source if len(source) <= _SOURCE_WIDTH else f"{source[: _SOURCE_WIDTH - 1]}…",
        )  # fmt: skip
    out.print(grid)


@app.command("import")
def import_(
    kind: Kind,
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders of files (.tsv, .csv, .txt), in UTF-8.")],
    add: Annotated[bool, typer.Option("--add", help="Over the shipped entries: the same ones change, new ones come.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="In the place of all shipped entries.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only say what is wrong and what would change.")] = False,
    source: Annotated[str, typer.Option(help="From where, if the files don't say.")] = "",
    version: Annotated[str, typer.Option(help="Which version, if the files don't say.")] = "",
) -> None:  # fmt: skip
    """Take the clinic's own table. All of it is checked first; a running server uses it with the next question."""
    from services.errors import InvalidInput
    from services.knowledge.catalogue import table
    from services.knowledge.importing import put, staged

    made = table(kind)
    if add and replace:
        fail("Say --add or --replace, not both.")
    mode = "add" if add else "replace" if replace else None
    try:
        with staged(made, paths, mode, source, version) as ready:
            if not check:
                known = ready.manifest
                about = {"mode": known.mode, "version": known.version, "source": known.source}
                with _recorded(made, "C", known.by, ready.changes, about):
                    put(ready)
            out.print(f"{ready.manifest.told}, version {ready.manifest.version}; source: {ready.manifest.source}", markup=False)
            _print_changes(ready.changes)
            out.print("Checked only: nothing was imported." if check else f"'{kind}' counts from now on.", markup=False)
    except InvalidInput as error:
        for line in error.details or ():
            err.print(line, style="yellow", markup=False, highlight=False, soft_wrap=True)
        fail(f"Nothing was imported. {error.message}")


@app.command("remove")
def remove(kind: Kind) -> None:
    """Go back to the shipped table."""
    from services.knowledge import importing
    from services.knowledge.catalogue import table

    made = table(kind)
    changes = importing.removable(made)
    with _recorded(made, "D", importing.account(), changes):
        importing.remove(made)
    _print_changes(changes)
    out.print(f"The clinic's own '{kind}' is removed; {'the shipped one' if made.files else 'none'} counts from now on.", markup=False)  # fmt: skip


@app.command("show")
def show(
    kind: Kind,
    entry: Annotated[str | None, typer.Argument(help="The name of an entry, or words in it.")] = None,
    json: AsJson = False,
) -> None:
    """What a table says of itself; or an entry of it, with its source."""
    from services.knowledge.catalogue import table

    made = table(kind)
    if entry is not None:
        _show_entries(made, entry, json)
        return
    told = _told(made)
    if json:
        print(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
        return
    for name in ("title", "what", "source", "version", "licence", "entries", "trouble"):
        if told[name]:
            out.print(f"{name.capitalize()}: {told[name]}", markup=False, highlight=False)
    if made.columns:
        out.print(f"Columns: {', '.join(told['columns'])}", markup=False, highlight=False)
    modes = " or ".join(f"--{m}" for m in made.modes)
    out.print(f"Own: {f'fabric knowledge import {kind} FILE {modes}' if modes else 'can not be changed'}", markup=False, highlight=False)  # fmt: skip
    if own := told["imported"]:
        out.print(f"Imported: {own['at']} by {own['by']} ({own['mode']}): {', '.join(own['files'])}", markup=False, highlight=False)  # fmt: skip


def _show_entries(made: Table, wanted: str, json: bool) -> None:
    from services.knowledge.entries import key
    from services.knowledge.importing import shown

    rows = _entries(made)
    fold = wanted.strip().casefold()
    found = [e for e in rows if fold in (shown(key(made, e.cells)).casefold(), e.cells[0].casefold())]
    found = found or [e for e in rows if any(fold in cell.casefold() for cell in e.cells)]
    if not found:
        fail(f"'{made.kind}' has no entry with “{wanted}”.")
    names = made.columns or tuple(f"column {n}" for n in range(1, max(len(e.cells) for e in found) + 1))
    if json:
        told = [{**dict(zip(names, e.cells, strict=False)), "table": e.table} for e in found]
        print(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
        return
    for one in found[:MOST_SHOWN]:
        for name, cell in zip(names, one.cells, strict=False):
            if cell:
                out.print(f"{name}: {cell}", markup=False, highlight=False)
        out.print(f"table: {one.table}\n", markup=False, highlight=False)
    if len(found) > MOST_SHOWN:
        err.print(f"… and {len(found) - MOST_SHOWN} more (--json lists all)")


def _entries(made: Table) -> list[Entry]:
    from services.knowledge.entries import Entry, entries, manifest, own_cells, told
    from services.knowledge.installed import installed

    own = installed(made.kind)
    if made.files:
        return entries(made.kind, own)
    if own is None:
        return []
    known = manifest(own)
    return [Entry(cells, told(made, known)) for cells in own_cells(made, own, known)]


def _told(made: Table) -> dict[str, Any]:
    """A table as JSON. `trouble`: why what was imported can't be read."""
    from dataclasses import asdict

    from services.errors import InvalidInput
    from services.knowledge.catalogue import head
    from services.knowledge.entries import manifest
    from services.knowledge.installed import installed

    heads = [head(path) for path in made.paths]
    first = heads[0] if heads else None
    body: dict[str, Any] = {
        "kind": made.kind, "title": made.title, "what": "; ".join(h.what.rstrip(".") for h in heads),
        "source": first.source if first else "", "version": first.version if first else "",
        "licence": first.licence if first else "", "columns": list(first.told if first else ()),
        "entries": 0, "modes": list(made.modes), "imported": None, "trouble": "",
    }  # fmt: skip
    try:
        if own := installed(made.kind):
            known = manifest(own)
            body["imported"] = asdict(known) | {"shippedVersion": body["version"]}
            over = f" over {body['version']}" if known.mode == "add" else ""
            body |= {"version": known.version + over, "source": known.source, "licence": known.licence}
        body["entries"] = len(_entries(made))
    except InvalidInput as error:
        body["trouble"] = error.message
    return body


def _print_changes(changes: Changes) -> None:
    for word, keys in (("added", changes.added), ("changed", changes.changed), ("dropped", changes.dropped)):
        more = f", … and {len(keys) - MOST_SHOWN} more" if len(keys) > MOST_SHOWN else ""
        named = f": {', '.join(keys[:MOST_SHOWN])}{more}" if keys else ""
        out.print(f"{len(keys):,} {word}{named}", markup=False, highlight=False)


@contextlib.contextmanager
def _recorded(
    made: Table, action: str, operator: str, changes: Changes, about: dict[str, str] | None = None
) -> Iterator[None]:
    """A change, told to the audit trail before it is made: one that the trail doesn't hold is worse than one in it that was
    broken off. Findings that rest on the table are computed again, in the background of a running server."""
    from services.accounts.roles import Principal

    counts = {"added": len(changes.added), "changed": len(changes.changed), "dropped": len(changes.dropped)}
    system = open_system()
    try:
        system.audit.write(
            "command_executed", action=action, agent=Principal("cli", "machine", "fabric command", "administrator"),
            description="table of knowledge", details={"table": made.kind, "operator": operator, **(about or {}), **counts},
        )  # fmt: skip
        yield
        if made.kind not in _NOT_JUDGED:
            system.findings.move_cursor(0)
    finally:
        system.stop()
