"""The record as it was at a moment, for computing anew what was computed then. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from services.errors import Gone, NotFound
from services.fhir.definitions import split_reference
from services.fhir.indexing import index_rows
from services.fhir.repository import Page, Stored
from services.fhir.scope import Scope, SearchParams
from services.fhir.sqlite import SQLiteRepository

_COLUMNS = "type, id, version, updated, body"


class Past:
    """Of each resource the version that was current at `moment` (FHIR instant, UTC). Whoever reads through it sees the
    whole record; who may is asked before."""

    def __init__(self, record: SQLiteRepository, moment: str) -> None:
        self._record, self._moment = record, moment
        self.view = ""

    def partial(self, resource_type: str) -> bool:
        return False

    def at(self, reference: str) -> Stored | None:
        """The version at the moment; None where there was none, or it was deleted."""
        target = split_reference(reference)
        connection = self._record.database.connection()
        row = connection.execute(
            f"SELECT rid, {_COLUMNS} FROM resource WHERE type=? AND id=?", target or ("", "")
        ).fetchone()
        return self._version(row) if row else None

    def _version(self, row: tuple) -> Stored | None:
        rid, current = row[0], Stored(*row[1:])
        if current.updated <= self._moment:
            return current if current.body is not None else None
        older = self._record.database.connection().execute(
            "SELECT version, updated, body FROM superseded WHERE rid=? AND updated<=? ORDER BY seq DESC LIMIT 1",
            (rid, self._moment),
        ).fetchone()
        return Stored(current.type, current.id, *older) if older and older[2] is not None else None

    def find(self, reference: str) -> Stored | None:
        return self.at(reference)

    def read(self, resource_type: str, resource_id: str) -> Stored:
        found = self.at(f"{resource_type}/{resource_id}")
        if found is None:
            if self._record.find(f"{resource_type}/{resource_id}") is None:
                raise Gone(f"{resource_type}/{resource_id} is not in the record any more.")
            raise NotFound(f"{resource_type}/{resource_id} was not in the record then.")
        return found

    def search(self, resource_type: str, params: SearchParams = (), scope: Scope | None = None) -> Page:
        """By how resources are today, each as it was then."""
        page = self._record.search(resource_type, params, scope)
        found = [past for stored in page.matches if (past := self.at(stored.reference))]
        return Page(found, [], len(found), False, page.count, page.offset)

    def compartment(
        self, patient_id: str, types: Iterable[str] | None = None, scope: Scope | None = None
    ) -> Iterator[Stored]:
        """What was in the patient's compartment then: also what was deleted, or moved away, since."""
        connection = self._record.database.connection()
        wanted = sorted(types) if types is not None else []
        only = f" AND r.type IN ({','.join('?' * len(wanted))})" if wanted else " AND r.type<>'AuditEvent'"
        columns = ", ".join(f"r.{name}" for name in _COLUMNS.split(", "))
        rows = connection.execute(
            f"SELECT r.rid, {columns} FROM compartment c JOIN resource r ON r.rid=c.rid WHERE c.patient=?{only} "
            f"UNION SELECT r.rid, {columns} FROM resource r WHERE r.updated>?{only} "
            "AND EXISTS(SELECT 1 FROM superseded s WHERE s.rid=r.rid AND instr(s.body, ?)>0) ORDER BY 2, 1",
            (patient_id, *wanted, self._moment, *wanted, f"Patient/{patient_id}".encode()),
        ).fetchall()  # in the order of the present record, by which ties are settled
        for row in rows:
            found = self._version(row)
            if found is not None and (row[5] == found.body or patient_id in index_rows(found.resource).patients):
                yield found
