"""SQLite as every part of the console uses it: one file, write-ahead log, full synchronisation.

Readers never wait. Writers take turns, across threads and processes, for as long as one transaction takes.
A transaction that returned is on the disk: kill -9 and power loss keep it.

A transaction that has to be told to a server before it counts does not hold SQLite's writer meanwhile: it is undone, told,
and written again (`recording`). Others of its kind wait for it; what is `beside` the record does not.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from services.errors import StoreUnavailable
from services.fhir.recording import Recording, Turns
from services.fhir.upgrading import Step, upgrade

Kept = Callable[[sqlite3.Connection], None]
Telling = Callable[[], Kept]
"""Tells a server, however long that takes. What it raises undoes the transaction; what it gives back is called at the end of
the transaction that keeps what was told."""
BUSY_SECONDS = 30.0
SETTLED_WITHIN = 0.5
"""Seconds after which a transaction that did not wait for the disk is on it."""
_UNCHANGED = "Nothing was changed."
_STORED = "The server has it, so it comes back here by itself; do not repeat it."
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


class _Connection(sqlite3.Connection):
    """One whose methods a recording can put its own before."""


class Database:
    """One SQLite file. Each thread has its own connection; `write()` is the only way to change anything."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._writer = threading.RLock()
        self._turns = Turns()
        self._tells = False
        self._settling: threading.Timer | None = None
        self.copied_before = False
        """Whether this start has kept what was there before it brought tables up to date."""
        self.committed: Callable[[], None] = lambda: None
        """Called after each transaction that was committed here, in its thread."""
        self.committing: Callable[[sqlite3.Connection], Telling | None] = lambda connection: None
        """Called at the end of each transaction, before it is committed. What it raises undoes the transaction. What it
        gives back is called outside of any transaction, where the database was told that there is such (`tells`)."""
        self.meanwhile: Callable[[], contextlib.AbstractContextManager[object]] = contextlib.nullcontext
        """Entered, in its thread, by each transaction that may have to wait for a server or for its turn there."""
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
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = self._open()
            self._local.connection = found
        return found

    def _open(self) -> sqlite3.Connection:
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

    def tells(self, turns: Path) -> None:
        """From now on `committing` may ask for a server to be told. `turns`: a file whose lock is held by whoever does,
        among the processes that share the record."""
        self._tells, self._turns = True, Turns(turns, BUSY_SECONDS)

    @contextlib.contextmanager
    def write(self, *, waits: bool = True, beside: bool = False) -> Iterator[sqlite3.Connection]:
        """A write transaction: all of it, durably, or nothing. Nested use joins the outer transaction.

        Without `waits` it returns once the operating system has it, which keeps it through the end of this process;
        the disk has it half a second later, or with the next transaction that waits.
        `beside`: it touches nothing that a change of the record rests on (who looked, who signed in), so it does not
        wait for one that is being told to a server.

        Raises StoreUnavailable where another process holds the record for over 30 seconds or the disk is full.
        """
        if self.connection().in_transaction:
            yield self.connection()
            return
        with self._turn(beside), self._then(), self._writer:
            connection = self.connection()
            self._begin(connection, waits)
            sure = _UNCHANGED
            try:
                with self._translate():
                    with self._recorded(connection, self._tells and not beside) as recording:
                        yield connection
                    telling = self.committing(connection)
                if telling is not None:
                    assert recording is not None, "what is beside the record must not change it"
                    told = self._told(connection, telling)
                    sure = _STORED
                    with self._translate(sure):
                        self._write_again(connection, recording, told, waits)
            except BaseException:
                if connection.in_transaction:  # a full disk makes SQLite roll back by itself
                    connection.execute("ROLLBACK")
                raise
            with self._translate(sure):
                try:
                    connection.execute("COMMIT")
                except sqlite3.Error:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    raise
            if not waits:
                self._settle_soon()
            self.committed()

    @contextlib.contextmanager
    def _turn(self, beside: bool) -> Iterator[None]:
        if beside:
            yield
            return
        with self.meanwhile() if self._tells else contextlib.nullcontext(), self._turns:
            yield

    def _begin(self, connection: sqlite3.Connection, waits: bool, sure: str = _UNCHANGED) -> None:
        with self._translate(sure):
            connection.execute(f"PRAGMA synchronous={'FULL' if waits else 'NORMAL'}")
            connection.execute("BEGIN IMMEDIATE")

    @contextlib.contextmanager
    def _recorded(self, connection: sqlite3.Connection, wanted: bool) -> Iterator[Recording | None]:
        if not wanted:
            yield None
            return
        with Recording(connection) as recording:
            self._local.recording = recording
            try:
                yield recording
            finally:
                self._local.recording = None

    def _told(self, connection: sqlite3.Connection, telling: Telling) -> Kept:
        connection.execute("ROLLBACK")
        self._writer.release()
        try:
            return telling()
        finally:
            self._writer.acquire()

    def _write_again(
        self, connection: sqlite3.Connection, recording: Recording, told: Kept, waits: bool
    ) -> None:
        self._begin(connection, waits, _STORED)
        self._local.again = True
        try:
            recording.play(connection)
        finally:
            self._local.again = False
        told(connection)

    @property
    def recording(self) -> Recording | None:
        """Of this thread's transaction, where it may have to be written again."""
        return getattr(self._local, "recording", None)

    @property
    def again(self) -> bool:
        """Whether this thread is writing again what was told."""
        return getattr(self._local, "again", False)

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
    def _translate(self, sure: str = _UNCHANGED) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _PASSING:
                raise
            raise StoreUnavailable(f"The record can't be written just now ({error}). {sure}") from error

    def migrate(self, name: str, steps: list[Step]) -> None:
        """Bring one part's tables up to date: the steps not yet taken, in one transaction, each once. A record that an
        older version wrote is copied first (`upgrading`)."""
        upgrade(self, name, steps)

    def close(self) -> None:
        """Close this thread's connection; another thread's is closed as soon as it is not in the midst of using it, since
        closing it under its hands would end the process."""
        own: sqlite3.Connection | None = getattr(self._local, "connection", None)
        self._local = threading.local()
        if own is not None:
            with contextlib.suppress(sqlite3.Error):
                own.close()
