"""A backup is one moment of the installation; what is restored is the same record, index and ledger, or nothing."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.audit.checkpoints import Signer
from services.audit.verifying import verify
from services.errors import InvalidInput, StoreUnavailable
from services.fhir.database import Database
from services.runtime.backup import KEY, MANIFEST, RECORD, back_up, restore
from services.runtime.system import System
from services.settings import Settings
from tests.conftest import observation, small_chart


def config(folder: Path) -> Settings:
    return Settings(data_dir=folder, demo=False)  # pyright: ignore[reportCallIssue]


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[System]:
    made = System(config(tmp_path / "data"))
    made.repository.write_many(small_chart())
    made.accounts.add_user("nora@clinic.test", "correct horse battery", "clinician")
    made.audit.write("rag_query", patient_id="p1")
    while made.pipeline.step():
        pass
    Signer(made.settings.audit_key_file).key()
    knowledge = made.settings.data_dir / "knowledge" / "limits"
    knowledge.mkdir(parents=True)
    (knowledge / "current").write_text("abc")
    yield made
    made.stop()


def tables(record: Path) -> dict[str, list[tuple]]:
    """Every row of every table."""
    connection = sqlite3.connect(record)
    try:
        names = [
            r[0]
            for r in connection.execute("SELECT name FROM sqlite_schema WHERE type='table' ORDER BY name")
        ]
        return {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in names
        }
    finally:
        connection.close()


def found(system: System) -> list[tuple[str, float]]:
    vector = system.model.embed_query("sugar disease")
    view = system.views.patient("p1")
    places, cosines = view.nearest(vector, 3)
    return [(view.ids[place], round(float(cosine), 5)) for place, cosine in zip(places, cosines, strict=True)]


def test_backup_wipe_restore_gives_the_same_record_index_and_ledger(clinic: System, tmp_path: Path) -> None:
    data, copy = clinic.settings.data_dir, tmp_path / "copy"
    before, answers = tables(data / "record.sqlite"), found(clinic)
    checkpoint = Signer(clinic.settings.audit_key_file).sign(*clinic.ledger.head())
    held = back_up(clinic.settings, copy)
    clinic.stop()
    shutil.rmtree(data)

    back, aside = restore(config(data), copy)
    assert back == held and aside is None
    assert tables(data / "record.sqlite") == before
    assert (data / "knowledge" / "limits" / "current").read_text() == "abc"
    again = System(config(data))
    try:
        assert found(again) == answers
        signer = Signer(again.settings.audit_key_file)
        assert verify(again.database, [signer.key().open(checkpoint)]).finding is None
        assert again.accounts.check_password("nora@clinic.test", "correct horse battery")
    finally:
        again.stop()
    mine = [copy, *(path for path in copy.rglob("*") if path.is_file())]
    assert all(path.stat().st_mode & 0o077 == 0 for path in mine)


def test_a_backup_is_one_moment_while_others_write(clinic: System, tmp_path: Path) -> None:
    written: list[str] = []
    enough, done = threading.Event(), threading.Event()

    def work() -> None:
        number = 0
        while not done.is_set():
            clinic.repository.write_many([observation(f"w{number}-{part}") for part in "ab"])
            written.append(f"w{number}")
            number += 1
            if number == 5:
                enough.set()

    writer = threading.Thread(target=work)
    writer.start()
    try:
        assert enough.wait(30)
        acknowledged = list(written)
        back_up(clinic.settings, tmp_path / "copy")
    finally:
        done.set()
        writer.join()
    ids = {row[0] for row in sqlite3.connect(tmp_path / "copy" / RECORD).execute("SELECT id FROM resource")}
    assert {f"{name}-{part}" for name in acknowledged for part in "ab"} <= ids
    assert {i[:-2] for i in ids if i.endswith("-a")} == {i[:-2] for i in ids if i.endswith("-b")}


def test_what_is_not_whole_is_not_restored(clinic: System, tmp_path: Path) -> None:
    data, copy = clinic.settings.data_dir, tmp_path / "copy"
    back_up(clinic.settings, copy)
    clinic.stop()
    before = tables(data / "record.sqlite")

    with pytest.raises(InvalidInput, match="not empty"):
        back_up(clinic.settings, copy)
    manifest = (copy / MANIFEST).read_bytes()
    (copy / MANIFEST).unlink()
    with pytest.raises(InvalidInput, match="no finished backup"):
        restore(config(data), copy)
    (copy / MANIFEST).write_bytes(manifest.replace(b'"files": {', b'"files": {"../other": "00",'))
    with pytest.raises(InvalidInput, match="can read"):
        restore(config(data), copy)
    (copy / MANIFEST).write_bytes(manifest)
    key = (copy / KEY).read_bytes()
    (copy / KEY).write_bytes(key[:-1])
    with pytest.raises(InvalidInput, match="not as it was written"):
        restore(config(data), copy)
    (copy / KEY).write_bytes(key)
    running = System(config(data))
    try:
        assert running.owner.acquire()
        with pytest.raises(InvalidInput, match="A console runs"):
            restore(config(data), copy)
    finally:
        running.owner.release()
        running.stop()
    assert tables(data / "record.sqlite") == before and not list(tmp_path.glob("*.restoring"))
    _, aside = restore(config(data), copy)
    assert aside is not None and tables(aside / "record.sqlite") == before


def test_a_record_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    database = Database(tmp_path / "record.sqlite")
    database.migrate("part", ["CREATE TABLE a(x)", "CREATE TABLE b(x)"])
    with pytest.raises(StoreUnavailable, match="newer version"):
        database.migrate("part", ["CREATE TABLE a(x)"])
    database.close()
