"""A system of its own for each test: bots and subscriptions change what follows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.accounts.roles import Principal
from services.fhir.repository import Stored
from services.runtime.bots import create_bot, deploy
from services.runtime.system import System
from services.settings import Settings
from tests.conftest import PASSWORD


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[System]:
    made = System(Settings(data_dir=tmp_path / "data", demo=False, embedding_threads=1))  # pyright: ignore[reportCallIssue]
    yield made
    made.stop()


@pytest.fixture
def admin(parts: System) -> Principal:
    return parts.accounts.add_user("admin@clinic.test", PASSWORD, "administrator", "Ada Admin")


@pytest.fixture
def clinician(parts: System) -> Principal:
    return parts.accounts.add_user("doc@clinic.test", PASSWORD, "clinician", "Dr Doc")


def python_bot(parts: System, admin: Principal, body: str, **more: Any) -> Stored:
    """A deployed bot whose handler has this body."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    bot = create_bot(
        parts, admin, "test bot", filename="bot.py", code="def handler(medplum, event):\n    pass", **more
    )
    return deploy(parts, admin, bot.id, f"def handler(medplum, event):\n{lines}\n", "bot.py")


def subscribe(parts: System, criteria: str, endpoint: str, **more: Any) -> Stored:
    return parts.repository.create(
        {
            "resourceType": "Subscription",
            "status": "active",
            "reason": "test",
            "criteria": criteria,
            "channel": {"type": "rest-hook", "endpoint": endpoint, "payload": "application/fhir+json"},
            **more,
        },
        author="Practitioner/x",
    )


def drain(parts: System, most: int = 200) -> int:
    """Do what is due, here and now; how many entries it was."""
    done = 0
    while done < most and parts.subscriptions.step():
        done += 1
    return done


def drain_retries(parts: System, seconds: float = 30.0) -> None:
    """Also what is due later: the wait is taken out, the order stays."""
    until = time.monotonic() + seconds
    while parts.queue.state()["waiting"] and time.monotonic() < until:
        with parts.database.write() as connection:
            connection.execute("UPDATE work SET due=0")
        drain(parts)


def events(parts: System, code: str = "execute") -> list[dict[str, Any]]:
    """The AuditEvents of executions or transmissions, oldest first."""
    found = parts.repository.search("AuditEvent", [("type", code), ("_count", "200")]).matches
    return [s.resource for s in found]
