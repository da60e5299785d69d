"""Diabetes and what leads to it: CMS122 glycaemic status, CMS131 eyes, CMS951 kidneys, CMS1154 prediabetes."""

from __future__ import annotations

import datetime as dt

from services.bots.clinical_decision_support.preventive.criteria import (
    Age,
    All,
    Any,
    Computed,
    Criterion,
    Not,
    Only,
    View,
)
from services.bots.clinical_decision_support.preventive.events import Event, amount_in, has_value, is_kind
from services.bots.clinical_decision_support.preventive.measures.shared import (
    FRAIL_66,
    HOSPICE,
    NURSING_HOME,
    PALLIATIVE,
    PREGNANT,
    diagnosed,
    not_this_year,
    seen,
)
from services.bots.clinical_decision_support.preventive.model import Finding
from services.bots.clinical_decision_support.preventive.rules import CMS, Named, Rule
from services.bots.clinical_decision_support.preventive.truth import BEFORE, EVER, YEAR, Window, within
from services.index.text import values

YEAR_BEFORE = Window(12, 0)
_LONG = (HOSPICE, PALLIATIVE, FRAIL_66, NURSING_HOME)
DIABETIC = diagnosed("diabetes", "diabetes", kind="encounter diagnosis", also=("condition",))


def _controlled(view: View) -> Finding:
    """The lowest HbA1c or GMI of the latest day in the year is at most 9 %; a result without a value is none."""
    found = [
        f for f in view.record.of(("hba1c", "gmi"))
        if is_kind(f, "observation", view) and f.latest and within(f.latest, *YEAR.days(view.frame))
    ]  # fmt: skip
    if not found:
        past = [f for f in view.record.of(("hba1c", "gmi")) if is_kind(f, "observation", view) and f.latest]
        return not_this_year("HbA1c or GMI", view, past)
    day = max(f.latest.last for f in found if f.latest)
    same = [f for f in found if f.latest and f.latest.last == day]
    evidence = tuple(f.evidence() for f in same)
    if any(not has_value(f) for f in same):
        # Sorted upwards, an absent value comes first: the measure then has no result, beside a good value too.
        if view.strict or all(not has_value(f) for f in same):
            return Finding(
                False, evidence, f"a result of {values.date(day.isoformat())} has no value", last=day
            )
        same = [f for f in same if has_value(f)]
    told = [amount_in(f, "%", "lab:hemoglobin-a1c", view.strict) for f in same]
    amounts = [amount for amount, _ in told if amount is not None]
    if not amounts:
        return Finding(None, evidence, told[0][1], last=day)
    if min(amounts) <= 9.0:
        return Finding(True, evidence, last=day, until=YEAR.until_when(day, view.frame))
    return Finding(
        False,
        evidence,
        f"the latest value, {min(amounts):g} % of {values.date(day.isoformat())}, is above 9 %",
        last=day,
    )


def _four_days(view: View) -> Finding:
    """Urine albumin and creatinine with values in the year, at most four days apart (by the clock)."""
    pairs = [
        [
            f for f in view.record.of((name,))
            if is_kind(f, "observation", view) and has_value(f) and within(f.latest, *YEAR.days(view.frame))
        ]
        for name in ("urine-albumin", "urine-creatinine")
    ]  # fmt: skip
    for albumin in reversed(pairs[0]):
        for creatinine in reversed(pairs[1]):
            if _apart(albumin.raw, creatinine.raw) <= dt.timedelta(days=4):
                day = max(f.latest.last for f in (albumin, creatinine) if f.latest)
                return Finding(
                    True,
                    (albumin.evidence(), creatinine.evidence()),
                    last=day,
                    until=YEAR.until_when(day, view.frame),
                )
    return Finding(False, why="no urine albumin and creatinine within 4 days of each other")


def _apart(first: str | None, second: str | None) -> dt.timedelta:
    a, b = (_moment(raw) for raw in (first, second))
    if a is None or b is None:
        return dt.timedelta.max
    if isinstance(a, dt.datetime) and isinstance(b, dt.datetime):
        return abs(a - b)
    return abs(_day(a) - _day(b))


def _day(moment: dt.date) -> dt.date:
    return moment.date() if isinstance(moment, dt.datetime) else moment


def _moment(raw: str | None) -> dt.date | None:
    try:
        if raw and "T" in raw:
            told = dt.datetime.fromisoformat(raw)
            return told if told.tzinfo else told.replace(tzinfo=dt.UTC)
        return dt.date.fromisoformat(raw or "")
    except ValueError:
        return None


UACR = Any(
    Event("urine albumin-creatinine ratio", ("observation",), ("uacr",), value="undetectable"),
    Computed("urine albumin-creatinine ratio as a quantity in the year [uacr]", lambda view: _quantity(view)),
)


def _quantity(view: View) -> Finding:
    event = Event("urine albumin-creatinine ratio", ("observation",), ("uacr",))
    for found in reversed(list(event.candidates(view))):
        quantity = values.obj(found.resource.get("valueQuantity"))
        if within(found.latest, *YEAR.days(view.frame)) and values.amount(quantity.get("value")) is not None:
            day = event.day(found)
            return Finding(
                True, (found.evidence(),), last=day, until=day and YEAR.until_when(day, view.frame)
            )
    past = [f for f in event.candidates(view) if f.latest]
    return not_this_year("urine albumin-creatinine ratio", view, past)


EXAM = ("procedure", "report", "observation")
RETINAL = Event("retinal examination", ("exam",), ("retinal-exam",), time="during", also=EXAM)
RETINOPATHY = diagnosed("diabetic retinopathy", "retinopathy")


def _eye(side: str, value: str, window: Window) -> Event:
    return Event(f"{side} retina", ("observation",), (f"retina-{side}",), window, value=value)


EYES: Criterion = Any(
    All(RETINOPATHY, RETINAL),
    All(
        Not(RETINOPATHY),
        Any(
            RETINAL,
            Event("retinal examination", ("exam",), ("retinal-exam",), Window(12), "during", also=EXAM),
        ),
    ),
    Event("autonomous eye examination", ("observation",), ("ai-eye-exam",), value="ai-eye-result"),
    All(_eye("left", "retina-severity", YEAR), _eye("right", "retina-severity", YEAR)),
    All(_eye("left", "retina-severity", YEAR), _eye("right", "retina-none", YEAR_BEFORE)),
    All(_eye("right", "retina-severity", YEAR), _eye("left", "retina-none", YEAR_BEFORE)),
    All(_eye("left", "retina-none", YEAR_BEFORE), _eye("right", "retina-none", YEAR_BEFORE)),
)


def _heavy(view: View) -> Finding:
    """The latest BMI is at least 25 kg/m2 (23 where Asian): of any time, as the measure puts no limit."""
    found = [f for f in view.record.of(("bmi",)) if is_kind(f, "observation", view) and f.latest]
    if not found:
        return Finding(False, why="no BMI in the record")
    limit = 23 if view.record.asian else 25
    amount, why = amount_in(found[-1], "kg/m2", None, view.strict)
    if amount is None:
        return Finding(None, (found[-1].evidence(),), why)
    return Finding(
        amount >= limit,
        (found[-1].evidence(),),
        "" if amount >= limit else f"the latest BMI, {amount:.1f}, is below {limit}",
    )


GLUCOSE = ("glucose-test",)
TWO_YEARS_BEFORE = Window(24, 0)

RULES = (
    Rule(
        "CMS122", "Glycaemic status of 9 % or less in diabetes", CMS,
        eligible=All(Age(18, 75), DIABETIC),
        visits=seen("visit-office", "visit-wellness", "visit-preventive", "visit-home", "visit-nutrition", "visit-telephone"),
        exclusions=_LONG,
        met=Computed("the lowest HbA1c or GMI of its latest day in the year is at most 9 % [hba1c, gmi]; unless strict other units are converted", _controlled),
        recommendation="Check HbA1c, and review treatment where it is above 9 %.",
        inverse=True, refusable=("hba1c",), tie_break="the lowest value of the latest day",
    ),
    Rule(
        "CMS131", "Eye examination in diabetes", CMS,
        eligible=All(Age(18, 75), DIABETIC),
        visits=seen("visit-office", "visit-wellness", "visit-preventive", "visit-home", "visit-ophthalmology", "visit-telephone"),
        exclusions=(*_LONG, Named("absence of both eyes", diagnosed("absence of both eyes", "eyes-absent", window=EVER, time="starts"))),
        met=EYES,
        recommendation="Refer for a retinal examination: yearly, or every 2 years without retinopathy.",
        refusable=("retinal-exam",), lacking="no retinal examination recorded that still counts",
    ),
    Rule(
        "CMS951", "Kidney health evaluation in diabetes", CMS,
        eligible=All(
            Age(18, 85, "start"),
            diagnosed("diabetes before the year", "diabetes", window=BEFORE),
            diagnosed("diabetes", "diabetes"),
        ),
        visits=seen("visit-office", "visit-wellness", "visit-home", "visit-consultation", "visit-preventive", "visit-telephone"),
        exclusions=(Named("CKD 5 or end-stage renal disease", diagnosed("CKD 5 or ESRD", "ckd5-esrd")), HOSPICE, PALLIATIVE),
        met=All(
            Event("eGFR", ("observation",), ("egfr",), value="any"),
            Any(UACR, Computed("urine albumin and creatinine with values in the year, at most 4 days apart [urine-albumin, urine-creatinine]", _four_days)),
        ),
        recommendation="Order eGFR and the urine albumin-creatinine ratio; yearly in diabetes.",
        refusable=("uacr", "urine-albumin"),
    ),
    Rule(
        "CMS1154", "Screening for prediabetes and diabetes", CMS,
        eligible=All(Age(35, 70, "start"), Computed("latest BMI at least 25 kg/m2, 23 where Asian [bmi]", _heavy)),
        visits=Any(seen("visit-preventive", what="preventive visit", time="ends"), seen("visit-office", "visit-home", "visit-telephone", "visit-virtual", what="outpatient visit", count=2, time="ends")),
        exclusions=(
            Named("pregnant in the year", PREGNANT),
            Named("advanced illness", Any(
                diagnosed("advanced illness", "advanced-illness", window=EVER, time="starts"),
                diagnosed("limited life expectancy", "limited-life", window=EVER, time="starts"),
            )),
            Named("known diabetes or prediabetes", diagnosed("diabetes or prediabetes", "diabetes", "prediabetes", window=TWO_YEARS_BEFORE)),
            Named("tested in the two years before", Event("glucose test", ("observation",), GLUCOSE, TWO_YEARS_BEFORE)),
            Named("known diabetes", Only(False, diagnosed("diabetes", "diabetes"))),
        ),
        met=Event("HbA1c, fasting glucose or OGTT", ("observation",), GLUCOSE),
        recommendation="Order HbA1c or a fasting glucose; about every 3 years at this weight and age.",
        grade="B",
    ),
)  # fmt: skip
