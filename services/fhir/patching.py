"""JSON Patch (RFC 6902) over a resource."""

from __future__ import annotations

from typing import Any

import jsonpatch

from services.errors import InvalidInput
from services.fhir.repository import Resource, Stored


def patched(current: Stored, operations: list[dict[str, Any]]) -> Resource:
    """The resource after the operations. Raises InvalidInput where they don't fit it."""
    try:
        changed = jsonpatch.apply_patch(current.resource, operations)
    except Exception as error:  # jsonpatch raises whatever an odd operation leads to
        # Its message may hold values of the record, so only the kind of the failure is told.
        raise InvalidInput(f"The JSON Patch can't be applied ({type(error).__name__}).") from error
    if not isinstance(changed, dict):
        raise InvalidInput("A patch can't replace the resource by something else.")
    if (changed.get("resourceType"), changed.get("id")) != (current.type, current.id):
        raise InvalidInput("A patch can't change the resource's type or id.")
    return changed
