"""What every record offers, wherever it is kept (services/fhir/repository.py)."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

import pytest

from services.errors import Gone, InvalidInput, NotFound, PreconditionFailed
from services.fhir.repository import Resource
from services.fhir.sqlite import SQLiteRepository, bare
from tests.conftest import observation, patient

NewId = Callable[[], str]


def test_a_resource_is_created_read_and_changed_version_by_version(record: SQLiteRepository) -> None:
    first = record.create({"resourceType": "Patient", "name": [{"family": "Lind"}]}, author="Practitioner/1")
    second, outcome = record.update({**first.resource, "gender": "female"}, if_match=first.version)
    assert outcome == "updated"
    assert record.read("Patient", first.id) == second
    assert record.vread("Patient", first.id, first.version).resource == first.resource
    assert record.update(second.resource)[1] == "unchanged"
    record.delete("Patient", first.id)
    record.delete("Patient", first.id)
    with pytest.raises(Gone):
        record.read("Patient", first.id)
    assert record.find(first.reference) is None
    versions = record.history("Patient", first.id)
    assert [v.body is None for v in versions] == [True, False, False]
    assert [v.version for v in versions[1:]] == [second.version, first.version]
    assert record.update(bare(first.resource))[1] == "updated", "an update brings it back"
    assert record.read("Patient", first.id).resource["name"] == [{"family": "Lind"}]


def test_what_is_not_there(record: SQLiteRepository, new_id: NewId) -> None:
    missing = new_id()
    with pytest.raises(NotFound):
        record.read("Patient", missing)
    with pytest.raises(NotFound):
        record.update(patient(missing))
    with pytest.raises(NotFound):
        record.delete("Patient", missing)
    with pytest.raises(NotFound):
        record.history("Patient", missing)
    stored, outcome = record.update(patient(missing), create_missing=True)
    assert outcome == "created"
    with pytest.raises(NotFound):
        record.vread("Patient", missing, "0")
    with pytest.raises(PreconditionFailed):
        record.create(patient(missing), resource_id=stored.id)
    for wrong in ({"resourceType": "Nothing"}, {"resourceType": "Patient", "id": "a b"}):
        with pytest.raises(InvalidInput):
            record.update(wrong, create_missing=True)


def test_a_stale_version_changes_nothing(record: SQLiteRepository) -> None:
    first = record.create({"resourceType": "Patient", "active": True})
    second, _ = record.update({**first.resource, "active": False}, if_match=first.version)
    with pytest.raises(PreconditionFailed):
        record.update({**first.resource, "gender": "male"}, if_match=first.version)
    with pytest.raises(PreconditionFailed):
        record.patch(
            "Patient", first.id, [{"op": "add", "path": "/gender", "value": "male"}], if_match=first.version
        )
    assert record.read("Patient", first.id) == second
    patched, _ = record.patch(
        "Patient", first.id, [{"op": "replace", "path": "/active", "value": True}], if_match=second.version
    )
    assert patched.resource["active"] is True


def test_a_transaction_is_whole_or_not_at_all(record: SQLiteRepository, new_id: NewId) -> None:
    held = record.create({"resourceType": "Patient", "active": True})
    lost, inner = new_id(), new_id()
    before = record.changes(0)
    with pytest.raises(RuntimeError), record.transaction():
        record.create(patient(lost), resource_id=lost)
        with record.transaction():
            record.create(observation(inner, lost), resource_id=inner)
        record.update({**held.resource, "active": False})
        record.delete("Patient", held.id)
        raise RuntimeError
    assert record.read("Patient", held.id) == held
    assert record.find(f"Patient/{lost}") is None
    assert record.changes(0) == before
    with record.transaction():
        record.create(patient(lost), resource_id=lost)
        with record.transaction():
            record.create(observation(inner, lost), resource_id=inner)
        changed, _ = record.update({**record.read("Patient", lost).resource, "gender": "other"})
        record.delete("Patient", held.id)
    assert record.read("Patient", lost) == changed
    assert [c.interaction for c in record.changes(before[-1].seq)] == ["create", "create", "update", "delete"]
    with record.transaction():  # comes and goes within
        short = record.create({"resourceType": "Patient"})
        record.delete("Patient", short.id)
    assert record.find(short.reference) is None


def test_many_at_once(record: SQLiteRepository, new_id: NewId) -> None:
    who = new_id()
    resources = [patient(who), *(observation(new_id(), who, valueInteger=n) for n in range(60))]
    assert {o for _, o in record.write_many(resources)} == {"created"}
    again = [{**r, "status": "amended"} if r["resourceType"] == "Observation" else r for r in resources]
    assert [o for _, o in record.write_many(again)] == ["unchanged"] + ["updated"] * 60


def test_searches(record: SQLiteRepository, new_id: NewId) -> None:
    who, other, family = new_id(), new_id(), f"F{new_id()[:8]}"
    record.write_many([
        patient(who, name=[{"family": family, "given": ["Ada"]}], birthDate="1960-02-03", gender="female"),
        patient(other, name=[{"family": family, "given": ["Bo"]}], birthDate="1990-01-01"),
    ])  # fmt: skip
    made = [
        observation(new_id(), who, effectiveDateTime=f"2024-03-0{n}", valueQuantity={"value": n, "unit": "mg", "code": "mg"})
        for n in (3, 1, 2)
    ]  # fmt: skip
    record.write_many(made)

    def ids(kind: str, *params: tuple[str, str]) -> list[str]:
        return [s.id for s in record.search(kind, params).matches]

    assert ids("Patient", ("family", family[:5].lower()), ("gender", "female")) == [who]
    assert ids("Patient", ("family:exact", family), ("birthdate", "lt1970")) == [who]
    assert ids("Patient", ("family", family), ("gender:missing", "true")) == [other]
    assert set(ids("Patient", ("_id", f"{who},{other}"))) == {who, other}
    of_who = ("subject", f"Patient/{who}")
    assert ids("Observation", of_who, ("_sort", "date")) == [made[1]["id"], made[2]["id"], made[0]["id"]]
    assert ids("Observation", of_who, ("value-quantity", "gt2")) == [made[0]["id"]]
    assert ids("Observation", ("subject:Patient.family", family), ("date", "2024-03-02")) == [made[2]["id"]]
    assert ids("Patient", ("_has:Observation:subject:value-quantity", "1"), ("family", family)) == [who]
    page = record.search(
        "Observation", [of_who, ("_count", "2"), ("_total", "accurate"), ("_include", "Observation:subject")]
    )
    assert (len(page.matches), page.total, page.has_next) == (2, 3, True)
    assert [s.id for s in page.included] == [who]
    assert len(ids("Observation", of_who, ("_count", "2"), ("_offset", "2"))) == 1
    assert record.matches(f"Observation/{made[0]['id']}", [[("code", "http://loinc.org|4548-4")]])
    with pytest.raises(InvalidInput):
        record.search("Patient", [("nonsense", "1")])
    assert {s.id for s in record.compartment(who)} == {who, *(m["id"] for m in made)}
    assert {s.type for s in record.compartment(who, ["Patient"])} == {"Patient"}


def test_several_count_on_one_resource(record: SQLiteRepository) -> None:
    """Each adds one, by the version it read: none is lost, none is counted twice."""
    counter = record.create(
        {"resourceType": "Observation", "status": "final", "code": {"text": "n"}, "valueInteger": 0}
    )

    def add() -> None:
        for _ in range(4):
            while True:
                held = record.read("Observation", counter.id)
                try:
                    record.update(
                        {**held.resource, "valueInteger": held.resource["valueInteger"] + 1},
                        if_match=held.version,
                    )
                    break
                except PreconditionFailed:
                    continue

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert record.read("Observation", counter.id).resource["valueInteger"] == 16
    assert len(record.history("Observation", counter.id)) == 17


@pytest.mark.parametrize("seed", [1, 2])
def test_any_sequence_of_writes_leaves_what_it_says(
    record: SQLiteRepository, new_id: NewId, seed: int
) -> None:
    chance, model, ids = random.Random(seed), dict[str, Resource | None](), [new_id() for _ in range(4)]
    for step in range(25):
        name = chance.choice(ids)
        content = {"resourceType": "Basic", "id": name, "code": {"text": str(chance.randrange(3))}}
        match chance.choice(["put", "put", "delete", "undone", "both"]):
            case "put":
                record.update(content, create_missing=True)
                model[name] = content
            case "delete" if name in model:
                record.delete("Basic", name)
                model[name] = None
            case "undone":
                with pytest.raises(ZeroDivisionError), record.transaction():
                    record.update({**content, "code": {"text": f"undone {step}"}}, create_missing=True)
                    raise ZeroDivisionError
            case "both":
                other = chance.choice(ids)
                with record.transaction():
                    record.update(content, create_missing=True)
                    record.update({**content, "id": other}, create_missing=True)
                model[name] = content
                model[other] = {**content, "id": other}
    for name, content in model.items():
        stored = record.find(f"Basic/{name}")
        assert (bare(stored.resource) if stored else None) == content
