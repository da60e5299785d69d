"""A small record with a desk before it, whose clock the test holds."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from services.accounts.guarded import GuardedRepository
from services.accounts.roles import Principal
from services.audit.events import AuditLog
from services.audit.ledger import Ledger
from services.chart.chart import Charts
from services.commands.approvals import Decision, decide
from services.commands.gate import TaskGate
from services.commands.journal import Journal
from services.commands.policy import Policy, load_policy
from services.commands.processor import Desk, process
from services.fhir.database import Database
from services.fhir.repository import Stored
from services.fhir.sqlite import SQLiteRepository

CLINICIAN = Principal("clin", "user", "Dr Clinician", "clinician")
APPROVER = Principal("app", "user", "Dr Approver", "approver")
SECOND = Principal("app2", "user", "Dr Second", "approver")
ADMIN = Principal("adm", "user", "Admin", "administrator")
READER = Principal("ro", "user", "Reader", "read-only")
START = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)  # a Monday
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"


def coded(text: str, *codings: tuple[str, str]) -> dict[str, Any]:
    return {"text": text, "coding": [{"system": s, "code": c, "display": text} for s, c in codings]}


def of(patient: str, kind: str, resource_id: str, **more: Any) -> dict[str, Any]:
    key = "patient" if kind in ("AllergyIntolerance", "Immunization", "Claim") else "subject"
    return {"resourceType": kind, "id": resource_id, key: {"reference": f"Patient/{patient}"}, **more}


def status(code: str, system: str = "condition-clinical") -> dict[str, Any]:
    return {"coding": [{"system": f"http://terminology.hl7.org/CodeSystem/{system}", "code": code}]}


def order(patient: str, resource_id: str, name: str, state: str = "active", **more: Any) -> dict[str, Any]:
    return of(patient, "MedicationRequest", resource_id, status=state, intent="order",
              medicationCodeableConcept={"text": name}, authoredOn="2026-05-01", **more)  # fmt: skip


RECORD: list[dict[str, Any]] = [
    {"resourceType": "Patient", "id": "ada", "name": [{"family": "Lovell", "given": ["Ada"]}], "gender": "female",
     "birthDate": "1956-03-14", "identifier": [{"value": "4471200"}]},
    {"resourceType": "Patient", "id": "ben", "name": [{"family": "Marlow", "given": ["Ben"]}], "gender": "male",
     "birthDate": "1980-09-01", "identifier": [{"value": "9911777"}]},
    {"resourceType": "Patient", "id": "eve", "name": [{"family": "Stone", "given": ["Eve"]}], "gender": "female",
     "birthDate": "1995-01-20"},
    of("ada", "Encounter", "visit", status="finished", **{"class": {"code": "AMB"}},
       period={"start": "2026-11-20T09:00:00Z", "end": "2026-11-20T09:30:00Z"}),
    of("ben", "Encounter", "bens-visit", status="finished", **{"class": {"code": "AMB"}},
       period={"start": "2026-11-20T09:00:00Z"}),
    of("ada", "Observation", "potassium", status="final", effectiveDateTime="2026-11-20T09:10:00Z",
       code=coded("Potassium", ("http://loinc.org", "2823-3")),
       valueQuantity={"value": 6.4, "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"}),
    of("ada", "Observation", "void", status="entered-in-error", effectiveDateTime="2026-11-20T09:10:00Z",
       code=coded("Sodium", ("http://loinc.org", "2951-2")), valueQuantity={"value": 110, "unit": "mmol/L"}),
    of("ben", "Observation", "bens", status="final", effectiveDateTime="2026-11-20", code={"text": "Potassium"},
       valueQuantity={"value": 4.1, "unit": "mmol/L"}),
    of("ada", "Condition", "htn", clinicalStatus=status("active"), onsetDateTime="2015-02-01",
       verificationStatus=status("confirmed", "condition-ver-status"),
       code=coded("Essential hypertension", (ICD10, "I10"))),
    of("eve", "Condition", "pregnant", clinicalStatus=status("active"), onsetDateTime="2026-08-01",
       code=coded("Pregnancy", (ICD10, "Z33.1"))),
    of("ada", "AllergyIntolerance", "penicillin", clinicalStatus=status("active", "allergyintolerance-clinical"),
       code={"text": "Penicillin"}),
    order("ada", "warfarin", "Warfarin 5 mg oral tablet"),
    order("ada", "lisinopril", "Lisinopril 10 mg oral tablet"),
    order("ada", "zolpidem", "Zolpidem 5 mg oral tablet"),
]  # fmt: skip


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> dt.datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += dt.timedelta(**by)


@dataclass(frozen=True)
class World:
    record: SQLiteRepository
    desk: Desk
    clock: Clock

    def view(self, who: Principal) -> GuardedRepository:
        return GuardedRepository(self.record, who, None, TaskGate(self.desk))

    def send(self, who: Principal = CLINICIAN, **command: Any) -> dict[str, Any]:
        """A command of Ada's unless it says otherwise, through the processor."""
        base = {"patientId": "ada", "confidence": 0.9, "requiresApproval": False, "aiModel": "model-1"}
        return process(self.desk, {**base, **command}, who, self.view(who))

    def queued(self, who: Principal = CLINICIAN, **command: Any) -> Stored:
        answer = self.send(who, **{"requiresApproval": True, **command})
        assert answer["action"] == "queued", answer
        return self.task(answer["taskId"])

    def task(self, task_id: str) -> Stored:
        return self.record.read("Task", task_id)

    def approve(self, task: Stored, who: Principal = APPROVER, **more: Any) -> Stored:
        return decide(self.desk, task, Decision("approve", **more), who, self.view(who))

    def reject(self, task: Stored, who: Principal = APPROVER, code: str = "incorrect", **more: Any) -> Stored:
        return decide(self.desk, task, Decision("reject", code=code, **more), who, self.view(who))

    def written(self, kind: str) -> list[Stored]:
        """What was made by a command: resources with the mark of the AI."""
        found = self.record.search(kind, [("_count", "1000")]).matches
        return [s for s in found if "AIAST" in (s.body or b"").decode()]

    def events(self, name: str | None = None) -> list[str]:
        found = self.record.search("AuditEvent", [("_count", "1000"), ("_sort", "_lastUpdated")]).matches
        told = [c["code"] for s in found for c in s.resource.get("subtype", ())]
        return [t for t in told if name in (None, t)]

    def with_policy(self, **changes: Any) -> World:
        wire = {**self.desk.policy.model_dump(by_alias=True), **changes}
        return replace(self, desk=replace(self.desk, policy=Policy.model_validate(wire)))

    def put(self, *resources: dict[str, Any]) -> None:
        for resource in resources:
            self.record.update(resource, create_missing=True, author="System/test")


def open_world(folder: Path, zone: str = "UTC", fill: bool = True) -> World:
    database = Database(folder / "record.sqlite")
    record = SQLiteRepository(database)
    record.listeners.append(Ledger(database).follow)
    clock = Clock()
    desk = Desk(
        record,
        Journal(database),
        Charts(),
        AuditLog(record),
        load_policy(None),
        zoneinfo.ZoneInfo(zone),
        clock,
    )
    world = World(record, desk, clock)
    if fill:
        world.put(*RECORD)
    return world


FLAG = {"command": "FlagAbnormalResult", "observationId": "potassium", "severity": "critical",
        "interpretation": "Potassium is critically high."}  # fmt: skip
NOTE = {"command": "CreateEncounterNoteDraft", "encounterId": "visit", "noteType": "progress",
        "content": "Seen for follow-up. Feels well. Plan: repeat the potassium tomorrow."}  # fmt: skip
PROBLEM = {"command": "ProposeProblemListUpdate", "action": "add",
           "condition": {"code": "E87.5", "system": ICD10, "display": "Hyperkalemia"}}  # fmt: skip
BILLING = {"command": "SuggestBillingCodes", "encounterId": "visit", "suggestedCodes": [
    {"code": "I10", "system": "ICD-10-CM", "display": "Essential hypertension", "confidence": 0.9},
    {"code": "99214", "system": "CPT", "display": "Office visit", "confidence": 0.8}]}  # fmt: skip
REFERRAL = {"command": "QueueReferralLetter", "specialty": "Nephrology", "reason": "High potassium",
            "content": "Dear colleague, please see this patient about a high potassium."}  # fmt: skip
MEDICATION = {"command": "SuggestMedicationChange", "action": "start",
              "medication": {"display": "Amlodipine 5 mg oral tablet"},
              "dose": {"value": 5, "unit": "mg", "timesPerDay": 1}}  # fmt: skip
SUMMARY = {"command": "SummarizePatientHistory", "summary": "Essential hypertension since 2015, treated."}
ALL = (FLAG, NOTE, PROBLEM, BILLING, REFERRAL, MEDICATION, SUMMARY)
