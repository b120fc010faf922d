"""The applicant's cases: list, one case, its dates explained, answering a correction, withdrawing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yichuang.cases import commands, queries
from yichuang.cases.forms.definition import DefinitionForm, read, rearrange
from yichuang.cases.forms.portal import WithdrawForm
from yichuang.cases.views import qr
from yichuang.cases.views.portal import progress
from yichuang.catalogue.rules.form import Group
from yichuang.core import files
from yichuang.core.forms import once
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor, signed_in


@signed_in
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """My cases and drafts, and those of whom I may act for."""
    who = actor(request)
    context = {"page": queries.my_cases(who, cursor=request.GET.get("cursor", "")), "drafts": queries.my_drafts(who)}
    return render(request, "cases/my/list.html", context)


def _page(request: HttpRequest, number: str) -> Any:
    return queries.case_page(actor(request), number, on=timezone.localdate())


@signed_in
@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    page = _page(request, number)
    context = {
        "page": page,
        "case": page.case,
        "verbs": {verb.verb for verb in page.verbs},
        "stages": progress.stages(page.case),
        "entries": progress.entries(page, "cases:my_document"),
        "due": page.clock.line(_running(page)),
        "running": _running(page),
        "special": [s for s in page.suspensions if s.ended_on is None],
        "withdraw_form": WithdrawForm(),
        "answers": page.version.form.readable(page.form.values) if page.form else [],
        "points": queries.correction_points(page.case) if page.case.state == "correcting" else [],
    }
    return render(request, "cases/my/case.html", context)


def _running(page: Any) -> str:
    """The key of the period that runs now and is promised to the applicant."""
    return next((line.key for line in page.clock.lines if line.running and line.key != "statutory"), "")


@signed_in
@require_GET
def explain(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """Why this day: a fragment of the case page, or a page of its own without script."""
    page = _page(request, number)
    line = page.clock.line(key)
    if line is None:
        raise Refusal("case.no_such_period", "这件办件没有这一期限。", "请回到办件页面查看正在计算的期限。", status=404)
    name = "cases/explain_part.html" if request.htmx else "cases/my/explain.html"
    return render(request, name, {"case": page.case, "line": line})


@signed_in
@require_GET
def submitted(request: HttpRequest, number: str) -> HttpResponse:
    """The confirmation: number, QR, what happens next and by when."""
    page = _page(request, number)
    context = {
        "page": page,
        "case": page.case,
        "due": page.clock.line("acceptance"),
        "qr": qr.svg(qr.address("cases:my_case", number)),
        "receipt": next((d for d in page.documents if d.kind == "receipt"), None),
    }
    return render(request, "cases/my/submitted.html", context)


@signed_in
@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    def act() -> HttpResponse:
        form = WithdrawForm(request.POST)
        form.is_valid()
        commands.withdraw(number, reason=form.cleaned_data.get("reason", ""), by=actor(request), at=timezone.localtime())
        messages.success(request, _("申请已撤回。"))
        return redirect("cases:my_case", number=number)

    return once(request, act)


@signed_in
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Answer a correction: exactly the points asked, each with its place to answer."""
    page = _page(request, number)
    if "resubmit" not in {verb.verb for verb in page.verbs}:
        raise Refusal(
            "case.nothing_to_correct", "这件办件现在没有需要您补正的内容。", "请回到办件页面查看最新进展。", status=409
        )
    if request.method == "POST":
        return once(request, lambda: _answer(request, page))
    values = page.form.values if page.form else {}
    return _correct_page(request, page, _form(page, values))


def _asked(page: Any) -> tuple[Group, ...]:
    """The groups of the form that a point names."""
    named = {p["field"].split(".")[0] for p in queries.correction_points(page.case) if p.get("field")}
    return tuple(g for g in page.version.form.groups if g.code in named)


def _form(page: Any, values: dict[str, Any]) -> DefinitionForm:
    return DefinitionForm(page.version.form, values, groups=_asked(page), today=timezone.localdate())


def _answer(request: HttpRequest, page: Any) -> HttpResponse:
    groups = _asked(page)
    kept = page.form.values if page.form else {}
    action = request.POST.get("action", "send")
    values = rearrange(page.version.form, read(page.version.form, request.POST, groups, kept), action)
    form = _form(page, values)
    if action != "send":
        return _correct_page(request, page, form)
    who, at = actor(request), timezone.localtime()
    refusals: dict[str, Refusal] = {}
    brought: dict[str, list[Any]] = {}
    for point in queries.correction_points(page.case):
        code = point.get("material")
        if not code:
            continue
        sent = request.FILES.getlist(f"material.{code}")
        if not sent:
            refusals[code] = Refusal("file.none", "还没有选择文件。", "请按补正要求上传这份材料。", status=422)
        for one in sent:
            try:
                stored = files.store(one, one.name, owner=page.case.stream, by=who, at=at, division=page.case.division)
                brought.setdefault(code, []).append(stored)
            except Refusal as said:
                refusals[code] = said
    well = form.check() if groups else True
    if refusals or not well:
        return _correct_page(request, page, form, refusals, status=422)
    try:
        commands.resubmit(page.case.number, values=values if groups else None, files=brought, by=who, at=at)
    except Refusal as refusal:
        if not refusal.fields:
            raise
        form.take(refusal)
        return _correct_page(request, page, form, status=refusal.status)
    messages.success(request, _("补正已提交，窗口会重新审查。"))
    return redirect("cases:my_case", number=page.case.number)


def _correct_page(
    request: HttpRequest, page: Any, form: DefinitionForm, refusals: dict[str, Refusal] | None = None, status: int = 200
) -> HttpResponse:
    points = [
        {**point, "what": point["what"], "name": _named(page, point), "refusal": (refusals or {}).get(point.get("material", ""))}
        for point in queries.correction_points(page.case)
    ]
    context = {"page": page, "case": page.case, "points": points, "form": form, "wrong": [p for p in points if p["refusal"]]}
    return render(request, "cases/my/correct.html", context, status=status)


def _named(page: Any, point: dict[str, Any]) -> str:
    """The name of what a point is about."""
    if point.get("material"):
        found = page.version.material(point["material"])
        return found.name if found else ""
    field = page.version.form.field(point.get("field", ""))
    return field.label if field else _("申请表")
