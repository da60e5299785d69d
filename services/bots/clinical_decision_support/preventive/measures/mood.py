"""Depression screening and follow-up: CMS2."""

from __future__ import annotations

import datetime as dt

from services.bots.clinical_decision_support.preventive.criteria import Age, Any, Computed, Only, View
from services.bots.clinical_decision_support.preventive.events import has_value, is_kind
from services.bots.clinical_decision_support.preventive.facts import Fact
from services.bots.clinical_decision_support.preventive.measures.shared import diagnosed, not_this_year, seen
from services.bots.clinical_decision_support.preventive.medicines import period, taken
from services.bots.clinical_decision_support.preventive.model import Finding
from services.bots.clinical_decision_support.preventive.rules import CMS, Named, Rule
from services.bots.clinical_decision_support.preventive.truth import (
    DAY,
    EVER,
    LAST,
    YEAR,
    age_on,
    within,
)
from services.index.text import values

VISITS = ("visit-depression", "visit-therapy", "visit-telephone")
# Total scores from which a screen is positive: PHQ-9 10 (Kroenke 2001), PHQ-2 3 (Kroenke 2003), EPDS 13 (Cox 1987).
CUTS = {"phq9": 10, "phq9-adolescent": 10, "phq2": 3, "epds": 13}
FOLLOW_UP_DAYS = 30  # local: how long after a positive screen its follow-up is looked for


def _codes(view: View) -> tuple[str, ...]:
    """Which of the two screens is right at the age on 1 January: 12–16 adolescent, 17 either, 18 and over adult."""
    if view.record.born is None or not view.strict:
        return ("depression-adolescent", "depression-adult", *CUTS)
    age = age_on(view.record.born.last, view.frame.start)
    adolescent = ("depression-adolescent",) if age <= 17 else ()
    return adolescent + (("depression-adult",) if age >= 17 else ())


def _positive(fact: Fact) -> bool | None:
    if fact.value_in("depression-negative"):
        return False
    if fact.value_in("depression-positive"):
        return True
    cut = next((limit for name, limit in CUTS.items() if name in fact.sets), None)
    value = fact.value
    return (
        None if fact.strict or cut is None or value is None or value.amount is None else value.amount >= cut
    )


def _screens(view: View) -> list[Fact]:
    found = [
        f
        for f in view.record.of(_codes(view))
        if is_kind(f, "observation", view) and has_value(f) and f.start
    ]
    return found if view.strict else [f for f in found if _positive(f) is not None]


def _qualifying(view: View) -> list[Fact]:
    days = YEAR.days(view.frame)
    return [v for v in view.record.of(VISITS) if v.status == "finished" and v.during(days) is True]


def _screened(view: View) -> Finding:
    return _strictly(view) if view.strict else _by_patient(view)


def _strictly(view: View) -> Finding:
    """The latest screen of 0 to 14 days before a qualifying visit, negative, or positive and followed up there."""
    best: tuple[Fact, Fact] | None = None
    for visit in _qualifying(view):
        day = visit.start.last if visit.start else None
        for screen in _screens(view):
            if (
                day
                and within(screen.start, day - 14 * DAY, day)
                and (best is None or screen.order >= best[0].order)
            ):
                best = screen, visit
    if best is None:
        return Finding(False, why="no depression screen within 14 days before a qualifying visit")
    screen, visit = best
    positive = _positive(screen)
    last = screen.start.last if screen.start else None
    if positive is None:
        return Finding(
            False, (screen.evidence(),), "the latest screen isn't told as negative or positive", last=last
        )
    follow = None
    if positive:
        follow = _followed_at(view, visit)
        if follow is None:
            return Finding(
                False,
                (screen.evidence(),),
                "the screen was positive, without follow-up at the visit",
                last=last,
            )
    evidence = (screen.evidence(),) + ((follow.evidence(),) if follow else ())
    return Finding(True, evidence, last=last, until=last and YEAR.until_when(last, view.frame))


def _followed_at(view: View, visit: Fact) -> Fact | None:
    day = visit.latest.last if visit.latest else None
    if day is None or visit.start is None:
        return None
    for found in view.record.of(("depression-followup",)):
        if is_kind(found, "procedure", view) and _starts_within(found, visit):
            return found
    until = min(day + 2 * DAY, view.frame.end)
    for found in view.record.of(("depression-referral",)):
        if is_kind(found, "order", view) and within(found.start, day, until):
            return found
    for found in view.record.of(("antidepressant",)):
        lasts = period(found)
        if (
            is_kind(found, "prescription", view)
            and within(found.start, day, until)
            and lasts
            and lasts[1].last > day
        ):
            return found
    return None


def _starts_within(found: Fact, visit: Fact) -> bool:
    """By the clock where both tell it."""
    period_ = values.obj(visit.resource.get("period"))
    start, end, raw = values.string(period_.get("start")), values.string(period_.get("end")), found.raw or ""
    if all("T" in told for told in (start, end, raw)):
        try:
            moments = [dt.datetime.fromisoformat(told) for told in (start, raw, end)]
            return moments[0] <= moments[1] <= moments[2]
        except (ValueError, TypeError):
            return False
    days = (visit.start.first, visit.latest.last) if visit.start and visit.latest else (LAST, LAST)
    return within(found.start, *days) is True


def _by_patient(view: View) -> Finding:
    """Local: the latest screen in the year, a questionnaire's total score too; a positive one is followed up."""
    every = _screens(view)
    found = [f for f in every if within(f.latest, *YEAR.days(view.frame))]
    if not found:
        asked = [f for f in view.record.of(("depression-asked",)) if is_kind(f, "procedure", view)]
        if asked and within(asked[-1].latest, *YEAR.days(view.frame)):
            return Finding(
                None, (asked[-1].evidence(),), "the outcome of the depression screen isn't recorded"
            )
        return not_this_year("depression screen", view, every)
    newest = found[-1]
    last = newest.latest.last if newest.latest else view.frame.today
    until = YEAR.until_when(last, view.frame)
    if not _positive(newest):
        return Finding(True, (newest.evidence(),), last=last, until=until)
    days = (last, last + FOLLOW_UP_DAYS * DAY)
    for follow in view.record.of(("depression-followup", "depression-referral", "antidepressant")):
        medicine = follow.type in ("MedicationRequest", "MedicationStatement")
        fits = taken(follow, False, days) if medicine else within(follow.start, *days)
        if fits and follow.type not in ("Condition", "Observation"):
            return Finding(True, (newest.evidence(), follow.evidence()), last=last, until=until)
    why = f"the screen of {values.date(newest.raw)} was positive, and no follow-up is recorded"
    return Finding(False, (newest.evidence(),), why, last=last)


def _bipolar(view: View) -> Finding:
    """On the problem list before the day of a qualifying visit, whatever became of it."""
    days = [v.start.last for v in _qualifying(view) if v.start]
    for found in view.record.of(("bipolar",)):
        if is_kind(found, "problem", view) and found.start and any(found.start.last < d for d in days):
            return Finding(True, (found.evidence(),))
    return Finding(False)


RULES = (
    Rule(
        "CMS2", "Depression screening and follow-up", CMS,
        eligible=Age(12, None, "start"), visits=seen(*VISITS),
        exclusions=(Named("bipolar disorder", Any(
            Only(True, Computed("bipolar disorder on the problem list before a qualifying visit [bipolar]", _bipolar)),
            Only(False, diagnosed("bipolar disorder", "bipolar", window=EVER, time="starts")),
        )),),
        met=Computed(
            "the latest screen [depression-adolescent, depression-adult] is negative, or positive with follow-up; strict: within 14 days before a "
            "qualifying visit and followed up there; else in the year, PHQ-9 ≥ 10, PHQ-2 ≥ 3 or EPDS ≥ 13 being positive, followed up within 30 days",
            _screened,
        ),
        recommendation="Screen for depression, and agree on follow-up where the screen is positive.", grade="B",
        refusable=("depression-adult", "depression-adolescent", "phq9", "phq2"), tie_break="the latest screen",
    ),
)  # fmt: skip
