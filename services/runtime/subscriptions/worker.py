"""Works off the queue in the background, in the one process that owns the data folder's background work."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from services.errors import FabricError
from services.runtime.subscriptions.delivery import deliver
from services.runtime.subscriptions.queue import Work

if TYPE_CHECKING:
    from services.runtime.system import System

log = logging.getLogger("fabric.subscriptions")
WORKERS = 2
IDLE_SECONDS = 0.5


class SubscriptionWorker:
    """Threads that take the oldest work that is due; work of one lane never runs side by side."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._busy: set[str] = set()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._wake = threading.Condition()
        self._threads: list[threading.Thread] = []
        self.done = 0

    def start(self) -> None:
        if not self._threads:
            for number in range(WORKERS):
                thread = threading.Thread(
                    target=self._loop, name=f"fabric-subscriptions-{number}", daemon=True
                )
                thread.start()
                self._threads.append(thread)

    def wake(self) -> None:
        """Something was queued in this process."""
        with self._wake:
            self._wake.notify_all()

    def stop(self) -> None:
        """What is being done is finished first."""
        self._stop.set()
        self.wake()
        for thread in self._threads:
            thread.join(timeout=30)
        self._threads.clear()

    def step(self) -> bool:
        """Do one entry, if there is one that is due."""
        with self._lock:
            work = self._system.queue.next(self._busy)
            if work is None:
                return False
            self._busy.add(work.lane)
        try:
            self._deliver(work)
        finally:
            with self._lock:
                self._busy.discard(work.lane)
        self.done += 1
        return True

    def _deliver(self, work: Work) -> None:
        try:
            wait = deliver(self._system, work)
        except FabricError as error:
            log.error("work for %s failed: %s", work.subscription, error.code)
            wait = 5.0 if error.status >= 500 and work.attempts < 5 else None
        if wait is None:
            self._system.queue.done(work)
        else:
            self._system.queue.again(work, wait)

    def _loop(self) -> None:
        while not self._stop.is_set():
            try:
                worked = self._system.owner.held and self.step()
            except Exception as error:  # the disk is full, say: what waits is tried again
                log.error("the queue can't be worked: %s", type(error).__name__)
                worked = False
            if not worked:
                with self._wake:
                    self._wake.wait(IDLE_SECONDS)
