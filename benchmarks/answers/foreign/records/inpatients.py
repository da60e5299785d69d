"""What is told of a person on the wards, before it becomes a chart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Drug:
    """An order; `days` are counted from admission, `end` None where it still runs. `form` is how it is named:
    by a Medication ("ref"), a coding without display ("code"), text alone ("text"), or RxNorm ("rxnorm CODE")."""

    name: str
    dose: float
    unit: str
    route: str
    often: str
    start: float = 0.1
    end: float | None = 3.0
    form: str = "ref"
    given: int = 0


@dataclass(frozen=True)
class Culture:
    """A microbiology test, with what grew and how that answered to drugs (S, I, R)."""

    test: str
    specimen: str
    at: float
    grew: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Stay:
    """An admission. Times are ISO, `end` "" while it lasts; diagnoses and procedures are (system, code, name[, day]);
    labs and charted items are named with a starting value that the series drifts from."""

    start: str
    end: str
    source: str
    disposition: str
    diagnoses: tuple[tuple[str, str, str], ...]
    procedures: tuple[tuple[str, str, str, float], ...] = ()
    drugs: tuple[Drug, ...] = ()
    labs: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    lab_days: float = 1.0
    units: tuple[tuple[str, float, float], ...] = ()
    icu: tuple[float, float] | None = None
    charted: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    cultures: tuple[Culture, ...] = ()
    output: tuple[tuple[str, float], ...] = ()
    intake: tuple[tuple[str, float], ...] = ()
    reports: tuple[tuple[str, float, str], ...] = ()
    ed: bool = False
    kind: str = "IMP"
    service: str = "MED"


@dataclass(frozen=True)
class Inpatient:
    slug: str
    number: str
    gender: str
    born: str
    marital: str | None
    race: str
    language: str | None
    zone: str
    stays: tuple[Stay, ...]
    died: str | None = None
