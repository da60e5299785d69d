"""A lease kept on the FHIR server: of several consoles one does what must be done once.

It is taken when there is something to do, by If-Match, so that of two who ask at the same time one gets it. Nobody's
clock is compared with another's: a console takes a lease over that it has seen unchanged for as long as one lasts.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable

from services.errors import PreconditionFailed
from services.fhir.remote.client import FhirClient, Found, resources_of
from services.fhir.repository import Resource

SYSTEM = "https://fabric.example/fhir/lease"
TURN = "https://fabric.example/fhir/StructureDefinition/lease-turn"
"""Drawn anew each time it is taken: a server makes no new version of a content that stays the same."""
SECONDS = 90.0


class Lease:
    """`holder` names this console. Raises StoreUnavailable where the server can't be asked."""

    def __init__(
        self, client: FhirClient, name: str, holder: str, *, seconds: float = SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._client, self._name, self._holder = client, name, holder
        self._seconds, self._clock = seconds, clock
        self._lock = threading.Lock()
        self._ends = -1.0
        self._seen: tuple[str, float] | None = (
            None  # the version of another's lease, and since when it is seen
        )

    @property
    def held(self) -> bool:
        return self._clock() < self._ends

    def take(self) -> bool:
        """Whether it is this console's for a while. Renewed in its second half."""
        with self._lock:
            now = self._clock()
            if now < self._ends - self._seconds / 2:
                return True
            held = self._found()
            subject = held.resource.get("subject")
            owner = subject.get("display") if isinstance(subject, dict) else None
            if owner not in (None, self._holder) and not self._lapsed(held.version, now):
                return False
            try:
                self._client.put(
                    {**_lease(self._name, self._holder), "id": held.resource["id"]}, held.version
                )
            except PreconditionFailed:  # somebody else was faster
                self._ends = -1.0
                return False
            self._ends, self._seen = now + self._seconds, None
            return True

    def _lapsed(self, version: str, now: float) -> bool:
        if self._seen is None or self._seen[0] != version:
            self._seen = (version, now)
        return now - self._seen[1] >= self._seconds

    def _found(self) -> Found:
        identifier = f"{SYSTEM}|{self._name}"
        bundle = self._client.search("Basic", [("identifier", identifier), ("_count", "10")])
        found = [r for r in resources_of(bundle) if is_lease(r) and isinstance(r.get("id"), str)]
        if found:  # several where two were made at the same moment: everybody takes the same one
            return Found.of(min(found, key=lambda resource: str(resource.get("id"))))
        return self._client.create(_lease(self._name, None), f"identifier={SYSTEM}|{self._name}")


def is_lease(resource: Resource) -> bool:
    identifiers = resource.get("identifier")
    return (
        resource.get("resourceType") == "Basic"
        and isinstance(identifiers, list)
        and any(isinstance(i, dict) and i.get("system") == SYSTEM for i in identifiers)
    )


def _lease(name: str, holder: str | None) -> Resource:
    return {
        "resourceType": "Basic",
        "identifier": [{"system": SYSTEM, "value": name}],
        "code": {"text": "Lease of a console's background work"},
        **(
            {"subject": {"display": holder}, "extension": [{"url": TURN, "valueString": str(uuid.uuid4())}]}
            if holder
            else {}
        ),
    }
