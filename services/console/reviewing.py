"""One proposal for review: each field as it is now, as proposed and as edited; what speaks for it; what rules said."""

from __future__ import annotations

import contextlib
import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.accounts.roles import Principal
from services.commands.approvals import changes_since
from services.commands.gate import modifications
from services.commands.schemas import (
    AICommand,
)
from services.commands.tasks import command_of, evidence_of, findings_of, input_of, output_of
from services.console.approvals import Line, find_line
from services.console.dates import show_moment
from services.console.proposed import Field, fields_of
from services.console.resources import Opened, open_resource
from services.errors import FabricError
from services.fhir.repository import Repository, Resource
from services.index.text import values
from services.runtime.system import system

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


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
        fields=fields_of(repository, command),
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


def edits(
    task: Line, fields: tuple[Field, ...], typed: Mapping[str, str], dropped: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """The fields of the command that were edited, nested as the command has them. `dropped`: billing codes left out."""
    stored = system().repository.read("Task", task.id)
    wire = command_of(stored.resource).wire()
    found: dict[str, Any] = {}
    for field in fields:
        if field.widget == "codes" and dropped:
            for name in (field.name, "services"):  # a service that is left out has no line on the claim either
                if wire.get(name):
                    found[name] = [c for c in wire[name] if c["code"] not in dropped]
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
