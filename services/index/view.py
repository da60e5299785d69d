"""The chunks of one patient, or any handful of candidates, as arrays: what a question is scored against.

Within a patient the answer is exact: every chunk is in the matrix. Views are kept in an LRU by size and are
valid for one version of the patient's index, so a write is seen by the next question.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from sqlite3 import Connection

import numpy as np
import orjson

from services.index.features import CONCEPT
from services.index.store import IndexStore

_COLUMNS = (
    "c.cid, c.eid, e.type, e.id, c.patient, e.time, e.status, c.model, c.hashes, c.concepts, c.vector, e.facts, "
    "c.content_type"
)


class View:
    """Parallel arrays over n chunks. `vectors` is (n, d) float32, each row of unit length."""

    def __init__(self, rows: Sequence[tuple]) -> None:
        n = len(rows)
        self.cids = np.fromiter((r[0] for r in rows), np.int64, n)
        self.eids = np.fromiter((r[1] for r in rows), np.int64, n)
        self.types = [r[2] for r in rows]
        self.ids = [r[3] for r in rows]
        self.patients = [r[4] for r in rows]
        self.times = np.fromiter((np.nan if r[5] is None else r[5] for r in rows), np.float64, n)
        self.statuses = [r[6] for r in rows]
        self.models = [r[7] for r in rows]
        self.content_types = [r[12] for r in rows]
        self._hashes = [r[8] for r in rows]
        self._concepts = [r[9] for r in rows]
        self._facts = [r[11] for r in rows]
        widths = {len(r[10]) for r in rows}
        joined = np.frombuffer(b"".join(r[10] for r in rows), dtype=np.float32)
        if len(widths) <= 1:
            self.vectors = joined.reshape(n, -1) if n else joined.reshape(0, 0)
        else:  # two models of different widths during a change of model: each row padded, never compared
            wide = max(widths) // 4
            self.vectors = np.zeros((n, wide), np.float32)
            for i, row in enumerate(rows):
                vector = np.frombuffer(row[10], np.float32)
                self.vectors[i, : len(vector)] = vector
        self._terms: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None
        self._records: tuple[np.ndarray, np.ndarray] | None = None
        self._values: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None

    def __len__(self) -> int:
        return len(self.cids)

    @property
    def nbytes(self) -> int:
        return self.vectors.nbytes + sum(map(len, self._hashes)) * 4 + len(self) * 400

    def nearest(self, query: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """The k rows of highest cosine: (row numbers, cosines), best first. Exact."""
        cosines = self.vectors @ query
        k = min(k, len(cosines))
        if k == 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        top = np.argpartition(cosines, -k)[-k:] if k < len(cosines) else np.arange(len(cosines))
        top = top[np.argsort(-cosines[top], kind="stable")]
        return top, cosines[top]

    def postings(self, term: int) -> np.ndarray:
        """The rows that hold a stem, by its key."""
        if self._terms is None:
            hashes, rows = _flatten(self._hashes, np.dtype(np.uint32))
            order = np.argsort(hashes, kind="stable")
            lengths = np.bincount(rows, minlength=len(self)).astype(np.float32)
            self._terms = hashes[order], rows[order], lengths
        hashes, rows, _ = self._terms
        low, high = np.searchsorted(hashes, [term, term + 1])
        return rows[low:high]

    @property
    def lengths(self) -> np.ndarray:
        """How many different stems each row has."""
        self.postings(0)
        assert self._terms is not None
        return self._terms[2]

    def concepts(self) -> tuple[np.ndarray, np.ndarray]:
        """All concept records and the row of each, sorted by concept."""
        if self._records is None:
            records, rows = _flatten(self._concepts, CONCEPT)
            order = np.argsort(records["concept"], kind="stable")
            self._records = records[order], rows[order]
        return self._records

    def with_concept(self, concept: int) -> tuple[np.ndarray, np.ndarray]:
        records, rows = self.concepts()
        low, high = np.searchsorted(records["concept"], [concept, concept + 1])
        return records[low:high], rows[low:high]

    def values_of(self, concept: int) -> tuple[np.ndarray, np.ndarray]:
        """(rows, canonical values) of the coded values of a concept."""
        if self._values is None:
            flat = [
                (row, c, v)
                for row, facts in enumerate(self._facts)
                if facts != "[]"
                for c, v in orjson.loads(facts)
            ]
            self._values = (
                np.array([f[0] for f in flat], np.int64),
                np.array([f[1] for f in flat], np.int64),
                np.array([f[2] for f in flat], np.float64),
            )
        rows, concepts, values = self._values
        mask = concepts == concept
        return rows[mask], values[mask]


def _flatten(blobs: list[bytes], dtype: np.dtype) -> tuple[np.ndarray, np.ndarray]:
    sizes = np.fromiter((len(b) // dtype.itemsize for b in blobs), np.int64, len(blobs))
    return np.frombuffer(b"".join(blobs), dtype=dtype), np.repeat(np.arange(len(blobs)), sizes)


class Views:
    """Patients' views, kept while they fit and dropped when their patient changes. Safe between threads."""

    def __init__(self, store: IndexStore, megabytes: int) -> None:
        self._store = store
        self._limit = megabytes * 1024 * 1024
        self._kept: OrderedDict[str, tuple[int, View]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def patient(self, patient_id: str) -> View:
        """Everything indexed of a patient as of now."""
        version = self._store.patient_version(patient_id)
        with self._lock:
            kept = self._kept.get(patient_id)
            if kept and kept[0] == version:
                self._kept.move_to_end(patient_id)
                return kept[1]
        with self._store.database.snapshot() as connection:
            version = self._store.patient_version(patient_id)
            view = View(_patient_rows(connection, patient_id))
        with self._lock:
            old = self._kept.pop(patient_id, None)
            self._size += view.nbytes - (old[1].nbytes if old else 0)
            self._kept[patient_id] = (version, view)
            while self._size > self._limit and len(self._kept) > 1:
                self._size -= self._kept.popitem(last=False)[1][1].nbytes
        return view

    def candidates(self, cids: Sequence[int]) -> View:
        """Any chunks by id, in no particular order; ids that are gone are left out."""
        rows: list[tuple] = []
        connection = self._store.database.connection()
        for start in range(0, len(cids), 500):
            part = [int(c) for c in cids[start : start + 500]]
            rows += connection.execute(
                f"SELECT {_COLUMNS} FROM chunk c JOIN entry e ON e.eid=c.eid "
                f"WHERE c.cid IN ({','.join('?' * len(part))})",
                part,
            ).fetchall()
        return View(rows)


def _patient_rows(connection: Connection, patient_id: str) -> list[tuple]:
    return connection.execute(
        f"SELECT {_COLUMNS} FROM chunk c JOIN entry e ON e.eid=c.eid WHERE c.patient=? ORDER BY c.cid",
        (patient_id,),
    ).fetchall()
