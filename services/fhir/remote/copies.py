"""What is known of the server's versions of the resources in the working copy, and how two contents are told apart."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any

import orjson

from services.fhir.database import Database
from services.fhir.origin import content_of
from services.fhir.repository import Resource
from services.fhir.sqlite import bare

_SPACE = uuid.UUID("0b7c3c52-93b4-4bd5-9d6c-7e0f6c1c8d11")
STEPS = [
    """
    CREATE TABLE remote_version(type TEXT, id TEXT, version TEXT NOT NULL, updated TEXT NOT NULL, same INTEGER NOT NULL,
        PRIMARY KEY(type, id)) WITHOUT ROWID;
    CREATE TABLE remote_cursor(type TEXT PRIMARY KEY, since TEXT NOT NULL, filled INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE remote_state(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE remote_outbox(seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, refused TEXT)
    """,
]


@dataclass(frozen=True, slots=True)
class Known:
    """The server's version that the working copy holds. `same` is false where the server keeps a content that differs
    from what was sent, and which has not come here yet."""

    version: str
    updated: str
    same: bool


def known(connection: Connection, resource_type: str, resource_id: str) -> Known | None:
    row = connection.execute(
        "SELECT version, updated, same FROM remote_version WHERE type=? AND id=?",
        (resource_type, resource_id),
    ).fetchone()
    return Known(row[0], row[1], bool(row[2])) if row else None


def keep(connection: Connection, resource_type: str, resource_id: str, held: Known) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO remote_version VALUES(?,?,?,?,?)",
        (resource_type, resource_id, held.version, held.updated, held.same),
    )


def forget(connection: Connection, resource_type: str, resource_id: str) -> None:
    connection.execute("DELETE FROM remote_version WHERE type=? AND id=?", (resource_type, resource_id))


def state(database: Database, name: str) -> str | None:
    row = database.connection().execute("SELECT value FROM remote_state WHERE name=?", (name,)).fetchone()
    return row[0] if row else None


def set_state(database: Database, name: str, value: str) -> None:
    with database.write(beside=True) as connection:
        connection.execute("INSERT OR REPLACE INTO remote_state VALUES(?,?)", (name, value))


def content(resource: Resource) -> Resource:
    """Without what a server sets by itself."""
    return bare(content_of(resource))


def canonical(resource: Resource) -> bytes:
    """The same bytes for the same content, whoever wrote it down: keys in order, 8.0 as 8, nothing that is empty, and no
    `meta.source` that only names the request (`#…`), as HAPI sets it."""
    held = content(resource)
    meta = held.get("meta")
    if isinstance(meta, dict) and str(meta.get("source", "")).startswith("#"):
        held = {**held, "meta": {k: v for k, v in meta.items() if k != "source"}}
    return orjson.dumps(_plain(held), option=orjson.OPT_SORT_KEYS)


def version_id(resource: Resource) -> str:
    """The working copy's version of a content: the same at every console that holds it, so that what one console
    proposed on a version, another can hold against its own."""
    return str(uuid.uuid5(_SPACE, canonical(resource).decode()))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        found = {k: _plain(v) for k, v in value.items()}
        return {k: v for k, v in found.items() if v not in (None, "", [], {})}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value
