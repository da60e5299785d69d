"""How long a prescription lasts, and how much of the drug a day it gives."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.bots.clinical_decision_support.preventive.facts import Fact
from services.bots.clinical_decision_support.preventive.truth import (
    DAY,
    FOREVER,
    LAST,
    Span,
    Truth,
    everyone,
    span,
    within,
)
from services.index.text import values
from services.knowledge.units import convert, normalise_unit

_DAYS = {"s": 1 / 86400, "min": 1 / 1440, "h": 1 / 24, "d": 1.0, "wk": 7.0, "mo": 30.0, "a": 365.0}


def taken(fact: Fact, strict: bool, days: tuple[dt.date, dt.date]) -> Truth:
    """Whether the medicine's period overlaps the days.

    Local, unless strict: an active prescription that tells no supply is taken as still in use.
    """
    if fact.type == "MedicationStatement":
        if fact.end is None and fact.status == "active":
            return _overlap(fact.start, FOREVER, days)
        return fact.overlaps(days)
    told = period(fact)
    if told is None and not strict and fact.status == "active":
        return _overlap(fact.start, FOREVER, days)
    return False if told is None else _overlap(*told, days)


def within_window(fact: Fact, days: tuple[dt.date, dt.date]) -> Truth:
    """Whether the whole of a prescription's period lies in the days."""
    told = period(fact)
    if told is None:
        return False
    return everyone((within(told[0], *days), within(told[1], *days)))


def period(fact: Fact) -> tuple[Span, Span] | None:
    """First and last day of a prescription by its supply, refills included; None where that isn't told."""
    bounds = _bounds(fact)
    valid = values.obj(values.obj(fact.resource.get("dispenseRequest")).get("validityPeriod"))
    start = span(values.iso(bounds.get("start"))) or fact.start or span(values.iso(valid.get("start")))
    if start is None:
        return None
    supply = days_supplied(fact)
    if supply is not None:
        length = (min(supply, 40_000) - 1) * DAY
        if LAST - start.last < length:
            return start, FOREVER
        return start, Span(start.first + length, start.last + length)
    end = span(values.iso(bounds.get("end")))
    return (start, end) if end else None


def days_supplied(fact: Fact) -> int | None:
    """Days of supply, all refills included."""
    dispense = values.obj(fact.resource.get("dispenseRequest"))
    refills = max(0, int(values.amount(dispense.get("numberOfRepeatsAllowed")) or 0))
    expected = values.obj(dispense.get("expectedSupplyDuration"))
    amount, unit = (
        values.amount(expected.get("value")),
        values.code(expected.get("code")) or values.string(expected.get("unit")),
    )
    each = None if amount is None else convert(amount, {"days": "d", "day": "d"}.get(unit, unit), "d")
    if each is None:
        each = _by_quantity(fact, dispense)
    return None if each is None or each <= 0 or each > 40_000 else max(1, round(each * (1 + refills)))


def refills(fact: Fact) -> int:
    """Refills allowed."""
    allowed = values.amount(values.obj(fact.resource.get("dispenseRequest")).get("numberOfRepeatsAllowed"))
    return max(0, int(allowed or 0))


def quantity(fact: Fact) -> float | None:
    """What one dispense gives, in units of the form (tablets)."""
    return values.amount(
        values.obj(values.obj(fact.resource.get("dispenseRequest")).get("quantity")).get("value")
    )


def begins(fact: Fact) -> Span | None:
    """Its first day by the dosage's bounds, else the day when it was written."""
    return span(values.iso(_bounds(fact).get("start"))) or fact.start


def _by_quantity(fact: Fact, dispense: dict[str, Any]) -> float | None:
    amount = values.amount(values.obj(dispense.get("quantity")).get("value"))
    lines = values.objs(fact.resource.get("dosageInstruction"))
    if amount is None or len(lines) != 1:
        return None
    rates = values.objs(lines[0].get("doseAndRate"))
    given = values.obj(rates[0].get("doseQuantity")) if rates else {}
    dose = values.amount(given.get("value"))
    if normalise_unit(values.code(given) or values.string(given.get("unit"))) in ("mg", "ug", "g", "mL"):
        unit = values.obj(dispense.get("quantity"))
        if (values.code(unit) or values.string(unit.get("unit"))) != (
            values.code(given) or values.string(given.get("unit"))
        ):
            return None  # milligrams of tablets: not a number of days
    repeat = values.obj(values.obj(lines[0].get("timing")).get("repeat"))
    times, period_ = values.amount(repeat.get("frequency")), values.amount(repeat.get("period"))
    unit = _DAYS.get(values.string(repeat.get("periodUnit")))
    daily = times / (period_ * unit) if times and period_ and unit else 1.0
    return amount / (dose * daily) if dose and dose > 0 and daily > 0 else None


def _bounds(fact: Fact) -> dict[str, Any]:
    for line in values.objs(fact.resource.get("dosageInstruction")):
        repeat = values.obj(values.obj(line.get("timing")).get("repeat"))
        if bounds := values.obj(repeat.get("boundsPeriod")):
            return bounds
    return {}


def _overlap(start: Span | None, end: Span, days: tuple[dt.date, dt.date]) -> Truth:
    first, last = days
    if start is None:
        return None
    if start.first > last or end.last < first:
        return False
    return True if start.last <= last and end.first >= first else None
