"""The home page: what waits for somebody today, each part by itself."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest

from services.console import today
from services.demo import patients
from services.demo.day import appointments
from services.errors import StoreUnavailable
from services.runtime.system import System
from tests.console.world import put
from tests.pages.conftest import OPEN, said


def test_the_day_in_one_look(open_page: OPEN, world: System) -> None:
    now = dt.datetime.now(dt.UTC)
    about = {"resourceType": "Appointment", "start": now.isoformat(), "end": now.isoformat(),
             "participant": [{"actor": {"reference": "Patient/marsh"}, "status": "accepted"}]}  # fmt: skip
    put(world, {**about, "id": "seen", "status": "arrived", "description": "Knee pain"},
        {**about, "id": "off", "status": "cancelled", "description": "Called off"},
        {**about, "id": "later", "status": "booked", "description": "In a week",
         "start": (now + dt.timedelta(days=7)).isoformat()})  # fmt: skip
    words = said(open_page(""))
    assert "Today, " in words and "MARSH, Eleanor" in words and "Knee pain" in words and "Arrived" in words
    assert "Called off" not in words and "In a week" not in words
    assert "Waiting for approval" in words and "Not yet coded" in words


def test_a_part_that_fails_does_not_take_the_others(open_page: OPEN, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StoreUnavailable("The record is away.")

    monkeypatch.setattr(today.findings, "worklist", fail)
    words = said(open_page(""))
    assert "The record is away." in words and "Waiting for approval" in words


def test_a_name_or_words_lead_on(open_page: OPEN) -> None:
    page = open_page("")
    page.text_input(key="home-words").set_value("okonkwo").run()
    words = said(page)
    assert "/patient?patient=okonkwo" in words and "/search?q=okonkwo" in words
    page.text_input(key="home-words").set_value("<b>zzz").run()
    assert "No patient is called so." in said(page) and "&lt;b&gt;zzz" in said(page)


def test_who_may_only_read_sees_no_work_of_others(open_page: OPEN) -> None:
    words = said(open_page("", "read-only"))
    assert "My unsigned notes" not in words and "Not yet coded" not in words and "Today, " in words


def test_the_demo_has_a_morning() -> None:
    day, ids = dt.date(2026, 11, 22), {person.id for person in patients()}
    made = list(appointments(day, zoneinfo.ZoneInfo("Europe/Berlin")))
    assert len(made) > 5 and made == list(appointments(day, zoneinfo.ZoneInfo("Europe/Berlin")))
    assert all(a["participant"][0]["actor"]["reference"].removeprefix("Patient/") in ids for a in made)
    assert made[0]["start"] == "2026-11-22T08:20:00+01:00"
