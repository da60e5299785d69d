"""Dates and ages, as the screen has them."""

import datetime as dt

import pytest

from services.console.dates import age, show_date, show_moment


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("1945-07-14", "14-Jul-1945"),
        ("2026-11-21T15:30:00Z", "21-Nov-2026"),
        ("1945-07", "Jul-1945"),
        ("1945", "1945"),
        ("", "Not Known"),
        (None, "Not Known"),
        ("unknown", "Not Known"),
        ("2024-13-01", "2024"),
    ],
)
def test_date_keeps_its_precision(value: str | None, shown: str) -> None:
    assert show_date(value) == shown


@pytest.mark.parametrize(
    ("value", "zone", "shown"),
    [
        ("2026-11-21T15:30:00Z", "UTC", "21-Nov-2026 15:30"),
        ("2026-11-21T23:30:00Z", "Europe/Berlin", "22-Nov-2026 00:30"),
        ("2026-11-21T23:30:00-05:00", "UTC", "22-Nov-2026 04:30"),
        ("2026-11-21T15:30:00.123+00:00", "UTC", "21-Nov-2026 15:30"),
        ("2026-11-21", "America/New_York", "21-Nov-2026"),
        ("2026-11", "UTC", "Nov-2026"),
        ("2026-11-21T99:99", "UTC", "21-Nov-2026"),
        (None, "UTC", "Not Known"),
    ],
)
def test_moment_is_in_the_clinics_zone(value: str | None, zone: str, shown: str) -> None:
    assert show_moment(value, zone) == shown


@pytest.mark.parametrize(
    ("born", "at", "shown"),
    [
        ("1945-07-14", "2026-11-21", "81y"),
        ("1945-07-14", "2026-07-13", "80y"),
        ("2026-11-09", "2026-11-21", "12d"),
        ("2026-11-21", "2026-11-21", "0d"),
        ("2025-09-21", "2026-11-21", "14m"),
        ("2025-09-22", "2026-11-21", "13m"),
        ("2026-10-22", "2026-11-21", "30d"),
        ("2024-11-21", "2026-11-20", "23m"),
        ("2024-11-21", "2026-11-21", "2y"),
        ("2004-02-29", "2026-02-28", "21y"),
        ("2004-02-29", "2026-03-01", "22y"),
        ("1945-07", "2026-11-21", ""),
        ("2027-01-01", "2026-11-21", ""),
        (None, "2026-11-21", ""),
        ("rubbish", "2026-11-21", ""),
    ],
)
def test_age(born: str | None, at: str, shown: str) -> None:
    assert age(born, dt.date.fromisoformat(at)) == shown
