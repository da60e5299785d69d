"""Files from the import page: kept beside the record, looked at before anything is written, then imported."""

from __future__ import annotations

import csv
import datetime as dt
import io
import logging
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from services.accounts.roles import Principal
from services.console.patients import PatientLine, patient_line
from services.errors import FabricError
from services.fhir.importing.importer import Importer
from services.fhir.importing.importer import Report as Report
from services.fhir.importing.kinds import Kind
from services.fhir.importing.papers import TYPES as TYPES
from services.fhir.importing.preparing import Choice as Choice
from services.fhir.importing.preview import Preview, preview
from services.runtime.system import system

log = logging.getLogger("fabric")
Upload = tuple[str, BinaryIO]
SUFFIXES = ["json", "ndjson", "jsonl", "gz", "xml", "cda", "ccda", "pdf", "txt", "md"]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page shows of a file before it is imported. `patient` is who it is about, None where that isn't told;
    `hidden` that the record has them and this person may not see them. `alike` are patients of the record with the same
    name and birth date."""

    told: Preview
    patient: PatientLine | None
    more: int
    hidden: bool
    alike: tuple[PatientLine, ...]

    @property
    def good(self) -> bool:
        """Whether there is anything in it that can be written."""
        return self.told.total > 0

    @property
    def kind(self) -> Kind | None:
        return self.told.kind

    @property
    def is_paper(self) -> bool:
        return self.told.kind in ("pdf", "text")


class Staged:
    """Uploaded files in a folder of their own, which goes with this object. A person's choices are by file."""

    def __init__(self, principal: Principal, files: Iterable[Upload]) -> None:
        """Raises Forbidden for a role that may not import."""
        principal.require("import")
        self._folder = tempfile.TemporaryDirectory(
            dir=system().settings.data_dir, prefix="upload-", ignore_cleanup_errors=True
        )
        self.paths = _save(files, Path(self._folder.name))
        self.choices: dict[Path, Choice] = {}

    def close(self) -> None:
        self._folder.cleanup()


class _Background:
    """Work in a thread of its own that can be asked to stop. `error` is a sentence once it failed."""

    def __init__(self) -> None:
        self.file, self.error = "", ""
        self.cancelled, self._over = threading.Event(), threading.Event()

    @property
    def done(self) -> bool:
        return self._over.is_set()

    def wait(self, seconds: float) -> bool:
        """Until it is over, or so long; True where it is over."""
        return self._over.wait(seconds)

    def cancel(self) -> None:
        self.cancelled.set()

    def begin(self, work: Callable[[], None], name: str) -> None:
        def run() -> None:
            try:
                work()
            except FabricError as error:
                self.error = error.message
            except OSError as error:
                log.error("%s failed: %s", name, type(error).__name__)
                self.error = f"The files or the record can't be reached just now ({error.strerror or 'no reason given'})."
            except Exception as error:
                log.error("%s failed: %s", name, type(error).__name__)  # its text may be a patient's
                self.error = "It stopped because of an error of the console. What was reported as stored is stored."
            finally:
                self._over.set()

        threading.Thread(target=run, name=name, daemon=True).start()


class Looking(_Background):
    """Looks at staged files and writes nothing. `seen` grows, in their order."""

    def __init__(self, principal: Principal, staged: Staged) -> None:
        principal.require("import")
        super().__init__()
        self.seen: list[Seen] = []
        self.count = len(staged.paths)

        def work() -> None:
            parts = system()
            importer = Importer(parts.repository, parts.database, author=principal.reference)
            for path in staged.paths:
                if self.cancelled.is_set():
                    return
                self.file = path.name
                choice = staged.choices.get(path, Choice())
                told = preview(importer, parts.repository, path, choice, self.cancelled.is_set)
                self.seen.append(_seen(principal, told))

        self.begin(work, "fabric-look")


def _seen(principal: Principal, told: Preview) -> Seen:
    """With names of the record only where this person may see them."""
    record = system().repository_for(principal)
    lines = [patient_line(found.resource) for i in told.alike if (found := record.find(f"Patient/{i}"))]
    who = told.who[0] if told.who else None
    hidden = bool(who and told.kind != "fhir" and told.known and record.find(f"Patient/{who['id']}") is None)
    line = patient_line(who) if who and not hidden else None
    return Seen(told, line, max(told.patients - 1, 0), hidden, tuple(lines))


class Job(_Background):
    """An import under way or done. It goes on whatever the page does meanwhile; cancelled, it ends behind the document
    or batch that it is at."""

    def __init__(self, principal: Principal, staged: Staged) -> None:
        principal.require("import")
        super().__init__()
        self.report = Report()

        def show(report: Report, path: Path) -> None:
            self.report, self.file = report, path.name

        def work() -> None:
            try:
                self.report = _run(principal, staged.paths, staged.choices, show, self.cancelled.is_set)
            finally:
                staged.close()

        self.begin(work, "fabric-import")

    @property
    def share(self) -> float:
        """How much of the files was read, 0-1."""
        return min(1.0, self.report.bytes_done / max(self.report.bytes_total, 1))


def import_files(principal: Principal, files: Iterable[Upload], choice: Choice | None = None) -> Report:
    """Import uploaded files (name, stream) and wait. What was stored is embedded in the background."""
    staged = Staged(principal, files)
    try:
        return _run(principal, staged.paths, {path: choice or Choice() for path in staged.paths})
    finally:
        staged.close()


def _run(
    principal: Principal,
    paths: list[Path],
    choices: Mapping[Path, Choice],
    progress: Callable[[Report, Path], None] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Report:
    parts = system()
    importer = Importer(parts.repository, parts.database, author=principal.reference)
    report = importer.run(paths, progress, choices=choices, stop=stop)
    parts.worker.wake()
    return report


def as_table(report: Report) -> str:
    """What was refused, and what is kept as text only, as CSV for a spreadsheet."""
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(("What happened", "Where", "What", "Why"))
    for label, problems in (("Refused", report.problems), ("Kept as text", report.notes)):
        rows.writerows((label, *map(_cell, (p.where, p.what, p.reason))) for p in problems)
    return written.getvalue()


def _cell(text: str) -> str:
    """A spreadsheet takes what begins so for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def report_name() -> str:
    return f"import-{dt.datetime.now(dt.UTC):%Y-%m-%d-%H%M}.csv"


def _save(files: Iterable[Upload], folder: Path) -> list[Path]:
    paths = []
    for number, (name, stream) in enumerate(files):
        path = folder / str(number) / file_name(name)
        path.parent.mkdir()
        with path.open("wb") as target:
            while block := stream.read(1 << 20):
                target.write(block)
        paths.append(path)
    return paths


def file_name(name: str) -> str:
    """A name that the disk takes and that people recognise: only its last part, without what means something to a
    file system, its ending kept."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(c if c.isprintable() and c not in ':*?"<>|' else "_" for c in last).strip(". ")
    return clean.encode("utf-8", "replace")[-180:].decode("utf-8", "ignore").lstrip(". ") or "file.json"
