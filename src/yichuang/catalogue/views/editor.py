"""The editor of a draft: every element on one page, what is wrong told while it is typed; a new item."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from yichuang.catalogue import commands, queries
from yichuang.catalogue.commands.versions import CHANGED
from yichuang.catalogue.forms.editor import EditorForm, NewItemForm, Offered
from yichuang.catalogue.models import ItemVersion
from yichuang.catalogue.models.item import DRAFT
from yichuang.catalogue.rules import conditions, editing, formread, reading
from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules.findings import ERROR, Context, Finding
from yichuang.core.actor import Actor
from yichuang.core.forms import once
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor
from yichuang.core.views import desk as at_desk

EDITORS = ("catalogue_editor",)
DIFFERENCES = 30


@dataclass(slots=True)
class Sheet:
    """One drawing of the page: the draft as it is stored, what was typed, what is wrong with it."""

    row: ItemVersion
    who: Actor
    posted: conditions.Posted
    stored: shape.Content
    content: shape.Content = field(init=False)
    context: Context = field(init=False)
    findings: list[Finding] = field(init=False)

    def __post_init__(self) -> None:
        self.content, problems = editing.readable(editing.gather(self.posted, self.stored))
        self.context = queries.lint_context(self.row, self.content)
        self.findings = editing.look(self.content, problems, self.context)

    def form(self) -> EditorForm:
        return EditorForm(
            self.posted,
            Offered(
                departments=sorted(self.context.departments),
                own=queries.departments_to_edit(self.who),
                laws=queries.law_names(),
                certificates=_first_names(self.context.certificates or {}),
                intermediaries=_first_names(self.context.intermediaries or {}),
                form=formread.parse(self.stored["form"])[0],
                fixed=_fixed(self.row, self.stored),
            ),
        )

    @property
    def unsaved(self) -> list[tuple[str, str, str]]:
        """(label, stored, typed) of what is typed and not saved."""
        return reading.differences(self.stored, self.content)

    def panel(self, digest: str) -> dict[str, Any]:
        wrong = sum(one.severity == ERROR for one in self.findings)
        unsaved = self.unsaved
        return {
            "version": self.row,
            "findings": self.findings,
            "errors": wrong,
            "warnings": len(self.findings) - wrong,
            "unsaved": unsaved[:DIFFERENCES],
            "unsaved_number": len(unsaved),
            "stale": bool(digest) and digest != self.row.digest,
        }


def _first_names(known: Any) -> dict[str, str]:
    names: dict[str, str] = {}
    for name, code in known.items():
        if name != code:
            names.setdefault(code, name)
    return names


def _fixed(row: ItemVersion, stored: shape.Content) -> str:
    """The element whose code is the item's key."""
    keyed = ("local_task_code", "task_code")
    return next((name for name in keyed if stored[name] == row.item.code), "local_task_code")


def _draft(request: HttpRequest, pk: int) -> ItemVersion:
    """Raises Refusal 403, 404."""
    who = actor(request)
    row = queries.version_for(who, pk)
    who.require("catalogue_editor", row.item.department.scope)
    return row


@at_desk(roles=EDITORS)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """All elements of a draft. POST: do=materials.add (and remove, up, down) and do=check redraw what was typed; else it is saved."""
    row = _draft(request, pk)
    who, stored = actor(request), queries.content(row)
    if request.method == "POST":
        posted = editing.settle(request.POST.lists())
        do = request.POST.get("do", "")
        if do and do != "check":
            return _rows(request, row, posted, stored, do)
        sheet = Sheet(row, who, posted, stored)
        return _page(request, sheet) if do else _save(request, sheet)
    if row.state != DRAFT:
        raise Refusal(
            "catalogue.not_a_draft",
            f"第{row.number}版{row.get_state_display()}，内容不能再改。",
            "请为该事项起草新版本，在新版本中修改。",
        )
    return _page(request, Sheet(row, who, editing.spread(stored), stored), digest=row.digest)


def _rows(
    request: HttpRequest, row: ItemVersion, posted: conditions.Posted, stored: shape.Content, do: str
) -> HttpResponse:
    """A row more, a row less, a row elsewhere; nothing is saved. By htmx the section alone is drawn."""
    part = request.headers.get("HX-Request") == "true"
    try:
        coded = do in [f"{key}.add" for key, (_label, columns) in shape.LISTS.items() if "code" in columns]
        used = queries.codes_used(row.item_id, do.removesuffix(".add")) if coded else ()
        done = editing.moved(posted, do, used)
    except LookupError as wrong:
        no = Refusal("catalogue.no_row", f"{wrong.args[0]}。", "请核对页面后再试，已填的内容都还在。", status=422)
        if part:
            raise no from None
        return _page(request, Sheet(row, actor(request), posted, stored), no=no)
    sheet, here = Sheet(row, actor(request), done.posted, stored), (done.key, done.at)
    if not part:
        return _page(request, sheet, at=here)
    section = next(one for one in sheet.form().sections(sheet.findings, here) if one.part.key == done.key)
    response = render(request, "catalogue/editor/section.html", {"section": section, "version": row})
    return trigger_client_event(response, "recheck", after="settle")


def _save(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    row, given = sheet.row, editing.gather(sheet.posted, sheet.stored)
    digest = request.POST.get("digest") or "-"

    def act() -> HttpResponse:
        made = commands.revise_draft(row.pk, given, digest=digest, by=sheet.who, at=timezone.localtime())
        messages.success(request, _("已保存。"))
        look = request.POST.get("then") == "look"
        return redirect("catalogue:desk_version" if look else "catalogue:edit_version", pk=made.pk)

    try:
        return once(request, act)
    except Refusal as no:
        if no.status not in (409, 422):
            raise
        if no.code != CHANGED:
            return _page(request, sheet, no=no)
    row = _draft(request, row.pk)
    return _page(request, Sheet(row, sheet.who, sheet.posted, queries.content(row)), conflict=True)


def _page(
    request: HttpRequest,
    sheet: Sheet,
    *,
    digest: str = "",
    no: Refusal | None = None,
    at: tuple[str, int | None] = ("", None),
    conflict: bool = False,
) -> HttpResponse:
    form = sheet.form()
    if no:
        form.take(no)
    digest = sheet.row.digest if conflict else digest or request.POST.get("digest", "")
    sections = form.sections(sheet.findings, at)
    context = {
        **sheet.panel(digest),
        "item": sheet.row.item,
        "form": form,
        "sections": sections,
        "asked": _asked(sheet.stored),
        "lists": form.offered.lists,
        "digest": digest,
        "dirty": request.method == "POST",
        "conflict": conflict,
        "last": queries.last_change(sheet.row) if conflict else None,
        "form_findings": [one for one in sheet.findings if one.element == "form"],
        "situation_findings": [one for one in sheet.findings if one.element.split(".")[0] == "situations"],
    }
    status = 409 if conflict else no.status if no else 200
    return render(request, "catalogue/editor/edit.html", context, status=status)


def _asked(stored: shape.Content) -> Any:
    """The application form as people read it: a table of its fields."""
    return next(s for s in reading.sections(stored) if s.title == shape.LABELS["form"])


@at_desk(roles=EDITORS)
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """What is wrong with what is typed so far; nothing is saved."""
    row = _draft(request, pk)
    sheet = Sheet(row, actor(request), editing.settle(request.POST.lists()), queries.content(row))
    told = sheet.panel(request.POST.get("digest", "")) | {"live": True}
    return render(request, "catalogue/editor/findings.html", told)


@at_desk(roles=EDITORS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new item with an almost empty draft, then the editor."""
    who = actor(request)
    form = NewItemForm(request.POST or None, departments=queries.departments_to_edit(who))
    if request.method == "POST" and form.is_valid():

        def act() -> HttpResponse:
            made = commands.create_item(form.cleaned_data, by=who, at=timezone.localtime())
            messages.success(request, _("已新建。请逐项填写，随时可以保存。"))
            return redirect("catalogue:edit_version", pk=made.pk)

        try:
            return once(request, act)
        except Refusal as no:
            if no.status not in (409, 422):
                raise
            form.take(no)
    return render(request, "catalogue/editor/new.html", {"form": form}, status=422 if form.is_bound else 200)
