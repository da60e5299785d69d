"""By `$execute`: who may, and how refusals are told."""

from __future__ import annotations

from collections.abc import Callable

from starlette.testclient import TestClient

PATH = "/fhir/R4/Bot/b8b85bb2-e447-4556-a314-0da1ba06afe5/$execute"
ASKED = {"patientId": "p1", "encounterId": "none", "documentationType": "progress"}


def test_who_may_only_read_gets_no_note(api: TestClient, bearer: Callable[[str], dict[str, str]]) -> None:
    assert api.post(PATH, json=ASKED, headers=bearer("read-only")).status_code == 403


def test_refusals_name_code_and_field(api: TestClient, bearer: Callable[[str], dict[str, str]]) -> None:
    for asked, code, field in (
        (ASKED, "INVALID_INPUT", "encounterId"),
        ({**ASKED, "documentationType": "poem"}, "INVALID_INPUT", "documentationType"),
        ({**ASKED, "patientId": "nobody"}, "PATIENT_NOT_FOUND", "nobody"),
    ):
        answer = api.post(PATH, json=asked, headers=bearer("clinician"))
        assert 400 <= answer.status_code < 500
        assert code in answer.text and field in answer.text
