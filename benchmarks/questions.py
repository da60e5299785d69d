"""Whole questions, from the typed words to ranked hits, over real text: against embedding the question alone.

    python -m benchmarks.questions [--patients 40]

Every question is asked cold (its vector is not in the cache) within a patient and over all patients.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from services.demo import generate
from services.demo.staff import shared_resources
from services.index.search import Filters
from services.runtime.system import System
from services.settings import Settings

QUESTIONS = (
    "high blood pressure", "HTN meds", "latest HbA1c", "potassium above 5", "chest pain", "no chest pain", "BP over 160",
    "blood thinner", "left knee pain", "flu shot", "smoker", "kidney function in the past year", "penicillin allergy",
    "current medications", "shortness of breath on exertion", "statin side effects", "eGFR under 60", "family history of MI",
    "discharge follow-up", "depression screening", "E11.9", "weight loss since 2024", "asthma inhaler", "abnormal labs",
)  # fmt: skip


def milliseconds(work: Callable[[str, int], object], rounds: int = 3) -> tuple[float, float]:
    """(p50, p95) over every question; a suffix keeps each one new to the cache."""
    taken = []
    for turn in range(rounds):
        for question in QUESTIONS:
            started = time.perf_counter()
            work(question, turn)
            taken.append(1000 * (time.perf_counter() - started))
    cuts = statistics.quantiles(taken, n=20)
    return statistics.median(taken), cuts[18]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=40)
    asked = parser.parse_args()
    groups = list(generate(asked.patients, seed=5))
    with tempfile.TemporaryDirectory() as name:
        system = System(Settings(data_dir=Path(name)))  # pyright: ignore[reportCallIssue]
        system.repository.write_many([*shared_resources(), *(r for group in groups for r in group)])
        while system.pipeline.step():
            pass
        system.owner.acquire()
        system.population.open(system.model.version)
        patient = next(r["id"] for r in groups[0] if r["resourceType"] == "Patient")
        system.retriever.search("warm up", system.repository, patient, Filters())
        system.retriever.search("warm up", system.repository, None, Filters())

        def ask(question: str, turn: int, scope: str | None) -> None:
            where = "p" if scope else "a"
            system.retriever.search(
                f"{question} {'?' * (turn + 1)}{where}", system.repository, scope, Filters()
            )

        floor = milliseconds(lambda q, t: system.model.embed_query(f"{q} {'.' * (t + 1)}"))
        one = milliseconds(lambda q, t: ask(q, t, patient))
        everyone = milliseconds(lambda q, t: ask(q, t, None))
        counts = system.store.counts()
        system.population.close()
        system.stop()
    print(f"{counts['chunks']:,} passages of {counts['patients']} patients{'p50 ms':>22} {'p95 ms':>10}")
    print(f"  embedding the question alone (floor)     {floor[0]:12.1f} {floor[1]:10.1f}")
    for label, figures in (("a question within a patient", one), ("a question over all patients", everyone)):
        print(f"  {label:<40} {figures[0]:12.1f} {figures[1]:10.1f} {figures[0] / floor[0]:8.1f}x the floor")


if __name__ == "__main__":
    main()
