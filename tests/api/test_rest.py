"""FHIR REST by HTTP: status codes, headers and what a refused write leaves behind."""

from __future__ import annotations

import base64
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from services.runtime.system import System
from tests.conftest import observation, patient

BASE = "/fhir/R4"
Headers = dict[str, str]


def changes(system: System) -> int:
    return len(system.repository.changes(0, 100_000))


def test_create_ignores_the_clients_id_and_says_where_the_resource_is(
    api: TestClient, admin: Headers
) -> None:
    made = api.post(f"{BASE}/Patient", json=patient("mine", gender="male"), headers=admin)
    assert made.status_code == 201
    assert made.headers["content-type"].startswith("application/fhir+json")
    body = made.json()
    assert body["id"] != "mine"
    version = body["meta"]["versionId"]
    assert made.headers["etag"] == f'W/"{version}"'
    assert made.headers["location"] == f"http://localhost:8103{BASE}/Patient/{body['id']}/_history/{version}"
    assert parsedate_to_datetime(made.headers["last-modified"]).tzinfo is not None
    again = api.get(made.headers["location"], headers=admin)
    assert (again.status_code, again.json()) == (200, body)
    assert set(body["meta"]) == {"versionId", "lastUpdated"}


def test_put_creates_for_administrators_and_is_not_found_for_others(
    api: TestClient, admin: Headers, bearer: Any
) -> None:
    sent = patient("put-1")
    assert api.put(f"{BASE}/Patient/put-1", json=sent, headers=bearer("clinician")).status_code == 404
    assert api.put(f"{BASE}/Patient/put-1", json=sent, headers=bearer("approver")).status_code == 404
    made = api.put(f"{BASE}/Patient/put-1", json=sent, headers=admin)
    assert (made.status_code, made.json()["id"]) == (201, "put-1")
    assert "location" in made.headers
    changed = api.put(f"{BASE}/Patient/put-1", json={**sent, "gender": "male"}, headers=bearer("clinician"))
    assert changed.status_code == 200
    unchanged = api.put(f"{BASE}/Patient/put-1", json={**sent, "gender": "male"}, headers=admin)
    assert (unchanged.status_code, unchanged.headers["etag"]) == (200, changed.headers["etag"])


def test_stale_if_match_is_412_and_the_current_one_passes(api: TestClient, admin: Headers) -> None:
    url = f"{BASE}/Patient/match-1"
    first = api.put(url, json=patient("match-1"), headers=admin)
    for method, content in (
        ("PUT", patient("match-1", gender="male")),
        ("PATCH", [{"op": "add", "path": "/gender", "value": "male"}]),
    ):
        stale = api.request(method, url, json=content, headers={**admin, "If-Match": 'W/"other"'})
        assert stale.status_code == 412
        assert stale.json()["resourceType"] == "OperationOutcome"
    good = api.put(
        url, json=patient("match-1", gender="male"), headers={**admin, "If-Match": first.headers["etag"]}
    )
    assert good.status_code == 200
    not_modified = api.get(url, headers={**admin, "If-None-Match": good.headers["etag"]})
    assert (not_modified.status_code, not_modified.content) == (304, b"")


def test_delete_is_idempotent_reads_are_gone_and_put_undeletes(api: TestClient, admin: Headers) -> None:
    url = f"{BASE}/Patient/gone-1"
    api.put(url, json=patient("gone-1"), headers=admin)
    assert api.delete(url, headers=admin).status_code == 200
    assert api.delete(url, headers=admin).status_code == 200
    assert api.get(url, headers=admin).status_code == 410
    assert api.patch(url, json=[], headers=admin).status_code == 410
    history = api.get(f"{url}/_history", headers=admin).json()
    assert [e["request"]["method"] for e in history["entry"]] == ["DELETE", "PUT"]
    assert api.put(url, json=patient("gone-1"), headers=admin).status_code == 200
    assert api.get(url, headers=admin).status_code == 200
    assert api.delete(f"{BASE}/Patient/never-1", headers=admin).status_code == 404


def test_history_lists_versions_and_each_can_be_read(api: TestClient, admin: Headers) -> None:
    url = f"{BASE}/Patient/hist-1"
    for gender in ("male", "female"):
        api.put(url, json=patient("hist-1", gender=gender), headers=admin)
    entries = api.get(f"{url}/_history", headers=admin).json()["entry"]
    assert [e["resource"]["gender"] for e in entries] == ["female", "male"]
    old = entries[1]["resource"]["meta"]["versionId"]
    assert api.get(f"{url}/_history/{old}", headers=admin).json()["gender"] == "male"
    assert api.get(f"{url}/_history/nonsense", headers=admin).status_code == 404
    assert api.get(f"{BASE}/Patient/never-1/_history", headers=admin).status_code == 404


def test_conditional_create_and_update(api: TestClient, admin: Headers) -> None:
    sent = {"resourceType": "Patient", "identifier": [{"system": "urn:mrn", "value": "cond-1"}]}
    search = "identifier=urn:mrn|cond-1"
    first = api.post(f"{BASE}/Patient", json=sent, headers={**admin, "If-None-Exist": search})
    second = api.post(f"{BASE}/Patient", json=sent, headers={**admin, "If-None-Exist": search})
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == first.json()
    url = f"{BASE}/Patient?{search}"
    assert api.put(url, json={**sent, "gender": "male"}, headers=admin).status_code == 200
    assert api.get(url, headers=admin).json()["entry"][0]["resource"]["gender"] == "male"
    in_address = api.post(f"{BASE}/Patient?{search}&_format=json", json=sent, headers=admin)
    assert (in_address.status_code, in_address.json()["id"]) == (200, first.json()["id"])
    plain = api.post(f"{BASE}/Patient?_format=json&_pretty=true", json=patient("x"), headers=admin)
    assert plain.status_code == 201
    other = {**sent, "identifier": [{"value": "cond-2"}]}
    assert api.put(f"{BASE}/Patient?identifier=cond-2", json=other, headers=admin).status_code == 201
    api.post(f"{BASE}/Patient", json=sent, headers=admin)
    assert (
        api.post(f"{BASE}/Patient", json=sent, headers={**admin, "If-None-Exist": search}).status_code == 412
    )
    assert api.put(url, json=sent, headers=admin).status_code == 412
    assert api.put(f"{BASE}/Patient?", json=sent, headers=admin).status_code == 400
    assert (
        api.post(f"{BASE}/Patient", json=sent, headers={**admin, "If-None-Exist": "nonsense=1"}).status_code
        == 400
    )


def test_patch_takes_a_json_patch_and_is_checked(api: TestClient, admin: Headers, system: System) -> None:
    url = f"{BASE}/Patient/patch-1"
    api.put(url, json=patient("patch-1"), headers=admin)
    done = api.patch(url, json=[{"op": "add", "path": "/gender", "value": "male"}], headers=admin)
    assert (done.status_code, done.json()["gender"]) == (200, "male")
    before = changes(system)
    for wrong in ([{"op": "add", "path": "/birthDate", "value": "never"}], {"gender": "x"}, "x", [{"op": "zap"}], [7],
                  [{"op": "replace", "path": "", "value": 3}], [{"op": "test", "path": "/gender", "value": "other"}]):  # fmt: skip
        refused = api.patch(url, json=wrong, headers=admin)
        assert (refused.status_code, refused.json()["resourceType"]) == (400, "OperationOutcome")
        assert "male" not in refused.text
    assert changes(system) == before


@pytest.mark.parametrize(
    ("resource", "element"),
    [
        (patient("x", birthDate="31.12.1999"), "Patient.birthDate"),
        (patient("x", marmalade=True), "Patient.marmalade"),
        ({"resourceType": "Observation", "status": "final"}, "Observation.code"),
        ({"resourceType": "Nonsense"}, "Patient.resourceType"),
        ([], "Patient.resourceType"),
    ],
)
def test_a_refused_write_names_the_element_and_stores_nothing(
    api: TestClient, admin: Headers, system: System, resource: Any, element: str
) -> None:
    before = changes(system)
    resource_type = "Observation" if element.startswith("Observation") else "Patient"
    refused = api.post(f"{BASE}/{resource_type}", json=resource, headers=admin)
    assert refused.status_code == 400
    outcome = refused.json()
    assert outcome["resourceType"] == "OperationOutcome"
    assert outcome["issue"][0]["severity"] == "error"
    assert outcome["issue"][0]["expression"][0].startswith(element)
    assert changes(system) == before


@pytest.mark.parametrize(
    "content", [b"", b"{", b"NaN", b'{"a":' * 2000, b"\xff", b'"\\ud800"', b"[" * 300 + b"]" * 300]
)
def test_a_body_that_is_not_json_is_refused(api: TestClient, admin: Headers, content: bytes) -> None:
    for method, path in (
        ("POST", "/Patient"),
        ("PUT", "/Patient/p1"),
        ("PATCH", "/Patient/p1"),
        ("POST", ""),
    ):
        refused = api.request(
            method,
            f"{BASE}{path}",
            content=content,
            headers={**admin, "Content-Type": "application/fhir+json"},
        )
        assert (refused.status_code, refused.json()["resourceType"]) == (400, "OperationOutcome")


def test_the_address_and_the_resource_must_agree(api: TestClient, admin: Headers) -> None:
    assert api.put(f"{BASE}/Patient/a-1", json=patient("b-1"), headers=admin).status_code == 400
    assert api.put(f"{BASE}/Patient/a-1", json=observation("a-1"), headers=admin).status_code == 400
    assert api.post(f"{BASE}/Observation", json=patient("b-1"), headers=admin).status_code == 400
    assert api.get(f"{BASE}/Patient/a-1", headers=admin).status_code == 404


def test_head_reads_and_never_writes(api: TestClient, admin: Headers, bearer: Any, system: System) -> None:
    before = changes(system)
    for path, sent in (
        (f"{BASE}/Patient/p1", patient("p1", gender="unknown")),
        (f"{BASE}/Patient", patient("x")),
    ):
        for headers in (admin, bearer("read-only")):
            assert api.request("HEAD", path, json=sent, headers=headers).status_code == 200
    assert changes(system) == before


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/Nonsense", 404),
        ("GET", "/Nonsense/1", 404),
        ("GET", "/patient/p1", 404),
        ("GET", "/Patient/not-there", 404),
        ("GET", "/Patient/p1/$nonsense", 404),
        ("GET", "/a/b/c/d/e", 404),
        ("GET", "/Patient/..%2f..%2fetc", 404),
        ("GET", "/Patient/%00", 404),
        ("GET", "/Patient/p1%0A", 404),
        ("GET", "", 405),
        ("DELETE", "/Patient", 400),
        ("POST", "/Patient/p1", 405),
        ("PUT", "/metadata", 400),
        ("GET", "/Binary", 400),
        ("GET", "/Binary/not-there", 404),
    ],
)
def test_addresses_that_lead_nowhere_get_an_outcome(
    api: TestClient, admin: Headers, method: str, path: str, status: int
) -> None:
    response = api.request(method, BASE + path, headers=admin)
    assert response.json()["resourceType"] == "OperationOutcome"
    assert response.status_code == (status if path != "/metadata" else response.status_code)
    assert 400 <= response.status_code < 500


def test_binaries_go_in_and_out_as_they_are(api: TestClient, admin: Headers) -> None:
    made = api.post(
        f"{BASE}/Binary", content=b"\x00\xffbytes", headers={**admin, "Content-Type": "image/png"}
    )
    assert made.status_code == 201
    url = f"{BASE}/Binary/{made.json()['id']}"
    raw = api.get(url, headers=admin)
    assert (raw.content, raw.headers["content-type"]) == (b"\x00\xffbytes", "image/png")
    assert raw.headers["x-content-type-options"] == "nosniff"
    assert raw.headers["content-disposition"] == "attachment"
    wrapped = api.get(url, headers={**admin, "Accept": "application/fhir+json"}).json()
    assert base64.b64decode(wrapped["data"]) == b"\x00\xffbytes"


@pytest.mark.parametrize("content_type", ["text/html\r\nX-Evil: 1", "é", "text", "a/b; c=\x01", ""])
def test_a_binarys_type_cannot_break_the_answer(
    api: TestClient, admin: Headers, system: System, content_type: str
) -> None:
    system.repository.update(
        {"resourceType": "Binary", "id": "odd", "contentType": content_type, "data": "aGk="},
        create_missing=True,
    )
    raw = api.get(f"{BASE}/Binary/odd", headers=admin)
    assert (raw.status_code, raw.content, raw.headers["content-type"]) == (
        200,
        b"hi",
        "application/octet-stream",
    )
    assert "x-evil" not in raw.headers


def test_everything_gives_the_patients_compartment(api: TestClient, admin: Headers) -> None:
    bundle = api.get(f"{BASE}/Patient/p1/$everything", headers=admin).json()
    kinds = {e["resource"]["resourceType"] for e in bundle["entry"]}
    assert {"Patient", "Condition", "Observation"} <= kinds
    assert "p2" not in {e["resource"]["id"] for e in bundle["entry"]}
    assert api.get(f"{BASE}/Patient/nobody/$everything", headers=admin).status_code == 404


def test_metadata_states_what_is_there_without_signing_in(api: TestClient) -> None:
    statement = api.get(f"{BASE}/metadata").json()
    assert (statement["resourceType"], statement["fhirVersion"]) == ("CapabilityStatement", "4.0.1")
    assert any(r["type"] == "Observation" for r in statement["rest"][0]["resource"])


def test_a_transaction_by_http_is_all_or_nothing(api: TestClient, admin: Headers, system: System) -> None:
    entries = [
        {"request": {"method": "POST", "url": "Patient"}, "resource": patient("x")},
        {"request": {"method": "POST", "url": "Patient"}, "resource": patient("y", birthDate="never")},
    ]
    before = changes(system)
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    refused = api.post(BASE, json=bundle, headers=admin)
    assert refused.status_code == 400
    assert "Entry 1" in refused.json()["issue"][0]["details"]["text"]
    assert changes(system) == before
    mixed = api.post(f"{BASE}/", json={**bundle, "type": "batch"}, headers=admin)
    assert [e["response"]["status"] for e in mixed.json()["entry"]] == ["201", "400"]
    assert api.post(BASE, json=patient("x"), headers=admin).status_code == 400
