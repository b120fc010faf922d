"""/healthz, /readyz and /metrics: answered before hosts, sessions and sign-in are looked at, so that a probe by address
works, and so that they tell the truth when the rest does not."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address, ip_network

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from yichuang.core import health, metrics
from yichuang.core.api import answer

Respond = Callable[[HttpRequest], HttpResponse]
logger = structlog.get_logger(__name__)
_told: set[str] = set()


class ProbeMiddleware:
    """The first of all."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = PROBES.get(request.path)
        if probe is None:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return answer(405, "probe.method", "只支持 GET。", "请用 GET 方法查询。")
        response = probe(request)
        response["Cache-Control"] = "no-store"
        response._has_been_logged = True  # type: ignore[attr-defined]  # Django's own mark; said below, once
        return response


def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when database, migrations and worker are well, else 503; the reasons only for whom /metrics is open to."""
    checks = health.checks(timezone.now())
    well = all(check.well for check in checks)
    body = {"status": "ok" if well else "unavailable", "checks": {c.name: "ok" if c.well else "failed" for c in checks}}
    reasons = {c.name: c.what for c in checks if not c.well}
    _tell(reasons)
    if reasons and _trusted(request):
        body["reasons"] = reasons
    return JsonResponse(body, status=200 if well else 503)


def _tell(reasons: dict[str, str]) -> None:
    """One line of the operator's log when it changes, not one for every probe."""
    global _told
    if reasons.keys() != _told:
        _told = set(reasons)
        if reasons:
            logger.warning("readyz.unavailable", reasons=reasons)
        else:
            logger.info("readyz.well")


def metrics_page(request: HttpRequest) -> HttpResponse:
    """Prometheus's text, for the addresses of YICHUANG_METRICS_FROM (loopback by default)."""
    if not _trusted(request):
        return answer(
            403,
            "metrics.closed",
            "此处只对监控系统开放。",
            "请在服务器本机查询，或由管理员设置 YICHUANG_METRICS_FROM。",
        )
    try:
        body = metrics.exposition(timezone.now())
    except DatabaseError as error:
        logger.warning("metrics.database", reason=str(error))
        return answer(503, "metrics.database", "数据库不可用。", "请检查数据库后重试。")
    return HttpResponse(body, content_type="text/plain; version=0.0.4; charset=utf-8")


def _trusted(request: HttpRequest) -> bool:
    """True if the caller, and every address that a proxy names on its behalf, is in YICHUANG_METRICS_FROM."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    addresses = [request.META.get("REMOTE_ADDR", ""), *(a for a in forwarded.split(",") if a.strip())]
    networks = [ip_network(n.strip(), strict=False) for n in settings.YICHUANG.metrics_from.split(",") if n.strip()]
    try:
        return all(any(ip_address(a.strip()) in network for network in networks) for a in addresses)
    except ValueError:
        return False


PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz": healthz,
    "/readyz": readyz,
    "/metrics": metrics_page,
}
