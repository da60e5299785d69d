"""Each page's row: `python -m benchmarks.pages [--resources 2000] [--rounds 15] [--users 50]`.

A console with the demo cohort and one patient of that many resources, embedded and analysed; Chromium and the servers share
this machine. Ratios are to a bare Streamlit page (a title, a button, a number) in the same run: its click to the new number,
and its first page in a new tab, each taken in turn with the console's, so that both see the same machine. The last rows: clicks on the patient's page while other people each follow a link every ten
seconds.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from benchmarks.pages import servers, users
from benchmarks.pages.browser import ARGUMENTS, Job, Step, clicks, first, opened, p50_p95, rest, timed

CHROMIUM = "/usr/bin/chromium"
DIALOG = "!!document.querySelector('[role=\"dialog\"] .st-key-finder input')"


def sources(within: str, most: int = 4):
    """Open one source after the other by its link."""

    def steps(page: Page) -> list[Step]:
        links = page.locator(f"{within} a[data-source]")
        references = list(dict.fromkeys(links.evaluate_all("all => all.map(a => a.dataset.source)")))[:most]
        return [
            Step(lambda p, r=r: p.locator(f'{within} a[data-source="{r}"]').first.click(),
                 f"document.querySelector('.fb-document')?.dataset.source === '{r}'")
            for r in references
        ]  # fmt: skip

    return steps


def deciding(page: Page) -> list[Step]:
    """Snooze the first finding and open it again: the menu, the choice, the way back."""
    first = page.locator('[class*="st-key-keeps-focus-"]').first
    here = "[class*='st-key-decided-here-']"
    return [
        Step(lambda p: first.get_by_role("button", name="Snooze").click(), "!!document.querySelector('[data-testid=\"stPopoverBody\"] button')"),
        Step(lambda p: p.get_by_role("button", name="1 week").click(), f"!!document.querySelector(\"{here}\")"),
        Step(lambda p: first.get_by_role("button", name="Open again").click(), f"!document.querySelector(\"{here}\")"),
    ]  # fmt: skip


def address(selector: str, most: int = 3):
    """Follow links that stay on the page, until the address is theirs."""

    def steps(page: Page) -> list[Step]:
        hrefs = list(
            dict.fromkeys(page.locator(selector).evaluate_all("all => all.map(a => a.getAttribute('href'))"))
        )[:most]
        return [
            Step(lambda p, h=h: p.locator(f'{selector}[href="{h}"]').first.click(),
                 f"location.search === {h.partition('?')[1] + h.partition('?')[2]!r}")
            for h in hrefs
        ]  # fmt: skip

    return steps


def finder(_: Page) -> list[Step]:
    return [Step(lambda p: p.keyboard.press("Control+k"), DIALOG),
            Step(lambda p: p.keyboard.press("Escape"), "!document.querySelector('[role=\"dialog\"]')")]  # fmt: skip


def entries(label: str, shown: str, *pairs: tuple[str, str]):
    """Type into the field and press Enter; `shown` is a condition on what comes, with {} for the second of each pair."""

    def steps(_: Page) -> list[Step]:
        def typed(text: str):
            def act(page: Page) -> None:
                field = page.get_by_role("textbox", name=label)
                field.fill(text)
                field.press("Enter")

            return act

        return [Step(typed(text), shown.format(found)) for text, found in pairs]

    return steps


NAMES = entries("Find a patient", "document.querySelector('.fb-people a')?.textContent.startsWith('{}')",
                ("goldb", "GOLDBERG"), ("marsh", "MARSH"))  # fmt: skip
SEARCHES = entries("What are you looking for?", "document.querySelector('.fb-card')?.textContent.includes('{}')",
                   ("potassium", "Potassium"), ("hemoglobin A1c", "A1c"))  # fmt: skip


def jobs(patient: str, encounter: str, note: str) -> list[tuple[str, Job, Callable[[Page], list[Step]]]]:
    who = f"patient={patient}"
    rows = [
        ("Home: the finder", "/", ".fb-day li", finder),
        ("Patients: a name", "/patients", ".fb-people a", NAMES),
        ("Patient: a source", f"/patient?{who}", "a[data-source]", sources(".fb-whole")),
        ("Search: a question", f"/search?{who}&q=creatinine", ".fb-card", SEARCHES),
        ("Search: a source", f"/search?{who}&q=potassium", ".fb-card", sources(".fb-card")),
        (
            "Ask: a source",
            f"/ask?{who}&q={quote('What are the current medications?')}",
            ".fb-turn a[data-source]",
            sources(".fb-said"),
        ),
        ("Findings: the finder", "/findings", "table a", finder),
        ("Findings of a patient: the finder", f"/findings?{who}", ".fb-finding", finder),
        ("Findings of a patient: deciding", f"/findings?{who}", ".fb-finding", deciding),
        ("Approvals: a tab", "/approvals", 'nav[aria-label="State"] a', address('nav[aria-label="State"] a')),
        ("Drafts: a source", f"/drafts?draft={note}", ".fd-section a", sources(".fd-view")),
        (
            "Billing: a code's words",
            f"/billing?{who}&encounter={encounter}",
            ".fb-code-row a",
            address(".fb-code-row a[href*='code=']"),
        ),
    ]
    return [(name, Job(name, where, ready, []), make) for name, where, ready, make in rows]


def draft(page: Page, url: str, patient: str) -> str:
    """The id of a new note."""
    page.goto(f"{url}/drafts?patient={patient}")
    page.get_by_role("button", name="New draft").click()
    page.get_by_role("button", name="Make the draft").click()
    expect(page).to_have_url(re.compile("draft="))
    return re.findall(r"draft=([^&]+)", page.url)[0]


def visit(page: Page, url: str, patient: str) -> str:
    """The id of an encounter that is to be coded."""
    page.goto(f"{url}/billing?patient={patient}")
    link = page.locator('a[href*="encounter="]').first
    link.wait_for()
    return re.findall(r"encounter=([^&]+)", link.get_attribute("href") or "")[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--resources", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--folder", type=Path, help="a data folder to keep the record in, for another run")
    asked = parser.parse_args()
    expect.set_options(timeout=60_000)
    with (
        tempfile.TemporaryDirectory() as held,
        servers.bare(Path(held)) as plain,
        servers.console(asked.folder or Path(held) / "data", asked.resources) as (url, patient),
        sync_playwright() as started,
    ):
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = opened(chromium)
        page = context.new_page()
        bare = Bare(context, plain)
        page.goto(url)
        page.get_by_role("button", name="Clinician", exact=True).click()
        page.locator(".fb-day li").first.wait_for()
        note, encounter = draft(page, url, patient), visit(page, url, patient)
        for name, job, make in jobs(patient, encounter, note):
            page.goto(url + job.address)
            page.locator(job.ready).first.wait_for()
            rest(page)
            steps = make(page)
            if not steps:
                print(f"{name:28} nothing to click")
                continue
            taken = p50_p95(
                clicks(page, Job(name, job.address, job.ready, steps), url, asked.rounds, bare.click)
            )
            pairs = [
                (first(context, url + job.address, job.ready), first(context, plain, ".count"))
                for _ in range(7)
            ]
            opening, starts = (sorted(each)[3] for each in zip(*pairs, strict=True))
            row(name, taken, bare.told(), f"; first page {opening:.0f} ms {opening / starts:.1f}x")
        alone(page, context, url, patient, asked, bare)
        chromium.close()


class Bare:
    """The bare page in a tab of its own, clicked in turn with the console's."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self._page, self._count, self._taken = context.new_page(), 0, []
        self._page.goto(url)
        self._page.locator(".count").wait_for()
        for _ in range(3):
            self.click()
        self.told()

    def click(self) -> None:
        self._count += 1
        shown = f"document.querySelector('.count').textContent === '{self._count}'"
        rest(self._page)
        self._taken.append(
            timed(self._page, Step(lambda p: p.get_by_role("button", name="Count").click(), shown))
        )

    def told(self) -> tuple[float, float]:
        """p50 and p95 since it was last asked."""
        taken, self._taken = self._taken, []
        return p50_p95(taken)


def alone(
    page: Page, context: BrowserContext, url: str, patient: str, asked: argparse.Namespace, bare: Bare
) -> None:
    """One person's clicks, and the same among many."""
    job = Job("", f"/patient?patient={patient}", "a[data-source]", [])
    page.goto(url + job.address)
    page.locator(job.ready).first.wait_for()
    job = Job("", job.address, job.ready, sources(".fb-whole")(page))
    one = p50_p95(clicks(page, job, url, asked.rounds, bare.click))
    base = bare.told()
    row("one person", one, base)
    references = [re.findall(r"'([^']+)'$", s.shown)[0] for s in job.steps]
    queries = [f"patient={patient}&open={quote(r, safe='')}" for r in references]
    held = "; ".join(f"{c.get('name')}={c.get('value')}" for c in context.cookies())
    with users.clicking(url, held, "patient", queries, asked.users - 1) as others:
        many = p50_p95(clicks(page, job, url, asked.rounds))
    row(f"among {asked.users}", many, base, f"; {many[1] / one[1]:.1f}x one person's p95; {len(others.seconds)} clicks of others, "
        f"p95 {p50_p95(others.seconds)[1] * 1000 if others.seconds else 0:.0f} ms")  # fmt: skip


def row(name: str, taken: tuple[float, float], base: tuple[float, float], more: str = "") -> None:
    print(f"{name:28} click p50 {taken[0]:.0f} ms {taken[0] / base[0]:.1f}x, p95 {taken[1]:.0f} ms {taken[1] / base[1]:.1f}x "
          f"(bare {base[0]:.0f}, {base[1]:.0f}){more}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
