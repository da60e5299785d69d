"""One patient's record at one moment, read as it is needed."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from services.chart.building import KINDS, build
from services.chart.entry import Entry
from services.fhir.indexing import date_range
from services.fhir.repository import Repository, Stored
from services.index.text import render
from services.index.text.context import never_withdrawn, patient_id
from services.index.text.model import Rendered

PATIENTS_KEPT = 64
_FUTURE = frozenset(["appointment", "order", "plan", "goal"])  # what is dated ahead on purpose
_OUTSIDE = frozenset(["Device"])  # the patient's, but in no patient's compartment (R4)


@dataclass(slots=True)
class _Built:
    """The entries of one version of a resource, and the versions of what they were named by."""

    version: str
    entries: tuple[Entry, ...]
    depends: tuple[tuple[str, str | None], ...]


@dataclass(slots=True)
class _Known:
    built: dict[str, _Built] = field(default_factory=dict)


class Charts:
    """What was built from a patient's resources, kept for the next question. Safe between threads.

    Every question reads the record anew; only resources whose version changed are parsed and built again.
    """

    def __init__(self) -> None:
        self._patients: OrderedDict[tuple[str, str], _Known] = OrderedDict()
        self._lock = threading.Lock()

    def open(
        self, repository: Repository, patient_id: str, as_of: dt.date, moment: str | None = None
    ) -> Chart:
        """The patient's chart as `repository` shows it, up to the day, or to the `moment` (ISO) of it.

        Raises NotFound or Gone.
        """
        patient = repository.read("Patient", patient_id)
        key = (patient_id, repository.view)  # what one member may not see is not built for another
        with self._lock:
            known = self._patients.setdefault(key, _Known())
            self._patients.move_to_end(key)
            while len(self._patients) > PATIENTS_KEPT:
                self._patients.popitem(last=False)
        return Chart(repository, patient, as_of, known, moment)


class Chart:
    """The entries of a patient, without what was withdrawn and what is dated after `as_of`.

    Kinds are read when they are first asked for. Made for one question, in one thread.
    """

    def __init__(
        self,
        repository: Repository,
        patient: Stored,
        as_of: dt.date,
        known: _Known,
        moment: str | None = None,
    ) -> None:
        covered = date_range(moment) if moment and "T" in moment else None
        self._before = covered[1] if covered else None  # epoch seconds
        self.repository, self.patient, self.patient_id, self.as_of = repository, patient, patient.id, as_of
        self._known = known
        self._past = as_of - dt.timedelta(days=1)
        self._reference = f"Patient/{patient.id}"
        self._kinds: dict[str, list[Entry]] = {}
        self._bodies: dict[str, list[Stored]] = {}  # by type
        self._found: dict[str, Stored | None] = {}
        self._parsed: dict[str, dict | None] = {}
        self._asked: dict[str, None] = {}
        self._names: dict[tuple[str | None, str], str] = {}
        self._rendered: dict[str, Rendered | None] = {}

    def entries(self, *kinds: str) -> list[Entry]:
        """The entries of the kinds (see `building.KINDS`), oldest first."""
        self.read(*kinds)
        found = [e for k in kinds for e in self._kinds[k]]
        return found if len(kinds) == 1 else sorted(found, key=lambda e: e.order)

    def read(self, *kinds: str) -> None:
        """Read and build the kinds at once."""
        missing = [k for k in kinds if k not in self._kinds]
        if missing:
            self._read(missing)

    def entry(self, reference: str) -> Entry | None:
        """The (first) entry of a resource of this patient."""
        name = reference.partition("/")[0]
        kind = next((k for k, types in KINDS.items() if name in types), None)
        if kind is None:
            return None
        return next((e for e in self.entries(kind) if e.reference == reference), None)

    def resources(self, types: Sequence[str]) -> Iterator[tuple[Stored, dict]]:
        """Everything of the types that is the patient's, parsed, withdrawn and later things included; what became entries
        is not parsed a second time."""
        for stored in self._stored_of(types):
            known = self._known.built.get(stored.reference)
            if known and known.version == stored.version and known.entries:
                yield stored, known.entries[0].resource
            else:
                yield stored, stored.resource

    def resolve(self, reference: str) -> dict | None:
        """What a reference points to; remembered for this question."""
        self._asked[reference] = None
        if reference not in self._parsed:
            stored = self._stored(reference)
            self._parsed[reference] = stored.resource if stored else None
        return self._parsed[reference]

    def rendered(self, entry: Entry) -> Rendered | None:
        """The whole resource as readable text."""
        if entry.reference not in self._rendered:
            self._rendered[entry.reference] = render(entry.resource, self.resolve)
        return self._rendered[entry.reference]

    def _stored(self, reference: str) -> Stored | None:
        if reference not in self._found:
            self._found[reference] = self.repository.find(reference)
        return self._found[reference]

    def _read(self, kinds: Sequence[str]) -> None:
        by_type = {t: k for k in kinds for t in KINDS[k]}
        for kind in kinds:
            self._kinds[kind] = []
        for stored in self._stored_of(list(by_type)):
            into = self._kinds[by_type[stored.type]]
            for entry in self._entries_of(stored):
                if entry.kind in _FUTURE or self._happened(entry):
                    into.append(entry)
        for kind in kinds:
            self._kinds[kind].sort(key=lambda e: e.order)

    def _stored_of(self, types: Sequence[str]) -> Iterator[Stored]:
        """Of the types, each read once for this question."""
        missing = [t for t in types if t not in self._bodies]
        if missing:
            self._bodies.update({t: [] for t in missing})
            for stored in self.repository.compartment(self.patient_id, missing):
                self._bodies[stored.type].append(stored)
        for name in set(missing) & _OUTSIDE:
            params = [("patient", f"Patient/{self.patient_id}"), ("_count", "200")]
            self._bodies[name] += self.repository.search(name, params).matches
        return itertools.chain.from_iterable(self._bodies[t] for t in types)

    def _happened(self, entry: Entry) -> bool:
        """Whether the entry is of the time before `as_of`."""
        first = entry.first
        if first is None or first < self._past:
            return True
        if self._before is not None and "T" in (entry.date or ""):
            covered = date_range(entry.date)
            return covered is None or covered[0] < self._before
        return first <= self.as_of

    def within_hours(self, entry: Entry, hours: int) -> bool:
        """Whether the entry is of the last hours before the moment; where only the day is known, of those days."""
        covered = date_range(entry.date) if self._before is not None and "T" in (entry.date or "") else None
        return covered is None or self._before is None or covered[0] >= self._before - 3600 * hours

    def _entries_of(self, stored: Stored) -> tuple[Entry, ...]:
        known = self._known.built.get(stored.reference)
        if known and known.version == stored.version and (
            not known.depends or all(map(self._same, known.depends))
        ):
            return known.entries
        self._asked = {}
        resource = stored.resource
        entries: tuple[Entry, ...] = ()
        # In the compartment as a relative or performer, but about somebody else: not this patient's.
        if self._own(resource) or patient_id(resource) in (None, self.patient_id):
            entries = tuple(build(resource, stored.version, self.resolve, self._names, never_withdrawn(stored.body)))
        depends = tuple((r, s.version if (s := self._stored(r)) else None) for r in self._asked) if self._asked else ()
        self._known.built[stored.reference] = _Built(stored.version, entries, depends)
        return entries

    def _own(self, resource: dict) -> bool:
        """The usual case of `patient_id`, quickly."""
        subject = resource.get("subject")
        return isinstance(subject, dict) and subject.get("reference") == self._reference

    def _same(self, depended: tuple[str, str | None]) -> bool:
        reference, version = depended
        stored = self._stored(reference)
        return (stored.version if stored else None) == version
