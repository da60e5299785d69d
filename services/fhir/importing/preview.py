"""What importing a file would do, told before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.errors import InvalidInput
from services.fhir.importing.importer import Importer, Problem
from services.fhir.importing.kinds import LABELS, Kind, kind_of
from services.fhir.importing.matching import WhoIsIt
from services.fhir.importing.preparing import Choice, Prepared, prepare, standing
from services.fhir.importing.sources import Source, find_files
from services.fhir.repository import Repository, Resource
from services.fhir.validation import validate

MOST = 5000
"""How many resources of one FHIR file are looked at."""
MOST_PATIENTS = 5


@dataclass(slots=True)
class Preview:
    """What one file is and would do. `who` are the patients that it tells of, as Patient resources (at most five);
    `known` whether the record has them; `alike` are ids of patients of the record with the same name and birth date.

    `needs_patient`: only a person can say whom it is about. `cut`: only its first part was looked at.
    """

    name: str
    path: Path
    kind: Kind | None
    created: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    who: list[Resource] = field(default_factory=list)
    patients: int = 0
    known: bool = False
    alike: tuple[str, ...] = ()
    needs_patient: bool = False
    cut: bool = False

    @property
    def label(self) -> str:
        return LABELS[self.kind] if self.kind else "Not known"

    @property
    def total(self) -> int:
        return self.created.total() + self.updated.total() + self.unchanged.total()

    @property
    def patient(self) -> str:
        """Whom it is about, in a line."""
        if not self.who:
            return ""
        names = self.who[0].get("name") or [{}]
        name = " ".join([*names[0].get("given", ()), names[0].get("family", "")]).strip() or names[0].get("text", "")
        more = f" and {self.patients - 1} more" if self.patients > 1 else ""
        return f"{name or 'without a name'}, born {self.who[0].get('birthDate', 'on a day not told')}{more}"

    def refuse(self, where: str, what: str, reason: str) -> None:
        self.problems.append(Problem(where, what, reason))

    def as_json(self) -> dict[str, Any]:
        counts = {name: dict(getattr(self, name)) for name in ("created", "updated", "unchanged", "removed")}
        told = {name: [{"where": p.where, "what": p.what, "reason": p.reason} for p in getattr(self, name)] for name in ("problems", "notes")}
        return {"file": self.name, "kind": self.kind, "patient": self.patient, "inTheRecord": self.known,
                "needsPatient": self.needs_patient, "onlyItsFirstPart": self.cut, **counts, **told}  # fmt: skip


def preview_all(
    importer: Importer, repository: Repository, paths: Iterable[Path], choice: Choice
) -> list[Preview]:
    """Of everything under the paths. Raises InvalidInput where there is nothing to import."""
    files, _ = find_files(paths, papers=bool(choice.patient))
    return [preview(importer, repository, path, choice) for path in files]


def preview(
    importer: Importer,
    repository: Repository,
    path: Path,
    choice: Choice,
    stop: Callable[[], bool] = lambda: False,
) -> Preview:
    """Never raises for what is wrong with the file: that is told in `problems`."""
    kind, reason = kind_of(path)
    made = Preview(path.name, path, kind)
    if kind is None:
        made.refuse(path.name, "whole file", reason)
    elif kind == "fhir":
        _fhir(made, importer, repository, stop)
    else:
        try:
            _document(made, prepare(path, kind, choice, repository, stop), repository)
        except InvalidInput as error:
            made.needs_patient = isinstance(error, WhoIsIt)
            made.refuse(path.name, "whole file", error.message)
    return made


def _document(made: Preview, prepared: Prepared, repository: Repository) -> None:
    for resource in prepared.resources:
        validate(resource)
    _count(made, prepared.resources, repository)
    made.removed.update(r.partition("/")[0] for r in prepared.removed)
    known = prepared.match.known
    made.known = known is not None
    made.who = [known.resource if known else prepared.match.new or {}]
    made.patients = 1
    made.alike = tuple(stored.id for stored in prepared.match.alike)
    made.notes = [Problem(*note) for note in prepared.notes]


def _fhir(made: Preview, importer: Importer, repository: Repository, stop: Callable[[], bool]) -> None:
    source = Source(made.path)
    for entry in source:
        where = f"{made.name}, entry {entry.number + 1}"
        if entry.problem:
            made.refuse(where, "entry", entry.problem)
            continue
        try:
            resource = importer.checked(entry.resource, source)
        except InvalidInput as error:
            name = entry.resource.get("resourceType") if isinstance(entry.resource, dict) else None
            made.refuse(where, str(name or "entry")[:60], error.message)
            continue
        if resource["resourceType"] == "Patient":
            made.patients += 1
            if len(made.who) < MOST_PATIENTS:
                made.who.append(resource)
                made.known = made.known or standing(repository, resource) != "created"
        _count(made, [resource], repository)
        if made.total + len(made.problems) >= MOST or stop():
            made.cut = True
            return


def _count(made: Preview, resources: Iterable[Resource], repository: Repository) -> None:
    counts: Mapping[str, Counter[str]] = {
        "created": made.created, "updated": made.updated, "unchanged": made.unchanged
    }  # fmt: skip
    for resource in resources:
        counts[standing(repository, resource)][resource["resourceType"]] += 1
