"""Import of what is broken: the bad is reported by its place, the good is stored, and an interruption costs nothing."""

from __future__ import annotations

import gzip
import json
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.accounts.guarded import GuardedRepository
from services.accounts.roles import Principal
from services.errors import InvalidInput
from services.fhir.database import Database
from services.fhir.importing import importer
from services.fhir.importing.importer import Importer, Report
from services.fhir.repository import Stored
from services.fhir.sqlite import SQLiteRepository
from tests.conftest import observation, patient
from tests.fhir.loading import PEOPLE, Load, bundle, lines, there

HUGE = "x" * 10_000_000
DEEP = b"[" * 100_000 + b"]" * 100_000
BAD_RAW: dict[str, bytes] = {
    "wrong type": b'{"resourceType":"Patient","id":"x","active":"yes"}',
    "unknown type": b'{"resourceType":"Nonsense","id":"x"}',
    "no type": b'{"id":"x"}',
    "wrong id": b'{"resourceType":"Patient","id":"x/../y"}',
    "id that is no text": b'{"resourceType":"Patient","id":7}',
    "not a number": b'{"resourceType":"Observation","id":"x","status":"final","code":{"text":"x"},"valueQuantity":{"value":NaN}}',
    "infinite": b'{"resourceType":"Observation","id":"x","status":"final","code":{"text":"x"},"valueQuantity":{"value":1e999}}',
    "huge integer": b'{"resourceType":"Patient","id":"x","multipleBirthInteger":123456789012345678901234567890}',
    "half a pair": b'{"resourceType":"Patient","id":"x","name":[{"text":"\\ud800"}]}',
    "broken utf-8": b'{"resourceType":"Patient","id":"x","name":[{"text":"\xff\xfe"}]}',
    "deep": b'{"resourceType":"Patient","id":"x","extension":' + DEEP + b"}",
    "deep but parsed": b'{"resourceType":"Patient","id":"x"' + b',"extension":[{"url":"u"' * 400 + b"}]" * 400 + b"}",
    "unquoted": b'{"resourceType":"Patient","id":x}',
    "text": b'"Patient"',
    "null": b"null",
    "list": b"[1]",
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_RAW)
@pytest.mark.parametrize("shape", ["bundle", "array", "lines"])
def test_a_bad_resource_is_reported_by_its_place_and_the_others_are_stored(
    name: str, shape: str, load: Load, put: Callable, repository: SQLiteRepository
) -> None:
    before, after = (json.dumps(p).encode() for p in PEOPLE[:2])
    bad = BAD_RAW[name]
    content = {
        "bundle": b'{"resourceType":"Bundle","type":"collection","entry":[{"resource":%b},{"resource":%b},{"resource":%b}]}' % (before, bad, after),
        "array": b"[%b,%b,%b]" % (before, bad, after),
        "lines": b"%b\n%b\n%b\n" % (before, bad, after),
    }  # fmt: skip
    put("x.ndjson" if shape == "lines" else "x.json", content[shape])
    report = load()
    assert there(repository) == ["Patient/a", "Patient/b"]
    assert (report.stored, report.refused) == (2, 1)
    assert report.problems[0].where.endswith(", entry 2")
    assert report.problems[0].where.startswith("x.")
    assert len(report.problems[0].reason) < 400


@pytest.mark.parametrize("refused", [{0}, {7, 23}, set(range(30))])
def test_a_batch_that_is_refused_when_it_is_committed_loses_only_what_is_refused(
    refused: set[int], load: Load, put: Callable, repository: SQLiteRepository
) -> None:
    """As by a server that keeps the record: it says no to a whole transaction."""
    written: list[str] = []
    repository.listeners.append(lambda _, change: written.append(change.stored.id))

    def committing(_: object) -> None:
        ids, written[:] = set(written), []
        if bad := sorted(ids & {f"p{n}" for n in refused}):
            raise InvalidInput(f"The server does not take Patient/{bad[0]}.")

    repository.database.committing = committing
    put("x.ndjson", lines(*(patient(f"p{n}") for n in range(30))))
    report = load()
    assert there(repository) == sorted(f"Patient/p{n}" for n in range(30) if n not in refused)
    assert (report.stored, report.refused) == (30 - len(refused), len(refused))
    assert [p.where for p in report.problems] == [f"x.ndjson, entry {n + 1}" for n in sorted(refused)]


def test_entries_that_hold_no_resource_are_reported(
    load: Load, put: Callable, repository: SQLiteRepository
) -> None:
    entries = [
        {"request": {"method": "DELETE", "url": "Patient/9"}},
        {"request": "x"},
        {},
        None,
        {"resource": PEOPLE[0]},
    ]
    put("x.json", {"resourceType": "Bundle", "type": "transaction", "entry": entries})
    report = load()
    assert (report.stored, report.refused) == (1, 4)
    assert "DELETE" in report.problems[0].reason


def test_a_very_long_text_is_stored_whole(load: Load, put: Callable, repository: SQLiteRepository) -> None:
    put("x.json", bundle(patient("long", name=[{"text": HUGE}]), PEOPLE[0]))
    assert load().refused == 0
    assert len(repository.read("Patient", "long").resource["name"][0]["text"]) == len(HUGE)


@pytest.mark.parametrize("cut", ["bundle", "gzip", "gzip lines", "lines", "array", "garbage"])
def test_what_stands_before_a_break_is_stored_and_the_break_reported(
    cut: str, load: Load, put: Callable, repository: SQLiteRepository
) -> None:
    many = [patient(f"p{n}", name=[{"text": os.urandom(40).hex()}]) for n in range(2000)]
    whole = json.dumps(bundle(*many)).encode()
    zipped = gzip.compress(whole)
    content = {
        "bundle": whole[: len(whole) // 2],
        "gzip": zipped[: len(zipped) // 2],
        "gzip lines": gzip.compress(lines(*many))[: len(zipped) // 2],
        "lines": lines(*many)[: len(lines(*many)) // 2],
        "array": json.dumps(many).encode()[: len(whole) // 2],
        "garbage": whole.replace(b'{"resource": {"resourceType": "Patient", "id": "p1000"', b"]]}} \x00", 1),
    }[cut]
    put("x.ndjson" if "lines" in cut else "x.json", content)
    report = load()
    assert 900 < report.stored < 1100
    assert report.refused == 1
    assert report.problems[0].where == f"x.{'nd' if 'lines' in cut else ''}json, entry {report.stored + 1}"
    assert there(repository) == sorted(f"Patient/p{n}" for n in range(report.stored))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   ",
        b"hello",
        b"\x00\x01\x02",
        b"{",
        b"[",
        b'{"resourceType":"Bundle"}',
        b"PK\x03\x04",
        b'"x"',
        b"\x1f\x8b\x08junk",
    ],
)
def test_files_that_are_no_fhir_are_survived(
    content: bytes, load: Load, put: Callable, repository: SQLiteRepository
) -> None:
    put("1.json", content)
    put("2.json", PEOPLE[0])
    report = load()
    assert there(repository) == ["Patient/a"]
    assert (report.files, report.stored) == (2, 1)


def test_nothing_to_import_is_an_error_of_its_own(load: Load, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no-such"):
        load(tmp_path / "no-such")
    with pytest.raises(InvalidInput):
        load(tmp_path / "in")


def test_an_interrupted_import_goes_on_where_it_was(
    load: Load, put: Callable, repository: SQLiteRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "BATCH", 10)
    many = [patient(f"p{n}") for n in range(95)]
    many[12] = {"resourceType": "Patient", "id": "bad", "active": 3}
    put("1.json", bundle(*many))
    put("2.json", observation("o"))
    calls = 0

    def stop(_report: Report, _path: Path) -> None:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(progress=stop)
    assert len(there(repository)) == 40
    report = load()
    assert (report.resumed, report.stored, report.unchanged.total(), report.refused) == (41, 55, 0, 0)
    assert len(there(repository)) == 95
    assert len(repository.changes(0)) == 95
    again = load()
    assert (again.resumed, again.unchanged.total(), again.refused) == (0, 95, 1)


def test_a_changed_file_is_read_from_its_start(
    load: Load, put: Callable, repository: SQLiteRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "BATCH", 10)
    path = put("1.json", bundle(*[patient(f"p{n}") for n in range(30)]))

    def stop(_report: Report, _path: Path) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(progress=stop)
    path.write_text(json.dumps(bundle(*[patient(f"q{n}") for n in range(25)])))
    report = load()
    assert (report.resumed, report.stored) == (0, 25)


def test_a_clinician_cannot_load_administrative_types(
    repository: SQLiteRepository, put: Callable, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir(exist_ok=True)
    path = put("x.json", bundle(PEOPLE[0], {"resourceType": "AccessPolicy", "id": "all"}))
    who = Principal("1", "user", "Dr", "clinician")
    report = Importer(GuardedRepository(repository, who), repository.database).run([path])
    assert (report.stored, report.refused) == (1, 1)
    assert there(repository) == ["Patient/a"]


def test_names_from_files_carry_no_control_characters(load: Load, put: Callable) -> None:
    put("x.json", bundle({"resourceType": "Patient\x1b[2J", "id": "\x1b]0;x\x07"}))
    assert all(c.isprintable() for c in load().problems[0].what)


class _Sampling(SQLiteRepository):
    """Stores every twentieth resource only: what is measured is the memory of reading, which needs all of them."""

    def update(self, resource: Any, **how: Any) -> Any:
        if int(resource["id"].removeprefix("b")) % 20 == 0:
            return super().update(resource, **how)
        return Stored("Basic", resource["id"], "1", "", None), "created"


def test_a_bundle_of_thirty_thousand_entries_takes_bounded_memory(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.json"
    with path.open("w") as file:
        file.write('{"resourceType":"Bundle","type":"transaction","entry":[')
        for n in range(30_000):
            resource = {"resourceType": "Basic", "id": f"b{n}", "code": {"text": "x" * 3000}}
            file.write(("," if n else "") + json.dumps({"fullUrl": f"urn:uuid:{n}", "resource": resource}))
        file.write("]}")
    monkeypatch.setattr(importer, "validate", lambda resource: None)
    repository = _Sampling(database)
    tracemalloc.start()
    try:
        report = Importer(repository, database).run([path])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert path.stat().st_size > 80 * 1024 * 1024
    assert (report.stored, report.refused) == (30_000, 0)
    assert len(list(repository.everything())) == 1_500
    assert peak < 30 * 1024 * 1024
