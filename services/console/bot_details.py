"""What a bot is given besides its code: name, policy, time, secrets; and its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.accounts.directory import PROJECT_ID
from services.accounts.policy import grants_of
from services.accounts.roles import Principal
from services.errors import InvalidInput
from services.fhir.repository import Repository, Resource, Stored
from services.runtime.execution import MOST_SECONDS, SECONDS, SECRET_OF
from services.runtime.registry import BUILT_IN
from services.runtime.system import system

TRIGGERS = {
    "always": "Every run",
    "on-error": "Runs that fail",
    "on-output": "Runs that print something",
    "never": "None",
}
"""Which runs the timeline keeps (auditEventTrigger)."""
MOST_NAME = 64


@dataclass(frozen=True, slots=True)
class Details:
    """`policy` is a reference, "" for none; `timeout` in seconds; `trigger` a key of TRIGGERS. `several_policies` tells
    that the membership names more than the one, or with parameters, which is changed by the API only."""

    name: str
    description: str
    policy: str
    timeout: float
    as_caller: bool
    trigger: str
    identifiers: tuple[str, ...] = ()
    several_policies: bool = False


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret's name; `shared` where every bot gets it."""

    name: str
    shared: bool


def details(principal: Principal, bot_id: str) -> Details:
    """Raises NotFound."""
    principal.require("administer")
    repository = system().repository_for(principal)
    resource = repository.read("Bot", bot_id).resource
    membership = _membership(repository, bot_id)
    granted = membership.resource if membership else {}
    grants = [reference for reference, _ in grants_of(granted)]
    timeout = resource.get("timeout")
    usable = isinstance(timeout, int | float) and not isinstance(timeout, bool) and timeout > 0
    return Details(
        name=str(resource.get("name") or ""),
        description=str(resource.get("description") or ""),
        policy=grants[0] if grants else "",
        timeout=min(float(timeout), MOST_SECONDS) if usable and timeout else SECONDS,
        as_caller=resource.get("runAsUser") is True,
        trigger=str(resource.get("auditEventTrigger") or "always"),
        identifiers=tuple(
            "|".join(str(i[k]) for k in ("system", "value") if i.get(k))
            for i in resource.get("identifier") or []
            if isinstance(i, dict)
        ),
        several_policies=bool(granted.get("access")),
    )


def change(principal: Principal, bot_id: str, wanted: Details) -> None:
    """Raises InvalidInput for what can't be, NotFound."""
    repository = _ours(principal, bot_id)
    if not wanted.name.strip():
        raise InvalidInput("A bot needs a name.")
    if not 1 <= wanted.timeout <= MOST_SECONDS:
        raise InvalidInput(f"A run takes 1 to {MOST_SECONDS:.0f} seconds.")
    with system().database.write():
        resource = repository.read("Bot", bot_id).resource
        changed = {
            **resource,
            "name": wanted.name.strip(),
            "description": wanted.description.strip(),
            "timeout": int(wanted.timeout),
            "runAsUser": wanted.as_caller,
            "auditEventTrigger": wanted.trigger,
        }
        if not changed["description"]:
            del changed["description"]
        repository.update(changed, author=principal.reference)
        _give_policy(principal, repository, bot_id, wanted.policy)


def _give_policy(principal: Principal, repository: Repository, bot_id: str, policy: str) -> None:
    membership = _membership(repository, bot_id)
    if membership is None or membership.resource.get("access"):
        return
    if policy and repository.find(policy) is None:
        raise InvalidInput("There is no such access policy any more.")
    changed = {k: v for k, v in membership.resource.items() if k != "accessPolicy"}
    if policy:
        changed["accessPolicy"] = {"reference": policy}
    repository.update(changed, author=principal.reference)


def _membership(repository: Repository, bot_id: str) -> Stored | None:
    found = repository.search("ProjectMembership", [("profile", f"Bot/{bot_id}"), ("_count", "1")]).matches
    return found[0] if found else None


# Secrets


def secrets(principal: Principal, bot_id: str) -> list[Secret]:
    """The names of what the bot gets as `event.secrets`; what they hold is never shown."""
    principal.require("administer")
    found = []
    for secret in _entries(_project(system().repository_for(principal))):
        only = _only_for(secret)
        if isinstance(secret.get("name"), str) and (not only or f"Bot/{bot_id}" in only):
            found.append(Secret(secret["name"], not only))
    return sorted(found, key=lambda s: s.name)


def add_secret(principal: Principal, bot_id: str, name: str, value: str) -> None:
    """Give the bot a secret, or another value for it. Raises InvalidInput."""
    repository = _ours(principal, bot_id)
    name = name.strip()
    if not name or len(name) > MOST_NAME or not name.isprintable():
        raise InvalidInput(f"A secret's name has 1 to {MOST_NAME} characters.")
    if not value:
        raise InvalidInput("Type what the secret holds.")
    entry = {
        "name": name,
        "valueString": value,
        "extension": [{"url": SECRET_OF, "valueReference": {"reference": f"Bot/{bot_id}"}}],
    }
    with system().database.write():
        project = _project(repository)
        kept = [s for s in _entries(project) if s.get("name") != name or f"Bot/{bot_id}" not in _only_for(s)]
        repository.update({**project, "secret": [*kept, entry]}, author=principal.reference)


def remove_secret(principal: Principal, bot_id: str, name: str) -> None:
    """Take a secret of this bot's own from it."""
    repository = _ours(principal, bot_id)
    with system().database.write():
        _drop_secrets(principal, repository, bot_id, name)


def _drop_secrets(principal: Principal, repository: Repository, bot_id: str, name: str | None = None) -> None:
    project = _project(repository)
    held = _entries(project)
    kept = [s for s in held if _only_for(s) != [f"Bot/{bot_id}"] or name not in (None, s.get("name"))]
    if len(kept) < len(held):
        changed = {k: v for k, v in project.items() if k != "secret"}
        repository.update({**changed, "secret": kept} if kept else changed, author=principal.reference)


def _project(repository: Repository) -> Resource:
    return repository.read("Project", PROJECT_ID).resource


def _entries(project: Resource) -> list[dict[str, Any]]:
    return [s for s in project.get("secret") or [] if isinstance(s, dict)]


def _only_for(secret: dict[str, Any]) -> list[str]:
    found = [e.get("valueReference", {}).get("reference") for e in secret.get("extension") or []
             if isinstance(e, dict) and e.get("url") == SECRET_OF]  # fmt: skip
    return [str(reference) for reference in found]


# The end


def listeners(principal: Principal, bot_id: str) -> list[Stored]:
    """The subscriptions that run the bot."""
    principal.require("administer")
    found = system().repository_for(principal).search("Subscription", [("_count", "1000")]).matches
    return [s for s in found if (s.resource.get("channel") or {}).get("endpoint") == f"Bot/{bot_id}"]


def delete(principal: Principal, bot_id: str) -> None:
    """End a bot: its membership and secrets with it, and the subscriptions that ran it are off."""
    repository = _ours(principal, bot_id)
    with system().database.write():
        for subscription in listeners(principal, bot_id):
            repository.update({**subscription.resource, "status": "off"}, author=principal.reference)
        _drop_secrets(principal, repository, bot_id)
        membership = _membership(repository, bot_id)
        if membership is not None:
            repository.delete("ProjectMembership", membership.id, author=principal.reference)
        repository.delete("Bot", bot_id, author=principal.reference)


def _ours(principal: Principal, bot_id: str) -> Repository:
    """The record, to change a bot in. Raises NotFound, and InvalidInput for one of the console's own."""
    principal.require("administer")
    if bot_id in BUILT_IN:
        raise InvalidInput("This bot is part of the console and can't be changed.")
    repository = system().repository_for(principal)
    repository.read("Bot", bot_id)
    return repository
