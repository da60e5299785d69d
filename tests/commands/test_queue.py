"""The queue: who may decide, on exactly what, and what becomes of it."""

from __future__ import annotations

import datetime as dt

import orjson
import pytest

from services.accounts.roles import Principal
from services.commands.approvals import expire
from services.commands.claiming import claim, renew, send
from services.commands.tasks import REJECTIONS, input_of, output_of
from services.errors import (
    Forbidden,
    InvalidInput,
    NotFound,
    PatientNotFound,
    PreconditionFailed,
    SafetyBlocked,
)
from services.fhir.repository import Stored
from services.fhir.validation import validate
from tests.commands.world import (
    ADMIN,
    APPROVER,
    CLINICIAN,
    FLAG,
    MEDICATION,
    NOTE,
    PROBLEM,
    READER,
    SECOND,
    World,
    order,
)

MACHINE = Principal("sweeper", "machine", "Approval queue", "administrator")


def test_the_task_is_the_contracts(world: World) -> None:
    task = world.queued(**NOTE, commandId="n-1")
    resource = task.resource
    validate(resource)
    assert (resource["status"], resource["intent"]) == ("requested", "order")
    assert resource["code"]["coding"] == [
        {"system": "http://medplum.com/ai-command", "code": NOTE["command"]}
    ]
    assert resource["for"] == {"reference": "Patient/ada"}
    assert resource["requester"]["reference"] == CLINICIAN.reference
    first = resource["input"][0]
    assert first["type"] == {"text": "command"}
    assert orjson.loads(first["valueString"])["content"] == NOTE["content"]
    end = dt.datetime.fromisoformat(resource["restriction"]["period"]["end"])
    assert end == world.clock.now + dt.timedelta(hours=72)


@pytest.mark.parametrize(
    "who", [CLINICIAN, READER, Principal("b", "bot", "A bot", "approver")], ids=lambda w: w.role + w.kind
)
def test_only_approvers_decide(world: World, who: Principal) -> None:
    task = world.queued(**NOTE)
    for act in (world.approve, world.reject):
        with pytest.raises(Forbidden):
            act(task, who)
    assert world.task(task.id).version == task.version and not world.written("DocumentReference")


def test_a_decision_is_made_once(world: World) -> None:
    task = world.queued(**NOTE)
    done = world.approve(task)
    assert (
        done.resource["status"] == "completed" and done.resource["owner"]["reference"] == APPROVER.reference
    )
    for again in (task, done):
        for act in (world.approve, world.reject):
            with pytest.raises(PreconditionFailed):
                act(again, SECOND)
    assert len(world.written("DocumentReference")) == 1


def test_a_rejection_says_why_and_writes_nothing(world: World) -> None:
    task = world.queued(**NOTE)
    with pytest.raises(InvalidInput):
        world.reject(task, code="")
    with pytest.raises(InvalidInput):
        world.reject(task, code="made-up")
    done = world.reject(task, code="not-supported", reason="The visit was a telephone call.").resource
    assert done["status"] == "rejected" and done["note"][0]["text"] == "The visit was a telephone call."
    assert done["statusReason"]["text"] == REJECTIONS["not-supported"]
    validate(done)
    assert not world.written("DocumentReference")
    assert world.events("approval_denied") and not world.events("command_executed")
    [note] = world.record.search("Provenance", [("_count", "5")]).matches
    assert note.resource["target"][0]["reference"].startswith(f"Task/{task.id}/_history/")


def test_what_expired_is_closed_and_not_decided_on(world: World) -> None:
    task, other = world.queued(**NOTE), world.queued(**{**NOTE, "content": "Another note."})
    world.approve(other)
    world.clock.move(hours=72, seconds=-1)
    assert expire(world.desk, MACHINE) == 0
    world.clock.move(seconds=1)
    with pytest.raises(PreconditionFailed, match="expired"):
        world.approve(task)
    assert expire(world.desk, MACHINE) == 1 and expire(world.desk, MACHINE) == 0
    closed = world.task(task.id).resource
    assert closed["status"] == "failed"
    validate(closed)
    assert world.events("approval_timeout") == ["approval_timeout"]
    with pytest.raises(PreconditionFailed):
        world.approve(world.task(task.id))
    assert len(world.written("DocumentReference")) == 1


def test_a_changed_chart_has_to_be_looked_at_again(world: World) -> None:
    task = world.queued(**{**FLAG, "requiresApproval": True})
    potassium = world.record.read("Observation", "potassium").resource
    world.put(
        {**potassium, "status": "corrected", "valueQuantity": {**potassium["valueQuantity"], "value": 4.4}}
    )
    with pytest.raises(PreconditionFailed) as caught:
        world.approve(task)
    assert caught.value.details == {"changed": ["Observation/potassium"]}
    fresh = renew(world.desk, task.id, APPROVER, world.view(APPROVER))
    with pytest.raises(PreconditionFailed):
        world.approve(fresh, content_hash="0" * 64)
    world.approve(fresh, content_hash=input_of(fresh.resource, "contentHash"))
    assert len(world.written("Flag")) == 1


def test_what_became_unsafe_since_is_refused(world: World) -> None:
    task = world.queued(
        **{**MEDICATION, "medication": {"display": "Sertraline 50 mg tablet"}, "dose": None}
        | {"dose": {"value": 50, "unit": "mg"}}
    )
    world.put(order("ada", "new", "Sertraline 50 mg tablet"))
    with pytest.raises(SafetyBlocked) as caught:
        world.approve(task)
    assert [r["rule"] for r in caught.value.details["rules"]] == ["duplicate-order"]
    assert world.events("command_blocked") and world.events("safety_filter_triggered")
    assert not world.written("MedicationRequest") and world.task(task.id).resource["status"] == "requested"
    world.reject(task)


def test_edits_are_judged_like_any_command(world: World) -> None:
    task = world.queued(**NOTE)
    with pytest.raises(SafetyBlocked):
        world.approve(task, modifications={"content": "Start oxycodone 5 mg every 6 hours."})
    for field, value in {
        "patientId": "ben",
        "confidence": 1.0,
        "evidence": [],
        "command": "Flag",
        "aiModel": "x",
    }.items():
        if field == "evidence":
            continue
        with pytest.raises(InvalidInput, match="can't be edited"):
            world.approve(task, modifications={field: value})
    for wrong in ({"content": " "}, {"noteType": "operative"}, {"encounterId": "bens-visit"}, {"more": 1}):
        with pytest.raises(InvalidInput):
            world.approve(task, modifications=wrong)
    assert not world.written("DocumentReference")
    done = world.approve(task, modifications={"content": "Seen for follow-up. Feels well."})
    kept = orjson.loads(output_of(done.resource, "modifications"))
    assert kept["content"] == "Seen for follow-up. Feels well." and kept["encounterId"] == "visit"
    assert orjson.loads(input_of(done.resource, "command"))["content"] == NOTE["content"]


def test_two_people_where_the_policy_asks_for_it(world: World) -> None:
    strict = world.with_policy(two_person_types=["CreateEncounterNoteDraft"])
    task = strict.queued(APPROVER, **NOTE)
    with pytest.raises(Forbidden, match="yourself"):
        strict.approve(task, APPROVER)
    strict.approve(task, SECOND)
    own = strict.queued(APPROVER, **PROBLEM)
    strict.approve(own, APPROVER)


def test_a_lease_keeps_others_out_for_a_while(world: World) -> None:
    task = world.queued(**NOTE)
    held = claim(world.desk, task.id, APPROVER, world.view(APPROVER))
    validate(held.resource)
    with pytest.raises(Forbidden, match="somebody else"):
        world.approve(held, SECOND)
    with pytest.raises(Forbidden):
        claim(world.desk, task.id, SECOND, world.view(SECOND))
    freed = claim(world.desk, task.id, APPROVER, world.view(APPROVER), release=True)
    claim(world.desk, task.id, SECOND, world.view(SECOND))
    world.clock.move(minutes=16)
    done = world.approve(world.task(task.id), APPROVER)
    assert freed.resource.get("owner") is None and done.resource["owner"]["reference"] == APPROVER.reference


def test_a_colleague_can_be_asked_to_decide(world: World) -> None:
    world.put({"resourceType": "Practitioner", "id": "app2", "name": [{"text": "Dr Second"}]})
    task = world.queued(**NOTE)
    sent = send(world.desk, task.id, "Practitioner/app2", "Dr Second", APPROVER, world.view(APPROVER))
    validate(sent.resource)
    assert sent.resource["owner"] == {"reference": "Practitioner/app2", "display": "Dr Second"}
    with pytest.raises(Forbidden):
        send(world.desk, task.id, "Practitioner/app2", "", CLINICIAN, world.view(CLINICIAN))
    for nobody in ("Practitioner/nobody", "Patient/ada", ""):
        with pytest.raises(InvalidInput):
            send(world.desk, task.id, nobody, "", APPROVER, world.view(APPROVER))
    world.approve(sent, SECOND)


# By the API alone


def put(
    world: World, task: Stored, who: Principal = APPROVER, if_match: str | None = None, **changes: object
) -> Stored:
    return world.view(who).update({**task.resource, **changes}, if_match=if_match, author=who.reference)[0]


def test_a_put_decides_by_the_same_rules(world: World) -> None:
    task = world.queued(**NOTE)
    with pytest.raises(Forbidden):
        put(world, task, CLINICIAN, status="completed")
    with pytest.raises(InvalidInput):
        put(world, task, status="rejected")
    with pytest.raises(InvalidInput):
        put(world, task, status="cancelled")
    with pytest.raises(Forbidden, match="input"):
        put(world, task, status="completed", input=[])
    with pytest.raises(Forbidden, match="restriction"):
        put(world, task, restriction={"period": {"end": "2099-01-01"}})
    with pytest.raises(PreconditionFailed):
        put(world, task, if_match="another", status="completed")
    with pytest.raises(PreconditionFailed):
        put(world, task, meta={"versionId": "another"}, status="completed")
    assert not world.written("DocumentReference")
    done = put(world, task, status="completed", if_match=task.version)
    assert done.resource["status"] == "completed" and len(world.written("DocumentReference")) == 1
    with pytest.raises(PreconditionFailed):
        put(world, done, status="rejected", note=[{"text": "no"}])


def test_a_put_rejects_with_its_note_and_edits_with_its_output(world: World) -> None:
    task = world.queued(**NOTE)
    done = put(world, task, status="rejected", note=[{"text": "Not this patient's visit."}])
    assert done.resource["note"][0]["text"] == "Not this patient's visit."
    second = world.queued(**{**NOTE, "content": "Second."})
    edit = [{"type": {"text": "modifications"}, "valueString": orjson.dumps({"content": "Edited."}).decode()}]
    put(world, second, status="completed", output=edit)
    [made] = world.written("DocumentReference")
    assert made.resource["content"][0]["attachment"]["size"] == len("Edited.")
    third = world.queued(**{**NOTE, "content": "Third."})
    for wrong in ("{", "[]", '{"content": ""}'):
        with pytest.raises(InvalidInput):
            put(
                world,
                third,
                status="completed",
                output=[{"type": {"text": "modifications"}, "valueString": wrong}],
            )


def test_patch_create_and_delete_are_no_way_around(world: World) -> None:
    task = world.queued(**NOTE)
    view = world.view(ADMIN)
    with pytest.raises(Forbidden):
        world.view(CLINICIAN).patch(
            "Task", task.id, [{"op": "replace", "path": "/status", "value": "completed"}]
        )
    with pytest.raises(Forbidden):
        view.patch("Task", task.id, [{"op": "remove", "path": "/code"}])
    with pytest.raises(Forbidden):
        view.delete("Task", task.id)
    forged = {k: v for k, v in task.resource.items() if k not in ("id", "meta")}
    for write in (
        lambda: view.update({**forged, "id": "forged"}, create_missing=True),
        lambda: view.write_many([{**forged, "id": "forged"}]),
    ):
        with pytest.raises(Forbidden):
            write()
    plain = view.create({"resourceType": "Task", "status": "requested", "intent": "order"})
    with pytest.raises(Forbidden):
        view.update({**plain.resource, "code": task.resource["code"]})
    with pytest.raises(Forbidden):
        world.view(ADMIN).update({**task.resource, "code": {"text": "x"}})
    done = world.view(APPROVER).patch(
        "Task", task.id, [{"op": "replace", "path": "/status", "value": "completed"}]
    )
    assert done[0].resource["status"] == "completed"


def test_a_task_that_is_sent_goes_through_the_processor(world: World) -> None:
    task = world.queued(**NOTE)
    command = orjson.loads(input_of(task.resource, "command"))

    def sent(**change: object) -> dict[str, object]:
        changed = {**command, "commandId": "sent", "requiresApproval": False, **change}
        value = {"type": {"text": "command"}, "valueString": orjson.dumps(changed).decode()}
        return {
            **{k: v for k, v in task.resource.items() if k not in ("id", "meta")},
            "status": "completed",
            "input": [value],
        }

    made = world.view(CLINICIAN).create(sent())
    assert (
        made.resource["status"] == "requested"
        and made.id != task.id
        and not world.written("DocumentReference")
    )
    assert world.view(CLINICIAN).create(sent()).id == made.id  # the same command once more
    with pytest.raises(SafetyBlocked):
        world.view(CLINICIAN).create(sent(commandId="other", content="Start oxycodone 5 mg every 6 hours."))
    for wrong in ({"patientId": "nobody", "commandId": "x"}, {"noteType": "x", "commandId": "y"}):
        with pytest.raises((InvalidInput, NotFound, PatientNotFound)):
            world.view(CLINICIAN).create(sent(**wrong))
    with pytest.raises(Forbidden):
        world.view(READER).create(sent(commandId="z"))
    with pytest.raises(InvalidInput):
        world.view(CLINICIAN).create({**sent(), "input": []})
    world.approve(made)


def test_a_proposal_forged_in_the_store_is_not_carried_out(world: World) -> None:
    task = world.queued(**NOTE)
    command = orjson.loads(input_of(task.resource, "command")) | {"content": "Start morphine."}
    forged = {
        **task.resource,
        "input": [
            {"type": {"text": "command"}, "valueString": orjson.dumps(command).decode()},
            *task.resource["input"][1:],
        ],
    }
    world.put(forged)
    with pytest.raises(Forbidden, match="behind"):
        world.approve(world.task(task.id))
    world.put({**task.resource, "id": "copy"})
    with pytest.raises(Forbidden, match="Command Processor"):
        world.approve(world.task("copy"))
    world.put({**task.resource, "status": "completed"})
    with pytest.raises(PreconditionFailed):
        world.approve(world.task(task.id))
    assert not world.written("DocumentReference")


def test_whoever_may_not_see_the_patient_does_not_see_the_proposal(world: World) -> None:
    from services.accounts.guarded import GuardedRepository
    from services.accounts.policy import Policy, Rule
    from services.commands.approvals import Decision, decide
    from services.commands.gate import TaskGate

    task = world.queued(**NOTE)
    rules = (Rule("Task"), Rule("Patient", (("_id", "ben"),)), Rule("DocumentReference"))
    bounded = GuardedRepository(world.record, APPROVER, Policy(rules), TaskGate(world.desk))
    with pytest.raises(NotFound):
        decide(world.desk, task, Decision("approve"), APPROVER, bounded)
    with pytest.raises(NotFound):
        bounded.update({**task.resource, "status": "completed"})
