"""What Medplum's clients count on beside FHIR: extended metadata, Binaries, outcomes' ids, claims of tokens."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import jwt
import pytest
from starlette.testclient import TestClient

from services.runtime.bots import create_bot, deploy
from services.runtime.system import System
from tests.conftest import PASSWORD, observation, patient

BASE = "/fhir/R4"
EXTENDED = {"X-Medplum": "extended"}
Headers = dict[str, str]


def author(system: System, role: str) -> str:
    return system.accounts.check_password(f"{role}@clinic.test", PASSWORD).reference


def test_extended_metadata_is_told_when_it_is_asked_for(
    api: TestClient, admin: Headers, bearer: Any, system: System
) -> None:
    url, project = f"{BASE}/Observation/ext-1", system.directory.project().id
    api.put(url, json=observation("ext-1"), headers=admin)
    sent = observation("ext-1", issued="2024-01-01T00:00:00Z")
    first = api.get(url, headers=admin).json()["meta"]["versionId"]
    changed = api.put(url, json=sent, headers={**bearer("clinician"), **EXTENDED}).json()
    assert changed["meta"]["author"] == {"reference": author(system, "clinician")}
    assert changed["meta"]["project"] == project
    assert {"reference": "Patient/p1"} in changed["meta"]["compartment"]
    versions = api.get(f"{url}/_history", headers={**admin, **EXTENDED}).json()["entry"]
    assert [v["resource"]["meta"]["author"]["reference"] for v in versions] == [
        author(system, "clinician"),
        author(system, "administrator"),
    ]
    old = api.get(f"{url}/_history/{first}", headers={**admin, **EXTENDED}).json()
    assert old["meta"]["author"] == {"reference": author(system, "administrator")}
    for address in (f"{BASE}/Observation?_id=ext-1", f"{BASE}/Observation?_id=ext-1&_elements=status"):
        found = api.get(address, headers={**admin, **EXTENDED}).json()["entry"][0]["resource"]
        assert found["meta"]["author"] == {"reference": author(system, "clinician")}
    everything = api.get(f"{BASE}/Patient/p1/$everything", headers={**admin, **EXTENDED}).json()["entry"]
    assert all(e["resource"]["meta"]["project"] == project for e in everything)
    assert {"author", "project", "compartment"}.isdisjoint(api.get(url, headers=admin).json()["meta"])


def test_what_was_told_may_be_sent_back_and_changes_nothing(
    api: TestClient, admin: Headers, system: System
) -> None:
    url = f"{BASE}/Patient/ext-2"
    api.put(url, json=patient("ext-2"), headers=admin)
    told = api.get(url, headers={**admin, **EXTENDED}).json()
    forged = {**told, "meta": {**told["meta"], "author": {"reference": "Practitioner/other"}, "project": "x"}}
    for sent in (told, forged):
        answer = api.put(url, json=sent, headers={**admin, **EXTENDED})
        assert (answer.status_code, answer.json()["meta"]) == (200, told["meta"])
    assert b"author" not in (system.repository.read("Patient", "ext-2").body or b"")


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        ("application/json", b'{"a": [1, 2]}'),
        ("application/fhir+json", b'{"resourceType": "Patient"}'),
        ("application/json", b"{broken"),
        ("text/plain; charset=utf-8", "é".encode()),
        ("text/xml", b"<a/>"),
        ("application/dicom", bytes(range(256))),
        ("image/png", b""),
    ],
)
def test_any_content_is_kept_as_it_came(
    api: TestClient, admin: Headers, content_type: str, content: bytes
) -> None:
    headers = {**admin, "Content-Type": content_type}
    made = api.post(f"{BASE}/Binary?_filename=x.bin", content=content, headers=headers)
    assert made.status_code == 201
    told = made.json()
    assert (told["contentType"], told["url"]) == (content_type, f"Binary/{told['id']}")
    assert "data" not in told
    read = api.get(f"{BASE}/{told['url']}", headers=admin)
    assert (read.content, read.headers["content-type"]) == (content, content_type)
    replaced = api.put(f"{BASE}/{told['url']}", content=b"new", headers=headers)
    assert replaced.status_code == 200
    assert api.get(f"{BASE}/{told['url']}", headers=admin).content == b"new"


def test_a_binary_resource_is_stored_as_one_and_may_be_sent_back(api: TestClient, admin: Headers) -> None:
    sent = {"resourceType": "Binary", "contentType": "text/plain", "data": base64.b64encode(b"hi").decode()}
    told = api.post(f"{BASE}/Binary", json=sent, headers=admin).json()
    assert told["data"] == sent["data"]
    again = api.put(f"{BASE}/Binary/{told['id']}", json=told, headers=admin).json()
    assert again["meta"]["versionId"] == told["meta"]["versionId"]
    assert api.get(f"{BASE}/Binary/{told['id']}", headers=admin).content == b"hi"


def test_a_binary_is_seen_by_those_who_see_its_context(
    api: TestClient, admin: Headers, bearer: Any, system: System
) -> None:
    system.repository.update({"resourceType": "AccessPolicy", "id": "secret"}, create_missing=True)
    headers = {**admin, "Content-Type": "text/plain", "X-Security-Context": "AccessPolicy/secret"}
    told = api.post(f"{BASE}/Binary", content=b"secret", headers=headers).json()
    assert told["securityContext"] == {"reference": "AccessPolicy/secret"}
    url, clinician = f"{BASE}/{told['url']}", bearer("clinician")
    assert api.get(url, headers=admin).content == b"secret"
    entry = {"request": {"method": "GET", "url": told["url"]}}
    batch = {"resourceType": "Bundle", "type": "batch", "entry": [entry]}
    assert api.post(BASE, json=batch, headers=clinician).json()["entry"][0]["response"]["status"] == "404"
    for address in (url, f"{url}/_history", f"{url}/_history/{told['meta']['versionId']}"):
        assert api.get(address, headers=clinician).status_code == 404
    assert api.put(url, content=b"x", headers={**clinician, "Content-Type": "text/plain"}).status_code == 404
    assert api.delete(url, headers=clinician).status_code == 404
    for wrong in ("Patient/nobody", "x", "AccessPolicy/secret"):
        refused = api.post(
            f"{BASE}/Binary", content=b"x", headers={**clinician, "Content-Type": "text/plain", "X-Security-Context": wrong}
        )  # fmt: skip
        assert refused.status_code == 400


def test_a_bots_binary_is_kept_like_anybodys(api: TestClient, admin: Headers, system: System) -> None:
    who = system.accounts.check_password("administrator@clinic.test", PASSWORD)
    bot = create_bot(system, who, "keeps")
    code = """def handler(medplum, event):
    return medplum.create_binary({"data": '{"a": 1}', "contentType": "application/json",
                                  "securityContext": {"reference": event.input["context"]}})
"""
    deploy(system, who, bot.id, code, "keeps.py")
    url = f"{BASE}/Bot/{bot.id}/$execute"
    told = api.post(url, json={"context": "Patient/p1"}, headers=admin).json()
    assert told["securityContext"] == {"reference": "Patient/p1"}
    read = api.get(f"{BASE}/{told['url']}", headers=admin)
    assert (read.content, read.headers["content-type"]) == (b'{"a": 1}', "application/json")
    assert api.post(url, json={"context": "Patient/nobody"}, headers=admin).status_code == 400


def test_a_context_that_leads_to_itself_shows_nothing(
    api: TestClient, admin: Headers, system: System
) -> None:
    for reference in ("Binary/loop", "http://localhost/fhir/R4/Binary/loop"):
        looped = {
            "resourceType": "Binary",
            "id": "loop",
            "contentType": "text/plain",
            "securityContext": {"reference": reference},
        }
        system.repository.update(looped, create_missing=True)
        assert api.get(f"{BASE}/Binary/loop", headers=admin).status_code == 404


@pytest.mark.parametrize(
    ("address", "status", "name"),
    [
        ("Patient/nobody", 404, "not-found"),
        ("Patient/gone-2", 410, "gone"),
        ("User", 403, "forbidden"),
    ],
)
def test_outcomes_have_the_ids_that_clients_tell_them_by(
    api: TestClient, admin: Headers, bearer: Any, address: str, status: int, name: str
) -> None:
    api.put(f"{BASE}/Patient/gone-2", json=patient("gone-2"), headers=admin)
    deleted = api.delete(f"{BASE}/Patient/gone-2", headers=admin)
    assert (deleted.status_code, deleted.json()["id"]) == (200, "ok")
    answer = api.get(f"{BASE}/{address}", headers=bearer("clinician"))
    assert (answer.status_code, answer.json()["id"]) == (status, name)
    assert api.get(f"{BASE}/{address}").json()["id"] == "unauthorized"


def test_conditional_patch_and_delete_change_the_one_that_fits(api: TestClient, admin: Headers) -> None:
    def sent(mark: str) -> Any:
        return {"resourceType": "Patient", "identifier": [{"system": "urn:mrn", "value": mark}]}

    operations = [{"op": "add", "path": "/active", "value": True}]
    url = f"{BASE}/Patient?identifier=urn:mrn|only"
    assert api.patch(url, json=operations, headers=admin).status_code == 404
    assert api.delete(url, headers=admin).status_code == 200
    made = api.post(f"{BASE}/Patient", json=sent("only"), headers=admin).json()
    assert api.patch(url, json=operations, headers=admin).json()["active"] is True
    entries = [{"request": {"method": "PATCH", "url": "Patient?identifier=urn:mrn|only"}, "resource": operations},
               {"request": {"method": "DELETE", "url": "Patient?identifier=urn:mrn|only"}}]  # fmt: skip
    batch = api.post(BASE, json={"resourceType": "Bundle", "type": "batch", "entry": entries}, headers=admin)
    assert [e["response"]["status"] for e in batch.json()["entry"]] == ["200", "200"]
    assert api.get(f"{BASE}/Patient/{made['id']}", headers=admin).status_code == 410
    for _ in range(2):
        api.post(f"{BASE}/Patient", json=sent("only"), headers=admin)
    assert api.patch(url, json=operations, headers=admin).status_code == 412
    assert api.delete(url, headers=admin).status_code == 412
    assert api.delete(f"{BASE}/Patient?_count=1", headers=admin).status_code == 400


def test_a_batch_reads_histories_and_whole_charts(api: TestClient, admin: Headers) -> None:
    entries = [{"request": {"method": "GET", "url": url}} for url in
               ("Patient/p1/_history", "Patient/p1/$everything?_type=Condition", "Patient/nobody/$everything", "Patient/p1/$summary")]  # fmt: skip
    batch = api.post(BASE, json={"resourceType": "Bundle", "type": "batch", "entry": entries}, headers=admin)
    found = batch.json()["entry"]
    assert [e["response"]["status"] for e in found] == ["200", "200", "404", "400"]
    assert found[0]["resource"]["type"] == "history"
    assert {e["resource"]["resourceType"] for e in found[1]["resource"]["entry"]} == {"Condition"}


@pytest.mark.parametrize(
    "query", ["_count=0", "_summary=count", "_count=0&_total=none", "_count=0&_totalMethod=count"]
)
def test_no_entries_asked_for_means_that_they_are_counted(
    api: TestClient, admin: Headers, query: str
) -> None:
    found = api.get(f"{BASE}/Condition?{query}&_id=c1,c2", headers=admin).json()
    assert (found["total"], found["entry"]) == (2, [])


# Sign-in


def signed_in(api: TestClient, more: Any, **form: str) -> Any:
    sent = {"email": "clinician@clinic.test", "password": PASSWORD, **more}
    login = api.post("/auth/login", json=sent).json()
    granted = api.post(
        "/oauth2/token", data={"grant_type": "authorization_code", "code": login["code"], **form}
    )
    return login, granted


def claims(granted: Any) -> Any:
    return jwt.decode(granted.json()["access_token"], options={"verify_signature": False})


def test_tokens_have_the_claims_that_clients_check(api: TestClient, system: System) -> None:
    client, secret = system.accounts.add_client("claims", "read-only")
    login, granted = signed_in(api, {})
    assert claims(granted)["login_id"] == login["login"]
    assert "client_id" not in claims(granted)
    assert granted.json()["project"]["reference"] == f"Project/{system.directory.project().id}"
    login, granted = signed_in(api, {"clientId": client.id, "remember": True}, client_id=client.id)
    assert claims(granted)["client_id"] == client.id
    form = {
        "grant_type": "refresh_token",
        "refresh_token": granted.json()["refresh_token"],
        "client_id": client.id,
    }
    renewed = api.post("/oauth2/token", data=form)
    assert (claims(renewed)["client_id"], claims(renewed)["login_id"]) == (client.id, login["login"])
    form = {"grant_type": "client_credentials", "client_id": client.id, "client_secret": secret}
    assert claims(api.post("/oauth2/token", data=form))["client_id"] == client.id


def test_a_code_and_a_refresh_token_are_their_clients(api: TestClient, system: System) -> None:
    one, _ = system.accounts.add_client("one", "read-only")
    two, _ = system.accounts.add_client("two", "read-only")
    assert signed_in(api, {"clientId": one.id}, client_id=two.id)[1].json()["error"] == "invalid_grant"
    _, granted = signed_in(api, {"clientId": one.id, "remember": True})
    form = {
        "grant_type": "refresh_token",
        "refresh_token": granted.json()["refresh_token"],
        "client_id": two.id,
    }
    assert api.post("/oauth2/token", data=form).json()["error"] == "invalid_grant"
    system.accounts.disable(one.id)
    for unknown in (one.id, "nobody", system.accounts.list()[0]["id"]):
        sent = {"email": "clinician@clinic.test", "password": PASSWORD, "clientId": unknown}
        refused = api.post("/auth/login", json=sent)
        assert (refused.status_code, "clientId" in refused.text) == (400, True)


def test_signing_out_ends_what_would_renew_the_token(api: TestClient) -> None:
    _, granted = signed_in(api, {"remember": True})
    headers = {"Authorization": f"Bearer {granted.json()['access_token']}"}
    assert api.post("/oauth2/logout", headers=headers).status_code == 200
    form = {"grant_type": "refresh_token", "refresh_token": granted.json()["refresh_token"]}
    assert api.post("/oauth2/token", data=form).json()["error"] == "invalid_grant"


def test_me_is_told_in_medplums_shape(api: TestClient, system: System) -> None:
    who = system.accounts.add_user("me@clinic.test", PASSWORD, "clinician", "Mia Me")
    headers = {"Authorization": f"Bearer {system.accounts.access_token(who)}"}
    project = system.directory.project()
    system.repository.update({**project.resource, "secret": [{"name": "key", "valueString": "hush"}]})
    told = api.get("/auth/me", headers=headers)
    assert "hush" not in told.text
    body = told.json()
    assert (body["user"]["email"], body["role"]) == ("me@clinic.test", "clinician")
    assert body["project"] == {k: project.resource[k] for k in ("resourceType", "id", "name")}
    assert body["membership"]["admin"] is False
    assert body["membership"]["profile"]["reference"] == who.reference
    assert (body["profile"]["resourceType"], body["profile"]["id"]) == ("Practitioner", who.id)
    assert body["config"]["resourceType"] == "UserConfiguration"
    assert "accessPolicy" not in body
    for name, kind in (("a", "Patient"), ("b", "Condition")):
        policy = {"resourceType": "AccessPolicy", "id": f"me-{name}", "resource": [{"resourceType": kind}]}
        system.repository.update(policy, create_missing=True)
    access = [{"policy": {"reference": f"AccessPolicy/me-{name}"}} for name in "ab"]
    system.repository.update({**body["membership"], "access": access})
    policy = api.get("/auth/me", headers=headers).json()["accessPolicy"]
    assert [entry["resourceType"] for entry in policy["resource"]] == ["Patient", "Condition"]


def test_a_client_learns_where_to_get_a_token(api: TestClient) -> None:
    for address in ("/.well-known/smart-configuration", f"{BASE}/.well-known/smart-configuration"):
        told = api.get(address).json()
        assert told["token_endpoint"] == "http://localhost:8103/oauth2/token"
        assert "S256" in told["code_challenge_methods_supported"]


def test_a_challenge_in_s256_is_proven_by_its_verifier_only(api: TestClient) -> None:
    hashed = base64.urlsafe_b64encode(hashlib.sha256(b"v").digest()).decode().rstrip("=")
    asked = {"codeChallenge": hashed, "codeChallengeMethod": "S256"}
    assert signed_in(api, asked, code_verifier="v")[1].status_code == 200
    assert signed_in(api, asked, code_verifier=hashed)[1].status_code == 400
