"""What every answer goes through: a Refusal becomes its page or its problem+json; the 适老版 switch is known."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yichuang.core.api import problem
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor

API = "/api/"
Respond = Callable[[HttpRequest], HttpResponse]


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The answer to a Refusal: problem+json for programs, a short message for a fragment, else a page of its own."""
    if request.path.startswith(API):
        return problem(refusal)
    on_desk = request.path.startswith("/desk/") and actor(request).is_staff
    context = {"refusal": refusal, "base": "core/desk.html" if on_desk else "core/portal.html"}
    htmx = getattr(request, "htmx", None)
    if htmx and not htmx.boosted:
        response = render(request, "core/kit/refusal_toast.html", context, status=refusal.status)
        response["HX-Retarget"] = "#yc-toasts"
        response["HX-Reswap"] = "beforeend"
        return response
    return render(request, "core/kit/refusal.html", context, status=refusal.status)


class RefusalMiddleware:
    """Views and commands let a Refusal rise; here it is answered, with nothing written (the command rolled back)."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refused(request, exception) if isinstance(exception, Refusal) else None
