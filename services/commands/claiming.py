"""What happens to a proposal while it waits: somebody has it to themselves, is asked to decide, or has it judged anew."""

from __future__ import annotations

import datetime as dt

from services.accounts.roles import Principal
from services.commands.journal import Row
from services.commands.processor import Desk
from services.commands.rules import judge
from services.commands.schemas import AICommand, read_command
from services.commands.situation import checked_references
from services.commands.standing import may_decide, open_row, refuse, without_lease
from services.commands.tasks import LEASE, command_of, instant, person, proposal
from services.errors import InvalidInput
from services.fhir.repository import Repository, Stored


def claim(
    desk: Desk, task_id: str, who: Principal, repository: Repository, *, release: bool = False
) -> Stored:
    """Have a proposal to oneself for the policy's lease, or give it back. Raises as `decide`."""
    with desk.journal.database.write():
        task, _, _ = _waiting(desk, task_id, who, repository)
        changed = without_lease(task.resource)
        changed.pop("owner", None)
        rest = changed.pop("extension", [])
        if not release:
            end = desk.clock() + dt.timedelta(minutes=desk.policy.lease_minutes)
            changed["owner"] = person(who.reference, who.name)
            rest.append({"url": LEASE, "valuePeriod": {"start": instant(desk.clock()), "end": instant(end)}})
        if rest:
            changed["extension"] = rest
        return desk.record.update(changed, if_match=task.version, author=who.reference)[0]


def send(desk: Desk, task_id: str, to: str, name: str, who: Principal, repository: Repository) -> Stored:
    """Ask a certain colleague to decide. Others still may. Raises as `decide`; InvalidInput where there is no such person."""
    with desk.journal.database.write():
        task, _, _ = _waiting(desk, task_id, who, repository)
        if not to.startswith("Practitioner/") or desk.record.find(to) is None:
            raise InvalidInput("There is no such person to send it to.", details={"element": "owner"})
        changed = without_lease(task.resource)
        return desk.record.update(
            {**changed, "owner": person(to, name)}, if_match=task.version, author=who.reference
        )[0]


def renew(desk: Desk, task_id: str, who: Principal, repository: Repository) -> Stored:
    """Judge a proposal anew by the chart as it is now, and show that: its evidence and findings are those of today.

    Raises as `decide`; SafetyBlocked where a rule refuses it by now.
    """
    with desk.journal.database.write():
        task, row, proposed = _waiting(desk, task_id, who, repository)
        fresh = [{k: v for k, v in e.wire().items() if k != "version"} for e in proposed.evidence]
        command = read_command({**proposed.wire(), "evidence": fresh})
        situation = desk.situation(command, repository)
        evidence = list(checked_references(situation).values())
        judgement = judge(situation)
        if judgement.action == "block":
            refuse(desk, command, judgement, who, "By the chart as it is now")
        ends = dt.datetime.fromtimestamp(row.expires or desk.clock().timestamp(), dt.UTC)
        now = proposal(
            command, judgement.findings, evidence, policy=desk.policy.name, requester=row.requester,
            requester_name="", at=instant(desk.clock()), expires=ends,
        )  # fmt: skip
        changed = {**task.resource, "input": now["input"], "lastModified": now["lastModified"]}
        stored, _ = desk.record.update(changed, if_match=task.version, author=who.reference)
        desk.journal.renew(row, command.content_hash(), ends.timestamp())
        desk.tell("approval_requested", command, who, task=task.reference)
        return stored


def _waiting(
    desk: Desk, task_id: str, who: Principal, repository: Repository
) -> tuple[Stored, Row, AICommand]:
    """A proposal that waits and is theirs to decide on, as it is now."""
    task = repository.read("Task", task_id)
    row, command = open_row(desk, task), command_of(task.resource)
    may_decide(desk, task, row, command, who, repository)
    return task, row, command
