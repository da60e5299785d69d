"""What was run and called, as the audit has it, in the words of the screen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import orjson

from services.accounts.roles import Principal
from services.console.dates import show_moment
from services.fhir.repository import Repository, Resource
from services.runtime.system import system


@dataclass(frozen=True, slots=True)
class Event:
    """One run of a bot or one call of another server. `about` are the references that it concerned, without the bot
    and the subscription; `seconds` how long it took."""

    id: str
    when: str
    what: str
    failed: bool
    requester: str
    ran_as: str
    bot: str | None
    subscription: str | None
    about: tuple[str, ...]
    seconds: float | None
    log: str


def bot_timeline(principal: Principal, bot_id: str, limit: int = 20) -> list[Event]:
    """A bot's runs, newest first."""
    return _events(principal, "source", f"Bot/{bot_id}", limit)


def subscription_timeline(principal: Principal, subscription_id: str, limit: int = 20) -> list[Event]:
    """The runs and calls that a subscription led to, newest first."""
    return _events(principal, "entity", f"Subscription/{subscription_id}", limit)


def names(repository: Repository) -> dict[str, str]:
    """How members are called, by reference."""
    found = repository.search("ProjectMembership", [("_count", "1000")]).matches
    profiles = [stored.resource.get("profile") or {} for stored in found]
    return {str(p.get("reference")): str(p.get("display") or p.get("reference")) for p in profiles}


def event_json(principal: Principal, event_id: str) -> str:
    """The AuditEvent itself. Raises NotFound."""
    principal.require("administer")
    resource = system().repository_for(principal).read("AuditEvent", event_id).resource
    return orjson.dumps(resource, option=orjson.OPT_INDENT_2).decode()


def _events(principal: Principal, parameter: str, reference: str, limit: int) -> list[Event]:
    principal.require("administer")
    repository = system().repository_for(principal)
    params = [(parameter, reference), ("_sort", "-date"), ("_count", str(limit))]
    found = repository.search("AuditEvent", params).matches
    known = names(repository) if limit > 1 else {}
    return [_event(stored.id, stored.resource, known) for stored in found]


def _event(event_id: str, resource: Resource, known: dict[str, str]) -> Event:
    def named(who: Any) -> str:
        who = who if isinstance(who, dict) else {}
        reference = str(who.get("reference") or "")
        return known.get(reference) or str(who.get("display") or reference or "Not Known")

    agents = [a for a in resource.get("agent") or [] if isinstance(a, dict)]
    about = [str((e.get("what") or {}).get("reference") or "") for e in resource.get("entity") or []]
    code = (resource.get("type") or {}).get("code")
    return Event(
        id=event_id,
        when=show_moment(resource.get("recorded"), system().settings.timezone),
        what={"execute": "Run", "transmit": "Call"}.get(str(code), str(code)),
        failed=resource.get("outcome") != "0",
        requester=named(next((a.get("who") for a in agents if a.get("requestor")), None)),
        ran_as=next((named(a.get("who")) for a in agents if not a.get("requestor")), ""),
        bot=next((r for r in about if r.startswith("Bot/")), None),
        subscription=next((r for r in about if r.startswith("Subscription/")), None),
        about=tuple(r for r in about if r and not r.startswith(("Bot/", "Subscription/"))),
        seconds=_seconds(resource.get("period")),
        log=str(resource.get("outcomeDesc") or ""),
    )


def _seconds(period: Any) -> float | None:
    try:
        start, end = (dt.datetime.fromisoformat(period[key]) for key in ("start", "end"))
        return max(0.0, (end - start).total_seconds())
    except (KeyError, TypeError, ValueError):
        return None
