"""Infection: CMS349 HIV, CMS153 chlamydia, CMS1188 tests in people with HIV, CMS314 viral suppression."""

from __future__ import annotations

import dataclasses

from services.bots.clinical_decision_support.preventive.criteria import (
    Age,
    All,
    Any,
    Computed,
    Only,
    Sex,
    View,
)
from services.bots.clinical_decision_support.preventive.events import Amount, Event, is_kind
from services.bots.clinical_decision_support.preventive.measures.shared import (
    HOSPICE,
    diagnosed,
    not_this_year,
    seen,
)
from services.bots.clinical_decision_support.preventive.model import Finding
from services.bots.clinical_decision_support.preventive.rules import CMS, Named, Rule
from services.bots.clinical_decision_support.preventive.truth import BEFORE, DAY, EVER, FIRST, YEAR, within

_TEST = ("procedure", "report")
HIV = diagnosed("HIV infection", "hiv", window=EVER, time="starts")
HIV_TEST = Event(
    "HIV test", ("observation",), ("hiv-test",), EVER, "starts", value="any", at_age=(15, 65), also=_TEST
)


def _tested_before_the_last_day(view: View) -> Finding:
    """To the letter a test of the period's last day comes too late."""
    days = (HIV_TEST.window.days(view.frame)[0], view.frame.end - DAY)
    view_of = [f for f in HIV_TEST.candidates(view) if within(f.start, *days) is True]
    cut = View(dataclasses.replace(view.record, of_set={"hiv-test": view_of}), view.frame)
    return HIV_TEST.check(cut)


def _died(view: View) -> Finding:
    """A date of death by the end of the year; a bare "deceased" can't be compared."""
    return Finding(bool(view.record.died), why="no date of death")


def _lab(name: str, what: str) -> Event:
    return Event(what, ("observation",), (name,), value="any", also=_TEST)


CHLAMYDIA = _lab("chlamydia-test", "chlamydia test")
PREGNANCY_TEST = Event("pregnancy test ordered", ("order",), ("pregnancy-test",))
ACTIVE = Any(
    Event("sexually active by history", ("observation",), ("sexually-active",), EVER, value="yes"),
    diagnosed("STI, HIV or pregnancy", "sexual-diagnosis", "pregnancy"),
    Event(
        "contraceptive in use",
        ("medicine in use",),
        ("contraceptive",),
        time="overlaps",
        also=("medicine taken",),
    ),
    Event("contraceptive prescribed", ("prescription",), ("contraceptive",)),
    Event(
        "Pap, prenatal or STI test ordered",
        ("order",),
        ("cervical-cytology", "prenatal-lab", "chlamydia-test", "gonorrhoea-test", "syphilis-test"),
    ),
    Event("obstetric imaging ordered", ("order",), ("pregnancy-imaging",)),
    Event("procedure that tells of sexual activity", ("procedure",), ("sexual-procedure",)),
)


def _only_pregnancy_test(view: View) -> Finding:
    """The pregnancy test is the only evidence, and an X-ray or isotretinoin was ordered that day or within 6 days."""
    if view.found(ACTIVE).truth is True:
        return Finding(False)
    for test in PREGNANCY_TEST.candidates(view):
        for name, kind in (("x-ray", "order"), ("isotretinoin", "prescription")):
            for other in view.record.of((name,)):
                if (
                    test.start
                    and is_kind(other, kind, view)
                    and within(other.start, test.start.first, test.start.last + 6 * DAY)
                ):
                    return Finding(True, (test.evidence(), other.evidence()))
    return Finding(False)


SUPPRESSED_BELOW = Amount("<", 200, "{copies}/mL")


def _suppressed(view: View) -> Finding:
    """The last viral load of the year is below 200 copies/mL or not detected; one without a value hides earlier ones."""
    every = [f for f in view.record.of(("viral-load",)) if is_kind(f, "observation", view) and f.latest]
    found = [f for f in every if within(f.latest, *YEAR.days(view.frame))]
    if not found:
        return not_this_year("viral load", view, every)
    newest = found[-1]
    evidence, last = (newest.evidence(),), newest.latest.last if newest.latest else None
    if newest.value_in("viral-suppressed"):
        truth, why = True, ""
    elif newest.value is None:
        truth, why = (False if view.strict else None), "the latest viral load has no value"
    else:
        truth, why = SUPPRESSED_BELOW.holds(newest, view.strict)
    why = (
        why
        or f"the latest viral load, {newest.value.text if newest.value else 'none'}, isn't below 200 copies/mL"
    )
    if truth:
        return Finding(True, evidence, last=last, until=last and YEAR.until_when(last, view.frame))
    return Finding(truth, evidence, why, last=last)


def _days_in(view: View, days: int, sets: tuple[str, ...], kind: str) -> Finding:
    """Something that begins before so many days into the year (a visit: that also began in it)."""
    limit = view.frame.start + days * DAY
    for found in view.record.of(sets):
        first = view.frame.start if kind == "visit" else FIRST
        if is_kind(found, kind, view) and within(found.start, first, limit - DAY):
            return Finding(True, (found.evidence(),))
    return Finding(
        False,
        why="no HIV infection in the record" if kind == "condition" else "no visit in the first 240 days",
    )


_SEEN = (
    "visit-office",
    "visit-consultation",
    "visit-wellness",
    "visit-home",
    "visit-preventive",
    "visit-preventive-child",
    "visit-telephone",
)

RULES = (
    Rule(
        "CMS349", "HIV screening", CMS, eligible=Age(15, 65, "start"),
        visits=seen("visit-office", "visit-preventive", "visit-preventive-child"),
        exclusions=(
            Named("known HIV infection", Only(True, diagnosed("HIV before the year", "hiv", window=BEFORE, time="starts"))),
            Named("known HIV infection", Only(False, HIV)),
        ),
        met=Any(Only(True, Computed(f"{HIV_TEST.words}, before the last day of the year", _tested_before_the_last_day)), Only(False, HIV_TEST)),
        exceptions=(Named("died", Computed("date of death by the end of the year", _died)),),
        recommendation="Offer an HIV test once; again where the risk goes on.", grade="A", refusable=("hiv-test",),
    ),
    Rule(
        "CMS153", "Chlamydia screening", CMS,
        eligible=All(Age(16, 24), Sex("female"), Any(ACTIVE, PREGNANCY_TEST)),
        visits=seen("visit-office", "visit-preventive", "visit-preventive-child", "visit-home", "visit-telephone", "visit-virtual"),
        exclusions=(
            HOSPICE,
            Named("a pregnancy test before an X-ray or isotretinoin is the only sign of sexual activity", Computed("pregnancy test as the only evidence, with an X-ray or isotretinoin ordered that day or within 6 days", _only_pregnancy_test)),
        ),
        met=CHLAMYDIA,
        recommendation="Offer a chlamydia test, and one for gonorrhoea with it; yearly while sexually active under 25.", grade="B",
    ),
    Rule(
        "CMS1188", "STI tests in people with HIV", CMS, eligible=All(Age(13, None, "start"), HIV), visits=seen(*_SEEN),
        met=All(CHLAMYDIA, _lab("gonorrhoea-test", "gonorrhoea test"), _lab("syphilis-test", "syphilis test")),
        recommendation="Order tests for chlamydia, gonorrhoea and syphilis; yearly.",
    ),
    Rule(
        "CMS314", "HIV viral suppression", CMS,
        eligible=Computed("HIV infection beginning before 90 days into the year [hiv]", lambda v: _days_in(v, 90, ("hiv",), "condition")),
        visits=Computed("visit in the first 240 days of the year", lambda v: _days_in(v, 241, _SEEN, "visit")),
        met=Computed("the last viral load of the year is under 200 {copies}/mL or not detected [viral-load, viral-suppressed]", _suppressed),
        recommendation="Order a viral load, and review adherence and treatment where it isn't suppressed.",
        tie_break="the latest result", refusable=("viral-load",),
    ),
)  # fmt: skip
