"""What the audit trail tells of the AI over a time: events of a kind, and how long executions took."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from services.fhir.database import Database
from services.fhir.definitions import search_parameters
from services.fhir.repository import Resource
from services.runtime.system import system

MOST_EVENTS = 20_000


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to before the day behind the last, in UTC."""

    first: dt.date
    last: dt.date

    @property
    def since(self) -> str:
        return f"{self.first.isoformat()}T00:00:00.000Z"

    @property
    def until(self) -> str:
        return f"{(self.last + dt.timedelta(1)).isoformat()}T00:00:00.000Z"


def events(held: Database, when: Period, subtype: str, parameter: str = "subtype") -> list[Resource]:
    """The newest events of a kind within the time, at most MOST_EVENTS."""
    pid = search_parameters("AuditEvent")[parameter].pid
    rows = held.connection().execute(
        "SELECT r.body FROM ix_token t JOIN resource r ON r.rid=t.rid WHERE t.pid=? AND t.code=? AND r.updated>=? AND r.updated<? "
        "AND r.body IS NOT NULL ORDER BY r.rid DESC LIMIT ?",
        (pid, subtype, when.since, when.until, MOST_EVENTS),
    )  # fmt: skip
    return [orjson.loads(row[0]) for row in rows]


def failed(held: Database, when: Period, subtype: str) -> tuple[int, int]:
    """(how many events of a kind did not end well, all of them) within the time, by the index alone."""
    known = search_parameters("AuditEvent")
    row = held.connection().execute(
        "SELECT COALESCE(SUM(NOT EXISTS(SELECT 1 FROM ix_token o WHERE o.rid=t.rid AND o.pid=? AND o.code='0')), 0), COUNT(*) "
        "FROM ix_token t JOIN resource r ON r.rid=t.rid WHERE t.pid=? AND t.code=? AND r.updated>=? AND r.updated<?",
        (known["outcome"].pid, known["subtype"].pid, subtype, when.since, when.until),
    ).fetchone()  # fmt: skip
    return row[0], row[1]


def detail(event: Resource, name: str) -> str:
    for entity in event.get("entity", ()):
        for told in entity.get("detail", ()):
            if told.get("type") == name:
                return str(told.get("valueString", ""))
    return ""


def runs(held: Database, when: Period) -> tuple[tuple[str, int, int, float, float], ...]:
    """(bot, runs, failed, p50, p95 in milliseconds) of executions by API and subscriptions."""
    by_bot: dict[str, list[tuple[float, bool]]] = {}
    for event in events(held, when, "execute", "type"):
        span = event.get("period", {})
        try:
            begun, ended = (dt.datetime.fromisoformat(span[k]) for k in ("start", "end"))
        except (KeyError, ValueError):
            continue
        observer = event.get("source", {}).get("observer", {})
        name = str(observer.get("reference") or observer.get("display") or "unknown")
        by_bot.setdefault(name, []).append((1000 * (ended - begun).total_seconds(), event.get("outcome") != "0"))
    rows = []
    for name, held_of in sorted(by_bot.items()):
        p50, p95 = percentiles([t for t, _ in held_of])
        rows.append((_bot_name(name), len(held_of), sum(failed for _, failed in held_of), p50 or 0.0, p95 or 0.0))
    return tuple(rows)


def _bot_name(reference: str) -> str:
    stored = system().repository.find(reference)
    return str(stored.resource.get("name") or reference) if stored else reference


def percentiles(times: Sequence[float]) -> tuple[float | None, float | None]:
    """The median and the 95th percentile, by the nearest rank."""
    if not times:
        return None, None
    ordered = sorted(times)
    return ordered[(len(ordered) - 1) // 2], ordered[max(0, -(-95 * len(ordered) // 100) - 1)]
