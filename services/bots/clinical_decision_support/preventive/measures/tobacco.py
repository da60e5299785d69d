"""Tobacco: CMS138 screening and cessation, three rates."""

from __future__ import annotations

from services.bots.clinical_decision_support.preventive.criteria import Age, All, Any, Computed, View
from services.bots.clinical_decision_support.preventive.events import Event, is_kind
from services.bots.clinical_decision_support.preventive.facts import Fact
from services.bots.clinical_decision_support.preventive.measures.shared import HOSPICE, not_this_year, seen
from services.bots.clinical_decision_support.preventive.medicines import within_window
from services.bots.clinical_decision_support.preventive.model import Finding
from services.bots.clinical_decision_support.preventive.rules import CMS, Rule
from services.bots.clinical_decision_support.preventive.truth import YEAR, Window, within
from services.index.text import values

TREATING = Window(6)
KNOWN = ("tobacco-user", "tobacco-nonuser")


def statuses(view: View, window: Window | None = YEAR) -> list[Fact]:
    """Smoking statuses in the window (None: of any time), oldest first.

    To the letter only final ones count, and an unknown status hides clear ones before it; else the latest definite
    status is looked for, as the measure's narrative has it.
    """
    found = [
        f for f in view.record.of(("smoking-status",))
        if is_kind(f, "final observation" if view.strict else "observation", view)
        and (window is None or f.during(window.days(view.frame)) is True)
    ]  # fmt: skip
    return found if view.strict else [f for f in found if f.value_in(*KNOWN)]


def _judged(view: View, *wanted: str) -> Finding:
    found = statuses(view)
    if not found:
        return not_this_year("tobacco status", view, statuses(view, None))
    newest = found[-1]
    day = newest.latest.last if newest.latest else None
    if newest.value_in(*wanted):
        return Finding(True, (newest.evidence(),), last=day, until=day and YEAR.until_when(day, view.frame))
    told = newest.value.text if newest.value else "without a value"
    return Finding(
        False,
        (newest.evidence(),),
        f"the latest tobacco status of {values.date(newest.raw)} is {told}",
        last=day,
    )


SCREENED = Computed(
    "the latest tobacco status in the year is user or non-user [smoking-status; final]",
    lambda v: _judged(v, *KNOWN),
)
USES = Computed(
    "the latest tobacco status in the year is user [smoking-status]", lambda v: _judged(v, "tobacco-user")
)
USES_NOT = Computed(
    "the latest tobacco status in the year is non-user [smoking-status]",
    lambda v: _judged(v, "tobacco-nonuser"),
)


def _medicine(view: View) -> Finding:
    days = TREATING.days(view.frame)
    for found in reversed(view.record.of(("tobacco-medicine",))):
        if found.reference in view.record.rejected:
            continue
        written = is_kind(found, "prescription", view) and within(found.start, *days)
        using = is_kind(found, "medicine in use", view) and within_window(found, days)
        taken = not view.strict and is_kind(found, "medicine taken", view) and found.overlaps(days)
        if written or using or taken:
            return Finding(True, (found.evidence(),), last=found.start.last if found.start else None)
    return Finding(False, why="no medicine to stop tobacco")


TREATED = Any(
    Event("counselling to stop tobacco", ("procedure",), ("tobacco-counselling",), TREATING, "during"),
    Event("counselling diagnosis", ("condition",), ("tobacco-diagnosis",), TREATING, "starts"),
    Computed(
        "medicine to stop tobacco prescribed or in use from 6 months before the year [tobacco-medicine]",
        _medicine,
    ),
)
_VISITS = Any(
    seen("visit-preventive", "visit-wellness", "visit-counselling", what="preventive visit"),
    seen("visit-office", "visit-home", "visit-therapy", "visit-psychiatric", "visit-ophthalmology", "visit-telephone", "visit-virtual", count=2),
)  # fmt: skip
_OVER = Age(12, None, "start")

RULES = (
    Rule(
        "CMS138.1", "Tobacco use screening", CMS, eligible=_OVER, visits=_VISITS, exclusions=(HOSPICE,), met=SCREENED,
        recommendation="Ask about tobacco, e-cigarettes included, and record the answer.",
        refusable=("smoking-status",), tie_break="the latest status; unless strict the latest definite one",
    ),
    Rule(
        "CMS138.2", "Help to stop tobacco", CMS, eligible=All(_OVER, USES), visits=_VISITS, exclusions=(HOSPICE,), met=TREATED,
        recommendation="Advise to stop, and offer counselling and medicine (nicotine, varenicline, bupropion).", grade="A",
        refusable=("tobacco-medicine",), lacking="no counselling or medicine to stop tobacco is recorded",
    ),
    Rule(
        "CMS138.3", "Tobacco screening and cessation", CMS, eligible=_OVER, visits=_VISITS, exclusions=(HOSPICE,),
        met=Any(USES_NOT, All(USES, TREATED)), summary=True,
        recommendation="Ask about tobacco, and help users to stop.",
    ),
)  # fmt: skip
