"""Rating, once, by whoever holds the invitation; and what the public may see of it."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from yichuang.core.refusal import Refusal
from yichuang.core.views import actor, signed_in
from yichuang.reviews import commands, queries, rules


@require_GET
def public(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    division = settings.YICHUANG.division
    told = queries.figures(division, since=today - timedelta(days=365), until=today)
    levels = [(label, told.all.counts.get(key, 0)) for key, label in rules.LEVELS.items()]
    context = {"figures": told, "levels": levels, "words": queries.latest_words(division), "labels": rules.LEVELS}
    return render(request, "reviews/public.html", context)


@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, token: str) -> HttpResponse:
    found = queries.invitation(token)
    if found is None:
        raise commands.not_found()
    invitation, used = found
    context = {
        "invitation": invitation,
        "used": used,
        "levels": rules.LEVELS.items(),
        "tags": queries.tags_by_level().items(),
        "level": request.POST.get("level", ""),
        "words": request.POST.get("words", ""),
    }
    if request.method == "POST" and not used:
        try:
            commands.submit(
                token,
                level=request.POST.get("level", ""),
                tags=request.POST.getlist(f"tags.{request.POST.get('level', '')}"),
                words=request.POST.get("words", ""),
                named=request.POST.get("named") == "1",
                channel="mobile" if "Mobi" in request.headers.get("User-Agent", "") else "web",
                by=actor(request),
                at=timezone.localtime(),
            )
        except Refusal as refusal:
            if not refusal.fields:
                raise
            return render(request, "reviews/rate.html", {**context, "refusal": refusal}, status=refusal.status)
        return redirect("reviews:rate", token=token)
    return render(request, "reviews/rate.html", context)


@signed_in
@require_GET
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """The link to rate, for the page of the applicant's case: a fragment, empty when there is nothing to rate."""
    invitation = queries.invitation_of(f"case:{number}", "closing")
    mine = invitation is not None and f"applicant:{invitation.applicant_id}" in actor(request).behalf
    return render(request, "reviews/of_case.html", {"invitation": invitation if mine else None})
