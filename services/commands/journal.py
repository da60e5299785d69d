"""Every command that was taken, by its id: what became of it. The word on whether something was done already.

A row is written in the transaction of what it tells of, so a command is carried out once, however often it is sent,
raced for, or cut off.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from services.commands.schemas import AICommand
from services.fhir.database import Database

State = Literal["executed", "queued", "blocked", "rejected", "expired"]
STEPS = [
    """
    CREATE TABLE command(
        id TEXT PRIMARY KEY,
        hash TEXT NOT NULL,
        kind TEXT NOT NULL,
        patient TEXT NOT NULL,
        requester TEXT NOT NULL,
        confidence REAL NOT NULL,
        state TEXT NOT NULL,
        task TEXT,
        result BLOB NOT NULL,
        at REAL NOT NULL,
        expires REAL
    );
    CREATE UNIQUE INDEX command_task ON command(task) WHERE task IS NOT NULL;
    CREATE INDEX command_due ON command(expires) WHERE state='queued'
    """,
]
_COLUMNS = "id, hash, kind, patient, requester, state, task, result, expires"


@dataclass(frozen=True, slots=True)
class Row:
    """`hash` is of the content that is to be decided on; `result` what was answered; `expires` epoch seconds."""

    id: str
    hash: str
    kind: str
    patient: str
    requester: str
    state: State
    task: str | None
    result: dict[str, Any]
    expires: float | None


class Journal:
    """Writes belong inside the transaction of what they tell of."""

    def __init__(self, database: Database) -> None:
        self.database = database
        database.migrate("commands", list(STEPS))

    def find(self, command_id: str) -> Row | None:
        return self._row("id=?", command_id)

    def of_task(self, task_id: str) -> Row | None:
        return self._row("task=?", task_id)

    def due(self, moment: float) -> list[str]:
        """Tasks that wait although their time is over."""
        rows = self.database.connection().execute(
            "SELECT task FROM command WHERE state='queued' AND expires<=? ORDER BY expires", (moment,)
        )
        return [row[0] for row in rows]

    def add(
        self,
        command: AICommand,
        requester: str,
        state: State,
        result: dict[str, Any],
        task: str | None = None,
        expires: float | None = None,
    ) -> None:
        with self.database.write() as connection:
            connection.execute(
                "INSERT INTO command VALUES(?,?,?,?,?,?,?,?,?,?,?)",
                (command.command_id, command.content_hash(), command.kind, command.patient_id, requester, command.confidence,
                 state, task, orjson.dumps(result), time.time(), expires),
            )  # fmt: skip

    def move(self, row: Row, state: State, result: dict[str, Any]) -> bool:
        """From queued to a state that is final. False where somebody was faster."""
        with self.database.write() as connection:
            done = connection.execute(
                "UPDATE command SET state=?, result=? WHERE id=? AND state='queued'",
                (state, orjson.dumps(result), row.id),
            )
            return done.rowcount == 1

    def renew(self, row: Row, content_hash: str, expires: float) -> None:
        """The content that waits for a decision is another one from now on."""
        with self.database.write() as connection:
            connection.execute(
                "UPDATE command SET hash=?, expires=? WHERE id=? AND state='queued'",
                (content_hash, expires, row.id),
            )

    def counts(self) -> dict[str, int]:
        rows = self.database.connection().execute("SELECT state, COUNT(*) FROM command GROUP BY state")
        return dict(rows.fetchall())

    def decided(self, kind: str, low: float, high: float) -> tuple[int, int]:
        """(approved, decided by people) of earlier proposals of a type with a confidence in [low, high)."""
        row = self.database.connection().execute(
            "SELECT SUM(state='executed'), COUNT(*) FROM command WHERE kind=? AND task IS NOT NULL "
            "AND state IN ('executed', 'rejected') AND confidence>=? AND confidence<?",
            (kind, low, high),
        ).fetchone()  # fmt: skip
        return row[0] or 0, row[1]

    def _row(self, where: str, value: str) -> Row | None:
        row = self.database.connection().execute(
            f"SELECT {_COLUMNS} FROM command WHERE {where}", (value,)
        ).fetchone()  # fmt: skip
        return Row(*row[:7], result=orjson.loads(row[7]), expires=row[8]) if row else None  # pyright: ignore[reportCallIssue]
