"""A question asked and judged, found again among the figures, and computed anew."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Console, settled, sign_in
from tests.journeys.test_journey_accessibility import violations

pytestmark = pytest.mark.browser


def test_an_answer_judged_and_computed_again(console: Console, page: Page) -> None:
    sign_in(page, console, "/patients", role="Approver")
    page.get_by_role("link", name=re.compile("MARSH, Eleanor")).first.click()
    page.get_by_role("link", name="Ask about this patient").click()
    page.get_by_role("textbox", name="Ask about this patient").fill("what allergies are recorded?")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Helpful", exact=True).click()
    expect(page.get_by_role("button", name="Helpful ✓")).to_be_visible()

    page.get_by_role("link", name="Evaluation", exact=True).click()
    expect(page.get_by_role("heading", name="By bot")).to_be_visible()
    expect(page.locator(".fe-card", has_text="Helpful")).to_contain_text(re.compile(r"[1-9]\d* of \d+"))
    expect(page.locator("canvas, svg.marks").first).to_be_visible()
    settled(page)
    assert not violations(page)
    page.get_by_role("row", name=re.compile("^Answers")).get_by_role("link").first.click()
    page.get_by_role("table", name="Outputs").get_by_role("link").first.click()
    expect(page.get_by_role("region", name="Patient")).to_contain_text("MARSH, Eleanor")
    page.get_by_role("button", name="Run again on the same evidence").click()
    expect(page.get_by_text("Equal: every line is the same")).to_be_visible()
    settled(page)
    assert not violations(page)
