"""Text that a person edited, back into sentences: what stands as it stood keeps its sources, the rest is theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from services.bots.documentation_assistant.body import Body
from services.bots.documentation_assistant.model import Line, Section


def edited(body: Body, texts: Mapping[str, str], known: Iterable[Body], by: str) -> Body:
    """`body` with the sections' texts, by key; keys that it does not have are left out. `known` are bodies whose
    sentences count as they are where they stand again, also elsewhere. `by` is the reference of who edits."""
    pool: dict[str, Line] = {}
    absent: dict[str, list[Line]] = {}
    for held in (*known, body):
        for section in held.sections:
            for line in section.lines:
                pool.setdefault(line.text, line)
            absent.setdefault(section.key, [line for line in section.lines if line.absent])
    sections = tuple(
        _edited(s, texts[s.key], pool, by, absent.get(s.key, [])) if s.key in texts else s for s in body.sections
    )
    return replace(body, sections=sections)


def _edited(section: Section, text: str, pool: Mapping[str, Line], by: str, absent: list[Line]) -> Section:
    before = {line.text: line for line in section.lines}
    lines = []
    for part in text.splitlines():
        said = part.strip()
        if said:
            lines.append(before.get(said) or pool.get(said) or Line(said, own=True, by=by))
    return replace(section, lines=lines or absent)
