"""A small record, really indexed, and a way to open a page as somebody."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from pages import _guard
from services.accounts.roles import ROLES
from services.runtime.system import System
from tests.console.world import open_system, put

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery"
NOTE = (
    "SUBJECTIVE:\nFeels well. Denies chest pain and palpitations.\n\n"
    "ASSESSMENT AND PLAN:\n1. Left knee osteoarthritis: physiotherapy.\n2. Continue warfarin 5 mg in the evening.\n"
)
OPEN = Callable[..., AppTest]


def _of(patient: str, kind: str, resource_id: str, **more: object) -> dict:
    return {"resourceType": kind, "id": resource_id, "subject": {"reference": f"Patient/{patient}"}, **more}


RECORD: list[dict] = [
    {"resourceType": "Patient", "id": "marsh", "name": [{"family": "Marsh", "given": ["Eleanor"]}],
     "gender": "female", "birthDate": "1952-04-26", "identifier": [{"value": "5002615"}]},
    {"resourceType": "Patient", "id": "okonkwo", "name": [{"family": "Okonkwo", "given": ["Samuel"]}],
     "gender": "male", "birthDate": "1960-05-26", "identifier": [{"value": "4245064"}]},
    {"resourceType": "Patient", "id": "brandt", "name": [{"family": "Brandt", "given": ["<b>Walter</b>"]}],
     "birthDate": "1938-11-10", "deceasedDateTime": "2026-03-27"},
    {"resourceType": "AllergyIntolerance", "id": "codeine", "patient": {"reference": "Patient/marsh"},
     "code": {"text": "Codeine"}, "reaction": [{"manifestation": [{"text": "Vomiting"}]}]},
    _of("okonkwo", "Observation", "potassium", status="final", effectiveDateTime="2026-11-21T15:30:00Z",
        code={"text": "Potassium", "coding": [{"system": "http://loinc.org", "code": "2823-3"}]},
        category=[{"coding": [{"code": "laboratory"}], "text": "Laboratory"}],
        valueQuantity={"value": 6.7, "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"},
        interpretation=[{"coding": [{"code": "HH"}]}],
        referenceRange=[{"low": {"value": 3.5, "unit": "mmol/L"}, "high": {"value": 5.1, "unit": "mmol/L"}}]),
    _of("marsh", "Condition", "af", code={"text": "Permanent atrial fibrillation"}, onsetDateTime="2020-11-13",
        clinicalStatus={"coding": [{"code": "active"}]}),
    _of("marsh", "DocumentReference", "note", status="current", type={"text": "Progress note"},
        date="2026-07-05T17:40:00Z",
        content=[{"attachment": {"contentType": "text/plain", "data": base64.b64encode(NOTE.encode()).decode()}}]),
]  # fmt: skip


@pytest.fixture(scope="package", autouse=True)
def one_scan() -> Iterator[None]:
    """AppTest looks through every installed distribution for components on each run; they don't change meanwhile, and a
    server does it once."""
    with pytest.MonkeyPatch.context() as patch:
        found = manifest_scanner.scan_component_manifests()
        patch.setattr(manifest_scanner, "scan_component_manifests", lambda *_: found)
        yield


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with pytest.MonkeyPatch.context() as patch:
        for held in open_system(tmp_path_factory.mktemp("pages"), patch):
            put(held, *RECORD, index=True)
            for role in ROLES:
                held.accounts.add_user(f"{role}@example.com", PASSWORD, role, f"The {role}")
            yield held


@pytest.fixture
def session(world: System) -> Callable[[str], str]:
    """The token of a new session of an account with this role."""

    def opened(role: str) -> str:
        return world.accounts.open_session(
            world.accounts.check_password(f"{role}@example.com", PASSWORD), 600
        )

    return opened


@pytest.fixture
def open_page(session: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> OPEN:
    """open_page("search", q="…", role="clinician") → the page as AppTest sees it. role="" for nobody, page="" for "/"."""

    def opened(page: str, role: str = "clinician", **params: str | list[str]) -> AppTest:
        held = session(role) if role else None
        monkeypatch.setattr(_guard, "token", lambda: held)
        test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
        if page in ("", "home"):  # what "/" shows
            test.query_params.update(params)
            return test.run()
        test.run()
        test.query_params.update(params)
        test.switch_page(f"pages/{page}.py").run()
        return test

    return opened


def said(test: AppTest) -> str:
    """Every word on the page that is not a widget's."""
    assert not test.exception, test.exception
    parts = [e.value for kind in ("title", "header", "markdown", "caption", "info", "warning", "error", "success")
             for e in test.get(kind)]  # fmt: skip
    parts += [e.proto.body for e in test.get("html") if not e.proto.body.startswith("<style>")]
    words = "\n".join(str(p) for p in parts)
    assert _guard.FAILED not in words
    return words
