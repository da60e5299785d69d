"""Charts shaped like Synthea's R4 export: a life in yearly check-ups, "(disorder)" and "(procedure)" in the names,
values with a dozen decimals, a claim and an explanation of benefit for each visit, references by urn.

The shape follows the files that Synthea writes (Walonoski et al., JAMIA 2018); the people are made up.
"""

from __future__ import annotations

from benchmarks.answers.foreign.records.checkups import CheckUps
from benchmarks.answers.foreign.records.residents import (
    CHECK_UP,
    Illness,
    Plan,
    Prescription,
    Resident,
    Visit,
)
from benchmarks.answers.foreign.records.shape import (
    ACT,
    CVX,
    LOINC,
    RXNORM,
    SNOMED,
    TERMS,
    Resource,
    coding,
    concept,
    ref,
)


def bundle(person: Resident) -> Resource:
    return _Writer(person).write()


class _Writer(CheckUps):
    def write(self) -> Resource:
        person = self.person
        self.patient = ref(self._patient())
        self.doctor = self.made.add(
            "Practitioner",
            active=True,
            name=[{"family": "Okuneva707", "given": ["Dalila13"], "prefix": ["Dr."]}],
        )
        for number, date in enumerate(person.check_ups):
            visit = self._visit(Visit(date, "AMB", CHECK_UP))
            self.measure(number, date, visit)
        for each in person.visits:
            self._visit(each)
        for illness in person.illnesses:
            self._illness(illness)
        for drug in person.drugs:
            self._drug(drug)
        for plan in person.plans:
            self._plan(plan)
        for vaccine, dates in person.shots.items():
            for date in dates:
                self.made.add(
                    "Immunization",
                    status="completed",
                    vaccineCode=concept(CVX, *vaccine, text=vaccine[1]),
                    patient=self.patient,
                    encounter=self._near(date),
                    occurrenceDateTime=self.time(date),
                    primarySource=True,
                )
        for substance, reaction, date in person.allergies:
            self.made.add(
                "AllergyIntolerance",
                clinicalStatus=concept(f"{TERMS}/allergyintolerance-clinical", "active"),
                verificationStatus=concept(f"{TERMS}/allergyintolerance-verification", "confirmed"),
                code=concept(SNOMED, *substance, text=substance[1]),
                patient=self.patient,
                recordedDate=self.time(date),
                reaction=[{"manifestation": [{"text": reaction}]}],
            )
        for device, date in person.devices:
            self.made.add(
                "Device",
                status="active",
                deviceName=[{"name": device[1], "type": "user-friendly-name"}],
                type=concept(SNOMED, *device, text=device[1]),
                manufactureDate=self.time(date),
                patient=self.patient,
            )
        return self.made.wire()

    def _patient(self) -> str:
        person = self.person
        return self.made.add(
            "Patient",
            identifier=[
                {
                    "type": concept(
                        f"{TERMS}/v2-0203", "MR", "Medical Record Number", "Medical Record Number"
                    ),
                    "system": "http://hospital.smarthealthit.org",
                    "value": person.mrn,
                }
            ],
            name=[{"use": "official", "family": person.family, "given": [person.given]}],
            gender=person.gender,
            birthDate=person.born,
            deceasedDateTime=person.died,
            maritalStatus=concept(f"{TERMS}/v3-MaritalStatus", person.married, text=person.married)
            if person.married
            else None,
            address=[
                {"line": ["529 Haley Annex"], "city": person.city, "state": "Massachusetts", "country": "US"}
            ],
            extension=[
                {
                    "url": f"http://hl7.org/fhir/us/core/StructureDefinition/us-core-{kind}",
                    "extension": [{"url": "text", "valueString": text}],
                }
                for kind, text in (("race", person.race), ("ethnicity", person.ethnicity))
            ],
        )

    def _visit(self, visit: Visit) -> str:
        reason = [concept(SNOMED, "160968000", visit.reason)] if visit.reason else None
        urn = self.made.add(
            "Encounter",
            status="finished",
            class_=coding(ACT, visit.kind),
            type=[concept(SNOMED, *visit.type, text=visit.type[1])],
            subject=self.patient,
            participant=[{"individual": ref(self.doctor)}],
            period={"start": self.time(visit.at), "end": self.time(visit.at, visit.hours)},
            reasonCode=reason,
        )
        self.visits.append((visit.at, urn))
        for code in visit.done:
            self.made.add(
                "Procedure",
                status="completed",
                code=concept(SNOMED, *code, text=code[1]),
                subject=self.patient,
                encounter=ref(urn),
                performedPeriod={"start": self.time(visit.at), "end": self.time(visit.at, 0.25)},
            )
        if visit.report:
            code, text = visit.report
            self.made.add(
                "DiagnosticReport",
                status="final",
                code=concept(LOINC, *code),
                subject=self.patient,
                encounter=ref(urn),
                effectiveDateTime=self.time(visit.at),
                conclusion=text,
            )
        self._billed(urn, visit)
        return urn

    def _billed(self, urn: str, visit: Visit) -> None:
        item = {"sequence": 1, "productOrService": concept(SNOMED, *visit.type, text=visit.type[1])}
        period = {"start": self.time(visit.at), "end": self.time(visit.at, visit.hours)}
        cost = {"value": round(self.chance.uniform(90, 900), 2), "currency": "USD"}
        common = {
            "status": "active",
            "type": concept(f"{TERMS}/claim-type", "professional"),
            "use": "claim",
            "patient": self.patient,
            "billablePeriod": period,
            "created": period["end"],
            "provider": ref(self.doctor),
        }
        claim = self.made.add(
            "Claim",
            **common,
            priority=concept(f"{TERMS}/processpriority", "normal"),
            insurance=[{"sequence": 1, "focal": True, "coverage": {"display": self.person.insurer}}],
            item=[{**item, "encounter": [ref(urn)]}],
            total=cost,
        )
        self.made.add(
            "ExplanationOfBenefit",
            **common,
            insurer={"display": self.person.insurer},
            insurance=[{"focal": True, "coverage": {"display": self.person.insurer}}],
            claim=ref(claim),
            outcome="complete",
            item=[item],
            total=[{"category": concept(f"{TERMS}/adjudication", "submitted"), "amount": cost}],
        )

    def _near(self, date: str) -> Resource | None:
        """The visit on that day."""
        return next((ref(urn) for at, urn in self.visits if at[:10] == date[:10]), None)

    def _illness(self, illness: Illness) -> None:
        state = "resolved" if illness.ended else "active"
        self.illnesses[illness.code[1]] = self.made.add(
            "Condition",
            clinicalStatus=concept(f"{TERMS}/condition-clinical", state),
            verificationStatus=concept(f"{TERMS}/condition-ver-status", "confirmed"),
            code=concept(SNOMED, *illness.code, text=illness.code[1]),
            subject=self.patient,
            encounter=self._near(illness.began),
            onsetDateTime=self.time(illness.began),
            abatementDateTime=self.time(illness.ended) if illness.ended else None,
            recordedDate=self.time(illness.began),
        )

    def _drug(self, drug: Prescription) -> None:
        instruction = (
            {"sequence": 1, "text": drug.text} if drug.text else {"sequence": 1, "asNeededBoolean": True}
        )
        self.made.add(
            "MedicationRequest",
            status=drug.status,
            intent="order",
            medicationCodeableConcept=concept(RXNORM, *drug.code, text=drug.code[1]),
            subject=self.patient,
            encounter=self._near(drug.began),
            authoredOn=self.time(drug.began),
            requester=ref(self.doctor),
            reasonReference=[ref(self.illnesses[drug.reason])] if drug.reason else None,
            dosageInstruction=[instruction],
        )

    def _plan(self, plan: Plan) -> None:
        state = "completed" if plan.ended else "active"
        self.made.add(
            "CarePlan",
            status=state,
            intent="order",
            category=[concept(SNOMED, *plan.code, text=plan.code[1])],
            subject=self.patient,
            encounter=self._near(plan.began),
            period={
                "start": self.time(plan.began),
                **({"end": self.time(plan.ended)} if plan.ended else {}),
            },
            addresses=[ref(self.illnesses[plan.reason])] if plan.reason else None,
            activity=[
                {
                    "detail": {
                        "code": concept(SNOMED, *a, text=a[1]),
                        "status": "completed" if plan.ended else "in-progress",
                    }
                }
                for a in plan.activities
            ],
        )
