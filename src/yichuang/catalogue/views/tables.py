"""Tables in and out at the desk: upload, look at what would happen, start; export."""

from __future__ import annotations

from itertools import islice
from typing import Any, BinaryIO
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from yichuang.catalogue import commands
from yichuang.catalogue.forms.items import ColumnsForm, UploadForm
from yichuang.catalogue.rules import content as shape
from yichuang.core import csvtext, files, tables
from yichuang.core.actor import Actor
from yichuang.core.forms import once
from yichuang.core.models import File
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor
from yichuang.core.views import desk as at_desk

SAMPLE, REHEARSED, SHOWN = 3, 2000, 50
"""Rows shown as they stand; rows looked through for one page; rows on a page."""
FIRST = 2
OUTCOMES = {"new": _("新增"), "changed": _("更新"), "same": _("不变"), "bad": _("不能导入")}


def _owner(who: Actor) -> str:
    return f"catalogue-import:{who.ref}"


@at_desk(roles=("catalogue_editor",))
def upload(request: HttpRequest) -> HttpResponse:
    who = actor(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["table"]

        def act() -> HttpResponse:
            at = timezone.localtime()
            file = files.store(
                given, given.name, owner=_owner(who), by=who, at=at, kinds=files.IMPORT, division=who.division
            )
            return redirect("catalogue:import_preview", pk=file.pk)

        try:
            return once(request, act)
        except Refusal as no:
            form.add_error("table", f"{no.message}{no.next_step}")
    return render(request, "catalogue/import.html", {"form": form}, status=422 if form.is_bound else 200)


@at_desk(roles=("catalogue_editor",))
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Which column means what, and what would happen: how many rows are new, changed, unchanged or bad, and row by row what
    would differ. The address holds what was chosen otherwise than guessed (c0, c1...), `from` a row, `show` one outcome."""
    who = actor(request)
    file = File.objects.filter(pk=pk, owner=_owner(who), erased_at=None).first()
    if file is None:
        raise Refusal("catalogue.no_table", "没有这份表格。", "请重新上传事项表。", status=404)
    with files.opened(file) as source:
        return _preview(request, file, source, who)


def _preview(request: HttpRequest, file: File, source: BinaryIO, who: Actor) -> HttpResponse:
    table = tables.read(source)
    rows = list(islice(table, SAMPLE))
    headings = list(table.headings) if rows else []
    guessed = _guess(headings)
    chosen = {f"c{n}": request.GET.get(f"c{n}", guessed.get(heading, "")) for n, heading in enumerate(headings)}
    asked = request.method == "POST" or any(f"c{n}" in request.GET for n in range(len(headings)))
    looks = asked or _complete(guessed)
    given = request.POST if request.method == "POST" else chosen if looks else None
    form = ColumnsForm(given, columns=headings, guessed=guessed)
    context: dict[str, Any] = {"file": file, "form": form, "encoding": csvtext.ENCODINGS.get(table.encoding, "")}
    context["columns"] = [(form[f"c{n}"], [row.get(h, "") for row in rows]) for n, h in enumerate(headings)]
    if form.is_bound and form.is_valid():
        if request.method == "POST":
            return once(request, lambda: _begun(request, file, form, guessed))
        context |= _foreseen(request, source, form.mapping, who)
    return render(request, "catalogue/import_preview.html", context, status=422 if form.errors else 200)


def _begun(request: HttpRequest, file: File, form: ColumnsForm, guessed: dict[str, str]) -> HttpResponse:
    """Import, look the whole table through in the worker, or look again with the columns as they were chosen now."""
    who, at = actor(request), timezone.localtime()
    if "start" in request.POST:
        return redirect("core:job", commands.start_import(file, form.mapping, by=who, at=at).pk)
    if "whole" in request.POST:
        return redirect("core:job", commands.start_rehearsal(file, form.mapping, by=who, at=at).pk)
    cells = {f"c{n}": form.cleaned_data[f"c{n}"] for n, _heading in enumerate(form.columns)}
    odd = {c: cells[c] for c, heading in zip(cells, form.columns, strict=True) if cells[c] != guessed.get(heading, "")}
    return redirect(f"{reverse('catalogue:import_preview', args=[file.pk])}?{urlencode(odd)}")


def _guess(headings: list[str]) -> dict[str, str]:
    """heading -> element, each element once."""
    found: dict[str, str] = {}
    for heading in headings:
        element = shape.element_of(heading)
        if element and element not in found.values():
            found[heading] = element
    return found


def _complete(guessed: dict[str, str]) -> bool:
    have = set(guessed.values())
    return (
        {"task_name"} <= have
        and bool(have & {"dept_name", "dept_code"})
        and bool(have & {"local_task_code", "task_code"})
    )


def _foreseen(request: HttpRequest, source: BinaryIO, mapping: dict[str, str], who: Actor) -> dict[str, Any]:
    """A page of rows, read as far as it reaches; on the first page the numbers too."""
    begin = request.GET.get("from", "")
    start = max(FIRST, int(begin)) if begin.isdecimal() and len(begin) < 8 else FIRST
    show = request.GET.get("show", "") if request.GET.get("show") in OUTCOMES else ""
    found: list[commands.Foreseen] = []
    following = None
    for one in commands.foresee(commands.matched(source, mapping), start=start, by=who):
        fits = show in ("", one.outcome)
        if one.row >= start + REHEARSED or (fits and len(found) == SHOWN):
            following = one.row
            break
        if fits:
            found.append(one)
    told: dict[str, Any] = {"found": found, "following": following, "start": start, "show": show, "outcomes": OUTCOMES}
    told |= {"first": start == FIRST, "most": REHEARSED}
    if start == FIRST:
        told["rows"] = tables.count(source)
        told["report"] = commands.rehearse(islice(commands.matched(source, mapping), REHEARSED), by=who)
        told["rehearsed"] = min(told["rows"], REHEARSED)
    return told


@at_desk(roles=("catalogue_editor", "head", "auditor"))
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    who = actor(request)

    def act() -> HttpResponse:
        job = commands.start_export(request.POST.get("form", "xlsx"), by=who, at=timezone.localtime())
        return redirect("core:job", job.pk)

    return once(request, act)
