"""Subscriptions as the page shows them: what is listened to, who is told, how far that is; checked before it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from services.accounts.roles import Principal
from services.console.timeline import Event, subscription_timeline
from services.errors import FabricError, InvalidInput
from services.fhir.criteria import any_of
from services.fhir.definitions import resource_types
from services.fhir.fhirpath import well_formed
from services.fhir.repository import Repository, Resource, Stored
from services.runtime.subscriptions.delivery import MAX_ATTEMPTS, MOST_RETRIES, RETRIES
from services.runtime.subscriptions.hooks import SECRET, may_be_called
from services.runtime.subscriptions.matching import FHIRPATH, INTERACTION, NEVER, extension_of
from services.runtime.system import system

INTERACTIONS = {
    "": "Created or changed",
    "create": "Created",
    "update": "Changed",
    "delete": "Deleted",
}
"""When a subscription listens, in the words of the screen."""
MOST_SENT_AGAIN = MOST_RETRIES


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form holds. `interaction` is a key of INTERACTIONS; `endpoint` Bot/<id> or an address; `sent_again` how
    often a call is tried once more; `secret` None leaves what there is, "" takes it away."""

    criteria: str = ""
    endpoint: str = ""
    interaction: str = ""
    fhirpath: str = ""
    reason: str = ""
    sent_again: int = RETRIES
    secret: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class SubscriptionLine:
    """One subscription. `target` is how its endpoint is called; `waiting` how many changes it has still to be told of;
    `trouble` why it can't work, "" where it can."""

    id: str
    wanted: Wanted
    status: str
    target: str
    bot: str | None
    has_secret: bool
    waiting: int
    last: Event | None
    trouble: str


def list_subscriptions(principal: Principal) -> list[SubscriptionLine]:
    """All of them, those that are on first, by criteria."""
    principal.require("administer")
    repository = system().repository_for(principal)
    found = repository.search("Subscription", [("_count", "1000")]).matches
    bots, waiting = bots_to_run(principal), system().queue.by_subscription()
    lines = [_line(principal, repository, stored, bots, waiting) for stored in found]
    return sorted(lines, key=lambda line: (line.status != "active", line.wanted.criteria, line.id))


def open_subscription(principal: Principal, subscription_id: str) -> SubscriptionLine:
    """Raises NotFound, or Gone where it was deleted."""
    principal.require("administer")
    repository = system().repository_for(principal)
    stored = repository.read("Subscription", subscription_id)
    return _line(principal, repository, stored, bots_to_run(principal), system().queue.by_subscription())


def bots_to_run(principal: Principal) -> dict[str, str]:
    """The bots that a subscription can run: name by reference."""
    principal.require("administer")
    found = system().repository_for(principal).search("Bot", [("_count", "1000"), ("_sort", "name")]).matches
    return {stored.reference: str(stored.resource.get("name") or stored.id) for stored in found}


def queue_line(principal: Principal) -> str:
    """How much waits over all subscriptions, and for how long."""
    principal.require("administer")
    state = system().queue.state()
    count, lag = int(state["waiting"]), state["lagSeconds"]
    if not count:
        return "Nothing waits: every change has been handed on."
    return f"{count:,} change{'s' if count != 1 else ''} wait{'s' if count == 1 else ''}, the oldest for {_lasting(lag)}."


def problems(principal: Principal, wanted: Wanted) -> dict[str, str]:
    """What has to be put right before it can be kept, by field; nothing where it can."""
    found = {
        "criteria": _wrong_criteria(wanted.criteria),
        "endpoint": _wrong_endpoint(system().repository_for(principal), wanted.endpoint),
        "fhirpath": ""
        if not wanted.fhirpath.strip() or well_formed(wanted.fhirpath.strip())
        else "This can't be read as one FHIRPath expression. Example: %current.active != %previous.active",
        "sent_again": "" if 0 <= wanted.sent_again <= MOST_RETRIES else f"0 to {MOST_RETRIES} times.",
    }
    return {field: problem for field, problem in found.items() if problem}


def matching(principal: Principal, criteria: str) -> int | None:
    """How many resources the criteria find in the record now; None where they can't be searched."""
    resource_type, _, query = criteria.strip().partition("?")
    params = [*parse_qsl(query, keep_blank_values=True), ("_count", "0"), ("_total", "accurate")]
    try:
        return system().repository_for(principal).search(resource_type, params).total
    except FabricError:
        return None


def save(principal: Principal, subscription_id: str | None, wanted: Wanted) -> str:
    """Keep a new or a changed one; gives its id. Raises InvalidInput where `problems` has any."""
    principal.require("administer")
    wrong = problems(principal, wanted)
    if wrong:
        raise InvalidInput(" ".join(wrong.values()))
    repository = system().repository_for(principal)
    with system().database.write():
        if subscription_id is None:
            new: Resource = {"resourceType": "Subscription"}
            return repository.create(_filled(new, wanted), author=principal.reference).id
        held = repository.read("Subscription", subscription_id).resource
        return repository.update(_filled(held, wanted), author=principal.reference)[0].id


def turn(principal: Principal, subscription_id: str, on: bool) -> None:
    """Pause it, or let it go on. What changed meanwhile is not told later."""
    principal.require("administer")
    repository = system().repository_for(principal)
    with system().database.write():
        held = repository.read("Subscription", subscription_id).resource
        repository.update({**held, "status": "active" if on else "off"}, author=principal.reference)


def delete(principal: Principal, subscription_id: str) -> None:
    principal.require("administer")
    system().repository_for(principal).delete("Subscription", subscription_id, author=principal.reference)


# Details


def _line(
    principal: Principal,
    repository: Repository,
    stored: Stored,
    bots: dict[str, str],
    waiting: dict[str, int],
) -> SubscriptionLine:
    resource = stored.resource
    channel = _channel(resource)
    endpoint = str(channel.get("endpoint") or "")
    wanted = Wanted(
        criteria=str(resource.get("criteria") or ""),
        endpoint=endpoint,
        interaction=extension_of(resource, INTERACTION, "valueCode"),
        fhirpath=extension_of(resource, FHIRPATH, "valueString"),
        reason=""
        if resource.get("reason") == resource.get("criteria")
        else str(resource.get("reason") or ""),
        sent_again=_sent_again(resource),
        active=resource.get("status") == "active",
    )
    last = subscription_timeline(principal, stored.id, 1)
    trouble = _wrong_criteria(wanted.criteria) or _wrong_endpoint(repository, endpoint)
    if channel.get("type") != "rest-hook":
        trouble = "Only channels of the type rest-hook are told of changes."
    return SubscriptionLine(
        id=stored.id,
        wanted=wanted,
        status=str(resource.get("status") or ""),
        target=bots.get(endpoint, endpoint) or "Nobody",
        bot=endpoint if endpoint in bots else None,
        has_secret=bool(extension_of(resource, SECRET, "valueString")),
        waiting=waiting.get(stored.id, 0),
        last=last[0] if last else None,
        trouble=trouble,
    )


def _wrong_criteria(criteria: str) -> str:
    resource_type, _, query = criteria.strip().partition("?")
    if not resource_type:
        return "Say what to listen to: a type such as Patient, or a search such as Observation?code=4548-4"
    if resource_type not in resource_types():
        return f"There is no resource type “{resource_type[:64]}”. Types begin with a capital: Patient, Observation."
    if resource_type in NEVER:
        return f"{resource_type} triggers nothing: it tells of what was triggered."
    try:
        any_of(resource_type, [parse_qsl(query, keep_blank_values=True)])
    except FabricError as error:
        return error.message
    return ""


def _wrong_endpoint(repository: Repository, endpoint: str) -> str:
    if not endpoint.strip():
        return "Choose a bot, or another server's address."
    if not endpoint.startswith("Bot/"):
        reason = may_be_called(endpoint.strip())
        return f"This address can't be called: {reason}." if reason else ""
    return "" if repository.find(endpoint) is not None else "The bot does not exist (any more)."


def _channel(resource: Resource) -> dict[str, Any]:
    channel = resource.get("channel")
    return channel if isinstance(channel, dict) else {}


def _sent_again(resource: Resource) -> int:
    for extension in resource.get("extension") or []:
        if isinstance(extension, dict) and extension.get("url") == MAX_ATTEMPTS:
            value = str(extension.get("valueInteger", extension.get("valueString")))
            if value.isdecimal():
                return min(int(value), MOST_RETRIES)
    return RETRIES


def _filled(held: Resource, wanted: Wanted) -> Resource:
    """The resource with what the form says; what the form doesn't know stays."""
    secret = wanted.secret if wanted.secret is not None else extension_of(held, SECRET, "valueString")
    ours: list[tuple[str, str, Any]] = [
        (INTERACTION, "valueCode", wanted.interaction),
        (FHIRPATH, "valueString", wanted.fhirpath.strip()),
        (SECRET, "valueString", secret),
        (MAX_ATTEMPTS, "valueInteger", wanted.sent_again if wanted.sent_again != RETRIES else None),
    ]
    urls = {url for url, _, _ in ours}
    others = [e for e in held.get("extension") or [] if not (isinstance(e, dict) and e.get("url") in urls)]
    extensions = others + [{"url": url, key: value} for url, key, value in ours if value not in ("", None)]
    changed = {
        **{k: v for k, v in held.items() if k != "extension"},
        "status": "active" if wanted.active else "off",
        "reason": wanted.reason.strip() or wanted.criteria.strip(),
        "criteria": wanted.criteria.strip(),
        "channel": {
            "payload": "application/fhir+json",
            **_channel(held),
            "type": "rest-hook",
            "endpoint": wanted.endpoint.strip(),
        },
    }
    return {**changed, "extension": extensions} if extensions else changed


def _lasting(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.0f} h"
