"""The Clinical Decision Support bot's input and output (contract: Clinical Decision Support Bot)."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import Field

from services.bots.clinical_decision_support.model import KINDS, Kind
from services.bots.clinical_decision_support.preventive.model import PreventiveCareGap
from services.bots.context import Message, Moment, PatientId
from services.fhir.indexing import date_range


class CDSInput(Message):
    """`asOf`, beyond the contract: nothing recorded after it is used, and ages and due dates are reckoned from it."""

    patient_id: PatientId
    analysis_types: list[Literal["diagnosis", "interactions", "preventive", "critical", "all"]] = Field(
        min_length=1
    )
    generate_commands: bool = False
    generate: bool = False
    """Whether a chat model, where one is configured, may comment on the findings."""
    as_of: Moment | None = None

    def kinds(self) -> tuple[Kind, ...]:
        return KINDS if "all" in self.analysis_types else tuple(k for k in KINDS if k in self.analysis_types)

    def moment(self) -> dt.datetime:
        """The last instant that `asOf` covers; now where it is not given."""
        covered = date_range(self.as_of)
        return dt.datetime.fromtimestamp(covered[1] - 1, dt.UTC) if covered else dt.datetime.now(dt.UTC)


class Cited(Message):
    """A resource that a finding rests on, with what it says."""

    reference: str
    version: str
    date: str | None = None
    text: str = ""


class ModelSentence(Message):
    """What a model said, and what of the record bears it out."""

    origin: Literal["model"] = "model"
    text: str
    evidence: list[Cited]


class _Finding(Message):
    """What every finding has beyond the contract. `key` is the same for the same finding as long as the patient has it;
    `table` names the table of knowledge and its version, where one was asked."""

    key: str
    rule: str
    source: str
    table: str | None = None
    evidence: list[Cited]
    model_reasoning: list[ModelSentence] | None = None


class Coded(Message):
    code: str
    display: str


class DiagnosisSuggestion(_Finding):
    condition: Coded
    confidence: float
    reasoning: str
    supporting_evidence: list[str]
    opposing_evidence: list[str]
    recommendation: str


class MedicationInteraction(_Finding):
    medications: list[str]
    severity: Literal["minor", "moderate", "major", "contraindicated"]
    description: str
    recommendation: str


class CriticalFlag(_Finding):
    finding: str
    severity: Literal["low", "medium", "high", "critical"]
    source_reference: str
    recommendation: str
    judged: bool = True


class RuleStatus(Message):
    """A preventive rule that was evaluated, whatever came of it."""

    rule: str
    title: str
    status: str
    reason: str
    due_date: str | None = None
    reopens: str | None = None
    evidence: list[Cited]


class ModelDiagnosis(Message):
    """A diagnosis that a model thinks of: nothing that was computed speaks for it, and it is never proposed."""

    origin: Literal["model"] = "model"
    condition: Coded
    reasoning: str
    evidence: list[Cited]


class ModelPart(Message):
    """What came of asking a model. `trouble`: why there is nothing of it; `refused`: what was left out, and why."""

    used: str | None = None
    trouble: str | None = None
    refused: list[str] | None = None
    differential: list[ModelDiagnosis] | None = None


class CDSOutput(Message):
    """Beyond the contract: `preventiveRules`, every rule with its status; `commandResults`, what the Command Processor
    answered to each of `commands`; `model`, where `generate` asked for one."""

    success: bool
    diagnosis_suggestions: list[DiagnosisSuggestion] | None = None
    medication_interactions: list[MedicationInteraction] | None = None
    preventive_care_gaps: list[PreventiveCareGap] | None = None
    critical_flags: list[CriticalFlag] | None = None
    preventive_rules: list[RuleStatus] | None = None
    commands: list[dict[str, Any]] | None = None
    command_results: list[dict[str, Any]] | None = None
    overall_confidence: float
    model: ModelPart | None = None
    message: str | None = None
