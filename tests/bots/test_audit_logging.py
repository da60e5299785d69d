"""The Audit Logging bot by `$execute`, and the contract's functions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from services.accounts.roles import Principal
from services.audit.events import EVENT_TYPES
from services.audit.verifying import verify
from services.bots.audit_logging.handler import log_ai_audit_event, log_ai_audit_event_batch
from services.errors import InvalidInput
from services.runtime.system import System

URL = "/fhir/R4/Bot/fce84f6d-02b2-42dc-8ae8-5dafdc84b882/$execute"
Bearer = Callable[[str], dict[str, str]]
GOOD = {"eventType": "llm_response", "action": "E", "outcome": "0"}
PROMPT = "Summarise for Åsa Lindqvist, born 3 Feb 1960, phone 555-867-5309."


def ask(api: TestClient, headers: dict[str, str], body: Any) -> Any:
    return api.post(URL, json=body, headers=headers)


def event(system: System, event_id: str) -> dict[str, Any]:
    return system.repository.read("AuditEvent", event_id).resource


def details(resource: dict[str, Any]) -> dict[str, str]:
    return {d["type"]: d["valueString"] for e in resource["entity"] for d in e.get("detail", ())}


@pytest.mark.parametrize("kind", EVENT_TYPES)
def test_every_event_type_of_the_contract(api: TestClient, bearer: Bearer, system: System, kind: str) -> None:
    answer = ask(api, bearer("clinician"), {**GOOD, "eventType": kind, "commandId": "c-1", "tokensUsed": 12})
    assert answer.status_code == 200 and answer.json()["success"] is True
    made = event(system, answer.json()["auditEventId"])
    assert made["subtype"][0]["code"] == kind
    assert details(made) == {"command_id": "c-1", "tokens_used": "12"}


def test_prompts_are_kept_as_hash_and_without_identifiers(
    api: TestClient, bearer: Bearer, system: System
) -> None:
    sent = {
        **GOOD,
        "patientId": "Patient/p1",
        "prompt": PROMPT,
        "response": "Åsa is well.",
        "outcomeDesc": PROMPT,
    }
    answer = ask(api, bearer("clinician"), sent).json()
    made = event(system, answer["auditEventId"])
    kept = details(made)
    assert kept["prompt_sha256"] == hashlib.sha256(PROMPT.encode()).hexdigest()
    assert "Summarise for [PATIENT" in kept["prompt"] and "is well" in kept["response"]
    told = json.dumps(made, ensure_ascii=False)
    assert not any(word in told for word in ("Lindqvist", "Åsa", "867-5309", "1960"))
    assert made["entity"][0]["what"] == {"reference": "Patient/p1"}


@pytest.mark.parametrize("patient_id", [None, "nobody"])
def test_without_a_known_patient_no_text_is_kept(
    api: TestClient, bearer: Bearer, system: System, patient_id: str | None
) -> None:
    answer = ask(api, bearer("clinician"), {**GOOD, "prompt": PROMPT, "patientId": patient_id}).json()
    kept = details(event(system, answer["auditEventId"]))
    assert kept["prompt_characters"] == str(len(PROMPT)) and "prompt" not in kept


def test_nobody_claims_to_be_somebody_else(api: TestClient, bearer: Bearer, system: System) -> None:
    answer = ask(
        api, bearer("clinician"), {**GOOD, "practitionerId": "someone", "requester": "Practitioner/x"}
    ).json()
    agents = event(system, answer["auditEventId"])["agent"]
    caller = system.accounts.check_password("clinician@clinic.test", "correct horse battery")
    assert [(a["who"]["reference"], a["requestor"]) for a in agents] == [
        (caller.reference, True), ("Practitioner/someone", False)]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [("eventType", "made_up"), ("eventType", None), ("action", "X"), ("outcome", "1"), ("outcome", 0), ("confidence", 1.5),
     ("confidence", "high"), ("patientId", "a b"), ("practitionerId", "../x"), ("duration", -1), ("tokensUsed", 1.5), ("prompt", 5)],
)  # fmt: skip
def test_what_is_wrong_is_named(
    api: TestClient, bearer: Bearer, system: System, field: str, value: Any
) -> None:
    before = system.ledger.size()
    answer = ask(api, bearer("clinician"), {**GOOD, field: value})
    assert answer.status_code == 400
    assert answer.json()["errorCode"] == "INVALID_INPUT" and answer.json()["details"][0]["field"] == field
    assert system.ledger.size() == before + 1  # that it was asked


def test_a_batch_is_written_whole_or_not_at_all(api: TestClient, bearer: Bearer, system: System) -> None:
    answer = ask(api, bearer("clinician"), {"events": [GOOD, {**GOOD, "eventType": "error"}]}).json()
    assert [event(system, i)["subtype"][0]["code"] for i in answer["auditEventIds"]] == [
        "llm_response",
        "error",
    ]
    assert answer["auditEventId"] == answer["auditEventIds"][0]
    before = system.ledger.size()
    for wrong in ([GOOD, {**GOOD, "action": "X"}], [], GOOD, [GOOD] * 1001):
        assert ask(api, bearer("clinician"), {"events": wrong}).status_code == 400
    assert system.ledger.size() == before + 4


def test_it_takes_a_role_that_may_write(api: TestClient, bearer: Bearer) -> None:
    assert ask(api, bearer("read-only"), GOOD).status_code == 403
    assert ask(api, {}, GOOD).status_code == 401


def test_the_contracts_functions(system: System) -> None:
    who = Principal("dr", "user", "Dr", "clinician")
    context = system.context(who)
    one = log_ai_audit_event(
        context, "command_blocked", {"outcome": "4", "blockReason": "Åsa Lindqvist", "patientId": "p1"}
    )
    made = event(system, one)
    assert (made["action"], made["outcome"], made["agent"][0]["who"]["reference"]) == (
        "E",
        "4",
        "Practitioner/dr",
    )
    assert "Lindqvist" not in details(made)["block_reason"]
    plain = log_ai_audit_event(system.audit, "approval_timeout", {"practitionerId": "dr"})
    assert event(system, plain)["agent"][0]["who"] == {"reference": "Practitioner/dr"}
    before = system.ledger.size()
    with pytest.raises(InvalidInput):
        log_ai_audit_event_batch(context, [GOOD, {}])
    assert system.ledger.size() == before
    assert len(log_ai_audit_event_batch(context, [GOOD] * 3)) == 3
    assert system.ledger.size() == before + 3


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
                    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from([*GOOD, "events"]), inner)))  # fmt: skip
def test_any_input_is_refused_in_words(system: System, value: Any) -> None:
    with pytest.raises(InvalidInput):
        log_ai_audit_event_batch(
            system.context(Principal("dr", "user", "Dr", "clinician")), [{**GOOD, "eventType": value}]
        )


def test_the_trail_is_whole_after_all_of_it(system: System) -> None:
    assert verify(system.database).finding is None
