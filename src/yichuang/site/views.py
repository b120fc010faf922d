"""Pages of the whole: home, the switches of the frame, statements, and the pages for what went wrong."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.templatetags.static import static
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from yichuang.core.api import answer, problem, refusal_of
from yichuang.core.context import LARGE_TEXT_COOKIE
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor
from yichuang.identity import commands as identity
from yichuang.identity.models import Account
from yichuang.site import queries

YEAR = 365 * 24 * 3600


SITUATIONS_PERSON: tuple[tuple[str, str | Promise, str], ...] = (
    ("heart", _lazy("孩子出生"), "新生儿上户口"),
    ("school", _lazy("孩子上学"), "孩子上小学"),
    ("card", _lazy("身份证、户口"), "补办身份证"),
    ("briefcase", _lazy("找工作、创业"), "没工作了"),
    ("people", _lazy("结婚、家庭"), "结婚证"),
    ("shield", _lazy("养老、救助"), "老人补贴"),
)
SITUATIONS_LEGAL: tuple[tuple[str, str | Promise, str], ...] = (
    ("store", _lazy("开店办执照"), "开店办执照"),
    ("food", _lazy("开餐馆、小吃店"), "开饭店"),
    ("water", _lazy("开理发店、宾馆"), "开理发店"),
    ("sign", _lazy("挂门头招牌"), "挂招牌"),
    ("car", _lazy("跑货运、修汽车"), "道路货运"),
    ("users", _lazy("招人用工"), "劳务派遣"),
)
"""Everyday situations: icon, words on the page, and what is searched for (search knows everyday words)."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    now = timezone.localtime()
    facts = {
        "counts": queries.counts(),
        "popular": queries.popular(now),
        "results": queries.results(),
        "satisfaction": queries.satisfaction(now),
        "opening": queries.opening(now),
    }
    situations = {"situations_person": SITUATIONS_PERSON, "situations_legal": SITUATIONS_LEGAL}
    return render(request, "site/home.html", {**facts, **situations})


def _back(request: HttpRequest) -> str:
    """The page that the switch was pressed on, of this site only."""
    back = request.POST.get("next", "/")
    return back if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}) else "/"


@require_POST
def large_text(request: HttpRequest) -> HttpResponse:
    """适老版 on or off: kept with the account, and in a cookie for the browser."""
    on = request.POST.get("on") == "1"
    response = redirect(_back(request))
    if isinstance(request.user, Account):
        identity.set_preferences(request.user, large_text=on, by=actor(request), at=timezone.localtime())
    response.set_cookie(LARGE_TEXT_COOKIE, "1" if on else "0", max_age=YEAR, samesite="Lax", httponly=True)
    return response


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Chinese or English: kept with the account, and in a cookie for the browser."""
    chosen = request.POST.get("language", "")
    response = redirect(_back(request))
    if chosen in dict(settings.LANGUAGES):
        if isinstance(request.user, Account):
            identity.set_preferences(request.user, language=chosen, by=actor(request), at=timezone.localtime())
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, samesite="Lax", httponly=True)
    return response


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "site/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "site/privacy.html")


@require_safe
@cache_control(max_age=86400, public=True)
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        "Disallow: /desk/",
        "Disallow: /my/",
        "Disallow: /accounts/",
        "Disallow: /api/",
        "Disallow: /v/",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_safe
@cache_control(max_age=86400, public=True)
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("core/icon-32.png"), permanent=True)


@require_safe
@cache_control(max_age=3600, public=True)
def manifest(request: HttpRequest) -> HttpResponse:
    name = settings.YICHUANG.platform_name
    body = {
        "name": name,
        "short_name": "一窗",
        "lang": "zh-Hans",
        "start_url": "/",
        "scope": "/",
        "display": "minimal-ui",
        "background_color": "#ffffff",
        "theme_color": "#1a56b0",
        "icons": [
            {"src": static("core/icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": static("core/icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any maskable"},
        ],
    }
    return JsonResponse(body, content_type="application/manifest+json")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _wrong(request, 400, "request.unreadable", _("这个请求无法读懂"), _("请返回上一页重新操作。"))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _wrong(
        request, 403, "request.forbidden", _("您没有权限打开此页"), _("请确认登录的账号，或联系有权限的人员办理。")
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _wrong(request, 404, "request.not_found", _("没有找到这个页面"), _("请检查网址是否完整，或搜索要办的事。"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _wrong(
        request,
        400,
        "request.stale",
        _("页面已过期，刚才的操作没有提交"),
        _("请返回上一页，刷新后再提交一次。浏览器须允许本站使用 Cookie。"),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Without database, session or catalogue of words: they may be what failed."""
    if request.path.startswith("/api/"):
        return answer(
            500,
            "server.error",
            "系统出错，没有完成。",
            "请稍后用同一个 Idempotency-Key 重试；仍不行请联系平台管理员。",
        )
    if _fragment(request):
        return _told(request, 500, "系统出错，没有完成。", "请稍等几分钟再试一次。")
    try:
        stylesheet = static("core/yichuang.css")
    except ValueError:  # the manifest of static files is what is missing
        stylesheet = "/static/core/yichuang.css"
    words = {
        "platform": settings.YICHUANG.platform_name,
        "phone": settings.YICHUANG.phone,
        "moment": timezone.localtime().strftime("%Y-%m-%d %H:%M"),
        "stylesheet": stylesheet,
    }
    return HttpResponse(loader.get_template("500.html").render(words), status=500)


def _wrong(request: HttpRequest, status: int, code: str, title: str, next_step: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem(refusal_of(status))
    if _fragment(request):
        return _told(request, status, f"{title}。", next_step)
    return render(request, "site/wrong.html", {"code": code, "title": title, "next_step": next_step}, status=status)


def _fragment(request: HttpRequest) -> bool:
    """True for a part of a page that htmx asks for: a whole page has no place there."""
    return request.headers.get("HX-Request") == "true" and "HX-Boosted" not in request.headers


def _told(request: HttpRequest, status: int, message: str, next_step: str) -> HttpResponse:
    """A short message beside the page. What the page asked for by itself (a count, a progress) just stays as it was."""
    if request.method == "GET":
        response = HttpResponse(status=status)
        response["HX-Reswap"] = "none"
        return response
    words = {"refusal": Refusal("page.wrong", message, next_step, status=status)}
    response = HttpResponse(loader.get_template("core/kit/refusal_toast.html").render(words), status=status)
    response["HX-Retarget"] = "#yc-toasts"
    response["HX-Reswap"] = "beforeend"
    return response
