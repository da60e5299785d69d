"""From a patient to an answer, its source with the cited words marked, a follow-up, a link, and what can't be asked."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Console, Somebody, settled, sign_in
from tests.journeys.test_journey_accessibility import violations

pytestmark = pytest.mark.browser
TOP = "e => e.getBoundingClientRect().top"


def open_ask(page: Page, console: Console, name: str = "OKONKWO, Samuel", role: str = "Clinician") -> None:
    sign_in(page, console, "/patients", role)
    page.get_by_role("link", name=name).click()
    page.get_by_role("link", name="Ask about this patient").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask about this patient")
    settled(page)
    if page.get_by_role("button", name="New conversation").count():  # of another journey
        page.get_by_role("button", name="New conversation").click()
        expect(turns(page)).to_have_count(0)


def type_question(page: Page, question: str) -> None:
    field = page.get_by_test_id("stChatInputTextArea")
    field.fill(question)
    field.press("Enter")
    expect(page.get_by_role("heading", name=question, level=2)).to_be_visible()


def turns(page: Page):
    return page.locator(".fb-turn")


def test_ask_follow_up_and_read_the_source(console: Console, page: Page) -> None:
    open_ask(page, console)
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_focused()
    page.get_by_role("button", name="How has hemoglobin A1c changed?").click()
    expect(turns(page).last).to_contain_text("Computed from the record")
    expect(page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible()
    page.get_by_text("Values as a table").click()
    expect(page.get_by_role("row", name=re.compile("above the range")).first).to_be_visible()

    type_question(page, "latest potassium")
    expect(turns(page).last).to_contain_text("6.7 mmol/L")
    type_question(page, "and before that?")
    expect(turns(page).last).to_contain_text("Potassium")
    expect(turns(page).last).not_to_contain_text("6.7 mmol/L")

    type_question(page, "any chest pain?")
    chip = turns(page).last.get_by_role("link", name="Source 1 Note")
    chip.focus()
    settled(page)
    place = chip.evaluate(TOP)
    chip.press("Enter")
    source = page.get_by_role("region", name="Text of the source")
    expect(source.locator(".fb-passage")).to_have_text(re.compile("^Denies chest pain"))
    expect(source).to_be_focused()
    settled(page)
    assert chip.evaluate(TOP) == pytest.approx(place, abs=3)
    expect(page).to_have_url(re.compile("open=DocumentReference"))
    expect(page.get_by_role("region", name="Patient")).to_be_in_viewport()
    chip = turns(page).nth(1).get_by_role("link", name="Source 1 Result")
    page.mouse.move(400, 400)
    page.mouse.wheel(0, -1)  # as its reader scrolls: until then the page holds what was clicked where it was
    chip.click()
    expect(source).to_contain_text("6.7 mmol/L")
    expect(chip).to_have_attribute("aria-current", "true")
    expect(turns(page)).to_have_count(4)
    page.keyboard.press("Escape")
    expect(source).to_have_count(0)
    expect(turns(page)).to_have_count(4)
    settled(page)
    chip.click()
    expect(page).to_have_url(re.compile("open=Observation"))
    settled(page)
    page.go_back()  # one step, though a link changes two parts of the address
    expect(page).not_to_have_url(re.compile("open="))
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_reload_keeps_the_conversation_until_it_is_begun_anew(console: Console, page: Page) -> None:
    open_ask(page, console)
    type_question(page, "latest potassium")
    expect(turns(page).last).to_contain_text("6.7 mmol/L")
    type_question(page, "any chest pain?")
    expect(turns(page).last).to_contain_text("Quoted from notes")
    page.reload()
    expect(turns(page)).to_have_count(2)
    expect(turns(page).first).to_contain_text("Answered ")
    expect(turns(page).last).to_be_in_viewport()
    turns(page).last.get_by_role("link", name="Source 1 Note").click()
    expect(page.get_by_role("region", name="Text of the source").locator(".fb-passage")).to_be_visible()
    page.keyboard.press("Escape")
    type_question(page, "latest creatinine")
    expect(turns(page)).to_have_count(3)
    page.get_by_role("button", name="New conversation").click()
    expect(turns(page)).to_have_count(0)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask about this patient")
    settled(page)
    expect(turns(page)).to_have_count(0)


def test_a_link_asks_and_survives_the_sign_in(console: Console, page: Page) -> None:
    open_ask(page, console)
    address = page.url.removeprefix(console.url)
    page.get_by_role("button", name="Dr Demo Clinician").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{console.url}/")  # where signing out leads once the cookie is gone
    expect(page.get_by_label("E-mail")).to_be_visible()
    sign_in(page, console, f"{address}&q=what+is+the+ferritin%3F")
    expect(turns(page)).to_have_count(1)
    expect(turns(page)).to_contain_text("Not in the record")
    expect(turns(page)).to_contain_text("ferritin")
    expect(page).to_have_url(re.compile(r"/ask\?patient=[\w-]+$"))


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/ask?patient=nobody&q=pain", "There is no such patient"),
        ("/ask?q=pain", "choose who it is first"),
        ("/ask?patient=nobody&open=%00%3Cscript%3E", "There is no such patient"),
    ],
)
def test_addresses_that_make_no_sense(console: Console, page: Page, address: str, sentence: str) -> None:
    sign_in(page, console, address)
    expect(page.get_by_text(sentence).first).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(console: Console, somebody: Somebody, scheme: str) -> None:
    # Tall enough for all of it: what is just being scrolled under the entry line counts as cut off.
    page = somebody(1280, 3000, scheme)
    open_ask(page, console)
    found = {"start": violations(page)}
    page.get_by_role("button", name="How has hemoglobin A1c changed?").click()
    expect(page.get_by_test_id("stVegaLiteChart")).to_be_visible()
    page.get_by_text("Values as a table").click()
    page.get_by_text("How this was computed").click()
    page.get_by_role("button", name="Not helpful").last.click()
    expect(page.get_by_role("button", name="Why?")).to_be_visible()
    found["answers"] = violations(page)
    turns(page).last.get_by_role("link").first.click()
    expect(page.get_by_role("region", name="Text of the source")).to_be_visible()
    found["source"] = violations(page)
    assert not {k: v for k, v in found.items() if v}
