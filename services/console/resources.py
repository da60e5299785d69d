"""One resource, opened: readable text with the passage marked, its history, its JSON."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from services.accounts.roles import Principal
from services.console.dates import show_date
from services.errors import FabricError, NotFound
from services.fhir.definitions import split_reference
from services.index.text import SUPPORTED, document_text, render
from services.runtime.system import system

MAX_SHOWN = 60_000


@dataclass(frozen=True, slots=True)
class Opened:
    """What the panel shows. `passage` is the span of `text` that was found, where it still is there."""

    reference: str
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
    versions: int


def open_resource(principal: Principal, reference: str, passage: str | None = None) -> Opened:
    """Raises NotFound where it is not there (any more) or not this person's to see."""
    principal.require("read")
    repository = system().repository_for(principal)
    target = split_reference(reference)
    stored = repository.find(reference) if target else None
    if stored is None or target is None:
        raise NotFound(f"{reference} is not in the record (any more), or you may not see it.")

    def resolve(other: str) -> dict | None:
        found = repository.find(other)
        return found.resource if found else None

    resource = stored.resource
    rendered = render(resource, resolve) if stored.type in SUPPORTED else None
    text, is_document = "", False
    if stored.type in ("DocumentReference", "DiagnosticReport"):
        text = document_text(resource, resolve)
        is_document = bool(text.strip())
    if not is_document and rendered:
        text = "\n\n".join(c.text for c in rendered.chunks)
    place = text.find(passage) if passage else -1
    span = (place, place + len(passage)) if passage and place >= 0 else None
    try:
        versions = len(repository.history(*target))
    except FabricError:
        versions = 1
    return Opened(
        reference=stored.reference,
        kind=stored.type,
        title=rendered.title if rendered else stored.reference,
        date=show_date(rendered.date) if rendered else "Not Known",
        status=rendered.status if rendered else None,
        version=stored.version,
        updated=stored.updated,
        text=text[:MAX_SHOWN],
        is_document=is_document,
        passage=span if span and span[1] <= MAX_SHOWN else None,
        cut=len(text) > MAX_SHOWN,
        json=orjson.dumps(resource, option=orjson.OPT_INDENT_2).decode(),
        versions=versions,
    )
