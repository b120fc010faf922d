"""What the public may see of licence decisions."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yichuang.core import paging
from yichuang.publicity import queries


@require_GET
def results(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:100]
    rows = queries.results(settings.YICHUANG.division, text=text)
    page = paging.page(rows, request, ("-decided_on", "-id"))
    return render(request, "publicity/results.html", {"q": text, "page": page})


@require_GET
def result(request: HttpRequest, record_id: int) -> HttpResponse:
    return render(request, "publicity/result.html", {"result": queries.result(record_id)})
