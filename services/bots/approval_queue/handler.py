"""Approval Queue bot: tells how a proposal stands, and takes a decision that is sent to it as the Task would be.

A decision written into the record is carried out with that very write, so for a stored Task there is nothing left to do.
"""

from __future__ import annotations

from typing import Any

from services.bots.approval_queue.schemas import ApprovalQueueOutput
from services.bots.context import Context
from services.commands.approvals import expire
from services.commands.tasks import is_proposal
from services.errors import InvalidInput, NotFound
from services.fhir.repository import Resource, Stored

_SENT = ("status", "output", "note", "statusReason")
_SAID = {
    "requested": ("pending", "It waits for a person's decision."),
    "completed": ("approved", "Approved, and written."),
    "rejected": ("rejected", "Rejected: nothing was written."),
    "failed": ("expired", "It expired before anybody decided: nothing was written."),
}


def handle(context: Context, value: Any) -> ApprovalQueueOutput:
    """Raises InvalidInput where it is no proposal, NotFound, and what a decision raises."""
    task = value if isinstance(value, dict) else {}
    if not is_proposal(task) or not isinstance(task.get("id"), str):
        raise InvalidInput("The input is a Task with an id and the code of an AI command.")
    expire(context.desk, context.principal)
    stored = _stored(context, task)
    sent = task.get("status")
    if sent in ("completed", "rejected") and stored.resource.get("status") == "requested":
        stored = _decided(context, stored, task)
    row = context.desk.journal.of_task(stored.id)
    action, message = _SAID.get(
        str(stored.resource.get("status")), ("pending", "It is in no state of the queue.")
    )
    result = row.result if row else {}
    return ApprovalQueueOutput.model_validate(
        {
            "success": row is not None,
            "action": action,
            "executedResourceId": result.get("executedResourceId"),
            "executedResource": result.get("executedResource"),
            "message": message
            if row
            else "It did not come through the Command Processor; nothing is done with it.",
        }
    )


def _stored(context: Context, task: Resource) -> Stored:
    stored = context.repository.find(f"Task/{task['id']}")
    if stored is None:
        raise NotFound(f"There is no Task with the id {task['id']}.")
    if not is_proposal(stored.resource):
        raise InvalidInput("This Task is none of the approval queue.")
    return stored


def _decided(context: Context, stored: Stored, task: Resource) -> Stored:
    """The decision, as if the Task had been written by whoever calls."""
    sent = {k: task[k] for k in _SENT if k in task}
    changed = {**stored.resource, **sent}
    return context.repository.update(changed, if_match=stored.version, author=context.principal.reference)[0]
