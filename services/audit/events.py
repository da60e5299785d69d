"""The audit trail as the rest of the console writes it (contract: Audit Logging Bot): ids and counts, never text or
values of the record."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from services.accounts.roles import Principal
from services.audit import shapes
from services.audit.commit import GroupCommit
from services.fhir.repository import Resource
from services.fhir.sqlite import SQLiteRepository

SYSTEM = shapes.OURS
SUCCESS, MINOR, SERIOUS, MAJOR = "0", "4", "8", "12"
EVENT_TYPES = (
    "command_received", "command_executed", "command_blocked", "command_queued", "approval_requested",
    "approval_granted", "approval_denied", "approval_timeout", "safety_filter_triggered", "embedding_created",
    "semantic_search", "rag_query", "llm_request", "llm_response", "phi_redaction", "rate_limit_exceeded", "error",
)  # fmt: skip
"""The contract's AuditEventType."""


def audit_event(
    event_type: str,
    *,
    action: str = "E",
    outcome: str = SUCCESS,
    patient_id: str | None = None,
    patients: Iterable[str] = (),
    agent: Principal | str | None = None,
    others: Sequence[str] = (),
    description: str | None = None,
    details: dict[str, Any] | None = None,
    purpose: str | None = None,
) -> Resource:
    """`event_type` is one of the contract's; `action` C, R, U, D or E; `agent` who caused it, `others` references of
    whoever else took part; `patients` ids of those it is about, beside `patient_id`; `details` are counts and ids;
    `purpose` is a code of v3-ActReason."""
    about = list(dict.fromkeys(p for p in (patient_id, *patients) if p))
    return shapes.event(
        shapes.REST,
        [{"system": SYSTEM, "code": event_type}],
        action,
        outcome,
        [shapes.requestor(agent), *({"who": shapes.who(o), "altId": o, "requestor": False} for o in others)],
        [*(shapes.patient(p) for p in about), *shapes.told(event_type, details)],
        description,
        purpose,
    )


class AuditLog:
    """Writes events into the record. What was written is on the disk when `write` returns (views: within half a
    second); within a transaction it is as durable as that. Everything here raises StoreUnavailable where it can't be, so that nothing is acknowledged
    that the trail doesn't hold."""

    def __init__(self, repository: SQLiteRepository) -> None:
        self.record = repository
        self._commit = GroupCommit(repository)

    def write(self, event_type: str, **details: Any) -> str:
        """As `audit_event`; the event's id."""
        return self.keep(audit_event(event_type, **details))

    def keep(self, event: Resource) -> str:
        """Write an event that is put together already; its id."""
        return self.keep_all([event])[0]

    def keep_view(self, event: Resource) -> None:
        """Of what somebody is about to see. Nothing was changed, so nobody waits for the disk: no end of the process
        loses it, a power failure what was seen within its last half second."""
        self._commit.write([(str(uuid.uuid4()), event)], on_disk=False)

    def keep_all(self, events: Sequence[Resource]) -> list[str]:
        """All of them or none, in one transaction; their ids."""
        ids = [str(uuid.uuid4()) for _ in events]
        self._commit.write(list(zip(ids, events, strict=True)))
        return ids

    def of_model(self, name: str, fields: dict[str, Any]) -> None:
        """What the router's client tells: chats, and every refusal by a limit. Embeddings are the index's work."""
        if name != "rate_limit_exceeded" and fields.get("task") in ("embedding", "semantic_search"):
            return
        outcome = fields.get("outcome")
        good = name == "llm_request" or outcome in (None, "ok", "done", "success")
        self.write(
            name,
            outcome=SUCCESS if good else MINOR,
            patient_id=fields.get("patient_id"),
            agent=fields.get("user"),
            description=None if good else str(outcome or name),
            details={k: v for k, v in fields.items() if k not in ("patient_id", "user")},
        )
