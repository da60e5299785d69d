"""Whose charts the fresh questions are about: the dev people of the other sets, and a folder of Synthea bundles."""

from __future__ import annotations

import functools
import gzip
import hashlib
import json
import tempfile
from pathlib import Path

from benchmarks.answers import cohort as demo
from benchmarks.answers.foreign import cohort as foreign
from benchmarks.answers.foreign.record import Record
from benchmarks.answers.oracle import Resource
from benchmarks.answers.people import People
from services.fhir.importing.importer import Importer
from services.runtime.system import System

SYNTHEA = {
    "antonina": "2021-06-30", "benedict": "2021-06-30", "devin": "2021-06-30", "jonathon": "2021-06-30",
    "mariana": "2021-06-30", "shin": "2021-06-30", "vannessa": "2021-06-30", "eddie": "1979-02-28",
    "emilee": "2000-01-18", "mayte": "2009-05-12", "rick": "1993-01-10", "tiera": "2021-03-22",
}  # fmt: skip
"""First name in the bundle's file name, and the day on which the chart is asked about."""


@functools.cache
def bundles(folder: Path) -> dict[str, Resource]:
    """Synthea's transaction bundles by first name; empty without a folder."""
    found = {}
    for path in sorted(folder.glob("*.json.gz")):
        name = path.name.split("_")[0].lower()
        if name in SYNTHEA:
            found[name] = json.loads(gzip.decompress(path.read_bytes()))
    return found


@functools.cache
def record(slug: str, folder: Path | None) -> Record:
    """One person's chart as raw JSON. Raises LookupError where it is not at hand or is held."""
    if slug in demo.HELD | foreign.HELD:
        raise LookupError(f"{slug} is held and not asked about here")
    if slug in foreign.AS_OF:
        return foreign.record(slug)
    if slug not in SYNTHEA:
        chart = demo.charts()[slug]
        return Record(slug, chart.id, chart.resources, demo.AS_OF.isoformat())
    if folder is None:
        raise LookupError(f"{slug} is among the Synthea bundles")
    resources = foreign.unpacked(bundles(folder)[slug])
    patient = next(r for r in resources if r["resourceType"] == "Patient")
    return Record(slug, patient["id"], resources, SYNTHEA[slug])


def fresh_people(folder: Path | None) -> People:
    ids = dict(demo.demo_people().ids) | dict(foreign.foreign_people().ids)
    held = demo.HELD | foreign.HELD
    theirs = {slug: record(slug, folder).id for slug in (bundles(folder) if folder else ())}
    digest = hashlib.sha256(
        "".join((demo.demo_people().digest, foreign.foreign_people().digest, *theirs.values())).encode()
    ).hexdigest()

    def load(system: System) -> None:
        demo.demo_people().load(system)
        foreign.foreign_people().load(system)
        if folder is None:
            return
        with tempfile.TemporaryDirectory(prefix="synthea-") as name:
            for slug, bundle in bundles(folder).items():
                (Path(name) / f"{slug}.json").write_text(json.dumps(bundle))
            report = Importer(system.repository, system.repository.database).run([Path(name)])
        if report.refused:
            raise ValueError(f"{report.refused} resources were refused: {report.problems[:3]}")

    return People({s: i for s, i in ids.items() if s not in held} | theirs, digest, load)
