"""Signing in by HTTP as Medplum's clients do it, and the browser's session."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from starlette.testclient import TestClient

from services.runtime.system import System
from tests.conftest import PASSWORD

EMAIL = "clinician@clinic.test"


def code_of(api: TestClient, **more: Any) -> str:
    answer = api.post("/auth/login", json={"email": EMAIL, "password": PASSWORD, **more})
    assert answer.status_code == 200
    assert answer.json()["login"]
    return answer.json()["code"]


def exchange(api: TestClient, **form: str) -> Any:
    return api.post("/oauth2/token", data=form)


def test_a_code_and_its_verifier_give_a_token_that_names_the_person(api: TestClient) -> None:
    hashed = base64.urlsafe_b64encode(hashlib.sha256(b"verifier").digest()).decode().rstrip("=")
    for challenge, method in (("verifier", "plain"), (hashed, "S256")):
        code = code_of(api, codeChallenge=challenge, codeChallengeMethod=method, scope="openid")
        granted = exchange(api, grant_type="authorization_code", code=code, code_verifier="verifier").json()
        assert (granted["token_type"], granted["expires_in"]) == ("Bearer", 3600)
        assert "refresh_token" not in granted
        headers = {"Authorization": f"Bearer {granted['access_token']}"}
        assert api.get("/auth/me", headers=headers).json()["user"]["email"] == EMAIL
        assert (
            api.get("/oauth2/userinfo", headers=headers).json()["fhirUser"] == granted["profile"]["reference"]
        )
        again = exchange(api, grant_type="authorization_code", code=code, code_verifier="verifier")
        assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize("verifier", [None, "", "other"])
def test_a_wrong_verifier_is_an_invalid_grant(api: TestClient, verifier: str | None) -> None:
    form = {
        "grant_type": "authorization_code",
        "code": code_of(api, codeChallenge="x"),
        "code_verifier": verifier,
    }
    refused = exchange(api, **{k: v for k, v in form.items() if v is not None})
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


def test_clients_sign_in_by_body_and_by_basic(api: TestClient, system: System) -> None:
    client, secret = system.accounts.add_client("feed", "read-only")
    by_body = exchange(api, grant_type="client_credentials", client_id=client.id, client_secret=secret)
    basic = base64.b64encode(f"{client.id}:{secret}".encode()).decode()
    by_basic = api.post(
        "/oauth2/token",
        data={"grant_type": "client_credentials"},
        headers={"Authorization": f"Basic {basic}"},
    )
    for granted in (by_body, by_basic):
        assert granted.status_code == 200
        headers = {"Authorization": f"Bearer {granted.json()['access_token']}"}
        assert api.get("/auth/me", headers=headers).json()["role"] == "read-only"
        assert "refresh_token" not in granted.json()
    for wrong in (exchange(api, grant_type="client_credentials", client_id=client.id, client_secret="no"),
                  exchange(api, grant_type="client_credentials"),
                  *(api.post("/oauth2/token", data={"grant_type": "client_credentials"}, headers={"Authorization": h})
                    for h in ("Basic !!", b"Basic \xe9\xff", "Basic", f"Basic {basic[:-8]}"))):  # fmt: skip
        assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    system.accounts.disable(client.id)
    assert api.get("/auth/me", headers=headers).status_code == 401


@pytest.mark.parametrize("asked", [{"remember": True}, {"scope": "openid offline_access"}])
def test_a_remembered_sign_in_gets_a_refresh_token_that_is_exchanged_each_time(
    api: TestClient, asked: Any
) -> None:
    first = exchange(api, grant_type="authorization_code", code=code_of(api, **asked)).json()["refresh_token"]
    second = exchange(api, grant_type="refresh_token", refresh_token=first).json()
    assert second["refresh_token"] != first
    assert (
        api.get("/auth/me", headers={"Authorization": f"Bearer {second['access_token']}"}).status_code == 200
    )
    again = exchange(api, grant_type="refresh_token", refresh_token=first)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "form",
    [{}, {"grant_type": "password"}, {"grant_type": "authorization_code"}, {"grant_type": "refresh_token"}],
)
def test_other_grants_are_oauth_errors(api: TestClient, form: dict[str, str]) -> None:
    refused = exchange(api, **form)
    assert refused.status_code == 400
    assert refused.json()["error"] in ("unsupported_grant_type", "invalid_grant")


@pytest.mark.parametrize(
    "sent",
    [
        {},
        [],
        "x",
        {"email": EMAIL},
        {"email": EMAIL, "password": 7},
        {"email": EMAIL, "password": PASSWORD, "codeChallengeMethod": "S512"},
    ],
)
def test_sign_in_without_what_it_needs_is_refused(api: TestClient, sent: Any) -> None:
    assert api.post("/auth/login", json=sent).status_code == 400


def test_wrong_password_and_unknown_account_answer_alike(api: TestClient) -> None:
    wrong = api.post("/auth/login", json={"email": EMAIL, "password": "wrong password"})
    unknown = api.post("/auth/login", json={"email": "nobody@clinic.test", "password": "wrong password"})
    assert (wrong.status_code, unknown.status_code) == (400, 400)
    assert wrong.json() == unknown.json()
    assert "wrong" in wrong.json()["issue"][0]["details"]["text"]


def test_signing_out_ends_the_token(api: TestClient) -> None:
    token = exchange(api, grant_type="authorization_code", code=code_of(api)).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert api.post("/oauth2/logout", headers=headers).status_code == 200
    assert api.get("/auth/me", headers=headers).status_code == 401


def test_a_body_too_large_for_signing_in_is_refused(api: TestClient) -> None:
    assert api.post("/auth/login", json={"email": EMAIL, "password": "x" * 100_000}).status_code == 400
    assert api.post("/oauth2/token", data={"grant_type": "x" * 100_000}).status_code == 400


def test_the_browsers_session_is_a_cookie_that_scripts_and_other_sites_cannot_use(
    api: TestClient, system: System
) -> None:
    foreign = api.post("/auth/session", json={"code": code_of(api)}, headers={"Origin": "https://evil.test"})
    assert foreign.status_code == 403
    code = code_of(api)
    opened = api.post("/auth/session", json={"code": code}, headers={"Origin": "http://localhost:8103"})
    cookie = opened.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    held = opened.cookies["fabric_session"]
    assert system.accounts.check_session(held).email == EMAIL
    assert api.post("/auth/session", json={"code": code}).status_code == 401
    assert api.get("/fhir/R4/Patient/p1").status_code == 401, "the API asks for a token, never for the cookie"
    api.delete("/auth/session")
    api.cookies.clear()
    from services.errors import Unauthorized

    with pytest.raises(Unauthorized):
        system.accounts.check_session(held)
