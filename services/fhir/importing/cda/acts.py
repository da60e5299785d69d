"""Procedures and encounters (CF-procedures, CF-encounters)."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from services.fhir.importing.cda import codes
from services.fhir.importing.cda.clinical import condition
from services.fhir.importing.cda.header import people, put
from services.fhir.importing.cda.making import Maker, NotUnderstood, negated, nullified, status_of
from services.fhir.importing.cda.measured import observation
from services.fhir.importing.cda.tree import child, children, related
from services.fhir.importing.cda.types import Json, person

_DIAGNOSIS = "29308-4"
_CLASS_BY_CPT = (
    (re.compile(r"9921[1-5]\Z"), "AMB"),
    (re.compile(r"9922[1-3]\Z"), "IMP"),
    (re.compile(r"9928[1-5]\Z"), "EMER"),
)
"""The examples of CF-encounters, of whose kind a visit's CPT code makes it."""


def procedure(maker: Maker, act: Element, section: str) -> None:
    """A Procedure; of an observation, which has a value, an Observation."""
    if act.tag == "observation":
        observation(maker, act, act, "procedure")
        return
    if act.tag not in ("procedure", "act"):
        raise NotUnderstood(f"is of the kind {act.tag}, not a procedure")
    code = maker.concept(child(act, "code"), act)
    if code is None:
        raise NotUnderstood("names no procedure")
    if act.get("moodCode") not in ("EVN", None):
        raise NotUnderstood("is planned and not done")
    made = maker.start("Procedure", act)
    status = "entered-in-error" if nullified(act) else codes.PROCEDURE_STATUS.get(status_of(act), "unknown")
    made["status"] = "not-done" if negated(act) and status != "entered-in-error" else status
    made["code"] = code
    made["subject"] = maker.subject
    maker.read.put_time(made, "performed", child(act, "effectiveTime"))
    maker.recorded(made, (act,), "recorder")
    performers = [p for e in children(act, "performer/assignedEntity") if (p := people(e, maker.read))]
    put(made, "performer", [{"actor": p} for p in performers])
    put(made, "location", _place(child(act, "participant[@typeCode='LOC']/participantRole")))
    put(made, "reasonCode", [c for e in related(act, "observation", kind="RSON") if (c := maker.concept(child(e, "value"), e))])
    put(made, "bodySite", [c for e in children(act, "targetSiteCode") if (c := maker.read.concept(e))])
    put(made, "note", maker.comments(act))
    maker.leftover(act, frozenset(), ("RSON",))
    maker.keep(made)


def _place(role: Element | None) -> Json | None:
    name = person(child(role, "playingEntity"))
    return {"display": name} if name else None


def encounter(maker: Maker, act: Element, section: str) -> None:
    if act.tag != "encounter":
        raise NotUnderstood(f"is of the kind {act.tag}, not an encounter")
    if act.get("moodCode") not in ("EVN", None):
        raise NotUnderstood("is planned and did not take place yet")
    made = _visit(maker, act)
    people_ = [p for e in children(act, "performer/assignedEntity") if (p := people(e, maker.read))]
    put(made, "participant", [{"individual": p} for p in people_])
    reasons = [c for e in related(act, "observation", kind="RSON") if (c := maker.concept(child(e, "value"), e))]
    put(made, "reasonCode", reasons)
    diagnoses = []
    for found in related(act, "act", _DIAGNOSIS):
        for entry in related(found, "observation"):
            if reference := condition(maker, found, entry, "encounter-diagnosis"):
                maker.made[reference["reference"]]["encounter"] = {"reference": f"Encounter/{made['id']}"}
                diagnoses.append({"condition": reference})
    put(made, "diagnosis", diagnoses)
    discharge = maker.read.concept(child(act, "sdtc_dischargeDispositionCode"))
    put(made, "hospitalization", {"dischargeDisposition": discharge} if discharge else None)
    places = [p for e in children(act, "participant[@typeCode='LOC']/participantRole") if (p := _place(e))]
    put(made, "location", [{"location": p} for p in places])
    maker.leftover(act, frozenset((_DIAGNOSIS,)), ("RSON",))
    maker.keep(made)


def encompassing(maker: Maker, act: Element) -> Json | None:
    """The visit that the document is about. One that the section of encounters tells of too is the same by its id, and
    said there in more detail."""
    made = _visit(maker, act)
    if f"Encounter/{made['id']}" in maker.made:
        return {"reference": f"Encounter/{made['id']}"}
    places = [e for e in children(act, "location/healthCareFacility/location") if person(e)]
    put(made, "location", [{"location": {"display": person(e)}} for e in places])
    who = [p for e in children(act, "encounterParticipant/assignedEntity") if (p := people(e, maker.read))]
    put(made, "participant", [{"individual": p} for p in who])
    discharge = maker.read.concept(child(act, "dischargeDispositionCode"))
    put(made, "hospitalization", {"dischargeDisposition": discharge} if discharge else None)
    return maker.keep(made)


def _visit(maker: Maker, act: Element) -> Json:
    made = maker.start("Encounter", act)
    if any(made.get("identifier", ())):  # the same visit in header and section, however they tell of it
        made["id"] = maker.shared_id("Encounter", act)
    time = child(act, "effectiveTime")
    period = maker.read.period(time) or ({"start": moment} if (moment := maker.read.moment(time)) else None)
    status = codes.ENCOUNTER_STATUS.get(status_of(act), "")
    if not status:
        over = period is not None and (child(time, "low") is None or "end" in period)
        status = "finished" if over else "unknown"
    made["status"] = status
    concept = maker.concept(child(act, "code"), act) or {}
    kinds = [c for c in concept.get("coding", ()) if c.get("system") == codes.ACT_CODE]
    made["class"] = kinds[0] if kinds else _class_of(concept)
    others = [c for c in concept.get("coding", ()) if c not in kinds]
    kind = {**({"coding": others} if others else {}), **({"text": concept["text"]} if "text" in concept else {})}
    put(made, "type", [kind] if kind else None)
    made["subject"] = maker.subject
    put(made, "period", period)
    return made


def _class_of(concept: Json) -> Json:
    for coding in concept.get("coding", ()):
        for pattern, kind in _CLASS_BY_CPT:
            if coding.get("system") == codes.CPT and pattern.match(coding["code"]):
                return {"system": codes.ACT_CODE, "code": kind}
    return {"extension": [{"url": codes.ABSENT_EXTENSION, "valueCode": "unknown"}]}
