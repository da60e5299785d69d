"""An approver works off the queue: review, edit, a double click, a colleague who is faster; and axe on it all."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Console, Somebody, settled, sign_in
from tests.journeys.test_journey_accessibility import violations

pytestmark = pytest.mark.browser


def open_queue(page: Page, console: Console, address: str = "/approvals") -> None:
    sign_in(page, console, address, "Approver")
    expect(page.get_by_role("heading", level=1)).to_have_text("Approvals")


def waiting(page: Page) -> int:
    tab = page.get_by_role("navigation", name="State").get_by_role("link", name=re.compile("Waiting"))
    return int(tab.inner_text().split()[-1].replace(",", ""))


def test_the_queue_is_worked_off(console: Console, page: Page, somebody: Somebody) -> None:
    open_queue(page, console)
    expect(page.get_by_role("table", name="Proposals")).to_be_visible()
    before = waiting(page)
    first = page.get_by_role("table", name="Proposals").get_by_role("link").first
    expect(first).to_contain_text("Flag a result (critical)")  # what is urgent comes first
    first.click()
    expect(page.get_by_role("region", name="Patient")).to_contain_text("OKONKWO")
    expect(page.locator(".fb-evidence mark").first).to_contain_text("6.7")
    address = page.url

    # A colleague has the same one open, and is slower.
    colleague = somebody()
    sign_in(colleague, console, address.removeprefix(console.url), "Administrator")
    expect(colleague.get_by_role("button", name="Approve", exact=True)).to_be_enabled()

    page.get_by_role("button", name="Approve", exact=True).dblclick()
    expect(page.get_by_text("Approved and written")).to_be_visible()
    expect(page).not_to_have_url(address)  # the next one follows
    expect(page.get_by_text("decided already")).to_have_count(0)

    colleague.get_by_role("button", name="Approve", exact=True).click()
    expect(colleague.get_by_text(re.compile("changed meanwhile|decided already")).first).to_be_visible()

    expect(page.get_by_role("region", name="Patient")).not_to_contain_text("OKONKWO")
    page.get_by_role("link", name="All proposals").click()
    expect(page.get_by_role("table", name="Proposals")).to_be_visible()
    settled(page)
    assert waiting(page) == before - 1
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_an_edit_and_a_rejection(console: Console, page: Page) -> None:
    open_queue(page, console)
    page.get_by_role("link", name=re.compile("Referral to Nephrology")).click()
    expect(page.get_by_role("heading", name="Evidence")).to_be_visible()
    settled(page)
    page.get_by_text("Edit before approving").click()
    question = page.get_by_role("textbox", name="Question")
    question.fill("Planning of kidney replacement.")
    question.press("Control+Enter")
    expect(page.locator(".fb-edit ins, .fb-edit del").first).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Approve with the edits").click()
    expect(page.get_by_text("Approved and written: Referral")).to_be_visible()
    page.goto(f"{console.url}/approvals?kind=CreateEncounterNoteDraft")
    page.get_by_role("link", name=re.compile("Draft of a progress note")).click()
    settled(page)
    page.get_by_role("button", name="Reject", exact=True).click()
    page.get_by_role("combobox", name=re.compile("Why")).click()
    page.get_by_role("option", name="Already done or no longer needed").click()
    expect(page.get_by_role("button", name="Reject it")).to_be_enabled()
    settled(page)
    page.get_by_role("button", name="Reject it").click()
    expect(page.get_by_text("Rejected: Draft of a progress note")).to_be_visible()
    page.goto(f"{console.url}/approvals?state=rejected")
    expect(page.get_by_role("link", name="Draft of a progress note")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe(console: Console, somebody: Somebody, scheme: str) -> None:
    page = somebody(scheme=scheme)
    sign_in(page, console, "/approvals?kind=SuggestMedicationChange", "Administrator")
    expect(page.get_by_role("table", name="Proposals")).to_be_visible()
    found = violations(page)
    page.get_by_role("table", name="Proposals").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Evidence")).to_be_visible()
    assert page.get_by_role("heading", level=1).count() == 1
    found += violations(page)
    page.get_by_text("Edit before approving").click()
    expect(page.get_by_role("textbox", name="Dosage")).to_be_visible()
    found += violations(page)
    page.goto(f"{console.url}/safety")
    expect(page.get_by_role("table", name="Safety rules")).to_be_visible()
    found += violations(page)
    assert found == []
