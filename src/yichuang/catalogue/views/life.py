"""全生命周期 for the public: stages, their situations, the items of a situation in order, and the printed booklet."""

from __future__ import annotations

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yichuang.catalogue import queries
from yichuang.core import files


def _division() -> str:
    return str(settings.YICHUANG.division)


@require_GET
def stages(request: HttpRequest) -> HttpResponse:
    """A person's life, or an enterprise's with ?for=legal."""
    audience = "legal" if request.GET.get("for") == "legal" else "person"
    context = {
        "audience": audience,
        "stages": queries.life(_division(), audience=audience),
        "edition": queries.editions(_division()).first() if audience == "person" else None,
    }
    return render(request, "catalogue/life.html", context)


@require_GET
def stage(request: HttpRequest, code: str) -> HttpResponse:
    shown = queries.life_stage(_division(), code)
    others = queries.life_names(_division(), shown.audience)
    return render(request, "catalogue/life_stage.html", {"stage": shown, "others": others, "crumbs": _crumbs(shown)})


@require_GET
def situation(request: HttpRequest, pk: int) -> HttpResponse:
    row, items = queries.life_situation(_division(), pk)
    crumbs = [*_crumbs(row.stage), (row.stage.name, f"/life/{row.stage.code}/")]
    return render(request, "catalogue/life_situation.html", {"situation": row, "items": items, "crumbs": crumbs})


@require_GET
def booklet(request: HttpRequest) -> HttpResponse:
    """The newest edition, and which ones there were."""
    edition = queries.newest_edition(_division())
    context = {"edition": edition, "crumbs": [(_("全生命周期"), "/life/")]}
    return render(request, "catalogue/life_booklet.html", context)


@require_GET
def booklet_pdf(request: HttpRequest) -> FileResponse:
    return files.response(queries.newest_edition(_division()).file, inline=True)


def _crumbs(stage: object) -> list[tuple[str, str]]:
    if getattr(stage, "audience", "") == "legal":
        return [(_("企业全生命周期"), "/life/?for=legal")]
    return [(_("个人全生命周期"), "/life/")]
