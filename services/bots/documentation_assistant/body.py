"""A note as its draft keeps it: sections of sentences with their sources, beside the text that everybody reads.

It stands in an extension of the DocumentReference, as JSON, with the hash of the text that it was written with: where
somebody changed the text by another way, it does not hold any more.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from services.bots.documentation_assistant import assembling
from services.bots.documentation_assistant.model import Line, Section
from services.commands.tasks import EXTENSION
from services.fhir.repository import Resource
from services.index.text import values

BODY = f"{EXTENSION}note-body"
DRAFT = " (draft, not signed)"


@dataclass(frozen=True, slots=True)
class Settled:
    """A warning that somebody looked at and overrode: which (its words), why, who (name and reference), when (FHIR
    instant)."""

    text: str
    reason: str
    who: str
    name: str
    at: str


@dataclass(frozen=True, slots=True)
class Body:
    """`asked` is the Documentation Assistant's input, by which a section can be made again; None for what it didn't
    make. `model` worded parts of it; "record" where none did."""

    title: str
    soap: bool
    header: tuple[Line, ...]
    sections: tuple[Section, ...]
    asked: dict[str, Any] | None = None
    model: str = ""
    settled: tuple[Settled, ...] = ()

    def section(self, key: str) -> Section | None:
        return next((s for s in self.sections if s.key == key), None)

    def put(self, section: Section) -> Body:
        """With this section in the place of the one with its key."""
        return replace(self, sections=tuple(section if s.key == section.key else s for s in self.sections))

    def text(self, mark: str = DRAFT, *, whose: bool = False) -> str:
        return assembling.content(f"{self.title}{mark}", self.header, self.sections, self.soap, whose=whose)


def to_extension(body: Body, text: str) -> Resource:
    """`text` is what stands in the attachment."""
    return {"url": BODY, "valueString": orjson.dumps({**to_json(body), "hash": _hash(text)}).decode()}


def of_document(document: Resource) -> Body | None:
    """None where the document has none, or its text is another one by now."""
    held = next((e.get("valueString") for e in values.objs(document.get("extension")) if e.get("url") == BODY), None)
    try:
        found = orjson.loads(held) if isinstance(held, str) else None
        return of_json(found) if found and found.get("hash") == _hash(text_of(document)) else None
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError):
        return None  # written by somebody else


def text_of(document: Resource) -> str:
    """The plain text of the first attachment that holds some; "" where none does."""
    for item in values.objs(document.get("content")):
        attachment = values.obj(item.get("attachment"))
        if str(attachment.get("contentType") or "text/plain").startswith("text/plain") and attachment.get("data"):
            try:
                return base64.b64decode(str(attachment["data"])).decode("utf-8", "replace")
            except ValueError:
                return ""
    return ""


def to_json(body: Body) -> dict[str, Any]:
    return {
        "title": body.title, "soap": body.soap, "header": [_line(x) for x in body.header],
        "sections": [
            {"key": s.key, "title": s.title, "part": s.part, "lines": [_line(x) for x in s.lines]} for s in body.sections
        ],
        "asked": body.asked, "model": body.model,
        "settled": [[s.text, s.reason, s.who, s.name, s.at] for s in body.settled],
    }  # fmt: skip


def of_json(found: dict[str, Any]) -> Body:
    """Raises KeyError, TypeError or ValueError where it is something else."""
    return Body(
        title=str(found["title"]), soap=bool(found["soap"]), header=tuple(map(_read, found["header"])),
        sections=tuple(
            Section(s["key"], s["title"], s["part"], [_read(x) for x in s["lines"]]) for s in found["sections"]
        ),
        asked=found.get("asked"), model=str(found.get("model") or ""),
        settled=tuple(Settled(*map(str, s)) for s in found.get("settled") or ()),
    )  # fmt: skip


def whole_lines(sections: Sequence[Section]) -> list[Section]:
    """The sections with each line of text a line of its own: what an editor shows line by line."""
    return [
        replace(s, lines=[replace(x, text=part.strip()) for x in s.lines for part in x.text.splitlines() if part.strip()])
        for s in sections
    ]


def _line(line: Line) -> dict[str, Any]:
    marks = {k: True for k in ("own", "quoted", "absent") if getattr(line, k)}
    sources = {"sources": [list(ref) for ref in line.sources]} if line.sources else {}
    return {"text": line.text, **sources, **marks, **({"by": line.by} if line.by else {})}


def _read(found: dict[str, Any]) -> Line:
    return Line(
        str(found["text"]), tuple((str(r), str(v)) for r, v in found.get("sources") or ()), bool(found.get("own")),
        bool(found.get("quoted")), bool(found.get("absent")), by=str(found.get("by") or ""),
    )  # fmt: skip


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
