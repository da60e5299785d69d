"""A note of the record: a DocumentReference that was drafted here, with its sections."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from services.bots.documentation_assistant.body import BODY, Body, of_document, text_of, to_extension
from services.bots.documentation_assistant.model import Line, Section
from services.commands.writing.model import AI_ASSERTED
from services.errors import NotFound
from services.fhir.definitions import split_reference
from services.fhir.repository import Repository, Resource, Stored
from services.index.text import values
from services.index.text.sections import sections
from services.knowledge.sentences import sentences

State = Literal["draft", "signed", "discarded"]
CLOSED = ("final", "amended")


@dataclass(frozen=True, slots=True)
class Note:
    """`body` is read from the text where it was written elsewhere; then `sourced` is false: no sentence has a source of
    its own. `encounter` and `appends` (what an addendum belongs to) are references or ""."""

    stored: Stored
    resource: Resource
    body: Body
    sourced: bool
    state: State
    patient: str
    encounter: str
    appends: str

    @property
    def id(self) -> str:
        return self.stored.id

    @property
    def version(self) -> str:
        return self.stored.version


def is_ours(resource: Resource) -> bool:
    """Whether a DocumentReference was drafted here: by the assistant, a command, or as an addendum."""
    if any(e.get("url") == BODY for e in values.objs(resource.get("extension"))):
        return True
    labels = values.objs(values.obj(resource.get("meta")).get("security"))
    return any(
        (x.get("system"), x.get("code")) == (AI_ASSERTED["system"], AI_ASSERTED["code"]) for x in labels
    )


def state_of(resource: Resource) -> State:
    if resource.get("status") == "entered-in-error":
        return "discarded"
    return "signed" if resource.get("docStatus") in CLOSED else "draft"


def read(repository: Repository, note_id: str) -> Note:
    """Raises NotFound where it is not there, not to be seen, or was not drafted here."""
    return of_stored(repository.read("DocumentReference", note_id))


def of_stored(stored: Stored) -> Note:
    resource = stored.resource
    if not is_ours(resource):
        raise NotFound(
            f"{stored.reference} is a document of the record that was not drafted here: look for it on Search."
        )
    body = of_document(resource)
    related = [r for r in values.objs(resource.get("relatesTo")) if r.get("code") == "appends"]
    visits = values.objs(values.obj(resource.get("context")).get("encounter"))
    return Note(
        stored, resource, body or _parsed(resource), body is not None, state_of(resource),
        (_target(values.obj(resource.get("subject"))) or "").partition("/")[2],
        _target(visits[0]) if visits else "",
        _target(values.obj(related[0].get("target"))) if related else "",
    )  # fmt: skip


def title_of(resource: Resource) -> str:
    return values.concept(resource.get("type")) or "Document"


def _parsed(resource: Resource) -> Body:
    """By its headings; each sentence a line, without a source."""
    text = text_of(resource)
    found: list[Section] = []
    for number, part in enumerate(sections(text), 1):
        lines = [_bare(x) for x in text[part.heading_end : part.end].splitlines()]
        kept = [Line(x[a:b], quoted=True) for x in lines for a, b in sentences(x) if x[a:b].strip()]
        if kept or part.title:
            found.append(Section(f"s{number}", part.title or "", "subjective", kept))
    return Body(title_of(resource), False, (), tuple(found or [Section("s1", "", "subjective")]))


def _bare(line: str) -> str:
    return line.strip().removeprefix("- ").removeprefix(": ").strip()


def written(resource: Resource, body: Body, text: str, at: str) -> Resource:
    """The resource with this body, and `text` as its attachment. `at` is a FHIR instant."""
    content = text.encode()
    attachment = {
        "contentType": "text/plain; charset=utf-8",
        "data": base64.b64encode(content).decode(),
        "size": len(content),
        "hash": base64.b64encode(
            hashlib.sha1(content, usedforsecurity=False).digest()
        ).decode(),  # FHIR asks for SHA-1
        "title": title_of(resource),
        "creation": at,
    }
    others = [e for e in values.objs(resource.get("extension")) if e.get("url") != BODY]
    return {
        **resource,
        "extension": [*others, to_extension(body, text)],
        "content": [{"attachment": attachment}, *values.objs(resource.get("content"))[1:]],
    }


def same_words(one: Body, other: Body) -> bool:
    """Whether two bodies have the same sentences and the same warnings overridden."""
    return _words(one.sections) == _words(other.sections) and one.settled == other.settled


def words(section: Section | None) -> str:
    """A section as an editor shows it: a line for each sentence, without those that say that nothing is recorded."""
    return "\n".join(line.text for line in section.lines if not line.absent) if section else ""


def _words(found: Sequence[Section]) -> list[tuple[str, str]]:
    return [(s.key, words(s)) for s in found]


def _target(reference: Resource) -> str:
    found = split_reference(str(reference.get("reference") or ""))
    return "/".join(found) if found else ""
