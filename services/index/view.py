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
    "c.cid, e.time, c.vector, e.type, e.id, c.patient, e.status, c.model, c.hashes, c.concepts, e.facts"
)


class View:
    """Parallel arrays over n chunks. `vectors` is (n, d) float32, each row of unit length.

    A chunk's row never changes, so a view of a later moment is this one without the rows that went and with
    those that came: see `refreshed`.
    """

    def __init__(self, rows: Sequence[tuple]) -> None:
        n = len(rows)
        self.cids = np.fromiter((r[0] for r in rows), np.int64, n)
        self.times = np.fromiter((np.nan if r[1] is None else r[1] for r in rows), np.float64, n)
        self.vectors = _matrix([r[2] for r in rows])
        self._rows = [r[3:] for r in rows]
        self._forget()

    def _forget(self) -> None:
        """What is derived from the rows is made when it is first asked for."""
        self._columns: dict[int, list] = {}
        self._terms: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None
        self._records: tuple[np.ndarray, np.ndarray] | None = None
        self._values: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None

    def _column(self, number: int) -> list:
        if number not in self._columns:
            self._columns[number] = [r[number] for r in self._rows]
        return self._columns[number]

    types = property(lambda self: self._column(0), doc="Resource type of each row.")
    ids = property(lambda self: self._column(1), doc="Resource id of each row.")
    patients = property(lambda self: self._column(2), doc="Patient id of each row.")
    statuses = property(lambda self: self._column(3), doc="FHIR status of each row's resource, or None.")
    models = property(lambda self: self._column(4), doc="The model of each row's vector.")

    def refreshed(self, keep: np.ndarray, rows: Sequence[tuple]) -> View:
        """A new view: the rows of this one where `keep` holds, then the given ones."""
        more = View(rows)
        joined = View.__new__(View)
        kept = None if keep.all() else np.flatnonzero(keep)
        old, times = self.cids, self.times
        if kept is not None:
            old, times = old[kept], times[kept]
        joined.cids = np.concatenate([old, more.cids])
        joined.times = np.concatenate([times, more.times])
        joined._rows = (self._rows if kept is None else [self._rows[i] for i in kept.tolist()]) + more._rows
        joined.vectors = _joined(self.vectors, kept, more.vectors)
        joined._forget()
        return joined

    def __len__(self) -> int:
        return len(self.cids)

    @property
    def nbytes(self) -> int:
        return self.vectors.nbytes + len(self) * 1500

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
            hashes, rows = _flatten(self._column(5), np.dtype(np.uint32))
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
            records, rows = _flatten(self._column(6), CONCEPT)
            order = np.argsort(records["concept"], kind="stable")
            self._records = records[order], rows[order]
        return self._records

    def with_concept(self, concept: int) -> tuple[np.ndarray, np.ndarray]:
        records, rows = self.concepts()
        low, high = np.searchsorted(records["concept"], [concept, concept + 1])
        return records[low:high], rows[low:high]

    @property
    def has_values(self) -> np.ndarray:
        """Which rows hold a coded value of their own (prose may tell values too, and is not counted)."""
        return np.array(
            [f != "[]" and t == "Observation" for f, t in zip(self._column(7), self.types, strict=True)]
        )

    def values_of(self, concept: int) -> tuple[np.ndarray, np.ndarray]:
        """(rows, canonical values) of the coded values of a concept."""
        if self._values is None:
            flat = [
                (row, c, v)
                for row, facts in enumerate(self._column(7))
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


def _joined(old: np.ndarray, kept: np.ndarray | None, new: np.ndarray) -> np.ndarray:
    """The kept rows of the old matrix, then the new ones, copied once."""
    if not len(new) or not len(old):
        return new if not len(old) else old if kept is None else old[kept]
    if old.shape[1] != new.shape[1]:
        rows = old if kept is None else old[kept]
        return _matrix([v.tobytes() for block in (rows, new) for v in block])
    count = len(old) if kept is None else len(kept)
    whole = np.empty((count + len(new), old.shape[1]), np.float32)
    if kept is None:
        whole[:count] = old
    else:
        np.take(old, kept, axis=0, out=whole[:count])
    whole[count:] = new
    return whole


def _matrix(blobs: list[bytes]) -> np.ndarray:
    """(n, d) float32. Of two widths, as while a model changes, each row is padded and never compared."""
    n = len(blobs)
    if len({len(b) for b in blobs}) <= 1:
        joined = np.frombuffer(b"".join(blobs), dtype=np.float32)
        return joined.reshape(n, -1) if n else joined.reshape(0, 0)
    padded = np.zeros((n, max(map(len, blobs)) // 4), np.float32)
    for row, blob in zip(padded, blobs, strict=True):
        vector = np.frombuffer(blob, np.float32)
        row[: len(vector)] = vector
    return padded


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
            if kept:
                view = _refresh(kept[1], connection, patient_id)
            else:
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
        return View(_rows(self._store.database.connection(), cids))


def _refresh(old: View, connection: Connection, patient_id: str) -> View:
    """The patient's present view, reading only what the old one doesn't have."""
    rows = connection.execute("SELECT cid FROM chunk WHERE patient=? ORDER BY cid", (patient_id,)).fetchall()
    present = np.fromiter((r[0] for r in rows), np.int64, len(rows))
    keep = _among(old.cids, present)  # ids only ever grow, so both are in order
    new = present[~_among(present, old.cids)].tolist()
    if len(new) > max(500, len(present) // 2):
        return View(_patient_rows(connection, patient_id))
    return old.refreshed(keep, _rows(connection, new))


def _among(values: np.ndarray, ordered: np.ndarray) -> np.ndarray:
    """Which of the values are in the ordered array."""
    if not len(ordered):
        return np.zeros(len(values), bool)
    places = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    return ordered[places] == values


def _rows(connection: Connection, cids: Sequence[int]) -> list[tuple]:
    rows: list[tuple] = []
    for start in range(0, len(cids), 500):
        part = [int(c) for c in cids[start : start + 500]]
        rows += connection.execute(
            f"SELECT {_COLUMNS} FROM chunk c JOIN entry e ON e.eid=c.eid WHERE c.cid IN ({','.join('?' * len(part))}) ORDER BY c.cid",
            part,
        ).fetchall()
    return rows


def _patient_rows(connection: Connection, patient_id: str) -> list[tuple]:
    return connection.execute(
        f"SELECT {_COLUMNS} FROM chunk c JOIN entry e ON e.eid=c.eid WHERE c.patient=? ORDER BY c.cid",
        (patient_id,),
    ).fetchall()
