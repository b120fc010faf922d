"""清单 at the desk: what publishing would change, and the press; 证明事项 and 中介服务, listed, amended, taken out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yichuang.catalogue import commands, queries
from yichuang.catalogue.commands.lists import ROLES as PUBLISHERS
from yichuang.catalogue.forms import lists as shapes
from yichuang.catalogue.models import Certificate, Intermediary
from yichuang.catalogue.models.listing import Listed
from yichuang.catalogue.rules.lists import LISTS
from yichuang.core import paging
from yichuang.core.forms import Form, once
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor, desk

READERS = ("catalogue_editor", "publicity_officer", "head", "legal_reviewer", "auditor")
EDITORS = ("catalogue_editor",)
SHOWN = 50


@desk(roles=READERS)
@require_GET
def lists(request: HttpRequest) -> HttpResponse:
    division = actor(request).division
    newest = queries.newest_editions(division)
    rows = [(one, newest.get(one.code)) for one in LISTS.values()]
    public = division == settings.YICHUANG.division
    return render(request, "catalogue/lists/desk.html", {"lists": rows, "public": public})


@desk(roles=READERS)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, code: str) -> HttpResponse:
    """What would change against the newest edition; the press that publishes."""
    who, shown = actor(request), queries.public_list(code)
    form = shapes.EditionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def act() -> HttpResponse:
            job = commands.start_list(code, title=form.cleaned_data["title"], by=who, at=timezone.localtime())
            return redirect("core:job", job.pk)

        return once(request, act)
    newest = queries.list_editions(who.division, code).first()
    context = {
        "list": shown,
        "newest": newest,
        "told": queries.against_now(shown, who.division, newest, SHOWN),
        "form": form,
        "publishes": who.has_any(PUBLISHERS),
        "public": who.division == settings.YICHUANG.division,
        "most": SHOWN,
    }
    return render(request, "catalogue/lists/desk_one.html", context, status=422 if form.errors else 200)


# -- 证明事项, 中介服务 ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the two lists: its words, form and verbs."""

    code: str
    title: str | Promise
    lead: str | Promise
    model: type[Listed]
    form: type[Form]
    enter: Callable[..., Listed]
    amend: Callable[..., Listed]
    unlist: Callable[..., Listed]


KINDS: dict[str, Kind] = {
    "certificates": Kind(
        "certificates",
        gettext_lazy("证明事项"),
        gettext_lazy("清单之外，不得向申请人索要证明。"),
        Certificate,
        shapes.CertificateForm,
        commands.list_certificate,
        commands.amend_certificate,
        commands.unlist_certificate,
    ),
    "intermediaries": Kind(
        "intermediaries",
        gettext_lazy("中介服务"),
        gettext_lazy("清单之外，不得把中介服务作为受理条件。"),
        Intermediary,
        shapes.IntermediaryForm,
        commands.list_intermediary,
        commands.amend_intermediary,
        commands.unlist_intermediary,
    ),
}


def _kind(code: str) -> Kind:
    if code not in KINDS:
        raise Refusal("listed.unknown", "没有这份清单。", "请从公布清单中进入。", status=404)
    return KINDS[code]


@desk(roles=READERS)
@require_GET
def entries(request: HttpRequest, kind: str) -> HttpResponse:
    who, what = actor(request), _kind(kind)
    form = shapes.ListedFilter(request.GET or None)
    ended = form.is_bound and form.is_valid() and form.cleaned_data["ended"] == "1"
    page = paging.page(queries.entries(what.model, who.division, ended=ended), request, ("code", "id"), 50)
    asking = queries.served(what.model, who.division, page.rows)
    rows = [(row, asking[row.pk]) for row in page.rows]
    context = {"kind": what, "rows": rows, "page": page, "filters": form, "edits": who.has_any(EDITORS)}
    return render(request, "catalogue/lists/entries.html", context)


@desk(roles=EDITORS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    who, what = actor(request), _kind(kind)
    form = what.form(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def act() -> HttpResponse:
            row = what.enter(form.cleaned_data, by=who, at=timezone.localtime())
            messages.success(request, _("已列入清单。"))
            return redirect("catalogue:listed_entry", kind=kind, pk=row.pk)

        try:
            return once(request, act)
        except Refusal as no:
            form.take(no)
    context = {"kind": what, "form": form, "row": None}
    return render(request, "catalogue/lists/entry.html", context, status=422 if form.is_bound else 200)


@desk(roles=READERS)
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    who, what = actor(request), _kind(kind)
    row = queries.entry_for(who, what.model, pk)
    edits = who.has_any(EDITORS) and row.in_force
    if request.method == "POST":
        who.require(EDITORS[0])
    form = what.form(request.POST or None, initial=_initial(row))
    if request.method == "POST" and form.is_valid():

        def act() -> HttpResponse:
            what.amend(pk, form.cleaned_data, by=who, at=timezone.localtime())
            messages.success(request, _("已保存。"))
            return redirect("catalogue:listed_entry", kind=kind, pk=pk)

        try:
            return once(request, act)
        except Refusal as no:
            form.take(no)
    return _entry(request, what, row, form, edits)


@desk(roles=EDITORS)
@require_POST
def unlist(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    who, what = actor(request), _kind(kind)
    row = queries.entry_for(who, what.model, pk)
    form = shapes.UnlistForm(request.POST)
    if not form.is_valid():
        return _entry(request, what, row, what.form(initial=_initial(row)), row.in_force, form)

    def act() -> HttpResponse:
        what.unlist(pk, reason=form.cleaned_data["reason"], by=who, at=timezone.localtime())
        messages.success(request, _("已移出清单，记入日志。"))
        return redirect("catalogue:listed_entries", kind=kind)

    return once(request, act)


def _entry(
    request: HttpRequest, what: Kind, row: Listed, form: Form, edits: bool, ending: Form | None = None
) -> HttpResponse:
    context = {
        "kind": what,
        "row": row,
        "form": form,
        "edits": edits,
        "asking": queries.asking(row),
        "facts": [(f.label, _plain(getattr(row, f.name))) for f in row.shape.fields],
        "ending": ending or shapes.UnlistForm(),
        "ending_bound": ending is not None,
    }
    wrong = form.is_bound or ending is not None
    return render(request, "catalogue/lists/entry.html", context, status=422 if wrong else 200)


def _initial(row: Listed) -> dict[str, Any]:
    given = {f.name: getattr(row, f.name) for f in row.shape.fields}
    return {name: "\n".join(value) if isinstance(value, list) else value for name, value in given.items()}


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(value)
    return "" if value is None else str(value)
