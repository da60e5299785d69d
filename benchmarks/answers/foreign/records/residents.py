"""What is told of a resident of the town, before it becomes a chart."""

from __future__ import annotations

from dataclasses import dataclass, field

Coded = tuple[str, str]
"""Code and name."""

CHECK_UP = ("162673000", "General examination of patient (procedure)")
SYMPTOM, PROBLEM = ("185345009", "Encounter for symptom"), ("185347001", "Encounter for problem (procedure)")
EMERGENCY, STAY = (
    ("50849002", "Emergency room admission (procedure)"),
    ("32485007", "Hospital admission (procedure)"),
)


@dataclass(frozen=True)
class Illness:
    """SNOMED code and name; `ended` where it resolved."""

    code: Coded
    began: str
    ended: str | None = None


@dataclass(frozen=True)
class Prescription:
    """RxNorm code and name; `reason` is the name of an illness."""

    code: Coded
    began: str
    status: str = "active"
    reason: str | None = None
    text: str | None = None


@dataclass(frozen=True)
class Visit:
    """A visit beside the check-ups: its class, type and reason, procedures in it, a report's text."""

    at: str
    kind: str
    type: Coded
    hours: float = 0.5
    reason: str | None = None
    done: tuple[Coded, ...] = ()
    report: tuple[Coded, str] | None = None


@dataclass(frozen=True)
class Plan:
    """A care plan: SNOMED code and name, what it has one do, what it is for."""

    code: Coded
    began: str
    activities: tuple[Coded, ...]
    ended: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Series:
    """A result of the check-ups: LOINC code and name, unit and UCUM code, value at the first check-up, step for
    each, noise, and the first and last year in which it was done."""

    code: Coded
    unit: str
    start: float
    step: float = 0.0
    noise: float = 1.0
    since: int = 0
    until: int = 9999


@dataclass(frozen=True)
class Resident:
    slug: str
    given: str
    family: str
    gender: str
    born: str
    race: str
    ethnicity: str
    married: str | None
    city: str
    mrn: str
    check_ups: tuple[str, ...]
    height: float
    weight: tuple[float, float]
    pressure: tuple[float, float]
    smoking: tuple[Coded, ...]
    insurer: str
    illnesses: tuple[Illness, ...] = ()
    drugs: tuple[Prescription, ...] = ()
    visits: tuple[Visit, ...] = ()
    plans: tuple[Plan, ...] = ()
    shots: dict[Coded, tuple[str, ...]] = field(default_factory=dict)
    series: tuple[Series, ...] = ()
    allergies: tuple[tuple[Coded, str, str], ...] = ()
    devices: tuple[tuple[Coded, str], ...] = ()
    died: str | None = None
