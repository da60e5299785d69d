"""Documentation Assistant bot, by `$execute`: a note put together from the record, every sentence with its sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.bots.context import Context, read_input
from services.bots.documentation_assistant import assembling, checking
from services.bots.documentation_assistant.background import person_line
from services.bots.documentation_assistant.confidence import confidence
from services.bots.documentation_assistant.doubting import doubted
from services.bots.documentation_assistant.followed import visit_line
from services.bots.documentation_assistant.kinds import KINDS
from services.bots.documentation_assistant.linting import lint
from services.bots.documentation_assistant.model import Line, Ref, Section
from services.bots.documentation_assistant.saving import save
from services.bots.documentation_assistant.schemas import DocAssistantInput, DocAssistantOutput
from services.bots.documentation_assistant.sections import Material, draft
from services.bots.documentation_assistant.transcript import hear
from services.bots.documentation_assistant.visit import Visit, open_visit
from services.bots.documentation_assistant.wording import Worded, word
from services.errors import Gone, NotFound, PatientNotFound

RECORD = "record"  # the model of a note that no model took part in


def handle(context: Context, value: Any) -> DocAssistantOutput:
    """Raises InvalidInput that names the field, PatientNotFound where the patient is not there or not the caller's to
    see, and Forbidden where a draft is to be saved and the caller may not."""
    asked = read_input(DocAssistantInput, value)
    visit = _visit(context, asked)
    kind = KINDS[asked.documentation_type]
    material = Material(visit, asked, hear(asked.transcript))
    note = draft(material)
    doubted(visit, note)
    worded = word(context, visit.chart, note, visit.chart.as_of) if asked.generate else Worded()
    header = [person_line(visit), visit_line(visit)]
    whole = [Section("header", "Heading", "subjective", header), *note]
    told = [*checking.warnings(material, note), *worded.refused, *lint(whole)]
    model = worded.model if worded.used else RECORD
    text = assembling.content(
        kind.title, header, note, soap=(asked.format or ("soap" if kind.soap else "")) == "soap"
    )
    sources = _sources(whole)
    saved = save(context, visit, kind, text, sources, model) if asked.save_draft else None
    return DocAssistantOutput(
        success=True,
        document_type=asked.documentation_type,
        content=text,
        sections=assembling.parts(note),
        draft_id=saved,
        confidence=confidence(note, checking.required(material)),
        warnings=list(dict.fromkeys(told)) or None,
        context_sources_used=[r for r, _ in sources],
        medications_included=asked.include_medications,
        sentences=assembling.sentences(header, note),
        model_used=model,
    )


def _visit(context: Context, asked: DocAssistantInput) -> Visit:
    try:
        chart = context.charts.open(context.repository, asked.patient_id, asked.as_of_day(), asked.as_of)
    except (NotFound, Gone) as error:
        raise PatientNotFound(f"There is no patient with the id {asked.patient_id}.") from error
    return open_visit(chart, asked.encounter_id, whole_stay=asked.documentation_type == "discharge")


def _sources(note: Sequence[Section]) -> list[Ref]:
    lines: list[Line] = [line for s in note for line in s.lines]
    return list(dict.fromkeys(ref for line in lines for ref in line.sources))
