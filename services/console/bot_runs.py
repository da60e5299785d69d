"""Running a bot from the page: its input, the run in the background, and what came of it."""

from __future__ import annotations

import json
import logging
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import orjson

from services.accounts.roles import Principal
from services.errors import FabricError, InvalidInput, NotFound
from services.fhir.definitions import resource_types, split_reference
from services.fhir.repository import Stored
from services.runtime.execution import Call, Ended, execute, find_bot
from services.runtime.registry import BUILT_IN
from services.runtime.sandbox import HL7_TYPE, outcome_text
from services.runtime.sandbox.hl7v2 import parse as parse_hl7
from services.runtime.system import system

log = logging.getLogger("fabric")
CONTENT_TYPES = {
    "FHIR JSON": "application/fhir+json",
    "JSON": "application/json",
    "Text": "text/plain",
    "HL7 v2": HL7_TYPE,
}
"""What a bot can be given, in the words of the screen."""
EXAMPLES = {
    "application/fhir+json": '{\n  "resourceType": "Patient",\n  "name": [{"family": "Example", "given": ["Ada"]}]\n}',
    "application/json": "{}",
    "text/plain": "Hello",
    HL7_TYPE: "MSH|^~\\&|LAB|CLINIC|CONSOLE|CLINIC|20260101120000||ADT^A01|1|P|2.5\nPID|1||123||EXAMPLE^ADA",
}
MOST_SHOWN = 100_000


@dataclass(slots=True)
class Run:
    """A run under way or ended; it goes on whatever the page does. `answer` is what the bot gave back as text and
    `kind` how to read it; `problem` why it failed, in one line. `seconds` is wall time."""

    began: float = field(default_factory=time.monotonic)
    done: bool = False
    failed: bool = False
    answer: str = ""
    kind: str = ""
    log: str = ""
    problem: str = ""
    seconds: float = 0.0
    thread: threading.Thread | None = None

    def so_far(self) -> float:
        return self.seconds if self.done else time.monotonic() - self.began


def parse_input(text: str, content_type: str) -> Any:
    """What the bot gets. Raises InvalidInput with the line where it can't be read."""
    if content_type == HL7_TYPE:
        try:
            parse_hl7(text)
        except ValueError as error:
            raise InvalidInput(f"{error}.") from error
        return text.replace("\r\n", "\r").replace("\n", "\r")
    if content_type == "text/plain":
        return text
    if not text.strip():
        return {}
    try:
        value = orjson.loads(text)
        orjson.dumps(value)
    except json.JSONDecodeError as error:
        raise InvalidInput(
            f"The input is not JSON: line {error.lineno}, column {error.colno} ({error.msg})."
        ) from error
    except (TypeError, ValueError) as error:
        raise InvalidInput("The input is nested too deeply, or holds what JSON can't.") from error
    if content_type == "application/fhir+json" and not (
        isinstance(value, dict) and value.get("resourceType")
    ):
        raise InvalidInput("FHIR JSON is an object with a resourceType. Choose JSON for anything else.")
    return value


def sample(principal: Principal, wanted: str) -> str:
    """A resource of the record as input: by reference, or the newest of a type. Raises NotFound, InvalidInput."""
    repository = system().repository_for(principal)
    wanted = wanted.strip()
    target = split_reference(wanted)
    if target is not None:
        stored = repository.read(*target)
    elif wanted in resource_types():
        found = repository.search(wanted, [("_sort", "-_lastUpdated"), ("_count", "1")]).matches
        if not found:
            raise NotFound(f"There is no {wanted} in the record.")
        stored = found[0]
    else:
        raise InvalidInput("Type a reference such as Patient/123, or a type such as Observation.")
    return orjson.dumps(stored.resource, option=orjson.OPT_INDENT_2).decode()


def start_run(principal: Principal, bot_id: str, text: str, content_type: str) -> Run:
    """Run what is deployed, in the background. Raises NotFound, and InvalidInput for an input that can't be read."""
    call = Call(parse_input(text, content_type), content_type)
    return _start(principal, _runnable(principal, bot_id), call)


def run_again(principal: Principal, bot_id: str, subscription: str, reference: str) -> Run:
    """Run a bot for a resource as a subscription would, with the resource as it is now. Raises NotFound, Gone."""
    target = split_reference(reference)
    if target is None:
        raise NotFound("The run names no resource that could be given again.")
    resource = system().repository_for(principal).read(*target).resource
    call = Call(resource, "application/fhir+json", subscription=subscription, resource=reference)
    return _start(principal, _runnable(principal, bot_id), call)


def _runnable(principal: Principal, bot_id: str) -> Stored:
    principal.require("administer")
    bot = find_bot(system().repository_for(principal), bot_id, None)
    if bot.id not in BUILT_IN and not bot.resource.get("executableCode"):
        raise InvalidInput("Nothing is deployed yet: press Deploy first.")
    return bot


def _start(principal: Principal, bot: Stored, call: Call) -> Run:
    run = Run()
    run.thread = threading.Thread(
        target=_work, args=(run, principal, bot, call), name="fabric-run", daemon=True
    )
    run.thread.start()
    return run


def _work(run: Run, principal: Principal, bot: Stored, call: Call) -> None:
    try:
        _note(run, execute(system(), bot, call, principal, principal.reference))
    except FabricError as error:
        run.failed, run.problem = True, error.message
    except Exception as error:
        log.error("a bot's run ended with %s", type(error).__name__)
        run.failed, run.problem = True, "The run ended because of an error here, not in the bot. Try again."
    finally:
        run.seconds = time.monotonic() - run.began
        run.done = True


def _note(run: Run, ended: Ended) -> None:
    run.log = ended.log
    if ended.outcome is not None:
        run.failed, run.problem = True, outcome_text(ended.outcome)
        if run.log.strip() == run.problem:  # it never came to run: there is no log beside the reason
            run.log = ""
    elif not ended.returned:
        run.kind = "nothing"
    elif isinstance(ended.value, str):
        run.kind, run.answer = "text", ended.value
    else:
        run.kind, run.answer = "json", orjson.dumps(ended.value, option=orjson.OPT_INDENT_2).decode()
    if len(run.answer) > MOST_SHOWN:
        run.kind, run.answer = "cut", run.answer[:MOST_SHOWN]
