"""Drafts at the desk: the next version from the one in force, and the blank forms and samples of its materials."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yichuang.catalogue import commands, queries
from yichuang.catalogue.forms.items import SheetForm
from yichuang.catalogue.models import ItemVersion
from yichuang.catalogue.models.item import DRAFT
from yichuang.catalogue.views.desk import ROLES
from yichuang.core import files
from yichuang.core.forms import once
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor, desk


@desk(roles=("catalogue_editor",))
@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """The next draft, with the content of the version in force."""
    who = actor(request)
    item = queries.item_for(who, pk)

    def act() -> HttpResponse:
        content = queries.content(queries.in_force(item.pk))
        made = commands.draft_version(item, content, by=who, at=timezone.localtime())
        messages.success(request, _("已按现行版本起草新版。"))
        return redirect("catalogue:desk_version", pk=made.pk)

    return once(request, act)


@desk(roles=ROLES)
@require_http_methods(["GET", "POST"])
def sheets(request: HttpRequest, pk: int) -> HttpResponse:
    """What each material has; an editor of a draft uploads here."""
    row = queries.version_for(actor(request), pk)
    if request.method == "POST":
        return once(request, lambda: _upload(request, row))
    return _page(request, row)


def _page(request: HttpRequest, row: ItemVersion, form: SheetForm | None = None, status: int = 200) -> HttpResponse:
    facts = queries.version(row.pk)
    held, drawn = queries.sheets(facts), queries.form_material(facts)
    context = {
        "version": row,
        "item": row.item,
        "lines": [{"material": m, "held": held.get(m.code, {}), "drawn": m is drawn} for m in facts.materials],
        "edits": row.state == DRAFT and not row.stage and queries.may_edit(actor(request), row.item),
        "form": form or SheetForm(materials=[(m.code, m.name) for m in facts.materials]),
    }
    return render(request, "catalogue/desk_sheets.html", context, status=status)


def _upload(request: HttpRequest, row: ItemVersion) -> HttpResponse:
    choices = [(m.code, m.name) for m in queries.version(row.pk).materials]
    form = SheetForm(request.POST, request.FILES, materials=choices)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    given = form.cleaned_data
    try:
        commands.put_sheet(
            row.pk,
            material=given["material"],
            kind=given["kind"],
            source=given["file"],
            name=given["file"].name or "",
            by=actor(request),
            at=timezone.localtime(),
        )
    except Refusal as refusal:
        if refusal.status not in (413, 422):
            raise
        form.take({"file": f"{refusal.message}{refusal.next_step}"})
        return _page(request, row, form, status=refusal.status)
    messages.success(request, _("已上传。发布这一版后公众可见。"))
    return redirect("catalogue:desk_sheets", pk=row.pk)


@desk(roles=ROLES)
@require_GET
def sheet(request: HttpRequest, pk: int, code: str, kind: str) -> FileResponse:
    row = queries.version_for(actor(request), pk)
    return files.response(queries.sheet_of(queries.version(row.pk), code, kind), inline=True)


@desk(roles=("catalogue_editor",))
@require_POST
def remove(request: HttpRequest, pk: int, code: str, kind: str) -> HttpResponse:
    who = actor(request)
    row = queries.version_for(who, pk)
    commands.take_sheet(row.pk, material=code, kind=kind, by=who, at=timezone.localtime())
    messages.success(request, _("已移除。"))
    return redirect("catalogue:desk_sheets", pk=row.pk)
