"""Uploaded files: what they are seen to be, what is stored, what is refused and why, names with anything in them."""

import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.accounts.roles import Principal
from services.console.imports import Choice, Job, Looking, Report, Staged, as_table, file_name, import_files
from services.errors import Forbidden
from services.fhir.importing.importer import Problem
from services.runtime.system import System
from tests.console.world import ADMIN, open_system, put
from tests.fhir.documents import samples

PATIENT = {"resourceType": "Patient", "id": "p1", "name": [{"family": "Marsh"}]}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[System]:
    yield from open_system(tmp_path, monkeypatch)


def files(**contents: bytes) -> list:
    return [(name, io.BytesIO(data)) for name, data in contents.items()]


def test_good_and_bad_files_together(world: System) -> None:
    good = json.dumps(PATIENT).encode()
    report = import_files(
        ADMIN,
        files(**{
            "a.json": good, "b.json": b"%PDF-1.7", "c.json": b"", "d.json": b"id,name\n1,Marsh\n",
            "e.json": b"<Bundle/>", "f.json.gz": gzip.compress(good)[:20], "g.json": b'{"resourceType": "Pat',
            "h.json.gz": gzip.compress(good),
        }),
    )  # fmt: skip
    assert (report.created["Patient"], report.unchanged["Patient"]) == (1, 1)
    reasons = {p.where.split(",")[0]: p.reason for p in report.problems}
    assert "PDF" in reasons["b.json"]
    assert "empty" in reasons["c.json"]
    assert "not JSON" in reasons["d.json"]
    assert "XML" in reasons["e.json"]
    assert "gzip" in reasons["f.json.gz"]
    assert set(reasons) == {f"{x}.json{'.gz' if x == 'f' else ''}" for x in "bcdefg"}
    assert world.repository.find("Patient/p1")
    assert not list(world.settings.data_dir.glob("upload-*"))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("bundle.json", "bundle.json"),
        ("../../etc/passwd.json", "passwd.json"),
        ("C:\\data\\été 1.json", "été 1.json"),
        ("患者 データ.ndjson", "患者 データ.ndjson"),
        ("a\x00b\n.json", "a_b_.json"),
        ("..", "file.json"),
        ("", "file.json"),
        (".json", "json"),
    ],
)
def test_file_names(given: str, kept: str) -> None:
    assert file_name(given) == kept


def test_a_very_long_name_keeps_its_ending(world: System) -> None:
    name = "患" * 300 + ".ndjson"
    assert file_name(name).endswith(".ndjson") and len(file_name(name).encode()) <= 180
    report = import_files(ADMIN, [(name, io.BytesIO(json.dumps(PATIENT).encode()))])
    assert report.stored == 1


def test_looked_at_then_imported_in_the_background(world: System) -> None:
    staged = Staged(ADMIN, files(**{"a.json": json.dumps(PATIENT).encode(), "b.xml": samples.document(), "c.txt": b"A call."}))
    looking = Looking(ADMIN, staged)
    assert looking.wait(60) and not looking.error
    patient, document, note = looking.seen
    assert patient.patient and document.patient
    assert (patient.patient.name, patient.told.created["Patient"]) == ("MARSH", 1)
    assert (document.patient.name, document.told.known) == ("BRENNINKMEYER, Odalys", False)
    assert note.told.needs_patient and not note.good
    assert not list(world.repository.everything(["Patient", "DocumentReference", "Binary"]))

    staged.choices[staged.paths[2]] = Choice("p1")
    job = Job(ADMIN, staged)
    assert job.wait(60) and not job.error and job.share == 1.0
    assert job.report.created["DocumentReference"] == 2 and job.report.refused == 0  # p1 came with the first file
    assert not list(world.settings.data_dir.glob("upload-*"))


def test_a_look_names_only_patients_whom_one_may_see(world: System) -> None:
    put(world, {"resourceType": "Patient", "id": "here", "name": [{"family": "Brenninkmeyer-Voss"}], "birthDate": "1958-03-17",
                "identifier": [{"system": f"urn:oid:{samples.OID}.1", "value": "7700412"}]})  # fmt: skip
    put(world, {"resourceType": "AccessPolicy", "id": "none", "name": "Few", "resource": [{"resourceType": "Observation"}]})
    account = world.accounts.add_user("c@example.com", "correct horse battery", "clinician", "Cy Clinician")
    clinician = world.accounts.check_password("c@example.com", "correct horse battery")
    looking = Looking(clinician, Staged(clinician, files(**{"b.xml": samples.document()})))
    assert looking.wait(60)
    assert looking.seen[0].patient and looking.seen[0].patient.name == "BRENNINKMEYER-VOSS" and not looking.seen[0].hidden
    membership = world.repository.search("ProjectMembership", [("profile", clinician.reference)]).matches[0].resource
    put(world, {**membership, "accessPolicy": {"reference": "AccessPolicy/none"}})
    looking = Looking(clinician, Staged(clinician, files(**{"b.xml": samples.document()})))
    assert looking.wait(60) and not looking.error
    assert looking.seen[0].hidden and looking.seen[0].patient is None
    assert account


def test_cancelled(world: System) -> None:
    staged = Staged(ADMIN, files(**{f"{n}.xml": samples.document(own=f"D{n}") for n in range(3)}))
    looking = Looking(ADMIN, staged)
    looking.cancel()
    assert looking.wait(60) and not looking.error
    job = Job(ADMIN, staged)
    job.cancel()
    assert job.wait(60)
    assert job.report.created["DocumentReference"] == job.report.files - job.report.refused


def test_the_report_as_a_table() -> None:
    report = Report(problems=[Problem("=cmd.json", "whole file", "It is, well, broken.")], notes=[Problem("a", "b", "c")])
    lines = as_table(report).splitlines()
    assert lines[1:] == ["Refused,'=cmd.json,whole file,\"It is, well, broken.\"", "Kept as text,a,b,c"]


def test_a_role_that_may_not(world: System) -> None:
    reader = Principal("r", "user", "Rea", "read-only", "r@example.com")
    for call in (import_files, Staged):
        with pytest.raises(Forbidden):
            call(reader, files(**{"a.json": b"{}"}))
