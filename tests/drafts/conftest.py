"""A record with one visit, drafts of it, and people who work on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.accounts.roles import Principal
from services.bots.documentation_assistant.handler import handle
from services.runtime.system import System
from tests.bots.documentation.conftest import AS_OF, resources
from tests.console.world import open_system

CASEY = Principal("c1", "user", "Casey Clinician", "clinician")
DANA = Principal("c2", "user", "Dana Doctor", "clinician")
APPROVER = Principal("a1", "user", "Ann Approver", "approver")
READER = Principal("r1", "user", "Rae Reader", "read-only")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[System]:
    for held in open_system(tmp_path / "data", monkeypatch):
        held.repository.write_many(resources())
        yield held


@pytest.fixture
def drafted(world: System) -> Callable[..., str]:
    """The id of a new draft of the visit."""

    def made(who: Principal = CASEY, **more: object) -> str:
        asked = {
            "patientId": "p1", "encounterId": "v1", "documentationType": "progress", "saveDraft": True, "asOf": AS_OF,
            "clinicianInput": {"assessment": "Hyperkalemia.", "plan": "Repeat potassium tomorrow."}, **more,
        }  # fmt: skip
        return str(handle(world.context(who), asked).draft_id)

    return made
