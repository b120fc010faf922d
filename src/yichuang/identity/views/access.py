"""Desk: the auditor's view of looks at personal data and of sign-ins; people who stand at the window."""

from __future__ import annotations

from typing import Any

import orjson
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from yichuang.core import paging
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor, desk
from yichuang.identity import commands, queries
from yichuang.identity.forms import AccessFilter, FindForm, LookForm, NewPasswordForm, SettleForm
from yichuang.identity.models import Applicant
from yichuang.identity.queries.oversight import OVERSEERS, SIGN_INS
from yichuang.identity.queries.people import LOOKERS

CLERKS = ("window_clerk", "handler")
FIELD_NAMES = {"id_number": "证件号码", "phone": "电话", "address": "地址", "name": "姓名", "letter": "授权委托书"}


@desk(roles=("auditor",))
def looks(request: HttpRequest) -> HttpResponse:
    """Who looked at whose personal data, and why."""
    filters = AccessFilter(request.GET or None, kinds=[])
    del filters.fields["kind"]
    chosen: dict[str, Any] = filters.cleaned_data if filters.is_bound and filters.is_valid() else {}
    page = paging.page(
        queries.personal_looks(
            actor(request), by=chosen.get("by") or "", begin=chosen.get("begin"), end=chosen.get("end")
        ),
        request,
        ("-id",),
    )
    rows = []
    for line in page:
        data = orjson.loads(line.data)
        rows.append(
            {
                "at": line.occurred_at,
                "who": line.actor_name,
                "subject": line.stream.removeprefix("personal:"),
                "fields": [FIELD_NAMES.get(f, f) for f in data.get("fields", [])],
                "why": data.get("why", ""),
            }
        )
    return render(request, "identity/looks.html", {"page": page, "rows": rows, "filters": filters})


@desk(roles=OVERSEERS)
def sign_ins(request: HttpRequest) -> HttpResponse:
    """Sign-ins, failures, passwords and second factors."""
    filters = AccessFilter(request.GET or None, kinds=list(SIGN_INS.items()))
    chosen: dict[str, Any] = filters.cleaned_data if filters.is_bound and filters.is_valid() else {}
    page = paging.page(
        queries.sign_ins(
            actor(request),
            kind=chosen.get("kind") or "",
            by=chosen.get("by") or "",
            begin=chosen.get("begin"),
            end=chosen.get("end"),
        ),
        request,
        ("-id",),
    )
    rows = []
    for line in page:
        data = orjson.loads(line.data)
        rows.append(
            {
                "at": line.occurred_at,
                "what": SIGN_INS[line.kind],
                "bad": line.kind in ("account.sign_in_failed", "account.sign_in_locked"),
                "who": line.actor_name,
                "account": line.stream if line.stream.startswith("account:") else "",
                "address": data.get("address", ""),
                "method": data.get("method", ""),
            }
        )
    return render(request, "identity/sign_ins.html", {"page": page, "rows": rows, "filters": filters})


# --- People at the window ---------------------------------------------------------------------------------------


@desk(roles=CLERKS)
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """Find an applicant by the number on their document; claims of identity that wait for a clerk. The number travels
    in the body of a POST, never in an address that logs and histories keep."""
    who = actor(request)
    form = FindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = queries.find_by_identifier(who, form.cleaned_data["id_kind"], form.cleaned_data["id_number"])
        except Refusal as no:
            form.take(no)
        else:
            if found:
                return redirect("identity:person", pk=found.pk)
            form.take({"id_number": _("没有登记过这个号码。收件时会自动建立申请人。")})
    page = paging.page(queries.pending_verifications(who), request, ("asked_at", "id"))
    context = {"form": form, "page": page, "settle": SettleForm(auto_id=False)}
    return render(request, "identity/people.html", context, status=422 if form.is_bound else 200)


@desk(roles=CLERKS)
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """A clerk who saw the card or licence settles a claim."""
    who = actor(request)
    found = queries.pending_verifications(who).filter(pk=pk).first()
    if found is None:
        raise Refusal("verification.unknown", "没有找到这项核验。", "请刷新页面查看。", status=404)
    passed = request.POST.get("passed") == "1"
    reason = request.POST.get("reason", "")[:200]
    commands.settle_verification(found, passed=passed, reason=reason, by=who, at=timezone.localtime())
    messages.success(request, _("核验已通过。") if passed else _("已登记核验未通过。"))
    return redirect("identity:people")


@desk(roles=LOOKERS)
@never_cache
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """An applicant, masked; in full after the reason was given, and on the record."""
    who, at = actor(request), timezone.localtime()
    form = LookForm(request.POST or None)
    full: Applicant | None = None
    if request.method == "POST" and form.is_valid():
        full = queries.applicant_for(who, pk, form.cleaned_data["why"], at=at)
    shown = queries.applicant_masked(who, pk)
    wrong = form.is_bound and full is None
    return _person(request, shown, status=422 if wrong else 200, full=full, form=form)


def _person(request: HttpRequest, shown: Applicant, *, status: int, **more: Any) -> HttpResponse:
    context = {
        "shown": shown,
        "masked": queries.shown_applicant(shown),
        "full": None,
        "form": LookForm(),
        "password_form": NewPasswordForm(),
        "looks": queries.looks_at(shown, limit=10),
        "agencies": queries.agencies_of(shown, at=timezone.localtime()),
        "serves": actor(request).has("window_clerk"),
        **more,
    }
    return render(request, "identity/person.html", context, status=status)


@desk(roles=("window_clerk",))
@sensitive_post_parameters()
@require_POST
def person_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Reset a forgotten password, unlock: the person stands at the window with their card."""
    who, at = actor(request), timezone.localtime()
    shown = queries.applicant_masked(who, pk)
    if act not in ("password", "unlock") or shown.account is None:
        raise Http404
    if act == "unlock":
        commands.unlock_account(shown.account, by=who, at=at)
        messages.success(request, _("登录锁定已解除。"))
        return redirect("identity:person", pk=pk)
    form = NewPasswordForm(request.POST)
    if form.is_valid():
        try:
            commands.reset_password(shown.account, password=form.cleaned_data["password"], by=who, at=at)
        except Refusal as no:
            if no.status != 422:
                raise
            form.take(no)
        else:
            messages.success(request, _("密码已重置，请当面告知本人，首次登录须修改。"))
            return redirect("identity:person", pk=pk)
    return _person(request, shown, status=422, password_form=form)
