"""Conditional create and update: which resource a condition means (hl7.org/fhir/R4/http.html#ccreate)."""

from __future__ import annotations

from urllib.parse import parse_qsl

from services.errors import InvalidInput, PreconditionFailed
from services.fhir.repository import Repository, Stored

_SHOWN = frozenset(
    ["_count", "_offset", "_sort", "_total", "_totalMethod", "_include", "_revinclude", "_summary", "_elements", "_fields", "_format", "_pretty"]
)  # fmt: skip
"""How results would be shown, which is no part of a condition."""


def criteria_of(query: str) -> list[tuple[str, str]]:
    """The part of a search that chooses resources."""
    params = parse_qsl(query, keep_blank_values=True)
    return [(name, value) for name, value in params if name.partition(":")[0] not in _SHOWN]


def sole_match(repository: Repository, resource_type: str, query: str) -> Stored | None:
    """The one resource that fits the search, or None.

    Raises PreconditionFailed where several fit, InvalidInput where the condition asks for nothing: it would
    fit everything.
    """
    criteria = criteria_of(query.removeprefix(resource_type).lstrip("?"))
    if not any(value for _, value in criteria):
        raise InvalidInput("A condition needs at least one search parameter with a value.")
    matches = repository.search(resource_type, [*criteria, ("_count", "2")]).matches
    if len(matches) > 1:
        raise PreconditionFailed(f"Several {resource_type} resources match the condition.")
    return matches[0] if matches else None


def version_of(etag: object) -> str | None:
    """The version in `W/"…"`, `"…"` or bare; None where nothing is named."""
    return str(etag or "").strip().removeprefix("W/").strip('"') or None
