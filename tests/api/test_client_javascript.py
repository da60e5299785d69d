"""Medplum's own client and command line against the started server (tests/api/javascript/README.md)."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.api.conftest import Started
from tests.conftest import PASSWORD

pytestmark = pytest.mark.javascript
FOLDER = Path(__file__).parent / "javascript"


@pytest.mark.parametrize("script", ["core.mjs", "cli.mjs"])
def test_the_clients_round_passes(started: Started, script: str) -> None:
    environment = {
        **os.environ,
        "FABRIC_TEST_URL": started.url,
        "FABRIC_TEST_EMAIL": started.email,
        "FABRIC_TEST_PASSWORD": PASSWORD,
        "FABRIC_TEST_CLIENT_ID": started.client_id,
        "FABRIC_TEST_CLIENT_SECRET": started.client_secret,
    }
    ran = subprocess.run(
        ["node", FOLDER / script], env=environment, text=True, capture_output=True, timeout=240
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.rstrip().endswith("all passed")
