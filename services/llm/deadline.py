"""How long a caller waits, and whether it still waits at all."""

from __future__ import annotations

import math
import threading
import time

from services.errors import Cancelled, LLMTimeout

POLL_SECONDS = 0.05  # how soon a cancelled wait is noticed


class Deadline:
    """A total time limit (seconds from now; None is no limit) together with the caller's wish to stop.

    One deadline covers everything that is done for a call: tries, pauses between them, and each byte read.
    """

    def __init__(self, seconds: float | None = None, cancel: threading.Event | None = None) -> None:
        self.seconds = seconds
        self.cancel = cancel
        self._end = math.inf if seconds is None else time.monotonic() + seconds

    def within(self, seconds: float) -> Deadline:
        """A deadline at most `seconds` away that never outlives this one."""
        return Deadline(min(seconds, self.remaining()), self.cancel)

    def remaining(self) -> float:
        """Seconds left; infinite without a limit, never negative."""
        return max(0.0, self._end - time.monotonic())

    def check(self) -> None:
        """Raises Cancelled where the caller gave up, LLMTimeout where the time is over."""
        if self.cancel is not None and self.cancel.is_set():
            raise Cancelled("The request to the model was cancelled.")
        if self.remaining() <= 0:
            raise LLMTimeout(
                f"The model did not answer in time (limit {self.seconds or 0:.3g} s). Try again, or raise "
                "FABRIC_LLM_TIMEOUT_SECONDS."
            )

    def step(self, most: float) -> float:
        """Seconds that one blocking operation may last before `check` is due again."""
        return max(0.001, min(most, self.remaining(), POLL_SECONDS if self.cancel is not None else math.inf))

    def pause(self, seconds: float) -> None:
        """Sleeps, but not past the deadline. Raises as `check` does."""
        seconds = min(seconds, self.remaining())
        if self.cancel is not None:
            self.cancel.wait(seconds)
        else:
            time.sleep(seconds)
        self.check()
