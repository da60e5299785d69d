"""The bot as it is called: input, flags, errors, subscriptions, the command and the queue."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from services.fhir.sqlite import SQLiteRepository
from services.runtime.system import System
from tests.bots.billing.builder import DAY, Case

BOT = "/fhir/R4/Bot/093a0c9d-44ea-4672-8208-d1d199962f33/$execute"


@pytest.fixture(scope="module")
def encounter(system: System) -> Iterator[dict[str, Any]]:
    """A visit in the system's record, under ids of its own."""
    case = Case(SQLiteRepository(system.database))
    case.condition("Essential hypertension", "I10", rank=1)
    case.condition("Hypothyroidism", "E03.9", rank=2)
    case.drug("Levothyroxine 75 mcg tablet")
    case.vaccine("Influenza", "140")
    renamed = [_renamed(copy.deepcopy(resource)) for resource in (*case.resources, case.encounter)]
    system.repository.write_many(renamed)
    yield renamed[-1]


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        value = {k: _renamed(v) for k, v in value.items()}
        if "resourceType" in value:
            value["id"] = f"bill-{value['id']}"
        return value
    if isinstance(value, list):
        return [_renamed(v) for v in value]
    if isinstance(value, str) and "/" in value and value.partition("/")[0] in ("Patient", "Encounter", "Condition", "Practitioner", "Organization"):
        kind, _, name = value.partition("/")
        return f"{kind}/bill-{name}"
    return value


@pytest.fixture
def ask(api: TestClient, bearer: Callable[[str], dict[str, str]], encounter: dict[str, Any]) -> Callable[..., Any]:
    def send(role: str = "clinician", resource: dict[str, Any] | None = None, **more: Any) -> Any:
        body = resource or {"patientId": "bill-p1", "encounterId": "bill-e1", **more}
        return api.post(BOT, json=body, headers=bearer(role))

    return send


def test_it_answers_as_the_contract_has_it(ask: Callable[..., Any]):
    answer = ask().json()
    assert answer["success"] is True
    assert [d["code"] for d in answer["icd10Codes"]] == ["I10", "E03.9", "Z23"]
    assert [d["isPrimary"] for d in answer["icd10Codes"]] == [True, False, False]
    assert {"code", "display", "confidence", "rationale", "supportingDiagnoses"} <= set(answer["cptCodes"][0])
    assert [c["code"] for c in answer["cptCodes"]] == ["99214", "90656", "90471"]
    assert answer["codesValidated"] is True
    assert "command" not in answer
    assert "historicalAnalysis" not in answer


@pytest.mark.parametrize(
    ("flag", "field"),
    [("validateCodes", "codesValidated"), ("includeModifiers", "modifiers"), ("checkBundling", "bundlingAlerts"),
     ("checkDocumentation", "documentationGaps"), ("includeHistoricalAnalysis", "historicalAnalysis")],
)  # fmt: skip
def test_each_flag_gives_or_leaves_out_its_field(ask: Callable[..., Any], flag: str, field: str):
    assert field in ask(**{flag: True}).json()
    assert field not in ask(**{flag: False}).json()


def test_min_confidence_leaves_out_what_is_less_sure(ask: Callable[..., Any]):
    answer = ask(minConfidence=0.9).json()
    assert [d["code"] for d in answer["icd10Codes"]] == ["I10"]
    assert answer["icd10Codes"][0]["isPrimary"] is True
    assert all(c["confidence"] >= 0.9 for c in answer["cptCodes"])


@pytest.mark.parametrize(
    ("change", "field"),
    [({"minConfidence": 1.1}, "minConfidence"), ({"minConfidence": -0.1}, "minConfidence"), ({"minConfidence": True}, "minConfidence"),
     ({"minConfidence": "0.5"}, "minConfidence"), ({"generateCommand": "yes"}, "generateCommand"), ({"unheardOf": 1}, "unheardOf"),
     ({"encounterId": "nothing"}, "encounterId"), ({"encounterId": 7}, "encounterId"), ({"encounterId": "a b"}, "encounterId"),
     ({"asOf": "soon"}, "asOf"), ({"asOf": "2026-05-11"}, "encounterId"), ({"patientId": "p2"}, "encounterId")],
)  # fmt: skip
def test_a_wrong_input_names_its_field(ask: Callable[..., Any], change: dict[str, Any], field: str):
    answer = ask(**change)
    body = answer.json()
    assert body["success"] is False
    assert body["errorCode"] == "INVALID_INPUT"
    assert body["details"][0]["field"] == field


def test_an_unknown_patient(ask: Callable[..., Any]):
    assert ask(patientId="nobody").json()["errorCode"] == "PATIENT_NOT_FOUND"


def test_as_of_the_day_it_is_found(ask: Callable[..., Any]):
    assert ask(asOf=DAY).json()["success"] is True


def test_a_reader_may_not_ask(ask: Callable[..., Any]):
    assert ask(role="read-only").status_code == 403


def test_the_command_is_queued_once(ask: Callable[..., Any], system: System):
    first, second = ask(generateCommand=True).json(), ask(generateCommand=True).json()
    command = first["command"]
    assert command["command"] == "SuggestBillingCodes"
    assert {c["system"] for c in command["suggestedCodes"]} == {"CPT", "ICD-10-CM"}
    assert all(e["version"] for e in command["evidence"])
    assert first["commandResult"]["action"] == "queued"
    assert second["commandResult"]["taskId"] == first["commandResult"]["taskId"]
    task = system.repository.read("Task", first["commandResult"]["taskId"]).resource
    assert task["for"]["reference"] == "Patient/bill-p1"


def test_only_codes_at_or_over_the_asked_confidence_are_proposed(ask: Callable[..., Any]):
    command = ask(generateCommand=True, minConfidence=0.9).json()["command"]
    assert [c["code"] for c in command["suggestedCodes"]] == ["I10"]


def test_a_finished_encounter_is_coded_and_proposed(ask: Callable[..., Any], encounter: dict[str, Any]):
    answer = ask(resource=encounter).json()
    assert answer["commandResult"]["action"] == "queued"
    assert "historicalAnalysis" in answer


def test_an_encounter_that_goes_on_is_left_alone(ask: Callable[..., Any], encounter: dict[str, Any]):
    answer = ask(resource={**encounter, "status": "in-progress"}).json()
    assert answer["success"] is True
    assert answer["icd10Codes"] == answer["cptCodes"] == []
    assert "isn't finished" in answer["message"]


def test_another_resource_is_refused(ask: Callable[..., Any]):
    body = ask(resource={"resourceType": "Observation", "id": "o1", "subject": {"reference": "Patient/p1"}}).json()
    assert body["errorCode"] == "INVALID_INPUT"
