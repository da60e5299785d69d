"""Group commit: events of requests at the same time share one transaction, and with it one wait for the disk."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import orjson

from services.errors import InvalidInput, StoreUnavailable
from services.fhir.repository import Resource
from services.fhir.sqlite import SQLiteRepository

AUTHOR = "System/audit"


@dataclass(slots=True)
class _Waiting:
    events: list[tuple[str, Resource]]
    on_disk: bool
    tried: bool = False
    written: bool = False
    error: Exception | None = None


class GroupCommit:
    """Whoever comes first writes for all who wait meanwhile. Nobody is held up for company: a lone event is written at
    once, and the more there are, the fewer transactions each costs."""

    def __init__(self, repository: SQLiteRepository) -> None:
        self._repository = repository
        self._queue: list[_Waiting] = []
        self._adding, self._writing = threading.Lock(), threading.Lock()

    def write(self, events: list[tuple[str, Resource]], on_disk: bool = True) -> None:
        """Events by their ids. Returns when they are on the disk, or else safe from the end of this process; within a
        transaction of this thread, as part of it.

        Raises InvalidInput, or StoreUnavailable where none of them was written.
        """
        for _, event in events:
            _check(event)  # here, so that nobody else's events fail with it
        if self._repository.database.connection().in_transaction:
            self._store(events)
            return
        mine = _Waiting(events, on_disk)
        with self._adding:
            self._queue.append(mine)
        with self._writing:
            if not mine.tried:
                with self._adding:
                    batch, self._queue = self._queue, []
                self._lead(batch)
        if not mine.written:
            raise StoreUnavailable("The audit trail can't be written just now. Try again.") from mine.error

    def _lead(self, batch: list[_Waiting]) -> None:
        for waiting in batch:
            waiting.tried = True
        try:
            with self._repository.database.write(waits=any(w.on_disk for w in batch), beside=True):
                for waiting in batch:
                    self._store(waiting.events)
        except Exception as error:
            for waiting in batch:
                waiting.error = error
        else:
            for waiting in batch:
                waiting.written = True

    def _store(self, events: list[tuple[str, Resource]]) -> None:
        for event_id, event in events:
            self._repository.create(event, resource_id=event_id, author=AUTHOR)


def _check(event: Resource) -> None:
    try:
        orjson.dumps(event)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"The audit event can't be written as JSON: {error}") from error
