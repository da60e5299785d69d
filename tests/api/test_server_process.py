"""The started server as a user meets it: the contract's three commands, and the command line beside it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT, small_chart

pytestmark = pytest.mark.process
BOT = "e8d04e1d-7309-463b-ba7b-86dda61e3bbe"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fabric(folder: Path, *arguments: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "FABRIC_DATA_DIR": str(folder), "FABRIC_DEMO": "0"}
    return subprocess.run([sys.executable, "-c", "from services.cli import main; main()", *map(str, arguments)],
                          cwd=ROOT, env=environment, input=stdin, text=True, capture_output=True, timeout=120)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server") / "data"


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[str]:
    """The console on a free port; its administrator is not one of the demo accounts."""
    made = fabric(
        folder,
        "user",
        "add",
        "admin@example.com",
        "--role",
        "administrator",
        "--password-stdin",
        stdin="medplum-medplum\n",
    )
    assert made.returncode == 0, made.stderr
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
        cwd=ROOT, env={**os.environ, "FABRIC_DATA_DIR": str(folder), "FABRIC_DEMO": "0", "FABRIC_EMBEDDING_THREADS": "1"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    base = f"http://localhost:{port}"
    try:
        until(lambda: httpx.get(f"{base}/healthcheck", timeout=5).status_code == 200)
        yield base
    finally:
        process.terminate()
        process.wait(30)


def until(good, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            if good():
                return
        except httpx.HTTPError:
            pass
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.2)


def test_the_contracts_three_commands_work_beside_an_import(
    server: str, folder: Path, tmp_path: Path
) -> None:
    def curl(*arguments: str) -> str:
        return subprocess.run(
            ["curl", "-s", *arguments], text=True, capture_output=True, check=True, timeout=60
        ).stdout

    code = json.loads(curl(
        "-X", "POST", f"{server}/auth/login", "-H", "Content-Type: application/json",
        "-d", '{"email":"admin@example.com","password":"medplum-medplum","scope":"openid","codeChallenge":"test","codeChallengeMethod":"plain"}',
    ))["code"]  # fmt: skip
    token = json.loads(curl(
        "-X", "POST", f"{server}/oauth2/token", "-H", "Content-Type: application/x-www-form-urlencoded",
        "-d", f"grant_type=authorization_code&code={code}&code_verifier=test",
    ))["access_token"]  # fmt: skip

    (tmp_path / "chart.json").write_text(json.dumps(small_chart()))
    loaded = fabric(folder, "import", tmp_path / "chart.json")
    assert loaded.returncode == 0, loaded.stderr
    assert "A running console owns the index" in loaded.stdout

    def indexed() -> bool:
        report = httpx.get(f"{server}/healthcheck").json()
        return report["changesWaiting"] == 0 and report["index"]["resources"] >= 3

    until(indexed)
    answer = json.loads(curl(
        "-X", "POST", f"{server}/fhir/R4/Bot/{BOT}/$execute", "-H", f"Authorization: Bearer {token}",
        "-H", "Content-Type: application/json", "-d", '{"query": "diabetes", "limit": 5}',
    ))  # fmt: skip
    assert answer["success"] is True
    assert answer["results"][0]["resourceId"] == "c1"

    headers = {"Authorization": f"Bearer {token}"}
    first = httpx.get(f"{server}/fhir/R4/Patient?_count=1", headers=headers).json()
    following = next(link["url"] for link in first["link"] if link["relation"] == "next")
    assert following.startswith(server)
    assert httpx.get(following, headers=headers).status_code == 200
    nowhere = httpx.get(f"{server}/fhir/R4/a/b/c/d/e", headers=headers)
    assert (nowhere.status_code, nowhere.json()["resourceType"]) == (404, "OperationOutcome")
    doctor = fabric(folder, "doctor")
    assert doctor.returncode == 0, doctor.stdout
    assert "a running console feeds it" in doctor.stdout
    disabled = fabric(folder, "user", "disable", "admin@example.com")
    assert disabled.returncode == 0
    assert httpx.get(f"{server}/fhir/R4/Patient", headers=headers).status_code == 401
