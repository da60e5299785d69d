"""FHIR's operations on what the record holds: `$everything`, `$validate`, `$summary`."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.accounts.policy import check_policy
from services.api.addresses import BASE, base_url
from services.api.answers import shown_as
from services.api.auditing import note
from services.api.fhir import type_of
from services.api.http import FHIR_JSON, Json, body, fhir_errors, parse_json, principal, run, system_of
from services.errors import InvalidInput
from services.fhir.everything import everything
from services.fhir.paging import search_bundle
from services.fhir.patient_summary import patient_summary
from services.fhir.repository import Stored
from services.fhir.validation import validate
from services.runtime.calls import OK


@fhir_errors
async def everything_route(request: Request) -> Response:
    """The patient's compartment; `_type`, `_since`, `_count` and `_offset` narrow it."""
    who = await principal(request)
    repository = await run(system_of(request).repository_for, who)
    patient_id, asked = request.path_params["id"], await _parameters(request)
    page = await run(everything, repository, patient_id, asked)
    found = search_bundle(base_url(request), page, await shown_as(request, repository, page.matches))
    if page.has_next:
        rest = [(name, value) for name, value in asked if name not in ("_count", "_offset")]
        query = urlencode([*rest, ("_count", str(page.count)), ("_offset", str(page.offset + page.count))])
        address = f"{base_url(request)}/Patient/{patient_id}/$everything?{query}"
        found["link"] = [{"relation": "next", "url": address}]
    return Json(found, media_type=FHIR_JSON)


@fhir_errors
async def summary_route(request: Request) -> Response:
    """The patient's summary as a document (International Patient Summary's sections)."""
    who = await principal(request)
    repository = await run(system_of(request).repository_for, who)
    patient_id = request.path_params["id"]

    def work() -> dict[str, Any]:
        patient = repository.read("Patient", patient_id)
        note(request, [patient])
        now = dt.datetime.now(dt.UTC)
        return patient_summary(
            patient.resource, repository.compartment(patient_id), repository.find, now, base_url(request)
        )

    return Json(await run(work), media_type=FHIR_JSON)


@fhir_errors
async def validate_route(request: Request) -> Response:
    """OK, or 400 with an issue for each element that is wrong. Nothing is stored."""
    who = await principal(request)
    resource_type, resource_id = type_of(request), request.path_params.get("id")
    repository = await run(system_of(request).repository_for, who)
    data = await body(request) if request.method == "POST" else b""
    resource: Any = None
    if data.strip():
        resource = parse_json(data)
        if isinstance(resource, dict) and resource.get("resourceType") == "Parameters" != resource_type:
            resource = _parameter(resource, "resource")
    elif resource_id:
        stored: Stored = await run(repository.read, resource_type, resource_id)
        resource = stored.resource
    if not isinstance(resource, dict) or resource.get("resourceType") != resource_type:
        raise InvalidInput(
            f"Send a {resource_type}, by itself or as the parameter 'resource' of Parameters.",
            details={"element": f"{resource_type}.resourceType"},
        )
    if resource_id and resource.get("id") not in (None, resource_id):
        raise InvalidInput("The id in the resource is not the one in the address.", details={"element": "id"})
    await run(validate, resource)
    if resource_type == "AccessPolicy":
        check_policy(resource)
    return Json(OK, media_type=FHIR_JSON)


async def _parameters(request: Request) -> list[tuple[str, str]]:
    """Of the address, and of a Parameters resource where one was sent."""
    found = request.query_params.multi_items()
    data = await body(request) if request.method == "POST" else b""
    if data.strip():
        sent = parse_json(data)
        entries = sent.get("parameter") if isinstance(sent, dict) else None
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and isinstance(entry.get("name"), str):
                found += [(entry["name"], str(v)) for k, v in entry.items() if k.startswith("value")]
    return found


def _parameter(parameters: dict[str, Any], name: str) -> Any:
    entries = parameters.get("parameter")
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and entry.get("name") == name:
            return entry.get("resource")
    return None


_BOTH = ["GET", "POST"]
ROUTES = [
    Route(f"{BASE}/Patient/{{id:name}}/$everything", everything_route, methods=_BOTH),
    Route(f"{BASE}/Patient/{{id:name}}/$summary", summary_route, methods=_BOTH),
    Route(f"{BASE}/{{type:name}}/$validate", validate_route, methods=["POST"]),
    Route(f"{BASE}/{{type:name}}/{{id:name}}/$validate", validate_route, methods=_BOTH),
]
