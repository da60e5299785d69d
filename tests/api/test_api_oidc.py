"""Sign-in by an identity provider, over real HTTP: the whole way there and back, and each way of getting it wrong."""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from starlette.testclient import TestClient

from services.accounts.oidc import Provider
from services.runtime.system import System
from tests.api.identity import CLIENT, SECRET, Identity, identity

WHO = "clinician@clinic.test"


@pytest.fixture(scope="module")
def clinic() -> Iterator[Identity]:
    with identity() as running:
        yield running


@pytest.fixture
def browser(api: TestClient, system: System, clinic: Identity, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    clinic.broken = False
    monkeypatch.setattr(system.accounts, "provider", Provider(clinic.issuer, CLIENT, SECRET))
    api.cookies.clear()
    yield api
    api.cookies.clear()


def begin(browser: TestClient, to: str = "/patients?q=marsh") -> dict[str, str]:
    answer = browser.get("/auth/oidc", params={"to": to}, follow_redirects=False)
    assert answer.status_code == 303
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def back(browser: TestClient, code: str, state: str):
    return browser.get("/auth/oidc/callback", params={"code": code, "state": state}, follow_redirects=False)


def test_there_and_back(browser: TestClient, system: System, clinic: Identity) -> None:
    asked = begin(browser)
    assert asked["code_challenge_method"] == "S256" and "openid" in asked["scope"]
    answer = back(browser, clinic.consent(asked, email=WHO.upper(), email_verified=True), asked["state"])
    assert answer.status_code == 200 and "0;url=/patients?q=marsh" in answer.text
    kept = answer.headers.get_list("set-cookie")
    session = next(c for c in kept if c.startswith("fabric_session="))
    assert "HttpOnly" in session and "samesite=strict" in session.lower()
    assert system.accounts.check_session(session.partition("=")[2].partition(";")[0]).email == WHO
    again = back(browser, clinic.consent(asked, email=WHO), asked["state"])
    assert again.status_code == 401  # what was kept for this sign-in is used up


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"email": "stranger@elsewhere.test"}, "There is no account for stranger@elsewhere.test here"),
        ({"email": WHO, "email_verified": False}, "has not verified"),
        ({"preferred_username": WHO}, "did not tell your e-mail address"),
        ({"email": WHO, "aud": "another client"}, "not valid here"),
        ({"email": WHO, "iss": "https://elsewhere.test"}, "not valid here"),
        ({"email": WHO, "exp": int(time.time()) - 3600}, "expired"),
        ({"email": WHO, "nonce": "of another sign-in"}, "begun somewhere else"),
    ],
)
def test_who_is_refused(browser: TestClient, clinic: Identity, claims: dict, words: str) -> None:
    asked = begin(browser)
    answer = back(browser, clinic.consent(asked, **claims), asked["state"])
    assert answer.status_code == 401 and words in answer.text
    assert "fabric_session" not in answer.headers.get("set-cookie", "")


def test_a_code_that_another_browser_brings(browser: TestClient, clinic: Identity) -> None:
    asked = begin(browser)
    code = clinic.consent(asked, email=WHO)
    assert back(browser, code, "another state").status_code == 401
    browser.cookies.clear()
    assert back(browser, code, asked["state"]).status_code == 401


def test_the_provider_says_no_or_nothing(browser: TestClient, clinic: Identity) -> None:
    asked = begin(browser)
    refused = browser.get("/auth/oidc/callback", params={"error": "access_denied", "state": asked["state"]})
    assert refused.status_code == 401 and "refused the sign-in" in refused.text
    asked = begin(browser)
    clinic.broken = True
    away = back(browser, clinic.consent(asked, email=WHO), asked["state"])
    assert away.status_code == 503 and "sign in with a password" in away.text


@pytest.mark.parametrize("to", ["https://evil.test/", "//evil.test", "/\\evil.test", "/auth/oidc", "javascript:alert(1)", "/a\nb"])
def test_it_leads_back_to_this_console_only(browser: TestClient, clinic: Identity, to: str) -> None:
    asked = begin(browser, to)
    answer = back(browser, clinic.consent(asked, email=WHO), asked["state"])
    assert 'content="0;url=/">' in answer.text


def test_an_access_token_of_the_provider(browser: TestClient, clinic: Identity) -> None:
    def status(token: str) -> int:
        return browser.get("/fhir/R4/Patient/p1", headers={"Authorization": f"Bearer {token}"}).status_code

    assert status(clinic.token(email=WHO)) == 200
    assert status(clinic.token(email="stranger@elsewhere.test")) == 401
    assert status(clinic.token(email=WHO, aud="another client")) == 401
    assert status(clinic.token(key=rsa.generate_private_key(public_exponent=65537, key_size=2048), email=WHO)) == 401
    header, claims, _ = clinic.token(email=WHO).split(".")
    assert status(f"{header}.{claims}.") == 401


def test_without_a_provider(api: TestClient) -> None:
    assert "no identity provider" in api.get("/auth/oidc").text


def test_a_provider_that_is_not_there(api: TestClient, system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system.accounts, "provider", Provider("http://127.0.0.1:9", CLIENT, SECRET))
    answer = api.get("/auth/oidc", follow_redirects=False)
    assert answer.status_code == 503 and "does not answer" in answer.text
