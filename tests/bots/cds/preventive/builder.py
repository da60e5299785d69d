"""FHIR resources in few words, and a rule judged over them in a real record."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from services.bots.clinical_decision_support.preventive.criteria import View
from services.bots.clinical_decision_support.preventive.evaluate import judge
from services.bots.clinical_decision_support.preventive.measures.every import RULES
from services.bots.clinical_decision_support.preventive.model import Evaluated
from services.bots.clinical_decision_support.preventive.record import Record, read
from services.bots.clinical_decision_support.preventive.truth import Frame
from services.chart.chart import Chart, Charts
from services.fhir.sqlite import SQLiteRepository

Resource = dict[str, Any]
RULE = {rule.id: rule for rule in RULES}
AS_OF = "2026-06-30"
SYSTEMS = {
    "loinc": "http://loinc.org",
    "sct": "http://snomed.info/sct",
    "icd": "http://hl7.org/fhir/sid/icd-10-cm",
    "rx": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "cvx": "http://hl7.org/fhir/sid/cvx",
    "pcs": "http://www.cms.gov/Medicare/Coding/ICD10",
    "hl7": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
}
SEX = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-sex"
RACE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race"
_NUMBER = itertools.count(1)


def concept(code: str) -> Resource:
    """ "loinc:4548-4", or plain words."""
    system, colon, value = code.partition(":")
    if colon and system in SYSTEMS:
        return {"coding": [{"system": SYSTEMS[system], "code": value}]}
    return {"text": code}


def _timed(stem: str, when: str | None) -> Resource:
    """ "2026-01-02", or a period "2026-01-02/2026-01-05" with either end left out."""
    if when is None:
        return {}
    if "/" in when:
        start, end = when.split("/")
        return {f"{stem}Period": {k: v for k, v in (("start", start), ("end", end)) if v}}
    return {f"{stem}DateTime": when}


def made(kind: str, **more: Any) -> Resource:
    return {"resourceType": kind, **{k.rstrip("_"): v for k, v in more.items() if v is not None}}


def obs(
    code: str,
    when: str | None,
    value: Any = None,
    unit: str | None = None,
    status: str = "final",
    **more: Any,
) -> Resource:
    """`value`: a number (with its unit), a code, or a whole value[x]."""
    told: Resource = {}
    if isinstance(value, dict):
        told = value
    elif isinstance(value, int | float):
        told = {"valueQuantity": {"value": value} | ({"unit": unit, "code": unit} if unit else {})}
    elif isinstance(value, str):
        told = {"valueCodeableConcept": concept(value)} if ":" in value else {"valueString": value}
    return made("Observation", status=status, code=concept(code), **_timed("effective", when), **told, **more)


def image(code: str, when: str, **more: Any) -> Resource:
    return obs(code, when, category=[category("observation-category", "imaging")], **more)


def category(system: str, code: str) -> Resource:
    return {"coding": [{"system": f"http://terminology.hl7.org/CodeSystem/{system}", "code": code}]}


def bp(
    when: str, high: float | None, low: float | None, unit: str | None = "mm[Hg]", **more: Any
) -> Resource:
    parts = []
    for code, value in (("loinc:8480-6", high), ("loinc:8462-4", low)):
        part: Resource = {"code": concept(code)}
        if value is not None:
            part["valueQuantity"] = {"value": value} | ({"unit": unit, "code": unit} if unit else {})
        parts.append(part)
    return obs("loinc:85354-9", when, component=parts, **more)


def cond(
    code: str,
    onset: str | None = "2020-01-01",
    ended: str | None = None,
    state: str | None = "active",
    kind: str | None = None,
    **more: Any,
) -> Resource:
    """`kind`: problem or diagnosis, the category."""
    kinds = {"problem": "problem-list-item", "diagnosis": "encounter-diagnosis"}
    return made(
        "Condition", code=concept(code), onsetDateTime=onset, abatementDateTime=ended,
        clinicalStatus=category("condition-clinical", state) if state else None,
        category=[category("condition-category", kinds[kind])] if kind else None, **more,
    )  # fmt: skip


def proc(code: str, when: str | None, status: str = "completed", **more: Any) -> Resource:
    return made("Procedure", status=status, code=concept(code), **_timed("performed", when), **more)


def report(code: str, when: str, status: str = "final", **more: Any) -> Resource:
    return made("DiagnosticReport", status=status, code=concept(code), **_timed("effective", when), **more)


def shot(cvx: str, when: str, status: str = "completed", **more: Any) -> Resource:
    return made(
        "Immunization", status=status, vaccineCode=concept(f"cvx:{cvx}"), occurrenceDateTime=when, **more
    )


def order(code: str, when: str, status: str = "active", intent: str = "order", **more: Any) -> Resource:
    return made("ServiceRequest", status=status, intent=intent, code=concept(code), authoredOn=when, **more)


def med(
    name: str,
    when: str,
    status: str = "active",
    intent: str = "order",
    refills: int | None = None,
    days: int | None = None,
    **more: Any,
) -> Resource:
    dispense: Resource = {}
    if refills is not None:
        dispense["numberOfRepeatsAllowed"] = refills
    if days is not None:
        dispense["expectedSupplyDuration"] = {"value": days, "unit": "d", "code": "d"}
    quantity = more.pop("quantity", None)
    if quantity is not None:
        dispense["quantity"] = {"value": quantity}
    return made(
        "MedicationRequest", status=status, intent=intent, medicationCodeableConcept=concept(name), authoredOn=when,
        dispenseRequest=dispense or None, **more,
    )  # fmt: skip


def visit(
    code: str, when: str, status: str = "finished", letter: str | None = "AMB", **more: Any
) -> Resource:
    start, _, end = when.partition("/")
    return made(
        "Encounter",
        status=status,
        type=[concept(code)],
        period={"start": start, "end": end or start},
        class_={"code": letter} if letter else None,
        **more,
    )


OFFICE = visit("sct:185349003", "2026-03-01")


def declined(resource: Resource, reason: str = "sct:183945002") -> Resource:
    """The same, not done for the reason."""
    kind = resource["resourceType"]
    if kind in ("ServiceRequest", "MedicationRequest"):
        return resource | {"doNotPerform": True, "reasonCode": [concept(reason)]}
    if kind == "Observation":
        extension = {
            "url": "http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-notDoneReason",
            "valueCodeableConcept": concept(reason),
        }
        return resource | {"status": "cancelled", "extension": [extension]}
    return resource | {"status": "not-done", "statusReason": concept(reason)}


def person(born: str | None = "1966-06-15", sex: str | None = "female", **more: Any) -> Resource:
    extensions = more.pop("extension", [])
    if sex:
        code = {"female": "248152002", "male": "248153007"}.get(sex)
        extensions = [*extensions, {"url": SEX, "valueCode": code}] if code else extensions
    return made("Patient", birthDate=born, gender=sex, extension=extensions or None, **more)


class Clinic:
    """A record that each case adds a patient to."""

    def __init__(self, repository: SQLiteRepository) -> None:
        self.repository = repository

    def add(self, *resources: Resource, patient: Resource | None = None) -> str:
        """Stores a patient with the resources; the patient's id."""
        number = next(_NUMBER)
        ident = f"p{number}"
        own = (patient or person()) | {"id": ident}
        kept = [own]
        for place, resource in enumerate(resources):
            who = (
                "patient" if resource["resourceType"] in ("Immunization", "AllergyIntolerance") else "subject"
            )
            if resource["resourceType"] == "Task":
                who = "for"
            kept.append({"id": f"r{number}-{place}", who: {"reference": f"Patient/{ident}"}} | resource)
        self.repository.write_many(kept)
        return ident

    def chart(self, ident: str, as_of: dt.date) -> Chart:
        return Charts().open(self.repository, ident, as_of)

    def read(self, ident: str, frame: Frame) -> Record:
        return read(self.chart(ident, frame.today), frame)

    def judge(
        self,
        rule: str,
        *resources: Resource,
        patient: Resource | None = None,
        as_of: str = AS_OF,
        strict: bool = False,
    ) -> Evaluated:
        ident = self.add(*resources, patient=patient)
        moment = dt.datetime.fromisoformat(as_of)
        if "T" not in as_of:
            moment = moment.replace(hour=18)
        frame = Frame(moment.replace(tzinfo=dt.UTC), strict)
        return judge(RULE[rule], View(self.read(ident, frame), frame))
