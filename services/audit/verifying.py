"""Proves the ledger: every event is in it as it was written, and it holds whatever a held checkpoint saw.

One pass in the order of the entries, in bounded memory, beside whoever writes: an entry once written never changes,
so the pass needs no lock. It stops at the first entry that is wrong.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from services.audit.checkpoints import Checkpoint
from services.audit.ledger import PAGE, entry_bytes
from services.audit.merkle import EMPTY, Frontier, leaf_hash
from services.fhir.database import Database

Progress = Callable[[int, int], None]
"""Told how many entries of how many were proved."""
_ENTRIES = """
    SELECT l.seq, l.id, l.version, l.hash, r.version, r.author, r.body, r.rid FROM ledger_entry l
    LEFT JOIN resource r ON r.type='AuditEvent' AND r.id=l.id WHERE l.seq>=? AND l.seq<? ORDER BY l.seq
"""
_NOT_ENTERED = """
    SELECT r.id FROM resource r LEFT JOIN ledger_entry l ON l.id=r.id AND l.version=r.version
        WHERE r.type='AuditEvent' AND l.seq IS NULL
    UNION ALL
    SELECT r.id FROM resource r CROSS JOIN superseded s ON s.rid=r.rid
        LEFT JOIN ledger_entry l ON l.id=r.id AND l.version=s.version
        WHERE r.type='AuditEvent' AND l.seq IS NULL
    LIMIT 1
"""
_TWICE = """
    SELECT MIN(last) FROM (SELECT MAX(seq) AS last FROM ledger_entry GROUP BY id, version HAVING COUNT(*)>1)
"""
_STRAY = """
    SELECT level, position FROM ledger_node WHERE typeof(level)<>'integer' OR typeof(position)<>'integer'
    OR level NOT BETWEEN 1 AND 62 OR position<0
    OR ((position+1)<<level) > (SELECT MAX(seq)+1 FROM ledger_entry) LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """The first thing that is wrong. `entry` is its number, or the number that it would have had; where only a
    checkpoint tells, the first wrong entry lies before `until`, at `entry` at the earliest."""

    entry: int
    reason: str
    event: str | None = None
    until: int | None = None

    @property
    def where(self) -> str:
        if self.until is not None and self.until > self.entry + 1:
            return f"between entry {self.entry} and entry {self.until - 1}"
        return f"entry {self.entry}" + (f" (AuditEvent/{self.event})" if self.event else "")


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of it: `size` entries with this root were proved, or `finding` says where it went wrong."""

    size: int
    root: bytes
    checkpoints: int = 0
    finding: Finding | None = None
    at: str = field(default_factory=lambda: dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))

    @property
    def told(self) -> dict[str, Any]:
        """To be kept and shown."""
        wrong = self.finding
        return {
            "at": self.at, "size": self.size, "root": self.root.hex(), "checkpoints": self.checkpoints,
            "ok": wrong is None, "where": wrong.where if wrong else None, "reason": wrong.reason if wrong else None,
        }  # fmt: skip


class _Wrong(Exception):
    def __init__(self, entry: int, reason: str, event: object = None, until: int | None = None) -> None:
        self.finding = Finding(entry, reason, event if isinstance(event, str) else None, until)


def verify(
    database: Database,
    checkpoints: Sequence[Checkpoint] = (),
    held: BinaryIO | None = None,
    progress: Progress | None = None,
) -> Verified:
    """`checkpoints` are ones whose signature was checked; `held` a copy of the entries' hashes, 32 bytes each, kept
    elsewhere."""
    log = Frontier()
    try:
        _prove(database.connection(), log, sorted(checkpoints, key=lambda c: c.size), held, progress)
        finding = None
    except _Wrong as wrong:
        finding = wrong.finding
    except sqlite3.DatabaseError as error:
        finding = Finding(log.size, f"The record's file can't be read there: {error}.")
    return Verified(log.size, log.root(), len(checkpoints), finding)


def _prove(
    connection: sqlite3.Connection,
    log: Frontier,
    checkpoints: Sequence[Checkpoint],
    held: BinaryIO | None,
    progress: Progress | None,
) -> None:
    count, first, last = connection.execute(
        "SELECT COUNT(*), MIN(seq), MAX(seq) FROM ledger_entry"
    ).fetchone()
    waiting, seen = list(checkpoints), 0
    while waiting and waiting[0].size == 0:
        if waiting.pop(0).root != EMPTY:
            raise _Wrong(0, "A held checkpoint of no entries has a root of its own.")
    if first is not None and first < 0:
        raise _Wrong(0, "An entry was put before the first.")
    size = 0 if last is None else last + 1
    while log.size < size:
        until = min(log.size + PAGE, size)
        rows = connection.execute(_ENTRIES, (log.size, until)).fetchall()
        nodes = _nodes(connection, log.size, until)
        if not rows:
            raise _Wrong(log.size, "The entry is missing.")
        for row in rows:
            _entry(connection, log, row, nodes, held)
            while waiting and waiting[0].size == log.size:
                checkpoint = waiting.pop(0)
                if checkpoint.root != log.root():
                    raise _Wrong(
                        seen, f"The entries are not those that the checkpoint of {log.size} entries signed.",
                        until=log.size,
                    )  # fmt: skip
                seen = log.size
        if progress:
            progress(log.size, count)
    if waiting:
        unsure = f" No held checkpoint speaks for those from {seen} on." if seen < size else ""
        raise _Wrong(size, f"The ledger ends here; a held checkpoint has {waiting[-1].size} entries.{unsure}")
    if held is not None and held.read(1):
        raise _Wrong(size, "The ledger ends here; the held copy has more entries.")
    _nothing_else(connection, size)


def _nodes(connection: sqlite3.Connection, start: int, until: int) -> dict[tuple[int, int], object]:
    """The stored hashes of the subtrees that entries from `start` on and before `until` complete."""
    found: dict[tuple[int, int], object] = {}
    for level in range(1, until.bit_length()):
        rows = connection.execute(
            "SELECT position, hash FROM ledger_node WHERE level=? AND position>=? AND position<?",
            (level, start >> level, until >> level),
        )
        found.update(((level, position), made) for position, made in rows)
    return found


def _entry(
    connection: sqlite3.Connection,
    log: Frontier,
    row: tuple,
    nodes: dict[tuple[int, int], object],
    held: BinaryIO | None,
) -> None:
    seq, event, version, kept, current, author, body, rid = row
    entry = log.size
    if seq != entry:
        raise _Wrong(entry, "The entry is missing.")
    if rid is None:
        raise _Wrong(entry, "The event is not in the record any more.", event)
    if version != current:
        older = connection.execute(
            "SELECT author, body FROM superseded WHERE rid=? AND version=?", (rid, version)
        ).fetchone()
        if older is None:
            raise _Wrong(entry, "The event has another version than the one that was entered.", event)
        author, body = older
    if not _typed(event, version, author, body):
        raise _Wrong(entry, "The event is not stored as it was written.", event)
    leaf = leaf_hash(entry_bytes(entry, event, version, author, body))
    if leaf != kept:
        raise _Wrong(entry, "The event or its entry was changed.", event)
    if held is not None and (copy := held.read(32)) and copy != leaf:
        raise _Wrong(entry, "The entry is not the one of the held copy.", event)
    for level, position, made in reversed(log.append(leaf)):
        if nodes.get((level, position)) != made:
            start = position << level
            raise _Wrong(start, f"The hash over entries {start} to {entry} was changed.", until=entry + 1)


def _typed(event: object, version: object, author: object, body: object) -> bool:
    """Whether the columns hold what the console writes into them; SQLite itself would take anything."""
    return (
        isinstance(event, str) and isinstance(version, str) and isinstance(author, str | None)
        and isinstance(body, bytes | None)
    )  # fmt: skip


def _nothing_else(connection: sqlite3.Connection, size: int) -> None:
    """No event without an entry, no second entry of one, no hash over nothing."""
    stray = connection.execute(_STRAY).fetchone()
    if stray is not None:
        raise _Wrong(size, "There is a hash over entries that are not there.")
    missing = connection.execute(_NOT_ENTERED).fetchone()
    if missing is not None:
        raise _Wrong(size, "An event of the record is not in the ledger.", missing[0])
    twice = connection.execute(_TWICE).fetchone()[0]
    if twice is not None:
        raise _Wrong(twice, "The event is entered twice.")
