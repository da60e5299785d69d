"""The FHIR server as the running console uses it: one thread that catches up with it, and what is said of its state."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from services.errors import FabricError
from services.fhir.remote import copies
from services.fhir.remote.following import Follower
from services.fhir.remote.lease import Lease
from services.fhir.remote.outbox import Outbox
from services.fhir.remote.repository import RemoteRepository
from services.index.owner import Owner

log = logging.getLogger("fabric.remote")
LONGEST_PAUSE = 5.0
HOOK_SECRET = "hook secret"
MOST_NAMED = 10_000
"""Named resources that wait to be fetched; beyond that they come with the next look at everything."""


class RemoteRecord:
    """Of the processes that share a data folder, the owner catches up; all of them write."""

    def __init__(self, repository: RemoteRepository, owner: Owner, every: float, holder: str) -> None:
        self.repository, self.client = repository, repository.client
        self.outbox = Outbox(repository, repository.client)
        self.follower = Follower(repository)
        self.once = Lease(repository.client, "background", holder)
        """Held by the one console that does what must be done once for all of them."""
        self.problem: str | None = None
        self._owner, self._every = owner, every
        self._named: dict[str, None] = {}
        self._stop, self._wake = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._loop, name="fabric-remote", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=30)
        self.client.close()

    def named(self, reference: str) -> None:
        """The server told that a resource changed; it is fetched as soon as may be."""
        if len(self._named) < MOST_NAMED:
            self._named[reference] = None
        self._wake.set()

    def step(self) -> None:
        """Take up what ended in between, fetch what was named and what is new, send audit events. Raises FabricError."""
        self.repository.recover()
        self.fetch_named()
        self.follower.step()
        while not self._stop.is_set() and self.outbox.step():
            pass

    def hook_secret(self) -> str | None:
        """By which the server signs what it tells; None where it was never set up to."""
        return copies.state(self.repository.database, HOOK_SECRET)

    def keep(self, name: str, value: str) -> None:
        copies.set_state(self.repository.database, name, value)

    def alone(self) -> bool:
        """Whether this console may do now what must be done once. False where the server can't be asked."""
        try:
            return self.once.take()
        except FabricError as error:
            log.warning("the lease can't be had: %s", error.code)
            return False

    def _loop(self) -> None:
        pause = 1.0
        while not self._stop.is_set():
            if not self._owner.held:
                self._stop.wait(0.2)
                continue
            try:
                if self._named and self.follower.caught_up is not None:
                    self.fetch_named()
                else:
                    self.step()
                if self.problem:
                    log.warning("the FHIR server %s is followed again", self.client.host)
                self.problem, pause, wait = None, 1.0, self._every
            except FabricError as error:
                if self.problem != error.message:
                    log.error("the FHIR server %s can't be followed: %s", self.client.host, error.message)
                self.problem, wait = error.message, pause
                pause = min(pause * 2, LONGEST_PAUSE)
            except Exception as error:  # one odd resource must not end the following of all others
                self.problem = f"Following failed unexpectedly ({type(error).__name__}); it is tried again."
                log.error("following the FHIR server failed: %s", type(error).__name__)
                wait = pause = min(pause * 2, LONGEST_PAUSE)
            self._wake.wait(wait)
            self._wake.clear()

    def fetch_named(self) -> None:
        """Raises FabricError; what was not fetched stays named."""
        while self._named and not self._stop.is_set():
            reference = next(iter(self._named))
            self.repository.refresh([reference])
            self._named.pop(reference, None)

    # What is said of it

    def notice(self) -> str | None:
        """A sentence for whoever works with the console, on every page; None while all is well."""
        since = self.client.away_since
        if since is not None:
            minutes = int((time.time() - since) // 60)
            ago = (
                "just now"
                if minutes < 1
                else f"{minutes} min ago"
                if minutes < 120
                else f"{minutes // 60} h ago"
            )
            return (
                f"The record's server stopped answering {ago}. You see the record as it was then; nothing can be saved until "
                "the server is back."
            )
        if self._owner.held and self.follower.filling:
            there = sum(self.follower.expected.values())
            of = (
                f" {self.follower.arrived:,} of about {there + self.follower.done:,} resources are here."
                if there
                else ""
            )
            return f"The record is being copied from its server.{of} Charts and searches are not complete until that is done."
        return None

    def state(self) -> dict[str, Any]:
        """For `/healthcheck`."""
        follower, away = self.follower, self.client.away_since
        return {
            "server": self.client.base,
            "state": "away" if away else "filling" if follower.filling else self.problem or "followed",
            "awaySince": _time(away),
            "problem": self.client.problem or self.problem,
            "lastCaughtUp": _time(follower.caught_up),
            "arrived": follower.arrived,
            "expected": dict(follower.expected),
            "auditEventsWaiting": self.outbox.waiting(),
            "auditEventsRefused": self.outbox.refused(),
            "unsettled": self.repository.intents.waiting(),
        }


def _time(seconds: float | None) -> str | None:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds)) if seconds else None
