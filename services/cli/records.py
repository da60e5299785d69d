"""`fabric import`, `fabric export`, `fabric reindex`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from services.cli._common import err, fail, open_system, out
from services.errors import FabricError

app = typer.Typer()


@app.command("import")
def import_(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders: FHIR R4 JSON or ndjson, also gzipped; C-CDA; PDF; text.")],
    patient: Annotated[str | None, typer.Option(help="Id of the patient whom PDFs and texts are about; documents too, whatever they say.")] = None,
    type_: Annotated[str, typer.Option("--type", help="LOINC code of what PDFs and texts are.")] = "34133-9",
    date: Annotated[str, typer.Option(help="Date of PDFs and texts (YYYY-MM-DD).")] = "",
    preview: Annotated[bool, typer.Option("--preview", help="Say what would be done, and write nothing.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Load FHIR R4 files, keeping their ids, and documents; embed them unless a running server does."""
    from services.fhir.importing.importer import Importer, Report
    from services.fhir.importing.preparing import Choice
    from services.fhir.importing.preview import preview_all

    try:
        choice = Choice(patient, type_, date)
    except FabricError as error:
        fail(error.message)
    system = open_system()
    try:
        if preview:
            _print_previews(preview_all(Importer(system.repository, system.database), system.repository, paths, choice), as_json=json)
            return
        with _bar("importing") as progress:
            task = progress.add_task("reading", total=None)

            def show(report: Report, path: Path) -> None:
                progress.update(task, total=max(report.bytes_total, 1) // 1024 + 1,
                                completed=report.bytes_done // 1024 + 1,
                                description=f"{report.stored} stored, {report.refused} refused: {path.name[:40]}")  # fmt: skip

            report = Importer(system.repository, system.database).run(paths, show, choice)
        _print_report(report, as_json=json)
        if report.stored:
            _embed(system, err if json else out)
    finally:
        system.stop()
    if report.refused and not report.read - report.refused:
        raise typer.Exit(1)


def _bar(_label: str) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=err, transient=True)


def _print_report(report, *, as_json: bool) -> None:
    if as_json:
        body = {
            "files": report.files,
            "created": dict(report.created),
            "updated": dict(report.updated),
            "unchanged": dict(report.unchanged),
            "refused": report.refused,
            "removed": dict(report.removed),
            "keptAsText": [{"where": n.where, "what": n.what, "reason": n.reason} for n in report.notes],
            "resumedBehind": report.resumed,
            "problems": [{"where": p.where, "what": p.what, "reason": p.reason} for p in report.problems],
            "seconds": round(report.seconds, 2),
        }
        print(orjson.dumps(body, option=orjson.OPT_INDENT_2).decode())
        return
    table = Table("Type", "Created", "Updated", "Unchanged")
    for name in sorted({*report.created, *report.updated, *report.unchanged}):
        table.add_row(name, str(report.created[name]), str(report.updated[name]), str(report.unchanged[name]))
    out.print(table)
    for problem in report.problems[:50]:
        err.print(f"refused: {problem.where}: {problem.what}: {problem.reason}", style="yellow", markup=False,
                  highlight=False, soft_wrap=True)  # fmt: skip
    if len(report.problems) > 50:
        err.print(f"… and {report.refused - 50} more (--json lists up to 1,000)", style="yellow")
    for note in report.notes[:20]:
        out.print(f"kept as text: {note.where}: {note.what}: {note.reason}", markup=False, highlight=False, soft_wrap=True)
    if len(report.notes) > 20:
        out.print(f"… and {len(report.notes) - 20} more parts kept as text (--json lists them)")
    if report.removed:
        out.print(f"{report.removed.total()} entries of replaced documents removed.")
    if report.resumed:
        out.print(f"Went on behind {report.resumed} entries of an earlier, interrupted import.")
    rate = report.read / report.seconds if report.seconds else 0
    out.print(
        f"{report.stored} stored, {report.unchanged.total()} unchanged, {report.refused} refused, "
        f"from {report.files} files in {report.seconds:.1f} s ({rate:.0f} resources/s)."
    )


def _print_previews(previews, *, as_json: bool) -> None:
    if as_json:
        print(orjson.dumps([p.as_json() for p in previews], option=orjson.OPT_INDENT_2).decode())
        return
    table = Table("File", "Kind", "Patient", "New", "Changed", "There already", "Refused")
    for p in previews:
        table.add_row(p.name, p.label, p.patient, *(str(n.total()) for n in (p.created, p.updated, p.unchanged)), str(len(p.problems)))
    out.print(table)
    for p in previews:
        for problem in p.problems:
            err.print(f"would be refused: {problem.where}: {problem.what}: {problem.reason}", style="yellow", markup=False,
                      highlight=False, soft_wrap=True)  # fmt: skip
    out.print("Nothing was written.")


def _embed(system, said: Console = out) -> None:
    """Work off what waits, here, or leave it to the process that owns the index."""
    if not system.owner.acquire():
        said.print("A running console owns the index and embeds what is new in the background.")
        return
    embedded = 0
    with _bar("embedding") as progress:
        task = progress.add_task("embedding", total=system.pipeline.backlog())
        while (step := system.pipeline.step()) is not None:
            embedded += step.embedded
            progress.update(task, advance=step.changes, description=f"embedding: {embedded} passages")
    said.print(f"{embedded} passages embedded; {system.store.counts()['chunks']} in the index.")


@app.command()
def export(path: Annotated[Path, typer.Argument(help="File to write (.ndjson), or - for standard output.")],
           types: Annotated[list[str] | None, typer.Option("--type", help="Only these resource types.")] = None) -> None:  # fmt: skip
    """Write the current version of every resource as ndjson (Bulk Data). Members, policies and bots belong to this
    installation: they are written only where --type names them."""
    from services.accounts.policy import ADMINISTRATIVE
    from services.fhir.definitions import resource_types

    for name in types or ():
        if name not in resource_types():
            fail(f"'{name}' is not a FHIR R4 resource type.")
    system = open_system()
    count = 0
    # Patients' data: readable by its owner alone.
    target = sys.stdout.buffer if str(path) == "-" else os.fdopen(
        os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb"
    )  # fmt: skip
    try:
        for stored in system.repository.everything(types or resource_types() - ADMINISTRATIVE):
            target.write((stored.body or b"") + b"\n")
            count += 1
        target.flush()
    finally:
        if target is not sys.stdout.buffer:
            target.close()
        system.stop()
    err.print(f"{count} resources written.")


@app.command()
def reindex(
    everything: Annotated[bool, typer.Option("--all", help="Read the whole record again.")] = False,
) -> None:
    """Bring the index up to the record; vectors of unchanged text are kept."""
    system = open_system()
    try:
        if everything:
            system.store.set_state("cursor", "0")
        _embed(system)
    finally:
        system.stop()
