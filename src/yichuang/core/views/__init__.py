"""Who may open a page: `signed_in` for the portal, `desk` for staff. Both say no with a Refusal or the sign-in page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from yichuang.core.actor import NOBODY, Actor
from yichuang.core.refusal import Refusal

View = Callable[..., HttpResponseBase]


def actor(request: HttpRequest) -> Actor:
    """Who acts in this request (identity's middleware sets it), a visitor otherwise."""
    found: Actor = getattr(request, "actor", NOBODY)
    return found


def signed_in(view: View) -> View:
    """Opens for whoever signed in; others are sent to sign in and come back here."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        return view(request, *args, **kwargs)

    return guarded


def desk(roles: tuple[str, ...] = ()) -> Callable[[View], View]:
    """Opens for staff; with roles, for staff who hold one of them in any scope (the command checks the scope)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            who = actor(request)
            if not who.is_staff:
                raise Refusal(
                    "desk.staff_only",
                    "工作台只对工作人员开放。",
                    "您要办事，请回到首页查找事项；您是工作人员，请退出后用工作账号登录。",
                    status=403,
                )
            if roles and not who.has_any(roles):
                raise Refusal(
                    "desk.role_missing",
                    "您的岗位没有打开此页的权限。",
                    "请由具有相应职责的同事办理，或向安全管理员申请授权。",
                    status=403,
                )
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page, which leads back here; a fragment makes the whole page go there."""
    back = request.get_full_path()
    htmx = getattr(request, "htmx", None)
    if htmx and htmx.current_url_abs_path:
        back = htmx.current_url_abs_path
    response = redirect_to_login(back)
    if htmx and not htmx.boosted:
        moved = HttpResponse(status=204)
        moved["HX-Redirect"] = response["Location"]
        return moved
    return response


def is_fragment(request: HttpRequest) -> bool:
    """True when a part of a page is asked for (HTMX), not the page."""
    return bool(getattr(request, "htmx", False))
