"""One resource, opened: readable text with the passage and the question's words marked, its history, its JSON."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import orjson

from services.accounts.roles import Principal
from services.console.dates import show_moment
from services.console.origins import Origin, origins_of
from services.errors import FabricError, NotFound
from services.fhir.definitions import split_reference
from services.fhir.repository import Repository, Stored
from services.index.highlight import Span, highlights
from services.index.question import parse
from services.index.text import SUPPORTED, Rendered, render
from services.index.text.context import Context, patient_id
from services.index.text.documents import document
from services.index.text.sections import sections
from services.runtime.system import system

MAX_SHOWN = 60_000
MAX_MARKED = 20_000
MAX_VERSIONS = 20


@dataclass(frozen=True, slots=True)
class Opened:
    """What the panel shows. `passage` is the span of `text` that was found, where it still is there; `marks` are
    the question's words, `headings` the titles of a document's sections."""

    reference: str
    patient_id: str | None
    kind: str
    title: str
    date: str
    status: str | None
    version: str
    updated: str
    text: str
    is_document: bool
    passage: tuple[int, int] | None
    cut: bool
    json: str
    versions: list[tuple[str, str]] = field(default_factory=list)
    marks: list[Span] = field(default_factory=list)
    headings: list[tuple[int, int]] = field(default_factory=list)
    origins: tuple[Origin, ...] = ()


def open_resource(
    principal: Principal, reference: str, passage: str | None = None, query: str | None = None
) -> Opened:
    """Raises NotFound where it is not there (any more) or not this person's to see."""
    principal.require("read")
    repository = system().repository_for(principal)
    target = split_reference(reference)
    if target is None:
        raise NotFound("The address names no source that could be shown.")
    stored = repository.find("/".join(target))
    if stored is None:
        raise NotFound(f"{'/'.join(target)} is not in the record (any more), or you may not see it.")

    def resolve(other: str) -> dict | None:
        found = repository.find(other)
        return found.resource if found else None

    resource = stored.resource
    rendered = render(resource, resolve) if stored.type in SUPPORTED else None
    text, headings, is_document = _text(resource, rendered, resolve)
    zone = system().settings.timezone
    place = text.find(passage) if passage else -1
    span = (place, place + len(passage)) if is_document and passage and place >= 0 else None
    shown = text[:MAX_SHOWN]
    return Opened(
        reference=stored.reference,
        patient_id=patient_id(resource),
        kind=stored.type,
        title=rendered.title if rendered else stored.reference,
        date=show_moment(rendered.date, zone) if rendered else "Not Known",
        status=rendered.status if rendered else None,
        version=stored.version,
        updated=show_moment(stored.updated, zone),
        text=shown,
        is_document=is_document,
        passage=span if span and span[1] <= MAX_SHOWN else None,
        cut=len(text) > MAX_SHOWN,
        json=orjson.dumps(resource, option=orjson.OPT_INDENT_2).decode(),
        versions=_versions(repository, stored, zone),
        marks=_marks(shown, query, span),
        headings=[h for h in headings if h[1] <= MAX_SHOWN],
        origins=origins_of(repository, stored.reference, zone),
    )


def _text(resource: dict, rendered: Rendered | None, resolve) -> tuple[str, list[tuple[int, int]], bool]:
    """(text, spans of section headings, whether it is a document): the particulars, then the document itself."""
    particulars = "\n".join(c.text for c in rendered.chunks if c.start is None) if rendered else ""
    if resource.get("resourceType") not in ("DocumentReference", "Composition", "DiagnosticReport"):
        return particulars, [], False
    body = document(resource, Context(resource, resolve))
    if not body.text.strip():
        return particulars, [], False
    offset = len(particulars) + 2 if particulars else 0
    found = [
        (s.start + offset, s.heading_end + offset)
        for s in sections(body.text, body.headings)
        if s.heading_end > s.start
    ]
    return f"{particulars}\n\n{body.text}" if particulars else body.text, found, True


def _marks(text: str, query: str | None, passage: tuple[int, int] | None) -> list[Span]:
    """The question's words in the text; of a very long one, in the passage only."""
    if not query or not query.strip():
        return []
    question = parse(query, dt.datetime.now(dt.UTC).date())
    if len(text) <= MAX_MARKED:
        return highlights(text, question)
    if passage is None:
        return []
    start, end = passage
    return [(s + start, e + start, kind) for s, e, kind in highlights(text[start:end], question)]


def _versions(repository: Repository, stored: Stored, zone: str) -> list[tuple[str, str]]:
    """(version, when it was stored), newest first."""
    try:
        known = repository.history(stored.type, stored.id)
    except FabricError:
        known = [stored]
    return [
        (v.version, show_moment(v.updated, zone) + (" – deleted" if v.body is None else ""))
        for v in known[:MAX_VERSIONS]
    ]
