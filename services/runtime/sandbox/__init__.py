"""Sandboxes: run one bot's code once, with nothing in its reach but its event and `medplum`.

Python bots run in Monty, JavaScript and TypeScript bots in Deno (an extra). Both in processes of their own, with
limits on time, memory, requests, log and the size of whatever passes. See docs/bots-code.md.
"""

from __future__ import annotations

import sys
import time
from pathlib import PurePosixPath
from types import ModuleType
from typing import Any

import orjson

from services.runtime.sandbox.client import Client
from services.runtime.sandbox.log import Log
from services.runtime.sandbox.model import (
    HL7_TYPE,
    Caller,
    Limits,
    OutcomeError,
    Place,
    Ran,
    Request,
    SandboxMissing,
    Stopped,
    Thrown,
    outcome_of,
    outcome_text,
    too_large,
)

__all__ = [
    "HL7_TYPE",
    "LANGUAGES",
    "Caller",
    "Limits",
    "OutcomeError",
    "Place",
    "Ran",
    "Request",
    "SandboxMissing",
    "Thrown",
    "check",
    "language",
    "outcome_of",
    "outcome_text",
    "run",
    "stop",
    "warm",
]

LANGUAGES = {
    ".py": "python",
    ".js": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".ts": "javascript",
    ".tsx": "javascript",
}
CONTENT_TYPES = {
    "text/x-python": ".py",
    "application/x-python": ".py",
    "text/typescript": ".ts",
    "application/typescript": ".ts",
    "text/javascript": ".js",
    "application/javascript": ".js",
}
CODE_BYTES = 5 * 1024 * 1024
CHECK = Limits(seconds=5.0)


def language(filename: str | None, content_type: str | None = None) -> str:
    """The ending of a bot's file (a key of LANGUAGES), by its name, else by its content type. ValueError."""
    suffix = PurePosixPath(filename or "").suffix.lower()
    if suffix in LANGUAGES:
        return suffix
    bare = (content_type or "").split(";")[0].strip().lower()
    if bare in CONTENT_TYPES:
        return CONTENT_TYPES[bare]
    raise ValueError(
        f"The bot's file must end in one of {', '.join(LANGUAGES)}: {filename or 'it has no name'}"
    )


def run(
    code: str,
    filename: str,
    event: dict[str, Any],
    medplum: Caller,
    limits: Limits | None = None,
    place: Place | None = None,
) -> Ran:
    """Runs a bot's handler once. Whatever the bot does is in the Ran, its failures too.

    Raises SandboxMissing without the language's engine, ValueError for an unknown language or an HL7 v2 input that
    can't be read, and lets through what `medplum` raises beside OutcomeError.
    """
    limits = limits or Limits()
    engine = _engine(filename)
    log = Log(limits.log_bytes)
    start = time.perf_counter()
    value, returned, error = None, False, None
    try:
        if len(orjson.dumps(event)) > limits.message_bytes:
            raise Stopped(too_large("The bot's input", limits))
        client = Client(medplum, place or Place(), limits)
        value, returned, error = engine.run(code, named(filename), event, client, limits, log)
    except Stopped as stopped:
        error = Thrown(str(stopped))
    return Ran(value, returned, log.finish(error), error, (time.perf_counter() - start) * 1000)


def check(code: str, filename: str) -> None:
    """Loads the code as a run would, but calls no handler. ValueError says what is wrong, and in which line."""
    if len(code.encode("utf-8", "replace")) > CODE_BYTES:
        raise ValueError(f"The bot's code is larger than {CODE_BYTES // 1024 // 1024} MiB")
    engine = _engine(filename)

    def unreachable(request: Request) -> Any:
        raise OutcomeError(
            outcome_of(f"A bot is only loaded: no {request.method} before its handler is called")
        )

    try:
        error = engine.check(code, named(filename), Client(unreachable, Place(), CHECK), CHECK)
    except Stopped as stopped:
        raise ValueError(f"The bot's code does not load: {stopped}") from None
    if error is not None:
        raise ValueError(error.message)


def warm(filename: str = "bot.js") -> None:
    """Starts an engine's processes ahead of the first run. SandboxMissing where it is not installed."""
    _engine(filename).POOL.warm()


def stop() -> None:
    """Ends every process of the sandboxes; the next run makes new ones. Also done at the interpreter's exit."""
    for name in ("python", "javascript"):
        if module := sys.modules.get(f"{__name__}.{name}"):
            module.POOL.stop()


def named(filename: str) -> str:
    """The file's name as stacks show it."""
    return "".join(c if c.isalnum() or c in "-_." else "_" for c in PurePosixPath(filename).name)[-80:]


def _engine(filename: str) -> ModuleType:
    # Loaded on use: a console without bots needs neither.
    if LANGUAGES[language(filename)] == "python":
        from services.runtime.sandbox import python

        return python
    from services.runtime.sandbox import javascript

    return javascript
