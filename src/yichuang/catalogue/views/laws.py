"""The law library: for the public, at the desk, and the review of items that a new version touches."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from yichuang.catalogue import commands
from yichuang.catalogue.forms.laws import (
    MOST,
    AnswerForm,
    DeskLawFilter,
    LawFilter,
    LawForm,
    TaskFilter,
    VersionForm,
)
from yichuang.catalogue.models import Law, LawVersion, ReviewTask
from yichuang.catalogue.models.law import IN_FORCE, OPEN
from yichuang.catalogue.queries import laws as queries
from yichuang.catalogue.rules import facts, lawtext
from yichuang.catalogue.rules.lawchanges import element_words
from yichuang.catalogue.views.follows import following
from yichuang.core import paging, tables
from yichuang.core.forms import once
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor
from yichuang.core.views import desk as at_desk

READERS = queries.READERS
EDITORS = ("catalogue_editor",)
BAD_SHOWN, TOUCHED_SHOWN, SIZE = 100, 200, 50


# -- for everybody ----------------------------------------------------------------------------------------------------


@require_safe
def laws(request: HttpRequest) -> HttpResponse:
    """The list. ?name= leads to the law of exactly that name, where there is one."""
    name = request.GET.get("name", "")[:200]
    exact = Law.objects.filter(name=name).values_list("pk", flat=True).first() if name else None
    if exact:
        return redirect("catalogue:law", pk=exact)
    form = LawFilter(request.GET or None)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = queries.laws(chosen.get("q") or name, chosen.get("level") or "")
    page: paging.Page[Law] = paging.page(rows, request, ("name", "id"), SIZE)
    return render(request, "catalogue/laws/list.html", {"page": page, "filters": form})


@require_safe
def law(request: HttpRequest, pk: int) -> HttpResponse:
    context = _shown(request, queries.law_for(pk)) | {"follow": following(request, "law", pk)}
    return render(request, "catalogue/laws/law.html", context)


def _shown(request: HttpRequest, row: Law) -> dict[str, Any]:
    """A law with its versions, the articles of one (?version=; what applies today by default), the items that rest on it."""
    today = timezone.localdate()
    versions = queries.versions_of_law(row)
    wanted = request.GET.get("version", "")
    begun = [v for v in versions if v.effective_on <= today]
    shown = next((v for v in versions if str(v.position) == wanted), begun[0] if begun else next(iter(versions), None))
    return {
        "law": row,
        "versions": [(v, _standing(v, begun)) for v in versions],
        "shown": shown,
        "articles": queries.articles_of(shown) if shown else [],
        "page": paging.page(queries.resting_on(row), request, ("id",), SIZE),
        "text_place": facts.law_text_place(row.level),
    }


def _standing(version: LawVersion, begun: list[LawVersion]) -> str:
    if version not in begun:
        return "pending"
    return "in_force" if version == begun[0] else "amended"


# -- at the desk ------------------------------------------------------------------------------------------------------


@at_desk(roles=READERS)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    form = DeskLawFilter(request.GET or None)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = queries.laws(chosen.get("q") or "", chosen.get("level") or "", chosen.get("state") or "")
    page: paging.Page[Law] = paging.page(rows, request, ("name", "id"), SIZE)
    who = actor(request)
    context = {"page": page, "filters": form, "edits": who.has_any(EDITORS), "waiting": queries.open_tasks(who)}
    return render(request, "catalogue/laws/desk_list.html", context)


@at_desk(roles=READERS)
@require_GET
def desk_law(request: HttpRequest, pk: int) -> HttpResponse:
    row = queries.law_for(pk)
    context = _shown(request, row) | {"edits": actor(request).has_any(EDITORS)}
    return render(request, "catalogue/laws/desk_law.html", context)


@at_desk(roles=EDITORS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@at_desk(roles=EDITORS)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, queries.law_for(pk))


def _edit(request: HttpRequest, row: Law | None) -> HttpResponse:
    names = ("name", "level", "organ", "number", "state", "source_url")
    initial = {name: getattr(row, name) for name in names} if row else {}
    initial["state"] = initial.get("state") or IN_FORCE
    form = LawForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid():

        def act() -> HttpResponse:
            kept = commands.set_law(row, **form.cleaned_data, by=actor(request), at=timezone.localtime())
            messages.success(request, _("已保存。"))
            return redirect("catalogue:desk_law", pk=kept.pk)

        try:
            return once(request, act)
        except Refusal as no:
            if no.status == 403:
                raise
            form.take(no)
    return render(request, "catalogue/laws/desk_edit.html", {"form": form, "law": row}, status=_status(form))


def _status(form: Any) -> int:
    return 422 if form.is_bound else 200


@at_desk(roles=EDITORS)
@require_http_methods(["GET", "POST"])
def add_version(request: HttpRequest, pk: int) -> HttpResponse:
    """Load a version, look at what it changes and which items it touches, then add it."""
    row = queries.law_for(pk)
    form = VersionForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"law": row, "form": form}
    if not (form.is_bound and form.is_valid()):
        return render(request, "catalogue/laws/desk_version.html", context, status=_status(form))
    read = _read(form, row)
    if read is None or read.bad:
        context |= {"bad": read.bad[:BAD_SHOWN] if read else [], "bad_count": len(read.bad) if read else 0}
        return render(request, "catalogue/laws/desk_version.html", context, status=422)
    given = _given(form, read)
    who = actor(request)
    try:
        if "apply" in request.POST:

            def act() -> HttpResponse:
                made = commands.add_law_version(row, **given, by=who, at=timezone.localtime())
                asked = made.tasks.count()
                messages.success(request, _("已录入新版本，交办 %(n)s 项核对。") % {"n": asked})
                return redirect("catalogue:desk_law", pk=row.pk)

            return once(request, act)
        looked = commands.look_at_version(row, **given, by=who)
    except Refusal as no:
        if no.status == 403:
            raise
        form.take(no)
        return render(request, "catalogue/laws/desk_version.html", context, status=no.status)
    carried = {name: given[name] for name in ("number", "passed_on", "published_on", "effective_on", "note", "changed")}
    context |= {
        "looked": looked,
        "changes": looked.changes.as_data(),
        "touches": [(t, [element_words(e) for e in t.elements]) for t in looked.touches[:TOUCHED_SHOWN]],
        "touched": len(looked.touches),
        "encoding": read.encoding,
        "carried": [
            (name, value.isoformat() if hasattr(value, "isoformat") else value or "") for name, value in carried.items()
        ],
        "text": form.cleaned_data["text"],
        "kind": form.cleaned_data["kind"],
    }
    return render(request, "catalogue/laws/desk_preview.html", context)


def _read(form: VersionForm, row: Law) -> lawtext.Read | None:
    """What the file or the typed text says; None, with the message at its field, when it cannot be read at all. Afterwards
    `text` and `kind` are what was read, so that the preview carries them on."""
    data = form.cleaned_data
    text, kind, encoding = data.get("text") or "", data.get("kind") or "", ""
    file = data.get("file")
    if file:
        try:
            text, encoding = lawtext.decode(file.read())
        except ValueError as wrong:
            form.add_error("file", f"{wrong}。{_('请另存为 UTF-8 后重试。')}")
            return None
        kind = "csv" if file.name.lower().endswith(".csv") else "md"
        if len(text) > MOST:
            form.add_error("file", _("条文太长，请分成几部法规。"))
            return None
    data["text"], data["kind"] = text, kind or ("md" if text.lstrip("\ufeff \r\n").startswith(("#", "第")) else "csv")
    if not text.strip():
        return lawtext.Read(name=row.name)
    if data["kind"] == "md":
        read = lawtext.markdown(text, of=row.name)
    else:
        try:
            read = lawtext.table(tables.read(text.encode()))
        except Refusal as no:
            form.add_error("file" if file else "text", f"{no.message}{no.next_step}")
            return None
    read.encoding = encoding
    return read


def _given(form: VersionForm, read: lawtext.Read) -> dict[str, Any]:
    """What the form says, else what the text says."""
    data = form.cleaned_data
    given: dict[str, Any] = {"articles": read.articles, "changed": data["changed"]}
    for name in ("number", "note"):
        given[name] = data[name] or read.meta.get(name, "")[:4000]
    given["number"] = given["number"][:100]
    for name in lawtext.DAYS:
        given[name] = data[name] or lawtext.day_of(read.meta.get(name, ""))
    return given


# -- review tasks -----------------------------------------------------------------------------------------------------


@at_desk(roles=READERS)
@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    who = actor(request)
    asked = request.GET or {"state": OPEN, "mine": "1" if who.has_any(EDITORS) else ""}
    form = TaskFilter(asked)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = queries.tasks(who, state=chosen.get("state") or "", mine=bool(chosen.get("mine")))
    page: paging.Page[ReviewTask] = paging.page(rows, request, ("due_on", "id"), SIZE)
    today = timezone.localdate()
    context = {"page": page, "filters": form, "lines": [(t, _elements(t), t.late(today)) for t in page]}
    return render(request, "catalogue/laws/tasks.html", context)


def _elements(task: ReviewTask) -> list[str]:
    return [element_words(e) for e in task.elements]


@at_desk(roles=READERS)
@require_http_methods(["GET", "POST"])
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """One task: what changed, what it touches, and the answer."""
    who = actor(request)
    row = queries.task_for(who, pk)
    edits = row.state == OPEN and who.has("catalogue_editor", row.department.scope)
    drafts = queries.drafts_for(row)
    form = AnswerForm(request.POST or None, drafts=drafts)
    if form.is_bound and form.is_valid():

        def act() -> HttpResponse:
            given = form.cleaned_data
            draft = int(given["draft"]) if given["draft"] else None
            commands.answer_review(
                row.pk, answer=given["answer"], reason=given["reason"], draft=draft, by=who, at=timezone.localtime()
            )
            messages.success(request, _("已答复，记入日志。"))
            return redirect("catalogue:law_task", pk=row.pk)

        try:
            return once(request, act)
        except Refusal as no:
            if no.status != 422:
                raise
            form.take(no)
    context = {
        "task": row,
        "elements": _elements(row),
        "late": row.late(timezone.localdate()),
        "edits": edits,
        "form": form,
        "drafts": drafts,
        "answered_by": queries.name_of(row.answered_by),
    }
    return render(request, "catalogue/laws/task.html", context, status=_status(form))
