"""FHIR resources and bundles as HTTP responses: entries, links, entity tags, where a resource lies."""

from __future__ import annotations

import datetime as dt
from email.utils import formatdate
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from services.api.http import FHIR_JSON, Json
from services.api.shaping import Shape
from services.fhir.repository import Page, Stored

BASE = "/fhir/R4"


def search_bundle(
    request: Request,
    matches: list[Stored],
    included: list[Stored],
    total: int | None,
    shape: Shape = Shape(),  # noqa: B008 (frozen)
) -> dict[str, Any]:
    base_url = f"{origin(request)}{BASE}"
    bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset"}
    if total is not None:
        bundle["total"] = total
    bundle["entry"] = [
        {
            "fullUrl": f"{base_url}/{s.reference}",
            "resource": shape.apply(s.body or b"{}"),
            "search": {"mode": mode},
        }
        for group, mode in ((matches, "match"), (included, "include"))
        for s in group
    ]
    return bundle


def links(
    request: Request, resource_type: str, params: list[tuple[str, str]], page: Page
) -> list[dict[str, str]]:
    # Clients follow `next` only where its origin is the one that they asked.
    rest = [(n, v) for n, v in params if n not in ("_offset", "_count")]

    def link(relation: str, offset: int) -> dict[str, str]:
        query = urlencode([*rest, ("_count", str(page.count)), ("_offset", str(offset))])
        return {"relation": relation, "url": f"{origin(request)}{BASE}/{resource_type}?{query}"}

    links = [link("self", page.offset), link("first", 0)]
    if page.has_next:
        links.append(link("next", page.offset + page.count))
    if page.offset:
        links.append(link("previous", max(0, page.offset - page.count)))
    return links


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
