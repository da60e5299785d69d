"""Medicines and immunizations (CF-medications, CF-immunizations).

HL7 maps what is ordered (mood INT) to MedicationRequest and left open what a history of use (mood EVN) becomes; here it is a
MedicationStatement, which says what is taken and not who ordered it.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from services.errors import InvalidInput
from services.fhir.importing.cda import codes
from services.fhir.importing.cda.header import people, put
from services.fhir.importing.cda.making import Maker, NotUnderstood, negated, status_of
from services.fhir.importing.cda.tree import child, children, is_null, related, xsi_type
from services.fhir.importing.cda.types import Json, whole

_SIG = "76662-6"
_MATERIAL = "consumable/manufacturedProduct/manufacturedMaterial"


def medication(maker: Maker, act: Element, section: str) -> None:
    if act.tag != "substanceAdministration":
        raise NotUnderstood(f"is of the kind {act.tag}, not an administration of a substance")
    material = child(act, _MATERIAL)
    code = maker.read.concept(child(material, "code"), child(material, "name")) or maker.concept(None, act)
    if code is None:
        raise NotUnderstood("names no medicine")
    time = next((e for e in children(act, "effectiveTime") if xsi_type(e) not in ("PIVL_TS", "EIVL_TS")), None)
    status = codes.MEDICATION_STATUS.get(status_of(act), "unknown")
    ordered = act.get("moodCode") != "EVN"
    made = maker.start("MedicationRequest" if ordered else "MedicationStatement", act)
    made["status"] = status
    made["medicationCodeableConcept"] = code
    made["subject"] = maker.subject
    dosage = _dosage(maker, act, time, code.get("text", ""))
    if ordered:
        made["intent"] = "order" if act.get("moodCode") == "INT" else "plan"
        if negated(act):
            made["doNotPerform"] = True
        maker.recorded(made, (act,), "requester", "authoredOn")
        put(made, "dosageInstruction", [dosage] if dosage else None)
        put(made, "dispenseRequest", _supply(maker, act))
    else:
        if negated(act):
            made["status"] = "not-taken"
        bounds, moment = maker.read.period(time), maker.read.moment(time)
        if bounds or moment:
            made["effectivePeriod" if bounds else "effectiveDateTime"] = bounds or moment
        maker.recorded(made, (act,), "informationSource", "dateAsserted")
        put(made, "dosage", [dosage] if dosage else None)
        if made["status"] == "completed" and _goes_on(maker, made):
            made["status"] = "active"  # "completed" told of the prescription's writing, as the guide warns
    reasons = [c for e in related(act, "observation", kind="RSON") if (c := maker.concept(child(e, "value"), e))]
    put(made, "reasonCode", reasons)
    put(made, "note", maker.comments(act))
    for supply in related(act, "supply"):
        if not ordered or supply.get("moodCode") != "INT":
            maker.note(f"has a supply{_dated(maker, supply)} within it that is not read")
    rest = [link for link in children(act, "entryRelationship") if child(link, "supply") is None]
    wrapper = type(act)("rest")
    wrapper.extend(rest)
    maker.leftover(wrapper, frozenset((_SIG,)), ("RSON",))
    maker.keep(made)


def _dated(maker: Maker, supply: Element) -> str:
    when = maker.read.first(child(supply, "effectiveTime"))
    return f" of {when[:10]}" if when else ""


def _goes_on(maker: Maker, made: Json) -> bool:
    """Whether it ends after the document was written."""
    end = made.get("effectivePeriod", {}).get("end", "")
    written = maker.read.moment(child(maker.document.root, "effectiveTime")) or ""
    return bool(end and written) and end[:10] > written[:10]


def _dosage(maker: Maker, act: Element, time: Element | None, name: str) -> Json:
    """`name` is the medicine's: an entry's words that say no more are no instruction."""
    made: Json = {}
    said = next((maker.read.narrative.said(child(e, "text")) for e in related(act, "substanceAdministration", _SIG)), "")
    words = maker.words(act)
    put(made, "text", said or (words if words != name else ""))
    repeat: Json = {}
    for element in children(act, "effectiveTime"):
        if xsi_type(element) in ("PIVL_TS", "EIVL_TS") and not is_null(element):
            try:
                repeat |= maker.read.timing(element)
            except InvalidInput as error:
                maker.note(error.message)
    timing: Json = {}
    if time is not None and (moment := maker.read.moment(time)):
        timing["event"] = [moment]
    elif bounds := maker.read.period(time):
        repeat["boundsPeriod"] = bounds
    put(timing, "repeat", repeat)
    put(made, "timing", timing)
    if child(act, "precondition") is not None:
        made["asNeededBoolean"] = True
    put(made, "site", maker.read.concept(child(act, "approachSiteCode")))
    put(made, "route", maker.read.concept(child(act, "routeCode")))
    amount: Json = {}
    dose, rate = child(act, "doseQuantity"), child(act, "rateQuantity")
    for element, name in ((dose, "dose"), (rate, "rate")):
        if element is not None and (found := maker.read.interval(element)):
            kind, value = found
            if kind == "Quantity":
                unit = child(act, "administrationUnitCode")
                if name == "dose" and "unit" not in value and unit is not None and unit.get("displayName"):
                    value = {"value": value["value"], "unit": unit.get("displayName")}
                value.pop("comparator", None)
            amount[f"{name}{kind}"] = value
    put(made, "doseAndRate", [amount] if amount else None)
    most = child(act, "maxDoseQuantity")
    parts = {p: maker.read.quantity(child(most, p)) for p in ("numerator", "denominator")} if most is not None else {}
    if parts and all(parts.values()):
        made["maxDosePerPeriod"] = parts
    return made


def _supply(maker: Maker, act: Element) -> Json:
    """The order for a supply; `numberOfRepeatsAllowed` leaves the first dispense out, `repeatNumber` doesn't."""
    made: Json = {}
    for supply in related(act, "supply"):
        if supply.get("moodCode") == "INT":
            put(made, "validityPeriod", maker.read.period(child(supply, "effectiveTime")))
            put(made, "quantity", maker.read.quantity(child(supply, "quantity")))
            repeats = child(supply, "repeatNumber")
            if repeats is not None and repeats.get("value"):
                made["numberOfRepeatsAllowed"] = max(whole(repeats.get("value", "")) - 1, 0)
    return made


def immunization(maker: Maker, act: Element, section: str) -> None:
    if act.tag != "substanceAdministration":
        raise NotUnderstood(f"is of the kind {act.tag}, not an administration of a vaccine")
    if act.get("moodCode") == "INT":
        raise NotUnderstood("is planned and not given")
    material = child(act, _MATERIAL)
    code = maker.read.concept(child(material, "code"), child(material, "name")) or maker.concept(None, act)
    if code is None:
        raise NotUnderstood("names no vaccine")
    made = maker.start("Immunization", act)
    made["status"] = "not-done" if negated(act) else codes.IMMUNIZATION_STATUS.get(status_of(act), "completed")
    refused = next((c for e in related(act, "observation", kind="RSON") if (c := maker.concept(child(e, "code"), e))), None)
    if made["status"] == "not-done":
        put(made, "statusReason", refused)
    made["vaccineCode"] = code
    made["patient"] = maker.subject
    moment = maker.read.first(child(act, "effectiveTime"))
    made["occurrenceDateTime" if moment else "occurrenceString"] = moment or "Unknown"
    lot = child(material, "lotNumberText")
    put(made, "lotNumber", maker.read.narrative.said(lot))
    put(made, "manufacturer", people(child(act, "consumable/manufacturedProduct/manufacturerOrganization"), maker.read))
    put(made, "site", maker.read.concept(child(act, "approachSiteCode")))
    put(made, "route", maker.read.concept(child(act, "routeCode")))
    put(made, "doseQuantity", maker.read.quantity(child(act, "doseQuantity")))
    performers = [p for e in children(act, "performer/assignedEntity") if (p := people(e, maker.read))]
    put(made, "performer", [{"actor": p} for p in performers])
    put(made, "note", maker.comments(act))
    number = child(act, "repeatNumber")
    if number is not None and number.get("value", "").isdigit() and int(number.get("value", "")):
        made["protocolApplied"] = [{"doseNumberPositiveInt": whole(number.get("value", ""))}]
    maker.leftover(act, frozenset(), ("RSON",))
    maker.keep(made)
