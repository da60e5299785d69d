"""The parts of an AuditEvent as IHE's Basic Audit Log Patterns have them (profiles.ihe.net/ITI/BALP)."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from services.accounts.roles import Principal
from services.fhir.repository import Resource

OURS = "https://fabric.example/ai-event"
RESTFUL = "http://hl7.org/fhir/restful-interaction"
HERE = "Fabric clinician console"
PROFILE = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit."
REST = {
    "system": "http://terminology.hl7.org/CodeSystem/audit-event-type",
    "code": "rest",
    "display": "RESTful Operation",
}
SOURCE: Resource = {
    "observer": {"display": HERE},
    "type": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/security-source-type",
            "code": "4",
            "display": "Application Server",
        }
    ],
}
_DICOM = "http://dicom.nema.org/resources/ontology/DCM"
FROM = {"system": _DICOM, "code": "110153", "display": "Source Role ID"}
TO = {"system": _DICOM, "code": "110152", "display": "Destination Role ID"}
PATIENT_RECORD = {"system": _DICOM, "code": "110110", "display": "Patient Record"}
_ROLES = "http://terminology.hl7.org/CodeSystem/object-role"
_KINDS = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
_RECIPIENT = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
    "code": "IRCP",
    "display": "information recipient",
}
_REASONS = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
_REFERABLE = ("Practitioner", "PractitionerRole", "Organization", "Device", "Patient", "RelatedPerson")
"""What AuditEvent.agent.who may point to (FHIR R4); others are named."""


def now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def who(reference: str | None, name: str | None = None) -> Resource:
    if reference and reference.count("/") == 1 and reference.partition("/")[0] in _REFERABLE:
        return {"reference": reference, **({"display": name} if name else {})}
    return {"display": name or reference or "fabric"}


def requestor(agent: Principal | str | None) -> Resource:
    """Who caused it: a member with name and role, or whoever is named so. `altId` finds members of every kind."""
    if not isinstance(agent, Principal):
        return {"who": who(agent), "requestor": True, **({"altId": agent} if agent else {})}
    return {
        "type": {"coding": [_RECIPIENT]},
        "role": [{"text": agent.role}],
        "who": who(agent.reference, agent.name),
        "altId": agent.reference,
        "name": agent.name,
        "requestor": True,
    }


def machine(role: Resource, name: str, address: str, kind: str) -> Resource:
    """One end of the connection. `kind` is 2 for an IP address, 5 for a URI (FHIR R4 network-type)."""
    return {
        "type": {"coding": [role]},
        "who": {"display": name},
        "requestor": False,
        "network": {"address": address, "type": kind},
    }


def patient(patient_id: str) -> Resource:
    return {
        "what": {"reference": f"Patient/{patient_id}"},
        "type": {"system": _KINDS, "code": "1", "display": "Person"},
        "role": {"system": _ROLES, "code": "1", "display": "Patient"},
    }


def data(reference: str) -> Resource:
    return {
        "what": {"reference": reference},
        "type": {"system": _KINDS, "code": "2", "display": "System Object"},
        "role": {"system": _ROLES, "code": "4", "display": "Domain Resource"},
    }


def query(sent: str) -> Resource:
    """A query as it was sent, encoded so that it is kept exactly."""
    return {
        "type": {"system": _KINDS, "code": "2", "display": "System Object"},
        "role": {"system": _ROLES, "code": "24", "display": "Query"},
        "query": base64.b64encode(sent.encode("utf-8", "replace")).decode(),
    }


def told(description: str, details: Mapping[str, Any] | None) -> list[Resource]:
    """Ids and counts as one entity, where there are any."""
    kept = [{"type": k, "valueString": str(v)} for k, v in (details or {}).items() if v not in (None, "")]
    return [{"description": description, "detail": kept}] if kept else []


def event(
    kind: Resource,
    subtype: Iterable[Resource],
    action: str,
    outcome: str,
    agents: list[Resource],
    entities: list[Resource],
    description: str | None = None,
    purpose: str | None = None,
    profile: str | None = None,
) -> Resource:
    """`purpose` is a code of v3-ActReason; `profile` the pattern that the event follows."""
    made: Resource = {
        "resourceType": "AuditEvent",
        "type": kind,
        "subtype": list(subtype),
        "action": action,
        "recorded": now(),
        "outcome": outcome,
        "agent": agents,
        "source": SOURCE,
    }
    if profile:
        made["meta"] = {"profile": [PROFILE + profile]}
    if description:
        made["outcomeDesc"] = description
    if purpose:
        made["purposeOfEvent"] = [{"coding": [{"system": _REASONS, "code": purpose}]}]
    if entities:
        made["entity"] = entities
    return made
