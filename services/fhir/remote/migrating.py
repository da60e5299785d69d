"""An embedded record copied to a FHIR server: what is current of it, resumable, and compared afterwards.

The history stays here: by REST nobody can write versions of the past. What the server has already under the same id with
another content is left as it is there, and named.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from services.errors import FabricError, StoreUnavailable
from services.fhir.remote import copies
from services.fhir.remote.client import FhirClient, Found, entries_of, resources_of, status_of
from services.fhir.remote.failures import Unreached, refusal
from services.fhir.remote.following import BEGINNING, pages_of
from services.fhir.repository import Stored
from services.fhir.sqlite import SQLiteRepository

BATCH, BATCH_BYTES, PAGE = 50, 4 * 1024 * 1024, 200
MOST_PROBLEMS = 1000
_CURSOR = "migrated"


@dataclass(slots=True)
class Report:
    """What a migration did. `differing`: per type, resources whose content is not the same in both places."""

    total: int = 0
    done: int = 0
    sent: Counter[str] = field(default_factory=Counter)
    there: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    resumed: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)
    counted: dict[str, tuple[int, int]] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    differing: Counter[str] = field(default_factory=Counter)

    @property
    def whole(self) -> bool:
        return not self.refused and not self.differing

    def refuse(self, reference: str, reason: str) -> None:
        self.refused += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append((reference, reason))


Progress = Callable[[str, Report], None]


class Migration:
    """`local` types belong to the console and stay. Audit events are sent by the console itself later."""

    def __init__(self, repository: SQLiteRepository, client: FhirClient, local: frozenset[str]) -> None:
        self._repository, self._client, self._database = repository, client, repository.database
        self._local = sorted({*local, "AuditEvent"})
        self._database.migrate("remote", list(copies.STEPS))
        bound = copies.state(self._database, "server")
        if bound not in (None, client.base):
            raise StoreUnavailable(
                f"This data folder holds the working copy of {bound}; nothing is to be copied from it."
            )

    def run(self, progress: Progress) -> Report:
        """Copy, compare, and, where both are the same, make the data folder the server's working copy. Raises
        StoreUnavailable; run it again to go on."""
        report = Report()
        mark = copies.state(self._database, _CURSOR) or ""
        server, _, after = mark.rpartition(" ")
        last = int(after) if server == self._client.base else 0
        report.total, report.resumed = self._count(0), self._count(0) - self._count(last)
        report.done = report.resumed
        for batch in self._batches(last):
            held = self._send([stored for _, stored in batch], report)
            with self._database.write() as connection:
                for stored, found in held:
                    copies.keep(
                        connection, stored.type, stored.id, copies.Known(found.version, found.updated, True)
                    )
                copies.set_state(self._database, _CURSOR, f"{self._client.base} {batch[-1][0]}")
            report.done += len(batch)
            progress("copying", report)
        self._compare(report, progress)
        with self._database.write() as connection:
            if report.whole:
                connection.execute(
                    "INSERT OR IGNORE INTO remote_outbox(id) SELECT id FROM resource WHERE type='AuditEvent'"
                )
                copies.set_state(self._database, "server", self._client.base)
                connection.executemany(
                    "INSERT OR REPLACE INTO remote_cursor VALUES(?,?,1)",
                    [(name, BEGINNING) for name in report.counted],
                )
            else:  # look at all of it again next time
                copies.set_state(self._database, _CURSOR, f"{self._client.base} 0")
        return report

    def _count(self, after: int) -> int:
        return self._database.connection().execute(
            f"SELECT COUNT(*) FROM resource WHERE rid>? AND body IS NOT NULL AND type NOT IN ({self._marks})",
            (after, *self._local),
        ).fetchone()[0]  # fmt: skip

    @property
    def _marks(self) -> str:
        return ",".join("?" * len(self._local))

    def _batches(self, last: int) -> Iterator[list[tuple[int, Stored]]]:
        while True:
            rows = self._database.connection().execute(
                "SELECT rid, type, id, version, updated, body FROM resource WHERE rid>? AND body IS NOT NULL "
                f"AND type NOT IN ({self._marks}) ORDER BY rid LIMIT {BATCH}",
                (last, *self._local),
            ).fetchall()  # fmt: skip
            if not rows:
                return
            batch, size = [], 0
            for row in rows:
                size += len(row[5])
                if batch and size > BATCH_BYTES:
                    break
                batch.append((row[0], Stored(*row[1:])))
            last = batch[-1][0]
            yield batch

    def _send(self, batch: list[Stored], report: Report) -> list[tuple[Stored, Found]]:
        """Those that the server holds now as they are here."""
        there = self._client.reads([s.reference for s in batch])
        held: list[tuple[Stored, Found]] = []
        missing: list[Stored] = []
        for stored, found in zip(batch, there, strict=True):
            if found is None:
                missing.append(stored)
            elif copies.canonical(found.resource) == copies.canonical(stored.resource):
                report.there[stored.type] += 1
                held.append((stored, found))
            else:
                report.refuse(
                    stored.reference, "the server has another content under this id; it was left as it is"
                )
        for stored, found in self._put(missing):
            if isinstance(found, Found):
                report.sent[stored.type] += 1
                held.append((stored, found))
            else:
                report.refuse(stored.reference, found.message)
        return held

    def _put(self, missing: list[Stored]) -> Iterator[tuple[Stored, Found | FabricError]]:
        """What breaks off is sent again by the next run, which finds what has come already."""
        binaries = [s for s in missing if s.type == "Binary"]
        others = [s for s in missing if s.type != "Binary"]
        for stored in binaries:
            try:
                yield stored, self._client.put(copies.content(stored.resource))
            except StoreUnavailable:
                raise
            except FabricError as error:
                yield stored, error
        if not others:
            return
        entries = [
            {"resource": copies.content(s.resource), "request": {"method": "PUT", "url": s.reference}}
            for s in others
        ]
        answered = entries_of(self._client.bundle("batch", entries))
        if len(answered) != len(others):
            raise Unreached("The FHIR server left a part of what was sent unanswered; run it again.")
        for stored, entry in zip(others, answered, strict=True):
            status, resource = status_of(entry), entry.get("resource")
            if status == 429 or status >= 500:
                raise Unreached(f"The FHIR server has no time just now ({status}); run it again in a while.")
            if status >= 400:
                outcome = (entry.get("response") or {}).get("outcome") or resource
                yield stored, refusal(status, outcome, f"{stored.type}")
            elif isinstance(resource, dict):
                yield stored, Found.of(resource)
            else:
                read = self._client.read(stored.type, stored.id)
                yield stored, read or refusal(404, None, stored.reference)

    # Afterwards

    def _compare(self, report: Report, progress: Progress) -> None:
        """Each type by its number of resources and by the SHA-256 of all contents, in canonical form and by id."""
        types = [row[0] for row in self._database.connection().execute(
            f"SELECT DISTINCT type FROM resource WHERE body IS NOT NULL AND type NOT IN ({self._marks}) ORDER BY type",
            self._local,
        )]  # fmt: skip
        for name in types:
            progress(f"comparing {name}", report)
            here = {s.id: _digest(s) for s in self._repository.everything([name])}
            there = self._digests(name, here)
            same = {i for i, digest in here.items() if there.get(i) == digest}
            report.counted[name] = (len(here), len(there))
            if len(same) < len(here):
                report.differing[name] = len(here) - len(same)
            whole = hashlib.sha256()
            for name_ in sorted(same):
                whole.update(f"{name_} {here[name_]}\n".encode())
            report.digests[name] = whole.hexdigest()

    def _digests(self, name: str, here: dict[str, str]) -> dict[str, str]:
        if name == "Binary":  # can't be listed
            read = ((i, self._client.read(name, i)) for i in here)
            return {i: _sha256(copies.canonical(f.resource)) for i, f in read if f}
        query = [("_sort", "_lastUpdated"), ("_count", str(PAGE))]
        found: dict[str, str] = {}
        for page in pages_of(self._client, name, self._client.search(name, query), PAGE):
            for resource in resources_of(page):
                found[str(resource.get("id"))] = _sha256(copies.canonical(resource))
        return found


def _digest(stored: Stored) -> str:
    return _sha256(copies.canonical(stored.resource))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
