"""Binaries: bytes in and out as they are, and stored embeddings as the Binary that the contract describes."""

from __future__ import annotations

import base64
import re
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from services.accounts.roles import Principal
from services.api.answers import stored_response
from services.api.http import FHIR_JSON, Json, run
from services.errors import Forbidden
from services.runtime.system import System

_MEDIA_TYPE = re.compile(r"^[\w.+-]{1,64}/[\w.+-]{1,64}\Z", re.ASCII)


def is_json(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip() in (
        FHIR_JSON,
        "application/json",
        "",
    )


def binary_of(data: bytes, request: Request) -> dict[str, Any]:
    content_type = request.headers.get("content-type", "application/octet-stream").partition(";")[0]
    return {"resourceType": "Binary", "contentType": content_type, "data": base64.b64encode(data).decode()}


async def read_binary(request: Request, system: System, who: Principal, binary_id: str) -> Response:
    """A Binary of the record, or a stored embedding as the Binary that the contract describes."""
    repository = system.repository_for(who)
    embedding = await run(system.store.binary, binary_id)
    if embedding is not None:
        # Whoever may not see the resource may not see its text here.
        source = embedding["fhir_resource_type"]
        await run(repository.read, source, embedding["fhir_resource_id"])
        if repository.partial(source):
            raise Forbidden(
                f"Your access policy hides parts of {source}, and with them the texts made of it."
            )
        content = orjson.dumps(embedding)
        if FHIR_JSON not in request.headers.get("accept", ""):
            return Json(content)
        wrapped = {"resourceType": "Binary", "id": binary_id, "contentType": "application/json",
                   "data": base64.b64encode(content).decode()}  # fmt: skip
        return Json(wrapped, media_type=FHIR_JSON)
    stored = await run(lambda: repository.read("Binary", binary_id))
    resource = stored.resource
    if FHIR_JSON in request.headers.get("accept", "") or "data" not in resource:
        return stored_response(request, stored)
    headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
    try:
        content = base64.b64decode(str(resource["data"]))
    except ValueError:  # not base64: the resource as it is says more than an error
        return stored_response(request, stored)
    media_type = str(resource.get("contentType"))
    if not _MEDIA_TYPE.match(media_type):
        media_type = "application/octet-stream"
    return Response(content, media_type=media_type, headers=headers)
