"""The form of a rule."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.bots.clinical_decision_support.preventive.criteria import Age, Criterion, leaves
from services.bots.clinical_decision_support.preventive.events import Event

CMS = "CMS eCQM draft for reporting year 2026"
USPSTF = "US Preventive Services Task Force"
ACIP = "CDC/ACIP adult immunization schedule, 2025"


@dataclass(frozen=True, slots=True)
class Named:
    """A criterion and how a reason tells it: "excluded: {told}"."""

    told: str
    of: Criterion


@dataclass(frozen=True, slots=True)
class Rule:
    """One measure, service or vaccine, written once.

    `eligible`: the population, visits aside; `visits`: asked for only where strict (local choice: a small record
    rarely holds the coded visits that a reporting engine counts, so a patient is judged as one of the practice's).
    `doubts`: what makes an open gap undecided. `exceptions` count only where `met` isn't. `lacking`: how a reason tells that nothing recorded
    meets it, where its parts told one by one would be hard to read. `inverse`: the measure's
    numerator is the gap; `met` is always the good outcome. `summary`: sums up other rules.
    """

    id: str
    title: str
    source: str
    eligible: Criterion
    met: Criterion
    recommendation: str
    version: str = "2026"
    grade: str = ""
    verified: bool = True
    visits: Criterion | None = None
    exclusions: tuple[Named, ...] = ()
    exceptions: tuple[Named, ...] = ()
    doubts: tuple[Named, ...] = ()
    lacking: str = ""
    inverse: bool = False
    tie_break: str = ""
    refusable: tuple[str, ...] = field(default=())
    """Further value sets whose refusal is told."""
    summary: bool = False

    def age(self) -> Age | None:
        """The age band of the population."""
        return next((c for c in leaves(self.eligible) if isinstance(c, Age)), None)

    def sought(self) -> tuple[str, ...]:
        """The value sets of what would close the gap."""
        return (
            tuple(name for c in leaves(self.met) if isinstance(c, Event) for name in c.sets) + self.refusable
        )
