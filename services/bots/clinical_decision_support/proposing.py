"""Findings as commands: a flag for a critical result, a problem for a diagnosis, a stop for a drug that does not fit the patient."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from services.bots.clinical_decision_support.model import Basis, Finding

MODEL = "clinical-decision-support"
_NAMESPACE = uuid.UUID("1f1d5a52-7d0e-5a5c-8b57-2f5a8d8f6a10")
_GRAVE = frozenset(["contraindicated", "major"])
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"


def commands(findings: Iterable[Finding], patient_id: str) -> Iterator[dict[str, Any]]:
    """The commands of those findings that call for one. The id is the finding's and its evidence's, so that it is
    proposed once until the evidence changes."""
    for finding in findings:
        content = _content(finding)
        if content:
            yield {
                "patientId": patient_id,
                "commandId": str(uuid.uuid5(_NAMESPACE, f"{patient_id}/{finding.key}/{finding.state}")),
                "confidence": finding.confidence,
                "requiresApproval": finding.kind != "critical",
                "aiModel": MODEL,
                "evidence": [{"reference": e.reference, "version": e.version} for e in finding.evidence],
                **content,
            }


def _content(finding: Finding) -> dict[str, Any] | None:
    first = finding.evidence[0] if finding.evidence else None
    if first is None or not finding.judged:
        return None
    kind, _, resource_id = first.reference.partition("/")
    if finding.kind == "critical" and kind == "Observation":
        return {"command": "FlagAbnormalResult", "observationId": resource_id, "severity": finding.severity,
                "interpretation": f"{finding.title}. {finding.reason}"}  # fmt: skip
    if finding.kind == "diagnosis" and finding.code:
        return {"command": "ProposeProblemListUpdate", "action": "add", "reasoning": _facts(finding),
                "condition": {"code": finding.code, "system": ICD10, "display": finding.display}}  # fmt: skip
    if finding.kind == "interactions" and finding.grade in _GRAVE and len(finding.medications) == 1:
        return _stop(finding, first)
    return None  # of two drugs that don't go together, a person says which


def _facts(finding: Finding) -> str:
    """What is said of the patient. The criterion's own numbers are no statement about them, and whoever approves would be
    told that the evidence doesn't bear them out."""
    return finding.reason.partition(" Criterion: ")[0]


def _stop(finding: Finding, order: Basis) -> dict[str, Any] | None:
    kind, _, order_id = order.reference.partition("/")
    if kind != "MedicationRequest":
        return None
    return {"command": "SuggestMedicationChange", "action": "stop", "medication": {"display": finding.medications[0]},
            "medicationRequestId": order_id, "reasoning": f"{finding.title}: {finding.reason}"}  # fmt: skip
