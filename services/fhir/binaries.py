"""Content as a Binary (hl7.org/fhir/R4/binary.html)."""

from __future__ import annotations

import base64

from services.errors import InvalidInput
from services.fhir.repository import Repository, Resource


def binary_of(
    repository: Repository, content: bytes, content_type: str, context: str | None = None
) -> Resource:
    """A Binary of the content. `context` is the reference of the resource whose access it shares.

    Raises InvalidInput where that resource isn't there for whoever writes.
    """
    binary: Resource = {
        "resourceType": "Binary",
        "contentType": content_type.strip() or "application/octet-stream",
        "data": base64.b64encode(content).decode(),
    }
    if context:
        if repository.find(context) is None:
            raise InvalidInput("X-Security-Context names no resource that you can see.")
        binary["securityContext"] = {"reference": context}
    return binary
