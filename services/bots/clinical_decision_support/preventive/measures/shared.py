"""What several measures share: hospice, palliative care, frailty with advanced illness, nursing homes, visits.

Source: the shared libraries of the CMS eCQM drafts for 2026 (Hospice, Palliative Care, Advanced Illness and Frailty,
Adult Outpatient Encounters).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from services.bots.clinical_decision_support.preventive.criteria import (
    Age,
    All,
    Any,
    Computed,
    Criterion,
    View,
)
from services.bots.clinical_decision_support.preventive.events import Event, is_kind
from services.bots.clinical_decision_support.preventive.facts import Fact
from services.bots.clinical_decision_support.preventive.matching import sets_of
from services.bots.clinical_decision_support.preventive.model import Finding
from services.bots.clinical_decision_support.preventive.rules import Named
from services.bots.clinical_decision_support.preventive.truth import (
    DAY,
    EVER,
    FOREVER,
    YEAR,
    Window,
    months_from,
)
from services.index.text import values

SINCE_LAST_YEAR = Window(12)


def seen(*sets: str, what: str = "visit", count: int = 1, time: str = "during") -> Event:
    """Finished visits of the sets in the year, on so many days."""
    return Event(what, ("visit",), sets, time=time, days=count)


OFFICE = ("visit-office", "visit-preventive", "visit-home")
ADULT = seen(*OFFICE, "visit-wellness", "visit-virtual", "visit-telephone", what="adult visit")
"""The usual adult visit set."""


def diagnosed(
    what: str, *sets: str, window: Window = YEAR, time: str = "overlaps", kind: str = "condition", also=()
) -> Event:
    """A verified diagnosis."""
    return Event(what, (kind,), sets, window, time, also=also)


def _discharged(view: View) -> Finding:
    for visit in view.record.of(("visit-inpatient",)):
        stay = values.obj(visit.resource.get("hospitalization"))
        to = values.codings(stay.get("dischargeDisposition"))
        if (
            visit.status == "finished"
            and _to_hospice(to)
            and visit.latest
            and visit.latest.first >= view.frame.start
        ):
            return Finding(True, (visit.evidence(),))
    return Finding(False)


def _to_hospice(codings: tuple[tuple[str, str], ...]) -> bool:
    return "hospice-discharge" in sets_of("reason", codings, "")[0]


IN_HOSPICE = Any(
    Computed("inpatient stay ending in the year with discharge to hospice", _discharged),
    Event("hospice visit", ("visit",), ("hospice-encounter",), time="overlaps"),
    Event("hospice assessment", ("observation",), ("hospice-assessment",), time="overlaps", value="yes"),
    Event("hospice order", ("order",), ("hospice-care",)),
    Event("hospice care", ("procedure",), ("hospice-care",), time="overlaps"),
    diagnosed("hospice diagnosis", "hospice-diagnosis"),
)
IN_PALLIATIVE_CARE = Any(
    Event("palliative assessment", ("observation",), ("palliative-assessment",), time="overlaps"),
    diagnosed("palliative diagnosis", "palliative-diagnosis"),
    Event("palliative visit", ("visit",), ("palliative-encounter",), time="overlaps"),
    Event("palliative care", ("procedure",), ("palliative-care",), time="overlaps"),
)
HOSPICE = Named("in hospice care", IN_HOSPICE)
PALLIATIVE = Named("in palliative care", IN_PALLIATIVE_CARE)

FRAIL = Any(
    Event("frailty device ordered", ("device order",), ("frailty-device",)),
    Event("medical equipment in use", ("observation",), ("medical-equipment",), value="frailty-device"),
    diagnosed("frailty diagnosis", "frailty-diagnosis"),
    Event("frailty visit", ("visit",), ("frailty-encounter",), time="overlaps"),
    Event("frailty symptom", ("preliminary observation",), ("frailty-symptom",), time="overlaps"),
)
ADVANCED = Any(
    diagnosed("advanced illness", "advanced-illness", window=SINCE_LAST_YEAR, time="starts"),
    Event(
        "dementia medicine", ("medicine in use",), ("dementia-medicine",), SINCE_LAST_YEAR, "overlaps",
        also=("medicine taken",),
    ),
)  # fmt: skip
FRAIL_66 = Named("66 or over, frail, with advanced illness", All(Age(66), FRAIL, ADVANCED))
"""Rule A."""
FRAIL_BANDED = Named(
    "frail with advanced illness, or frail and 81 or over",
    Any(All(Age(66, 80), FRAIL, ADVANCED), All(Age(81), FRAIL)),
)
"""Rule B."""
NURSING_HOME = Named(
    "lives in a nursing home",
    All(
        Age(66),
        Event("housing status", ("observation",), ("housing-status",), EVER, value="nursing-home", last=True),
    ),
)
PREGNANT: Criterion = Any(
    Computed(
        "pregnancy overlapping the year", lambda view: _pregnancy(view, view.frame.start, view.frame.end)
    ),
    Event("pregnancy status", ("observation",), ("pregnancy-status",), time="overlaps", value="pregnant"),
)


def _pregnancy(view: View, first: dt.date, last: dt.date) -> Finding:
    """A verified pregnancy. Local, unless strict: without an end it lasts 42 weeks, without a date it isn't counted."""
    for found in reversed(view.record.of(("pregnancy",))):
        if not is_kind(found, "condition", view):
            continue
        if not view.strict and (found.raw is None or (found.end is FOREVER and _stale(found, first))):
            continue
        if found.overlaps((first, last)) is True:
            return Finding(True, (found.evidence(),))
    return Finding(False, why="no pregnancy")


def _stale(found: Fact, first: dt.date) -> bool:
    return found.start is not None and found.start.last < first - 294 * DAY


def not_this_year(what: str, view: View, past: Sequence[Fact]) -> Finding:
    """Nothing of the year; due again a year after the last of `past` (oldest first), if any."""
    return lapsed(f"no {what} in {view.frame.today.year}", past[-1:])


def lapsed(why: str, last: Sequence[Fact]) -> Finding:
    """Due again a year after `last`: what was done the last time, if it ever was."""
    day = max((f.latest.last for f in last if f.latest), default=None)
    evidence = tuple(f.evidence() for f in last)
    return Finding(False, evidence, why, last=day, due=day and months_from(day, 12))


def pregnant_now() -> Computed:
    """Pregnant on the day that is judged at."""
    return Computed("pregnant today", lambda view: _pregnancy(view, view.frame.today, view.frame.today))
