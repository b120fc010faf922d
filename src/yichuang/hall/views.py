"""Where to go: all service points of the district, or those of one item, as a list and on a map."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from yichuang.catalogue import queries as catalogue
from yichuang.core.refusal import Refusal
from yichuang.core.views import is_fragment
from yichuang.hall import queries


@require_safe
def points(request: HttpRequest) -> HttpResponse:
    """All points of the district; with ?item= those that handle it."""
    given = request.GET.get("item", "")
    version = catalogue.current(int(given)) if given.isascii() and given.isdigit() and len(given) < 10 else None
    found = queries.places_for(version) if version else queries.places(settings.YICHUANG.division)
    return render(request, "hall/points.html", {"version": version, **_map(found)})


@require_safe
def near(request: HttpRequest, item: int) -> HttpResponse:
    """The points of an item, as a part of its guide; opened by itself it is a page."""
    version = catalogue.current(item)
    context = {"version": version, **_map(queries.places_for(version))}
    return render(request, "hall/near.html" if is_fragment(request) else "hall/points.html", context)


def _map(found: list[queries.Place]) -> dict[str, Any]:
    return {
        "places": found,
        "mapped": any(place.on_map for place in found),
        "tiles": settings.YICHUANG.map_tiles,
        "credit": settings.YICHUANG.map_credit,
        "bounded": queries.outline() is not None,
    }


@require_safe
@cache_control(max_age=3600, public=True)
def boundary(request: HttpRequest) -> HttpResponse:
    """The district's outline as GeoJSON. Raises Refusal 404 when none is set."""
    found = queries.outline()
    if found is None:
        raise Refusal("map.no_boundary", "没有设置行政区域范围。", "请查看服务点列表。", status=404)
    return JsonResponse(found, content_type="application/geo+json")
