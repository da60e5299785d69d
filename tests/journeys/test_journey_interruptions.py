"""What cuts into somebody's work: a session that ends, a server that is killed. What was typed is there afterwards."""

from __future__ import annotations

import re
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Console, settled, start, stop
from tests.journeys.test_journey_drafts import KEPT, begin, typed

pytestmark = pytest.mark.browser
SAVED = re.compile(r"Saved \d\d:\d\d")


def plan_in_the_editor(page: Page) -> None:
    page.get_by_role("region", name="Plan").get_by_role("button", name="Edit").click()
    typed(page, "\nFirst sentence.")
    expect(page.locator(".fd-kept")).to_contain_text(SAVED)


def end_session(page: Page, console: Console) -> None:
    """As if its time had passed: the browser still has the cookie, the server knows it no more."""
    held = next(c for c in page.context.cookies() if c.get("name") == "fabric_session")
    request = urllib.request.Request(f"{console.url}/auth/session", method="DELETE")
    request.add_header("Cookie", f"fabric_session={held.get('value')}")
    urllib.request.urlopen(request, timeout=20).close()


def test_a_session_ends_while_a_note_is_written(console: Console, page: Page) -> None:
    begin(page, console)
    plan_in_the_editor(page)
    address = page.url
    end_session(page, console)
    typed(page, "\nTyped after the session had ended.")
    expect(page.get_by_text("Your session has ended.")).to_be_visible()
    expect(page.get_by_text("First sentence.")).to_have_count(0)  # whoever comes by sees nothing of the record
    page.get_by_role("button", name="Clinician", exact=True).click()
    plan = page.get_by_role("region", name="Plan")
    expect(plan).to_contain_text("Typed after the session had ended.")
    expect(plan).to_contain_text("First sentence.")
    expect(page.locator(".fd-kept")).to_contain_text(SAVED)
    assert page.url == address
    assert page.evaluate(KEPT) == 0


def test_the_server_is_killed_while_a_note_is_written(page: Page, tmp_path: Path) -> None:
    process, started = start(tmp_path)
    try:
        begin(page, started)
        plan_in_the_editor(page)
        process.kill()
        process.wait(15)
        typed(page, "\nTyped without a server.")
        expect(page.locator(".fd-kept")).to_contain_text("Not saved – will be sent when the connection is back")
        process, started = start(tmp_path, port=int(started.url.rpartition(":")[2]))
        expect(page.locator(".fd-kept")).to_contain_text(SAVED, timeout=60_000)
        assert page.evaluate(KEPT) == 0
        page.reload()
        settled(page)
        plan = page.get_by_role("region", name="Plan")
        expect(plan).to_contain_text("Typed without a server.")
        expect(plan).to_contain_text("First sentence.")
        sign_in_again = page.get_by_label("E-mail")
        expect(sign_in_again).to_have_count(0)  # sessions outlive the process
    finally:
        stop(process)
