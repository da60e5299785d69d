"""Encounter and CarePlan: the visit and the plan."""

from __future__ import annotations

from typing import Any

from services.index.text import values
from services.index.text.context import Context, labelled, notes
from services.index.text.dosage import timing
from services.index.text.model import Draft

ENCOUNTER_CLASSES = {
    "AMB": "ambulatory",
    "EMER": "emergency",
    "FLD": "field",
    "HH": "home health",
    "IMP": "inpatient",
    "ACUTE": "inpatient acute",
    "NONAC": "inpatient non-acute",
    "OBSENC": "observation",
    "PRENC": "pre-admission",
    "SS": "short stay",
    "VR": "virtual",
}
"""HL7 v3 ActEncounterCode, in words."""
_ENCOUNTER_TITLES = {"planned": "Planned: ", "cancelled": "Cancelled: ", "arrived": "Arrived: "}
_ENCOUNTER_TITLES |= {"in-progress": "In progress: ", "triaged": "In progress: ", "onleave": "On leave: "}


def encounter(resource: dict[str, Any], context: Context) -> Draft:
    """An Encounter: which kind of visit, when, why, with whom, and how it ended."""
    kind = _class(resource.get("class"))
    name = values.concepts(resource.get("type")) or (
        f"{kind} encounter".capitalize() if kind else "Encounter"
    )
    status = values.code(resource.get("status"))
    title = f"{_ENCOUNTER_TITLES.get(status, '')}{name}"
    coded = [values.concepts(resource.get("reasonCode") or resource.get("reason"))]
    reasons = [*coded, context.names(resource.get("reasonReference"))]
    reason = ", ".join(dict.fromkeys(filter(None, reasons)))
    if reason and len(reason) <= 80:
        title += f": {reason}"
    stay = values.obj(resource.get("hospitalization") or resource.get("admission"))
    lines = [f"{title}."]
    lines += labelled("Class", kind)
    lines += labelled(
        "When", values.period(resource.get("period") or resource.get("actualPeriod"), time=True)
    )
    lines += labelled("Length", values.age(resource.get("length")))
    lines += labelled("Reason", reason)
    lines += labelled("Diagnoses", "; ".join(_diagnoses(resource.get("diagnosis"), context)))
    lines += labelled("Service", values.concept(resource.get("serviceType")))
    lines += labelled("Priority", values.concept(resource.get("priority")))
    lines += labelled("Participants", context.people(resource.get("participant"), "individual", "actor"))
    places = [context.name(item.get("location")) for item in values.objs(resource.get("location"))]
    lines += labelled("Location", ", ".join(dict.fromkeys(filter(None, places))))
    lines += labelled("Provider", context.name(resource.get("serviceProvider")))
    lines += labelled("Admitted from", values.concept(stay.get("admitSource")))
    lines += labelled("Readmission", values.concept(stay.get("reAdmission")))
    lines += labelled("Diet", values.concepts(stay.get("dietPreference")))
    lines += labelled("Discharged to", values.concept(stay.get("dischargeDisposition")))
    lines += labelled("Destination", context.name(stay.get("destination")))
    lines += labelled("Status", status)
    when = values.obj(resource.get("period") or resource.get("actualPeriod"))
    return Draft(
        title=title,
        lines=lines + notes(resource),
        content_type="encounter",
        label="Encounter",
        date=values.iso(when.get("start")) or values.iso(when.get("end")),
        status=status or None,
        codings=values.codings(resource.get("type")) + values.codings(resource.get("reasonCode")),
        says_something=len(lines) > 1,
    )


def _class(value: Any) -> str:
    known = [ENCOUNTER_CLASSES.get(values.code(item), "") or values.concept(item) for item in values.many(value)]
    return ", ".join(filter(None, known))


def _diagnoses(items: Any, context: Context) -> list[str]:
    shown = []
    for item in values.objs(items):
        condition = item.get("condition")
        name = context.names(condition) or values.concepts(condition)
        parts = [values.concepts(item.get("use"))]
        parts += [f"rank {rank}" for rank in [values.number(item.get("rank"))] if rank]
        detail = ", ".join(filter(None, parts))
        if name:
            shown.append(f"{name} ({detail})" if detail else name)
    return shown


def care_plan(resource: dict[str, Any], context: Context) -> Draft:
    """A CarePlan: for what, with which goals and activities."""
    name = values.string(resource.get("title")) or values.concepts(resource.get("category")) or "Care plan"
    status = values.code(resource.get("status"))
    state = status if status in ("draft", "revoked", "completed", "on-hold") else ""
    title = f"{name} ({state})" if state else name
    lines = [f"Care plan: {title}." if "care plan" not in title.casefold() else f"{title}."]
    lines += labelled("Description", values.prose(resource.get("description")))
    lines += labelled("Addresses", context.names(resource.get("addresses")))
    lines += [
        text for item in values.many(resource.get("goal")) for text in labelled("Goal", _goal(item, context))
    ]
    lines += [text for item in values.objs(resource.get("activity")) for text in _activity(item, context)]
    lines += labelled("Period", values.period(resource.get("period")))
    lines += labelled("Category", values.concepts(resource.get("category")))
    lines += labelled("Status", status)
    lines += labelled("Intent", values.code(resource.get("intent")))
    lines += labelled(
        "Author", context.name(resource.get("author")) or context.names(resource.get("contributor"))
    )
    lines += labelled("Care team", context.names(resource.get("careTeam")))
    period = values.obj(resource.get("period"))
    return Draft(
        title=title,
        lines=lines + notes(resource),
        content_type="careplan",
        label="Care plan",
        date=values.iso(period.get("start")) or values.iso(resource.get("created")),
        status=status or None,
        codings=values.codings(resource.get("category")),
        says_something=len(lines) > 1 or name != "Care plan",
    )


def _goal(reference: Any, context: Context) -> str:
    goal = context.get(reference)
    if goal is None or goal.get("resourceType") != "Goal":
        return context.name(reference)
    parts = [values.concept(goal.get("description"))]
    for target in values.objs(goal.get("target")):
        kind, value = values.choice(target, "detail")
        shown = {"Quantity": values.quantity, "Range": values.range_, "Ratio": values.ratio}.get(
            kind, values.concept
        )
        aim = " ".join(filter(None, (values.concept(target.get("measure")), shown(value))))
        due = values.when(target, "due")
        parts.append(" ".join(filter(None, (f"target {aim}" if aim else "", f"by {due}" if due else ""))))
    state = values.code(goal.get("lifecycleStatus") or goal.get("status"))
    parts += [f"status {state}" if state else "", values.concept(goal.get("achievementStatus"))]
    return ", ".join(filter(None, parts))


def _activity(activity: dict[str, Any], context: Context) -> list[str]:
    detail = values.obj(activity.get("detail"))
    name = values.concept(detail.get("code")) or values.prose(detail.get("description"))
    name = (
        name
        or context.name(activity.get("reference"))
        or context.names(activity.get("plannedActivityReference"))
    )
    if not name:
        return notes({"note": activity.get("progress")})
    parts = [name]
    described = values.prose(detail.get("description"))
    if described and described != name:
        parts.append(described)
    kind, scheduled = values.choice(detail, "scheduled")
    if kind == "Period":
        parts.append(values.period(scheduled))
    elif kind == "String":
        parts.append(values.string(scheduled))
    elif kind == "Timing":
        parts.append(timing(scheduled))
    kind, product = values.choice(detail, "product")
    parts.append(context.name(product) if kind == "Reference" else values.concept(product))
    reasons = (values.concepts(detail.get("reasonCode")), context.names(detail.get("reasonReference")))
    parts += [f"because of {reason}" for reason in reasons if reason]
    status = values.code(detail.get("status"))
    why = values.concept(detail.get("statusReason"))
    parts.append(f"status {status}" + (f" ({why})" if why else "") if status else why)
    outcome = values.concepts(activity.get("outcomeCodeableConcept"))
    parts.append(f"outcome {outcome}" if outcome else "")
    label = "Do not do" if values.true(detail.get("doNotPerform")) else "Activity"
    return [f"{label}: {', '.join(filter(None, parts))}", *notes({"note": activity.get("progress")})]
