"""AI events as FHIR AuditEvents (contract: Audit Logging Bot). They hold ids and counts, never text or values."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from services.errors import FabricError
from services.fhir.repository import Repository, Resource

log = logging.getLogger("fabric")

SYSTEM = "https://fabric.example/ai-event"
SUCCESS, MINOR, SERIOUS = "0", "4", "8"
_TYPE = {
    "system": "http://terminology.hl7.org/CodeSystem/audit-event-type",
    "code": "rest",
    "display": "RESTful Operation",
}


def audit_event(
    event_type: str,
    *,
    action: str = "E",
    outcome: str = SUCCESS,
    patient_id: str | None = None,
    agent: str | None = None,
    description: str | None = None,
    details: dict[str, Any] | None = None,
) -> Resource:
    """`event_type` is one of the contract's; `action` C, R, U, D or E; `agent` a reference of who caused it;
    `details` are counts and ids."""
    entity: list[dict[str, Any]] = []
    if patient_id:
        entity.append({"what": {"reference": f"Patient/{patient_id}"}})
    told = [{"type": k, "valueString": str(v)} for k, v in (details or {}).items() if v is not None]
    if told:
        entity.append({"description": event_type, "detail": told})
    who: dict[str, Any] = {"requestor": True}
    if agent and agent.split("/")[0] in (
        "Practitioner",
        "Patient",
        "Device",
        "Organization",
        "PractitionerRole",
    ):
        who["who"] = {"reference": agent}
    else:
        who["who"] = {"display": agent or "fabric"}
    resource: Resource = {
        "resourceType": "AuditEvent",
        "type": _TYPE,
        "subtype": [{"system": SYSTEM, "code": event_type}],
        "action": action,
        "recorded": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "outcome": outcome,
        "agent": [who],
        "source": {"observer": {"display": "Fabric clinician console"}},
    }
    if description:
        resource["outcomeDesc"] = description
    if entity:
        resource["entity"] = entity
    return resource


class AuditLog:
    """Writes events into the record. A failure to write is logged and doesn't stop what is audited."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def write(self, event_type: str, **details: Any) -> None:
        """As `audit_event`."""
        self.keep(audit_event(event_type, **details))

    def keep(self, event: Resource) -> None:
        """Write an event that is put together already."""
        try:
            self._repository.create(event, author="System/audit")
        except FabricError as error:
            log.error("an audit event could not be written: %s", error.code)

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
