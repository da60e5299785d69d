"""Clicks in a browser, timed inside it: from the event until the page shows what was asked for and rests."""

from __future__ import annotations

import json
import re
import statistics
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Page

ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
ARM = """([condition, rests]) => {
  const test = new Function('return ' + condition);
  const state = () => document.querySelector('[data-testid="stApp"]')?.getAttribute('data-test-script-state');
  window.benchmark = { begun: null, ended: null };
  const begin = (event) => { window.benchmark.begun ??= performance.now(); };
  document.addEventListener('click', begin, { capture: true, once: true });
  document.addEventListener('keydown', begin, { capture: true, once: true });
  const look = () => {
    const mine = window.benchmark;
    if (mine.begun === null || mine.ended !== null) return;
    if (test() && (!rests || state() === 'notRunning')) { mine.ended = performance.now(); watch.disconnect(); }
  };
  const watch = new MutationObserver(look);
  watch.observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
}"""


FIRST = """(selector) => {
  const look = () => {
    if (window.shown === undefined && [...document.querySelectorAll(selector)].some((e) => e.getClientRects().length)) {
      window.shown = performance.now();
      watch.disconnect();
    }
  };
  const watch = new MutationObserver(look);
  watch.observe(document, { childList: true, subtree: true, attributes: true });
}"""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that a person does on a page, and the JavaScript that is true once the page shows it."""

    act: Callable[[Page], object]
    shown: str


@dataclass(frozen=True, slots=True)
class Job:
    """A page at an address, and what is done there again and again."""

    name: str
    address: str
    ready: str  # a selector
    steps: list[Step]


def timed(page: Page, step: Step, rests: bool = True) -> float:
    """Milliseconds from the event to the page that shows it, in the tab that is looked at: Chromium keeps one behind waiting
    for some 40 ms before it hears of a click."""
    page.bring_to_front()
    page.wait_for_timeout(100)
    page.evaluate(ARM, [step.shown, rests])
    step.act(page)
    page.wait_for_function("window.benchmark.ended !== null", timeout=60_000)
    return page.evaluate("window.benchmark.ended - window.benchmark.begun")


def clicks(page: Page, job: Job, url: str, rounds: int, between: Callable[[], object] = lambda: None) -> list[float]:
    """All steps in turn, `rounds` times, with `between` after each; the first round warms up."""
    page.goto(url + job.address)
    page.locator(job.ready).first.wait_for(timeout=60_000)
    rest(page)
    taken = []
    for lap in range(rounds + 1):
        for step in job.steps:
            each = timed(page, step)
            rest(page)
            if lap:
                taken.append(each)
                between()
    return taken


def rest(page: Page) -> None:
    page.wait_for_function(
        "document.querySelector('[data-testid=\"stApp\"]')?.getAttribute('data-test-script-state') === 'notRunning'",
        timeout=60_000,
    )
    page.wait_for_timeout(100)


def first(context: BrowserContext, url: str, ready: str) -> float:
    """Milliseconds from the navigation until an address shows its page, in a new tab of a browser that was there before."""
    page = context.new_page()
    page.add_init_script(f"({FIRST})({json.dumps(ready)})")
    page.goto(url)
    page.wait_for_function("window.shown !== undefined", timeout=60_000)
    taken = page.evaluate("window.shown")
    page.close()
    return taken


def opened(browser: Browser) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    context.set_default_timeout(60_000)
    return context


def p50_p95(values: list[float]) -> tuple[float, float]:
    ordered = sorted(values)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]


def link(name: str, nth: int = 0) -> Callable[[Page], object]:
    return lambda page: page.get_by_role("link", name=re.compile(name)).nth(nth).click()
