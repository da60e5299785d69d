"""What a request gave out of patients' charts, told to the audit trail before it is answered: one event a request."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from starlette.requests import Request

from services.api.addresses import BASE, base_url
from services.audit.access import patients_of, rest_access
from services.fhir.repository import Stored
from services.runtime.system import System

_BY_ID = {"GET": "read", "PUT": "update", "PATCH": "patch"}
_READING = frozenset({"read", "vread", "search-type", "history-instance"})
_BY_TYPE = {"GET": "search-type", "POST": "create", "PUT": "update", "PATCH": "patch"}


def note(request: Request, found: Iterable[Stored]) -> None:
    """These are part of the answer."""
    if not hasattr(request.state, "shown"):
        request.state.shown, request.state.told = [], set()
    request.state.shown += (s for s in found if (s.reference, s.version) not in request.state.told)


def note_bundle(request: Request, bundle: Any) -> None:
    """As `note`, of the resources in the answer to a batch or transaction."""
    for entry in bundle.get("entry") or ():
        resource = entry.get("resource")
        if not isinstance(resource, dict):
            continue
        if resource.get("resourceType") == "Bundle":
            note_bundle(request, resource)
        elif resource.get("id"):
            version = (resource.get("meta") or {}).get("versionId", "")
            body = orjson.dumps(resource)
            note(request, [Stored(resource["resourceType"], resource["id"], version, "", body)])


def anything_shown(request: Request) -> bool:
    """A HEAD shows nothing."""
    return request.method != "HEAD" and bool(getattr(request.state, "shown", None))


def tell(system: System, request: Request) -> None:
    """Write the event, where patients' data were shown; of each once. Raises StoreUnavailable."""
    shown: list[Stored] = request.state.shown
    request.state.shown = []
    request.state.told |= {(s.reference, s.version) for s in shown}
    patients = patients_of(system.database, shown)
    if not patients:
        return
    sent = f"{request.method} {request.url.path}"
    if request.url.query:
        sent += f"?{request.url.query}"
    body = getattr(request.state, "body", b"")
    if body:
        sent += f"\n\n{body.decode('utf-8', 'replace')}"
    interaction = _interaction(request)
    client = request.client.host if request.client else "unknown"
    references = [stored.reference for stored in shown]
    keep = system.audit.keep_view if interaction in _READING else system.audit.keep
    keep(
        rest_access(
            request.state.who, interaction, patients, references, sent, client, base_url(request)
        )
    )


def _interaction(request: Request) -> str:
    """FHIR's code of what was asked (hl7.org/fhir/R4/valueset-restful-interaction.html)."""
    path, params = request.url.path.removeprefix(BASE).strip("/"), request.path_params
    last = path.rpartition("/")[2]
    if last.startswith("$"):
        return "operation"
    if not path:
        return "batch"
    if last == "_search":
        return "search-type"
    if "version" in params:
        return "vread"
    if last == "_history":
        return "history-instance"
    return (_BY_ID if "id" in params else _BY_TYPE).get(request.method, "operation")
