"""One piece of work done: a bot run, a rest-hook sent, or an execution that nobody waits for."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import orjson

from services.audit.executions import execution_event, now
from services.errors import Gone, NotFound
from services.fhir.repository import Resource, Stored
from services.runtime.execution import Call, execute
from services.runtime.jobs import run_job
from services.runtime.subscriptions.hooks import send
from services.runtime.subscriptions.matching import EXTENSION, extension_of
from services.runtime.subscriptions.queue import ASYNC, Work

if TYPE_CHECKING:
    from services.runtime.system import System

MAX_ATTEMPTS = f"{EXTENSION}subscription-max-attempts"
RETRIES, MOST_RETRIES = 3, 17


def deliver(system: System, work: Work) -> float | None:
    """None once it is done with; else after how many seconds to try again."""
    if work.subscription == ASYNC:
        run_job(system, work)
        return None
    subscription = system.repository.find(f"Subscription/{work.subscription}")
    if subscription is None or subscription.resource.get("status") != "active":
        return None
    resource = _version(system, work)
    if resource is None and work.interaction != "delete":
        return None
    endpoint = str((subscription.resource.get("channel") or {}).get("endpoint") or "")
    if endpoint.startswith("Bot/"):
        _run_bot(system, work, subscription, endpoint, resource)
        return None
    if work.attempts and not _current(system, work):
        return None  # overtaken: the later change has work of its own
    return _hook(system, work, subscription, endpoint, resource)


def _version(system: System, work: Work) -> Resource | None:
    """The resource as it was written; None for a deletion."""
    if work.interaction == "delete":
        return None
    resource_type, _, resource_id = work.reference.partition("/")
    try:
        return system.repository.vread(resource_type, resource_id, work.version).resource
    except (NotFound, Gone):
        return None


def _current(system: System, work: Work) -> bool:
    resource_type, _, resource_id = work.reference.partition("/")
    return system.repository.history(resource_type, resource_id)[0].version == work.version


def _run_bot(
    system: System, work: Work, subscription: Stored, endpoint: str, resource: Resource | None
) -> None:
    bot = system.repository.find(endpoint)
    requester = work.author or "System/unknown"
    if bot is None:
        _tell(system, work, subscription, f"{endpoint} does not exist", failed=True)
        return
    call = Call(
        resource if resource is not None else {"deletedResource": {"reference": work.reference}},
        "application/fhir+json",
        trace_id=str(uuid.uuid4()),
        subscription=subscription.reference,
        resource=work.reference,
        depth=work.depth,
    )
    execute(system, bot, call, system.accounts.member(requester), requester)


def _hook(
    system: System, work: Work, subscription: Stored, endpoint: str, resource: Resource | None
) -> float | None:
    deleted = work.reference if resource is None else None
    body = orjson.dumps(resource or {})
    answered = send(
        subscription.resource, subscription.id, endpoint, body, work.interaction, str(uuid.uuid4()), deleted
    )
    attempt = work.attempts + 1
    _tell(system, work, subscription, f"Attempt {attempt} {answered.text}", failed=not answered.good)
    if answered.good or attempt > _retries(subscription.resource):
        return None
    return float(2 ** (attempt - 1))


def _retries(subscription: Resource) -> int:
    """How often it is sent again after the first time (extension subscription-max-attempts)."""
    for extension in subscription.get("extension") or ():
        if isinstance(extension, dict) and extension.get("url") == MAX_ATTEMPTS:
            value = extension.get("valueInteger")
            if isinstance(value, int) and not isinstance(value, bool):
                return max(0, min(value, MOST_RETRIES))
    text = extension_of(subscription, MAX_ATTEMPTS, "valueString")
    return min(int(text), MOST_RETRIES) if text.isascii() and text.isdigit() else RETRIES


def _tell(system: System, work: Work, subscription: Stored, text: str, *, failed: bool) -> None:
    system.audit.keep(
        execution_event(
            "transmit", bot=None, requester=work.author, profile=None,
            about=[subscription.reference, work.reference], started=now(), failed=failed, log=text,
        )
    )  # fmt: skip
