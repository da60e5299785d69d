"""The servers that are compared: the console with the demo cohort and one patient of many resources, and a page with a
button and nothing else."""

from __future__ import annotations

import contextlib
import copy
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from services.demo import generate
from services.runtime.system import System
from services.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
BARE = """import streamlit as st
st.title("Bare")
st.session_state.setdefault("n", 0)
if st.button("Count"):
    st.session_state.n += 1
st.html(f'<div class="count">{st.session_state.n}</div>')
"""


def long_record(resources: int) -> tuple[str, list[dict[str, Any]]]:
    """A generated patient's id, and their record with its results and vital signs repeated at earlier dates until it
    has that many resources."""
    record = next(iter(generate(1, seed=2_000)))
    patient = next(r["id"] for r in record if r["resourceType"] == "Patient")
    repeated = [r for r in record if r["resourceType"] == "Observation" and "effectiveDateTime" in r]
    lap = 0
    while len(record) < resources:
        lap += 1
        for each in repeated[: resources - len(record)]:
            other = copy.deepcopy(each)
            other["id"] = f"{each['id'][:50]}-{lap}"
            other["effectiveDateTime"] = f"{2020 - lap}{each['effectiveDateTime'][4:].replace('-02-29', '-02-28')}"
            record.append(other)
    return patient, record


@contextlib.contextmanager
def served(script: Path, environment: dict[str, str], ready: str, folder: Path = ROOT) -> Iterator[str]:
    """A started server's address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    options = ["--server.port", str(port), "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), *options],
        cwd=folder, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(f"{url}{ready}", process)
        yield url
    finally:
        process.terminate()
        process.wait(20)


@contextlib.contextmanager
def bare(folder: Path) -> Iterator[str]:
    script = folder / "bare.py"
    script.write_text(BARE, "utf-8")
    with served(script, {}, "/_stcore/health", folder) as url:  # with Streamlit's own settings
        yield url


@contextlib.contextmanager
def console(folder: Path, resources: int) -> Iterator[tuple[str, str]]:
    """The console's address and the long record's patient; everything is embedded and analysed."""
    patient, record = long_record(resources)
    if not folder.exists():
        system = System(Settings(data_dir=folder, demo=True))  # pyright: ignore[reportCallIssue]
        system.seed_demo()
        system.repository.write_many(record)
        system.stop()
    with served(ROOT / "app.py", {"FABRIC_DATA_DIR": str(folder), "FABRIC_DEMO": "1"}, "/healthcheck") as url:
        limit = time.monotonic() + 900
        while _health(url)["changesWaiting"]:
            if time.monotonic() > limit:
                raise TimeoutError("The record was not embedded within 15 minutes.")
            time.sleep(1)
        yield url, patient


def _health(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{url}/healthcheck", timeout=20) as answer:
        return json.load(answer)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < limit:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(address, timeout=5).close()
            return
        time.sleep(0.2)
    raise RuntimeError(f"No server at {address}.")
