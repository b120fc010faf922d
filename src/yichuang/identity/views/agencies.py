"""Portal: 委托代理 - appointing an agent with the 授权委托书, looking at it, ending it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yichuang.core import files
from yichuang.core.actor import Actor
from yichuang.core.forms import once
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor, signed_in
from yichuang.identity import commands, letters, queries
from yichuang.identity.models import Agency


@signed_in
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """委托代理人 of one's own or of an organisation, whose sealed letter comes with it."""
    who, at = actor(request), timezone.localtime()
    principal = queries.applicant_for(who, pk, "", at=at)
    needed = principal.kind != "person"
    form = letters.AgencyForm(request.POST or None, request.FILES or None, letter_needed=needed)
    if request.method == "POST" and form.is_valid():

        def act() -> HttpResponse:
            told: dict[str, Any] = {**form.cleaned_data}
            with transaction.atomic():
                told["letter"] = letters.kept(told["letter"], principal, by=who, at=at)
                commands.appoint_agent(principal, **told, by=who, at=at)
            messages.success(request, _("委托已登记，代理人登录后即可代办。"))
            return redirect("identity:profile_of", pk=pk)

        try:
            return once(request, act)
        except Refusal as no:
            if no.status == 403:
                raise
            form.take(letters.of_letter(no))
    context = {"form": form, "principal": principal}
    return render(request, "identity/appoint.html", context, status=422 if form.is_bound else 200)


@signed_in
@require_GET
def letter(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The 授权委托书, to both who stand in it."""
    held = _mine(actor(request), pk)
    if held.letter is None:
        raise Refusal("agency.no_letter", "这项委托没有上传授权委托书。", "请返回“我的资料”查看。", status=404)
    return files.response(held.letter, inline=True)


@signed_in
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    who = actor(request)
    agency = _mine(who, pk)
    commands.end_agency(agency, by=who, at=timezone.localtime())
    messages.success(request, _("委托已终止。"))
    own = queries.self_of(who)
    if own and agency.agent_id == own.pk:
        return redirect("identity:profile")
    return redirect("identity:profile_of", pk=agency.principal_id)


def _mine(who: Actor, pk: int) -> Agency:
    """An agency of somebody for whom the person may act, or in which they are the agent. Raises Refusal 404."""
    agency = Agency.objects.select_related("principal", "agent", "letter").filter(pk=pk).first()
    if agency is None or not {agency.principal.ref, agency.agent.ref} & set(who.behalf):
        raise Refusal("agency.unknown", "没有找到这项委托。", "请返回“我的资料”重新选择。", status=404)
    return agency
