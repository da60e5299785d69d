"""A circuit breaker: a server that keeps failing is left alone for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

FAILURES = 5  # in a row, until it opens
PAUSE_SECONDS = 15.0


class Breaker:
    """Closed while all is well, open after failures in a row; after a pause one request may try again."""

    def __init__(
        self,
        failures: int = FAILURES,
        pause: float = PAUSE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most, self._pause, self._clock = failures, pause, clock
        self._lock = threading.Lock()
        self._failed = 0
        self._next_try: float | None = None  # None while closed

    @property
    def is_open(self) -> bool:
        return self._next_try is not None

    def waits(self) -> float:
        """Seconds until the next try is due; 0 where one may be made now."""
        with self._lock:
            return 0.0 if self._next_try is None else max(0.0, self._next_try - self._clock())

    def admit(self) -> bool:
        """Whether a request may go. Of an open breaker one in each pause may, and its end decides."""
        with self._lock:
            if self._next_try is None:
                return True
            if self._clock() < self._next_try:
                return False
            self._next_try = self._clock() + self._pause
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failed, self._next_try = 0, None

    def failed(self) -> None:
        with self._lock:
            self._failed += 1
            if self._failed >= self._most:
                self._next_try = self._clock() + self._pause

    def trip(self) -> None:
        """Open at once: a look at the server showed that it is down."""
        with self._lock:
            self._failed = self._most
            self._next_try = self._clock() + self._pause
