"""FHIR search across resources: chains, includes, what is refused, and the parameters of every type."""

from __future__ import annotations

from typing import Any

import pytest

from services.errors import InvalidInput
from services.fhir.indexing import values_at
from services.fhir.sqlite import SQLiteRepository
from tests.conftest import observation, patient

LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"


def ids(repository: SQLiteRepository, resource_type: str, *params: tuple[str, str]) -> set[str]:
    return {s.id for s in repository.search(resource_type, params).matches}


def coded(name: str, system: str | None, code: str, **more: Any) -> dict[str, Any]:
    coding = {"code": code, **({"system": system} if system else {}), **more}
    return observation(name, code={"coding": [coding]})


def measured(name: str, value: float, unit: str = "mmol/L") -> dict[str, Any]:
    return observation(name, valueQuantity={"value": value, "unit": unit, "system": UCUM, "code": unit})


@pytest.fixture
def ward(repository: SQLiteRepository) -> SQLiteRepository:
    repository.write_many([
        {"resourceType": "Organization", "id": "org", "name": "General"},
        {"resourceType": "Practitioner", "id": "doc", "name": [{"family": "House"}]},
        patient("p1", name=[{"family": "Ahn"}], managingOrganization={"reference": "Organization/org"},
                generalPractitioner=[{"reference": "Practitioner/doc"}]),
        patient("p2", name=[{"family": "Berg"}]),
        patient("p3", name=[{"family": "Cho"}]),
        coded("o1", LOINC, "1"),
        {**coded("o2", LOINC, "2"), "subject": {"reference": "Patient/p2"}},
        {**coded("o3", LOINC, "1"), "subject": {"reference": "Patient/p2"}, "performer": [{"reference": "Practitioner/doc"}]},
    ])  # fmt: skip
    return repository


@pytest.mark.parametrize(
    ("resource_type", "name", "value", "expected"),
    [
        ("Observation", "subject:Patient.family", "ahn", {"o1"}),
        ("Observation", "patient.family", "berg", {"o2", "o3"}),
        ("Observation", "subject.name", "berg", {"o2", "o3"}),
        ("Observation", "patient.organization.name", "general", {"o1"}),
        ("Observation", "patient.general-practitioner:Practitioner.family", "house", {"o1"}),
        ("Observation", "patient._id", "p2", {"o2", "o3"}),
        ("Patient", "_has:Observation:patient:code", "1", {"p1", "p2"}),
        ("Patient", "_has:Observation:patient:code", f"{LOINC}|2", {"p2"}),
        ("Practitioner", "_has:Observation:performer:code", "1", {"doc"}),
        ("Organization", "_has:Patient:organization:_has:Observation:patient:code", "1", {"org"}),
        ("Patient", "_id", "p1,p3,nobody", {"p1", "p3"}),
        ("Observation", "_compartment", "Patient/p2", {"o2", "o3"}),
        ("Observation", "_compartment", "p1", {"o1"}),
    ],
)
def test_chains_and_reverse_chains(
    ward: SQLiteRepository, resource_type: str, name: str, value: str, expected: set[str]
) -> None:
    assert ids(ward, resource_type, (name, value)) == expected


def test_chains_do_not_reach_what_was_deleted(ward: SQLiteRepository) -> None:
    ward.delete("Patient", "p2")
    ward.delete("Observation", "o1")
    assert ids(ward, "Observation", ("patient.family", "berg")) == set()
    assert ids(ward, "Patient", ("_has:Observation:patient:code", "1")) == set()


def test_repeated_parameters_must_all_hold(ward: SQLiteRepository) -> None:
    assert ids(ward, "Observation", ("code", "1"), ("patient", "p2")) == {"o3"}
    assert ids(ward, "Observation", ("code", "1"), ("code", "2")) == set()


def test_includes_come_beside_the_matches_once_each(ward: SQLiteRepository) -> None:
    page = ward.search(
        "Observation",
        [("code", "1"), ("_include", "Observation:patient"), ("_include", "Observation:performer")],
    )
    assert {m.id for m in page.matches} == {"o1", "o3"}
    assert sorted(s.reference for s in page.included) == ["Patient/p1", "Patient/p2", "Practitioner/doc"]
    page = ward.search("Patient", [("family", "berg"), ("_revinclude", "Observation:patient")])
    assert [s.reference for s in page.included] == ["Observation/o2", "Observation/o3"]
    only = ward.search("Observation", [("_include", "Observation:subject:Group")])
    assert only.included == []


def test_iterated_includes_follow_what_was_included(ward: SQLiteRepository) -> None:
    params = [
        ("_id", "o1"),
        ("_include", "Observation:patient"),
        ("_include:iterate", "Patient:organization"),
    ]
    assert [s.reference for s in ward.search("Observation", params).included] == [
        "Patient/p1",
        "Organization/org",
    ]
    params[1:] = [("_include", "Observation:patient"), ("_include", "Patient:organization")]
    assert [s.reference for s in ward.search("Observation", params).included] == ["Patient/p1"]


@pytest.mark.parametrize(
    ("resource_type", "params"),
    [
        ("Patient", [("nonsense", "1")]),
        ("Patient", [("name:nonsense", "1")]),
        ("Patient", [("gender:missing", "perhaps")]),
        ("Patient", [("_sort", "nonsense")]),
        ("Patient", [("_sort", "")]),
        ("Patient", [("_count", "-1")]),
        ("Patient", [("_count", "many")]),
        ("Patient", [("_offset", "1e3")]),
        ("Patient", [("_total", "some")]),
        ("Patient", [("_lastUpdated", "yesterday")]),
        ("Patient", [("gender.name", "x")]),
        ("Patient", [("_has:Observation:code", "x")]),
        ("Patient", [("_has:Nonsense:patient:code", "x")]),
        ("Patient", [("_has:Observation:status:code", "x")]),
        ("Patient", [("_include", "Patient:gender")]),
        ("Patient", [("_include", "*")]),
        ("Observation", [("subject:Nonsense.name", "x")]),
        ("Observation", [("subject.nonsense", "x")]),
        ("Observation", [("_compartment", "Practitioner/doc")]),
        ("Nonsense", []),
        ("Patient", [("_has:Patient:link:" * 12 + "name", "x")]),
        ("Patient", [("general-practitioner." * 20 + "name", "x")]),
        ("Patient", [("name", "x")] * 300),
        ("Patient", [("name", ",".join("x" * 5000))]),
    ],
)
def test_what_is_not_understood_is_refused_and_never_ignored(
    repository: SQLiteRepository, resource_type: str, params: list[tuple[str, str]]
) -> None:
    with pytest.raises(InvalidInput):
        repository.search(resource_type, params)


def test_long_lists_of_values_are_searched(repository: SQLiteRepository) -> None:
    repository.write_many([patient("a", gender="male"), patient("b", gender="other")])
    many = [f"x{n}" for n in range(1500)]
    assert ids(repository, "Patient", ("_id", ",".join([*many, "b"]))) == {"b"}
    assert ids(repository, "Patient", ("gender", ",".join([*many, "male"]))) == {"a"}
    assert ids(repository, "Patient", ("gender:not", ",".join([*many, "male"]))) == {"b"}


def test_a_numbered_path_means_that_element_alone(repository: SQLiteRepository) -> None:
    entries = [{"resource": {"resourceType": "Composition", "id": i}} for i in ("c1", "c2")]
    assert list(values_at({"entry": entries}, "entry[0].resource.id")) == ["c1"]


def test_deceased_asks_whether_not_when(repository: SQLiteRepository) -> None:
    repository.write_many([
        patient("alive"), patient("no", deceasedBoolean=False), patient("yes", deceasedBoolean=True),
        patient("when", deceasedDateTime="2020-02-02"),
    ])  # fmt: skip
    assert ids(repository, "Patient", ("deceased", "true")) == {"yes", "when"}
    assert ids(repository, "Patient", ("deceased", "false")) == {"alive", "no"}
    assert ids(repository, "Patient", ("death-date", "2020")) == {"when"}


def test_last_updated_separates_what_came_before_from_what_came_after(repository: SQLiteRepository) -> None:
    first = repository.update(patient("a"), create_missing=True)[0].updated
    while (second := repository.update(patient("b"), create_missing=True)[0].updated) == first:
        repository.delete("Patient", "b")
    assert ids(repository, "Patient", ("_lastUpdated", f"gt{first}")) == {"b"}
    assert ids(repository, "Patient", ("_lastUpdated", f"ge{first}")) == {"a", "b"}
    assert ids(repository, "Patient", ("_lastUpdated", f"lt{second}")) == {"a"}
    assert ids(repository, "Patient", ("_lastUpdated", f"le{second}")) == {"a", "b"}
    assert ids(repository, "Patient", ("_lastUpdated", first)) == {"a"}
    assert ids(repository, "Patient", ("_lastUpdated", "gt9999")) == set()
    assert ids(repository, "Patient", ("_lastUpdated", "le9999-12-31")) == {"a", "b"}
