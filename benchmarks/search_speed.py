"""Speed of search against the floor and against Chroma, on the same rows in the same run.

    python -m benchmarks.search_speed [--sizes 10000 100000] [--queries 60] [--within-only] [--keep FOLDER]

For each size: one patient's vectors (100, 1,000 and 5,000 chunks) searched by us, by numpy's bare dot product with
top-k (the floor), and by Chroma with a filter; the whole population by us, by the same graph in Chroma with ef 100, and
by numpy's exact scan; recall, ingest, start and memory. Every figure is a median (p50) and p95 in milliseconds.
A million takes over an hour to build: --keep leaves each size in a folder, where the next run goes on from it.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one BLAS thread: two on busy cores add a flat 8 ms

import numpy as np

from benchmarks import synthetic
from services.fhir.database import Database
from services.index.chroma import ef_for
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


def run(size: int, queries: int, *, chroma: bool, kept: Path | None) -> dict[int, float]:
    print(f"\n{size:,} chunks{'p50 ms':>44} {'p95 ms':>10} {'ratio':>10}")
    with contextlib.ExitStack() as leaving:
        folder = kept / str(size) if kept else Path(leaving.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        store = IndexStore(Database(folder / "record.sqlite"))
        if not len(store.chunk_ids(synthetic.MODEL)):
            filled(store, size)
        if not chroma:
            return within(store, None, queries)
        place = Folder(folder / "chroma")
        population = Population(store, place)
        started = time.perf_counter()
        population.open(synthetic.MODEL)
        seconds = time.perf_counter() - started
        if population.rebuilds:
            print(f"  Chroma built at {size / seconds:,.0f} chunks/s")
        cached = within(store, population, queries)
        ours = everyone(store, population, queries)
        population.close()
        started = time.perf_counter()
        population.open(synthetic.MODEL)
        print(f"  start after a good end, index checked: {time.perf_counter() - started:.1f} s")
        population.close()
        narrow(store, folder / "chroma", queries, ours)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"  peak memory of this process: {peak:,.0f} MiB")
        return cached


def filled(store: IndexStore, size: int) -> None:
    started = time.perf_counter()
    synthetic.fill(store, size - sum(PATIENT_SIZES), 100)
    for number, chunks in enumerate(PATIENT_SIZES):
        synthetic.fill(store, chunks, chunks, start=(FIRST // chunks + number) * chunks)
    print(f"  stored in the record at {size / (time.perf_counter() - started):,.0f} chunks/s")


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

        def written(i: int, follow: bool, p: str = patient, n: int = chunks, number: int = number) -> float:
            last = (FIRST // n + number + 1) * n - 1
            store.apply([], [("Observation", f"o{last}")], None)
            synthetic.fill(store, 1, n, start=last)
            if follow:
                views.follow()  # as the indexer does behind its write
            started = time.perf_counter()
            views.patient(p).nearest(asked[i % queries], 10)
            return 1000 * (time.perf_counter() - started)

        written(0, False)
        after, followed = (
            tuple(np.percentile([written(i, follow) for i in range(max(8, queries // 3))], [50, 95]))
            for follow in (False, True)
        )
        first = timed(cold, max(5, queries // 4))
        peer = timed(chroma, max(5, queries // 6)) if collection else None
        now = views.patient(patient)
        same = sum(set(now.nearest(q, 10)[0].tolist()) == set(top(now.vectors, q).tolist()) for q in asked)
        print(f"  a patient of {chunks:,} chunks")
        row("  numpy dot product and top-k (floor)", floor)
        row("  ours, view in memory, version checked", ours, floor[0], "of the floor")
        row("  ours, first question after a write, at once", after, ours[0], "of a hit")
        row("  ours, the same once the indexer has followed", followed, ours[0], "of a hit")
        row("  ours, first question of all", first, ours[0], "of a hit")
        if peer:
            row("  Chroma with a patient filter", peer, ours[0], "of ours")
        print(f"    recall@10 against the exact scan: {same / queries:.3f}")
    return cached


def everyone(store: IndexStore, population: Population, queries: int) -> tuple[float, float]:
    """Returns what ours took."""
    asked = synthetic.vectors(queries, seed=123)
    ids, matrix = rows(store)
    exact = [set(ids[top(matrix, q)].tolist()) for q in asked]
    scan = timed(lambda i: top(matrix, asked[i % queries]), max(5, queries // 4))
    ours = timed(lambda i: population.query(asked[i % queries], 10), queries * 2)
    found = [set(population.query(q, 10)[0].tolist()) for q in asked]
    print("  all patients")
    row("  numpy exact scan of all rows", scan)
    row(
        f"  ours (Chroma, ef {ef_for(len(ids))})",
        ours,
        scan[0],
        f"of the scan; recall@10 {recall(exact, found):.3f}",
    )
    return ours


def narrow(store: IndexStore, folder: Path, queries: int, ours: tuple[float, float]) -> None:
    """The same graph, opened from a copy of its files with an ef of 100."""
    import chromadb

    asked = synthetic.vectors(queries, seed=123)
    ids, matrix = rows(store)
    exact = [set(ids[top(matrix, q)].tolist()) for q in asked]
    del matrix
    with tempfile.TemporaryDirectory(dir=folder.parent) as temp:
        copy = shutil.copytree(next(folder.iterdir()), Path(temp) / "copy")
        chromadb.PersistentClient(str(copy)).list_collections()[0].modify(
            configuration={"hnsw": {"ef_search": 100}}
        )
        again = copy.rename(copy.with_name("again"))  # a graph that is open keeps its ef
        peer = chromadb.PersistentClient(str(again)).list_collections()[0]

        def query(i: int) -> list[str]:
            return peer.query(query_embeddings=[asked[i % queries]], n_results=10, include=["distances"])[
                "ids"
            ][0]

        low = timed(query, queries * 2)
        got = [{int(i) for i in query(i)} for i in range(queries)]
        row("  the same graph, ef 100", low, None, f"recall@10 {recall(exact, got):.3f}")
        print(f"    ours takes {ours[0] / low[0]:.2f}x of it at p50, {ours[1] / low[1]:.2f}x at p95")


def rows(store: IndexStore) -> tuple[np.ndarray, np.ndarray]:
    blocks = list(store.scan(synthetic.MODEL))
    return np.concatenate([block for block, _ in blocks]), np.concatenate([vectors for _, vectors in blocks])


def recall(exact: list[set[int]], found: list[set[int]]) -> float:
    return float(np.mean([len(a & b) / 10 for a, b in zip(exact, found, strict=True)]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--queries", type=int, default=60)
    parser.add_argument("--within-only", action="store_true", help="leave Chroma and the population out")
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="where each size is kept for the next run"
    )
    asked = parser.parse_args()
    results = [
        (size, run(size, asked.queries, chroma=not asked.within_only, kept=asked.keep))
        for size in asked.sizes
    ]
    for (small, before), (large, after) in itertools.pairwise(results):
        growth = ", ".join(f"{n:,} chunks {after[n] / before[n]:.2f}x" for n in before)
        print(f"\nOne patient's query when the population grows {large / small:.0f}x: {growth}")


if __name__ == "__main__":
    main()
