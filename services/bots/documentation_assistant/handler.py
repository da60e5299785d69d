"""Documentation Assistant bot, by `$execute`: a note put together from the record, every sentence with its sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.bots.context import Context, read_input
from services.bots.documentation_assistant import assembling
from services.bots.documentation_assistant.body import DRAFT
from services.bots.documentation_assistant.making import make
from services.bots.documentation_assistant.model import Line, Ref, Section
from services.bots.documentation_assistant.saving import save
from services.bots.documentation_assistant.schemas import DocAssistantInput, DocAssistantOutput


def handle(context: Context, value: Any) -> DocAssistantOutput:
    """Raises InvalidInput that names the field, PatientNotFound where the patient is not there or not the caller's to
    see, and Forbidden where a draft is to be saved and the caller may not."""
    asked = read_input(DocAssistantInput, value)
    made = make(context, asked)
    text = assembling.content(f"{made.kind.title}{DRAFT}", made.header, made.note, made.soap)
    sources = sources_of(made.header, made.note)
    saved = save(context, made, asked, text, sources) if asked.save_draft else None
    return DocAssistantOutput(
        success=True,
        document_type=asked.documentation_type,
        content=text,
        sections=assembling.parts(made.note),
        draft_id=saved,
        confidence=made.confidence,
        warnings=list(dict.fromkeys(n.text for n in made.notices)) or None,
        context_sources_used=[r for r, _ in sources],
        medications_included=asked.include_medications,
        sentences=assembling.sentences(made.header, made.note),
        model_used=made.model,
    )


def sources_of(header: Sequence[Line], note: Sequence[Section]) -> list[Ref]:
    """Each source once, in the order of the note."""
    lines = [*header, *(line for s in note for line in s.lines)]
    return list(dict.fromkeys(ref for line in lines for ref in line.sources))
