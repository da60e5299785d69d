"""Findings in the browser: from the work list to a patient, dismissed, opened again, proposed; and axe on both."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Console, Somebody, settled, sign_in
from tests.journeys.test_journey_accessibility import violations

pytestmark = pytest.mark.browser


def open_worklist(page: Page, console: Console) -> None:
    sign_in(page, console, "/findings")
    for _ in range(40):  # the analysis of the demo cohort goes on in the background
        if page.get_by_role("link", name=re.compile("Critically high potassium")).count():
            return
        page.wait_for_timeout(1000)
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("Findings")
    raise AssertionError("nothing was found")


def test_a_finding_is_dismissed_and_opened_again(console: Console, page: Page) -> None:
    open_worklist(page, console)
    page.get_by_role("link", name=re.compile("Omeprazole with clopidogrel")).click()
    expect(page.get_by_role("region", name="Patient")).to_contain_text("PAPADOPOULOS")
    card = page.locator('[class*="st-key-finding-"]').filter(has_text="Omeprazole with clopidogrel")
    card.get_by_role("button", name="Dismiss").click()
    page.get_by_role("combobox", name=re.compile("Why")).click()
    page.get_by_role("option", name="The benefit outweighs the risk").click()
    page.get_by_role("button", name="Dismiss it").click()
    expect(page.get_by_text("Omeprazole with clopidogrel: dismissed.")).to_be_visible()
    expect(page.get_by_role("button", name="Open again")).to_be_focused()  # it stays where it was, and so does the reader
    page.keyboard.press("Enter")
    expect(card.get_by_role("button", name="Accept")).to_be_focused()
    card.get_by_role("button", name="Snooze").click()
    page.get_by_role("button", name="1 week").click()
    expect(page.get_by_text("Omeprazole with clopidogrel: snoozed.")).to_be_visible()
    page.reload()
    page.get_by_text(re.compile("Dismissed, snoozed or in hand")).click()
    expect(page.get_by_text(re.compile(r"Snoozed until \d\d-\w{3}-\d{4}"))).to_be_visible()
    page.get_by_role("button", name="Open again").click()
    expect(page.get_by_text("open again.")).to_be_visible()


def test_a_finding_becomes_a_problem_of_the_record(console: Console, page: Page, somebody: Somebody) -> None:
    open_worklist(page, console)
    page.get_by_role("link", name=re.compile("Critically high potassium")).click()
    card = page.locator('[class*="st-key-finding-"]').filter(has_text="Hyperkalemia under a drug")
    settled(page)
    card.get_by_role("button", name="Accept: propose it").dblclick()
    expect(page.get_by_text("It waits in the approval queue")).to_be_visible()
    approver = somebody()
    sign_in(approver, console, "/approvals?kind=ProposeProblemListUpdate", "Approver")
    waiting = approver.get_by_role("table", name="Proposals").get_by_role("link", name=re.compile("Hyperkalemia"))
    expect(waiting).to_have_count(1)  # clicked twice, proposed once
    waiting.click()
    expect(approver.get_by_role("heading", name="Evidence")).to_be_visible()
    settled(approver)
    approver.get_by_role("button", name="Approve", exact=True).click()
    expect(approver.get_by_text("Approved and written")).to_be_visible()
    page.get_by_role("link", name="Overview").click()
    page.get_by_role("link", name=re.compile("^Hyperkalemia")).click()
    source = page.locator(".fb-document")
    expect(source).to_contain_text("potassium 6.7 mmol/L")
    page.get_by_text(re.compile("How it came to be")).click()
    expect(page.locator(".fb-origin")).to_contain_text("Dr Demo Approver")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe(console: Console, somebody: Somebody, scheme: str) -> None:
    page = somebody(scheme=scheme)
    open_worklist(page, console)
    found = violations(page)
    page.get_by_role("link", name=re.compile("Critically high potassium")).click()
    expect(page.get_by_role("heading", name=re.compile("Critical results"))).to_be_visible()
    assert page.get_by_role("heading", level=1).count() == 1
    found += violations(page)
    assert found == []
