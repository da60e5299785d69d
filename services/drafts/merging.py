"""Two people's versions of one note brought together: nothing that either of them wrote is lost.

By sections: what one of them changed is taken; what both changed, in different words, is a conflict that a person
decides.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace

from services.bots.documentation_assistant.body import Body
from services.bots.documentation_assistant.model import Section
from services.drafts.note import words


@dataclass(frozen=True, slots=True)
class Conflict:
    """A section that both changed; texts with a line for each sentence. `both` has the changes of both, None where they
    changed the same sentence."""

    key: str
    title: str
    base: str
    mine: str
    theirs: str
    both: str | None = None


@dataclass(frozen=True, slots=True)
class Merged:
    """In `body` the conflicting sections stand as mine. `taken` are the titles of sections taken from theirs."""

    body: Body
    conflicts: tuple[Conflict, ...]
    taken: tuple[str, ...]


def merge(base: Body, mine: Body, theirs: Body) -> Merged:
    sections: list[Section] = []
    conflicts: list[Conflict] = []
    taken: list[str] = []
    for key in dict.fromkeys(s.key for s in (*theirs.sections, *mine.sections)):
        here, there = mine.section(key), theirs.section(key)
        was, one, other = words(base.section(key)), words(here), words(there)
        if one == other or other == was:
            chosen = here or there
        elif one == was:
            chosen = there or here
            taken.append(_title(there, here))
        else:
            chosen = here or there
            conflicts.append(Conflict(key, _title(here, there), was, one, other, together(was, one, other)))
        if chosen is not None:
            sections.append(chosen)
    settled = {s.text: s for s in (*base.settled, *theirs.settled, *mine.settled)}
    dropped = {s.text for s in base.settled} - (
        {s.text for s in mine.settled} & {s.text for s in theirs.settled}
    )
    kept = tuple(s for text, s in settled.items() if text not in dropped)
    return Merged(replace(theirs, sections=tuple(sections), settled=kept), tuple(conflicts), tuple(taken))


def _title(*found: Section | None) -> str:
    return next((s.title for s in found if s is not None and s.title), "Text")


def together(base: str, mine: str, theirs: str) -> str | None:
    """The text with the changes of both, sentence by sentence; None where they changed the same ones. What both put in
    at one place stands there one behind the other, mine first."""
    lines = base.splitlines()
    changes = dict.fromkeys([*_changes(lines, mine.splitlines()), *_changes(lines, theirs.splitlines())])
    found: list[str] = []
    before: tuple[str, ...] = ()
    at, last = 0, -1
    for start, end, put in sorted(changes, key=lambda c: c[:2]):  # of equals mine stays first
        if start < at:
            return None
        found += lines[at:start]
        found += [x for x in put if not (start == last and x in before)]
        before, at, last = put, end, start
    return "\n".join([*found, *lines[at:]])


def _changes(base: list[str], text: list[str]) -> list[tuple[int, int, tuple[str, ...]]]:
    """(first line, line behind the last, what stands there now) of each change."""
    codes = difflib.SequenceMatcher(a=base, b=text, autojunk=False).get_opcodes()
    return [(i, j, tuple(text[a:b])) for kind, i, j, a, b in codes if kind != "equal"]
