"""What is tried again, when, and what a refusal of the router means."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from typing import TypeVar

import tenacity

from services.errors import (
    EmbeddingError,
    FabricError,
    LLMError,
    LLMRouterError,
    LLMTimeout,
    RateLimited,
    RouterUnauthorized,
)
from services.llm import wire
from services.llm.breaker import Breaker
from services.llm.deadline import Deadline
from services.llm.link import Reply

MAX_REFUSAL = 64 << 10  # bytes of an error that are read
LONGEST_PAUSE = 30.0  # seconds; a router that asks for more is not waited for
PASSING = frozenset({429, 500, 502, 503})
# Errors of the router that the next try can't change.
LASTING = frozenset({"no_chat_model", "embedding_failed", "upstream_unauthorized"})
T = TypeVar("T")


class _TryAgain(Exception):
    """A failure that may pass: the router is busy, restarting, or unreachable."""

    def __init__(self, error: LLMRouterError) -> None:
        super().__init__(error.message)
        self.error = error
        details = error.details if isinstance(error.details, dict) else {}
        self.after: float | None = details.get("retryAfterSeconds")  # seconds that the router asked for


class Retrying:
    """At most `tries` tries. `backoff`: seconds before the second, doubled each time, half of it by chance."""

    def __init__(self, tries: int, backoff: float, breaker: Breaker | None = None) -> None:
        self._tries, self._backoff, self._breaker = tries, backoff, breaker

    def run(self, deadline: Deadline, work: Callable[[], T]) -> T:
        """What `work` returns. Raises as it does, after the last try or where no time is left for another."""

        def stop(state: tenacity.RetryCallState) -> bool:
            pause = state.upcoming_sleep
            return (
                state.attempt_number >= self._tries or pause > LONGEST_PAUSE or pause >= deadline.remaining()
            )

        retrying = tenacity.Retrying(
            stop=stop,
            wait=self._pause,
            retry=tenacity.retry_if_exception_type(_TryAgain),
            sleep=deadline.pause,
            reraise=True,
        )
        try:
            return retrying(lambda: self._once(work))
        except _TryAgain as failure:
            raise failure.error from failure.error.__cause__

    def _pause(self, state: tenacity.RetryCallState) -> float:
        failure = state.outcome.exception() if state.outcome else None
        if isinstance(failure, _TryAgain) and failure.after is not None:
            return failure.after
        return self._backoff * 2 ** (state.attempt_number - 1) * random.uniform(0.5, 1.0)

    def _once(self, work: Callable[[], T]) -> T:
        breaker = self._breaker
        if breaker is not None and not breaker.admit():
            raise LLMError(
                f"The LLM router failed again and again; it is asked again in {breaker.waits():.0f} s.",
                details={"retryAfterSeconds": round(breaker.waits(), 1)},
            )
        try:
            done = work()
        except FabricError as error:
            if breaker is not None:
                breaker.failed() if _blames_router(error) else breaker.succeeded()
            if isinstance(error, LLMRouterError) and _may_pass(error):
                raise _TryAgain(error) from error
            raise
        if breaker is not None:
            breaker.succeeded()
        return done


def _status(error: FabricError) -> tuple[int | None, str | None]:
    details = error.details if isinstance(error.details, dict) else {}
    return details.get("status"), details.get("code")


def _may_pass(error: LLMRouterError) -> bool:
    status, code = _status(error)
    return isinstance(error, LLMError) or (status in PASSING and code not in LASTING)


def _blames_router(error: FabricError) -> bool:
    status, code = _status(error)
    return isinstance(error, LLMError | LLMTimeout) or ((status or 0) >= 500 and code not in LASTING)


def refusal(reply: Reply, *, ours: bool) -> FabricError:
    """The error that an answer other than 200 stands for.

    A router's own words are used only where it is `ours`, the one in this process: others may repeat the text
    that was sent.
    """
    body = b""
    with contextlib.suppress(LLMError):  # the status says enough
        body = reply.read(MAX_REFUSAL)
    error = (wire.json_object(body) or {}).get("error")
    return explained(reply.status, error, reply.headers.get("retry-after"), ours=ours)


def explained(status: int, error: object, retry_after: str | None = None, *, ours: bool) -> FabricError:
    """As `refusal`, from the status and the error object."""
    code = wire.error_code(error)
    details = {"status": status, "code": code}
    after = wire.seconds_to_wait(retry_after)
    if after is not None:
        details["retryAfterSeconds"] = after
    said = error.get("message") if ours and isinstance(error, dict) else None
    if status in (401, 403):
        return RouterUnauthorized(
            f"The LLM router refused the key ({status}). Check FABRIC_LLM_API_KEY and FABRIC_LLM_CLIENT_ID.",
            details=details,
        )
    if status == 429:
        when = "in a while" if after is None else f"in {after:.0f} s"
        return RateLimited(f"The LLM router has too many requests (429). Try again {when}.", details={"limit": "router"} | details)  # fmt: skip
    if status in (408, 504):
        return LLMTimeout(
            said or f"The LLM router's model did not answer in time ({status}).", details=details
        )
    if code == "embedding_failed":
        return EmbeddingError(said or "The LLM router's embedding model failed.", details=details)
    advice = wire.ADVICE.get(code or "", "")
    verb = f"answered {status}" if status >= 500 else f"refused the request ({status})"
    return LLMRouterError(said or f"The LLM router {verb}. {advice}".strip(), details=details)
