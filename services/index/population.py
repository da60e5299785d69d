"""Search over all patients' vectors: Chroma where it is sound, an exact scan of the record where it is not.

The record is the truth; Chroma is a copy of its vectors. At start the copy is held against the record (every id
and, unless it was closed in good order, every vector) and rebuilt on any doubt, without embedding anything again.
Until it is sound, questions are answered by an exact scan, so nothing is ever missing from a result.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Sequence

import numpy as np

from services.errors import StoreUnavailable
from services.index.chroma import ChromaIndex
from services.index.matrix import cosines_of
from services.index.places import Place
from services.index.store import IndexStore

log = logging.getLogger("fabric.index")
BATCH = 500


class Population:
    """One embedding model's vectors over all patients. `state` is for people; `ready` for programs."""

    def __init__(self, store: IndexStore, place: Place) -> None:
        self._store = store
        self._place = place
        self._index: ChromaIndex | None = None
        self._model = ""
        self._synced = 0
        self._lock = threading.RLock()
        self.ready = False
        self.state = "not opened by this process"
        self.rebuilds = 0

    # Owner's side: one thread calls these

    def open(self, model: str) -> None:
        """Open, check and if need be rebuild the copy. Slow; called in the background.

        Raises StoreUnavailable where its place can't be reached at all.
        """
        with self._lock:
            self._model, self.ready = model, False
            clean = self._store.state("population_clean") == f"1 {model}"
            self._store.set_state("population_clean", "0")
            generation = int(self._store.state("population_generation", "0"))
            self._place.discard_others(generation)
            self.state = "being checked"
            started = time.monotonic()
            self._store.forget_removed(self._store.removed_ids(10_000_000))
            try:
                self._index = self._place.open(generation, model)
                reason = self._difference(thorough=not clean and self._place.ours_alone)
            except StoreUnavailable as error:
                if not self._place.ours_alone:
                    raise
                reason = error.message
            if reason:
                self.rebuild(reason if generation else "first start")
                return
            self._become_ready(started, "checked")

    def rebuild(self, reason: str) -> None:
        """Make the copy anew from the record's vectors; questions go on being answered meanwhile."""
        with self._lock:
            total = len(self._store.chunk_ids(self._model))
            log.log(logging.WARNING if total else logging.INFO, "population index is rebuilt: %s", reason)
            self.ready, self.rebuilds = False, self.rebuilds + 1
            if self._index is not None:
                self._index.close()
            generation = int(self._store.state("population_generation", "0")) + 1
            self._place.discard(generation)
            self._store.set_state("population_generation", str(generation))
            started = time.monotonic()
            self._index = self._place.open(generation, self._model)
            self._store.forget_removed(self._store.removed_ids(10_000_000))
            done = self._synced = 0
            for ids, vectors, metadata in self._batches(0):
                self._index.add(ids, vectors, metadata)
                done, self._synced = done + len(ids), ids[-1]
                self.state = f"being rebuilt ({done} of {total}): {reason}"
            self._place.discard_others(generation)
            self._become_ready(started, "rebuilt")

    def recover(self) -> None:
        """After a failure in use: what may be broken is made anew; a server that was away is only caught up with."""
        if self._place.ours_alone:
            self.rebuild("it failed while it was in use")
        else:
            self.open(self._model)

    def sync(self) -> int:
        """Bring the copy up to the record; rebuilds where Chroma fails. Returns how many ids changed."""
        with self._lock:
            if self._index is None or not self.ready:
                return 0
            try:
                changed = 0
                for ids, vectors, metadata in self._batches(self._synced):
                    self._index.add(ids, vectors, metadata)
                    changed, self._synced = changed + len(ids), ids[-1]
                while removed := self._store.removed_ids():
                    self._index.delete(removed)
                    self._store.forget_removed(removed)
                    changed += len(removed)
                if changed:
                    self._index.widen()
                return changed
            except StoreUnavailable as error:
                if not self._place.ours_alone:
                    self.ready = False
                    raise
                self.rebuild(error.message)
                return -1

    def close(self) -> None:
        """Leave the copy in good order, so that the next start need not read every vector."""
        with self._lock:
            if self._index is None:
                return
            if self.ready:
                with contextlib.suppress(
                    StoreUnavailable
                ):  # a server that is away is caught up with at the next start
                    self.sync()
                self._index.close()
                self._store.set_state("population_clean", f"1 {self._model}")
            self._index, self.ready, self.state = None, False, "closed"

    # Everyone's side

    def query(
        self, vector: np.ndarray, k: int, types: Sequence[str] | None = None
    ) -> tuple[np.ndarray, np.ndarray, bool]:
        """(chunk ids, cosines, exact?) of the nearest k, best first."""
        index = self._index if self.ready else None
        if index is not None:
            with contextlib.suppress(StoreUnavailable):
                ids, cosines = index.query(vector, k, types)
                return ids, cosines, False
            self.ready, self.state = False, "failed while it was asked; will be rebuilt"
        return (*self._scan(vector, k), True)

    def _scan(self, vector: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        ids, best = np.zeros(0, np.int64), np.zeros(0, np.float32)
        model = self._model or self._store.state("model")
        for block_ids, block in self._store.scan(model):
            ids, best = np.concatenate([ids, block_ids]), np.concatenate([best, cosines_of(block, vector)])
            if len(ids) > 8 * k + 8192:
                top = np.argpartition(best, -k)[-k:]
                ids, best = ids[top], best[top]
        order = np.argsort(-best, kind="stable")[:k]
        return ids[order], best[order]

    # Details

    def _batches(self, after: int):
        while True:
            ids, vectors, metadata = self._store.vectors(self._model, after, BATCH)
            if not ids:
                return
            yield ids, vectors, metadata
            after = ids[-1]

    def _difference(self, *, thorough: bool) -> str | None:
        """Why the copy can't be trusted, or None. Brings small differences up to date itself."""
        assert self._index is not None
        here = self._store.chunk_ids(self._model)
        there = self._index.ids()
        surplus, missing = np.setdiff1d(there, here), np.setdiff1d(here, there)
        if self._place.ours_alone and len(missing) > max(1000, len(here) // 5):
            return f"{len(missing)} of {len(here)} vectors were missing"
        common = np.intersect1d(here, there)
        sample = common if thorough else common[:: max(1, len(common) // 200)]
        self.state = f"being checked ({len(sample)} vectors)"
        page = self._index.page
        for start in range(0, len(sample), page):
            if not self._same(sample[start : start + page].tolist()):
                return "vectors differed from the record's"
        if len(common) and self._unsearchable(common):
            return "its graph did not find its own vectors"
        self._index.delete(surplus.tolist())
        after = int(missing[0]) - 1 if len(missing) else None
        self._synced = int(here[-1]) if len(here) else 0
        while after is not None and after < self._synced:
            ids, vectors, metadata = self._store.vectors(self._model, after, BATCH)
            if not ids:
                break
            self._index.add(ids, vectors, metadata)
            after = ids[-1]
        return None

    def _same(self, ids: list[int]) -> bool:
        assert self._index is not None
        held = self._index.vectors(ids)
        low, high = ids[0] - 1, ids[-1]
        truth: dict[int, np.ndarray] = {}
        while low < high:
            batch, vectors, _ = self._store.vectors(self._model, low, self._index.page)
            if not batch:
                break
            truth.update(zip(batch, vectors, strict=True))
            low = batch[-1]
        return all(i in held and i in truth and np.allclose(held[i], truth[i], atol=1e-5) for i in ids)

    def _unsearchable(self, common: np.ndarray) -> bool:
        """Ask the graph for a few of its own vectors: a graph that lost its links does not find them."""
        assert self._index is not None
        probes = common[:: max(1, len(common) // 8)][:8]
        for cid in probes.tolist():
            ids, vectors, _ = self._store.vectors(self._model, cid - 1, 1)
            if not ids or ids[0] != cid:
                continue
            _, cosines = self._index.query(vectors[0], 1)
            if len(cosines) == 0 or cosines[0] < 0.999:
                return True
        return False

    def _become_ready(self, started: float, verb: str) -> None:
        with contextlib.suppress(StoreUnavailable):  # a copy that fails shows when it is asked
            if self._index is not None:
                self._index.widen()
        self.ready = True
        self.state = f"ready ({verb} in {time.monotonic() - started:.1f} s)"
