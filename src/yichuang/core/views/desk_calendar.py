"""The working-day calendar on the desk: a year at a glance, and entering the next year's notice in two steps."""

from __future__ import annotations

import csv
import io
from typing import Any

from django import forms
from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from yichuang.core import calendar
from yichuang.core.forms import FileField, Form, once
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor, desk

KEEPERS = ("system_administrator",)
_signer = Signer(salt="core.calendar.notice")


class YearForm(forms.Form):
    """Which year to look at."""

    year = forms.IntegerField(min_value=1949, max_value=2200)


class NoticeForm(Form):
    """The table of a notice and the notice's name."""

    source = forms.CharField(
        label=gettext_lazy("通知名称和文号"),
        help_text=gettext_lazy("例如：国务院办公厅关于2027年部分节假日安排的通知（国办发明电〔2026〕7号）"),
        max_length=200,
        error_messages={"required": gettext_lazy("请填写通知名称和文号。")},
    )
    file = FileField(
        label=gettext_lazy("放假和调休安排表"),
        help_text=gettext_lazy("三列：日期、名称、类型（放假或调休上班）。可先下载样例，按通知修改。"),
        kinds=("csv",),
        error_messages={"required": gettext_lazy("请选择放假和调休安排表。")},
    )


@desk()
@require_GET
def year(request: HttpRequest) -> HttpResponse:
    """A year with its twelve months, for all staff; administrators find the form for a notice here."""
    asked = YearForm(request.GET)
    number = asked.cleaned_data["year"] if asked.is_valid() else timezone.localdate().year
    return render(request, "core/desk_calendar.html", _context(request, number, form=NoticeForm()))


@desk(KEEPERS)
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What the uploaded notice would change; nothing is written."""
    form = NoticeForm(request.POST, request.FILES)
    today = timezone.localdate()
    context: dict[str, Any] = {}
    if form.is_valid():
        try:
            rows = calendar.read(form.cleaned_data["file"].read())
            planned = calendar.plan(rows, today=today)
        except Refusal as refusal:
            form.add_error("file", _first_words(refusal))
            context["wrong"] = refusal.fields
        else:
            sealed = _signer.sign_object({"rows": rows, "source": form.cleaned_data["source"]}, compress=True)
            shown = calendar.current()
            context |= {
                "plan": planned,
                "sealed": sealed,
                "source": form.cleaned_data["source"],
                "moves": [(day, shown.describe(day), True) for day in planned.to_working]
                + [(day, shown.describe(day), False) for day in planned.to_rest],
            }
            context["moves"].sort(key=lambda move: move[0])
    first = context["plan"].years[0] if context.get("plan") and context["plan"].years else today.year
    status = 422 if form.errors else 200
    return render(request, "core/desk_calendar.html", _context(request, first, form=form) | context, status=status)


@desk(KEEPERS)
@require_POST
def apply(request: HttpRequest) -> HttpResponse:
    """Enter the notice that was previewed."""
    try:
        sealed = _signer.unsign_object(request.POST.get("sealed", ""))
    except BadSignature as error:
        raise Refusal(
            "calendar.preview_lost", "没有找到待导入的放假安排。", "请重新上传并核对后再确认导入。", status=422
        ) from error

    def act() -> HttpResponse:
        done = calendar.import_year(sealed["rows"], source=sealed["source"], by=actor(request), at=timezone.localtime())
        if done.plan.nothing:
            messages.info(request, _("放假安排与现有日历一致，没有更改。"))
            return redirect("core:calendar")
        years = "、".join(str(y) for y in done.plan.years)
        messages.success(request, _("已更新%(years)s年工作日历，相关期限已重新计算。") % {"years": years})
        return redirect(f"{reverse('core:calendar')}?year={done.plan.years[0]}")

    return once(request, act)


@desk()
@require_GET
def sample(request: HttpRequest) -> HttpResponse:
    """A year of the calendar as a table of the form that is read (UTF-8 with the mark that spreadsheets want)."""
    asked = YearForm(request.GET)
    number = asked.cleaned_data["year"] if asked.is_valid() else timezone.localdate().year
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["日期", "名称", "类型"])
    for stretch in calendar.show(number).stretches:
        writer.writerows(
            [day.isoformat(), stretch.name, "调休上班" if stretch.makeup else "放假"] for day in stretch.each()
        )
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="calendar-{number}.csv"'
    return response


def _context(request: HttpRequest, number: int, *, form: NoticeForm) -> dict[str, Any]:
    view = calendar.show(number, today=timezone.localdate())
    keeper = actor(request).has_any(KEEPERS)
    return {
        "view": view,
        "form": form if keeper else None,
        "hours": calendar.hours_of().every,
        "weekdays": [_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日")],
    }


def _first_words(refusal: Refusal) -> str:
    """What is wrong with the table in a sentence; the rows themselves are listed below it."""
    if refusal.code == "calendar.rows":
        return _("表中有%(n)s行不正确，没有作任何更改。请改正下面列出的各行后重新上传。") % {"n": len(refusal.fields)}
    return f"{refusal.message}{refusal.next_step}"
