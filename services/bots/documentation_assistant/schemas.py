"""The Documentation Assistant bot's input and output (contract: Documentation Assistant Bot)."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

from services.bots.context import Message, Moment
from services.chart.entry import days

DocumentationType = Literal["progress", "discharge", "consultation", "referral", "history_physical"]
Format = Literal["soap", "narrative"]
Id = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Words = Annotated[str, StringConstraints(max_length=20_000)]


class ClinicianInput(Message):
    """What the clinician wrote or dictated; it stands in the note as it is given."""

    chief_complaint: Words | None = None
    physical_exam: Words | None = None
    assessment: Words | None = None
    plan: Words | None = None


class ReferralDetails(Message):
    specialty: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    urgency: Literal["routine", "urgent", "stat"]


class Turn(Message):
    """One turn of a conversation. `speaker` is a role ("patient", "doctor", "mother") or a name with one."""

    speaker: Annotated[str, StringConstraints(max_length=100)] = ""
    text: Words


class DocAssistantInput(Message):
    patient_id: Id
    encounter_id: Id
    documentation_type: DocumentationType
    format: Format | None = None
    save_draft: bool = False
    clinician_input: ClinicianInput = Field(default_factory=ClinicianInput)
    include_medications: bool = True
    include_vitals: bool = True
    include_lab_results: bool = True
    referral_details: ReferralDetails | None = None
    # Beyond the contract:
    as_of: Moment | None = None
    """Nothing dated after this is used. Default: now."""
    generate: bool = True
    """False: no model words anything, also where one is configured."""
    transcript: Annotated[str, StringConstraints(max_length=200_000)] | list[Turn] | None = None

    @field_validator("patient_id")
    @classmethod
    def _bare_patient(cls, value: str) -> str:
        return value.removeprefix("Patient/")

    @field_validator("encounter_id")
    @classmethod
    def _bare_encounter(cls, value: str) -> str:
        return value.removeprefix("Encounter/")

    def as_of_day(self) -> dt.date:
        covered = days(self.as_of)
        return covered[1] if covered else dt.datetime.now(dt.UTC).date()


class Sections(Message):
    subjective: str | None = None
    objective: str | None = None
    assessment: str | None = None
    plan: str | None = None


class SourceRef(Message):
    reference: str
    """A resource of the record, or "transcript/3": a turn of the transcript that was given."""
    version: str


class NoteSentence(Message):
    section: str
    text: str
    sources: list[SourceRef]
    own: bool
    """The clinician's own words."""
    unsupported: list[str] | None = None
    """Of the clinician's own words: what the record does not bear out."""


class DocAssistantOutput(Message):
    success: bool
    document_type: str
    content: str
    sections: Sections | None = None
    draft_id: str | None = None
    confidence: float
    warnings: list[str] | None = None
    context_sources_used: list[str]
    medications_included: bool | None = None
    message: str | None = None
    # Beyond the contract:
    sentences: list[NoteSentence]
    model_used: str | None = None
