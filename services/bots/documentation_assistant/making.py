"""A note made: from what is asked for to its sections and what to look at in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.bots.context import Context
from services.bots.documentation_assistant import checking
from services.bots.documentation_assistant.background import person_line
from services.bots.documentation_assistant.body import Body, whole_lines
from services.bots.documentation_assistant.confidence import confidence
from services.bots.documentation_assistant.doubting import doubted
from services.bots.documentation_assistant.followed import visit_line
from services.bots.documentation_assistant.kinds import KINDS, Kind
from services.bots.documentation_assistant.linting import lint
from services.bots.documentation_assistant.model import Line, Notice, Section
from services.bots.documentation_assistant.schemas import DocAssistantInput
from services.bots.documentation_assistant.sections import Material, draft
from services.bots.documentation_assistant.transcript import hear
from services.bots.documentation_assistant.visit import Visit, open_visit
from services.bots.documentation_assistant.wording import Worded, word
from services.errors import Gone, NotFound, PatientNotFound

RECORD = "record"  # the model of a note that no model took part in


@dataclass(frozen=True, slots=True)
class Made:
    """`notices` are what to look at; `model` worded parts of it, "record" where none did."""

    visit: Visit
    kind: Kind
    soap: bool
    header: list[Line]
    note: list[Section]
    notices: list[Notice]
    model: str
    confidence: float

    def body(self, asked: DocAssistantInput) -> Body:
        return Body(
            self.kind.title, self.soap, tuple(self.header), tuple(whole_lines(self.note)),
            asked.wire() | {"saveDraft": False}, self.model,
        )  # fmt: skip


def make(context: Context, asked: DocAssistantInput, done: Callable[[Section], None] = lambda _: None) -> Made:
    """Each section is told to `done` once it is put together, before a model words any of them.

    Raises InvalidInput for an encounter of somebody else, and PatientNotFound.
    """
    visit = visit_of(context, asked)
    kind = KINDS[asked.documentation_type]
    material = Material(visit, asked, hear(asked.transcript))
    note = draft(material, done)
    doubted(visit, note)
    worded = word(context, visit.chart, note, visit.chart.as_of) if asked.generate else Worded()
    header = [person_line(visit), visit_line(visit)]
    whole = [Section("header", "Heading", "subjective", header), *note]
    notices = [*checking.warnings(material, note), *(Notice("model", text) for text in worded.refused), *lint(whole)]
    return Made(
        visit, kind, (asked.format or ("soap" if kind.soap else "")) == "soap", header, note,
        list(dict.fromkeys(notices)), worded.model if worded.used else RECORD,
        confidence(note, checking.required(material)),
    )  # fmt: skip


def visit_of(context: Context, asked: DocAssistantInput) -> Visit:
    try:
        chart = context.charts.open(context.repository, asked.patient_id, asked.as_of_day(), asked.as_of)
    except (NotFound, Gone) as error:
        raise PatientNotFound(f"There is no patient with the id {asked.patient_id}.") from error
    return open_visit(chart, asked.encounter_id, whole_stay=asked.documentation_type == "discharge")
