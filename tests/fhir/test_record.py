"""The record: versions, conditions on writing, what is deleted, and that writes are whole."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.errors import Gone, InvalidInput, NotFound, PreconditionFailed, StoreUnavailable
from services.fhir.database import Database
from services.fhir.sqlite import SQLiteRepository
from tests.conftest import observation, patient


def test_create_gives_an_id_a_version_and_a_time_and_is_read_back(repository: SQLiteRepository) -> None:
    stored = repository.create(patient("mine", gender="female"))
    assert stored.id != "mine"
    again = repository.read("Patient", stored.id)
    assert again == stored
    assert again.resource["gender"] == "female"
    assert again.resource["meta"] == {"versionId": stored.version, "lastUpdated": stored.updated}


def test_create_refuses_an_id_that_is_taken(repository: SQLiteRepository) -> None:
    repository.create(patient("a"), resource_id="a")
    with pytest.raises(PreconditionFailed):
        repository.create(patient("a"), resource_id="a")


def test_every_version_stays_readable_newest_first(repository: SQLiteRepository) -> None:
    versions = [repository.update(patient("a", gender="male"), create_missing=True)[0]]
    versions += [repository.update(patient("a", gender=g))[0] for g in ("female", "other")]
    assert [v.version for v in repository.history("Patient", "a")] == [v.version for v in reversed(versions)]
    for version in versions:
        assert repository.vread("Patient", "a", version.version).body == version.body
    with pytest.raises(NotFound):
        repository.vread("Patient", "a", "no-such-version")


def test_update_of_an_unknown_id_is_not_found_unless_creating_is_allowed(
    repository: SQLiteRepository,
) -> None:
    with pytest.raises(NotFound):
        repository.update(patient("a"))
    assert repository.update(patient("a"), create_missing=True)[1] == "created"


def test_stale_if_match_is_refused_and_changes_nothing(repository: SQLiteRepository) -> None:
    first, _ = repository.update(patient("a"), create_missing=True)
    second, _ = repository.update(patient("a", gender="male"), if_match=first.version)
    with pytest.raises(PreconditionFailed):
        repository.update(patient("a", gender="other"), if_match=first.version)
    assert repository.read("Patient", "a") == second
    assert repository.update(patient("a", gender="other"), if_match="*")[1] == "updated"


def test_unchanged_put_keeps_the_version_and_logs_no_change(repository: SQLiteRepository) -> None:
    first, _ = repository.update(patient("a", active=True), create_missing=True)
    sent = {
        **patient("a", active=True),
        "meta": {"versionId": "other", "lastUpdated": "2000-01-01T00:00:00Z"},
    }
    assert repository.update(sent) == (first, "unchanged")
    assert repository.update(first.resource) == (first, "unchanged")
    assert len(repository.changes(0)) == 1
    assert repository.update({**sent, "meta": {"tag": [{"code": "x"}]}})[1] == "updated"


def test_delete_is_idempotent_reads_as_gone_and_can_be_undone(repository: SQLiteRepository) -> None:
    repository.update(patient("a"), create_missing=True)
    repository.delete("Patient", "a")
    repository.delete("Patient", "a")
    with pytest.raises(Gone):
        repository.read("Patient", "a")
    assert repository.find("Patient/a") is None
    assert repository.search("Patient").matches == []
    assert [v.body is None for v in repository.history("Patient", "a")] == [True, False]
    with pytest.raises(Gone):
        repository.vread("Patient", "a", repository.history("Patient", "a")[0].version)
    assert repository.update(patient("a"))[1] == "updated"
    assert repository.read("Patient", "a").resource["id"] == "a"
    with pytest.raises(NotFound):
        repository.delete("Patient", "never")


def test_patch_changes_what_it_names(repository: SQLiteRepository) -> None:
    first, _ = repository.update(patient("a", gender="male"), create_missing=True)
    operations = [{"op": "replace", "path": "/gender", "value": "female"}]
    with pytest.raises(PreconditionFailed):
        repository.patch("Patient", "a", operations, if_match="stale")
    stored, outcome = repository.patch("Patient", "a", operations, if_match=first.version)
    assert (stored.resource["gender"], outcome) == ("female", "updated")
    with pytest.raises(NotFound):
        repository.patch("Patient", "b", operations)


@pytest.mark.parametrize(
    "operations",
    [
        [{"op": "replace", "path": "/absent/deep", "value": 1}],
        [{"op": "test", "path": "/gender", "value": "wrong"}],
        [{"op": "nonsense", "path": "/gender"}],
        [{"op": "replace", "path": "", "value": []}],
        [{"op": "replace", "path": "", "value": "text"}],
        [{"op": "replace", "path": "/id", "value": "b"}],
        [{"op": "replace", "path": "/resourceType", "value": "Group"}],
        [{"path": 3}],
        ["text"],
        [None],
    ],
)
def test_patch_that_does_not_fit_is_refused_without_telling_content(
    repository: SQLiteRepository, operations: list[Any]
) -> None:
    before, _ = repository.update(patient("a", gender="male"), create_missing=True)
    with pytest.raises(InvalidInput) as caught:
        repository.patch("Patient", "a", operations)
    assert "male" not in caught.value.message
    assert repository.read("Patient", "a") == before


@pytest.mark.parametrize(
    "broken",
    [
        {"resourceType": "Patient"},
        {"resourceType": "Patient", "id": "a b"},
        {"resourceType": "Patient", "id": "x" * 65},
        {"resourceType": "Patient", "id": "a\n"},
        {"resourceType": "Patient", "id": 7},
        {"resourceType": "Nonsense", "id": "a"},
        {"id": "a"},
        {"resourceType": "Patient", "id": "a", "multipleBirthInteger": 2**70},
        {"resourceType": "Patient", "id": "a", "gender": "\ud800"},
        "text",
    ],
)
def test_what_is_no_storable_resource_is_refused(repository: SQLiteRepository, broken: Any) -> None:
    with pytest.raises(InvalidInput):
        repository.update(broken, create_missing=True)
    assert repository.changes(0) == []


def test_write_many_with_one_that_fails_leaves_nothing(repository: SQLiteRepository) -> None:
    with pytest.raises(InvalidInput):
        repository.write_many([patient("a"), patient("b"), {"resourceType": "Patient", "id": "no good"}])
    assert repository.changes(0) == []
    assert repository.search("Patient").matches == []
    with pytest.raises(NotFound):
        repository.read("Patient", "a")


def test_changes_come_in_the_order_of_writing_and_go_on_behind_any_of_them(
    repository: SQLiteRepository,
) -> None:
    repository.update(patient("a"), create_missing=True, author="Practitioner/x")
    repository.update(patient("b"), create_missing=True)
    repository.update(patient("a", gender="male"))
    repository.delete("Patient", "b")
    log = repository.changes(0)
    assert [(c.id, c.interaction) for c in log] == [
        ("a", "create"),
        ("b", "create"),
        ("a", "update"),
        ("b", "delete"),
    ]
    assert [c.seq for c in log] == sorted(c.seq for c in log)
    assert log[0].author == "Practitioner/x"
    assert repository.changes(log[1].seq, limit=1) == [log[2]]


def test_compartment_holds_what_is_the_patients_and_nothing_else(repository: SQLiteRepository) -> None:
    repository.write_many([
        patient("p1"), patient("p2"), observation("o1", "p1"), observation("o2", "p2"),
        {"resourceType": "Organization", "id": "g", "name": "General"},
        {"resourceType": "AllergyIntolerance", "id": "al", "patient": {"reference": "Patient/p1"}},
    ])  # fmt: skip
    assert {s.reference for s in repository.compartment("p1")} == {
        "Patient/p1",
        "Observation/o1",
        "AllergyIntolerance/al",
    }
    assert {s.reference for s in repository.compartment("p1", ["Observation"])} == {"Observation/o1"}
    repository.update(observation("o1", "p2"))
    repository.delete("AllergyIntolerance", "al")
    assert {s.reference for s in repository.compartment("p1")} == {"Patient/p1"}
    assert {s.reference for s in repository.compartment("p2")} == {
        "Patient/p2",
        "Observation/o1",
        "Observation/o2",
    }


def test_everything_gives_each_current_resource_once(repository: SQLiteRepository) -> None:
    repository.write_many([patient(f"p{n}") for n in range(1203)] + [observation("o1")])
    repository.delete("Patient", "p7")
    found = [s.reference for s in repository.everything()]
    assert len(found) == len(set(found)) == 1203
    assert [s.reference for s in repository.everything(["Observation"])] == ["Observation/o1"]


def test_a_file_that_is_no_database_is_named_as_the_problem(tmp_path) -> None:
    (tmp_path / "record.sqlite").write_bytes(b"this is no database at all" * 400)
    with pytest.raises(StoreUnavailable, match=r"record\.sqlite"):
        SQLiteRepository(Database(tmp_path / "record.sqlite"))


def test_a_data_folder_that_cannot_be_made_is_named_as_the_problem(tmp_path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="FABRIC_DATA_DIR"):
        Database(tmp_path / "file" / "record.sqlite")


def test_a_full_disk_is_reported_as_unavailable_and_loses_nothing(
    repository: SQLiteRepository, database: Database
) -> None:
    repository.update(patient("a"), create_missing=True)
    pages = database.connection().execute("PRAGMA page_count").fetchone()[0]
    database.connection().execute(f"PRAGMA max_page_count={pages + 2}")
    with pytest.raises(StoreUnavailable):
        repository.write_many([patient("b", name=[{"text": "x" * 400}] * 500)])
    database.connection().execute("PRAGMA max_page_count=1000000")
    assert [s.id for s in repository.everything()] == ["a"]
    repository.update(patient("c"), create_missing=True)
    assert database.connection().execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_a_failing_statement_of_the_program_is_not_called_a_busy_disk(database: Database) -> None:
    with pytest.raises(sqlite3.OperationalError), database.write() as connection:
        connection.execute("SELECT * FROM no_such_table")
    assert not database.connection().in_transaction


def test_the_file_is_readable_by_its_owner_alone(database: Database) -> None:
    assert database.path.stat().st_mode & 0o077 == 0


_IDS = st.sampled_from(["a", "b", "c"])
_STEP = st.one_of(
    st.tuples(st.just("put"), _IDS, st.sampled_from(["male", "female", "other"])),
    st.tuples(st.just("stale"), _IDS, st.just("")),
    st.tuples(st.just("delete"), _IDS, st.just("")),
)


@settings(max_examples=40)
@given(st.lists(_STEP, max_size=14))
def test_any_sequence_of_writes_agrees_with_a_dictionary(
    tmp_path_factory, steps: list[tuple[str, str, str]]
) -> None:
    repository = SQLiteRepository(Database(tmp_path_factory.mktemp("model") / "r.sqlite"))
    current: dict[str, str | None] = {}
    versions: dict[str, int] = {}
    for action, name, value in steps:
        if action == "put":
            repository.update(patient(name, gender=value), create_missing=True)
            versions[name] = versions.get(name, 0) + (current.get(name) != value)
            current[name] = value
        elif action == "stale":
            with pytest.raises((PreconditionFailed, NotFound)):
                repository.update(patient(name), if_match="stale")
        elif name in current:
            repository.delete("Patient", name)
            versions[name] += current[name] is not None
            current[name] = None
    alive = {name: value for name, value in current.items() if value}
    assert {s.id: s.resource["gender"] for s in repository.search("Patient").matches} == alive
    for name, value in alive.items():
        assert [s.id for s in repository.search("Patient", [("gender", value), ("_id", name)]).matches] == [
            name
        ]
    for name, count in versions.items():
        assert len(repository.history("Patient", name)) == count
    assert len(repository.changes(0)) == sum(versions.values())
    repository.database.close()
