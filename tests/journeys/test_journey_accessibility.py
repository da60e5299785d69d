"""axe on each page, in light and dark: no violations from our own markup."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Console, Somebody, open_finder, settled, sign_in

pytestmark = pytest.mark.browser

STREAMLITS_OWN = {
    "presentation-role-conflict": "the drop zone of st.file_uploader has role=presentation and an aria-label (minor)",
}
"""Rules that Streamlit's own elements break, by rule id, each with the reason."""
TOOLTIPS = 'id="stFloatingOverlayPortal"'
"""Where Streamlit puts the tooltip of what the pointer rests on: outside of all landmarks."""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def violations(page: Page) -> list[str]:
    settled(page)
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{v['id']} ({v['impact']}): {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for v in found
        if v["id"] not in STREAMLITS_OWN
        for node in v["nodes"]
        if not (v["id"] == "region" and TOOLTIPS in node["html"])
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_page(indexed: Console, somebody: Somebody, scheme: str) -> None:
    page = somebody(scheme=scheme)
    found: dict[str, list[str]] = {}
    page.goto(indexed.url)
    expect(page.get_by_label("E-mail")).to_be_visible()
    found["sign-in"] = violations(page)
    sign_in(page, indexed)
    expect(page.locator(".fb-day li").nth(3)).to_be_visible()
    assert page.get_by_role("heading", level=1).count() == 1
    found["home"] = violations(page)
    page.goto(f"{indexed.url}/patients")
    expect(page.get_by_role("row").nth(3)).to_be_visible()
    found["patients"] = violations(page)
    for name, address in {
        "search": "/search?q=potassium+above+6",
        "absent": "/search?q=chest+pain",
        "import": "/import",
    }.items():
        if scheme == "dark" and name == "absent":
            continue  # the same elements as in light, and the colours of "search"
        page.goto(indexed.url + address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        if name != "import":
            expect(page.locator(".fb-card").first).to_be_visible()
        assert page.get_by_role("heading", level=1).count() == 1
        found[name] = violations(page)
    page.goto(f"{indexed.url}/search?q=potassium+above+6")
    expect(page.locator(".fb-card").first).to_be_visible()
    expect(open_finder(page)).to_be_focused()
    found["finder"] = violations(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    settled(page)
    page.get_by_role("link", name="Go to patient").first.click()
    expect(page.get_by_role("region", name="Patient")).to_be_visible()
    page.get_by_role("link", name="Open source").nth(1).click()
    expect(page.get_by_role("region", name="Text of the source")).to_be_visible()
    found["source"] = violations(page)
    page.goto(page.url.replace("/search", "/patient"))
    expect(page.locator(".fb-small").first).to_be_visible()
    assert page.get_by_role("heading", level=1).count() == 1
    found["patient"] = violations(page)
    page.go_back()
    page.get_by_role("button", name="Filters").click()
    expect(page.get_by_text("Least similarity")).to_be_visible()
    found["filters"] = violations(page)
    assert not {k: v for k, v in found.items() if v}
