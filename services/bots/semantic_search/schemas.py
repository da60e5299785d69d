"""The Semantic Search bot's input and output (contract: Semantic Search Bot)."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import Field, StringConstraints, field_validator, model_validator

from services.bots.context import Message, Moment
from services.fhir.definitions import resource_types
from services.fhir.indexing import date_range


class DateRange(Message):
    start: str | None = None
    end: str | None = None

    @field_validator("start", "end")
    @classmethod
    def _is_date(cls, value: str | None) -> str | None:
        if value is not None and date_range(value) is None:
            raise ValueError("must be an ISO date such as 2024-03-05")
        return value

    @model_validator(mode="after")
    def _in_order(self) -> DateRange:
        start, end = date_range(self.start), date_range(self.end)
        if start and end and start[0] >= end[1]:
            raise ValueError("start is after end")
        return self


class SemanticSearchInput(Message):
    query: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
    patient_id: str | None = None
    resource_types: list[str] | None = None
    limit: int = Field(10, ge=1, le=200)
    min_similarity: float | None = Field(None, ge=0, le=1)
    date_range: DateRange | None = None
    include_snippets: bool = False
    as_of: Moment | None = None
    """Beyond the contract: nothing dated after this is used, and "last year" is reckoned from it."""

    @field_validator("patient_id")
    @classmethod
    def _bare_id(cls, value: str | None) -> str | None:
        return value.removeprefix("Patient/") if value else None

    @field_validator("resource_types")
    @classmethod
    def _known_types(cls, value: list[str] | None) -> list[str] | None:
        for name in value or ():
            if name not in resource_types():
                raise ValueError(f"'{name}' is not a FHIR R4 resource type")
        return value

    def as_of_date(self) -> dt.date | None:
        covered = date_range(self.as_of)
        return dt.datetime.fromtimestamp(covered[1] - 1, dt.UTC).date() if covered else None


class SearchResult(Message):
    resource_type: str
    resource_id: str
    similarity: float
    matched_text: str | None = None
    patient_id: str | None = None
    # Beyond the contract:
    title: str | None = None
    date: str | None = None
    status: str | None = None
    section: str | None = None
    version: str | None = None
    cosine: float | None = None
    stale: bool | None = None
    assertion: str | None = None
    """"absent" where the passage says that what was asked for is not there."""


class SemanticSearchOutput(Message):
    success: bool
    results: list[SearchResult]
    query_embedding_generated: bool
    search_duration_ms: float
    message: str | None = None
    # Beyond the contract:
    absent: list[SearchResult] | None = None
    """Passages that say that what was asked for is not there ("denies chest pain")."""
    exact: bool | None = None
    """Every passage in scope was scored; False where an approximate index chose candidates."""
    understood: dict[str, Any] | None = None
