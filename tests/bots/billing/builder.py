"""One patient with one encounter, to which a test adds what it is about."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any

from services.bots.billing_code_suggester.handler import told
from services.bots.billing_code_suggester.schemas import BillingInput
from services.bots.billing_code_suggester.suggesting import suggest
from services.chart.chart import Charts
from services.fhir.sqlite import SQLiteRepository

ICD, SNOMED, LOINC = "http://hl7.org/fhir/sid/icd-10-cm", "http://snomed.info/sct", "http://loinc.org"
CVX, CPT, RX = "http://hl7.org/fhir/sid/cvx", "http://www.ama-assn.org/go/cpt", "http://www.nlm.nih.gov/research/umls/rxnorm"
DAY = "2026-05-12"


def concept(text: str, system: str = "", code: str = "") -> dict[str, Any]:
    return {"text": text} | ({"coding": [{"system": system, "code": code}]} if code else {})


class Case:
    """Resources of patient p1 around Encounter e1 of 12 May 2026, an established patient's unless `new`."""

    def __init__(
        self, repository: SQLiteRepository, *, born: str = "1960-02-03", sex: str = "female", new: bool = False,
        kind: str = "AMB", what: str = "Office visit", end: str = DAY, **encounter: Any,
    ) -> None:  # fmt: skip
        self.repository, self.count = repository, 0
        self.encounter: dict[str, Any] = {
            "resourceType": "Encounter", "id": "e1", "status": "finished", "class": {"code": kind},
            "type": [{"text": what}], "subject": {"reference": "Patient/p1"},
            "participant": [{"individual": {"reference": "Practitioner/d1"}}],
            "period": {"start": f"{DAY}T09:00:00Z", "end": f"{end}T09:30:00Z"}, **encounter,
        }  # fmt: skip
        self.resources: list[dict[str, Any]] = [
            {"resourceType": "Patient", "id": "p1", "birthDate": born, "gender": sex},
            {"resourceType": "Practitioner", "id": "d1"},
            {"resourceType": "Practitioner", "id": "d2"},
        ]
        earlier = "d2" if new else "d1"
        self.resources.append({
            "resourceType": "Encounter", "id": "e0", "status": "finished", "class": {"code": "AMB"},
            "subject": {"reference": "Patient/p1"}, "period": {"start": "2025-01-07T09:00:00Z"},
            "participant": [{"individual": {"reference": f"Practitioner/{earlier}"}}],
            "serviceProvider": {"reference": f"Organization/{earlier}"},
        })  # fmt: skip
        if new:
            self.encounter["serviceProvider"] = {"reference": "Organization/d1"}

    def add(self, kind: str, *, linked: bool = True, **more: Any) -> str:
        """A resource of the patient, of the encounter unless not `linked`; its reference."""
        self.count += 1
        key = "patient" if kind in ("Immunization", "Claim", "AllergyIntolerance") else "subject"
        resource = {"resourceType": kind, "id": f"x{self.count}", key: {"reference": "Patient/p1"}, **more}
        if linked and kind == "DocumentReference":
            resource["context"] = {"encounter": [{"reference": "Encounter/e1"}]}
        elif linked:
            resource["encounter"] = {"reference": "Encounter/e1"}
        self.resources.append(resource)
        return f"{kind}/x{self.count}"

    def condition(
        self, text: str, code: str = "", system: str = ICD, *, linked: bool = True, status: str = "active",
        onset: str = "2019-03-01", verified: str = "confirmed", rank: int = 0, **more: Any,
    ) -> str:  # fmt: skip
        made = self.add(
            "Condition", linked=linked, code=concept(text, system, code), onsetDateTime=onset,
            clinicalStatus={"coding": [{"code": status}]}, verificationStatus={"coding": [{"code": verified}]}, **more,
        )  # fmt: skip
        if rank:
            self.encounter.setdefault("diagnosis", []).append({"condition": {"reference": made}, "rank": rank})
        return made

    def note(self, text: str, *, date: str = DAY, what: str = "Progress note") -> str:
        data = base64.b64encode(text.encode()).decode()
        return self.add(
            "DocumentReference", status="current", type={"text": what}, date=f"{date}T10:00:00Z",
            content=[{"attachment": {"contentType": "text/plain", "data": data}}],
        )  # fmt: skip

    def result(self, text: str, loinc: str, value: float | None = None, unit: str = "", *, date: str = DAY,
               category: str = "laboratory", linked: bool = True, **more: Any) -> str:  # fmt: skip
        quantity = {"valueQuantity": {"value": value, "unit": unit, "code": unit}} if value is not None else {}
        return self.add("Observation", linked=linked, status="final", code=concept(text, LOINC, loinc), **quantity, **more,
                        effectiveDateTime=f"{date}T09:10:00Z", category=[{"coding": [{"code": category}]}])  # fmt: skip

    def drug(self, name: str, *, linked: bool = True, date: str = DAY, **more: Any) -> str:
        return self.add("MedicationRequest", linked=linked, status="active", intent="order", authoredOn=date,
                        medicationCodeableConcept={"text": name}, **more)  # fmt: skip

    def procedure(self, text: str, code: str = "", system: str = SNOMED, **more: Any) -> str:
        return self.add("Procedure", status="completed", code=concept(text, system, code), performedDateTime=f"{DAY}T09:15:00Z", **more)

    def vaccine(self, text: str, cvx: str, status: str = "completed", **more: Any) -> str:
        return self.add("Immunization", status=status, vaccineCode=concept(text, CVX, cvx), occurrenceDateTime=f"{DAY}T09:20:00Z", **more)

    def ask(self, **flags: Any) -> dict[str, Any]:
        """The bot's answer, as its caller gets it."""
        self.repository.write_many([*self.resources, self.encounter])
        asked = BillingInput.model_validate({"patientId": "p1", "encounterId": "e1", **flags})
        chart = Charts().open(self.repository, "p1", dt.date(2026, 6, 30))
        return told(suggest(chart, "e1", asked.min_confidence), asked).wire()


def diagnoses(answer: dict[str, Any]) -> list[str]:
    return [d["code"] for d in answer["icd10Codes"]]


def services(answer: dict[str, Any]) -> list[str]:
    return [c["code"] for c in answer["cptCodes"]]


def primary(answer: dict[str, Any]) -> list[str]:
    return [d["code"] for d in answer["icd10Codes"] if d["isPrimary"]]


def issues(answer: dict[str, Any]) -> str:
    return " | ".join(f"{g['issue']}: {g['suggestion']}" for g in answer["documentationGaps"])


def modifiers(answer: dict[str, Any]) -> set[tuple[str, str]]:
    return {(m["modifier"], m["code"]) for m in answer["modifiers"]}
