"""Writing through: a transaction is on the server before it is kept here, or in neither place."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from sqlite3 import Connection

from services.errors import FabricError, StoreUnavailable
from services.fhir.database import Database, Kept, Telling
from services.fhir.remote import copies
from services.fhir.remote.client import FhirClient, Found
from services.fhir.remote.delivering import deliver, looked
from services.fhir.remote.failures import Unclear, Unreached
from services.fhir.remote.intents import Change, Held, Intent, Intents
from services.fhir.sqlite import Written

log = logging.getLogger("fabric.remote")
MOST_AT_ONCE = 50
"""Updates that Medplum takes in one transaction; only imports write more, which go in parts."""
SECONDS = 12.0
"""How long a transaction may take at the server, with finding out what became of it where the exchange broke off.
Whoever wrote waits, and who changes the record behind."""
REFRESH_SECONDS = 4.0


@dataclass(slots=True)
class _Pending:
    first: Written
    last: Written


@dataclass(slots=True)
class _Batch:
    """What one transaction writes."""

    pending: dict[tuple[str, str], _Pending] = field(default_factory=dict)
    events: list[Written] = field(default_factory=list)
    held: Held | None = None
    refused: list[str] = field(default_factory=list)


class Writer:
    """Collects what a transaction writes, as the record's listener, and sends it when the transaction is to be committed.

    `refresh` fetches resources anew, outside of any transaction.
    """

    def __init__(
        self,
        database: Database,
        client: FhirClient,
        intents: Intents,
        local: frozenset[str],
        refresh: Callable[[list[str]], None],
    ) -> None:
        self._database, self._client, self._intents = database, client, intents
        self._local, self._refresh = local, refresh
        self._deleted: dict[str, float] = {}
        self._mine = threading.local()
        self.seconds = SECONDS

    @property
    def _batch(self) -> _Batch | None:
        """Of this thread's transaction."""
        return getattr(self._mine, "batch", None)

    def follow(self, connection: Connection, written: Written) -> None:
        stored = written.stored
        if stored.type == "AuditEvent":
            connection.execute("INSERT INTO remote_outbox(id) VALUES(?)", (stored.id,))
        if self._database.again:
            return
        batch = self._batch
        if batch is None:
            batch = self._mine.batch = _Batch()
            self._database.afterwards(self._ended)
        if stored.type == "AuditEvent":
            batch.events.append(written)
        elif stored.type not in self._local:
            key = (stored.type, stored.id)
            first = batch.pending[key].first if key in batch.pending else written
            batch.pending[key] = _Pending(first, written)

    def committing(self, connection: Connection) -> Telling | None:
        """What is to be sent of it. That raises PreconditionFailed (somebody else was faster), InvalidInput (the server
        does not take it), Forbidden, StoreUnavailable."""
        batch = self._batch
        pending = batch.pending.values() if batch else ()
        changes = [c for p in pending if (c := _change(connection, p)) is not None]
        if batch is None or not changes:
            return None
        return lambda: self._send(batch, changes)

    def _send(self, batch: _Batch, changes: list[Change]) -> Kept:
        events = [(written.stored.resource, written.author) for written in batch.events]
        held = batch.held = self._intents.write(Intent(changes, events))
        told: list[tuple[Change, Found | None]] = []
        try:
            for start in range(0, len(changes), MOST_AT_ONCE):
                part = changes[start : start + MOST_AT_ONCE]
                with self._client.within(self.seconds):
                    delivered = deliver(self._client, part)
                told += zip(part, delivered, strict=True)
                for change, found in zip(part, delivered, strict=True):
                    if found is None:
                        self._deleted[change.reference] = time.monotonic()
        except Unclear as error:  # the note of it stays: it is looked up as soon as the server answers
            raise StoreUnavailable(
                f"{error.message} It is not certain whether this was stored. Look again when the server is back, before "
                "you repeat it."
            ) from error
        except Unreached as error:
            if told:
                said = (
                    "A part of it was stored there already; do it again when it is back, which completes it."
                )
            else:
                held.settle()
                said = "Nothing was changed; try again when it is back."
            raise StoreUnavailable(f"{error.message} {said}") from error
        except FabricError:
            held.settle()
            batch.refused = [c.reference for c in changes]
            raise

        def keep(connection: Connection) -> None:
            for change, found in told:
                _keep(connection, change, found)

        return keep

    def deleted_since(self, reference: str, moment: float) -> bool:
        """Whether this process deleted it after the moment (monotonic): what the server told before is out of date."""
        return self._deleted.get(reference, -1.0) >= moment

    def committed(self) -> None:
        if self._batch is not None and self._batch.held is not None:
            self._batch.held.settle()

    def _ended(self) -> None:
        batch, self._mine.batch = self._batch, None
        if len(self._deleted) > 1000:
            self._deleted = {r: at for r, at in self._deleted.items() if time.monotonic() - at < 300}
        if batch is not None and batch.held is not None:
            batch.held.release()
        if batch is not None and batch.refused:
            self._refresh(batch.refused)


def _change(connection: Connection, pending: _Pending) -> Change | None:
    """What a transaction did to a resource in all; None where that is nothing."""
    first, last = pending.first, pending.last
    before = first.previous.resource if first.previous and first.previous.body is not None else None
    after = last.stored.resource if last.stored.body is not None else None
    if after is None and before is None:
        return None
    held = copies.known(connection, last.stored.type, last.stored.id)
    if after is not None and before is not None and held and copies.content(before) == copies.content(after):
        return None
    sent = copies.content(after) if after is not None else None
    return Change(last.stored.type, last.stored.id, sent, held.version if held else None, last.author)


def _keep(connection: Connection, change: Change, found: Found | None) -> None:
    if found is None:
        copies.forget(connection, change.type, change.id)
        return
    same = change.after is not None and copies.canonical(found.resource) == copies.canonical(change.after)
    copies.keep(connection, change.type, change.id, copies.Known(found.version, found.updated, same))


def recover(
    client: FhirClient,
    intents: Intents,
    apply: Callable[[Intent], None],
    refresh: Callable[[list[str]], None],
) -> None:
    """Find out what became of what ended in between: what the server has is kept here with its audit events, what it does
    not have was never acknowledged and is left. Raises StoreUnavailable; what is left then is asked for again."""
    for intent, held in intents.left():
        if intent is not None and intent.changes:
            try:
                if len(looked(client, intent.changes)) == len(intent.changes):
                    apply(intent)
            except StoreUnavailable:
                raise
            except FabricError as error:  # somebody else's is there, or it may not even be read
                log.warning("a write that broke off is not kept here: %s", error.code)
            refresh([c.reference for c in intent.changes])
        held.settle()
