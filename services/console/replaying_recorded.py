"""Outputs that stand in the record themselves: drafts of notes and proposals, as they were when the AI made them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from services.bots.documentation_assistant.body import Body, of_document
from services.commands.tasks import SYSTEM, command_of, input_of, is_proposal
from services.console.replaying_kept import RECORD, Evidence, Output, digest
from services.drafts.note import is_ours
from services.errors import FabricError
from services.fhir.repository import Repository, Resource, Stored
from services.fhir.sqlite import SQLiteRepository
from services.index.text import values


def recorded(repository: Repository, record: SQLiteRepository, output_id: str) -> Output | None:
    """A draft by its DocumentReference's id, or a proposal by its Task's; None where it is neither, or not to be seen."""
    if (note := repository.find(f"DocumentReference/{output_id}")) and is_ours(note.resource):
        return _draft(record, note)
    if (task := repository.find(f"Task/{output_id}")) and is_proposal(task.resource):
        return _proposal(record, task)
    return None


def lines_of(body: Body) -> list[str]:
    return [line.text for section in body.sections for line in section.lines]


def _draft(record: SQLiteRepository, note: Stored) -> Output | None:
    first = record.history("DocumentReference", note.id)[-1]
    body = of_document(first.resource)
    if body is None or body.asked is None:
        return None  # an addendum of a person
    lines = lines_of(body)
    page = record.search("Provenance", [("target", note.reference), ("_sort", "recorded"), ("_count", "1")])
    made = page.matches[0].resource if page.matches else {}
    begun = dt.datetime.fromisoformat(first.updated) - dt.timedelta(milliseconds=1)  # before the draft itself was there
    at = begun.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    subject = values.string(values.obj(note.resource.get("subject")).get("reference"))
    return _output(note.id, "drafts", at, record.created_by(note) or "", subject, body.asked, _sources(made), body.model or RECORD, lines)


def _proposal(record: SQLiteRepository, task: Stored) -> Output | None:
    first = record.history("Task", task.id)[-1].resource
    try:
        command = command_of(first)
    except FabricError:
        return None
    lines = [values.string(first.get("description")), *(f"{k}: {v}" for k, v in command.wire().items() if isinstance(v, str | int | float))]
    evidence = [_split(values.string(values.obj(i.get("valueReference")).get("reference"))) for i in values.objs(first.get("input"))]
    about = values.string(values.obj(first.get("for")).get("reference"))
    requester = values.string(values.obj(first.get("requester")).get("reference")) or str(values.obj(first.get("requester")).get("display") or "")
    asked = {"code": next((c for s, c in values.codings(first.get("code")) if s == SYSTEM), ""), "contentHash": str(input_of(first, "contentHash") or "")}
    return _output(task.id, "commands", values.string(first.get("authoredOn")), requester, about, asked, [e for e in evidence if e], command.ai_model, lines)


def _output(
    output_id: str, bot: str, at: str, member: str, patient: str, asked: dict[str, Any], evidence: Sequence[Evidence], model: str, lines: list[str]
) -> Output:
    return Output(
        output_id, bot, at, member, patient.rpartition("/")[2], asked, tuple(dict.fromkeys(evidence)), model, "",
        tuple(map(digest, lines)), tuple(lines), True, "", 0.0,
    )  # fmt: skip


def _sources(made: Resource) -> list[Evidence]:
    found = (values.string(values.obj(e.get("what")).get("reference")) for e in values.objs(made.get("entity")))
    return [split for reference in found if (split := _split(reference))]


def _split(reference: str) -> Evidence | None:
    name, separator, version = reference.partition("/_history/")
    return (name, version) if separator else None
