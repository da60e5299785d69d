"""Allergies and problems (CF-allergies, CF-problems)."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from services.fhir.importing.cda import codes
from services.fhir.importing.cda.header import put
from services.fhir.importing.cda.making import (
    Maker,
    NotUnderstood,
    clinical_status,
    negated,
    nullified,
    observed,
    status_of,
)
from services.fhir.importing.cda.tree import child, children, is_null, related
from services.fhir.importing.cda.types import Json

_STATUS, _SEVERITY, _CRITICALITY, _AGE = "33999-4", "SEV", "82606-5", "445518008"
_PROBLEM = "55607006"  # SNOMED CT: Problem; negated, it says that there are none
_ABATEMENT = "http://hl7.org/fhir/StructureDefinition/allergyintolerance-abatement"


def allergy(maker: Maker, act: Element, section: str) -> None:
    for concern, entry in _observations(act):
        _allergy(maker, concern, entry)


def problem(maker: Maker, act: Element, section: str) -> None:
    for concern, entry in _observations(act):
        condition(maker, concern, entry, codes.CONDITION_CATEGORY.get(section, "problem-list-item"))


def _observations(act: Element) -> Iterator[tuple[Element | None, Element]]:
    """(concern, observation): most wrap it, and old documents don't."""
    if act.tag == "observation":
        yield None, act
        return
    found = list(related(act, "observation", kind="SUBJ"))
    if not found:
        raise NotUnderstood("holds no observation")
    for entry in found:
        yield act, entry


def _status(maker: Maker, concern: Element | None, entry: Element, known: dict[str, str]) -> str:
    """The status that was observed; else that of the concern."""
    value = observed(entry, _STATUS)
    if value is not None and (found := known.get(value.get("code", ""))):
        return found
    if value is not None and not is_null(value):
        maker.note(f"has the status '{value.get('displayName') or value.get('code')}', which is not known")
    return codes.CONCERN_STATUS.get(status_of(concern), "")


def _allergy(maker: Maker, concern: Element | None, entry: Element) -> None:
    value = child(entry, "value")
    kind = value.get("code", "") if value is not None else ""
    entity = child(entry, "participant/participantRole/playingEntity")
    substance = maker.read.concept(child(entity, "code"), child(entity, "name"))
    if substance is None and (named := child(entity, "name")) is not None and (words := maker.read.narrative.said(named)):
        substance = {"text": words}
    made = maker.start("AllergyIntolerance", entry)
    wrong = nullified(entry) or nullified(concern)
    clinical_status(made, "allergyintolerance", _status(maker, concern, entry, _ALLERGY_STATUS) or "active", wrong)
    if negated(entry) and substance is None:
        if kind not in codes.NO_KNOWN_ALLERGY:
            raise NotUnderstood("denies allergies of a kind that the mapping has no code for")
        code, display = codes.NO_KNOWN_ALLERGY[kind]
        made["code"] = {**codes.concept(code, codes.SNOMED, display), "text": display}
    else:
        if negated(entry) and not wrong:
            made["verificationStatus"] = codes.concept(
                "refuted", codes.terminology("allergyintolerance-verification")
            )
        code = substance or maker.concept(None, entry) or maker.read.concept(value)
        if code is None:
            raise NotUnderstood("names no substance")
        made["code"] = code
        put(made, "type", codes.ALLERGY_TYPE.get(kind))
        put(made, "category", [c] if (c := codes.ALLERGY_CATEGORY.get(kind)) else None)
    critical = observed(entry, _CRITICALITY)
    put(made, "criticality", codes.CRITICALITY.get(critical.get("code", "")) if critical is not None else None)
    made["patient"] = maker.subject
    time = child(entry, "effectiveTime")
    put(made, "onsetDateTime", maker.read.moment(child(time, "low")) or maker.read.moment(time))
    if ended := maker.read.moment(child(time, "high")):
        made["extension"] = [{"url": _ABATEMENT, "valueDateTime": ended}]
    maker.recorded(made, (entry, concern), "recorder", "recordedDate")
    put(made, "note", maker.comments(entry))
    put(made, "reaction", _reactions(maker, entry))
    maker.leftover(entry, frozenset((_STATUS, _SEVERITY, _CRITICALITY)), ("MFST",))
    maker.keep(made)


_ALLERGY_STATUS = {k: v for k, v in codes.STATUS_OBSERVED.items() if v in ("active", "inactive", "resolved")}


def _reactions(maker: Maker, entry: Element) -> list[Json]:
    """One for each manifestation; a severity of the whole allergy counts for each that has none of its own."""
    overall = observed(entry, _SEVERITY)
    reactions = []
    for seen in related(entry, "observation", kind="MFST"):
        shown = maker.concept(child(seen, "value"), seen)
        if shown is None:
            maker.note("has a reaction without a name")
            continue
        reaction: Json = {"manifestation": [shown]}
        put(reaction, "onset", maker.read.first(child(seen, "effectiveTime")))
        severity = observed(seen, _SEVERITY)
        severity = overall if severity is None else severity
        if severity is not None:
            put(reaction, "severity", codes.SEVERITY.get(severity.get("code", "")))
        reactions.append(reaction)
    return reactions


def condition(maker: Maker, concern: Element | None, entry: Element, category: str) -> Json | None:
    """A Condition of a Problem Observation; its reference, or None where it isn't valid."""
    value = child(entry, "value")
    if negated(entry) and value is not None and value.get("code") == _PROBLEM:
        raise NotUnderstood("says that there are no known problems")
    code = maker.concept(value, entry)
    if code is None:
        raise NotUnderstood("names no problem")
    made = maker.start("Condition", entry)
    time = child(entry, "effectiveTime")
    high = child(time, "high")
    ended = maker.read.moment(high)
    status = _status(maker, concern, entry, codes.STATUS_OBSERVED) or ("active" if category == "problem-list-item" else "")
    if high is not None and (ended or high.get("nullFlavor") == "UNK") and status in ("active", "relapse", "recurrence", ""):
        status = "inactive"
    wrong = nullified(entry) or nullified(concern)
    clinical_status(made, "condition", status, wrong)
    if negated(entry) and not wrong:
        made["verificationStatus"] = codes.concept("refuted", codes.terminology("condition-ver-status"))
    made["category"] = [codes.concept(category, codes.terminology("condition-category"))]
    made["code"] = code
    made["subject"] = maker.subject
    age = observed(entry, _AGE)
    if (onset := maker.read.moment(child(time, "low")) or maker.read.moment(time)) is not None:
        made["onsetDateTime"] = onset
    elif age is not None and (years := maker.read.quantity(age)):
        made["onsetAge"] = years
    if ended:
        made["abatementDateTime"] = ended
    elif high is not None and high.get("nullFlavor") == "UNK":
        made["_abatementDateTime"] = {"extension": [{"url": codes.ABSENT_EXTENSION, "valueCode": "unknown"}]}
    maker.recorded(made, (entry, concern), "recorder", "recordedDate")
    put(made, "bodySite", [s for e in children(entry, "targetSiteCode") if (s := maker.read.concept(e))])
    put(made, "note", maker.comments(entry))
    maker.leftover(entry, frozenset((_STATUS, _AGE)))
    return maker.keep(made)
