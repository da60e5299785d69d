"""What all routes share: who asks, work off the event loop, errors as JSON, limits on what is sent."""

from __future__ import annotations

import functools
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

import anyio
import orjson
from starlette.requests import Request
from starlette.responses import Response

from services.accounts.roles import Principal
from services.api.auditing import anything_shown, note, tell
from services.errors import FabricError, InvalidInput, Unauthorized
from services.fhir.bundles import outcome
from services.fhir.repository import Page, Repository, Stored
from services.runtime.system import System

log = logging.getLogger("fabric.api")
MAX_BODY, MAX_SIGN_IN = 64 * 1024 * 1024, 64 * 1024
FHIR_JSON = "application/fhir+json"
T = TypeVar("T")

_limiter: anyio.CapacityLimiter | None = None


class Json(Response):
    """A JSON response; bytes are sent as they are, so that stored resources need not be parsed."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return content if isinstance(content, bytes) else orjson.dumps(content)


async def run(work: Callable[..., T], *args: Any) -> T:
    """Blocking work on threads of our own: Streamlit's static files share the default ones."""
    global _limiter
    if _limiter is None:
        _limiter = anyio.CapacityLimiter(16)
    return await anyio.to_thread.run_sync(functools.partial(work, *args), limiter=_limiter)


def system_of(request: Request) -> System:
    return request.app.state.fabric if hasattr(request.app.state, "fabric") else _default_system()


def _default_system() -> System:
    from services.runtime.system import system

    return system()


def bearer(request: Request) -> str:
    """The bearer token that was sent. Raises Unauthorized."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthorized("Sign in first: send an access token as 'Authorization: Bearer …'.")
    return token.strip()


async def principal(request: Request) -> Principal:
    """Whose bearer token this is. Raises Unauthorized."""
    who = await run(system_of(request).accounts.check_token, bearer(request))
    request.state.who = who
    return who


async def member(request: Request) -> tuple[Principal, Repository]:
    """Whose bearer token this is, and the record as they may use it. Raises Unauthorized."""
    system, token = system_of(request), bearer(request)

    def work() -> tuple[Principal, Repository]:
        who = system.accounts.check_token(token)
        return who, system.repository_for(who)

    found = await run(work)  # one change of threads instead of two
    request.state.who = found[0]
    return found


async def reading(request: Request, work: Callable[[Principal, Repository], Iterable[Stored] | Page]) -> Any:
    """What `work` reads for whoever asks, and the audit trail told of it, all in one change of threads.

    Raises Unauthorized, and whatever `work` raises.
    """
    system, token = system_of(request), bearer(request)

    def whole() -> tuple[Any, Repository]:
        who = system.accounts.check_token(token)
        request.state.who = who
        repository = system.repository_for(who)
        found = work(who, repository)
        note(request, [*found.matches, *found.included] if isinstance(found, Page) else found)
        if anything_shown(request):
            tell(system, request)
        return found, repository

    return await run(whole)


async def body(request: Request, limit: int = MAX_BODY) -> bytes:
    """The whole body. Raises InvalidInput beyond the limit."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise InvalidInput(f"The body is larger than {limit // 1024} KiB.")
        parts.append(part)
    request.state.body = b"".join(parts)
    return request.state.body


def parse_json(data: bytes) -> Any:
    try:
        value = orjson.loads(data)
        orjson.dumps(value)  # refuses beyond 254 levels, so that whatever walks the value may recurse
    except (orjson.JSONDecodeError, orjson.JSONEncodeError) as error:
        raise InvalidInput("Content could not be parsed: it is not JSON, or nested too deeply.") from error
    return value


Endpoint = Callable[[Request], Awaitable[Response]]


def fhir_errors(endpoint: Endpoint) -> Endpoint:
    """What was shown is told to the audit trail before it is sent. Failures as OperationOutcome; an unforeseen one is logged without content and answered with 500."""
    return _catching(endpoint, outcome, FHIR_JSON)


def plain_errors(endpoint: Endpoint) -> Endpoint:
    """Failures as the contract's ErrorResponse."""
    return _catching(endpoint, lambda error: error.response(), "application/json")


def _catching(endpoint: Endpoint, shape: Callable[[FabricError], Any], media_type: str) -> Endpoint:
    @functools.wraps(endpoint)
    async def wrapped(request: Request) -> Response:
        try:
            response = await endpoint(request)
            if anything_shown(request):
                await run(tell, system_of(request), request)
            return response
        except FabricError as error:
            headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
            return Json(shape(error), status_code=error.status, headers=headers, media_type=media_type)
        except Exception as error:
            log.error("%s %s failed: %s", request.method, request.scope.get("path", ""), type(error).__name__)
            unforeseen = FabricError("Something went wrong here; nothing was changed. Try again.")
            return Json(shape(unforeseen), status_code=500, media_type=media_type)

    return wrapped
