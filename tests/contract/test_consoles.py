"""Several consoles on one FHIR server: whole systems, with their queues, their audit trails and their people."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.testclient import TestClient

from services.accounts.roles import Principal
from services.api.routes import ROUTES
from services.commands.approvals import Decision, decide
from services.commands.processor import process
from services.errors import FabricError, PreconditionFailed
from services.fhir.remote.client import FhirClient
from services.runtime.health import health
from services.runtime.remote import HOOK_SECRET, RemoteRecord
from services.runtime.sweeper import MACHINE
from services.runtime.system import System
from services.settings import Settings
from tests.contract.backend import Backend

CLINICIAN = Principal("clin", "user", "Dr Clinician", "clinician")
APPROVERS = [Principal(f"app{n}", "user", f"Dr Approver {n}", "approver") for n in range(2)]
PROPOSALS = 50


class Consoles:
    def __init__(self, backend: Backend, folder: Path) -> None:
        self.parts = [
            System(Settings(
                data_dir=folder / name, demo=False, fhir_url=backend.url(), fhir_client_id=backend.client,
                fhir_client_secret=SecretStr(backend.secret), embedding_threads=1,
            ))  # pyright: ignore[reportCallIssue]
            for name in ("a", "b")
        ]  # fmt: skip

    def follow(self) -> None:
        for part in self.parts:
            remote(part).step()


def remote(part: System) -> RemoteRecord:
    assert part.remote is not None
    return part.remote


@pytest.fixture(scope="module")
def pair(backend: Backend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Consoles]:
    made = Consoles(backend, tmp_path_factory.mktemp("consoles"))
    yield made
    for part in made.parts:
        part.stop()


def proposed(part: System, number: int) -> list[str]:
    """Tasks of the queue, each to note another condition of one patient."""
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
        answer = process(part.desk, command, CLINICIAN, part.repository_for(CLINICIAN))
        assert answer["action"] == "queued", answer
        tasks.append(answer["taskId"])
    return tasks


def approve(part: System, who: Principal, task_id: str) -> None:
    repository = part.repository_for(who)
    decide(part.desk, repository.read("Task", task_id), Decision("approve"), who, repository)


def test_a_queue_that_two_consoles_work_off_at_once(pair: Consoles, direct: FhirClient) -> None:
    tasks = proposed(pair.parts[0], PROPOSALS)
    pair.follow()
    decided: dict[str, list[str]] = {task: [] for task in tasks}
    unforeseen: list[Exception] = []

    def work(part: System, who: Principal) -> None:
        for task in tasks:
            try:
                approve(part, who, task)
                decided[task].append(who.id)
            except PreconditionFailed:
                continue
            except FabricError as error:
                unforeseen.append(error)

    threads = [threading.Thread(target=work, args=pair_) for pair_ in zip(pair.parts, APPROVERS, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not unforeseen
    assert all(len(who) == 1 for who in decided.values())
    pair.follow()
    for task in tasks:
        stored = direct.read("Task", task)
        assert stored and stored.resource["status"] == "completed"
        assert len(direct.versions("Task", task)) == 2
    patient = pair.parts[0].repository.read("Task", tasks[0]).resource["for"]["reference"]
    for part in pair.parts:
        assert (
            len(part.repository.search("Condition", [("subject", patient), ("_count", "200")]).matches)
            == PROPOSALS
        )
        notes = list(part.repository.everything(["Provenance"]))
        assert len(notes) == PROPOSALS
        assert part.desk.journal.counts() == {"executed": PROPOSALS}
        granted = [
            e for e in part.repository.everything(["AuditEvent"]) if b"approval_granted" in (e.body or b"")
        ]
        mine = APPROVERS[pair.parts.index(part)].id
        assert len(granted) == sum(who == [mine] for who in decided.values()), (
            "each trail holds its own console's"
        )


def test_a_proposal_of_one_console_is_rejected_at_the_other(pair: Consoles) -> None:
    a, b = pair.parts
    (task,) = proposed(a, 1)
    pair.follow()
    who = APPROVERS[1]
    row = b.desk.journal.of_task(task)
    assert row and row.state == "queued"
    repository = b.repository_for(who)
    decide(b.desk, repository.read("Task", task), Decision("reject", code="not-now"), who, repository)
    pair.follow()
    closed = a.desk.journal.of_task(task)
    assert closed and closed.state == "rejected"
    with pytest.raises(PreconditionFailed, match="decided already"):
        approve(a, APPROVERS[0], task)


def test_a_forged_proposal_is_not_entered(pair: Consoles, direct: FhirClient) -> None:
    a, b = pair.parts
    (task,) = proposed(a, 1)
    body = orjson.dumps(a.repository.read("Task", task).resource).replace(b"Condition 0", b"Condition X")
    forged = {**orjson.loads(body), "id": "5d1a7a7e-94f4-4c1f-8a65-6e0f2b0f7a11"}
    direct.put(forged)
    pair.follow()
    assert b.repository.find(f"Task/{forged['id']}")
    assert b.desk.journal.of_task(forged["id"]) is None


def test_what_expires_is_closed_by_one_of_them(pair: Consoles, direct: FhirClient) -> None:
    from services.commands.approvals import expire

    a, b = pair.parts
    (task,) = proposed(a, 1)
    pair.follow()
    assert remote(a).alone()
    assert not remote(b).alone()
    for part in pair.parts:
        with part.database.write() as connection:
            connection.execute("UPDATE command SET expires=1 WHERE task=?", (task,))
    closed = expire(a.desk, MACHINE)
    with pytest.raises(PreconditionFailed):
        expire(b.desk, MACHINE)  # it does without the lease what it must not
    assert closed == 1
    assert len(direct.versions("Task", task)) == 2
    row = b.desk.journal.of_task(task)
    assert row and row.state == "expired", "what the other one did came with the refusal"


def test_the_server_tells_and_is_not_believed(pair: Consoles, direct: FhirClient) -> None:
    a = pair.parts[0]
    app = Starlette(routes=ROUTES)
    app.state.fabric = a
    made = direct.put(
        {"resourceType": "Patient", "id": "0b9ad28d-16a7-46a4-9a25-9c06f3dd6a01", "active": True}
    )
    body = orjson.dumps({**made.resource, "active": False})
    with TestClient(app) as http:

        def tell(secret: str, content: bytes, **headers: str) -> int:
            signed = hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
            return http.post(
                "/fhir-hooks/record", content=content, headers={"X-Signature": signed, **headers}
            ).status_code

        assert tell("secret", body) == 404, "not set up"
        remote(a).keep(HOOK_SECRET, "secret")
        assert tell("other", body) == 401
        assert http.post("/fhir-hooks/record", content=body).status_code == 401
        assert tell("secret", b'{"resourceType":"Nothing","id":"1"}') == 400
        assert tell("secret", body) == 200
        remote(a).fetch_named()
        shown = a.repository.read("Patient", made.resource["id"])
        assert shown.resource["active"] is True, "what the server has, not what was sent"
        direct.delete("Patient", made.resource["id"])
        gone = {"X-Medplum-Deleted-Resource": shown.reference}
        assert tell("secret", b"{}", **gone) == 200
        remote(a).fetch_named()
        assert a.repository.find(shown.reference) is None


def test_the_loop_follows_and_recovers_by_itself(
    backend: Backend, tmp_path: Path, direct: FhirClient
) -> None:
    from tests.contract.faults import between

    with between(backend.port) as proxy:
        part = System(Settings(
            data_dir=tmp_path / "c", demo=False, fhir_url=f"http://127.0.0.1:{proxy.port}/fhir/R4",
            fhir_client_id=backend.client, fhir_client_secret=SecretStr(backend.secret), fhir_poll_seconds=0.2,
        ))  # pyright: ignore[reportCallIssue]  # fmt: skip
        remote(part).client.backoff = 0.005
        arrived = threading.Event()
        part.repository.listeners.append(
            lambda _, written: arrived.set() if written.stored.type == "Flag" else None
        )
        try:
            assert part.owner.acquire()
            assert "not complete" in str(remote(part).notice())
            remote(part).start()
            flag = {
                "resourceType": "Flag",
                "status": "active",
                "code": {"text": "x"},
                "subject": {"display": "x"},
            }
            direct.put({**flag, "id": "7a0a52de-37b5-4a4b-9d5e-8f4c1f0f8a01"})
            remote(part).follower.soon()
            assert arrived.wait(60)
            assert remote(part).notice() is None or remote(part).follower.filling
            proxy.only, proxy.share = "reset before", 1.0
            arrived.clear()
            away = threading.Event()
            note = remote(part).client._note
            remote(part).client._note = lambda problem: (note(problem), away.set() if problem else None)[0]
            assert away.wait(60)
            said, told = remote(part).notice(), health(part)
            assert said and "nothing can be saved" in said
            assert told["ok"] and told["remote"]["state"] == "away" and told["remote"]["awaySince"]
            direct.put({**flag, "id": "7a0a52de-37b5-4a4b-9d5e-8f4c1f0f8a02"})
            proxy.share = 0.0
            assert arrived.wait(60)
        finally:
            part.stop()


def test_made_up_patients_never_go_to_a_server(backend: Backend, tmp_path: Path) -> None:
    part = System(Settings(data_dir=tmp_path / "d", demo=True, fhir_url=backend.url(), fhir_client_id=backend.client,
                           fhir_client_secret=SecretStr(backend.secret)))  # pyright: ignore[reportCallIssue]  # fmt: skip
    assert part.seed_demo() is False
    part.book_demo_day()
    assert part.repository.search("Patient").matches == []
    part.stop()
