"""Semantic Search bot: by `$execute`, and what the search page calls."""

from __future__ import annotations

from typing import Any

from services.bots.context import Context, read_input
from services.bots.semantic_search.schemas import SearchResult, SemanticSearchInput, SemanticSearchOutput
from services.errors import PatientNotFound
from services.fhir.indexing import date_range
from services.index.question import Question
from services.index.search import Filters, Found, Hit


def handle(context: Context, value: Any) -> SemanticSearchOutput:
    """Raises InvalidInput, or PatientNotFound where the patient is not there or not the caller's to see."""
    asked = read_input(SemanticSearchInput, value)
    found = find(context, asked)
    shown = [hit.patient_id for hit in (*found.hits, *found.absent) if hit.patient_id]
    context.audit.write(
        "semantic_search", agent=context.principal, patient_id=asked.patient_id, patients=shown,
        details={"results": len(found.hits), "absent": len(found.absent)},
    )  # fmt: skip
    return SemanticSearchOutput(
        success=True,
        results=[_result(h, asked.include_snippets) for h in found.hits],
        query_embedding_generated=found.embedded,
        search_duration_ms=round(found.seconds * 1000, 1),
        message=" ".join(found.notes) or None,
        absent=[_result(h, asked.include_snippets, "absent") for h in found.absent] or None,
        exact=found.exact,
        understood=understood(found.question),
    )


def find(context: Context, asked: SemanticSearchInput) -> Found:
    """The hits themselves, for pages."""
    if asked.patient_id and context.repository.find(f"Patient/{asked.patient_id}") is None:
        raise PatientNotFound(f"There is no patient with the id {asked.patient_id}.")
    period = asked.date_range
    start = date_range(period.start) if period else None
    end = date_range(period.end) if period else None
    filters = Filters(
        types=frozenset(asked.resource_types or ()),
        since=start[0] if start else None,
        before=end[1] if end else None,
        minimum=asked.min_similarity or 0.0,
        limit=asked.limit,
        as_of=asked.as_of_date(),
    )
    return context.retriever.search(asked.query, context.repository, asked.patient_id, filters)


def understood(question: Question) -> dict[str, Any]:
    """What the query was taken to mean, for the "understood as" line and for programs."""
    said: dict[str, Any] = {
        "concepts": list(question.concepts),
        "absent": sorted(question.absent),
        "values": [
            f"{c.concept} {c.op} {c.value:g}{' ' + c.unit if c.unit else ''}" for c in question.comparisons
        ],
        "qualifiers": sorted(question.qualifiers),
        "period": [d.isoformat() if d else None for d in question.period] if any(question.period) else None,
        "laterality": question.laterality,
        "order": question.order,
        "status": question.status,
        "codes": list(question.codes),
    }
    return {k: v for k, v in said.items() if v}


def _result(hit: Hit, snippets: bool, assertion: str | None = None) -> SearchResult:
    return SearchResult(
        resource_type=hit.resource_type,
        resource_id=hit.resource_id,
        similarity=hit.similarity,
        matched_text=hit.text if snippets else None,
        patient_id=hit.patient_id or None,
        title=hit.title,
        date=hit.date,
        status=hit.status,
        section=hit.section,
        version=hit.version,
        cosine=hit.cosine,
        stale=hit.stale or None,
        assertion=assertion,
    )
