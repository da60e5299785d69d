"""Blood pressure and statins: CMS165 control, CMS347 statin therapy."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from services.bots.clinical_decision_support.preventive.criteria import (
    Age,
    All,
    Any,
    Computed,
    Not,
    Only,
    View,
)
from services.bots.clinical_decision_support.preventive.events import Amount, Event, amount_in, is_kind
from services.bots.clinical_decision_support.preventive.facts import Fact
from services.bots.clinical_decision_support.preventive.measures.shared import (
    ADULT,
    FRAIL_BANDED,
    HOSPICE,
    NURSING_HOME,
    PALLIATIVE,
    PREGNANT,
    diagnosed,
    lapsed,
    seen,
)
from services.bots.clinical_decision_support.preventive.model import Finding
from services.bots.clinical_decision_support.preventive.rules import CMS, Named, Rule
from services.bots.clinical_decision_support.preventive.truth import EVER, YEAR, Window, within
from services.chart.results import measure
from services.index.text import values

_INSIDE = ("EMER", "IMP", "ACUTE", "NONAC", "PRENC", "SS")
_INPATIENT = ("visit-inpatient", "visit-emergency")
_SYSTOLIC, _DIASTOLIC = "8480-6", "8462-4"


@dataclass(frozen=True, slots=True)
class Pressure:
    """A reading: the fact or facts that hold it, its day, and the two values in mm[Hg] (None: not told)."""

    facts: tuple[Fact, ...]
    day: dt.date
    systolic: float | None
    diastolic: float | None

    @property
    def complete(self) -> bool:
        return self.systolic is not None and self.diastolic is not None

    @property
    def shown(self) -> str:
        return "/".join("?" if v is None else f"{v:.4g}" for v in (self.systolic, self.diastolic))


def pressures(view: View) -> list[Pressure]:
    """Every dated reading, oldest first. Local, unless strict: single readings of one moment make a panel."""
    found = [
        Pressure((panel,), panel.latest.last, _part(panel, _SYSTOLIC), _part(panel, _DIASTOLIC))
        for panel in view.record.of(("blood-pressure",))
        if is_kind(panel, "observation", view) and panel.latest
    ]
    if not view.strict:
        found += _single(view)
    return sorted(found, key=lambda p: (p.day, p.facts[0].order))


def _part(panel: Fact, code: str) -> float | None:
    for part in values.objs(panel.resource.get("component")):
        if any(c == code for _, c in values.codings(part.get("code"))):
            told = measure(part, "")
            return (
                told.amount
                if told and told.code in ("mm[Hg]", "mmHg", "mm Hg") and not told.comparator
                else None
            )
    return None


def _single(view: View) -> list[Pressure]:
    low = {f.raw: f for f in view.record.of(("diastolic",)) if is_kind(f, "observation", view)}
    made = []
    for high in view.record.of(("systolic",)):
        other = low.get(high.raw)
        if other and high.latest and is_kind(high, "observation", view):
            told = [amount_in(f, "mm[Hg]", None, False)[0] for f in (high, other)]
            made.append(Pressure((high, other), high.latest.last, *told))
    return made


def _outpatient(view: View, reading: Pressure) -> bool:
    """Not during a stay typed inpatient or emergency, or of a visit whose class is of neither."""
    reference = values.string(values.obj(reading.facts[0].resource.get("encounter")).get("reference"))
    own = view.record.visits.get(reference.rpartition("/")[2])
    if own is not None and _class(own) not in _INSIDE and (_class(own) or not view.strict):
        return True
    if own is not None and not view.strict and _class(own) in _INSIDE:
        return False  # the class says so, whatever the type
    stays = [v for v in view.record.of(_INPATIENT) if v.status == "finished"]
    return not any(v.overlaps((reading.day, reading.day)) for v in stays)


def _class(visit: Fact) -> str:
    told = values.many(visit.resource.get("class"))
    return values.code(told[0]).upper() if told else ""


def _pressure_controlled(view: View) -> Finding:
    """On the last day of the year with a reading: the lowest systolic below 140 and the lowest diastolic below 90."""
    days = YEAR.days(view.frame)
    every = [p for p in pressures(view) if _outpatient(view, p)]
    found = [p for p in every if days[0] <= p.day <= days[1]]
    if not found:
        return lapsed(
            f"no outpatient blood pressure in {view.frame.today.year}", every[-1].facts if every else ()
        )
    day = found[-1].day
    same = [p for p in found if p.day == day]
    told = [p for p in same if p.complete]
    evidence = tuple({f.id: f.evidence() for p in same for f in p.facts}.values())
    if not told or (view.strict and len(told) < len(same)):
        if view.strict:
            return Finding(False, evidence, "a reading of the last day lacks a value", last=day)
        return Finding(
            None,
            evidence,
            f"the reading of {values.date(day.isoformat())} lacks a value or its unit",
            last=day,
        )
    high = min(p.systolic for p in told if p.systolic is not None)
    low = min(p.diastolic for p in told if p.diastolic is not None)
    if high < 140 and low < 90:
        return Finding(True, evidence, last=day, until=YEAR.until_when(day, view.frame))
    return Finding(
        False,
        evidence,
        f"the latest reading, {high:.4g}/{low:.4g} mmHg of {values.date(day.isoformat())}, isn't below 140/90",
        last=day,
    )


STATIN = Any(
    Event("statin prescribed", ("prescription",), ("statin",)),
    Only(True, Event("statin in use", ("medicine of any intent",), ("statin",), time="overlaps")),
    Only(False, Event("statin in use", ("prescription", "medicine taken"), ("statin",), time="overlaps")),
)
ASCVD = Any(
    diagnosed("ASCVD", "ascvd", window=EVER, time="starts", kind="problem", also=("condition",)),
    Event("ASCVD procedure", ("procedure",), ("ascvd-procedure",), EVER, "starts"),
)
HIGH_LDL = Any(
    Event(
        "LDL cholesterol",
        ("appended observation",),
        ("ldl",),
        EVER,
        value=Amount(">=", 190, "mg/dL", "lab:ldl-cholesterol"),
    ),
    diagnosed(
        "familial hypercholesterolaemia",
        "familial-hypercholesterolaemia",
        window=EVER,
        time="starts",
        kind="problem",
        also=("condition",),
    ),
)
DIABETES = diagnosed("diabetes", "diabetes", kind="problem", also=("condition",))
_TWENTY = Amount(">=", 20, "%")
RISK = Any(
    Only(True, Event("ten-year ASCVD risk", ("observation",), ("ascvd-risk",), value=_TWENTY)),
    # A console goes by the latest one: a risk that has fallen is no reason any more.
    Only(False, Event("ten-year ASCVD risk", ("observation",), ("ascvd-risk",), value=_TWENTY, last=True)),
)


def _allergic(view: View) -> Finding:
    for found in view.record.of_type.get("AllergyIntolerance", ()):
        state = values.code(found.resource.get("clinicalStatus"))
        refuted = values.code(found.resource.get("verificationStatus")) == "refuted"
        if (
            "statin" not in found.sets
            or refuted
            or state not in (("active",) if view.strict else ("active", ""))
        ):
            continue
        # To the letter the onset must overlap the year; a console takes an active allergy as one.
        onset = found.start if view.strict else None
        if not view.strict or within(onset, *YEAR.days(view.frame)):
            return Finding(True, (found.evidence(),))
    for found in view.record.of_type.get("AdverseEvent", ()):
        if "statin" in found.sets and within(found.start, *YEAR.days(view.frame)):
            return Finding(True, (found.evidence(),))
    return Finding(False)


def _not_requested(view: View) -> Finding:
    """A statin expressly not prescribed in the year for a medical reason, on the day of a visit where strict."""
    for found in reversed(view.record.refused(("statin",))):
        if (
            found.medical
            and within(found.start, *YEAR.days(view.frame))
            and (not view.strict or _on_visit(view, found))
        ):
            return Finding(True, (found.evidence(),))
    return Finding(False)


def _on_visit(view: View, found: Fact) -> bool:
    day = found.start.last if found.start else None
    return day is not None and any(
        v.status == "finished" and v.overlaps((day, day)) for v in view.record.visits.values()
    )


EXCLUDED = (
    Named("breastfeeding", diagnosed("breastfeeding", "breastfeeding")),
    Named("rhabdomyolysis", diagnosed("rhabdomyolysis", "rhabdomyolysis")),
)
EXCEPTED = (
    Named(
        "allergy or harm by a statin",
        Computed(
            "active statin allergy with onset in the year (unless strict of any time), or an adverse event in the year",
            _allergic,
        ),
    ),
    HOSPICE,
    PALLIATIVE,
    Named("hepatitis or liver disease", diagnosed("liver disease", "liver-disease")),
    Named("muscle symptoms under statins", diagnosed("statin muscle symptoms", "statin-muscle")),
    Named("end-stage renal disease", diagnosed("ESRD", "esrd")),
    Named(
        "a statin wasn't prescribed for a medical reason",
        Computed("statin not requested in the year for a medical reason", _not_requested),
    ),
)
_VISITS = seen("visit-office", "visit-wellness", "visit-consultation", "visit-preventive", "visit-virtual")


def _statin(part: int, title: str, *eligible) -> Rule:
    return Rule(
        f"CMS347.{part}", f"Statin therapy: {title}", CMS,
        eligible=All(*eligible), visits=_VISITS, exclusions=EXCLUDED, exceptions=EXCEPTED, met=STATIN,
        recommendation="Discuss a statin; none is recorded as prescribed or in use.",
        lacking="no statin prescribed this year or in use",
    )  # fmt: skip


RULES = (
    Rule(
        "CMS165", "Blood pressure control in hypertension", CMS,
        eligible=All(Age(18, 85), diagnosed("essential hypertension", "essential-hypertension", window=Window(0, 6))),
        visits=ADULT,
        exclusions=(
            HOSPICE, PALLIATIVE, FRAIL_BANDED, NURSING_HOME,
            Named("pregnant in the year", PREGNANT),
            Named("CKD 5 or end-stage renal disease", diagnosed("CKD 5 or ESRD", "ckd5-esrd")),
            Named("kidney transplant", diagnosed("kidney transplant status", "transplant-status")),
            Named("dialysis or kidney transplant", Event("dialysis or transplant", ("procedure",), ("dialysis-transplant",), EVER)),
            Named("monthly ESRD visits", Event("ESRD visit", ("visit",), ("visit-esrd",), EVER, "starts")),
        ),
        met=Computed("lowest systolic below 140 and lowest diastolic below 90 mm[Hg] on the last day with an outpatient reading [blood-pressure]; unless strict also single readings of one moment", _pressure_controlled),
        recommendation="Measure blood pressure, and review treatment where it isn't below 140/90 mmHg.",
        tie_break="the lowest of each value on the last day",
    ),
    _statin(1, "known cardiovascular disease", ASCVD),
    _statin(2, "LDL cholesterol of 190 mg/dL or more", Age(20, 75, "start"), HIGH_LDL, Not(ASCVD)),
    _statin(3, "diabetes from 40 to 75", Age(40, 75, "start"), DIABETES, Not(ASCVD), Not(HIGH_LDL)),
    _statin(4, "ten-year risk of 20 % or more", Age(40, 75, "start"), RISK, Not(ASCVD), Not(HIGH_LDL), Not(DIABETES)),
)  # fmt: skip
