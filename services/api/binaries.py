"""Binaries: bytes in and out as they are, and stored embeddings as the Binary that the contract describes."""

from __future__ import annotations

import base64
import re

import orjson
from starlette.requests import Request
from starlette.responses import Response

from services.accounts.roles import Principal
from services.api.answers import stored_response
from services.api.auditing import note
from services.api.http import FHIR_JSON, Json, parse_json, run
from services.errors import Forbidden, InvalidInput
from services.fhir.binaries import binary_of
from services.fhir.repository import Repository, Resource
from services.runtime.system import System

_MEDIA_TYPE = re.compile(r"^[\w.+-]{1,64}/[\w.+-]{1,64}(; ?[\w-]{1,32}=[\w.+-]{1,64})?\Z", re.ASCII)


def sent_binary(data: bytes, request: Request, repository: Repository) -> tuple[Resource, bool]:
    """The Binary that was sent, and whether it came as bytes: what is no Binary resource in JSON is content, JSON
    itself too (hl7.org/fhir/R4/binary.html#rest). `X-Security-Context` names whose access it shares.

    Raises InvalidInput where that resource isn't there for the sender.
    """
    content_type = request.headers.get("content-type", "")
    if content_type.partition(";")[0].strip() in (FHIR_JSON, "application/json"):
        try:
            sent = parse_json(data)
        except InvalidInput:
            sent = None
        if isinstance(sent, dict) and sent.get("resourceType") == "Binary":
            return sent, False
    return binary_of(repository, data, content_type, request.headers.get("x-security-context")), True


async def read_binary(request: Request, system: System, who: Principal, binary_id: str) -> Response:
    """A Binary of the record, or a stored embedding as the Binary that the contract describes."""
    repository = system.repository_for(who)
    embedding = await run(system.store.binary, binary_id)
    if embedding is not None:
        # Whoever may not see the resource may not see its text here.
        source = embedding["fhir_resource_type"]
        note(request, [await run(repository.read, source, embedding["fhir_resource_id"])])
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
    context = (resource.get("securityContext") or {}).get("reference")
    shared = await run(repository.find, context) if isinstance(context, str) else None
    note(request, [shared] if shared else [])  # whose chart the content is in
    if FHIR_JSON in request.headers.get("accept", "") or "data" not in resource:
        return await stored_response(request, repository, stored)
    try:
        content = base64.b64decode(str(resource["data"]))
    except ValueError:  # not base64: the resource as it is says more than an error
        return await stored_response(request, repository, stored)
    media_type = str(resource.get("contentType"))
    if not _MEDIA_TYPE.match(media_type):
        media_type = "application/octet-stream"
    return Response(content, headers={
        "Content-Type": media_type, "Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff",
    })  # fmt: skip
