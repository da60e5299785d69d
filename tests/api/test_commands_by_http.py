"""Commands and decisions by HTTP alone: `$execute`, PUT, PATCH and bundles of Tasks, through the same rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

BASE = "/fhir/R4"
PROCESSOR = "87780e52-abc5-4122-8225-07e74aaf18ca"
QUEUE = "3ffa69a6-5bcf-4c3d-b1ea-225add4c0b01"
Headers = dict[str, str]


@pytest.fixture
def clinician(bearer: Callable[[str], Headers]) -> Headers:
    return bearer("clinician")


def command(patient: str, **more: Any) -> dict[str, Any]:
    return {"command": "QueueReferralLetter", "patientId": patient, "confidence": 0.9, "requiresApproval": True, "aiModel": "m",
            "specialty": "Nephrology", "reason": "High potassium", "content": "Dear colleague, please see.", **more}  # fmt: skip


def execute(api: TestClient, who: Headers, bot: str, value: Any) -> Any:
    return api.post(f"{BASE}/Bot/{bot}/$execute", json=value, headers=who)


def queued(api: TestClient, who: Headers, **more: Any) -> dict[str, Any]:
    answer = execute(api, who, PROCESSOR, command("p1", **more))
    assert answer.status_code == 200, answer.text
    return api.get(f"{BASE}/Task/{answer.json()['taskId']}", headers=who).json()


def test_a_command_is_queued_and_decided_by_put(api: TestClient, admin: Headers, clinician: Headers) -> None:
    task = queued(api, clinician)
    address = f"{BASE}/Task/{task['id']}"
    assert execute(api, clinician, QUEUE, task).json()["action"] == "pending"
    refused = api.put(address, json={**task, "status": "completed"}, headers=clinician)
    assert refused.status_code == 403 and refused.json()["resourceType"] == "OperationOutcome"
    stale = api.put(
        address, json={**task, "status": "completed"}, headers={**admin, "If-Match": 'W/"another"'}
    )
    assert stale.status_code == 412
    done = api.put(address, json={**task, "status": "completed"}, headers=admin)
    assert done.status_code == 200 and done.json()["status"] == "completed"
    told = execute(api, clinician, QUEUE, done.json()).json()
    assert told["success"] and told["action"] == "approved"
    written = api.get(f"{BASE}/{told['executedResource']}", headers=clinician).json()
    assert written["resourceType"] == "ServiceRequest" and written["id"] == told["executedResourceId"]
    again = api.put(
        address, json={**done.json(), "status": "rejected", "note": [{"text": "no"}]}, headers=admin
    )
    assert again.status_code == 412


def test_the_queue_bot_takes_a_decision(api: TestClient, admin: Headers, clinician: Headers) -> None:
    task = queued(api, clinician)
    refused = execute(api, clinician, QUEUE, {**task, "status": "completed"})
    assert refused.status_code == 403 and refused.json()["success"] is False
    assert execute(api, admin, QUEUE, {**task, "status": "rejected"}).json()["errorCode"] == "INVALID_INPUT"
    answer = execute(
        api, admin, QUEUE, {**task, "status": "rejected", "note": [{"text": "Not needed."}]}
    ).json()
    assert answer["success"] is True and answer["action"] == "rejected" and "executedResourceId" not in answer
    for odd in ({}, {"resourceType": "Task"}, {"resourceType": "Patient", "id": "p1"}, []):
        assert execute(api, admin, QUEUE, odd).json()["errorCode"] == "INVALID_INPUT"


def test_bundles_and_patches_decide_by_the_same_rules(
    api: TestClient, admin: Headers, clinician: Headers
) -> None:
    first, second = queued(api, clinician), queued(api, clinician, reason="Another")
    entry = {
        "request": {"method": "PUT", "url": f"Task/{first['id']}"},
        "resource": {**first, "status": "completed"},
    }
    for kind in ("batch", "transaction"):
        bundle = {"resourceType": "Bundle", "type": kind, "entry": [entry]}
        answer = api.post(BASE, json=bundle, headers=clinician)
        assert "403" in answer.text or answer.status_code == 403
    answer = api.post(
        BASE, json={"resourceType": "Bundle", "type": "transaction", "entry": [entry]}, headers=admin
    )
    assert answer.status_code == 200
    patch = [{"op": "replace", "path": "/status", "value": "completed"}]
    media = {"Content-Type": "application/json-patch+json"}
    address = f"{BASE}/Task/{second['id']}"
    assert api.patch(address, json=patch, headers={**clinician, **media}).status_code == 403
    assert api.patch(address, json=patch, headers={**admin, **media}).json()["status"] == "completed"
    assert api.delete(address, headers=admin).status_code == 403
    sent = {k: v for k, v in first.items() if k not in ("id", "meta")}
    assert api.post(f"{BASE}/Task", json={**sent, "input": []}, headers=admin).status_code == 400
    assert api.put(f"{BASE}/Task/forged", json={**sent, "id": "forged"}, headers=admin).status_code == 403


def test_a_bad_command_names_its_field_and_a_blocked_one_its_rule(
    api: TestClient, clinician: Headers
) -> None:
    bad = execute(api, clinician, PROCESSOR, command("p1", urgency="soon"))
    assert bad.status_code == 400
    body = bad.json()
    assert body["errorCode"] == "INVALID_INPUT" and body["details"][0]["field"] == "urgency"
    assert execute(api, clinician, PROCESSOR, command("nobody")).json()["errorCode"] == "PATIENT_NOT_FOUND"
    blocked = execute(api, clinician, PROCESSOR, command("p1", content="Start oxycodone 5 mg every 6 hours."))
    assert blocked.status_code == 200
    body = blocked.json()
    assert body["action"] == "blocked" and body["success"] is False and body["errorCode"] == "SAFETY_BLOCKED"
    assert body["rules"][0]["rule"] == "controlled-substance" and body["blockReason"]
