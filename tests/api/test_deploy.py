"""What deploy/ says of the console is so: metrics by name, the port, the size of an upload, the settings."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from starlette.testclient import TestClient

from services.runtime.metrics import METRICS, REMOTE_METRICS
from services.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
SERVER = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["server"]


def test_the_dashboard_shows_metrics_that_are_there(api: TestClient) -> None:
    told = set(re.findall(r"^(fabric_\w+) ", api.get("/metrics").text, re.MULTILINE))
    panels = json.loads((DEPLOY / "dashboard.json").read_text("utf-8"))["panels"]
    shown = {name for p in panels for t in p["targets"] for name in re.findall(r"fabric_\w+", t["expr"])}
    assert told == {m.name for m in METRICS}
    assert shown == told | {m.name for m in REMOTE_METRICS}, "nothing is measured that nobody sees"


def test_metrics_and_health_tell_nothing_of_patients(api: TestClient) -> None:
    for path in ("/metrics", "/healthcheck"):
        assert not re.search(r"Lindqvist|Okafor|p1\b|Patient/", api.get(path).text)


def test_the_proxy_and_the_container_reach_the_console() -> None:
    proxy = (DEPLOY / "nginx.conf").read_text("utf-8")
    assert f"proxy_pass http://127.0.0.1:{SERVER['port']};" in proxy
    assert f"client_max_body_size {SERVER['maxUploadSize']}m;" in proxy
    container = (DEPLOY / "Containerfile").read_text("utf-8")
    assert f"EXPOSE {SERVER['port']}\n" in container
    console = (ROOT / "bin" / "console").read_text("utf-8")  # what README starts
    assert all("environment .venv requirements.txt" in text for text in (container, console))
    assert 'CMD [".venv/bin/fabric", "serve"' in container and "exec .venv/bin/fabric serve" in console


def test_settings_named_there_are_settings() -> None:
    known = {f"FABRIC_{name.upper()}" for name in Settings.model_fields}
    for file in ("fabric.service", "Containerfile"):
        named = set(re.findall(r"FABRIC_[A-Z_]+", (DEPLOY / file).read_text("utf-8")))
        assert {"FABRIC_DATA_DIR", "FABRIC_DEMO"} <= named <= known
