"""What the public may see of licence decisions."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yichuang.core import limits, paging, tables
from yichuang.core.refusal import Refusal
from yichuang.publicity import queries
from yichuang.publicity.forms import ResultFilters
from yichuang.publicity.rules.record import NAMES

ORDER = ("-decided_on", "-id")
DOWNLOAD_ROWS = 5_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def results(request: HttpRequest) -> HttpResponse:
    division = settings.YICHUANG.division
    filters = ResultFilters(request.GET, departments=queries.departments(division))
    page = paging.page(queries.results(division, **filters.asked()), request, ORDER)
    context = {"filters": filters, "page": page, "narrowed": filters.narrowed}
    return render(request, "publicity/results.html", context)


@require_GET
def result(request: HttpRequest, record_id: int) -> HttpResponse:
    return render(request, "publicity/result.html", {"result": queries.result(record_id)})


@require_GET
def download(request: HttpRequest, kind: str) -> HttpResponse:
    """What the filters give, in the columns of the standard and as the public sees it."""
    limits.check(request, "publicity.download", per_minute=6)
    division = settings.YICHUANG.division
    filters = ResultFilters(request.GET, departments=queries.departments(division))
    rows = queries.results(division, **filters.asked()).order_by(*ORDER)
    count = rows.count()
    if count > DOWNLOAD_ROWS:
        raise Refusal(
            "publicity.too_many",
            f"符合条件的公示信息有{count}条，一次最多下载{DOWNLOAD_ROWS}条。",
            "请按决定日期缩小范围后分次下载，或使用开放接口逐页读取。",
            status=422,
        )
    return table(queries.public_rows(rows), kind, "results")


def table(rows, kind: str, name: str) -> HttpResponse:
    """A table of records as a file."""
    body = tables.write_csv(rows, NAMES) if kind == "csv" else tables.write_xlsx(rows, NAMES, "行政许可")
    response = HttpResponse(body, content_type="text/csv; charset=utf-8" if kind == "csv" else XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y%m%d}.{kind}"'
    return response
