"""From written resources to searchable ones: the whole pipeline against embedding the same texts alone.

    python -m benchmarks.ingest [--patients 8]

Also import of the same resources from ndjson (read, checked against FHIR R4, stored) against parsing the file alone.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import orjson

from services.demo import generate
from services.demo.staff import shared_resources
from services.fhir.importing.importer import Importer
from services.runtime.system import System
from services.settings import Settings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=8)
    asked = parser.parse_args()
    resources = [*shared_resources(), *(r for group in generate(asked.patients, seed=11) for r in group)]
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "patients.ndjson"
        source.write_bytes(b"\n".join(orjson.dumps(r) for r in resources))
        system = System(Settings(data_dir=Path(name) / "data"))  # pyright: ignore[reportCallIssue]
        system.model.embed_query("warm up")
        started = time.perf_counter()
        for line in source.read_bytes().splitlines():
            orjson.loads(line)
        parsed = time.perf_counter() - started
        Importer(system.repository, system.database).run([_first(source)])  # loads the FHIR models
        started = time.perf_counter()
        Importer(system.repository, system.database).run([source])
        stored = time.perf_counter() - started
        print(f"{len(resources)} resources")
        print(f"parsing the file alone (floor)      {len(resources) / parsed:10,.0f}/s")
        print(
            f"import: read, checked, stored       {len(resources) / stored:10,.0f}/s  {stored / parsed:7.0f}x the floor"
        )

        texts: list[str] = []
        real = system.model.embed

        def remember(batch):
            texts.extend(batch)
            return real(batch)

        system.model.embed = remember  # type: ignore[method-assign]
        started = time.perf_counter()
        while system.pipeline.step():
            pass
        whole = time.perf_counter() - started
        started = time.perf_counter()
        real(texts)
        alone = time.perf_counter() - started
        system.stop()
    print(f"embedding the same texts alone      {len(texts) / alone:10,.0f}/s")
    print(
        f"pipeline: text, features, vectors   {len(texts) / whole:10,.0f}/s  {alone / whole:7.2f} of the model's rate"
    )


def _first(source: Path) -> Path:
    lines = source.with_name("first.ndjson")
    lines.write_bytes(b"\n".join(source.read_bytes().splitlines()[:40]))
    return lines


if __name__ == "__main__":
    main()
