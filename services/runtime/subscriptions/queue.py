"""The work that waits: what subscriptions asked for, and executions whose caller did not want to wait."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass

from services.fhir.database import Database
from services.runtime.subscriptions.schema import STEPS

ASYNC = "$execute"
"""Stands for the subscription in work that was asked for by `Prefer: respond-async`."""


@dataclass(frozen=True, slots=True)
class Work:
    """One thing to be done. Work of one lane is done in order, one after another."""

    wid: int
    lane: str
    subscription: str
    reference: str
    version: str
    interaction: str
    author: str | None
    depth: int
    input: bytes | None
    attempts: int
    queued: float


_COLUMNS = "wid, lane, subscription, reference, version, interaction, author, depth, input, attempts, queued"


class Queue:
    """Durable: an entry is there until it was done. The process that works it off keeps in mind what it has begun;
    when that process dies, all of it waits again."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.migrate("subscriptions", list(STEPS))

    def next(self, busy: Collection[str]) -> Work | None:
        """The oldest entry that is due, first of its lane, and in none of the lanes that are busy."""
        taken = list(busy)
        row = self._database.connection().execute(
            f"SELECT {_COLUMNS} FROM work w WHERE due<=? AND lane NOT IN ({','.join('?' * len(taken))}) "
            "AND NOT EXISTS (SELECT 1 FROM work e WHERE e.lane=w.lane AND e.wid<w.wid) ORDER BY wid LIMIT 1",
            (time.time(), *taken),
        ).fetchone()  # fmt: skip
        return Work(*row) if row else None

    def add(self, lane: str, subscription: str, reference: str, author: str, content: bytes) -> None:
        now = time.time()
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO work(lane, subscription, reference, version, interaction, author, depth, input, queued, due) "
                "VALUES(?,?,?,'','',?,0,?,?,?)",
                (lane, subscription, reference, author, content, now, now),
            )

    def done(self, work: Work) -> None:
        with self._database.write(beside=True) as connection:
            connection.execute("DELETE FROM work WHERE wid=?", (work.wid,))

    def again(self, work: Work, seconds: float) -> None:
        """Try it once more, later."""
        with self._database.write(beside=True) as connection:
            connection.execute(
                "UPDATE work SET attempts=attempts+1, due=? WHERE wid=?", (time.time() + seconds, work.wid)
            )

    def state(self) -> dict[str, float]:
        """`waiting`: how many entries; `lagSeconds`: how long the oldest has waited."""
        count, oldest = (
            self._database.connection().execute("SELECT COUNT(*), MIN(queued) FROM work").fetchone()
        )
        return {"waiting": count, "lagSeconds": round(max(0.0, time.time() - oldest), 1) if oldest else 0.0}

    def by_subscription(self) -> dict[str, int]:
        """How many entries are each subscription's."""
        rows = self._database.connection().execute(
            "SELECT subscription, COUNT(*) FROM work GROUP BY subscription"
        )
        return dict(rows.fetchall())
