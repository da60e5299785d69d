"""Batches report entry by entry; transactions are whole, and their references find their targets."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from services.errors import FabricError, InvalidInput, NotFound, PreconditionFailed
from services.fhir import bundles
from services.fhir.sqlite import SQLiteRepository
from services.fhir.validation import validate
from tests.conftest import observation, patient

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run(repository: SQLiteRepository) -> Run:
    def execute(kind: str, *entries: Any, admin: bool = True) -> dict[str, Any]:
        bundle = {"resourceType": "Bundle", "type": kind, "entry": list(entries)}
        return bundles.execute(
            repository,
            bundle,
            check=validate,
            author="me",
            admin=admin,
        )

    return execute


def entry(
    method: str, url: str, resource: Any = None, full: str | None = None, **request: str
) -> dict[str, Any]:
    made: dict[str, Any] = {"request": {"method": method, "url": url, **request}}
    return (
        made | ({"resource": resource} if resource is not None else {}) | ({"fullUrl": full} if full else {})
    )


def statuses(response: dict[str, Any]) -> list[str]:
    return [e["response"]["status"] for e in response["entry"]]


def test_a_batch_does_what_it_can_and_reports_each_entry(run: Run, repository: SQLiteRepository) -> None:
    response = run(
        "batch",
        entry("POST", "Patient", patient("ignored")),
        entry("PUT", "Patient/p1", patient("p1")),
        entry("PUT", "Patient/p1", patient("p1", gender="male")),
        entry("GET", "Patient/p1"),
        entry("GET", "Patient?gender=male&_total=accurate"),
        entry("GET", "Patient/nobody"),
        entry("PUT", "Patient/p2", patient("other")),
        entry("POST", "Patient", {"resourceType": "Patient", "gender": 5}),
        entry("POST", "Patient", observation("x")),
        entry("GET", "Patient?nonsense=1"),
        entry("GET", "Binary"),
        entry("GET", "Patient/p1/$nonsense"),
        entry("BREW", "Patient/p1"),
        {"resource": patient("p9")},
        "nonsense",
        entry("DELETE", "Patient/p1"),
        entry("GET", "Patient/p1"),
    )
    assert response["type"] == "batch-response"
    expected = [201, 201, 200, 200, 200, 404, *[400] * 9, 200, 410]
    assert [int(s) for s in statuses(response)] == expected
    first, second = response["entry"][0], response["entry"][1]
    assert first["resource"]["id"] != "ignored"
    assert second["response"]["location"].startswith("Patient/p1/_history/")
    assert second["response"]["etag"].startswith('W/"')
    assert response["entry"][4]["resource"]["total"] == 1
    wrong = response["entry"][7]["response"]["outcome"]["issue"][0]
    assert wrong["expression"] == ["Patient.gender"]
    assert [s.id for s in repository.everything(["Patient"])] == [first["resource"]["id"]]


def test_a_version_can_be_read_in_a_batch(run: Run, repository: SQLiteRepository) -> None:
    first, _ = repository.update(patient("a", gender="male"), create_missing=True)
    repository.update(patient("a", gender="other"))
    response = run(
        "batch", entry("GET", f"Patient/a/_history/{first.version}"), entry("GET", "Patient/a/_history/no")
    )
    assert statuses(response) == ["200", "404"]
    assert response["entry"][0]["resource"]["gender"] == "male"


def test_a_transaction_is_all_or_nothing(run: Run, repository: SQLiteRepository) -> None:
    with pytest.raises(InvalidInput) as caught:
        run(
            "transaction",
            entry("PUT", "Patient/a", patient("a")),
            entry("POST", "Patient", patient("b")),
            entry("POST", "Patient", {"resourceType": "Patient", "birthDate": "once"}),
        )
    assert caught.value.message.startswith("Entry 2: Patient.birthDate")
    with pytest.raises(NotFound):
        run("transaction", entry("POST", "Patient", patient("b")), entry("DELETE", "Patient/never"))
    assert repository.changes(0) == []
    response = run("transaction", entry("GET", "Patient/a"), entry("PUT", "Patient/a", patient("a")))
    assert statuses(response) == ["200", "201"]  # reads come last, answers in the order asked


def test_references_by_urn_reach_backward_and_forward(run: Run, repository: SQLiteRepository) -> None:
    response = run(
        "transaction",
        entry(
            "POST", "Observation", {**observation("x"), "subject": {"reference": "urn:uuid:p"}}, "urn:uuid:o"
        ),
        entry(
            "POST",
            "Patient",
            patient("x", link=[{"other": {"reference": "urn:uuid:q"}, "type": "seealso"}]),
            "urn:uuid:p",
        ),
        entry("PUT", "Patient/q", patient("q", photo=[{"url": "urn:uuid:o"}]), "urn:uuid:q"),
    )
    assert statuses(response) == ["201", "201", "201"]
    first, second, third = (e["resource"] for e in response["entry"])
    assert first["subject"]["reference"] == f"Patient/{second['id']}"
    assert second["link"][0]["other"]["reference"] == "Patient/q"
    assert third["photo"][0]["url"] == f"Observation/{first['id']}"
    assert repository.find(first["subject"]["reference"]) is not None


def test_conditional_create_uses_what_is_there(run: Run, repository: SQLiteRepository) -> None:
    new = patient("x", identifier=[{"system": "urn:mrn", "value": "7"}])
    condition = "identifier=urn:mrn|7"
    assert statuses(run("batch", entry("POST", "Patient", new, ifNoneExist=condition))) == ["201"]
    existing = next(repository.everything())
    response = run(
        "transaction",
        entry("POST", "Patient", new, "urn:uuid:p", ifNoneExist=condition),
        entry("POST", "Observation", {**observation("x"), "subject": {"reference": "urn:uuid:p"}}),
    )
    assert statuses(response) == ["200", "201"]
    assert response["entry"][1]["resource"]["subject"]["reference"] == f"Patient/{existing.id}"
    repository.create(new)
    with pytest.raises(PreconditionFailed):
        run("transaction", entry("POST", "Patient", new, ifNoneExist=condition))
    with pytest.raises(InvalidInput):
        run("transaction", entry("POST", "Patient", new, ifNoneExist="_count=1"))


def test_one_condition_twice_in_a_transaction_makes_one_resource(
    run: Run, repository: SQLiteRepository
) -> None:
    new = patient("x", identifier=[{"value": "7"}])
    about = {**observation("x"), "subject": {"reference": "urn:uuid:second"}}
    response = run(
        "transaction",
        entry("POST", "Patient", new, "urn:uuid:first", ifNoneExist="identifier=7"),
        entry("POST", "Patient", new, "urn:uuid:second", ifNoneExist="identifier=7"),
        entry("POST", "Observation", about),
    )
    assert statuses(response) == ["201", "200", "201"]
    assert repository.find(response["entry"][2]["resource"]["subject"]["reference"]) is not None
    assert len(list(repository.everything(["Patient"]))) == 1


def test_conditional_update_creates_or_updates(run: Run, repository: SQLiteRepository) -> None:
    sent = patient("", identifier=[{"value": "7"}])
    del sent["id"]
    about = {**observation("x"), "subject": {"reference": "urn:uuid:p"}}
    url = "Patient?identifier=7"
    response = run("transaction", entry("PUT", url, sent, "urn:uuid:p"), entry("POST", "Observation", about))
    assert statuses(response) == ["201", "201"]
    made = response["entry"][0]["resource"]["id"]
    assert response["entry"][1]["resource"]["subject"]["reference"] == f"Patient/{made}"
    assert statuses(run("batch", entry("PUT", url, {**sent, "gender": "male"}))) == ["200"]
    assert repository.read("Patient", made).resource["gender"] == "male"


def test_if_match_guards_entries(run: Run, repository: SQLiteRepository) -> None:
    first, _ = repository.update(patient("a"), create_missing=True)
    changed = patient("a", gender="male")
    stale, good = (
        entry("PUT", "Patient/a", changed, ifMatch='W/"no"'),
        entry("PUT", "Patient/a", changed, ifMatch=f'W/"{first.version}"'),
    )
    assert statuses(run("batch", stale, good)) == ["412", "200"]


def test_a_patch_in_a_bundle_is_checked_like_any_write(run: Run, repository: SQLiteRepository) -> None:
    repository.update(patient("a", gender="male"), create_missing=True)

    def patching(*operations: dict[str, Any]) -> dict[str, Any]:
        data = base64.b64encode(json.dumps(operations).encode()).decode()
        return entry(
            "PATCH",
            "Patient/a",
            {"resourceType": "Binary", "contentType": "application/json-patch+json", "data": data},
        )

    good = {"op": "replace", "path": "/gender", "value": "female"}
    bad = {"op": "add", "path": "/birthDate", "value": "once upon a time"}
    assert statuses(
        run("batch", patching(good), patching(bad), entry("PATCH", "Patient/a", patient("a")))
    ) == ["200", "400", "400"]
    assert repository.read("Patient", "a").resource["gender"] == "female"
    assert "birthDate" not in repository.read("Patient", "a").resource


def test_put_creates_for_administrators_only(run: Run) -> None:
    assert statuses(run("batch", entry("PUT", "Patient/a", patient("a")), admin=False)) == ["404"]
    assert statuses(run("batch", entry("PUT", "Patient/a", patient("a")))) == ["201"]


@pytest.mark.parametrize("kind", ["collection", None, 7])
def test_only_batches_and_transactions_are_run(run: Run, kind: Any) -> None:
    with pytest.raises(FabricError):
        run(kind)
