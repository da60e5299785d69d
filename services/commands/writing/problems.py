"""ProposeProblemListUpdate: a Condition is added, resolved or changed."""

from __future__ import annotations

from services.commands.problem_list import matching
from services.commands.schemas import ProposeProblemListUpdate
from services.commands.writing.model import Change, Making, made, subject
from services.errors import InvalidInput
from services.fhir.repository import Resource

_TERMS = "http://terminology.hl7.org/CodeSystem/"
_ENDED = frozenset(["inactive", "remission", "resolved"])


def problem(command: ProposeProblemListUpdate, making: Making) -> list[Change]:
    """Raises InvalidInput where the problem to be changed is not on the list, or is there several times."""
    if command.action == "add":
        return [Change(_added(command, making))]
    found = matching(making.chart, command.condition)
    if command.action == "resolve":
        found = [e for e in found if e.extra.get("clinical") not in _ENDED]
    if len(found) != 1:
        raise InvalidInput(f"condition: the problem list holds {len(found)} problems of this code, not one.")
    entry = found[0]
    status = command.clinical_status or ("resolved" if command.action == "resolve" else None)
    resource: Resource = dict(entry.resource)
    if status:
        resource["clinicalStatus"] = _status(status)
        if status in _ENDED and not any(k.startswith("abatement") for k in resource):
            resource["abatementDateTime"] = making.at
        if status not in _ENDED:
            resource = {k: v for k, v in resource.items() if not k.startswith("abatement")}
    if command.action == "update":
        code = dict(resource.get("code") or {})
        others = [c for c in code.get("coding") or () if c.get("system") != command.condition.system]
        resource["code"] = {
            **code,
            "coding": [command.condition.coding(), *others],
            "text": command.condition.display,
        }
    if command.reasoning:
        resource["note"] = [*(resource.get("note") or ()), {"time": making.at, "text": command.reasoning}]
    return [Change(resource, replaces=entry.version)]


def _added(command: ProposeProblemListUpdate, making: Making) -> Resource:
    status = command.clinical_status or "active"
    person = making.person()
    return made(
        command, 1, "Condition",
        clinicalStatus=_status(status),
        verificationStatus={"coding": [{"system": f"{_TERMS}condition-ver-status",
                                        "code": "confirmed" if making.approver else "unconfirmed"}]},
        category=[{"coding": [{"system": f"{_TERMS}condition-category", "code": "problem-list-item",
                               "display": "Problem List Item"}]}],
        code={"coding": [command.condition.coding()], "text": command.condition.display},
        subject=subject(command),
        recordedDate=making.at,
        abatementDateTime=making.at if status in _ENDED else None,
        recorder={"reference": person} if person else None,
        note=[{"time": making.at, "text": command.reasoning}] if command.reasoning else None,
    )  # fmt: skip


def _status(code: str) -> dict[str, list[dict[str, str]]]:
    return {"coding": [{"system": f"{_TERMS}condition-clinical", "code": code}]}
