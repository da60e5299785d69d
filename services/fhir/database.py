"""SQLite as every part of the console uses it: one file, write-ahead log, full synchronisation.

Readers never wait. Writers take turns, across threads and processes, for as long as one transaction takes.
A transaction that returned is on the disk: kill -9 and power loss keep it.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

from services.errors import StoreUnavailable

BUSY_SECONDS = 30.0
SETTLED_WITHIN = 0.5
"""Seconds after which a transaction that did not wait for the disk is on it."""
_PASSING = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
    }
)
"""Failures of the disk or of other writers, not of the program."""


class Database:
    """One SQLite file. Each thread has its own connection; `write()` is the only way to change anything."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._writer = threading.RLock()
        self._all: weakref.WeakSet[_Connection] = weakref.WeakSet()
        self._settling: threading.Timer | None = None
        self.committed: Callable[[], None] = lambda: None
        """Called after each transaction that was committed here, in its thread."""
        self.committing: Callable[[sqlite3.Connection], None] = lambda connection: None
        """Called at the end of each transaction, before it is committed. What it raises undoes the transaction."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not path.exists():
                # The record holds patients' data: readable by its owner alone, from the first byte on.
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise StoreUnavailable(
                f"The data folder {path.parent} can't be used ({error.strerror}). Set FABRIC_DATA_DIR to a folder "
                "that belongs to the user who runs the console."
            ) from error

    def connection(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit. For reading."""
        found: _Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = self._open()
            self._local.connection = found
            self._all.add(found)
        return found

    def _open(self) -> _Connection:
        try:
            connection = sqlite3.connect(
                self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False,
                factory=_Connection, cached_statements=512,
            )  # fmt: skip
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute("PRAGMA cache_size=-65536")
            connection.execute("PRAGMA mmap_size=268435456")
            connection.execute("PRAGMA temp_store=MEMORY")
        except sqlite3.Error as error:
            raise StoreUnavailable(
                f"The record's file {self.path.name} can't be opened ({error}). Check that the data folder is "
                "on a local disk, has room, and belongs to the user who runs the console."
            ) from error
        return connection

    @contextlib.contextmanager
    def write(self, *, waits: bool = True) -> Iterator[sqlite3.Connection]:
        """A write transaction: all of it, durably, or nothing. Nested use joins the outer transaction.

        Without `waits` it returns once the operating system has it, which keeps it through the end of this process;
        the disk has it half a second later, or with the next transaction that waits.

        Raises StoreUnavailable where another process holds the record for over 30 seconds or the disk is full.
        """
        with self._writer, self._then():
            connection = self.connection()
            if connection.in_transaction:
                yield connection
                return
            with self._translate():
                connection.execute(f"PRAGMA synchronous={'FULL' if waits else 'NORMAL'}")
                connection.execute("BEGIN IMMEDIATE")
            try:
                with self._translate():
                    yield connection
                    self.committing(connection)
            except BaseException:
                if connection.in_transaction:  # a full disk makes SQLite roll back by itself
                    connection.execute("ROLLBACK")
                raise
            with self._translate():
                try:
                    connection.execute("COMMIT")
                except sqlite3.Error:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    raise
            if not waits:
                self._settle_soon()
            self.committed()

    def _settle_soon(self) -> None:
        """Within the writer's lock, so that one timer at most runs."""
        if self._settling is None:
            self._settling = threading.Timer(SETTLED_WITHIN, self._settle)
            self._settling.daemon = True
            self._settling.start()

    def _settle(self) -> None:
        """Write-ahead frames reach the disk in their order, so syncing that file is enough; what was moved from it
        into the record's file by then, SQLite has synced before."""
        self._settling = None
        with contextlib.suppress(OSError):  # gone with its last reader, and in the record's file then
            handle = os.open(f"{self.path}-wal", os.O_RDWR)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def afterwards(self, call: Callable[[], object]) -> None:
        """Call once this thread's transaction has ended, committed or undone; at once where there is none. For what has
        to be told of a refusal, whose own writes are undone."""
        if not self.connection().in_transaction:
            call()
            return
        self._local.waiting = [*getattr(self._local, "waiting", ()), call]

    @contextlib.contextmanager
    def _then(self) -> Iterator[None]:
        try:
            yield
        finally:
            waiting = getattr(self._local, "waiting", ())
            if waiting and not self.connection().in_transaction:
                self._local.waiting = []
                for call in waiting:
                    call()

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """Several reads that see one moment of the record."""
        connection = self.connection()
        if connection.in_transaction:
            yield connection
            return
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            connection.execute("COMMIT")

    @contextlib.contextmanager
    def _translate(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _PASSING:
                raise
            raise StoreUnavailable(
                f"The record can't be written just now ({error}). Nothing was changed."
            ) from error

    def migrate(self, name: str, steps: list[str | Callable[[sqlite3.Connection], None]]) -> None:
        """Bring one part's tables up to date: the steps not yet taken, in one transaction, each once."""
        with self.write() as connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS migration(name TEXT, step INTEGER, at REAL, PRIMARY KEY(name, step))"
            )
            done = connection.execute("SELECT COUNT(*) FROM migration WHERE name=?", (name,)).fetchone()[0]
            if done > len(steps):
                raise StoreUnavailable(
                    f"The record in {self.path.parent} was written by a newer version of the console. Use that version, "
                    "or restore a backup from before the upgrade."
                )
            for number, step in enumerate(steps[done:], start=done):
                if callable(step):
                    step(connection)
                else:
                    for statement in step.split(";"):
                        if statement.strip():
                            connection.execute(statement)
                connection.execute("INSERT INTO migration VALUES(?,?,?)", (name, number, time.time()))

    def close(self) -> None:
        for connection in list(self._all):
            with contextlib.suppress(sqlite3.Error):
                connection.close()
        self._local = threading.local()


class _Connection(sqlite3.Connection):
    """A connection that can be weakly referenced, so that a thread's end closes its own."""
