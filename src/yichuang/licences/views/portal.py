"""Is this licence real and in force? And: my licences."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from yichuang.core import files, limits, paging, qr
from yichuang.core.views import actor, signed_in
from yichuang.licences import commands, document, queries
from yichuang.licences.forms import FileForm, IdentifierForm

PER_MINUTE = 20
"""Look-ups of one visitor: identifiers can be tried one after another, the token of a QR code cannot be guessed."""


@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """By the identifier, or by the file itself, which is looked at and not kept."""
    by_file = request.method == "POST" and ("file" in request.FILES or "identifier" not in request.POST)
    by_identifier = request.method == "POST" and not by_file
    named = IdentifierForm(request.POST if by_identifier else None)
    sent = FileForm(request.POST, request.FILES) if by_file else FileForm()
    context: dict[str, Any] = {"named": named, "sent": sent}
    if request.method != "POST":
        return render(request, "licences/verify.html", context)
    limits.check(request, "licences.verify", per_minute=PER_MINUTE)
    asked = sent if by_file else named
    if not asked.is_valid():
        return render(request, "licences/verify.html", context, status=422)
    subject = asked.cleaned_data["file"].read() if by_file else asked.cleaned_data["identifier"]
    answer = queries.verify(subject, at=timezone.localtime())
    status = 404 if answer.verdict == "unknown" else 200
    response = render(request, "licences/verify.html", context | {"answer": answer}, status=status)
    response["Cache-Control"] = "no-store"
    return response


@require_GET
def live(request: HttpRequest, token: str) -> HttpResponse:
    """What the QR code opens: the state now, and no more than a stranger needs."""
    limits.check(request, "licences.live", per_minute=PER_MINUTE * 3)
    answer = queries.verify_token(token, at=timezone.localtime())
    response = render(
        request, "licences/live.html", {"answer": answer}, status=404 if answer.verdict == "unknown" else 200
    )
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@signed_in
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """The wallet: every licence of whom this person may act for."""
    page = paging.page(queries.mine(actor(request)), request, ("-issued_on", "-id"))
    today = timezone.localdate()
    return render(request, "licences/mine.html", {"page": page, "cards": [queries.card(row, today) for row in page]})


@signed_in
@require_GET
def show(request: HttpRequest, identifier: str) -> HttpResponse:
    """One licence, with the code to show to whoever asks."""
    licence = queries.my_licence(actor(request), identifier)
    code = qr.svg(document.live_url(licence), scale=0)
    context = {"card": queries.card(licence, timezone.localdate()), "licence": licence, "qr": code}
    return render(request, "licences/show.html", context)


@signed_in
@require_GET
def download(request: HttpRequest, identifier: str) -> HttpResponseBase:
    """The signed PDF; sealed now, if the worker has not come to it yet."""
    licence = queries.my_licence(actor(request), identifier)
    if licence.file is None:
        licence = commands.sign(identifier, by=actor(request), at=timezone.localtime())
    assert licence.file is not None
    return files.response(licence.file, inline=request.GET.get("inline") == "1")
