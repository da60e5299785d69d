"""The record as the rest of the console uses it, where a FHIR server keeps it.

Everything is read from the working copy in SQLite, which is searched, indexed and followed like an embedded record.
What a transaction writes is sent to the server before it is kept here, with SQLite's writer free meanwhile.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import sqlite3
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from sqlite3 import Connection

from services.errors import FabricError, InvalidInput, NotFound, StoreUnavailable
from services.fhir.database import Database
from services.fhir.definitions import ID_PATTERN, split_reference
from services.fhir.remote import copies
from services.fhir.remote.client import FhirClient, Found
from services.fhir.remote.copies import Known
from services.fhir.remote.delivering import deliver
from services.fhir.remote.intents import Change, Intent, Intents
from services.fhir.remote.lease import is_lease
from services.fhir.remote.writing import REFRESH_SECONDS, Writer, recover
from services.fhir.repository import Interaction, Resource, Stored
from services.fhir.sqlite import SQLiteRepository, Written

log = logging.getLogger("fabric.remote")
AUTHOR = "System/fhir-server"


class RemoteRepository(SQLiteRepository):
    """Implements `Repository`. Resources of the types in `local` belong to this console and stay here; audit events are
    kept here and sent later (`Outbox`)."""

    def __init__(self, database: Database, client: FhirClient, local: frozenset[str], folder: Path) -> None:
        super().__init__(database)
        database.migrate("remote", list(copies.STEPS))
        self.client, self.local = client, local
        self._bind(client.base)
        self.intents = Intents(folder)
        self.writer = Writer(database, client, self.intents, local, self._refresh_soon)
        self.arrives = False
        """Whether the transaction that is under way brings what the server has."""
        self._at: str | None = None
        self.listeners.append(self._collect)
        database.tells(folder.parent / "record.turn")
        database.committing, database.committed = self.writer.committing, self.writer.committed

    def _bind(self, base: str) -> None:
        """A working copy of one server would take everything away that another one does not have."""
        bound = copies.state(self.database, "server")
        if bound is None:
            if self._has_a_record():
                raise StoreUnavailable(
                    f"This data folder holds a record of its own. Copy it first with 'fabric migrate --to {base}', or use "
                    "another FABRIC_DATA_DIR."
                )
            copies.set_state(self.database, "server", base)
        elif bound != base:
            raise StoreUnavailable(
                f"This data folder holds the working copy of {bound}, not of {base}. Use another FABRIC_DATA_DIR, or set "
                "FABRIC_FHIR_URL back."
            )

    def _has_a_record(self) -> bool:
        """Something besides this console's own: people who may sign in have their profile as a Practitioner."""
        own = sorted({*self.local, "AuditEvent", "Practitioner"})
        return self.database.connection().execute(
            f"SELECT 1 FROM resource WHERE body IS NOT NULL AND type NOT IN ({','.join('?' * len(own))}) LIMIT 1", own
        ).fetchone() is not None  # fmt: skip

    def _collect(self, connection: Connection, written: Written) -> None:
        if not self.arrives or written.stored.type == "AuditEvent":
            self.writer.follow(connection, written)

    def _stamp(self, resource: Resource, interaction: Interaction) -> tuple[str, str]:
        version, now = super()._stamp(resource, interaction)
        if interaction == "delete" or resource["resourceType"] == "AuditEvent":
            return version, now
        return copies.version_id(resource), (self._at if self.arrives and self._at else now)

    # Binaries can't be listed, so they are fetched when they are asked for

    def read(self, resource_type: str, resource_id: str) -> Stored:
        try:
            return super().read(resource_type, resource_id)
        except NotFound:
            if resource_type != "Binary" or not self._fetched_binary(resource_id):
                raise
            return super().read(resource_type, resource_id)

    def find(self, reference: str) -> Stored | None:
        found = super().find(reference)
        target = split_reference(reference) if found is None else None
        if target and target[0] == "Binary" and self._fetched_binary(target[1]):
            return super().find(reference)
        return found

    def _fetched_binary(self, resource_id: str) -> bool:
        if self.database.connection().in_transaction or not ID_PATTERN.match(resource_id):
            return False
        try:
            found = self.client.read("Binary", resource_id)
        except FabricError:
            return False
        return found is not None and self.keep_arrived([found]) == 1

    # What the server has

    @contextlib.contextmanager
    def arriving(self) -> Iterator[Connection]:
        """A transaction that is not sent back."""
        with self.database.write() as connection:
            self.arrives = True
            try:
                yield connection
            finally:
                self.arrives, self._at = False, None

    def keep_arrived(self, found: Iterable[Found], asked: float | None = None) -> int:
        """Keep what is newer than the working copy; how many were. Idempotent by id and version. `asked`: since when
        (monotonic) the server may have told of it."""
        reader = self.database.connection()
        news = [f for f in found if self._followed(f.resource) and self._is_news(reader, f)]
        try:
            return self._keep_all(news, asked) if news else 0
        except (StoreUnavailable, sqlite3.Error):
            raise
        except Exception as error:
            if len(news) > 1:  # one odd resource must not keep all others away
                return sum(self.keep_arrived([item], asked) for item in news)
            resource = news[0].resource
            log.error(
                "%s/%s can't be kept: %s", resource["resourceType"], resource["id"], type(error).__name__
            )
            with self.database.write() as connection:
                self._note(connection, news[0])
            return 0

    def _keep_all(self, news: list[Found], asked: float | None) -> int:
        kept = 0
        with self.arriving() as connection:
            for item in news:
                reference = f"{item.resource['resourceType']}/{item.resource['id']}"
                if asked is not None and self.writer.deleted_since(reference, asked):
                    continue
                if self._is_news(connection, item):  # may have been written here meanwhile
                    self._keep(connection, item)
                    kept += 1
        return kept

    def remove_arrived(self, resource_type: str, resource_id: str) -> None:
        """The server has it no more."""
        with self.arriving() as connection:
            copies.forget(connection, resource_type, resource_id)
            with contextlib.suppress(NotFound):
                self.delete(resource_type, resource_id, author=AUTHOR)

    def refresh(self, references: Iterable[str]) -> None:
        """Fetch resources anew. Raises StoreUnavailable; what may not be read is left as it is."""
        for reference in references:
            resource_type, _, resource_id = reference.partition("/")
            if resource_type in self.local or resource_type == "AuditEvent":
                continue
            asked = time.monotonic()
            try:
                found = self.client.read(resource_type, resource_id)
            except StoreUnavailable:
                raise
            except FabricError as error:
                log.warning("%s can't be fetched: %s", reference, error.code)
                continue
            if found is not None:
                self.keep_arrived([found], asked)
            elif copies.known(self.database.connection(), resource_type, resource_id) is not None:
                self.remove_arrived(resource_type, resource_id)

    def hand_over(self, resource_type: str) -> int:
        """Bring what was written here before there was a server to it; how many were. Raises as a write does."""
        count = 0
        for stored in list(self.everything([resource_type])):
            if copies.known(self.database.connection(), stored.type, stored.id) is None:
                change = Change(stored.type, stored.id, copies.content(stored.resource), None, None)
                with self.client.within(self.writer.seconds):
                    found = deliver(self.client, [change])[0]
                if found is not None:
                    with self.database.write() as connection:
                        copies.keep(
                            connection, stored.type, stored.id, Known(found.version, found.updated, True)
                        )
                count += 1
        return count

    def recover(self) -> None:
        """Take up what ended between the server and here. Raises StoreUnavailable."""
        recover(self.client, self.intents, self._apply, self.refresh)

    def _refresh_soon(self, references: list[str]) -> None:
        with (
            contextlib.suppress(FabricError),
            self.client.within(REFRESH_SECONDS),
        ):  # else the next look brings them
            self.refresh(references)

    def _apply(self, intent: Intent) -> None:
        """What the server has of a transaction that was not kept here, with its author and its audit events."""
        with self.arriving():
            for change in intent.changes:
                if change.after is not None:
                    self.update(change.after, create_missing=True, author=change.author)
            for event, author in intent.events:
                if super().find(f"AuditEvent/{event['id']}") is None:
                    self.create(event, resource_id=event["id"], author=author)

    def _followed(self, resource: Resource) -> bool:
        kind, name = resource.get("resourceType"), resource.get("id")
        return (
            kind not in self.local
            and kind != "AuditEvent"
            and isinstance(name, str)
            and bool(ID_PATTERN.match(name))
        )

    @staticmethod
    def _is_news(connection: Connection, found: Found) -> bool:
        held = copies.known(connection, found.resource["resourceType"], found.resource["id"])
        if held is None:
            return True
        if held.version == found.version:
            return not held.same
        return not (found.updated and found.updated < held.updated)

    def _keep(self, connection: Connection, found: Found) -> None:
        resource = found.resource
        if not is_lease(resource):
            self._at = _instant(found.updated)
            with contextlib.suppress(InvalidInput):  # not of R4: counted as held, and shown to nobody
                self.update(resource, create_missing=True, author=AUTHOR)
        self._note(connection, found)

    @staticmethod
    def _note(connection: Connection, found: Found) -> None:
        held = Known(found.version, found.updated, True)
        copies.keep(connection, found.resource["resourceType"], found.resource["id"], held)


def _instant(text: str) -> str | None:
    """In the one form in which the record writes instants."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
