"""The audit trail: which tampering is found, and what it costs.

    python -m benchmarks.audit [--mutations 1200] [--events 4000] [--seed 1]

Attacks on copies of a record's file (benchmarks/audit_attacks.py): how many were found, and how many of these named
the first wrong entry. Then, each as a ratio within this run: an event with the ledger to one without; verification to
plain SHA-256 of the same bytes; and reads of 20 clients with the trail to the same without. Exits with 1 where an
attack was not found.
"""

from __future__ import annotations

import argparse
import collections
import io
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from starlette.applications import Starlette
from starlette.testclient import TestClient

from benchmarks import audit_attacks as attacks
from services.accounts.tokens import Login
from services.audit.events import AuditLog, audit_event
from services.audit.ledger import Ledger
from services.audit.verifying import verify
from services.fhir.database import Database
from services.fhir.sqlite import SQLiteRepository
from services.runtime.system import System
from services.settings import Settings

CLIENTS, READS, ROUNDS = 20, 40, 5


def tampering(mutations: int, seed: int) -> int:
    """Prints what was found by kind; returns how many were not, or were named wrongly."""
    made, found, named = (collections.Counter() for _ in range(3))
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        trail = attacks.make(folder, 61, 40)
        kinds = [[a] for a in (*attacks.PLAIN, *attacks.RECOMPUTED)]
        for number in range(mutations):
            several = rng.sample(attacks.PLAIN, rng.randrange(2, 5))
            chosen = [*kinds, several, None][number % (len(kinds) + 2)]
            label = "roll back to an old copy" if chosen is None else _label(chosen)
            path = folder / "attacked.sqlite"
            for old in folder.glob("attacked.sqlite*"):
                old.unlink()
            if chosen is None:
                attacks.roll_back(path, trail)
                expected: int | None = 40
            else:
                expected = attacks.first_wrong(trail.rows, attacks.apply(path, trail, chosen, rng))
            held = chosen is None or chosen[0] in attacks.RECOMPUTED
            database = Database(path)
            finding = verify(
                database, [trail.checkpoint] if held else [], io.BytesIO(trail.held) if held else None
            ).finding
            database.close()
            made[label] += 1
            found[label] += finding is not None
            named[label] += finding is not None and finding.entry == expected
        path = folder / "whole.sqlite"
        path.write_bytes(trail.data)
        database = Database(path)
        whole = verify(database, [trail.checkpoint], io.BytesIO(trail.held)).finding is None
        database.close()
    print(f"{'attack':<28} {'made':>5} {'found':>6} {'named':>6}")
    for label in made:
        print(f"{label:<28} {made[label]:>5} {found[label]:>6} {named[label]:>6}")
    print(f"{'all':<28} {made.total():>5} {found.total():>6} {named.total():>6}")
    print(f"{'none: passes':<28} {1:>5} {'yes' if whole else 'NO':>6}")
    return made.total() - named.total() + (not whole)


def _label(kinds: list[attacks.Attack]) -> str:
    return kinds[0].__name__.replace("_", " ") if len(kinds) == 1 else "several at once"


def costs(events: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        plain, with_ledger = _record(Path(name) / "plain", False), _record(Path(name) / "ledger", True)
        ratio = _ratio(lambda: _write(with_ledger, events // ROUNDS), lambda: _write(plain, events // ROUNDS))
        print(f"an event with the ledger to one without      {ratio:.2f}")
        database = with_ledger.record.database
        bodies = list(Ledger(database).events())

        def proved() -> None:
            assert verify(database).finding is None

        ratio = _ratio(proved, lambda: attacks.plain_digest(bodies))
        print(f"verification to plain SHA-256 of the bytes   {ratio:.1f}")
        for audit in (plain, with_ledger):
            audit.record.database.close()


def _record(folder: Path, ledger: bool) -> AuditLog:
    repository = SQLiteRepository(Database(folder / "record.sqlite"))
    if ledger:
        repository.listeners.append(Ledger(repository.database).follow)
    return AuditLog(repository)


def _write(audit: AuditLog, count: int) -> None:
    """In transactions of 50, so that what is measured is the work and not the disk."""
    for _ in range(count // 50):
        audit.keep_all([audit_event("rag_query", patient_id="p1", agent="Practitioner/a") for _ in range(50)])


def clients() -> None:
    """Reads over HTTP's layers in this process, so that what differs is the trail."""
    from services.api import answers
    from services.api.routes import ROUTES

    with tempfile.TemporaryDirectory() as name:
        system = System(Settings(data_dir=Path(name), demo=False))  # pyright: ignore[reportCallIssue]
        system.repository.write_many([{"resourceType": "Patient", "id": f"p{n}"} for n in range(CLIENTS)])
        who = system.accounts.add_user("a@clinic.test", "a long password", "clinician")
        headers = {"Authorization": f"Bearer {system.accounts.access_token(Login(who))}"}
        app = Starlette(routes=ROUTES)
        app.state.fabric = system
        commits = [0]
        system.database.committed = lambda: commits.__setitem__(0, commits[0] + 1)
        with TestClient(app, base_url="http://localhost:8103") as client:

            def read(number: int) -> None:
                for _ in range(READS):
                    assert client.get(f"/fhir/R4/Patient/p{number}", headers=headers).status_code == 200

            def together() -> None:
                threads = [threading.Thread(target=read, args=(n,)) for n in range(CLIENTS)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()

            def without() -> None:
                with mock.patch.object(answers, "note", lambda *_: None):
                    together()

            ratio = _ratio(together, without)
        events, written = system.ledger.size(), commits[0]
        system.stop()
    print(
        f"reads of {CLIENTS} clients with the trail to without  {ratio:.2f}  ({events} events in {written} transactions)"
    )


def _ratio(one: Callable[[], object], other: Callable[[], object]) -> float:
    """The median of pairs, measured in turn."""
    found = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        one()
        between = time.perf_counter()
        other()
        found.append((between - started) / (time.perf_counter() - between))
    return statistics.median(found)


# Kill -9, for tests/audit/test_crash.py


def child(folder: Path) -> None:
    """Eight threads write events and say each id once it is acknowledged."""
    audit = _record(folder, True)
    said = threading.Lock()

    def work() -> None:
        while True:
            made = audit.write("rag_query", patient_id="p1")
            with said:
                print(made, flush=True)

    for _ in range(8):
        threading.Thread(target=work).start()


def acknowledged(folder: Path, least: int) -> list[str]:
    """The ids that a process acknowledged before it was killed, `least` or more of them."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.audit", "--child", str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    ids = [process.stdout.readline().strip() for _ in range(least)]
    process.kill()
    ids += process.stdout.read().split("\n")[:-1]
    process.wait()
    return ids


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--mutations", type=int, default=1200)
    parser.add_argument("--events", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", type=Path)
    asked = parser.parse_args()
    if asked.child:
        child(asked.child)
        return
    missed = tampering(asked.mutations, asked.seed)
    costs(asked.events)
    clients()
    raise SystemExit(1 if missed else 0)


if __name__ == "__main__":
    main()
