"""FHIR resources as HTTP responses: what is shown of them, entity tags, where they lie."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from email.utils import formatdate
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from services.api.addresses import base_url
from services.api.auditing import note
from services.api.http import FHIR_JSON, Json, run, system_of
from services.api.shaping import Shape
from services.fhir.origin import Origin, origins
from services.fhir.repository import Repository, Resource, Stored


async def shown_as(
    request: Request,
    repository: Repository,
    found: Iterable[Stored],
    shape: Shape = Shape(),  # noqa: B008 (frozen)
) -> Callable[[bytes], Any]:
    """How the resources found are shown: the wanted parts, and their origin for `X-Medplum: extended`. The audit trail
    is told of them."""
    asked = list(found)
    note(request, asked)
    if request.headers.get("x-medplum", "").strip().lower() != "extended":
        return shape.apply
    system = system_of(request)
    known, project = await run(lambda: (origins(system.database, asked), system.directory.project().id))

    def shown(body: bytes) -> Resource:
        resource = shape.part(orjson.loads(body))
        meta = resource.get("meta") or {}
        key = (resource.get("resourceType", ""), resource.get("id", ""), meta.get("versionId", ""))
        told = known.get(key, Origin())
        # Where elements are hidden, the patient may be one of them.
        patients = () if repository.partial(key[0]) else told.patients
        compartment = [f"Project/{project}", *(f"Patient/{p}" for p in patients)]
        extended = {**meta, "author": _author(told.author), "project": project,
                    "compartment": [{"reference": reference} for reference in compartment]}  # fmt: skip
        return {**resource, "meta": extended}

    return shown


def _author(reference: str | None) -> Resource:
    if reference is None or reference.startswith("System/"):  # no resource of the record
        return {"reference": "system", "display": (reference or "").partition("/")[2] or "unknown"}
    return {"reference": reference}


async def stored_response(
    request: Request,
    repository: Repository,
    stored: Stored,
    status: int = 200,
    *,
    location: bool = False,
    shape: Shape = Shape(),  # noqa: B008 (frozen)
    without: str = "",
) -> Response:
    """One version of a resource with its entity tag. `without` names an element that is left out."""
    headers = {"ETag": f'W/"{stored.version}"', "Last-Modified": _http_date(stored.updated)}
    if location:
        headers["Location"] = f"{base_url(request)}/{stored.reference}/_history/{stored.version}"
    content = (await shown_as(request, repository, [stored], shape))(stored.body or b"{}")
    if stored.type == "Binary":  # Medplum's clients link to it by this
        known = content if isinstance(content, dict) else stored.resource
        content = {**{k: v for k, v in known.items() if k != without}, "url": stored.reference}
    return Json(content, status_code=status, headers=headers, media_type=FHIR_JSON)


def _http_date(instant: str) -> str:
    return formatdate(dt.datetime.fromisoformat(instant).timestamp(), usegmt=True)
