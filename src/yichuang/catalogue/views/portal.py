"""Search and guide: what, who may, how long, how much, what to bring, where, and how to complain."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yichuang.catalogue import commands, queries
from yichuang.catalogue.forms.situations import AskedForm, answers
from yichuang.catalogue.rules import facts
from yichuang.catalogue.rules.situations import GROUP
from yichuang.catalogue.views.follows import following
from yichuang.core import documents, files, paging
from yichuang.core.views import is_fragment

SHOWN, SUGGESTED, FACET = 60, 8, 8


def filters_of(given: QueryDict) -> queries.Filters:
    """The filters that the address carries; what is no filter is as if it were not there."""
    department, online = given.get("department", ""), given.get("online", "")
    return queries.Filters(
        text=given.get("q", "").strip()[:100],
        audience=found if (found := given.get("for", "")) in facts.AUDIENCES else "",
        department=int(department) if department.isdecimal() and len(department) < 10 else None,
        task_type=found if (found := given.get("type", "")) in facts.TASK_TYPES else "",
        online={"1": True, "0": False}.get(online),
    )


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    filters = filters_of(request.GET)
    context: dict[str, Any] = {"filters": filters, "hide_search": True}
    if filters.text:
        hits = queries.search(filters.text, SHOWN)
        shown = [hit for hit in hits if filters.fits(hit)]
        context |= {
            "hits": [hit for hit in shown if not hit.loose],
            "loose": [hit for hit in shown if hit.loose],
            "facets": _links(request.GET, queries.facets(filters, hits)),
            "by_sound": bool(hits) and hits[0].by_sound and not hits[0].loose,
            "narrowed": len(shown) < len(hits),
        }
        if not any(not hit.loose for hit in hits):
            context["answer"] = queries.answer_to(settings.YICHUANG.division, filters.text)
            commands.count_unanswered(
                filters.text, division=settings.YICHUANG.division, day=timezone.localdate(), loose=bool(hits)
            )
    else:
        page = paging.page(queries.browse(filters), request, ("id",), 30)
        context |= {"page": page, "facets": _links(request.GET, queries.facets(filters))}
    return render(request, "catalogue/search.html", context)


def _links(given: QueryDict, found: list[queries.Facet]) -> list[dict[str, Any]]:
    """The facets as links: each value's address keeps the others and takes itself away when it is chosen."""
    shown = []
    for facet in found:
        now = given.get(facet.name, "")
        values = []
        for value, label, count in facet.values:
            query = given.copy()
            query.pop("cursor", None)
            query.pop(facet.name, None)
            if value != now:
                query[facet.name] = value
            values.append({"label": label, "count": count, "url": f"?{query.urlencode()}", "chosen": value == now})
        if len(values) > 1 or now:
            values.sort(key=lambda v: not v["chosen"])
            first, more = values[:FACET], values[FACET:]
            shown.append({"name": facet.name, "label": facet.label, "now": now, "values": first, "more": more})
    return shown


@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """While typing: the best few, as a fragment; what meets little of the question stands apart."""
    text = request.GET.get("q", "").strip()[:100]
    hits = queries.search(text, SUGGESTED) if text else []
    context = {
        "hits": [hit for hit in hits if not hit.loose],
        "loose": [hit for hit in hits if hit.loose],
        "text": text,
    }
    return render(request, "catalogue/suggest.html", context)


@require_GET
def guide(request: HttpRequest, pk: int) -> HttpResponse:
    told = queries.guide(pk)
    context: dict[str, Any] = {"guide": told}
    if told.version.situations:
        context |= _situation(request, told.version)
    if is_fragment(request):
        return render(request, "catalogue/situation.html", context)
    form = queries.form_material(told.version)
    sheets = queries.sheets(told.version)
    context |= {
        "sheets": sheets,
        "mark": told.mark(sheets),
        "form_code": form.code if form else "",
        "follow": following(request, "item", pk),
    }
    return render(request, "catalogue/guide.html", context)


def _situation(request: HttpRequest, version: facts.VersionFacts) -> dict[str, Any]:
    """The questions with the answers so far, and what they come to."""
    given = answers(version.situations, request.GET)
    asked = AskedForm(version.situations, given)
    return {
        "asked": asked,
        "outcome": version.outcome(given),
        "begun": bool(given),
        "left": sum(name.removeprefix(f"{GROUP}.") not in given for name in asked.fields),
        "carried": urlencode({f"{GROUP}.{code}": value for code, value in given.items()}),
    }


@require_GET
def guide_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The guide to print and take along."""
    told = queries.guide(pk)
    data = queries.sheet(told) | {
        "qr": request.build_absolute_uri(f"/items/{pk}/"),
        "qr_caption": "扫码查看最新指南、在线申请",
    }
    return _pdf(documents.kept("core/sheet", data), f"guide-{pk}.pdf")


@require_GET
def poster_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The item on one sheet, for the wall of a service point."""
    data = queries.poster(queries.guide(pk)) | {"qr": request.build_absolute_uri(f"/items/{pk}/")}
    return _pdf(documents.kept("catalogue/poster", data), f"poster-{pk}.pdf")


@require_GET
def form_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The blank application form."""
    told = _with_form(pk)
    data = queries.blank_form(told) | {
        "qr": request.build_absolute_uri(f"/items/{pk}/"),
        "qr_caption": "扫码看指南、在线填写",
    }
    return _pdf(documents.kept("catalogue/application", data), f"form-{pk}.pdf")


@require_GET
def form_sample_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The application form filled in with invented answers."""
    data = queries.sample_form(_with_form(pk))
    return _pdf(documents.kept("catalogue/application", data), f"form-sample-{pk}.pdf")


def _with_form(pk: int) -> queries.Guide:
    told = queries.guide(pk)
    if not told.blank_form:
        raise queries.not_found()
    return told


@require_GET
def sheet(request: HttpRequest, pk: int, code: str, kind: str) -> FileResponse:
    """A material's blank form or sample, as an editor uploaded it."""
    return files.response(queries.sheet_of(queries.current(pk), code, kind), inline=True)


def _pdf(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
