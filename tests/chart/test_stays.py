"""Which encounters make one stay, and how entries of foreign records are dated and named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from services.accounts.roles import Principal
from services.chart.chart import Chart
from services.chart.stays import intensive_stays, stays, units
from services.runtime.system import System
from tests.bots.rag.conftest import make  # noqa: F401 (fixture)
from tests.index.conftest import patient

Make = Callable[..., System]
SUBJECT = {"subject": {"reference": "Patient/p1"}}


def visit(identity: str, symbol: str, start: str, end: str | None = None, **more: Any) -> dict:
    period = {"start": start} | ({"end": end} if end else {})
    status = "finished" if end else "in-progress"
    return {
        "resourceType": "Encounter",
        "id": identity,
        "status": status,
        "class": {"code": symbol},
        "period": period,
        **SUBJECT,
        **more,
    }


@pytest.fixture
def chart(make: Make) -> Callable[..., Chart]:  # noqa: F811
    def of(*resources: dict) -> Chart:
        system = make([patient(), *resources])
        context = system.context(Principal("c1", "user", "Casey Clinician", "clinician"))
        return context.charts.open(context.repository, "p1", dt.date(2190, 1, 1))

    return of


def test_the_emergency_visit_before_an_admission_belongs_to_the_stay(chart: Callable[..., Chart]) -> None:
    found = stays(chart(
        visit("ed", "EMER", "2181-01-01T22:00:00Z", "2181-01-02T03:00:00Z"),
        visit("in", "IMP", "2181-01-02T03:00:00Z", "2181-01-05T10:00:00Z"),
        visit("alone", "EMER", "2182-01-01T22:00:00Z", "2182-01-01T23:00:00Z"),
    ))  # fmt: skip
    assert [(s.main.id, s.start, s.end) for s in found] == [
        ("in", "2181-01-01T22:00:00Z", "2181-01-05T10:00:00Z")
    ]


def test_a_return_that_is_called_a_part_is_a_stay_of_its_own(chart: Callable[..., Chart]) -> None:
    found = stays(chart(
        visit("first", "IMP", "2181-01-02T03:00:00Z", "2181-01-05T10:00:00Z"),
        visit("again", "IMP", "2181-01-20T03:00:00Z", "2181-01-22T10:00:00Z", partOf={"reference": "Encounter/first"}),
    ))  # fmt: skip
    assert [(s.main.id, s.end) for s in found] == [("first", "2181-01-05T10:00:00Z"), ("again", "2181-01-22T10:00:00Z")]


def test_a_unit_inside_a_stay_is_no_second_stay(chart: Callable[..., Chart]) -> None:
    part = {"partOf": {"reference": "Encounter/in"}, "type": [{"text": "Intensive care"}]}
    found = chart(
        visit("in", "IMP", "2181-01-02T03:00:00Z", "2181-01-09T10:00:00Z"),
        visit("icu", "IMP", "2181-01-03T03:00:00Z", "2181-01-05T10:00:00Z", **part),
    )
    assert [s.main.id for s in stays(found)] == ["in"]
    assert [s.main.id for s in intensive_stays(found)] == ["icu"]


def test_a_stay_that_kept_the_class_of_its_door(chart: Callable[..., Chart]) -> None:
    found = stays(chart(visit("e", "EMER", "2181-01-02T03:00:00Z", "2181-01-09T10:00:00Z")))
    assert [s.main.id for s in found] == ["e"]


def test_units_are_in_the_order_of_the_stay(chart: Callable[..., Chart]) -> None:
    places = [
        {"location": {"display": "Ward B"}, "period": {"start": "2181-01-04T00:00:00Z"}},
        {
            "location": {"display": "CCU"},
            "period": {"start": "2181-01-02T03:00:00Z", "end": "2181-01-04T00:00:00Z"},
        },
    ]
    found = chart(visit("in", "IMP", "2181-01-02T03:00:00Z", "2181-01-09T10:00:00Z", location=places))
    assert [name for name, _, _ in units(found, found.entries("encounter")[0])] == ["CCU", "Ward B"]
    assert [s.start for s in intensive_stays(found)] == ["2181-01-02T03:00:00Z"]


def test_what_has_no_date_is_dated_by_its_encounter(chart: Callable[..., Chart]) -> None:
    condition = {
        "resourceType": "Condition",
        "id": "c",
        "code": {"text": "Gout"},
        "encounter": {"reference": "Encounter/in"},
        **SUBJECT,
    }
    found = chart(visit("in", "IMP", "2181-01-02T03:00:00Z", "2181-01-09T10:00:00Z"), condition)
    assert found.entries("condition")[0].date == "2181-01-02T03:00:00Z"
    assert stays(found)[0].holds(found.entries("condition")[0])


def test_devices_are_found_though_no_compartment_holds_them(chart: Callable[..., Chart]) -> None:
    device = {
        "resourceType": "Device",
        "id": "d",
        "status": "active",
        "patient": {"reference": "Patient/p1"},
        "type": {"text": "Walker"},
    }
    other = device | {"id": "e", "patient": {"reference": "Patient/p2"}}
    assert [e.name for e in chart(patient("p2"), device, other).entries("device")] == ["Walker"]


def test_an_active_order_does_not_end_when_it_may_no_longer_be_filled(chart: Callable[..., Chart]) -> None:
    def order(identity: str, status: str) -> dict:
        valid = {"validityPeriod": {"start": "2181-01-01", "end": "2181-02-01"}}
        return {"resourceType": "MedicationRequest", "id": identity, "status": status, "intent": "order", "dispenseRequest": valid,
                "medicationCodeableConcept": {"text": "Digoxin"}, "authoredOn": "2181-01-01", **SUBJECT}  # fmt: skip

    entries = {
        e.id: e.end for e in chart(order("held", "active"), order("over", "completed")).entries("medication")
    }
    assert entries == {"held": None, "over": "2181-02-01"}
