"""Answers with a part of each resource: `_elements`, `_fields`, `_summary` (hl7.org/fhir/R4/search.html#summary)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from services.errors import InvalidInput
from services.fhir.repository import Resource
from services.fhir.validation import mandatory_elements, summary_elements

_ALWAYS = frozenset({"resourceType", "id", "meta"})
_SUBSETTED = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}
_SUMMARIES = ("true", "false", "text", "data", "count")
_FORMATS = ("json", "application/json", "application/fhir+json", "application/fhir json")  # a '+' not escaped


@dataclass(frozen=True, slots=True)
class Shape:
    """Which elements are wanted; nothing set means all of them."""

    elements: frozenset[str] | None = None
    summary: str = "false"

    def apply(self, body: bytes) -> Any:
        """The resource's JSON, whole or as a marked part of it, ready to be put into a response."""
        if self.elements is None and self.summary in ("false", "count"):
            return orjson.Fragment(body)
        return self.part(orjson.loads(body))

    def part(self, resource: Resource) -> Resource:
        """The wanted elements, marked as a part where not all of them are wanted."""
        if self.elements is None and self.summary in ("false", "count"):
            return resource
        resource_type = resource["resourceType"]
        if self.elements is not None:
            keep = _ALWAYS | self.elements | mandatory_elements(resource_type)
        elif self.summary == "text":
            keep = _ALWAYS | {"text"} | mandatory_elements(resource_type)
        elif self.summary == "data":
            keep = frozenset(resource) - {"text"}
        else:
            known = summary_elements(resource_type)
            keep = _ALWAYS | known if known else frozenset(resource) - {"text", "contained"}
        part = {k: v for k, v in resource.items() if k.removeprefix("_") in keep}
        meta = dict(part.get("meta") or {})
        tags = meta.get("tag")
        part["meta"] = {**meta, "tag": [*(tags if isinstance(tags, list) else []), _SUBSETTED]}
        return part


def shape_of(params: Iterable[tuple[str, str]]) -> Shape:
    """Raises InvalidInput for a format or summary that there is not."""
    elements: set[str] | None = None
    summary = "false"
    for name, value in params:
        if name in ("_elements", "_fields"):
            elements = (elements or set()) | {
                v.strip().rpartition(".")[2] for v in value.split(",") if v.strip()
            }
        elif name == "_summary":
            if value not in _SUMMARIES:
                raise InvalidInput(
                    f"_summary is one of {', '.join(_SUMMARIES)}.", details={"parameter": name}
                )
            summary = value
        elif name == "_format" and value not in _FORMATS:
            raise InvalidInput("Only JSON is spoken here: _format=json.", details={"parameter": name})
    return Shape(frozenset(elements) if elements else None, summary)
