"""Is this licence real and in force? And: my licences."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_http_methods

from yichuang.core import files, paging
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor, signed_in
from yichuang.licences import commands, document, queries

LIMIT = 20 * 1024 * 1024


@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """By the identifier, or by the file itself, which is looked at and not kept."""
    asked, answer = "", None
    if request.method == "POST":
        asked, sent = request.POST.get("identifier", "").strip()[:120], request.FILES.get("file")
        if sent is not None:
            if (sent.size or 0) > LIMIT:
                raise Refusal(
                    "licence.too_large",
                    "文件超过20兆字节，不是本平台签发的电子证照。",
                    "请上传原始的电子证照文件。",
                    status=413,
                )
            answer = queries.verify(sent.read(), at=timezone.localtime())
        elif asked:
            answer = queries.verify(asked, at=timezone.localtime())
        else:
            raise Refusal(
                "licence.nothing_asked",
                "还没有填写标识，也没有选择文件。",
                "请填写电子证照标识，或选择证照的PDF文件。",
                status=422,
            )
    status = 200 if answer is None or answer.verdict != "unknown" else 404
    return render(request, "licences/verify.html", {"asked": asked, "answer": answer}, status=status)


@require_GET
def live(request: HttpRequest, token: str) -> HttpResponse:
    """What the QR code opens: the state now, and no more than a stranger needs."""
    answer = queries.verify(token, at=timezone.localtime())
    response = render(
        request, "licences/live.html", {"answer": answer}, status=404 if answer.verdict == "unknown" else 200
    )
    response["Cache-Control"] = "no-store"
    return response


@signed_in
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    page = paging.page(queries.mine(actor(request)), request, ("-issued_on", "-id"))
    return render(request, "licences/mine.html", {"page": page})


@signed_in
@require_GET
def show(request: HttpRequest, identifier: str) -> HttpResponse:
    licence = queries.my_licence(actor(request), identifier)
    code = mark_safe(document.qr_svg(document.live_url(licence)))  # noqa: S308 - our own drawing of our own address
    return render(request, "licences/show.html", {"licence": licence, "qr": code})


@signed_in
@require_GET
def download(request: HttpRequest, identifier: str) -> HttpResponseBase:
    """The signed PDF; signed now, if the worker has not come to it yet."""
    licence = queries.my_licence(actor(request), identifier)
    if licence.file is None:
        licence = commands.sign(identifier, by=actor(request), at=timezone.localtime())
    assert licence.file is not None
    return files.response(licence.file)
