"""What a note is made of: sections of lines, each line with what it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from services.bots.rag_pipeline.answer import shown
from services.chart.entry import Entry
from services.index.text import values
from services.knowledge.error_prone import written_out

Part = Literal["subjective", "objective", "assessment", "plan"]
Kind = Literal[
    "visit", "missing", "allergy", "abnormal", "unplanned", "copied", "unsupported", "order", "instruction", "transcript", "model", "wording"
]
PARTS: tuple[Part, ...] = ("subjective", "objective", "assessment", "plan")
_TAGS = re.compile(
    r" \((?:disorder|procedure|finding|situation|event|regime/therapy|observable entity|morphologic abnormality|body structure|"
    r"substance|product|medicinal product|physical object|person|qualifier value)\)"
)
"""What kind of thing a concept is, at the end of SNOMED CT's fully specified names: nothing for a note."""
Ref = tuple[str, str]
"""A resource's reference and its version; of a turn of the transcript "transcript/3" and ""."""


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a note. `own`: the clinician's words, as given; `quoted`: holds words of the record or of the
    transcript as they stand there; `absent`: says that something is not recorded; `by`: the reference of who wrote it
    into the draft, "" where it was given when the draft was made."""

    text: str
    sources: tuple[Ref, ...] = ()
    own: bool = False
    quoted: bool = False
    absent: bool = False
    unsupported: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody should look at before the note is signed."""

    kind: Kind
    text: str


@dataclass(slots=True)
class Section:
    """`key` names it on the wire; `part` is where it belongs in a SOAP note."""

    key: str
    title: str
    part: Part
    lines: list[Line] = field(default_factory=list)

    @property
    def filled(self) -> bool:
        return any(not line.absent for line in self.lines)

    @property
    def words(self) -> str:
        return "\n".join(line.text for line in self.lines)


def refs(entries: Iterable[Entry]) -> tuple[Ref, ...]:
    """Each resource once."""
    return tuple(dict.fromkeys((e.reference, e.version) for e in entries))


def told(text: str, *entries: Entry) -> Line:
    """A sentence put together from the record; its names, numbers and doses by ISMP."""
    return Line(sentence(written_out(_TAGS.sub("", " ".join(text.split())))), refs(entries))


def quote(lead: str, words: str, *sources: Ref) -> Line:
    """Words as they stand in the record or the transcript; never reworded."""
    return Line(f"{lead}: “{words.strip()}”", sources, quoted=True)


def missing(text: str) -> Line:
    return Line(text, absent=True)


def own(words: str) -> Line:
    return Line(words, own=True)


def sentence(text: str) -> str:
    """With a capital letter (unless a name begins in small letters and capitals, as pH) and a full stop."""
    if len(text) > 1 and text[0].islower() and not text[1].isupper():
        text = text[0].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "”")) else f"{text}."


def dated(entry: Entry) -> str:
    """ "12-Mar-2025"; with the time of day where one is recorded."""
    return values.date(entry.date, time=True) if entry.first else "date not recorded"


def day(value: str | None) -> str:
    return shown(value)


def listed(parts: Sequence[str]) -> str:
    return "; ".join(parts)
