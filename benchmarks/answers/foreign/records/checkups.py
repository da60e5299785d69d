"""What a practice measures at a yearly check-up."""

from __future__ import annotations

import datetime as dt

from benchmarks.answers.foreign.records.residents import Coded, Resident
from benchmarks.answers.foreign.records.shape import (
    LOINC,
    SNOMED,
    TERMS,
    UCUM,
    Bundle,
    Resource,
    concept,
    day,
    quantity,
    ref,
    stamp,
)

_CATEGORY = f"{TERMS}/observation-category"


class CheckUps:
    """One person, their clock, and their measurements."""

    patient: Resource

    def __init__(self, person: Resident) -> None:
        self.person, self.made = person, Bundle(person.slug)
        self.chance = self.made.chance
        self.illnesses: dict[str, str] = {}
        self.visits: list[tuple[str, str]] = []

    def time(self, date: str, hours: float = 0.0) -> str:
        """Synthea keeps one clock time for a person."""
        moment = day(date[:10]) + dt.timedelta(hours=14.25 + hours)
        return stamp(moment, "+00:00")

    def observe(
        self, date: str, visit: str, category: str, code: Coded, text: bool = True, **value: object
    ) -> str:
        return self.made.add(
            "Observation",
            status="final",
            category=[concept(_CATEGORY, category, category)],
            code=concept(LOINC, *code, text=code[1] if text else None),
            subject=self.patient,
            encounter=ref(visit),
            effectiveDateTime=self.time(date),
            issued=self.time(date),
            **value,
        )

    def measure(self, number: int, date: str, visit: str) -> None:
        person, noise = self.person, self.chance.uniform
        years = (day(date[:10]) - day(person.check_ups[0][:10])).days / 365.25
        weight = person.weight[0] + person.weight[1] * years + noise(-0.7, 0.7)
        top, bottom = (p + noise(-6, 6) for p in person.pressure)
        for code, value, unit in (
            (("8302-2", "Body Height"), person.height, "cm"),
            (("29463-7", "Body Weight"), weight, "kg"),
            (("39156-5", "Body Mass Index"), weight / (person.height / 100) ** 2, "kg/m2"),
            (("8867-4", "Heart rate"), noise(62, 96), "/min"),
            (
                ("72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported"),
                float(int(noise(0, 5))),
                "{score}",
            ),
        ):
            self.observe(date, visit, "vital-signs", code, valueQuantity=quantity(value, unit))
        self.observe(
            date, visit, "vital-signs", ("55284-4", "Blood Pressure"),
            component=[
                {"code": concept(LOINC, code, name, name), "valueQuantity": quantity(round(value), "mmHg", "mm[Hg]")}
                for code, name, value in (("8462-4", "Diastolic Blood Pressure", bottom), ("8480-6", "Systolic Blood Pressure", top))
            ],
        )  # fmt: skip
        status = person.smoking[min(number, len(person.smoking) - 1)]
        self.observe(
            date, visit, "survey", ("72166-2", "Tobacco smoking status NHIS"),
            valueCodeableConcept=concept(SNOMED, *status, text=status[1]),
        )  # fmt: skip
        results = []
        for series in person.series:
            if series.since <= int(date[:4]) <= series.until:
                value = series.start + series.step * number + noise(-series.noise, series.noise)
                made = self.observe(date, visit, "laboratory", series.code, text=number % 3 != 1,
                                     valueQuantity={"value": value, "unit": series.unit, "system": UCUM, "code": series.unit})  # fmt: skip
                results.append({"reference": made, "display": series.code[1]})
        if results:
            self.made.add(
                "DiagnosticReport",
                status="final",
                category=[concept(f"{TERMS}/v2-0074", "LAB", "Laboratory")],
                code=concept(LOINC, "51990-0", "Basic Metabolic Panel", "Basic Metabolic Panel"),
                subject=self.patient,
                encounter=ref(visit),
                effectiveDateTime=self.time(date),
                result=results,
            )
