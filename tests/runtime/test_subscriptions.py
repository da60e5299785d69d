"""Subscriptions: what matches, what runs, order, retries, signatures, loops."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
import pytest

from services.accounts.roles import Principal
from services.runtime.subscriptions.delivery import MAX_ATTEMPTS
from services.runtime.subscriptions.hooks import SECRET, may_be_called
from services.runtime.subscriptions.matching import FHIRPATH, INTERACTION, MOST_DEEP
from services.runtime.system import System
from tests.conftest import observation, patient
from tests.runtime.conftest import drain, drain_retries, events, python_bot, subscribe

NOTE = "medplum.create_resource({'resourceType': 'Basic', 'code': {'text': '%s'}})"


class Receiver(ThreadingHTTPServer):
    """Another clinic's server: keeps what it gets, answers with the next status that it is given."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server: Any = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
        self.send_response(server.statuses.pop(0) if server.statuses else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


def notes(parts: System) -> list[str]:
    return [s.resource["code"]["text"] for s in parts.repository.search("Basic", [("_count", "200")]).matches]


def waiting(parts: System) -> int:
    return int(parts.queue.state()["waiting"])


def test_a_bot_runs_for_what_matches_and_for_nothing_else(parts: System, admin: Principal) -> None:
    bot = python_bot(parts, admin, NOTE % "' + event.input['id'] + '")
    subscribe(parts, "Observation?code=4548-4", bot.reference)
    parts.repository.create(patient("p1"), resource_id="p1")
    parts.repository.create(observation("o1"), resource_id="o1", author="Practitioner/doc")
    other = {**observation("o2"), "code": {"text": "Weight"}}
    parts.repository.create(other, resource_id="o2")
    assert drain(parts) == 1
    assert notes(parts) == ["o1"]
    ran = events(parts)[0]
    assert ran["agent"][0]["who"]["reference"] == "Practitioner/doc"
    assert [e["what"]["reference"].split("/")[0] for e in ran["entity"]] == [
        "Bot",
        "Observation",
        "Subscription",
    ]
    parts.repository.update({**observation("o2"), "status": "amended"})  # now it has the code
    assert drain(parts) == 1 and notes(parts) == ["o1", "o2"]
    parts.repository.update({**observation("o2"), "status": "amended"})  # unchanged: no new version
    parts.repository.delete("Observation", "o1")
    assert drain(parts) == 0


@pytest.mark.parametrize(
    ("change", "runs"),
    [
        ({"status": "off"}, 0),
        ({"channel": {"type": "websocket"}}, 0),
        ({"channel": {"type": "rest-hook"}}, 0),
        ({"criteria": "Patient?nonsense=1"}, 0),
        ({"criteria": "Practitioner"}, 0),
        ({"criteria": "Patient?gender=female"}, 1),
        ({"extension": [{"url": INTERACTION, "valueCode": "create"}]}, 1),
        ({"extension": [{"url": INTERACTION, "valueCode": "delete"}]}, 1),
        ({"extension": [{"url": FHIRPATH, "valueString": "%previous.exists() and %current.active != %previous.active"}]}, 1),
        ({"extension": [{"url": FHIRPATH, "valueString": "%current.("}]}, 0),
        ({}, 2),
    ],
)  # fmt: skip
def test_what_a_subscription_listens_to(
    parts: System, admin: Principal, change: dict[str, Any], runs: int
) -> None:
    subscription = {**subscribe(parts, "Patient", "Bot/x").resource, **change}
    if change.get("channel", {}).get("type") == "websocket":
        subscription["channel"] = {**change["channel"], "endpoint": "Bot/x"}
    parts.repository.update(subscription)
    parts.repository.create(patient("p1", gender="female", active=False), resource_id="p1")
    parts.repository.update(patient("p1", gender="male", active=True))
    parts.repository.delete("Patient", "p1")
    assert waiting(parts) == runs


def test_what_is_undone_triggers_nothing(parts: System) -> None:
    subscribe(parts, "Patient", "Bot/x")
    with pytest.raises(RuntimeError), parts.database.write():
        parts.repository.create(patient("p1"))
        assert waiting(parts) == 1
        raise RuntimeError
    assert waiting(parts) == 0


def test_the_order_of_a_resource_is_kept(parts: System, admin: Principal) -> None:
    bot = python_bot(parts, admin, NOTE % "' + str(event.input['multipleBirthInteger']) + '")
    subscribe(parts, "Patient", bot.reference)
    for number in range(12):
        parts.repository.update(patient("p1", multipleBirthInteger=number), create_missing=True)
    threads = [threading.Thread(target=drain, args=(parts,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    drain(parts)
    assert notes(parts) == [str(n) for n in range(12)]


def test_a_bot_that_triggers_itself_is_stopped(parts: System, admin: Principal) -> None:
    again = "p = event.input\np['multipleBirthInteger'] = p.get('multipleBirthInteger', 0) + 1\nmedplum.update_resource(p)"
    bot = python_bot(parts, admin, again)
    subscription = subscribe(parts, "Patient", bot.reference)
    parts.repository.create(patient("p1"), resource_id="p1", author="Practitioner/doc")
    assert drain(parts) == MOST_DEEP
    assert waiting(parts) == 0
    stopped = [e for e in events(parts, "transmit") if "loop" in e["outcomeDesc"]]
    assert len(stopped) == 1 and stopped[0]["entity"][0]["what"]["reference"] == subscription.reference
    parts.repository.update(patient("p1", active=True))  # a person's write counts from the start
    assert drain(parts) == MOST_DEEP


def test_a_failing_bot_is_told_and_not_run_again(parts: System, admin: Principal) -> None:
    bot = python_bot(parts, admin, "raise ValueError('no')")
    subscribe(parts, "Patient", bot.reference)
    subscribe(parts, "Patient", "Bot/none")
    parts.repository.create(patient("p1"))
    assert drain(parts) == 2 and waiting(parts) == 0
    assert [e["outcome"] for e in events(parts)] == ["4"]
    assert "does not exist" in events(parts, "transmit")[0]["outcomeDesc"]


def test_a_hook_is_signed_and_told(parts: System, receiver: Receiver) -> None:
    secret = [{"url": SECRET, "valueString": "s3cret"}]
    channel = {
        "type": "rest-hook",
        "endpoint": receiver.url,
        "header": ["X-Clinic: north", "X-Signature: forged", "bad"],
    }
    subscription = subscribe(parts, "Patient?active=true", receiver.url, extension=secret, channel=channel)
    parts.repository.create(patient("p1", active=True), resource_id="p1")
    assert drain(parts) == 1 and waiting(parts) == 0
    headers, body = receiver.got[0]
    assert orjson.loads(body)["id"] == "p1"
    assert headers["x-signature"] == hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
    assert (
        headers["x-medplum-subscription"] == subscription.id and headers["x-medplum-interaction"] == "create"
    )
    assert headers["x-clinic"] == "north" and headers["x-trace-id"]
    assert events(parts, "transmit")[0]["outcomeDesc"] == "Attempt 1 received status 200"


def test_a_deletion_is_told_without_content(parts: System, receiver: Receiver) -> None:
    subscribe(parts, "Patient", receiver.url, extension=[{"url": INTERACTION, "valueCode": "delete"}])
    parts.repository.create(patient("p1"), resource_id="p1")
    parts.repository.delete("Patient", "p1")
    drain(parts)
    assert [(h["x-medplum-deleted-resource"], b) for h, b in receiver.got] == [("Patient/p1", b"{}")]


def test_a_hook_is_tried_again_until_it_is_taken(parts: System, receiver: Receiver) -> None:
    receiver.statuses = [500, 503]
    subscribe(parts, "Patient", receiver.url)
    parts.repository.create(patient("p1"))
    drain_retries(parts)
    assert len(receiver.got) == 3
    assert [e["outcomeDesc"] for e in events(parts, "transmit")] == [
        "Attempt 1 received status 500", "Attempt 2 received status 503", "Attempt 3 received status 200",
    ]  # fmt: skip


@pytest.mark.parametrize(("extra", "sends"), [([], 4), ([{"url": MAX_ATTEMPTS, "valueInteger": 1}], 2)])
def test_a_hook_is_given_up(parts: System, receiver: Receiver, extra: list[Any], sends: int) -> None:
    receiver.statuses = [500] * 10
    subscribe(parts, "Patient", receiver.url, extension=extra)
    parts.repository.create(patient("p1"))
    drain_retries(parts)
    assert len(receiver.got) == sends and waiting(parts) == 0


def test_a_retry_is_dropped_once_the_resource_went_on(parts: System, receiver: Receiver) -> None:
    receiver.statuses = [500]
    subscribe(parts, "Patient", receiver.url)
    parts.repository.create(patient("p1"), resource_id="p1")
    drain(parts)
    parts.repository.update(patient("p1", active=True))
    drain_retries(parts)
    assert [orjson.loads(b).get("active") for _, b in receiver.got] == [None, True]


@pytest.mark.parametrize(
    "endpoint",
    ["http://example.com/x", "ftp://localhost/x", "file:///etc/passwd", "https://", "gopher://x", "Bot"],
)
def test_addresses_that_are_never_called(endpoint: str) -> None:
    assert may_be_called(endpoint)


def test_work_goes_on_in_the_background(parts: System, admin: Principal) -> None:
    bot = python_bot(parts, admin, NOTE % "ran")
    subscribe(parts, "Patient", bot.reference)
    seen = threading.Event()
    parts.repository.listeners.append(lambda _, w: seen.set() if w.stored.type == "Basic" else None)
    parts.start()
    parts.repository.create(patient("p1"))
    assert seen.wait(20)
