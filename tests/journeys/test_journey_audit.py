"""An administrator sees who looked at whom, verifies the trail and takes a checkpoint away."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Console, Somebody, sign_in
from tests.journeys.test_journey_accessibility import violations

pytestmark = pytest.mark.browser


def test_from_a_look_at_a_patient_to_the_trail(console: Console, somebody: Somebody) -> None:
    page = sign_in(somebody(), console, "/patients")
    page.get_by_role("row").nth(1).get_by_role("link").click()
    name = page.get_by_role("region", name="Patient").locator(".fb-name").inner_text()
    page = sign_in(somebody(), console, "/audit", "Administrator")
    row = page.get_by_role("row").filter(has_text=name).filter(has_text="Opened a page").first
    expect(row).to_contain_text("OK")
    expect(row.get_by_role("cell").nth(1)).not_to_be_empty()
    row.get_by_role("link", name="Open the event").click()
    expect(page.get_by_role("region", name="AuditEvent as FHIR JSON")).to_contain_text("page_view")
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Verify now").click()
    expect(page.get_by_text("were as they were written")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Checkpoint").click()
    lines = Path(taken.value.path()).read_text("utf-8").split("\n")
    assert (
        lines[0].startswith("fabric.example/audit/") and int(lines[1]) > 0 and lines[4].startswith("— ")
    )
    with page.expect_download() as taken:
        page.get_by_role("button", name="Export").click()
    assert '"resourceType":"AuditEvent"' in Path(taken.value.path()).read_text("utf-8")
    page.get_by_role("row").nth(1).get_by_role("link", name=name).or_(
        page.get_by_role("link", name=name)
    ).first.click()
    expect(page.get_by_role("region", name="Patient")).to_contain_text(name)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_violations(console: Console, somebody: Somebody, scheme: str) -> None:
    page = sign_in(somebody(scheme=scheme), console, "/audit", "Administrator")
    expect(page.get_by_role("row").nth(1)).to_be_visible()
    found = violations(page)
    page.get_by_role("link", name="Open the event").first.click()
    expect(page.get_by_role("region", name="AuditEvent as FHIR JSON")).to_be_visible()
    found += violations(page)
    page.get_by_role("button", name="Filters").click()
    expect(page.get_by_text("Person or program")).to_be_visible()
    assert not found + violations(page)
