"""The application form of a draft at the desk: groups and fields, what is wrong told while it is typed, and how it prints."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_http_methods

from yichuang.catalogue import queries
from yichuang.catalogue.models import ItemVersion
from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules import editing, fieldtypes, formgrid
from yichuang.catalogue.rules.conditions import OPS
from yichuang.catalogue.rules.findings import Finding
from yichuang.catalogue.rules.form import SOURCES
from yichuang.catalogue.rules.situationgrid import choices_said
from yichuang.catalogue.views import grids
from yichuang.catalogue.views.desk import ROLES
from yichuang.core import documents
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor
from yichuang.core.views import desk as at_desk

SAID: dict[str, Any] = {
    "applicant.name": _lazy("申请人名称"),
    "applicant.id_kind": _lazy("申请人证件类型"),
    "applicant.id_number": _lazy("申请人证件号码"),
    "applicant.phone": _lazy("申请人电话"),
    "applicant.address": _lazy("申请人地址"),
    "applicant.postcode": _lazy("申请人邮编"),
    "applicant.legal_representative": _lazy("法定代表人"),
}


@dataclass(slots=True)
class Sheet:
    """One drawing of the page: what is stored, what was typed, what is wrong with the form and what names its fields."""

    row: ItemVersion
    stored: shape.Content
    groups: list[formgrid.Data]
    content: shape.Content = field(init=False)
    findings: list[Finding] = field(init=False)

    def __post_init__(self) -> None:
        self.content = {**self.stored, "form": formgrid.settled(self.groups)}
        every = editing.look(self.content, {}, queries.lint_context(self.row, self.content))
        named = ("form.", "when.", "publicity.place", "situation.group")
        self.findings = [one for one in every if one.code.startswith(named)]

    @property
    def unsaved(self) -> bool:
        kept = formgrid.settled(formgrid.groups_of(self.stored["form"]))
        return bool(self.content["form"] != kept)


@at_desk(roles=ROLES)
@require_http_methods(["GET", "POST"])
def grid(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a version; of a draft it can be written. POST: do=g.add and the like redraw what was typed; else it is saved."""
    who = actor(request)
    row = queries.version_for(who, pk)
    stored = queries.content(row)
    if request.method != "POST":
        return _page(request, Sheet(row, stored, formgrid.groups_of(stored["form"])), digest=row.digest)
    who.require("catalogue_editor", row.item.department.scope)
    posted = {name: list(values) for name, values in request.POST.lists()}
    used = queries.words_used(row.item_id)
    groups, do, no = formgrid.gather(posted, used), request.POST.get("do", ""), None
    if not do:
        return _save(request, Sheet(row, stored, groups))
    if do != "check":
        try:
            groups = formgrid.act(groups, do, used)
        except LookupError as wrong:
            no = grids.cannot(wrong)
    return _page(request, Sheet(row, stored, groups), no=no, at=do)


def _save(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    return grids.save(request, sheet.row, sheet.content, "catalogue:form_grid", lambda no: _page(request, sheet, no=no))


def _page(
    request: HttpRequest, sheet: Sheet, *, digest: str = "", no: Refusal | None = None, at: str = ""
) -> HttpResponse:
    row = sheet.row
    context: dict[str, Any] = {
        **grids.drawn(request, row, sheet.findings, digest, no),
        "unsaved": sheet.unsaved,
        "groups": _shown(sheet, at),
        "types": list(fieldtypes.TYPES.items()),
        "ops": list(OPS.items()),
        "verbs": [("up", _("上移")), ("down", _("下移")), ("remove", _("删去"))],
        "sources": [(key, SAID.get(key, key)) for key in SOURCES],
    }
    return render(request, "catalogue/formgrid/grid.html", context, status=no.status if no else 200)


def _shown(sheet: Sheet, at: str) -> list[dict[str, Any]]:
    """The groups as the page shows them; what was just added or moved stands open."""
    names = [
        (f"{g['code']}.{f['code']}", f"{g['title'] or g['code']}：{f.get('label') or f['code']}")
        for g in sheet.groups
        if not g.get("repeat")
        for f in g["fields"]
    ]
    known = [value for value, _label in names]
    found = []
    for n, group in enumerate(sheet.groups):
        last = at == f"g.{n}.f.add"
        fields = [
            {
                **one,
                "m": m,
                "place": f"g.{n}.f.{m}",
                "licence_source": str(one.get("source") or "").startswith("licence."),
                "lines": choices_said(one.get("choices") or []),
                "cond": formgrid.condition(one, sheet.groups),
                "type_name": fieldtypes.TYPES.get(one.get("type", ""), one.get("type", "")),
                "here": (last and m == len(group["fields"]) - 1) or not one.get("label"),
            }
            for m, one in enumerate(group["fields"])
        ]
        cond = formgrid.condition(group, sheet.groups)
        drawn = {"n": n, "place": f"g.{n}", "fields": fields, "cond": cond, "names": names, "known": known}
        found.append({**group, **drawn})
    return found


@at_desk(roles=ROLES)
@require_GET
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a version on paper, as it stands now."""
    row = queries.version_for(actor(request), pk)
    told = queries.Guide(queries.version(row.pk), row.department)
    if not told.blank_form:
        raise Refusal("catalogue.no_form", "这一版还没有申请表单。", "请先添加内容并保存。", status=404)
    answer = HttpResponse(
        documents.kept("catalogue/application", queries.blank_form(told)), content_type="application/pdf"
    )
    answer["Content-Disposition"] = f'inline; filename="form-draft-{pk}.pdf"'
    return answer
