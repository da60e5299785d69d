"""The RAG Pipeline bot's input and output (contract: RAG Pipeline Bot)."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, field_validator

from services.bots.context import Message, Moment
from services.chart.entry import days

QuestionType = Literal["factual", "trend", "summary", "comparison"]
AnswerKind = Literal["computed", "quoted", "summary", "absent", "generated"]


class Turn(Message):
    """An earlier question of the same conversation: what "and before that?" is about."""

    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class RAGPipelineInput(Message):
    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
    patient_id: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    max_context_chunks: int = Field(5, ge=1, le=50)
    include_citations: bool = True
    model: Annotated[str, StringConstraints(min_length=1, max_length=100)] = "clinical-model"
    temperature: float = Field(0.3, ge=0, le=1)
    max_tokens: int | None = Field(None, ge=1, le=32_000)
    question_type: QuestionType | None = None
    # Beyond the contract:
    as_of: Moment | None = None
    """Nothing dated after this is used; ages and "the past year" are reckoned from it. Default: now."""
    history: list[Turn] = Field(default_factory=list, max_length=20)
    """Earlier questions of the conversation, oldest first."""
    generate: bool = True
    """False: answer from the record alone, also where a chat model is configured."""

    @field_validator("patient_id")
    @classmethod
    def _bare_id(cls, value: str) -> str:
        return value.removeprefix("Patient/")

    def as_of_day(self) -> dt.date:
        """The day, by the moment's own time zone."""
        if self.as_of is None:
            return dt.datetime.now(dt.UTC).date()
        covered = days(self.as_of)
        return covered[1] if covered else dt.datetime.now(dt.UTC).date()


class ContextChunk(Message):
    source_reference: str
    source_type: str
    text: str
    similarity: float


class Citation(Message):
    text: str
    source: str
    date: str | None = None
    # Beyond the contract:
    number: int
    version: str
    element: str | None = None
    span: list[int] | None = None


class Sentence(Message):
    text: str
    citations: list[int]


class RAGPipelineOutput(Message):
    success: bool
    answer: str
    confidence: float
    context_used: list[ContextChunk]
    citations: list[Citation] | None = None
    model_used: str
    tokens_used: int
    retrieval_time_ms: float
    generation_time_ms: float
    total_time_ms: float
    message: str | None = None
    # Beyond the contract:
    answered: bool
    result: dict[str, Any] | None = None
    sentences: list[Sentence]
    question_type: QuestionType
    kind: AnswerKind
    steps: list[str]
    series: list[dict[str, Any]] | None = None
    dropped: list[dict[str, Any]] | None = None
    """Sentences of a model that the check against the evidence refused, and why."""
