"""Events of requests at the same time share transactions, and what was acknowledged survives whatever follows."""

from __future__ import annotations

import os
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks.audit import acknowledged
from services.audit.events import AuditLog, audit_event
from services.audit.ledger import Ledger
from services.audit.verifying import verify
from services.errors import FabricError, InvalidInput, StoreUnavailable
from services.fhir.database import Database
from services.fhir.sqlite import SQLiteRepository


@pytest.fixture
def ledger(database: Database, repository: SQLiteRepository) -> Ledger:
    made = Ledger(database)
    repository.listeners.append(made.follow)
    return made


def test_those_who_wait_together_are_written_together(
    database: Database, repository: SQLiteRepository, ledger: Ledger
) -> None:
    audit = AuditLog(repository)
    commits: list[int] = []
    database.committed = lambda: commits.append(ledger.size())
    queue = audit._commit
    with ThreadPoolExecutor(8) as pool:
        with queue._writing:  # somebody else's transaction is under way
            futures = [pool.submit(audit.write, "rag_query") for _ in range(8)]
            while len(queue._queue) < 8:
                assert not any(future.done() for future in futures)
        ids = [future.result(10) for future in futures]
    assert sorted(entry for i in ids if (entry := ledger.entry_of(i)) is not None) == list(range(8))
    assert commits == [8]
    assert verify(database).finding is None


def test_what_cannot_be_written_is_said_to_everybody(
    database: Database, repository: SQLiteRepository, ledger: Ledger
) -> None:
    audit = AuditLog(repository)
    audit.write("error")
    database.connection().execute("PRAGMA max_page_count=1")  # of this connection: its disk is full
    for _ in range(2):
        with pytest.raises(StoreUnavailable) as error:
            for _ in range(5000):
                audit.write("error", description="x" * 2000)
        assert "audit trail" in error.value.message
    database.connection().execute("PRAGMA max_page_count=1000000")
    assert audit.write("error")
    assert verify(database).finding is None


def test_a_wrong_event_harms_no_other(
    database: Database, repository: SQLiteRepository, ledger: Ledger
) -> None:
    audit = AuditLog(repository)

    def write(number: int) -> bool:
        try:
            audit.write("error", description="\ud800" if number % 3 == 0 else "good")
        except FabricError as error:
            assert isinstance(error, InvalidInput)
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        written = list(pool.map(write, range(30)))
    assert written == [n % 3 != 0 for n in range(30)]
    assert ledger.size() == 20


@pytest.mark.process
def test_an_acknowledged_event_survives_a_kill(tmp_path: Path) -> None:
    ids = acknowledged(tmp_path, 200)
    assert len(set(ids)) >= 200
    database = Database(tmp_path / "record.sqlite")
    ledger = Ledger(database)
    assert all(ledger.entry_of(made) is not None for made in ids)
    assert verify(database).finding is None
    database.close()


def test_a_view_does_not_wait_for_the_disk_and_reaches_it(
    database: Database, repository: SQLiteRepository, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit, synced = AuditLog(repository), threading.Event()
    sync = os.fsync

    def told(handle: int) -> None:
        sync(handle)
        synced.set()

    monkeypatch.setattr(os, "fsync", told)
    audit.keep_view(audit_event("rag_query"))
    durability = database.connection().execute("PRAGMA synchronous").fetchone()[0]
    assert durability == 1  # NORMAL: the operating system has it
    other = sqlite3.connect(database.path)
    assert other.execute("SELECT COUNT(*) FROM ledger_entry").fetchone() == (1,)
    other.close()
    assert synced.wait(20)
    audit.write("rag_query")
    assert database.connection().execute("PRAGMA synchronous").fetchone()[0] == 2  # FULL again
    assert verify(database).finding is None
