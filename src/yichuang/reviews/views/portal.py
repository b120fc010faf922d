"""Rating, once, by whoever holds the invitation; and what the public may see of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from yichuang.core import limits
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor, signed_in
from yichuang.reviews import commands, queries, rules
from yichuang.reviews.forms import PublicFilters
from yichuang.reviews.models import Invitation

SOURCES = ("qr", "sms", "tablet", "device")
"""How a link says where it was opened from (`?from=qr`); without it, by the browser."""


@require_GET
def public(request: HttpRequest) -> HttpResponse:
    division, today = settings.YICHUANG.division, timezone.localdate()
    filters = PublicFilters(request.GET, departments=queries.departments_of(queries.real(division)))
    told = queries.figures(division, **filters.asked(today))
    context = {
        "filters": filters,
        "figures": told,
        "levels": [(label, told.all.counts.get(key, 0)) for key, label in rules.LEVELS.items()],
        "words": queries.latest_words(division),
        "labels": rules.LEVELS,
    }
    return render(request, "reviews/public.html", context)


@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """The rating of one invitation. A second use, one whose time has passed and a member of staff are told kindly."""
    limits.check(request, "reviews.rate", per_minute=30)
    found = queries.invitation(token)
    if found is None:
        raise commands.not_found()
    invitation, used = found
    who, at = actor(request), timezone.localtime()
    sent = request.POST if request.method == "POST" else {}
    context: dict[str, Any] = _form(invitation, used, who, at, sent) | {"just_now": request.GET.get("done") == "1"}
    if request.method == "POST":
        level = request.POST.get("level", "")
        try:
            commands.submit(
                token,
                level=level,
                tags=request.POST.getlist(f"tags.{level}"),
                words=request.POST.get("words", ""),
                named=request.POST.get("named") == "1",
                channel=_channel(request),
                by=who,
                at=at,
            )
        except Refusal as refusal:
            if not refusal.fields:
                raise
            return render(request, "reviews/rate.html", {**context, "refusal": refusal}, status=refusal.status)
        return redirect(f"{reverse('reviews:rate', args=[token])}?done=1")
    response = render(request, "reviews/rate.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _form(invitation: Invitation, used: bool, who: Any, at: Any, sent: Any) -> dict[str, Any]:
    invited = invitation.facts(used=used)
    level = sent.get("level", "")
    chosen = sent.getlist(f"tags.{level}") if sent else []
    return {
        "invitation": invitation,
        "used": used,
        "expired": at > invitation.expires_at,
        "staff": who.is_staff,
        "may_be_named": rules.may_be_named(invited, who),
        "levels": [(key, label, key == level) for key, label in rules.LEVELS.items()],
        "tags": [
            (key, rules.LEVELS[key], [(code, label, code in chosen) for code, label in labels])
            for key, labels in queries.tags_by_level().items()
        ],
        "words": sent.get("words", ""),
        "named": sent.get("named") == "1",
        "words_max": rules.WORDS_MAX,
    }


def _channel(request: HttpRequest) -> str:
    source = request.GET.get("from", "")
    if source in SOURCES:
        return source
    return "mobile" if "Mobi" in request.headers.get("User-Agent", "") else "web"


@signed_in
@require_GET
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """The links to rate, for the page of the applicant's case: a fragment, empty when there is nothing to rate."""
    open_ = [
        invitation
        for invitation in queries.open_invitations(f"case:{number}", timezone.localtime())
        if f"applicant:{invitation.applicant_id}" in actor(request).behalf
    ]
    return render(request, "reviews/of_case.html", {"invitations": open_})
