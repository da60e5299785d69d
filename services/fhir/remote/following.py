"""Catching up with the FHIR server: what is new or changed by `_lastUpdated`, what is gone by counting."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Iterator

from services.errors import FabricError
from services.fhir.definitions import resource_types
from services.fhir.remote.client import FhirClient, Found, next_of, resources_of
from services.fhir.remote.repository import RemoteRepository
from services.fhir.repository import Resource

log = logging.getLogger("fabric.remote")
PAGE, TYPES_AT_ONCE = 200, 20
OVERLAP_SECONDS = 20.0
"""How far each look goes back: what was written within a longer transaction shows late, under an earlier time."""
COMPARE_SECONDS, DISCOVER_SECONDS, KEEP_SECONDS = 60.0, 600.0, 60.0
SMALL_PAGE = 20
_LARGE = frozenset({"Bundle", "Consent", "Contract", "DocumentReference", "Library", "Media"})
"""Types whose resources may carry whole files."""
_FIRST = ("Patient", "Practitioner", "PractitionerRole", "Organization", "Location", "Encounter")
USUAL = (
    "AllergyIntolerance", "Appointment", "CarePlan", "Claim", "Condition", "DiagnosticReport", "DocumentReference",
    "Encounter", "Immunization", "MedicationRequest", "MedicationStatement", "Observation", "Patient", "Procedure",
    "Provenance", "ServiceRequest", "Task",
)  # fmt: skip
"""Types that the console works with, asked for from the beginning; others once the server has some."""
BEGINNING = "1970-01-01T00:00:00.000Z"


class Follower:
    """Works in one thread. Each page is kept, with how far it goes, before the next is asked for, so that a first fill takes
    up where it ended and needs the memory of one page."""

    def __init__(self, repository: RemoteRepository) -> None:
        self._repository, self._client, self._database = repository, repository.client, repository.database
        self._kept: dict[str, tuple[str, bool]] = {
            row[0]: (row[1], bool(row[2]))
            for row in self._database.connection().execute("SELECT type, since, filled FROM remote_cursor")
        }
        self._since = dict.fromkeys(USUAL, (BEGINNING, False)) | self._kept
        self._next_compare = self._next_discovery = self._next_keeping = 0.0
        self.expected: dict[str, int] = {}
        """Resources of each type that is being filled, as the server counted them."""
        self.done = 0
        """Resources of the types whose first fill is done."""
        self.arrived = 0
        self.caught_up: float | None = None
        """Epoch seconds of the last look that was complete."""

    @property
    def filling(self) -> bool:
        """Whether something that the server had at the beginning may not be here yet."""
        return not self._kept or bool(self.expected) or any(not filled for _, filled in self._kept.values())

    def step(self) -> int:
        """One look at everything; how many resources arrived. Raises StoreUnavailable."""
        now = time.monotonic()
        before = self.arrived
        if now >= self._next_discovery:
            self._discover()
            self._next_discovery = now + DISCOVER_SECONDS
        types = sorted(self._since, key=lambda t: (_FIRST.index(t) if t in _FIRST else len(_FIRST), t))
        for name in [t for t in types if not self._since[t][1]]:  # whole pages of it are to be expected
            self._look([name])
        types = [t for t in types if t in self._since]
        for start in range(0, len(types), TYPES_AT_ONCE):
            self._look(types[start : start + TYPES_AT_ONCE])
        if now >= self._next_compare:
            self._compare(types)
            self._next_compare = now + COMPARE_SECONDS
        if now >= self._next_keeping or self.arrived != before:
            self._keep_cursors()
            self._next_keeping = now + KEEP_SECONDS
        self.caught_up = time.time()
        return self.arrived - before

    def soon(self) -> None:
        """Count and look for new types at the next step."""
        self._next_compare = self._next_discovery = 0.0

    # Which types there are

    def _discover(self) -> None:
        possible = sorted(resource_types() - self._repository.local - {"AuditEvent", "Binary"})
        for name, count in self._counts(possible).items():
            since, filled = self._since.get(name, (BEGINNING, False))
            if count and not filled:
                self._since[name], self.expected[name] = (since, filled), count

    def _counts(self, types: list[str]) -> dict[str, int]:
        """Of the types that the server has and lets be counted."""
        found: dict[str, int] = {}
        for start in range(0, len(types), TYPES_AT_ONCE):
            part = types[start : start + TYPES_AT_ONCE]
            queries = [f"{name}?_total=accurate&_count=1&_elements=id" for name in part]
            for name, answer in zip(part, self._client.searches(queries), strict=True):
                total = answer.get("total") if isinstance(answer, dict) else None
                if isinstance(total, int):
                    found[name] = total
        return found

    # What is new

    def _look(self, types: list[str]) -> None:
        started, asked = time.time(), time.monotonic()
        queries = [
            f"{name}?_lastUpdated=ge{self._since[name][0]}&_sort=_lastUpdated&_count={_page(name)}"
            for name in types
        ]
        for name, answer in zip(types, self._client.searches(queries), strict=True):
            if isinstance(answer, FabricError):
                log.warning("%s can't be followed: %s", name, answer.code)
                for told in (self._since, self._kept, self.expected):  # until it is discovered that it can be
                    told.pop(name, None)
                continue
            since = self._take(name, answer, asked)
            if (
                self._client.ahead is not None
            ):  # with nothing new, the next look need not go back to the last news
                since = max(since, _instant(started + self._client.ahead - OVERLAP_SECONDS))
            elif since != self._since[name][0]:
                since = max(self._since[name][0], _earlier(since))
            self._since[name] = (since, True)
            self.done += self.expected.pop(name, 0)

    def _take(self, name: str, first: Resource, asked: float) -> str:
        """Keep a page and all that follow it; the last instant in them."""
        last = self._since[name][0]
        for page in pages_of(self._client, name, first, _page(name)):
            found = [Found.of(r) for r in resources_of(page)]
            self.arrived += self._repository.keep_arrived(found, asked)
            asked = time.monotonic()
            newest = max((f.updated for f in found), default=last)
            if newest > last and found[-1].updated == newest:
                last = newest
                self._since[name] = (last, self._since[name][1])
                if not self._since[name][1]:
                    self._keep_cursors()
        return last

    def _keep_cursors(self) -> None:
        changed = [(t, s, f) for t, (s, f) in self._since.items() if self._kept.get(t) != (s, f)]
        if changed:
            with self._database.write(beside=True) as connection:
                connection.executemany("INSERT OR REPLACE INTO remote_cursor VALUES(?,?,?)", changed)
            self._kept |= {t: (s, f) for t, s, f in changed}

    # What is gone

    def _compare(self, types: list[str]) -> None:
        here = dict(
            self._database.connection()
            .execute("SELECT type, COUNT(*) FROM remote_version GROUP BY type")
            .fetchall()
        )
        for name in here.keys() - self._since.keys():  # first written here
            self._since[name] = (BEGINNING, False)
        there = self._counts(types)
        for name in types:
            if name in there and there[name] != here.get(name, 0):
                self._compare_ids(name)

    def _compare_ids(self, name: str) -> None:
        query = [("_sort", "_lastUpdated"), ("_count", str(PAGE)), ("_elements", "id,meta")]
        there: set[str] = set()
        for page in pages_of(self._client, name, self._client.search(name, query), PAGE, "id,meta"):
            there |= {str(r.get("id")) for r in resources_of(page)}
        rows = self._database.connection().execute("SELECT id FROM remote_version WHERE type=?", (name,))
        here = {row[0] for row in rows}
        different = sorted(here ^ there)
        if different:
            log.info("%s: %d resources differ from the server's and are looked at", name, len(different))
        self._repository.refresh(f"{name}/{resource_id}" for resource_id in different)


def _page(name: str) -> int:
    return SMALL_PAGE if name in _LARGE else PAGE


def pages_of(
    client: FhirClient, name: str, page: Resource, size: int, elements: str = ""
) -> Iterator[Resource]:
    """A page of a type by `_lastUpdated`, and all behind it, each asked for by the last instant of the one before, since
    numbered pages shift when something changes in between, and end at some number. Where a page holds one instant only,
    by its links. What lies on a border comes twice."""
    start = ""
    while True:
        instants = [Found.of(r).updated for r in resources_of(page)]
        if len(instants) < size and next_of(page) is None:
            yield page
            return
        if not instants or instants != sorted(instants) or instants[-1] <= max(start, instants[0]):
            yield from client.pages(page)
            return
        yield page
        start = instants[-1]
        query = [("_lastUpdated", f"ge{start}"), ("_sort", "_lastUpdated"), ("_count", str(size))]
        page = client.search(name, [*query, *([("_elements", elements)] if elements else [])])


def _instant(seconds: float) -> str:
    return (
        dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    )


def _earlier(instant: str) -> str:
    try:
        return _instant(dt.datetime.fromisoformat(instant).timestamp() - OVERLAP_SECONDS)
    except ValueError:
        return instant
