"""Many writers at once, in threads and in processes: nothing is lost, and versions follow each other."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from services.errors import PreconditionFailed
from services.fhir.database import Database
from services.fhir.sqlite import SQLiteRepository
from tests.conftest import ROOT, patient

_WRITER = """
import sys
from pathlib import Path
from services.fhir.database import Database
from services.fhir.sqlite import SQLiteRepository
repository, name = SQLiteRepository(Database(Path(sys.argv[1]))), sys.argv[2]
for number in range(30):
    repository.update({"resourceType": "Patient", "id": f"{name}-{number}"}, create_missing=True)
    repository.update({"resourceType": "Patient", "id": "shared", "name": [{"text": f"{name} {number}"}]},
                      create_missing=True)
"""


def test_threads_and_processes_writing_at_once_lose_nothing(repository: SQLiteRepository) -> None:
    path = repository.database.path
    processes = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(path), f"process{n}"], cwd=ROOT)
        for n in range(2)
    ]
    failures: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for number in range(15):
                repository.update(patient(f"{name}-{number}"), create_missing=True)
                repository.update(patient("shared", name=[{"text": f"{name} {number}"}]), create_missing=True)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(f"thread{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [process.wait(120) for process in processes] == [0, 0]
    assert failures == []
    own = {f"thread{n}-{i}" for n in range(8) for i in range(15)} | {
        f"process{n}-{i}" for n in range(2) for i in range(30)
    }
    assert {s.id for s in repository.everything()} == own | {"shared"}

    shared = repository.history("Patient", "shared")
    assert len(shared) == 8 * 15 + 2 * 30
    assert len({s.version for s in shared}) == len(shared)
    assert len({s.resource["name"][0]["text"] for s in shared}) == len(shared)
    log = [c for c in repository.changes(0, 10_000) if c.id == "shared"]
    assert [c.version for c in log] == [s.version for s in reversed(shared)]
    assert len(repository.changes(0, 10_000)) == len(own) + len(shared)


def test_of_two_who_update_the_same_version_one_is_refused(repository: SQLiteRepository) -> None:
    first, _ = repository.update(patient("a"), create_missing=True)
    start, outcomes = threading.Barrier(8), []

    def work(number: int) -> None:
        start.wait()
        try:
            repository.update(patient("a", name=[{"text": str(number)}]), if_match=first.version)
            outcomes.append("updated")
        except PreconditionFailed:
            outcomes.append("refused")

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 7 + ["updated"]
    assert len(repository.history("Patient", "a")) == 2


def test_a_reader_sees_a_transaction_whole_or_not_at_all(
    repository: SQLiteRepository, tmp_path: Path
) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def work() -> None:
        with repository.database.write():
            repository.write_many([patient("a"), patient("b")])
            inside.set()
            go_on.wait(10)
            repository.update(patient("c"), create_missing=True)

    writer = threading.Thread(target=work)
    writer.start()
    assert inside.wait(10)
    other = SQLiteRepository.__new__(SQLiteRepository)
    other.database = Database(repository.database.path)
    assert [s.id for s in other.everything()] == []
    go_on.set()
    writer.join()
    assert [s.id for s in other.everything()] == ["a", "b", "c"]
    other.database.close()
