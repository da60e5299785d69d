"""A server, or something on the way to it, that answers with anything but what was asked for: nothing is believed, nothing is
lost, everything is said in a sentence, and when it is over all is as it was left."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest

from services.errors import FabricError, StoreUnavailable
from services.fhir.remote.client import FhirClient
from services.fhir.remote.following import Follower
from services.fhir.remote.lease import Lease
from services.fhir.remote.outbox import Outbox
from services.fhir.remote.setup import checks
from tests.contract.backend import Backend
from tests.contract.conftest import Console, Consoles, same_as
from tests.contract.test_writing_through import PATIENT, patience

RUBBISH = {
    "page": b"<!doctype html><h1>Sign in to the guests' network</h1>",
    "cut": b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Pat',
    "null": b"null",
    "list": b"[]",
    "empty": b"{}",
    "bytes": b"\xff\xfe\x00",
    "other": b'{"resourceType":"Patient","id":"somebody-else"}',
    "nothing": b'{"resourceType":"Bundle","type":"searchset"}',
    "odd entries": b'{"resourceType":"Bundle","link":[3,{"relation":"next","url":4}],'
    b'"entry":[null,3,{"resource":5},{"response":7},{"search":8,"resource":{"resourceType":"Patient","id":9,"meta":1}}]}',
    "odd parts": b'{"resourceType":"Bundle","link":{},"entry":{},"total":"many"}',
    "odd outcome": b'{"resourceType":"Bundle","entry":[{"response":{"status":"400","outcome":{"issue":3}}},'
    b'{"response":{"status":"99x"}}]}',
    "scalar": b'{"resourceType":3,"id":[]}',
}


@pytest.mark.parametrize("rubbish", RUBBISH.values(), ids=RUBBISH)
def test_nothing_of_it_is_believed(
    consoles: Consoles, backend: Backend, direct: FhirClient, rubbish: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = consoles("a")
    here = console.repository
    held, other = here.create(PATIENT), here.create(PATIENT)
    outbox, follower = Outbox(here, console.client), Follower(here)
    here.create({"resourceType": "AuditEvent", "type": {"code": "rest"}, "recorded": "2026-01-01T00:00:00Z",
                 "agent": [{"requestor": True}], "source": {"observer": {"display": "x"}}})  # fmt: skip
    console.proxy.instead = rubbish
    console.proxy.only = "none"
    everything: list[Callable[[], Any]] = [
        lambda: console.client.read("Patient", held.id),
        lambda: console.client.versions("Patient", held.id),
        lambda: list(console.client.pages(console.client.search("Patient", []))),
        lambda: console.client.searches([f"Patient/{held.id}", "Patient?_count=1"]),
        lambda: list(checks(console.client)),
        follower.step,
        outbox.step,
        Lease(console.client, f"corrupted {held.id}", "me").take,
        lambda: here.refresh([held.reference]),
    ]
    for work in everything:
        with contextlib.suppress(FabricError):
            work()
    for changes in ({"active": True}, {"active": False}):
        with pytest.raises(FabricError), here.transaction():
            patience_of_three(console, monkeypatch)
            here.update({**held.resource, **changes})
            here.update({**other.resource, **changes})
        monkeypatch.undo()
        console.client._note(None)
    assert here.read("Patient", held.id) == held
    console.proxy.instead = None
    here.recover()
    follower.soon()
    follower.step()
    assert here.read("Patient", held.id).resource.get("active") == here.read(
        "Patient", other.id
    ).resource.get("active")
    assert here.update({**here.read("Patient", held.id).resource, "gender": "other"})[1] == "updated"
    while outbox.step():
        pass
    assert (outbox.waiting(), outbox.refused()) == (0, 0)
    same_as(backend, here)


def patience_of_three(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    console.proxy.only = "none"
    patience(console, monkeypatch)


def test_a_page_of_something_else_is_said_on_every_page(consoles: Consoles) -> None:
    console = consoles("a")
    console.proxy.instead = RUBBISH["page"]
    with pytest.raises(StoreUnavailable, match="something else than FHIR"):
        console.client.search("Patient", [])
    assert console.client.away_since is not None
    console.proxy.instead = None
    console.client.search("Patient", [])
    assert console.client.away_since is None
