"""Is this a FHIR R4 resource? Asked at the edges: the API and the import. What is inside was asked already.

The models are those of fhir.resources (R4B, whose clinical resources are R4's); loading them takes about a
second, so it happens at the first question, and each type's model on its first use.
"""

from __future__ import annotations

from typing import Any

from services.errors import InvalidInput
from services.fhir.definitions import ID_PATTERN, resource_types

_PLATFORM_TYPES = frozenset(
    ["Project", "ClientApplication", "User", "ProjectMembership", "Bot", "Login", "AccessPolicy", "AsyncJob"]
)
"""Medplum's own types, which FHIR does not define: their handlers check them."""


def validate(resource: object) -> None:
    """Raises InvalidInput that names the first wrong element, or returns."""
    if not isinstance(resource, dict):
        raise InvalidInput("A resource is a JSON object.")
    resource_type = resource.get("resourceType")
    if not isinstance(resource_type, str) or resource_type not in resource_types():
        raise InvalidInput(
            f"'{resource_type}' is not a FHIR R4 resource type.", details={"element": "resourceType"}
        )
    resource_id = resource.get("id")
    if resource_id is not None and not (isinstance(resource_id, str) and ID_PATTERN.match(resource_id)):
        raise InvalidInput(
            "An id has up to 64 letters, digits, '-' and '.'.", details={"element": f"{resource_type}.id"}
        )
    if resource_type in _PLATFORM_TYPES:
        return
    problems = _problems(resource_type, resource)
    if problems:
        element, reason = problems[0]
        raise InvalidInput(
            f"{element}: {reason}", details={"element": element, "issues": [list(p) for p in problems[:20]]}
        )


def _problems(resource_type: str, resource: dict[str, Any]) -> list[tuple[str, str]]:
    """(element, reason) pairs; reasons never repeat the content."""
    from fhir.resources.R4B import get_fhir_model_class
    from pydantic import ValidationError

    try:
        model = get_fhir_model_class(resource_type)
    except KeyError:  # the few R4 types that R4B dropped
        return []
    try:
        model.model_validate(resource)
    except ValidationError as error:
        found = []
        for item in error.errors(include_url=False, include_input=False, include_context=False):
            path = ".".join(str(part) for part in (resource_type, *item["loc"]))
            found.append((path, item["msg"].partition("\n")[0][:200]))
        return found
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        return [(resource_type, f"can't be read as FHIR R4 ({type(error).__name__})")]
    return []
