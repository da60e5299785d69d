"""Bots as the page shows them: which there are, what runs, and making, saving and deploying them."""

from __future__ import annotations

from dataclasses import dataclass

from services.accounts.policy import grants_of
from services.accounts.roles import Principal
from services.console.bot_code import Code, read_code, told
from services.console.dates import show_moment
from services.console.timeline import Event, bot_timeline
from services.errors import FabricError, PreconditionFailed
from services.fhir.repository import Repository, Resource, Stored
from services.runtime import bots as runtime
from services.runtime.registry import BUILT_IN
from services.runtime.sandbox import language
from services.runtime.system import system

LANGUAGES = {"Python": "bot.py", "JavaScript": "bot.js", "TypeScript": "bot.ts"}
"""What a bot can be written in, with the name of its file."""
TEMPLATES = {
    "Python": """from medplum import get_reference_string


def handler(medplum, event):
    # What is printed is the log; what is returned is the answer.
    if isinstance(event.input, dict) and event.input.get("id"):
        print("Got", get_reference_string(event.input))
    else:
        print("Got", event.contentType)
    return True
""",
    "JavaScript": """import { getReferenceString } from "@medplum/core";

export async function handler(medplum, event) {
  // What is printed is the log; what is returned is the answer.
  if (event.input?.id) {
    console.log("Got", getReferenceString(event.input));
  } else {
    console.log("Got", event.contentType);
  }
  return true;
}
""",
    "TypeScript": """import { BotEvent, getReferenceString, MedplumClient } from "@medplum/core";

export async function handler(medplum: MedplumClient, event: BotEvent): Promise<boolean> {
  // What is printed is the log; what is returned is the answer.
  if (event.input?.id) {
    console.log("Got", getReferenceString(event.input));
  } else {
    console.log("Got", event.contentType);
  }
  return true;
}
""",
}


@dataclass(frozen=True, slots=True)
class BotLine:
    """One bot of the list. `runs` says what runs; `differs` that something else is saved; `last` is its latest run."""

    id: str
    name: str
    description: str
    language: str
    built_in: bool
    runs: str
    differs: bool
    policy: str
    last: Event | None


@dataclass(frozen=True, slots=True)
class BotView:
    """One bot, opened. `saved` and `deployed` are None where there is no such code."""

    line: BotLine
    resource: Resource
    saved: Code | None
    deployed: Code | None


def list_bots(principal: Principal) -> list[BotLine]:
    """All bots, ours first, each group by name."""
    principal.require("administer")
    repository = system().repository_for(principal)
    found = repository.search("Bot", [("_count", "1000")]).matches
    policies = _policies_of_bots(repository)
    lines = [_line(principal, repository, stored, policies) for stored in found]
    return sorted(lines, key=lambda line: (line.built_in, line.name.casefold(), line.id))


def open_bot(principal: Principal, bot_id: str) -> BotView:
    """Raises NotFound, or Gone where it was deleted."""
    principal.require("administer")
    repository = system().repository_for(principal)
    stored = repository.read("Bot", bot_id)
    resource = stored.resource
    line = _line(principal, repository, stored, _policies_of_bots(repository))
    return BotView(
        line, resource, read_code(resource.get("sourceCode")), read_code(resource.get("executableCode"))
    )


def policies(principal: Principal) -> dict[str, str]:
    """The access policies that a bot may be given: name by reference."""
    principal.require("administer")
    found = system().repository_for(principal).search("AccessPolicy", [("_count", "1000")]).matches
    return {stored.reference: str(stored.resource.get("name") or stored.id) for stored in found}


def create(principal: Principal, name: str, description: str, written_in: str, policy: str | None) -> str:
    """A bot with a template that works, in one of LANGUAGES; gives its id."""
    made = runtime.create_bot(
        system(),
        principal,
        name,
        description,
        policy,
        filename=LANGUAGES[written_in],
        code=TEMPLATES[written_in],
    )
    return made.id


def save(principal: Principal, bot_id: str, text: str, filename: str, seen: str | None = None) -> None:
    """Keep the code without running it. `seen` is where the code that was edited is stored (`Code.at`): raises
    PreconditionFailed where somebody has saved other code since; None saves over it."""
    with system().database.write():
        now = open_bot(principal, bot_id).saved
        if seen is not None and now is not None and seen != now.at and now.text != text:
            raise PreconditionFailed("Somebody has saved other code since you opened this bot.")
        runtime.save_code(system(), principal, bot_id, text, filename)


def deploy(principal: Principal, bot_id: str) -> None:
    """What was saved last becomes what runs. Raises InvalidInput with the line that doesn't load."""
    runtime.deploy(system(), principal, bot_id)


def deploy_version(principal: Principal, bot_id: str, code: Code) -> None:
    """What an earlier version held runs again. What is saved stays, so that no work is lost."""
    runtime.deploy(system(), principal, bot_id, code.text, code.filename)


def language_of(filename: str, content_type: str = "") -> str:
    """Python, JavaScript or TypeScript, by the file's name or else its content type; "" where neither tells."""
    try:
        ending = language(filename, content_type)
    except ValueError:
        return ""
    return {".py": "Python", ".ts": "TypeScript", ".tsx": "TypeScript"}.get(ending, "JavaScript")


def _line(principal: Principal, repository: Repository, stored: Stored, policies: dict[str, str]) -> BotLine:
    resource = stored.resource
    built_in = stored.id in BUILT_IN
    source, runs = (resource.get(key) if isinstance(resource.get(key), dict) else None
                    for key in ("sourceCode", "executableCode"))  # fmt: skip
    code = runs or source or {}
    last = bot_timeline(principal, stored.id, 1)
    return BotLine(
        id=stored.id,
        name=str(resource.get("name") or stored.id),
        description=str(resource.get("description") or ""),
        language="Python" if built_in else language_of(str(code.get("title") or ""), str(code.get("contentType") or "")),
        built_in=built_in,
        runs="Part of the console" if built_in else _runs(repository, stored),
        differs=not built_in and _text(source) != _text(runs),
        policy=policies.get(stored.reference, "") if not built_in else "That of whoever calls it",
        last=last[0] if last else None,
    )  # fmt: skip


def _text(attachment: Resource | None) -> tuple[str, str] | None:
    code = read_code(attachment)
    return (code.text, code.filename) if code else None


def _runs(repository: Repository, stored: Stored) -> str:
    """Which version runs, and since when."""
    if not isinstance(stored.resource.get("executableCode"), dict):
        return "Nothing: not deployed"
    try:
        history = [s for s in repository.history("Bot", stored.id) if s.body is not None]
    except FabricError:
        return "Deployed"
    deployed = [(n, s) for n, (s, what, _) in enumerate(told(history), 1) if what == "Deployed"]
    if not deployed:
        return f"Version 1, {show_moment(stored.updated, system().settings.timezone)}"
    number, version = deployed[-1]
    return f"Version {number}, {show_moment(version.updated, system().settings.timezone)}"


def _policies_of_bots(repository: Repository) -> dict[str, str]:
    """The names of each bot's access policies, by the bot's reference."""
    known = {s.reference: str(s.resource.get("name") or s.id)
             for s in repository.search("AccessPolicy", [("_count", "1000")]).matches}  # fmt: skip
    found = {}
    for membership in repository.search("ProjectMembership", [("_count", "1000")]).matches:
        profile = str((membership.resource.get("profile") or {}).get("reference") or "")
        if profile.startswith("Bot/"):
            held = [known.get(reference, reference) for reference, _ in grants_of(membership.resource)]
            found[profile] = ", ".join(held)
    return found
