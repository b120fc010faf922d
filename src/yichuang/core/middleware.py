"""What every answer goes through: the language that was chosen, and a Refusal as its page or its problem+json."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers

from yichuang.core.api import PROBLEM, problem, refusal_of
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
        response = self.get_response(request)
        if response.status_code == 405 and request.path.startswith(API) and response["Content-Type"] != PROBLEM:
            told = problem(refusal_of(405))
            told["Allow"] = response.get("Allow", "")
            return told
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refused(request, exception) if isinstance(exception, Refusal) else None


class LanguageMiddleware:
    """Chinese, unless another language was chosen with the switch (its cookie; an account's own comes later).

    The browser's Accept-Language is not asked: it says which language the machine was sold in, not which one the
    person wants from an office whose official words are Chinese.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = dict(settings.LANGUAGES)
        with translation.override(chosen if chosen in known else settings.LANGUAGE_CODE):
            response = self.get_response(request)
            patch_vary_headers(response, ("Cookie",))
            response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
            return response
