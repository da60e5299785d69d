"""What the tests share: a deterministic hypothesis profile, a record in a temporary folder, and one small
system with accounts of every role that the API's tests talk to."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from services.accounts.roles import ROLES
from services.fhir.database import Database
from services.fhir.sqlite import SQLiteRepository
from services.runtime.system import System
from services.settings import Settings

hypothesis.settings.register_profile(
    "steady", derandomize=True, deadline=None, max_examples=60, database=None, print_blob=False
)
hypothesis.settings.load_profile("steady")

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "correct horse battery"
JOURNEYS = "tests/journeys/"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The journeys go first, since on several workers they take longest."""
    items.sort(key=lambda item: not item.nodeid.startswith(JOURNEYS))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file stays on one worker; the journeys, which share one console, all stay on one."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return JOURNEYS if nodeid.startswith(JOURNEYS) else nodeid.partition("::")[0]

    return ByFile(config, log)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    held = Database(tmp_path / "record.sqlite")
    yield held
    held.close()


@pytest.fixture
def repository(database: Database) -> SQLiteRepository:
    return SQLiteRepository(database)


def patient(resource_id: str, **more: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": resource_id, **more}


def observation(resource_id: str, patient_id: str = "p1", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": resource_id,
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "4548-4", "display": "HbA1c"}]},
        "subject": {"reference": f"Patient/{patient_id}"},
        **more,
    }


def condition(resource_id: str, patient_id: str, text: str, code: str) -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "id": resource_id,
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code}], "text": text},
        "subject": {"reference": f"Patient/{patient_id}"},
        "onsetDateTime": "2021-04-02",
    }


def small_chart() -> list[dict[str, Any]]:
    """Two patients, of whom one has diabetes: few enough to be embedded in a moment."""
    return [
        patient(
            "p1", name=[{"family": "Lindqvist", "given": ["Åsa"]}], birthDate="1960-02-03", gender="female"
        ),
        patient("p2", name=[{"family": "Okafor", "given": ["Chidi"]}], birthDate="1975-09-30", gender="male"),
        condition("c1", "p1", "Type 2 diabetes mellitus", "E11.9"),
        condition("c2", "p2", "Fracture of the left wrist", "S62.102A"),
        observation(
            "o1",
            effectiveDateTime="2024-03-05T08:30:00Z",
            valueQuantity={"value": 8.2, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"},
        ),
    ]


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system with the small chart embedded and one account of each role; no background work."""
    config = Settings(data_dir=tmp_path_factory.mktemp("system"), demo=False, embedding_threads=1)  # pyright: ignore[reportCallIssue]
    parts = System(config)
    parts.repository.write_many(small_chart())
    for role in ROLES:
        parts.accounts.add_user(f"{role}@clinic.test", PASSWORD, role, role.title())
    while parts.pipeline.step() is not None:
        pass
    yield parts
    parts.stop()


@pytest.fixture(scope="session")
def api(system: System) -> Iterator[TestClient]:
    """The API over that system, by HTTP."""
    from services.api.routes import ROUTES

    app = Starlette(routes=ROUTES)
    app.state.fabric = system
    with TestClient(app, base_url="http://localhost:8103", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def bearer(system: System) -> Callable[[str], dict[str, str]]:
    """The headers of someone with this role."""
    tokens = {
        role: system.accounts.access_token(system.accounts.check_password(f"{role}@clinic.test", PASSWORD))
        for role in ROLES
    }
    return lambda role: {"Authorization": f"Bearer {tokens[role]}"}


@pytest.fixture(scope="session")
def admin(bearer: Callable[[str], dict[str, str]]) -> dict[str, str]:
    return bearer("administrator")


@pytest.fixture
def fabric(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the command on a data folder of the test's own; `env` changes settings, `stdin` is what is typed."""

    def run(*arguments: object, stdin: str = "", env: dict[str, str] | None = None):
        settings = {
            "FABRIC_DATA_DIR": str(tmp_path / "data"),
            "FABRIC_DEMO": "0",
            "FABRIC_EMBEDDING_THREADS": "1",
        }
        return subprocess.run(
            [sys.executable, "-c", "from services.cli import main; main()", *map(str, arguments)],
            cwd=ROOT, env={**os.environ, **settings, **(env or {})}, input=stdin, text=True, capture_output=True,
            timeout=120,
        )  # fmt: skip

    return run
