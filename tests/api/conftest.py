"""A server on a free port of loopback for the clients that people use, and the checks that need Node's packages."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import uvicorn
from starlette.applications import Starlette

from services.runtime.system import System
from services.settings import Settings
from tests.conftest import PASSWORD, small_chart

MODULES = "FABRIC_TEST_NODE_MODULES"


@dataclass(frozen=True)
class Started:
    """`url` without a slash at its end; an administrator by e-mail and PASSWORD, and one by client credentials."""

    url: str
    email: str
    client_id: str
    client_secret: str
    system: System


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    from services.api.routes import ROUTES

    config = Settings(data_dir=tmp_path_factory.mktemp("started"), demo=False, embedding_threads=1)  # pyright: ignore[reportCallIssue]
    system = System(config)
    system.repository.write_many(small_chart())
    email = "admin@clinic.test"
    system.accounts.add_user(email, PASSWORD, "administrator", "Ada Admin")
    client, secret = system.accounts.add_client("checks", "administrator")
    assert system.owner.acquire()  # whose process works off what is queued
    system.subscriptions.start()
    app = Starlette(routes=ROUTES)
    app.state.fabric = system
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = _Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        assert server.up.wait(30)
        port = listening.getsockname()[1]
        yield Started(f"http://127.0.0.1:{port}", email, client.id, secret, system)
        server.should_exit = True
        thread.join(30)
    system.stop()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", f"javascript: needs Node and the folder of packages that {MODULES} names; left out without"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get(MODULES):
        return
    left_out = [item for item in items if item.get_closest_marker("javascript")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
