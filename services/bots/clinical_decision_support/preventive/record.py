"""The patient and all facts about them up to a moment, from one read of the compartment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from services.bots.clinical_decision_support.preventive.facts import Fact, fact
from services.bots.clinical_decision_support.preventive.model import Evidence
from services.bots.clinical_decision_support.preventive.truth import FOREVER, Frame, Span, span
from services.chart.chart import Chart
from services.fhir.indexing import date_range
from services.fhir.repository import Repository
from services.index.text import values
from services.index.text.context import never_withdrawn
from services.index.text.context import patient_id as owner
from services.knowledge.preventive.value_sets import licensed_folder

TYPES = (
    "AdverseEvent", "AllergyIntolerance", "Condition", "DeviceRequest", "DiagnosticReport", "Encounter", "Immunization",
    "MedicationRequest", "MedicationStatement", "Observation", "Procedure", "ServiceRequest", "Task",
)  # fmt: skip
_SEX = {"248152002": "female", "248153007": "male"}
_US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/"
ASIAN = "2028-9"


@dataclass(slots=True)
class Record:
    """`sex`: female, male, or "" where it isn't told; `died`: None while alive, an empty tuple where undated."""

    patient: Evidence
    born: Span | None
    sex: str
    asian: bool
    died: Span | tuple[()] | None
    of_set: dict[str, list[Fact]] = field(default_factory=dict)
    not_done: dict[str, list[Fact]] = field(default_factory=dict)
    of_type: dict[str, list[Fact]] = field(default_factory=dict)
    visits: dict[str, Fact] = field(default_factory=dict)
    ahead: set[str] = field(default_factory=set)
    """Visits that hadn't begun by then."""
    rejected: set[str] = field(default_factory=set)
    """References of orders whose fulfilment was rejected."""

    def of(self, names: Iterable[str]) -> list[Fact]:
        """Facts in any of the value sets that happened, oldest first, each once."""
        names = tuple(names)
        if len(names) == 1:
            return self.of_set.get(names[0], [])
        found = {id(f): f for name in names for f in self.of_set.get(name, ())}
        return sorted(found.values(), key=lambda f: f.order)

    def refused(self, names: Iterable[str]) -> list[Fact]:
        """Facts in any of the value sets that expressly didn't happen, oldest first."""
        found = {id(f): f for name in names for f in self.not_done.get(name, ())}
        return sorted(found.values(), key=lambda f: f.order)


def read(chart: Chart, frame: Frame) -> Record:
    patient_id, reference = chart.patient_id, chart.patient.reference
    record = _person(chart.patient.resource, Evidence(reference=reference, version=chart.patient.version), frame)
    facts: list[Fact] = []
    licensed = licensed_folder()
    for stored, resource in chart.resources(TYPES):
        subject = resource.get("subject")
        own = isinstance(subject, dict) and subject.get("reference") == reference
        if not own and owner(resource) not in (None, patient_id):
            continue  # in the compartment as a relative or performer, but about somebody else
        if stored.type == "Task":
            _reject(record, resource)
            continue
        drug = _drug(chart.repository, resource)
        made = fact(resource, stored.version, frame, licensed, drug, sound=never_withdrawn(stored.body))
        if made is None:
            continue
        if _known_by(made, frame):
            facts.append(made)
            if made.type == "Encounter" and made.done:
                record.visits[made.id] = made
        elif made.type == "Encounter":
            record.ahead.add(made.id)
    for made in facts:
        if frame.strict or made.raw is not None or _dated_by_visit(made, record):
            _keep(record, made)
    for kept in (record.of_set, record.not_done, record.of_type):
        for same in kept.values():
            same.sort(key=lambda f: f.order)
    return record


def _keep(record: Record, made: Fact) -> None:
    into = record.of_set if made.done else record.not_done
    for name in made.sets:
        into.setdefault(name, []).append(made)
    if made.done:
        record.of_type.setdefault(made.type, []).append(made)


def _dated_by_visit(made: Fact, record: Record) -> bool:
    """Dates what has no date of its own by its visit; False where that visit is still ahead."""
    reference = values.string(values.obj(made.resource.get("encounter")).get("reference"))
    at = reference.rpartition("/")[2]
    visit = record.visits.get(at)
    if visit is not None and made.type != "Encounter":
        made.raw, made.start = visit.raw, visit.start
        if made.type != "Condition":  # whose end isn't its visit's
            made.end = made.end or visit.start
    return at not in record.ahead


def _person(patient: dict[str, Any], cited: Evidence, frame: Frame) -> Record:
    sex = ""
    race: set[str] = set()
    for extension in values.objs(patient.get("extension")):
        url = extension.get("url")
        if url == _US_CORE + "us-core-sex":
            sex = _SEX.get(values.code(values.choice(extension, "value")[1]), "")
        elif url == _US_CORE + "us-core-race":
            race |= {
                values.code(part.get("valueCoding"))
                for part in values.objs(extension.get("extension"))
                if part.get("url") == "ombCategory"
            }
    gender = values.string(patient.get("gender")).lower()
    if not sex and not frame.strict and gender in ("female", "male"):
        sex = gender
    died: Span | tuple[()] | None = span(values.iso(patient.get("deceasedDateTime")))
    if died is None and values.true(patient.get("deceasedBoolean")):
        died = ()
    if died and died[0] > frame.today:
        died = None
    return Record(cited, span(values.iso(patient.get("birthDate"))), sex, ASIAN in race, died)


def _known_by(made: Fact, frame: Frame) -> bool:
    """Whether it had begun, and been recorded, by the moment. What ends later has no end yet."""
    moment = frame.as_of if frame.as_of.tzinfo else frame.as_of.replace(tzinfo=dt.UTC)
    for raw in (made.raw, made.recorded):
        if raw is None or raw[:10] < frame.today.isoformat():
            continue
        covered = date_range(raw)
        if covered and covered[0] > moment.timestamp():
            return False
    if made.end and made.end is not FOREVER and made.end.first > frame.today:
        made.end = FOREVER if made.type in ("Condition", "MedicationStatement") else None
    return True


def _drug(repository: Repository, resource: dict[str, Any]) -> Any:
    """The code of a medicine that is contained in the request or kept as a resource of its own."""
    reference = values.string(values.obj(resource.get("medicationReference")).get("reference"))
    if not reference:
        return None
    for item in values.objs(resource.get("contained")):
        if f"#{values.string(item.get('id')).lstrip('#')}" == reference:
            return item.get("code")
    stored = None if reference.startswith("#") else repository.find(reference)
    found = stored.resource.get("code") if stored else None
    return found or {"text": values.string(values.obj(resource.get("medicationReference")).get("display"))}


def _reject(record: Record, task: dict[str, Any]) -> None:
    focus = values.string(values.obj(task.get("focus")).get("reference"))
    fulfil = any(code == "fulfill" for _, code in values.codings(task.get("code")))
    if focus and fulfil and values.code(task.get("status")) == "rejected":
        record.rejected.add(focus)
