"""Executions that nobody waits for (`Prefer: respond-async`): an AsyncJob, and the work that fills it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from services.accounts.roles import Principal
from services.audit.executions import now
from services.errors import FabricError
from services.fhir.bundles import outcome
from services.fhir.repository import Resource, Stored
from services.runtime.calls import OK
from services.runtime.execution import Call, Ended, execute, find_bot
from services.runtime.subscriptions.queue import ASYNC, Work

if TYPE_CHECKING:
    from services.runtime.system import System


def begin_job(system: System, bot: Stored, call: Call, who: Principal, address: str) -> Stored:
    """The AsyncJob, and its work in the queue, in one transaction."""
    with system.database.write():
        job = system.repository.create(
            {"resourceType": "AsyncJob", "status": "accepted", "requestTime": now(), "request": address},
            author=who.reference,
        )
        content = {
            "input": call.input,
            "contentType": call.content_type,
            "headers": call.headers,
            "trace": call.trace_id,
        }
        system.queue.add(
            job.reference, ASYNC, f"{bot.reference} {job.id}", who.reference, orjson.dumps(content)
        )
    system.subscriptions.wake()
    return job


def run_job(system: System, work: Work) -> None:
    """Execute it and note the result. What was cancelled meanwhile is left alone."""
    reference, _, job_id = work.reference.partition(" ")
    job = system.repository.find(f"AsyncJob/{job_id}")
    if job is None or job.resource.get("status") not in ("accepted", "active"):
        return
    content = orjson.loads(work.input or b"{}")
    call = Call(content.get("input"), content["contentType"], content["headers"], content["trace"])
    who = system.accounts.member(work.author or "")
    try:
        if who is None:
            ended = Ended(outcome={"resourceType": "OperationOutcome", "issue": [
                {"severity": "error", "code": "forbidden", "details": {"text": "Whoever asked may not sign in any more."}}]})  # fmt: skip
        else:
            bot = find_bot(system.repository_for(who), reference.partition("/")[2], None)
            ended = execute(system, bot, call, who, who.reference)
    except FabricError as error:
        ended = Ended(outcome=outcome(error))
    done = {**job.resource, "status": "error" if ended.failed else "completed", "transactionTime": now(),
            "output": {"resourceType": "Parameters", "parameter": _parameters(ended)}}  # fmt: skip
    system.repository.update(done, author=work.author)


def _parameters(ended: Ended) -> list[Resource]:
    found: list[Resource] = [{"name": "outcome", "resource": ended.outcome or OK}]
    if ended.returned:
        found.append({"name": "responseBody", **_value(ended.value)})
    return found


def _value(value: Any) -> Resource:
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, int) and abs(value) < 2**31:
        return {"valueInteger": value}
    if isinstance(value, float | int):
        return {"valueDecimal": value}
    if isinstance(value, dict) and isinstance(value.get("resourceType"), str):
        return {"resource": value}
    return {"valueString": value if isinstance(value, str) else orjson.dumps(value).decode()}
