"""One execution of a bot: its code in the sandbox, under its own membership and access policy, told to the audit."""

from __future__ import annotations

import base64
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from services.accounts.roles import Principal
from services.audit.executions import execution_event, now
from services.bots.context import Message
from services.errors import FabricError, InvalidInput, NotFound
from services.fhir.bundles import outcome
from services.fhir.definitions import split_reference
from services.fhir.repository import Repository, Resource, Stored
from services.runtime import sandbox
from services.runtime.calls import BotCaller, Nested
from services.runtime.registry import BUILT_IN
from services.runtime.sandbox import Limits, OutcomeError, Place

if TYPE_CHECKING:
    from services.runtime.system import System

RUNTIMES = ("vmcontext", "awslambda")
SECONDS, MOST_SECONDS = 10.0, 60.0
MOST_NESTED = 2
SECRET_OF = "https://fabric.example/fhir/StructureDefinition/secret-bot"
"""Extension of an entry of Project.secret: the one bot (valueReference) that gets it."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a bot is called with. `input` as its content type says: a JSON value, or text."""

    input: Any
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    trace_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    subscription: str | None = None
    resource: str | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Ended:
    """How it ended. `outcome` is the OperationOutcome of a failure."""

    value: Any = None
    returned: bool = False
    log: str = ""
    outcome: Resource | None = None

    @property
    def failed(self) -> bool:
        return self.outcome is not None


@dataclass(frozen=True, slots=True)
class Executed:
    """What a built-in bot answered to a caller, for whoever follows `System.executed`: they must not keep the call waiting.
    `at` is the moment (FHIR instant) that it began at, `version` that of the Bot resource."""

    bot: str
    version: str
    input: Any
    output: Message
    caller: Principal | None
    at: str
    millis: float


def find_bot(repository: Repository, bot_id: str | None, identifier: str | None) -> Stored:
    """The bot as its caller may see it. Raises NotFound, Gone, Forbidden, InvalidInput."""
    if bot_id:
        return repository.read("Bot", bot_id)
    if not identifier:
        raise InvalidInput("Must specify bot ID or identifier.")
    found = repository.search("Bot", [("identifier", identifier), ("_count", "2")]).matches
    if not found:
        raise NotFound("There is no bot with this identifier.")
    if len(found) > 1:
        raise InvalidInput("Several bots have this identifier; call one by its id.")
    return found[0]


def principal_of(system: System, bot: Stored) -> Principal:
    """Whom a bot acts as. Raises InvalidInput where it has no membership: it was not made by an administrator."""
    if system.directory.membership(bot.reference) is None:
        raise InvalidInput("Unsupported bot runtime")
    return Principal(bot.id, "bot", str(bot.resource.get("name") or bot.id), "clinician")


def execute(
    system: System, bot: Stored, call: Call, caller: Principal | None, requester: str, nested: int = 0
) -> Ended:
    """Run the bot. A user's bot that fails is an Ended with an outcome; a built-in one raises its FabricError.

    `caller` is who asked, where it is a member; `requester` how they are named.
    """
    started, profile, ended = now(), None, None
    if bot.id in BUILT_IN:
        profile = caller or Principal(bot.id, "bot", BUILT_IN[bot.id].name, "clinician")
        profile.require(BUILT_IN[bot.id].permission)
    try:
        if bot.id in BUILT_IN and profile:
            begun = time.perf_counter()
            made = BUILT_IN[bot.id].handler(system.context(profile), call.input)
            millis = 1000 * (time.perf_counter() - begun)
            ended = Ended(made.wire(), True)
            if call.subscription is None:
                told = Executed(bot.id, bot.version, call.input, made, caller, started, millis)
                for follow in system.executed:
                    follow(told)
            return ended
        as_caller = bot.resource.get("runAsUser") is True and caller is not None
        profile = caller if as_caller and caller else principal_of(system, bot)
        ended = _run(system, bot, call, profile, requester, nested)
        return ended
    except FabricError as error:
        ended = Ended(outcome=outcome(error), log=error.message)
        if bot.id in BUILT_IN:
            raise
        return ended
    finally:
        _tell(system, bot, call, requester, profile, started, ended)


def _run(system: System, bot: Stored, call: Call, profile: Principal, requester: str, nested: int) -> Ended:
    resource = bot.resource
    if resource.get("runtimeVersion") not in RUNTIMES:
        raise InvalidInput("Unsupported bot runtime")
    code, filename = code_of(system.repository, resource.get("executableCode"))
    if code is None:
        raise InvalidInput("No executable code")
    event = {
        "bot": {"reference": bot.reference, "display": resource.get("name")},
        "requester": {"reference": requester},
        "input": call.input,
        "contentType": call.content_type,
        "secrets": _secrets(system.repository, bot.reference),
        "traceId": call.trace_id,
        "headers": call.headers,
    }
    project = system.directory.project()
    place = Place(
        profile={"resourceType": "Bot", "id": bot.id, "name": resource.get("name")},
        project={"resourceType": "Project", "id": project.id, "name": project.resource.get("name")},
    )
    try:
        medplum = BotCaller(system, profile, call.depth, _nested(system, call, profile, nested))
        ran = sandbox.run(code, filename, event, medplum, Limits(_seconds(resource)), place)
    except ValueError as error:
        raise InvalidInput(f"Content could not be parsed: {error}") from error
    if ran.error is None:
        return Ended(ran.value, ran.returned, ran.log)
    thrown = ran.error.outcome or sandbox.outcome_of(ran.error.message)
    return Ended(outcome=thrown, log=ran.log)


def _nested(system: System, call: Call, profile: Principal, nested: int) -> Nested:
    def run(bot_id: str | None, identifier: str | None, request: sandbox.Request) -> Any:
        if nested >= MOST_NESTED:  # each of them holds one of the sandbox's processes
            raise InvalidInput(f"Bots may call one another up to {MOST_NESTED} deep.")
        bot = find_bot(system.repository_for(profile), bot_id, identifier)
        content_type = request.content_type or "application/json"
        inner = Call(request.body, content_type, trace_id=call.trace_id, depth=call.depth)
        ended = execute(system, bot, inner, profile, profile.reference, nested + 1)
        if ended.outcome is not None:
            raise OutcomeError(ended.outcome)
        return ended.value

    return run


def _seconds(resource: Resource) -> float:
    timeout = resource.get("timeout")
    if isinstance(timeout, bool) or not isinstance(timeout, int | float) or timeout <= 0:
        return SECONDS
    return min(float(timeout), MOST_SECONDS)


def code_of(repository: Repository, attachment: Any) -> tuple[str | None, str]:
    """The text of a Binary that an attachment of a Bot names, and its file name; (None, "") where there is none."""
    if not isinstance(attachment, dict):
        return None, ""
    data = attachment.get("data")
    if not isinstance(data, str):
        target = split_reference(attachment.get("url"))
        stored = repository.find("/".join(target)) if target and target[0] == "Binary" else None
        data = stored.resource.get("data") if stored else None
    if not isinstance(data, str):
        return None, ""
    try:
        text = base64.b64decode(data, validate=True).decode()
    except ValueError as error:
        raise InvalidInput("The bot's code is not text.") from error
    title = str(attachment.get("title") or "")
    content_type = str(attachment.get("contentType") or "")
    try:
        ending = sandbox.language(title, content_type)
    except ValueError:
        ending = ".js"
    return text, title if title.endswith(ending) else f"index{ending}"


def _secrets(repository: Repository, bot: str) -> dict[str, Any]:
    """The project's secrets that this bot gets, by name: {name, valueString}."""
    found: dict[str, Any] = {}
    for stored in repository.search("Project", [("_count", "1")]).matches:
        for secret in stored.resource.get("secret") or []:
            if not isinstance(secret, dict) or not isinstance(secret.get("name"), str):
                continue
            only = [e.get("valueReference", {}).get("reference") for e in secret.get("extension") or []
                    if isinstance(e, dict) and e.get("url") == SECRET_OF]  # fmt: skip
            if not only or bot in only:
                found[secret["name"]] = {k: v for k, v in secret.items() if k != "extension"}
    return found


def _tell(
    system: System,
    bot: Stored,
    call: Call,
    requester: str,
    profile: Principal | None,
    started: str,
    ended: Ended | None,
) -> None:
    trigger = bot.resource.get("auditEventTrigger") or "always"
    failed = ended is None or ended.failed
    log = ended.log if ended else ""
    if trigger == "never" or (trigger == "on-error" and not failed) or (trigger == "on-output" and not log):
        return
    about = [r for r in (bot.reference, call.resource, call.subscription) if r]
    system.audit.keep(
        execution_event(
            "execute", bot=bot.reference, requester=requester, profile=profile.reference if profile else None,
            about=about, started=started, failed=failed, log=log,
        )
    )  # fmt: skip
