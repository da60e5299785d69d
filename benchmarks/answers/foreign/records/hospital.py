"""Charts shaped like MIMIC-IV on FHIR: shifted years, local item codes, names in the coding alone, drugs behind a
reference, diagnoses without dates, results without an encounter, free text where others have a quantity.

The shape follows the published profiles (Bennett, Ulrich et al., "MIMIC-IV on FHIR", JAMIA 2023); the people are
made up.
"""

from __future__ import annotations

from benchmarks.answers.foreign.records.bedside import MIMIC, Bedside
from benchmarks.answers.foreign.records.inpatients import Drug, Inpatient
from benchmarks.answers.foreign.records.shape import (
    ACT,
    RXNORM,
    SNOMED,
    TERMS,
    Bundle,
    Resource,
    coding,
    concept,
    quantity,
    ref,
)

_IDS = "http://mimic.mit.edu/fhir/mimic/identifier"
_US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition"


def bundle(person: Inpatient) -> Resource:
    made = Bundle(person.slug)
    patient = made.add(
        "Patient",
        identifier=[{"system": f"{_IDS}/patient", "value": person.number}],
        name=[{"use": "official", "family": f"Patient_{person.number}"}],
        gender=person.gender,
        birthDate=person.born,
        extension=[
            {
                "url": f"{_US_CORE}/us-core-race",
                "extension": [{"url": "text", "valueString": person.race}],
            }
        ],
        maritalStatus=concept(f"{TERMS}/v3-MaritalStatus", person.marital) if person.marital else None,
        communication=[{"language": concept("urn:ietf:bcp:47", person.language)}]
        if person.language
        else None,
        deceasedDateTime=person.died,
    )
    for number, stay in enumerate(person.stays):
        _Writer(made, person, patient, stay, number).write()
    return made.wire()


class _Writer(Bedside):
    """One admission with all that happened in it."""

    def write(self) -> None:
        self._encounter()
        for system, code, name in self.stay.diagnoses:
            self.made.add(
                "Condition",
                category=[concept(f"{TERMS}/condition-category", "encounter-diagnosis")],
                code=concept(f"{MIMIC}/mimic-diagnosis-{system}", code, name),
                subject=self.subject,
                encounter=self.encounter,
            )
        for system, code, name, at in self.stay.procedures:
            plain = {"text": name} if system == "text" else None
            self.made.add(
                "Procedure",
                status="completed",
                code=plain
                or concept(SNOMED if system == "snomed" else f"{MIMIC}/mimic-procedure-{system}", code, name),
                subject=self.subject,
                encounter=self.encounter,
                performedDateTime=self.at(at),
            )
        for drug in self.stay.drugs:
            self._drug(drug)
        self.labs()
        self.charted()
        for culture in self.stay.cultures:
            self.culture(culture)
        self.fluids()
        for name, at, text in self.stay.reports:
            self.made.add(
                "DiagnosticReport",
                status="final",
                code={"text": name},
                subject=self.subject,
                encounter=self.encounter,
                effectiveDateTime=self.at(at),
                conclusion=text,
            )

    def _encounter(self) -> None:
        stay = self.stay
        if stay.ed:
            self.made.add(
                "Encounter",
                identifier=[
                    {"system": f"{_IDS}/encounter-ed", "value": f"3{self.person.number[1:]}{self.number}"}
                ],
                status="finished",
                class_=coding(ACT, "EMER", "emergency"),
                type=[concept(SNOMED, "308335008", "Patient encounter procedure")],
                subject=self.subject,
                period={"start": self.at(-0.3), "end": self.at(0)},
            )
        places = [
            {
                "location": ref(self.made.add("Location", name=name, status="active")),
                "period": {"start": self.at(start), "end": self.at(min(end, self.length))},
            }
            for name, start, end in stay.units
        ]
        period = {"start": self.at(0)} | ({"end": self.at(self.length)} if stay.end else {})
        leaving = (
            {"dischargeDisposition": concept(f"{MIMIC}/mimic-discharge-disposition", stay.disposition)}
            if stay.end
            else {}
        )
        self.encounter = ref(
            self.made.add(
                "Encounter",
                identifier=[
                    {"system": f"{_IDS}/encounter-hosp", "value": f"2{self.person.number[1:]}{self.number}"}
                ],
                status="finished" if stay.end else "in-progress",
                class_=coding(ACT, stay.kind),
                type=[concept(SNOMED, "308335008", "Patient encounter procedure")],
                serviceType=concept(f"{MIMIC}/mimic-services", stay.service),
                subject=self.subject,
                period=period,
                hospitalization={
                    "admitSource": concept(f"{MIMIC}/mimic-admit-source", stay.source),
                    **leaving,
                },
                location=places or None,
            )
        )

    def _drug(self, drug: Drug) -> None:
        named: Resource
        if drug.form == "ref":
            held = self.made.add(
                "Medication",
                identifier=[{"system": f"{MIMIC}/mimic-medication-name", "value": drug.name}],
                code=concept(f"{MIMIC}/mimic-medication-name", drug.name),
                status="active",
            )
            named = {"medicationReference": ref(held)}
        elif drug.form == "code":
            named = {"medicationCodeableConcept": concept(f"{MIMIC}/mimic-medication-name", drug.name)}
        elif drug.form == "text":
            named = {"medicationCodeableConcept": {"text": drug.name}}
        else:
            named = {"medicationCodeableConcept": concept(RXNORM, drug.form.split()[1], drug.name)}
        ended = {"end": self.at(drug.end)} if drug.end is not None else {}
        order = self.made.add(
            "MedicationRequest",
            status="active" if drug.end is None else "completed",
            intent="order",
            **named,
            subject=self.subject,
            encounter=self.encounter,
            authoredOn=self.at(drug.start),
            dosageInstruction=[
                {
                    "route": concept(f"{MIMIC}/mimic-medication-route", drug.route),
                    "timing": {"code": concept(f"{MIMIC}/mimic-medication-frequency", drug.often)},
                    "doseAndRate": [{"doseQuantity": quantity(drug.dose, drug.unit, "")}],
                }
            ],
            dispenseRequest={"validityPeriod": {"start": self.at(drug.start), **ended}},
        )
        last = drug.end if drug.end is not None else self.length
        for number in range(drug.given):
            self.made.add(
                "MedicationAdministration",
                status="completed",
                **named,
                subject=self.subject,
                context=self.encounter,
                effectiveDateTime=self.at(drug.start + 0.05 + (last - drug.start) * number / drug.given),
                request=ref(order),
                dosage={
                    "route": concept(f"{MIMIC}/mimic-medication-route", drug.route),
                    "dose": quantity(drug.dose, drug.unit, ""),
                },
            )
