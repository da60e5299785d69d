"""AccessPolicy: what a member sees, what is hidden, what can be written, and that nothing leads around it."""

from __future__ import annotations

from typing import Any

import pytest

from services.accounts.guarded import GuardedRepository
from services.accounts.policy import Policy, check_policy, policy_of, restored, rule_of, without
from services.accounts.roles import Principal
from services.errors import Forbidden, InvalidInput, NotFound
from services.fhir.sqlite import SQLiteRepository
from tests.conftest import observation, patient

WHO = Principal("u1", "user", "Dr One", "clinician")


@pytest.fixture
def record(repository: SQLiteRepository) -> SQLiteRepository:
    repository.write_many(
        [
            patient("p1", gender="female", birthDate="1960-02-03", name=[{"family": "Lindqvist", "given": ["Åsa"]}],
                    telecom=[{"system": "phone", "value": "555-0100"}]),
            patient("p2", gender="male", name=[{"family": "Okafor"}]),
            observation("o1", "p1"),
            observation("o2", "p2"),
            {"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/p1"}, "code": {"text": "Asthma"}},
        ]
    )  # fmt: skip
    return repository


def guarded(record: SQLiteRepository, *entries: dict[str, Any], who: Principal = WHO) -> GuardedRepository:
    rules = tuple(r for e in entries if (r := rule_of(e, {"profile": who.reference})))
    return GuardedRepository(record, who, Policy(rules))


def ids(page: Any) -> list[str]:
    return sorted(s.id for s in (*page.matches, *page.included))


def test_entries_are_alternatives_and_absent_types_are_forbidden(record: SQLiteRepository) -> None:
    seen = guarded(
        record,
        {"resourceType": "Patient", "criteria": "Patient?gender=female"},
        {"resourceType": "Patient", "criteria": "Patient?_id=nobody"},
    )
    assert seen.read("Patient", "p1").id == "p1"
    with pytest.raises(NotFound):
        seen.read("Patient", "p2")
    with pytest.raises(Forbidden):
        seen.read("Observation", "o1")
    with pytest.raises(Forbidden):
        seen.search("Condition")
    assert seen.find("Patient/p2") is None and seen.find("Observation/o1") is None
    page = seen.search("Patient", [("_total", "accurate")])
    assert ids(page) == ["p1"] and page.total == 1
    assert [s.id for s in seen.compartment("p1")] == ["p1"]
    for ask in (seen.history, lambda t, i: seen.vread(t, i, record.read(t, i).version)):
        with pytest.raises(NotFound):
            ask("Patient", "p2")


def test_nothing_leads_around_the_criteria(record: SQLiteRepository) -> None:
    seen = guarded(
        record,
        {"resourceType": "Patient", "criteria": "Patient?gender=female"},
        {"resourceType": "Observation"},
    )
    assert ids(seen.search("Observation", [("_include", "Observation:subject")])) == ["o1", "o2", "p1"]
    assert ids(seen.search("Observation", [("subject:Patient.name", "okafor")])) == []
    assert ids(seen.search("Observation", [("subject:Patient.name", "lindqvist")])) == ["o1"]
    by_gender = guarded(
        record,
        {"resourceType": "Patient"},
        {"resourceType": "Observation", "criteria": "Observation?patient=Patient/p1"},
    )
    assert ids(by_gender.search("Patient", [("_has:Observation:subject:code", "4548-4")])) == ["p1"]
    assert ids(by_gender.search("Patient", [("_revinclude", "Observation:subject")])) == ["o1", "p1", "p2"]


def test_hidden_elements_are_neither_shown_nor_found_out(record: SQLiteRepository) -> None:
    seen = guarded(
        record,
        {"resourceType": "Patient", "hiddenFields": ["telecom", "name.given", "birthDate"]},
        {"resourceType": "Observation"},
    )
    shown = seen.read("Patient", "p1").resource
    assert "telecom" not in shown and "birthDate" not in shown and shown["name"] == [{"family": "Lindqvist"}]
    version = record.read("Patient", "p1").version
    everywhere = [
        seen.vread("Patient", "p1", version),
        seen.history("Patient", "p1")[0],
        *seen.search("Patient", [("_id", "p1")]).matches,
        *(
            s
            for s in seen.search("Observation", [("_id", "o1"), ("_include", "Observation:subject")]).included
        ),
        *(s for s in seen.compartment("p1") if s.type == "Patient"),
    ]
    assert len(everywhere) == 5
    assert all(
        b"555-0100" not in (s.body or b"") and "Åsa".encode() not in (s.body or b"") for s in everywhere
    )
    for params in ([("birthdate", "1960-02-03")], [("_sort", "birthdate")], [("given", "Åsa")]):
        with pytest.raises(Forbidden):
            seen.search("Patient", params)
    with pytest.raises(Forbidden):
        seen.search("Observation", [("subject:Patient.birthdate", "1960")])
    assert seen.partial("Patient") and not seen.partial("Observation")
    assert seen.view != guarded(record, {"resourceType": "Patient"}).view


def test_hidden_and_locked_elements_survive_a_write(record: SQLiteRepository) -> None:
    seen = guarded(
        record, {"resourceType": "Patient", "hiddenFields": ["telecom"], "readonlyFields": ["gender"]}
    )
    sent = {
        **seen.read("Patient", "p1").resource,
        "gender": "other",
        "active": True,
        "telecom": [{"value": "mine"}],
    }
    answer, _ = seen.update(sent)
    assert "telecom" not in answer.resource
    kept = record.read("Patient", "p1").resource
    assert kept["gender"] == "female" and kept["active"] is True and kept["telecom"][0]["value"] == "555-0100"
    seen.patch("Patient", "p1", [{"op": "replace", "path": "/gender", "value": "male"}])
    assert record.read("Patient", "p1").resource["gender"] == "female"
    made = seen.create({"resourceType": "Patient", "gender": "male", "telecom": [{"value": "x"}]})
    assert {"gender", "telecom"} & set(record.read("Patient", made.id).resource) == set()


def test_a_write_is_checked_before_and_after(record: SQLiteRepository) -> None:
    seen = guarded(
        record,
        {"resourceType": "Patient", "criteria": "Patient?gender=female"},
        {"resourceType": "Observation", "readonly": True},
        {"resourceType": "Condition", "interaction": ["read", "create"]},
    )
    before = len(record.changes(0, 1000))
    with pytest.raises(Forbidden):  # would leave the criteria
        seen.update({**record.read("Patient", "p1").resource, "gender": "male"})
    with pytest.raises(NotFound):
        seen.update({**record.read("Patient", "p2").resource, "gender": "female"})
    with pytest.raises(Forbidden):
        seen.create(patient("x", gender="male"))
    with pytest.raises(Forbidden):
        seen.update({**record.read("Observation", "o1").resource, "status": "amended"})
    with pytest.raises(Forbidden):
        seen.delete("Observation", "o1")
    with pytest.raises(NotFound):
        seen.delete("Patient", "p2")
    with pytest.raises(Forbidden):
        seen.write_many([patient("p1", gender="female", active=True), patient("p3", gender="male")])
    assert len(record.changes(0, 1000)) == before
    assert (
        seen.create({"resourceType": "Condition", "subject": {"reference": "Patient/p1"}}).type == "Condition"
    )
    with pytest.raises(Forbidden):
        seen.search("Condition")


def test_write_constraints(record: SQLiteRepository) -> None:
    rule = "%before.exists().not() or %before.status != 'final' or %after.status = 'amended'"
    seen = guarded(
        record,
        {
            "resourceType": "Observation",
            "writeConstraint": [{"language": "text/fhirpath", "expression": rule}],
        },
    )
    current = record.read("Observation", "o1").resource
    with pytest.raises(Forbidden):
        seen.update({**current, "status": "cancelled"})
    seen.update({**current, "status": "amended"})
    assert seen.create(observation("new")).type == "Observation"
    assert record.read("Observation", "o1").resource["status"] == "amended"


def test_a_star_leaves_out_the_platforms_own_types(record: SQLiteRepository) -> None:
    admin = Principal("a", "user", "Admin", "administrator")
    seen = guarded(record, {"resourceType": "*"}, who=admin)
    assert seen.read("Patient", "p2").id == "p2"
    with pytest.raises(Forbidden):
        seen.create({"resourceType": "AccessPolicy", "name": "mine"})
    for role in ("clinician", "approver", "read-only"):
        plain = GuardedRepository(record, Principal("x", "user", "X", role))  # pyright: ignore[reportArgumentType]
        with pytest.raises(Forbidden):
            plain.search("ProjectMembership")


def test_memberships_give_policies_and_parameters(record: SQLiteRepository) -> None:
    record.write_many(
        [
            {"resourceType": "AccessPolicy", "id": "own", "resource": [
                {"resourceType": "Observation", "criteria": "Observation?_compartment=%patient"},
                {"resourceType": "Condition", "criteria": "Condition?asserter=%nobody"},
                {"resourceType": "Patient", "criteria": "Patient?nonsense=1"},
                {"resourceType": "Practitioner", "criteria": "Practitioner?_id=%profile.id"},
            ]},
            {"resourceType": "ProjectMembership", "id": "m1", "profile": {"reference": WHO.reference},
             "access": [{"policy": {"reference": "AccessPolicy/own"},
                         "parameter": [{"name": "patient", "valueReference": {"reference": "Patient/p1"}}]}]},
            {"resourceType": "Practitioner", "id": "u1"}, {"resourceType": "Practitioner", "id": "u2"},
        ]
    )  # fmt: skip
    policy = policy_of(record, WHO.reference)
    seen = GuardedRepository(record, WHO, policy)
    assert ids(seen.search("Observation")) == ["o1"]
    assert ids(seen.search("Practitioner")) == ["u1"]
    for kind in ("Condition", "Patient"):  # what can't be filled in or read grants nothing
        with pytest.raises(Forbidden):
            seen.search(kind)
    assert policy_of(record, "Practitioner/u2") is None
    record.delete("AccessPolicy", "own")
    empty = policy_of(record, WHO.reference)
    assert empty is not None and not empty.rules


@pytest.mark.parametrize(
    "entry",
    [
        "Patient",
        {"resourceType": "Nothing"},
        {"resourceType": "Patient", "criteria": "Observation?code=1"},
        {"resourceType": "Patient", "criteria": "Patient?nonsense=1"},
        {"resourceType": "Patient", "criteria": 7},
        {"resourceType": "*", "criteria": "*?gender=female"},
        {"resourceType": "Patient", "interaction": ["fly"]},
        {"resourceType": "Patient", "hiddenFields": "name"},
        {"resourceType": "Patient", "writeConstraint": [{"language": "text/fhirpath"}]},
        {"resourceType": "Patient", "writeConstraint": [{"expression": "%after.("}]},
    ],
)
def test_a_policy_that_can_not_be_applied_is_refused(record: SQLiteRepository, entry: Any) -> None:
    admin = GuardedRepository(record, Principal("a", "user", "Admin", "administrator"))
    for resource in ({"resourceType": "AccessPolicy", "resource": [entry]},):
        with pytest.raises(InvalidInput, match=r"AccessPolicy.resource\[0\]"):
            check_policy(resource)
        with pytest.raises(InvalidInput):
            admin.create(resource)


def test_elements_inside_lists() -> None:
    held = {"name": [{"family": "A", "given": ["B"]}, {"family": "C"}], "active": True}
    assert without(held, ["name.given", "active"]) == {"name": [{"family": "A"}, {"family": "C"}]}
    sent = {"name": [{"family": "Z"}, {"family": "C", "given": ["mine"]}, {"given": ["new"]}]}
    assert restored(sent, held, ["name.given", "active"]) == {
        "name": [{"family": "Z", "given": ["B"]}, {"family": "C"}, {}],
        "active": True,
    }
