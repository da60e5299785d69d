"""Sets of codes that people are working on: kept until they are sent, through a reload and a restart."""

from __future__ import annotations

import time
from dataclasses import dataclass

import orjson

from services.bots.billing_code_suggester.chosen import Chosen
from services.fhir.database import Database

_STEPS = [
    """
    CREATE TABLE billing_work(
        encounter TEXT NOT NULL,
        person TEXT NOT NULL,
        name TEXT NOT NULL,
        body BLOB NOT NULL,
        basis TEXT NOT NULL,
        at REAL NOT NULL,
        PRIMARY KEY(encounter, person)
    ) WITHOUT ROWID
    """,
]


@dataclass(frozen=True, slots=True)
class Work:
    """`basis`: the digest of the suggestion that it was begun from; `at`: epoch seconds."""

    chosen: Chosen
    basis: str
    name: str
    at: float


class WorkStore:
    def __init__(self, database: Database) -> None:
        self._database = database
        database.migrate("billing", list(_STEPS))

    def of(self, encounter: str, person: str) -> Work | None:
        row = self._database.connection().execute(
            "SELECT body, basis, name, at FROM billing_work WHERE encounter=? AND person=?", (encounter, person)
        ).fetchone()  # fmt: skip
        return Work(Chosen.read(orjson.loads(row[0])), row[1], row[2], row[3]) if row else None

    def others(self, encounter: str, person: str) -> list[str]:
        """The names of others who work on it."""
        rows = self._database.connection().execute(
            "SELECT name FROM billing_work WHERE encounter=? AND person<>? ORDER BY name", (encounter, person)
        )  # fmt: skip
        return [name for (name,) in rows]

    def keep(self, encounter: str, person: str, name: str, chosen: Chosen, basis: str) -> None:
        with self._database.write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO billing_work(encounter, person, name, body, basis, at) VALUES(?,?,?,?,?,?)",
                (encounter, person, name, orjson.dumps(chosen.wire()), basis, time.time()),
            )

    def drop(self, encounter: str, person: str = "") -> None:
        """One person's, or everybody's."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM billing_work WHERE encounter=? AND ? IN ('', person)", (encounter, person))
