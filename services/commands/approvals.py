"""The approval queue: who may decide what, and a decision with all that follows from it in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from services.accounts.roles import Principal
from services.audit.events import MINOR
from services.commands.executor import execute
from services.commands.journal import Row
from services.commands.processor import Desk
from services.commands.provenance import provenance
from services.commands.rules import judge
from services.commands.schemas import AICommand, read_command
from services.commands.situation import checked_references
from services.commands.standing import may_decide, open_row, refuse, without_lease
from services.commands.tasks import (
    REASONS,
    REJECTIONS,
    command_of,
    evidence_of,
    instant,
    person,
)
from services.errors import InvalidInput, PreconditionFailed
from services.fhir.repository import Repository, Resource, Stored

_FIXED = ("command", "patientId", "commandId", "confidence", "requiresApproval", "aiModel", "promptHash", "evidence",
          "createdAt")  # fmt: skip
"""What an edit can't touch: who and what it is about, and on what it rests."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided. `modifications`: the edited fields of the command, as JSON. `code` is one of REJECTIONS;
    `content_hash` what was shown, where the caller can name it."""

    verdict: Literal["approve", "reject"]
    modifications: Mapping[str, Any] | None = None
    code: str = ""
    reason: str = ""
    content_hash: str | None = None


def decide(desk: Desk, task: Stored, decision: Decision, who: Principal, repository: Repository) -> Stored:
    """Decide on the Task as it is now, and carry it out; one transaction. `repository`: the record as `who` may use it.

    Raises Forbidden (not theirs to decide), PreconditionFailed (decided, expired, or the chart changed; `details` say
    what), SafetyBlocked (a rule refuses it; `details` name the rules), InvalidInput (an edit or a reason that won't do).
    Nothing is changed then.
    """
    with desk.journal.database.write():
        row = open_row(desk, task)
        command = command_of(task.resource)
        may_decide(desk, task, row, command, who, repository)
        if decision.content_hash not in (None, row.hash):
            raise PreconditionFailed("The proposal is another one than was shown. Look at it again.")
        if decision.verdict == "reject":
            return _reject(desk, task, row, command, decision, who)
        return _approve(desk, task, row, command, decision, who, repository)


def _approve(
    desk: Desk,
    task: Stored,
    row: Row,
    command: AICommand,
    decision: Decision,
    who: Principal,
    repository: Repository,
) -> Stored:
    changed = changes_since(desk.record, evidence_of(task.resource))
    if changed:
        raise PreconditionFailed(
            f"The chart changed after it was proposed ({', '.join(changed)}). Look at it again.",
            details={"changed": changed},
        )
    final = edited(command, decision.modifications) if decision.modifications is not None else command
    situation = desk.situation(final, repository)
    evidence = list(checked_references(situation).values())
    judgement = judge(situation)
    if judgement.action == "block":
        refuse(desk, final, judgement, who, "It can't be approved")
    at = instant(desk.clock())
    written = execute(final, situation.chart, repository, row.requester, who.reference, at)
    first = written.resources[0]
    output: list[Resource] = [
        {"type": {"text": "executed"}, "valueReference": {"reference": first.reference}}
    ]
    if final is not command:
        output.insert(
            0, {"type": {"text": "modifications"}, "valueString": orjson.dumps(final.wire()).decode()}
        )
    done = _closed(task.resource, "completed", who, at, decision.reason)
    stored, _ = desk.record.update({**done, "output": output}, if_match=task.version, author=who.reference)
    note = provenance(
        "approve", final, [*written.resources, stored], evidence, policy=desk.policy.name,
        requester=task.resource["requester"], decider=person(who.reference, who.name), at=at, task=task,
        replaced=written.replaced, reason=decision.reason,
    )  # fmt: skip
    desk.record.create(note, author=who.reference)
    desk.tell("approval_granted", final, who, task=task.reference, edited=final is not command)
    desk.tell("command_executed", final, who, action="C", resource=first.reference)
    result = {**row.result, "success": True, "action": "executed", "executedResourceId": first.id,
              "executedResource": first.reference}  # fmt: skip
    _must(desk.journal.move(row, "executed", result))
    return stored


def _reject(
    desk: Desk, task: Stored, row: Row, command: AICommand, decision: Decision, who: Principal
) -> Stored:
    if decision.code and decision.code not in REJECTIONS:
        raise InvalidInput(
            f"The reason is one of {', '.join(REJECTIONS)}.", details={"element": "statusReason"}
        )
    if not (decision.code or decision.reason.strip()):
        raise InvalidInput("Say why it is rejected.", details={"element": "note"})
    at = instant(desk.clock())
    done = _closed(task.resource, "rejected", who, at, decision.reason)
    if decision.code:
        display = REJECTIONS[decision.code]
        done["statusReason"] = {
            "coding": [{"system": REASONS, "code": decision.code, "display": display}],
            "text": display,
        }
    stored, _ = desk.record.update(done, if_match=task.version, author=who.reference)
    said = "; ".join(filter(None, (REJECTIONS.get(decision.code, ""), decision.reason.strip())))
    note = provenance(
        "reject", command, [stored], [], policy=desk.policy.name, requester=task.resource["requester"],
        decider=person(who.reference, who.name), at=at, task=task, reason=said,
    )  # fmt: skip
    desk.record.create(note, author=who.reference)
    desk.tell("approval_denied", command, who, task=task.reference, reason=decision.code or "other")
    _must(desk.journal.move(row, "rejected", {**row.result, "action": "rejected"}))
    return stored


def expire(desk: Desk, machine: Principal) -> int:
    """Close what nobody decided on in time; how many that were. Safe beside others who do the same."""
    closed = 0
    for task_id in desk.journal.due(desk.clock().timestamp()):
        with desk.journal.database.write():
            row = desk.journal.of_task(task_id)
            task = desk.record.find(f"Task/{task_id}")
            if (
                row is None
                or row.state != "queued"
                or not desk.journal.move(row, "expired", {**row.result, "action": "expired"})
            ):
                continue
            closed += 1
            if task is None or task.resource.get("status") != "requested":
                continue
            command, at = command_of(task.resource), instant(desk.clock())
            done = {
                **task.resource,
                "status": "failed",
                "lastModified": at,
                "statusReason": {"text": "Expired"},
            }
            stored, _ = desk.record.update(done, author=machine.reference)
            note = provenance(
                "expire", command, [stored], [], policy=desk.policy.name, requester=task.resource["requester"],
                decider=None, at=at, task=task,
            )  # fmt: skip
            desk.record.create(note, author=machine.reference)
            desk.tell("approval_timeout", command, machine, outcome=MINOR, task=task.reference)
    return closed


def edited(command: AICommand, modifications: Mapping[str, Any]) -> AICommand:
    """The command with the edited fields. Raises InvalidInput where an edit touches what it is about, or won't do."""
    wire = command.wire()
    for field in _FIXED:
        if field in modifications and modifications[field] != wire.get(field):
            problem = "can't be edited"
            raise InvalidInput(f"{field}: {problem}", details=[{"field": field, "problem": problem}])
    merged = {k: v for k, v in {**wire, **modifications}.items() if v is not None}
    return read_command(merged)


def changes_since(record: Repository, evidence: Mapping[str, str]) -> list[str]:
    """Which of the evidence is another version by now, or gone."""
    found = []
    for reference, version in evidence.items():
        stored = record.find(reference)
        if stored is None or stored.version != version:
            found.append(reference)
    return found


def _closed(task: Resource, status: str, who: Principal, at: str, reason: str) -> Resource:
    closed = without_lease(task)
    note = [{"authorString": who.name, "time": at, "text": reason.strip()}] if reason.strip() else []
    if notes := [*(task.get("note") or ()), *note]:
        closed["note"] = notes
    return {**closed, "status": status, "owner": person(who.reference, who.name), "lastModified": at}


def _must(done: bool) -> None:
    if not done:
        raise PreconditionFailed("Somebody else decided on it just now.")
