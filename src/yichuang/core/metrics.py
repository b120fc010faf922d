"""Figures for Prometheus: requests as each process counts them, what waits as the database tells it.

With several web processes `yichuang serve` sets PROMETHEUS_MULTIPROC_DIR, and prometheus_client adds the processes up.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric

from yichuang.core.health import Figures, figures

own = CollectorRegistry()
requests = Counter("yichuang_requests", "Answered requests", ["method", "route", "status"], registry=own)
latency = Histogram(
    "yichuang_request_seconds",
    "Time to answer",
    ["route"],
    buckets=(0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
    registry=own,
)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class MetricsMiddleware:
    """Counts and times each request by its route, never by its address (addresses hold numbers without end)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        route = match.route if match is not None else "(none)"
        method = request.method if request.method in METHODS else "OTHER"
        requests.labels(method, route, str(response.status_code)).inc()
        latency.labels(route).observe(time.perf_counter() - start)
        return response


class _Waiting:
    """A collector over figures that were read from the database for this answer."""

    def __init__(self, now: Figures) -> None:
        self.now = now

    def collect(self) -> Iterator[Metric]:
        outbox = GaugeMetricFamily("yichuang_outbox_messages", "Messages not delivered", labels=["adapter", "state"])
        for (adapter, state), count in sorted(self.now.outbox.items()):
            outbox.add_metric([adapter, state], count)
        yield outbox
        dead = sum(count for (_, state), count in self.now.outbox.items() if state == "dead")
        yield GaugeMetricFamily("yichuang_outbox_dead", "Messages given up", value=dead)
        yield GaugeMetricFamily(
            "yichuang_outbox_oldest_seconds", "Age of the oldest waiting message", value=self.now.outbox_oldest
        )
        jobs = GaugeMetricFamily("yichuang_jobs", "Long work that is not over", labels=["state"])
        for state in ("waiting", "running"):
            jobs.add_metric([state], self.now.jobs.get(state, 0))
        yield jobs
        yield GaugeMetricFamily("yichuang_workers", "Workers that live", value=self.now.workers)
        if self.now.heartbeat is not None:
            yield GaugeMetricFamily(
                "yichuang_heartbeat_age_seconds", "Since the last heartbeat", value=self.now.heartbeat
            )


def exposition(at: datetime) -> bytes:
    """Everything, in Prometheus's text form."""
    waiting = CollectorRegistry()
    waiting.register(_Waiting(figures(at)))  # duck-typed by the library itself
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        counted = CollectorRegistry()
        multiprocess.MultiProcessCollector(counted)
    else:
        counted = own
    return generate_latest(counted) + generate_latest(waiting)
