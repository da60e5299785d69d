"""Several consoles on one FHIR server: whole systems, with their queues, their audit trails and their people."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import orjson
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.testclient import TestClient

from services.accounts.roles import Principal
from services.api.routes import ROUTES
from services.audit.verifying import verify
from services.commands.approvals import Decision, decide
from services.errors import FabricError, PreconditionFailed
from services.fhir.remote.client import FhirClient
from services.runtime.health import health
from services.runtime.metrics import REMOTE_METRICS, metrics
from services.runtime.remote import HOOK_SECRET, RemoteRecord
from services.runtime.sweeper import MACHINE
from services.runtime.system import System
from services.settings import Settings
from tests.contract.backend import Backend
from tests.contract.conftest import same_as
from tests.contract.console import opened, proposed

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


def approve(part: System, who: Principal, task_id: str) -> None:
    repository = part.repository_for(who)
    decide(part.desk, repository.read("Task", task_id), Decision("approve"), who, repository)


@pytest.fixture
def hooks() -> Iterator[tuple[str, Counter[tuple[str, str]]]]:
    """The address of somebody else's server, and how often it was told of what: (path, resource)."""
    got: Counter[tuple[str, str]] = Counter()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
            got[self.path, body["id"]] += 1
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", got
        server.shutdown()
        thread.join()


@pytest.mark.process
def test_a_queue_that_two_consoles_work_off_at_once(
    backend: Backend, tmp_path: Path, direct: FhirClient, hooks: tuple[str, Counter[tuple[str, str]]]
) -> None:
    """Each a process of its own, with its own people, trail and subscription."""
    address, got = hooks
    with opened(backend, [tmp_path / "a", tmp_path / "b"]) as consoles:
        for number, console in enumerate(consoles):
            console.ask("subscribe", f"{address}/{number}")
        tasks: list[str] = consoles[0].ask("propose", PROPOSALS)

        def all_of_them(work: str, arguments: Sequence[object] = (None, None)) -> list[Any]:
            for console, argument in zip(consoles, arguments, strict=True):
                console.begin(work, argument)
            return [console.end() for console in consoles]

        all_of_them("follow")
        # In pairs the wrong way round, so that they meet all the time; a few before that are each one's own.
        crossed = [task for n in range(0, PROPOSALS, 2) for task in (tasks[n + 1], tasks[n])]
        decided = all_of_them("decide", [("ann", tasks), ("bea", [*tasks[:-6:-1], *crossed])])
        all_of_them("follow")
        assert all_of_them("work") == [0, 0]
        all_of_them("follow")  # what was told to others is audited as well, and sent
        held = all_of_them("tell")
    assert sorted(decided[0] + decided[1]) == sorted(tasks), "each is decided once"
    assert all(decided), "neither had the queue to itself"
    for task in tasks:
        stored = direct.read("Task", task)
        assert stored and stored.resource["status"] == "completed"
        assert len(direct.versions("Task", task)) == 2
    for mine, told in zip(decided, held, strict=True):
        assert told["Condition"] == told["Provenance"] == PROPOSALS
        assert told["journal"] == {"executed": PROPOSALS}
        assert told["granted"] == len(mine), "each trail holds its own console's"
        assert (told["wrong"], told["unsettled"], told["outbox"]) == (None, 0, 0)
        assert told["ledger"] == told["events"] > 0
    assert len(got) == 2 * PROPOSALS and set(got.values()) == {1}, "each subscription ran once for each"
    assert Counter(path for path, _ in got) == {"/0": PROPOSALS, "/1": PROPOSALS}


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
    assert remote(a).alone() and remote(a).once.held
    assert not remote(b).alone() and not remote(b).once.held
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


def test_who_reads_does_not_wait_for_a_write_that_is_at_the_server(
    backend: Backend, tmp_path: Path, direct: FhirClient
) -> None:
    """Nor does what reading leaves behind: who looked, who signed in, what was searched. None of it is lost or counted
    twice by the write, which is undone and written again around it."""
    from tests.contract.faults import between

    with between(backend.port) as proxy:
        part = System(Settings(
            data_dir=tmp_path / "e", demo=False, fhir_url=backend.url(proxy.port), fhir_client_id=backend.client,
            fhir_client_secret=SecretStr(backend.secret), embedding_threads=1,
        ))  # pyright: ignore[reportCallIssue]  # fmt: skip
        app = Starlette(routes=ROUTES)
        app.state.fabric = part
        client, secret = part.accounts.add_client("reader", "administrator")
        tasks = proposed(part, 2)
        subject = part.repository.read("Task", tasks[0]).resource["for"]["reference"]
        before = part.ledger.size()
        refused: list[Exception] = []
        seen: Counter[str] = Counter()

        @contextlib.contextmanager
        def shown() -> Iterator[None]:
            seen["begun"] += 1
            yield
            seen["over"] += 1

        def work(task: str) -> None:
            try:
                approve(part, APPROVERS[0], task)
            except FabricError as error:
                refused.append(error)

        writers = [threading.Thread(target=work, args=(task,)) for task in (tasks[0], tasks[0], tasks[1])]
        try:
            part.database.meanwhile = shown
            proxy.plan = ["held"]
            for thread in writers:
                thread.start()
            assert proxy.held.wait(30)
            with TestClient(app) as http:
                form = {"grant_type": "client_credentials", "client_id": client.id, "client_secret": secret}
                token = http.post("/oauth2/token", data=form).json()["access_token"]
                http.headers["Authorization"] = f"Bearer {token}"
                for _ in range(3):
                    assert http.get(f"/fhir/R4/{subject}").status_code == 200
                part.pipeline.step()
                asked = {"query": "condition", "patientId": subject.partition("/")[2]}
                bot = "e8d04e1d-7309-463b-ba7b-86dda61e3bbe"
                assert http.post(f"/fhir/R4/Bot/{bot}/$execute", json=asked).status_code == 200
            assert all(thread.is_alive() for thread in writers), "the writes wait still"
            assert seen["begun"] - seen["over"] == 3, "and each of them shows it"
            figures = dict(
                line.split(" ") for line in metrics(part).splitlines() if line.startswith("fabric_fhir_")
            )
            assert (figures["fabric_fhir_up"], figures["fabric_fhir_unsettled"]) == ("1", "1")
            assert (
                int(figures["fabric_fhir_requests_total"]) > 0 == int(figures["fabric_fhir_failures_total"])
            )
            assert int(figures["fabric_fhir_outbox_waiting"]) == part.ledger.size()
            assert figures.keys() == {m.name for m in REMOTE_METRICS}
            during = part.ledger.size()
            assert during >= before + 4
            assert part.repository.search("Condition", [("subject", subject)]).matches == []
        finally:
            proxy.goes_on.set()
            for thread in writers:
                thread.join()
        assert [type(error) for error in refused] == [PreconditionFailed], "each proposal is decided once"
        assert len(part.repository.search("Condition", [("subject", subject)]).matches) == 2
        assert part.desk.journal.counts() == {"executed": 2}
        assert part.ledger.size() == during + 4
        assert verify(part.database).finding is None
        same_as(backend, remote(part).repository)
        assert (
            part.database.connection().execute("SELECT COUNT(*) FROM remote_outbox").fetchone()[0]
            == part.ledger.size()
        )
        part.stop()


def test_made_up_patients_never_go_to_a_server(backend: Backend, tmp_path: Path) -> None:
    part = System(Settings(data_dir=tmp_path / "d", demo=True, fhir_url=backend.url(), fhir_client_id=backend.client,
                           fhir_client_secret=SecretStr(backend.secret)))  # pyright: ignore[reportCallIssue]  # fmt: skip
    assert part.seed_demo() is False
    part.book_demo_day()
    assert part.repository.search("Patient").matches == []
    part.stop()
