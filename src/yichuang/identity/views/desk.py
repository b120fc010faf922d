"""Desk: staff, their roles, what the administrators do with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from yichuang.core import paging, places
from yichuang.core.actor import Actor
from yichuang.core.forms import Form, once
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor, desk
from yichuang.identity import commands, queries
from yichuang.identity.forms import GrantForm, HireForm, NewPasswordForm, ReasonForm, StaffFilter
from yichuang.identity.models import Department, RoleGrant, Staff
from yichuang.identity.queries.staff import VIEWERS


def department_of(who: Actor, pk: int) -> Department:
    """A department of the actor's division that a form named. Raises Refusal 404 for another one."""
    found = queries.departments(who.division).filter(pk=pk).first()
    if found is None:
        raise Refusal(
            "department.unknown",
            "没有这个部门。",
            "请从列表中选择部门。",
            fields={"department": "请选择部门"},
            status=404,
        )
    return found


@desk(roles=VIEWERS)
def staff(request: HttpRequest) -> HttpResponse:
    """人员与授权: the list, with filters in the URL."""
    who = actor(request)
    filters = StaffFilter(request.GET or None, departments=queries.department_choices(who.division))
    chosen: dict[str, Any] = filters.cleaned_data if filters.is_bound and filters.is_valid() else {}
    rows = queries.staff_list(
        who,
        text=chosen.get("q") or "",
        department=int(chosen["department"]) if chosen.get("department") else None,
        role=chosen.get("role") or "",
        active={"inactive": False, "all": None}.get(chosen.get("state") or "", True),
    )
    context = {
        "page": paging.page(rows, request, ("number", "id")),
        "filters": filters,
        "may_hire": who.has("system_administrator"),
    }
    return render(request, "identity/staff.html", context)


@desk(roles=("system_administrator",))
@sensitive_post_parameters()
def hire(request: HttpRequest) -> HttpResponse:
    """录入人员."""
    who = actor(request)
    form = HireForm(request.POST or None, departments=queries.department_choices(who.division))
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        organ = department_of(who, data.pop("department"))

        def act() -> HttpResponse:
            made = commands.hire_staff(**data, department=organ, by=who, at=timezone.localtime())
            messages.success(request, _("人员已录入。角色由安全管理员授予。"))
            return redirect("identity:member", pk=made.pk)

        try:
            return once(request, act)
        except Refusal as no:
            form.take(no)
    return render(request, "identity/hire.html", {"form": form}, status=422 if form.is_bound else 200)


@desk(roles=VIEWERS)
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: roles, posts, history from the log, what the administrator may do."""
    return _member(request, queries.staff_member(actor(request), pk))


def _member(request: HttpRequest, shown: Staff, **forms: Form) -> HttpResponse:
    who = actor(request)
    choices = queries.department_choices(who.division)
    wrong = any(form.is_bound for form in forms.values())
    own = who.ref == shown.ref
    context = {
        "shown": shown,
        "grants": queries.grants_of(shown),
        "posts": queries.posts(who).filter(a=shown) | queries.posts(who).filter(b=shown),
        "history": queries.staff_history(shown),
        "second_factor": queries.has_second_factor(shown.account),
        "grants_roles": who.has("security_administrator") and shown.active and not own,
        "administers": who.has("system_administrator") and not own,
        "grant_form": forms.get("grant") or GrantForm(departments=choices, points=places.points(who.division)),
        "reason_form": forms.get("reason") or ReasonForm(),
        "password_form": forms.get("password") or NewPasswordForm(),
    }
    return render(request, "identity/member.html", context, status=422 if wrong else 200)


@desk(roles=("security_administrator",))
@require_POST
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """授予角色."""
    who = actor(request)
    shown = queries.staff_member(who, pk)
    form = GrantForm(
        request.POST, departments=queries.department_choices(who.division), points=places.points(who.division)
    )
    if form.is_valid():
        data = dict(form.cleaned_data)
        organ = department_of(who, data.pop("department")) if data["department"] else None
        data.pop("department", None)

        def act() -> HttpResponse:
            commands.grant_role(shown, department=organ, **data, by=who, at=timezone.localtime())
            messages.success(request, _("角色已授予，记入日志。"))
            return redirect("identity:member", pk=pk)

        try:
            return once(request, act)
        except Refusal as no:
            if no.status == 403:
                raise
            form.take(no)
    return _member(request, shown, grant=form)


@desk(roles=("security_administrator",))
@require_POST
def end_grant(request: HttpRequest, pk: int, grant: int) -> HttpResponse:
    """终止角色."""
    who = actor(request)
    shown = queries.staff_member(who, pk)
    row = RoleGrant.objects.filter(pk=grant, staff=shown).first()
    if row is None:
        raise Refusal("staff.unknown_grant", "没有找到这项授权。", "请刷新页面查看现行授权。", status=404)
    commands.end_role(row, reason=request.POST.get("reason", "")[:100], by=who, at=timezone.localtime())
    messages.success(request, _("角色已终止，记入日志。"))
    return redirect("identity:member", pk=pk)


@desk(roles=("system_administrator", "security_administrator"))
@sensitive_post_parameters()
@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """停用, 恢复, 重置密码, 解除锁定, 解除动态口令: the command says who may."""
    who, at = actor(request), timezone.localtime()
    shown = queries.staff_member(who, pk)
    if act not in ACTS:
        raise Http404
    name, shape, run, told = ACTS[act]
    form = shape(request.POST) if shape else None
    if form is not None and not form.is_valid():
        return _member(request, shown, **{name: form})
    try:
        run(shown, form.cleaned_data if form else {}, who, at)
    except Refusal as no:
        if form is None or no.status != 422:
            raise
        form.take(no)
        return _member(request, shown, **{name: form})
    messages.success(request, str(told))
    return redirect("identity:member", pk=pk)


Run = Callable[[Staff, dict[str, Any], Actor, Any], object]
ACTS: dict[str, tuple[str, type[Form] | None, Run, Any]] = {
    "deactivate": (
        "reason",
        ReasonForm,
        lambda s, d, by, at: commands.deactivate_staff(s, **d, by=by, at=at),
        gettext_lazy("账户已停用，角色已全部终止。"),
    ),
    "reactivate": (
        "password",
        NewPasswordForm,
        lambda s, d, by, at: commands.reactivate_staff(s, **d, by=by, at=at),
        gettext_lazy("账户已恢复。角色由安全管理员重新授予。"),
    ),
    "password": (
        "password",
        NewPasswordForm,
        lambda s, d, by, at: commands.reset_password(s.account, **d, by=by, at=at),
        gettext_lazy("密码已重置，请当面告知本人，首次登录须修改。"),
    ),
    "unlock": (
        "",
        None,
        lambda s, _, by, at: commands.unlock_account(s.account, by=by, at=at),
        gettext_lazy("登录锁定已解除。"),
    ),
    "second-factor": (
        "",
        None,
        lambda s, _, by, at: commands.remove_two_factor(s.account, by=by, at=at),
        gettext_lazy("动态口令已解除，本人下次登录时重新绑定。"),
    ),
}
