"""Encounters as entries."""

from __future__ import annotations

from typing import Any

from services.chart.entry import Entry
from services.chart.making import reason_of
from services.chart.naming import concepts_of
from services.index.text import values
from services.index.text.context import Context


def ranked_diagnoses(resource: dict[str, Any]) -> list[dict[str, Any]]:
    """An Encounter's diagnoses by their rank, those without one last."""
    return sorted(values.objs(resource.get("diagnosis")), key=lambda d: values.amount(d.get("rank")) or 99)


def visit(kind: str, resource: dict[str, Any], version: str, context: Context) -> Entry:
    period = values.obj(resource.get("period") or resource.get("actualPeriod"))
    places = values.objs(resource.get("location"))
    places.sort(key=lambda item: values.iso(values.obj(item.get("period")).get("start")) or "")
    place = [context.name(item.get("location")) for item in places]
    diagnoses = [
        context.names(d.get("condition")) or values.concepts(d.get("condition"))
        for d in values.objs(resource.get("diagnosis"))
    ]
    symbols = [values.code(item).upper() for item in values.many(resource.get("class"))]
    reason = reason_of(resource, context)
    stay = values.obj(resource.get("hospitalization") or resource.get("admission"))
    name = values.concepts(resource.get("type")) or "Encounter"
    own, named = concepts_of(kind, values.codings(resource.get("type")), name)
    for told in (reason, *filter(None, diagnoses)):
        mine, more = concepts_of("condition", (), told)
        named = named | mine | more
    return Entry(
        kind, "Encounter", str(resource.get("id")), version, name, resource, own, named - own,
        date=values.iso(period.get("start")) or values.iso(period.get("end")),
        end=values.iso(period.get("end")), status=values.code(resource.get("status")),
        about=" ".join(filter(None, (reason, *diagnoses, values.concept(resource.get("serviceType"))))),
        extra={
            "class": symbols[0] if symbols else "",
            "reason": reason,
            "diagnoses": list(filter(None, diagnoses)),
            "who": context.people(resource.get("participant"), "individual", "actor"),
            "where": ", ".join(dict.fromkeys(filter(None, place))) or context.name(resource.get("serviceProvider")),
            "disposition": values.concept(stay.get("dischargeDisposition")),
            "source": values.concept(stay.get("admitSource")),
            "units": [u for u in place if u],  # in the order of the stay
            "part_of": values.string(values.obj(resource.get("partOf")).get("reference")),
        },
    )  # fmt: skip
