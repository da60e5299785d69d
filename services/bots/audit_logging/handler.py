"""Audit Logging bot: by `$execute`, and as functions for the other bots. It only ever adds.

Who asks is who is named: `practitionerId` adds a further agent, and takes nobody's place. Prompts and answers are kept
as their SHA-256, and as text only where the patient is known whose identifiers have to be taken out of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from services.accounts.roles import Principal
from services.audit.events import AuditLog, audit_event
from services.bots.audit_logging.schemas import AuditLogBatch, AuditLogInput, AuditLogOutput
from services.bots.context import Context, read_input
from services.fhir.repository import Repository, Resource
from services.index.hidden import identifying
from services.llm.redaction import Redactor

_KEPT = (
    "command_id", "command_type", "ai_model", "confidence", "safety_filter", "duration", "tokens_used",
)  # fmt: skip
MOST_TEXT = 10_000
"""Characters of a redacted text that are kept."""


def handle(context: Context, value: Any) -> AuditLogOutput:
    """One event, or `{"events": […]}`. Raises InvalidInput that names the field, or StoreUnavailable."""
    if isinstance(value, dict) and "events" in value:
        asked = read_input(AuditLogBatch, value).events
        ids = _write(context, asked)
        return AuditLogOutput(success=True, audit_event_id=ids[0], audit_event_ids=ids)
    return AuditLogOutput(success=True, audit_event_id=_write(context, [read_input(AuditLogInput, value)])[0])


def log_ai_audit_event(
    log: Context | AuditLog, event_type: str, details: Mapping[str, Any] | None = None
) -> str:
    """The contract's logAIAuditEvent: the event's id. `details` are fields of AuditLogInput in its spelling; where
    they don't say so, the action is E and the outcome 0. Raises as `handle`."""
    return log_ai_audit_event_batch(
        log, [{"action": "E", "outcome": "0", **(details or {}), "eventType": event_type}]
    )[0]


def log_ai_audit_event_batch(log: Context | AuditLog, events: Sequence[Mapping[str, Any]]) -> list[str]:
    """The contract's logAIAuditEventBatch: the ids, all written in one transaction or none. Raises as `handle`."""
    return _write(log, [read_input(AuditLogInput, dict(event)) for event in events])


def _write(log: Context | AuditLog, asked: Sequence[AuditLogInput]) -> list[str]:
    audit, caller = (log, None) if isinstance(log, AuditLog) else (log.audit, log.principal)
    redactors = _Redactors(audit.record)
    return audit.keep_all([_event(event, caller, redactors) for event in asked])


def _event(asked: AuditLogInput, caller: Principal | None, redactors: _Redactors) -> Resource:
    redactor = redactors.of(asked.patient_id)
    details: dict[str, Any] = {name: getattr(asked, name) for name in _KEPT}
    if asked.safety_filter:
        details["safety_filter"] = redactor.redact(asked.safety_filter)
    if asked.block_reason:
        details["block_reason"] = redactor.redact(asked.block_reason)[:MOST_TEXT]
    for name in ("prompt", "response"):
        text = getattr(asked, name)
        if text is not None:
            details[f"{name}_sha256"] = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
            details[f"{name}_characters"] = len(text)
            if redactors.knows(asked.patient_id):
                details[name] = redactor.redact(text)[:MOST_TEXT]
    practitioner = f"Practitioner/{asked.practitioner_id}" if asked.practitioner_id else None
    agent = caller or practitioner or "System/audit"
    named = agent.reference if isinstance(agent, Principal) else agent
    return audit_event(
        asked.event_type,
        action=asked.action,
        outcome=asked.outcome,
        patient_id=asked.patient_id,
        agent=agent,
        others=[practitioner] if practitioner and practitioner != named else [],
        description=redactor.redact(asked.outcome_desc)[:MOST_TEXT] if asked.outcome_desc else None,
        details=details,
        purpose=asked.purpose_of_event,
    )


class _Redactors:
    """One for each patient of a batch, made of the whole record, whatever the caller may see of it; without a patient,
    one that knows only what identifiers look like."""

    def __init__(self, record: Repository) -> None:
        self._record = record
        self._made: dict[str | None, Redactor] = {}

    def knows(self, patient_id: str | None) -> bool:
        return patient_id is not None and self._record.find(f"Patient/{patient_id}") is not None

    def of(self, patient_id: str | None) -> Redactor:
        if patient_id not in self._made:
            named = identifying(self._record, patient_id) if patient_id else ()
            self._made[patient_id] = Redactor.from_resources(named)
        return self._made[patient_id]
