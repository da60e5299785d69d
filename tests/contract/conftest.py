"""One record in each of the ways in which it can be kept: embedded, on a server, and on a server behind a bad network."""

from __future__ import annotations

import contextlib
import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.accounts.policy import ADMINISTRATIVE
from services.fhir.remote.client import FhirClient
from services.fhir.remote.copies import canonical
from services.fhir.remote.lease import is_lease
from services.fhir.remote.repository import RemoteRepository
from services.fhir.remote.signin import SignIn
from services.fhir.sqlite import SQLiteRepository
from tests.contract.backend import Backend, Hasty, started
from tests.contract.faults import Proxy, between

SHARE = 0.25
"""Of the exchanges behind the bad network, how many go wrong."""


@pytest.fixture(scope="session")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    with started(tmp_path_factory.mktemp("backend")) as running:
        yield running


_signed: dict[str, SignIn] = {}


def connected(backend: Backend, port: int | None = None) -> FhirClient:
    """A client that is signed in already: to check a secret takes the server as long as a test."""
    client = FhirClient(backend.url(port), backend.client, backend.secret, backoff=0.005)
    known = _signed.setdefault(backend.secret, client._signin)
    known.headers()
    client._signin._token, client._signin._ends = known._token, known._ends
    client._signin._address = f"{client.base.removesuffix('/fhir/R4')}/oauth2/token"
    return client


@dataclass
class Console:
    """A record on the server, behind a network that the test can disturb."""

    repository: RemoteRepository
    proxy: Proxy

    @property
    def client(self) -> FhirClient:
        return self.repository.client


Consoles = Callable[[str], Console]


@pytest.fixture
def consoles(backend: Backend, tmp_path: Path) -> Iterator[Consoles]:
    """Opens the record in a data folder of that name."""
    with contextlib.ExitStack() as open_ones:

        def opened(name: str) -> Console:
            proxy = open_ones.enter_context(between(backend.port))
            client = connected(backend, proxy.port)
            database = Hasty(tmp_path / name / "record.sqlite")
            open_ones.callback(client.close)
            open_ones.callback(database.close)
            held = RemoteRepository(database, client, ADMINISTRATIVE, tmp_path / name / "outgoing")
            return Console(held, proxy)

        yield opened


@pytest.fixture
def direct(backend: Backend) -> Iterator[FhirClient]:
    """The server, undisturbed."""
    client = connected(backend)
    yield client
    client.close()


@pytest.fixture(params=["embedded", "server", "bad network"])
def record(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SQLiteRepository]:
    """A record with nothing in it; the server's is everybody's, so each test makes its own ids."""
    if request.param == "embedded":
        database = Hasty(tmp_path / "record.sqlite")
        yield SQLiteRepository(database)
        database.close()
        return
    running: Backend = request.getfixturevalue("backend")
    seed = sum(request.node.name.encode())
    share = SHARE if request.param == "bad network" else 0.0
    with between(running.port, seed, share) as proxy:
        port = proxy.port if share else running.port
        client = connected(running, port)
        database = Hasty(tmp_path / "record.sqlite")
        held = RemoteRepository(database, client, ADMINISTRATIVE, tmp_path / "outgoing")
        yield held
        held.recover()
        same_as(running, held)
        database.close()
        client.close()


def same_as(running: Backend, held: RemoteRepository) -> None:
    """The server has what the working copy has, and nothing waits to be settled."""
    direct = connected(running)
    connection = held.database.connection()
    rows = connection.execute("SELECT type, id, version FROM remote_version").fetchall()
    for resource_type, resource_id, version in rows:
        found = direct.read(resource_type, resource_id)
        assert found is not None, f"{resource_type}/{resource_id} is not on the server"
        assert found.version == version
        if is_lease(found.resource):
            continue
        assert canonical(found.resource) == canonical(held.read(resource_type, resource_id).resource)
    for resource_type, resource_id in connection.execute(
        "SELECT type, id FROM resource WHERE body IS NULL"
    ).fetchall():
        assert direct.read(resource_type, resource_id) is None
    assert held.intents.waiting() == 0
    direct.close()


@pytest.fixture
def new_id(request: pytest.FixtureRequest) -> Iterator:
    """Ids that nobody else has, the same in every run of a test."""
    chance = random.Random(request.node.name + str(request.config.rootpath))
    made = uuid.UUID(int=chance.getrandbits(128), version=4)
    count = iter(range(10_000))
    yield lambda: str(uuid.UUID(int=made.int ^ (next(count) + 1) << 48, version=4))
