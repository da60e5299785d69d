"""Critical limits of results by age and sex, and what a value can be at all: the shipped tables, or a clinic's own."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from services.knowledge.entries import entries
from services.knowledge.installed import installed


@dataclass(frozen=True, slots=True)
class Limit:
    """At or below `low`, at or above `high`, in `unit` (UCUM); for ages in [`since`, `until`) years. `table` names the table
    and its version."""

    concept: str
    since: float
    until: float
    sex: str
    low: float | None
    high: float | None
    unit: str
    severity: Literal["critical", "high"]
    source: str
    table: str = ""

    def covers(self, age: float) -> bool:
        return self.since <= age < self.until


@dataclass(frozen=True, slots=True)
class Plausible:
    least: float
    most: float
    unit: str


def limits() -> Mapping[str, Sequence[Limit]]:
    """By concept; of one concept the critical ones first."""
    return limits_of(installed("limits"))


def plausible() -> Mapping[str, Plausible]:
    """By concept."""
    return plausible_of(installed("plausible"))


@functools.lru_cache(maxsize=4)
def limits_of(own: Path | None) -> Mapping[str, Sequence[Limit]]:
    found: dict[str, list[Limit]] = defaultdict(list)
    for entry in entries("limits", own):
        concept, since, until, sex, low, high, unit, severity, source = entry.cells
        if severity not in ("critical", "high"):
            raise ValueError(f"{concept}: '{severity}' is no severity of a limit")
        found[concept].append(
            Limit(
                concept, float(since or 0), float(until or 200), sex, _number(low), _number(high), unit, severity,
                source, entry.table,
            )
        )  # fmt: skip
    return {c: sorted(each, key=lambda limit: limit.severity) for c, each in found.items()}


@functools.lru_cache(maxsize=4)
def plausible_of(own: Path | None) -> Mapping[str, Plausible]:
    rows = (e.cells for e in entries("plausible", own))
    return {c: Plausible(float(a), float(b), unit) for c, a, b, unit in rows}


def _number(cell: str) -> float | None:
    return float(cell) if cell else None
