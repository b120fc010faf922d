"""Two versions of an item side by side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yichuang.catalogue import queries
from yichuang.catalogue.rules import aligned
from yichuang.catalogue.views.desk import ROLES
from yichuang.core.views import actor, desk


@desk(roles=ROLES)
@require_GET
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """?a= the older, ?b= the newer (numbers); the newest two by default. all=1: what is the same, too."""
    shown = queries.item_for(actor(request), pk)
    versions = {v.number: v for v in queries.whole().filter(item=shown)}
    numbers = sorted(versions)
    a, b = (_number(request, name, numbers, place) for name, place in (("a", -2), ("b", -1)))
    blocks = aligned.aligned(queries.content(versions[a]), queries.content(versions[b]))
    everything = request.GET.get("all") == "1"
    if not everything:
        blocks = [block.only_differing() for block in blocks if block.mark != aligned.SAME]
    context = {
        "item": shown,
        "versions": [versions[n] for n in numbers],
        "a": versions[a],
        "b": versions[b],
        "blocks": blocks,
        "number": aligned.count(blocks),
        "all": everything,
    }
    return render(request, "catalogue/compare.html", context)


def _number(request: HttpRequest, name: str, numbers: list[int], place: int) -> int:
    given = request.GET.get(name, "")
    if given.isdecimal() and len(given) < 9 and int(given) in numbers:
        return int(given)
    return numbers[place] if len(numbers) >= -place else numbers[0]
