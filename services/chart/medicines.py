"""Orders, statements and single doses of drugs as entries."""

from __future__ import annotations

import functools
from typing import Any

import orjson

from services.chart.entry import Entry
from services.chart.making import reason_of
from services.chart.naming import concepts_of
from services.index.text import values
from services.index.text.context import Context
from services.index.text.dosage import dosage_lines
from services.index.text.medications import medication

_CATEGORY = "http://terminology.hl7.org/CodeSystem/medicationrequest-category"


def medicine(kind: str, resource: dict[str, Any], version: str, context: Context) -> Entry:
    name, codings, _ = medication(resource, context)
    own, named = concepts_of(kind, tuple(codings), name)
    request = resource["resourceType"] == "MedicationRequest"
    given = resource["resourceType"] == "MedicationAdministration"
    doses = values.objs(resource.get("dosageInstruction" if request else "dosage"))
    bounds = [values.obj(values.obj(d.get("timing")).get("repeat")).get("boundsPeriod") for d in doses]
    ends = [values.iso(values.obj(b).get("end")) for b in bounds]
    date = values.iso(resource.get("authoredOn")) or values.when_iso(resource, "effective")
    date = date or values.iso(resource.get("dateAsserted"))
    period = values.obj(resource.get("effectivePeriod"))
    valid = values.obj(values.obj(resource.get("dispenseRequest")).get("validityPeriod"))
    status = values.code(resource.get("status"))
    if values.true(resource.get("doNotPerform")):
        status = "do-not-give"
    elif values.code(resource.get("intent")) in ("proposal", "plan", "option"):
        status = "proposed"
    told, amounts, route = _told(orjson.dumps(doses), name)
    over = status in (
        "completed",
        "stopped",
        "ended",
    )  # of an order that holds it only tells till when it may be filled
    return Entry(
        kind, resource["resourceType"], str(resource.get("id")), version, name, resource, own, named,
        date=date,
        end=values.iso(period.get("end")) or next(filter(None, ends), None) or (values.iso(valid.get("end")) if over else None),
        status=status,
        about=" ".join(filter(None, (reason_of(resource, context), values.concepts(resource.get("category"))))),
        extra={
            "dose": told,
            "amounts": amounts,
            "reason": reason_of(resource, context),
            "why_status": values.concepts(resource.get("statusReason")),
            "who": context.name(resource.get("requester")) or context.name(resource.get("informationSource")),
            "route": route,
            "statement": not request and not given,
            "given": given,  # one dose, not an order for many
            "stay_ended": _stay_ended(resource, context) if request else "",
        },
    )  # fmt: skip


def _stay_ended(resource: dict[str, Any], context: Context) -> str:
    """When the stay ended that an order for the ward was made for (FHIR R4 MedicationRequest.category "inpatient"); "" where
    it lasts, or is not told."""
    if (_CATEGORY, "inpatient") not in values.codings(resource.get("category")):
        return ""
    stay = context.get(resource.get("encounter")) or {}
    over = values.code(stay.get("status")) == "finished"
    return (values.iso(values.obj(stay.get("period")).get("end")) or "") if over else ""


@functools.lru_cache(maxsize=20_000)
def _told(written: bytes, name: str) -> tuple[str, tuple[tuple[float, str], ...], str]:
    """(the dosage in words, amounts with unit, routes) of dosages as JSON: hundreds of doses are given by a few of them."""
    doses = orjson.loads(written)
    amounts = tuple(found for d in doses if (found := _dose(d)))
    routes = dict.fromkeys(filter(None, (values.concept(d.get("route")) for d in doses)))
    return "; ".join(dosage_lines(doses, name)), amounts, ", ".join(routes)


def _dose(item: dict[str, Any]) -> tuple[float, str] | None:
    for rate in (*values.objs(item.get("doseAndRate")), item):
        quantity = values.obj(rate.get("doseQuantity") or rate.get("dose"))
        amount = values.amount(quantity.get("value"))
        if amount is not None:
            return amount, values.string(quantity.get("code")) or values.string(quantity.get("unit"))
    return None
