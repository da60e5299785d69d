"""The processes that Python bots run in: workers of Monty, an interpreter of a subset of Python with no way out but
what it is handed. One worker serves one run, and is killed at the deadline, whatever it does."""

from __future__ import annotations

import atexit
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from pydantic_monty import ExternalModule, Monty, MontySession

from services.runtime.sandbox import helpers
from services.runtime.sandbox.model import Limits, Stopped

PROCESSES = 4  # at once
SPARES = 2  # kept waiting
QUEUE_SECONDS = 30.0  # how long a run waits for its turn
RECURSION = 400
SUSPENSIONS = 10_000  # host round trips beside the counted requests: sleeps, imports, helpers


class Pool:
    """The one pool of workers, made at the first run."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._monty: Monty | None = None

    @contextmanager
    def session(self, limits: Limits) -> Iterator[MontySession]:
        """A fresh worker for the block."""
        checkout = self.warm().checkout(
            limits={
                "max_memory": limits.memory_bytes,
                "max_recursion_depth": RECURSION,
                "max_suspensions": limits.calls + SUSPENSIONS,
            },
            os_policy={"sleep": "call_host"},
            external_modules={"medplum": ExternalModule(helpers.EXPORTS)},
        )
        try:
            session = checkout.__enter__()
        except TimeoutError:
            raise Stopped(f"All {PROCESSES} Python sandboxes are busy; try again") from None
        try:
            yield session
        finally:
            checkout.__exit__(None, None, None)

    def warm(self) -> Monty:
        with self._lock:
            if self._monty is None:
                # A worker serves one run: nothing of it is there for the next.
                monty = Monty(
                    min_processes=SPARES,
                    max_processes=PROCESSES,
                    max_checkouts_per_worker=1,
                    checkout_timeout=QUEUE_SECONDS,
                )
                self._monty = monty.__enter__()
            return self._monty

    def stop(self) -> None:
        with self._lock:
            if self._monty is not None:
                self._monty.__exit__(None, None, None)
                self._monty = None


@contextmanager
def killed_at(deadline: float, pid: int | None) -> Iterator[None]:
    """Ends the worker at the deadline, unless the block is left before."""
    finished = threading.Event()
    lock = threading.Lock()

    def watch() -> None:
        finished.wait(max(0.0, deadline - time.monotonic()))
        with lock:  # a finished run's worker is gone, and its number may be another's by now
            if not finished.is_set() and pid is not None:
                with suppress(ProcessLookupError):
                    os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))

    watcher = threading.Thread(target=watch, daemon=True, name="bot deadline")
    watcher.start()
    try:
        yield
    finally:
        with lock:
            finished.set()
        watcher.join()


POOL = Pool()
atexit.register(POOL.stop)
