"""Signing in and out: messages, the cookie, two tabs, a session that ends, and a server nobody has visited yet."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.api.identity import CLIENT, SECRET, identity
from tests.journeys.conftest import Console, sign_in, start, stop

pytestmark = pytest.mark.browser


def test_wrong_and_empty_passwords(console: Console, page: Page) -> None:
    page.goto(console.url)
    email, password = page.get_by_label("E-mail"), page.get_by_role("textbox", name="Password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Type your e-mail address and your password.")).to_be_visible()
    email.fill("clinician@example.com")
    password.fill("wrong")
    password.press("Enter")
    expect(page.get_by_text("The e-mail address or the password is wrong.")).to_be_visible()
    expect(email).to_have_value("clinician@example.com")
    password.fill("medplum")
    password.press("Enter")
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


def test_the_session_survives_a_reload_and_ends_with_sign_out(console: Console, page: Page) -> None:
    sign_in(page, console)
    held = next(c for c in page.context.cookies() if c.get("name") == "fabric_session")
    assert held.get("httpOnly") and held.get("sameSite") == "Strict"
    page.reload()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    other = page.context.new_page()
    other.goto(f"{console.url}/search")
    expect(other.get_by_role("heading", name="Search all patients")).to_be_visible()

    page.get_by_role("link", name="Search", exact=True).click()
    expect(page.get_by_role("heading", name="Search all patients")).to_be_visible()
    page.get_by_role("button", name="Dr Demo Clinician").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("E-mail")).to_be_visible()
    expect(page).to_have_url(f"{console.url}/")
    assert not [c for c in page.context.cookies() if c.get("name") == "fabric_session"]
    expect(other.get_by_label("E-mail")).to_be_visible()  # the other tab, which nobody touched
    page.go_back()
    expect(page.get_by_label("E-mail")).to_be_visible()
    expect(page.get_by_role("textbox", name="What are you looking for?")).to_have_count(0)

    page.context.add_cookies([held])  # a stolen cookie opens nothing any more
    page.goto(f"{console.url}/patients")
    expect(page.get_by_text("Your session has ended.")).to_be_visible()
    expect(page.locator(".fb-people")).to_have_count(0)


def test_a_read_only_account_has_no_import(console: Console, page: Page) -> None:
    sign_in(page, console, role="Read-only")
    expect(page.get_by_role("link", name="Search", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Import")).to_have_count(0)
    page.goto(f"{console.url}/import")
    expect(page.get_by_text("Your role (read-only) may not use this page.")).to_be_visible()
    expect(page.get_by_text("Upload")).to_have_count(0)


def test_nothing_is_fetched_from_elsewhere(console: Console, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    sign_in(page, console, "/search?q=pain")
    expect(page.locator(".fb-status").first).to_be_visible()
    outside = [
        u
        for u in asked
        if not u.startswith((console.url, console.url.replace("http", "ws"), "data:", "blob:"))
    ]
    assert not outside
    tried = [u for u in asked if u.endswith("/_stcore/health")]  # the server is looked for where it is, and nowhere else
    assert set(tried) == {f"{console.url}/_stcore/health"}


@pytest.mark.parametrize("stem", ["search", "import_data"])
def test_the_first_visitor_of_a_new_server_sees_only_the_sign_in(fresh: Console, page: Page, stem: str) -> None:
    page.goto(f"{fresh.url}/{stem}?patient=1&q=pain")
    expect(page.get_by_label("E-mail")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_have_count(1)
    expect(page.get_by_role("textbox", name="What are you looking for?")).to_have_count(0)
    expect(page.locator(".fb-people")).to_have_count(0)


def test_signing_in_by_the_clinics_identity_provider(page: Page, tmp_path: Path) -> None:
    with identity() as clinic:
        settings = {"ISSUER": clinic.issuer, "CLIENT_ID": CLIENT, "CLIENT_SECRET": SECRET, "NAME": "Riverside Health"}
        process, started = start(tmp_path, **{f"FABRIC_OIDC_{name}": value for name, value in settings.items()})
        try:
            clinic.claims = {"email": "stranger@elsewhere.test"}
            page.goto(f"{started.url}/patients?q=marsh")
            page.get_by_role("link", name="Sign in with Riverside Health").click()
            expect(page.get_by_text("There is no account for stranger@elsewhere.test here")).to_be_visible()
            page.get_by_role("link", name="Back to the sign-in").click()
            clinic.claims = {"email": "clinician@example.com"}
            page.goto(f"{started.url}/patients?q=marsh")
            page.get_by_role("link", name="Sign in with Riverside Health").click()
            expect(page.get_by_role("link", name="MARSH, Eleanor")).to_be_visible()
            assert page.url == f"{started.url}/patients?q=marsh"
        finally:
            stop(process)


@pytest.fixture
def fresh(tmp_path: Path):
    process, started = start(tmp_path, demo="0")
    yield started
    stop(process)


def test_the_header_is_one_line(console: Console, page: Page) -> None:
    """On a tablet as well: what stands in a second one would lie over the patient's banner."""
    sign_in(page, console, "/")
    header = page.locator(".st-key-fabric-top")
    for width in (1280, 820):
        page.set_viewport_size({"width": width, "height": 800})
        expect(header.get_by_role("button", name="Find")).to_be_visible()
        box = header.bounding_box()
        assert box and box["height"] < 50, width
