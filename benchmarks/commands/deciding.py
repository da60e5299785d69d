"""Decisions under strain: two processes of approvers racing for the same tasks, and kill -9 amid approvals.

    python -m benchmarks.commands.deciding [--tasks 200] [--approvals 100] [--seed 1]

Real processes on one data folder. Prints what was decided and written, and how often; exits with 1 where a task was decided
or carried out twice, or an acknowledged approval was lost.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from services.accounts.roles import Principal
from services.commands.approvals import Decision, decide
from services.commands.processor import process
from services.errors import FabricError
from services.runtime.system import System
from services.settings import Settings

APPROVERS = [Principal(f"approver-{n}", "user", f"Approver {n}", "approver") for n in range(2)]
CLINICIAN = Principal("clinician", "user", "Clinician", "clinician")


def open_system(folder: Path) -> System:
    return System(Settings(data_dir=folder, demo=False))  # pyright: ignore[reportCallIssue]


def propose(system: System, count: int) -> list[str]:
    """Proposed notes of ten patients; the ids of their tasks."""
    for n in range(10):
        patient = {"resourceType": "Patient", "id": f"p{n}", "name": [{"family": f"Family{n}"}]}
        visit = {"resourceType": "Encounter", "id": f"e{n}", "status": "finished", "class": {"code": "AMB"},
                 "subject": {"reference": f"Patient/p{n}"}}  # fmt: skip
        system.repository.write_many([patient, visit])
    view, tasks = system.repository_for(CLINICIAN), []
    for n in range(count):
        command = {"command": "CreateEncounterNoteDraft", "patientId": f"p{n % 10}", "encounterId": f"e{n % 10}", "confidence": 0.9,
                   "requiresApproval": True, "aiModel": "m", "noteType": "progress", "content": f"Visit number {n} went well."}  # fmt: skip
        tasks.append(process(system.desk, command, CLINICIAN, view)["taskId"])
    return tasks


def child(folder: Path, number: int, seed: int, only_approve: bool) -> None:
    """Decide on whatever is open, in an order of its own; say each decision once it is made."""
    system, rng, who = open_system(folder), random.Random(seed), APPROVERS[number]
    view = system.repository_for(who)
    tasks = [t.id for t in view.search("Task", [("status", "requested"), ("_count", "1000")]).matches]
    rng.shuffle(tasks)
    print("ready", flush=True)
    sys.stdin.readline()  # until all are
    for task_id in tasks:
        verdict = "approve" if only_approve or rng.random() < 0.7 else "reject"
        try:
            decide(system.desk, view.read("Task", task_id), Decision(verdict, code="other"), who, view)
        except FabricError as error:
            print("refused", task_id, error.code, flush=True)
        else:
            print(verdict, task_id, flush=True)
    system.stop()


def start(folder: Path, number: int, seed: int, only_approve: bool = False) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-m",
        "benchmarks.commands.deciding",
        "--child",
        str(number),
        "--folder",
        str(folder),
        "--seed",
        str(seed),
    ]
    return subprocess.Popen(
        command + (["--only-approve"] if only_approve else []),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def ready(process_: subprocess.Popen[str]) -> None:
    assert process_.stdout
    assert process_.stdout.readline() == "ready\n"


def go(process_: subprocess.Popen[str]) -> None:
    assert process_.stdin
    process_.stdin.write("go\n")
    process_.stdin.flush()


def counted(system: System, tasks: list[str]) -> tuple[Counter[str], int, int]:
    """(states of the tasks, notes written, provenances of decisions)."""
    states = Counter(system.repository.read("Task", t).resource["status"] for t in tasks)
    notes = system.repository.search("DocumentReference", [("_summary", "count")]).total or 0
    decided = system.repository.search("Provenance", [("_summary", "count")]).total or 0
    return states, notes, decided


def race(tasks: int, seed: int) -> bool:
    with tempfile.TemporaryDirectory() as temp:
        folder = Path(temp)
        system = open_system(folder)
        ids = propose(system, tasks)
        children = [start(folder, n, seed + n) for n in range(2)]
        for c in children:
            ready(c)
        for c in children:
            go(c)
        said = [line.split() for c in children for line in c.communicate(timeout=600)[0].splitlines()]
        made = Counter(line[1] for line in said if line[0] in ("approve", "reject"))
        approved = sum(line[0] == "approve" for line in said)
        states, notes, decided = counted(system, ids)
        system.stop()
    both = sum(line[0] == "refused" for line in said)
    good = (
        set(made) == set(ids)
        and max(made.values()) == 1
        and notes == approved == states["completed"]
        and decided == len(ids)
    )
    print(f"race: {tasks} tasks, 2 processes: {len(made)} decided once, {sum(v > 1 for v in made.values())} twice, {both} refused to "
          f"the slower; {approved} approved, {notes} written")  # fmt: skip
    return good


def crash(approvals: int, seed: int) -> bool:
    rng, kills, acknowledged = random.Random(seed), 0, set[str]()
    with tempfile.TemporaryDirectory() as temp:
        folder = Path(temp)
        system = open_system(folder)
        ids = propose(system, approvals)
        system.stop()
        while True:
            process_ = start(folder, 0, rng.randrange(10**6), only_approve=True)
            ready(process_)
            go(process_)
            assert process_.stdout
            heard = [process_.stdout.readline() for _ in range(rng.randint(1, 8))]
            time.sleep(rng.uniform(0, 0.03))  # somewhere within the next one
            ended = not heard[-1]
            process_.kill()
            kills += not ended
            said = "".join((*heard, process_.communicate()[0]))
            whole = said[: said.rfind("\n") + 1]  # a line that the kill cut short was not said
            lines = [line.split() for line in whole.splitlines()]
            acknowledged |= {line[1] for line in lines if line[0] == "approve"}
            if ended:
                break
        system = open_system(folder)
        states, notes, decided = counted(system, ids)
        lost = [
            t for t in acknowledged if system.repository.read("Task", t).resource["status"] != "completed"
        ]
        executed = system.desk.journal.counts().get("executed", 0)
        system.stop()
    print(f"kill -9: {approvals} approvals, {kills} kills: {states['completed']} approved, {len(lost)} lost of {len(acknowledged)} "
          f"acknowledged, {notes - states['completed']} written twice or without a decision")  # fmt: skip
    return not lost and states["completed"] == notes == decided == executed == approvals


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=200)
    parser.add_argument("--approvals", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", type=int)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--only-approve", action="store_true")
    asked = parser.parse_args()
    if asked.child is not None:
        child(asked.folder, asked.child, asked.seed, asked.only_approve)
        return
    good = [race(asked.tasks, asked.seed), crash(asked.approvals, asked.seed)]
    raise SystemExit(not all(good))


if __name__ == "__main__":
    main()
