"""CDS Hooks by HTTP: discovery, cards of a patient and of orders, feedback, and what is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from starlette.testclient import TestClient

from services.runtime.system import System

Headers = dict[str, str]


@pytest.fixture(scope="module")
def someone(system: System) -> str:
    """A patient on warfarin who is allergic to penicillin, with a critical potassium."""
    today = dt.datetime.now(dt.UTC).date().isoformat()
    who = {"reference": "Patient/hooked"}
    system.repository.write_many([
        {"resourceType": "Patient", "id": "hooked", "gender": "female", "birthDate": "1950-05-05"},
        {"resourceType": "MedicationRequest", "id": "hooked-w", "status": "active", "intent": "order", "subject": who,
         "authoredOn": "2026-01-01", "medicationCodeableConcept": {"text": "Warfarin 5 mg tablet"}},
        {"resourceType": "AllergyIntolerance", "id": "hooked-a", "patient": who, "code": {"text": "Penicillin"}},
        {"resourceType": "Observation", "id": "hooked-k", "status": "final", "subject": who, "effectiveDateTime": today,
         "code": {"text": "Potassium", "coding": [{"system": "http://loinc.org", "code": "2823-3"}]},
         "valueQuantity": {"value": 6.9, "unit": "mmol/L", "code": "mmol/L"}},
    ])  # fmt: skip
    return "hooked"


def draft(name: str, identity: str = "d1") -> dict[str, Any]:
    return {"resource": {"resourceType": "MedicationRequest", "id": identity, "status": "draft", "intent": "order",
                         "subject": {"reference": "Patient/hooked"}, "medicationCodeableConcept": {"text": name}}}  # fmt: skip


def call(api: TestClient, who: Headers, service: str, hook: str, **context: Any) -> Any:
    sent = {
        "hook": hook,
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {"userId": "Practitioner/x", **context},
    }
    return api.post(f"/cds-services/{service}", json=sent, headers=who)


def test_discovery_needs_no_token(api: TestClient) -> None:
    services = api.get("/cds-services").json()["services"]
    assert {s["hook"] for s in services} == {"patient-view", "order-select", "order-sign"}
    assert all(s["id"] and s["description"] and s["prefetch"] for s in services)


def test_cards_of_a_patient(api: TestClient, admin: Headers, someone: str) -> None:
    cards = call(api, admin, "fabric-patient-view", "patient-view", patientId=someone).json()["cards"]
    assert cards[0]["indicator"] == "critical" and "potassium" in cards[0]["summary"]
    for card in cards:
        assert len(card["summary"]) < 140 and card["source"]["label"] and card["uuid"] and card["detail"]
        assert card["indicator"] in ("info", "warning", "critical")
    assert "preventive services are due" in cards[-1]["summary"]


def test_orders_are_checked_before_they_are_signed(api: TestClient, admin: Headers, someone: str) -> None:
    orders = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [draft("Amoxicillin 500 mg capsule"), draft("Bactrim DS tablet", "d2")],
    }
    cards = call(api, admin, "fabric-order-sign", "order-sign", patientId=someone, draftOrders=orders).json()[
        "cards"
    ]
    told = " ".join(c["summary"] for c in cards)
    assert "penicillin" in told.lower() and "warfarin" in told.lower()
    actions = [a for c in cards for s in c["suggestions"] for a in s["actions"]]
    assert {a["resourceId"][0] for a in actions} == {"MedicationRequest/d1", "MedicationRequest/d2"}
    chosen = call(api, admin, "fabric-order-select", "order-select", patientId=someone, draftOrders=orders,
                  selections=["MedicationRequest/d1"]).json()["cards"]  # fmt: skip
    assert {a["resourceId"][0] for c in chosen for s in c["suggestions"] for a in s["actions"]} == {
        "MedicationRequest/d1"
    }
    fine = {"resourceType": "Bundle", "entry": [draft("Loratadine 10 mg tablet")]}
    assert call(
        api, admin, "fabric-order-sign", "order-sign", patientId=someone, draftOrders=fine
    ).json() == {"cards": []}


def test_feedback_is_counted_by_rule(api: TestClient, admin: Headers, someone: str, system: System) -> None:
    [card, *_] = call(api, admin, "fabric-patient-view", "patient-view", patientId=someone).json()["cards"]
    before = system.findings.overrides().get("critical-result", (0, 0))
    said = {
        "feedback": [
            {"card": card["uuid"], "outcome": "overridden", "overrideReason": {"reason": {"code": "known"}}}
        ]
    }
    for _ in range(2):  # the second time it is known already
        assert (
            api.post("/cds-services/fabric-patient-view/feedback", json=said, headers=admin).status_code
            == 200
        )
    assert system.findings.overrides()["critical-result"] == (before[0] + 1, before[1] + 1)


def test_what_makes_no_sense_is_refused(api: TestClient, admin: Headers, someone: str) -> None:
    assert call(api, {}, "fabric-patient-view", "patient-view", patientId=someone).status_code == 401
    assert call(api, admin, "nothing", "patient-view", patientId=someone).status_code == 404
    assert call(api, admin, "fabric-patient-view", "order-sign", patientId=someone).status_code == 400
    assert call(api, admin, "fabric-patient-view", "patient-view").status_code == 400
    assert call(api, admin, "fabric-patient-view", "patient-view", patientId="nobody").status_code == 412
    assert call(api, admin, "fabric-order-sign", "order-sign", patientId=someone).status_code == 400
    odd = {
        "resourceType": "Bundle",
        "entry": [
            None,
            {"resource": 5},
            draft("x"),
            {"resource": {"resourceType": "MedicationRequest", "medicationCodeableConcept": 7}},
        ],
    }
    assert (
        call(api, admin, "fabric-order-sign", "order-sign", patientId=someone, draftOrders=odd).status_code
        == 200
    )
    assert (
        api.post(
            "/cds-services/fabric-patient-view/feedback", json={"feedback": [{"card": 5}]}, headers=admin
        ).status_code
        == 400
    )
