"""One proposal for review: each field as it is now, as proposed and as edited; what speaks for it; what rules said."""

from __future__ import annotations

import contextlib
import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from services.accounts.roles import Principal
from services.commands.approvals import changes_since
from services.commands.gate import modifications
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
from services.commands.tasks import command_of, evidence_of, findings_of, input_of, output_of
from services.console.approvals import Line, find_line
from services.console.dates import show_moment
from services.console.resources import Opened, open_resource
from services.errors import FabricError
from services.fhir.repository import Repository, Resource
from services.index.text import values
from services.index.text.context import Context
from services.index.text.dosage import dosage_lines
from services.index.text.medications import medication
from services.runtime.system import system

Widget = Literal["text", "area", "choice", "number", "codes", "none"]
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


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


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule found: for a person."""

    rule: str
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece of evidence. `marks` are the spans of its text that the proposal speaks of; `changed`: it is another
    version by now."""

    opened: Opened
    marks: tuple[tuple[int, int], ...]
    changed: bool


@dataclass(frozen=True, slots=True)
class Review:
    line: Line
    fields: tuple[Field, ...]
    findings: tuple[Said, ...]
    evidence: tuple[Shown, ...]
    missing: tuple[str, ...]
    policy: str
    prompt: str
    changed: tuple[str, ...]
    obstacle: str
    result: str
    reason: str
    edited: dict[str, Any]


def opened(principal: Principal, task_id: str) -> Review:
    """Raises NotFound where there is no such proposal, or not for this person."""
    line = find_line(principal, task_id)
    parts = system()
    repository = parts.repository_for(principal)
    task = repository.read("Task", task_id)
    resource = task.resource
    command = command_of(resource)
    changed = tuple(changes_since(parts.repository, evidence_of(resource))) if line.state == "pending" else ()
    evidence, missing = _evidence(principal, repository, resource, command, changed)
    executed = values.obj(output_of(resource, "executed")).get("reference")
    return Review(
        line=line,
        fields=_fields(repository, command),
        findings=tuple(
            Said(f.rule, f.verdict, f.reason) for f in findings_of(resource) if f.rule != "person-decides"
        ),
        evidence=evidence,
        missing=missing,
        policy=str(input_of(resource, "policy") or ""),
        prompt=command.prompt_hash or "",
        changed=changed,
        obstacle=_obstacle(principal, line, changed),
        result=str(executed or ""),
        reason=_reason(resource),
        edited=_edited(resource),
    )


def _edited(task: Resource) -> dict[str, Any]:
    try:
        return modifications(task) or {}
    except FabricError:
        return {}


def _reason(task: Resource) -> str:
    coded = values.string(values.obj(task.get("statusReason")).get("text"))
    notes = [values.string(n.get("text")) for n in values.objs(task.get("note"))]
    return "; ".join(filter(None, (coded, *notes)))


def _obstacle(principal: Principal, line: Line, changed: tuple[str, ...]) -> str:
    """Why this person can't decide on it just now; "" where they can."""
    if line.state != "pending":
        return f"It is {line.state}."
    if not principal.may("decide"):
        return "An approver decides on it."
    if line.holder and not line.mine:
        return f"Being reviewed by {line.holder}."
    policy, row = system().desk.policy, system().desk.journal.of_task(line.id)
    if row and line.kind in policy.two_person_types and row.requester == principal.reference:
        return "You asked for it yourself: somebody else decides."
    return ""


def _evidence(
    principal: Principal, repository: Repository, task: Resource, command: AICommand, changed: tuple[str, ...]
) -> tuple[tuple[Shown, ...], tuple[str, ...]]:
    quoted = {e.reference: e.text for e in command.evidence if e.text}
    numbers = {n for text in command.texts().values() for n in _NUMBER.findall(text)}
    shown, missing = [], []
    for reference in evidence_of(task):
        try:
            found = open_resource(principal, reference)
        except FabricError:
            missing.append(reference)
            continue
        shown.append(Shown(found, _marks(found.text, quoted.get(reference), numbers), reference in changed))
    return tuple(shown), tuple(missing)


def _marks(text: str, quoted: str | None, numbers: set[str]) -> tuple[tuple[int, int], ...]:
    """Where the evidence holds the quoted words; else its numbers that the proposal names too."""
    place = text.find(quoted) if quoted else -1
    if quoted and place >= 0:
        return ((place, place + len(quoted)),)
    return tuple(m.span() for m in _NUMBER.finditer(text) if m.group() in numbers and len(m.group()) > 1)[:20]


# Fields by type


def _fields(repository: Repository, command: AICommand) -> tuple[Field, ...]:
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
            codes = "\n".join(f"{c.system} {c.code}  {c.display}" for c in command.suggested_codes)
            return (Field("suggestedCodes", "Codes", "", codes, "codes"),)
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


def edits(
    task: Line, fields: tuple[Field, ...], typed: Mapping[str, str], dropped: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """The fields of the command that were edited, nested as the command has them. `dropped`: billing codes left out."""
    stored = system().repository.read("Task", task.id)
    wire = command_of(stored.resource).wire()
    found: dict[str, Any] = {}
    for field in fields:
        if field.widget == "codes" and dropped:
            found[field.name] = [c for c in wire[field.name] if c["code"] not in dropped]
        value = typed.get(field.name)
        if value is None or value.strip() == field.proposed.strip():
            continue
        whole: Any = value.strip() or None
        if field.widget == "number" and whole is not None:
            with contextlib.suppress(ValueError):  # refused by name when it is read
                whole = float(whole.replace(",", ""))
        head, _, part = field.name.partition(".")
        if part:
            found[head] = {
                k: v for k, v in {**wire[head], **found.get(head, {}), part: whole}.items() if v is not None
            }
        else:
            found[field.name] = whole
    return found


def words_changed(before: str, after: str) -> list[tuple[str, str]]:
    """("same" | "removed" | "added", text): word by word, white space kept."""
    old, new = re.findall(r"\s+|[^\s]+", before), re.findall(r"\s+|[^\s]+", after)
    found: list[tuple[str, str]] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("same", "".join(old[a:b])))
            continue
        if b > a:
            found.append(("removed", "".join(old[a:b])))
        if d > c:
            found.append(("added", "".join(new[c:d])))
    return found


def moment(value: str) -> str:
    return show_moment(value, system().settings.timezone)
