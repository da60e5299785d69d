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
from services.index.matrix import Matrix, cosines_of, matrix_of
from services.index.store import IndexStore

_GAPS = 4  # a matrix is copied when a quarter of it is gaps, and the copy has room for a quarter more
_ROOM = 64
_SMALL = 20  # a view so small is read anew as fast as it is brought up to date
_FEW = 500  # up to so many ids, reading them all is as fast as asking what changed
_COLUMNS = (
    "c.cid, e.time, c.vector, e.type, e.id, c.patient, e.status, c.model, c.hashes, c.concepts, e.facts"
)


class View:
    """Parallel arrays over n chunks. `vectors` is (n, d) float32, each row of unit length.

    A chunk's row never changes, so a view of a later moment is this one without the rows that went and with
    those that came: see `refreshed`. The vectors themselves are copied only when room runs out: what came is
    written behind them, what went stays as a gap that `cosines` passes over.
    """

    def __init__(self, rows: Sequence[tuple]) -> None:
        n = len(rows)
        self.cids = np.fromiter((r[0] for r in rows), np.int64, n)
        self.times = np.fromiter((np.nan if r[1] is None else r[1] for r in rows), np.float64, n)
        self._hold(matrix_of([r[2] for r in rows]))
        self._rows = [r[3:] for r in rows]
        self._forget()

    def _hold(self, vectors: np.ndarray) -> None:
        self._matrix = Matrix(vectors, len(vectors))
        self._known = len(vectors)  # how many rows of the matrix there were at this view's moment
        self._places: np.ndarray | None = None  # where this view's rows are in it, where there are gaps
        self._compact: np.ndarray | None = vectors

    @property
    def vectors(self) -> np.ndarray:
        """(n, d) float32; made when first asked for where there are gaps."""
        if self._compact is None:
            rows = self._matrix.rows[: self._known]
            self._compact = rows if self._places is None else rows[self._places]
        return self._compact

    def cosines(self, query: np.ndarray) -> np.ndarray:
        """The cosine of each row with a query of unit length and of the rows' width."""
        if self._compact is not None:
            return cosines_of(self._compact, query)
        found = cosines_of(self._matrix.rows[: self._known], query)
        return found if self._places is None else found[self._places]

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
        self._grow(joined, kept, more.vectors)
        joined._forget()
        return joined

    def _grow(self, joined: View, kept: np.ndarray | None, new: np.ndarray) -> None:
        """Give the later view its vectors: in place where there is room and few gaps, else in a roomier copy."""
        n = len(joined.cids)
        if not len(new) and kept is None:
            new = new.reshape(0, self._matrix.rows.shape[1])
        if new.shape[1] != self._matrix.rows.shape[1]:
            old = self.vectors if kept is None else self.vectors[kept]
            joined._hold(matrix_of([v.tobytes() for block in (old, new) for v in block]))
            return
        known = self._known + len(new)
        if known - n <= n // _GAPS and self._matrix.add(self._known, new):
            joined._matrix, joined._known, joined._compact = self._matrix, known, None
            joined._places = self._places
            if kept is not None:
                joined._places = kept if self._places is None else self._places[kept]
            if joined._places is not None:
                joined._places = np.concatenate([joined._places, np.arange(self._known, known)])
            return
        rows = np.empty((n + n // _GAPS + _ROOM, new.shape[1]), np.float32)
        places = self._places if kept is None else kept if self._places is None else self._places[kept]
        if places is None:
            rows[: n - len(new)] = self._matrix.rows[: self._known]
        else:
            np.take(self._matrix.rows, places, axis=0, out=rows[: n - len(new)])
        rows[n - len(new) : n] = new
        joined._matrix, joined._known, joined._places, joined._compact = Matrix(rows, n), n, None, None

    def __len__(self) -> int:
        return len(self.cids)

    @property
    def nbytes(self) -> int:
        return self._matrix.rows.nbytes + len(self) * 1500

    def nearest(self, query: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """The k rows of highest cosine: (row numbers, cosines), best first. Exact."""
        cosines = self.cosines(query)
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
            [f != "[]" and t == "Observation" for f, t in zip(self._column(7), self.types, strict=True)],
            dtype=bool,
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

    def follow(self) -> None:
        """Bring what is kept up to date, so that the first question after a write need not: the indexer's thread calls it."""
        with self._lock:
            kept = {patient: version for patient, (version, _) in self._kept.items()}
        for patient, version in self._store.patient_versions(list(kept)).items():
            if version != kept[patient]:
                self.patient(patient)

    def candidates(self, cids: Sequence[int]) -> View:
        """Any chunks by id, in no particular order; ids that are gone are left out."""
        return View(_rows(self._store.database.connection(), cids))


def _refresh(old: View, connection: Connection, patient_id: str) -> View:
    """The patient's present view, reading only what the old one doesn't have."""
    if len(old) <= _SMALL:
        return View(_patient_rows(connection, patient_id))
    keep, new = _changes(old.cids, connection, patient_id)
    if len(new) > max(500, len(old) // 2):
        return View(_patient_rows(connection, patient_id))
    return old.refreshed(keep, _rows(connection, new))


def _changes(old: np.ndarray, connection: Connection, patient_id: str) -> tuple[np.ndarray, list[int]]:
    """Which of the old ids are still there, and the new ones in order. Ids only ever grow, so new ones are the last."""
    last = int(old[-1]) if len(old) else 0
    if len(old) > _FEW:
        new = _ids(connection, patient_id, last)
        (total,) = connection.execute("SELECT COUNT(*) FROM chunk WHERE patient=?", (patient_id,)).fetchone()
        if total == len(old) + len(new):
            return np.ones(len(old), bool), new.tolist()
    present = _ids(connection, patient_id, 0)
    return _among(old, present), present[present > last].tolist()


def _ids(connection: Connection, patient_id: str, above: int) -> np.ndarray:
    rows = connection.execute(
        "SELECT cid FROM chunk WHERE patient=? AND cid>? ORDER BY cid", (patient_id, above)
    ).fetchall()
    return np.fromiter((r[0] for r in rows), np.int64, len(rows))


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
