"""The two bots by `$execute`: the contract's examples, errors that name the field, and stored embeddings."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from services.runtime.system import System

BASE = "/fhir/R4"
EMBED = "d089f714-f746-4e97-a361-c5c1b376d13b"
SEARCH = "e8d04e1d-7309-463b-ba7b-86dda61e3bbe"
Headers = dict[str, str]
EXAMPLE = {
    "resourceType": "Condition", "id": "condition-123", "subject": {"reference": "Patient/patient-456"},
    "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I10"}], "text": "Essential hypertension"},
}  # fmt: skip


def execute(api: TestClient, headers: Headers, bot: str, value: Any) -> Any:
    return api.post(f"{BASE}/Bot/{bot}/$execute", json=value, headers=headers)


def test_semantic_search_finds_the_diabetes(api: TestClient, admin: Headers) -> None:
    answer = execute(api, admin, SEARCH, {"query": "diabetes", "limit": 5})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["success"], body["queryEmbeddingGenerated"]) == (True, True)
    assert body["searchDurationMs"] >= 0
    assert body["results"][0]["resourceType"] == "Condition"
    assert body["results"][0]["resourceId"] == "c1"
    assert 0 < body["results"][0]["similarity"] <= 1
    assert len(body["results"]) <= 5
    assert all("matchedText" not in r for r in body["results"])


def test_filters_of_the_search_are_kept_to(api: TestClient, admin: Headers) -> None:
    asked = {"query": "diabetes", "patientId": "p1", "resourceTypes": ["Condition"], "includeSnippets": True}
    results = execute(api, admin, SEARCH, asked).json()["results"]
    assert [r["resourceId"] for r in results] == ["c1"]
    assert "diabetes" in results[0]["matchedText"].lower()
    other = execute(api, admin, SEARCH, {**asked, "patientId": "p2"}).json()["results"]
    assert {r["resourceId"] for r in other} <= {"c2"}


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "query"),
        ({"query": ""}, "query"),
        ({"query": "   "}, "query"),
        ({"query": 7}, "query"),
        ({"query": "x" * 5001}, "query"),
        ({"query": "x", "limit": 0}, "limit"),
        ({"query": "x", "limit": 201}, "limit"),
        ({"query": "x", "limit": "many"}, "limit"),
        ({"query": "x", "minSimilarity": 1.5}, "minSimilarity"),
        ({"query": "x", "resourceTypes": ["Nonsense"]}, "resourceTypes"),
        ({"query": "x", "resourceTypes": "Condition"}, "resourceTypes"),
        ({"query": "x", "dateRange": {"start": "soon"}}, "dateRange.start"),
        ({"query": "x", "dateRange": {"start": "2025", "end": "2024"}}, "dateRange"),
        ({"query": "x", "patientId": 7}, "patientId"),
        ([], "object"),
        ("text", "object"),
    ],
)
def test_wrong_input_of_the_search_is_refused_by_field(
    api: TestClient, admin: Headers, sent: Any, field: str
) -> None:
    answer = execute(api, admin, SEARCH, sent)
    assert answer.status_code == 400
    body = answer.json()
    assert (body["success"], body["errorCode"]) == (False, "INVALID_INPUT")
    assert field in body["message"]


@pytest.mark.parametrize("patient_id", ["nobody", "Patient/nobody", "../p1", "p1'--"])
def test_an_unknown_patient_is_said_to_be_unknown(api: TestClient, admin: Headers, patient_id: str) -> None:
    answer = execute(api, admin, SEARCH, {"query": "diabetes", "patientId": patient_id})
    assert (answer.status_code, answer.json()["errorCode"]) == (404, "PATIENT_NOT_FOUND")


def test_the_contracts_example_is_embedded(api: TestClient, admin: Headers) -> None:
    body = execute(api, admin, EMBED, EXAMPLE).json()
    assert {k: body[k] for k in ("success", "resourceType", "resourceId", "embeddingsCreated", "chunksProcessed")} == {
        "success": True, "resourceType": "Condition", "resourceId": "condition-123", "embeddingsCreated": 1, "chunksProcessed": 1,
    }  # fmt: skip
    assert "skipped" not in body
    assert body["stored"] is False


def test_a_stored_embedding_is_read_as_a_binary(api: TestClient, admin: Headers, system: System) -> None:
    body = execute(api, admin, EMBED, {"resourceType": "Condition", "id": "c1"}).json()
    assert (body["success"], body["stored"], body["embeddingsCreated"]) == (True, True, 1)
    reference = body["embeddings"][0]
    stored = api.get(f"{BASE}/{reference}", headers=admin).json()
    assert stored["type"] == "clinical_embedding"
    assert (stored["fhir_resource_type"], stored["fhir_resource_id"], stored["patient_id"]) == (
        "Condition",
        "c1",
        "p1",
    )
    assert "diabetes" in stored["content_text"].lower()
    assert len(stored["embedding"]) == 768
    assert all(isinstance(x, float) for x in stored["embedding"])
    assert abs(sum(x * x for x in stored["embedding"]) - 1) < 1e-3
    assert stored["model_version"] == system.model.version
    assert set(stored) == {"type", "fhir_resource_type", "fhir_resource_id", "patient_id", "content_type", "content_text",
                           "embedding", "model_version", "created_at"}  # fmt: skip
    wrapped = api.get(f"{BASE}/{reference}", headers={**admin, "Accept": "application/fhir+json"}).json()
    assert wrapped["resourceType"] == "Binary"
    assert json.loads(base64.b64decode(wrapped["data"])) == stored


def test_a_type_that_is_not_embedded_is_skipped(api: TestClient, admin: Headers) -> None:
    body = execute(api, admin, EMBED, {"resourceType": "Device", "id": "d"}).json()
    assert (body["success"], body["skipped"], body["embeddingsCreated"]) == (True, True, 0)


@pytest.mark.parametrize(
    "sent",
    [{}, [], "text", None, 7, {"resourceType": 7}, {"resourceType": "Condition", "code": "nonsense"},
     {"resourceType": "Observation", "id": 5}, {"resourceType": "Condition", "id": "x", "subject": "Patient/1", "note": 3}],
)  # fmt: skip
def test_nonsense_is_invalid_input_for_the_embedding(api: TestClient, admin: Headers, sent: Any) -> None:
    answer = execute(api, admin, EMBED, sent)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "INVALID_INPUT")


def test_bots_are_found_by_their_id_in_any_spelling_of_the_address(api: TestClient, admin: Headers) -> None:
    assert api.get(f"{BASE}/Bot/{SEARCH}/$execute?query=diabetes&limit=1", headers=admin).status_code == 200
    assert api.post(f"{BASE}/Bot/{SEARCH}/%24execute", json={"query": "x"}, headers=admin).status_code == 200
    unknown = execute(api, admin, "00000000-0000-0000-0000-000000000000", {})
    assert (unknown.status_code, unknown.json()["issue"][0]["code"]) == (404, "not-found")
    broken = api.post(f"{BASE}/Bot/{SEARCH}/$execute", content=b"{", headers=admin)
    assert (broken.status_code, broken.json()["errorCode"]) == (400, "INVALID_INPUT")


def test_health_and_metrics_tell_the_state_of_the_parts(api: TestClient, system: System) -> None:
    report = api.get("/healthcheck").json()
    assert (report["ok"], report["record"]) == (True, "ready")
    assert report["index"]["chunks"] >= 3
    assert report["embedding"]["model"] == system.model.version
    metrics = dict(
        line.split(" ") for line in api.get("/metrics").text.splitlines() if not line.startswith("#")
    )
    assert metrics["fabric_up"] == "1"
    assert int(metrics["fabric_changes_waiting"]) == report["changesWaiting"]
    assert int(metrics["fabric_index_chunks"]) == report["index"]["chunks"]
