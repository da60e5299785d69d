"""`fabric import` and the import page: files → checked resources → the record.

FHIR goes in batches and is resumable; a clinical document, a PDF or a text goes in whole or not at all.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.errors import FabricError, Forbidden, InvalidInput, PreconditionFailed
from services.fhir.bundles import rewrite_references
from services.fhir.database import Database
from services.fhir.definitions import resource_types
from services.fhir.importing.kinds import Kind, kind_of
from services.fhir.importing.preparing import Choice, prepare
from services.fhir.importing.provenance import provenance
from services.fhir.importing.sources import Source, find_files
from services.fhir.repository import Repository, Resource
from services.fhir.validation import validate

BATCH, BATCH_BYTES = 500, 16 * 1024 * 1024
MAX_PROBLEMS = 1000
_TABLES = [
    """CREATE TABLE import_progress(path TEXT PRIMARY KEY, size INTEGER NOT NULL, modified INTEGER NOT NULL,
       entries INTEGER NOT NULL)"""
]


@dataclass(frozen=True, slots=True)
class Problem:
    """A resource that was not stored. `where` is file and entry number, counted from 1."""

    where: str
    what: str
    reason: str


@dataclass(slots=True)
class Report:
    """What an import did."""

    files: int = 0
    created: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    removed: Counter[str] = field(default_factory=Counter)
    """What an earlier version of a document held and its new one doesn't."""
    resumed: int = 0
    cancelled: bool = False
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    """What was not refused, but is kept as text only."""
    patients: list[str] = field(default_factory=list)
    """Ids of those whom documents were about."""
    seconds: float = 0.0
    bytes_done: int = 0
    bytes_total: int = 0

    @property
    def stored(self) -> int:
        return self.created.total() + self.updated.total()

    @property
    def read(self) -> int:
        return self.stored + self.unchanged.total() + self.refused

    def refuse(self, where: str, what: str, reason: str) -> None:
        self.refused += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(where, what, reason))

    def note(self, where: str, what: str, reason: str) -> None:
        if len(self.notes) < MAX_PROBLEMS:
            self.notes.append(Problem(where, what, reason))


Progress = Callable[[Report, Path], None]
Stop = Callable[[], bool]
Mark = tuple[str, int, int, int]
"""A file's path, size and time, and the number of the first entry that is still to come."""


class Importer:
    """Loads files. Each batch and the note of how far it got are one transaction: killed at any moment, the next
    run goes on behind the last batch, and a resource is stored whole or not at all."""

    def __init__(self, repository: Repository, database: Database, *, author: str = "System/import") -> None:
        self._repository, self._database, self._author = repository, database, author
        self._conditional: dict[str, str | None] = {}
        database.migrate("import", list(_TABLES))

    def run(
        self,
        paths: Iterable[Path],
        progress: Progress | None = None,
        choice: Choice | None = None,
        choices: Mapping[Path, Choice] | None = None,
        stop: Stop = lambda: False,
    ) -> Report:
        """Import everything under the paths. `choice` is for every file that `choices` has none for; when `stop` says
        so, it ends behind the batch or document that it is at.

        Raises InvalidInput where there is nothing to import.
        """
        started = time.monotonic()
        choice = choice or Choice()
        files, left_out = find_files(paths, papers=bool(choice.patient))
        report = Report(bytes_total=sum(f.stat().st_size for f in files))
        if left_out:
            report.note("folder", f"{left_out:,} PDF or text files", "left out: name the patient whom they are about")
        done_before = 0
        for path in files:
            if stop():
                report.cancelled = True
                break
            kind, reason = kind_of(path)
            if kind is None:
                report.refuse(path.name, "whole file", reason)
            elif kind == "fhir":
                self._file(path, report, done_before, progress, stop)
            else:
                self._document(path, kind, (choices or {}).get(path, choice), report, stop)
            done_before += path.stat().st_size
            report.files += 1
            report.bytes_done = done_before
            report.seconds = time.monotonic() - started
            if progress:
                progress(report, path)
        return report

    def _document(self, path: Path, kind: Kind, choice: Choice, report: Report, stop: Stop) -> None:
        counts = {"created": report.created, "updated": report.updated, "unchanged": report.unchanged}
        outcomes: list[tuple[str, str, str]] = []
        removed: list[str] = []
        try:
            prepared = prepare(path, kind, choice, self._repository, stop)
            with self._database.write():
                for resource in prepared.resources:
                    validate(resource)
                    stored, outcome = self._repository.update(resource, create_missing=True, author=self._author)
                    outcomes.append((outcome, stored.type, stored.reference))
                for reference in prepared.removed:
                    self._repository.delete(*reference.split("/"), author=self._author)
                    removed.append(reference.partition("/")[0])
                if changed := [r for outcome, _, r in outcomes if outcome != "unchanged" and not r.startswith("Binary/")]:
                    made = provenance(prepared.reference, changed, self._author)
                    self._repository.update(made, create_missing=True, author=self._author)
        except (InvalidInput, Forbidden) as error:
            report.refuse(path.name, "whole file", error.message)
            return
        # Counted only now: what is reported is on the disk.
        for outcome, resource_type, _ in outcomes:
            counts[outcome][resource_type] += 1
        report.removed.update(removed)
        if prepared.match.id not in report.patients:
            report.patients.append(prepared.match.id)
        for where, what, why in prepared.notes:
            report.note(f"{path.name}, {where}" if where != path.name else where, what, why)

    def _file(
        self, path: Path, report: Report, done_before: int, progress: Progress | None, stop: Stop
    ) -> None:
        source = Source(path)
        key, stat = str(path.resolve()), path.stat()
        skip = self._progress(key, stat.st_size, stat.st_mtime_ns)
        report.resumed += skip
        batch: list[tuple[int, Resource]] = []

        def flush(number: int) -> None:
            self._store(path, batch, report, (key, stat.st_size, stat.st_mtime_ns, number))
            batch.clear()
            report.bytes_done = done_before + min(source.bytes_done, stat.st_size)
            if progress:
                progress(report, path)

        number, size = -1, 0
        for entry in source:
            number = entry.number
            if number < skip:
                continue
            where = f"{path.name}, entry {number + 1}"
            if entry.problem:
                report.refuse(where, "entry", entry.problem)
                continue
            try:
                batch.append((number, self.checked(entry.resource, source)))
            except InvalidInput as error:
                report.refuse(where, _name(entry.resource), error.message)
            size += entry.size
            if len(batch) >= BATCH or size >= BATCH_BYTES:
                flush(number + 1)
                size = 0
                if stop():
                    report.cancelled = True
                    return
        flush(number + 1)
        with self._database.write() as connection:  # finished: importing the file again reads all of it again
            connection.execute("DELETE FROM import_progress WHERE path=?", (key,))

    def _progress(self, key: str, size: int, modified: int) -> int:
        row = (
            self._database.connection()
            .execute(
                "SELECT entries FROM import_progress WHERE path=? AND size=? AND modified=?",
                (key, size, modified),
            )
            .fetchone()
        )
        return row[0] if row else 0

    def checked(self, resource: Any, source: Source) -> Resource:
        """A resource as it would be written, its references led to where they are. Raises InvalidInput."""
        if not isinstance(resource, dict):
            raise InvalidInput("not a JSON object")
        if resource.get("resourceType") == "Bundle" and isinstance(resource.get("entry"), list):
            raise InvalidInput("a bundle inside another is not unpacked; import it as a file of its own")
        if not resource.get("id"):
            raise InvalidInput("has no id, so it could not be found again")
        try:
            resource = _logical(rewrite_references(resource, lambda r: self._target(r, source)))
            validate(resource)
        except RecursionError:
            raise InvalidInput("is nested too deeply") from None
        return resource

    def _target(self, reference: str, source: Source) -> str | None:
        found = source.urls.target(reference)
        if found or "?" not in reference:
            return found
        # "Practitioner?identifier=system|value": whoever the record knows by it.
        if reference not in self._conditional:
            resource_type, _, query = reference.partition("?")
            name, _, value = query.partition("=")
            target = None
            if resource_type in resource_types() and name == "identifier" and value:
                try:
                    page = self._repository.search(resource_type, [("identifier", value)])
                except FabricError:
                    page = None
                if page and len(page.matches) == 1:
                    target = page.matches[0].reference
            if target is None:
                return None
            self._conditional[reference] = target
        return self._conditional[reference]

    def _store(self, path: Path, batch: list[tuple[int, Resource]], report: Report, mark: Mark) -> None:
        """Where a server that keeps the record refuses a batch, its halves are tried, down to what it refuses."""
        try:
            try:
                results, refused = self._write(path, batch, mark)
            except PreconditionFailed:  # somebody else's change was fetched meanwhile
                results, refused = self._write(path, batch, mark)
        except (InvalidInput, Forbidden, PreconditionFailed) as error:
            if len(batch) > 1:
                middle = len(batch) // 2
                self._store(path, batch[:middle], report, (*mark[:3], batch[middle][0]))
                self._store(path, batch[middle:], report, mark)
                return
            results, refused = self._write(path, [], mark)
            refused = [(f"{path.name}, entry {n + 1}", _name(resource), error.message) for n, resource in batch]
        # Counted only now: what is reported is on the disk.
        counts = {"created": report.created, "updated": report.updated, "unchanged": report.unchanged}
        for outcome, resource_type in results:
            counts[outcome][resource_type] += 1
        for problem in refused:
            report.refuse(*problem)

    def _write(
        self, path: Path, batch: list[tuple[int, Resource]], mark: Mark
    ) -> tuple[list[tuple[str, str]], list[tuple[str, str, str]]]:
        """One transaction: what came of each resource, and which were refused."""
        results: list[tuple[str, str]] = []
        refused: list[tuple[str, str, str]] = []
        with self._database.write() as connection:
            for number, resource in batch:
                try:
                    stored, outcome = self._repository.update(
                        resource, create_missing=True, author=self._author
                    )
                    results.append((outcome, stored.type))
                except (InvalidInput, Forbidden) as error:
                    refused.append((f"{path.name}, entry {number + 1}", _name(resource), error.message))
            connection.execute(
                "INSERT INTO import_progress VALUES(?,?,?,?) ON CONFLICT(path) DO UPDATE SET "
                "size=excluded.size, modified=excluded.modified, entries=excluded.entries",
                mark,
            )
        return results, refused


def _logical(node: Any) -> Any:
    """Conditional references nobody could resolve become logical ones (R4 references, identifier)."""
    if isinstance(node, dict):
        reference = node.get("reference")
        if isinstance(reference, str) and "?identifier=" in reference and "identifier" not in node:
            system, _, value = reference.partition("?identifier=")[2].rpartition("|")
            identifier = {"system": system, "value": value} if system else {"value": value}
            kept = {k: v for k, v in node.items() if k != "reference"}
            return {**kept, "type": reference.partition("?")[0], "identifier": identifier}
        return {k: _logical(v) for k, v in node.items()}
    if isinstance(node, list):
        return [_logical(item) for item in node]
    return node


def _name(resource: Any) -> str:
    if not isinstance(resource, dict):
        return "entry"
    kind, name = resource.get("resourceType"), resource.get("id")
    said = f"{kind if isinstance(kind, str) else 'resource'}/{name if isinstance(name, str) else '?'}"[:120]
    return "".join(
        c if c.isprintable() else "?" for c in said
    )  # it comes from the file and goes to a terminal
