"""One console with the demo cohort for all journeys, and a browser."""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Locator,
    Page,
    Playwright,
    ViewportSize,
    expect,
    sync_playwright,
)

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS, INDEX_SECONDS = 60, 240
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs the index goes last: meanwhile the server fills it."""
    ours = [i for i, item in enumerate(items) if Path(__file__).parent in item.path.parents]
    ordered = sorted(
        (items[i] for i in ours), key=lambda item: "indexed" in getattr(item, "fixturenames", ())
    )
    for place, item in zip(ours, ordered, strict=True):
        items[place] = item


@dataclass(frozen=True, slots=True)
class Console:
    """A started console."""

    url: str
    folder: Path
    pid: int

    def health(self) -> dict:
        with urllib.request.urlopen(f"{self.url}/healthcheck", timeout=10) as answer:
            return json.load(answer)

    def wait_until_indexed(self) -> None:
        limit = time.monotonic() + INDEX_SECONDS
        while self.health()["changesWaiting"]:
            assert time.monotonic() < limit, f"still indexing: {self.health()}"
            time.sleep(0.5)


def start(folder: Path, demo: str = "1", port: int = 0, **settings: str) -> tuple[subprocess.Popen[bytes], Console]:
    """Start the server on that port, or a free one, and wait until it serves."""
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", port))
        port = free.getsockname()[1]
    environment = {**os.environ, "FABRIC_DATA_DIR": str(folder / "data"), "FABRIC_DEMO": demo, **settings}
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
            cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    console = Console(f"http://127.0.0.1:{port}", folder, process.pid)
    limit = time.monotonic() + START_SECONDS
    while True:
        try:
            console.health()
            return process, console
        except OSError:
            log_text = (folder / "server.log").read_text("utf-8", "replace")[-2000:]
            assert process.poll() is None, log_text
            if time.monotonic() > limit:
                process.kill()
                raise AssertionError(log_text) from None
            time.sleep(0.2)


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


@pytest.fixture(scope="session")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    process, started = start(tmp_path_factory.mktemp("journeys"))
    try:
        yield started
    finally:
        stop(process)
    log = (started.folder / "server.log").read_text("utf-8", "replace")
    assert "Traceback" not in log, log[-3000:]


@pytest.fixture(scope="session")
def indexed(console: Console) -> Console:
    console.wait_until_indexed()
    return console


@pytest.fixture(scope="session")
def playwright_() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright_: Playwright) -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.fail(f"{CHROMIUM} is not installed: apt-get install chromium")
    started = playwright_.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield started
    started.close()


Somebody: TypeAlias = Callable[..., Page]


@pytest.fixture
def somebody(browser: Browser) -> Iterator[Somebody]:
    """A browser of somebody's own, of that size and scheme. All are closed when the test ends."""
    opened: list[BrowserContext] = []

    def came(width: int = 1280, height: int = 800, scheme: str = "light") -> Page:
        size: ViewportSize = {"width": width, "height": height}
        context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")  # pyright: ignore[reportArgumentType]
        context.set_default_timeout(30_000)
        opened.append(context)
        return context.new_page()

    yield came
    for context in opened:
        for left in context.pages:  # what a page still asks for must not hold its closing
            with contextlib.suppress(Error):
                left.goto("about:blank", wait_until="commit", timeout=5_000)
        context.close()


@pytest.fixture
def page(somebody: Somebody) -> Page:
    return somebody()


def sign_in(page: Page, console: Console, path: str = "/", role: str = "Clinician") -> Page:
    """Open an address and sign in there with a demo account."""
    page.goto(console.url + path)
    page.get_by_role("button", name=role, exact=True).click()
    expect(
        page.get_by_role("button", name="Demo").or_(page.get_by_role("button", name="Dr Demo"))
    ).to_be_visible()
    return page


CALM = """(most) => new Promise((done) => {
  const until = performance.now() + most;
  let calm = 0;
  const look = () => {
    const idle = document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"]');
    const moving = document.querySelector('[data-stale="true"]') || document.getAnimations().some(
      (a) => a.playState === "running" && a.effect?.getComputedTiming().endTime < Infinity);
    calm = idle && !moving ? calm + 1 : 0;
    if (calm >= 4 || performance.now() > until) done(calm >= 4);
    else setTimeout(look, 40);
  };
  look();
})"""


def settled(page: Page) -> None:
    """Wait until the page has its answer, and nothing fades or moves under the pointer any more."""
    assert at_rest(page, 30_000), "the page does not come to rest"


def at_rest(page: Page, milliseconds: int) -> bool:
    for left in (2, 1, 0):
        try:
            return page.evaluate(CALM, milliseconds)
        except Error as error:  # it was just being loaded anew
            if not left or not re.search("context was destroyed|navigat", str(error)):
                raise
            page.wait_for_load_state()
    return False


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever clicks or types looks first: on what is just drawn anew a click hits nothing. Where nothing comes to rest,
    they go ahead after two seconds."""

    def looking(act: Callable[..., object]) -> Callable[..., object]:
        def acted(target: Locator, *args: object, **how: object) -> object:
            if target.page.locator('[data-testid="stApp"]').count():
                at_rest(target.page, 2_000)
            return act(target, *args, **how)

        return acted

    for name in ("click", "fill", "focus", "press", "press_sequentially"):
        monkeypatch.setattr(Locator, name, looking(getattr(Locator, name)))


def open_finder(page: Page) -> Locator:
    """The patient finder's field, by the keyboard. A page that has only just come does not know its keys yet: as its
    reader would, press them again."""
    dialog = page.get_by_role("dialog")
    for _ in range(5):
        page.keyboard.press("Control+k")
        try:
            expect(dialog).to_be_visible(timeout=4_000)
            break
        except AssertionError:
            continue
    return dialog.get_by_role("textbox")


def ask(page: Page, query: str) -> None:
    entry = page.get_by_role("textbox", name="What are you looking for?")
    entry.fill(query)
    entry.press("Enter")
