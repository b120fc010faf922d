"""清单 for the public: every list, an edition page by page, what changed, and files to take away."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from yichuang.catalogue import queries
from yichuang.catalogue.models import ListEdition
from yichuang.catalogue.rules.lists import LISTS, PublicList
from yichuang.core import documents, paging, tables
from yichuang.core.refusal import Refusal

PDF_ROWS = 3000
"""A longer list is taken away as a table: nobody prints it."""
EDITIONS = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _division() -> str:
    return str(settings.YICHUANG.division)


@require_GET
def lists(request: HttpRequest) -> HttpResponse:
    newest = queries.newest_editions(_division())
    return render(
        request, "catalogue/lists/all.html", {"lists": [(one, newest.get(one.code)) for one in LISTS.values()]}
    )


@require_GET
def newest(request: HttpRequest, code: str) -> HttpResponse:
    """The newest edition, or that nothing was published yet."""
    one = queries.public_list(code)
    shown = queries.list_editions(_division(), code).first()
    if shown is None:
        return render(request, "catalogue/lists/one.html", {"list": one, "edition": None, "columns": []})
    return _edition(request, one, shown)


@require_GET
def edition(request: HttpRequest, code: str, number: int) -> HttpResponse:
    return _edition(request, queries.public_list(code), queries.list_edition(_division(), code, number))


def _edition(request: HttpRequest, one: PublicList, shown: ListEdition) -> HttpResponse:
    page = paging.page(queries.edition_rows(shown), request, ("position", "id"), 50)
    editions = list(queries.list_editions(_division(), one.code)[:EDITIONS])
    context: dict[str, Any] = {
        "list": one,
        "edition": shown,
        "page": page,
        "columns": shown.columns,
        "rows": [list(zip(shown.columns, row.cells, strict=True)) for row in page],
        "editions": editions,
        "newest": editions[0].number == shown.number if editions else True,
        "printable": shown.count <= PDF_ROWS,
    }
    if "verify" in request.GET:
        context["holds"] = queries.holds(shown)
    return render(request, "catalogue/lists/one.html", context)


@require_GET
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """Two editions: ?a= the older, ?b= the newer; the newest two by default."""
    one = queries.public_list(code)
    editions = list(queries.list_editions(_division(), code)[:EDITIONS])
    if not editions:
        queries.list_edition(_division(), code)  # says that there is none
    numbers = [row.number for row in editions]
    a, b = (_chosen(request.GET.get(name, ""), numbers, place) for name, place in (("a", 1), ("b", 0)))
    before, after = queries.list_edition(_division(), code, a), queries.list_edition(_division(), code, b)
    context = {"list": one, "editions": editions, "a": before, "b": after, "told": queries.between(before, after)}
    return render(request, "catalogue/lists/compare.html", context)


def _chosen(given: str, numbers: list[int], place: int) -> int:
    if given.isdecimal() and len(given) < 9 and int(given) in numbers:
        return int(given)
    return numbers[min(place, len(numbers) - 1)]


@require_GET
def download(request: HttpRequest, code: str, number: int, form: str) -> HttpResponse:
    """An edition as a file. form: xlsx, csv, pdf."""
    one = queries.public_list(code)
    shown = queries.list_edition(_division(), code, number)
    if form == "pdf":
        return _pdf(one, shown)
    rows = (dict(zip(shown.columns, cells, strict=True)) for _, cells in queries.told_rows(shown))
    media, data = (
        (XLSX, tables.write_xlsx(rows, shown.columns))
        if form == "xlsx"
        else ("text/csv; charset=utf-8", tables.write_csv(rows, shown.columns))
    )
    return _file(data, media, shown, form)


def _pdf(one: PublicList, shown: ListEdition) -> HttpResponse:
    if shown.count > PDF_ROWS:
        raise Refusal("lists.too_long", f"这份清单有{shown.count}行，不便打印。", "请下载 XLSX 或 CSV。", status=422)
    sections: list[dict[str, Any]] = [
        {
            "facts": [
                ["版次", f"第{shown.number}版"],
                ["公布依据", one.basis],
                ["行数", str(shown.count)],
                ["内容指纹", f"{shown.algorithm.upper()}：{shown.digest}"],
            ]
        },
    ]
    for _, cells in queries.told_rows(shown):
        told = [[heading, cell] for heading, cell in zip(shown.columns, cells, strict=True) if cell][2:]
        sections.append({"title": f"{cells[0]}  {cells[1]}", "facts": told} if told else {"title": cells[1]})
    data = {
        "organ": settings.YICHUANG.division_name,
        "title": shown.title,
        "sections": sections,
        "date": shown.published_on.isoformat(),
        "date_label": "公布日期：",
    }
    return _file(documents.kept("core/sheet", data), "application/pdf", shown, "pdf")


def _file(data: bytes, media: str, shown: ListEdition, form: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=media)
    name = f"{shown.title}-第{shown.number}版.{form}"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer
