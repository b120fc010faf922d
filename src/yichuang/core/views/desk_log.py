"""日志 on the desk: what was recorded, its seals, and proving it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import orjson
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from yichuang.core import jobs, log, seal
from yichuang.core.forms import DateField, Form, once
from yichuang.core.paging import page
from yichuang.core.views import actor, desk


class Filters(Form):
    """In the URL."""

    stream = forms.CharField(label=gettext_lazy("对象"), required=False, max_length=80)
    kind = forms.CharField(label=gettext_lazy("事件"), required=False, max_length=60)
    by = forms.CharField(label=gettext_lazy("操作人"), required=False, max_length=80)
    begin = DateField(label=gettext_lazy("起"), required=False)
    end = DateField(label=gettext_lazy("止"), required=False)


@desk(roles=log.READERS)
@require_GET
def log_list(request: HttpRequest) -> HttpResponse:
    """The latest first, filters in the URL."""
    filters = Filters(request.GET or None)
    chosen: dict[str, Any] = filters.cleaned_data if filters.is_bound and filters.is_valid() else {}
    begin, end = chosen.get("begin"), chosen.get("end")
    found = page(
        log.lines(
            actor(request),
            stream=chosen.get("stream", ""),
            kind=chosen.get("kind", ""),
            by=chosen.get("by", ""),
            begin=_midnight(begin) if begin else None,
            end=_midnight(end + timedelta(days=1)) if end else None,
        ),
        request,
        ("-id",),
    )
    rows = [{"line": line, "data": orjson.loads(line.data).items()} for line in found]
    return render(
        request,
        "core/desk/log.html",
        {"page": found, "rows": rows, "filters": filters, "seals": seal.published(size=7)},
    )


@desk(roles=log.READERS)
@require_POST
def prove(request: HttpRequest) -> HttpResponse:
    """Start the proof of the whole log in the worker."""

    def act() -> HttpResponse:
        job = jobs.start("core.verify", _("核验日志"), by=actor(request), at=timezone.localtime())
        return redirect("core:job", job.pk)

    return once(request, act)


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
