"""Import: every shape of file, ids and references kept, and a second time changes nothing."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable

import pytest

from services.fhir.sqlite import SQLiteRepository
from tests.conftest import observation, patient
from tests.fhir.loading import PEOPLE, REFERENCES, Load, bundle, lines, there

ONE_BUNDLE = json.dumps(bundle(*PEOPLE)).encode()
SHAPES: dict[str, tuple[str, bytes]] = {
    "collection": ("x.json", ONE_BUNDLE),
    "searchset": ("x.json", json.dumps(bundle(*PEOPLE, kind="searchset", total=3)).encode()),
    "type behind the entries": ("x.json", json.dumps({"entry": bundle(*PEOPLE)["entry"], "resourceType": "Bundle"}).encode()),
    "indented": ("x.json", json.dumps(bundle(*PEOPLE), indent=3).encode()),
    "array": ("x.json", json.dumps(PEOPLE).encode()),
    "array of bundles": ("x.json", json.dumps([bundle(*PEOPLE[:2]), bundle(PEOPLE[2])]).encode()),
    "lines": ("x.ndjson", lines(*PEOPLE)),
    "lines without a name for it": ("x.json", lines(*PEOPLE)),
    "lines of bundles": ("x.ndjson", lines(bundle(*PEOPLE[:2]), bundle(PEOPLE[2]))),
    "lines with gaps and returns": ("x.jsonl", b"\n" + lines(*PEOPLE).replace(b"\n", b"\r\n\r\n")),
    "zipped": ("x.json.gz", gzip.compress(ONE_BUNDLE)),
    "zipped lines": ("x.ndjson.gz", gzip.compress(lines(*PEOPLE))),
    "zipped without a name for it": ("x.json", gzip.compress(ONE_BUNDLE)),
    "zipped twice over, one behind the other": ("x.ndjson.gz", b"".join(gzip.compress(lines(p)) for p in PEOPLE)),
    "with a mark": ("x.json", b"\xef\xbb\xbf" + ONE_BUNDLE),
    "lines with a mark": ("x.ndjson", b"\xef\xbb\xbf" + lines(*PEOPLE)),
    "one behind the other": ("x.json", b"".join(json.dumps(p, indent=1).encode() for p in PEOPLE)),
    "bundles behind each other": ("x.json", b" ".join(json.dumps(bundle(p), indent=1).encode() for p in PEOPLE)),
    "bundle, then a resource": ("x.json", json.dumps(bundle(*PEOPLE[:2]), indent=1).encode() + json.dumps(PEOPLE[2]).encode()),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_file_is_loaded_and_a_second_time_changes_nothing(
    shape: str, load: Load, put: Callable, repository: SQLiteRepository
) -> None:
    put(*SHAPES[shape])
    report = load()
    assert report.problems == []
    assert there(repository) == REFERENCES
    assert (report.files, report.stored, report.refused) == (1, 3, 0)
    again = load()
    assert (again.stored, again.unchanged.total(), again.refused, again.resumed) == (0, 3, 0, 0)
    assert len(repository.changes(0)) == 3


def test_single_resources_and_folders_within_folders_are_loaded(
    load: Load, put: Callable, repository: SQLiteRepository
) -> None:
    put("a/one.json", PEOPLE[0])
    put("b/two.JSON", PEOPLE[1])
    put("c.ndjson", lines(PEOPLE[2]))
    put("readme.txt", b"not FHIR")
    report = load()
    assert (report.files, report.stored, report.refused) == (3, 3, 0)
    assert there(repository) == REFERENCES


def test_a_resource_that_has_entries_of_its_own_is_not_taken_for_a_bundle(
    load: Load, put: Callable, repository: SQLiteRepository
) -> None:
    body = {
        "id": "l",
        "status": "current",
        "mode": "working",
        "entry": [{"item": {"display": "x"}}, {"item": {"display": "y"}}],
    }
    put("a.json", {"resourceType": "List", **body})
    put("b.json", {**body, "id": "m", "resourceType": "List"})
    assert load().problems == []
    assert there(repository) == ["List/l", "List/m"]
    assert len(repository.read("List", "m").resource["entry"]) == 2


def test_references_of_a_transaction_reach_backward_and_forward(
    load: Load, put: Callable, repository: SQLiteRepository
) -> None:
    person = {k: v for k, v in patient("").items() if k != "id"}
    urn = "urn:uuid:0b4c8ea5-6a9c-4a67-9e1a-3a6a4d1f0001"
    measured = {
        **observation("o"),
        "subject": {"reference": urn},
        "performer": [{"reference": "https://old.test/fhir/Practitioner/d"}],
    }
    put("t.json", {"resourceType": "Bundle", "type": "transaction", "entry": [
        {"fullUrl": "urn:uuid:o", "resource": measured, "request": {"method": "POST", "url": "Observation"}},
        {"fullUrl": urn, "resource": {**person, "link": [{"type": "seealso", "other": {"reference": "urn:uuid:o"}}]}},
        {"fullUrl": "https://old.test/fhir/Practitioner/d", "resource": {"resourceType": "Practitioner", "id": "d"}},
    ]})  # fmt: skip
    assert load().refused == 0
    stored = repository.read("Observation", "o").resource
    assert stored["subject"]["reference"] == f"Patient/{urn.removeprefix('urn:uuid:')}"
    assert stored["performer"][0]["reference"] == "Practitioner/d"
    found = repository.find(stored["subject"]["reference"])
    assert found and found.resource["link"][0]["other"]["reference"] == "Observation/o"
    assert [s.id for s in repository.compartment(found.id, ["Observation"])] == ["o"]


def test_conditional_references_find_whom_the_record_knows_or_become_logical(
    load: Load, put: Callable, repository: SQLiteRepository
) -> None:
    put(
        "1.json",
        {"resourceType": "Practitioner", "id": "d", "identifier": [{"system": "urn:npi", "value": "9"}]},
    )
    known, unknown = ({"reference": f"Practitioner?identifier=urn:npi|{n}"} for n in "98")
    put("2.json", observation("o", performer=[known, unknown]))
    assert load().refused == 0
    performers = repository.read("Observation", "o").resource["performer"]
    assert performers == [
        {"reference": "Practitioner/d"},
        {"type": "Practitioner", "identifier": {"system": "urn:npi", "value": "8"}},
    ]


def test_an_entry_without_an_id_gets_the_same_one_each_time(
    load: Load, put: Callable, repository: SQLiteRepository
) -> None:
    body = bundle(
        {"resourceType": "Patient", "gender": "male"}, {"resourceType": "Patient", "gender": "female"}
    )
    put("a.json", body)
    assert load().stored == 2
    put("elsewhere/other.json", body)
    report = load()
    assert (report.stored, report.unchanged.total()) == (0, 4)
