"""The embedded record: every version as JSON, search parameters in indexed tables, a log of changes.

A write, its index rows and its entry in the log are one transaction, so whatever follows the log (embedding,
subscriptions) misses nothing and sees nothing that was rolled back.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any, cast

import orjson

from services.errors import InvalidInput, NotFound, PreconditionFailed
from services.fhir.database import Database
from services.fhir.definitions import ID_PATTERN, resource_types
from services.fhir.indexing import index_rows
from services.fhir.origin import content_of
from services.fhir.patching import patched
from services.fhir.reading import COLUMNS, Reader
from services.fhir.repository import Interaction, Outcome, Resource, Stored
from services.fhir.schema import INDEX_TABLES, STEPS


@dataclass(frozen=True, slots=True)
class Written:
    """One change, told to listeners inside its transaction. The index rows of `rid` are those of the new
    version, or of the last one where it is a deletion."""

    rid: int
    stored: Stored
    previous: Stored | None
    interaction: Interaction
    author: str | None


Listener = Callable[[Connection, Written], None]
"""What it writes is kept or undone with the change; what it raises undoes the change."""


class SQLiteRepository(Reader):
    """Implements `Repository` on one SQLite file, shared by threads and processes."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.listeners: list[Listener] = []
        database.migrate("record", list(STEPS))

    def transaction(self) -> AbstractContextManager[Connection]:
        return self.database.write()

    def create(
        self, resource: Resource, *, resource_id: str | None = None, author: str | None = None
    ) -> Stored:
        resource = _checked(resource)
        resource["id"] = resource_id or str(uuid.uuid4())
        with self.database.write() as connection:
            if self._row(connection, resource["resourceType"], resource["id"]) is not None:
                raise PreconditionFailed(f"{resource['resourceType']}/{resource['id']} exists already.")
            return self._store(connection, resource, "create", author)

    def update(
        self,
        resource: Resource,
        *,
        if_match: str | None = None,
        create_missing: bool = False,
        author: str | None = None,
    ) -> tuple[Stored, Outcome]:
        resource = _checked(resource)
        if not isinstance(resource.get("id"), str) or not ID_PATTERN.match(resource["id"]):
            raise InvalidInput(
                "The resource needs an id of up to 64 letters, digits, '-' and '.'.",
                details={"element": "id"},
            )
        with self.database.write() as connection:
            return self._put(connection, resource, if_match, create_missing, author)

    def patch(
        self,
        resource_type: str,
        resource_id: str,
        operations: list[dict[str, Any]],
        *,
        if_match: str | None = None,
        author: str | None = None,
    ) -> tuple[Stored, Outcome]:
        with self.database.write():
            current = self.read(resource_type, resource_id)
            return self.update(patched(current, operations), if_match=if_match, author=author)

    def delete(self, resource_type: str, resource_id: str, *, author: str | None = None) -> None:
        with self.database.write() as connection:
            row = self._row(connection, resource_type, resource_id)
            if row is None:
                raise NotFound(f"There is no {resource_type} with the id {resource_id}.")
            if row[4] is not None:
                self._store(connection, {"resourceType": resource_type, "id": resource_id}, "delete", author)

    def write_many(
        self, resources: Sequence[Resource], *, author: str | None = None
    ) -> list[tuple[Stored, Outcome]]:
        with self.database.write():
            return [self.update(r, create_missing=True, author=author) for r in resources]

    # Within a transaction

    def _put(
        self,
        connection: Connection,
        resource: Resource,
        if_match: str | None,
        create_missing: bool,
        author: str | None,
    ) -> tuple[Stored, Outcome]:
        row = self._row(connection, resource["resourceType"], resource["id"])
        name = f"{resource['resourceType']}/{resource['id']}"
        if row is None:
            if not create_missing:
                raise NotFound(f"There is no {name} to update.")
            return self._store(connection, resource, "create", author), "created"
        current = Stored(*row)
        if if_match is not None and if_match not in (current.version, "*"):
            raise PreconditionFailed(
                f"{name} was changed by someone else in the meantime; read it again.",
                details={"expected": if_match, "current": current.version},
            )
        if current.body is not None and bare(current.resource) == bare(resource):
            return current, "unchanged"
        return self._store(connection, resource, "update", author), "updated"

    def _store(
        self, connection: Connection, resource: Resource, interaction: Interaction, author: str | None
    ) -> Stored:
        stamp = self._stamp(resource, interaction)
        recording = self.database.recording
        if recording is None:
            return self._store_as(connection, resource, interaction, author, stamp)
        held = orjson.loads(orjson.dumps(resource))  # as it is now, whatever the caller does with it
        with recording.step(lambda again: self._store_as(again, held, interaction, author, stamp)):
            return self._store_as(connection, resource, interaction, author, stamp)

    def _store_as(
        self,
        connection: Connection,
        resource: Resource,
        interaction: Interaction,
        author: str | None,
        stamp: tuple[str, str],
    ) -> Stored:
        version, now = stamp
        resource_type, resource_id = resource["resourceType"], resource["id"]
        body = None
        if interaction != "delete":
            meta = resource.get("meta") if isinstance(resource.get("meta"), dict) else {}
            resource = {**resource, "meta": {**(meta or {}), "versionId": version, "lastUpdated": now}}
            body = orjson.dumps(resource)
        stored = Stored(resource_type, resource_id, version, now, body)
        row = connection.execute(
            f"SELECT rid, {COLUMNS} FROM resource WHERE type=? AND id=?", (resource_type, resource_id)
        ).fetchone()
        previous = Stored(*row[1:]) if row else None
        if row:
            rid: int = row[0]
            if body is None:
                self._tell(connection, Written(rid, stored, previous, interaction, author))
            connection.execute(
                "INSERT INTO superseded SELECT rid, (SELECT COUNT(*) FROM superseded WHERE rid=?), version, "
                "updated, author, body FROM resource WHERE rid=?",
                (rid, rid),
            )
            connection.execute(
                "UPDATE resource SET version=?, updated=?, author=?, body=? WHERE rid=?",
                (version, now, author, body, rid),
            )
            for table in INDEX_TABLES:
                connection.execute(f"DELETE FROM {table} WHERE rid=?", (rid,))
        else:
            rid = cast(int, connection.execute(
                "INSERT INTO resource(type, id, version, updated, author, body) VALUES(?,?,?,?,?,?)",
                (resource_type, resource_id, version, now, author, body),
            ).lastrowid)  # fmt: skip
        if body is not None:
            _index(connection, rid, resource)
            self._tell(connection, Written(rid, stored, previous, interaction, author))
        connection.execute(
            "INSERT INTO change(type, id, version, interaction, author, at) VALUES(?,?,?,?,?,?)",
            (resource_type, resource_id, version, interaction, author, now),
        )
        return stored

    def _stamp(self, resource: Resource, interaction: Interaction) -> tuple[str, str]:
        """The id and the instant of a version that is about to be written."""
        now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return str(uuid.uuid4()), now

    def _tell(self, connection: Connection, written: Written) -> None:
        for listener in self.listeners:
            listener(connection, written)


def _index(connection: Connection, rid: int | None, resource: Resource) -> None:
    rows = index_rows(resource)
    connection.executemany("INSERT INTO ix_token VALUES(?,?,?,?)", [(*t, rid) for t in rows.tokens])
    connection.executemany("INSERT INTO ix_string VALUES(?,?,?)", [(*t, rid) for t in rows.strings])
    connection.executemany("INSERT INTO ix_date VALUES(?,?,?,?)", [(*t, rid) for t in rows.dates])
    connection.executemany("INSERT INTO ix_quantity VALUES(?,?,?,?)", [(*t, rid) for t in rows.quantities])
    connection.executemany("INSERT INTO ix_reference VALUES(?,?,?)", [(*t, rid) for t in rows.references])
    connection.executemany(
        "INSERT INTO compartment VALUES(?,?,?)", [(p, resource["resourceType"], rid) for p in rows.patients]
    )


def _checked(resource: object) -> Resource:
    if not isinstance(resource, dict):
        raise InvalidInput("A resource is a JSON object.")
    if resource.get("resourceType") not in resource_types():
        raise InvalidInput(
            f"'{resource.get('resourceType')}' is not a FHIR R4 resource type.",
            details={"element": "resourceType"},
        )
    try:
        orjson.dumps(resource)
    except (TypeError, ValueError) as error:  # integers beyond 64 bits, lone surrogates, deep nesting
        raise InvalidInput(f"The resource can't be written as JSON: {error}") from error
    return dict(content_of(resource))


def bare(resource: Resource) -> Resource:
    """The resource without what the server itself sets."""
    meta = resource.get("meta")
    kept = (
        {k: v for k, v in meta.items() if k not in ("versionId", "lastUpdated")}
        if isinstance(meta, dict)
        else {}
    )
    rest = {k: v for k, v in resource.items() if k != "meta"}
    return {**rest, "meta": kept} if kept else rest
