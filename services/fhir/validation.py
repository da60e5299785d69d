"""Is this a FHIR R4 resource? Asked at the edges: the API and the import. What is inside was asked already.

The models are those of fhir.resources (R4B, whose clinical resources are R4's); loading them takes about a
second, so it happens at the first question, and each type's model on its first use.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from services.errors import InvalidInput
from services.fhir.definitions import ID_PATTERN, resource_types
from services.fhir.origin import content_of

_PLATFORM_TYPES = frozenset(
    ["Project", "ClientApplication", "User", "ProjectMembership", "Bot", "Login", "AccessPolicy", "AsyncJob"]
)
"""Medplum's own types, which FHIR does not define: their handlers check them."""
_CHANGED_IN_R4B = frozenset(["Evidence", "EvidenceReport", "EvidenceVariable", "Citation"])
"""R4B gave these a new content, so its models say nothing of R4's."""


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
    problems = _problems(resource_type, content_of(resource))
    if problems:
        element, reason = problems[0]
        raise InvalidInput(
            f"{element}: {reason}", details={"element": element, "issues": [list(p) for p in problems[:20]]}
        )


def summary_elements(resource_type: str) -> frozenset[str]:
    """The elements that FHIR marks as the summary of a type; empty where the models don't know it."""
    model = _model(resource_type)
    return frozenset(model.summary_elements_sequence()) if model else frozenset()


def mandatory_elements(resource_type: str) -> frozenset[str]:
    """The top-level elements without which a resource of this type would not be valid."""
    model = _model(resource_type)
    if model is None:
        return frozenset()
    return frozenset(
        field.alias or name
        for name, field in model.model_fields.items()
        if field.is_required() or (field.json_schema_extra or {}).get("element_required")
    )


@functools.cache
def _model(resource_type: str) -> Any:
    """The model of a type, or None for the types that R4B dropped or changed and for Medplum's own."""
    from fhir.resources.R4B import get_fhir_model_class

    if resource_type in _PLATFORM_TYPES or resource_type in _CHANGED_IN_R4B:
        return None
    try:
        return get_fhir_model_class(resource_type)
    except (KeyError, ValueError):
        return None


def _problems(resource_type: str, resource: dict[str, Any]) -> list[tuple[str, str]]:
    """(element, reason) pairs; reasons never repeat the content."""
    model = _model(resource_type)
    if model is None:
        return []
    try:
        read = model.model_validate(resource)
        return list(_wrong_types(read, resource, resource_type))
    except ValidationError as error:
        found = []
        for item in error.errors(include_url=False, include_input=False, include_context=False):
            path = ".".join(str(part)[:64] for part in (resource_type, *item["loc"][:20]))
            found.append((path, _reason(item["type"], item["msg"])))
        return found
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        return [(resource_type, f"can't be read as FHIR R4 ({type(error).__name__})")]


def _reason(kind: str, message: str) -> str:
    """What is wrong, in pydantic's words where those are about the rule and not about the value."""
    if kind in ("value_error", "assertion_error", "string_pattern_mismatch", "literal_error"):
        return "is not written as FHIR R4 asks"
    return message.partition("\n")[0][:200]


_FURTHER = {
    "Observation.status": "corrected cancelled entered-in-error unknown",
    "DetectedIssue.status": "corrected cancelled entered-in-error unknown",
    "RiskAssessment.status": "corrected cancelled entered-in-error unknown",
    "DiagnosticReport.status": "amended corrected appended cancelled entered-in-error unknown",
    "Encounter.status": "entered-in-error unknown",
    "EncounterStatusHistory.status": "entered-in-error unknown",
    "DeviceUseStatement.status": "intended stopped on-hold",
    "DeviceUdiCarrier.entryType": "card self-reported unknown",
    "SupplyRequest.status": "cancelled completed entered-in-error unknown",
    "Task.status": "rejected ready cancelled in-progress on-hold failed completed entered-in-error",
    "QuestionnaireItem.type": "time string text url choice open-choice attachment reference quantity question",
}
"""Codes that the models leave to "+": FHIR R4 (4.0.1), required bindings of these elements."""


def _wrong_codes(model: str, path: str, value: Any, codes: list[str]) -> Iterator[tuple[str, str]]:
    """Codes outside a required binding."""
    element = f"{model}.{path.rpartition('.')[2]}"
    if "+" in codes and element not in _FURTHER:
        return
    allowed = [*(c for c in codes if c != "+"), *_FURTHER.get(element, "").split()]
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str) and item not in allowed:
            yield path, f"takes one of: {', '.join(allowed)}"


def _wrong_types(read: Any, sent: Any, path: str) -> Iterator[tuple[str, str]]:
    """Primitives that the models accept in the wrong JSON type, such as "true" for true; and unknown codes."""
    if isinstance(read, BaseModel) and isinstance(sent, dict):
        for name, field in type(read).model_fields.items():
            key = field.alias or name
            value = getattr(read, name, None)
            if value is not None and key in sent:
                codes: Any = cast(dict[str, Any], field.json_schema_extra or {}).get("enum_values")
                if codes:
                    yield from _wrong_codes(type(read).__name__, f"{path}.{key}", value, codes)
                yield from _wrong_types(value, sent[key], f"{path}.{key}")
    elif isinstance(read, list) and isinstance(sent, list):
        for number, (value, given) in enumerate(zip(read, sent, strict=False)):
            yield from _wrong_types(value, given, f"{path}.{number}")
    elif isinstance(read, bool) or isinstance(sent, bool):
        if type(read) is not type(sent):
            yield path, "takes true or false" if isinstance(read, bool) else "does not take true or false"
    elif isinstance(read, int | Decimal) != isinstance(sent, int | float):
        yield path, "takes a number" if isinstance(read, int | Decimal) else "does not take a number"
