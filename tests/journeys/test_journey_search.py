"""From signing in to the source of a result; addresses, reloads and the browser's own buttons."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Console, Somebody, ask, open_finder, settled, sign_in

pytestmark = pytest.mark.browser


def cards(page: Page):
    return page.locator(".fb-card")


def shows(page: Page, query: str) -> None:
    """The query stands in the field. While a page is drawn anew the old field may stand beside the new one."""
    expect(
        page.locator(f'input[aria-label="What are you looking for?"][value="{query}"]').first
    ).to_be_visible()


def test_find_a_patient_search_and_read_the_source(indexed: Console, page: Page) -> None:
    sign_in(page, indexed, "/patients")
    expect(page).to_have_title("Patients · Fabric")
    finder = page.get_by_role("textbox", name="Find a patient")
    finder.press_sequentially("okonkvo", delay=30)  # misspelt, and no Enter
    row = page.get_by_role("row", name="OKONKWO, Samuel")
    expect(row).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(2)
    row.click(position={"x": 500, "y": 8})
    banner = page.get_by_role("region", name="Patient")
    expect(banner).to_contain_text("OKONKWO, Samuel")
    expect(banner).to_contain_text("Known allergies")
    expect(page).to_have_title("Patient · Fabric")
    potassium = page.locator(".fb-small", has_text="Potassium").first
    expect(potassium).to_contain_text("6.7 mmol/L")
    expect(potassium).to_contain_text("critically high")
    expect(potassium.get_by_role("img")).to_have_attribute("alt", re.compile("Potassium in mmol/L: .* values from"))
    page.mouse.wheel(0, 600)
    expect(banner).to_be_in_viewport()
    potassium.get_by_role("link").click()
    expect(page.get_by_role("table", name="Potassium")).to_contain_text("above the range")
    page.get_by_role("table", name="Potassium").get_by_role("link", name="Open").first.click()
    expect(page.get_by_role("region", name="Text of the source")).to_contain_text("6.7 mmol/L")
    page.get_by_role("link", name="Search this record").click()
    expect(page).to_have_title("Search · Fabric")

    ask(page, "potassium above 6")
    expect(cards(page).first).to_contain_text("6.7 mmol/L (critically high)")
    expect(cards(page).first).to_contain_text("Range 3.5–5.1 mmol/L")
    expect(cards(page).first.locator("mark").first).to_have_text("Potassium")
    cards(page).first.get_by_role("link", name="Open source").press("Enter")
    source = page.get_by_role("region", name="Text of the source")
    expect(source).to_contain_text("6.7 mmol/L")
    expect(source).to_be_focused()
    page.get_by_text("FHIR JSON").click()
    expect(page.get_by_test_id("stCode")).to_contain_text('"resourceType": "Observation"')
    page.keyboard.press("Escape")
    expect(source).to_have_count(0)
    expect(cards(page).first.get_by_role("link", name="Open source")).to_be_focused()
    expect(banner).to_be_visible()

    # Closed, and the page left at once: what was searched for is no question of the next page's.
    page.keyboard.press("Enter")
    expect(source).to_be_focused()
    settled(page)
    page.evaluate("""() => {
        document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
        [...document.querySelectorAll(".fb-jobs a")].find((a) => a.textContent.startsWith("Ask")).click();
    }""")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask about this patient")
    settled(page)
    expect(page).to_have_url(re.compile(r"/ask\?patient=[\w-]+$"))
    expect(page.locator(".fb-turn", has_text="potassium above 6")).to_have_count(0)  # others may be kept from before


def test_a_note_is_opened_at_its_passage(indexed: Console, page: Page) -> None:
    sign_in(page, indexed, "/search?q=discharge+summary&types=Notes")
    expect(cards(page).first).to_be_visible()
    cards(page).first.get_by_role("link", name="Open source").click()
    passage = page.locator(".fb-passage")
    expect(passage).to_be_attached()
    inside = """p => { const b = p.closest('.fb-document').getBoundingClientRect(), r = p.getBoundingClientRect();
                       return r.top < b.bottom && r.bottom > b.top }"""
    assert passage.evaluate(inside)
    expect(page.get_by_role("heading", level=2)).to_be_visible()


def test_from_everybody_to_one_patient_and_back(indexed: Console, page: Page) -> None:
    sign_in(page, indexed, "/search?q=potassium+above+6")
    expect(page.get_by_role("heading", name="Search all patients")).to_be_visible()
    page.get_by_role("link", name="Go to patient").first.click()
    banner = page.get_by_role("region", name="Patient")
    expect(banner).to_contain_text("OKONKWO, Samuel")
    shows(page, "potassium above 6")
    expect(page).to_have_url(re.compile(r"patient=[\w-]+"))

    ask(page, "kidney function")
    expect(page).to_have_url(re.compile("q=kidney"))
    expect(page.locator(".fb-status").first).to_contain_text("this record")
    page.get_by_role("link", name="Open source").first.click()
    expect(page).to_have_url(re.compile("open="))
    expect(page.get_by_role("button", name="Close source")).to_be_visible()

    page.reload()
    expect(banner).to_contain_text("OKONKWO, Samuel")
    shows(page, "kidney function")
    expect(page.get_by_role("button", name="Close source")).to_be_visible()

    page.go_back()
    expect(page.get_by_role("button", name="Close source")).to_have_count(0)
    shows(page, "kidney function")
    page.go_back()
    shows(page, "potassium above 6")
    expect(cards(page).first).to_contain_text("6.7 mmol/L")
    page.go_forward()
    shows(page, "kidney function")

    page.get_by_role("button", name="All patients").click()
    expect(page.get_by_role("heading", name="Search all patients")).to_be_visible()
    expect(banner).to_have_count(0)
    shows(page, "kidney function")


def test_a_deep_link_on_a_cold_browser(indexed: Console, somebody: Somebody) -> None:
    first = sign_in(somebody(), indexed, "/search?q=potassium+above+6")
    first.get_by_role("link", name="Go to patient").first.click()
    expect(first.get_by_role("region", name="Patient")).to_be_visible()
    first.get_by_role("link", name="Open source").first.click()
    expect(first).to_have_url(re.compile("open="))
    address = first.url.removeprefix(indexed.url)

    page = somebody()
    page.goto(indexed.url + address)
    expect(page.get_by_label("E-mail")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("OKONKWO")
    page.get_by_label("E-mail").fill("clinician@example.com")
    page.get_by_role("textbox", name="Password").fill("medplum")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Patient")).to_contain_text("OKONKWO, Samuel")
    expect(page.get_by_role("region", name="Text of the source")).to_contain_text("6.7")
    assert page.url.removeprefix(indexed.url) == address


def test_what_is_denied_is_not_found(indexed: Console, page: Page) -> None:
    sign_in(page, indexed, "/patients")
    page.get_by_role("textbox", name="Find a patient").press_sequentially("whitfield")
    page.get_by_role("link", name="WHITFIELD, James").click()
    page.get_by_role("link", name="Search this record").click()
    expect(page).to_have_title("Search · Fabric")
    ask(page, "chest pain")
    expect(page.get_by_text("Not found in the record.")).to_be_visible()
    absent = page.get_by_role("list", name="Recorded as absent")
    expect(absent).to_be_visible()
    expect(absent.locator(".fb-absent").first).to_contain_text("chest pain")


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/search?patient=nobody&q=pain", "There is no such patient"),
        ("/search?q=pain&open=Foo/1", "The address names no source"),
        ("/search?q=pain&types=Nonsense&since=abc&min=7", "Left out of the filters"),
        ("/search?q=%00%F0%9F%92%8A%22%27%3Cscript%3E", "Search all patients"),
    ],
)
def test_addresses_that_make_no_sense(indexed: Console, page: Page, address: str, sentence: str) -> None:
    sign_in(page, indexed, address)
    expect(page.get_by_text(sentence).first).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_from_any_page_to_another_patient_by_keyboard(indexed: Console, page: Page) -> None:
    sign_in(page, indexed, "/search?q=potassium+above+6")
    expect(cards(page).first).to_be_visible()
    finder = open_finder(page)
    expect(finder).to_be_focused()
    page.keyboard.type("Eleanor Marhs", delay=20)
    found = page.get_by_role("dialog").get_by_role("link", name="MARSH, Eleanor")
    expect(found).to_be_visible()
    found.press("Enter")
    expect(page.get_by_role("region", name="Patient")).to_contain_text("MARSH, Eleanor")
    expect(page).to_have_title("Patient · Fabric")
    expect(page.get_by_role("dialog")).to_have_count(0)
    open_finder(page)
    expect(page.get_by_role("dialog").get_by_role("row", name="MARSH, Eleanor")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
