"""A note in the browser: drafted, edited, through a reload and a lost connection, signed, closed, with an addendum."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Console, Somebody, settled, sign_in
from tests.journeys.test_journey_accessibility import violations

pytestmark = pytest.mark.browser
KEPT = "Object.keys(localStorage).filter(k => k.startsWith('fabric-draft:')).length"


def begin(page: Page, console: Console, plan: str = "Repeat potassium tomorrow.") -> None:
    """Sign in and make a progress note for the demo cohort's patient with the critical potassium."""
    sign_in(page, console, "/patients")
    find = page.get_by_role("textbox").first
    find.fill("okonkwo")
    find.press("Enter")
    page.get_by_role("link", name=re.compile("OKONKWO")).click()
    page.get_by_role("region", name="Patient").get_by_role("link", name="Drafts").click()
    page.get_by_role("button", name="New draft").click()
    page.get_by_label("Assessment, in your words").fill("Hyperkalemia.")
    page.get_by_label("Plan, in your words").fill(plan)
    page.get_by_role("button", name="Make the draft").click()
    expect(page.get_by_role("heading", name="Progress note", level=1)).to_be_visible()
    settled(page)


def typed(page: Page, text: str) -> None:
    field = page.get_by_role("textbox", name="Text of Plan")
    field.press("Control+End")
    field.press_sequentially(text)


def put(console: Console, note: str) -> int:
    """The status of an attempt to change the note by the API, as a client of a demo account would."""

    def ask(path: str, token: str = "", body: object = None, method: str = "GET", form: str = "") -> tuple[int, dict]:
        kind = "application/x-www-form-urlencoded" if form else "application/fhir+json"
        headers = {"Content-Type": kind, **({"Authorization": f"Bearer {token}"} if token else {})}
        data = form.encode() if form else json.dumps(body).encode() if body else None
        request = urllib.request.Request(f"{console.url}{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, {}

    _, begun = ask("/auth/login", body={"email": "admin@example.com", "password": "medplum", "scope": "openid",
                                        "codeChallenge": "test", "codeChallengeMethod": "plain"}, method="POST")  # fmt: skip
    _, got = ask("/oauth2/token", method="POST", form=f"grant_type=authorization_code&code={begun['code']}&code_verifier=test")
    _, held = ask(f"/fhir/R4/DocumentReference/{note}", got["access_token"])
    assert held["docStatus"] == "final"
    return ask(f"/fhir/R4/DocumentReference/{note}", got["access_token"], {**held, "description": "x"}, "PUT")[0]


def test_a_note_from_draft_to_addendum(console: Console, page: Page) -> None:
    begin(page, console)
    note = page.url.partition("draft=")[2].partition("&")[0]
    plan = page.get_by_role("region", name="Plan")
    plan.get_by_role("button", name="Edit").click()
    typed(page, "\nStop spironolactone.")
    expect(page.locator(".fd-kept")).to_contain_text(re.compile(r"Saved \d\d:\d\d"))
    typed(page, "\nTyped before the reload.")
    page.reload()  # in the middle
    expect(plan).to_contain_text("Typed before the reload.")
    expect(page.locator(".fd-kept")).to_contain_text(re.compile(r"Saved \d\d:\d\d"))
    assert page.evaluate(KEPT) == 0
    if plan.get_by_role("button", name="Edit").count():
        plan.get_by_role("button", name="Edit").click()
    page.context.set_offline(True)
    typed(page, "\nTyped without a connection.")
    expect(page.locator(".fd-kept")).to_contain_text("Not saved – will be sent when the connection is back")
    assert page.evaluate(KEPT) == 1
    page.context.set_offline(False)
    expect(page.locator(".fd-kept")).to_contain_text(re.compile(r"Saved \d\d:\d\d"), timeout=30_000)
    assert page.evaluate(KEPT) == 0
    plan.get_by_role("button", name="Done").click()
    page.get_by_role("region", name="Medications").get_by_role("link").first.click()
    expect(page.get_by_role("region", name="Text of the source")).to_contain_text("tablet")
    page.get_by_role("button", name="Close source").click()
    page.get_by_role("button", name="Sign …").click()
    page.get_by_role("button", name=re.compile("Sign as")).click()
    expect(page.get_by_text(re.compile("Signed by Dr Demo Clinician"))).to_be_visible()
    assert put(console, note) == 403
    page.get_by_role("button", name="Addendum").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Addendum to progress note")
    page.get_by_role("textbox", name="Text of Addendum").fill("The patient was called.")
    expect(page.locator(".fd-kept")).to_contain_text(re.compile(r"Saved \d\d:\d\d"))
    page.get_by_role("button", name="Sign …").click()
    page.get_by_role("button", name=re.compile("Sign as")).click()
    expect(page.get_by_text(re.compile("Signed by Dr Demo Clinician"))).to_be_visible()
    page.evaluate("localStorage.setItem('fabric-draft:of-another-draft', 'text')")
    page.get_by_role("button", name="Dr Demo Clinician").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("E-mail")).to_be_visible()
    settled(page)
    assert page.evaluate(KEPT) == 0  # a patient's text doesn't outlive the session


def test_axe(console: Console, somebody: Somebody) -> None:
    address = ""
    for scheme in ("light", "dark"):
        page = somebody(1280, 720, scheme)
        if address:
            sign_in(page, console, address)
        else:
            begin(page, console, "Potassium was 9.9 mmol/L on the left side.")
        page.get_by_role("region", name="Results").get_by_role("link").first.click()
        expect(page.get_by_role("region", name="Text of the source")).to_be_visible()
        page.get_by_role("region", name="Plan").get_by_role("button", name="Edit").click()
        expect(page.locator(".fd-doubts").get_by_text("left").first).to_be_visible()
        assert page.get_by_role("heading", level=1).count() == 1
        found = violations(page)
        page.get_by_role("button", name="Sign …").click()
        expect(page.get_by_role("dialog")).to_contain_text("can't be signed yet")
        found += violations(page)
        if not address:
            address = page.url.removeprefix(console.url).partition("&")[0]
            page.get_by_role("button", name="Not yet").click()
            page.get_by_role("link", name="All drafts").click()
            expect(page.get_by_role("link", name=re.compile("Progress note")).first).to_be_visible()
            found += violations(page)
        assert found == []
