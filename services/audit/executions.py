"""Executions of bots and calls of hooks as AuditEvents, in Medplum's shape: what ran, as whom, how it ended."""

from __future__ import annotations

from collections.abc import Sequence

from services.audit.shapes import HERE
from services.audit.shapes import now as now
from services.fhir.repository import Resource

SYSTEM = "https://medplum.com/CodeSystem/audit-event"
ROLES = "http://terminology.hl7.org/CodeSystem/object-role"
LOG_BYTES = 10 * 1024
_ROLE = {"Patient": "1", "Subscription": "9"}


def execution_event(
    code: str,
    *,
    bot: str | None,
    requester: str | None,
    profile: str | None,
    about: Sequence[str],
    started: str,
    failed: bool,
    log: str,
) -> Resource:
    """`code` is execute or transmit; `about` the references it concerns; `log` what was printed, of which the
    last 10 KiB are kept."""
    agents: list[Resource] = [_agent(requester, True)]
    if profile:
        agents.append(_agent(profile, False))
    observer = {"reference": bot} if bot else {"display": HERE}
    event: Resource = {
        "resourceType": "AuditEvent",
        "type": {"system": SYSTEM, "code": code},
        "action": "E",
        "period": {"start": started, "end": now()},
        "recorded": now(),
        "outcome": "4" if failed else "0",
        "agent": agents,
        "source": {"observer": observer},
        "entity": [
            {"what": {"reference": r}, "role": {"system": ROLES, "code": _ROLE.get(r.partition("/")[0], "4")}}
            for r in about
        ],
    }
    tail = log.encode("utf-8", "replace")[-LOG_BYTES:].decode("utf-8", "ignore").strip()
    if tail:
        event["outcomeDesc"] = tail
    return event


def _agent(reference: str | None, requestor: bool) -> Resource:
    agent: Resource = {"requestor": requestor, "who": _who(reference)}
    return {**agent, "altId": reference} if reference else agent


def _who(reference: str | None) -> Resource:
    if reference and reference.count("/") == 1 and not reference.startswith("System/"):
        return {"reference": reference}
    return {"display": reference or "unknown"}
