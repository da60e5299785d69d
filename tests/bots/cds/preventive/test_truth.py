"""Dates that are vague, windows, ages, three-valued logic, and how long a prescription lasts."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.bots.clinical_decision_support.preventive.facts import Fact, fact
from services.bots.clinical_decision_support.preventive.medicines import days_supplied, period
from services.bots.clinical_decision_support.preventive.truth import (
    BEFORE,
    EVER,
    LAST,
    Frame,
    Window,
    age_on,
    anyone,
    birthday,
    everyone,
    months_from,
    span,
    within,
)
from tests.bots.cds.preventive.builder import cond, med

FRAME = Frame(dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC))
STRICT = Frame(FRAME.as_of, True)
day = dt.date.fromisoformat


@pytest.mark.parametrize(("window", "first", "last"), [
    (Window(), "2026-01-01", "2026-12-31"), (Window(108), "2017-01-01", "2026-12-31"), (Window(15), "2024-10-01", "2026-12-31"),
    (Window(12, 0), "2025-01-01", "2025-12-31"), (Window(0, 6), "2026-01-01", "2026-06-30"), (BEFORE, "0001-01-01", "2025-12-31"),
    (EVER, "0001-01-01", "2026-12-31"), (Window(6), "2025-07-01", "2026-12-31"), (Window(12, rolling=True), "2025-07-01", "2026-06-30"),
])  # fmt: skip
def test_windows(window: Window, first: str, last: str) -> None:
    assert window.days(FRAME) == (day(first), day(last))


@pytest.mark.parametrize(("window", "told"), [
    (Window(), "in 2026"), (Window(12, 0), "in 2025"), (EVER, "in the record"), (BEFORE, "before 01-Jan-2026"),
    (Window(15), "since 01-Oct-2024"), (Window(0, 6), "since 01-Jan-2026"), (Window(0, 3), "from 01-Jan-2026 to 31-Mar-2026"),
    (Window(12, rolling=True), "since 01-Jul-2025"), (Window(24), "since 01-Jan-2024"),
])  # fmt: skip
def test_windows_are_told_by_their_dates(window: Window, told: str) -> None:
    assert window.told(FRAME) == told


@pytest.mark.parametrize(("written", "inside"), [
    ("2017-01-01", True), ("2016-12-31", False), ("2017", True), ("2016", False), ("2017-01", True), (None, None),
    ("2016-12-31T23:59:59Z", False), ("2026-12-31T23:59:59-05:00", True),
])  # fmt: skip
def test_a_date_lies_in_the_window_wholly_or_not_for_sure(written: str | None, inside: bool | None) -> None:
    assert within(span(written), *Window(108).days(FRAME)) is inside


def test_a_year_that_straddles_a_window_is_unknown() -> None:
    assert within(span("2024"), *Window(15).days(FRAME)) is None


@pytest.mark.parametrize(("back", "done", "until"), [
    (0, "2026-03-01", "2027-01-01"), (108, "2020-05-10", "2030-01-01"), (48, "2024-12-31", "2029-01-01"), (24, "2024-01-01", "2027-01-01"),
    (15, "2025-09-30", "2027-01-01"), (15, "2025-10-01", "2028-01-01"),
])  # fmt: skip
def test_how_many_years_an_event_carries(back: int, done: str, until: str) -> None:
    assert Window(back).until_when(day(done), FRAME) == day(until)


def test_ever_never_lapses_and_a_rolling_window_lapses_on_its_day() -> None:
    assert EVER.until_when(day("1990-01-01"), FRAME) == LAST
    assert Window(12, rolling=True).until_when(day("2025-07-01"), FRAME) == day("2026-07-01")


@pytest.mark.parametrize(("born", "on", "age"), [
    ("1980-06-15", "2026-06-14", 45), ("1980-06-15", "2026-06-15", 46), ("2000-02-29", "2026-02-28", 25), ("2000-02-29", "2026-03-01", 26),
    ("2000-02-29", "2024-02-29", 24),
])  # fmt: skip
def test_ages(born: str, on: str, age: int) -> None:
    assert age_on(day(born), day(on)) == age


@example(dt.date(2000, 2, 29), 25)
@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)), st.integers(0, 100))
def test_a_birthday_is_the_first_day_of_that_age(born: dt.date, years: int) -> None:
    reached = birthday(born, years)
    assert age_on(born, reached) == years
    assert years == 0 or age_on(born, reached - dt.timedelta(days=1)) == years - 1


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)), st.integers(-600, 600))
def test_months_keep_the_day_where_the_month_has_it(start: dt.date, months: int) -> None:
    moved = months_from(start, months)
    assert (moved.year * 12 + moved.month) - (start.year * 12 + start.month) == months
    assert moved.day == min(start.day, moved.day) and (moved.day == start.day or moved.day >= 28)


@given(st.lists(st.sampled_from([True, False, None])))
def test_kleene_logic(truths: list[bool | None]) -> None:
    turned = [None if t is None else not t for t in truths]
    both, either = everyone(truths), anyone(turned)
    assert both is (None if either is None else not either)  # De Morgan
    assert (both is True) == all(t is True for t in truths)


YEAR = (day("2026-01-01"), day("2026-12-31"))


def of(resource: dict, frame: Frame = STRICT) -> Fact:
    made = fact(resource | {"id": "x"}, "1", frame)
    assert made is not None
    return made


@pytest.mark.parametrize(("condition", "overlaps"), [
    (cond("icd:E11.9", "2015-01-01"), True), (cond("icd:E11.9", "2015-01-01", state="relapse"), True),
    (cond("icd:E11.9", "2015-01-01", "2025-12-31", "resolved"), False), (cond("icd:E11.9", "2015-01-01", "2026-01-01", "resolved"), True),
    (cond("icd:E11.9", "2015-01-01", "2025-12-31"), False),  # active, yet abated
    (cond("icd:E11.9", "2015-01-01", state="resolved"), None), (cond("icd:E11.9", "2015-01-01", state=None), None),
    (cond("icd:E11.9", "2026-03-01", state="resolved"), True),  # it began in the year
    (cond("icd:E11.9", "2027-03-01", state="resolved"), False), (cond("icd:E11.9", None), None),
    (cond("icd:E11.9", "2025", "2026", "resolved"), True),
])  # fmt: skip
def test_prevalence(condition: dict, overlaps: bool | None) -> None:
    assert of(condition).overlaps(YEAR) is overlaps


def test_local_prevalence_takes_the_recorded_date_and_a_missing_status_as_active() -> None:
    assert of(cond("icd:E11.9", None, recordedDate="2020-01-01"), FRAME).overlaps(YEAR) is True
    assert of(cond("icd:E11.9", "2015-01-01", state=None), FRAME).overlaps(YEAR) is True
    assert of(cond("icd:E11.9", None), FRAME).overlaps((day("2026-06-30"), day("2026-06-30"))) is True
    assert of(cond("icd:E11.9", None), FRAME).overlaps((day("2025-01-01"), day("2025-12-31"))) is None


TABLETS = [
    {
        "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
        "doseAndRate": [{"doseQuantity": {"value": 1}}],
    }
]
MILLIGRAMS = [{"doseAndRate": [{"doseQuantity": {"value": 5, "unit": "mg", "code": "mg"}}]}]
BOUNDS = [{"timing": {"repeat": {"boundsPeriod": {"start": "2026-02-01", "end": "2026-03-31"}}}}]


@pytest.mark.parametrize(("request_", "days", "last"), [
    (med("atorvastatin", "2026-01-01", days=30), 30, "2026-01-30"),
    (med("atorvastatin", "2026-01-01", days=30, refills=2), 90, "2026-03-31"),
    (med("atorvastatin", "2026-01-01", quantity=60, dosageInstruction=TABLETS), 30, "2026-01-30"),
    (med("atorvastatin", "2026-01-01", quantity=60, dosageInstruction=[{"doseAndRate": [{"doseQuantity": {"value": 1}}]}]), 60, "2026-03-01"),
    (med("atorvastatin", "2026-01-01", quantity=60, dosageInstruction=MILLIGRAMS), None, None),  # milligrams of tablets
    (med("atorvastatin", "2026-01-01", dosageInstruction=BOUNDS), None, "2026-03-31"),
    (med("atorvastatin", "2026-01-01", days=10, dosageInstruction=BOUNDS), 10, "2026-02-10"),  # from the bounds' start
    (med("atorvastatin", "2026-01-01"), None, None), (med("atorvastatin", "2026-01-01", days=0), None, None),
])  # fmt: skip
def test_how_long_a_prescription_lasts(request_: dict, days: int | None, last: str | None) -> None:
    made = of(request_)
    assert days_supplied(made) == days
    told = period(made)
    assert (told and told[1].last) == (day(last) if last else None)
