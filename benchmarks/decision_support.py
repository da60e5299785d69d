"""All four analyses over many patients.

    python -m benchmarks.decision_support [--patients 1000]

Generated patients in a real record. Prints patients a second, the time of a patient (p50, p95) as a ratio to reading and
parsing that patient's whole record in the same run (aim at p95: 2), and findings per patient by kind and severity.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path

import orjson

from services.bots.clinical_decision_support.analysis import analyse
from services.bots.clinical_decision_support.model import KINDS, SEVERITIES
from services.chart.chart import Charts
from services.demo import generate
from services.demo.staff import shared_resources
from services.fhir.database import Database
from services.fhir.sqlite import SQLiteRepository


def read(record: SQLiteRepository, patient: str) -> int:
    """The floor: every resource of the patient, read and parsed."""
    return sum(len(orjson.loads(s.body or b"{}")) > 0 for s in record.compartment(patient))


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
        taken, floors, sizes = [], [], []
        found: Counter[tuple[str, str]] = Counter()
        for patient in patients:
            started = time.perf_counter()
            sizes.append(read(record, patient))
            floors.append(time.perf_counter() - started)
            started = time.perf_counter()
            analysis = analyse(record, Charts(), patient)
            taken.append(time.perf_counter() - started)
            found.update((f.kind, f.severity) for f in analysis.findings)
        ratios = sorted(t / f for t, f in zip(taken, floors, strict=True))
        print(f"{len(patients)} patients of {statistics.median(sizes):.0f} resources (most {max(sizes)}): "
              f"{len(patients) / sum(taken):.0f} patients a second")  # fmt: skip
        for name, share in (("p50", 0.5), ("p95", 0.95)):
            place = int(share * (len(ratios) - 1))
            print(f"{name}: {sorted(taken)[place] * 1000:.1f} ms; {ratios[place]:.1f}x one read and parse of the record")
        print(f"{'findings per patient':<22}" + "".join(f"{s:>10}" for s in SEVERITIES))
        for kind in KINDS:
            print(f"{kind:<22}" + "".join(f"{found[kind, s] / len(patients):>10.2f}" for s in SEVERITIES))


if __name__ == "__main__":
    main()
