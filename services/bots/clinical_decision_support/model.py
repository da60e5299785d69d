"""A finding: one thing that the record shows and somebody should know, with all that it rests on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from services.chart.entry import Entry

Kind = Literal["critical", "interactions", "preventive", "diagnosis"]
Severity = Literal["critical", "high", "medium", "low"]
KINDS: tuple[Kind, ...] = ("critical", "interactions", "diagnosis", "preventive")
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Basis:
    """A resource at the version that was read, and what it says."""

    reference: str
    version: str
    date: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """`rule` names the rule, `about` what of the patient it is about (a drug pair, a result): both together tell a finding
    from all others of the patient. `against` is what speaks against it; `judged` is False where a value could not be
    judged and somebody has to look; `source` is the published knowledge, `table` the table and its version that has it."""

    kind: Kind
    rule: str
    about: str
    severity: Severity
    title: str
    reason: str
    recommendation: str
    evidence: tuple[Basis, ...]
    source: str
    against: tuple[Basis, ...] = ()
    confidence: float = 1.0
    judged: bool = True
    code: str = ""  # ICD-10-CM of a suggested diagnosis
    display: str = ""
    medications: tuple[str, ...] = ()
    grade: str = ""  # the contract's severity of an interaction
    last: str | None = None  # when a screening was last done
    due: str | None = None  # from when a screening is due
    table: str = ""

    @property
    def key(self) -> str:
        """The same for the same finding about the same patient, whatever its evidence."""
        return hashlib.sha256(f"{self.rule}\n{self.about}".encode()).hexdigest()[:32]

    @property
    def state(self) -> str:
        """Of its evidence: another one where what it rests on has changed."""
        rests = sorted(f"{e.reference}/{e.version}" for e in (*self.evidence, *self.against))
        return hashlib.sha256("\n".join((self.severity, *rests)).encode()).hexdigest()[:32]


def basis(entry: Entry, text: str = "") -> Basis:
    said = text or (f"{entry.name}: {entry.measure.text}" if entry.measure else entry.name)
    return Basis(entry.reference, entry.version, entry.date, said)


def ranked(findings: list[Finding]) -> list[Finding]:
    """The gravest first; of equal ones those that call for action soonest."""
    order = {k: n for n, k in enumerate(KINDS)}
    return sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), order[f.kind], f.due or "", f.title))
