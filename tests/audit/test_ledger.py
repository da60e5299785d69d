"""Each event is entered with the transaction that writes it, and whatever is done to the file is found and named."""

from __future__ import annotations

import io
import random
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import audit_attacks as attacks
from benchmarks.audit_attacks import PLAIN, RECOMPUTED, Trail
from services.audit.events import AuditLog, audit_event
from services.audit.ledger import Ledger
from services.audit.verifying import Verified, verify
from services.errors import InvalidInput, PreconditionFailed
from services.fhir.database import Database
from services.fhir.importing.importer import Importer
from services.fhir.sqlite import SQLiteRepository
from tests.conftest import patient

SIZE, OLD = 37, 20
SEEDS = st.integers(0, 2**32)


@pytest.fixture
def ledger(database: Database, repository: SQLiteRepository) -> Ledger:
    made = Ledger(database)
    repository.listeners.append(made.follow)
    return made


@pytest.fixture(scope="module")
def trail(tmp_path_factory: pytest.TempPathFactory) -> Trail:
    return attacks.make(tmp_path_factory.mktemp("trail"), SIZE, OLD)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def attacked(
    folder: Path, trail: Trail, kinds: list[attacks.Attack], rng: random.Random
) -> tuple[Path, int | None]:
    for file in folder.iterdir():
        file.unlink()
    path = folder / "attacked.sqlite"
    return path, attacks.first_wrong(trail.rows, attacks.apply(path, trail, kinds, rng))


def checked(path: Path, *held: object) -> Verified:
    database = Database(path)
    try:
        return verify(database, *held)  # pyright: ignore[reportArgumentType]
    finally:
        database.close()


# What is entered


def test_an_event_and_its_entry_are_one_transaction(
    database: Database, repository: SQLiteRepository, ledger: Ledger
) -> None:
    audit = AuditLog(repository)
    repository.update(patient("p1"), create_missing=True)
    assert ledger.size() == 0
    first = audit.write("rag_query", patient_id="p1", agent="Practitioner/a")
    with pytest.raises(RuntimeError), database.write():
        audit.write("rag_query", patient_id="p1", agent="Practitioner/a")
        raise RuntimeError
    with database.write():
        second = audit.write("command_received", agent="Practitioner/a")
    repository.create(audit_event("error"), author="Practitioner/other")
    assert (ledger.entry_of(first), ledger.entry_of(second), ledger.size()) == (0, 1, 3)
    assert verify(database).finding is None


def test_nothing_changes_or_deletes_an_event(
    database: Database, repository: SQLiteRepository, ledger: Ledger
) -> None:
    made = AuditLog(repository).write("rag_query")
    held = repository.read("AuditEvent", made)
    with pytest.raises(PreconditionFailed):
        repository.update({**held.resource, "outcome": "8"})
    with pytest.raises(PreconditionFailed):
        repository.delete("AuditEvent", made)
    assert repository.update(held.resource)[1] == "unchanged"
    assert repository.read("AuditEvent", made) == held
    assert verify(database).finding is None


def test_events_from_before_the_ledger_are_taken_in_in_order(
    database: Database, repository: SQLiteRepository
) -> None:
    audit = AuditLog(repository)
    ids = [audit.write("rag_query", details={"n": n}) for n in range(12)]
    repository.update({**repository.read("AuditEvent", ids[3]).resource, "outcome": "8"})
    repository.delete("AuditEvent", ids[5])
    ledger = Ledger(database)
    assert ledger.size() == 14
    assert [ledger.entry_of(i) for i in ids] == [0, 1, 2, 12, 4, 13, 6, 7, 8, 9, 10, 11]
    assert verify(database).finding is None
    assert Ledger(database).size() == 14  # once
    database.connection().execute("UPDATE superseded SET body=CAST('{}' AS BLOB)")
    finding = verify(database).finding
    assert finding is not None and finding.entry == 3


def test_several_events_are_all_written_or_none(
    database: Database, repository: SQLiteRepository, ledger: Ledger
) -> None:
    audit = AuditLog(repository)
    with pytest.raises(InvalidInput):
        audit.keep_all([audit_event("error"), {"resourceType": "AuditEvent", "n": 2**70}])
    assert ledger.size() == 0
    assert len(audit.keep_all([audit_event("error") for _ in range(3)])) == 3
    assert ledger.size() == 3


def test_an_empty_ledger_is_whole(database: Database, ledger: Ledger) -> None:
    result = verify(database)
    assert (result.size, result.finding) == (0, None)


# What is found


@given(st.lists(st.sampled_from(PLAIN), min_size=1, max_size=4), SEEDS)
def test_whatever_is_done_to_the_file_is_named(
    folder: Path, trail: Trail, kinds: list[attacks.Attack], seed: int
) -> None:
    path, expected = attacked(folder, trail, kinds, random.Random(seed))
    finding = checked(path).finding
    assert (finding.entry if finding else None) == expected


@given(st.sampled_from(RECOMPUTED), SEEDS)
def test_a_rewritten_ledger_is_found_by_what_is_held_elsewhere(
    folder: Path, trail: Trail, kind: attacks.Attack, seed: int
) -> None:
    path, expected = attacked(folder, trail, [kind], random.Random(seed))
    finding = checked(path, [trail.early, trail.checkpoint]).finding
    if expected is None:  # events of the same content, exchanged
        assert finding is None
        return
    assert finding is not None
    low, high = finding.entry, finding.until or finding.entry + 1
    if finding.until:  # the earlier checkpoint narrows it down
        assert low <= expected < high and (low, high) in ((0, OLD), (OLD, SIZE))
    else:  # shorter than the checkpoint: that much is sure
        assert "ends here" in finding.reason and expected <= low < SIZE
    exact = checked(path, [trail.checkpoint], io.BytesIO(trail.held)).finding
    assert exact is not None and exact.entry == expected


def test_each_attack_alone_is_found(folder: Path, trail: Trail) -> None:
    rng = random.Random(7)
    for kind in PLAIN:
        path, expected = attacked(folder, trail, [kind], rng)
        finding = checked(path).finding
        assert finding is not None and finding.entry == expected, kind.__name__


def test_an_old_copy_of_the_file_is_found(folder: Path, trail: Trail) -> None:
    path, _ = attacked(folder, trail, [], random.Random())
    assert checked(path, [trail.early, trail.checkpoint], io.BytesIO(trail.held)).finding is None
    attacks.roll_back(path, trail)
    assert checked(path).finding is None
    finding = checked(path, [trail.early, trail.checkpoint]).finding
    assert finding is not None and finding.entry == OLD
    finding = checked(path, [], io.BytesIO(trail.held)).finding
    assert finding is not None and finding.entry == OLD


def test_an_entry_made_twice_is_found(folder: Path, trail: Trail) -> None:
    path, _ = attacked(folder, trail, [], random.Random())
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("DROP INDEX ledger_entry_event")
    order = [row[0] for row in connection.execute("SELECT id FROM ledger_entry ORDER BY seq")]
    attacks._rewrite(connection, [*order, order[4]])
    connection.close()
    finding = checked(path).finding
    assert finding is not None and finding.entry == SIZE


def test_a_file_that_lost_the_ledger_is_not_whole(folder: Path, trail: Trail) -> None:
    path, _ = attacked(folder, trail, [], random.Random())
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("DROP TABLE ledger_node")
    connection.close()
    assert checked(path).finding is not None


def test_events_go_on_being_written_over_a_damaged_ledger(
    database: Database, repository: SQLiteRepository, ledger: Ledger
) -> None:
    audit = AuditLog(repository)
    for _ in range(6):
        audit.write("rag_query")
    with database.write() as connection:
        connection.execute("UPDATE ledger_node SET hash='x' WHERE level=2")
    assert audit.write("rag_query")
    finding = verify(database).finding
    assert finding is not None and finding.entry == 0


def test_foreign_events_are_imported_and_none_is_overwritten(
    database: Database, repository: SQLiteRepository, ledger: Ledger, tmp_path: Path
) -> None:
    event = {**audit_event("error"), "id": "foreign"}
    file = tmp_path / "events.ndjson"
    file.write_bytes(orjson.dumps(event) + b"\n")
    importer = Importer(repository, database)
    assert importer.run([file]).created["AuditEvent"] == 1
    file.write_bytes(orjson.dumps(event) + b"\n\n")
    assert importer.run([file]).unchanged["AuditEvent"] == 1
    file.write_bytes(orjson.dumps({**event, "outcome": "8"}) + b"\n")
    report = importer.run([file])
    assert (report.refused, report.stored) == (1, 0) and "AuditEvent/foreign" in report.problems[0].what
    assert repository.read("AuditEvent", "foreign").resource["outcome"] == "0"
    assert (ledger.size(), verify(database).finding) == (1, None)
