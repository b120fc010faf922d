"""The catalogue at the desk: list, item, version, comparison, findings, retirement."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yichuang.catalogue import commands, queries
from yichuang.catalogue.forms.items import DeskFilter, RetireForm
from yichuang.catalogue.models import Item
from yichuang.catalogue.rules import facts
from yichuang.catalogue.views.history import timeline
from yichuang.catalogue.views.publishing import version_page
from yichuang.core import paging
from yichuang.core.forms import once
from yichuang.core.views import actor
from yichuang.core.views import desk as at_desk

ROLES = ("catalogue_editor", "head", "window_clerk", "handler", "reviewer", "legal_reviewer", "auditor")
EXPORTERS = ("catalogue_editor", "head", "auditor")
FINDINGS = 300


def filters_of(form: DeskFilter) -> queries.Filters:
    chosen: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    return queries.Filters(
        text=chosen.get("q") or "",
        department=int(chosen["department"]) if chosen.get("department") else None,
        task_type=chosen.get("type") or "",
        state=chosen.get("state") or "",
        online={"1": True, "0": False}.get(chosen.get("online") or ""),
    )


@at_desk(roles=ROLES)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    who = actor(request)
    form = DeskFilter(request.GET or None, departments=queries.departments(who))
    filters = filters_of(form)
    page: paging.Page[Item]
    if filters.text:
        page = paging.Page(queries.found(who, filters))
    else:
        page = paging.page(queries.catalogue(who, filters), request, ("code", "id"), 50)
    context = {"page": page, "filters": form, "types": facts.TASK_TYPES, "edits": who.has("catalogue_editor")}
    context["exports"] = who.has_any(EXPORTERS)
    return render(request, "catalogue/desk.html", context)


@at_desk(roles=ROLES)
@require_GET
def lint(request: HttpRequest) -> HttpResponse:
    """Findings of the whole division, errors first within the order of items, as many as a person reads."""
    found = list(islice(queries.lint_all(actor(request).division), FINDINGS))
    context = {"findings": found, "most": FINDINGS, "errors": sum(one["level"] == "error" for one in found)}
    return render(request, "catalogue/desk_lint.html", context)


@at_desk(roles=ROLES)
@require_GET
def item(request: HttpRequest, pk: int) -> HttpResponse:
    who = actor(request)
    shown = queries.item_for(who, pk)
    versions = list(shown.versions.order_by("-number"))
    context = {
        "item": shown,
        "versions": versions,
        "compares": len(versions) > 1,
        "type": facts.TASK_TYPES.get(shown.task_type, ""),
        "audience": facts.AUDIENCES.get(shown.audience, ""),
        "history": timeline(shown, versions),
        "powers": queries.adjustments_of(shown),
        "edits": queries.may_edit(who, shown),
    }
    return render(request, "catalogue/desk_item.html", context)


@at_desk(roles=ROLES)
@require_GET
def version(request: HttpRequest, pk: int) -> HttpResponse:
    return version_page(request, queries.version_for(actor(request), pk))


@at_desk(roles=("catalogue_editor",))
@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    who = actor(request)
    row = queries.version_for(who, pk)
    form = RetireForm(request.POST)
    if not form.is_valid():
        return version_page(request, row, {"retire": form})

    def act() -> HttpResponse:
        commands.retire_version(row.pk, reason=form.cleaned_data["reason"], by=who, at=timezone.localtime())
        messages.success(request, _("已废止，记入日志。"))
        return redirect("catalogue:desk_item", pk=row.item_id)

    return once(request, act)
