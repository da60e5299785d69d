"""One request to a model: who asks and what for, its limits, and the counts that are told about it."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from services.errors import Cancelled, FabricError, InvalidInput, RateLimited
from services.llm import wire
from services.llm.answers import ChatAnswer
from services.llm.deadline import Deadline
from services.llm.quotas import Quotas

OnEvent = Callable[[str, dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Call:
    """Who asks, for whom, and how long they wait. `timeout` is in seconds for everything, tries and pauses included;
    None means FABRIC_LLM_TIMEOUT_SECONDS. Setting `cancel` ends the request and what the model is doing for it."""

    bot: str | None = None
    user: str | None = None
    patient_id: str | None = None
    request_id: str | None = None
    command_type: str | None = None
    timeout: float | None = None
    cancel: threading.Event | None = None


class Exchange:
    """From the wish to what came of it. As a context manager it tells `llm_request` and `llm_response`."""

    def __init__(
        self,
        call: Call,
        task: str,
        model: str,
        tokens: int,
        quotas: Quotas,
        timeout: float,
        on_event: OnEvent | None,
        patient_mark: Callable[[str], str] | None = None,
    ) -> None:
        """`tokens`: about how many it will take. `patient_mark`: what is sent in place of the patient's id, which
        `on_event` is told as it is. Raises InvalidInput, and RateLimited where a limit is reached."""
        self.request_id = call.request_id or str(uuid.uuid4())
        self.headers = _headers(call, task, self.request_id)
        if patient_mark and call.patient_id is not None:
            self.headers["X-Patient-Id"] = patient_mark(call.patient_id)
        self.deadline = Deadline(timeout if call.timeout is None else call.timeout, call.cancel)
        self.answer: ChatAnswer | None = None
        self.tokens = 0  # used, as far as is known
        self._on_event = on_event
        self._about = {
            "model": model,
            "task": task,
            "request_id": self.request_id,
            "bot": call.bot,
            "user": call.user,
            "patient_id": call.patient_id,
            "command_type": call.command_type,
        }
        try:
            self._spending = quotas.admit(call.user, call.bot, tokens)
        except RateLimited as error:
            self._tell("rate_limit_exceeded", limit=error.details["limit"])
            raise
        self._started = time.monotonic()
        self._ended = False

    def __enter__(self) -> Exchange:
        self._tell("llm_request")
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if isinstance(error, RateLimited):
            self._tell("rate_limit_exceeded", limit="router")
        self.end(_outcome(error))

    def end(self, outcome: str) -> None:
        """Settles the budget and tells what came of it; once."""
        if self._ended:
            return
        self._ended = True
        self._spending.settle(self.tokens)
        counts: dict[str, Any] = {"tokens": self.tokens}
        if self.answer is not None:
            counts |= {
                "model": self.answer.model,
                "prompt_tokens": self.answer.prompt_tokens,
                "completion_tokens": self.answer.completion_tokens,
            }
        duration = round(1000 * (time.monotonic() - self._started))
        self._tell("llm_response", outcome=outcome, duration_ms=duration, **counts)

    def _tell(self, name: str, **counts: Any) -> None:
        if self._on_event is not None:
            self._on_event(name, self._about | counts)


def _outcome(error: BaseException | None) -> str:
    if error is None:
        return "ok"
    if isinstance(error, Cancelled):
        return "cancelled"
    return error.code if isinstance(error, FabricError) else "error"


def _headers(call: Call, task: str, request_id: str) -> dict[str, str]:
    """The contract's headers. Raises InvalidInput where a value can't be one."""
    wanted = {
        "X-Clinic-Task": task,
        "X-Request-Id": request_id,
        "X-Bot-Name": call.bot,
        "X-Patient-Id": call.patient_id,
        "X-Command-Type": call.command_type,
    }
    found = {name: value for name, value in wanted.items() if value is not None}
    for name, value in found.items():
        if not wire.header_value(value):
            raise InvalidInput(f"The value for {name} must be 1 to 256 printable ASCII characters.")
    return found
