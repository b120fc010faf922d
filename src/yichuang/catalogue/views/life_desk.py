"""全生命周期 at the desk: stages and situations, a situation's items and their order, editions of the booklet."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yichuang.catalogue import commands, queries
from yichuang.catalogue.forms_life import SituationForm, StageForm
from yichuang.catalogue.models import LifeSituation
from yichuang.catalogue.models.item import PUBLISHED
from yichuang.catalogue.views.desk import ROLES
from yichuang.core import files
from yichuang.core.actor import Actor
from yichuang.core.forms import once
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor
from yichuang.core.views import desk as at_desk

EDITIONS, HITS, MOST = 10, 8, 60
EDITOR = "catalogue_editor"
_ACT = re.compile(r"(up|down|drop)-(\d{1,3})")


@at_desk(roles=ROLES)
@require_GET
def stages(request: HttpRequest) -> HttpResponse:
    who = actor(request)
    found = queries.life(who.division, whole=True)
    halves = [
        (_("个人的一生"), [stage for stage in found if stage.audience == "person"]),
        (_("企业的一生"), [stage for stage in found if stage.audience == "legal"]),
    ]
    context = {
        "stages": bool(found),
        "halves": [half for half in halves if half[1]],
        "editions": queries.editions(who.division)[:EDITIONS],
        "edits": who.has(EDITOR),
        "public": who.division == settings.YICHUANG.division,
    }
    return render(request, "catalogue/life_desk.html", context)


@at_desk(roles=(EDITOR,))
@require_http_methods(["GET", "POST"])
def stage(request: HttpRequest, code: str) -> HttpResponse:
    """The words of a stage."""
    who = actor(request)
    row = queries.life_stage_row(who.division, code)
    form = StageForm(request.POST or None, initial={"name": row.name, "summary": row.summary})
    if form.is_bound and form.is_valid():

        def save() -> HttpResponse:
            given = form.cleaned_data
            made = commands.set_stage(
                code=row.code,
                audience=row.audience,
                name=given["name"],
                summary=given["summary"],
                by=who,
                at=timezone.localtime(),
            )
            messages.success(request, _("已保存“%(name)s”。") % {"name": made.name})
            return redirect("catalogue:desk_life")

        return once(request, save)
    context = {"stage": row, "form": form, "crumbs": [(_("全生命周期"), "/desk/life/")]}
    return render(request, "catalogue/life_stage_edit.html", context, status=422 if form.is_bound else 200)


@at_desk(roles=ROLES)
@require_http_methods(["GET", "POST"])
def situation(request: HttpRequest, pk: int) -> HttpResponse:
    """A situation: an editor changes it, others read it."""
    who = actor(request)
    row, items = queries.life_situation(who.division, pk, whole=True)
    if request.method == "POST":
        who.require(EDITOR)
        return _edited(request, who, row)
    given = {"name": row.name, "summary": row.summary, "stage": row.stage.code}
    form = SituationForm(initial=given, stages=_stages(who), new=False)
    return _page(request, who, row, form, [item.code for item in items])


@at_desk(roles=(EDITOR,))
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    who = actor(request)
    if request.method == "POST":
        return _edited(request, who, None)
    form = SituationForm(initial={"stage": request.GET.get("stage", "")}, stages=_stages(who), new=True)
    return _page(request, who, None, form, [])


@at_desk(roles=(EDITOR,))
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    who = actor(request)

    def act() -> HttpResponse:
        row, _items = queries.life_situation(who.division, pk, whole=True)
        commands.remove_situation(row.code, by=who, at=timezone.localtime())
        messages.success(request, _("已撤下“%(name)s”。") % {"name": row.name})
        return redirect("catalogue:desk_life")

    return once(request, act)


@at_desk(roles=(EDITOR,))
@require_POST
def print_booklet(request: HttpRequest) -> HttpResponse:
    who = actor(request)
    return once(request, lambda: redirect("core:job", commands.start_booklet(by=who, at=timezone.localtime()).pk))


@at_desk(roles=ROLES)
@require_GET
def edition(request: HttpRequest, number: int) -> FileResponse:
    """Any edition, also one that is no longer given out."""
    found = queries.editions(actor(request).division).filter(number=number).first()
    if found is None:
        raise Refusal("booklet.none", "没有这一版。", "请从所列各版中选择。", status=404)
    return files.response(found.file, inline=True)


def _edited(request: HttpRequest, who: Actor, row: LifeSituation | None) -> HttpResponse:
    """What the form's buttons ask for: the list is changed on the page until it is saved."""
    codes, act = request.POST.getlist("items")[:MOST], request.POST.get("act", "save")
    if act != "save":
        form = SituationForm(initial=request.POST.dict(), stages=_stages(who), new=row is None)
        text = request.POST.get("q", "").strip()[:100] if act == "find" else ""
        return _page(request, who, row, form, _moved(codes, act), text=text)
    form = SituationForm(request.POST, stages=_stages(who), new=row is None)
    if not form.is_valid():
        return _page(request, who, row, form, codes, status=422)
    given = form.cleaned_data

    def save() -> HttpResponse:
        made = commands.set_situation(
            code=row.code if row else given["code"],
            stage=given["stage"],
            name=given["name"],
            summary=given["summary"],
            items=codes,
            by=who,
            at=timezone.localtime(),
        )
        messages.success(request, _("已保存“%(name)s”。") % {"name": made.name})
        return redirect("catalogue:desk_life_situation", made.pk)

    try:
        if row is None and queries.life_situation_taken(who.division, given["code"]):
            raise Refusal(
                "life.taken",
                "代码已被占用。",
                "请换一个代码。",
                fields={"code": "这个代码已被别的情形使用"},
                status=422,
            )
        return once(request, save)
    except Refusal as no:
        if no.status != 422:
            raise
        form.take(no)
        return _page(request, who, row, form, codes, status=422)


def _moved(codes: list[str], act: str) -> list[str]:
    """The codes after "up-2", "down-0", "drop-1" or "add-<code>"; anything else leaves them."""
    if act.startswith("add-"):
        code = act.removeprefix("add-")
        return codes if code in codes else [*codes, code]
    found = _ACT.fullmatch(act)
    if not found or int(found[2]) >= len(codes):
        return codes
    n, left = int(found[2]), list(codes)
    code = left.pop(n)
    if found[1] != "drop":
        left.insert(max(0, n + (-1 if found[1] == "up" else 1)), code)
    return left


def _page(
    request: HttpRequest,
    who: Actor,
    row: LifeSituation | None,
    form: SituationForm,
    codes: list[str],
    *,
    text: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "situation": row,
        "form": form,
        "items": queries.life_items(who.division, codes),
        "text": text,
        "edits": who.has(EDITOR),
        "crumbs": [(_("全生命周期"), "/desk/life/")],
    }
    if text:
        found = queries.found(who, queries.Filters(text=text, state=PUBLISHED), HITS)
        context["hits"] = [item for item in found if item.code not in codes]
    return render(request, "catalogue/life_edit.html", context, status=status)


def _stages(who: Actor) -> list[tuple[str, str]]:
    return queries.life_stage_choices(who.division)
