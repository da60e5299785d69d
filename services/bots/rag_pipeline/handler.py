"""RAG Pipeline bot: by `$execute`, and what the Ask page calls."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

from services.bots.context import Context, read_input
from services.bots.rag_pipeline.answer import Answer, Source
from services.bots.rag_pipeline.answering import answered
from services.bots.rag_pipeline.confidence import confidence
from services.bots.rag_pipeline.generation import Generated, generate, merged, passages, sources_of
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.schemas import (
    Citation,
    ContextChunk,
    RAGPipelineInput,
    RAGPipelineOutput,
    Sentence,
)
from services.bots.rag_pipeline.stated_now import stated_now
from services.bots.rag_pipeline.whose import asked_of
from services.chart.entry import days
from services.errors import Gone, NotFound, PatientNotFound

RECORD = "record"  # modelUsed where no model took part
Event = tuple[str, Any]
_FORCED = {"trend": "trend", "summary": "summary", "comparison": "compare"}


def handle(context: Context, value: Any) -> RAGPipelineOutput:
    """Raises InvalidInput, or PatientNotFound where the patient is not there or not the caller's to see."""
    for name, told in stream(context, value):
        if name == "done":
            return told
    raise AssertionError("a stream ends with its output")


def stream(context: Context, value: Any, cancel: threading.Event | None = None) -> Iterator[Event]:
    """("status", words), ("delta", a checked sentence of a model), and last ("done", RAGPipelineOutput).

    Raises as `handle`. Setting `cancel` stops the model; the record's own answer stands then.
    """
    asked = _as_of_stated(read_input(RAGPipelineInput, value))
    started = time.perf_counter()
    try:
        chart = context.charts.open(context.repository, asked.patient_id, asked.as_of_day(), asked.as_of)
    except (NotFound, Gone) as error:
        raise PatientNotFound(f"There is no patient with the id {asked.patient_id}.") from error
    context.audit.write("rag_query", agent=context.principal, patient_id=chart.patient_id)
    question, stranger = asked_of(asked.question, chart)
    earlier = [asked_of(turn.question, chart)[0] for turn in asked.history]

    def adjust(plan: Plan) -> None:
        _force(plan, asked)
        if stranger:
            plan.ask = "stranger"

    plan, answer = answered(chart, question, earlier, adjust)
    computed = time.perf_counter()
    made = Generated()
    if asked.generate and plan.ask not in ("advice", "stranger", "cohort", "write") and context.router.chat_available():
        yield "status", "A model is wording the answer; each sentence is checked against the record."
        sources = sources_of(answer)
        known = {s.key for s in sources}
        sources += [s for s in passages(context, asked, chart) if s.key not in known]
        if sources:
            for part in generate(context, asked, chart, answer, sources, cancel):
                if isinstance(part, Generated):
                    made = part
                else:
                    yield "delta", part
    final = merged(answer, made)
    ended = time.perf_counter()
    yield "done", output(asked, plan, final, made, 1000 * (computed - started), 1000 * (ended - computed))


def _as_of_stated(asked: RAGPipelineInput) -> RAGPipelineInput:
    """The day that the question itself says it is, where the caller names no earlier one."""
    question, told = stated_now(asked.question)
    if told is None:
        return asked
    day = days(told)
    given = asked.as_of_day() if asked.as_of else None
    keep = given and day and (day[1] > given or (day[1] == given and "T" not in told))
    return asked.model_copy(update={"question": question, "as_of": asked.as_of if keep else told})


def _force(plan: Plan, asked: RAGPipelineInput) -> None:
    """The question type that the caller names, where the question can be taken so."""
    wanted = _FORCED.get(asked.question_type or "")
    if not wanted or plan.ask in (wanted, "advice", "demographic", "stranger", "cohort", "write"):
        return
    if (plan.target.kinds[:1] == ("result",)) != (wanted == "summary"):
        plan.ask = wanted


def output(
    asked: RAGPipelineInput, plan: Plan, answer: Answer, made: Generated, retrieval: float, generation: float
) -> RAGPipelineOutput:
    """The contract's output. Times are in milliseconds."""
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
        confidence=confidence(plan, answer),
        context_used=[
            ContextChunk(
                source_reference=s.entry.reference,
                source_type=s.entry.type,
                text=s.text,
                similarity=s.similarity,
            )
            for s in sources[: asked.max_context_chunks]
        ],
        citations=citations if asked.include_citations else None,
        model_used=made.model if answer.kind == "generated" else RECORD,
        tokens_used=made.tokens,
        retrieval_time_ms=round(retrieval, 1),
        generation_time_ms=round(generation, 1) if made.model or made.trouble else 0.0,
        total_time_ms=round(retrieval + generation, 1),
        message=made.trouble or None,
        answered=answer.answered,
        result=answer.result,
        sentences=sentences,
        question_type=asked.question_type or plan.kind,
        kind=answer.kind,
        steps=answer.steps,
        series=[_point(e) for e in answer.series] or None,
        dropped=made.dropped or None,
    )


def _point(entry: Any) -> dict[str, Any]:
    measure = entry.measure
    return {
        "date": entry.date, "value": measure.amount, "text": measure.text, "unit": measure.unit or None, "low": measure.low,
        "high": measure.high, "source": entry.reference, "name": entry.name,
    }  # fmt: skip
