"""Whose charts the foreign questions are about, as files to import and as raw JSON for the gold."""

from __future__ import annotations

import functools
import hashlib
import json
import tempfile
from pathlib import Path

from benchmarks.answers.foreign.record import Record
from benchmarks.answers.foreign.records import (
    clinic,
    hospital,
    packaged,
    residents_dev,
    residents_held,
    wards_dev,
    wards_held,
)
from benchmarks.answers.foreign.records.shape import Resource
from benchmarks.answers.people import People
from services.fhir.importing.importer import Importer
from services.runtime.system import System

AS_OF = {
    "ward-heart": "2172-08-25", "ward-liver": "2171-03-28", "ward-sepsis": "2165-02-01T17:00:00-05:00",
    "town-diabetic": "2021-11-15", "town-child": "2023-02-10", "town-lung": "2017-06-30",
    "sim-copd": "2026-06-30", "sim-diabetes": "2026-06-30", "sim-prostate": "2026-06-30",
    "visits-pressure": "2026-01-31", "panel-diabetes": "2026-02-14",
    "ward-coronary": "2152-12-30", "ward-lungs": "2147-11-20", "ward-pancreas": "2161-03-17T12:00:00-05:00",
    "town-mother": "2021-09-01", "town-heart": "2017-12-12", "town-kidney": "2024-02-29",
    "sim-infarct": "2026-02-28", "sim-asthma": "2026-06-30", "sim-birth": "2026-06-30", "sim-metabolic": "2026-06-30",
    "visits-kidney": "2026-01-15", "panel-anaemia": "2026-03-03",
}  # fmt: skip
"""The day, or the minute, from which each person's chart is asked about."""

HELD = frozenset(
    (
        "ward-coronary", "ward-lungs", "ward-pancreas", "town-mother", "town-heart", "town-kidney", "sim-infarct",
        "sim-asthma", "sim-birth", "sim-metabolic", "visits-kidney", "panel-anaemia",
    )
)  # fmt: skip


@functools.cache
def _bundles() -> dict[str, Resource]:
    wards = {p.slug: hospital.bundle(p) for p in (*wards_dev.PEOPLE, *wards_held.PEOPLE)}
    town = {p.slug: clinic.bundle(p) for p in (*residents_dev.PEOPLE, *residents_held.PEOPLE)}
    return wards | town | packaged.carebundles()


@functools.cache
def _simulated() -> tuple[list[Resource], dict[str, list[Resource]]]:
    return packaged.simulated()


def files() -> dict[str, list[Resource]]:
    """File name: the JSON documents in it, one a line."""
    shared, charts = _simulated()
    return {
        "hospital.ndjson": shared,
        **{f"{slug}.ndjson": resources for slug, resources in charts.items()},
        **{f"{slug}.json": [bundle] for slug, bundle in _bundles().items()},
    }


@functools.cache
def record(slug: str) -> Record:
    """One person's chart, references by urn resolved as an import resolves them."""
    simulated = slug in packaged.HOSPITAL
    resources = _simulated()[1][slug] if simulated else unpacked(_bundles()[slug])
    patient = next(r for r in resources if r["resourceType"] == "Patient")
    return Record(slug, patient["id"], resources, AS_OF[slug])


def unpacked(bundle: Resource) -> list[Resource]:
    ids = {e["fullUrl"]: e["fullUrl"].removeprefix("urn:uuid:") for e in bundle["entry"]}
    text = json.dumps(bundle)
    for entry in bundle["entry"]:
        urn, kind = entry["fullUrl"], entry["resource"]["resourceType"]
        text = text.replace(f'"reference": "{urn}"', f'"reference": "{kind}/{ids[urn]}"')
    return [e["resource"] | {"id": ids[e["fullUrl"]]} for e in json.loads(text)["entry"]]


def foreign_people() -> People:
    digest = hashlib.sha256(json.dumps(files(), sort_keys=True).encode()).hexdigest()
    return People({slug: record(slug).id for slug in AS_OF}, digest, _load)


def _load(system: System) -> None:
    """Import the files as a clinic would, references by urn and all."""
    with tempfile.TemporaryDirectory(prefix="foreign-") as folder:
        for name, documents in files().items():
            (Path(folder) / name).write_text("\n".join(json.dumps(d) for d in documents))
        report = Importer(system.repository, system.repository.database).run([Path(folder)])
    if report.refused:
        raise ValueError(f"{report.refused} foreign resources were refused: {report.problems[:3]}")
