"""Every example of the API guide, run as a reader would: bash and curl against a server."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette

from services.api.routes import ROUTES
from services.runtime.system import System
from services.settings import Settings

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text("utf-8")
PART = GUIDE.partition("## By example")[2].partition("\n## ")[0]
COMMANDS = "\n".join(re.findall(r"```bash\n(.*?)```", PART, re.DOTALL))
TOLD = re.compile(r"[ \t]+# → (.+)$", re.MULTILINE)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, System]]:
    """An empty record behind a real server."""
    system = System(Settings(data_dir=tmp_path, demo=False, embedding_threads=1))  # pyright: ignore[reportCallIssue]
    app = Starlette(routes=ROUTES)
    app.state.fabric = system
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", system
    finally:
        server.should_exit = True
        thread.join(10)
        system.stop()


def test_the_guides_examples(served: tuple[str, System]) -> None:
    url, system = served
    who, secret = system.accounts.add_client("import-job", "administrator")
    expected = TOLD.findall(COMMANDS)
    assert len(expected) > 12
    # After each command whose answer the guide tells, a line by which the answers are told apart.
    script = TOLD.sub("; echo; echo ==answered==", COMMANDS).replace("http://localhost:8103", url)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        env={**os.environ, "ID": who.id, "SECRET": secret}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answers = done.stdout.split("==answered==")
    for words, answer in zip(expected, answers, strict=False):
        assert _plain(words) in _plain(answer), f"not so: {words}\n{answer[:600]}"
    assert len(answers) == len(expected) + 1


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text)
