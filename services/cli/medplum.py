"""`fabric medplum setup`, `fabric medplum status`: the FHIR server that keeps the record."""

from __future__ import annotations

import secrets
from typing import Annotated
from urllib.parse import urlsplit

import typer

from services.cli._common import fail, open_system, out
from services.errors import FabricError

app = typer.Typer(no_args_is_help=True, help="The FHIR server that keeps the record (FABRIC_FHIR_URL).")


@app.command()
def setup(console_url: Annotated[str | None, typer.Option(help="This console's address as the server reaches it; without it "
                                                             "the server does not tell, and is asked every few seconds.")] = None,
          types: Annotated[list[str] | None, typer.Option("--type", help="Types that the server tells of; else the usual.")] = None,
          ) -> None:  # fmt: skip
    """Check the server, and put there what this console needs. Doing it again changes nothing that is as it should be."""
    from services.fhir.definitions import resource_types
    from services.fhir.remote.following import USUAL
    from services.fhir.remote.setup import subscriptions
    from services.runtime.remote import HOOK_SECRET

    system, remote = _opened()
    try:
        _check(remote.client)
        count = remote.repository.hand_over("Practitioner")
        out.print(f"People: {count} profiles brought to the server.")
        _bots(remote.client)
        if console_url is None:
            out.print("Told of changes: no (--console-url); the server is asked every "
                      f"{system.settings.fhir_poll_seconds:g} s.")  # fmt: skip
            return
        where = urlsplit(console_url)
        if where.scheme not in ("http", "https") or not where.hostname:
            fail("--console-url is an address such as https://console.clinic.example.")
        for name in types or ():
            if name not in resource_types():
                fail(f"'{name}' is not a FHIR R4 resource type.")
        secret = remote.hook_secret() or secrets.token_urlsafe(32)
        # Kept before it is used: what the server signs must never be unknown here.
        remote.keep(HOOK_SECRET, secret)
        outcomes = [_put(remote.client, s) for s in
                    subscriptions(system.store.installation(), console_url, secret, types or USUAL)]  # fmt: skip
        out.print(
            f"Told of changes: {_counted(outcomes)} subscriptions of the server's, to {console_url}.",
            markup=False,
        )
    finally:
        system.stop()


@app.command()
def status() -> None:
    """How the server is, and what waits to be sent."""
    system, remote = _opened()
    try:
        good = True
        try:
            remote.client.search("Patient", [("_count", "1")])
            state = "answers"
        except FabricError as error:
            state, good = error.message, False
        told = remote.state()
        last = (
            system.database.connection().execute("SELECT COUNT(*), SUM(filled) FROM remote_cursor").fetchone()
        )
        copied = system.database.connection().execute("SELECT COUNT(*) FROM remote_version").fetchone()[0]
        out.print(f"Server: {told['server']}: {state}", markup=False)
        out.print(f"Working copy: {copied} resources, {last[1] or 0} of {last[0]} types filled.")
        out.print(
            f"Audit events: {told['auditEventsWaiting']} wait to be sent, {told['auditEventsRefused']} were refused."
        )
        if told["unsettled"]:
            out.print(
                f"{told['unsettled']} writes broke off; a running console finds out what became of them."
            )
        out.print(f"Told of changes: {'set up' if remote.hook_secret() else 'not set up'}.")
        if not good:
            raise typer.Exit(1)
    finally:
        system.stop()


def _opened():
    system = open_system()
    if system.remote is None:
        system.stop()
        fail("Set FABRIC_FHIR_URL, FABRIC_FHIR_CLIENT_ID and FABRIC_FHIR_CLIENT_SECRET first.")
    return system, system.remote


def _check(client) -> None:
    from services.fhir.remote.setup import checks

    for checked in checks(client):
        out.print(f"{'ok   ' if checked.good else 'WRONG'} {checked.name}: {checked.found}", markup=False,
                  style=None if checked.good else "red")  # fmt: skip
        if not checked.good:
            raise typer.Exit(1)


def _bots(client) -> None:
    """The contract's bots under their ids, where the server knows bots."""
    from services.runtime.bots import resource_of
    from services.runtime.registry import BUILT_IN

    try:
        outcomes = [_put(client, resource_of(bot)) for bot in BUILT_IN.values()]
    except FabricError as error:
        out.print(f"Bots: not put there, which this console does not need: {error.message}", markup=False)
        return
    out.print(f"Bots: {_counted(outcomes)}.")


def _put(client, resource) -> str:
    from services.fhir.remote.copies import canonical

    found = client.read(resource["resourceType"], resource["id"])
    if found is not None and canonical(found.resource) == canonical(resource):
        return "unchanged"
    if found is not None:
        resource = {**found.resource, **resource}
        if canonical(found.resource) == canonical(resource):
            return "unchanged"
    client.put(resource, found.version if found else None)
    return "changed" if found else "new"


def _counted(outcomes: list[str]) -> str:
    return ", ".join(f"{outcomes.count(o)} {o}" for o in ("new", "changed", "unchanged") if o in outcomes)
