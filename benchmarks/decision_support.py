"""All four analyses over many patients.

    python -m benchmarks.decision_support [--patients 1000]

Generated patients in a real record, and long records: six patients' entries under one. Prints patients a second, the time
of a patient (p50, p95) as a ratio to two ways of reading and parsing that patient's whole record in the same run: as bare JSON,
and into the typed models of fhir.resources, the library that checks what comes in (aim at p95: 2); and findings per patient
by kind and severity.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path

import orjson
from fhir.resources.R4B import get_fhir_model_class

from services.bots.clinical_decision_support.analysis import analyse
from services.bots.clinical_decision_support.model import KINDS, SEVERITIES
from services.chart.chart import Charts
from services.demo import generate
from services.demo.staff import shared_resources
from services.fhir.database import Database
from services.fhir.sqlite import SQLiteRepository
from services.runtime.collecting import settle


def long_records(count: int, parts: int = 6) -> list[list[dict]]:
    """Records of about 500 resources: the entries of several generated patients as one patient's."""
    made = []
    groups = list(generate(count * parts, 11))
    for start in range(0, len(groups), parts):
        group = groups[start : start + parts]
        ids = [next(r["id"] for r in g if r["resourceType"] == "Patient") for g in group]
        held = [r for g in group[1:] for r in g if r["resourceType"] != "Patient"]
        text = orjson.dumps([*group[0], *held]).decode()
        for other in ids[1:]:
            text = text.replace(f"Patient/{other}", f"Patient/{ids[0]}")
        made.append(orjson.loads(text))
    return made


def typed(record: SQLiteRepository, patient: str) -> int:
    """Every resource of the patient, read and parsed into its typed model."""
    found = 0
    for stored in record.compartment(patient):
        found += get_fhir_model_class(stored.type).model_validate_json(stored.body or b"{}") is not None
    return found


def read(record: SQLiteRepository, patient: str) -> int:
    """The floor: every resource of the patient, read and parsed."""
    return sum(len(orjson.loads(s.body or b"{}")) > 0 for s in record.compartment(patient))


def measured(record: SQLiteRepository, patients: list[str]) -> Counter[tuple[str, str]]:
    taken, bare, models, sizes = [], [], [], []
    found: Counter[tuple[str, str]] = Counter()
    for patient in patients:
        started = time.perf_counter()
        sizes.append(read(record, patient))
        bare.append(time.perf_counter() - started)
        started = time.perf_counter()
        typed(record, patient)
        models.append(time.perf_counter() - started)
        started = time.perf_counter()
        analysis = analyse(record, Charts(), patient)
        taken.append(time.perf_counter() - started)
        found.update((f.kind, f.severity) for f in analysis.findings)
    print(f"{len(patients)} patients of {statistics.median(sizes):.0f} resources (most {max(sizes)}): "
          f"{len(patients) / sum(taken):.0f} patients a second")  # fmt: skip
    for name, share in (("p50", 0.5), ("p95", 0.95)):
        place = int(share * (len(taken) - 1))
        against = [sorted(t / f for t, f in zip(taken, floor, strict=True))[place] for floor in (bare, models)]
        print(f"{name}: {sorted(taken)[place] * 1000:.1f} ms; {against[0]:.1f}x reading and parsing JSON, "
              f"{against[1]:.2f}x reading and parsing into fhir.resources")  # fmt: skip
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=1000)
    count = parser.parse_args().patients
    with tempfile.TemporaryDirectory() as temp:
        record = SQLiteRepository(Database(Path(temp) / "record.sqlite"))
        record.write_many(list(shared_resources()))
        for resources in generate(count, 7):
            record.write_many(resources)
        patients = [s.id for s in record.everything(["Patient"])]
        charts = Charts()
        for patient in patients[:5]:  # tables and lexicon are loaded once a process
            analyse(record, charts, patient)
            typed(record, patient)
        settle()  # as the console does once it is warm
        found = measured(record, patients)
        long = []
        for resources in long_records(40):
            record.write_many(resources)
            long.append(next(r["id"] for r in resources if r["resourceType"] == "Patient"))
        measured(record, long)
        print(f"{'findings per patient':<22}" + "".join(f"{s:>10}" for s in SEVERITIES))
        for kind in KINDS:
            print(f"{kind:<22}" + "".join(f"{found[kind, s] / len(patients):>10.2f}" for s in SEVERITIES))


if __name__ == "__main__":
    main()
