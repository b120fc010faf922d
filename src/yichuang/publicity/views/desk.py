"""The publicity officer's list and what may be done with a record."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yichuang.core import paging
from yichuang.core.views import actor
from yichuang.core.views import desk as at_desk
from yichuang.publicity import commands, queries

ROLES = ("publicity_officer", "head", "auditor")


@at_desk(roles=ROLES)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    view = request.GET.get("view", "")
    rows = queries.desk(actor(request), queries.Filters(view=view), today=today)
    mine = queries.visible(actor(request))
    told = queries.compliance(mine, since=today.replace(month=1, day=1), until=today, today=today)
    context = {
        "page": paging.page(rows, request, ("-decided_on", "-id")),
        "counts": queries.counts(actor(request), today=today),
        "view": view,
        "compliance": told,
    }
    return render(request, "publicity/desk.html", context)


@at_desk(roles=ROLES)
@require_GET
def record(request: HttpRequest, record_id: int) -> HttpResponse:
    row = queries.desk_record(actor(request), record_id)
    context = {"record": row, "history": queries.history(row), "pushes": queries.messages(row)}
    return render(request, "publicity/record.html", context)


@at_desk(roles=("publicity_officer",))
@require_POST
def publish(request: HttpRequest, record_id: int) -> HttpResponse:
    row = queries.desk_record(actor(request), record_id)
    commands.publish(row.pk, by=actor(request), at=timezone.localtime())
    messages.success(request, _("已公示。"))
    return redirect("publicity:desk_record", record_id=record_id)
