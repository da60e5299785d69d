"""The work of a day without a pointer: Tab, Enter, the arrows and Ctrl+K alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Console, open_finder, settled

pytestmark = pytest.mark.browser
KEYS = 150
"""Presses of Tab after which somebody would give up."""
WAY = """target => {
  const all = [...document.querySelectorAll("a[href], button, input, textarea, summary, [tabindex]")];
  const reached = all.filter((e) => e.tabIndex >= 0 && !e.disabled && e.getClientRects().length);
  const to = reached.findIndex((e) => e === target || target.contains(e));
  return to < reached.indexOf(document.activeElement) ? "Shift+Tab" : "Tab";
}"""
AT = "e => e === document.activeElement || e.contains(document.activeElement)"


SEEN = """target => ({
  disabled: target.disabled ?? null,
  shown: target.getClientRects().length > 0,
  at: document.activeElement.outerHTML.slice(0, 200),
  app: document.querySelector('[data-testid="stApp"]')?.dataset,
  fields: [...document.querySelectorAll("input, textarea")].map((e) => `${e.getAttribute("aria-label")}: ${e.value}`),
})"""


def reach(page: Page, target: Locator) -> None:
    """Go there by Tab alone, and see after each press where one is: an open popover that is tabbed out of is closed to Tab.
    What is disabled while the page answers is waited for, as its reader would, and looked for once more."""
    expect(target).to_be_visible()
    for _ in range(2):
        settled(page)
        expect(target).to_be_enabled()
        key = target.evaluate(WAY)
        for _ in range(KEYS):
            if target.evaluate(AT):
                expect(target).to_be_in_viewport()
                return
            page.keyboard.press(key)
    raise AssertionError(f"no way by keyboard to {target}: {target.evaluate(SEEN)}")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    reach(page, target)
    page.keyboard.press(key)


def write(page: Page, target: Locator, text: str) -> None:
    reach(page, target)
    page.keyboard.type(text)


def enter(page: Page, console: Console, email: str) -> None:
    page.goto(console.url)
    write(page, page.get_by_label("E-mail"), email)
    write(page, page.get_by_label("Password", exact=True), "medplum")
    page.keyboard.press("Enter")
    expect(page.locator(".fb-day")).to_be_visible()
    settled(page)


def find(page: Page, words: str, name: str) -> None:
    expect(open_finder(page)).to_be_focused()
    page.keyboard.type(words, delay=20)
    page.keyboard.press("Enter")  # of what was typed one is found, however many were of its first letters
    expect(page.get_by_role("region", name="Patient")).to_contain_text(name)
    expect(page.get_by_role("dialog")).to_have_count(0)


def elsewhere(page: Page, name: str) -> None:
    """By the banner's links to the patient's other pages."""
    press(page, page.get_by_role("region", name="Patient").get_by_role("link", name=name))


def test_from_the_sign_in_to_a_signed_note(console: Console, page: Page) -> None:
    enter(page, console, "clinician@example.com")
    find(page, "okonkwo", "OKONKWO")
    elsewhere(page, "Ask about this patient")
    write(page, page.get_by_test_id("stChatInputTextArea"), "any chest pain?")
    page.keyboard.press("Enter")
    press(page, page.locator(".fb-turn").last.get_by_role("link", name="Source 1 Note"))
    source = page.get_by_role("region", name="Text of the source")
    expect(source).to_be_focused()
    page.keyboard.press("Escape")
    expect(source).to_have_count(0)
    elsewhere(page, "Drafts")
    press(page, page.get_by_role("button", name="New draft"))
    write(page, page.get_by_label("Assessment, in your words"), "Hyperkalemia.")
    write(page, page.get_by_label("Plan, in your words"), "Repeat potassium tomorrow.")
    press(page, page.get_by_role("button", name="Make the draft"))
    expect(page.get_by_role("heading", name="Progress note", level=1)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    plan = page.get_by_role("region", name="Plan")
    press(page, plan.get_by_role("button", name="Edit"))
    expect(page.get_by_role("textbox", name="Text of Plan")).to_be_focused()
    page.keyboard.type(" Stop spironolactone.")
    page.keyboard.press("Escape")
    expect(plan.get_by_role("button", name="Edit")).to_be_focused()
    expect(page.locator(".fd-kept")).to_contain_text(re.compile(r"Saved \d\d:\d\d"))
    press(page, page.get_by_role("button", name="Sign …"))
    press(page, page.get_by_role("dialog").get_by_role("button", name=re.compile("Sign as")))
    expect(page.get_by_text(re.compile("Signed by Dr Demo Clinician"))).to_be_visible()
    expect(plan).to_contain_text("Stop spironolactone.")


def test_from_a_finding_and_a_visit_to_what_is_approved_and_rejected(console: Console, page: Page) -> None:
    enter(page, console, "approver@example.com")
    find(page, "freeman", "FREEMAN")
    elsewhere(page, "Findings")
    for title in ("Vitamin D deficiency", "Overweight"):
        card = page.locator('[class*="st-key-finding-"]').filter(has_text=title)
        press(page, card.get_by_role("button", name="Accept: propose it"))
        expect(page.get_by_text(f"{title}: It waits in the approval queue.")).to_be_visible()
    elsewhere(page, "Proposals")
    press(page, page.get_by_role("table", name="Proposals").get_by_role("link", name=re.compile("Vitamin D")))
    press(page, page.get_by_role("button", name="Approve", exact=True))
    expect(page.get_by_text("Approved and written: Add to the problem list: Vitamin D")).to_be_visible()
    settled(page)
    press(page, page.get_by_role("link", name="All proposals"))
    press(
        page, page.get_by_role("table", name="Proposals").get_by_role("link", name=re.compile("Overweight"))
    )
    press(page, page.get_by_role("button", name="Reject", exact=True))
    reach(page, page.get_by_role("combobox", name=re.compile("Why")))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.type("Already done")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Reject it")).to_be_enabled()
    press(page, page.get_by_role("button", name="Reject it"))
    expect(page.get_by_text(re.compile("Rejected: .*Overweight"))).to_be_visible()
    elsewhere(page, "Billing")
    press(
        page,
        page.get_by_role("table", name="Encounters")
        .get_by_role("link", name=re.compile("Kidney clinic"))
        .first,
    )
    expect(page).to_have_url(re.compile("encounter="))
    code = page.locator(".fb-code-row a").first
    press(page, code)
    expect(code).to_have_attribute("aria-current", "true")
    expect(page.locator(".st-key-billing-documents mark.fb-on").first).to_be_in_viewport()
    if (seen := page.get_by_role("checkbox", name=re.compile("I looked at"))).count():
        press(page, seen, "Space")
    send = page.get_by_role("button", name=re.compile(r"Send \d+ codes"))
    expect(send).to_be_enabled()
    press(page, send)
    press(page, page.get_by_role("link", name="Open the proposal"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Billing codes")
    settled(page)
    if (compared := page.get_by_role("checkbox", name=re.compile("I compared it"))).count():
        press(page, compared, "Space")
    approve = page.get_by_role("button", name="Approve", exact=True)
    expect(approve).to_be_enabled()
    press(page, approve)
    expect(page.get_by_text("Approved and written: Billing codes")).to_be_visible()
