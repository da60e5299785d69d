"""`fabric migrate`: the embedded record copied to a FHIR server."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from services.cli._common import err, fail, open_system, out

app = typer.Typer()


@app.command()
def migrate(to: Annotated[str, typer.Option(help="The FHIR server, such as https://medplum.clinic.example/fhir/R4.")],
            client_id: Annotated[str | None, typer.Option(help="Its client for this console; else FABRIC_FHIR_CLIENT_ID.")] = None,
            secret_stdin: Annotated[bool, typer.Option("--secret-stdin", help="Read the client's secret from standard input; "
                                                       "else FABRIC_FHIR_CLIENT_SECRET, else it is asked for.")] = False,
            ca_file: Annotated[Path | None, typer.Option(help="Certificates that it is trusted by.")] = None) -> None:  # fmt: skip
    """Copy the record to a FHIR server and compare both. Run it again to go on after an interruption."""
    from services.accounts.policy import ADMINISTRATIVE
    from services.fhir.remote.client import FhirClient
    from services.fhir.remote.migrating import Migration, Report
    from services.fhir.remote.setup import checks
    from services.settings import Settings, settings

    known = settings()
    if known.fhir_url:
        fail("Unset FABRIC_FHIR_URL: it is the record of this data folder that is copied.")
    base = Settings(fhir_url=to).fhir_url or to  # pyright: ignore[reportCallIssue]
    name = client_id or known.fhir_client_id
    system = open_system()
    try:
        if not system.owner.acquire():
            fail("Stop the console first: what it writes meanwhile would be missing.")
        client = FhirClient(
            base, name, _secret(secret_stdin) if name else None, ca_file=ca_file or known.fhir_ca_file
        )
        for checked in checks(client):
            if not checked.good:
                fail(f"{checked.name}: {checked.found}")
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=err, transient=True) as progress:
            task = progress.add_task("copying", total=None)

            def show(what: str, report: Report) -> None:
                progress.update(task, total=report.total, completed=report.done, description=what)

            report = Migration(system.repository, client, ADMINISTRATIVE).run(show)
        client.close()
    finally:
        system.stop()
    _told(report, base)
    if not report.whole:
        raise typer.Exit(1)


def _secret(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return os.environ.get("FABRIC_FHIR_CLIENT_SECRET") or getpass.getpass("The client's secret: ")


def _told(report, base: str) -> None:
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
