"""What a transaction wrote, so that it can be written again after a server was told of it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from sqlite3 import Connection, Cursor
from typing import Any

from services.errors import StoreUnavailable

_POLL_SECONDS = 0.02
_READS = ("SELECT", "PRAGMA", "EXPLAIN")


class Recording:
    """Every statement that changes something while it is entered, in order. What depends on numbers that others may have
    taken by the second time (rows of a resource, places in the ledger) is kept as one step that is done anew."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Any = connection
        self._steps: list[Callable[[Connection], object]] = []
        self._within = 0

    def __enter__(self) -> Recording:
        self._connection.execute, self._connection.executemany = self._execute, self._executemany
        return self

    def __exit__(self, *_: object) -> None:
        del self._connection.execute, self._connection.executemany

    @contextlib.contextmanager
    def step(self, anew: Callable[[Connection], object]) -> Iterator[None]:
        """What is written inside is written by `anew` the second time."""
        self._within += 1
        try:
            yield
        finally:
            self._within -= 1
        if not self._within:
            self._steps.append(anew)

    def play(self, connection: Connection) -> None:
        for step in self._steps:
            step(connection)

    def _execute(self, sql: str, parameters: Any = ()) -> Cursor:
        if not self._within and not sql.lstrip()[:7].upper().startswith(_READS):
            self._steps.append(lambda connection: connection.execute(sql, parameters).fetchall())
        return Connection.execute(self._connection, sql, parameters)

    def _executemany(self, sql: str, parameters: Iterable[Any]) -> Cursor:
        rows = list(parameters)
        if not self._within:
            self._steps.append(lambda connection: connection.executemany(sql, rows))
        return Connection.executemany(self._connection, sql, rows)


class Turns:
    """A lock among threads, and with a file among processes; who has it may take it again."""

    def __init__(self, path: Path | None = None, seconds: float = 30.0) -> None:
        self._lock = threading.RLock()
        self._path, self._seconds = path, seconds
        self._depth = 0
        self._descriptor = -1

    def __enter__(self) -> None:
        self._lock.acquire()
        try:
            if self._path is not None and self._depth == 0:
                self._descriptor = self._locked(self._path)
        except BaseException:
            self._lock.release()
            raise
        self._depth += 1

    def __exit__(self, *_: object) -> None:
        self._depth -= 1
        if self._depth == 0 and self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        self._lock.release()

    def _locked(self, path: Path) -> int:
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise StoreUnavailable(
                f"The record can't be written just now: {path} {error.strerror}. Nothing was changed."
            ) from error
        end = time.monotonic() + self._seconds
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return descriptor
            except OSError:
                if time.monotonic() > end:
                    os.close(descriptor)
                    raise StoreUnavailable(
                        "The record can't be written just now: another process is writing. Nothing was changed."
                    ) from None
                time.sleep(_POLL_SECONDS)
