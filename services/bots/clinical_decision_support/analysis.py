"""The four analyses over one patient, from the record alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from services.bots.clinical_decision_support.critical.evaluate import by_concept, critical_flags
from services.bots.clinical_decision_support.diagnosis.evaluate import suggestions
from services.bots.clinical_decision_support.medicines import medicine_findings
from services.bots.clinical_decision_support.model import KINDS, Basis, Finding, Kind, ranked
from services.bots.clinical_decision_support.person import person_of
from services.bots.clinical_decision_support.preventive.evaluate import evaluate
from services.bots.clinical_decision_support.preventive.model import Evaluated
from services.chart.chart import Charts
from services.errors import Forbidden, Gone, NotFound, PatientNotFound
from services.fhir.repository import Repository
from services.knowledge.entries import named

UNJUDGED = 0.5
"""What a value that nobody could judge counts in the overall confidence."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """`rules` are all preventive rules with their status; `findings` the gravest first."""

    findings: tuple[Finding, ...]
    rules: tuple[Evaluated, ...]

    @property
    def confidence(self) -> float:
        """The mean of the findings' confidences; what could not be judged counts half; 1 where nothing was found."""
        each = [f.confidence if f.judged else UNJUDGED for f in self.findings]
        return round(sum(each) / len(each), 4) if each else 1.0


def analyse(
    repository: Repository,
    charts: Charts,
    patient_id: str,
    kinds: Collection[Kind] = KINDS,
    at: dt.datetime | None = None,
    moment: str | None = None,
) -> Analysis:
    """`at` is when "now" is (aware; default: now), `moment` the same as it was asked for (ISO), whose precision counts.

    Nothing is said of a patient who has died. Raises PatientNotFound; Forbidden for whoever sees a part of the record only:
    what is hidden would be missed, or be told by what is found.
    """
    if repository.view:
        raise Forbidden("Findings rest on the whole record, of which your access policy shows you a part only.")
    at = at or dt.datetime.now(dt.UTC)
    try:
        chart = charts.open(repository, patient_id, at.date(), moment)
    except (NotFound, Gone) as error:
        raise PatientNotFound(f"There is no patient with the id {patient_id}.") from error
    person = person_of(chart.patient.resource, chart.as_of)
    if person.deceased:
        return Analysis((), ())
    found: list[Finding] = []
    if "critical" in kinds:
        found += critical_flags(chart, person)
    if "interactions" in kinds:
        found += medicine_findings(chart, person, by_concept(chart))
    if "diagnosis" in kinds:
        found += suggestions(chart, person)
    rules = tuple(evaluate(chart, at)) if "preventive" in kinds else ()
    gaps = [rule for rule in rules if rule.status in ("due", "overdue") and not rule.summary]
    table = named("preventive") if gaps else ""
    found += [_gap(rule, table) for rule in gaps]
    return Analysis(tuple(ranked(found)), rules)


def _gap(rule: Evaluated, table: str) -> Finding:
    """What is due or overdue, as a finding."""
    return Finding(
        "preventive", f"preventive/{rule.rule}", rule.rule, "medium" if rule.status == "overdue" else "low",
        f"{rule.title}: {rule.status}", rule.reason, rule.recommendation,
        tuple(Basis(e.reference, e.version, e.date, " ".join(filter(None, (e.display or e.code, e.value)))) for e in rule.evidence),
        rule.rule, confidence=0.9 if rule.verified else 0.6,
        last=rule.last_performed.isoformat() if rule.last_performed else None,
        due=rule.due_date.isoformat() if rule.due_date else None, table=table,
    )  # fmt: skip
