"""A Chroma server instead of Chroma within the process: rebuilt and caught up in the same way, and never waited for."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from benchmarks import synthetic
from services.errors import StoreUnavailable
from services.fhir.database import Database
from services.index import chroma
from services.index.places import Server
from services.index.population import Population
from services.index.store import IndexStore
from services.runtime.moving import copy_index
from tests.index.test_population import COUNT, whole

pytestmark = pytest.mark.process


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


class Chroma:
    """`chroma run` on a folder; can be ended and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        command = [
            Path(sys.executable).with_name("chroma"),
            "run",
            "--path",
            self.folder,
            "--port",
            self.port,
        ]
        self._process = subprocess.Popen(
            [*map(str, command), "--host", "127.0.0.1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                httpx.get(f"{self.url}/api/v2/heartbeat", timeout=1).raise_for_status()
                return
            except httpx.HTTPError:
                time.sleep(0.05)
        raise AssertionError("chroma run did not start")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
            self._process = None


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chroma]:
    made = Chroma(tmp_path_factory.mktemp("chroma-server"))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def store(tmp_path: Path) -> IndexStore:
    made = IndexStore(Database(tmp_path / "record.sqlite"))
    synthetic.fill(made, COUNT, 100)
    return made


def population(store: IndexStore, url: str) -> Population:
    return Population(store, Server(store.installation(), url, "default_tenant", "default_database"))


def test_it_is_built_followed_caught_up_and_told_from_others(
    store: IndexStore, server: Chroma, tmp_path: Path
) -> None:
    mine = population(store, server.url)
    mine.open(synthetic.MODEL)
    assert mine.ready and whole(store, mine)
    other_store = IndexStore(Database(tmp_path / "other.sqlite"))
    synthetic.fill(other_store, 40, 40)
    other = population(other_store, server.url)
    other.open(synthetic.MODEL)
    assert whole(other_store, other) and whole(store, mine)

    synthetic.fill(store, 50, 100, start=COUNT)
    store.apply([], [("Observation", f"o{n}") for n in range(10)], None)
    assert mine.sync() and whole(store, mine)
    mine.close()
    synthetic.fill(store, 30, 100, start=COUNT + 50)
    again = population(store, server.url)
    again.open(synthetic.MODEL)
    assert again.rebuilds == 0 and whole(store, again)

    again.rebuild("to see that the old one goes")
    assert whole(store, again) and whole(other_store, other)
    client = chroma.served(server.url, "default_tenant", "default_database", None)
    assert len(client.list_collections()) == 2
    again.close()
    other.close()


def test_an_index_is_brought_there_whole_and_goes_on_after_a_break(
    store: IndexStore, server: Chroma, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.runtime.moving.BATCH", COUNT // 3)
    store.set_state("model", synthetic.MODEL)
    place = Server(store.installation(), server.url, "default_tenant", "default_database")

    def cut(_what: str, done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_index(store, place, cut)
    first = copy_index(store, place, lambda *_: None)
    assert first.whole and 0 < first.sent < first.here == first.there == COUNT
    index = place.open(int(store.state("population_generation", "0")), synthetic.MODEL)
    taken = index.ids()[:3].tolist()
    index.delete(taken[:1])
    index.add(taken[1:], synthetic.vectors(2, seed=7), [{"patient": "x", "type": "Observation"}] * 2)
    index.add([10**9], synthetic.vectors(1, seed=8), [{"patient": "x", "type": "Observation"}])
    spoiled = copy_index(store, place, lambda *_: None)
    assert (spoiled.whole, spoiled.sent, spoiled.removed) == (True, 3, 1)
    assert spoiled.digest == first.digest
    mine = population(store, server.url)
    mine.open(synthetic.MODEL)
    assert mine.rebuilds == 0 and whole(store, mine)
    mine.close()


def test_a_server_that_never_answers_is_not_waited_for(store: IndexStore, server: Chroma) -> None:
    mine = population(store, server.url)
    mine.open(synthetic.MODEL)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        held: list[socket.socket] = []

        def take() -> None:
            try:
                while True:
                    held.append(silent.accept()[0])
            except OSError:
                return

        threading.Thread(target=take, daemon=True).start()
        session = mine._index._client._server  # pyright: ignore[reportOptionalMemberAccess]
        assert session._session.timeout.read == chroma.SERVED_SECONDS
        session._session.timeout = 0.3
        session._api_url = session._api_url.replace(str(server.port), str(silent.getsockname()[1]))
        _, _, exact = mine.query(synthetic.vectors(1, seed=0)[0], 5)
        assert exact and not mine.ready
        for connection in held:
            connection.close()


def test_while_it_is_away_questions_are_answered_exactly(store: IndexStore, server: Chroma) -> None:
    store.set_state("model", synthetic.MODEL)
    nowhere = population(store, f"http://127.0.0.1:{free_port()}")
    with pytest.raises(StoreUnavailable, match=r"127\.0\.0\.1"):
        nowhere.open(synthetic.MODEL)
    vector = synthetic.vectors(1, seed=0)[0]
    nearest, _, exact = nowhere.query(vector, 5)
    assert exact and not nowhere.ready and store.state("population_generation", "0") == "0"

    mine = population(store, server.url)
    mine.open(synthetic.MODEL)
    generation = store.state("population_generation")
    server.stop()
    found, _, exact = mine.query(vector, 5)
    assert exact and found.tolist() == nearest.tolist() and not mine.ready
    synthetic.fill(store, 20, 100, start=COUNT)
    with pytest.raises(StoreUnavailable):
        mine.recover()
    server.start()
    mine.recover()
    found, _, exact = mine.query(vector, 5)
    assert not exact and found.tolist() == nearest.tolist() and whole(store, mine)
    assert store.state("population_generation") == generation, "caught up with, not made anew"
    mine.close()


def test_tenant_database_and_token_reach_the_server() -> None:
    """As Chroma Cloud wants them. The names in the path are Chroma's (api/v2)."""
    asked: list[tuple[str, str | None]] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers.get("x-chroma-token")))
            told = b'{"name":"clinic","tenant":"ten","id":"0b9ad28d-16a7-46a4-9a25-9c06f3dd6a01"}'
            if self.path.endswith("/auth/identity"):
                told = b'{"user_id":"u","tenant":"ten","databases":["clinic"]}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, format: str, *args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as cloud:
        thread = threading.Thread(target=cloud.serve_forever, args=(0.02,))
        thread.start()
        try:
            chroma.served(f"http://127.0.0.1:{cloud.server_address[1]}", "ten", "clinic", "ck-secret")
        finally:
            cloud.shutdown()
            thread.join()
    assert any("/tenants/ten/databases/clinic" in path for path, _ in asked), asked
    assert {token for _, token in asked} == {"ck-secret"}


RUBBISH = {
    "page": b"<h1>Sign in to the guests' network</h1>",
    "cut": b'{"ids":[["1","2',
    "empty": b"{}",
    "list": b"[]",
    "null": b"null",
    "odd": b'{"ids":[["x"]],"distances":[[null]],"id":3,"name":[],"embeddings":"no","include":[]}',
    "unequal": b'{"ids":[["1","2","3"]],"distances":[[0.5]],"include":["distances"]}',
}


@pytest.mark.parametrize("rubbish", RUBBISH.values(), ids=RUBBISH)
def test_what_is_no_answer_is_not_believed(store: IndexStore, server: Chroma, rubbish: bytes) -> None:
    mine = population(store, server.url)
    mine.open(synthetic.MODEL)

    class Answer(BaseHTTPRequestHandler):
        def do_any(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(rubbish)))
            self.end_headers()
            self.wfile.write(rubbish)

        do_GET = do_POST = do_PUT = do_DELETE = do_any

        def log_message(self, format: str, *args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as odd:
        thread = threading.Thread(target=odd.serve_forever, args=(0.02,))
        thread.start()
        try:
            session = mine._index._client._server  # pyright: ignore[reportOptionalMemberAccess]
            right = session._api_url
            session._api_url = right.replace(str(server.port), str(odd.server_address[1]))
            asked = store.vectors(synthetic.MODEL, 0, 1)[1][0]
            ids, cosines, exact = mine.query(asked, 5)
            assert exact and not mine.ready and len(ids) == len(cosines) == 5
            assert cosines[0] == pytest.approx(1.0, abs=1e-4)
            with pytest.raises(StoreUnavailable, match="Chroma"):
                population(store, f"http://127.0.0.1:{odd.server_address[1]}").open(synthetic.MODEL)
        finally:
            odd.shutdown()
            thread.join()
    mine.recover()
    assert mine.ready and whole(store, mine)
    mine.close()
