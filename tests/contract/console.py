"""A console in a process of its own, which does what it is told by lines of JSON: `[work, argument]`, answered by a line."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.contract.backend import ROOT, Backend

if TYPE_CHECKING:
    from services.runtime.system import System


class Console:
    """`ask` waits for the answer; `begin` and `end` are its halves, for several at once."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, work: str, argument: Any = None) -> Any:
        self.begin(work, argument)
        return self.end()

    def begin(self, work: str, argument: Any = None) -> None:
        assert self._process.stdin is not None
        print(json.dumps([work, argument]), file=self._process.stdin, flush=True)

    def end(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the console ended"
        return json.loads(line)


@contextlib.contextmanager
def opened(backend: Backend, folders: list[Path]) -> Iterator[list[Console]]:
    """A console on each data folder, all of them on one server."""
    with contextlib.ExitStack() as stack:
        made = []
        for folder in folders:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.contract.console", str(folder), backend.url(), backend.client, backend.secret],
                cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            stack.callback(process.communicate)
            stack.callback(process.terminate)
            made.append(Console(process))
        for each in made:
            assert each.end() == "ready"
        yield made


def proposed(part: System, number: int) -> list[str]:
    """Tasks of the queue, each to note another condition of one patient."""
    from services.accounts.roles import Principal
    from services.commands.processor import process

    clinician = Principal("clin", "user", "Dr Clinician", "clinician")
    patient = part.repository.create(
        {"resourceType": "Patient", "gender": "female", "birthDate": "1960-01-01"}
    )
    tasks = []
    for n in range(number):
        command = {
            "command": "ProposeProblemListUpdate", "patientId": patient.id, "confidence": 0.9, "requiresApproval": True,
            "aiModel": "model-1", "action": "add", "reasoning": "Asked for.",
            "condition": {"code": f"M{n:02}", "system": "http://hl7.org/fhir/sid/icd-10-cm", "display": f"Condition {n}"},
        }  # fmt: skip
        answer = process(part.desk, command, clinician, part.repository_for(clinician))
        assert answer["action"] == "queued", answer
        tasks.append(answer["taskId"])
    return tasks


def decided(part: System, name: str, tasks: list[str]) -> list[str]:
    """Which of the tasks this console decided on itself; the others somebody else had decided."""
    from services.accounts.roles import Principal
    from services.commands.approvals import Decision, decide
    from services.errors import PreconditionFailed

    who = Principal(name, "user", f"Dr {name}", "approver")
    repository, mine = part.repository_for(who), []
    for task in tasks:
        with contextlib.suppress(PreconditionFailed):
            decide(part.desk, repository.read("Task", task), Decision("approve"), who, repository)
            mine.append(task)
    return mine


def told(part: System) -> dict[str, Any]:
    """What it holds: how many resources of a type, how the queue stands, whether the audit trail is whole."""
    from services.audit.verifying import verify

    counts = Counter(s.type for s in part.repository.everything(["Condition", "Provenance"]))
    granted = [
        e for e in part.repository.everything(["AuditEvent"]) if b"approval_granted" in (e.body or b"")
    ]
    problem = verify(part.database).finding
    return {
        **counts,
        "journal": part.desk.journal.counts(),
        "granted": len(granted),
        "ledger": part.ledger.size(),
        "events": sum(1 for _ in part.repository.everything(["AuditEvent"])),
        "wrong": problem.reason if problem else None,
        "unsettled": part.repository.intents.waiting(),  # pyright: ignore[reportAttributeAccessIssue]
        "outbox": part.remote.outbox.waiting() if part.remote else None,
    }


def main() -> None:
    import services.runtime.system as runtime
    from services.settings import Settings
    from tests.contract.backend import Hasty

    folder, url, client, secret = sys.argv[1:]
    runtime.Database = Hasty
    part = runtime.System(Settings(
        data_dir=Path(folder), demo=False, fhir_url=url, fhir_client_id=client, fhir_client_secret=secret,
        embedding_threads=1,
    ))  # pyright: ignore[reportCallIssue, reportArgumentType]  # fmt: skip
    assert part.remote is not None

    def hooked(address: str) -> str:
        hook = {"resourceType": "Subscription", "status": "active", "reason": "test", "criteria": "Condition",
                "channel": {"type": "rest-hook", "endpoint": address, "payload": "application/fhir+json"}}  # fmt: skip
        return part.repository.create(hook, author="Practitioner/x").id

    def worked() -> int:
        while part.subscriptions.step():
            pass
        return int(part.queue.state()["waiting"])

    works = {
        "propose": lambda number: proposed(part, number),
        "follow": lambda _: part.remote and part.remote.step(),
        "decide": lambda asked: decided(part, *asked),
        "subscribe": hooked,
        "work": lambda _: worked(),
        "tell": lambda _: told(part),
    }
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        work, argument = json.loads(line)
        print(json.dumps(works[work](argument)), flush=True)
    part.stop()


if __name__ == "__main__":
    main()
