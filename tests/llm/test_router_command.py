"""`fabric router` as it is started."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.conftest import ROOT

Fabric = Callable[..., CompletedProcess[str]]


def failed(done: CompletedProcess[str]) -> str:
    assert done.returncode == 1, (done.stdout, done.stderr)
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr


@pytest.mark.process
def test_it_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    import httpx

    command = [sys.executable, "-c", "from services.cli import main; main()", "router", "--port", "0"]
    environment = {**os.environ, "FABRIC_DATA_DIR": str(tmp_path / "data")}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            said = process.stderr.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+", said)
            assert address, said
            assert httpx.get(f"{address.group()}/health", trust_env=False).json() == {"status": "ok"}
            assert not (tmp_path / "data").exists(), "the router keeps nothing"
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.stderr.read() == ""


def test_a_mistake_in_the_file_is_one_line(fabric: Fabric, tmp_path: Path) -> None:
    path = tmp_path / "llm.toml"
    path.write_text("[upstreams.ward]\nmodel = 'm'\n")
    assert "upstreams.ward.url: Field required" in failed(fabric("router", "--config", path))


def test_the_default_key_is_not_for_other_machines(fabric: Fabric) -> None:
    assert "FABRIC_LLM_API_KEY" in failed(fabric("router", "--host", "0.0.0.0", "--allow-remote"))
    assert "--allow-remote" in failed(fabric("router", "--host", "0.0.0.0"))
