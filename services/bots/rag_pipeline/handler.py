"""RAG Pipeline bot: by `$execute`, and what the Ask page calls."""

from __future__ import annotations

import time
from typing import Any

from services.bots.context import Context, read_input
from services.bots.rag_pipeline.answer import Answer, Source
from services.bots.rag_pipeline.computing import compute
from services.bots.rag_pipeline.reading import read
from services.bots.rag_pipeline.schemas import Citation, ContextChunk, RAGPipelineInput, RAGPipelineOutput, Sentence
from services.errors import Gone, NotFound, PatientNotFound

RECORD = "record"  # modelUsed where no model took part


def handle(context: Context, value: Any) -> RAGPipelineOutput:
    """Raises InvalidInput, or PatientNotFound where the patient is not there or not the caller's to see."""
    asked = read_input(RAGPipelineInput, value)
    started = time.perf_counter()
    try:
        chart = context.charts.open(context.repository, asked.patient_id, asked.as_of_day())
    except (NotFound, Gone) as error:
        raise PatientNotFound(f"There is no patient with the id {asked.patient_id}.") from error
    plan = read(asked.question, chart.as_of)
    answer = compute(chart, plan)
    took = 1000 * (time.perf_counter() - started)
    return output(asked, answer, plan.kind, took)


def output(asked: RAGPipelineInput, answer: Answer, kind: str, took: float) -> RAGPipelineOutput:
    numbers: dict[tuple, int] = {}
    sources: list[Source] = []
    sentences: list[Sentence] = []
    parts: list[str] = []
    for statement in answer.statements:
        cited: list[int] = []
        for source in statement.sources:
            if source.key not in numbers:
                numbers[source.key] = len(sources) + 1
                sources.append(source)
            if numbers[source.key] not in cited:
                cited.append(numbers[source.key])
        sentences.append(Sentence(text=statement.text, citations=cited))
        marks = "".join(f"[{n}]" for n in cited) if asked.include_citations else ""
        parts.append(f"{statement.text} {marks}".strip())
    citations = [
        Citation(
            text=s.text, source=s.entry.reference, date=(s.entry.date or "")[:10] or None, number=n,
            version=s.entry.version, element=s.element or None, span=list(s.span) if s.span else None,
        )
        for n, s in enumerate(sources, 1)
    ]  # fmt: skip
    return RAGPipelineOutput(
        success=True,
        answer=" ".join(parts),
        confidence=round(answer.certainty, 2),
        context_used=[
            ContextChunk(source_reference=s.entry.reference, source_type=s.entry.type, text=s.text, similarity=s.similarity)
            for s in sources[: asked.max_context_chunks]
        ],
        citations=citations if asked.include_citations else None,
        model_used=RECORD,
        tokens_used=0,
        retrieval_time_ms=round(took, 1),
        generation_time_ms=0.0,
        total_time_ms=round(took, 1),
        answered=answer.answered,
        result=answer.result,
        sentences=sentences,
        question_type=asked.question_type or kind,
        kind=answer.kind,
        steps=answer.steps,
        series=[_point(e) for e in answer.series] or None,
    )


def _point(entry: Any) -> dict[str, Any]:
    measure = entry.measure
    return {
        "date": entry.date, "value": measure.amount, "text": measure.text, "unit": measure.unit or None, "low": measure.low,
        "high": measure.high, "source": entry.reference, "name": entry.name,
    }  # fmt: skip
