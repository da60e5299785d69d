"""Takes the pictures in docs/images: `python docs/screenshots.py`. Starts a console of its own on a temporary folder
with the demo cohort, and drives it in Chromium. Needs the development requirements and a Chromium."""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
expect.set_options(timeout=30_000)


def wait_for(url: str, seconds: float = 300) -> None:
    """Until the console serves and everything is indexed."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        try:
            with urllib.request.urlopen(f"{url}/healthcheck", timeout=10) as answer:
                if not json.load(answer)["changesWaiting"]:
                    return
        except OSError:
            pass
        time.sleep(0.5)
    raise SystemExit("the console did not get ready")


def take(page: Page, url: str) -> None:
    def shot(name: str) -> None:
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        page.mouse.move(640, 790)
        page.wait_for_timeout(700)  # for what fades in or out
        page.screenshot(path=IMAGES / f"{name}.png")

    page.goto(url)
    expect(page.get_by_label("E-mail")).to_be_visible()
    shot("sign-in")
    page.get_by_role("button", name="Clinician", exact=True).click()
    expect(page.locator(".fb-day li").nth(5)).to_be_visible()
    shot("home")
    page.goto(f"{url}/patients")
    expect(page.get_by_role("row").nth(5)).to_be_visible()
    shot("patients")
    page.goto(f"{url}/search?q=potassium+above+6")
    expect(page.locator(".fb-card").first).to_be_visible()
    shot("search")
    page.goto(f"{url}/patients")
    page.get_by_role("textbox", name="Find a patient").fill("okonkwo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name="OKONKWO, Samuel").click()
    expect(page.locator(".fb-small").nth(5)).to_be_visible()
    shot("patient")
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("dialog").get_by_role("textbox")).to_be_focused()
    page.keyboard.type("marsh", delay=30)
    page.get_by_role("dialog").get_by_role("link", name="MARSH, Eleanor").click()
    page.get_by_role("link", name="Search this record").click()
    entry = page.get_by_role("textbox", name="What are you looking for?")
    entry.fill("atrial fibrillation")
    entry.press("Enter")
    page.locator(".fb-card", has_text="Progress note").first.get_by_role("link", name="Open source").click()
    expect(page.locator(".fb-passage").first).to_be_visible()
    shot("search-source")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Ask about this patient").click()
    field = page.get_by_test_id("stChatInputTextArea")
    field.fill("How has the INR changed?")
    field.press("Enter")
    expect(page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible()
    page.locator(".fb-turn").get_by_role("link").first.click()
    expect(page.locator(".fb-passage").first).to_be_visible()
    shot("ask")
    page.goto(f"{url}/findings")
    page.get_by_role("link", name="Critically high potassium").first.click()
    expect(page.get_by_role("region", name="Patient")).to_be_visible()
    shot("findings")
    page.get_by_role("region", name="Patient").get_by_role("link", name="Drafts").click()
    page.get_by_role("button", name="New draft").click()
    page.get_by_label("Assessment, in your words").fill("Hyperkalemia under spironolactone, lisinopril and a salt substitute.")
    page.get_by_label("Plan, in your words").fill("Stop spironolactone and the salt substitute. Repeat potassium tomorrow.")
    page.get_by_role("button", name="Make the draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Progress note")
    page.locator("a[data-fabric], a[href*='open=']").filter(has_text="Result").first.click()
    expect(page.locator(".fb-passage").first).to_be_visible()
    shot("drafts")
    helped(page)
    page.goto(f"{url}/billing")
    page.get_by_role("link", name="Diabetes follow-up").click(timeout=30_000)
    page.get_by_role("link", name="99214", exact=True).click(timeout=30_000)
    shot("billing")
    page.goto(f"{url}/approvals")
    page.get_by_role("link", name="Increase Atorvastatin").click()
    expect(page.get_by_role("heading", name="Evidence")).to_be_visible()
    shot("approvals")
    folder = Path(tempfile.mkdtemp())
    person = {"resourceType": "Patient", "id": "example", "name": [{"family": "Example", "given": ["Ada"]}], "birthDate": "1961-05-02"}
    (folder / "patient.json").write_text(json.dumps(person))
    (folder / "bundle.json").write_text('{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Patient", "id": "x", "active": "yes"}}]}')
    (folder / "letter.txt").write_text("Cardiology letter.\nNo chest pain since the last visit. Continue metoprolol.\n")
    try:
        page.goto(f"{url}/import")
        page.locator('input[type="file"]').set_input_files(sorted(map(str, folder.iterdir())))
        expect(page.get_by_role("heading", name="What is in them")).to_be_visible(timeout=30_000)
        shot("import")
    finally:
        shutil.rmtree(folder)
    page.get_by_role("button", name="Dr Demo Clinician").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Approver", exact=True).click()
    expect(page.locator(".fb-day")).to_be_visible()
    page.goto(f"{url}/approvals")
    page.get_by_role("table", name="Proposals").get_by_role("link").first.click()
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_text("Approved and written")).to_be_visible()
    page.goto(f"{url}/evaluation")
    expect(page.get_by_role("heading", name="By bot")).to_be_visible()
    expect(page.locator("canvas, svg.marks").first).to_be_visible()
    shot("evaluation")
    page.get_by_role("row", name=re.compile("^Answers")).get_by_role("link").first.click()
    page.get_by_role("table", name="Outputs").get_by_role("link").first.click()
    page.get_by_role("button", name="Run again on the same evidence").click()
    expect(page.get_by_text("Equal: every line is the same")).to_be_visible()
    shot("evaluation-again")


def helped(page: Page) -> None:
    """Say of what is open that it helped."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.get_by_role("button", name="Helpful", exact=True).first.click()
    expect(page.get_by_role("button", name="Helpful ✓").first).to_be_visible()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    chosen = parser.parse_args()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
            cwd=ROOT,
            env={**os.environ, "FABRIC_DATA_DIR": folder, "FABRIC_DEMO": "1"},
            stdout=subprocess.DEVNULL,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(url)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chosen.chromium, args=ARGUMENTS)
                context = browser.new_context(
                    viewport={"width": 1280, "height": 800}, reduced_motion="reduce"
                )
                take(context.new_page(), url)
                browser.close()
        finally:
            server.terminate()
            server.wait(20)


if __name__ == "__main__":
    main()
