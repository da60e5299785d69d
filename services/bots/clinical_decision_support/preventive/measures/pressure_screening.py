"""Blood pressure screening and follow-up at each visit: CMS22."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from services.bots.clinical_decision_support.preventive.criteria import Age, Computed, Only, View
from services.bots.clinical_decision_support.preventive.events import INTENTS
from services.bots.clinical_decision_support.preventive.facts import Fact
from services.bots.clinical_decision_support.preventive.matching import sets_of
from services.bots.clinical_decision_support.preventive.measures.cardiovascular import Pressure, pressures
from services.bots.clinical_decision_support.preventive.measures.shared import diagnosed, lapsed
from services.bots.clinical_decision_support.preventive.model import Finding
from services.bots.clinical_decision_support.preventive.rules import CMS, Named, Rule
from services.bots.clinical_decision_support.preventive.truth import DAY, EVER, YEAR, months_from, within
from services.index.text import values

ELEMENTS = {
    "bp-rescreen": "rescreening",
    "bp-four-week": "follow-up within four weeks",
    "bp-lifestyle": "change of lifestyle",
    "bp-workup": "laboratory test or ECG",
    "antihypertensive": "antihypertensive",
    "bp-referral": "referral",
}
"""What is ordered after a reading, and its words."""
FOLLOW_UP_DAYS = 30  # local: how long after a reading its follow-up is looked for


@dataclass(frozen=True, slots=True)
class Need:
    """What one class of reading asks for: (value set, whether within the visit rather than the year)."""

    told: str
    elements: tuple[tuple[str, bool], ...]


def needed(reading: Pressure, before: Pressure | None) -> Need | None:
    """The class of a complete reading, given the last one of the year before it; None where it fits no class.

    The published bands leave gaps: a systolic of 129.4 with a low diastolic is neither elevated nor hypertensive.
    """
    high, low = reading.systolic or 0, reading.diastolic or 0
    if high < 120 and low < 80:
        return Need("normal", ())
    if 120 <= high <= 129 and low < 80:
        return Need("elevated", (("bp-rescreen", True), ("bp-lifestyle", True)))
    if high < 130 and low < 80:
        return None
    again = before is not None and ((before.systolic or 0) >= 130 or (before.diastolic or 0) >= 80)
    if not again:
        return Need("high for the first time", (("bp-four-week", True), ("bp-lifestyle", False)))
    if high >= 140 or low >= 90:
        return Need(
            "140/90 or more again",
            (
                ("bp-four-week", True),
                ("bp-workup", False),
                ("bp-lifestyle", False),
                ("antihypertensive", False),
            ),
        )
    return Need("high again", (("bp-rescreen", True), ("bp-workup", False), ("bp-lifestyle", False)))


def _followed(view: View) -> Finding:
    return _each_visit(view) if view.strict else _latest_reading(view)


def _visits(view: View) -> list[Fact]:
    return [
        v for v in view.record.of_type.get("Encounter", ())
        if v.status == "finished" and within(v.latest, *YEAR.days(view.frame))
        and not any(values.code(c).upper() == "VR" for c in values.many(v.resource.get("class")))
    ]  # fmt: skip


def _attended(view: View) -> Finding:
    found = _visits(view)
    return (
        Finding(True, (found[-1].evidence(),))
        if found
        else Finding(False, why="no visit in person in the year")
    )


def _each_visit(view: View) -> Finding:
    """Every visit of the year in person is a case of its own: all must be met, else excepted."""
    every = pressures(view)
    unmet: Finding | None = None
    newest: Finding | None = None
    for visit in _visits(view):
        if not visit.start or not visit.latest:
            continue
        days = (visit.start.first, visit.latest.last)
        if _passed_over(view, days):
            continue
        readings = [p for p in every if days[0] <= p.day <= days[1]]
        found = (
            _judge(view, every, readings[-1], days)
            if readings
            else Finding(
                False, (visit.evidence(),), f"no blood pressure at the visit of {values.date(visit.raw)}"
            )
        )
        newest, unmet = found, found if found.truth is not True else unmet
    return unmet or newest or Finding(False, why="no visit that counts")


def _none_counts(view: View) -> Finding:
    """Every visit of the year comes after hypertension was diagnosed, or is excepted."""
    found = _visits(view)
    kept = [
        v for v in found if v.start and v.latest and not _passed_over(view, (v.start.first, v.latest.last))
    ]
    return Finding(bool(found) and not kept, tuple(v.evidence() for v in found[-1:]))


def _passed_over(view: View, days: tuple[dt.date, dt.date]) -> bool:
    return _hypertensive(view, days[1]) or _excused(view, days)


def _latest_reading(view: View) -> Finding:
    """Local: the latest reading of the year, followed up within 30 days."""
    every = pressures(view)
    first, last = YEAR.days(view.frame)
    found = [p for p in every if first <= p.day <= last]
    if not found:
        return lapsed(f"no blood pressure in {view.frame.today.year}", every[-1].facts if every else ())
    reading = found[-1]
    return _judge(view, every, reading, (reading.day, reading.day + FOLLOW_UP_DAYS * DAY))


def _judge(view: View, every: list[Pressure], reading: Pressure, days: tuple[dt.date, dt.date]) -> Finding:
    evidence = tuple(f.evidence() for f in reading.facts)
    told = f"{reading.shown} mmHg of {values.date(reading.day.isoformat())}"
    if not reading.complete or not reading.systolic or not reading.diastolic:
        return Finding(None, evidence, f"the reading {told} lacks a value or its unit", last=reading.day)
    earlier = [
        p
        for p in every
        if p is not reading and months_from(days[0], -12) <= p.day <= days[0] and p.day < reading.day
    ]
    need = needed(reading, earlier[-1] if earlier else None)
    until = YEAR.until_when(reading.day, view.frame)
    if need is not None and not need.elements:
        return Finding(True, evidence, last=reading.day, until=until)
    year = YEAR.days(view.frame)
    referral = _ordered(view, "bp-referral", days, reason=True)
    if referral:
        return Finding(True, (*evidence, referral.evidence()), last=reading.day, until=until)
    if need is None:
        return Finding(
            False,
            evidence,
            f"{told} falls between the measure's classes, without a referral",
            last=reading.day,
        )
    made = [_ordered(view, name, days if inside else year) for name, inside in need.elements]
    if all(made):
        return Finding(True, (*evidence, *(f.evidence() for f in made if f)), last=reading.day, until=until)
    missing = [ELEMENTS[name] for (name, _), f in zip(need.elements, made, strict=True) if f is None]
    orders = " or ".join(filter(None, (", ".join(missing[:-1]), missing[-1])))
    return Finding(
        False,
        evidence,
        f"{told} is {need.told}, and there is no order for {orders}",
        last=reading.day,
    )


def _ordered(view: View, name: str, days: tuple[dt.date, dt.date], reason: bool = False) -> Fact | None:
    """An order of the set in the days. Its status isn't asked for; a rescreen's intent must be order."""
    for found in reversed(view.record.of((name,))):
        if found.type not in ("ServiceRequest", "MedicationRequest") or not within(found.start, *days):
            continue
        intent = values.code(found.resource.get("intent"))
        if intent != "order" if name == "bp-rescreen" else intent not in INTENTS:
            continue
        if (
            reason
            and "elevated-bp"
            not in sets_of("Condition", values.codings(found.resource.get("reasonCode")), "")[0]
        ):
            continue
        return found
    return None


def _hypertensive(view: View, day: dt.date) -> bool:
    found = diagnosed("hypertension", "hypertension-any", window=EVER, time="starts", kind="problem")
    return any(f.start and f.start.last <= day for f in found.candidates(view))


def _excused(view: View, days: tuple[dt.date, dt.date]) -> bool:
    """A reading refused or not taken for a medical reason at the visit; or an element of its class declined there."""
    for refused in view.record.refused(("blood-pressure", "systolic", "diastolic")):
        if (refused.declined or refused.medical) and within(refused.latest, *days):
            return True
    return any(
        refused.status in ("active", "completed", "on-hold") and within(refused.latest, *days)
        and (refused.declined or "antihypertensive" in refused.sets)
        for refused in view.record.refused(ELEMENTS)
    )  # fmt: skip


def _declined(view: View) -> Finding:
    if view.strict:
        return Finding(False)  # asked at each visit
    for refused in reversed(view.record.refused(("blood-pressure", "systolic", "diastolic", *ELEMENTS))):
        if (refused.declined or refused.medical) and within(refused.latest, *YEAR.days(view.frame)):
            return Finding(True, (refused.evidence(),))
    return Finding(False)


RULES = (
    Rule(
        "CMS22", "Blood pressure screening and follow-up", CMS,
        eligible=Age(18, None, "start"), visits=Computed("visit in person ending in the year", _attended),
        exclusions=(
            Named("known hypertension", Only(False, diagnosed("hypertension", "hypertension-any", window=EVER, time="starts"))),
            Named("known hypertension, or excepted, at each visit", Only(True, Computed("at each visit of the year hypertension [hypertension-any] on the problem list, or a reading or follow-up declined or not done for a medical reason", _none_counts))),
        ),
        met=Computed(
            "under 120/80, or what its class asks for is ordered [blood-pressure; bp-rescreen, bp-four-week, bp-lifestyle, bp-workup, antihypertensive, or "
            "bp-referral for elevated-bp]; strict: the last reading of each visit in person; else the latest of the year, followed up within 30 days",
            _followed,
        ),
        exceptions=(Named("declined, or not done for a medical reason", Computed("a reading or follow-up declined in the year", _declined)),),
        recommendation="Measure blood pressure, and arrange the follow-up that its level asks for.",
        tie_break="the last reading", grade="A", refusable=("blood-pressure",),
    ),
)  # fmt: skip
