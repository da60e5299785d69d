"""The fields of a command as a reviewer sees them: as they are in the record now, and as proposed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from services.commands.problem_list import matching
from services.commands.schemas import (
    AICommand,
    CreateEncounterNoteDraft,
    FlagAbnormalResult,
    ProposeProblemListUpdate,
    QueueReferralLetter,
    SuggestBillingCodes,
    SuggestMedicationChange,
    SummarizePatientHistory,
)
from services.fhir.repository import Repository, Resource
from services.index.text import values
from services.index.text.context import Context
from services.index.text.dosage import dosage_lines
from services.index.text.medications import medication
from services.runtime.system import system

Widget = Literal["text", "area", "choice", "number", "codes", "none"]


@dataclass(frozen=True, slots=True)
class Field:
    """`name` is where it stands in the command ("dose.value"); `current` what the record holds of it; `choices` of a
    choice."""

    name: str
    label: str
    current: str
    proposed: str
    widget: Widget = "none"
    choices: tuple[str, ...] = ()


def fields_of(repository: Repository, command: AICommand) -> tuple[Field, ...]:
    """What would be written, field by field, beside what the record holds of it."""
    match command:
        case FlagAbnormalResult():
            held = repository.find(f"Observation/{command.observation_id}")
            flags = repository.search(
                "Flag", [("patient", f"Patient/{command.patient_id}"), ("_count", "50")]
            ).matches
            current = [
                values.concept(f.resource.get("code"))
                for f in flags
                if f.resource.get("status") == "active"
                and held
                and held.reference in (f.body or b"").decode()
            ]
            return (
                Field(
                    "severity",
                    "Severity",
                    "",
                    command.severity,
                    "choice",
                    ("low", "medium", "high", "critical"),
                ),
                Field("interpretation", "Flag", "; ".join(current), command.interpretation, "area"),
            )
        case CreateEncounterNoteDraft():
            return (
                Field(
                    "noteType",
                    "Type",
                    "",
                    command.note_type,
                    "choice",
                    ("progress", "discharge", "consultation"),
                ),
                Field("content", "Note", "", command.content, "area"),
            )
        case ProposeProblemListUpdate():
            return _problem(repository, command)
        case SuggestBillingCodes():
            public = [line for line in command.services or () if line.system == "HCPCS"]
            codes = "\n".join(f"{c.system} {c.code}  {c.display}" for c in (*command.suggested_codes, *public))
            return (Field("suggestedCodes", "Codes", "", codes, "codes"), *_billed(command))
        case QueueReferralLetter():
            return (
                Field("specialty", "To", "", command.specialty, "text"),
                Field(
                    "urgency", "Urgency", "", command.urgency, "choice", ("routine", "urgent", "asap", "stat")
                ),
                Field("reason", "Question", "", command.reason, "area"),
                Field("content", "Letter", "", command.content, "area"),
            )
        case SuggestMedicationChange():
            return _medication(repository, command)
        case SummarizePatientHistory():
            return (Field("summary", "Summary", "", command.summary, "area"),)


def _billed(command: SuggestBillingCodes) -> tuple[Field, ...]:
    """The lines of the claim; where a person chose the codes, what differs from the bot's and what the checks said."""
    lines = "\n".join(
        f"{'-'.join((line.code, *line.modifiers))} × {line.units}, for {', '.join(line.diagnoses) or 'no diagnosis'}"
        for line in command.lines()
    )
    before = {c.code for c in command.bot_suggested or ()}
    now = {c.code for c in command.suggested_codes} | {line.code for line in command.services or ()}
    differs = [f"added {c}" for c in sorted(now - before)] + [f"left out {c}" for c in sorted(before - now)]
    fields = [Field("services", "Lines", "", lines)] if command.services else []
    if before:
        fields.append(Field("botSuggested", "Against the bot's", "", "; ".join(differs) or "the same codes"))
    if command.remarks:
        fields.append(Field("remarks", "Checks", "", "\n".join(command.remarks)))
    return tuple(fields)


def _problem(repository: Repository, command: ProposeProblemListUpdate) -> tuple[Field, ...]:
    parts = system()
    chart = parts.charts.open(repository, command.patient_id, parts.desk.clock().date())
    listed = matching(chart, command.condition)
    now = listed[0] if listed else None
    told = f"{now.name} ({command.condition.code})" if now else ""
    after = {"add": "active", "resolve": "resolved", "update": now.status if now else ""}[command.action]
    return (
        Field("condition", "Problem", told, f"{command.condition.display} ({command.condition.code})"),
        Field("clinicalStatus", "Status", now.status if now else "", command.clinical_status or after, "choice",
              ("active", "recurrence", "relapse", "inactive", "remission", "resolved")),
        Field("reasoning", "Reasoning", "", command.reasoning or "", "area"),
    )  # fmt: skip


def _medication(repository: Repository, command: SuggestMedicationChange) -> tuple[Field, ...]:
    name, dosage = "", ""
    if command.medication_request_id:
        held = repository.find(f"MedicationRequest/{command.medication_request_id}")
        if held:

            def resolve(reference: str) -> Resource | None:
                found = repository.find(reference)
                return found.resource if found else None

            name = medication(held.resource, Context(held.resource, resolve))[0]
            dosage = "; ".join(dosage_lines(held.resource.get("dosageInstruction"), name))
    dose = command.dose
    fields = [
        Field("action", "Change", "", command.action),
        Field("medication.display", "Medication", name, command.medication.display),
    ]
    if dose:
        fields += [
            Field("dose.value", f"Dose ({dose.unit})", "", f"{dose.value:g}", "number"),
            Field(
                "dose.timesPerDay",
                "Times a day",
                "",
                f"{dose.times_per_day:g}" if dose.times_per_day else "",
                "number",
            ),
        ]
    fields += [
        Field("dosage", "Dosage", dosage, command.dosage or "", "text"),
        Field("route", "Route", "", command.route or "", "text"),
        Field("reasoning", "Reasoning", "", command.reasoning or "", "area"),
    ]
    return tuple(f for f in fields if f.current or f.proposed or f.name == "dosage")
