"""The catalogue at the desk: list, item, version, comparison, findings, publication."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from yichuang.catalogue import commands, queries
from yichuang.catalogue.forms.items import DeskFilter, RetireForm
from yichuang.catalogue.models import Item, ItemVersion
from yichuang.catalogue.models.item import DRAFT, PUBLISHED
from yichuang.catalogue.rules import facts, reading
from yichuang.catalogue.rules.lint import check, errors
from yichuang.core import paging
from yichuang.core.forms import once
from yichuang.core.views import actor
from yichuang.core.views import desk as at_desk

ROLES = ("catalogue_editor", "head", "window_clerk", "handler", "reviewer", "legal_reviewer", "auditor")
EXPORTERS = ("catalogue_editor", "head", "auditor")
FINDINGS = 300


def _filters(form: DeskFilter) -> queries.Filters:
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
    filters = _filters(form)
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
        "history": [_told(line) for line in queries.history(shown)],
        "powers": queries.adjustments_of(shown),
        "edits": queries.may_edit(who, shown),
    }
    return render(request, "catalogue/desk_item.html", context)


KINDS = {
    "version.drafted": gettext_lazy("起草"),
    "version.revised": gettext_lazy("修改草稿"),
    "version.published": gettext_lazy("发布版本"),
    "version.retired": gettext_lazy("废止版本"),
}


def _told(line: Any) -> dict[str, Any]:
    """A line of the log as the timeline shows it."""
    return {
        "at": line.occurred_at,
        "title": KINDS.get(line.kind, line.kind),
        "who": line.actor_name,
        "note": str(line.event().data.get("reason") or ""),
        "state": "official" if line.kind in ("version.published", "version.retired") else "done",
    }


@at_desk(roles=ROLES)
@require_GET
def version(request: HttpRequest, pk: int) -> HttpResponse:
    return _version(request, queries.version_for(actor(request), pk), RetireForm())


def _version(request: HttpRequest, row: ItemVersion, form: RetireForm) -> HttpResponse:
    content = queries.content(row)
    findings = check(content, queries.lint_context(row))
    context = {
        "version": row,
        "item": row.item,
        "sections": reading.sections(content),
        "findings": findings,
        "errors": len(errors(findings)),
        "edits": queries.may_edit(actor(request), row.item),
        "draft": row.state == DRAFT,
        "in_force": row.state == PUBLISHED,
        "has_draft": row.state != DRAFT and row.item.versions.filter(state=DRAFT).exists(),
        "form": form,
        "drafted_by": queries.who(row.drafted_by),
        "published_by": queries.who(row.published_by),
    }
    return render(request, "catalogue/desk_version.html", context, status=422 if form.is_bound else 200)


@at_desk(roles=("catalogue_editor",))
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    who = actor(request)
    row = queries.version_for(who, pk)

    def act() -> HttpResponse:
        commands.publish_version(row.pk, by=who, at=timezone.localtime())
        messages.success(request, _("已发布，公众即刻可见。"))
        return redirect("catalogue:desk_item", pk=row.item_id)

    return once(request, act)


@at_desk(roles=("catalogue_editor",))
@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    who = actor(request)
    row = queries.version_for(who, pk)
    form = RetireForm(request.POST)
    if not form.is_valid():
        return _version(request, row, form)

    def act() -> HttpResponse:
        commands.retire_version(row.pk, reason=form.cleaned_data["reason"], by=who, at=timezone.localtime())
        messages.success(request, _("已废止，记入日志。"))
        return redirect("catalogue:desk_item", pk=row.item_id)

    return once(request, act)
