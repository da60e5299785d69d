"""Bundles of what was found: entries, and the links to further pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

import orjson

from services.fhir.repository import Page, Resource, Stored

Shown = Callable[[bytes], Any]


def search_bundle(base: str, page: Page, shown: Shown = orjson.Fragment) -> Resource:
    """A searchset. `base` is the address of the FHIR API; `shown` makes the JSON of a resource from its body."""
    bundle: Resource = {"resourceType": "Bundle", "type": "searchset"}
    if page.total is not None:
        bundle["total"] = page.total
    bundle["entry"] = [
        {"fullUrl": f"{base}/{s.reference}", "resource": shown(s.body or b"{}"), "search": {"mode": mode}}
        for group, mode in ((page.matches, "match"), (page.included, "include"))
        for s in group
    ]
    return bundle


def links(
    base: str, resource_type: str, params: Sequence[tuple[str, str]], page: Page
) -> list[dict[str, str]]:
    """self, first, next and previous of a page. A client follows `next` only where its origin is the one that it
    asked, so `base` is what the client called."""
    rest = [(n, v) for n, v in params if n not in ("_offset", "_count")]

    def link(relation: str, offset: int) -> dict[str, str]:
        query = urlencode([*rest, ("_count", str(page.count)), ("_offset", str(offset))])
        return {"relation": relation, "url": f"{base}/{resource_type}?{query}"}

    found = [link("self", page.offset), link("first", 0)]
    if page.has_next:
        found.append(link("next", page.offset + page.count))
    if page.offset:
        found.append(link("previous", max(0, page.offset - page.count)))
    return found


def history_bundle(base: str, versions: Sequence[Stored], shown: Shown = orjson.Fragment) -> Resource:
    """The versions of a resource, newest first."""
    entries: list[Resource] = []
    for version in versions:
        entry: Resource = {
            "fullUrl": f"{base}/{version.reference}",
            "request": {"method": "PUT" if version.body else "DELETE", "url": version.reference},
            "response": {"status": "200", "etag": f'W/"{version.version}"', "lastModified": version.updated},
        }
        if version.body:
            entry["resource"] = shown(version.body)
        entries.append(entry)
    return {"resourceType": "Bundle", "type": "history", "total": len(entries), "entry": entries}
