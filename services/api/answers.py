"""FHIR resources and bundles as HTTP responses: entries, links, entity tags, where a resource lies."""

from __future__ import annotations

import datetime as dt
from email.utils import formatdate

from starlette.requests import Request
from starlette.responses import Response

from services.api.http import FHIR_JSON, Json
from services.api.shaping import Shape
from services.fhir.repository import Stored

BASE = "/fhir/R4"


def base_url(request: Request) -> str:
    """The FHIR API's address, as the client called it."""
    return f"{origin(request)}{BASE}"


def origin(request: Request) -> str:
    return f"{request.url.scheme}://{request.headers.get('host', request.url.netloc)}"


def stored_response(
    request: Request,
    stored: Stored,
    status: int = 200,
    *,
    location: bool = False,
    shape: Shape = Shape(),  # noqa: B008 (frozen)
) -> Response:
    changed = dt.datetime.fromisoformat(stored.updated).timestamp()
    headers = {"ETag": f'W/"{stored.version}"', "Last-Modified": formatdate(changed, usegmt=True)}
    if location:
        headers["Location"] = f"{origin(request)}{BASE}/{stored.reference}/_history/{stored.version}"
    content = shape.apply(stored.body or b"{}")
    return Json(content, status_code=status, headers=headers, media_type=FHIR_JSON)
