"""Critical limits of results by age and sex, and what a value can be at all. Tables under `data/results`."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from services.knowledge.tables import DATA, lines

_FOLDER = DATA / "results"


@dataclass(frozen=True, slots=True)
class Limit:
    """At or below `low`, at or above `high`, in `unit` (UCUM); for ages in [`since`, `until`) years."""

    concept: str
    since: float
    until: float
    sex: str
    low: float | None
    high: float | None
    unit: str
    severity: Literal["critical", "high"]
    source: str


@dataclass(frozen=True, slots=True)
class Plausible:
    least: float
    most: float
    unit: str


@functools.cache
def limits() -> Mapping[str, Sequence[Limit]]:
    """By concept, in the order of the table."""
    found: dict[str, list[Limit]] = defaultdict(list)
    for concept, since, until, sex, low, high, unit, severity, source in lines(_FOLDER / "limits.tsv"):
        if severity not in ("critical", "high"):
            raise ValueError(f"{concept}: '{severity}' is no severity of a limit")
        found[concept].append(
            Limit(
                concept,
                float(since or 0),
                float(until or 200),
                sex,
                _number(low),
                _number(high),
                unit,
                severity,
                source,
            )
        )
    return found


@functools.cache
def plausible() -> Mapping[str, Plausible]:
    return {c: Plausible(float(a), float(b), unit) for c, a, b, unit in lines(_FOLDER / "plausible.tsv")}


def _number(cell: str) -> float | None:
    return float(cell) if cell else None
