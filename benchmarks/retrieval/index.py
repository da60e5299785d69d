"""A temporary record with the cohort in it, indexed as an installation would."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.retrieval.records import AS_OF
from services.demo import cohort, patients
from services.runtime.system import System
from services.settings import Settings


@dataclass(frozen=True)
class Chunks:
    """All passages as parallel arrays: what each method ranks."""

    keys: list[str]
    patients: np.ndarray
    texts: list[str]
    vectors: np.ndarray


@contextmanager
def indexed() -> Iterator[System]:
    """A system over the cohort; gone, with its files, on leaving."""
    with tempfile.TemporaryDirectory(prefix="retrieval-") as folder:
        system = System(Settings.model_validate({"data_dir": Path(folder), "demo": True}))
        try:
            system.repository.write_many(cohort(AS_OF))
            while system.pipeline.step():
                pass
            system.population.open(system.model.version)
            yield system
        finally:
            system.population.close()
            system.stop()


def chunks(system: System) -> Chunks:
    rows = (
        system.database.connection()
        .execute(
            "SELECT e.type, e.id, c.patient, c.header, c.text, c.vector FROM chunk c "
            "JOIN entry e ON e.eid=c.eid ORDER BY c.cid"
        )
        .fetchall()
    )
    return Chunks(
        keys=[f"{r[0]}/{r[1]}" for r in rows],
        patients=np.array([r[2] for r in rows]),
        texts=[f"{r[3]}. {r[4]}" if r[3] else r[4] for r in rows],
        vectors=np.stack([np.frombuffer(r[5], np.float32) for r in rows]),
    )


def patient_ids() -> dict[str, str]:
    return {p.slug: p.id for p in patients(AS_OF)}
