"""Tables in and out at the desk: upload, look at what would happen, start; export."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from yichuang.catalogue import commands
from yichuang.catalogue.forms.items import ColumnsForm, UploadForm
from yichuang.catalogue.rules import content as shape
from yichuang.core import files, tables
from yichuang.core.actor import Actor
from yichuang.core.forms import once
from yichuang.core.models import File
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor
from yichuang.core.views import desk as at_desk

SAMPLE, REHEARSED = 3, 2000
"""Rows shown as they stand; rows of which it is said beforehand what would happen."""


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
    """Which column means what, and what would happen: created, updated, unchanged, rejected with reasons."""
    who = actor(request)
    file = File.objects.filter(pk=pk, owner=_owner(who), erased_at=None).first()
    if file is None:
        raise Refusal("catalogue.no_table", "没有这份表格。", "请重新上传事项表。", status=404)
    data = files.content(file)
    rows = list(islice(tables.read(data), SAMPLE))
    headings = list(rows[0]) if rows else []
    guessed = _guess(headings)
    form = ColumnsForm(request.POST or None, columns=headings, guessed=guessed)
    context: dict[str, Any] = {"file": file, "form": form, "sample": [list(row.values()) for row in rows]}
    context["columns"] = [(form[f"c{n}"], [row[h] for row in rows]) for n, h in enumerate(headings)]
    if form.is_bound and form.is_valid():
        if "start" in request.POST:

            def act() -> HttpResponse:
                job = commands.start_import(file, form.mapping, by=who, at=timezone.localtime())
                return redirect("core:job", job.pk)

            return once(request, act)
        context |= _rehearsed(data, form.mapping, who)
    elif not form.is_bound and _complete(guessed):
        context |= _rehearsed(data, {element: heading for heading, element in guessed.items()}, who)
    return render(request, "catalogue/import_preview.html", context, status=422 if form.errors else 200)


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


def _rehearsed(data: bytes, mapping: dict[str, str], who: Actor) -> dict[str, Any]:
    rows = commands.matched(data, mapping)
    report = commands.rehearse(rows[:REHEARSED], by=who)
    return {
        "report": report,
        "rows": len(rows),
        "rehearsed": min(len(rows), REHEARSED),
        "rejected": report.rejected[:50],
    }


@at_desk(roles=("catalogue_editor", "head", "auditor"))
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    who = actor(request)

    def act() -> HttpResponse:
        job = commands.start_export(request.POST.get("form", "xlsx"), by=who, at=timezone.localtime())
        return redirect("core:job", job.pk)

    return once(request, act)
