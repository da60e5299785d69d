"""The audit page, and that what pages show is in the trail: once for each opening."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3

import pytest
from streamlit.testing.v1 import AppTest

from services.console import audit
from services.errors import Forbidden, StoreUnavailable
from services.runtime.system import System
from tests.console.world import ADMIN
from tests.pages.conftest import OPEN, PASSWORD, said


def views(world: System) -> list[tuple[str, list[str], str]]:
    """(page, patients, who) of each page view, the oldest first."""
    found = []
    for body in world.ledger.events():
        event = json.loads(body)
        if event.get("subtype", [{}])[0].get("code") != "page_view":  # signing in is told, too
            continue
        page = event["entity"][-1]["detail"][0]["valueString"]
        patients = [e["what"]["reference"] for e in event["entity"] if "what" in e]
        found.append((page, patients, event["agent"][0]["who"]["display"]))
    return found


def press(test: AppTest, label: str) -> AppTest:
    next(b for b in test.button if b.label == label).click().run()
    return test


def test_a_patients_page_is_told_once_for_each_opening(open_page: OPEN, world: System) -> None:
    before = len(views(world))
    test = open_page("search", patient="marsh")
    test.run()
    test.run()
    assert views(world)[before:][-1] == ("search", ["Patient/marsh"], "The clinician")
    opened = [v for v in views(world)[before:] if v[0] == "search"]
    assert len(opened) == 1
    test.query_params["patient"] = "okonkwo"
    test.run()
    test.query_params["patient"] = "marsh"
    test.run()
    del test.query_params["patient"]
    test.run()  # all patients
    test.query_params["patient"] = "marsh"
    test.run()
    opened = [v[1] for v in views(world)[before:] if v[0] == "search"]
    assert opened == [["Patient/marsh"], ["Patient/okonkwo"], ["Patient/marsh"], ["Patient/marsh"]]


def test_lists_name_each_patient_that_they_show(open_page: OPEN, world: System) -> None:
    def told() -> list[list[str]]:
        return [about for page, about, _ in views(world) if page == "patients"]

    before = len(told())
    test = open_page("patients")
    assert {"Patient/brandt", "Patient/marsh", "Patient/okonkwo"} <= set(told()[before])
    test.run()
    assert len(told()) == before + 1
    open_page("search", q="potassium")
    assert "Patient/okonkwo" in views(world)[-1][1]


def test_what_cannot_be_told_is_not_shown(
    open_page: OPEN, world: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StoreUnavailable("The audit trail can't be written just now. Try again.")

    monkeypatch.setattr(world.audit._commit, "write", full)
    words = said(open_page("search", patient="marsh"))
    assert "can't be written" in words and "MARSH" not in words and "Codeine" not in words


def test_the_page_says_who_did_what(open_page: OPEN, world: System) -> None:
    world.audit.write(
        "command_blocked", outcome="4", agent=ADMIN, patient_id="marsh", description="secret words"
    )
    words = said(open_page("audit", "administrator", kind="Command blocked"))
    assert all(
        w in words for w in ("Ann Admin", "Command blocked", "MARSH, Eleanor", "Failed", 'scope="col"')
    )
    assert "secret words" not in words
    other = said(open_page("audit", "administrator", kind="Command blocked", about="Brandt"))
    assert "No such events." in other
    later = said(open_page("audit", "administrator", since="2199-01-01"))
    assert "No such events." in later


def test_an_event_opens_beside_the_list(open_page: OPEN, world: System) -> None:
    made = world.audit.write("error", agent="System/test", patient_id="marsh")
    words = said(open_page("audit", "administrator", open=f"AuditEvent/{made}"))
    assert made in words and "AuditEvent as FHIR JSON" in words
    assert "There is no AuditEvent" in said(open_page("audit", "administrator", open="AuditEvent/none"))


def test_pages_of_events(open_page: OPEN, world: System) -> None:
    for _ in range(audit.FIRST + 3):
        world.audit.write("llm_request", agent="System/test")
    test = open_page("audit", "administrator", kind="Model asked")
    assert f"Events 1 to {audit.FIRST}" in said(test)
    assert f"Events {audit.FIRST + 1} to" in said(press(test, "Older"))
    assert f"Events 1 to {audit.FIRST}" in said(press(test, "Newer"))


def test_verification_by_the_button(open_page: OPEN, world: System) -> None:
    test = open_page("audit", "administrator")
    check = audit.verify_now(ADMIN)
    assert check.thread is not None
    check.thread.join(30)
    assert "all" in said(test.run()) and "as they were written" in said(test)
    told = world.ledger.last_check()
    assert told is not None and told["ok"] and told["size"] <= world.ledger.size()


def test_a_wrong_entry_is_named(open_page: OPEN, world: System) -> None:
    made = world.audit.write("error", agent="System/test")
    entry = world.ledger.entry_of(made)
    connection = sqlite3.connect(world.database.path, isolation_level=None)
    body = connection.execute("SELECT body FROM resource WHERE id=?", (made,)).fetchone()[0]
    try:
        connection.execute(
            "UPDATE resource SET body=? WHERE id=?", (body.replace(b"System", b"sYstem"), made)
        )
        check = audit.verify_now(ADMIN)
        assert check.thread is not None
        check.thread.join(30)
        assert f"WRONG at entry {entry}" in said(open_page("audit", "administrator")).replace("\\", "")
    finally:
        connection.execute("UPDATE resource SET body=? WHERE id=?", (body, made))
        connection.close()
    again = audit.verify_now(ADMIN)
    assert again.thread is not None
    again.thread.join(30)
    assert audit.ledger_line(ADMIN)[1] is False


def test_export_and_checkpoint(world: System) -> None:
    made = world.audit.write("error", outcome="8", agent=ADMIN, patient_id="okonkwo")
    wanted = audit.wanted_of(ADMIN, "okonkwo", "", ADMIN.reference, "error", True, dt.date(2000, 1, 1), None)
    exported = [json.loads(line) for line in audit.export(ADMIN, wanted).splitlines()]
    assert [e["id"] for e in exported] == [made] == [line.id for line in audit.events(ADMIN, wanted)[0]]
    assert audit.checkpoint(ADMIN).split("\n")[1] == str(world.ledger.size())


def test_others_see_nothing_of_it(open_page: OPEN, world: System) -> None:
    assert "may not use this page" in said(open_page("audit", "clinician"))
    clinician = world.accounts.check_password("clinician@example.com", PASSWORD)
    for attempt in (
        lambda: audit.events(clinician, None),  # pyright: ignore[reportArgumentType]
        lambda: audit.ledger_line(clinician),
        lambda: audit.verify_now(clinician),
        lambda: audit.checkpoint(clinician),
        lambda: audit.export(clinician, None),  # pyright: ignore[reportArgumentType]
        lambda: audit.people(clinician),
    ):
        with pytest.raises(Forbidden):
            attempt()
