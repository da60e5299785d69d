"""The embedded record as it is read: by id, by search, by patient, and in the order of its changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from sqlite3 import Connection
from typing import Any

from services.errors import Gone, InvalidInput, NotFound
from services.fhir.criteria import any_of, scoped
from services.fhir.database import Database
from services.fhir.definitions import compartment_types, resource_types, split_reference
from services.fhir.query import run_search
from services.fhir.repository import Change, Page, SearchParams, Stored
from services.fhir.scope import Scope

COLUMNS = "type, id, version, updated, body"


class Reader:
    """The reading half of `Repository`, on one SQLite file."""

    def __init__(self, database: Database) -> None:
        self.database = database

    view = ""

    def partial(self, resource_type: str) -> bool:
        return False

    def read(self, resource_type: str, resource_id: str) -> Stored:
        row = self._row(self.database.connection(), resource_type, resource_id)
        if row is None:
            raise NotFound(f"There is no {resource_type} with the id {resource_id}.")
        if row[4] is None:
            raise Gone(f"{resource_type}/{resource_id} was deleted.")
        return Stored(*row)

    def find(self, reference: str) -> Stored | None:
        target = split_reference(reference)
        row = self._row(self.database.connection(), *target) if target else None
        return Stored(*row) if row and row[4] is not None else None

    def vread(self, resource_type: str, resource_id: str, version: str) -> Stored:
        for stored in self.history(resource_type, resource_id):
            if stored.version == version:
                if stored.body is None:
                    raise Gone(f"Version {version} of {resource_type}/{resource_id} is its deletion.")
                return stored
        raise NotFound(f"{resource_type}/{resource_id} has no version {version}.")

    def history(self, resource_type: str, resource_id: str) -> list[Stored]:
        with self.database.snapshot() as connection:
            current = self._row(connection, resource_type, resource_id)
            if current is None:
                raise NotFound(f"There is no {resource_type} with the id {resource_id}.")
            older = connection.execute(
                "SELECT s.version, s.updated, s.body FROM superseded s JOIN resource r ON r.rid=s.rid "
                "WHERE r.type=? AND r.id=? ORDER BY s.seq DESC",
                (resource_type, resource_id),
            ).fetchall()
        return [Stored(*current), *(Stored(resource_type, resource_id, *row) for row in older)]

    def search(self, resource_type: str, params: SearchParams = (), scope: Scope | None = None) -> Page:
        if resource_type not in resource_types():
            raise InvalidInput(f"'{resource_type}' is not a FHIR R4 resource type.")
        with self.database.snapshot() as connection:
            return run_search(connection, resource_type, params, scope)

    def matches(self, reference: str, criteria: Sequence[SearchParams]) -> bool:
        target = split_reference(reference)
        if target is None:
            return False
        condition = any_of(target[0], criteria)
        return self.database.connection().execute(
            f"SELECT 1 FROM resource r WHERE r.type=? AND r.id=? AND r.body IS NOT NULL AND {condition.sql}",
            (*target, *condition.args),
        ).fetchone() is not None  # fmt: skip

    def compartment(
        self, patient_id: str, types: Iterable[str] | None = None, scope: Scope | None = None
    ) -> Iterator[Stored]:
        sql = (
            f"SELECT {COLUMNS.replace('type', 'r.type', 1)} FROM compartment c JOIN resource r ON r.rid=c.rid "
            "WHERE c.patient=? AND r.body IS NOT NULL"
        )
        args: list[Any] = [patient_id]
        wanted = sorted(types) if types is not None else None
        if wanted is not None:
            sql += f" AND c.type IN ({','.join('?' * len(wanted))})"
            args += wanted
        else:
            sql += " AND c.type<>'AuditEvent'"
        if scope is not None:
            for resource_type in wanted or compartment_types():
                visible = scoped(resource_type, scope)
                if visible is not None:
                    sql += f" AND (c.type<>? OR {visible.sql})"
                    args += [resource_type, *visible.args]
        rows = self.database.connection().execute(sql, args).fetchall()
        return (Stored(*row) for row in rows)

    def everything(self, types: Iterable[str] | None = None) -> Iterator[Stored]:
        """The current version of every resource, in the order of first writing, in bounded memory."""
        wanted = sorted(types) if types is not None else None
        only = f" AND type IN ({','.join('?' * len(wanted))})" if wanted is not None else ""
        last = 0
        while True:
            rows = self.database.connection().execute(
                f"SELECT rid, {COLUMNS} FROM resource WHERE rid>? AND body IS NOT NULL{only} ORDER BY rid LIMIT 500",
                (last, *(wanted or ())),
            ).fetchall()  # fmt: skip
            if not rows:
                return
            last = rows[-1][0]
            yield from (Stored(*row[1:]) for row in rows)

    def changes(self, after: int, limit: int = 1000) -> list[Change]:
        rows = self.database.connection().execute(
            "SELECT seq, type, id, version, interaction, author, at FROM change WHERE seq>? ORDER BY seq LIMIT ?",
            (after, limit),
        )
        return [Change(*row) for row in rows]

    def created_by(self, stored: Stored) -> str | None:
        """Who wrote the first version."""
        row = (
            self.database.connection()
            .execute(
                "SELECT s.author FROM superseded s JOIN resource r ON r.rid=s.rid WHERE r.type=? AND r.id=? AND s.seq=0 "
                "UNION ALL SELECT author FROM resource WHERE type=? AND id=?",
                (stored.type, stored.id) * 2,
            )
            .fetchone()
        )
        return row[0] if row else None

    @staticmethod
    def _row(connection: Connection, resource_type: str, resource_id: str) -> tuple | None:
        return connection.execute(
            f"SELECT {COLUMNS} FROM resource WHERE type=? AND id=?", (resource_type, resource_id)
        ).fetchone()
