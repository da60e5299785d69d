"""Python bots: the host's side of one run in a Monty worker."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import Any

import orjson
from pydantic_monty import (
    ClassInstance,
    FunctionSnapshot,
    FutureSnapshot,
    MontyComplete,
    MontyCrashedError,
    MontyRuntimeError,
    MontySyntaxError,
)

from services.runtime.sandbox import helpers, hl7v2
from services.runtime.sandbox.addresses import payload
from services.runtime.sandbox.client import METHODS, Client, camel
from services.runtime.sandbox.log import Log
from services.runtime.sandbox.model import (
    HL7_TYPE,
    Limits,
    OutcomeError,
    Stopped,
    Thrown,
    out_of_memory,
    outcome_of,
    timed_out,
    too_large,
)
from services.runtime.sandbox.monty import POOL, killed_at

__all__ = ["POOL", "check", "run"]

FRAMES = 20  # shown of a stack
BOT, DRIVER = (
    "<python-input-0>",
    "<python-input-1>",
)  # what Monty calls a session's first and second piece of code

# The result leaves as JSON text, so that what JSON can't say fails in the bot and with Python's own words.
# Attributes as in JavaScript, and keys as Python has them.
DRIVE = """
import json as _json
class _Event:
    def __init__(self, entries):
        self._entries = entries
        self.bot = entries.get("bot")
        self.requester = entries.get("requester")
        self.input = entries.get("input")
        self.contentType = entries.get("contentType")
        self.secrets = entries.get("secrets")
        self.traceId = entries.get("traceId")
        self.headers = entries.get("headers")
    def __getitem__(self, name):
        return self._entries[name]
    def get(self, name, default=None):
        return self._entries.get(name, default)
_result = handler(_medplum, _Event(_entries))
if type(_result).__name__ == "coroutine":
    _result = await _result
_result if type(_result).__name__ in ("Hl7Message", "Hl7Segment") else _json.dumps(_result, allow_nan=False)
"""
UNSUPPORTED = re.compile(r"The monty syntax parser does not yet support (.*)")
# Of these the message says it all; the name of any other exception belongs to its message.
PLAIN_ERRORS = ("Exception", "RuntimeError", "ValueError")


class _Medplum:
    """Stands for `medplum` in the sandbox; every method call on it is answered by `_Run`."""


@dataclass
class _Run:
    code: str
    filename: str
    client: Client
    limits: Limits
    log: Log
    medplum: ClassInstance = field(default_factory=lambda: ClassInstance(_Medplum()))
    outcome: dict[str, Any] | None = None  # of the last request that failed

    def run(self, event: dict[str, Any]) -> tuple[Any, bool]:
        """The handler's value, and whether there was one. Raises Stopped, MontyRuntimeError or MontySyntaxError."""
        deadline = time.monotonic() + self.limits.seconds
        with POOL.session(self.limits) as session, killed_at(deadline, session.worker_pid):
            try:
                self._drive(session.feed_start(self.code, print_callback=self._print), deadline)
                inputs = {"_medplum": self.medplum, "_entries": seen(event)}
                snapshot = session.feed_start(DRIVE, inputs=inputs, print_callback=self._print)
                output = hl7v2.plain(self._drive(snapshot, deadline))
                if isinstance(output, str) and len(output.encode()) > self.limits.message_bytes:
                    raise Stopped(too_large("The bot's result", self.limits))
                value = output if is_hl7(output) else result(output)
                return value, value is not None
            except MontyCrashedError:
                late = time.monotonic() >= deadline
                raise timed_out(self.limits) if late else out_of_memory(self.limits) from None

    def load(self) -> None:
        """Runs the code without its handler, which must be there afterwards."""
        deadline = time.monotonic() + self.limits.seconds
        with POOL.session(self.limits) as session, killed_at(deadline, session.worker_pid):
            try:
                self._drive(session.feed_start(self.code, print_callback=self._print), deadline)
                self._drive(session.feed_start("handler", print_callback=self._print), deadline)
            except MontyCrashedError:
                raise timed_out(self.limits) from None

    def _print(self, _stream: str, text: str) -> None:
        self.log.add(text)

    def _drive(self, snapshot: Any, deadline: float) -> Any:
        """Answers the sandbox until it is done."""
        settled: dict[int, Any] = {}
        while not isinstance(snapshot, MontyComplete):
            if time.monotonic() >= deadline:
                raise timed_out(self.limits)
            if isinstance(snapshot, FutureSnapshot):
                snapshot = snapshot.resume({call: settled.pop(call) for call in snapshot.pending_call_ids})
            elif not isinstance(snapshot, FunctionSnapshot):
                snapshot = snapshot.resume_auto()
            elif snapshot.object_id == self.medplum.id:
                answer = self._answer(snapshot)
                if self._awaited(snapshot):
                    settled[snapshot.call_id] = answer
                    snapshot = snapshot.resume({"future": ...})
                else:
                    snapshot = snapshot.resume(answer)
            elif snapshot.is_os_function and str(snapshot.function_name).endswith(".sleep"):
                asked, left = float(snapshot.args[0]), deadline - time.monotonic()
                time.sleep(max(0.0, min(asked, left)))
                if asked >= left:
                    raise timed_out(self.limits)
                snapshot = snapshot.resume({"return_value": None})
            else:
                snapshot = snapshot.resume_auto()
        return snapshot.output

    def _answer(self, snapshot: FunctionSnapshot) -> Any:
        name = str(snapshot.function_name)
        method = camel(name) if "_" in name else name
        try:
            if method == "lastOutcome":
                return {"return_value": self.outcome}
            if method not in METHODS and method != "fail":
                return {"exc_type": "AttributeError", "message": f"medplum has no method {name}"}
            arguments, named = self._plain(snapshot.args), self._plain(snapshot.kwargs)
            if method == "fail":
                given = arguments[0] if arguments else None
                raise OutcomeError(given if isinstance(given, dict) else outcome_of(str(given)))
            return {"return_value": payload(self.client.call(method, arguments, named))}
        except OutcomeError as error:
            self.outcome = error.outcome
            return {"exc_type": "RuntimeError", "message": str(error)}
        except orjson.JSONEncodeError as error:
            return {"exc_type": "TypeError", "message": f"medplum.{name} takes only JSON values: {error}"}

    def _plain(self, value: Any) -> Any:
        """The sandbox's value as JSON values."""
        text = orjson.dumps(value, default=encoded)
        if len(text) > self.limits.message_bytes:
            raise OutcomeError(outcome_of(too_large("The request", self.limits), "too-costly"))
        return orjson.loads(text)

    def _awaited(self, snapshot: FunctionSnapshot) -> bool:
        """Within `async def` medplum's methods give something to await, elsewhere their value."""
        position = snapshot.position
        if position.filename != BOT:
            return False
        before = self.code.encode()[: position.start].decode().splitlines() or [""]
        depth = len(before[-1]) - len(before[-1].lstrip())
        for line in reversed(before):
            indent = len(line) - len(line.lstrip())
            definition = re.match(r"\s*(async\s+)?def\b", line)
            if definition and (indent < depth or line is before[-1]):
                return definition[1] is not None
            if line.strip():
                depth = min(depth, indent)
        return snapshot.allow_eager_await

    def thrown(self, error: MontyRuntimeError | MontySyntaxError) -> Thrown:
        """What the bot's failure says to people."""
        name, message = type(error.exception()).__name__, error.display("msg")
        if isinstance(error.exception(), MemoryError):
            message = str(out_of_memory(self.limits))
        elif unsupported := UNSUPPORTED.search(message):
            message = f"Python bots can't use {unsupported[1]}"
        elif name not in PLAIN_ERRORS:
            message = f"{name}: {message}"
        if "name 'handler' is not defined" in message:
            message = "The bot has no handler: def handler(medplum, event): …"
        # A syntax error's frame names the code after the session, and is about the bot's all the same.
        frames = [f for f in error.traceback() if f.filename != DRIVER][-FRAMES:]
        lines = ["Traceback (most recent call last):"]
        for frame in frames:
            place = f", in {frame.function_name}" if frame.function_name not in (None, "<module>") else ""
            lines.append(f'  File "{self.filename}", line {frame.line}{place}')
        elsewhere = isinstance(error, MontySyntaxError) and frames
        message += f" ({self.filename}, line {frames[-1].line})" if elsewhere else ""
        refused = self.outcome if isinstance(error.exception(), RuntimeError) else None
        outcome = refused if refused and str(OutcomeError(refused)) == message else None
        return Thrown(message, "\n".join([*lines, message]) if frames else "", outcome)


def encoded(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"base64": helpers.base64_text(value)}
    raise TypeError(f"{type(value).__name__} is none")


def result(text: Any) -> Any:
    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, TypeError):
        raise Stopped("The bot's result is nested too deeply, or is no JSON") from None


def is_hl7(output: Any) -> bool:
    return isinstance(output, str) and output.startswith("MSH")


def seen(event: dict[str, Any]) -> dict[str, Any]:
    """The event's entries as Python bots see them, with an HL7 v2 message parsed."""
    entries = dict(event)
    if entries.get("contentType") == HL7_TYPE and isinstance(entries.get("input"), str):
        entries["input"] = hl7v2.wrap(hl7v2.parse(entries["input"]))
    return entries


def run(
    code: str, filename: str, event: dict[str, Any], client: Client, limits: Limits, log: Log
) -> tuple[Any, bool, Thrown | None]:
    """The handler's value, whether there was one, and why it failed."""
    this = _Run(code, filename, client, limits, log)
    try:
        value, returned = this.run(event)
    except (MontyRuntimeError, MontySyntaxError) as error:
        return None, False, this.thrown(error)
    return value, returned, None


def check(code: str, filename: str, client: Client, limits: Limits) -> Thrown | None:
    """Why the code can't be loaded."""
    this = _Run(code, filename, client, limits, Log(limits.log_bytes))
    try:
        this.load()
    except (MontyRuntimeError, MontySyntaxError) as error:
        return this.thrown(error)
    return None
