"""Kill -9 at random moments: during import, during embedding, while Chroma writes its index, while subscriptions
are worked.

    python -m benchmarks.crash [--times 10] [--seed 1]

Each trial starts a real process, kills it, starts again, and then counts what was acknowledged against what is
there and what search finds. Prints one row a phase; exits with 1 where anything was lost.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import orjson

from benchmarks import synthetic
from services.accounts.roles import Principal
from services.demo import generate
from services.demo.staff import shared_resources
from services.fhir.database import Database
from services.fhir.importing.importer import Importer
from services.fhir.sqlite import SQLiteRepository
from services.index.places import Folder
from services.index.population import Population
from services.index.store import IndexStore
from services.index.text import SUPPORTED
from services.runtime import sandbox
from services.runtime.bots import create_bot, deploy
from services.runtime.system import System
from services.settings import Settings

PATIENTS, EMBED_PATIENTS, VECTORS = 60, 4, 12_000
NOTES = """def handler(medplum, event):
    medplum.create_resource({"resourceType": "Basic", "code": {"text": "ran"},
                             "identifier": [{"value": event.input["id"]}]})
"""


# What the killed process does


def child(phase: str, folder: Path, source: Path | None) -> None:
    def say(number: int) -> None:
        print(number, flush=True)

    if phase == "import":
        database = Database(folder / "record.sqlite")
        Importer(SQLiteRepository(database), database).run(
            [source or folder], lambda report, _: say(report.stored + report.unchanged.total())
        )
    elif phase == "embed":
        system = System(Settings(data_dir=folder))  # pyright: ignore[reportCallIssue]
        system.owner.acquire()
        say(0)
        while system.pipeline.step():
            say(system.store.counts()["chunks"])
    elif phase == "subscriptions":
        system = System(Settings(data_dir=folder, demo=False))  # pyright: ignore[reportCallIssue]
        listening(system)
        system.owner.acquire()
        system.subscriptions.start()
        for number in range(100_000):
            system.repository.create({"resourceType": "Patient"}, resource_id=f"p{number}")
            say(number + 1)
            if system.queue.state()["waiting"] > 50:  # so that the kill finds it at work, not only writing
                time.sleep(0.02)
    elif phase == "chroma":
        store = IndexStore(Database(folder / "record.sqlite"))
        population = Population(store, Folder(folder / "chroma"))
        population.open(synthetic.MODEL)
        done = store.counts()["chunks"]
        say(done)
        while done < VECTORS:
            synthetic.fill(store, 1000, 100, start=done)
            population.sync()
            done += 1000
            say(done)
        while True:  # deletions and additions go on until the kill
            say(done - 200)
            removed = [("Observation", f"o{n}") for n in range(done - 200, done)]
            store.apply([], removed, None)
            synthetic.fill(store, 200, 100, start=done - 200)
            population.sync()
            say(done)


def run_and_kill(phase: str, folder: Path, source: Path | None, after: float) -> int:
    """Start the child, kill it `after` seconds behind its first word; the last number that it acknowledged."""
    command = [sys.executable, "-m", "benchmarks.crash", "--child", phase, "--folder", str(folder)]
    if source:
        command += ["--source", str(source)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout
    first = process.stdout.readline()
    time.sleep(after)
    process.kill()
    rest = process.stdout.read().split("\n")
    process.wait()
    numbers = [int(line) for line in [first.strip(), *rest[:-1]] if line.strip().isdigit()]
    return numbers[-1] if numbers else 0


# What is checked after each kill


def import_phase(times: int, rng: random.Random) -> tuple[int, int, str]:
    lost = checked = 0
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "patients.ndjson"
        patients = [r for group in generate(PATIENTS) for r in group]
        resources = [*shared_resources(), *patients]
        source.write_bytes(b"\n".join(orjson.dumps(r) for r in resources))
        for trial in range(times):
            folder = Path(name) / f"data{trial}"
            folder.mkdir()
            acknowledged = run_and_kill("import", folder, source, rng.uniform(0.0, 2.5))
            database = Database(folder / "record.sqlite")
            repository = SQLiteRepository(database)
            present = 0
            for resource in resources:
                found = repository.find(f"{resource['resourceType']}/{resource['id']}")
                if found is None:
                    break
                assert found.resource["resourceType"] == resource["resourceType"]
                present += 1
            lost += max(0, acknowledged - present)
            report = Importer(repository, database).run([source])
            complete = all(repository.find(f"{r['resourceType']}/{r['id']}") for r in resources)
            wanted = sum(r["resourceType"] == "Observation" for r in resources)
            total = repository.search("Observation", [("_summary", "count")]).total
            lost += (not complete) + (total != wanted) + report.refused
            checked += acknowledged
            database.close()
    return checked, lost, f"{len(resources)} resources a trial"


def embed_phase(times: int, rng: random.Random) -> tuple[int, int, str]:
    lost = checked = 0
    resources = [r for group in generate(EMBED_PATIENTS, seed=3) for r in group]
    wanted = {(r["resourceType"], r["id"]) for r in resources if r["resourceType"] in SUPPORTED}
    reference: int | None = None
    for _ in range(times):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            system = System(Settings(data_dir=folder))  # pyright: ignore[reportCallIssue]
            system.repository.write_many(resources)
            system.stop()
            run_and_kill("embed", folder, None, rng.uniform(0.0, 4.0))
            system = System(Settings(data_dir=folder))  # pyright: ignore[reportCallIssue]
            assert system.owner.acquire(), "the killed process's lock must be free"
            while system.pipeline.step():
                pass
            rows = system.database.connection().execute("SELECT type, id FROM entry").fetchall()
            connection = system.database.connection()
            words = connection.execute("SELECT COUNT(*) FROM chunk_words").fetchone()[0]
            chunks = system.store.counts()["chunks"]
            reference = reference or chunks
            lost += len(wanted - set(rows)) + abs(chunks - reference) + abs(words - chunks)
            checked += len(wanted)
            system.stop()
    return checked, lost, f"{reference} passages a trial"


def chroma_phase(times: int, rng: random.Random) -> tuple[int, int, str]:
    lost = checked = rebuilt = 0
    for _ in range(times):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            acknowledged = run_and_kill("chroma", folder, None, rng.uniform(0.5, 14.0))
            verdict = subprocess.run(
                [sys.executable, "-m", "benchmarks.crash", "--child", "verify", "--folder", name],
                capture_output=True, text=True, timeout=300, check=False,
            )  # fmt: skip
            if verdict.returncode != 0:
                print(verdict.stderr[-2000:], file=sys.stderr)
                lost += 1
                continue
            missing, again, present = (int(v) for v in verdict.stdout.split()[-3:])
            lost += missing + max(0, acknowledged - present)
            rebuilt += again
            checked += present
    return checked, lost, f"index rebuilt in {rebuilt} of {times}"


def listening(system: System) -> None:
    """A bot that writes down, of each new patient, that it ran."""
    if system.repository.search("Subscription").matches:
        return
    who = Principal("crash", "user", "Crash", "administrator")
    bot = create_bot(system, who, "notes", filename="bot.py", code=NOTES)
    deploy(system, who, bot.id)
    channel = {"type": "rest-hook", "endpoint": bot.reference}
    system.repository.create({"resourceType": "Subscription", "status": "active", "reason": "crash",
                              "criteria": "Patient", "channel": channel})  # fmt: skip


def subscriptions_phase(times: int, rng: random.Random) -> tuple[int, int, str]:
    lost = checked = again = 0
    for _ in range(times):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            acknowledged = run_and_kill("subscriptions", folder, None, rng.uniform(0.2, 3.0))
            system = System(Settings(data_dir=folder, demo=False))  # pyright: ignore[reportCallIssue]
            while system.subscriptions.step():
                pass
            ran = [s.resource["identifier"][0]["value"] for s in system.repository.everything(["Basic"])]
            lost += sum(f"p{number}" not in set(ran) for number in range(acknowledged))
            again += len(ran) - len(set(ran))
            checked += acknowledged
            system.stop()
    sandbox.stop()
    return checked, lost, f"{again} ran twice (at least once is promised)"


def verify(folder: Path) -> None:
    """After the kill: open in a new process as the console would, then ask for vectors by themselves."""
    store = IndexStore(Database(folder / "record.sqlite"))
    population = Population(store, Folder(folder / "chroma"))
    population.open(synthetic.MODEL)
    population.sync()
    ids = store.chunk_ids(synthetic.MODEL)
    assert population.ready and population._index is not None
    held = set(population._index.ids().tolist())
    missing = len(set(ids.tolist()) ^ held)
    for cid in random.Random(1).sample(ids.tolist(), min(200, len(ids))):
        _, vectors, _ = store.vectors(synthetic.MODEL, cid - 1, 1)
        found, _, exact = population.query(vectors[0], 3)
        missing += (cid not in found.tolist()) or exact
    rebuilds = population.rebuilds
    population.close()
    print(missing, min(1, rebuilds), len(ids))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--phase", choices=["import", "embed", "chroma", "subscriptions"])
    parser.add_argument("--child")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--source", type=Path)
    asked = parser.parse_args()
    if asked.child == "verify":
        verify(asked.folder)
        return
    if asked.child:
        child(asked.child, asked.folder, asked.source)
        return
    phases = {
        "import": import_phase,
        "embed": embed_phase,
        "chroma": chroma_phase,
        "subscriptions": subscriptions_phase,
    }
    failed = 0
    print(f"{'phase':<13} {'kills':>5} {'acknowledged':>13} {'lost':>5}  remarks")
    for name, run in phases.items():
        if asked.phase in (None, name):
            checked, lost, remark = run(asked.times, random.Random(asked.seed))
            failed += lost
            print(f"{name:<13} {asked.times:>5} {checked:>13} {lost:>5}  {remark}", flush=True)
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
