"""What is neither measured nor a problem, drug or visit: plans, orders, appointments, coverage, devices, specimens."""

from __future__ import annotations

from typing import Any

from services.chart.entry import Entry
from services.chart.making import entry_of, reason_of
from services.index.text import values
from services.index.text.context import Context


def plan(kind: str, resource: dict[str, Any], version: str, context: Context) -> Entry:
    """A CarePlan: named by its title, else by its category, as many systems name theirs."""
    category = [c for c in values.objs(resource.get("category")) if values.concept(c) not in _ANY_PLAN]
    name = values.string(resource.get("title")) or values.concepts(category)
    name = name or values.string(resource.get("description")) or "Care plan"
    period = values.obj(resource.get("period"))
    activities = []
    for item in values.objs(resource.get("activity")):
        detail = values.obj(item.get("detail"))
        told = values.concept(detail.get("code")) or values.string(detail.get("description"))
        activities.append(told or context.name(item.get("reference")))
    return entry_of(
        kind, resource, version, name, category,
        date=values.iso(period.get("start")) or values.iso(resource.get("created")),
        end=values.iso(period.get("end")), status=values.code(resource.get("status")),
        about=context.names(resource.get("addresses")),
        extra={
            "activities": list(dict.fromkeys(filter(None, activities))),
            "who": context.name(resource.get("author")),
            "reason": context.names(resource.get("addresses")),
        },
    )  # fmt: skip


_ANY_PLAN = ("assess-plan", "Assessment and Plan of Treatment")  # US Core's category of every plan


def coverage(kind: str, resource: dict[str, Any], version: str, context: Context) -> Entry:
    """A Coverage, or the payer that a Claim or ExplanationOfBenefit went to."""
    classes = [values.string(c.get("name")) for c in values.objs(resource.get("class"))]
    payers = [_payer(p, context) for p in values.objs(resource.get("payor"))]
    insured = [_payer(i.get("coverage"), context) for i in values.objs(resource.get("insurance"))]
    insurer = _payer(resource.get("insurer"), context)
    parts = [values.concept(resource.get("type")), *classes] if kind == "coverage" else [*insured, insurer]
    names = dict.fromkeys(filter(None, (*parts, *payers)))
    period = values.obj(resource.get("billablePeriod" if kind == "claim" else "period"))
    return entry_of(
        kind, resource, version, ", ".join(names) or "Payer not named", None,
        date=values.iso(period.get("start")) or values.iso(resource.get("created")),
        end=values.iso(period.get("end")), status=values.code(resource.get("status")),
        extra={"number": values.string(resource.get("subscriberId"))},
    )  # fmt: skip


def _payer(reference: Any, context: Context) -> str:
    """The name of a payer, or of the coverage that a claim points to; never the bare reference."""
    linked = values.obj(reference)
    if shown := values.string(linked.get("display")):
        return shown
    found = context.get(linked)
    if found is None:
        return ""
    return values.string(found.get("name")) or values.concept(found.get("type"))


def device(kind: str, resource: dict[str, Any], version: str, context: Context) -> Entry:
    names = [values.string(n.get("name")) for n in values.objs(resource.get("deviceName"))]
    used = context.name(resource.get("device"))
    name = values.concept(resource.get("type")) or next(filter(None, names), "") or used
    return entry_of(
        kind, resource, version, name or "Device without a name", resource.get("type"),
        date=values.when_iso(resource, "timing") or values.iso(resource.get("manufactureDate")),
        end=values.iso(resource.get("expirationDate")),
        status=values.code(resource.get("status")), about=" ".join(filter(None, names)),
    )  # fmt: skip


def specimen(kind: str, resource: dict[str, Any], version: str, context: Context) -> Entry:
    collected = values.obj(resource.get("collection"))
    return entry_of(
        kind, resource, version, values.concept(resource.get("type")) or "Specimen", resource.get("type"),
        date=values.when_iso(collected, "collected") or values.iso(resource.get("receivedTime")),
        status=values.code(resource.get("status")), about=values.concept(collected.get("bodySite")),
    )  # fmt: skip


def plain(kind: str, resource: dict[str, Any], version: str, context: Context) -> Entry:
    code = resource.get("code") or resource.get("category")
    name = (
        values.concept(resource.get("description")) if isinstance(resource.get("description"), dict)
        else values.string(resource.get("description"))
    )  # fmt: skip
    name = values.string(resource.get("title")) or values.concept(resource.get("code")) or name
    period = values.obj(resource.get("period"))
    return entry_of(
        kind, resource, version, name or resource["resourceType"], code,
        date=values.iso(resource.get("start")) or values.iso(period.get("start"))
        or values.iso(resource.get("authoredOn")) or values.iso(resource.get("startDate"))
        or values.iso(resource.get("created")),
        end=values.iso(period.get("end")),
        status=values.code(resource.get("status")) or values.code(resource.get("lifecycleStatus")),
        extra={
            "due": values.when_iso(resource, "occurrence"),
            "who": context.name(resource.get("requester")) or context.name(resource.get("author")),
            "reason": reason_of(resource, context),
        },
    )  # fmt: skip
