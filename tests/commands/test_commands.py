"""Commands: read strictly, judged, and carried out once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.accounts.guarded import GuardedRepository
from services.accounts.policy import Policy, Rule
from services.commands.gate import TaskGate
from services.commands.processor import process
from services.commands.schemas import TYPES, read_command
from services.errors import FabricError, Forbidden, InvalidInput, PatientNotFound
from services.fhir.validation import validate
from tests.commands.world import ALL, CLINICIAN, FLAG, MEDICATION, NOTE, PROBLEM, READER, SUMMARY, World

BASE = {"patientId": "ada", "confidence": 0.9, "requiresApproval": False, "aiModel": "m"}


def refused(value: Any) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        read_command(value)
    fields = [d["field"] for d in caught.value.details]
    assert caught.value.message.startswith(fields[0]) or fields == ["command"]
    return fields


@pytest.mark.parametrize("command", ALL, ids=lambda c: c["command"])
def test_unknown_missing_and_wrong_fields_are_named(command: dict[str, Any]) -> None:
    good = BASE | command
    assert read_command(good).kind == command["command"]
    assert refused(good | {"extra": 1}) == ["extra"]
    for field in ("patientId", "confidence", "requiresApproval", "aiModel"):
        assert refused({k: v for k, v in good.items() if k != field}) == [field]
    assert refused(good | {"confidence": "0.9"}) == ["confidence"]
    assert refused(good | {"confidence": True}) == ["confidence"]
    assert refused(good | {"confidence": 1.01}) == ["confidence"]
    assert refused(good | {"confidence": float("nan")}) == ["confidence"]
    assert refused(good | {"requiresApproval": "no"}) == ["requiresApproval"]
    assert refused(good | {"patientId": "../x"}) == ["patientId"]
    assert refused(good | {"createdAt": "yesterday"}) == ["createdAt"]
    assert refused(good | {"evidence": [{"reference": "Nothing/1"}]}) == ["evidence.0.reference"]
    assert refused(good | {"promptHash": "abc"}) == ["promptHash"]


@pytest.mark.parametrize(
    ("command", "change", "field"),
    [
        (FLAG, {"severity": "urgent"}, "severity"),
        (FLAG, {"interpretation": "  "}, "interpretation"),
        (NOTE, {"noteType": "operative"}, "noteType"),
        (PROBLEM, {"action": "delete"}, "action"),
        (PROBLEM, {"condition": {"code": "E87.5", "system": "urn:local", "display": "x"}}, "condition.system"),
        (PROBLEM, {"condition": {"code": "hyperK", "system": "http://hl7.org/fhir/sid/icd-10-cm", "display": "x"}}, "condition"),
        (PROBLEM, {"condition": {"code": "1234567", "system": "http://snomed.info/sct", "display": "x"}}, "condition"),
        (PROBLEM, {"condition": {"code": "E87.5", "system": "http://hl7.org/fhir/sid/icd-10-cm", "display": "x", "y": 1}}, "condition.y"),
        (PROBLEM, {"clinicalStatus": "gone"}, "clinicalStatus"),
        (MEDICATION, {"action": "order"}, "action"),
        (MEDICATION, {"dose": {"value": -5, "unit": "mg"}}, "dose.value"),
        (MEDICATION, {"medication": {"display": "x", "code": "1"}}, "medication"),
        ({"command": "SuggestBillingCodes", "encounterId": "visit", "suggestedCodes": []}, {}, "suggestedCodes"),
        ({"command": "SuggestBillingCodes", "encounterId": "visit"},
         {"suggestedCodes": [{"code": "12", "system": "CPT", "display": "x", "confidence": 1}]}, "suggestedCodes.0"),
        ({"command": "SuggestBillingCodes", "encounterId": "visit"},
         {"suggestedCodes": [{"code": "I10", "system": "SNOMED", "display": "x", "confidence": 1}]}, "suggestedCodes.0.system"),
    ],
)  # fmt: skip
def test_what_a_type_does_not_take(command: dict[str, Any], change: dict[str, Any], field: str) -> None:
    assert refused(BASE | command | change) == [field]


def test_a_command_of_no_type_is_refused() -> None:
    for value in (None, [], "x", {}, {"command": "DeletePatient"}, {"command": ["FlagAbnormalResult"]}):
        assert refused(value) == ["command"]
    assert len(TYPES) == 7


@given(st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=6),
    st.sampled_from(ALL), st.sampled_from(["command", "patientId", "confidence", "evidence", "interpretation", "condition",
                                           "dose", "suggestedCodes", "content", "medication", "x"]))  # fmt: skip
def test_odd_values_are_refused_or_read(value: Any, command: dict[str, Any], field: str) -> None:
    try:
        read = read_command(BASE | command | {field: value})
    except InvalidInput as error:
        assert error.details
    else:
        assert read_command(read.wire()) == read
        assert read.content_hash() == read_command(read.wire()).content_hash()


def test_the_hash_is_of_the_content() -> None:
    one = read_command(BASE | FLAG | {"commandId": "a"})
    assert one.content_hash() == read_command(BASE | FLAG | {"commandId": "b"}).content_hash()
    assert one.content_hash() != read_command(BASE | FLAG | {"severity": "high"}).content_hash()
    assert (
        one.content_hash()
        != read_command(BASE | FLAG | {"evidence": [{"reference": "Observation/potassium"}]}).content_hash()
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({**FLAG, "observationId": "nowhere"}, "observationId"),
        ({**FLAG, "observationId": "bens"}, "observationId"),
        ({**NOTE, "encounterId": "bens-visit"}, "encounterId"),
        ({**FLAG, "evidence": [{"reference": "Observation/bens"}]}, "evidence.0.reference"),
        ({**FLAG, "evidence": [{"reference": "Patient/ben"}]}, "evidence.0.reference"),
        ({**FLAG, "evidence": [{"reference": "Observation/potassium", "version": "none"}]}, "evidence.0.version"),
        ({**MEDICATION, "action": "stop", "medicationRequestId": "bens-order"}, "medicationRequestId"),
    ],
)  # fmt: skip
def test_references_to_others_resources_are_refused(world: World, change: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        world.send(**change)
    assert caught.value.details[0]["field"] == field
    assert world.events() == ["error"]
    assert not world.written("Flag")


def test_nobody_elses_patients_and_no_readers(world: World) -> None:
    with pytest.raises(PatientNotFound):
        world.send(**FLAG, patientId="nobody")
    with pytest.raises(Forbidden):
        world.send(READER, **FLAG)


EXPECTED = {
    "FlagAbnormalResult": ["Flag"],
    "CreateEncounterNoteDraft": ["DocumentReference"],
    "ProposeProblemListUpdate": ["Condition"],
    "SuggestBillingCodes": ["Claim"],
    "QueueReferralLetter": ["ServiceRequest", "DocumentReference"],
    "SuggestMedicationChange": ["MedicationRequest"],
    "SummarizePatientHistory": ["DocumentReference"],
}


@pytest.mark.parametrize("command", ALL, ids=lambda c: c["command"])
def test_each_type_writes_what_is_expected(world: World, command: dict[str, Any]) -> None:
    task = world.queued(**command, evidence=[{"reference": "Observation/potassium"}], promptHash="a" * 64)
    validate(task.resource)
    done = world.approve(task)
    validate(done.resource)
    kinds = EXPECTED[command["command"]]
    for kind in kinds:
        [made] = world.written(kind)
        validate(made.resource)
        assert f"Patient/{'ada'}" in (made.body or b"").decode()
    [note] = world.record.search("Provenance", [("_count", "10")]).matches
    validate(note.resource)
    text = (note.body or b"").decode()
    assert (
        "model-1" in text and "a" * 64 in text and "Practitioner/app" in text and "Practitioner/clin" in text
    )
    assert f"Observation/potassium/_history/{world.record.read('Observation', 'potassium').version}" in text
    assert f"{task.reference}/_history/{task.version}" in text
    assert "command-processor-bot" in text and world.desk.policy.name in text
    assert world.events() == [
        "command_received",
        "command_queued",
        "approval_requested",
        "approval_granted",
        "command_executed",
    ]


def test_what_each_resource_says(world: World) -> None:
    for command in ALL:
        world.approve(world.queued(**command))
    flag = world.written("Flag")[0].resource
    assert flag["status"] == "active" and flag["code"]["text"] == FLAG["interpretation"]
    assert flag["extension"][0]["valueReference"] == {"reference": "Observation/potassium"}
    notes = {d.resource["type"]["coding"][0]["code"]: d.resource for d in world.written("DocumentReference")}
    assert set(notes) == {"11506-3", "57133-1", "34133-9"}
    assert all(n["docStatus"] == "preliminary" for n in notes.values())
    assert notes["11506-3"]["context"]["encounter"] == [{"reference": "Encounter/visit"}]
    condition = world.written("Condition")[0].resource
    assert condition["clinicalStatus"]["coding"][0]["code"] == "active"
    claim = world.written("Claim")[0].resource
    assert claim["status"] == "draft" and claim["item"][0]["productOrService"]["coding"][0]["code"] == "99214"
    request = world.written("MedicationRequest")[0].resource
    assert (request["intent"], request["status"]) == ("proposal", "draft")
    service = world.written("ServiceRequest")[0].resource
    assert service["supportingInfo"][0]["reference"].startswith("DocumentReference/")


def test_problems_are_resolved_and_changed(world: World) -> None:
    held = {"code": "I10", "system": "http://hl7.org/fhir/sid/icd-10-cm", "display": "Essential hypertension"}
    before = world.record.read("Condition", "htn")
    world.approve(
        world.queued(**{**PROBLEM, "action": "update", "condition": held, "clinicalStatus": "remission"})
    )
    changed = world.record.read("Condition", "htn").resource
    assert changed["clinicalStatus"]["coding"][0]["code"] == "remission" and changed["abatementDateTime"]
    note = world.record.search("Provenance", [("_count", "5")]).matches[0]
    assert f"Condition/htn/_history/{before.version}" in (note.body or b"").decode()
    world.approve(
        world.queued(**{**PROBLEM, "action": "update", "condition": held, "clinicalStatus": "active"})
    )
    assert "abatementDateTime" not in world.record.read("Condition", "htn").resource
    world.approve(world.queued(**{**PROBLEM, "action": "resolve", "condition": held}))
    assert world.record.read("Condition", "htn").resource["clinicalStatus"]["coding"][0]["code"] == "resolved"


def test_two_types_are_written_alone_and_the_others_wait(world: World) -> None:
    for command in ALL:
        answer = world.send(**command)
        alone = command["command"] in ("FlagAbnormalResult", "SummarizePatientHistory")
        assert answer["action"] == ("executed" if alone else "queued"), answer
        assert answer["success"] is True
        again = world.send(**command, requiresApproval=True)
        assert again["action"] != "executed"


def test_a_command_is_carried_out_once(world: World) -> None:
    first = world.send(**FLAG, commandId="one")
    assert world.send(**FLAG, commandId="one") == first
    assert len(world.written("Flag")) == 1
    with pytest.raises(InvalidInput) as caught:
        world.send(**{**FLAG, "interpretation": "Another."}, commandId="one")
    assert caught.value.details[0]["field"] == "commandId"
    waiting = world.send(**NOTE, commandId="two")
    with pytest.raises(InvalidInput):
        world.send(**{**NOTE, "content": "Another."}, commandId="two")
    assert world.send(**NOTE, commandId="two") == waiting
    world.approve(world.task(waiting["taskId"]))
    assert world.send(**NOTE, commandId="two")["action"] == "executed"
    assert len(world.written("DocumentReference")) == 1
    blocked = world.send(**SUMMARY, confidence=0.4, commandId="three")
    assert world.send(**SUMMARY, confidence=0.4, commandId="three") == blocked
    assert len(world.events("command_blocked")) == 1


def test_nothing_is_half_written(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise FabricError("no room")

    monkeypatch.setattr(type(world.desk.journal), "add", broken)
    with pytest.raises(FabricError):
        world.send(**FLAG)
    assert not world.written("Flag") and not world.events()


def test_what_a_member_may_not_write_is_not_written(world: World) -> None:
    bounded = bounded_view(world, "Patient", "Observation")
    with pytest.raises(Forbidden):
        process(world.desk, BASE | FLAG, CLINICIAN, bounded)
    assert not world.written("Flag") and not world.events("command_executed")


def test_what_the_sender_may_not_see_counts_and_is_not_told(world: World) -> None:
    bounded = bounded_view(world, "Patient", "Observation", "MedicationRequest")
    drug = {**MEDICATION, "medication": {"display": "Amoxicillin 500 mg oral capsule"}, "dose": None}
    drug.pop("dose")
    answer = process(world.desk, BASE | drug, CLINICIAN, bounded)
    assert answer["action"] == "blocked" and [r["rule"] for r in answer["rules"]] == ["known-allergy"]
    assert "enicillin" not in str(answer)
    assert "Penicillin" in world.send(**drug)["blockReason"]


def bounded_view(world: World, *types: str) -> GuardedRepository:
    return GuardedRepository(
        world.record, CLINICIAN, Policy(tuple(Rule(t) for t in types)), TaskGate(world.desk)
    )
