"""An administrator's bot from nothing to the timeline, and what goes wrong on the way there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from services.accounts.service import DEMO_ACCOUNTS
from services.runtime.registry import BUILT_IN
from tests.journeys.conftest import Console, Somebody, settled, sign_in
from tests.journeys.test_journey_accessibility import violations

pytestmark = pytest.mark.browser

CODE = """def handler(medplum, event):
    patient = event.input
    print("Welcome", patient["name"][0]["family"])
    return {"greeted": patient["id"]}
"""


def token(page: Page, console: Console) -> str:
    """An access token of the demo administrator."""
    email, password, *_ = DEMO_ACCOUNTS[0]
    sent = {
        "email": email,
        "password": password,
        "scope": "openid",
        "codeChallenge": "c",
        "codeChallengeMethod": "plain",
    }
    code = page.request.post(f"{console.url}/auth/login", data=sent).json()["code"]
    form = {"grant_type": "authorization_code", "code": code, "code_verifier": "c"}
    return page.request.post(f"{console.url}/oauth2/token", form=form).json()["access_token"]


def make_bot(page: Page, name: str, language: str = "Python") -> None:
    page.get_by_role("button", name="New bot").click()
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    page.get_by_text(language, exact=True).click()
    page.get_by_role("button", name="Make the bot").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def delete_it(page: Page) -> None:
    """The subscription that is open."""
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_text("is deleted")).to_be_visible()


def to_subscriptions(page: Page) -> None:
    page.get_by_text("Administration", exact=True).click()
    page.get_by_role("menuitem", name="Subscriptions").click()


def tab(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("link", name=name, exact=True)).to_have_attribute("aria-current", "page")


def test_from_a_new_bot_to_its_timeline(console: Console, page: Page) -> None:
    sign_in(page, console, "/bots", role="Administrator")
    make_bot(page, "Welcomer")
    code = page.get_by_role("textbox", name="Code in Python")
    code.fill(CODE)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. It runs once it is deployed.")).to_be_visible()
    expect(page.get_by_text("Nothing is deployed:")).to_be_visible()
    page.get_by_role("button", name="Deploy", exact=True).click()
    expect(page.get_by_text("Deployed: this code runs from now on.")).to_be_visible()
    page.get_by_role("textbox", name="Sample from the record").fill("Patient")
    page.get_by_role("button", name="Fill in").click()
    expect(page.get_by_role("textbox", name="Input", exact=True)).to_have_value(re.compile('"id": '))
    page.get_by_role("button", name="Execute").click()
    expect(page.get_by_role("region", name="Answer")).to_contain_text('"greeted"')
    expect(page.get_by_role("region", name="Log")).to_contain_text("Welcome")
    address = page.url

    to_subscriptions(page)
    page.get_by_role("button", name="New subscription").click()
    page.get_by_role("textbox", name="Criteria").fill("Patient")
    page.get_by_role("combobox", name="Whom to tell").click()
    page.get_by_role("option", name="Bot: Welcomer").click()
    page.get_by_role("button", name="Make the subscription").click()
    expect(page.get_by_text("It is on: changes from now on are told.")).to_be_visible()

    headers = {"Authorization": f"Bearer {token(page, console)}"}
    patient = {"resourceType": "Patient", "name": [{"family": "Zamboanga", "given": ["Lia"]}]}
    made = page.request.post(f"{console.url}/fhir/R4/Patient", data=patient, headers=headers).json()["id"]
    told = page.get_by_role("listitem").filter(has_text="Welcome Zamboanga")
    for _ in range(100):  # the queue is worked in the background
        page.get_by_role("button", name="Refresh").click()
        settled(page)
        if told.count():
            break
    expect(told).to_contain_text("OK")
    expect(told).to_contain_text(f"Patient/{made}")
    expect(told).to_contain_text("asked for by Demo Administrator")

    page.goto(address.replace("tab=editor", "tab=timeline"))
    told = page.get_by_role("listitem").filter(has_text="Welcome Zamboanga")
    told.get_by_role("link", name="AuditEvent").click()
    expect(page.get_by_role("region", name="AuditEvent as FHIR JSON")).to_contain_text(f"Patient/{made}")
    page.go_back()
    expect(page.get_by_role("region", name="AuditEvent as FHIR JSON")).to_have_count(0)
    expect(page.get_by_role("heading", name="Welcomer")).to_be_visible()
    tab(page, "Versions")
    expect(page.get_by_role("cell", name="Deployed")).to_have_count(1)
    page.get_by_role("link", name="All bots").click()
    expect(page.get_by_role("row", name="Welcomer")).to_contain_text("OK ")
    page.request.delete(f"{console.url}/fhir/R4/Patient/{made}", headers=headers)
    to_subscriptions(page)
    page.get_by_role("link", name="Patient", exact=True).click()
    delete_it(page)


def test_what_goes_wrong_is_said(console: Console, page: Page) -> None:
    sign_in(page, console, "/bots", role="Administrator")
    make_bot(page, "Muddler", "TypeScript")
    code = page.get_by_role("textbox", name="Code in TypeScript")
    code.fill("export async function handler(medplum, event) {\n  const a = ;\n}\n")
    page.get_by_role("button", name="Deploy", exact=True).click()
    expect(page.get_by_text("Saved, but not deployed:")).to_be_visible()
    expect(page.get_by_role("region", name="Around line 2")).to_contain_text("const a = ;")
    page.get_by_role("button", name="Execute").click()
    expect(page.get_by_text("Nothing is deployed yet: press Deploy first.")).to_be_visible()

    code.fill("export async function handler(medplum, event) {")
    code.press("End")
    code.press("Enter")
    code.press_sequentially("return 1;")
    expect(code).to_have_value("export async function handler(medplum, event) {\n  return 1;")
    code.press("End")
    code.press("Enter")
    code.press("Backspace")
    code.press("Backspace")
    code.press_sequentially("}")
    expect(page.locator(".fb-lines")).to_have_text("1 2 3")
    page.get_by_role("button", name="Deploy", exact=True).click()
    expect(page.get_by_text("Deployed: this code runs from now on.")).to_be_visible()
    entry = page.get_by_role("textbox", name="Input", exact=True)
    entry.fill('{"resourceType": ')
    page.get_by_role("button", name="Execute").click()
    expect(page.get_by_text("The input is not JSON: line 1")).to_be_visible()
    expect(entry).to_have_value('{"resourceType": ')

    page.goto(f"{console.url}/bots?bot=nobody&tab=timeline")
    expect(page.get_by_text("There is no Bot with the id nobody.")).to_be_visible()
    page.get_by_role("link", name="All bots").click()
    expect(page.get_by_role("row", name="Muddler")).to_be_visible()
    page.goto(f"{console.url}/subscriptions?subscription=nobody")
    expect(page.get_by_text("There is no Subscription with the id nobody.")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.parametrize("address", ["/bots", "/bots?new=bot", "/subscriptions", "/members"])
def test_a_clinician_is_told_no(console: Console, page: Page, address: str) -> None:
    sign_in(page, console, address)
    expect(page.get_by_text("Your role (clinician) may not use this page.")).to_be_visible()
    expect(page.get_by_role("link", name="Search")).to_be_visible()
    expect(page.get_by_role("link", name="Bots")).to_have_count(0)
    expect(page.get_by_role("link", name="Subscriptions")).to_have_count(0)
    expect(page.get_by_role("table")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_part_can_be_read_by_all(console: Console, somebody: Somebody, scheme: str) -> None:
    page = somebody(1280, 720, scheme)
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        found[name] = violations(page)
        assert page.get_by_role("heading", level=1).count() == 1

    sign_in(page, console, "/bots", role="Administrator")
    expect(page.get_by_role("row").nth(1)).to_be_visible()
    look("bots")
    page.goto(f"{console.url}/members")
    expect(page.get_by_role("table", name="People")).to_be_visible()
    for n, part in enumerate(("Add a person", "Add a program"), start=1):  # opened, each runs by itself
        page.get_by_text(part).click()
        expect(page.get_by_role("button", name="Add", exact=True)).to_have_count(n)
        settled(page)
    look("members")
    page.goto(f"{console.url}/bots")
    make_bot(page, f"Read in {scheme}")
    page.get_by_role("textbox", name="Code in Python").fill(CODE)
    page.get_by_role("button", name="Deploy", exact=True).click()
    expect(page.get_by_text("Deployed: this code")).to_be_visible()
    page.get_by_role("button", name="Execute").click()
    expect(page.get_by_text("Failed after")).to_be_visible()  # the example has no id
    page.get_by_role("textbox", name="Code in Python").fill(CODE + "    x =\n")
    page.get_by_role("button", name="Deploy", exact=True).click()
    expect(page.get_by_text("Saved, but not deployed")).to_be_visible()
    page.get_by_text("From what runs to what is saved").click()
    expect(page.get_by_role("region", name="From what runs to what is saved")).to_be_visible()
    look("editor")
    for name in ("Versions", "Timeline", "Details"):
        tab(page, name)
        look(name)
    tab(page, "Timeline")
    page.get_by_role("link", name="AuditEvent").first.click()
    expect(page.get_by_role("region", name="AuditEvent as FHIR JSON")).to_be_visible()
    look("event")
    page.goto(f"{console.url}/bots?bot={next(iter(BUILT_IN))}")
    expect(page.get_by_text("This bot is part of the console.")).to_be_visible()
    look("built in")
    page.goto(f"{console.url}/subscriptions?new=subscription")
    page.get_by_role("button", name="Make the subscription").click()
    expect(page.get_by_text("Say what to listen to")).to_be_visible()
    look("new subscription")
    page.get_by_role("textbox", name="Criteria").fill("Organization")
    page.get_by_role("combobox", name="Whom to tell").click()
    page.get_by_role("option", name=f"Bot: Read in {scheme}").click()
    page.get_by_role("button", name="Make the subscription").click()
    expect(page.get_by_text("It is on: changes")).to_be_visible()
    look("subscription")
    page.get_by_role("link", name="All subscriptions").click()
    expect(page.get_by_role("row", name="Organization").first).to_be_visible()
    look("subscriptions")
    page.get_by_role("link", name="Organization").click()
    delete_it(page)
    assert not {k: v for k, v in found.items() if v}
