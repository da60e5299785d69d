"""Clinical Decision Support bot: by `$execute`, by a subscription's resource, and what the findings page calls."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from services.bots.clinical_decision_support.analysis import Analysis, analyse
from services.bots.clinical_decision_support.model import Basis, Finding
from services.bots.clinical_decision_support.model_part import Told, arranged, ask
from services.bots.clinical_decision_support.preventive.evaluate import gaps
from services.bots.clinical_decision_support.preventive.model import Evaluated
from services.bots.clinical_decision_support.proposing import commands
from services.bots.clinical_decision_support.schemas import (
    CDSInput,
    CDSOutput,
    Cited,
    Coded,
    CriticalFlag,
    DiagnosisSuggestion,
    MedicationInteraction,
    ModelDiagnosis,
    ModelPart,
    ModelSentence,
    RuleStatus,
)
from services.bots.context import Context, read_input
from services.commands.processor import process
from services.errors import FabricError, InvalidInput
from services.fhir.indexing import index_rows


def handle(context: Context, value: Any) -> CDSOutput:
    """Raises InvalidInput that names the field, PatientNotFound. A FHIR resource is analysed for its patient."""
    asked = read_input(
        CDSInput, _of_resource(value) if isinstance(value, dict) and "resourceType" in value else value
    )
    kinds = asked.kinds()
    at = asked.moment()
    found = analyse(context.repository, context.charts, asked.patient_id, kinds, at, asked.as_of)
    told = None
    if asked.generate:
        chart = context.charts.open(context.repository, asked.patient_id, at.date(), asked.as_of)
        told = ask(context, chart, found.findings)
        found = dataclasses.replace(found, findings=tuple(arranged(found.findings, told.order)))
    output = _told(found, kinds)
    if told:
        _add(output, told)
    if asked.generate_commands:
        output.commands = list(commands(found.findings, asked.patient_id))
        output.command_results = [_proposed(context, command) for command in output.commands]
    return output


def _of_resource(resource: dict[str, Any]) -> dict[str, Any]:
    """What a subscription sends: all analyses for the patient of the resource."""
    patients = sorted(index_rows(resource).patients)
    if len(patients) != 1:
        raise InvalidInput("The resource is of no one patient, so there is nobody to analyse.")
    return {"patientId": patients[0], "analysisTypes": ["all"]}


def _proposed(context: Context, command: dict[str, Any]) -> dict[str, Any]:
    """What the processor answers; a refusal is an answer as well."""
    try:
        return process(context.desk, command, context.principal, context.repository)
    except FabricError as error:
        return error.response()


def _add(output: CDSOutput, told: Told) -> None:
    """What a model said, beside what was computed."""
    for finding in (
        *(output.critical_flags or ()), *(output.medication_interactions or ()), *(output.diagnosis_suggestions or ())
    ):  # fmt: skip
        if said := told.reasons.get(finding.key):
            finding.model_reasoning = [ModelSentence(text=s.text, evidence=_cited(s.evidence)) for s in said]
    output.model = ModelPart(
        used=told.model or None,
        trouble=told.trouble or None,
        refused=told.refused or None,
        differential=[
            ModelDiagnosis(
                condition=Coded(code=p.code, display=p.display), reasoning=p.said.text, evidence=_cited(p.said.evidence)
            )
            for p in told.differential
        ]
        or None,
    )


def _told(found: Analysis, kinds: Sequence[str]) -> CDSOutput:
    by_kind: dict[str, list[Finding]] = {k: [f for f in found.findings if f.kind == k] for k in kinds}
    return CDSOutput(
        success=True,
        diagnosis_suggestions=[_diagnosis(f) for f in by_kind["diagnosis"]] if "diagnosis" in kinds else None,
        medication_interactions=[_interaction(f) for f in by_kind["interactions"]]
        if "interactions" in kinds
        else None,
        preventive_care_gaps=gaps(found.rules) if "preventive" in kinds else None,
        critical_flags=[_critical(f) for f in by_kind["critical"]] if "critical" in kinds else None,
        preventive_rules=[_rule(r) for r in found.rules] if "preventive" in kinds else None,
        overall_confidence=found.confidence,
    )


def _base(finding: Finding) -> dict[str, Any]:
    return {
        "key": finding.key,
        "rule": finding.rule,
        "source": finding.source,
        "table": finding.table or None,
        "evidence": _cited(finding.evidence),
    }


def _cited(evidence: Sequence[Basis]) -> list[Cited]:
    return [Cited(reference=e.reference, version=e.version, date=e.date, text=e.text) for e in evidence]


def _lines(evidence: Sequence[Basis]) -> list[str]:
    return [f"{e.text}{f' ({e.date[:10]})' if e.date else ''} [{e.reference}]" for e in evidence]


def _diagnosis(f: Finding) -> DiagnosisSuggestion:
    return DiagnosisSuggestion(
        **_base(f), condition=Coded(code=f.code, display=f.display), confidence=f.confidence, reasoning=f.reason,
        supporting_evidence=_lines(f.evidence), opposing_evidence=_lines(f.against), recommendation=f.recommendation,
    )  # fmt: skip


def _interaction(f: Finding) -> MedicationInteraction:
    return MedicationInteraction.model_validate(
        {**_base(f), "medications": list(f.medications), "severity": f.grade, "description": f"{f.title}: {f.reason}",
         "recommendation": f.recommendation}
    )  # fmt: skip


def _critical(f: Finding) -> CriticalFlag:
    return CriticalFlag(
        **_base(f), finding=f"{f.title}. {f.reason}", severity=f.severity, source_reference=f.evidence[0].reference,
        recommendation=f.recommendation, judged=f.judged,
    )  # fmt: skip


def _rule(rule: Evaluated) -> RuleStatus:
    cited = [
        Cited(
            reference=e.reference,
            version=e.version,
            date=e.date,
            text=" ".join(filter(None, (e.display or e.code, e.value))),
        )
        for e in rule.evidence
    ]
    return RuleStatus(
        rule=rule.rule, title=rule.title, status=rule.status, reason=rule.reason, evidence=cited,
        due_date=rule.due_date.isoformat() if rule.due_date else None,
        reopens=rule.reopens.isoformat() if rule.reopens else None,
    )  # fmt: skip
