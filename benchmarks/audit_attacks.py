"""What somebody with the disk may do to the audit trail: each attack is SQL on a copy of the record's file.

`first_wrong` says, by comparing the file with what it was, which entry a verification has to name.
"""

from __future__ import annotations

import hashlib
import random
import sqlite3
import uuid
from collections.abc import Callable
from pathlib import Path

from services.audit.checkpoints import Checkpoint
from services.audit.events import AuditLog
from services.audit.ledger import Ledger, entry_bytes
from services.audit.merkle import Frontier, leaf_hash
from services.fhir.database import Database
from services.fhir.sqlite import SQLiteRepository

Rows = dict


class Trail:
    """A record of some events as it was: its file, its rows, an old copy of the file, and what is held elsewhere."""

    def __init__(
        self, data: bytes, rows: Rows, old: bytes, checkpoint: Checkpoint, early: Checkpoint, held: bytes
    ) -> None:
        self.data, self.rows, self.old = data, rows, old
        self.checkpoint, self.early, self.held = checkpoint, early, held
        self.size = checkpoint.size


def make(folder: Path, size: int, old: int) -> Trail:
    """A trail of `size` events, of which the old copy has the first `old`."""
    path = folder / "record.sqlite"
    database = Database(path)
    repository = SQLiteRepository(database)
    ledger = Ledger(database)
    repository.listeners.append(ledger.follow)
    audit = AuditLog(repository)
    early, before = Checkpoint("", 0, b""), b""
    for number in range(size):
        if number == old:
            early, before = Checkpoint("held", *ledger.head()), _file(database)
        audit.write("rag_query", patient_id=f"p{number % 7}", agent="Practitioner/a", details={"n": number})
    checkpoint = Checkpoint("held", *ledger.head())
    held = b"".join(ledger.hashes(size))
    data = _file(database)
    database.close()
    connection = sqlite3.connect(path)
    rows = read(connection)
    connection.close()
    return Trail(data, rows, before, checkpoint, early, held)


def _file(database: Database) -> bytes:
    database.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return database.path.read_bytes()


def read(connection: sqlite3.Connection) -> Rows:
    """Everything that counts, by ("entry", number), ("event", id) and ("node", level, position)."""
    rows: Rows = {}
    for seq, *rest in connection.execute("SELECT seq, id, version, hash FROM ledger_entry"):
        rows["entry", seq] = tuple(rest)
    for event, *rest in connection.execute(
        "SELECT id, version, author, body FROM resource WHERE type='AuditEvent'"
    ):
        rows["event", event] = tuple(rest)
    for level, position, made in connection.execute("SELECT level, position, hash FROM ledger_node"):
        rows["node", level, position] = made
    return rows


def first_wrong(before: Rows, after: Rows) -> int | None:
    """The entry that a verification names, None where nothing was changed. Entries come in their order, and what is
    beside them (hashes over several entries, events without an entry) counts behind the last entry it is about."""
    size = sum(key[0] == "entry" for key in before)
    number_of = {value[0]: key[1] for key, value in before.items() if key[0] == "entry"}
    found: list[tuple[float, int]] = []
    ends = min([size, *(k[1] for k in before if k[0] == "entry" and k not in after)])
    for key in before.keys() | after.keys():
        if before.get(key) == after.get(key):
            continue
        if key[0] == "entry":
            place = min(key[1], size) if key[1] >= 0 else 0
            found.append((place, place))
        elif key[0] == "event":
            place = number_of.get(key[1], size)
            found.append((place, place))
        else:
            start, end = key[2] << key[1], ((key[2] + 1) << key[1]) - 1
            if end < size and key[1] > 0:
                found.append((end + 0.5, start))
            else:
                found.append((size, min(size, ends)))
    return min(found)[1] if found else None


# Attacks


def edit_body(c: sqlite3.Connection, rng: random.Random, _: Trail) -> None:
    event = _event(c, rng)
    c.execute("UPDATE resource SET body=CAST(replace(CAST(body AS TEXT), 'Practitioner/a', 'Practitioner/b') AS BLOB) "
              "WHERE id=?", (event,))  # fmt: skip


def edit_author(c: sqlite3.Connection, rng: random.Random, _: Trail) -> None:
    c.execute("UPDATE resource SET author=? WHERE id=?", (rng.choice([None, "x"]), _event(c, rng)))


def body_as_text(c: sqlite3.Connection, rng: random.Random, _: Trail) -> None:
    c.execute("UPDATE resource SET body=CAST(body AS TEXT) WHERE id=?", (_event(c, rng),))


def edit_version(c: sqlite3.Connection, rng: random.Random, _: Trail) -> None:
    c.execute(
        "UPDATE resource SET version=? WHERE id=?", (str(uuid.UUID(int=rng.getrandbits(128))), _event(c, rng))
    )


def withdraw_body(c: sqlite3.Connection, rng: random.Random, _: Trail) -> None:
    c.execute("UPDATE resource SET body=NULL WHERE id=?", (_event(c, rng),))


def edit_leaf(c: sqlite3.Connection, rng: random.Random, _: Trail) -> None:
    c.execute("UPDATE ledger_entry SET hash=? WHERE seq=?", (rng.randbytes(32), _seq(c, rng)))


def edit_node(c: sqlite3.Connection, rng: random.Random, _: Trail) -> None:
    c.execute(
        "UPDATE ledger_node SET hash=? WHERE level=? AND position=?", (rng.randbytes(32), *_node(c, rng))
    )


def delete_event(c: sqlite3.Connection, rng: random.Random, _: Trail) -> None:
    c.execute("DELETE FROM resource WHERE id=?", (_event(c, rng),))


def delete_entry(c: sqlite3.Connection, rng: random.Random, _: Trail) -> None:
    c.execute("DELETE FROM ledger_entry WHERE seq=?", (_seq(c, rng),))


def delete_node(c: sqlite3.Connection, rng: random.Random, _: Trail) -> None:
    c.execute("DELETE FROM ledger_node WHERE level=? AND position=?", _node(c, rng))


def insert_event(c: sqlite3.Connection, rng: random.Random, _: Trail) -> None:
    new = str(uuid.UUID(int=rng.getrandbits(128)))
    c.execute("INSERT INTO resource(type, id, version, updated, author, body) SELECT type, ?, ?, updated, author, "
              "body FROM resource WHERE id=?", (new, new, _event(c, rng)))  # fmt: skip


def insert_entry(c: sqlite3.Connection, rng: random.Random, _: Trail) -> None:
    new = str(uuid.UUID(int=rng.getrandbits(128)))
    last = max(_numbers(c), default=-1)
    seq = rng.choice([last + 1, last + rng.randrange(2, 9), -rng.randrange(1, 9)])
    c.execute("INSERT OR REPLACE INTO ledger_entry VALUES(?,?,?,?)", (seq, new, new, rng.randbytes(32)))


def insert_node(c: sqlite3.Connection, rng: random.Random, trail: Trail) -> None:
    level = rng.choice([0, 1, 2, 5])
    position = (trail.size >> level) + rng.randrange(1, 9)
    c.execute("INSERT OR REPLACE INTO ledger_node VALUES(?,?,?)", (level, position, rng.randbytes(32)))


def swap_entries(c: sqlite3.Connection, rng: random.Random, _: Trail) -> None:
    numbers = _numbers(c)
    a, b = rng.sample(numbers, 2) if len(numbers) > 1 else (0, 0)
    for old, new in ((a, 10**9), (b, a), (10**9, b)):
        c.execute("UPDATE ledger_entry SET seq=? WHERE seq=?", (new, old))


def swap_bodies(c: sqlite3.Connection, rng: random.Random, _: Trail) -> None:
    events = _events(c)
    a, b = rng.sample(events, 2) if len(events) > 1 else ("", "")
    one = c.execute("SELECT body FROM resource WHERE id=?", (a,)).fetchone()
    c.execute("UPDATE resource SET body=(SELECT body FROM resource WHERE id=?) WHERE id=?", (b, a))
    c.execute("UPDATE resource SET body=? WHERE id=?", (*(one or [None]), b))


def truncate_entries(c: sqlite3.Connection, rng: random.Random, _: Trail) -> None:
    c.execute("DELETE FROM ledger_entry WHERE seq>=?", (_seq(c, rng),))


def truncate_all(c: sqlite3.Connection, rng: random.Random, trail: Trail) -> None:
    order = _order(c)
    _rewrite(c, order[: rng.randrange(len(order))])


def truncate_and_go_on(c: sqlite3.Connection, rng: random.Random, trail: Trail) -> None:
    order = _order(c)
    start = rng.randrange(len(order))
    made = [_forged(c, rng, order[0]) for _ in range(len(order) - start + rng.randrange(3))]
    _rewrite(c, order[:start] + made)


def fork_edit(c: sqlite3.Connection, rng: random.Random, trail: Trail) -> None:
    edit_body(c, rng, trail)
    _rewrite(c, _order(c))


def fork_delete(c: sqlite3.Connection, rng: random.Random, trail: Trail) -> None:
    order = _order(c)
    order.pop(rng.randrange(len(order)))
    _rewrite(c, order)


def fork_insert(c: sqlite3.Connection, rng: random.Random, trail: Trail) -> None:
    order = _order(c)
    order.insert(rng.randrange(len(order)), _forged(c, rng, order[0]))
    _rewrite(c, order)


def fork_reorder(c: sqlite3.Connection, rng: random.Random, trail: Trail) -> None:
    order = _order(c)
    a, b = rng.sample(range(len(order)), 2)
    order[a], order[b] = order[b], order[a]
    _rewrite(c, order)


def roll_back(path: Path, trail: Trail) -> None:
    path.write_bytes(trail.old)


Attack = Callable[[sqlite3.Connection, random.Random, Trail], None]
PLAIN: tuple[Attack, ...] = (
    edit_body, edit_author, body_as_text, edit_version, withdraw_body, edit_leaf, edit_node, delete_event,
    delete_entry, delete_node, insert_event, insert_entry, insert_node, swap_entries, swap_bodies, truncate_entries,
)  # fmt: skip
"""Found by the record's file alone."""
RECOMPUTED: tuple[Attack, ...] = (
    truncate_all, truncate_and_go_on, fork_edit, fork_delete, fork_insert, fork_reorder,
)  # fmt: skip
"""With every hash made anew: found against what is held elsewhere."""


def apply(path: Path, trail: Trail, attacks: list[Attack], rng: random.Random) -> Rows:
    """Writes the attacked file; returns its rows."""
    path.write_bytes(trail.data)
    connection = sqlite3.connect(path, isolation_level=None)
    for attack in attacks:
        attack(connection, rng, trail)
    rows = read(connection)
    connection.close()
    return rows


# Details


def _events(c: sqlite3.Connection) -> list[str]:
    return [
        r[0]
        for r in c.execute(
            "SELECT id FROM resource WHERE type='AuditEvent' AND body IS NOT NULL ORDER BY rid"
        )
    ]


def _event(c: sqlite3.Connection, rng: random.Random) -> str:
    return rng.choice(_events(c) or [""])


def _seq(c: sqlite3.Connection, rng: random.Random) -> int:
    return rng.choice(_numbers(c) or [0])


def _numbers(c: sqlite3.Connection) -> list[int]:
    return [row[0] for row in c.execute("SELECT seq FROM ledger_entry ORDER BY seq")]


def _node(c: sqlite3.Connection, rng: random.Random) -> tuple[int, int]:
    return rng.choice(c.execute("SELECT level, position FROM ledger_node").fetchall() or [(1, 0)])


def _order(c: sqlite3.Connection) -> list[str]:
    return [row[0] for row in c.execute("SELECT id FROM ledger_entry ORDER BY seq")]


def _forged(c: sqlite3.Connection, rng: random.Random, like: str) -> str:
    new = str(uuid.UUID(int=rng.getrandbits(128)))
    c.execute("INSERT INTO resource(type, id, version, updated, author, body) SELECT type, ?, ?, updated, author, "
              "body FROM resource WHERE id=?", (new, new, like))  # fmt: skip
    return new


def _rewrite(c: sqlite3.Connection, order: list[str]) -> None:
    """The ledger, made anew as an attacker would who knows how: of these events, in this order, and no others."""
    c.execute("DELETE FROM ledger_entry")
    c.execute("DELETE FROM ledger_node")
    marks = ",".join("?" * len(order))
    c.execute(f"DELETE FROM resource WHERE type='AuditEvent' AND id NOT IN ({marks})", order)
    log = Frontier()
    for seq, event in enumerate(order):
        version, author, body = c.execute(
            "SELECT version, author, body FROM resource WHERE id=?", (event,)
        ).fetchone()
        leaf = leaf_hash(entry_bytes(seq, event, version, author, body))
        c.execute("INSERT INTO ledger_entry VALUES(?,?,?,?)", (seq, event, version, leaf))
        c.executemany("INSERT INTO ledger_node VALUES(?,?,?)", log.append(leaf))


def plain_digest(bodies: list[bytes]) -> bytes:
    """What hashing the same bytes costs without anything else."""
    made = hashlib.sha256()
    for body in bodies:
        made.update(body)
    return made.digest()
