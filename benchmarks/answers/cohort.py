"""Who is asked about: the written patients, some generated ones, and hand-made ones full of traps.

The patients are divided in two. A question about a `HELD` patient is held: it never serves for tuning, and its
wording is not used for any other patient.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json

from benchmarks.answers.oracle import Chart, Resource
from benchmarks.answers.patients import made
from benchmarks.answers.people import People
from services.demo import cohort, generate, patients
from services.demo.staff import shared_resources
from services.runtime.system import System

AS_OF = dt.date(2026, 6, 30)
"""The day on which the cohort is written and, unless it says otherwise, a question is asked."""

GENERATED, SEED = 12, 7

HELD = frozenset(
    (
        "liam-oconnor", "eleanor-marsh", "samuel-okonkwo", "chloe-lefevre", "fatima-al-rashid", "edith-thornton",
        "harold-jensen", "jasmine-brooks", "patrick-dsouza", "robert-kowalczyk", "sophie-laurent", "walter-brandt",
        "zoe-abara", "maria-alvarez-garcia", "crowd-1", "crowd-3", "crowd-5", "crowd-7", "crowd-9", "crowd-11",
        "made-dana", "made-emil", "made-faye",
    )
)  # fmt: skip


@functools.cache
def charts() -> dict[str, Chart]:
    """Every patient's chart by slug."""
    demo = cohort(AS_OF)
    found = {p.slug: Chart(p.slug, p.id, demo) for p in patients(AS_OF)}
    for number, resources in enumerate(generate(GENERATED, SEED, AS_OF)):
        patient = next(r for r in resources if r["resourceType"] == "Patient")
        found[f"crowd-{number}"] = Chart(f"crowd-{number}", patient["id"], resources)
    for slug, resources in made().items():
        found[slug] = Chart(slug, slug, resources)
    return found


def everything() -> list[Resource]:
    """All resources, those that patients share first."""
    return [*shared_resources(), *(r for chart in charts().values() for r in chart.resources)]


def _load(system: System) -> None:
    system.repository.write_many(everything())


def demo_people() -> People:
    digest = hashlib.sha256(json.dumps(everything(), sort_keys=True).encode()).hexdigest()
    return People({slug: chart.id for slug, chart in charts().items()}, digest, _load)
