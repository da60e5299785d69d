"""An embedded record is copied to a server and compared; the commands that set a server up."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from services.accounts.policy import ADMINISTRATIVE
from services.accounts.service import Accounts
from services.cli import main
from services.errors import StoreUnavailable
from services.fhir.remote import copies
from services.fhir.remote.client import FhirClient
from services.fhir.remote.following import Follower
from services.fhir.remote.migrating import Migration, Report
from services.fhir.remote.repository import RemoteRepository
from services.fhir.sqlite import SQLiteRepository
from services.settings import settings
from tests.conftest import observation, patient
from tests.contract.backend import Backend, Hasty
from tests.contract.faults import between


def quiet(_what: str, _report: Report) -> None:
    pass


@pytest.fixture
def embedded(tmp_path: Path, new_id) -> SQLiteRepository:
    record = SQLiteRepository(Hasty(tmp_path / "data" / "record.sqlite"))
    who = new_id()
    record.write_many([patient(who), *(observation(new_id(), who, valueInteger=n) for n in range(120))])
    record.create({"resourceType": "Binary", "contentType": "text/plain", "data": "YWJj"})
    record.create({"resourceType": "AccessPolicy", "name": "ours"})
    record.create({"resourceType": "AuditEvent", "type": {"code": "rest"}, "recorded": "2026-01-01T00:00:00Z",
                   "agent": [{"requestor": True}], "source": {"observer": {"display": "x"}}})  # fmt: skip
    return record


def test_a_record_moves_whole_and_goes_on_after_a_break(
    embedded: SQLiteRepository,
    backend: Backend,
    direct: FhirClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with between(backend.port) as proxy:
        client = FhirClient(
            f"http://127.0.0.1:{proxy.port}/fhir/R4", backend.client, backend.secret, backoff=0.001
        )

        def cut(_what: str, report: Report) -> None:
            proxy.share, proxy.only = 1.0, "reset before"

        with pytest.raises(StoreUnavailable):
            Migration(embedded, client, ADMINISTRATIVE).run(cut)
        proxy.share = 0.0
        proxy.plan = ["reset after"]
        # Its server is everybody's here: only what was copied is compared.
        monkeypatch.setattr(Migration, "_digests", only_ours)
        report = Migration(embedded, client, ADMINISTRATIVE).run(quiet)
        assert report.resumed == 50
        assert report.whole, report.problems
        assert report.done == report.total == 122
        assert sum(report.sent.values()) + sum(report.there.values()) == 72
        assert not report.differing
        assert len(report.digests["Observation"]) == 64
        moved = RemoteRepository(embedded.database, client, ADMINISTRATIVE, tmp_path / "outgoing")
        assert not Follower(moved).filling
        first = next(iter(moved.everything(["Observation"])))
        assert moved.update({**first.resource, "status": "amended"}, if_match=first.version)[1] == "updated"
        found = direct.read("Observation", first.id)
        assert found and found.resource["status"] == "amended"
        waiting = moved.database.connection().execute("SELECT COUNT(*) FROM remote_outbox").fetchone()[0]
        assert waiting == 1, "the trail's events are sent later"
        client.close()


def only_ours(self: Migration, name: str, here: dict[str, str]) -> dict[str, str]:
    import hashlib

    read = ((i, self._client.read(name, i)) for i in here)
    return {i: hashlib.sha256(copies.canonical(f.resource)).hexdigest() for i, f in read if f}


def test_what_the_server_has_otherwise_is_left_and_named(
    embedded: SQLiteRepository, backend: Backend, direct: FhirClient
) -> None:
    taken = next(iter(embedded.everything(["Patient"])))
    direct.put({**taken.resource, "gender": "other"})
    bad = embedded.create({"resourceType": "Observation", "code": {"text": "no status"}})
    report = Migration(embedded, direct, ADMINISTRATIVE).run(quiet)
    assert not report.whole
    assert {reference for reference, _ in report.problems} == {taken.reference, bad.reference}
    assert report.differing == {"Patient": 1, "Observation": 1}
    found = direct.read("Patient", taken.id)
    assert found and found.resource["gender"] == "other"
    assert copies.state(embedded.database, "server") is None, "the data folder goes on keeping the record"


def test_the_commands(
    embedded: SQLiteRepository, backend: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    def fabric(*arguments: str, **env: str) -> tuple[int, str]:
        """In this process, which has all that takes long loaded."""
        with monkeypatch.context() as patched:
            for name, value in {"DATA_DIR": str(tmp_path / "data"), "DEMO": "0", **env}.items():
                patched.setenv(f"FABRIC_{name}", value)
            patched.setattr(sys, "argv", ["fabric", *arguments])
            settings.cache_clear()
            try:
                main()
                status = 0
            except SystemExit as ended:
                status = int(ended.code or 0)
            finally:
                settings.cache_clear()
        told = capsys.readouterr()
        return status, " ".join((told.out + told.err).split())

    Accounts(embedded.database).add_user("ann@clinic.test", "a long password", "clinician")
    embedded.database.close()
    status, said = fabric("migrate", "--people-to", str(tmp_path / "other"))
    assert (status, "1 accounts" in said, "signs in again" in said) == (0, True, True), said
    assert Accounts(Hasty(tmp_path / "other" / "record.sqlite")).check_password(
        "ann@clinic.test", "a long password"
    )
    assert fabric("migrate")[0] == fabric("migrate", "--people-to", str(tmp_path / "data"))[0] == 1
    status, said = fabric("migrate", "--index-to", "http://127.0.0.1:9")
    assert (status, "Chroma" in said) == (1, True), said
    status, said = fabric(
        "migrate", "--to", backend.url(), "--client-id", backend.client, FHIR_CLIENT_SECRET=backend.secret
    )
    assert status == 0, said
    assert "Start the console with" in said
    server = {
        "FHIR_URL": backend.url(),
        "FHIR_CLIENT_ID": backend.client,
        "FHIR_CLIENT_SECRET": backend.secret,
    }
    address = ("medplum", "setup", "--console-url", "https://console.example", "--type", "Patient")
    status, said = fabric(*address, **server)
    assert (status, "2 new subscriptions" in said) == (0, True), said
    status, again = fabric(*address, **server)
    assert (status, "2 unchanged subscriptions" in again) == (0, True), again
    assert backend.secret not in said + again
    status, said = fabric("medplum", "status", **server)
    assert (status, "answers" in said) == (0, True), said
    status, said = fabric("medplum", "setup", **{**server, "FHIR_CLIENT_SECRET": "other"})
    assert (status, "FABRIC_FHIR_CLIENT_SECRET" in said) == (1, True), said
    status, said = fabric("medplum", "status", FHIR_URL="http://clinic.example/fhir/R4")
    assert (status, "https only" in said) == (1, True), said
    status, said = fabric("medplum", "status")
    assert (status, "Set FABRIC_FHIR_URL" in said) == (1, True), said
