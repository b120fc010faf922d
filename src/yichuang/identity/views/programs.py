"""Desk: programs that call the API, their tokens and scopes."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from yichuang.core import paging
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor, desk
from yichuang.identity import commands, queries, rules
from yichuang.identity.forms import ClientForm


@desk(roles=("security_administrator", "auditor"))
@never_cache
def clients(request: HttpRequest) -> HttpResponse:
    """接入系统. A new token is shown on the answer to the POST, this once; it is kept nowhere."""
    who, at = actor(request), timezone.localtime()
    form = ClientForm(request.POST or None, departments=queries.department_choices(who.division))
    token, status = "", 200
    if request.method == "POST":
        who.require("security_administrator")
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            last = data["expires_on"]
            until = timezone.make_aware(datetime.combine(last + timedelta(days=1), time())) if last else None
            try:
                _client, token = commands.create_client(
                    name=data["name"],
                    scopes=data["scopes"],
                    departments=queries.departments(who.division).filter(pk__in=data["departments"]),
                    division=who.division,
                    expires_at=until,
                    by=who,
                    at=at,
                )
            except Refusal as no:
                form.take(no)
            else:
                status = 201
                form = ClientForm(departments=queries.department_choices(who.division))
    page = paging.page(queries.clients(who), request, ("-created_at", "-id"))
    context = {
        "page": page,
        "form": form,
        "token": token,
        "creates": who.has("security_administrator"),
        "scope_names": {k: v[0] for k, v in rules.SCOPES.items()},
        "now": at,
    }
    return render(request, "identity/clients.html", context, status=status)


@desk(roles=("security_administrator",))
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """停用: the token stops working at once."""
    who = actor(request)
    found = queries.clients(who).filter(pk=pk).first()
    if found is None:
        raise Refusal("client.unknown", "没有找到这个接入系统。", "请返回列表重新选择。", status=404)
    commands.revoke_client(found, reason=request.POST.get("reason", "")[:100], by=who, at=timezone.localtime())
    messages.success(request, _("接入已停用，令牌立即失效。"))
    return redirect("identity:clients")
