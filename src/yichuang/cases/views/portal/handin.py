"""The materials of an application: shown, uploaded, taken away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from yichuang.cases import commands
from yichuang.cases.views.kept import ACCEPT
from yichuang.cases.views.portal.frame import frame, journey_of, next_url
from yichuang.cases.views.portal.journey import Journey
from yichuang.core import files
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor, is_fragment, signed_in


@signed_in
@require_http_methods(["GET", "POST"])
def materials(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Every material that the answers ask for. Going on with one missing is told at that material."""
    journey = journey_of(request, draft_id)
    if request.method == "POST":
        if not journey.lacking:
            return redirect(next_url(request, journey, "materials"))
        wrong = {m.code: "" for m in journey.lacking}
        return _materials_page(request, journey, lacking=wrong, status=422)
    return _materials_page(request, journey)


def _materials_page(
    request: HttpRequest,
    journey: Journey,
    *,
    lacking: dict[str, str] | None = None,
    refusals: dict[str, Refusal] | None = None,
    status: int = 200,
) -> HttpResponse:
    lines = [line_of(journey, m.code, lacking=lacking, refusals=refusals) for m in journey.materials]
    context = {
        **frame(request, journey, "materials"),
        "lines": lines,
        "wrong": [x for x in lines if x["missing"] or x["refusal"]],
    }
    return render(request, "cases/apply/materials.html", context, status=status)


def line_of(
    journey: Journey,
    code: str,
    *,
    lacking: dict[str, str] | None = None,
    refusals: dict[str, Refusal] | None = None,
) -> dict[str, Any]:
    """One material as it is shown: what it is, its files, what is wrong with it."""
    return {
        "material": journey.version.material(code),
        "files": [f for f in journey.draft.files.all() if f.material == code],
        "missing": code in (lacking or {}),
        "refusal": (refusals or {}).get(code),
    }


def _known(journey: Journey, code: str) -> None:
    if code not in {m.code for m in journey.materials}:
        raise Refusal(
            "draft.no_such_material", "这份申请不需要这份材料。", "请回到材料页，按列出的材料上传。", status=404
        )


@signed_in
@require_POST
def upload(request: HttpRequest, draft_id: UUID, code: str) -> HttpResponse:
    """Files for one material: each is judged by its bytes, and what is wrong is said at the material."""
    journey = journey_of(request, draft_id)
    _known(journey, code)
    who, at = actor(request), timezone.localtime()
    sent = request.FILES.getlist("file")
    refusal = None if sent else Refusal("file.none", "还没有选择文件。", "请先选择文件或拍照，再上传。", status=422)
    replaced = request.POST.get("replace", "")
    for one in sent:
        try:
            stored = files.store(
                one, one.name or "", owner=journey.draft.stream, by=who, at=at, division=journey.draft.division
            )
            commands.attach(draft_id, material=code, file=stored, by=who, at=at)
            if replaced.isascii() and replaced.isdigit():
                commands.detach(draft_id, file_id=int(replaced), by=who, at=at)
                replaced = ""
        except Refusal as said:
            refusal = said
            break
    return _material_answer(request, draft_id, code, refusal)


@signed_in
@require_POST
def remove(request: HttpRequest, draft_id: UUID, code: str, file_id: int) -> HttpResponse:
    commands.detach(draft_id, file_id=file_id, by=actor(request), at=timezone.localtime())
    return _material_answer(request, draft_id, code, None)


def _material_answer(request: HttpRequest, draft_id: UUID, code: str, refusal: Refusal | None) -> HttpResponse:
    journey = journey_of(request, draft_id)
    refusals = {code: refusal} if refusal else {}
    if is_fragment(request):
        line = line_of(journey, code, refusals=refusals)
        return render(request, "cases/apply/material.html", {"line": line, "draft": journey.draft, "accept": ACCEPT})
    if refusal:
        return _materials_page(request, journey, refusals=refusals, status=refusal.status)
    return redirect(f"{reverse('cases:draft_materials', args=[draft_id])}#material-{code}")
