"""`fabric backup`, `fabric restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from services.cli._common import err, out
from services.settings import settings

app = typer.Typer()


@app.command()
def backup(folder: Annotated[Path, typer.Argument(help="A new folder for the copy.")]) -> None:
    """Copy the installation, beside a running console. The copy holds patients' data and the key that signs the audit
    trail: keep it as you keep the record."""
    from services.runtime.backup import back_up

    with _bar() as bar:
        held = back_up(settings(), folder, _shown(bar))
    out.print(f"{held.resources} resources, {held.passages} passages and {held.entries} audit entries in {folder}.",
              markup=False, highlight=False)  # fmt: skip


@app.command()
def restore(folder: Annotated[Path, typer.Argument(help="A folder that fabric backup made.")]) -> None:
    """Put a copy in the place of the data folder (FABRIC_DATA_DIR), once everything in it is proved to be whole. What
    was there is kept beside it."""
    from services.runtime.backup import restore as bring_back

    with _bar() as bar:
        held, before = bring_back(settings(), folder, _shown(bar))
    out.print(f"{held.resources} resources, {held.passages} passages and {held.entries} audit entries are back in "
              f"{settings().data_dir}.", markup=False, highlight=False)  # fmt: skip
    if before:
        out.print(f"What was there before is in {before}.", markup=False, highlight=False)


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    return Progress(*columns, console=err, transient=True)


def _shown(bar: Progress):
    task = bar.add_task("", total=None)
    return lambda what, done, total: bar.update(task, description=what, completed=done, total=total)
