"""`fabric migrate`: the embedded record, the index and the people, copied to where they are kept from now on."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from services.cli._common import err, fail, open_system, out

if TYPE_CHECKING:
    from services.fhir.remote.migrating import Report
    from services.runtime.system import System

app = typer.Typer()


@app.command()
def migrate(to: Annotated[str | None, typer.Option(help="The record, to this FHIR server, such as https://medplum.clinic.example/fhir/R4.")] = None,
            client_id: Annotated[str | None, typer.Option(help="Its client for this console; else FABRIC_FHIR_CLIENT_ID.")] = None,
            secret_stdin: Annotated[bool, typer.Option("--secret-stdin", help="Read the client's secret from standard input; "
                                                       "else FABRIC_FHIR_CLIENT_SECRET, else it is asked for.")] = False,
            ca_file: Annotated[Path | None, typer.Option(help="Certificates that it is trusted by.")] = None,
            index_to: Annotated[str | None, typer.Option(help="The index, to this Chroma server.")] = None,
            people_to: Annotated[Path | None, typer.Option(help="Accounts, memberships and access policies, to another "
                                                           "console's data folder.")] = None) -> None:  # fmt: skip
    """Copy the record, the index or the people elsewhere and compare both places. Run it again to go on after an
    interruption."""
    if to is None and index_to is None and people_to is None:
        fail("Say what is to be copied: --to (the record), --index-to, --people-to.")
    system = open_system()
    try:
        whole = people_to is None or _people(system, people_to)
        whole = (index_to is None or _index(system, index_to)) and whole
        whole = (to is None or _record(system, to, client_id, secret_stdin, ca_file)) and whole
    finally:
        system.stop()
    if not whole:
        raise typer.Exit(1)


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=err, transient=True)


def _people(system: System, folder: Path) -> bool:
    from services.accounts.moving import move_people
    from services.fhir.database import Database
    from services.fhir.sqlite import SQLiteRepository

    if folder.resolve() == system.settings.data_dir.resolve():
        fail("--people-to is this console's own data folder.")
    target = Database(folder / system.settings.database.name)
    try:
        with _bar() as bar:
            task = bar.add_task("copying people", total=None)
            moved = move_people(
                SQLiteRepository(system.database),
                SQLiteRepository(target),
                lambda done, total: bar.update(task, completed=done, total=total),
            )
    finally:
        target.close()
    for name, reason in moved.refused:
        err.print(
            f"not copied: {name} {reason}.", style="yellow", markup=False, highlight=False, soft_wrap=True
        )
    out.print(f"People: {moved.accounts} accounts and {moved.resources} resources of theirs, {moved.added} of them new in "
              f"{folder}. SHA-256 here {moved.here}, there {moved.there}.", markup=False)  # fmt: skip
    if moved.demo:
        out.print(f"{moved.demo} demo accounts stay here.")
    out.print("Passwords and clients' secrets go on working there; whoever is signed in signs in again.")
    return moved.whole


def _index(system: System, url: str) -> bool:
    from services.index.places import Server
    from services.runtime.moving import copy_index
    from services.settings import Settings

    known = system.settings
    token = known.chroma_token.get_secret_value() if known.chroma_token else None
    checked = Settings(chroma_url=url).chroma_url or url  # pyright: ignore[reportCallIssue]
    place = Server(system.store.installation(), checked, known.chroma_tenant, known.chroma_database, token)
    with _bar() as bar:
        task = bar.add_task("", total=None)
        copied = copy_index(
            system.store,
            place,
            lambda what, done, total: bar.update(task, description=what, completed=done, total=total),
        )
    out.print(f"Index: {copied.here} vectors here, {copied.there} there, {copied.sent} sent now, {copied.differing} differing. "
              f"SHA-256 of what is the same: {copied.digest}", markup=False)  # fmt: skip
    if copied.whole:
        out.print(
            f"Start the console with FABRIC_CHROMA_URL={checked}; nothing is embedded again.", markup=False
        )
    return copied.whole


def _record(system: System, to: str, client_id: str | None, secret_stdin: bool, ca_file: Path | None) -> bool:
    from services.accounts.policy import ADMINISTRATIVE
    from services.fhir.remote.client import FhirClient
    from services.fhir.remote.migrating import Migration
    from services.fhir.remote.setup import checks
    from services.settings import Settings

    known = system.settings
    if known.fhir_url:
        fail("Unset FABRIC_FHIR_URL: it is the record of this data folder that is copied.")
    base = Settings(fhir_url=to).fhir_url or to  # pyright: ignore[reportCallIssue]
    name = client_id or known.fhir_client_id
    if not system.owner.acquire():
        fail("Stop the console first: what it writes meanwhile would be missing.")
    client = FhirClient(
        base, name, _secret(secret_stdin) if name else None, ca_file=ca_file or known.fhir_ca_file
    )
    try:
        for checked in checks(client):
            if not checked.good:
                fail(f"{checked.name}: {checked.found}")
        with _bar() as progress:
            task = progress.add_task("copying", total=None)

            def show(what: str, report: Report) -> None:
                progress.update(task, total=report.total, completed=report.done, description=what)

            report = Migration(system.repository, client, ADMINISTRATIVE).run(show)
    finally:
        client.close()
    _told(report, base)
    return report.whole


def _secret(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return os.environ.get("FABRIC_FHIR_CLIENT_SECRET") or getpass.getpass("The client's secret: ")


def _told(report: Report, base: str) -> None:
    table = Table("Type", "Here", "There", "Sent now", "Differing", "SHA-256 of what is the same")
    for column in table.columns:
        column.overflow = "fold"
    for name, (here, there) in report.counted.items():
        table.add_row(
            name,
            str(here),
            str(there),
            str(report.sent[name]),
            str(report.differing[name]),
            report.digests[name],
        )
    out.print(table)
    for reference, reason in report.problems[:50]:
        err.print(
            f"not copied: {reference}: {reason}",
            style="yellow",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    if report.refused > 50:
        err.print(f"… and {report.refused - 50} more", style="yellow")
    if report.resumed:
        out.print(f"Went on behind {report.resumed} resources of an earlier, interrupted run.")
    if report.whole:
        out.print(f"All {report.total} resources are on {base} as they are here. Start the console with FABRIC_FHIR_URL={base}: "
                  "this data folder is its working copy. Earlier versions, people and their passwords, and the audit "
                  "trail's ledger stay here; the trail's events are sent as the console runs.", markup=False)  # fmt: skip
    else:
        out.print("The record is not whole on the server, so this data folder goes on keeping it. Run it again when what is "
                  "named above is mended.")  # fmt: skip
