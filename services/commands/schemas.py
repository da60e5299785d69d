"""The seven commands of the contract (Command Processor Bot), strict: nothing unknown, nothing of a wrong type."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import uuid
from typing import Annotated, Any, ClassVar, Literal, get_args

import orjson
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    field_validator,
)
from pydantic.alias_generators import to_camel

from services.errors import InvalidInput
from services.fhir.definitions import ID_PATTERN, resource_types, split_reference
from services.fhir.indexing import date_range
from services.knowledge.codes import snomed_valid

MOST_TEXT = 100_000
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
NDC = "http://hl7.org/fhir/sid/ndc"
ATC = "http://www.whocc.no/atc"
_ICD10 = re.compile(r"[A-TV-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?")
_CPT = re.compile(r"\d{4}[0-9A-Z]")
_HCPCS = re.compile(r"[A-Z]\d{4}")
_DIGITS = re.compile(r"\d{1,12}", re.ASCII)


def _bare(resource_type: str) -> BeforeValidator:
    """An id may come as a reference of its type."""
    return BeforeValidator(lambda v: v.removeprefix(f"{resource_type}/") if isinstance(v, str) else v)


def _is_id(value: str) -> str:
    if not ID_PATTERN.match(value):
        raise ValueError("must be the id of a resource: up to 64 letters, digits, '-' and '.'")
    return value


def _said(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value


def _moment(value: str) -> str:
    if date_range(value) is None:
        raise ValueError("must be an ISO date or time such as 2026-03-05T09:30:00Z")
    return value


Id = Annotated[str, AfterValidator(_is_id)]
PatientId = Annotated[str, _bare("Patient"), AfterValidator(_is_id)]
ObservationId = Annotated[str, _bare("Observation"), AfterValidator(_is_id)]
EncounterId = Annotated[str, _bare("Encounter"), AfterValidator(_is_id)]
OrderId = Annotated[str, _bare("MedicationRequest"), AfterValidator(_is_id)]
Moment = Annotated[str, AfterValidator(_moment)]
Line = Annotated[str, StringConstraints(max_length=500), AfterValidator(_said)]
Text = Annotated[str, StringConstraints(max_length=MOST_TEXT), AfterValidator(_said)]
Confidence = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Part(BaseModel):
    """camelCase outside, snake_case inside; unknown fields and wrong types are refused."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", strict=True, frozen=True)

    def wire(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class Evidence(Part):
    """What a command rests on: a resource, the version that was read, and the words in it."""

    reference: str
    version: str | None = None
    text: Annotated[str, StringConstraints(max_length=2000)] | None = None

    @field_validator("reference")
    @classmethod
    def _is_reference(cls, value: str) -> str:
        target = split_reference(value)
        if target is None or "/".join(target) != value or target[0] not in resource_types():
            raise ValueError("must be a reference such as Observation/123")
        return value


class _Coded(Part):
    code: str
    system: str
    display: Line

    def coding(self) -> dict[str, str]:
        return {"system": self.system, "code": self.code, "display": self.display}


class ConditionCode(_Coded):
    """A diagnosis in ICD-10-CM or SNOMED CT."""

    @field_validator("system")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in (ICD10, SNOMED):
            raise ValueError(f"is not a code system for problems here: {ICD10} or {SNOMED}")
        return value

    def model_post_init(self, _context: Any) -> None:
        right = _ICD10.fullmatch(self.code) if self.system == ICD10 else snomed_valid(self.code)
        if not right:
            raise ValueError(f"'{self.code}' is not a code of {self.system}")


class MedicationCode(Part):
    """A drug by name, and by code where one is known."""

    display: Line
    code: str | None = None
    system: Literal["http://www.nlm.nih.gov/research/umls/rxnorm", "http://hl7.org/fhir/sid/ndc",
                    "http://snomed.info/sct", "http://www.whocc.no/atc"] | None = None  # fmt: skip

    def model_post_init(self, _context: Any) -> None:
        if (self.code is None) != (self.system is None):
            raise ValueError("code and system belong together")
        if self.code is not None and (
            (self.system == RXNORM and not _DIGITS.fullmatch(self.code))
            or (self.system == SNOMED and not snomed_valid(self.code))
            or not self.code.strip()
        ):
            raise ValueError(f"'{self.code}' is not a code of {self.system}")

    def codings(self) -> list[dict[str, str]]:
        if self.code is None or self.system is None:
            return []
        return [{"system": self.system, "code": self.code, "display": self.display}]


class Dose(Part):
    """How much is taken at a time, and how often. `unit` is UCUM."""

    value: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    unit: Annotated[str, StringConstraints(max_length=40), AfterValidator(_said)]
    times_per_day: Annotated[float, Field(gt=0, le=96, allow_inf_nan=False)] | None = None


class BillingCode(Part):
    code: str
    system: Literal["CPT", "ICD-10-CM"]
    display: Line
    confidence: Confidence

    def model_post_init(self, _context: Any) -> None:
        if not (_CPT if self.system == "CPT" else _ICD10).fullmatch(self.code):
            raise ValueError(f"'{self.code}' is not a {self.system} code")


class BilledService(Part):
    """A line of the claim: a service with its modifiers, and the diagnoses (ICD-10-CM codes) that it points to."""

    code: str
    system: Literal["CPT", "HCPCS"]
    display: Line
    units: Annotated[int, Field(ge=1, le=999)] = 1
    modifiers: Annotated[
        list[Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{2}$")]], Field(max_length=4)
    ] = []
    diagnoses: Annotated[
        list[Annotated[str, StringConstraints(pattern=f"^{_ICD10.pattern}$")]], Field(max_length=12)
    ] = []

    def model_post_init(self, _context: Any) -> None:
        if not (_CPT if self.system == "CPT" else _HCPCS).fullmatch(self.code):
            raise ValueError(f"'{self.code}' is not a {self.system} code")


class BotCode(Part):
    """What the bot had suggested before a person chose."""

    code: str
    system: Literal["CPT", "HCPCS", "ICD-10-CM"]
    confidence: Confidence
    modifiers: list[str] = []
    units: int = 1


class CommandBase(Part):
    """What every command has. Beyond the contract: an id under which it is done once however often it is sent, the
    evidence, and the hash of the prompt that a model was given."""

    patient_id: PatientId
    confidence: Confidence
    requires_approval: bool
    ai_model: Annotated[str, StringConstraints(max_length=200), AfterValidator(_said)]
    created_at: Moment | None = None
    command_id: Id = Field(default_factory=lambda: str(uuid.uuid4()))
    evidence: Annotated[list[Evidence], Field(max_length=100)] = []
    prompt_hash: Hash | None = None

    REFERENCES: ClassVar[dict[str, str]] = {}
    """Fields that hold the id of a resource of the patient, and its type."""
    TEXTS: ClassVar[tuple[str, ...]] = ()
    """Fields of free text, as a person reads them."""

    @property
    def kind(self) -> str:
        return type(self).__name__

    def content_hash(self) -> str:
        """SHA-256 of all that would be decided on: everything but the id and the time of making."""
        content = {k: v for k, v in self.wire().items() if k not in ("commandId", "createdAt")}
        return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()

    def named(self) -> dict[str, str]:
        """The references that its fields name: field → Type/id."""
        values = {field: getattr(self, field) for field in self.REFERENCES}
        return {to_camel(f): f"{self.REFERENCES[f]}/{v}" for f, v in values.items() if v}

    def texts(self) -> dict[str, str]:
        """Its free text by field."""
        return {to_camel(f): value for f in self.TEXTS if (value := getattr(self, f))}


class FlagAbnormalResult(CommandBase):
    REFERENCES = {"observation_id": "Observation"}
    TEXTS = ("interpretation",)
    command: Literal["FlagAbnormalResult"]
    observation_id: ObservationId
    severity: Literal["low", "medium", "high", "critical"]
    interpretation: Text


class CreateEncounterNoteDraft(CommandBase):
    REFERENCES = {"encounter_id": "Encounter"}
    TEXTS = ("content",)
    command: Literal["CreateEncounterNoteDraft"]
    encounter_id: EncounterId
    note_type: Literal["progress", "discharge", "consultation"]
    content: Text


class ProposeProblemListUpdate(CommandBase):
    TEXTS = ("reasoning",)
    command: Literal["ProposeProblemListUpdate"]
    action: Literal["add", "resolve", "update"]
    condition: ConditionCode
    clinical_status: (
        Literal["active", "recurrence", "relapse", "inactive", "remission", "resolved"] | None
    ) = None
    reasoning: Text | None = None


class SuggestBillingCodes(CommandBase):
    """Beyond the contract: `services`, the lines of the claim where they say more than their code (HCPCS codes stand in
    them alone; a CPT line counts while its code is among `suggestedCodes`); where a person chose the codes, `botSuggested`,
    what the bot had suggested, and `remarks`, what the checks said of the set and the person let stand."""

    REFERENCES = {"encounter_id": "Encounter"}
    command: Literal["SuggestBillingCodes"]
    encounter_id: EncounterId
    suggested_codes: Annotated[list[BillingCode], Field(min_length=1, max_length=50)]
    services: Annotated[list[BilledService], Field(max_length=50)] | None = None
    bot_suggested: Annotated[list[BotCode], Field(max_length=100)] | None = None
    remarks: Annotated[list[Line], Field(max_length=100)] | None = None

    def lines(self) -> list[BilledService]:
        """The services as they would be billed, without those whose code was taken out; pointers to diagnoses that are
        there. A service that nothing more is said of points to all diagnoses."""
        listed = [c.code for c in self.suggested_codes if c.system == "ICD-10-CM"]
        kept = {c.code: c.display for c in self.suggested_codes if c.system == "CPT"}
        told = [
            line.model_copy(update={"diagnoses": [d for d in line.diagnoses if d in listed]})
            for line in self.services or []
            if line.system == "HCPCS" or line.code in kept
        ]
        known = {line.code for line in told}
        return told + [
            BilledService(code=code, system="CPT", display=display, diagnoses=listed[:12])
            for code, display in kept.items()
            if code not in known
        ]


class QueueReferralLetter(CommandBase):
    """`recipient`: a reference to whom it goes, where that is known."""

    REFERENCES = {"encounter_id": "Encounter"}
    TEXTS = ("reason", "content")
    command: Literal["QueueReferralLetter"]
    specialty: Line
    reason: Text
    content: Text
    urgency: Literal["routine", "urgent", "asap", "stat"] = "routine"
    encounter_id: EncounterId | None = None
    recipient: Line | None = None

    @field_validator("recipient")
    @classmethod
    def _someone(cls, value: str | None) -> str | None:
        target = split_reference(value) if value else None
        if value and (
            target is None or target[0] not in ("Practitioner", "PractitionerRole", "Organization")
        ):
            raise ValueError("must be a reference to a Practitioner, PractitionerRole or Organization")
        return value


class SuggestMedicationChange(CommandBase):
    """`dose` is what would be taken from now on; `dosage` the same in words. `medicationRequestId`: the order that would
    be changed or stopped."""

    REFERENCES = {"medication_request_id": "MedicationRequest", "encounter_id": "Encounter"}
    TEXTS = ("dosage", "reasoning")
    command: Literal["SuggestMedicationChange"]
    action: Literal["start", "stop", "increase", "decrease", "change"]
    medication: MedicationCode
    medication_request_id: OrderId | None = None
    encounter_id: EncounterId | None = None
    dose: Dose | None = None
    dosage: Line | None = None
    route: Annotated[str, StringConstraints(max_length=100), AfterValidator(_said)] | None = None
    reasoning: Text | None = None


class SummarizePatientHistory(CommandBase):
    REFERENCES = {"encounter_id": "Encounter"}
    TEXTS = ("summary",)
    command: Literal["SummarizePatientHistory"]
    summary: Text
    encounter_id: EncounterId | None = None


AICommand = (
    FlagAbnormalResult
    | CreateEncounterNoteDraft
    | ProposeProblemListUpdate
    | SuggestBillingCodes
    | QueueReferralLetter
    | SuggestMedicationChange
    | SummarizePatientHistory
)
TYPES: tuple[str, ...] = tuple(kind.__name__ for kind in get_args(AICommand))
_READER: TypeAdapter[AICommand] = TypeAdapter(Annotated[AICommand, Field(discriminator="command")])


def read_command(value: object) -> AICommand:
    """The command in a JSON value. Raises InvalidInput that names each wrong field (`details`: field, problem)."""
    if not isinstance(value, dict):
        raise InvalidInput(
            "A command is a JSON object.", details=[{"field": "command", "problem": "missing"}]
        )
    if value.get("command") not in TYPES:
        problem = f"must be one of {', '.join(TYPES)}"
        raise InvalidInput(f"command: {problem}", details=[{"field": "command", "problem": problem}])
    try:
        orjson.dumps(value)
    except (TypeError, ValueError) as error:  # lone surrogates, numbers beyond 64 bits
        problem = f"can't be written as JSON: {error}"
        raise InvalidInput(
            f"command: {problem}", details=[{"field": "command", "problem": problem}]
        ) from error
    try:
        return _READER.validate_python(value)
    except ValidationError as error:
        details = [
            {
                "field": ".".join(map(str, p["loc"][1:])) or "command",
                "problem": p["msg"].removeprefix("Value error, "),
            }
            for p in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        first = details[0]
        raise InvalidInput(f"{first['field']}: {first['problem']}", details=details) from error


def now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
