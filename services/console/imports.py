"""Loading files from the import page."""

from __future__ import annotations

import gzip
import logging
import tempfile
import threading
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from services.accounts.roles import Principal
from services.errors import FabricError
from services.fhir.importing.importer import Importer, Problem
from services.fhir.importing.importer import Report as Report
from services.runtime.system import system

log = logging.getLogger("fabric")
Upload = tuple[str, BinaryIO]


@dataclass(slots=True)
class Job:
    """An import under way or done. It goes on whatever the page does meanwhile."""

    report: Report = field(default_factory=Report)
    file: str = ""
    done: bool = False
    error: str = ""
    thread: threading.Thread | None = None

    @property
    def share(self) -> float:
        """How much of the files was read, 0-1."""
        return min(1.0, self.report.bytes_done / max(self.report.bytes_total, 1))


def start_import(principal: Principal, files: Iterable[Upload]) -> Job:
    """Keep the uploaded files, then import them in the background. Raises Forbidden for a role that may not."""
    principal.require("import")
    folder = _folder()
    paths = _save(files, Path(folder.name))
    job = Job()

    def show(report: Report, path: Path) -> None:
        job.report, job.file = report, path.name

    def work() -> None:
        try:
            job.report = _run(principal, paths, show)
        except FabricError as error:
            job.error = error.message
        except OSError as error:
            log.exception("import failed")
            job.error = f"The record can't be written just now ({error.strerror or 'no reason given'})."
        except Exception:
            log.exception("import failed")
            job.error = "The import stopped because of an error; the server's log has it. What was reported as stored is stored."
        finally:
            folder.cleanup()
            job.done = True

    job.thread = threading.Thread(target=work, name="fabric-import", daemon=True)
    job.thread.start()
    return job


def import_files(
    principal: Principal, files: Iterable[Upload], progress: Callable[[Report, Path], None] | None = None
) -> Report:
    """Import uploaded files (name, stream) and wait. What was stored is embedded in the background."""
    principal.require("import")
    with _folder() as folder:
        return _run(principal, _save(files, Path(folder)), progress)


def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(
        dir=system().settings.data_dir, prefix="upload-", ignore_cleanup_errors=True
    )


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


def _run(principal: Principal, paths: list[Path], progress: Callable[[Report, Path], None] | None) -> Report:
    parts = system()
    wrong = [(path, reason) for path in paths if (reason := why_not(path))]
    good = [path for path in paths if path not in {p for p, _ in wrong}]
    importer = Importer(parts.repository, parts.database, author=principal.reference)
    report = importer.run(good, progress) if good else Report()
    for path, reason in wrong:
        report.files += 1
        report.refused += 1
        report.problems.append(Problem(path.name, "whole file", reason))
    parts.worker.wake()
    return report


def file_name(name: str) -> str:
    """A name that the disk takes and that people recognise: only its last part, without what means something to a
    file system, its ending kept."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(c if c.isprintable() and c not in ':*?"<>|' else "_" for c in last).strip(". ")
    return clean.encode("utf-8", "replace")[-180:].decode("utf-8", "ignore").lstrip(". ") or "file.json"


def why_not(path: Path) -> str:
    """Why a file is plainly no FHIR JSON, from its beginning; "" where it may be."""
    head = path.open("rb").read(512) if path.stat().st_size else b""
    if head.startswith(b"\x1f\x8b"):
        try:
            with gzip.open(path) as stream:
                head = stream.read(512)
        except (OSError, EOFError, zlib.error):
            return "The file is not a whole gzip file: pack it again."
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        return "The file is empty."
    if text.startswith(b"%PDF"):
        return "This is a PDF, not a FHIR file."
    if text.startswith(b"PK\x03\x04"):
        return "This is a zip archive: unpack it and import the files in it."
    if text.startswith(b"<"):
        return "This is XML or HTML: only FHIR JSON and ndjson can be loaded."
    if not text.startswith((b"{", b"[")):
        return "This is not JSON: a FHIR file begins with { or [."
    return ""
