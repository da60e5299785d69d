"""A proposal that waits, as the FHIR Task of the contract (Approval Queue Bot), and reading it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import orjson

from services.commands.rules import Finding
from services.commands.schemas import (
    AICommand,
    CreateEncounterNoteDraft,
    FlagAbnormalResult,
    ProposeProblemListUpdate,
    QueueReferralLetter,
    SuggestBillingCodes,
    SuggestMedicationChange,
    SummarizePatientHistory,
    read_command,
)
from services.fhir.repository import Resource, Stored
from services.index.text import values

SYSTEM = "http://medplum.com/ai-command"
REASONS = "https://fabric.example/rejection-reason"
EXTENSION = "https://fabric.example/fhir/StructureDefinition/"
LEASE = f"{EXTENSION}review-lease"
REJECTIONS = {
    "incorrect": "Clinically incorrect",
    "wrong-patient": "Wrong patient",
    "not-supported": "Not supported by the record",
    "already-done": "Already done or no longer needed",
    "not-now": "Right, but not now",
    "preference": "Against the patient's wishes",
    "duplicate": "Duplicate of another proposal",
    "other": "Other",
}
_RISKY = frozenset(["SuggestMedicationChange"])
_SLIGHT = frozenset(["FlagAbnormalResult", "SummarizePatientHistory", "SuggestBillingCodes"])


def is_proposal(resource: Resource | None) -> bool:
    """Whether a resource is (or poses as) a Task of the queue."""
    return resource is not None and resource.get("resourceType") == "Task" and bool(code_of(resource))


def code_of(task: Resource) -> str:
    return next((c for s, c in values.codings(task.get("code")) if s == SYSTEM), "")


def risk(command: AICommand, findings: Sequence[Finding]) -> str:
    """high, medium or low: by what would be written, and by what the rules found."""
    if command.kind in _RISKY or any(f.rule != "person-decides" and f.verdict == "queue" for f in findings):
        return "high"
    if any(f.verdict == "warn" for f in findings) or command.kind not in _SLIGHT:
        return "medium"
    return "low"


def proposal(
    command: AICommand,
    findings: Sequence[Finding],
    evidence: Sequence[Stored],
    *,
    policy: str,
    requester: str,
    requester_name: str,
    at: str,
    expires: dt.datetime,
) -> Resource:
    """The Task, in the state requested. Everything that is decided on stands in its `input`."""
    severity = getattr(command, "severity", None)
    inputs: list[dict[str, Any]] = [
        {"type": {"text": "command"}, "valueString": orjson.dumps(command.wire()).decode()},
        {"type": {"text": "contentHash"}, "valueString": command.content_hash()},
        {"type": {"text": "risk"}, "valueCode": risk(command, findings)},
        {"type": {"text": "policy"}, "valueString": policy},
        {"type": {"text": "findings"}, "valueString": orjson.dumps([_finding(f) for f in findings]).decode()},
        *({"type": {"text": "evidence"}, "valueReference": {"reference": versioned(e)}} for e in evidence),
    ]
    return {
        "resourceType": "Task",
        "identifier": [{"system": f"{SYSTEM}/id", "value": command.command_id}],
        "status": "requested",
        "intent": "order",
        "priority": "stat" if severity == "critical" else "urgent" if severity == "high" else "routine",
        "code": {"coding": [{"system": SYSTEM, "code": command.kind}]},
        "description": summary(command),
        "for": {"reference": f"Patient/{command.patient_id}"},
        **({"focus": {"reference": evidence[0].reference}} if evidence else {}),
        "authoredOn": at,
        "lastModified": at,
        "requester": person(requester, requester_name),
        "restriction": {"period": {"end": instant(expires)}},
        "input": inputs,
    }


def person(reference: str, name: str) -> dict[str, str]:
    """Somebody as a Reference. Accounts that are no FHIR agents (bots, machines) are told by their name."""
    kind = reference.partition("/")[0]
    return (
        {"reference": reference, "display": name}
        if kind in ("Practitioner", "Device", "Organization")
        else {"display": name or reference}
    )


def versioned(stored: Stored) -> str:
    return f"{stored.reference}/_history/{stored.version}"


def instant(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def input_of(task: Resource, name: str) -> Any:
    """The value of the first input of a name."""
    for item in values.objs(task.get("input")):
        if values.obj(item.get("type")).get("text") == name:
            return next((v for k, v in item.items() if k.startswith("value")), None)
    return None


def command_of(task: Resource) -> AICommand:
    """The command in a Task. Raises InvalidInput where it can't be read."""
    try:
        return read_command(orjson.loads(str(input_of(task, "command") or "null")))
    except orjson.JSONDecodeError:
        return read_command(None)


def findings_of(task: Resource) -> list[Finding]:
    try:
        found = orjson.loads(str(input_of(task, "findings") or "[]"))
        return [Finding(f["rule"], f["verdict"], f["reason"], tuple(f.get("evidence", ()))) for f in found]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return []


def evidence_of(task: Resource) -> dict[str, str]:
    """Reference → version of what was shown with the proposal."""
    found = {}
    for item in values.objs(task.get("input")):
        if values.obj(item.get("type")).get("text") == "evidence":
            reference, _, version = str(values.obj(item.get("valueReference")).get("reference")).partition(
                "/_history/"
            )
            found[reference] = version
    return found


def output_of(task: Resource, name: str) -> Any:
    for item in values.objs(task.get("output")):
        if values.obj(item.get("type")).get("text") == name:
            return next((v for k, v in item.items() if k.startswith("value")), None)
    return None


def lease_of(task: Resource) -> dt.datetime | None:
    """Until when whoever is its owner has it to themselves."""
    for extension in values.objs(task.get("extension")):
        if extension.get("url") == LEASE:
            with_end = values.string(values.obj(extension.get("valuePeriod")).get("end"))
            try:
                return dt.datetime.fromisoformat(with_end)
            except ValueError:
                return None
    return None


def summary(command: AICommand) -> str:
    """One line for lists."""
    match command:
        case FlagAbnormalResult():
            return f"Flag a result ({command.severity}): {_cut(command.interpretation)}"
        case CreateEncounterNoteDraft():
            return f"Draft of a {command.note_type} note"
        case ProposeProblemListUpdate():
            verb = {"add": "Add to", "resolve": "Resolve on", "update": "Change on"}[command.action]
            return f"{verb} the problem list: {_cut(command.condition.display)} ({command.condition.code})"
        case SuggestBillingCodes():
            return _cut(f"Billing codes: {', '.join(c.code for c in command.suggested_codes)}")
        case QueueReferralLetter():
            return f"Referral to {_cut(command.specialty)} ({command.urgency})"
        case SuggestMedicationChange():
            return f"{command.action.capitalize()} {_cut(command.medication.display)}"
        case SummarizePatientHistory():
            return "Summary of the history"


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 120 else f"{line[:119]}…"


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "verdict": finding.verdict,
        "reason": finding.reason,
        "evidence": finding.evidence,
    }
