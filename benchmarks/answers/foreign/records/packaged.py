"""Charts that two packages make: carebundle (Apache-2.0) and clinosim (MIT), both by a fixed seed."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from unittest import mock

import carebundle

from benchmarks.answers.foreign.records.shape import Resource
from services.errors import InvalidInput
from services.fhir.validation import validate

VISITS = {"visits-pressure": ("hypertension", 5), "visits-kidney": ("ckd_stage3", 8)}
PANELS = {"panel-diabetes": ("type2_diabetes", 3), "panel-anaemia": ("anaemia", 21)}
"""Slug: carebundle's profile and seed; a course of eight visits, or one visit with every panel."""

HOSPITAL = {
    "sim-copd": "pt-bf0d2c068a08", "sim-diabetes": "pt-0612cf63eb84", "sim-prostate": "pt-cb82aa70dee7",
    "sim-infarct": "pt-a664c9335e57", "sim-asthma": "pt-8de9661bf608", "sim-birth": "pt-8018b33a4bbe",
    "sim-metabolic": "pt-b752cc0b1190",
}  # fmt: skip
"""Slug and id of the people taken from clinosim's population."""

_COMMAND = [
    "clinosim",
    "simulate",
    "--country",
    "US",
    "--population",
    "60",
    "--seed",
    "42",
    "--start",
    "2025-07-01",
    "--end",
    "2026-06-30",
    "--format",
    "fhir-r4",
]


def carebundles() -> dict[str, Resource]:
    made = {
        slug: carebundle.generate_history(profile=profile, seed=seed, visits=8)
        for slug, (profile, seed) in VISITS.items()
    } | {
        slug: carebundle.generate_bundle(profile=profile, seed=seed)
        for slug, (profile, seed) in PANELS.items()
    }
    return {slug: json.loads(carebundle.to_json(bundle)) for slug, bundle in made.items()}


def simulated() -> tuple[list[Resource], dict[str, list[Resource]]]:
    """What clinosim's hospital shares among its patients, and the chart of each of the people above.

    What is not valid FHIR R4 is left out, as an import leaves it out.
    """
    lines = [
        json.loads(line)
        for path in sorted((_population() / "fhir_r4").glob("*.ndjson"))
        for line in path.read_text().splitlines()
    ]
    charts: dict[str, list[Resource]] = {identity: [] for identity in HOSPITAL.values()}
    shared = []
    for resource in lines:
        owner = _owner(resource)
        if owner in charts:
            with contextlib.suppress(InvalidInput):
                validate(resource)
                charts[owner].append(resource)
        elif owner is None:
            shared.append(resource)
    return shared, {slug: charts[identity] for slug, identity in HOSPITAL.items()}


def _population() -> Path:
    """The folder of the population, made once for this version of clinosim and this command."""
    from clinosim.simulator.cli import main as clinosim  # loads scipy, which no other set of questions needs

    name = hashlib.sha256(f"{version('clinosim')} {_COMMAND}".encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"clinosim-{name}"
    if not folder.exists():
        with tempfile.TemporaryDirectory(prefix="clinosim-") as made:
            arguments = [*_COMMAND, "--output", f"{made}/out"]
            silent = io.StringIO()
            with (
                mock.patch.object(sys, "argv", arguments),
                contextlib.redirect_stdout(silent),
                contextlib.redirect_stderr(silent),
            ):
                clinosim()
            shutil.copytree(f"{made}/out", folder)
    return folder


def _owner(resource: Resource) -> str | None:
    """The id of the patient that a resource is about."""
    if resource["resourceType"] == "Patient":
        return resource["id"]
    for key in ("subject", "patient", "beneficiary"):
        reference = resource.get(key, {}).get("reference", "")
        if reference.startswith("Patient/"):
            return reference.removeprefix("Patient/")
    return None
