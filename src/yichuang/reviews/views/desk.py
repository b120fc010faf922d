"""What the desk shows of reviews: the code on the receipt, and the list, read only: nobody answers for a citizen."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yichuang.cases import queries as cases
from yichuang.core import paging, qr, tables
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor, desk
from yichuang.reviews import commands, queries
from yichuang.reviews.forms import DeskFilters

ORDER = ("-submitted_at", "-id")
EXPORTERS = ("head", "auditor")
EXPORT_ROWS = 20_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@desk()
@require_GET
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The QR code that leads to rating this visit: a fragment of the receipt, empty when it was rated already."""
    case = cases.case_for(actor(request), number)
    open_ = [one for one in queries.open_invitations(case.stream, timezone.localtime()) if one.phase == "service"]
    code = qr.svg(f"{qr.address('reviews:rate', open_[0].token)}?from=qr", scale=0) if open_ else ""
    return render(request, "reviews/receipt.html", {"code": code})


@desk(queries.READERS)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    who, today = actor(request), timezone.localdate()
    mine = queries.visible(who)
    filters = DeskFilters(request.GET, departments=queries.departments_of(mine))
    page = paging.page(queries.desk(who, filters.filters()), request, ORDER, size=30)
    context = {
        "filters": filters,
        "narrowed": filters.narrowed,
        "page": page,
        "reviews": queries.shown(page),
        "figures": queries.tally(mine, **filters.asked(today)),
        "may_export": who.has_any(EXPORTERS),
    }
    return render(request, "reviews/desk.html", context)


@desk(EXPORTERS)
@require_GET
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The reviews that the filters give, in the field names of the national interface; on record."""
    who = actor(request)
    filters = DeskFilters(request.GET, departments=queries.departments_of(queries.visible(who)))
    rows = queries.desk(who, filters.filters()).order_by(*ORDER)
    count = rows.count()
    if count > EXPORT_ROWS:
        raise Refusal(
            "review.too_many",
            f"符合条件的评价有{count}条，一次最多导出{EXPORT_ROWS}条。",
            "请按日期或部门缩小范围后分次导出。",
            status=422,
        )
    commands.exported(count, by=who, at=timezone.localtime())
    told = queries.exchange_rows(rows)
    body = (
        tables.write_csv(told, queries.FIELDS) if kind == "csv" else tables.write_xlsx(told, queries.FIELDS, "好差评")
    )
    response = HttpResponse(body, content_type="text/csv; charset=utf-8" if kind == "csv" else XLSX)
    response["Content-Disposition"] = f'attachment; filename="reviews-{timezone.localdate():%Y%m%d}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response
