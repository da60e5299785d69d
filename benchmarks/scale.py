"""What a clinic of a given size takes: `python -m benchmarks.scale [--patients 40] [--clinicians 10 1000 50000]`.

Measures here what one unit of work costs in processor time and in bytes (a page, a search within a patient and over all, an
answer, a write, an embedded text, an audit event), and reckons from a clinician's day what a clinic needs. The day is an
assumption, not a measurement: change it by the options. One console's pages run in one interpreter, so that they fill one
core; embedding and the record's engine run beside it.
"""

from __future__ import annotations

import argparse
import math
import os
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from benchmarks.questions import QUESTIONS
from services.accounts.roles import Principal
from services.audit.access import page_view
from services.bots.rag_pipeline.handler import handle
from services.console import overview as overviews
from services.demo import generate
from services.demo.staff import shared_resources
from services.index.search import Filters
from services.runtime.system import System
from services.runtime.system import system as the_system

PAGES, SEARCHES, POPULATION, ANSWERS, WRITES = 150, 25, 5, 15, 30
"""Of one clinician in a day; writes are what they sign and send, and the results that come in for their patients."""
PATIENTS, RESOURCES_A_YEAR, YEARS, PEAK, AT_ONCE = 1_500, 40, 5, 0.16, 0.5
"""Patients for each clinician; what is written about each in a year; kept how long; the share of a day's work in its busiest
hour; and of the clinicians who are there then."""
TOKENS = 3_000
"""Of one answer worded by a model: instructions, evidence, answer."""
FULL, PEOPLE = 0.5, 50
"""How much of a core is used in the busiest hour, so that nobody waits for others; and for how many people at once on one
console the pages were measured (benchmarks.pages)."""
GRAPH_BYTES = 3_400
"""Of memory for each vector of the population's index: 768 numbers of 4 bytes, and its neighbours."""
QUESTIONS_ASKED = ("What was the last HbA1c?", "Current medications?", "How many visits in 2024?", "Any allergies?",
                   "Trend of blood pressure over the past year", "When was the last flu shot?", "Has the patient ever smoked?")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds of one unit each, and bytes."""

    page: float
    search: float
    population: float
    answer: float
    write: float
    embedding: float
    audit: float
    resource_bytes: float
    event_bytes: float
    vector_bytes: float


def processor(work: Callable[[], object], times: int = 1) -> float:
    """Seconds of processor time for each."""
    begun = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - begun) / times


def measured(system: System, people: list[list[dict]]) -> Cost:
    resources = [*shared_resources(), *(r for group in people for r in group)]
    size = _bytes(system)
    write = processor(lambda: [system.repository.update(r, create_missing=True) for r in resources]) / len(resources)
    stored = (_bytes(system) - size) / len(resources)
    size = _bytes(system)
    embedding = processor(lambda: _drain(system)) / len(resources)
    vectors = (_bytes(system) - size) / len(resources)
    system.owner.acquire()
    system.population.open(system.model.version)
    who = Principal("scale", "user", "A Clinician", "administrator")
    ids = [next(r["id"] for r in group if r["resourceType"] == "Patient") for group in people]
    record = system.repository

    def search(where: Iterable[str | None]) -> Callable[[], object]:
        return lambda: [system.retriever.search(f"{q} {n}", record, p, Filters()) for n, p in enumerate(where) for q in QUESTIONS]

    system.retriever.search("warm up", record, None, Filters())
    within = processor(search(ids[:8])) / (8 * len(QUESTIONS))
    everybody = processor(search([None] * 3)) / (3 * len(QUESTIONS))
    context = system.context(who)
    answer = processor(lambda: [handle(context, {"question": q, "patientId": p}) for p in ids[:8] for q in QUESTIONS_ASKED])
    size, events = _bytes(system), 400
    audit = processor(lambda: system.audit.keep_view(page_view(who, "scale", ids[:1], None)), events)
    told = (_bytes(system) - size) / events
    page = processor(lambda: [overviews.overview(who, p) for p in ids[:8]], 4) / 8
    return Cost(page + audit, within, everybody, answer / (8 * len(QUESTIONS_ASKED)), write, embedding, audit, stored, told, vectors)


def _drain(system: System) -> None:
    while system.pipeline.step() is not None:
        pass


def _bytes(system: System) -> int:
    system.database.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return system.settings.database.stat().st_size


def needs(cost: Cost, clinicians: int, page_run: float) -> list[str]:
    """A row of the table."""
    pages = PAGES * (cost.page + page_run) + SEARCHES * cost.search + POPULATION * cost.population + ANSWERS * cost.answer
    busy = clinicians * pages * PEAK / 3600
    written = clinicians * WRITES * PEAK / 3600
    consoles = math.ceil(max(busy / FULL, clinicians * AT_ONCE / PEOPLE))
    resources = clinicians * PATIENTS * RESOURCES_A_YEAR * YEARS
    record = resources * cost.resource_bytes
    trail = clinicians * (PAGES + SEARCHES + ANSWERS + 3 * WRITES) * 250 * YEARS * cost.event_bytes
    index = resources * cost.vector_bytes
    tokens = clinicians * ANSWERS * PEAK / 3600 * TOKENS
    return [f"{clinicians:,}", f"{busy:.2g}", f"{consoles:,}", f"{written:.2g}",
            f"{written * cost.write * 100:.2g} %", f"{written * cost.embedding:.2g}", _size(record), _size(trail), _size(index),
            _size(resources * GRAPH_BYTES), f"{tokens:,.0f}"]  # fmt: skip


def _size(count: float) -> str:
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if count < 1000 or unit == "TB":
            return f"{count:.3g} {unit}"
        count /= 1000
    return ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=40)
    parser.add_argument("--clinicians", type=int, nargs="+", default=[10, 1_000, 50_000])
    parser.add_argument("--page-run", type=float, default=0.02,
                        help="processor seconds of a page's run beside what is read for it (benchmarks.pages shows the whole)")  # fmt: skip
    asked = parser.parse_args()
    people = list(generate(asked.patients, seed=9))
    with tempfile.TemporaryDirectory() as name:
        os.environ |= {"FABRIC_DATA_DIR": name, "FABRIC_DEMO": "0"}
        system = the_system()  # the one that pages ask
        cost = measured(system, people)
        system.stop()
    print("unit                          processor ms      bytes")
    for told, seconds, size in (
        ("a page (overview, its event)", cost.page, cost.event_bytes), ("a search within a patient", cost.search, 0),
        ("a search over all", cost.population, 0), ("an answer, no model", cost.answer, 0),
        ("a resource written", cost.write, cost.resource_bytes), ("a resource embedded", cost.embedding, cost.vector_bytes),
        ("an audit event", cost.audit, cost.event_bytes),
    ):  # fmt: skip
        print(f"{told:29} {seconds * 1000:12.1f} {size:10,.0f}")
    print()
    head = ["clinicians", "cores of pages", "consoles", "writes/s", "of the writer", "cores of embedding", "record",
            "audit", "index", "its memory", "tokens/s"]  # fmt: skip
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for count in asked.clinicians:
        print("| " + " | ".join(needs(cost, count, asked.page_run)) + " |")


if __name__ == "__main__":
    main()
