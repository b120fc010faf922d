"""Portal: sign-up, inbox, my data, whom I act for."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import cast

from allauth.account.internal import flows
from allauth.account.models import Login
from allauth.decorators import rate_limit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST
from django.views.generic.base import RedirectView

from yichuang.core import paging
from yichuang.core.actor import NOBODY
from yichuang.core.forms import once
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor, signed_in
from yichuang.identity import commands, queries, rules
from yichuang.identity.forms import OrganisationForm, PreferencesForm, ProfileForm, SignUpForm, VerifyForm
from yichuang.identity.middleware import ACTING_FOR, ACTING_NAME, acting_for, set_actor
from yichuang.identity.models import Account, Applicant


def retained(applicant: Applicant) -> str:
    """Why the data must stay: the first reason that a package of `site/wiring.py` RETAINED gives."""
    checks: tuple[Callable[[Applicant], str], ...] = import_module(settings.YICHUANG_WIRING).RETAINED
    return next((why for why in (check(applicant) for check in checks) if why), "")


def stays(applicant: Applicant, on: date) -> list[rules.Stay]:
    """What of the applicant's papers the law keeps: of every package of `site/wiring.py` STAYS."""
    checks: tuple[Callable[[Applicant, date], list[rules.Stay]], ...] = import_module(settings.YICHUANG_WIRING).STAYS
    return [kept for check in checks for kept in check(applicant, on)]


@sensitive_post_parameters()
@never_cache
@rate_limit(action="signup")
def sign_up(request: HttpRequest) -> HttpResponse:
    """注册 with a real name, then signed in."""
    if request.user.is_authenticated:
        return redirect("/my/")
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            account = commands.register_person(
                username=data["username"],
                password=data["password"],
                name=data["name"],
                id_kind=data["id_kind"],
                id_number=data["id_number"],
                phone=data["phone"],
                by=actor(request),
                at=timezone.localtime(),
            )
        except Refusal as no:
            form.take(no)
        else:
            where = _safe(request, request.POST.get("next", "")) or reverse("identity:profile")
            flows.login.record_authentication(request, account, method="password")
            return cast(HttpResponse, flows.login.perform_login(request, Login(user=account, redirect_url=where)))
    context = {"form": form, "next": _safe(request, request.GET.get("next") or request.POST.get("next", ""))}
    return render(request, "account/signup.html", context, status=422 if form.is_bound else 200)


def forgotten(request: HttpRequest) -> HttpResponse:
    """忘记密码: there is no e-mail; the window or the administrator resets it."""
    return render(request, "account/forgotten.html")


to_profile = RedirectView.as_view(pattern_name="identity:profile")


def _safe(request: HttpRequest, url: str) -> str:
    ok = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return url if ok else ""


# --- Inbox ------------------------------------------------------------------------------------------------------


@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    who = actor(request)
    page = paging.page(queries.inbox(who), request, ("-created_at", "-id"))
    return render(request, "identity/inbox.html", {"page": page, "unread": queries.unread(who)})


@signed_in
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    who = actor(request)
    pks = [rules.pk_of(ref) for ref in who.behalf]
    commands.read_notices(applicant_ids=pks, by=who, at=timezone.localtime())
    return redirect("identity:inbox")


@signed_in
@require_GET
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice; opening it reads it."""
    who = actor(request)
    found = queries.inbox(who).filter(pk=pk).first()
    if found is None:
        raise Refusal("notice.unknown", "没有找到这条消息。", "请返回消息列表。", status=404)
    if found.read_at is None:
        commands.read_notices(applicant_ids=[found.applicant_id], notice=pk, by=who, at=timezone.localtime())
    return render(request, "identity/notice.html", {"notice": found, "link": _safe(request, found.link)})


# --- My data ----------------------------------------------------------------------------------------------------


@signed_in
@never_cache
def profile(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """我的资料, or that of an organisation that one may act for. POST act=reveal shows the numbers in full, once."""
    who, at = actor(request), timezone.localtime()
    own = queries.self_of(who)
    if who.kind != "person":
        return redirect("mfa_index")
    if own is None:
        account = cast(Account, request.user)
        claims = list(queries.pending_verifications(who).order_by("-asked_at")[:5])
        context = {"claims": claims, "preferences": _preferences(account)}
        return render(request, "identity/unverified.html", context)
    shown = own if pk is None else queries.applicant_for(who, pk, "", at=at)
    reveal = request.method == "POST" and request.POST.get("act") == "reveal"
    form = ProfileForm(initial={"phone": shown.phone, "address": shown.address, "postcode": shown.postcode})
    if request.method == "POST" and not reveal:
        form = ProfileForm(request.POST)
        if form.is_valid():
            try:
                commands.update_profile(shown, **form.cleaned_data, by=who, at=at)
            except Refusal as no:
                form.take(no)
            else:
                messages.success(request, _("资料已保存。"))
                return redirect(request.path)
    agencies = queries.agencies_of(shown, at=at, ended=True)
    principal = shown.pk == own.pk or any(
        a.agent_id == own.pk and a.role == "legal_representative" and a.ended_at is None for a in agencies
    )
    context = {
        "shown": shown,
        "own": own,
        "is_self": shown.pk == own.pk,
        "masked": queries.shown_applicant(shown),
        "reveal": reveal,
        "form": form,
        "agencies": agencies,
        "may_appoint": principal,
        "others": [a for a in queries.applicants_for(who) if a.pk != own.pk] if shown.pk == own.pk else [],
        "represents": queries.represented_by(own, at=at) if shown.pk == own.pk else [],
        "looks": queries.looks_at(shown),
        "preferences": _preferences(cast(Account, request.user)),
        "may_erase": bool(import_module(settings.YICHUANG_WIRING).RETAINED) and shown.pk == own.pk,
        "stays": stays(own, at.date()) if shown.pk == own.pk else [],
    }
    return render(request, "identity/profile.html", context, status=422 if form.is_bound and form.errors else 200)


def _preferences(account: Account) -> PreferencesForm:
    return PreferencesForm(initial={"large_text": account.large_text, "language": account.language})


@signed_in
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    form = PreferencesForm(request.POST)
    if form.is_valid():
        commands.set_preferences(
            cast(Account, request.user), **form.cleaned_data, by=actor(request), at=timezone.localtime()
        )
        messages.success(request, _("显示设置已保存。"))
    return redirect("identity:profile")


@signed_in
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """All my data as a JSON file."""
    data = queries.export_applicant(actor(request), at=timezone.localtime())
    response = HttpResponse(
        json.dumps(data, ensure_ascii=False, indent=2), content_type="application/json; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    response["Cache-Control"] = "no-store"
    return response


@signed_in
@require_POST
@never_cache
def erase(request: HttpRequest) -> HttpResponse:
    """Everything goes but what a law keeps; the last page that the person gets says what that is, and why."""
    who, at = actor(request), timezone.localtime()
    own = queries.self_of(who)
    if own is None:
        return redirect("identity:profile")
    with transaction.atomic():
        kept = stays(own, at.date())
        commands.erase_applicant(own, reason="本人申请", retained=retained, by=who, at=at)
    logout(request)
    set_actor(request, NOBODY)
    return render(request, "identity/erased.html", {"stays": kept})


@signed_in
def verify_again(request: HttpRequest) -> HttpResponse:
    """A claim that failed is made anew with corrected data."""
    form = VerifyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.ask_verification(
                cast(Account, request.user), **form.cleaned_data, by=actor(request), at=timezone.localtime()
            )
        except Refusal as no:
            form.take(no)
        else:
            return redirect("identity:profile")
    return render(request, "identity/verify.html", {"form": form}, status=422 if form.is_bound else 200)


# --- Whom I act for ---------------------------------------------------------------------------------------------


@signed_in
def act_as(request: HttpRequest) -> HttpResponse:
    """切换办事身份, kept in the session until changed."""
    who = actor(request)
    choices = queries.applicants_for(who)
    if request.method == "POST":
        chosen = next((a for a in choices if str(a.pk) == request.POST.get("applicant")), None)
        if chosen is None:
            raise Refusal(
                "applicant.unknown", "不能以这个身份办事。", "请从列表中选择，委托已到期的请重新委托。", status=404
            )
        if chosen.account_id == rules.pk_of(who.ref):
            request.session.pop(ACTING_FOR, None)
            request.session.pop(ACTING_NAME, None)
        else:
            request.session[ACTING_FOR] = chosen.pk
            request.session[ACTING_NAME] = queries.shown_applicant(chosen)["name"]
        messages.success(request, _("已切换办事身份。"))
        return redirect(_safe(request, request.POST.get("next", "")) or "/my/")
    now = acting_for(request)
    context = {
        "choices": [{**queries.shown_applicant(a), "current": now is not None and a.pk == now.pk} for a in choices],
        "next": _safe(request, request.GET.get("next", "")),
    }
    return render(request, "identity/act_as.html", context)


@signed_in
def add_organisation(request: HttpRequest) -> HttpResponse:
    who = actor(request)
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def act() -> HttpResponse:
            made = commands.register_organisation(**form.cleaned_data, by=who, at=timezone.localtime())
            if isinstance(made, Applicant):
                messages.success(request, _("单位已登记，您可以代表它办事。"))
                return redirect("identity:profile_of", pk=made.pk)
            messages.info(request, _("登记已提交，核验通过后即可代表单位办事。"))
            return redirect("identity:profile")

        try:
            return once(request, act)
        except Refusal as no:
            form.take(no)
    return render(request, "identity/organisation.html", {"form": form}, status=422 if form.is_bound else 200)
