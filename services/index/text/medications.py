"""MedicationRequest, MedicationStatement, Immunization: what is given, how much, how often, or not at all."""

from __future__ import annotations

import re
from typing import Any

from services.index.text import values
from services.index.text.context import Context, labelled, notes
from services.index.text.dosage import dosage_lines
from services.index.text.model import Draft

_REQUEST_TITLES = {
    "on-hold": "On hold: ",
    "cancelled": "Cancelled: ",
    "stopped": "Stopped: ",
    "draft": "Draft, not ordered: ",
}
_INTENTS = {"proposal": "Proposed, not ordered: ", "plan": "Planned, not ordered: "}
_STATEMENT_TITLES = {
    "not-taken": "Not taking: ",
    "stopped": "Stopped: ",
    "on-hold": "On hold: ",
    "intended": "Intended, not yet taking: ",
}
_NONE = re.compile(r"(?i)(?:no|not on any)\b.*\bmedication|no-(?:known-medications|medication-info)")


def request(resource: dict[str, Any], context: Context) -> Draft:
    """A MedicationRequest: what, how, whether it still holds, why."""
    name, codings, details = medication(resource, context)
    status, intent = values.code(resource.get("status")), values.code(resource.get("intent"))
    prefix = _REQUEST_TITLES.get(status, "") or _INTENTS.get(intent, "")
    # A prohibition outranks all: it must never read as an order, whatever its status.
    title = f"Do not give: {name}" if values.true(resource.get("doNotPerform")) else f"{prefix}{name}"
    if values.true(resource.get("doNotPerform")) and prefix:
        title += f" (instruction is {status if status in _REQUEST_TITLES else intent})"
    doses = dosage_lines(resource.get("dosageInstruction"), name)
    lines = [f"{title}."]
    lines += labelled("Dose", "; then ".join(doses) if len(doses) < 3 else "; ".join(doses))
    lines += details
    lines += labelled("Status", _with(status, values.concept(resource.get("statusReason"))))
    lines += labelled("Intent", intent)
    lines += labelled("Priority", _unless(values.code(resource.get("priority")), "routine"))
    lines += labelled("Ordered", values.date(resource.get("authoredOn")))
    lines += _reasons(resource, context)
    lines += labelled("Prescriber", context.name(resource.get("requester")))
    lines += _reported(resource, context)
    lines += labelled("Category", values.concepts(resource.get("category")))
    lines += labelled("Course of therapy", values.concept(resource.get("courseOfTherapyType")))
    lines += _dispense(values.obj(resource.get("dispenseRequest")), context)
    lines += _substitution(values.obj(resource.get("substitution")))
    return Draft(
        title=title,
        lines=lines + notes(resource),
        content_type="medication",
        label="Medication order" if intent not in _INTENTS else "Medication proposal",
        date=values.iso(resource.get("authoredOn")),
        status=status or None,
        codings=codings,
        says_something=bool(codings or doses or notes(resource)) or name != _UNNAMED,
    )


def statement(resource: dict[str, Any], context: Context) -> Draft:
    """A MedicationStatement: what the patient is said to take, or not to take."""
    name, codings, details = medication(resource, context)
    status = values.code(resource.get("status"))
    title = name if _NONE.match(name) else f"{_STATEMENT_TITLES.get(status, '')}{name}"
    doses = dosage_lines(resource.get("dosage"), name)
    reason = values.concepts(resource.get("statusReason"))
    lines = [f"{title}.", *labelled("Dose", "; ".join(doses)), *details]
    lines += labelled("Status", _with(status, reason))
    lines += labelled("Taken", values.when(resource, "effective"))
    lines += _reasons(resource, context)
    lines += labelled("Stated", values.date(resource.get("dateAsserted")))
    lines += labelled("Source", context.name(resource.get("informationSource")))
    lines += labelled("Category", values.concept(resource.get("category")))
    return Draft(
        title=title,
        lines=lines + notes(resource),
        content_type="medication",
        label="Medication statement",
        date=values.when_iso(resource, "effective") or values.iso(resource.get("dateAsserted")),
        status=status or None,
        codings=codings,
        says_something=bool(codings or doses or notes(resource)) or name != _UNNAMED,
    )


_UNNAMED = "Medication without a name"


def medication(resource: dict[str, Any], context: Context) -> tuple[str, Any, list[str]]:
    """Name, codings and further lines (form, ingredients) of medication[x], by reference or by code."""
    _, value = values.choice(resource, "medication")
    value = values.obj(value)
    if isinstance(value.get("reference"), dict):  # R5's CodeableReference
        value = value["reference"]
    if "reference" not in value and "identifier" not in value:
        coded = values.obj(value.get("concept")) or value
        name = values.concept(coded)
        also = labelled("Also coded as", "; ".join(values.displays(coded)))
        return name or _UNNAMED, values.codings(coded), also
    found = values.obj(context.get(value))
    coded = values.obj(found.get("code"))
    ingredients = [
        " ".join(filter(None, (_item(part, context), values.ratio(part.get("strength")))))
        for part in values.objs(found.get("ingredient"))
        if part.get("isActive") is not False
    ]
    name = values.concept(coded) or context.name(value) or " + ".join(filter(None, ingredients))
    if not name and values.obj(found.get("text")).get("div"):
        name = ""
    lines = labelled("Also coded as", "; ".join(values.displays(coded)))
    shown = values.string(value.get("display"))
    if shown and name and shown.casefold() != name.casefold():
        lines += labelled("Referred to as", shown)
    lines += labelled("Form", values.concept(found.get("form")))
    lines += labelled("Ingredients", "; ".join(filter(None, ingredients)))
    lines += labelled("Batch", values.string(values.obj(found.get("batch")).get("lotNumber")))
    return name or _UNNAMED, values.codings(coded), lines


def _item(part: dict[str, Any], context: Context) -> str:
    kind, value = values.choice(part, "item")
    return context.name(value) if kind == "Reference" else values.concept(value)


def _reasons(resource: dict[str, Any], context: Context) -> list[str]:
    coded = values.concepts(resource.get("reasonCode") or resource.get("reason"))
    linked = context.names(resource.get("reasonReference"))
    return labelled("Reason", ", ".join(dict.fromkeys(filter(None, (coded, linked)))))


def _reported(resource: dict[str, Any], context: Context) -> list[str]:
    kind, value = values.choice(resource, "reported")
    if kind == "Reference":
        return labelled("Reported by", context.name(value) or "someone other than the prescriber")
    return ["Reported, not prescribed by the person who entered it."] if value is True else []


def _dispense(dispense: dict[str, Any], context: Context) -> list[str]:
    parts = []
    if amount := values.quantity(dispense.get("quantity")):
        parts.append(f"quantity {amount}")
    if (repeats := values.number(dispense.get("numberOfRepeatsAllowed"))) is not None:
        parts.append(f"{repeats} repeats allowed" if repeats != "1" else "1 repeat allowed")
    if supply := values.age(dispense.get("expectedSupplyDuration")):
        parts.append(f"supply for {supply}")
    if valid := values.period(dispense.get("validityPeriod")):
        parts.append(f"valid {valid}")
    if performer := context.name(dispense.get("performer")):
        parts.append(f"by {performer}")
    return labelled("Dispense", ", ".join(parts))


def _substitution(substitution: dict[str, Any]) -> list[str]:
    kind, value = values.choice(substitution, "allowed")
    if kind == "CodeableConcept":
        return labelled("Substitution", values.concept(value))
    if value is False:
        return [_with("Substitution: not allowed", values.concept(substitution.get("reason")))]
    return ["Substitution: allowed"] if value is True else []


def _with(text: str, detail: str) -> str:
    return f"{text} ({detail})" if text and detail else text or detail


def _unless(text: str, usual: str) -> str:
    return "" if text == usual else text


_IMMUNIZATION_NONE = re.compile(
    r"(?i)no\b.*\b(?:immuni[sz]ation|vaccin)|no-(?:known-immunizations|immunization-info)"
)


def immunization(resource: dict[str, Any], context: Context) -> Draft:
    """An Immunization: given, or not given and why."""
    name = values.concept(resource.get("vaccineCode")) or "Vaccine without a name"
    status = values.code(resource.get("status"))
    not_done = status == "not-done" or values.true(resource.get("notGiven"))
    title = name if not not_done or _IMMUNIZATION_NONE.match(name) else f"Not given: {name}"
    lines = [f"{title}."]
    lines += labelled(
        "Reason not given" if not_done else "Status reason", values.concepts(resource.get("statusReason"))
    )
    lines += labelled("Date", values.when(resource, "occurrence") or values.date(resource.get("date")))
    lines += labelled("Also coded as", "; ".join(values.displays(resource.get("vaccineCode"))))
    for protocol in values.objs(resource.get("protocolApplied")):
        lines += _protocol(protocol)
    if values.true(resource.get("isSubpotent")):
        reason = values.concepts(resource.get("subpotentReason"))
        lines.append(_with("Subpotent dose: may not count", reason))
    lines += labelled("Dose", values.quantity(resource.get("doseQuantity")))
    lines += labelled("Site", values.concept(resource.get("site")))
    lines += labelled("Route", values.concept(resource.get("route")))
    lines += labelled("Lot", values.string(resource.get("lotNumber")))
    lines += labelled("Lot expires", values.date(resource.get("expirationDate")))
    lines += labelled("Manufacturer", context.name(resource.get("manufacturer")))
    lines += labelled("Performer", context.people(resource.get("performer"), "actor"))
    lines += labelled("Location", context.name(resource.get("location")))
    lines += _reasons(resource, context)
    if resource.get("primarySource") is False:
        origin = values.concept(resource.get("reportOrigin"))
        lines.append(_with("Reported, not from the one who gave it", origin))
    for reaction in values.objs(resource.get("reaction")):
        detail = context.name(reaction.get("detail")) or "reaction recorded"
        lines += labelled("Reaction", _with(detail, values.date(reaction.get("date"))))
    lines += labelled("Status", "" if not_done else status)
    return Draft(
        title=title,
        lines=lines + notes(resource),
        content_type="immunization",
        label="Immunization",
        date=values.when_iso(resource, "occurrence") or values.iso(resource.get("recorded")),
        status=status or None,
        codings=values.codings(resource.get("vaccineCode")),
        says_something=bool(values.concept(resource.get("vaccineCode")) or notes(resource)),
    )


def _protocol(protocol: dict[str, Any]) -> list[str]:
    _, dose = values.choice(protocol, "doseNumber")
    _, total = values.choice(protocol, "seriesDoses")
    dose, total = values.string(dose), values.string(total)
    text = f"dose {dose} of {total}" if dose and total else (f"dose {dose}" if dose else "")
    against = values.concepts(protocol.get("targetDisease"))
    parts = (values.string(protocol.get("series")), text, f"against {against}" if against else "")
    return labelled("Series", ", ".join(filter(None, parts)))
