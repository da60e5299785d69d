"""What is suggested, and what it rests on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from services.chart.entry import Entry

CODED, MAPPED, NAMED, CONCEPT, NOTED, INFERRED = 0.95, 0.85, 0.8, 0.7, 0.6, 0.6
"""How sure a diagnosis code is, by what it was read from: an ICD-10-CM code; another code that stands for it; a name
that is a title of the classification; a name of a known concept; the text of a note alone; results or treatment."""
OPEN, LISTED, NEAR = 0.1, 0.15, 0.2
"""Taken off where a code leaves something unspecified; added where a note names a problem of the problem list; taken
off where something of the same day doesn't say which encounter it belongs to."""


@dataclass(frozen=True, slots=True)
class Support:
    """A resource at the version that was read, and its words."""

    reference: str
    version: str
    text: str
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    issue: str
    required_for: str
    suggestion: str


@dataclass(slots=True)
class Diagnosis:
    """`rank` orders them: the reason for the visit is lowest. `concepts`: what of the lexicon it is about."""

    code: str
    confidence: float
    supports: list[Support]
    rank: int
    concepts: frozenset[str] = frozenset()
    why: str = ""
    addressed: bool = True  # evaluated or treated in the encounter, not only a status beside it
    worse: bool = False
    new: bool = False


@dataclass(slots=True)
class Procedure:
    """A service other than a visit. `side`: left, right or bilateral; `sites`: of the body, as they are named."""

    code: str
    confidence: float
    supports: list[Support]
    why: str
    units: int = 1
    side: str = ""
    diagnoses: tuple[str, ...] = ()
    performers: tuple[str, ...] = ()
    days: tuple[dt.date, ...] = ()
    sites: tuple[str, ...] = ()


@dataclass(slots=True)
class Findings:
    """What comes beside the codes: gaps, each once, and warnings."""

    gaps: list[Gap] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def gap(self, issue: str, required_for: str, suggestion: str) -> None:
        found = Gap(issue, required_for, suggestion)
        if found not in self.gaps:
            self.gaps.append(found)

    def warn(self, text: str) -> None:
        if text not in self.warnings:
            self.warnings.append(text)


def support(entry: Entry, text: str = "") -> Support:
    said = text or (f"{entry.name}: {entry.measure.text}" if entry.measure else entry.name)
    return Support(entry.reference, entry.version, said[:500], entry.date)
