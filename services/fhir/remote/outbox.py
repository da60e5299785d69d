"""Audit events on their way to the FHIR server: kept here with what they tell of, sent in batches, each stored once."""

from __future__ import annotations

from services.errors import StoreUnavailable
from services.fhir.database import Database
from services.fhir.remote.client import FhirClient, entries_of, status_of
from services.fhir.remote.copies import content
from services.fhir.remote.failures import words
from services.fhir.sqlite import SQLiteRepository

BATCH = 50
_PASSING = frozenset({401, 408, 409, 412, 429})


class Outbox:
    def __init__(self, repository: SQLiteRepository, client: FhirClient) -> None:
        self._repository, self._client = repository, client

    @property
    def _database(self) -> Database:
        return self._repository.database

    def waiting(self) -> int:
        return self._count("refused IS NULL")

    def refused(self) -> int:
        """Events that the server does not take; they stay in the trail here."""
        return self._count("refused IS NOT NULL")

    def step(self) -> int:
        """Send the oldest events, by PUT with their ids, so that one that is sent twice is stored once. How many were
        done with. Raises StoreUnavailable."""
        ids = [
            row[0]
            for row in self._database.connection().execute(
                "SELECT id FROM remote_outbox WHERE refused IS NULL ORDER BY seq LIMIT ?", (BATCH,)
            )
        ]
        if not ids:
            return 0
        events = {i: stored.resource for i in ids if (stored := self._repository.find(f"AuditEvent/{i}"))}
        entries = [
            {"resource": content(event), "request": {"method": "PUT", "url": f"AuditEvent/{name}"}}
            for name, event in events.items()
        ]
        answered = entries_of(self._client.bundle("batch", entries)) if entries else []
        if len(answered) != len(entries):
            raise StoreUnavailable("The FHIR server left audit events unanswered; they are sent again.")
        done = [i for i in ids if i not in events]
        refused: dict[str, str] = {}
        for name, entry in zip(events, answered, strict=True):
            status = status_of(entry)
            if status < 400:
                done.append(name)
            elif status < 500 and status not in _PASSING:
                refused[name] = f"{status} {words((entry.get('response') or {}).get('outcome'))}"[:200]
        with self._database.write(beside=True) as connection:
            connection.executemany("DELETE FROM remote_outbox WHERE id=?", [(i,) for i in done])
            connection.executemany(
                "UPDATE remote_outbox SET refused=? WHERE id=?", [(w, i) for i, w in refused.items()]
            )
        if not done and not refused:
            raise StoreUnavailable(
                "The FHIR server has no time for audit events just now; they are sent again."
            )
        return len(done) + len(refused)

    def _count(self, where: str) -> int:
        return (
            self._database.connection()
            .execute(f"SELECT COUNT(*) FROM remote_outbox WHERE {where}")
            .fetchone()[0]
        )
