"""Coding an encounter in the browser: from the list, by what a code rests on, to a changed set, an approval and the claim;
and axe on both parts of the page."""

from __future__ import annotations

import json
import re
import sqlite3

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Console, Somebody, settled, sign_in
from tests.journeys.test_journey_accessibility import violations

pytestmark = pytest.mark.browser
SLOW = 30_000  # the classification is read at its first use


def open_encounter(page: Page, console: Console, name: str) -> None:
    sign_in(page, console, "/billing")
    page.get_by_role("link", name=re.compile(name)).click(timeout=SLOW)
    expect(page.get_by_role("heading", name="Services", level=2)).to_be_visible(timeout=SLOW)
    settled(page)


def test_an_encounter_is_coded_sent_and_approved(console: Console, page: Page, somebody: Somebody) -> None:
    open_encounter(page, console, "COPD review")
    expect(page.locator(".st-key-billing-documents mark.fb-on")).to_have_count(0)
    page.get_by_role("link", name="R63.4", exact=True).click()
    mark = page.locator(".st-key-billing-documents mark.fb-on").first
    expect(mark).to_contain_text("Weight loss")
    expect(mark).to_be_in_viewport()
    settled(page)
    page.get_by_role("button", name="Remove R25.1").click()
    expect(page.get_by_text("Suggested and left out (1)")).to_be_visible()
    settled(page)
    expect(mark).to_contain_text("Weight loss")  # still what is chosen, now as the server has it
    chosen = page.locator(".fb-code-row a[aria-current]")
    page.get_by_role("link", name="J44.9", exact=True).click()
    expect(chosen).to_have_text("J44.9")
    page.go_back()
    expect(chosen).to_have_text("R63.4")
    expect(mark).to_contain_text("Weight loss")
    settled(page)
    field = page.get_by_role("textbox", name="Add a diagnosis")
    field.press_sequentially("acute lower respiratory obstr", delay=10)
    page.get_by_role("button", name=re.compile("J44.0")).click(timeout=SLOW)
    expect(page.locator(".fb-code-row", has_text="Added by hand")).to_contain_text("J44.0")
    page.reload()  # kept on the server
    expect(page.locator(".fb-code-row", has_text="Added by hand")).to_contain_text("J44.0")
    settled(page)
    if (seen := page.get_by_text(re.compile("I looked at"))).count():
        seen.click()
        settled(page)
    page.get_by_role("button", name=re.compile(r"Send \d+ codes")).dblclick()
    page.get_by_role("link", name="Open the proposal").wait_for()
    address = page.get_by_role("link", name="Open the proposal").get_attribute("href")
    expect(page.get_by_text("wait in the approval queue already")).to_have_count(0)
    other = somebody()
    sign_in(other, console, address or "", "Approver")
    expect(other.get_by_text("added J44.0; left out R25.1")).to_be_visible()
    if (compared := other.get_by_text("I compared it")).count():
        compared.click()
    other.get_by_role("button", name="Approve", exact=True).click()
    expect(other.get_by_text("Approved and written")).to_be_visible()
    page.reload()
    expect(page.get_by_text("This encounter has a claim.")).to_be_visible()
    claim, provenance = written(console, page.url)
    assert [d["diagnosisCodeableConcept"]["coding"][0]["code"] for d in claim["diagnosis"]][-1] == "J44.0" and provenance


def written(console: Console, url: str) -> tuple[dict, int]:
    """The Claim of the encounter in the address, and how many Provenances name it."""
    encounter = re.search(r"encounter=([^&]+)", url)
    connection = sqlite3.connect(console.folder / "data" / "record.sqlite")
    try:
        claims = [json.loads(b) for (b,) in connection.execute("SELECT body FROM resource WHERE type='Claim' AND body IS NOT NULL")]
        mine = [c for c in claims if encounter and f"Encounter/{encounter[1]}" in json.dumps(c)]
        assert len(mine) == 1
        notes = [b for (b,) in connection.execute("SELECT body FROM resource WHERE type='Provenance' AND body IS NOT NULL")]
        return mine[0], sum(f"Claim/{mine[0]['id']}".encode() in bytes(b) if isinstance(b, bytes) else f"Claim/{mine[0]['id']}" in b for b in notes)
    finally:
        connection.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe(console: Console, somebody: Somebody, scheme: str) -> None:
    page = somebody(1280, 720, scheme)
    sign_in(page, console, "/billing")
    expect(page.get_by_role("table", name="Encounters")).to_be_visible(timeout=SLOW)
    found = violations(page)
    page.get_by_role("link", name=re.compile("INR recheck")).click()
    page.get_by_role("link", name="I10", exact=True).click(timeout=SLOW)
    expect(page.locator(".st-key-billing-documents mark.fb-on").first).to_be_visible()
    settled(page)
    page.get_by_role("textbox", name="Add a diagnosis").fill("knee")
    page.get_by_role("textbox", name="Add a diagnosis").press("Enter")
    expect(page.get_by_role("button", name=re.compile("M25.569"))).to_be_visible(timeout=SLOW)
    settled(page)
    assert page.get_by_role("heading", level=1).count() == 1
    found += violations(page)
    assert found == []
