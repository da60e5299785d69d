"""Speed of search against the floor and against Chroma, on the same rows in the same run.

    python -m benchmarks.search_speed [--sizes 10000 100000] [--queries 60] [--within-only]

For each size: one patient's vectors (100, 1,000 and 5,000 chunks) searched by us, by numpy's bare dot product with
top-k (the floor), and by Chroma with a filter; the whole population by us, by Chroma with ef 100, and by numpy's
exact scan; recall, ingest, start and memory. Every figure is a median (p50) and p95 in milliseconds.
"""

from __future__ import annotations

import argparse
import itertools
import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one BLAS thread: two on busy cores add a flat 8 ms

import numpy as np

from benchmarks import synthetic
from services.fhir.database import Database
from services.index.places import Folder
from services.index.population import Population
from services.index.store import IndexStore
from services.index.view import Views

PATIENT_SIZES = (100, 1000, 5000)
FIRST = 900_000_000  # numbers of the patients with known sizes, away from the others


def timed(work: Callable[[int], object], times: int) -> tuple[float, float]:
    """(p50, p95) in milliseconds; the first call is not counted."""
    work(0)
    taken = []
    for i in range(times):
        started = time.perf_counter()
        work(i)
        taken.append(1000 * (time.perf_counter() - started))
    return float(np.percentile(taken, 50)), float(np.percentile(taken, 95))


def top(vectors: np.ndarray, query: np.ndarray, k: int = 10) -> np.ndarray:
    """The floor: a dot product and the ten best, on an array that is at hand."""
    cosines = vectors @ query
    best = np.argpartition(cosines, -k)[-k:]
    return best[np.argsort(-cosines[best])]


def row(name: str, figures: tuple[float, float], base: float | None = None, remark: str = "") -> None:
    ratio = f"{figures[0] / base:9.2f}x" if base else " " * 10
    print(f"  {name:<46} {figures[0]:10.3f} {figures[1]:10.3f} {ratio}  {remark}", flush=True)


def run(size: int, queries: int, *, chroma: bool) -> dict[int, float]:
    print(f"\n{size:,} chunks{'p50 ms':>44} {'p95 ms':>10} {'ratio':>10}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = IndexStore(Database(folder / "record.sqlite"))
        started = time.perf_counter()
        synthetic.fill(store, size - sum(PATIENT_SIZES), 100)
        for number, chunks in enumerate(PATIENT_SIZES):
            synthetic.fill(store, chunks, chunks, start=(FIRST // chunks + number) * chunks)
        seconds = time.perf_counter() - started
        print(f"  stored in the record at {size / seconds:,.0f} chunks/s")
        if not chroma:
            return within(store, None, queries)
        population = Population(store, Folder(folder / "chroma"))
        started = time.perf_counter()
        population.open(synthetic.MODEL)
        print(f"  Chroma built at {size / (time.perf_counter() - started):,.0f} chunks/s")
        cached = within(store, population, queries)
        everyone(store, population, queries)
        population.close()
        started = time.perf_counter()
        population.open(synthetic.MODEL)
        print(f"  start after a good end, index checked: {time.perf_counter() - started:.1f} s")
        population.close()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"  peak memory of this process: {peak:,.0f} MiB")
        return cached


def within(store: IndexStore, population: Population | None, queries: int) -> dict[int, float]:
    views = Views(store, 512)
    asked = synthetic.vectors(queries, seed=99)
    collection = population._index._collection if population and population._index else None
    cached: dict[int, float] = {}
    for number, chunks in enumerate(PATIENT_SIZES):
        patient = f"p{FIRST // chunks + number}"
        held = views.patient(patient).vectors
        assert len(held) == chunks
        floor = timed(lambda i, held=held: top(held, asked[i % queries]), queries * 5)
        ours = timed(lambda i, p=patient: views.patient(p).nearest(asked[i % queries], 10), queries * 5)
        cached[chunks] = ours[0]

        def cold(i: int, p: str = patient) -> None:
            Views(store, 512).patient(p).nearest(asked[i % queries], 10)

        def chroma(i: int, p: str = patient) -> None:
            collection.query(
                query_embeddings=[asked[i % queries]],
                n_results=10,
                where={"patient": p},
                include=["distances"],
            )

        def written(i: int, p: str = patient, n: int = chunks, number: int = number) -> float:
            last = (FIRST // n + number + 1) * n - 1
            store.apply([], [("Observation", f"o{last}")], None)
            synthetic.fill(store, 1, n, start=last)
            started = time.perf_counter()
            views.patient(p).nearest(asked[i % queries], 10)
            return 1000 * (time.perf_counter() - started)

        written(0)
        after = [written(i) for i in range(max(8, queries // 3))]
        refreshed = float(np.percentile(after, 50)), float(np.percentile(after, 95))
        first = timed(cold, max(5, queries // 4))
        peer = timed(chroma, max(5, queries // 6)) if collection else None
        now = views.patient(patient)
        same = sum(set(now.nearest(q, 10)[0].tolist()) == set(top(now.vectors, q).tolist()) for q in asked)
        print(f"  a patient of {chunks:,} chunks")
        row("  numpy dot product and top-k (floor)", floor)
        row("  ours, view in memory, version checked", ours, floor[0], "of the floor")
        row("  ours, first question after a write", refreshed, ours[0], "of a hit")
        row("  ours, first question of all", first, ours[0], "of a hit")
        if peer:
            row("  Chroma with a patient filter", peer, ours[0], "of ours")
        print(f"    recall@10 against the exact scan: {same / queries:.3f}")
    return cached


def everyone(store: IndexStore, population: Population, queries: int) -> None:
    import chromadb

    from services.index.chroma import ef_for

    asked = synthetic.vectors(queries, seed=123)
    ids = np.concatenate([block for block, _ in store.scan(synthetic.MODEL)])
    matrix = np.concatenate([vectors for _, vectors in store.scan(synthetic.MODEL)])
    exact = [set(ids[top(matrix, q)].tolist()) for q in asked]
    scan = timed(lambda i: top(matrix, asked[i % queries]), max(5, queries // 4))
    ours = timed(lambda i: population.query(asked[i % queries], 10), queries * 2)
    found = [set(population.query(q, 10)[0].tolist()) for q in asked]
    recall = np.mean([len(a & b) / 10 for a, b in zip(exact, found, strict=True)])
    client = chromadb.EphemeralClient()
    peer = client.get_or_create_collection(
        f"peer-{len(ids)}",
        embedding_function=None,
        configuration={"hnsw": {"space": "cosine", "ef_search": 100}},
    )
    for at in range(0, len(ids), 5000):
        peer.add(ids=[str(i) for i in ids[at : at + 5000]], embeddings=matrix[at : at + 5000])
    low = timed(
        lambda i: peer.query(query_embeddings=[asked[i % queries]], n_results=10, include=["distances"]),
        queries * 2,
    )
    got = [
        {int(i) for i in peer.query(query_embeddings=[q], n_results=10, include=["distances"])["ids"][0]}
        for q in asked
    ]
    low_recall = np.mean([len(a & b) / 10 for a, b in zip(exact, got, strict=True)])
    client.delete_collection(f"peer-{len(ids)}")
    print("  all patients")
    row("  numpy exact scan of all rows", scan)
    row("  Chroma, ef 100", low, None, f"recall@10 {low_recall:.3f}")
    row(f"  ours (Chroma, ef {ef_for(len(ids))})", ours, low[0], f"of ef 100; recall@10 {recall:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--queries", type=int, default=60)
    parser.add_argument("--within-only", action="store_true", help="leave Chroma and the population out")
    asked = parser.parse_args()
    results = [(size, run(size, asked.queries, chroma=not asked.within_only)) for size in asked.sizes]
    for (small, before), (large, after) in itertools.pairwise(results):
        growth = ", ".join(f"{n:,} chunks {after[n] / before[n]:.2f}x" for n in before)
        print(f"\nOne patient's query when the population grows {large / small:.0f}x: {growth}")


if __name__ == "__main__":
    main()
