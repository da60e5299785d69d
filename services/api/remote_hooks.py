"""`/fhir-hooks/record`: the FHIR server tells what changed, by the rest-hooks that `fabric medplum setup` makes there.

What is sent is never kept: it only names a resource, which is then fetched from the server.
"""

from __future__ import annotations

import hashlib
import hmac

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.api.http import Json, body, parse_json, plain_errors, run, system_of
from services.errors import InvalidInput, NotFound, Unauthorized
from services.fhir.definitions import ID_PATTERN, resource_types, split_reference
from services.fhir.remote.setup import HOOK_PATH


@plain_errors
async def told(request: Request) -> Response:
    """Answered as soon as it is noted. Signed with the secret of the subscription (hex HMAC-SHA256 of the body)."""
    remote = system_of(request).remote
    secret = await run(remote.hook_secret) if remote else None
    if remote is None or not secret:
        raise NotFound("There is nothing at this address.")
    data = await body(request)
    made = hmac.new(secret.encode(), data, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(made.encode(), request.headers.get("x-signature", "").encode()):
        raise Unauthorized("The signature is not that of this console's subscriptions.")
    remote.named("/".join(_named(request, data)))
    return Json({"success": True})


def _named(request: Request, data: bytes) -> tuple[str, str]:
    deleted = request.headers.get("x-medplum-deleted-resource")
    if deleted:
        target = split_reference(deleted)
    else:
        sent = parse_json(data)
        kind, name = (sent.get("resourceType"), sent.get("id")) if isinstance(sent, dict) else (None, None)
        good = kind in resource_types() and isinstance(name, str) and ID_PATTERN.match(name)
        target = (str(kind), str(name)) if good else None
    if target is None:
        raise InvalidInput("No resource is named.")
    return target


ROUTES = [Route(HOOK_PATH, told, methods=["POST"])]
