"""A FHIR server for tests: the API on a record of its own, in a process of its own, for a client that may do all things.

It is a plain server: nothing stands before its Tasks and notes, as nothing does on other people's servers.
"""

from __future__ import annotations

import contextlib
import json
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.fhir.database import Database

ROOT = Path(__file__).resolve().parents[2]


class Hasty(Database):
    """Does not wait for the disk, which no test takes away."""

    def write(
        self, *, waits: bool = True, beside: bool = False
    ) -> contextlib.AbstractContextManager[sqlite3.Connection]:
        return super().write(waits=False, beside=beside)


@dataclass(frozen=True)
class Backend:
    host: str
    port: int
    client: str
    secret: str

    def url(self, port: int | None = None) -> str:
        return f"http://{self.host}:{port or self.port}/fhir/R4"


@contextlib.contextmanager
def started(folder: Path) -> Iterator[Backend]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.contract.backend", str(folder)],
        cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, "the server did not start"
        yield Backend(**json.loads(line))
    finally:
        process.terminate()
        process.communicate()


def main() -> None:
    import uvicorn
    from starlette.applications import Starlette

    from services.accounts.roles import Principal
    from services.api.routes import ROUTES
    from services.fhir.repository import Repository
    from services.runtime import system as runtime
    from services.settings import Settings

    class Plain(runtime.System):
        def repository_for(self, principal: Principal) -> Repository:
            return self.repository

    runtime.Database = Hasty
    system = Plain(Settings(data_dir=Path(sys.argv[1]), demo=False))  # pyright: ignore[reportCallIssue]
    who, secret = system.accounts.add_client("console", "administrator")
    listening = socket.create_server(("127.0.0.1", 0))
    app = Starlette(routes=ROUTES)
    app.state.fabric = system
    told = {"host": "127.0.0.1", "port": listening.getsockname()[1], "client": who.id, "secret": secret}
    print(json.dumps(told), flush=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False))
    server.run(sockets=[listening])


if __name__ == "__main__":
    main()
