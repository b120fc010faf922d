"""Pages for the tests of the page kit: a form of every kind, a form that acts once, pages that refuse."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import include, path
from ninja import File, NinjaAPI, Schema
from ninja.files import UploadedFile

from yichuang.core import api as frame
from yichuang.core.forms import Form, field, once
from yichuang.core.numbers import take
from yichuang.core.refusal import Refusal
from yichuang.core.views import desk, signed_in

FORM = """{% extends "core/portal.html" %}{% load kit %}{% block title %}样例{% endblock %}{% block content %}<h1>样例</h1>
<form method="post" enctype="multipart/form-data">{% csrf_token %}{% form_key %}{{ form }}<button type="submit">保存</button></form>{% endblock %}"""
PLAIN = "{% extends base %}{% block title %}页{% endblock %}{% block content %}<h1>页</h1>{% endblock %}"


class Everything(Form):
    name = field("text", label="经营者名称", max_length=20)
    identity = field("citizen_id", label="身份证号码", help="18 位，末位是 X 的照写。")
    place = field("choice", label="场所性质", choices=[("own", "自有"), ("rent", "租赁")])
    item = field("choice", label="经营项目", choices=[(str(i), f"项目{i}") for i in range(9)], required=False)
    ways = field("choices", label="办理方式", choices=[("1", "窗口"), ("2", "网上")], required=False)
    day = field("date", label="开业日期", minimum="2026-01-01")
    capital = field("money", label="注册资本", required=False)
    phone = field("phone", label="联系电话", required=False)
    words = field("longtext", label="说明", required=False)
    plan = field("file", label="平面图", required=False)
    agree = field("boolean", label="我确认以上内容属实")


def show(request: HttpRequest, template: str, **context: object) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(template).render(context, request))


def form(request: HttpRequest) -> HttpResponse:
    shown = Everything(request.POST or None, request.FILES or None, sources={"name": "电子营业执照"})
    if request.method == "POST" and shown.is_valid() and shown.cleaned_data["name"] == "重名":
        shown.take(
            Refusal("name.taken", "名称已有人使用。", "请换一个名称。", fields={"shop.name": "请换一个名称。"}),
            prefix="shop.",
        )
    return show(request, FORM, form=shown)


def act(request: HttpRequest) -> HttpResponse:
    def do() -> HttpResponse:
        if request.POST.get("refuse"):
            take("test:act")
            raise Refusal("test.no", "现在不行。", "请稍后再试。")
        if request.POST.get("wrong"):
            take("test:act")
            return HttpResponse("改一改", status=200)
        messages.success(request, "已办理。")
        return redirect(f"/done/{take('test:act')}/")

    return once(request, do)


def refuse(request: HttpRequest) -> HttpResponse:
    raise Refusal(
        "case.wrong_state",
        "这件申请已经受理，不能再次受理。",
        "请刷新办件页面，查看最新状态。",
        law="《中华人民共和国行政许可法》第三十二条",
    )


def forbid(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


class Given(Schema):
    name: str
    days: int


api = frame.frame()
api.urls_namespace = "api-test"


@api.post("/take")
def api_take(request: HttpRequest, given: Given) -> dict[str, int]:
    return {"number": take("test:api")}


@api.post("/upload")
def api_upload(request: HttpRequest, scan: File[UploadedFile]) -> dict[str, int]:
    return {"number": take("test:api"), "size": len(scan.read())}


@api.get("/refuse")
def api_refuse(request: HttpRequest) -> None:
    raise Refusal("case.wrong_state", "不能受理。", "请刷新。", law="第三十二条", fields={"state": "已受理"})


assert isinstance(api, NinjaAPI)
urlpatterns = [
    path("form/", form),
    path("act/", act),
    path("refuse/", refuse),
    path("forbid/", forbid),
    path("mine/", signed_in(lambda r: show(r, PLAIN, base="core/portal.html"))),
    path("desk/any/", desk()(lambda r: show(r, PLAIN, base="core/desk.html"))),
    path("desk/heads/", desk(roles=("head",))(lambda r: show(r, PLAIN, base="core/desk.html"))),
    path("desk/refuse/", desk()(refuse)),
    path("accounts/login/", lambda r: HttpResponse("登录"), name="account_login"),
    path("api/test/", api.urls),
    path("", include(([path("my/", lambda r: HttpResponse("我的"), name="my")], "cases"))),
]
