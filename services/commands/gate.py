"""What stands before every Task of the queue, whichever way a change comes: page, API, bundle, bot."""

from __future__ import annotations

from typing import Any

import orjson

from services.accounts.roles import Principal
from services.commands.approvals import Decision, decide
from services.commands.claiming import claim, send
from services.commands.processor import Desk, process
from services.commands.tasks import REASONS, input_of, is_proposal, output_of
from services.errors import Forbidden, InvalidInput, PreconditionFailed, SafetyBlocked
from services.fhir.repository import Outcome, Repository, Resource, Stored
from services.index.text import values

_FREE = frozenset(
    ["status", "output", "note", "statusReason", "owner", "meta", "lastModified", "businessStatus", "text"]
)
"""What whoever decides may send changed; of these, what is kept is what the queue makes of it."""


class TaskGate:
    """Implements `Gate` of the guarded record: a decision by PUT, PATCH or a bundle is a decision like any other."""

    types = frozenset({"Task"})

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def concerns(self, before: Resource | None, after: Resource | None) -> bool:
        return is_proposal(before) or is_proposal(after)

    def refusal(self, before: Resource | None, after: Resource | None) -> str:
        if after is None:
            return "Proposals are decided on, not deleted."
        return "Proposals are made by the Command Processor, not by hand."

    def create(self, repository: Repository, who: Principal, resource: Resource) -> Stored:
        """A proposal that is sent as a Task goes through the Command Processor like any other; what waits is the Task that
        the processor makes. Raises InvalidInput, SafetyBlocked where a rule refuses it."""
        try:
            command = orjson.loads(str(input_of(resource, "command") or "null"))
        except orjson.JSONDecodeError:
            command = None
        if isinstance(command, dict):
            command = {**command, "requiresApproval": True}
        answer = process(self._desk, command, who, repository)
        if answer["action"] == "blocked":
            raise SafetyBlocked(str(answer["message"]), details={"rules": answer["rules"]})
        return self._desk.record.read("Task", answer["taskId"])

    def write(
        self, repository: Repository, who: Principal, before: Stored, after: Resource, if_match: str | None
    ) -> tuple[Stored, Outcome]:
        """Raises as `decide`; Forbidden where more is changed than a decision changes."""
        held = before.resource
        if not is_proposal(held):
            raise Forbidden("Proposals are made by the Command Processor, not by hand.")
        shown = if_match or values.obj(after.get("meta")).get("versionId")
        if shown not in (None, "*", before.version):
            raise PreconditionFailed(
                f"{before.reference} was changed by someone else in the meantime; read it again.",
                details={"expected": shown, "current": before.version},
            )
        touched = sorted(
            k for k in held.keys() | after.keys() if held.get(k) != after.get(k) and k not in _FREE
        )
        if touched:
            raise Forbidden(f"Of a proposal only its decision can be written, not {', '.join(touched)}.")
        status = after.get("status")
        if status == held.get("status"):
            return self._assigned(repository, who, before, after)
        if held.get("status") != "requested":
            raise PreconditionFailed(f"It is decided already: {held.get('status')}.")
        if status not in ("completed", "rejected"):
            raise InvalidInput(
                "A proposal is approved by the status completed, and refused by rejected.",
                details={"element": "status"},
            )
        verdict = "approve" if status == "completed" else "reject"
        decision = Decision(verdict, modifications(after), _code(after), _note(held, after))
        return decide(self._desk, before, decision, who, repository), "updated"

    def _assigned(
        self, repository: Repository, who: Principal, before: Stored, after: Resource
    ) -> tuple[Stored, Outcome]:
        """An owner who is the caller claims it, another is asked to decide; none gives it back."""
        held = before.resource
        owner = values.obj(after.get("owner")).get("reference")
        if owner == values.obj(held.get("owner")).get("reference"):
            if any(held.get(k) != after.get(k) for k in ("output", "note", "statusReason", "businessStatus")):
                raise InvalidInput("Reasons and edits belong to a decision: set the status as well.")
            return before, "unchanged"
        if owner not in (None, who.reference):
            name = values.string(values.obj(after.get("owner")).get("display"))
            return send(self._desk, before.id, str(owner), name, who, repository), "updated"
        return claim(self._desk, before.id, who, repository, release=owner is None), "updated"


def modifications(task: Resource) -> dict[str, Any] | None:
    """The edited fields in `output`. Raises InvalidInput where they are no JSON object."""
    text = output_of(task, "modifications")
    if text is None:
        return None
    try:
        found = orjson.loads(text) if isinstance(text, str) else None
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise InvalidInput("The modifications are a JSON object as text.", details={"element": "output"})
    return found


def _code(task: Resource) -> str:
    return next((c for s, c in values.codings(task.get("statusReason")) if s == REASONS), "")


def _note(held: Resource, after: Resource) -> str:
    """What was said with the decision: the notes that were not there before, or the reason's words."""
    before = [n.get("text") for n in values.objs(held.get("note"))]
    said = [
        values.string(n.get("text")) for n in values.objs(after.get("note")) if n.get("text") not in before
    ]
    return "\n".join(filter(None, said)) or values.string(values.obj(after.get("statusReason")).get("text"))
