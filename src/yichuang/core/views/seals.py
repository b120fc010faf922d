"""/seals/: the daily seals for everyone to keep, without sign-in."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from yichuang.core import seal
from yichuang.core.refusal import Refusal

SIZE = 400


@require_GET
@cache_control(public=True, max_age=300)
def seals(request: HttpRequest) -> HttpResponse:
    """The latest first, 400 at a time; `next` leads to older ones."""
    text = request.GET.get("before", "")
    try:
        before = date.fromisoformat(text) if text else None
    except ValueError:
        raise Refusal("seal.day", "日期应为 YYYY-MM-DD。", "请改正网址中的 before 参数。", status=422) from None
    found = seal.published(before=before, size=SIZE)
    body = {
        "about": "root: RFC 6962 tree over the lines stream, seq, digest; digest: over previous, day, streams, root",
        "seals": [
            {
                "day": s.day,
                "digest": s.digest,
                "root": s.root,
                "previous": s.previous,
                "streams": s.streams,
                "algorithm": s.algorithm,
                "sealed_at": s.sealed_at,
            }
            for s in found
        ],
        "next": f"{reverse('core:seals')}?before={found[-1].day}" if len(found) == SIZE else None,
    }
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False, "indent": 1})
