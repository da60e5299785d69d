"""A foreign data set, documents and papers through the import page, and files that are none."""

import json
from pathlib import Path

import carebundle
import pytest
from playwright.sync_api import Page, expect

from tests.fhir.documents import samples
from tests.journeys.conftest import Console, ask, sign_in
from tests.journeys.test_journey_accessibility import violations

pytestmark = pytest.mark.browser


def upload(page: Page, *paths: Path) -> None:
    page.locator('input[type="file"]').set_input_files([str(p) for p in paths])
    expect(page.get_by_role("heading", name="What is in them")).to_be_visible(timeout=30_000)


def test_a_foreign_data_set(indexed: Console, page: Page, tmp_path: Path) -> None:
    bundle = json.loads(carebundle.to_json(carebundle.generate_bundle(profile="type2_diabetes", seed=7)))
    person = next(e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Patient")
    person["name"] = [{"family": "Zetterqvist", "given": ["Åsa"]}]
    path = tmp_path / "étrange (1) 患者 #2.json"
    path.write_text(json.dumps(bundle), "utf-8")
    sign_in(page, indexed, "/import")
    upload(page, path)
    count = len(bundle["entry"])
    expect(page.get_by_role("row", name=path.name)).to_contain_text("ZETTERQVIST, Åsa")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text(f"{count} stored, 0 unchanged, 0 refused, from 1 file")).to_be_visible(
        timeout=60_000
    )
    expect(page.get_by_role("row", name="Patient 1 0 0")).to_be_visible()
    indexed.wait_until_indexed()
    expect(page.get_by_text("The index is up to date")).to_be_visible()
    expect(page.get_by_text("None", exact=True)).to_have_count(0)  # what a page's own line comes to isn't written on it

    page.get_by_role("link", name="Go to the patients (1 imported)").click()
    page.get_by_role("textbox", name="Find a patient").press_sequentially("zeterqvist", delay=20)
    page.get_by_role("link", name="ZETTERQVIST, Åsa").click()
    expect(page.get_by_role("region", name="Patient")).to_contain_text("ZETTERQVIST, Åsa")
    page.get_by_role("link", name="Search this record").click()
    ask(page, "diabetes")
    expect(page.locator(".fb-card mark").first).to_contain_text("diabetes", ignore_case=True)


def test_files_that_are_none(console: Console, page: Page, tmp_path: Path) -> None:
    contents = {
        "scan.json": b"%PDF-1.7\n1 0 obj",
        "empty.ndjson": b"",
        "table.json": b"id,name\n1,Marsh\n",
        "odd.json": b'{"resourceType": "Patient", "name": "Marsh"}',
    }
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    sign_in(page, console, "/import")
    upload(page, *(tmp_path / name for name in contents))
    expect(page.get_by_role("row", name="scan.json")).to_contain_text("The PDF is broken")
    expect(page.get_by_role("row", name="empty.ndjson")).to_contain_text("The file is empty")
    expect(page.get_by_role("row", name="table.json")).to_contain_text("This is not JSON")
    expect(page.get_by_role("row", name="odd.json")).to_contain_text("has no id")
    expect(page.get_by_role("button", name="Import 0 of 4 files")).to_be_disabled()
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_summary_and_a_note_of_a_patient(console: Console, page: Page, tmp_path: Path) -> None:
    (tmp_path / "summary.xml").write_bytes(samples.document())
    (tmp_path / "call.txt").write_text("Telephone call. Reports palpitations since Monday.", "utf-8")
    sign_in(page, console, "/import")
    upload(page, tmp_path / "summary.xml", tmp_path / "call.txt")
    expect(page.get_by_role("row", name="summary.xml")).to_contain_text("BRENNINKMEYER, Odalys")
    expect(page.get_by_role("row", name="call.txt")).to_contain_text("choose the patient")
    expect(page.get_by_role("button", name="Import 1 of 2 files")).to_be_enabled()
    assert not violations(page)

    page.get_by_label("Patient", exact=True).press_sequentially("marsh", delay=20)
    page.get_by_role("button", name="MARSH, Eleanor").first.click()
    expect(page.get_by_role("row", name="call.txt")).to_contain_text("MARSH, Eleanor")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("24 stored, 0 unchanged, 0 refused, from 2 files")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("row", name="Plan")).to_contain_text("kept as text")
    page.get_by_role("link", name="BRENNINKMEYER, Odalys").click()
    expect(page.get_by_role("region", name="Patient")).to_contain_text("penicillin G")
