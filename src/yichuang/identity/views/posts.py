"""Desk: AB岗, who is away, who stands in."""

from __future__ import annotations

from datetime import datetime, time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yichuang.core import places
from yichuang.core.forms import once
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor, desk
from yichuang.identity import commands, queries, rules
from yichuang.identity.forms import AwayForm, PostForm
from yichuang.identity.models import Post
from yichuang.identity.views.desk import department_of


@desk()
def posts(request: HttpRequest) -> HttpResponse:
    """AB岗 of the division: all see who stands in for whom; heads and the system administrator arrange."""
    who, at = actor(request), timezone.localtime()
    arranges = who.has("system_administrator") or who.has("head")
    choices = queries.department_choices(who.division)
    points = places.points(who.division)
    form = PostForm(request.POST or None, departments=choices, points=points, staff=queries.staff_choices(who.division))
    if request.method == "POST":
        if not arranges:
            who.require("head")
        if form.is_valid():
            data = form.cleaned_data
            organ = department_of(who, data["department"])

            def act() -> HttpResponse:
                a = queries.staff_of_division(who.division, data["a"])
                b = queries.staff_of_division(who.division, data["b"]) if data["b"] else None
                commands.set_post(department=organ, name=data["name"], point=data["point"], a=a, b=b, by=who, at=at)
                messages.success(request, _("岗位已设置。"))
                return redirect("identity:posts")

            try:
                return once(request, act)
            except Refusal as no:
                if no.status == 403:
                    raise
                form.take(no)
    rows, names = [], dict(points)
    for post in queries.posts(who):
        mine = who.ref == post.a.ref or who.has("system_administrator") or who.has("head", post.department.scope)
        away = rules.stands_in(post.away_from, post.away_until, at)
        rows.append(
            {
                "post": post,
                "point": names.get(post.point, post.point),
                "away": away,
                "moves": mine,
                "planned": post.away_from is not None and not away,
                "away_form": AwayForm(auto_id=f"id_%s_{post.pk}"),
            }
        )
    context = {
        "rows": rows,
        "form": form,
        "arranges": arranges,
        "closes": who.has("system_administrator"),
    }
    return render(request, "identity/posts.html", context, status=422 if form.is_bound else 200)


def _post(request: HttpRequest, pk: int) -> Post:
    found = queries.posts(actor(request)).filter(pk=pk).first()
    if found is None:
        raise Refusal("post.unknown", "没有找到这个岗位。", "请返回岗位列表重新选择。", status=404)
    return found


@desk()
@require_POST
def away(request: HttpRequest, pk: int) -> HttpResponse:
    """离岗: B acts with A's rights from now."""
    post, at = _post(request, pk), timezone.localtime()
    form = AwayForm(request.POST)
    if not form.is_valid():
        raise Refusal("post.away_date", "返岗日期无法读懂。", "请填写真实存在的日期，例如 2026-11-24。", status=422)
    day = form.cleaned_data["until"]
    until = timezone.make_aware(datetime.combine(day, time())) if day else None
    commands.step_away(post, until=until, by=actor(request), at=at)
    messages.success(request, _("已登记离岗，由B岗顶岗办理。"))
    return redirect("identity:posts")


@desk()
@require_POST
def back(request: HttpRequest, pk: int) -> HttpResponse:
    """返岗."""
    commands.return_to_post(_post(request, pk), by=actor(request), at=timezone.localtime())
    messages.success(request, _("已登记返岗。"))
    return redirect("identity:posts")


@desk(roles=("system_administrator",))
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """撤销岗位."""
    commands.close_post(_post(request, pk), by=actor(request), at=timezone.localtime())
    messages.success(request, _("岗位已撤销。"))
    return redirect("identity:posts")
