"""Cancer screening: CMS130 colon, CMS125 breast, CMS124 cervix; CMS645 bones under androgen deprivation."""

from __future__ import annotations

import datetime as dt

from services.bots.clinical_decision_support.preventive.criteria import (
    Age,
    All,
    Any,
    Computed,
    Criterion,
    Only,
    Sex,
    View,
)
from services.bots.clinical_decision_support.preventive.events import Event, is_kind
from services.bots.clinical_decision_support.preventive.facts import Fact
from services.bots.clinical_decision_support.preventive.measures.shared import (
    ADULT,
    FRAIL_66,
    HOSPICE,
    NURSING_HOME,
    OFFICE,
    PALLIATIVE,
    diagnosed,
    seen,
)
from services.bots.clinical_decision_support.preventive.model import Finding
from services.bots.clinical_decision_support.preventive.rules import CMS, Named, Rule
from services.bots.clinical_decision_support.preventive.truth import EVER, Window, months_from, within
from services.index.text import values

_LONG = (HOSPICE, PALLIATIVE, FRAIL_66, NURSING_HOME)
_PERFORMED = ("procedure", "report")
NO_COLON = Named("total colectomy", Event("total colectomy", ("procedure",), ("total-colectomy",), EVER))
NO_CERVIX = Named(
    "hysterectomy without a cervix left",
    Event("total hysterectomy", ("procedure",), ("hysterectomy-total",), EVER),
)

STOOL = Any(
    Event("stool blood test", ("observation",), ("fecal-blood-test",), value="any", also=_PERFORMED),
    Event("stool DNA test", ("observation",), ("stool-dna-test",), Window(24), value="any", also=("report",)),
)
SCOPES = Any(
    Event("sigmoidoscopy", ("procedure",), ("sigmoidoscopy",), Window(48), also=("report", "observation")),
    Event("CT colonography", ("imaging",), ("ct-colonography",), Window(48), also=_PERFORMED),
    Event("colonoscopy", ("procedure",), ("colonoscopy",), Window(108), also=("report", "observation")),
)


def _colorectal(view: View) -> Finding:
    """Local, unless strict: a positive stool test closes the gap only with a colonoscopy on or after its day."""
    done = Any(STOOL, SCOPES).check(view)
    if view.strict or done.truth is not True:
        return done
    stool = view.found(STOOL)
    newest = [
        f
        for f in view.record.of(("fecal-blood-test", "stool-dna-test"))
        if f.reference in {e.reference for e in stool.evidence}
    ]
    positive = [f for f in newest if _positive(f)]
    if not positive:
        return done
    when = positive[-1].latest
    scopes = [
        f
        for f in view.record.of(("colonoscopy",))
        if is_kind(f, "procedure", view) or is_kind(f, "report", view)
    ]
    if when and any(f.latest and f.latest.last >= when.first for f in scopes):
        return done
    return Finding(
        False, tuple(f.evidence() for f in positive[-1:]),
        f"the stool test of {values.date(positive[-1].raw)} was positive, and no colonoscopy after it is recorded",
        last=stool.last,
    )  # fmt: skip


def _positive(fact: Fact) -> bool:
    codes = {code for _, code in values.codings(fact.resource.get("interpretation"))}
    told = (fact.value.text if fact.value else "").strip().lower()
    return bool(codes & {"POS", "A", "AA"}) or told.startswith(("positive", "detected", "abnormal"))


def _gone(side: str) -> Criterion:
    """The breast of a side, by a diagnosis that begins or a procedure that ends by the end of the year."""
    return Any(
        diagnosed(f"{side} breast absent", f"breast-absent-{side}", window=EVER, time="starts"),
        Event(
            f"{side} breast absent",
            ("condition",),
            ("breast-absent", "mastectomy"),
            EVER,
            "starts",
            side=side,
        ),
        Event(f"{side} mastectomy", ("procedure",), (f"mastectomy-{side}",), EVER),
        Event(f"{side} mastectomy", ("procedure",), ("breast-absent", "mastectomy"), EVER, side=side),
    )


BOTH_BREASTS_GONE = Any(
    diagnosed("bilateral mastectomy in the history", "breasts-absent", window=EVER, time="starts"),
    Event("bilateral mastectomy", ("procedure",), ("mastectomy-both",), EVER),
    Only(
        False, Event("bilateral mastectomy", ("procedure", "condition"), ("mastectomy",), EVER, side="both")
    ),
    All(_gone("right"), _gone("left")),
)
NO_BREASTS = Named("both breasts removed", BOTH_BREASTS_GONE)
CYTOLOGY = Event(
    "cervical cytology", ("observation",), ("cervical-cytology",), Window(24), value="any", also=_PERFORMED
)
HPV = Event(
    "HPV test at 30 or over",
    ("observation",),
    ("hpv-test",),
    Window(48),
    value="any",
    at_age=(30, None),
    also=_PERFORMED,
)


def _androgen_order(view: View) -> Finding:
    """A 12-month leuprolide order within the period's window, on or after the first ADT during prostate cancer."""
    order = _adt_order(view)
    return (
        Finding(True, (order.evidence(),))
        if order
        else Finding(False, why="no 12-month androgen deprivation ordered")
    )


def _adt_order(view: View) -> Fact | None:
    days = (months_from(view.frame.start, -3), months_from(view.frame.start, 9))
    cancers = [f for f in view.record.of(("prostate-cancer",)) if is_kind(f, "condition", view)]
    first: dt.date | None = None
    for given in view.record.of(("androgen-deprivation",)):
        if is_kind(given, "prescription", view) and given.start and within(given.start, *days):
            day = given.start.last
            if any(c.overlaps((day, day)) for c in cancers):
                first = min(first or day, day)
    if first is None:
        return None
    orders = [
        f for f in view.record.of(("long-term-adt",))
        if is_kind(f, "order", view) and f.resource.get("intent") == "order" and f.start and within(f.start, *days)
        and f.start.last >= first
    ]  # fmt: skip
    return orders[0] if orders else None


def _scanned(view: View) -> Finding:
    """DXA ordered or performed in the two years before the ADT order or the three months after it."""
    order = _adt_order(view)
    day = order.start.last if order and order.start else view.frame.today
    days = (months_from(day, -24), months_from(day, 3))
    for scan in reversed(view.record.of(("bone-density",))):
        kinds = ("observation", "order") + (() if view.strict else _PERFORMED)
        if any(is_kind(scan, kind, view) for kind in kinds) and within(scan.latest, *days):
            return Finding(True, (scan.evidence(),), last=scan.latest.last if scan.latest else None)
    return Finding(
        False, why="no bone density scan ordered or done within 2 years before or 3 months after the order"
    )


def _scan_declined(view: View) -> Finding:
    order = _adt_order(view)
    if order is None or order.start is None:
        return Finding(False)
    days = (order.start.first, months_from(order.start.last, 3))
    for refused in view.record.refused(("bone-density",)):
        if refused.declined and within(refused.latest, *days):
            return Finding(True, (refused.evidence(),))
    return Finding(False)


RULES = (
    Rule(
        "CMS130", "Colorectal cancer screening", CMS,
        eligible=Age(46, 75), visits=ADULT,
        exclusions=(
            *_LONG,
            Named("colorectal cancer", diagnosed("colorectal cancer", "colorectal-cancer", window=EVER, time="starts")),
            NO_COLON,
        ),
        met=Any(Only(True, Any(STOOL, SCOPES)), Only(False, Computed("any of them, and after a positive stool test a colonoscopy on or after its day", _colorectal))),
        recommendation="Offer colorectal cancer screening: yearly FIT, stool DNA every 3 years, or colonoscopy every 10.",
        lacking="no colorectal cancer screening recorded that still counts",
        refusable=("fecal-blood-test", "stool-dna-test", "sigmoidoscopy", "ct-colonography", "colonoscopy"),
        tie_break="of several tests, the one that counts longest",
    ),
    Rule(
        "CMS125", "Breast cancer screening", CMS,
        eligible=All(Age(42, 74), Sex("female")), visits=ADULT,
        exclusions=(*_LONG, NO_BREASTS),
        met=Event("mammogram", ("imaging", "report"), ("mammography",), Window(15), every=24, also=("procedure", "observation")),
        recommendation="Offer a screening mammogram; every 2 years from 40 to 74.",
    ),
    Rule(
        "CMS124", "Cervical cancer screening", CMS,
        eligible=All(Age(24, 64), Sex("female")), visits=seen(*OFFICE, "visit-virtual", "visit-telephone"),
        exclusions=(
            HOSPICE, PALLIATIVE, NO_CERVIX,
            Named("no cervix", diagnosed("absent cervix", "cervix-absent", window=EVER, time="starts")),
        ),
        met=Any(CYTOLOGY, HPV),
        doubts=(Named(
            "a hysterectomy is recorded, and not whether the cervix was kept",
            Event("hysterectomy", ("procedure", "condition"), ("hysterectomy",), EVER, "starts"),
        ),),
        lacking="no cervical screening recorded that still counts",
        recommendation="Offer cervical screening: cytology every 3 years, or from 30 an HPV test or cotest every 5.",
    ),
    Rule(
        "CMS645", "Bone density with androgen deprivation", CMS,
        eligible=Computed("12-month leuprolide ordered from 3 months before to 9 months into the year, after the first ADT within prostate cancer", _androgen_order),
        visits=seen("visit-office"),
        met=Computed("DXA ordered or done from 2 years before to 3 months after the order [bone-density]", _scanned),
        exceptions=(Named("bone density scan declined", Computed("DXA declined within 3 months of the order", _scan_declined)),),
        recommendation="Order a bone density scan (DXA): long-term androgen deprivation thins the bones.",
        refusable=("bone-density",),
        tie_break="the earliest order counts",
    ),
)  # fmt: skip
