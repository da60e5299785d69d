"""The Billing Code Suggester bot's input and output (contract: Billing Code Suggester Bot)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, StrictBool, field_validator
from pydantic.alias_generators import to_camel

from services.bots.context import Message
from services.fhir.definitions import ID_PATTERN
from services.fhir.indexing import date_range


def _bare(kind: str) -> BeforeValidator:
    return BeforeValidator(lambda v: v.removeprefix(f"{kind}/") if isinstance(v, str) else v)


Confidence = Annotated[float, Field(ge=0, le=1, strict=True, allow_inf_nan=False)]


class BillingInput(Message):
    """Unknown fields and wrong types are refused. What costs nothing is checked unless it is switched off; history and a
    command are given when they are asked for. `asOf`, beyond the contract: nothing recorded after that day is used."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=False, extra="forbid")

    patient_id: Annotated[str, _bare("Patient")]
    encounter_id: Annotated[str, _bare("Encounter")]
    generate_command: StrictBool = False
    validate_codes: StrictBool = True
    include_modifiers: StrictBool = True
    check_bundling: StrictBool = True
    check_documentation: StrictBool = True
    include_historical_analysis: StrictBool = False
    min_confidence: Confidence = 0.5
    as_of: str | None = None

    @field_validator("patient_id", "encounter_id")
    @classmethod
    def _is_id(cls, value: str) -> str:
        if not ID_PATTERN.match(value):
            raise ValueError("must be the id of a resource: up to 64 letters, digits, '-' and '.'")
        return value

    @field_validator("as_of")
    @classmethod
    def _is_day(cls, value: str | None) -> str | None:
        if value is not None and date_range(value) is None:
            raise ValueError("must be an ISO date such as 2026-03-05")
        return value


class Evidence(Message):
    """A resource at the version that was read, and its words."""

    reference: str
    version: str
    text: str
    date: str | None = None


class CPTSuggestion(Message):
    """`display` is in our own words: CPT's descriptors are the AMA's. `units` and `evidence` are beyond the contract."""

    code: str
    display: str
    confidence: float
    rationale: str
    supporting_diagnoses: list[str]
    units: int = 1
    system: str = "CPT"
    evidence: list[Evidence]


class ICD10Suggestion(Message):
    code: str
    display: str
    confidence: float
    is_primary: bool
    supporting_documentation: str | None = None
    evidence: list[Evidence]


class Modifier(Message):
    modifier: str
    code: str
    reason: str
    rule: str


class BundlingAlert(Message):
    codes: list[str]
    message: str
    resolution: str
    source: str


class DocumentationGap(Message):
    issue: str
    required_for: str
    suggestion: str


class Element(Message):
    level: str
    reasons: list[str]
    evidence: list[Evidence]


class VisitLevel(Message):
    """Beyond the contract: how the visit's level came about. `level` is that of the code; the two ways stand beside it."""

    code: str
    level: str
    by_decision_making: str
    by_time: str | None = None
    minutes: int | None = None
    problems: Element
    data: Element
    risk: Element


class ClaimedBefore(Message):
    code: str | None = None
    reference: str
    version: str
    date: str | None = None


class NotAddressed(Message):
    code: str
    display: str
    reference: str
    version: str
    last_addressed: str | None = None


class HistoricalAnalysis(Message):
    """Claims of the last three years; `usualLevel` is the commonest level of office visits among them."""

    claims_reviewed: int
    usual_level: str | None = None
    out_of_pattern: str | None = None
    duplicates: list[ClaimedBefore]
    chronic_conditions_not_addressed: list[NotAddressed]


class BillingOutput(Message):
    """Beyond the contract: `visitLevel`, and `commandResult`, what the Command Processor answered to `command`."""

    success: bool
    cpt_codes: list[CPTSuggestion]
    icd10_codes: list[ICD10Suggestion]
    modifiers: list[Modifier] | None = None
    command: dict[str, Any] | None = None
    command_result: dict[str, Any] | None = None
    codes_validated: bool | None = None
    bundling_alerts: list[BundlingAlert] | None = None
    documentation_gaps: list[DocumentationGap] | None = None
    historical_analysis: HistoricalAnalysis | None = None
    medical_necessity_warnings: list[str] | None = None
    warnings: list[str] | None = None
    visit_level: VisitLevel | None = None
    message: str | None = None
