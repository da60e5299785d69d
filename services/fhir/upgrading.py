"""A record that an older version of the console wrote, brought up to date; one that a newer version wrote, refused.

Each part of the console numbers the steps by which its tables came to be. Those that a record has not taken are taken at
the start, in one transaction. Before the first of them changes tables that hold something, the whole file is copied beside
it, so that the version of before can be gone back to.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from services.errors import StoreUnavailable

if TYPE_CHECKING:
    from services.fhir.database import Database

log = logging.getLogger("fabric")
Step = str | Callable[[sqlite3.Connection], None]
_PAGES = 4096


def kept_before(path: Path) -> Path:
    """Where the copy of a record lies from before its last upgrade."""
    return path.with_name(f"{path.name}.before-upgrade")


def upgrade(database: Database, name: str, steps: list[Step]) -> None:
    """Take the steps of one part that were not taken yet. Raises StoreUnavailable where a newer version has taken others,
    or where there is no room for the copy; nothing is changed then."""
    done = _done(database.connection(), name)
    if done > len(steps):
        raise StoreUnavailable(
            f"The record in {database.path.parent} was written by a newer version of the console. Use that version, "
            "or restore a backup from before the upgrade."
        )
    if done == len(steps):
        return
    if done and not database.copied_before:
        _keep(database.path)
        database.copied_before = True
    with database.write() as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS migration(name TEXT, step INTEGER, at REAL, PRIMARY KEY(name, step))"
        )
        for number, step in enumerate(steps[_done(connection, name) :], start=_done(connection, name)):
            if callable(step):
                step(connection)
            else:
                for statement in step.split(";"):
                    if statement.strip():
                        connection.execute(statement)
            connection.execute("INSERT INTO migration VALUES(?,?,?)", (name, number, time.time()))


def _done(connection: sqlite3.Connection, name: str) -> int:
    if connection.execute("SELECT 1 FROM sqlite_schema WHERE name='migration'").fetchone() is None:
        return 0
    return connection.execute("SELECT COUNT(*) FROM migration WHERE name=?", (name,)).fetchone()[0]


def _keep(path: Path) -> None:
    """One moment of it, in one file, readable by its owner alone."""
    target, fresh = kept_before(path), path.with_name(f"{path.name}.copying")
    log.warning(
        "an older version wrote this record; it is copied to %s before it is brought up to date", target.name
    )
    try:
        os.close(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
        with (
            contextlib.closing(sqlite3.connect(path)) as here,
            contextlib.closing(sqlite3.connect(fresh)) as there,
        ):
            here.backup(there, pages=_PAGES)
            there.execute("PRAGMA journal_mode=DELETE")
        with fresh.open("rb+") as file:
            os.fsync(file.fileno())
        fresh.replace(target)
    except (OSError, sqlite3.Error) as error:
        fresh.unlink(missing_ok=True)
        raise StoreUnavailable(
            f"The record has to be brought up to date, and there is no copy of it yet: {target} can't be written "
            f"({error}). Make as much room as the record takes. Nothing was changed."
        ) from error
