"""The index's vectors brought to a Chroma server before a console is pointed at it: nothing is embedded again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from services.index.chroma import ChromaIndex
from services.index.places import Place
from services.index.store import IndexStore

BATCH = 300
NEAR = 1e-5
Progress = Callable[[str, int, int], None]
"""What is done, how much of it, of how much."""


@dataclass(slots=True)
class Copied:
    """`differing`: vectors that are not there as they are here. `digest`: SHA-256 over ids and vectors of those that are."""

    here: int
    there: int
    sent: int
    removed: int
    differing: int
    digest: str

    @property
    def whole(self) -> bool:
        return self.here == self.there and not self.differing


def copy_index(store: IndexStore, place: Place, progress: Progress) -> Copied:
    """Bring the vectors of the record's model there and compare each; what is not there or differs is sent. Interrupted, it
    goes on where it was. Raises StoreUnavailable."""
    model = store.state("model")
    index = place.open(int(store.state("population_generation", "0")), model)
    try:
        here, there = store.chunk_ids(model), index.ids()
        surplus = np.setdiff1d(there, here).tolist()
        index.delete(surplus)
        sent = differing = seen = after = 0
        told = hashlib.sha256()
        while True:
            ids, vectors, metadata = store.vectors(model, after, BATCH)
            if not ids:
                break
            after, seen = ids[-1], seen + len(ids)
            wrong = _different(index, ids, vectors)
            if wrong:
                index.add([ids[n] for n in wrong], vectors[wrong], [metadata[n] for n in wrong])
                sent += len(wrong)
                wrong = _different(index, ids, vectors)
            differing += len(wrong)
            for n, i in enumerate(ids):
                if n not in wrong:
                    told.update(i.to_bytes(8, "big") + vectors[n].tobytes())
            progress("copying the index", seen, len(here))
        index.widen()
        return Copied(len(here), index.count(), sent, len(surplus), differing, told.hexdigest())
    finally:
        index.close()


def _different(index: ChromaIndex, ids: list[int], vectors: np.ndarray) -> list[int]:
    """The places of those that are not there, or not as they are here."""
    held = index.vectors(ids)
    return [n for n, i in enumerate(ids) if i not in held or not np.allclose(held[i], vectors[n], atol=NEAR)]
