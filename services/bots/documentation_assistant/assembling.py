"""The note as text: its headings, its lines, and its four parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.bots.documentation_assistant.model import PARTS, Line, Section
from services.bots.documentation_assistant.schemas import NoteSentence, Sections, SourceRef

OWN = "Clinician's words"
_BARE = frozenset(["referral"])
"""Sections whose lines are the caller's choices, not sentences of theirs."""
_LISTS = frozenset(
    [
        "allergies",
        "medications",
        "discharge_medications",
        "given",
        "vitals",
        "results",
        "recent",
        "course",
        "tried",
        "pending",
        "follow_up",
        "plan",
    ]
)
"""Sections that are lists in a narrative too: nobody should have to look for a medicine or a value in a paragraph."""


def content(
    title: str, header: Sequence[Line], sections: Sequence[Section], soap: bool, *, whose: bool = True
) -> str:
    """Plain text. SOAP: the four parts, each line an item. Narrative: a heading and a paragraph for each section.
    `whose`: the clinician's own words are told apart in the text itself."""
    if not whose:
        sections = [replace(s, lines=[replace(x, own=False, quoted=x.own or x.quoted) for x in s.lines]) for s in sections]
    blocks = ["\n".join([title, *(line.text for line in header)])]
    if not soap:
        blocks += [f"{s.title.upper()}\n{_paragraph(s)}".strip() for s in sections]
        return "\n\n".join(blocks) + "\n"
    for part in PARTS:
        mine = [s for s in sections if s.part == part]
        if mine:
            blocks.append(f"{part.upper()}\n\n{_items(mine)}")
    return "\n\n".join(blocks) + "\n"


def parts(sections: Sequence[Section]) -> Sections:
    """The contract's four parts, each as text."""
    told = {part: _items([s for s in sections if s.part == part]) or None for part in PARTS}
    return Sections(**told)


def sentences(header: Sequence[Line], sections: Sequence[Section]) -> list[NoteSentence]:
    every = [("header", line) for line in header] + [(s.key, line) for s in sections for line in s.lines]
    return [
        NoteSentence(
            section=key, text=line.text, sources=[SourceRef(reference=r, version=v) for r, v in line.sources],
            own=line.own, unsupported=list(line.unsupported) or None,
        )
        for key, line in every
    ]  # fmt: skip


def _items(sections: Sequence[Section]) -> str:
    """Each section under its title, but where that is the part's own."""
    return "\n\n".join(
        _list(s) if s.title.casefold() == s.part else f"{s.title}\n{_list(s)}" for s in sections
    )


def _list(section: Section) -> str:
    return "\n".join(f"- {_shown(section, line)}" for line in section.lines)


def _paragraph(section: Section) -> str:
    """Own words and quotations begin a line of their own; what is put together runs on."""
    if section.key in _LISTS:
        return _list(section)
    text = ""
    for line in section.lines:
        shown = _shown(section, line)
        text += ("" if not text else "\n" if line.own or line.quoted or text.endswith("”") else " ") + shown
        if line.own and section.key not in _BARE:
            text += "\n"
    return text.replace("\n\n", "\n").strip()


def _shown(section: Section, line: Line) -> str:
    return f"{OWN}: {line.text}" if line.own and section.key not in _BARE else line.text
