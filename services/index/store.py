"""Entries, chunks and vectors as they are kept in the record's database: all that the pipeline writes."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from sqlite3 import Connection
from typing import Any

import numpy as np
import orjson

from services.fhir.database import Database
from services.index.schema import STEPS
from services.index.text import Chunk, Rendered

_BINARIES = uuid.UUID("5f0c2d8e-6a35-4c43-9d9a-0b0c3b1f6f11")


@dataclass(frozen=True, slots=True)
class Features:
    """What a chunk is found by besides its vector."""

    terms: str  # stems and concept tokens, for the word index
    hashes: np.ndarray  # uint32, sorted unique hashes of the stems
    concepts: np.ndarray  # services.index.features.CONCEPT records


@dataclass(frozen=True, slots=True)
class NewChunk:
    """A passage ready to be stored. `vector` is float32 of unit length, made by `model`."""

    chunk: Chunk
    digest: bytes
    features: Features
    vector: np.ndarray
    model: str


@dataclass(slots=True)
class NewEntry:
    """A resource ready to be stored; `facts` are (concept hash, canonical value)."""

    rendered: Rendered
    version: str
    time: float | None
    digest: bytes
    facts: list[tuple[int, float]]
    chunks: list[NewChunk]
    depends: set[str] = field(default_factory=set)


class IndexStore:
    """Reads are safe from any thread or process; writes are the pipeline's, in one transaction a batch."""

    def __init__(self, database: Database) -> None:
        self.database = database
        database.migrate("index", list(STEPS))

    # State

    def state(self, name: str, default: str = "") -> str:
        row = (
            self.database.connection()
            .execute("SELECT value FROM index_state WHERE name=?", (name,))
            .fetchone()
        )
        return row[0] if row else default

    def set_state(self, name: str, value: str) -> None:
        with self.database.write(beside=True) as connection:
            connection.execute(
                "INSERT INTO index_state VALUES(?,?) ON CONFLICT(name) DO UPDATE SET value=excluded.value",
                (name, value),
            )

    def installation(self) -> str:
        """An id of this record, made at first use: what it keeps elsewhere is told from others' by it."""
        with self.database.write(beside=True):
            known = self.state("installation")
            if not known:
                known = str(uuid.uuid4())
                self.set_state("installation", known)
        return known

    @property
    def cursor(self) -> int:
        """The last change of the record that is reflected here."""
        return int(self.state("cursor", "0"))

    def patient_version(self, patient_id: str) -> int:
        """Grows with each change of what is indexed of a patient; 0 where nothing ever was."""
        row = (
            self.database.connection()
            .execute("SELECT version FROM patient_index WHERE patient=?", (patient_id,))
            .fetchone()
        )
        return row[0] if row else 0

    def patient_versions(self, patients: Sequence[str]) -> dict[str, int]:
        """`patient_version` of several patients; without those of whom nothing was indexed."""
        found: dict[str, int] = {}
        for start in range(0, len(patients), 500):
            part = patients[start : start + 500]
            found |= self.database.connection().execute(
                f"SELECT patient, version FROM patient_index WHERE patient IN ({','.join('?' * len(part))})", part
            )
        return found

    def counts(self) -> dict[str, int]:
        row = (
            self.database.connection()
            .execute(
                "SELECT (SELECT COUNT(*) FROM entry), (SELECT COUNT(*) FROM chunk), "
                "(SELECT COUNT(*) FROM patient_index)"
            )
            .fetchone()
        )
        return dict(zip(("resources", "chunks", "patients"), row, strict=True))

    # What is there already

    def known_entry(self, resource_type: str, resource_id: str) -> tuple[int, bytes, str, str] | None:
        """(eid, digest, version, patient) of an indexed resource."""
        return (
            self.database.connection()
            .execute(
                "SELECT eid, digest, version, patient FROM entry WHERE type=? AND id=?",
                (resource_type, resource_id),
            )
            .fetchone()
        )

    def known_vectors(self, resource_type: str, resource_id: str, model: str) -> dict[bytes, np.ndarray]:
        """Vectors of the resource's present chunks by digest, so that unchanged text is not embedded again."""
        rows = self.database.connection().execute(
            "SELECT c.digest, c.vector FROM chunk c JOIN entry e ON e.eid=c.eid "
            "WHERE e.type=? AND e.id=? AND c.model=?",
            (resource_type, resource_id, model),
        )
        return {digest: np.frombuffer(vector, dtype=np.float32) for digest, vector in rows}

    def dependents(self, reference: str) -> list[tuple[str, str]]:
        """(type, id) of the entries whose text was made with this resource, or waits for it."""
        return (
            self.database.connection()
            .execute(
                "SELECT e.type, e.id FROM depends d JOIN entry e ON e.eid=d.eid WHERE d.target=?",
                (reference,),
            )
            .fetchall()
        )

    def other_models(self, model: str, limit: int) -> list[tuple[str, str]]:
        """(type, id) of entries that still hold vectors of another model."""
        return (
            self.database.connection()
            .execute(
                "SELECT DISTINCT e.type, e.id FROM chunk c JOIN entry e ON e.eid=c.eid "
                "WHERE c.model IN (SELECT DISTINCT model FROM chunk WHERE model<>?) LIMIT ?",
                (model, limit),
            )
            .fetchall()
        )

    def recent(self, patient_id: str, limit: int) -> list[tuple[str, str, str, str | None]]:
        """The newest entries of a patient: (type, id, title, date)."""
        return (
            self.database.connection()
            .execute(
                "SELECT type, id, title, date FROM entry WHERE patient=? ORDER BY time DESC NULLS LAST, eid LIMIT ?",
                (patient_id, limit),
            )
            .fetchall()
        )

    # Writing

    def apply(
        self,
        entries: Sequence[NewEntry],
        removed: Iterable[tuple[str, str]],
        cursor: int | None,
        touched: Iterable[tuple[str, str, str]] = (),
    ) -> int:
        """Replace these entries, drop those, move the cursor: one transaction. Returns chunks written.

        `touched` are (type, id, version) whose content is unchanged: only the version moves on.
        """
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        written = 0
        with self.database.write(beside=True) as connection:
            patients: set[str] = set()
            for resource_type, resource_id in removed:
                patients |= _remove(connection, resource_type, resource_id)
            for new in entries:
                patients |= _replace(connection, new, now)
                written += len(new.chunks)
            for resource_type, resource_id, version in touched:
                connection.execute(
                    "UPDATE entry SET version=? WHERE type=? AND id=?", (version, resource_type, resource_id)
                )
                patients |= {r[0] for r in connection.execute(
                    "SELECT patient FROM entry WHERE type=? AND id=?", (resource_type, resource_id))}  # fmt: skip
            connection.executemany(
                "INSERT INTO patient_index VALUES(?,1) ON CONFLICT(patient) DO UPDATE SET version=version+1",
                [(p,) for p in patients],
            )
            if cursor is not None:
                self.set_state("cursor", str(cursor))
        return written

    # The spec's StoredEmbedding

    def binary(self, binary_id: str) -> dict[str, Any] | None:
        """The StoredEmbedding that this Binary id names, or None."""
        row = (
            self.database.connection()
            .execute(
                "SELECT e.type, e.id, c.patient, c.content_type, c.text, c.vector, c.model, c.created "
                "FROM chunk c JOIN entry e ON e.eid=c.eid WHERE c.binary=?",
                (binary_id,),
            )
            .fetchone()
        )
        if row is None:
            return None
        return {
            "type": "clinical_embedding",
            "fhir_resource_type": row[0],
            "fhir_resource_id": row[1],
            "patient_id": row[2],
            "content_type": row[3],
            "content_text": row[4],
            "embedding": np.frombuffer(row[5], dtype=np.float32).tolist(),
            "model_version": row[6],
            "created_at": row[7],
        }

    def binaries_of(self, resource_type: str, resource_id: str) -> list[str]:
        """The Binary ids of a resource's embeddings, in order."""
        rows = self.database.connection().execute(
            "SELECT c.binary FROM chunk c JOIN entry e ON e.eid=c.eid WHERE e.type=? AND e.id=? ORDER BY c.ordinal",
            (resource_type, resource_id),
        )
        return [r[0] for r in rows]

    # For the population's index

    def chunk_ids(self, model: str) -> np.ndarray:
        """All chunk ids of a model, ascending."""
        rows = self.database.connection().execute(
            "SELECT cid FROM chunk WHERE model=? ORDER BY cid", (model,)
        )
        return np.fromiter((r[0] for r in rows), dtype=np.int64)

    def vectors(
        self, model: str, after: int = 0, limit: int = 1000
    ) -> tuple[list[int], np.ndarray, list[dict]]:
        """The next chunks of a model with ids above `after`: ids, float32 vectors, metadata."""
        rows = (
            self.database.connection()
            .execute(
                "SELECT c.cid, c.vector, c.patient, e.type FROM chunk c JOIN entry e ON e.eid=c.eid "
                "WHERE c.model=? AND c.cid>? ORDER BY c.cid LIMIT ?",
                (model, after, limit),
            )
            .fetchall()
        )
        vectors = np.frombuffer(b"".join(r[1] for r in rows), dtype=np.float32)
        return (
            [r[0] for r in rows],
            vectors.reshape(len(rows), -1) if rows else vectors.reshape(0, 0),
            [{"patient": r[2], "type": r[3]} for r in rows],
        )

    def scan(self, model: str, block: int = 4096) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """All vectors of a model in blocks: (ids, vectors). For exact search where there is no index."""
        after = 0
        while True:
            rows = (
                self.database.connection()
                .execute(
                    "SELECT cid, vector FROM chunk WHERE model=? AND cid>? ORDER BY cid LIMIT ?",
                    (model, after, block),
                )
                .fetchall()
            )
            if not rows:
                return
            after = rows[-1][0]
            ids = np.array([r[0] for r in rows], dtype=np.int64)
            yield ids, np.frombuffer(b"".join(r[1] for r in rows), dtype=np.float32).reshape(len(rows), -1)

    def removed_ids(self, limit: int = 5000) -> list[int]:
        return [
            r[0]
            for r in self.database.connection().execute("SELECT cid FROM removed_chunk LIMIT ?", (limit,))
        ]

    def forget_removed(self, ids: Sequence[int]) -> None:
        with self.database.write(beside=True) as connection:
            connection.executemany("DELETE FROM removed_chunk WHERE cid=?", [(i,) for i in ids])


def _replace(connection: Connection, new: NewEntry, now: str) -> set[str]:
    rendered = new.rendered
    patient = rendered.patient_id or ""
    patients = _remove(connection, rendered.resource_type, rendered.resource_id) | {patient}
    eid = connection.execute(
        "INSERT INTO entry(type, id, patient, version, title, date, time, status, facts, digest) "
        "VALUES(?,?,?,?,?,?,?,?,?,?)",
        (rendered.resource_type, rendered.resource_id, patient, new.version, rendered.title, rendered.date,
         new.time, rendered.status, orjson.dumps(new.facts).decode(), new.digest),
    ).lastrowid  # fmt: skip
    for item in new.chunks:
        chunk = item.chunk
        name = f"{rendered.resource_type}/{rendered.resource_id}#{chunk.ordinal}"
        cid = connection.execute(
            "INSERT INTO chunk(eid, binary, patient, ordinal, content_type, section, header, text, start, stop, "
            "digest, model, created, terms, hashes, concepts, vector) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (eid, str(uuid.uuid5(_BINARIES, name)), patient, chunk.ordinal, chunk.content_type, chunk.section,
             chunk.header, chunk.text, chunk.start, chunk.end, item.digest, item.model, now, item.features.terms,
             item.features.hashes.tobytes(), item.features.concepts.tobytes(),
             np.ascontiguousarray(item.vector, dtype=np.float32).tobytes()),
        ).lastrowid  # fmt: skip
        connection.execute("INSERT INTO chunk_words(rowid, terms) VALUES(?,?)", (cid, item.features.terms))
    connection.executemany(
        "INSERT OR IGNORE INTO fact VALUES(?,?,?)", [(concept, value, eid) for concept, value in new.facts]
    )
    connection.executemany("INSERT OR IGNORE INTO depends VALUES(?,?)", [(t, eid) for t in new.depends])
    return patients


def _remove(connection: Connection, resource_type: str, resource_id: str) -> set[str]:
    row = connection.execute(
        "SELECT eid, patient FROM entry WHERE type=? AND id=?", (resource_type, resource_id)
    ).fetchone()
    if row is None:
        return set()
    eid, patient = row
    for cid, terms in connection.execute("SELECT cid, terms FROM chunk WHERE eid=?", (eid,)).fetchall():
        connection.execute(
            "INSERT INTO chunk_words(chunk_words, rowid, terms) VALUES('delete',?,?)", (cid, terms)
        )
        connection.execute("INSERT OR IGNORE INTO removed_chunk VALUES(?)", (cid,))
    for table in ("chunk", "fact", "depends", "entry"):
        connection.execute(f"DELETE FROM {table} WHERE eid=?", (eid,))
    return {patient}
