"""All routes of the API, in the order in which they are matched."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from services.api import bots, capabilities, cds_hooks, fhir, health, oidc, operations, remote_hooks, signin
from services.api.http import fhir_errors
from services.errors import MethodNotAllowed, NotFound, NotSupported

_KNOWN = [
    *signin.ROUTES,
    *oidc.ROUTES,
    *health.ROUTES,
    *capabilities.ROUTES,
    *bots.ROUTES,
    *cds_hooks.ROUTES,
    *remote_hooks.ROUTES,
    *operations.ROUTES,
    *fhir.ROUTES,
]


@fhir_errors
async def unknown(request: Request) -> Response:
    """Whatever no other route takes: an OperationOutcome, where the console would answer with its page."""
    if any(route.matches(request.scope)[0] is Match.PARTIAL for route in _KNOWN):
        raise MethodNotAllowed(f"{request.method[:20]} can't be done at this address.")
    operation = next((part for part in request.url.path.split("/") if part.startswith("$")), None)
    if operation == "$graphql":
        raise NotSupported(
            "GraphQL is not supported here. Search by REST, with _include, _revinclude and _elements."
        )
    if operation:
        raise NotSupported(
            f"The operation {operation[:64]} is not supported here; GET /fhir/R4/metadata names those that are."
        )
    raise NotFound("There is nothing at this address.")


_ROOTS = ("fhir", "admin", "auth", "oauth2", "email", "fhircast", "keyvalue", "storage")
"""Where Medplum's clients look for things, those that are not here included."""
_ANY = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
ROUTES = [
    *_KNOWN,
    *(Route(f"/{root}{{rest:tail}}", unknown, methods=_ANY) for root in _ROOTS),
]
