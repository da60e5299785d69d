"""What is about to be sent, on the disk before it goes: a console that ends in between finds out what became of it.

A file for each transaction, beside the record, readable by its owner alone, and gone as soon as the transaction ended
here as it did there. The process that sends holds the file's lock, so that only what a dead one left is taken up.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson

from services.errors import StoreUnavailable
from services.fhir.repository import Resource


@dataclass(frozen=True, slots=True)
class Change:
    """A resource as a transaction leaves it: `after` None for a deletion. `base` is the server's version that it was made
    from, None where the server had none."""

    type: str
    id: str
    after: Resource | None
    base: str | None
    author: str | None

    @property
    def reference(self) -> str:
        return f"{self.type}/{self.id}"


@dataclass(frozen=True, slots=True)
class Intent:
    """`events` are the audit events of the transaction, which are kept here as long as it counts."""

    changes: list[Change]
    events: list[tuple[Resource, str | None]]


class Held:
    """An intent's file, locked."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path, self._descriptor = path, descriptor

    def settle(self) -> None:
        """It is known what became of it."""
        self._path.unlink(missing_ok=True)

    def release(self) -> None:
        """Whatever has not been settled by now is for `left` to find."""
        os.close(self._descriptor)


class Intents:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, intent: Intent) -> Held:
        """Raises StoreUnavailable where it can't be kept; nothing must be sent then."""
        body = orjson.dumps(
            {
                "changes": [[c.type, c.id, c.after, c.base, c.author] for c in intent.changes],
                "events": [[event, author] for event, author in intent.events],
            }
        )
        path = self._folder / f"{uuid.uuid4()}.json"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            with open(descriptor, "wb", closefd=False) as file:
                file.write(body)
            os.fsync(descriptor)
            _sync(self._folder)
        except OSError as error:
            raise StoreUnavailable(
                f"What is to be written can't be noted in {self._folder} ({error.strerror}). Nothing was changed."
            ) from error
        return Held(path, descriptor)

    def left(self) -> Iterator[tuple[Intent | None, Held]]:
        """What ended in between. None in place of an intent that was never written to its end, so never sent."""
        for path in sorted(self._folder.glob("*.json")):
            try:
                descriptor = os.open(path, os.O_RDONLY)
            except OSError:  # settled meanwhile
                continue
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(descriptor)
                continue
            held = Held(path, descriptor)
            try:
                yield _read(path), held
            finally:
                held.release()

    def waiting(self) -> int:
        return len(list(self._folder.glob("*.json")))


def _read(path: Path) -> Intent | None:
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
        told = orjson.loads(path.read_bytes())
        return Intent([Change(*change) for change in told["changes"]], [(e, a) for e, a in told["events"]])
    return None


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
