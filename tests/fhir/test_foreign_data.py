"""Patients that nobody here wrote: two synthetic-FHIR packages, imported without a legitimate refusal."""

from __future__ import annotations

from pathlib import Path

import carebundle

from services.fhir.importing.importer import Importer
from services.fhir.sqlite import SQLiteRepository


def test_carebundle_patients_are_imported_without_a_refusal(
    repository: SQLiteRepository, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number, profile in enumerate(carebundle.PROFILES):
        for course, made in enumerate((
            carebundle.generate_bundle(profile=profile, seed=number),
            *([carebundle.generate_history(profile=profile, seed=100 + number)] if number in (1, 2) else []),
        )):  # fmt: skip
            (folder / f"{profile}-{course}.json").write_text(carebundle.to_json(made))
    report = Importer(repository, repository.database).run([folder])
    assert report.problems == []
    assert report.refused == 0
    assert report.created["Patient"] == 7
    for person in repository.search("Patient", [("_count", "100")]).matches:
        kinds = {s.type for s in repository.compartment(person.id)}
        assert {"Patient", "Observation"} <= kinds
    assert not [s for s in repository.everything() if b'"reference":"urn:uuid:' in (s.body or b"")]
