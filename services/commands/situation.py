"""What a command is judged by: the policy, the hour, and the patient's record as it is now."""

from __future__ import annotations

import datetime as dt
import functools
import zoneinfo
from collections.abc import Iterator

from services.chart import holding
from services.chart.chart import Chart, Charts
from services.chart.entry import Entry
from services.chart.holding import Allergy, Medicine
from services.commands.policy import Policy
from services.commands.schemas import AICommand, SuggestMedicationChange
from services.errors import Gone, InvalidInput, NotFound, PatientNotFound
from services.fhir.definitions import compartment_types, split_reference
from services.fhir.indexing import index_rows
from services.fhir.repository import Repository, Resource, Stored
from services.knowledge.medicines.naming import Identified, identify


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
        """What is being taken."""
        return holding.medicines(self.chart)

    @functools.cached_property
    def allergies(self) -> list[Allergy]:
        return holding.allergies(self.chart)

    @functools.cached_property
    def pregnancy(self) -> list[Entry]:
        """What says that the patient is pregnant now."""
        return holding.pregnancy(self.chart)

    def belongs(self, stored: Stored) -> bool:
        """Whether a resource is this patient's, or nobody's."""
        patients = index_rows(stored.resource).patients
        if stored.type in compartment_types():
            return self.command.patient_id in patients
        return not patients or self.command.patient_id in patients


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
