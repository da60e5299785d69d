"""Bots as resources: created with a membership, saved, deployed (medplum.com/docs/bots), and the built-in ones."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from services.accounts.roles import Principal
from services.errors import InvalidInput
from services.fhir.repository import Resource, Stored
from services.runtime import sandbox
from services.runtime.execution import RUNTIMES, code_of
from services.runtime.registry import BUILT_IN, BuiltInBot

if TYPE_CHECKING:
    from services.runtime.system import System

TEMPLATE = """export async function handler(medplum, event) {
  // Your code here
}
"""
MEDIA = {".py": "text/x-python", ".ts": "text/typescript", ".tsx": "text/typescript"}
MOST_CODE = 2 * 1024 * 1024


def create_bot(
    system: System,
    who: Principal,
    name: Any,
    description: Any = None,
    policy: Any = None,
    runtime: Any = None,
    filename: str = "index.ts",
    code: str = TEMPLATE,
) -> Stored:
    """A bot with its first source and its membership. `policy` is a reference or its text. Administrators only."""
    who.require("administer")
    if not isinstance(name, str) or not name.strip():
        raise InvalidInput("A bot needs a name.", details={"element": "name"})
    if runtime not in (None, *RUNTIMES):
        raise InvalidInput(
            f"runtimeVersion is {' or '.join(RUNTIMES)}.", details={"element": "runtimeVersion"}
        )
    reference = policy.get("reference") if isinstance(policy, dict) else policy
    if reference is not None and (
        not isinstance(reference, str)
        or not reference.startswith("AccessPolicy/")
        or system.repository.find(reference) is None
    ):
        raise InvalidInput("There is no such access policy.", details={"element": "accessPolicy"})
    repository = system.repository_for(who)
    with system.database.write():
        resource: Resource = {
            "resourceType": "Bot",
            "name": name.strip(),
            "runtimeVersion": runtime or RUNTIMES[0],
            "sourceCode": _stored_code(system, who, code, filename),
        }
        if isinstance(description, str) and description.strip():
            resource["description"] = description.strip()
        bot = repository.create(resource, author=who.reference)
        system.directory.join(bot.reference, bot.reference, name.strip(), policy=reference)
    return bot


def save_code(system: System, who: Principal, bot_id: str, code: str, filename: str) -> Stored:
    """The code that is edited; what runs stays what was deployed."""
    with system.database.write():
        return _with_code(system, who, bot_id, "sourceCode", code, filename)


def deploy(system: System, who: Principal, bot_id: str, code: Any = None, filename: Any = None) -> Stored:
    """The code, or what was saved last, becomes what runs: a new version of the bot.

    Raises InvalidInput where there is no code, or where it doesn't load, with its line.
    """
    who.require("administer")
    bot = system.repository_for(who).read("Bot", bot_id)
    _not_built_in(bot_id)
    if code is None:
        code, filename = code_of(system.repository, bot.resource.get("sourceCode"))
    if not isinstance(code, str) or not code.strip():
        raise InvalidInput("Bot missing executable code")
    name = _filename(filename)
    try:
        sandbox.check(code, name)
    except ValueError as error:
        raise InvalidInput(f"{name}: {error}") from error
    with system.database.write():
        return _with_code(system, who, bot_id, "executableCode", code, name)


def _with_code(system: System, who: Principal, bot_id: str, element: str, code: str, filename: str) -> Stored:
    who.require("administer")
    _not_built_in(bot_id)
    repository = system.repository_for(who)
    bot = repository.read("Bot", bot_id)
    changed = {**bot.resource, element: _stored_code(system, who, code, filename)}
    return repository.update(changed, author=who.reference)[0]


def _stored_code(system: System, who: Principal, code: str, filename: str) -> Resource:
    content = code.encode("utf-8", "replace")
    if len(content) > MOST_CODE:
        raise InvalidInput(f"A bot's code has up to {MOST_CODE // 1024 // 1024} MiB.")
    name = _filename(filename)
    media = MEDIA.get(name[name.rfind(".") :], "text/javascript")
    binary = system.repository_for(who).create(
        {"resourceType": "Binary", "contentType": media, "data": base64.b64encode(content).decode()},
        author=who.reference,
    )
    return {"contentType": media, "url": binary.reference, "title": name}


def _filename(value: Any) -> str:
    name = str(value or "index.js").rpartition("/")[2][:100]
    try:
        sandbox.language(name)
    except ValueError as error:
        raise InvalidInput(f"{error}.", details={"element": "filename"}) from error
    return name


def _not_built_in(bot_id: str) -> None:
    if bot_id in BUILT_IN:
        raise InvalidInput("This bot is part of the console; its code can't be changed.")


def resource_of(bot: BuiltInBot) -> Resource:
    """A built-in bot as the record holds it."""
    return {
        "resourceType": "Bot",
        "id": bot.id,
        "identifier": [{"system": "https://fabric.example/bots", "value": bot.name}],
        "name": bot.name,
        "description": bot.description,
        "runtimeVersion": RUNTIMES[0],
    }


def keep_built_in(system: System) -> None:
    """The built-in bots as resources, so that they are found, called and listened to like others."""
    for bot in BUILT_IN.values():
        if system.repository.find(f"Bot/{bot.id}") is None:
            system.repository.update(resource_of(bot), create_missing=True, author="System/bots")
            system.directory.join(f"Bot/{bot.id}", f"Bot/{bot.id}", bot.name)
