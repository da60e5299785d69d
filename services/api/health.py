"""`/healthcheck` for load balancers and people, `/metrics` for Prometheus."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.api.http import Json, run, system_of
from services.runtime.health import health
from services.runtime.metrics import metrics


async def healthcheck(request: Request) -> Response:
    report = await run(health, system_of(request))
    return Json(report, status_code=200 if report["ok"] else 503)


async def prometheus(request: Request) -> Response:
    told = await run(metrics, system_of(request))
    return PlainTextResponse(told, media_type="text/plain; version=0.0.4")


ROUTES = [Route("/healthcheck", healthcheck, methods=["GET"]), Route("/metrics", prometheus, methods=["GET"])]
