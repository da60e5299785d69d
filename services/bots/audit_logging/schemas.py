"""The Audit Logging bot's input and output (contract: Audit Logging Bot)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

from services.audit.events import EVENT_TYPES
from services.bots.context import Message
from services.fhir.definitions import ID_PATTERN

MOST_EVENTS = 1000
Short = Annotated[str, StringConstraints(max_length=200)]
Text = Annotated[str, StringConstraints(max_length=200_000)]


class AuditLogInput(Message):
    """One event. `action` and `outcome` are as FHIR's AuditEvent has them."""

    event_type: str
    action: Literal["C", "R", "U", "D", "E"]
    outcome: Literal["0", "4", "8", "12"]
    command_id: Short | None = None
    command_type: Short | None = None
    patient_id: str | None = None
    practitioner_id: str | None = None
    ai_model: Short | None = None
    confidence: float | None = Field(None, ge=0, le=1, strict=True)
    prompt: Text | None = None
    response: Text | None = None
    block_reason: Text | None = None
    safety_filter: Short | None = None
    duration: float | None = Field(None, ge=0, strict=True, allow_inf_nan=False)
    tokens_used: int | None = Field(None, ge=0, le=2**53, strict=True)
    outcome_desc: Text | None = None
    purpose_of_event: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,20}$")] | None = None
    """Beyond the contract: why the data were used, a code of HL7's v3-ActReason such as TREAT."""

    @field_validator("event_type")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in EVENT_TYPES:
            raise ValueError(f"is one of {', '.join(EVENT_TYPES)}")
        return value

    @field_validator("patient_id", "practitioner_id")
    @classmethod
    def _bare_id(cls, value: str | None, info) -> str | None:
        kind = "Patient" if info.field_name == "patient_id" else "Practitioner"
        bare = (value or "").removeprefix(f"{kind}/")
        if bare and not ID_PATTERN.match(bare):
            raise ValueError(f"is the id of a {kind}")
        return bare or None


class AuditLogBatch(Message):
    """Beyond the contract: several events, of which all are written or none."""

    events: list[AuditLogInput] = Field(min_length=1, max_length=MOST_EVENTS)


class AuditLogOutput(Message):
    success: bool
    audit_event_id: str
    message: str | None = None
    # Beyond the contract:
    audit_event_ids: list[str] | None = None
    """Of a batch, in its order; `auditEventId` is then the first."""
