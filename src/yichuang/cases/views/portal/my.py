"""The applicant's cases: list, one case, its dates explained, answering a correction, withdrawing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yichuang.cases import commands, queries
from yichuang.cases.forms.definition import DefinitionForm, read, rearrange
from yichuang.cases.forms.portal import WAY_WORDS, WithdrawForm
from yichuang.cases.rules.checklist import PRESENT
from yichuang.cases.views import kept
from yichuang.cases.views.portal import progress
from yichuang.catalogue.rules.form import Group
from yichuang.core import qr
from yichuang.core.forms import once
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor, is_fragment, signed_in


@signed_in
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """My cases and drafts, and those of whom I may act for."""
    who = actor(request)
    context = {"page": queries.my_cases(who, cursor=request.GET.get("cursor", "")), "drafts": queries.my_drafts(who)}
    return render(request, "cases/my/list.html", context)


def _page(request: HttpRequest, number: str) -> Any:
    """The applicant's own case. Staff who follow its code are shown the way to the desk."""
    who = actor(request)
    page = queries.case_page(who, number, on=timezone.localdate())
    if who.is_staff:
        raise Refusal(
            "portal.applicants_only",
            "这是申请人自己的页面。",
            f"请在工作台查找办件 {number} 办理。",
            status=403,
        )
    return page


@signed_in
@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    if actor(request).is_staff:  # who scans the code on a receipt at the desk
        return redirect("cases:desk_case", number=number)
    return _case_page(request, _page(request, number), WithdrawForm())


def _case_page(request: HttpRequest, page: Any, form: WithdrawForm, status: int = 200) -> HttpResponse:
    number = page.case.number
    running = _running(page)
    context = {
        "page": page,
        "case": page.case,
        "verbs": {verb.verb for verb in page.verbs},
        "stages": progress.stages(page.case),
        "entries": progress.entries(page, "cases:my_document"),
        "due": page.clock.line(running),
        "why": reverse("cases:my_explain", args=[number, running]) if running else "",
        "special": [s for s in page.suspensions if s.ended_on is None],
        "withdraw_form": form,
        "answers": page.version.form.readable(page.form.values) if page.form else [],
        "points": _points(page) if page.case.state == "correcting" else [],
        "way": _way(page),
        "rate_url": f"/rate/cases/{number}/",  # a higher package's page: by its fixed address, never by import
        "delivered": queries.delivery_of(page.case) if page.case.delivered_at else None,
    }
    return render(request, "cases/my/case.html", context, status=status)


def _running(page: Any) -> str:
    """The key of the period that runs now and is promised to the applicant."""
    return next((line.key for line in page.clock.lines if line.running and line.key != "statutory"), "")


def _way(page: Any) -> Any:
    """How the applicant wants the result, in words."""
    delivery = page.form.content.get("delivery", {}) if page.form else {}
    return WAY_WORDS.get(delivery.get("way", ""), "")


@signed_in
@require_GET
def explain(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """Why this day: a fragment of the case page, or a page of its own without script."""
    page = _page(request, number)
    line = page.clock.line(key)
    if line is None:
        raise Refusal("case.no_such_period", "这件办件没有这一期限。", "请回到办件页面查看正在计算的期限。", status=404)
    name = "cases/explain_part.html" if is_fragment(request) else "cases/my/explain.html"
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
        "why": reverse("cases:my_explain", args=[number, "acceptance"]),
        "qr": qr.svg(qr.address("cases:my_case", number)),
        "receipt": next((d for d in page.documents if d.kind == "receipt"), None),
    }
    return render(request, "cases/my/submitted.html", context)


@signed_in
@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    page = _page(request, number)

    def act() -> HttpResponse:
        form = WithdrawForm(request.POST)
        if not form.is_valid():
            return _case_page(request, page, form, status=422)
        commands.withdraw(
            number, reason=form.cleaned_data.get("reason", ""), by=actor(request), at=timezone.localtime()
        )
        messages.success(request, _("申请已撤回。"))
        return redirect("cases:my_case", number=number)

    return once(request, act)


@signed_in
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Answer a correction: exactly the points asked, each with its place to answer."""
    page = _page(request, number)
    if page.case.state != "correcting" and request.method == "GET":
        raise Refusal(
            "case.nothing_to_correct", "这件办件现在没有需要您补正的内容。", "请回到办件页面查看最新进展。", status=409
        )
    points = _points(page)
    if request.method != "POST":
        return _correct_page(request, page, points, _form(page, points, _declared(page)), kept.Kept())
    names = [f"material.{p['material']}" for p in (*points, *_lacking(page, points)) if p["material"]]
    who, at = actor(request), timezone.localtime()
    held = kept.take(request, names, owner=page.case.stream, division=page.case.division, by=who, at=at)
    return once(request, lambda: _answer(request, page, points, held))


def _declared(page: Any) -> dict[str, Any]:
    return dict(page.form.values) if page.form else {}


def _points(page: Any) -> list[dict[str, Any]]:
    """What was asked, each with the name of what it is about; in the order of the notice."""
    found = []
    for asked in queries.correction_points(page.case):
        material = page.version.material(asked.get("material", ""))
        field = page.version.form.field(asked.get("field", ""))
        name = material.name if material else field.label if field else _("申请表")
        found.append(
            {
                "what": asked["what"],
                "name": name,
                "material": material.code if material else "",
                "group": asked.get("field", "").split(".")[0] if field else "",
                "sheet": material is None,
            }
        )
    return found


def _lacking(page: Any, points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The required materials that are not there and that no point names, as points: asked when the new answers need them."""
    there = {m.code for m in page.materials if m.state in PRESENT} | {p["material"] for p in points}
    return [
        {"what": _("按改后的内容，需要提交这份材料。"), "name": m.name, "material": m.code, "group": "", "sheet": False}
        for m in page.version.materials
        if m.required and m.format != "1" and m.code not in there
    ]


def _asked(page: Any, points: list[dict[str, Any]]) -> tuple[Group, ...]:
    """The groups of the form that the points name; all of them for a point that names none."""
    named = {p["group"] for p in points if p["sheet"]}
    return tuple(g for g in page.version.form.groups if g.code in named or "" in named)


def _form(page: Any, points: list[dict[str, Any]], values: dict[str, Any]) -> DefinitionForm:
    return DefinitionForm(page.version.form, values, groups=_asked(page, points), today=timezone.localdate())


def _answer(request: HttpRequest, page: Any, points: list[dict[str, Any]], held: kept.Kept) -> HttpResponse:
    groups = _asked(page, points)
    action = request.POST.get("action", "send")
    definition = page.version.form
    values = rearrange(definition, read(definition, request.POST, groups, _declared(page)), action)
    form = _form(page, points, values)
    if groups:  # other answers may ask for what was not handed in
        asked = {m.code for m in page.version.materials_for(values)}
        points = [*points, *(p for p in _lacking(page, points) if p["material"] in asked)]
    if action != "send":
        if is_fragment(request):
            return render(request, "cases/form/definition.html", {"form": form, "titles": True})
        return _correct_page(request, page, points, form, held)
    for point in points:
        name = f"material.{point['material']}"
        if point["material"] and name not in held.files and name not in held.refusals:
            held.refusals[name] = Refusal("file.none", "还没有选择文件。", "请按补正要求上传这份材料。", status=422)
    well = form.check() if groups else True
    if held.refusals or not well:
        return _correct_page(request, page, points, form, held, status=422)
    brought = {name.removeprefix("material."): list(found) for name, found in held.files.items()}
    answers = form.cleaned_values if groups else None
    try:
        commands.resubmit(page.case.number, values=answers, files=brought, by=actor(request), at=timezone.localtime())
    except Refusal as refusal:
        if not refusal.fields:
            raise
        form.take(refusal)
        return _correct_page(request, page, points, form, held, status=refusal.status)
    messages.success(request, _("补正已提交，窗口会重新审查。"))
    return redirect("cases:my_case", number=page.case.number)


def _correct_page(
    request: HttpRequest,
    page: Any,
    points: list[dict[str, Any]],
    form: DefinitionForm,
    held: kept.Kept,
    status: int = 200,
) -> HttpResponse:
    shown = [
        {
            **point,
            "refusal": held.refusals.get(f"material.{point['material']}"),
            "kept": held.words(f"material.{point['material']}"),
        }
        for point in points
    ]
    context = {
        "page": page,
        "case": page.case,
        "points": shown,
        "form": form,
        "wrong": [p for p in shown if p["refusal"]],
        "accept": kept.ACCEPT,
    }
    return render(request, "cases/my/correct.html", context, status=status)
