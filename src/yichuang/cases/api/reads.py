"""Reading cases: lists, one case, its form, dates and documents."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from ninja import Query, Router

from yichuang.cases import commands, queries
from yichuang.cases.api.schemas import KEY, CaseDetail, CaseOut, DocumentOut, FormOut, PeriodOut
from yichuang.cases.api.shown import case_detail, case_out, document_out, period_out
from yichuang.cases.queries import CasePage
from yichuang.core import files, personal
from yichuang.core.api import Page
from yichuang.core.refusal import Refusal
from yichuang.identity.api.auth import require_scope

READ = "cases:read"


def page_of(request: HttpRequest, number: str) -> CasePage:
    """The case as the caller may see it; a program needs the scope to read."""
    who = require_scope(request, READ)
    return queries.case_page(who, number, on=timezone.localdate())


def list_cases(
    request: HttpRequest,
    scope: Literal["mine", "waiting", "accept", "department", "all"] = "all",
    state: str = "",
    light: str = "",
    item: Annotated[int, Query(ge=1, le=KEY)] | None = None,
    q: str = "",
    cursor: str = "",
    size: int = 20,
) -> Page[CaseOut]:
    """A person: their own, newest first. Staff: their worklist. A program: the cases of its departments."""
    who = require_scope(request, READ)
    if who.kind == "person":
        page = queries.my_cases(who, cursor=cursor, size=size)
    else:
        page = queries.worklist(
            who,
            scope=scope,
            state=state,
            light=light,
            item=item,
            q=q,
            cursor=cursor,
            size=size,
            on=timezone.localdate(),
        )
    return Page(items=[case_out(row) for row in page], next=page.next, previous=page.previous)


def one_case(request: HttpRequest, number: str) -> CaseDetail:
    return case_detail(page_of(request, number))


def form(request: HttpRequest, number: str) -> FormOut:
    page, who = page_of(request, number), require_scope(request, READ)
    if page.form is None or page.form.erased_at is not None:
        raise Refusal("case.erased", "申请内容已依法删除。", "如需了解办理结果，请查看文书。", status=404)
    if page.case.applicant.ref not in who.behalf:
        personal.looked(page.case.applicant.ref, ["form"], page.case.number, by=who, at=timezone.localtime())
    content = page.form.content
    return FormOut(values=page.form.values, contact=content.get("contact", {}), delivery=content.get("delivery", {}))


def explain(request: HttpRequest, number: str) -> list[PeriodOut]:
    """Each period with article, start, every day counted and every span left out."""
    return [period_out(line) for line in page_of(request, number).clock.lines]


def documents(request: HttpRequest, number: str) -> list[DocumentOut]:
    return [document_out(d) for d in page_of(request, number).documents]


def document(request: HttpRequest, number: str, document_id: int) -> HttpResponseBase:
    """The document as PDF, made when it is first asked for."""
    who = require_scope(request, READ)
    found = queries.documents_for(who, document_id)
    if found.case.number != number:
        raise Refusal("document.not_found", "没有找到这份文书。", "请从办件的文书列表中取得编号。", status=404)
    return files.response(found.file or commands.render(found.pk, by=who, at=timezone.localtime()))


def material(request: HttpRequest, number: str, file_id: int) -> HttpResponseBase:
    """A file that was handed in. A look by anybody but the applicant is recorded."""
    who = require_scope(request, READ)
    held = queries.material_file(who, number, file_id)
    case = held.material.case
    if case.applicant.ref not in who.behalf:
        looked = [f"material:{held.material.code}"]
        personal.looked(case.applicant.ref, looked, case.number, by=who, at=timezone.localtime())
    return files.response(held.file)


def add(router: Router) -> None:
    router.get("/cases", response=Page[CaseOut], summary="办件列表")(list_cases)
    router.get("/cases/{number}", response=CaseDetail, summary="办件")(one_case)
    router.get("/cases/{number}/form", response=FormOut, summary="申请内容")(form)
    router.get("/cases/{number}/explain", response=list[PeriodOut], summary="期限及其理由")(explain)
    router.get("/cases/{number}/documents", response=list[DocumentOut], summary="文书")(documents)
    router.get("/cases/{number}/documents/{key:document_id}", summary="文书（PDF）")(document)
    router.get("/cases/{number}/materials/{key:file_id}", summary="材料文件")(material)
