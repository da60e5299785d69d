"""A data folder that an earlier version wrote, opened by this one: everything is there, and there is a way back.

The folder was written by the project's commit 2f3d533, with three patients, five accounts, proposals that were approved,
rejected and left, audit events with their ledger, a bot, a subscription and vectors.
"""

from __future__ import annotations

import lzma
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.audit.verifying import verify
from services.commands.approvals import Decision, decide
from services.errors import StoreUnavailable, Unauthorized
from services.fhir.database import Database
from services.fhir.upgrading import kept_before
from services.runtime.system import System
from services.settings import Settings
from tests.conftest import PASSWORD

WRITTEN = Path(__file__).parent / "data" / "record-of-2f3d533.sqlite.xz"
CLIENT = "3232b3a1-13a0-4e88-87a9-e0b022e940cb", "5IYXk3RQxsvrJtj5m2Fk8cJWU1vATAmZ7YbdQ4JPylY"
SESSION = "v_GpEel7cRJXctU8OevKTTt4pOjX_bmQAd3mHuLCad0"
OPEN_TASK = "1a6dc206-b305-4fbd-a088-80c9e06d217d"
KEPT = {
    "resource": "type, id, version, updated, author, body",
    "superseded": "rid, seq, version, updated, author, body",
    "change": "seq, type, id, version, interaction, author, at",
    "account": "id, kind, login, name, role, secret, disabled, created",
    "session": "token, account, kind, created, expires, revoked",
    "chunk": "*",
    "ledger_entry": "*",
    "ledger_node": "*",
    "command": "*",
    "subscription": "*",
}
"""What nothing may get lost of, with the columns that there were."""


def contents(record: Path) -> dict[str, set[tuple]]:
    connection = sqlite3.connect(record)
    try:
        return {
            t: set(connection.execute(f"SELECT {columns} FROM {t}").fetchall()) for t, columns in KEPT.items()
        }
    finally:
        connection.close()


@pytest.fixture
def record(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "record.sqlite"
    path.write_bytes(lzma.decompress(WRITTEN.read_bytes()))
    return path


def config(record: Path) -> Settings:
    return Settings(data_dir=record.parent, demo=False, embedding_threads=1)  # pyright: ignore[reportCallIssue]


@pytest.fixture
def opened(record: Path) -> Iterator[System]:
    made = System(config(record))
    yield made
    made.stop()


def test_everything_an_earlier_version_wrote_is_there(record: Path) -> None:
    before = contents(record)
    System(config(record)).stop()
    after = contents(record)
    for table, rows in before.items():
        assert rows <= after[table], table
        assert rows, f"the folder holds nothing of {table}"
    copy = kept_before(record)
    assert contents(copy) == before and copy.stat().st_mode & 0o077 == 0
    assert sqlite3.connect(copy).execute("PRAGMA integrity_check").fetchone() == ("ok",)
    copy.unlink()
    System(config(record)).stop()
    assert contents(record) == after and not copy.exists(), "a second start has nothing to do"


def test_it_works_as_if_it_had_been_written_today(opened: System) -> None:
    assert verify(opened.database).finding is None
    doctor = opened.accounts.check_password("approver@clinic.test", PASSWORD)
    assert opened.accounts.check_session(SESSION).email == "clinician@clinic.test"
    assert opened.accounts.check_client(*CLIENT).role == "read-only"
    with pytest.raises(Unauthorized):
        opened.accounts.check_password("read-only@clinic.test", PASSWORD)
    record = opened.repository
    assert [s.id for s in record.search("Patient", [("_tag", "urn:x|t2")]).matches] == ["p2"], (
        "searched in a later way"
    )
    assert len(record.history("Observation", "p1-o1")) == 2
    row = opened.desk.journal.of_task(OPEN_TASK)
    assert row and row.state == "queued"
    assert opened.desk.journal.counts() == {"executed": 1, "rejected": 1, "queued": 1}
    with opened.database.write() as connection:  # its time has passed since
        connection.execute("UPDATE command SET expires=9e9")
    guarded = opened.repository_for(doctor)
    task = guarded.read("Task", OPEN_TASK)
    decide(opened.desk, task, Decision("reject", code="not-now"), doctor, guarded)
    assert opened.desk.journal.counts() == {"executed": 1, "rejected": 2}


def test_vectors_of_unchanged_text_are_kept(opened: System, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = opened.database.connection()
    kept = dict(connection.execute("SELECT text, vector FROM chunk").fetchall())
    embed, made = opened.model.embed, list[str]()
    monkeypatch.setattr(opened.model, "embed", lambda texts: (made.extend(texts), embed(texts))[1])
    while opened.pipeline.step() is not None:
        pass
    now = dict(connection.execute("SELECT text, vector FROM chunk").fetchall())
    assert not set(made) & set(kept)
    assert all(now[text] == vector for text, vector in kept.items() if text in now)
    view = opened.views.patient("p1")
    places, cosines = view.nearest(opened.model.embed_query("high blood pressure"), 3)
    assert "p1-c1" in str([view.ids[place] for place in places]) and cosines[0] > 0.3


def test_without_room_for_the_copy_nothing_is_changed(record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(record)
    kept_before(record).mkdir()  # cannot be written over
    with pytest.raises(StoreUnavailable, match="Make as much room"):
        System(config(record))
    assert contents(record) == before


def test_a_newer_versions_folder_is_refused_in_a_sentence(record: Path) -> None:
    database = Database(record)
    with database.write() as connection:
        connection.execute("INSERT INTO migration VALUES('record', 99, 0)")
        connection.execute("INSERT INTO migration VALUES('record', 98, 0)")
        connection.execute("INSERT INTO migration VALUES('record', 97, 0)")
    database.close()
    before = contents(record)
    with pytest.raises(StoreUnavailable, match="newer version of the console"):
        System(config(record))
    assert contents(record) == before and not kept_before(record).exists()
