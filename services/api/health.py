"""`/healthcheck` for load balancers and people, `/metrics` for Prometheus."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.api.http import Json, run, system_of
from services.runtime.health import health


async def healthcheck(request: Request) -> Response:
    report = await run(health, system_of(request))
    return Json(report, status_code=200 if report["ok"] else 503)


async def metrics(request: Request) -> Response:
    system = system_of(request)
    report = await run(health, system)
    lines = [
        "# TYPE fabric_up gauge",
        f"fabric_up {int(report['ok'])}",
        "# TYPE fabric_changes_waiting gauge",
        f"fabric_changes_waiting {report['changesWaiting']}",
        "# TYPE fabric_subscription_work_waiting gauge",
        f"fabric_subscription_work_waiting {report['subscriptions'].get('waiting', 0)}",
        "# TYPE fabric_subscription_lag_seconds gauge",
        f"fabric_subscription_lag_seconds {report['subscriptions'].get('lagSeconds', 0)}",
        "# TYPE fabric_subscription_work_done_total counter",
        f"fabric_subscription_work_done_total {system.subscriptions.done}",
        "# TYPE fabric_index_chunks gauge",
        f"fabric_index_chunks {report['index'].get('chunks', 0)}",
        "# TYPE fabric_index_resources gauge",
        f"fabric_index_resources {report['index'].get('resources', 0)}",
        "# TYPE fabric_embedded_total counter",
        f"fabric_embedded_total {system.worker.embedded}",
        "# TYPE fabric_population_rebuilds_total counter",
        f"fabric_population_rebuilds_total {system.population.rebuilds}",
    ]
    return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")


ROUTES = [Route("/healthcheck", healthcheck, methods=["GET"]), Route("/metrics", metrics, methods=["GET"])]
