"""A copy of the whole installation in a folder, taken beside a running console, and brought back.

What is copied is one moment of the record (with accounts, index, queue and audit ledger, which live in the same file),
the key that signs checkpoints, and the clinic's own tables of knowledge. Chroma's files are not: they are made anew
from the record. `manifest.json` has the SHA-256 of every file and what the record held; a copy without it is not
finished and is not restored.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from services.audit.ledger import head
from services.audit.verifying import verify
from services.errors import InvalidInput, StoreUnavailable
from services.fhir.database import Database
from services.index.owner import Owner
from services.settings import Settings

MANIFEST, RECORD, KEY, KNOWLEDGE = "manifest.json", "record.sqlite", "audit.key", "knowledge"
FORMAT = 1
_PAGES = 4096
_BLOCK = 1 << 20

Progress = Callable[[str, int, int], None]
"""What is being done, how much of it is done, how much there is."""


def _quiet(_what: str, _done: int, _total: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Held:
    """What a record holds: two of them are equal where nothing was lost. `root` is that of the audit ledger."""

    resources: int
    versions: int
    changes: int
    passages: int
    entries: int
    root: str


def back_up(config: Settings, folder: Path, progress: Progress = _quiet) -> Held:
    """Copy the installation into `folder`, which must be new or empty. Returns what was copied.

    Raises InvalidInput where the folder is in use, StoreUnavailable where it can't be written.
    """
    if not config.database.exists():
        raise InvalidInput(f"There is no record in {config.data_dir}. Set FABRIC_DATA_DIR to its folder.")
    with _written(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if any(folder.iterdir()):
            raise InvalidInput(f"{folder} is not empty. Give a new folder for each backup.")
        _copy_record(config.database, folder / RECORD, progress)
        if config.audit_key_file.exists():
            _copy(config.audit_key_file, folder / KEY)
        for path in _files(config.data_dir / KNOWLEDGE):
            _copy(path, folder / path.relative_to(config.data_dir))
        held = _held(folder / RECORD)
        sums = {}
        for path in _files(folder):
            sums[path.relative_to(folder).as_posix()] = _digest(path)
        manifest = {
            "format": FORMAT, "made": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "held": asdict(held), "files": sums,
        }  # fmt: skip
        _write(folder / MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
    return held


def restore(config: Settings, folder: Path, progress: Progress = _quiet) -> tuple[Held, Path | None]:
    """Put the copy in `folder` in the place of the data folder. Returns what it holds, and where what was there before
    has gone (None: nothing was there).

    Everything is checked before anything is moved. Raises InvalidInput where the copy is not whole, or a console runs
    on the data folder.
    """
    manifest = _manifest(folder)
    files: dict[str, str] = manifest["files"]
    for number, (name, digest) in enumerate(files.items()):
        progress("checking", number, len(files))
        path = folder / name
        if not path.is_file() or _digest(path) != digest:
            raise InvalidInput(f"{path} is missing or not as it was written. Use another backup.")
    target = config.data_dir
    owner = Owner(target)
    if not owner.acquire():
        raise InvalidInput(f"A console runs on {target}. Stop it, and restore again.")
    fresh = target.with_name(f"{target.name}.restoring")
    try:
        with _written(fresh):
            shutil.rmtree(fresh, ignore_errors=True)
            for number, name in enumerate(files):
                progress("copying", number, len(files))
                _copy(folder / name, fresh / name)
        held = _held(fresh / RECORD)
        if asdict(held) != manifest["held"]:
            raise InvalidInput(
                f"The record in {folder} does not hold what its manifest says. Use another backup."
            )
        _prove(fresh / RECORD)
        with _written(target):
            if config.audit_key is not None and (fresh / KEY).exists():
                _copy(fresh / KEY, config.audit_key)
            before = _put_aside(target)
            fresh.replace(target)
    finally:
        owner.release()
        shutil.rmtree(fresh, ignore_errors=True)
    return held, before


def _copy_record(source: Path, target: Path, progress: Progress) -> None:
    """One moment of it, while others go on writing: the open read transaction keeps the copy from starting anew."""
    os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o600))
    with contextlib.closing(sqlite3.connect(source, isolation_level=None)) as here:
        here.execute("BEGIN")
        here.execute("SELECT COUNT(*) FROM sqlite_schema").fetchone()
        with contextlib.closing(sqlite3.connect(target)) as there:
            here.backup(
                there, pages=_PAGES, progress=lambda _, left, total: progress("copying", total - left, total)
            )
            there.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        here.execute("COMMIT")
    _sync(target)


def _held(record: Path) -> Held:
    try:
        with contextlib.closing(
            sqlite3.connect(f"{record.resolve().as_uri()}?mode=ro", uri=True)
        ) as connection:

            def count(table: str) -> int:
                return connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]

            entries, root = head(connection)
            resources = count("resource")
            return Held(
                resources,
                resources + count("superseded"),
                count("change"),
                count("chunk"),
                entries,
                root.hex(),
            )
    except sqlite3.DatabaseError as error:
        raise InvalidInput(f"{record} can't be read ({error}).") from error


def _prove(record: Path) -> None:
    database = Database(record)
    try:
        verdict = database.connection().execute("PRAGMA integrity_check").fetchone()[0]
        found = verify(database).finding
    finally:
        database.close()
    if verdict != "ok":
        raise InvalidInput(f"The record is damaged ({verdict}). Use another backup.")
    if found is not None:
        raise InvalidInput(f"The audit trail is not as it was written, at {found.where}: {found.reason}")


def _put_aside(target: Path) -> Path | None:
    kept = [path for path in target.iterdir() if path.name != "owner.lock"]
    if not kept:
        shutil.rmtree(target)
        return None
    stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S")
    aside = target.with_name(f"{target.name}.before-{stamp}")
    target.replace(aside)
    return aside


def _manifest(folder: Path) -> dict:
    try:
        manifest = orjson.loads((folder / MANIFEST).read_bytes())
        files = manifest["files"]
        names_well = all(
            isinstance(n, str) and not Path(n).is_absolute() and ".." not in Path(n).parts for n in files
        )
        if manifest["format"] != FORMAT or RECORD not in files or not names_well:
            raise ValueError
    except FileNotFoundError:
        raise InvalidInput(f"{folder} is no finished backup: it has no {MANIFEST}.") from None
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput(f"{folder / MANIFEST} is not one that this version can read.") from error
    return manifest


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []


def _digest(path: Path) -> str:
    told = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            told.update(block)
    return told.hexdigest()


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.suppress(FileNotFoundError):
        target.unlink()
    os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o600))
    shutil.copyfile(source, target)
    _sync(target)


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    _sync(path)


def _sync(path: Path) -> None:
    for place in (path, path.parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _written(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        reason = getattr(error, "strerror", None) or error
        raise StoreUnavailable(f"{folder} can't be written ({reason}). Nothing else was changed.") from error
