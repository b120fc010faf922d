"""关注: the button on the page of an item or a law, and what one follows."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from yichuang.catalogue import commands, queries
from yichuang.core import paging
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor, signed_in
from yichuang.identity.middleware import acting_for
from yichuang.identity.models import Applicant

PAGES = {"item": "catalogue:guide", "law": "catalogue:law"}


@dataclass(frozen=True, slots=True)
class Button:
    """url: where the form is sent, "" for a visitor, who signs in first. on: followed now."""

    url: str
    on: bool


def following(request: HttpRequest, kind: str, pk: int) -> Button | None:
    """The button for who reads the page; None for staff and for whoever is not verified yet. No query for visitors."""
    if not request.user.is_authenticated:
        return Button("", False)
    applicant = acting_for(request)
    if applicant is None:
        return None
    return Button(reverse("catalogue:follow", args=[kind, pk]), queries.followed(applicant, kind, pk))


@signed_in
@never_cache
@require_GET
def follows(request: HttpRequest) -> HttpResponse:
    """What the applicant for whom one acts now follows."""
    page = paging.page(queries.follows(_applicant(request)), request, ("-followed_at", "-id"))
    return render(request, "catalogue/follows.html", {"page": page})


@signed_in
@require_POST
def follow(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """POST act=start or act=end; back to where the button was (back=list: the own list)."""
    applicant, who, at = _applicant(request), actor(request), timezone.localtime()
    if kind not in PAGES:
        raise queries.not_found()
    if request.POST.get("act") == "end":
        commands.unfollow(applicant, kind=kind, target=pk, by=who, at=at)
        messages.success(request, _("已取消关注。"))
    else:
        commands.follow(applicant, kind=kind, target=pk, by=who, at=at)
        messages.success(request, _("已关注，有变化时会在“消息”中告诉您。"))
    return redirect("catalogue:follows") if request.POST.get("back") == "list" else redirect(PAGES[kind], pk=pk)


def _applicant(request: HttpRequest) -> Applicant:
    applicant = acting_for(request)
    if applicant is None:
        raise Refusal(
            "follow.applicants_only",
            "关注只对已核验身份的申请人开放。",
            "请以个人账号登录并完成实名核验后再关注。",
            status=403,
        )
    return applicant
