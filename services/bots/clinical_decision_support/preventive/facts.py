"""A patient's resources as dated facts: what each is of, when it was, and whether it happened at all."""

from __future__ import annotations

import datetime as dt
import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from services.bots.clinical_decision_support.preventive.matching import Sets, sets_of
from services.bots.clinical_decision_support.preventive.model import Evidence
from services.bots.clinical_decision_support.preventive.truth import (
    FIRST,
    FOREVER,
    Frame,
    Span,
    Truth,
    everyone,
    span,
    within,
)
from services.chart.entry import Measure
from services.chart.results import measure
from services.index.text import values
from services.index.text.context import withdrawn

_DECLINED = re.compile(r"\b(?:declin|refus|objects?\b|objection)", re.IGNORECASE)
_ACTIVE = ("active", "recurrence", "relapse")
_STEMS = {
    "Observation": "effective",
    "DiagnosticReport": "effective",
    "Procedure": "performed",
    "Immunization": "occurrence",
    "Condition": "onset",
}
_RECORDED = ("issued", "recordedDate", "authoredOn", "recorded")
_DRUGS = frozenset(["MedicationRequest", "MedicationStatement", "AllergyIntolerance", "AdverseEvent"])
_ALWAYS = frozenset(["Encounter", "MedicationRequest"])  # what visits and orders are counted by
Times = tuple[str | None, Span | None, Span | None]
_REASONS = ("notDoneReason", "doNotPerformReason", "qicore-notDoneReason", "qicore-doNotPerformReason")


@dataclass(slots=True)
class Fact:
    """One resource. `start` and `end` are when it was; `end` None means that it isn't known (a point has both).

    `sets`: the value sets that it counts in; `done`: False for what was expressly not done, with `why_not`.
    """

    type: str
    id: str
    version: str
    resource: dict[str, Any]
    status: str
    name: str
    code: str
    sets: Sets
    raw: str | None
    start: Span | None
    end: Span | None
    recorded: str | None
    strict: bool
    done: bool = True
    why_not: str = ""
    declined: bool = False
    medical: bool = False
    _value_sets: Sets | None = None
    _measure: Measure | None = None
    _measured: bool = False

    @property
    def reference(self) -> str:
        return f"{self.type}/{self.id}"

    @property
    def latest(self) -> Span | None:
        """Its end where that is known, else its start."""
        return self.end if self.end not in (None, FOREVER) else self.start

    @property
    def order(self) -> tuple[str, str]:
        return self.raw or "", self.id

    @property
    def value(self) -> Measure | None:
        """value[x] as a number with its unit, or as text; None where there is none."""
        if not self._measured:
            self._measure, self._measured = measure(self.resource, ""), True
        found = self._measure
        return None if found is None or found.element.endswith("dataAbsentReason") else found

    def value_in(self, *names: str) -> bool:
        """Whether the value is coded in one of the value sets, or, unless strict, named so."""
        if self._value_sets is None:
            concept = self.resource.get("valueCodeableConcept")
            text = values.concept(concept) or values.string(self.resource.get("valueString"))
            published, local = sets_of("value", values.codings(concept), text)
            self._value_sets = published if self.strict else published | local
        return not self._value_sets.isdisjoint(names)

    def categories(self) -> set[str]:
        return {code for _, code in values.codings(self.resource.get("category"))}

    def overlaps(self, days: tuple[dt.date, dt.date]) -> Truth:
        """Whether it was going on on one of the days first..last."""
        first, last = days
        if self.start is None:
            return None
        begun: Truth = True if self.start.last <= last else (False if self.start.first > last else None)
        if self.end is None:
            lasted: Truth = True if self.start.first >= first else None
        else:
            lasted = True if self.end.first >= first else (False if self.end.last < first else None)
        return everyone((begun, lasted))

    def during(self, days: tuple[dt.date, dt.date]) -> Truth:
        """Whether all of it lies in the days first..last."""
        return everyone((within(self.start, *days), within(self.latest, *days)))

    def evidence(self) -> Evidence:
        value = self.value if self.type == "Observation" else None
        shown = value.text if value else _parts(self.resource)
        return Evidence(
            reference=self.reference,
            version=self.version,
            date=self.raw,
            code=self.code,
            display=self.name,
            value=shown,
        )


def _parts(resource: dict[str, Any]) -> str:
    told = [
        f"{values.concept(p.get('code'))} {m.text}"
        for p in values.objs(resource.get("component"))
        if (m := measure(p, ""))
    ]
    return ", ".join(told)


def fact(
    resource: dict[str, Any],
    version: str,
    frame: Frame,
    licensed: Path | None = None,
    drug: Any = None,
    *,
    sound: bool = False,
) -> Fact | None:
    """The resource as a fact; None where it is withdrawn, or no rule asks for it. `licensed`: see `licensed_folder`;
    `drug`: the concept of a medicine kept elsewhere; `sound`: it is known that the resource isn't withdrawn."""
    strict = frame.strict
    kind = str(resource.get("resourceType"))
    concept = drug or resource.get(_CODE.get(kind, "code"))
    about = "medication" if kind in _DRUGS else kind
    code, name, published, local = _told(about, orjson.dumps(concept), licensed)
    if kind not in _ALWAYS and not (published or local):
        return None  # no rule asks for it
    if not sound and withdrawn(resource):
        return None
    recorded = next((r for key in _RECORDED if (r := values.iso(resource.get(key)))), None)
    raw, start, end = _when(kind, resource, recorded, frame)
    status = values.code(resource.get("status")).lower()
    made = Fact(
        kind, str(resource.get("id")), version, resource, status, name or kind, code, published if strict else published | local,
        raw, start, end, recorded, strict,
    )  # fmt: skip
    if status in ("cancelled", "not-done") or values.true(resource.get("doNotPerform")):
        _not_done(made)
    return made


@functools.lru_cache(maxsize=20_000)
def _told(kind: str, written: bytes, folder: Path | None) -> tuple[str, str, Sets, Sets]:
    """(code, name, published sets, local sets) of a concept as JSON: the same few come again in every record."""
    concept = orjson.loads(written)
    codings = values.codings(concept)
    name = values.concepts(concept) if isinstance(concept, list) else values.concept(concept)
    return "|".join(codings[0]) if codings else "", name, *sets_of(kind, codings, _text(concept), folder)


_CODE = {
    "Encounter": "type",
    "Immunization": "vaccineCode",
    "MedicationRequest": "medicationCodeableConcept",
    "MedicationStatement": "medicationCodeableConcept",
    "DeviceRequest": "codeCodeableConcept",
    "AdverseEvent": "suspectEntity",
}


def _text(concept: Any) -> str:
    """All that a concept is called."""
    told = [part for each in values.many(concept) for part in (values.concept(each), *values.displays(each))]
    return "; ".join(dict.fromkeys(filter(None, told)))


def _when(kind: str, resource: dict[str, Any], recorded: str | None, frame: Frame) -> Times:
    strict = frame.strict
    if kind == "Condition":
        return _prevalence(resource, recorded, frame)
    if kind == "Encounter":
        period: Any = resource.get("period") or resource.get("actualPeriod")
    elif kind in ("ServiceRequest", "MedicationRequest", "DeviceRequest"):
        raw = values.iso(resource.get("authoredOn"))
        return raw, span(raw), span(raw)
    elif kind == "AdverseEvent":
        raw = values.iso(resource.get("date"))
        return raw, span(raw), span(raw)
    elif kind == "MedicationStatement":
        raw = values.when_iso(resource, "effective") or values.iso(resource.get("dateAsserted"))
        ended = values.iso(values.obj(resource.get("effectivePeriod")).get("end"))
        return raw, span(raw), span(ended)
    elif kind == "AllergyIntolerance":
        raw = values.when_iso(resource, "onset") or (None if strict else recorded)
        return raw, span(raw), FOREVER
    else:
        stem = _STEMS.get(kind, "effective")
        period = resource.get(f"{stem}Period")
        if period is None:
            raw = values.when_iso(resource, stem) or (None if strict else recorded)
            return raw, span(raw), span(raw)
    begun, ended = values.iso(values.obj(period).get("start")), values.iso(values.obj(period).get("end"))
    return begun or ended, span(begun or ended), span(ended or begun)


def _prevalence(resource: dict[str, Any], recorded: str | None, frame: Frame) -> Times:
    """From onset to abatement. Without abatement: for ever if active, else till it isn't known when.

    Local, where not `strict`: the recorded date stands in for an onset, a problem without any date may have begun
    on any day, and one without a clinical status is taken as active.
    """
    strict = frame.strict
    raw = values.when_iso(resource, "onset")
    state = values.code(resource.get("clinicalStatus")).lower()
    if raw is None and not strict:
        raw = recorded
    begun = span(raw)
    if begun is None and not strict:
        begun = Span(FIRST, frame.today)
    period = values.obj(resource.get("abatementPeriod"))
    ended = span(values.iso(period.get("end")) or values.when_iso(resource, "abatement"))
    if ended is None and (state in _ACTIVE or (not state and not strict)):
        ended = FOREVER
    return raw, begun, ended


def _not_done(made: Fact) -> None:
    made.done = False
    told = [made.resource.get("statusReason"), *values.many(made.resource.get("reasonCode"))]
    extensions = values.objs(made.resource.get("extension")) + values.objs(
        made.resource.get("modifierExtension")
    )
    told += [
        values.choice(extension, "value")[1]
        for extension in extensions
        if values.string(extension.get("url")).rpartition("/")[2] in _REASONS
    ]
    codings = values.codings(told)
    published, local = sets_of("reason", codings, "")
    made.why_not = "; ".join(dict.fromkeys(filter(None, (values.concept(t) for t in told if t))))
    made.declined = "declined" in published | local or bool(_DECLINED.search(made.why_not))
    made.medical = "medical-reason" in published | local
