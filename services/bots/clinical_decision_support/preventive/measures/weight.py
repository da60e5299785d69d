"""Weight: CMS69 adults' BMI and plan, CMS155 children's growth and counselling."""

from __future__ import annotations

from services.bots.clinical_decision_support.preventive.criteria import Age, All, Computed, View
from services.bots.clinical_decision_support.preventive.events import Event, amount_in, is_kind
from services.bots.clinical_decision_support.preventive.facts import Fact
from services.bots.clinical_decision_support.preventive.matching import sets_of
from services.bots.clinical_decision_support.preventive.measures.shared import (
    HOSPICE,
    PALLIATIVE,
    PREGNANT,
    not_this_year,
    seen,
)
from services.bots.clinical_decision_support.preventive.model import Finding
from services.bots.clinical_decision_support.preventive.rules import CMS, Named, Rule
from services.bots.clinical_decision_support.preventive.truth import YEAR, age_on, within
from services.index.text import values


def _attended(view: View) -> list[Fact]:
    """Finished visits of the year that weren't virtual."""
    days = YEAR.days(view.frame)
    return [
        v
        for v in view.record.visits.values()
        if v.status == "finished" and not _virtual(v) and within(v.start, *days)
    ]


def _virtual(visit: Fact) -> bool:
    return any(values.code(c).upper() == "VR" for c in values.many(visit.resource.get("class")))


def _adult_visit(view: View) -> Finding:
    born = view.record.born
    for visit in _attended(view):
        if born and visit.start and age_on(born.last, visit.start.first) >= 18:
            return Finding(True, (visit.evidence(),))
    return Finding(False, why="no visit in person in the year at 18 or over")


def _planned(view: View) -> Finding:
    """Any abnormal BMI of the year has its plan; else a normal one is enough."""
    days = YEAR.days(view.frame)
    every = [f for f in view.record.of(("bmi",)) if is_kind(f, "observation", view)]
    found = [f for f in every if f.during(days) is True]
    told = [(f, *amount_in(f, "kg/m2", None, view.strict)) for f in found]
    known = [(f, amount) for f, amount, _ in told if amount is not None and amount > 0]
    if not known:
        if not told:
            return not_this_year("BMI", view, every)
        last, _, doubt = told[-1]
        return Finding(None, (last.evidence(),), doubt, last=last.latest.last if last.latest else None)
    newest = known[-1][0]
    day = newest.latest.last if newest.latest else None
    until = day and YEAR.until_when(day, view.frame)
    high, low = [f for f, a in known if a >= 25], [f for f, a in known if a < 18.5]
    if not high and not low:
        return Finding(True, (newest.evidence(),), last=day, until=until)
    for abnormal, reason in ((high, "overweight"), (low, "underweight")):
        plan = _plan(view, reason) if abnormal else None
        if plan:
            return Finding(True, (abnormal[-1].evidence(), plan.evidence()), last=day, until=until)
    worst = (high or low)[-1]
    shown = f"{worst.value.text} of {values.date(worst.raw)}" if worst.value else values.date(worst.raw)
    return Finding(
        False,
        (worst.evidence(),),
        f"the BMI of {shown} is {'high' if high else 'low'}, and no plan for it is recorded",
        last=day,
    )


def _plan(view: View, reason: str) -> Fact | None:
    """An order, medicine or procedure of the year that is tied to the reason. Local, unless strict: tied to none too."""
    days = YEAR.days(view.frame)
    for found in reversed(view.record.of(("weight-plan",))):
        if found.type not in ("ServiceRequest", "MedicationRequest", "Procedure") or not within(
            found.start, *days
        ):
            continue
        if found.type == "Procedure" and found.status != "completed":
            continue
        if _reasoned(view, found, reason) or (not view.strict and not found.resource.get("reasonCode")):
            return found
    return None


def _reasoned(view: View, found: Fact, reason: str) -> bool:
    codings = values.codings(found.resource.get("reasonCode"))
    published, local = sets_of("Condition", codings, "")
    if reason in (published if view.strict else published | local):
        return True
    kind = "problem" if found.type == "Procedure" else "condition"
    diagnoses = [d for d in view.record.of((reason,)) if is_kind(d, kind, view) and d.start and found.start]
    if found.type == "Procedure":
        return any(found.start and d.overlaps((found.start.first, found.start.last)) for d in diagnoses)
    return any(d.start and found.start and d.start.last <= found.start.last for d in diagnoses)


def _excused(view: View) -> Finding:
    """A plan not made for a medical reason, or a BMI not taken for the patient's or a medical reason, at a visit."""
    visits = [v.start for v in _attended(view) if v.start]
    for refused in view.record.refused(("weight-plan", "bmi")):
        plan = "weight-plan" in refused.sets
        counts = refused.medical or (refused.declined and not plan)
        if plan and view.strict and refused.status != "completed":
            counts = False
        days = [v for v in visits if refused.latest and within(refused.latest, v.first, v.last)]
        if counts and (days or not view.strict):
            return Finding(True, (refused.evidence(),))
    return Finding(False)


_CHILD = seen("visit-office", "visit-counselling", "visit-preventive-child", "visit-home", "visit-telephone")
_CHILDREN = Age(3, 17)
_NOT_COUNTED = (HOSPICE, Named("pregnant in the year", PREGNANT))

RULES = (
    Rule(
        "CMS69", "BMI screening and plan", CMS,
        eligible=Age(18, None, "today"), visits=Computed("visit in person in the year at 18 or over on its day", _adult_visit),
        exclusions=(HOSPICE, PALLIATIVE, Named("pregnant in the year", PREGNANT)),
        met=Computed("normal BMI (18.5 to under 25 kg/m2) and no abnormal one in the year, or an abnormal one with a plan for it [bmi, weight-plan; overweight, underweight as the reason]", _planned),
        exceptions=(Named("not done for a recorded reason", Computed("plan not requested for a medical reason, or BMI cancelled for the patient's or a medical reason, on a visit's day", _excused)),),
        recommendation="Record BMI; where it is 25 or more, or below 18.5, agree on a plan.",
        refusable=("bmi",), tie_break="any abnormal BMI of the year asks for a plan",
    ),
    Rule(
        "CMS155.1", "Child's BMI percentile, height and weight", CMS, eligible=_CHILDREN, visits=_CHILD, exclusions=_NOT_COUNTED,
        met=All(*(Event(what, ("observation",), (name,), time="during", value="any") for what, name in
                  (("BMI percentile", "bmi-percentile"), ("height", "height"), ("weight", "weight")))),
        recommendation="Record height, weight and the BMI percentile.",
    ),
    Rule(
        "CMS155.2", "Child's nutrition counselling", CMS, eligible=_CHILDREN, visits=_CHILD, exclusions=_NOT_COUNTED,
        met=Event("nutrition counselling", ("procedure",), ("nutrition-counselling",), time="during"),
        recommendation="Talk about food and drink with the child and family, and record it.",
    ),
    Rule(
        "CMS155.3", "Child's counselling for physical activity", CMS, eligible=_CHILDREN, visits=_CHILD, exclusions=_NOT_COUNTED,
        met=Event("counselling for physical activity", ("procedure",), ("activity-counselling",), time="during"),
        recommendation="Talk about movement and sport with the child and family, and record it.",
    ),
)  # fmt: skip
