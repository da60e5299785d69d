"""Counts for Prometheus (text format 0.0.4), nothing of patients: names, what they mean, and where they come from."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from services.runtime.health import health
from services.runtime.remote import RemoteRecord
from services.runtime.system import System

Number = int | float


class Metric(NamedTuple):
    """`of` reads it from the system and its state as `/healthcheck` tells it."""

    name: str
    kind: str
    meaning: str
    of: Callable[[System, dict[str, Any]], Number]


class RemoteMetric(NamedTuple):
    name: str
    kind: str
    meaning: str
    of: Callable[[RemoteRecord], Number]


METRICS = (
    Metric("fabric_up", "gauge", "Whether it can serve", lambda _, r: int(r["ok"])),
    Metric("fabric_changes_waiting", "gauge", "Changes that wait for the index", lambda _, r: r["changesWaiting"]),
    Metric("fabric_subscription_work_waiting", "gauge", "Work of subscriptions that waits",
           lambda _, r: r["subscriptions"].get("waiting", 0)),
    Metric("fabric_subscription_lag_seconds", "gauge", "Age of the oldest of it",
           lambda _, r: r["subscriptions"].get("lagSeconds", 0)),
    Metric("fabric_subscription_work_done_total", "counter", "Work of subscriptions done", lambda s, _: s.subscriptions.done),
    Metric("fabric_index_chunks", "gauge", "Passages in the index", lambda _, r: r["index"].get("chunks", 0)),
    Metric("fabric_index_resources", "gauge", "Resources in the index", lambda _, r: r["index"].get("resources", 0)),
    Metric("fabric_embedded_total", "counter", "Texts embedded", lambda s, _: s.worker.embedded),
    Metric("fabric_population_rebuilds_total", "counter", "Rebuilds of the population's index",
           lambda s, _: s.population.rebuilds),
)  # fmt: skip
REMOTE_METRICS = (
    RemoteMetric("fabric_fhir_up", "gauge", "Whether the FHIR server answers", lambda r: int(r.client.away_since is None)),
    RemoteMetric("fabric_fhir_requests_total", "counter", "Requests to the FHIR server", lambda r: r.client.traffic.requests),
    RemoteMetric("fabric_fhir_failures_total", "counter", "Of these, without an answer or answered 429 or 5xx",
                 lambda r: r.client.traffic.failures),
    RemoteMetric("fabric_fhir_seconds_total", "counter", "Seconds that they took", lambda r: round(r.client.traffic.seconds, 3)),
    RemoteMetric("fabric_fhir_outbox_waiting", "gauge", "Audit events that wait to be sent", lambda r: r.outbox.waiting()),
    RemoteMetric("fabric_fhir_outbox_refused", "gauge", "Audit events that the server refused", lambda r: r.outbox.refused()),
    RemoteMetric("fabric_fhir_unsettled", "gauge", "Writes that are under way or broke off",
                 lambda r: r.repository.intents.waiting()),
    RemoteMetric("fabric_fhir_catch_up_lag_seconds", "gauge", "Since the last look at everything that is new",
                 lambda r: round(time.time() - r.follower.caught_up, 1) if r.follower.caught_up else math.nan),
    RemoteMetric("fabric_fhir_lease_held", "gauge", "Whether this console does what is done once for all", lambda r: int(r.once.held)),
)  # fmt: skip
"""Told where a FHIR server keeps the record."""


def metrics(system: System) -> str:
    report = health(system)
    lines = [line for m in METRICS for line in _lines(m, m.of(system, report))]
    if system.remote is not None and report["ok"]:
        lines += [line for m in REMOTE_METRICS for line in _lines(m, m.of(system.remote))]
    return "\n".join(lines) + "\n"


def _lines(metric: Metric | RemoteMetric, value: Number) -> Iterator[str]:
    yield f"# HELP {metric.name} {metric.meaning}"
    yield f"# TYPE {metric.name} {metric.kind}"
    yield f"{metric.name} {'NaN' if math.isnan(value) else value}"
