"""Takes commands: read strictly, judged by every rule, then executed, queued or blocked; each once, and audited."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from services.accounts.roles import Principal
from services.audit.events import MINOR, AuditLog
from services.chart.chart import Charts
from services.commands.executor import execute
from services.commands.journal import Journal, Row
from services.commands.policy import Policy
from services.commands.provenance import provenance
from services.commands.rules import Finding, Judgement, judge
from services.commands.schemas import AICommand, read_command
from services.commands.situation import Situation, checked_references
from services.commands.tasks import instant, person, proposal
from services.errors import InvalidInput
from services.fhir.repository import Repository, Resource, Stored


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """What processor and queue work with. `record` is the record itself, for the queue's own resources; what a command
    writes goes through the record as whoever acts may use it."""

    record: Repository
    journal: Journal
    charts: Charts
    audit: AuditLog
    policy: Policy
    zone: zoneinfo.ZoneInfo
    clock: Callable[[], dt.datetime] = utc_now

    def situation(self, command: AICommand, repository: Repository) -> Situation:
        return Situation(command, repository, self.record, self.charts, self.policy, self.zone, self.clock())

    def tell(self, event: str, command: AICommand, who: Principal, **details: Any) -> None:
        """An event about a command: ids, its type, and what the rules say; never its text."""
        self.audit.write(
            event,
            patient_id=command.patient_id,
            agent=who,
            outcome=details.pop("outcome", "0"),
            action=details.pop("action", "E"),
            details={
                "commandId": command.command_id,
                "commandType": command.kind,
                "aiModel": command.ai_model,
                "confidence": command.confidence,
                "policy": self.policy.name,
                **details,
            },
        )

    def tell_findings(self, command: AICommand, judgement: Judgement, who: Principal) -> None:
        for finding in judgement.blocks:
            self.tell("safety_filter_triggered", command, who, outcome=MINOR, safetyFilter=finding.rule,
                      evidence=" ".join(finding.evidence) or None)  # fmt: skip


def process(desk: Desk, value: Any, who: Principal, repository: Repository) -> dict[str, Any]:
    """The contract's CommandProcessorOutput. `repository` is the record as `who` may use it.

    Raises InvalidInput (the field is named), PatientNotFound, Forbidden, StoreUnavailable; nothing is written then
    but the event of the refusal.
    """
    who.require("write")
    try:
        command = read_command(value)
        with desk.journal.database.write():
            known = desk.journal.find(command.command_id)
            situation = desk.situation(command, repository)
            evidence = list(checked_references(situation).values())
            if known is not None:
                return _again(known, command)
            return _take(desk, command, situation, evidence, who, repository)
    except InvalidInput as error:
        fields = [d["field"] for d in error.details or () if isinstance(d, dict) and "field" in d]
        kind = value.get("command") if isinstance(value, dict) else None
        desk.audit.write("error", agent=who, outcome=MINOR, description=error.code,
                         details={"commandType": kind if isinstance(kind, str) and len(kind) < 40 else None,
                                  "fields": " ".join(fields[:20]) or None})  # fmt: skip
        raise


def _again(known: Row, command: AICommand) -> dict[str, Any]:
    """What was answered before. Raises InvalidInput where the id was another command's."""
    if known.result.get("contentHash") != command.content_hash():
        problem = "this id was used for another command"
        raise InvalidInput(f"commandId: {problem}", details=[{"field": "commandId", "problem": problem}])
    return known.result


def _take(
    desk: Desk,
    command: AICommand,
    situation: Situation,
    evidence: Sequence[Stored],
    who: Principal,
    repository: Repository,
) -> dict[str, Any]:
    judgement = judge(situation)
    desk.tell("command_received", command, who, action="C")
    desk.tell_findings(command, judgement, who)
    result: dict[str, Any] = {"commandId": command.command_id, "contentHash": command.content_hash()}
    if judgement.action == "block":
        reason = judgement.why
        result |= {"success": False, "action": "blocked", "blockReason": reason, "errorCode": "SAFETY_BLOCKED",
                   "rules": told(judgement.blocks), "message": f"Blocked: {reason}"}  # fmt: skip
        desk.tell(
            "command_blocked",
            command,
            who,
            outcome=MINOR,
            blockReason=" ".join(f.rule for f in judgement.blocks),
        )
        desk.journal.add(command, who.reference, "blocked", result)
        return result
    result |= {"success": True, "warnings": [f.reason for f in judgement.warnings] or None}
    if judgement.action == "queue":
        task = queue(desk, command, judgement, evidence, who)
        result |= {"action": "queued", "taskId": task.id, "message": "It waits for a person's decision."}
        expires = desk.clock() + desk.policy.expires_after(command.kind)
        desk.journal.add(command, who.reference, "queued", result, task.id, expires.timestamp())
        return result
    written = execute(command, situation.chart, repository, who.reference, None, instant(desk.clock()))
    note = provenance("execute", command, written.resources, evidence, policy=desk.policy.name,
                      requester=person(who.reference, who.name), decider=None, at=instant(desk.clock()),
                      replaced=written.replaced)  # fmt: skip
    desk.record.create(note, author=who.reference)
    desk.tell("command_executed", command, who, action="C", resource=written.resources[0].reference)
    result |= {"action": "executed", "executedResourceId": written.resources[0].id,
               "executedResource": written.resources[0].reference, "message": "Written as the policy allows."}  # fmt: skip
    desk.journal.add(command, who.reference, "executed", result)
    return result


def queue(
    desk: Desk, command: AICommand, judgement: Judgement, evidence: Sequence[Stored], who: Principal
) -> Stored:
    """The proposal as a Task, with what would have to be decided on."""
    moment = desk.clock()
    task: Resource = proposal(
        command, judgement.findings, evidence, policy=desk.policy.name, requester=who.reference,
        requester_name=who.name, at=instant(moment), expires=moment + desk.policy.expires_after(command.kind),
    )  # fmt: skip
    stored = desk.record.create(task, author=who.reference)
    desk.tell("command_queued", command, who, action="C", task=stored.reference)
    desk.tell("approval_requested", command, who, action="C", task=stored.reference)
    return stored


def told(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Findings for the answer: which rule, why, on what."""
    return [{"rule": f.rule, "reason": f.reason, "evidence": list(f.evidence)} for f in findings]
