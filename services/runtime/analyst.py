"""Keeps every patient's findings up to date: follows the log of changes, and analyses each patient that changed once."""

from __future__ import annotations

import logging
import threading
import time

from services.bots.clinical_decision_support.analysis import analyse
from services.bots.clinical_decision_support.store import FindingStore
from services.chart.chart import Charts
from services.errors import FabricError
from services.fhir.indexing import index_rows
from services.fhir.sqlite import SQLiteRepository
from services.index.owner import Owner

log = logging.getLogger("fabric.findings")
TYPES = frozenset(
    [
        "Patient",
        "Observation",
        "Condition",
        "MedicationRequest",
        "MedicationStatement",
        "AllergyIntolerance",
        "Immunization",
        "Procedure",
        "DiagnosticReport",
        "Encounter",
        "ServiceRequest",
    ]
)
STEP, IDLE_SECONDS, ERROR_SECONDS = 500, 2.0, 30.0


class Analyst:
    """Works in the process that owns the background work. A change is worked off when its patient's findings are kept, so
    that nothing is missed by an end in between; a patient with many changes is analysed once for all of them."""

    def __init__(
        self, repository: SQLiteRepository, charts: Charts, store: FindingStore, owner: Owner
    ) -> None:
        self._repository, self._charts, self._store, self._owner = repository, charts, store, owner
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._loop, name="fabric-analyst", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=30)

    def step(self) -> int | None:
        """Analyse the patients of the next changes; how many, None where there are no more changes."""
        after = self._store.cursor()
        changes = self._repository.changes(after, STEP)
        if not changes:
            return None
        patients: dict[str, None] = {}
        for change in changes:
            if change.type in TYPES:
                for patient in self._patients(change.type, change.id):
                    patients[patient] = None
        for patient in patients:
            if self._stop.is_set():
                return len(patients)
            self.analyse(patient)
        self._store.move_cursor(changes[-1].seq, after)
        return len(patients)

    def analyse(self, patient: str) -> None:
        try:
            found = analyse(self._repository, self._charts, patient)
        except FabricError:  # deleted meanwhile
            self._store.keep(patient, [], time.time())
            return
        self._store.keep(patient, found.findings, time.time())

    def _patients(self, resource_type: str, resource_id: str) -> set[str]:
        """Of the resource as it is and as it was: a corrected subject concerns both patients."""
        found: set[str] = set()
        try:
            versions = self._repository.history(resource_type, resource_id)[:2]
        except FabricError:
            return found
        for stored in versions:
            if stored.body is not None:
                found |= index_rows(stored.resource).patients
        return found

    def _loop(self) -> None:
        while not self._stop.is_set():
            wait = IDLE_SECONDS
            try:
                if self._owner.held and self.step() is not None:
                    wait = 0.05  # leave room for the pages
            except Exception as error:  # one patient's odd record must not end the work on all others
                log.error("findings could not be brought up to date: %s", type(error).__name__)
                wait = ERROR_SECONDS
            self._stop.wait(wait)
