"""JavaScript and TypeScript bots: the host's side of one run in a Deno process."""

from __future__ import annotations

import json
import secrets
import time
from pathlib import PurePosixPath
from typing import Any

import orjson

from services.runtime.sandbox.client import Client
from services.runtime.sandbox.deno import POOL, Process
from services.runtime.sandbox.log import Log
from services.runtime.sandbox.model import (
    Limits,
    OutcomeError,
    Stopped,
    Thrown,
    out_of_memory,
    timed_out,
)

__all__ = ["POOL", "check", "run"]

ENVELOPE = 64 * 1024  # what a message may have around its value
SHOWN = 10_000  # characters of an error's message, and of its stack
FORGED = "The bot broke into the sandbox's channel"


class _Run:
    """One bot in one process. The bot's side is told by lines of JSON; nothing in them is taken on trust."""

    def __init__(self, process: Process, client: Client, limits: Limits, log: Log) -> None:
        self._process = process
        self._client = client
        self._limits = limits
        self._log = log
        self._token = secrets.token_hex(16)

    def run(self, task: dict[str, Any], deadline: float) -> tuple[Any, bool, Thrown | None]:
        limits = {"logBytes": self._limits.log_bytes, "messageBytes": self._limits.message_bytes}
        self._process.send(orjson.dumps({"token": self._token, **limits, **self._client.seen(), **task}))
        try:
            for line in self._process.lines(deadline, self._limits.message_bytes + ENVELOPE):
                message = self._read(line)
                if "done" in message:
                    return message["done"], True, None
                if "nothing" in message:
                    return None, False, None
                if "failed" in message:
                    return None, False, thrown(message["failed"])
                self._serve(message)
        except TimeoutError:
            raise timed_out(self._limits) from None
        if self._process.crashed():
            raise out_of_memory(self._limits)
        raise Stopped("The bot ended its own process")

    def _read(self, line: bytes) -> dict[str, Any]:
        token, _, text = line.partition(b" ")
        if not secrets.compare_digest(token, self._token.encode()):
            raise Stopped(FORGED)
        try:
            message = orjson.loads(text)
        except orjson.JSONDecodeError:
            message = lenient(text)
        if not isinstance(message, dict):
            raise Stopped(FORGED)
        return message

    def _serve(self, message: dict[str, Any]) -> None:
        if isinstance(text := message.get("log"), str):
            self._log.add(text)
            return
        number, method, given = (message.get(key) for key in ("call", "method", "arguments"))
        if not isinstance(number, int) or not isinstance(method, str) or not isinstance(given, list):
            raise Stopped(FORGED)
        try:
            answer = {"id": number, "value": self._client.call(method, given)}
        except OutcomeError as error:
            answer = {"id": number, "outcome": error.outcome}
        self._process.send(orjson.dumps(answer))


def lenient(text: bytes) -> Any:
    """JSON with half surrogate pairs, which JavaScript can say and Unicode can't: they become question marks."""
    try:
        return orjson.loads(json.dumps(json.loads(text), ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise Stopped("What the bot sent or returned is nested too deeply, or is no JSON") from None


def thrown(failure: Any) -> Thrown:
    failure = failure if isinstance(failure, dict) else {}
    outcome = failure.get("outcome")
    return Thrown(
        str(failure.get("message") or "Unknown error")[:SHOWN],
        str(failure.get("stack") or "")[:SHOWN],
        outcome if isinstance(outcome, dict) else None,
    )


def run(
    code: str, filename: str, event: dict[str, Any] | None, client: Client, limits: Limits, log: Log
) -> tuple[Any, bool, Thrown | None]:
    """The handler's value, whether there was one, and why it failed. Without an event the code is only loaded."""
    task = {
        "code": code,
        "filename": filename,
        "suffix": PurePosixPath(filename).suffix.lower(),
        "event": event,
    }
    with POOL.process(limits) as process:
        deadline = time.monotonic() + limits.seconds
        return _Run(process, client, limits, log).run(task, deadline)


def check(code: str, filename: str, client: Client, limits: Limits) -> Thrown | None:
    """Why the code can't be loaded."""
    return run(code, filename, None, client, limits, Log(limits.log_bytes))[2]
