"""The record's tables. A step once released is never edited: a change is a further step."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import orjson

from services.fhir.definitions import search_parameters
from services.fhir.indexing import index_rows


def _index_meta(connection: sqlite3.Connection) -> None:
    """`_tag`, `_security`, `_profile` and `_source` of what was written before these could be searched by."""
    cursor = connection.execute("SELECT rid, body FROM resource WHERE instr(body, ?) > 0", (b'"meta":{',))
    for rid, body in cursor:
        resource = orjson.loads(body)
        common = {p.pid for n, p in search_parameters(resource["resourceType"]).items() if n.startswith("_")}
        tokens = [(*t, rid) for t in index_rows(resource).tokens if t[0] in common]
        connection.executemany("INSERT OR IGNORE INTO ix_token VALUES(?,?,?,?)", tokens)


STEPS: list[str | Callable[[sqlite3.Connection], None]] = [
    """
    CREATE TABLE resource(
        rid INTEGER PRIMARY KEY,
        type TEXT NOT NULL,
        id TEXT NOT NULL,
        version TEXT NOT NULL,
        updated TEXT NOT NULL,
        author TEXT,
        body BLOB,
        UNIQUE(type, id)
    );
    CREATE INDEX resource_updated ON resource(type, updated);
    CREATE TABLE superseded(
        rid INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        version TEXT NOT NULL,
        updated TEXT NOT NULL,
        author TEXT,
        body BLOB,
        PRIMARY KEY(rid, seq)
    );
    CREATE TABLE change(
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        type TEXT NOT NULL,
        id TEXT NOT NULL,
        version TEXT NOT NULL,
        interaction TEXT NOT NULL,
        author TEXT,
        at TEXT NOT NULL
    );
    CREATE TABLE ix_token(pid INTEGER, code TEXT, system TEXT, rid INTEGER,
        PRIMARY KEY(pid, code, system, rid)) WITHOUT ROWID;
    CREATE INDEX ix_token_rid ON ix_token(rid);
    CREATE TABLE ix_string(pid INTEGER, value TEXT, rid INTEGER,
        PRIMARY KEY(pid, value, rid)) WITHOUT ROWID;
    CREATE INDEX ix_string_rid ON ix_string(rid);
    CREATE TABLE ix_date(pid INTEGER, low REAL, high REAL, rid INTEGER,
        PRIMARY KEY(pid, low, high, rid)) WITHOUT ROWID;
    CREATE INDEX ix_date_rid ON ix_date(rid);
    CREATE TABLE ix_quantity(pid INTEGER, value REAL, unit TEXT, rid INTEGER,
        PRIMARY KEY(pid, value, unit, rid)) WITHOUT ROWID;
    CREATE INDEX ix_quantity_rid ON ix_quantity(rid);
    CREATE TABLE ix_reference(pid INTEGER, target TEXT, rid INTEGER,
        PRIMARY KEY(pid, target, rid)) WITHOUT ROWID;
    CREATE INDEX ix_reference_rid ON ix_reference(rid);
    CREATE TABLE compartment(patient TEXT, type TEXT, rid INTEGER,
        PRIMARY KEY(patient, type, rid)) WITHOUT ROWID;
    CREATE INDEX compartment_rid ON compartment(rid)
    """,
    _index_meta,
]

INDEX_TABLES = ("ix_token", "ix_string", "ix_date", "ix_quantity", "ix_reference", "compartment")
