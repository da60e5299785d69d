"""A write that the network disturbs: stored once on the server and here, or in neither place, and said as it is."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from services.audit.events import AuditLog
from services.errors import Forbidden, InvalidInput, NotFound, PreconditionFailed, StoreUnavailable
from services.fhir.recording import Recording, Turns
from services.fhir.remote import copies
from services.fhir.remote.client import FhirClient
from services.fhir.remote.outbox import Outbox
from services.fhir.remote.setup import checks
from services.fhir.sqlite import bare
from tests.contract.backend import ROOT, Backend
from tests.contract.conftest import Console, Consoles, same_as
from tests.contract.faults import FAULTS

PATIENT = {"resourceType": "Patient", "name": [{"family": "Lind"}]}


def patience(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ends after the third exchange, however long that takes."""
    proxy = console.proxy
    assert proxy.only
    until = proxy.happened[proxy.only] + 3
    monkeypatch.setattr(
        console.client, "left", lambda: 30.0 if proxy.happened[proxy.only or ""] < until else 0.0
    )


@pytest.mark.parametrize("together", [False, True], ids=["one", "several"])
def test_whatever_happens_on_the_way_it_is_stored_once(
    consoles: Consoles, direct: FhirClient, backend: Backend, together: bool
) -> None:
    console = consoles("a")
    held = console.repository.create(PATIENT)
    for number, fault in enumerate(FAULTS):
        console.proxy.plan = [fault]
        with console.repository.transaction():
            console.repository.update({**held.resource, "multipleBirthInteger": number})
            if together:
                console.repository.create({"resourceType": "Basic", "code": {"text": "x"}})
        assert console.proxy.happened[fault] == 1
    versions = direct.versions("Patient", held.id)
    assert [v.resource.get("multipleBirthInteger") for v in versions] == [*reversed(range(len(FAULTS))), None]
    same_as(backend, console.repository)


def test_somebody_else_was_faster(consoles: Consoles) -> None:
    here, there = consoles("a").repository, consoles("b").repository
    held = here.create(PATIENT)
    there.refresh([held.reference])
    assert there.read("Patient", held.id).version == held.version, (
        "one content has one version at every console"
    )
    theirs, _ = there.update({**held.resource, "gender": "male"}, if_match=held.version)
    with pytest.raises(PreconditionFailed), here.transaction():
        other = here.create({"resourceType": "Basic", "code": {"text": "with it"}})
        here.update({**held.resource, "gender": "female"}, if_match=held.version)
    shown = here.read("Patient", held.id)
    assert (shown.resource["gender"], shown.version) == ("male", theirs.version), (
        "what the other one did is shown"
    )
    assert here.find(other.reference) is None
    assert here.update({**shown.resource, "gender": "other"})[1] == "updated"


def test_a_break_after_somebody_elses_change_is_not_taken_for_ones_own(consoles: Consoles) -> None:
    console, there = consoles("a"), consoles("b").repository
    here = console.repository
    held = here.create(PATIENT)
    there.refresh([held.reference])
    there.update({**held.resource, "gender": "male"})
    console.proxy.plan = ["reset after"]
    with pytest.raises(PreconditionFailed):
        here.update({**held.resource, "gender": "female"})
    assert here.read("Patient", held.id).resource["gender"] == "male"


def test_ones_own_change_is_known_again_behind_somebody_elses(
    consoles: Consoles, monkeypatch: pytest.MonkeyPatch
) -> None:
    console, there = consoles("a"), consoles("b").repository
    here = console.repository
    held = here.create(PATIENT)
    read = console.client.read

    def after_another_change(resource_type: str, resource_id: str):
        monkeypatch.setattr(console.client, "read", read)
        there.refresh([held.reference])
        there.update({**there.read("Patient", held.id).resource, "active": False})
        return read(resource_type, resource_id)

    console.proxy.plan = ["reset after"]
    monkeypatch.setattr(console.client, "read", after_another_change)
    here.update({**held.resource, "gender": "female"})
    here.refresh([held.reference])
    assert {k: here.read("Patient", held.id).resource[k] for k in ("gender", "active")} == {
        "gender": "female",
        "active": False,
    }


def test_what_the_server_refuses_is_refused_here(consoles: Consoles, direct: FhirClient) -> None:
    here = consoles("a").repository
    held = here.create(PATIENT)
    with pytest.raises(InvalidInput, match="status") as refused, here.transaction():
        here.update({**held.resource, "active": True})
        here.create({"resourceType": "Observation", "code": {"text": "no status"}})
    assert "FHIR server refused" in refused.value.message
    assert here.read("Patient", held.id) == held
    assert here.intents.waiting() == 0
    found = direct.read("Patient", held.id)
    assert found and "active" not in found.resource


def test_an_id_that_is_taken_is_not_written_over(consoles: Consoles, new_id) -> None:
    name = f"by-hand-{new_id()[:8]}"
    here, there = consoles("a").repository, consoles("b").repository
    there.update({**PATIENT, "id": name}, create_missing=True)
    with pytest.raises(PreconditionFailed):
        here.update({"resourceType": "Patient", "id": name, "active": True}, create_missing=True)
    assert here.read("Patient", name).resource["name"] == PATIENT["name"]


def test_while_the_server_is_away_one_reads_on(consoles: Consoles, monkeypatch: pytest.MonkeyPatch) -> None:
    console = consoles("a")
    here = console.repository
    held = here.create(PATIENT)
    console.proxy.share, console.proxy.only = 1.0, "reset before"
    patience(console, monkeypatch)
    with pytest.raises(StoreUnavailable):
        here.update({**held.resource, "active": True})
    assert console.client.away_since is not None
    asked = console.proxy.happened.total()
    with pytest.raises(StoreUnavailable, match="again"):
        here.delete("Patient", held.id)
    assert console.proxy.happened.total() == asked, "pages do not wait for it one after another"
    assert here.read("Patient", held.id) == held
    console.proxy.share = 0.0
    monkeypatch.undo()
    here.recover()
    assert console.client.away_since is None
    assert here.update({**held.resource, "active": True})[1] == "updated"


def test_a_large_import_that_breaks_off_is_completed_by_doing_it_again(
    consoles: Consoles, backend: Backend, new_id
) -> None:
    console = consoles("a")
    here = console.repository
    made = [{"resourceType": "Basic", "id": new_id(), "code": {"text": str(n)}} for n in range(120)]
    console.proxy.plan = ["none", "429", "429", "429", "429"]
    with pytest.raises(StoreUnavailable, match="A part of it was stored"):
        here.write_many(made)
    assert here.find(f"Basic/{made[0]['id']}") is None
    here.recover()
    assert here.find(f"Basic/{made[49]['id']}"), "what is there is shown"
    assert here.find(f"Basic/{made[50]['id']}") is None
    outcomes = [outcome for _, outcome in here.write_many(made)]
    assert (outcomes.count("unchanged"), outcomes.count("created")) == (50, 70)
    same_as(backend, here)


def test_what_may_not_be_read_holds_nothing_up(consoles: Consoles, monkeypatch: pytest.MonkeyPatch) -> None:
    here = consoles("a").repository
    first, second = here.create(PATIENT), here.create(PATIENT)
    read = here.client.read

    def forbids(resource_type: str, resource_id: str):
        if resource_id == first.id:
            raise Forbidden("No.")
        return read(resource_type, resource_id)

    monkeypatch.setattr(here.client, "read", forbids)
    here.client.delete("Patient", second.id)
    here.refresh([first.reference, second.reference])
    assert here.find(first.reference) and here.find(second.reference) is None


def test_what_nobody_can_know_is_said_and_found_out_later(
    consoles: Consoles, direct: FhirClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stored there, and then no word from the server any more."""
    console = consoles("a")
    here, audit = console.repository, AuditLog(console.repository)
    held = here.create(PATIENT)
    console.proxy.share, console.proxy.only = 1.0, "503 after"
    patience(console, monkeypatch)
    with pytest.raises(StoreUnavailable, match="not certain"), here.transaction():
        here.update({**held.resource, "active": True}, author="Practitioner/ann")
        told = audit.write("command_executed", agent="Practitioner/ann")
    assert here.read("Patient", held.id) == held
    assert here.find(f"AuditEvent/{told}") is None
    console.proxy.share = 0.0
    monkeypatch.undo()
    here.recover()
    shown = here.read("Patient", held.id)
    assert shown.resource["active"] is True
    assert here.created_by(held) is None
    assert here.changes(0)[-2].author == "Practitioner/ann"
    assert here.find(f"AuditEvent/{told}"), "its audit events count as well"
    assert here.intents.waiting() == 0
    assert len(direct.versions("Patient", held.id)) == 2


@pytest.mark.process
def test_a_console_that_ends_between_the_server_and_its_own_disk(
    consoles: Consoles, backend: Backend, tmp_path: Path, new_id
) -> None:
    name = new_id()
    program = f"""
import os, sys
from pathlib import Path
from services.fhir.database import Database
from services.fhir.remote.client import FhirClient
from services.fhir.remote.repository import RemoteRepository
folder = Path(sys.argv[1])
client = FhirClient({backend.url()!r}, {backend.client!r}, {backend.secret!r})
client.base = sys.argv[2]
held = RemoteRepository(Database(folder / "record.sqlite"), client, frozenset(), folder / "outgoing")
client.base = {backend.url()!r}
telling = held.database.committing
held.database.committing = lambda connection: (sends := telling(connection)) and (lambda: (sends(), os._exit(9)))
held.create({{"resourceType": "Patient", "active": True}}, resource_id={name!r}, author="Practitioner/ann")
"""
    console = consoles("a")
    folder = tmp_path / "a"
    ended = subprocess.run([sys.executable, "-c", program, folder, console.client.base], cwd=ROOT, timeout=60)
    assert ended.returncode == 9
    here = console.repository
    assert here.find(f"Patient/{name}") is None
    assert here.intents.waiting() == 1
    here.recover()
    assert here.read("Patient", name).resource["active"] is True
    assert here.changes(0)[-1].author == "Practitioner/ann"
    here.recover()
    assert len(here.history("Patient", name)) == 1
    same_as(backend, here)


def test_a_disk_that_is_full_when_the_server_has_it(
    consoles: Consoles, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = consoles("a").repository
    held = here.create(PATIENT)

    def full(*_: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    with monkeypatch.context() as patched, pytest.raises(StoreUnavailable, match="do not repeat it"):
        patched.setattr(Recording, "play", full)
        here.update({**held.resource, "active": True})
    assert here.read("Patient", held.id) == held
    assert here.intents.waiting() == 1
    here.recover()
    assert here.read("Patient", held.id).resource["active"] is True
    same_as(backend, here)


def test_processes_that_share_a_record_take_turns(tmp_path: Path) -> None:
    first, second = Turns(tmp_path / "turn"), Turns(tmp_path / "turn", seconds=0.05)
    with first, first, pytest.raises(StoreUnavailable, match="another process is writing"), second:
        raise AssertionError
    with second:
        pass


def test_what_is_beside_the_record_may_not_change_it(consoles: Consoles, direct: FhirClient, new_id) -> None:
    here, name = consoles("a").repository, new_id()
    with pytest.raises(AssertionError, match="beside the record"), here.database.write(beside=True):
        here.create(PATIENT, resource_id=name)
    assert here.find(f"Patient/{name}") is None and direct.read("Patient", name) is None


def test_what_was_never_sent_is_never_sent(consoles: Consoles, monkeypatch: pytest.MonkeyPatch) -> None:
    """An end before the request went out: nobody was told that it is stored."""
    here = consoles("a").repository
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(here.client, "put", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        here.create(PATIENT)
    assert here.intents.waiting() == 1
    here.recover()
    assert here.intents.waiting() == 0
    assert here.search("Patient").matches == []


def test_audit_events_are_sent_later_and_stored_once(consoles: Consoles, direct: FhirClient, new_id) -> None:
    console = consoles("a")
    here, outbox = console.repository, Outbox(console.repository, console.client)
    before = console.proxy.happened.total()
    ids = AuditLog(here).keep_all([{"resourceType": "AuditEvent", "type": {"code": "rest"}, "recorded": "2026-01-01T00:00:00Z",
                                    "agent": [{"requestor": True}], "source": {"observer": {"display": "x"}}}] * 3)  # fmt: skip
    assert console.proxy.happened.total() == before
    assert outbox.waiting() == 3
    console.proxy.plan = ["reset after"]
    assert outbox.step() == 3
    assert console.proxy.happened["reset after"] == 1
    assert (outbox.step(), outbox.waiting(), outbox.refused()) == (0, 0, 0)
    for name in ids:
        assert len(direct.versions("AuditEvent", name)) == 1


def test_an_audit_event_that_the_server_does_not_take_holds_no_other_up(consoles: Consoles) -> None:
    console = consoles("a")
    here, outbox = console.repository, Outbox(console.repository, console.client)
    here.create({"resourceType": "AuditEvent", "recorded": 1})
    good = here.create({"resourceType": "AuditEvent", "type": {"code": "rest"}, "recorded": "2026-01-01T00:00:00Z",
                        "agent": [{"requestor": True}], "source": {"observer": {"display": "x"}}})  # fmt: skip
    assert outbox.step() == 2
    assert (outbox.waiting(), outbox.refused()) == (0, 1)
    assert console.client.read("AuditEvent", good.id)


def test_binaries_are_fetched_when_they_are_asked_for(consoles: Consoles) -> None:
    here, there = consoles("a").repository, consoles("b").repository
    with here.transaction():
        binary = here.create({"resourceType": "Binary", "contentType": "text/plain", "data": "YWJj"})
        here.create({"resourceType": "DocumentReference", "status": "current",
                     "content": [{"attachment": {"url": binary.reference}}]})  # fmt: skip
    found = there.find(binary.reference)
    assert found and found.resource["data"] == "YWJj"
    assert there.read("Binary", binary.id).version == binary.version
    with pytest.raises(NotFound):
        there.read("Binary", "nothing")


def test_what_belongs_to_the_console_stays_here(consoles: Consoles, direct: FhirClient) -> None:
    here = consoles("a").repository
    policy = here.create({"resourceType": "AccessPolicy", "name": "ours"})
    assert direct.read("AccessPolicy", policy.id) is None


def test_a_data_folder_is_one_servers(consoles: Consoles, tmp_path: Path) -> None:
    from services.accounts.policy import ADMINISTRATIVE
    from services.fhir.database import Database
    from services.fhir.remote.repository import RemoteRepository
    from services.fhir.sqlite import SQLiteRepository

    database = consoles("a").repository.database
    other = FhirClient("http://127.0.0.1:9/fhir/R4")
    with pytest.raises(StoreUnavailable, match="working copy of"):
        RemoteRepository(database, other, ADMINISTRATIVE, tmp_path)
    own = Database(tmp_path / "own" / "record.sqlite")
    SQLiteRepository(own).create(PATIENT)
    with pytest.raises(StoreUnavailable, match="fabric migrate --to"):
        RemoteRepository(own, other, ADMINISTRATIVE, tmp_path)
    other.close()
    own.close()


def test_a_server_that_is_asked_to_keep_the_record_is_looked_at_first(
    consoles: Consoles, direct: FhirClient
) -> None:
    assert [c.good for c in checks(direct)] == [True] * 4
    console: Console = consoles("a")
    console.proxy.piecemeal = True
    last = list(checks(console.client))[-1]
    assert (last.name, last.good) == ("transactions", False)
    assert "transaction-bundles" in last.found


def test_a_part_of_a_transaction_that_stays_on_the_server_is_shown(consoles: Consoles) -> None:
    """On a server that takes transactions for batches, found out too late."""
    console, there = consoles("a"), consoles("b").repository
    here = console.repository
    first, second = here.create(PATIENT), here.create(PATIENT)
    there.refresh([second.reference])
    there.update({**second.resource, "active": True})
    console.proxy.piecemeal = True
    with pytest.raises(PreconditionFailed), here.transaction():
        here.update({**first.resource, "gender": "male"})
        here.update({**second.resource, "gender": "male"})
    assert here.read("Patient", first.id).resource["gender"] == "male"
    assert bare(here.read("Patient", second.id).resource) == bare(there.read("Patient", second.id).resource)


def test_what_the_server_writes_differently_comes_here(
    consoles: Consoles, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services.fhir.remote.following import Follower

    here = consoles("a").repository
    put = here.client.put

    def changed(resource, if_match=None):
        return put({**resource, "language": "en"}, if_match)

    with monkeypatch.context() as patched:
        patched.setattr(here.client, "put", changed)
        held = here.create(PATIENT)
    known = copies.known(here.database.connection(), "Patient", held.id)
    assert known and not known.same
    Follower(here).step()
    assert here.read("Patient", held.id).resource["language"] == "en"
