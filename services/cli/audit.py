"""`fabric audit …`: the ledger of the audit trail, signed, proved and exported. Each works beside a running server."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sys
import zoneinfo
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from services.cli._common import err, fail, open_system, out

if TYPE_CHECKING:
    from services.audit.checkpoints import VerifierKey
    from services.runtime.system import System

app = typer.Typer(no_args_is_help=True, help="The audit trail: checkpoints, verification, export.")
MOST_CHECKPOINT = 64 * 1024


@contextlib.contextmanager
def _system() -> Iterator[System]:
    system = open_system()
    try:
        yield system
    finally:
        system.stop()


@app.command()
def checkpoint(
    out_file: Annotated[
        Path | None, typer.Option("--out", help="File to write; else standard output.")
    ] = None,
    hashes: Annotated[
        Path | None,
        typer.Option(
            "--hashes",
            help="Also write the hash of each entry, 32 bytes each: with it, verification names the very entry.",
        ),
    ] = None,
    key: Annotated[bool, typer.Option("--key", help="Only print the public key.")] = False,
) -> None:
    """Sign the ledger as it is now. Keep it where whoever runs this machine can't change it."""
    from services.audit.checkpoints import Signer

    with _system() as system:
        signer = Signer(system.settings.audit_key_file)
        if key:
            print(signer.key())
            return
        size, root = system.ledger.head()
        note = signer.sign(size, root)
        if hashes:
            with hashes.open("wb") as file:
                file.writelines(system.ledger.hashes(size))
        if out_file is None:
            sys.stdout.write(note)
            return
        out_file.write_text(note, "utf-8")
        err.print(f"Checkpoint of {size} entries written.")


@app.command("verify")
def verify_command(
    checkpoints: Annotated[
        list[Path] | None,
        typer.Option("--checkpoint", help="A checkpoint that was kept elsewhere. May be repeated."),
    ] = None,
    hashes: Annotated[
        Path | None, typer.Option("--hashes", help="The entries' hashes that were kept elsewhere.")
    ] = None,
    keys: Annotated[
        list[str] | None,
        typer.Option(
            "--key",
            help="The public key that signed the checkpoints, or a file that holds it; else this data folder's.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print what came of it as JSON.")] = False,
) -> None:
    """Prove that every event is as it was written, and that nothing a checkpoint saw is gone. Exit status 1 names the
    first wrong entry."""
    from services.audit.checkpoints import Signer
    from services.audit.verifying import verify

    with _system() as system, contextlib.ExitStack() as files:
        known = [_key(text) for text in keys or ()] or [Signer(system.settings.audit_key_file).key()]
        held = [_opened(path, known) for path in checkpoints or ()]
        copy = files.enter_context(hashes.open("rb")) if hashes else None
        with Progress(TextColumn("verifying"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
                      console=err, transient=True) as bar:  # fmt: skip
            task = bar.add_task("verifying", total=None)
            found = verify(
                system.database, held, copy, lambda done, total: bar.update(task, completed=done, total=total)
            )
        system.ledger.keep_check(found.told)
    if json:
        print(orjson.dumps(found.told).decode())
    elif found.finding is None:
        against = (
            f", and hold what {len(held)} checkpoint{'s' if len(held) != 1 else ''} signed" if held else ""
        )
        out.print(f"All {found.size} entries are as they were written{against}.", markup=False)
    if found.finding is not None:
        if not json:
            err.print(f"WRONG at {found.finding.where}: {found.finding.reason}", style="red", markup=False,
                      highlight=False, soft_wrap=True)  # fmt: skip
        raise typer.Exit(1)


@app.command()
def export(
    since: Annotated[
        str | None, typer.Option(help="Events recorded from this date or time on (ISO 8601).")
    ] = None,
    before: Annotated[str | None, typer.Option(help="Events recorded before this date or time.")] = None,
    patient: Annotated[str | None, typer.Option(help="Events about the patient with this id.")] = None,
    person: Annotated[
        str | None, typer.Option(help="Events of this member, such as Practitioner/<id>.")
    ] = None,
    types: Annotated[
        list[str] | None, typer.Option("--type", help="Only these kinds. May be repeated.")
    ] = None,
) -> None:
    """Write events to standard output as ndjson, in the order of the ledger."""
    from services.audit.filtering import KINDS, Wanted

    for name in types or ():
        if name not in KINDS:
            fail(f"'{name}' is no kind of event. There are: {', '.join(KINDS)}.")
    with _system() as system:
        zone = zoneinfo.ZoneInfo(system.settings.timezone)
        wanted = Wanted(
            frozenset([patient.removeprefix("Patient/")]) if patient else None, person, frozenset(types or ()),
            None, _moment(since, zone), _moment(before, zone),
        )  # fmt: skip
        count = 0
        for body in wanted.of(system.ledger.events()):
            sys.stdout.buffer.write(body + b"\n")
            count += 1
        sys.stdout.buffer.flush()
    err.print(f"{count} events written.")


def _moment(text: str | None, zone: zoneinfo.ZoneInfo) -> dt.datetime | None:
    if text is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        fail(f"'{text}' is neither a date nor a time, such as 2026-11-22 or 2026-11-22T08:30.")
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _key(text: str) -> VerifierKey:
    from services.audit.checkpoints import VerifierKey

    path = Path(text)
    if "+" not in text and path.exists():
        text = path.read_text("utf-8", "replace")[:MOST_CHECKPOINT]
    return VerifierKey.parse(text)


def _opened(path: Path, known: list[VerifierKey]):
    from services.errors import InvalidInput

    with path.open("rb") as file:
        note = file.read(MOST_CHECKPOINT).decode("utf-8", "replace")
    for number, key in enumerate(known, 1):
        try:
            return key.open(note)
        except InvalidInput as error:
            if number == len(known):
                fail(f"{os.fspath(path)}: {error.message}")
    raise AssertionError("there is always a key")
