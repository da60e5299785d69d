"""Results, vital signs and social history (CF-results, CF-vitals, CF-social)."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from services.errors import InvalidInput
from services.fhir.importing.cda import codes
from services.fhir.importing.cda.header import people, put
from services.fhir.importing.cda.making import Maker, NotUnderstood, negated, nullified, status_of
from services.fhir.importing.cda.tree import child, children, code_of
from services.fhir.importing.cda.types import Json

_PRESSURE = {"8480-6": "systolic", "8462-4": "diastolic"}  # LOINC
_PRESSURE_PANEL = ("85354-9", "Blood pressure panel with all children optional")
_PREGNANCY = "2.16.840.1.113883.10.20.15.3.8"
_NORMAL = "N"


def result(maker: Maker, act: Element, section: str) -> None:
    """An organizer becomes a report with its results; an observation alone a result."""
    if act.tag == "observation":
        observation(maker, act, act, None)
        return
    if act.tag != "organizer":
        raise NotUnderstood(f"is of the kind {act.tag}, not a result")
    results = [r for e in children(act, "component/observation") if (r := observation(maker, e, act, None))]
    for other in children(act, "component/*"):
        if other.tag != "observation":
            maker.note(f"has a component of the kind {other.tag} that is not read")
    code = maker.concept(child(act, "code"), act)
    if code is None:
        if not results:
            raise NotUnderstood("has neither a name nor results that could be read")
        return
    made = maker.start("DiagnosticReport", act)
    made["status"] = "entered-in-error" if nullified(act) else codes.RESULT_STATUS.get(status_of(act), "unknown")
    made["code"] = code
    made["subject"] = maker.subject
    maker.read.put_time(made, "effective", child(act, "effectiveTime"))
    if not {"effectiveDateTime", "effectivePeriod"} & set(made):
        times = sorted(filter(None, (maker.read.first(child(e, "effectiveTime")) for e in children(act, "component/observation"))))
        put(made, "effectiveDateTime", times[0] if times else None)
    put(made, "result", results)
    maker.keep(made)


def vital_signs(maker: Maker, act: Element, section: str) -> None:
    found = children(act, "component/observation") if act.tag == "organizer" else [act] if act.tag == "observation" else []
    if not found:
        raise NotUnderstood("holds no vital signs")
    pressure = {_PRESSURE[code]: e for e in found if (code := code_of(e)) in _PRESSURE and not negated(e)}
    if len(pressure) == 2:
        _blood_pressure(maker, act, pressure)
    else:
        pressure = {}
    for entry in found:
        if entry not in pressure.values():
            observation(maker, entry, act, "vital-signs")


def social(maker: Maker, act: Element, section: str) -> None:
    if act.tag != "observation":
        raise NotUnderstood(f"is of the kind {act.tag}, not an observation")
    observation(maker, act, act, "social-history")


def observation(maker: Maker, entry: Element, around: Element, category: str | None) -> Json | None:
    """An Observation; its reference, or None where it is not valid. `around` gives the time that it lacks."""
    code = maker.concept(child(entry, "code"), entry)
    if any(t.get("root") == _PREGNANCY for t in children(entry, "templateId")):
        code = codes.concept("82810-3", codes.LOINC, "Pregnancy status")
    if code is None:
        raise NotUnderstood("holds an observation without a name")
    if negated(entry):
        maker.note(f"denies an observation ({code.get('text') or code['coding'][0]['code']}), which is kept as text")
        return None
    made = maker.start("Observation", entry)
    made["status"] = _status(entry)
    if category:
        made["category"] = [codes.concept(category, codes.terminology("observation-category"))]
    made["code"] = code
    made["subject"] = maker.subject
    _timed(maker, made, entry, around)
    authors = [p for e in children(entry, "author/assignedAuthor") if (p := people(e, maker.read))]
    put(made, "performer", authors)
    _valued(maker, made, entry)
    put(made, "interpretation", [c for e in children(entry, "interpretationCode") if (c := maker.read.concept(e))])
    put(made, "note", maker.comments(entry))
    put(made, "bodySite", next((c for e in children(entry, "targetSiteCode") if (c := maker.read.concept(e))), None))
    put(made, "method", next((c for e in children(entry, "methodCode") if (c := maker.read.concept(e))), None))
    put(made, "referenceRange", _ranges(maker, entry))
    maker.leftover(entry, frozenset())
    return maker.keep(made)


def _status(entry: Element) -> str:
    return "entered-in-error" if nullified(entry) else codes.RESULT_STATUS.get(status_of(entry), "unknown")


def _timed(maker: Maker, made: Json, entry: Element, around: Element) -> None:
    maker.read.put_time(made, "effective", child(entry, "effectiveTime"))
    if not {"effectiveDateTime", "effectivePeriod"} & set(made):
        maker.read.put_time(made, "effective", child(around, "effectiveTime"))


def _valued(maker: Maker, made: Json, entry: Element) -> None:
    """The value, or why there is none. Of several, the others are told in a note of the report."""
    found = children(entry, "value")
    for extra in found[1:]:
        maker.note(f"has a further value ({extra.get('displayName') or extra.get('value') or 'text'}) that is not read")
    if not found:
        return
    value = maker.read.value(found[0])
    if value:
        made[f"value{value[0]}"] = value[1]
    elif flavor := found[0].get("nullFlavor"):
        made["dataAbsentReason"] = codes.concept(codes.ABSENT.get(flavor, "unknown"), codes.ABSENT_REASON)


def _ranges(maker: Maker, entry: Element) -> list[Json]:
    """FHIR's ranges are normal ones: of several, those that say they are."""
    ranges = children(entry, "referenceRange/observationRange")
    normal = [r for r in ranges if _interpretation(r) == _NORMAL]
    made = []
    for element in normal or [r for r in ranges if not _interpretation(r)] or (ranges if len(ranges) == 1 else []):
        one: dict[str, Any] = {}
        value = child(element, "value")
        if value is not None:
            for name in ("low", "high"):
                try:
                    put(one, name, maker.read.quantity(child(value, name)))
                except InvalidInput as error:
                    maker.note(f"has a reference range that {error.message}")
        words = maker.read.narrative.said(child(element, "text"))
        put(one, "text", words or ("" if one else maker.read.narrative.said(value)))
        if one:
            made.append(one)
    return made


def _interpretation(element: Element) -> str:
    found = child(element, "interpretationCode")
    return found.get("code", "") if found is not None else ""


def _blood_pressure(maker: Maker, around: Element, parts: dict[str, Element]) -> None:
    first = parts["systolic"]
    made = maker.start("Observation", first)
    made["identifier"] = [i for e in parts.values() for i in maker.start("Observation", e).get("identifier", ())]
    if not made["identifier"]:
        del made["identifier"]
    statuses = {_status(e) for e in parts.values()}
    made["status"] = statuses.pop() if len(statuses) == 1 else "unknown"
    made["category"] = [codes.concept("vital-signs", codes.terminology("observation-category"))]
    made["code"] = codes.concept(_PRESSURE_PANEL[0], codes.LOINC, _PRESSURE_PANEL[1])
    made["code"]["text"] = "Blood pressure"
    made["subject"] = maker.subject
    _timed(maker, made, first, around)
    made["component"] = []
    for entry in parts.values():
        component: Json = {"code": maker.concept(child(entry, "code"), entry)}
        _valued(maker, component, entry)
        put(component, "interpretation", [c for e in children(entry, "interpretationCode") if (c := maker.read.concept(e))])
        put(component, "referenceRange", _ranges(maker, entry))
        made["component"].append(component)
    maker.keep(made)
