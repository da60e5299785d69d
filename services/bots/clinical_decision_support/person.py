"""Who the patient is, as far as rules ask: age on a day, sex."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from services.chart.entry import days, died_by
from services.fhir.repository import Resource


@dataclass(frozen=True, slots=True)
class Person:
    born: dt.date | None
    sex: str  # male, female or ""
    deceased: bool

    def age_on(self, day: dt.date | None) -> int | None:
        """Completed years; None where birth date or day is not known."""
        if self.born is None or day is None or day < self.born:
            return None
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))


def person_of(patient: Resource, on: dt.date) -> Person:
    """Who the patient was on a day. A birth date without a day counts from the first that it can be."""
    covered = days(str(patient.get("birthDate") or ""))
    sex = patient.get("gender")
    born = covered[0] if covered else None
    return Person(born, sex if sex in ("male", "female") else "", died_by(patient, on))
