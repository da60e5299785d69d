"""Whether a proposal can be decided on, and by whom."""

from __future__ import annotations

import datetime as dt
from typing import NoReturn

from services.accounts.roles import Principal
from services.audit.events import MINOR
from services.commands.journal import Row
from services.commands.processor import Desk, told
from services.commands.rules import Judgement
from services.commands.schemas import AICommand
from services.commands.tasks import LEASE, input_of, lease_of
from services.errors import Forbidden, NotFound, PreconditionFailed, SafetyBlocked
from services.fhir.repository import Repository, Resource, Stored


def open_row(desk: Desk, task: Stored) -> Row:
    """What the journal holds of a proposal that waits. Raises Forbidden, PreconditionFailed where it doesn't."""
    row = desk.journal.of_task(task.id)
    if row is None:
        raise Forbidden(
            "This proposal did not come through the Command Processor, so it can't be decided on."
        )
    if row.state != "queued" or task.resource.get("status") != "requested":
        raise PreconditionFailed(f"It is decided already: {row.state}.", details={"state": row.state})
    if row.expires is not None and desk.clock().timestamp() >= row.expires:
        raise PreconditionFailed(
            "It has expired; nobody can decide on it any more.", details={"state": "expired"}
        )
    return row


def may_decide(
    desk: Desk, task: Stored, row: Row, command: AICommand, who: Principal, repository: Repository
) -> None:
    """Raises Forbidden, or NotFound as for all that they may not see."""
    who.require("decide")
    if who.kind == "bot":
        raise Forbidden("A bot can't decide on proposals.")
    if repository.find(f"Patient/{command.patient_id}") is None:
        raise NotFound(f"There is no Task with the id {task.id}.")  # as for all that they may not see
    if command.content_hash() != row.hash or input_of(task.resource, "contentHash") != row.hash:
        raise Forbidden("The proposal was changed behind the queue's back. It can't be decided on.")
    if command.kind in desk.policy.two_person_types and row.requester == who.reference:
        raise Forbidden(f"Somebody else has to decide: you asked for this {command.kind} yourself.")
    owner, until = holder(desk, task.resource)
    if owner and owner != who.reference:
        raise Forbidden(f"It is being reviewed by somebody else until {until:%H:%M} UTC.")


def holder(desk: Desk, task: Resource) -> tuple[str | None, dt.datetime]:
    """Who has the proposal to themselves, and until when."""
    until = lease_of(task)
    owner = (task.get("owner") or {}).get("reference")
    if until is None or until <= desk.clock() or not isinstance(owner, str):
        return None, desk.clock()
    return owner, until


def without_lease(task: Resource) -> Resource:
    """The Task without its lease."""
    rest = [e for e in task.get("extension") or () if e.get("url") != LEASE]
    return {**{k: v for k, v in task.items() if k != "extension"}, **({"extension": rest} if rest else {})}


def refuse(desk: Desk, command: AICommand, judgement: Judgement, who: Principal, opening: str) -> NoReturn:
    """Raises SafetyBlocked with the rules; the audit is told of them once what was begun is undone."""

    def tell() -> None:
        desk.tell_findings(command, judgement, who)
        rules = " ".join(f.rule for f in judgement.blocks)
        desk.tell("command_blocked", command, who, outcome=MINOR, blockReason=rules)

    desk.journal.database.afterwards(tell)
    raise SafetyBlocked(f"{opening}: {judgement.why}", details={"rules": told(judgement.blocks)})
