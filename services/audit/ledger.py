"""The audit trail's ledger: each AuditEvent, as it is written, becomes an entry of a Merkle log.

The entry is written in the transaction of the event, whoever writes it. Its hash binds its number, the event's id and
version, who wrote it and the stored JSON; the root over all of them is what a checkpoint signs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from sqlite3 import Connection

import orjson

from services.audit.merkle import Frontier, leaf_hash, peaks
from services.errors import PreconditionFailed
from services.fhir.database import Database
from services.fhir.sqlite import Written

PAGE = 500
_TABLES = """
    CREATE TABLE ledger_entry(seq INTEGER PRIMARY KEY, id TEXT NOT NULL, version TEXT NOT NULL, hash BLOB NOT NULL);
    CREATE UNIQUE INDEX ledger_entry_event ON ledger_entry(id, version);
    CREATE TABLE ledger_node(level INTEGER, position INTEGER, hash BLOB NOT NULL,
        PRIMARY KEY(level, position)) WITHOUT ROWID;
    CREATE TABLE ledger_check(only INTEGER PRIMARY KEY CHECK(only=1), told BLOB NOT NULL)
"""


def entry_bytes(seq: int, event_id: str, version: str, author: str | None, body: bytes | None) -> bytes:
    """What an entry's hash is made of: each part behind its length, so that no two entries are the same bytes. The
    body of a deletion is absent, which is told apart from an empty one."""
    parts = (event_id.encode(), version.encode(), None if author is None else author.encode(), body)
    told = (b"\xff" * 8 if part is None else len(part).to_bytes(8, "big") + part for part in parts)
    return seq.to_bytes(8, "big") + b"".join(told)


class Ledger:
    """The log in the record's file. `follow` is the record's listener; the rest reads."""

    def __init__(self, database: Database) -> None:
        self.database = database
        database.migrate("ledger", [_TABLES, _take_in])

    def follow(self, connection: Connection, written: Written) -> None:
        """Append the event that is being written. Raises PreconditionFailed where it would change one."""
        stored = written.stored
        if stored.type != "AuditEvent":
            return
        if written.previous is not None:
            raise PreconditionFailed(
                f"{stored.reference} is in the audit trail, which is only ever added to."
            )
        _append(connection, stored.id, stored.version, written.author, stored.body)

    def size(self) -> int:
        return _size(self.database.connection())

    def head(self) -> tuple[int, bytes]:
        """The number of entries and the root over them."""
        with self.database.snapshot() as connection:
            return head(connection)

    def hashes(self, until: int) -> Iterator[bytes]:
        """The hashes of the entries before `until`, in order and in bounded memory."""
        for start in range(0, until, PAGE):
            rows = self.database.connection().execute(
                "SELECT hash FROM ledger_entry WHERE seq>=? AND seq<? ORDER BY seq",
                (start, min(start + PAGE, until)),
            )
            yield from (row[0] for row in rows.fetchall())

    def events(self) -> Iterator[bytes]:
        """The JSON of the events as they are now, in the order of the ledger and in bounded memory."""
        last = -1
        while True:
            rows = self.database.connection().execute(
                "SELECT l.seq, r.body FROM ledger_entry l JOIN resource r ON r.type='AuditEvent' AND r.id=l.id "
                "AND r.version=l.version WHERE l.seq>? AND r.body IS NOT NULL ORDER BY l.seq LIMIT ?",
                (last, PAGE),
            ).fetchall()  # fmt: skip
            if not rows:
                return
            last = rows[-1][0]
            yield from (row[1] for row in rows)

    def entry_of(self, event_id: str) -> int | None:
        """The number of an event's newest entry."""
        row = self.database.connection().execute(
            "SELECT MAX(seq) FROM ledger_entry WHERE id=?", (event_id,)
        ).fetchone()  # fmt: skip
        return row[0]

    def last_check(self) -> dict | None:
        """What the last verification told, as `keep_check` got it."""
        row = self.database.connection().execute("SELECT told FROM ledger_check").fetchone()
        try:
            told = orjson.loads(row[0]) if row else None
        except ValueError:
            return None
        return told if isinstance(told, dict) else None

    def keep_check(self, told: dict) -> None:
        with self.database.write() as connection:
            connection.execute("INSERT OR REPLACE INTO ledger_check VALUES(1, ?)", (orjson.dumps(told),))


def head(connection: Connection) -> tuple[int, bytes]:
    """The number of entries in a record's file and the root over them, as one moment of it has them."""
    frontier = _frontier(connection)
    return frontier.size, frontier.root()


def _size(connection: Connection) -> int:
    last = connection.execute("SELECT MAX(seq) FROM ledger_entry").fetchone()[0]
    return 0 if last is None else last + 1


def _frontier(connection: Connection) -> Frontier:
    size = _size(connection)
    return Frontier(size, _hashes(connection, peaks(size)))


def _hashes(connection: Connection, nodes: Iterable[tuple[int, int]]) -> Iterator[bytes]:
    for level, position in nodes:
        if level:
            row = connection.execute(
                "SELECT hash FROM ledger_node WHERE level=? AND position=?", (level, position)
            ).fetchone()
        else:
            row = connection.execute("SELECT hash FROM ledger_entry WHERE seq=?", (position,)).fetchone()
        # A hash that somebody took away or changed must not stop what is audited; verification names it.
        yield row[0] if row and isinstance(row[0], bytes) else bytes(32)


def _append(
    connection: Connection, event_id: str, version: str, author: str | None, body: bytes | None
) -> None:
    size = _size(connection)
    leaf = leaf_hash(entry_bytes(size, event_id, version, author, body))
    closed = (
        size ^ (size + 1)
    ).bit_length() - 1  # subtrees that the entry completes: as many peaks are needed
    needed = list(peaks(size))[-closed:] if closed else []
    made = Frontier(size, _hashes(connection, needed)).append(leaf)
    connection.execute("INSERT INTO ledger_entry VALUES(?,?,?,?)", (size, event_id, version, leaf))
    connection.executemany("INSERT OR REPLACE INTO ledger_node VALUES(?,?,?)", made)


def _take_in(connection: Connection) -> None:
    """The events from before the ledger, every version in the order in which it was written."""
    cursor = connection.execute(
        "SELECT c.id, c.version, r.version, r.author, r.body, s.author, s.body FROM change c "
        "JOIN resource r ON r.type='AuditEvent' AND r.id=c.id "
        "LEFT JOIN superseded s ON s.rid=r.rid AND s.version=c.version WHERE c.type='AuditEvent' ORDER BY c.seq"
    )
    for event_id, version, current, author, body, old_author, old_body in cursor:
        newest = version == current
        _append(connection, event_id, version, author if newest else old_author, body if newest else old_body)
