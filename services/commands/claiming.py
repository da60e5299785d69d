"""What happens to a proposal while it waits: somebody has it to themselves, is asked to decide, or has it judged anew."""

from __future__ import annotations

import datetime as dt

from services.accounts.roles import Principal
from services.commands.processor import Desk, told
from services.commands.rules import judge
from services.commands.schemas import read_command
from services.commands.situation import checked_references
from services.commands.standing import may_decide, open_row, tell_block, without_lease
from services.commands.tasks import LEASE, command_of, instant, person, proposal
from services.errors import InvalidInput, SafetyBlocked
from services.fhir.repository import Repository, Stored


def claim(
    desk: Desk, task_id: str, who: Principal, repository: Repository, *, release: bool = False
) -> Stored:
    """Have a proposal to oneself for the policy's lease, or give it back. Raises as `decide`."""
    with desk.journal.database.write():
        task = repository.read("Task", task_id)
        row = open_row(desk, task)
        may_decide(desk, task, row, command_of(task.resource), who, repository)
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
        task = repository.read("Task", task_id)
        row = open_row(desk, task)
        may_decide(desk, task, row, command_of(task.resource), who, repository)
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
        task = repository.read("Task", task_id)
        row = open_row(desk, task)
        command = command_of(task.resource)
        may_decide(desk, task, row, command, who, repository)
        fresh = [{**e.wire(), "version": None} for e in command.evidence]
        wire = {**command.wire(), "evidence": [{k: v for k, v in e.items() if v is not None} for e in fresh]}
        command = read_command(wire)
        situation = desk.situation(command, repository)
        evidence = list(checked_references(situation).values())
        judgement = judge(situation)
        if judgement.action == "block":
            desk.journal.database.afterwards(lambda: tell_block(desk, command, judgement, who))
            reason = " ".join(dict.fromkeys(f.reason for f in judgement.blocks))
            raise SafetyBlocked(
                f"By the chart as it is now: {reason}", details={"rules": told(judgement.blocks)}
            )
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
