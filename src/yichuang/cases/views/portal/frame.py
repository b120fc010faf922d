"""What the pages of an application share: the draft and its way, what their frame shows, where going on leads."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from yichuang.cases import queries
from yichuang.cases.views.kept import ACCEPT
from yichuang.cases.views.portal.journey import Journey
from yichuang.catalogue import queries as catalogue
from yichuang.core.views import actor


def journey_of(request: HttpRequest, draft_id: UUID) -> Journey:
    draft = queries.draft_for(actor(request), draft_id)
    return Journey(draft, catalogue.version(draft.version_id), timezone.localdate())


def frame(request: HttpRequest, journey: Journey, name: str) -> dict[str, Any]:
    return {
        "draft": journey.draft,
        "version": journey.version,
        "steps": journey.steps(name),
        "back": journey.before(name),
        "then": request.POST.get("then") or request.GET.get("then", ""),
        "accept": ACCEPT,
    }


def next_url(request: HttpRequest, journey: Journey, name: str) -> str:
    """Back to the check page when the person came from there, else on."""
    if request.POST.get("then") == "check":
        return next(stop.url for stop in journey.stops() if not stop.done)
    return journey.after(name)
