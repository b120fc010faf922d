"""开放数据: what may be taken as files, with what the columns mean; streamed, so that a province's catalogue takes no memory."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header, parse_etags, quote_etag
from django.views.decorators.http import require_GET

from yichuang.catalogue import queries
from yichuang.catalogue.rules.lists import LISTS
from yichuang.core import limits, tables

PER_MINUTE = 12


class _Line:
    """A file for csv.writer that gives back what is written."""

    def write(self, text: str) -> str:
        return text


def _division() -> str:
    return str(settings.YICHUANG.division)


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    count, _mark = queries.open_state(_division())
    newest = queries.newest_editions(_division())
    context = {
        "count": count,
        "elements": queries.dictionary(),
        "lists": [(one, newest[one.code]) for one in LISTS.values() if newest.get(one.code)],
    }
    return render(request, "catalogue/open.html", context)


@require_GET
def items(request: HttpRequest, form: str) -> HttpResponseBase:
    """The items in force. form: csv or json. Answers 304 to who has them as they are (If-None-Match)."""
    _count, mark = queries.open_state(_division())
    etag = quote_etag(f"{mark}-{form}")
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified()
    limits.check(request, "open", per_minute=PER_MINUTE)
    told, media = (_csv(), "text/csv; charset=utf-8") if form == "csv" else (_json(), "application/json")
    answer = StreamingHttpResponse(told, content_type=media)
    answer["ETag"] = etag
    answer["Cache-Control"] = "public, max-age=300"
    answer["Content-Disposition"] = (
        content_disposition_header(True, f"政务服务事项-{timezone.localdate():%Y%m%d}.{form}") or ""
    )
    return answer


def _csv() -> Iterator[str]:
    names, write = queries.export_names(), csv.writer(_Line()).writerow
    yield "\ufeff" + str(write(names))
    for row in queries.open_rows(_division()):
        yield str(write([row[name] for name in names]))


def _json() -> Iterator[str]:
    before = "["
    for document in queries.open_documents(_division()):
        yield f"{before}{json.dumps(document, ensure_ascii=False)}"
        before = ",\n"
    yield "]\n" if before != "[" else "[]\n"


@require_GET
def elements(request: HttpRequest) -> HttpResponse:
    """What each column means, as a table."""
    rows: list[dict[str, Any]] = [*queries.dictionary()]
    answer = HttpResponse(tables.write_csv(rows, list(rows[0])), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, "事项要素说明.csv") or ""
    return answer
