"""From a resource to its text and chunks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.index.text import (
    attachments,
    care,
    chunking,
    clinical,
    documents,
    medications,
    observations,
    values,
)
from services.index.text.attachments import Document
from services.index.text.context import Context, modifiers, withdrawn
from services.index.text.model import Chunk, Draft, Rendered, Resolve

_RENDERERS: dict[str, Callable[[dict[str, Any], Context], Draft]] = {
    "Observation": observations.render,
    "Condition": clinical.condition,
    "AllergyIntolerance": clinical.allergy,
    "Procedure": clinical.procedure,
    "MedicationRequest": medications.request,
    "MedicationStatement": medications.statement,
    "Immunization": medications.immunization,
    "Encounter": care.encounter,
    "CarePlan": care.care_plan,
}
_DOCUMENTS: dict[str, Callable[[dict[str, Any], Context, Document], Draft]] = {
    "DocumentReference": documents.reference,
    "Composition": documents.composition,
    "DiagnosticReport": documents.report,
}
SUPPORTED: frozenset[str] = frozenset({*_RENDERERS, *_DOCUMENTS})
"""The resource types that are embedded; any other is skipped."""

_HEADER_CHARS = 110  # about 30 word pieces, which the chunk's own limit leaves room for


def _nothing(_: str) -> None:
    return None


def render(resource: dict[str, Any], resolve: Resolve = _nothing) -> Rendered | None:
    """The resource as text and chunks.

    None where its type is not supported, where it is withdrawn (entered in error), or where it says nothing.
    Whatever is malformed in it is left out; this never raises on account of the resource. What `resolve`
    raises is passed on, so that a record that is out of reach isn't mistaken for an empty one.
    """
    kind = values.obj(resource).get("resourceType")
    if not isinstance(kind, str) or kind not in SUPPORTED or withdrawn(resource):
        return None
    context = Context(resource, resolve)
    body = Document()
    if kind in _DOCUMENTS:
        body = documents.document(resource, context)
        draft = _DOCUMENTS[kind](resource, context, body)
    else:
        draft = _RENDERERS[kind](resource, context)
    lines = list(draft.lines)
    told = _narrative(resource, draft, body)
    if not draft.says_something and not told:
        return None
    lines += [f"Narrative: {told}"] if told else []
    title = draft.title
    if unknown := modifiers(resource):
        lines.insert(0, f"Caution: carries a modifier the console does not know ({', '.join(unknown)}).")
        title += " (carries a modifier the console does not know)"
    identity = resource.get("id")
    return Rendered(
        resource_type=kind,
        resource_id=identity if isinstance(identity, str) else "",
        patient_id=context.patient_id,
        title=" ".join(title.split()),
        date=draft.date,
        status=draft.status,
        codings=draft.codings,
        facts=draft.facts,
        chunks=tuple(_chunks(draft, title, lines, body, kind)),
    )


def document_text(resource: dict[str, Any], resolve: Resolve = _nothing) -> str:
    """The plain text of a DocumentReference's or DiagnosticReport's attachments, or of a Composition's sections, to which
    the spans of their chunks refer; "" for any other resource and where there is none."""
    if values.obj(resource).get("resourceType") not in _DOCUMENTS:
        return ""
    return documents.document(resource, Context(resource, resolve)).text


def _narrative(resource: dict[str, Any], draft: Draft, body: Document) -> str:
    """The narrative, where it says more than the coded part: by its own status, or because that says nothing."""
    status = values.obj(resource.get("text")).get("status")
    if body.text or (draft.says_something and status != "additional"):
        return ""
    return attachments.narrative(resource).text


def _chunks(draft: Draft, title: str, lines: list[str], body: Document, kind: str) -> list[Chunk]:
    shown = values.date(draft.date[:10]) if draft.date else ""
    found: list[Chunk] = []
    text = "\n".join(lines)
    for place, piece in enumerate(chunking.split_lines(text)):
        first = place == 0
        parts = (
            (draft.label, shown) if first else (draft.label, " ".join(title.split())[:80], shown, "continued")
        )
        header = _header(parts)
        found.append(Chunk(len(found), text[piece.start : piece.end], header, draft.content_type))
    note = kind in ("DocumentReference", "Composition")
    content = "note" if note else "report"
    name = " ".join((draft.label if note else title).split())
    mark = "superseded" if draft.status == "superseded" else ""
    for piece in chunking.split(body.text, body.headings) if body.text else []:
        section = " / ".join(piece.titles) or None
        found.append(
            Chunk(
                ordinal=len(found),
                text=body.text[piece.start : piece.end],
                header=_header((name[:60], mark, shown, section or "")),
                content_type=content,
                section=section,
                start=piece.start,
                end=piece.end,
            )
        )
    return found


def _header(parts: tuple[str, ...]) -> str:
    header = ", ".join(filter(None, parts))
    return header if len(header) <= _HEADER_CHARS else f"{header[: _HEADER_CHARS - 1].rstrip()}…"
