"""Indexes of any size without embedding anything: clustered random unit vectors under made-up entries."""

from __future__ import annotations

import numpy as np

from services.index.features import CONCEPT
from services.index.store import Features, IndexStore, NewChunk, NewEntry
from services.index.text import Chunk, Rendered

MODEL = "synthetic-768"
DIMENSIONS = 768


def vectors(count: int, seed: int, clusters: int = 200) -> np.ndarray:
    """(count, 768) float32 of unit length around shared centres, as texts of one kind are."""
    centres = np.random.default_rng(7).standard_normal((clusters, DIMENSIONS), dtype=np.float32)
    rng = np.random.default_rng(seed)
    rows = centres[rng.integers(0, clusters, count)]
    rows = rows + 0.8 * rng.standard_normal((count, DIMENSIONS), dtype=np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def fill(
    store: IndexStore, count: int, per_patient: int, start: int = 0, batch: int = 1000, tell=None
) -> None:
    """Add `count` one-chunk entries, `per_patient` to a patient, in transactions of `batch`."""
    for at in range(start, start + count, batch):
        size = min(batch, start + count - at)
        made = vectors(size, seed=at)
        entries = []
        for offset in range(size):
            number = at + offset
            text = f"Observation {number % 97} value {number % 13}"
            rendered = Rendered(
                resource_type="Observation",
                resource_id=f"o{number}",
                patient_id=f"p{number // per_patient}",
                title=text,
                date="2024-01-01",
                status="final",
                codings=(),
                facts=(),
                chunks=(),
            )
            features = Features(
                f"observ valu {number % 97}",
                np.array([number % 97, 1000], dtype=np.uint32),
                np.zeros(0, dtype=CONCEPT),
            )
            chunk = NewChunk(
                Chunk(0, text, "", "observation"), number.to_bytes(8, "little"), features, made[offset], MODEL
            )
            entries.append(NewEntry(rendered, "1", 1.7e9 + number, number.to_bytes(8, "little"), [], [chunk]))
        store.apply(entries, [], None)
        if tell:
            tell(at + size)
