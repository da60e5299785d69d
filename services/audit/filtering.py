"""Which events are asked for: as a search of the record, and as a test of one event for streams of all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from services.audit import shapes
from services.audit.access import PAGE_VIEW
from services.audit.events import EVENT_TYPES
from services.audit.executions import SYSTEM as EXECUTIONS
from services.fhir.indexing import date_range
from services.fhir.repository import Resource

REST = ("read", "vread", "history-instance", "search-type", "operation", "batch", "create", "update", "patch")
KINDS: dict[str, tuple[str, str]] = {
    PAGE_VIEW: ("subtype", f"{shapes.OURS}|{PAGE_VIEW}"),
    **{name: ("subtype", f"{shapes.RESTFUL}|{name}") for name in REST},
    **{name: ("subtype", f"{shapes.OURS}|{name}") for name in EVENT_TYPES},
    "execute": ("type", f"{EXECUTIONS}|execute"),
    "transmit": ("type", f"{EXECUTIONS}|transmit"),
}
"""What events tell of, with the search that finds them."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Nothing set means all. `patients` are ids, of which any; `person` is a member's reference; `failed` how it ended;
    from `since` on, before `before`."""

    patients: frozenset[str] | None = None
    person: str | None = None
    kinds: frozenset[str] = frozenset()
    failed: bool | None = None
    since: dt.datetime | None = None
    before: dt.datetime | None = None

    def searches(self) -> list[tuple[str, str]]:
        """The parameters of a search of AuditEvent. `kinds` may hold one at most."""
        found = [KINDS[kind] for kind in self.kinds]
        if self.patients is not None:
            found.append(("patient", ",".join(f"Patient/{p}" for p in sorted(self.patients)) or "Patient/-"))
        if self.person:
            found.append(("agent" if self.person.startswith("Practitioner/") else "altid", self.person))
        if self.failed is not None:
            found.append(("outcome", "4,8,12" if self.failed else "0"))
        if self.since:
            found.append(("date", f"ge{self.since.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"))
        if self.before:
            found.append(("date", f"lt{self.before.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"))
        return found

    def fits(self, event: Resource) -> bool:
        if self.kinds and kind_of(event) not in self.kinds:
            return False
        if self.patients is not None and not self.patients.intersection(patients_named(event)):
            return False
        if self.person and self.person not in set(_people(event)):
            return False
        if self.failed is not None and self.failed == (event.get("outcome") == "0"):
            return False
        recorded = date_range(event.get("recorded"))
        if self.since and (recorded is None or recorded[0] < self.since.timestamp()):
            return False
        return not (self.before and (recorded is None or recorded[0] >= self.before.timestamp()))

    def of(self, events: Iterable[bytes]) -> Iterator[bytes]:
        """Those of the events, as JSON, that are wanted."""
        everything = self == Wanted()
        return (body for body in events if everything or self.fits(orjson.loads(body)))


def kind_of(event: Resource) -> str:
    """A key of KINDS; else the code that the event has, of a foreign one."""
    codings = [c for c in event.get("subtype") or [] if isinstance(c, dict)]
    for coding in (*codings, event.get("type") or {}):
        token = f"{coding.get('system')}|{coding.get('code')}"
        for kind, (_, known) in KINDS.items():
            if known == token:
                return kind
    return str(next((c["code"] for c in (*codings, event.get("type") or {}) if c.get("code")), "unknown"))


def patients_named(event: Resource) -> list[str]:
    """The ids of the patients that the event is about."""
    references = [str((e.get("what") or {}).get("reference") or "") for e in _dicts(event.get("entity"))]
    return list(dict.fromkeys(r.partition("/")[2] for r in references if r.startswith("Patient/")))


def _people(event: Resource) -> Iterator[str]:
    for agent in _dicts(event.get("agent")):
        yield str((agent.get("who") or {}).get("reference") or "")
        yield str(agent.get("altId") or "")


def _dicts(value: Any) -> list[Resource]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
