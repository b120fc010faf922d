"""Files of both faces, each through its gate: what was handed in, what was issued."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from yichuang.cases import commands, queries
from yichuang.core import files, personal
from yichuang.core.actor import Actor
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor, desk, signed_in
from yichuang.identity import queries as identity
from yichuang.identity.models import Applicant

SHOWN = ("application/pdf", "image/png", "image/jpeg")


@signed_in
@require_GET
def draft_file(request: HttpRequest, draft_id: UUID, file_id: int) -> HttpResponseBase:
    """A file that waits with a draft."""
    draft = queries.draft_for(actor(request), draft_id)
    held = next((f for f in draft.files.all() if f.pk == file_id), None)
    if held is None:
        raise Refusal("file.not_found", "没有找到这个文件。", "它可能已被删除，请回到材料页查看。", status=404)
    return files.response(held.file, inline=True)


@signed_in
@require_GET
def material(request: HttpRequest, number: str, file_id: int) -> HttpResponseBase:
    """A file of a material. A look by anybody but the applicant is recorded."""
    who = actor(request)
    held = queries.material_file(who, number, file_id)
    case = held.material.case
    if case.applicant.ref not in who.behalf:
        personal.looked(
            case.applicant.ref, [f"material:{held.material.code}"], case.number, by=who, at=timezone.localtime()
        )
    return files.response(held.file, inline=request.GET.get("download") != "1")


@signed_in
@require_GET
def document(request: HttpRequest, number: str, document_id: int) -> HttpResponseBase:
    """An issued document as PDF, made when it is first asked for."""
    who = actor(request)
    found = queries.documents_for(who, document_id)
    if found.case.number != number:
        raise Refusal("document.not_found", "没有找到这份文书。", "请从办件页面的文书列表中打开。", status=404)
    stored = found.file or commands.render(found.pk, by=who, at=timezone.localtime())
    return files.response(stored, inline=request.GET.get("download") != "1")


@desk()
@require_GET
def desk_letter(request: HttpRequest, number: str, agency: int) -> HttpResponseBase:
    """The 授权委托书 under which somebody could act in the case, to staff who see the case. The look is recorded."""
    who = actor(request)
    case = queries.case_for(who, number)
    return shown_letter(case.applicant, agency, case.received_at, case.number, who)


def shown_letter(principal: Applicant, agency: int, on: datetime, why: str, who: Actor) -> HttpResponseBase:
    """One of the principal's letters that stood on that day. Raises Refusal 404 "agency.unknown"."""
    held = next((a for a in identity.letters_of(principal, at=on) if a.pk == agency), None)
    if held is None or held.letter is None:
        raise Refusal("agency.unknown", "没有找到这份授权委托书。", "请从办件或收件页面打开。", status=404)
    personal.looked(principal.ref, ["letter"], why, by=who, at=timezone.localtime())
    return files.response(held.letter, inline=True)


desk_material, desk_document = desk()(material), desk()(document)
"""The same for staff, under /desk/."""
