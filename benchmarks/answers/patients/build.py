"""Short ways to write FHIR JSON by hand."""

from __future__ import annotations

import base64
import inspect
from typing import Any

Resource = dict[str, Any]
LOINC, SNOMED, UCUM = "http://loinc.org", "http://snomed.info/sct", "http://unitsofmeasure.org"
ICD10, CVX = "http://hl7.org/fhir/sid/icd-10-cm", "http://hl7.org/fhir/sid/cvx"
HL7 = "http://terminology.hl7.org/CodeSystem/"
BY = {"display": "Noor Hadley, MD"}
_CLASSES = {"AMB": "ambulatory", "EMER": "emergency", "IMP": "inpatient encounter", "VR": "virtual"}


def concept(text: str, code: str | None = None, system: str = LOINC) -> Resource:
    return {"text": text} | ({"coding": [{"system": system, "code": code}]} if code else {})


class Record:
    """Collects one patient's resources; ids are the slug, a kind and a number."""

    def __init__(self, slug: str, given: str, family: str, gender: str, born: str, **more: Any) -> None:
        self.slug = slug
        self.subject = {"reference": f"Patient/{slug}"}
        self.resources: list[Resource] = [
            {
                "resourceType": "Patient", "id": slug, "name": [{"family": family, "given": [given]}],
                "gender": gender, "birthDate": born, **more,
            }
        ]  # fmt: skip

    def add(self, kind: str, about: str = "subject", **fields: Any) -> Resource:
        number = sum(r["resourceType"] == kind for r in self.resources) + 1
        resource: Resource = {"resourceType": kind, "id": f"{self.slug}-{kind.lower()}-{number}"}
        resource[about] = self.subject
        resource.update((k, v) for k, v in fields.items() if v is not None)
        self.resources.append(resource)
        return resource

    def lab(
        self, day: str, name: str, code: str | None, value: float | str, unit: str = "", ucum: str | None = None,
        *, status: str = "final", limits: tuple[float | None, float | None] = (None, None), note: str | None = None,
        category: str = "laboratory",
    ) -> Resource:  # fmt: skip
        """A result at 09:00 of the day, unless the day brings its own time; a text makes it a coded one."""

        def quantity(number: float) -> Resource:
            return {"value": number, "unit": unit, "system": UCUM, "code": ucum or unit}

        ends = {k: quantity(v) for k, v in zip(("low", "high"), limits, strict=True) if v is not None}
        return self.add(
            "Observation",
            status=status,
            category=[concept(category, category, HL7 + "observation-category")],
            code=concept(name, code),
            effectiveDateTime=day if "T" in day or len(day) < 10 else f"{day}T09:00:00Z",
            valueQuantity=None if isinstance(value, str) else quantity(value),
            valueCodeableConcept={"text": value} if isinstance(value, str) and value else None,
            referenceRange=[ends] if ends else None,
            note=[{"text": note}] if note else None,
        )

    def pressure(self, moment: str, systolic: int, diastolic: int) -> None:
        parts = (
            ("Systolic blood pressure", "8480-6", systolic),
            ("Diastolic blood pressure", "8462-4", diastolic),
        )
        self.add(
            "Observation",
            status="final",
            category=[concept("vital-signs", "vital-signs", HL7 + "observation-category")],
            code=concept("Blood pressure", "85354-9"),
            effectiveDateTime=moment,
            component=[
                {
                    "code": concept(name, code),
                    "valueQuantity": {"value": value, "unit": "mmHg", "system": UCUM, "code": "mm[Hg]"},
                }
                for name, code, value in parts
            ],
        )

    def problem(
        self, text: str, onset: str | None, icd: str | None = None, *, state: str | None = "active",
        verified: str = "confirmed", ended: str | None = None, note: str | None = None,
    ) -> None:  # fmt: skip
        self.add(
            "Condition",
            clinicalStatus=concept(state, state, HL7 + "condition-clinical") if state else None,
            verificationStatus=concept(verified, verified, HL7 + "condition-ver-status"),
            code=concept(text, icd, ICD10),
            onsetDateTime=onset,
            abatementDateTime=ended,
            note=[{"text": note}] if note else None,
        )

    def drug(
        self, day: str, text: str, sig: str, dose: tuple[float, str] | None = None, *, status: str = "active",
        why: str | None = None, reason: str | None = None, ends: str | None = None,
    ) -> None:  # fmt: skip
        """An order. `why` says why it has its status, `reason` what it is for."""
        instruction: Resource = {"text": sig}
        if dose:
            instruction["doseAndRate"] = [{"doseQuantity": {"value": dose[0], "unit": dose[1]}}]
        if ends:
            instruction["timing"] = {"repeat": {"boundsPeriod": {"start": day, "end": ends}}}
        self.add(
            "MedicationRequest",
            status=status,
            statusReason={"text": why} if why else None,
            intent="order",
            medicationCodeableConcept={"text": text},
            authoredOn=day,
            requester=BY,
            reasonCode=[{"text": reason}] if reason else None,
            dosageInstruction=[instruction],
        )

    def says(
        self, day: str, text: str, sig: str, *, status: str = "active", ended: str | None = None
    ) -> None:
        """What the patient reports taking since a day."""
        self.add(
            "MedicationStatement",
            status=status,
            medicationCodeableConcept={"text": text},
            effectivePeriod={"start": day} | ({"end": ended} if ended else {}),
            dosage=[{"text": sig}],
        )

    def allergy(
        self, text: str, recorded: str, reaction: str | None = None, *, code: str | None = None,
        verified: str = "confirmed", state: str | None = "active",
    ) -> None:  # fmt: skip
        self.add(
            "AllergyIntolerance",
            about="patient",
            clinicalStatus=concept(state, state, HL7 + "allergyintolerance-clinical") if state else None,
            verificationStatus=concept(verified, verified, HL7 + "allergyintolerance-verification"),
            code=concept(text, code, SNOMED),
            recordedDate=recorded,
            reaction=[{"manifestation": [{"text": reaction}]}] if reaction else None,
        )

    def visit(
        self, start: str, kind: str, reason: str, *, end: str | None = None, status: str = "finished"
    ) -> None:
        found = self.add(
            "Encounter",
            status=status,
            period={"start": start} | ({"end": end} if end else {}),
            reasonCode=[{"text": reason}],
            participant=[{"individual": BY}],
        )
        found["class"] = {"system": HL7 + "v3-ActCode", "code": kind, "display": _CLASSES[kind]}

    def done(self, day: str | None, text: str, *, status: str = "completed", why: str | None = None) -> None:
        self.add(
            "Procedure",
            status=status,
            statusReason={"text": why} if why else None,
            code={"text": text},
            performedDateTime=day,
        )

    def vaccine(
        self, day: str, text: str, cvx: str, *, status: str = "completed", why: str | None = None
    ) -> None:
        self.add(
            "Immunization",
            about="patient",
            status=status,
            statusReason={"text": why} if why else None,
            vaccineCode=concept(text, cvx, CVX),
            occurrenceDateTime=day,
        )

    def order(self, day: str, text: str, *, status: str = "active", due: str | None = None) -> None:
        self.add(
            "ServiceRequest",
            status=status,
            intent="order",
            code={"text": text},
            authoredOn=day,
            occurrenceDateTime=due,
        )

    def relative(self, who: str, code: str, illness: str, at: int | None = None) -> None:
        onset = {"onsetAge": {"value": at, "unit": "years", "system": UCUM, "code": "a"}} if at else {}
        self.add(
            "FamilyMemberHistory",
            about="patient",
            status="completed",
            relationship=concept(who, code, HL7 + "v3-RoleCode"),
            condition=[{"code": {"text": illness}, **onset}],
        )

    def report(self, day: str, text: str, conclusion: str | None, *, status: str = "final") -> None:
        self.add(
            "DiagnosticReport",
            status=status,
            code={"text": text},
            effectiveDateTime=day,
            conclusion=conclusion,
        )

    def note(self, day: str, kind: str, code: str, text: str, *, status: str = "current") -> None:
        data = base64.b64encode((inspect.cleandoc(text) + "\n").encode()).decode()
        self.add(
            "DocumentReference",
            status=status,
            type=concept(kind, code),
            date=f"{day}T12:00:00Z",
            author=[BY],
            description=kind,
            content=[{"attachment": {"contentType": "text/plain; charset=utf-8", "data": data}}],
        )
