"""The desk's first page: what is mine, by due date; tabs, filters in the address, acts on many at once."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from yichuang.cases import commands, queries
from yichuang.cases.forms.desk import SCOPES, BulkForm, WorkFilters
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor, desk, is_fragment

SIZE = 30


@desk()
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    who = actor(request)
    filters = WorkFilters(request.GET)
    scope = filters.value("scope") or "mine"
    page = queries.worklist(
        who,
        scope=scope,
        state=filters.value("state"),
        light=filters.value("light"),
        item=filters.value("item"),
        q=filters.value("q"),
        cursor=request.GET.get("cursor", ""),
        size=SIZE,
        on=timezone.localdate(),
    )
    context = {
        "page": page,
        "filters": filters,
        "scope": scope,
        "tabs": [{"key": key, "label": label, "current": key == scope} for key, label in SCOPES],
        "counts": queries.counts(who),
        "notices": queries.notices(who, limit=3) if not is_fragment(request) else [],
        "handlers": queries.colleagues(who),
        "may_take": who.has("handler"),
        "may_assign": who.has("head"),
    }
    return render(request, "cases/desk/worklist.html", context)


@desk()
@require_GET
def count(request: HttpRequest) -> HttpResponse:
    """The badge beside the worklist's link."""
    return render(request, "cases/desk/count.html", {"counts": queries.counts(actor(request))})


@desk()
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """The quick search of the frame: a number leads to its case, words to the list."""
    text = request.GET.get("q", "").strip()
    try:
        return redirect("cases:desk_case", number=queries.case_for(actor(request), text.upper()).number)
    except Refusal:
        return redirect(f"{_worklist()}?{_query(scope='all', q=text)}")


def _worklist() -> str:
    from django.urls import reverse

    return reverse("cases:worklist")


def _query(**words: str) -> str:
    from urllib.parse import urlencode

    return urlencode(words)


@desk(roles=("handler", "head"))
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Take or assign many; each is its own act, and the answer says of each what became of it."""
    return _bulk(request)


def _bulk(request: HttpRequest) -> HttpResponse:
    form = BulkForm(request.POST)
    numbers = list(dict.fromkeys(request.POST.getlist("select")))
    if not numbers:
        raise Refusal("bulk.none", "还没有勾选办件。", "请在列表中勾选要办理的办件，再选择操作。", status=422)
    if len(numbers) > BulkForm.MOST:
        raise Refusal("bulk.too_many", f"一次最多办理 {BulkForm.MOST} 件。", "请分几次办理。", status=422)
    if not form.is_valid():
        fields = {name: " ".join(str(m) for m in errors) for name, errors in form.errors.items()}
        raise Refusal("bulk.form", "批量操作的内容不完整。", "请选择操作和承办人后再试。", fields=fields, status=422)
    results = [_one(request, number, form.cleaned_data) for number in numbers]
    done = sum(1 for r in results if not r["refusal"])
    return render(request, "cases/desk/bulk.html", {"results": results, "done": done, "not_done": len(results) - done})


def _one(request: HttpRequest, number: str, wanted: dict[str, Any]) -> dict[str, Any]:
    who, at = actor(request), timezone.localtime()
    try:
        if wanted["act"] == "take":
            commands.take(number, by=who, at=at)
        else:
            commands.assign(number, staff_id=wanted["staff_id"], by=who, at=at)
    except Refusal as refusal:
        return {"number": number, "refusal": refusal}
    return {"number": number, "refusal": None}


@desk()
@require_POST
def read(request: HttpRequest, notice_id: int) -> HttpResponse:
    """A notice has been read."""
    commands.read_notice(notice_id, by=actor(request), at=timezone.localtime())
    return HttpResponse("") if is_fragment(request) else redirect("cases:worklist")
