"""`$execute` of the built-in bots."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.api.http import Json, body, parse_json, plain_errors, principal, run, system_of
from services.runtime.registry import execute


@plain_errors
async def execute_route(request: Request) -> Response:
    """The bot's output as JSON; failures as the contract's ErrorResponse with its error code."""
    who = await principal(request)
    value: Any = dict(request.query_params)
    if request.method == "POST":
        value = parse_json(await body(request))
    system = system_of(request)
    return Json(await run(lambda: execute(system.context(who), request.path_params["id"], value)))
