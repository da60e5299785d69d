"""What a ward measures in one hospital stay: laboratory, bedside values, cultures, fluids."""

from __future__ import annotations

import datetime as dt

from benchmarks.answers.foreign.records.inpatients import Culture, Inpatient, Stay
from benchmarks.answers.foreign.records.items import CHARTED, LABS, Item
from benchmarks.answers.foreign.records.shape import TERMS, Bundle, concept, day, quantity, ref, stamp

MIMIC = "http://mimic.mit.edu/fhir/mimic/CodeSystem"
_CATEGORY = f"{TERMS}/observation-category"
_OPEN = 5.0  # days that a stay without an end has lasted when the chart was copied


class Bedside:
    """One stay, its clock, and its measurements."""

    def __init__(self, made: Bundle, person: Inpatient, patient: str, stay: Stay, number: int) -> None:
        self.made, self.person, self.stay, self.number = made, person, stay, number
        self.subject = ref(patient)
        self.start = day(stay.start)
        self.until = day(stay.end) if stay.end else self.start + dt.timedelta(days=_OPEN)
        self.encounter = ref("")

    def at(self, days: float) -> str:
        """Days after admission, to the minute, in the hospital's zone."""
        moment = self.start + dt.timedelta(days=days)
        return stamp(moment.replace(second=0, microsecond=0), self.person.zone)

    @property
    def length(self) -> float:
        return (self.until - self.start).total_seconds() / 86400

    def value(self, item: Item, level: float, at: float, category: str, system: str) -> None:
        limits = [
            {"low": quantity(item.low, item.unit, ""), "high": quantity(item.high, item.unit, "")}
            if item.low is not None and item.high is not None
            else {}
        ]
        # half of the laboratory's results come without an encounter, as they do in the source
        homeless = category == "laboratory" and self.made.chance.random() < 0.4
        self.made.add(
            "Observation",
            status="final",
            category=[concept(_CATEGORY, category)],
            code=concept(f"{MIMIC}/{system}", item.code, item.name),
            subject=self.subject,
            encounter=None if homeless else self.encounter,
            effectiveDateTime=self.at(at),
            valueQuantity=quantity(round(level, item.digits), item.unit, ""),
            referenceRange=limits if limits[0] else None,
        )

    def labs(self) -> None:
        chance, when = self.made.chance, 0.08
        walk = {name: value for name, (value, _step) in self.stay.labs.items()}
        while when < self.length:
            for name, (_value, step) in self.stay.labs.items():
                self.value(LABS[name], walk[name], when, "laboratory", "mimic-d-labitems")
                walk[name] = max(
                    walk[name] + step + chance.uniform(-1, 1) * LABS[name].noise, LABS[name].floor
                )
            when += self.stay.lab_days + chance.uniform(-0.08, 0.08)

    def charted(self) -> None:
        if not self.stay.icu:
            return
        start, end = self.stay.icu
        walk = {name: value for name, (value, _step) in self.stay.charted.items()}
        when = start + 0.02
        while when < min(end, self.length):
            for name, (_value, step) in self.stay.charted.items():
                item = CHARTED[name]
                self.value(item, walk[name], when, "vital-signs", "mimic-chartevents-d-items")
                walk[name] = max(walk[name] + step + self.made.chance.uniform(-1, 1) * item.noise, item.floor)
            when += 1 / 6

    def culture(self, culture: Culture) -> None:
        specimen = self.made.add(
            "Specimen",
            type=concept(f"{MIMIC}/mimic-spec-type-desc", culture.specimen, culture.specimen),
            subject=self.subject,
            collection={"collectedDateTime": self.at(culture.at)},
        )
        system = f"{MIMIC}/mimic-microbiology"
        grown = None
        if culture.grew:
            tested = [
                self.made.add(
                    "Observation",
                    status="final",
                    category=[concept(_CATEGORY, "laboratory")],
                    code=concept(f"{system}-antibiotic", name, name),
                    subject=self.subject,
                    encounter=self.encounter,
                    effectiveDateTime=self.at(culture.at),
                    valueCodeableConcept=concept(f"{system}-interpretation", answer, answer),
                )
                for name, answer in culture.answers.items()
            ]
            grown = self.made.add(
                "Observation",
                status="final",
                category=[concept(_CATEGORY, "laboratory")],
                code=concept(f"{system}-organism", culture.grew, culture.grew),
                subject=self.subject,
                encounter=self.encounter,
                effectiveDateTime=self.at(culture.at),
                valueString=culture.grew,
                hasMember=[ref(t) for t in tested] or None,
            )
        self.made.add(
            "Observation",
            status="final",
            category=[concept(_CATEGORY, "laboratory")],
            code=concept(f"{system}-test", culture.test, culture.test),
            subject=self.subject,
            encounter=self.encounter,
            specimen=ref(specimen),
            effectiveDateTime=self.at(culture.at),
            hasMember=[ref(grown)] if grown else None,
            valueString=None if grown else "NO GROWTH.",
        )

    def fluids(self) -> None:
        if not self.stay.icu:
            return
        start, end = self.stay.icu
        hours = start + 0.15
        while hours < min(end, self.length):
            for name, amount in self.stay.output:
                item = CHARTED[name]
                self.value(
                    item,
                    amount + self.made.chance.randrange(-4, 5) * 10,
                    hours,
                    "output",
                    "mimic-outputevents-d-items",
                )
            for name, amount in self.stay.intake:
                self.made.add(
                    "MedicationAdministration",
                    status="completed",
                    category=concept(f"{MIMIC}/mimic-medadmin-category-icu", "02-Fluids (Crystalloids)"),
                    medicationCodeableConcept=concept(
                        f"{MIMIC}/mimic-medication-icu", CHARTED[name].code, name
                    ),
                    subject=self.subject,
                    context=self.encounter,
                    effectivePeriod={"start": self.at(hours), "end": self.at(hours + 0.1)},
                    dosage={"dose": quantity(amount, "mL", "")},
                )
            hours += 0.25
