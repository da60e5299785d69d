"""Uploaded files: what is stored, what is refused and why, names with anything in them."""

import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.accounts.roles import Principal
from services.console.imports import file_name, import_files, start_import
from services.errors import Forbidden
from services.runtime.system import System
from tests.console.world import ADMIN, open_system

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
            "a.json": good, "b.json": b"%PDF-1.7 ...", "c.json": b"", "d.json": b"id,name\n1,Marsh\n",
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


def test_in_the_background(world: System) -> None:
    job = start_import(ADMIN, files(**{"a.json": json.dumps(PATIENT).encode()}))
    assert job.thread
    job.thread.join(30)
    assert job.done and not job.error and job.report.stored == 1 and job.share == 1.0


def test_a_role_that_may_not(world: System) -> None:
    reader = Principal("r", "user", "Rea", "read-only", "r@example.com")
    for call in (import_files, start_import):
        with pytest.raises(Forbidden):
            call(reader, files(**{"a.json": b"{}"}))
