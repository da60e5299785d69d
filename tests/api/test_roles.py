"""Each role on each route: who may do what, and that nobody does anything without signing in."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from services.accounts.guarded import ADMINISTRATIVE
from services.accounts.roles import ROLES
from services.runtime.registry import BUILT_IN
from services.runtime.system import System
from tests.conftest import patient

BASE = "/fhir/R4"
EMBED, SEARCH, *_ = BUILT_IN
BATCH = {"resourceType": "Bundle", "type": "batch"}
READS: list[tuple[str, str, Any]] = [
    ("GET", f"{BASE}/Patient", None),
    ("GET", f"{BASE}/Patient/p1", None),
    ("GET", f"{BASE}/Patient/p1/_history", None),
    ("GET", f"{BASE}/Patient/p1/$everything", None),
    ("POST", f"{BASE}/Patient/_search", None),
    ("GET", "/auth/me", None),
    ("GET", "/oauth2/userinfo", None),
    ("POST", f"{BASE}/Bot/{SEARCH}/$execute", {"query": "diabetes"}),
    ("POST", BASE, {**BATCH, "entry": [{"request": {"method": "GET", "url": "Patient/p1"}}]}),
]
WRITES: list[tuple[str, str, Any]] = [
    ("POST", f"{BASE}/Patient", patient("x")),
    ("PUT", f"{BASE}/Patient/role-1", patient("role-1")),
    ("PUT", f"{BASE}/Patient?_id=role-1", patient("role-1")),
    ("PATCH", f"{BASE}/Patient/role-1", [{"op": "add", "path": "/active", "value": True}]),
    ("POST", BASE, {**BATCH, "type": "transaction", "entry": [{"request": {"method": "PUT", "url": "Patient/role-1"}, "resource": patient("role-1")}]}),
    ("POST", f"{BASE}/Bot/{EMBED}/$execute", {"resourceType": "Device", "id": "d"}),
    ("DELETE", f"{BASE}/Patient/role-2", None),
]  # fmt: skip
OPEN = [("GET", "/healthcheck"), ("GET", "/metrics"), ("GET", f"{BASE}/metadata")]


@pytest.fixture(scope="module", autouse=True)
def people(system: System) -> None:
    system.repository.write_many([patient("role-1"), patient("role-2")])


def send(api: TestClient, request: tuple[str, str, Any], headers: dict[str, str]) -> Any:
    method, path, body = request
    return api.request(method, path, json=body, headers=headers)


@pytest.mark.parametrize("request_", READS + WRITES, ids=lambda r: f"{r[0]} {r[1][:40]}")
@pytest.mark.parametrize("header", [None, "Bearer ", "Bearer forged.to.ken", "Basic YTpi", "Bearer"])
def test_nobody_gets_in_without_a_token(
    api: TestClient, system: System, request_: Any, header: str | None
) -> None:
    before = len(system.repository.changes(0, 100_000))
    refused = send(api, request_, {"Authorization": header} if header else {})
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"
    assert "Lindqvist" not in refused.text
    assert len(system.repository.changes(0, 100_000)) == before


@pytest.mark.parametrize("method, path", OPEN)
def test_state_and_capabilities_are_told_to_anyone(api: TestClient, method: str, path: str) -> None:
    answer = api.request(method, path)
    assert answer.status_code == 200
    assert "Lindqvist" not in answer.text


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("request_", READS, ids=lambda r: f"{r[0]} {r[1][:40]}")
def test_every_role_reads_and_searches(api: TestClient, bearer: Any, role: str, request_: Any) -> None:
    assert send(api, request_, bearer(role)).status_code == 200


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("request_", WRITES, ids=lambda r: f"{r[0]} {r[1][:40]}")
def test_all_but_read_only_write(
    api: TestClient, system: System, bearer: Any, role: str, request_: Any
) -> None:
    before = len(system.repository.changes(0, 100_000))
    answer = send(api, request_, bearer(role))
    if role == "read-only":
        assert answer.status_code == 403
        assert len(system.repository.changes(0, 100_000)) == before
    else:
        assert answer.status_code in (200, 201)


def test_a_batch_of_a_reader_reads_and_does_not_write(api: TestClient, bearer: Any) -> None:
    entries = [{"request": {"method": "GET", "url": "Patient/p1"}}, {"request": {"method": "DELETE", "url": "Patient/role-1"}},
               {"request": {"method": "POST", "url": "Patient"}, "resource": patient("x")}]  # fmt: skip
    answer = api.post(BASE, json={**BATCH, "entry": entries}, headers=bearer("read-only")).json()
    assert [e["response"]["status"] for e in answer["entry"]] == ["200", "403", "403"]


@pytest.mark.parametrize("kind", sorted(ADMINISTRATIVE))
def test_administrative_types_are_written_by_administrators_only(
    api: TestClient, system: System, bearer: Any, kind: str
) -> None:
    resource = {"resourceType": kind, "id": f"adm-{kind}"}
    if kind == "Subscription":
        resource |= {"status": "off", "reason": "x", "criteria": "Patient", "channel": {"type": "rest-hook"}}  # type: ignore[dict-item]
    url = f"{BASE}/{kind}/{resource['id']}"
    assert api.put(url, json=resource, headers=bearer("administrator")).status_code == 201
    entry = {"request": {"method": "PUT", "url": f"{kind}/{resource['id']}"}, "resource": resource}
    for role in ("clinician", "approver", "read-only"):
        headers = bearer(role)
        for refused in (
            api.put(url, json={**resource, "meta": {"tag": [{"code": "mine"}]}}, headers=headers),
            api.post(f"{BASE}/{kind}", json=resource, headers=headers),
            api.patch(url, json=[{"op": "add", "path": "/description", "value": "mine"}], headers=headers),
            api.delete(url, headers=headers),
            api.post(BASE, json={**BATCH, "type": "transaction", "entry": [entry]}, headers=headers),
        ):
            assert refused.status_code == 403, (role, refused.request.method, refused.text)
    assert len(system.repository.history(kind, resource["id"])) == 1


def test_a_role_that_changes_or_ends_counts_at_once(api: TestClient, system: System) -> None:
    who = system.accounts.add_user("leaving@clinic.test", "a long password", "administrator")
    headers = {"Authorization": f"Bearer {system.accounts.access_token(who)}"}
    assert api.get(f"{BASE}/Patient/p1", headers=headers).status_code == 200
    with system.database.write() as connection:
        connection.execute("UPDATE account SET role='read-only' WHERE id=?", (who.id,))
    assert api.delete(f"{BASE}/Patient/role-1", headers=headers).status_code == 403
    system.accounts.disable("leaving@clinic.test")
    assert api.get(f"{BASE}/Patient/p1", headers=headers).status_code == 401
