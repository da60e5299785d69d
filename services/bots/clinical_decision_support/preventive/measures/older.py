"""Older adults: CMS139 falls, CMS149 cognition in dementia, CMS156 risky medicines."""

from __future__ import annotations

import re

from services.bots.clinical_decision_support.preventive.criteria import (
    Age,
    All,
    Any,
    Computed,
    Criterion,
    View,
)
from services.bots.clinical_decision_support.preventive.events import Event, has_value, is_kind
from services.bots.clinical_decision_support.preventive.facts import Fact
from services.bots.clinical_decision_support.preventive.measures.shared import (
    HOSPICE,
    OFFICE,
    PALLIATIVE,
    lapsed,
    seen,
)
from services.bots.clinical_decision_support.preventive.medicines import (
    begins,
    days_supplied,
    quantity,
    refills,
)
from services.bots.clinical_decision_support.preventive.model import Finding
from services.bots.clinical_decision_support.preventive.rules import CMS, Named, Rule
from services.bots.clinical_decision_support.preventive.truth import YEAR, months_from, within
from services.knowledge.units import convert

WIDE = (
    *OFFICE, "visit-wellness", "visit-telephone", "visit-virtual", "visit-nursing-facility", "visit-therapy",
    "visit-ophthalmology",
)  # fmt: skip
DEMENTIA_VISITS = (
    "visit-psychiatric", "visit-nursing-facility", "visit-home", "visit-neuropsychology", "visit-therapy", "visit-office",
    "visit-consultation",
)  # fmt: skip


def _dementia_visits(view: View) -> list[Fact]:
    """Visits of the year that verified dementia overlaps, not abated within the year."""
    found = []
    for visit in view.record.of(DEMENTIA_VISITS):
        if (
            visit.status != "finished"
            or visit.during(YEAR.days(view.frame)) is not True
            or not visit.start
            or not visit.latest
        ):
            continue
        days = (visit.start.first, visit.latest.last)
        if any(_dementia(d, view) and d.overlaps(days) for d in view.record.of(("dementia",))):
            found.append(visit)
    return found


def _dementia(found: Fact, view: View) -> bool:
    lasting = found.end is not None and found.end.first > view.frame.end
    return is_kind(found, "condition", view) and lasting


def _demented(view: View) -> Finding:
    if view.strict:
        found = _dementia_visits(view)
        return (
            Finding(True, (found[-1].evidence(),))
            if found
            else Finding(False, why="no visit for dementia in the year")
        )
    for found in reversed(view.record.of(("dementia",))):
        if _dementia(found, view) and found.overlaps(YEAR.days(view.frame)):
            return Finding(True, (found.evidence(),))
    return Finding(False, why="no dementia in the record")


def _tested(view: View) -> Finding:
    """A test with a value in the 12 months before the end of a dementia visit, or on its day; else before today."""
    ends = [v.latest.last for v in _dementia_visits(view) if v.latest] if view.strict else [view.frame.today]
    found = [
        f for f in view.record.of(("cognitive-test",)) if is_kind(f, "observation", view) and has_value(f)
    ]
    for test in reversed(found):
        for end in ends:
            if within(test.start, months_from(end, -12), end):
                last = test.start.last if test.start else None
                return Finding(True, (test.evidence(),), last=last, until=last and months_from(last, 12))
    return lapsed("no cognitive assessment in the last 12 months", found[-1:])


def _test_refused(view: View) -> Finding:
    for refused in view.record.refused(("cognitive-test",)):
        day = refused.latest
        at_visit = any(
            v.start and v.latest and within(day, v.start.first, v.latest.last) for v in _dementia_visits(view)
        )
        if refused.declined and (at_visit or (not view.strict and within(day, *YEAR.days(view.frame)))):
            return Finding(True, (refused.evidence(),))
    return Finding(False)


RISKY = tuple(
    f"risky-{name}" for name in (
        "antihistamine", "antiparkinson", "antispasmodic", "dipyridamole", "guanfacine", "nifedipine", "antidepressant", "barbiturate",
        "meprobamate",
        "oestrogen", "sulfonylurea", "thyroid", "hypnotic", "relaxant", "pain", "meperidine",
    )
)  # fmt: skip
# Forms that the measure's lists leave out: long-acting nifedipine, oestrogens that stay where they are put.
_LONG_ACTING = re.compile(
    r"\b(?:er|xl|xr|la|sr|cc|extended|prolonged|24 ?h(?:ou)?r|osmotic)\b", re.IGNORECASE
)
_LOCAL_FORM = re.compile(r"\bvagin\w*|\bcream\b|\bring\b|\btopical\b|\bgel\b", re.IGNORECASE)
_STRENGTH = re.compile(r"(?P<amount>\d+(?:\.\d+)?)\s*(?P<unit>mg|mcg|ug)\b", re.IGNORECASE)


def _orders(view: View, name: str) -> list[Fact]:
    return [
        f for f in view.record.of((name,))
        if is_kind(f, "prescription", view) and within(f.start, *YEAR.days(view.frame))
        and not (name == "risky-nifedipine" and _LONG_ACTING.search(f.name))
        and not (name == "risky-oestrogen" and _LOCAL_FORM.search(f.name))
    ]  # fmt: skip


def _repeated(found: list[Fact]) -> list[Fact]:
    """More than one order: one with a refill, two of different days, or of one day that begin on different days."""
    for order in found:
        if refills(order) >= 1:
            return [order]
    for i, first in enumerate(found):
        for second in found[i + 1 :]:
            if first.start != second.start or begins(first) != begins(second):
                return [first, second]
    return []


def _clear(view: View) -> Finding:
    """What shows that nothing is amiss: the latest prescriptions of the year, else the patient without any."""
    days = YEAR.days(view.frame)
    found = [f for f in view.record.of_type.get("MedicationRequest", ()) if within(f.start, *days)]
    if not found:
        return Finding(True, (view.record.patient,), "No prescription in the year")
    told = "Nothing of the kind among the year's prescriptions, the latest being"
    return Finding(True, tuple(f.evidence() for f in found[-3:]), told)


def _none_of(names: tuple[str, ...]) -> Computed:
    def judge(view: View) -> Finding:
        for name in names:
            if found := _repeated(_orders(view, name)):
                return _risky(found)
        return _clear(view)

    return Computed(f"not more than one order in the year of one class [{', '.join(names)}]", judge)


def _risky(found: list[Fact]) -> Finding:
    told = " and ".join(dict.fromkeys(f.name for f in found))
    return Finding(
        False,
        tuple(f.evidence() for f in found),
        f"{told} ordered more than once or with refills in the year",
    )


def _nitrofurantoin(view: View) -> Finding:
    found = _orders(view, "supply-nitrofurantoin")
    days = [days_supplied(f) for f in found]
    total = sum(d for d in days if d)
    if total > 90:
        return Finding(
            False, tuple(f.evidence() for f in found), f"nitrofurantoin for {total} days in the year"
        )
    return _clear(view)


def _daily_dose(name: str, limit: float) -> Computed:
    """Milligrams a day: quantity × strength ÷ days of supply."""

    def judge(view: View) -> Finding:
        for order in _orders(view, f"dose-{name}"):
            daily = _milligrams(order)
            if daily is not None and daily > limit + 1e-9:
                return Finding(
                    False, (order.evidence(),), f"{order.name}: {daily:g} mg a day, above {limit:g} mg"
                )
        return _clear(view)

    return Computed(
        f"no {name} above {limit:g} mg a day (quantity × strength ÷ days of supply) [dose-{name}]", judge
    )


def _milligrams(order: Fact) -> float | None:
    strength = _STRENGTH.search(order.name)
    days, amount = days_supplied(order), quantity(order)
    if not strength or not days or amount is None:
        return None
    each = convert(float(strength["amount"]), strength["unit"].lower(), "mg")
    return each * amount * (1 + refills(order)) / days if each is not None else None


def _unless(names: tuple[str, ...], reason: str) -> Computed:
    """Repeated orders, unless a diagnosis that calls for them overlaps the year before to the first order."""

    def judge(view: View) -> Finding:
        for name in names:
            orders = _orders(view, name)
            found = _repeated(orders)
            if not found or not orders[0].start:
                continue
            days = (months_from(view.frame.start, -12), orders[0].start.last)
            called = [
                d for d in view.record.of((reason,)) if is_kind(d, "condition", view) and d.overlaps(days)
            ]
            if not called:
                return _risky(found)
        return _clear(view)

    return Computed(f"not more than one order in the year of [{', '.join(names)}] without [{reason}]", judge)


_DRUGS: Criterion = All(
    _none_of(RISKY),
    Computed("nitrofurantoin for at most 90 days [supply-nitrofurantoin]", _nitrofurantoin),
    _daily_dose("digoxin", 0.125),
    _daily_dose("doxepin", 6),
)
_MIND: Criterion = All(
    _unless(("risky-antipsychotic",), "schizophrenia"),
    _unless(("risky-benzodiazepine",), "benzodiazepine-reason"),
)
_OVER_65 = Age(65)


def _medicines(part: int, title: str, met: Criterion, summary: bool = False) -> Rule:
    return Rule(
        f"CMS156.{part}", title, CMS, eligible=_OVER_65, visits=seen(*WIDE), exclusions=(HOSPICE, PALLIATIVE), met=met,
        recommendation="Review whether the medicine is still needed, and what could take its place.",
        inverse=True, summary=summary,
    )  # fmt: skip


RULES = (
    Rule(
        "CMS139",
        "Fall risk screening",
        CMS,
        eligible=Age(65, None, "start"),
        visits=seen(*WIDE),
        exclusions=(HOSPICE,),
        met=Event("fall risk screen", ("observation",), ("falls-screen",), time="during"),
        recommendation="Ask about falls, and look at gait and balance; offer exercise where the risk is raised.",
    ),
    Rule(
        "CMS149",
        "Cognitive assessment in dementia",
        CMS,
        eligible=Computed("dementia, strict: at a visit of the year [dementia]", _demented),
        visits=Any(seen(*DEMENTIA_VISITS, "visit-telephone", count=2)),
        met=Computed(
            "cognitive test with a value, within 12 months before the end of a dementia visit (unless strict: before today) [cognitive-test]",
            _tested,
        ),
        exceptions=(
            Named(
                "assessment declined",
                Computed(
                    "assessment cancelled at a dementia visit for the patient's reason (unless strict: in the year)",
                    _test_refused,
                ),
            ),
        ),
        recommendation="Assess cognition with a standard test; yearly in dementia.",
        refusable=("cognitive-test",),
    ),
    _medicines(1, "High-risk medicines from 65", _DRUGS),
    _medicines(2, "Antipsychotics and benzodiazepines from 65", _MIND),
    _medicines(3, "High-risk medicines from 65, all", All(_DRUGS, _MIND), summary=True),
)
