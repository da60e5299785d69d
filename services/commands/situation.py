"""What a command is judged by: the policy, the hour, and the patient's record as it is now."""

from __future__ import annotations

import datetime as dt
import functools
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.chart.chart import Chart, Charts
from services.chart.entry import Entry
from services.commands.policy import Policy
from services.commands.schemas import AICommand, SuggestMedicationChange
from services.errors import Gone, InvalidInput, NotFound, PatientNotFound
from services.fhir.definitions import compartment_types, split_reference
from services.fhir.indexing import index_rows
from services.fhir.repository import Repository, Resource, Stored
from services.index.text import values
from services.index.text.context import Context
from services.index.text.medications import medication
from services.knowledge.medicines.naming import Identified, identify

_PREGNANT = frozenset(["problem:pregnancy"])


@dataclass(frozen=True, slots=True)
class Medicine:
    """A drug that the patient is on, as far as the record tells."""

    entry: Entry
    drug: Identified

    @property
    def reference(self) -> str:
        return self.entry.reference


class Situation:
    """One command, and what is known of its patient. Made for one judgement, in one thread.

    What the command names has to be there for whoever sends it (`repository`); it is judged by all that the record holds
    of the patient (`record`): an allergy that the sender may not see is an allergy.
    """

    def __init__(
        self,
        command: AICommand,
        repository: Repository,
        record: Repository,
        charts: Charts,
        policy: Policy,
        zone: zoneinfo.ZoneInfo,
        moment: dt.datetime,
    ) -> None:
        """Raises PatientNotFound where there is no such patient, or it is not the caller's to see."""
        self.command, self.repository, self.record, self.policy = command, repository, record, policy
        self.zone, self.moment = zone, moment
        if repository.find(f"Patient/{command.patient_id}") is None:
            raise PatientNotFound(f"There is no patient with the id {command.patient_id}.")
        try:
            self.chart: Chart = charts.open(record, command.patient_id, moment.astimezone(zone).date())
        except (NotFound, Gone) as error:
            raise PatientNotFound(f"There is no patient with the id {command.patient_id}.") from error

    @functools.cached_property
    def patient(self) -> Resource:
        return self.chart.patient.resource

    @functools.cached_property
    def drug(self) -> Identified | None:
        """The drug that the command would change."""
        if not isinstance(self.command, SuggestMedicationChange):
            return None
        return identify(self.command.medication.codings(), self.command.medication.display)

    @functools.cached_property
    def medicines(self) -> list[Medicine]:
        """What is being taken: active orders and statements, without proposals and prohibitions."""
        found = []
        for entry in self.chart.entries("medication"):
            if entry.status != "active" or entry.extra.get("given"):
                continue
            found.append(Medicine(entry, self._identified(entry)))
        return found

    @functools.cached_property
    def allergies(self) -> list[tuple[Entry, list[dict[str, Any]], str]]:
        """(entry, codings, text) of each allergy that holds."""
        found = []
        for entry in self.chart.entries("allergy"):
            if entry.status in ("refuted", "none-known", "resolved", "inactive"):
                continue
            code = entry.resource.get("code")
            codings = _codings(code)
            for reaction in values.objs(entry.resource.get("reaction")):
                codings += _codings(reaction.get("substance"))
            found.append((entry, codings, entry.name))
        return found

    @functools.cached_property
    def problems(self) -> list[Entry]:
        """Conditions that hold now."""
        return [
            e
            for e in self.chart.entries("condition")
            if e.status in ("active", "recurrence", "relapse", "") and not e.end
        ]

    @functools.cached_property
    def pregnancy(self) -> list[Entry]:
        """What says that the patient is pregnant now."""
        found = [e for e in self.problems if _PREGNANT & _all(e)]
        for entry in self.chart.entries("result"):  # LOINC 82810-3, pregnancy status: the latest one decides
            if any(code == "82810-3" for _, code in values.codings(entry.resource.get("code"))):
                last = entry
                found = [e for e in found if e.type == "Condition"]
                if any(
                    code == "77386006"
                    for _, code in values.codings(last.resource.get("valueCodeableConcept"))
                ):
                    found.append(last)
        return found

    def _identified(self, entry: Entry) -> Identified:
        name, codings, _ = medication(entry.resource, Context(entry.resource, self.chart.resolve))
        return identify([{"system": s, "code": c} for s, c in codings], name)

    def belongs(self, stored: Stored) -> bool:
        """Whether a resource is this patient's, or nobody's."""
        patients = index_rows(stored.resource).patients
        if stored.type in compartment_types():
            return self.command.patient_id in patients
        return not patients or self.command.patient_id in patients


def _all(entry: Entry) -> frozenset[str]:
    return entry.own | entry.named


def _codings(value: Any) -> list[dict[str, Any]]:
    """The codings of a CodeableConcept with their names."""
    return list(values.objs(values.obj(value).get("coding")))


def checked_references(situation: Situation) -> dict[str, Stored]:
    """What the command names, by reference: its fields and its evidence.

    Raises InvalidInput that names the field where a resource isn't there, or is not this patient's.
    """
    found: dict[str, Stored] = {}
    for field, reference in _references(situation.command):
        stored = situation.repository.find(reference)
        problem = None
        if stored is None:
            problem = f"there is no {reference}"
        elif not situation.belongs(stored):
            problem = f"{reference} is not this patient's"
        if problem or stored is None:
            raise InvalidInput(f"{field}: {problem}", details=[{"field": field, "problem": problem}])
        found[reference] = stored
    for number, item in enumerate(situation.command.evidence):
        if item.version is not None and item.version != found[item.reference].version:
            target = split_reference(item.reference)
            try:
                situation.repository.vread(*(target or ("", "")), item.version)
            except (NotFound, Gone) as error:
                problem = f"{item.reference} has no version {item.version}"
                details = [{"field": f"evidence.{number}.version", "problem": problem}]
                raise InvalidInput(f"evidence.{number}.version: {problem}", details=details) from error
    return found


def _references(command: AICommand) -> Iterator[tuple[str, str]]:
    yield from command.named().items()
    for number, item in enumerate(command.evidence):
        yield f"evidence.{number}.reference", item.reference
