"""A note as it stands, held against the record again: what its making told, and what people wrote into it since."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.bots.context import Context, read_input
from services.bots.documentation_assistant import checking
from services.bots.documentation_assistant.body import Body
from services.bots.documentation_assistant.doubting import doubted
from services.bots.documentation_assistant.kinds import KINDS
from services.bots.documentation_assistant.linting import lint
from services.bots.documentation_assistant.making import visit_of
from services.bots.documentation_assistant.model import Line, Notice, Section
from services.bots.documentation_assistant.schemas import ClinicianInput, DocAssistantInput
from services.bots.documentation_assistant.sections import Material
from services.bots.documentation_assistant.transcript import hear
from services.bots.documentation_assistant.visit import Visit
from services.drafts.note import Note
from services.errors import InvalidInput
from services.index.text import values

SEVERE = frozenset(["visit", "missing", "allergy", "unsupported", "instruction"])
"""Kinds of warnings with which nobody signs unless each is overridden, with a reason."""
_FIELDS = {
    "chief_complaint": ("reason", "complaint", "admission", "question"),
    "physical_exam": ("exam",),
    "assessment": ("assessment",),
    "plan": ("plan", "follow_up"),
}
_PLAN = re.compile(r"\b(?:plan|follow[- ]?up|discharge medications)\b", re.IGNORECASE)
_PLANNED = ("plan", "follow_up")
_OTHERWISE = re.compile(r"^“[^”]*\b(?:left|right|bilateral|both)\b|\brecord (?:says|names)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Checked:
    """`body` with what the record does not bear out marked at its sentences; `open` are the warnings that nobody has
    overridden, `settled` the rest."""

    body: Body
    open: tuple[Notice, ...]
    settled: tuple[Notice, ...]

    @property
    def severe(self) -> tuple[Notice, ...]:
        return tuple(n for n in self.open if n.kind in SEVERE)


def check(context: Context, note: Note, body: Body) -> Checked:
    """Raises PatientNotFound or NotFound where the patient is not to be seen."""
    sections = [replace(s, lines=[_as_own(x) for x in s.lines]) for s in body.sections]
    asked = _asked(body)
    elsewhere = asked is None
    asked = asked or _for_visit(note, body)
    found: list[Notice] = []
    if asked is not None:
        try:
            visit = visit_of(context, asked)
        except InvalidInput:
            visit, asked = _whole(context, note), None  # the encounter is not there any more
    else:
        visit = _whole(context, note)
    doubted(visit, sections)
    if asked is not None:
        found += checking.warnings(Material(visit, asked, hear(asked.transcript)), sections)
    else:
        found += checking.instructions(sections)
    # The sections of a note that was made elsewhere are not ours: which of ours it lacks can't be told.
    found = [n for n in found if n.kind != "unsupported" and not (elsewhere and n.kind == "missing")]
    if not any(s.filled for s in sections):
        found.append(Notice("missing", "Nothing is written yet."))
    found += _unsupported(sections)
    found += lint(sections)
    told = [
        replace(s, lines=list(map(_marked, s.lines, b.lines)))
        for s, b in zip(sections, body.sections, strict=True)
    ]
    settled = {s.text for s in body.settled}
    every = list(dict.fromkeys(found))
    return Checked(
        replace(body, sections=tuple(told)),
        tuple(sorted((n for n in every if n.text not in settled), key=lambda n: n.kind not in SEVERE)),
        tuple(n for n in every if n.text in settled),
    )


def _as_own(line: Line) -> Line:
    """A sentence without a source is checked as a person's is, whoever wrote it."""
    return replace(line, own=line.own or not (line.sources or line.absent))


def _marked(checked: Line, line: Line) -> Line:
    return replace(line, unsupported=checked.unsupported)


def _asked(body: Body) -> DocAssistantInput | None:
    """As it was asked for, with the words that stand in the note by now."""
    if body.asked is None:
        return None
    asked = read_input(DocAssistantInput, body.asked)
    given = {field: _own(body, keys) for field, keys in _FIELDS.items()}
    return asked.model_copy(update={"clinician_input": ClinicianInput.model_validate(given)})


def _for_visit(note: Note, body: Body) -> DocAssistantInput | None:
    """What the assistant would have been asked, for a note of a visit that was made otherwise, such as by a command: so
    that it gets the same warnings. None for an addendum, and where the visit or the kind of note isn't known."""
    codes = {code for _, code in values.codings(note.resource.get("type"))}
    kind = next((name for name, kind in KINDS.items() if kind.loinc in codes), None)
    encounter = note.encounter.partition("/")[2]
    if not kind or not encounter or note.appends:
        return None
    plans = [s for s in body.sections if _PLAN.search(s.title)]
    asked = {"patientId": note.patient, "encounterId": encounter, "documentationType": kind, "clinicianInput": {
        "assessment": "\n".join(x.text for s in body.sections if s not in plans for x in s.lines) or None,
        "plan": "\n".join(x.text for s in plans for x in s.lines) or None,
    }}  # fmt: skip
    return read_input(DocAssistantInput, asked)


def _own(body: Body, keys: tuple[str, ...]) -> str | None:
    return "\n".join(x.text for k in keys if (s := body.section(k)) for x in s.lines if x.own) or None


def _whole(context: Context, note: Note) -> Visit:
    """The whole record, for a note of no known visit."""
    chart = context.charts.open(context.repository, note.patient, dt.datetime.now(dt.UTC).date())
    return Visit(chart, chart.entries("patient")[0], ())


def _unsupported(sections: list[Section]) -> Iterator[Notice]:
    for section in sections:
        for line in section.lines:
            if line.unsupported:
                said = line.text if len(line.text) <= 60 else f"{line.text[:60]}…"
                where = f"{section.title}, " if section.title else ""
                # What is ordered anew is in no record yet; a side, or what the record says otherwise, is another matter.
                new = section.key in _PLANNED and not any(_OTHERWISE.search(x) for x in line.unsupported)
                yield Notice(
                    "order" if new else "unsupported", f"{where}“{said}”: {' '.join(line.unsupported)}"
                )
