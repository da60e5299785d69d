"""The few lines of a passage that a result shows: where the question's words stand, without the paperwork."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from services.index.highlight import Span

Kind = Literal["", "match", "absent", "gap"]
Part = tuple[str, Kind]
"""A stretch of text and how it is marked."""

DOCUMENT_CHARS = 260
ENTRY_CHARS = 240
_PAPERWORK = re.compile(
    r"(?:Date|Category|Performer|Status|Issued|Also coded as|Custodian|Authenticated by|Interpreted by|Intent|"
    r"Recorded|Recorder|Asserted by|Reported by|Stated|Ordered|Author|Provider|Location|Class|When|Performed|"
    r"Attachment|Setting|Source|Prescriber|Participants|Lot|Lot expires|Manufacturer|Specimen|Device|Service): "
)
_RANGE = re.compile(r"Reference range (.+?)\.?$")
_PIECE = re.compile(r"[^\n]*?(?:(?<!^\d)(?<!\s\d)[.!?](?=\s)|(?=\n)|$)")  # "1. " begins a list's item
_HEADING = re.compile(r"\s*(?:[A-Z][A-Z /&,()-]+|[^\n]{1,60}:)\s*")


def marked(text: str, spans: Sequence[Span], start: int = 0, end: int | None = None) -> list[Part]:
    """text[start:end] in parts, each with its mark."""
    end = len(text) if end is None else end
    parts: list[Part] = []
    at = start
    for first, last, kind in spans:
        first, last = max(first, start), min(last, end)
        if first < at or first >= last:
            continue
        if first > at:
            parts.append((text[at:first], ""))
        parts.append((text[first:last], "absent" if kind == "absent" else "match"))
        at = last
    if at < end:
        parts.append((text[at:end], ""))
    return parts


def of_document(text: str, spans: Sequence[Span]) -> list[Part]:
    """The sentences of a note that hold the question's words; its beginning where none does."""
    pieces = [
        (m.start(), m.end())
        for m in _PIECE.finditer(text)
        if m.group().strip() and not _HEADING.fullmatch(m.group())
    ]
    return _chosen(text, spans, pieces, DOCUMENT_CHARS, " ")


def of_entry(text: str, spans: Sequence[Span], title: str) -> list[Part]:
    """An entry's lines but for the title and the paperwork, unless the question's words are there."""
    pieces, at = [], 0
    for line in text.split("\n"):
        start, end = at, at + len(line)
        at = end + 1
        hit = any(s < end and e > start for s, e, _ in spans)
        said = line.rstrip(".").casefold() in title.casefold() or _RANGE.match(line)
        if not line.strip() or said or (_PAPERWORK.match(line) and not hit):
            continue
        pieces.append((start + (2 if line.startswith("- ") else 0), end))
    return _chosen(text, spans, pieces, ENTRY_CHARS, " · ")


def reference_range(text: str) -> str:
    """What an Observation's own value is compared with: "3.5–5.1 mmol/L", or ""."""
    lines = text.split("\n", 2)
    found = _RANGE.fullmatch(lines[1]) if len(lines) > 1 else None
    return found.group(1) if found else ""


def _chosen(
    text: str, spans: Sequence[Span], pieces: list[tuple[int, int]], budget: int, joint: str
) -> list[Part]:
    hits = {i for i, (start, end) in enumerate(pieces) if any(s < end and e > start for s, e, _ in spans)}
    order = sorted(hits) + [i for i in range(len(pieces)) if i not in hits]
    if hits and joint == " ":  # after a note's matching sentences comes what stands around them
        order.sort(key=lambda i: (i not in hits, min(abs(i - h) for h in hits), i))
    chosen: list[int] = []
    for index in order:
        length = pieces[index][1] - pieces[index][0]
        if chosen and length > budget:
            break
        chosen.append(index)
        budget -= length
    parts: list[Part] = []
    for place, index in enumerate(sorted(chosen)):
        start, end = pieces[index]
        if place:
            parts.append((joint if index - 1 in chosen or joint != " " else " … ", "gap"))
        parts += _shortened(text, spans, start, end)
    return parts


def _shortened(text: str, spans: Sequence[Span], start: int, end: int, most: int = 400) -> list[Part]:
    """A piece; of a very long one the stretch around the first mark."""
    if end - start <= most:
        return marked(text, spans, start, end)
    first = next((s for s, e, _ in spans if s < end and e > start), start)
    begin = max(start, min(first - most // 3, end - most))
    shown = marked(text, spans, begin, begin + most)
    before: list[Part] = [("… ", "gap")] if begin > start else []
    after: list[Part] = [(" …", "gap")] if begin + most < end else []
    return [*before, *shown, *after]
