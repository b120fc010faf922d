"""Figures for everyone: each with its rule, its counts and the records behind it."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yichuang.core import paging
from yichuang.core.refusal import Refusal
from yichuang.reports import queries

ROWS = 50


def day(given: str) -> date:
    """The day that the address asks for; today without one. Raises Refusal 422."""
    if not given:
        return timezone.localdate()
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise Refusal(
            "reports.day",
            f"“{given}”不是日期。",
            "请写成 2021-12-31 这样的日期。",
            fields={"on": "日期有误"},
            status=422,
        ) from None


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    on = day(request.GET.get("on", ""))
    told = queries.figures(settings.YICHUANG.division, on, request.GET.get("group", ""))
    return render(request, "reports/figures.html", {"figures": told, "on": on})


@require_GET
def evidence(request: HttpRequest, id: str) -> HttpResponse:
    division, on = settings.YICHUANG.division, day(request.GET.get("on", ""))
    figure = queries.figure_of(id)
    told = next(one for one in queries.figures(division, on, id.partition(".")[0]) if one.figure.id == id)
    found = queries.evidence(figure, division, on)
    page = paging.page(found.rows, request, ("id",), ROWS)
    rows = queries.changes(page.rows) if found.kind == "changes" else page.rows
    context = {"told": told, "figure": figure, "on": on, "page": page, "rows": rows, "evidence": found}
    return render(request, "reports/evidence.html", context)


@require_GET
def reform(request: HttpRequest) -> HttpResponse:
    """证照分离: every way with its items, before and after."""
    on = day(request.GET.get("on", ""))
    ways = queries.reform(settings.YICHUANG.division, on)
    return render(
        request, "reports/reform.html", {"ways": ways, "on": on, "total": sum(len(way.items) for way in ways)}
    )


@require_GET
def reformed(request: HttpRequest, pk: int) -> HttpResponse:
    item, stages = queries.reform_history(settings.YICHUANG.division, pk)
    return render(request, "reports/reformed.html", {"item": item, "stages": stages})
