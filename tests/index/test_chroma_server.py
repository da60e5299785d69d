"""A Chroma server instead of Chroma within the process: rebuilt and caught up in the same way, and never waited for."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
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
        session = mine._index._client._server
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
