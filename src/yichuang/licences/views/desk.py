"""The registry of licences at the desk: find, look, take out as a table, correct."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yichuang.core import files, paging, personal, tables
from yichuang.core.forms import once
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor, desk
from yichuang.licences import commands, queries, rules
from yichuang.licences.forms import LookForm, RegistryFilters, ReplaceForm
from yichuang.licences.models import Licence

READERS = queries.READERS
EXPORT_ROWS = 20_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ORDER = ("-issued_on", "-id")


@desk(READERS)
@require_GET
def registry(request: HttpRequest) -> HttpResponse:
    who = actor(request)
    filters = RegistryFilters(request.GET, types=queries.types(who))
    page = paging.page(queries.registry(who, filters.filters()), request, ORDER, size=30)
    today = timezone.localdate()
    context = {
        "filters": filters,
        "narrowed": any(request.GET.get(name) for name in filters.fields),
        "page": page,
        "cards": [queries.card(row, today) for row in page],
        "may_export": who.has_any(queries.EXPORTERS),
    }
    return render(request, "licences/registry.html", context)


@desk(queries.EXPORTERS)
@require_GET
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The rows that the filters give, in the names of the national catalogue. Numbers of natural persons go out in full:
    that somebody took them is on record."""
    who = actor(request)
    filters = RegistryFilters(request.GET, types=queries.types(who))
    rows = queries.registry(who, filters.filters()).order_by(*ORDER)
    count = rows.count()
    if count > EXPORT_ROWS:
        raise Refusal(
            "licence.too_many",
            f"符合条件的证照有{count}本，一次最多导出{EXPORT_ROWS}本。",
            "请用类型、状态或到期日缩小范围后分次导出。",
            status=422,
        )
    commands.exported(count, by=who, at=timezone.localtime())
    return table(queries.catalogue_rows(rows), queries.CATALOGUE_FIELDS, kind, "licences", "证照目录")


def table(rows, names, kind: str, name: str, sheet: str) -> HttpResponse:
    """A table as a file to take away."""
    body = tables.write_csv(rows, names) if kind == "csv" else tables.write_xlsx(rows, names, sheet)
    response = HttpResponse(body, content_type="text/csv; charset=utf-8" if kind == "csv" else XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y%m%d}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response


@desk(READERS)
@require_http_methods(["GET", "POST"])
def licence(request: HttpRequest, identifier: str) -> HttpResponse:
    """One licence. The face of a natural person's is shown when the purpose is told, and the look is on record."""
    who, at = actor(request), timezone.localtime()
    row = queries.desk_licence(who, identifier)
    look = LookForm(request.POST if request.method == "POST" else None)
    open_face = row.holder.kind != "person"
    if request.method == "POST" and look.is_valid():
        personal.looked(row.holder.ref, ["name", "id_number", "licence"], look.cleaned_data["why"], by=who, at=at)
        open_face = True
    context = _context(row, who, at) | {"look": look, "open_face": open_face, "replace": ReplaceForm(row)}
    return render(request, "licences/desk_licence.html", context, status=422 if look.errors else 200)


@desk(READERS)
@require_GET
def download(request: HttpRequest, identifier: str) -> HttpResponseBase:
    """The sealed PDF. Of a natural person's licence: on record as a look at their data."""
    who, at = actor(request), timezone.localtime()
    row = queries.desk_licence(who, identifier)
    if row.file is None:
        row = commands.sign(identifier, by=who, at=at)
    if row.holder.kind == "person":
        personal.looked(row.holder.ref, ["name", "id_number", "licence"], "下载电子证照", by=who, at=at)
    assert row.file is not None
    return files.response(row.file)


@desk(rules.REPLACERS)
@require_http_methods(["POST"])
def replace(request: HttpRequest, identifier: str) -> HttpResponse:
    """更正、换发."""
    who, at = actor(request), timezone.localtime()
    row = queries.desk_licence(who, identifier)
    form = ReplaceForm(row, request.POST)
    if form.is_valid():
        data = form.cleaned_data

        def act() -> HttpResponse:
            made = commands.replace(
                identifier,
                reason=data["reason"],
                details=form.changed_face(),
                expires_on=data["expires_on"],
                by=who,
                at=at,
            )
            messages.success(request, _("已换发新证，原证照同时失效。"))
            return redirect("licences:desk_licence", identifier=made.identifier)

        try:
            return once(request, act)
        except Refusal as no:
            if not no.fields:
                raise
            form.take(no)
    context = _context(row, who, at) | {"look": LookForm(), "open_face": True, "replace": form, "replacing": True}
    return render(request, "licences/desk_licence.html", context, status=422)


def _context(row: Licence, who, at) -> dict[str, object]:
    state = row.state
    return {
        "licence": row,
        "card": queries.card(row, timezone.localtime(at).date()),
        "timeline": queries.timeline(row),
        "versions": queries.versions(row),
        "may_replace": who.has_any(rules.REPLACERS, f"department:{row.issuer_id}")
        and (state, "replace") in rules.TRANSITIONS,
    }
