"""The publicity officer's desk: what is due, what is wrong, what was answered; and the four acts upon a record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from yichuang.core import paging
from yichuang.core.forms import Form, once
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor
from yichuang.core.views import desk as at_desk
from yichuang.publicity import commands, queries
from yichuang.publicity.forms import NUMBERS, DeskFilters, MendForm, WithdrawForm, WithholdForm
from yichuang.publicity.models import PublicRecord
from yichuang.publicity.rules import publish as rules
from yichuang.publicity.rules.record import FIELDS
from yichuang.publicity.views.portal import ORDER, table

OFFICER = (rules.ROLE,)
EXPORT_ROWS = 20_000
TABS = (
    ("", gettext_lazy("全部")),
    ("pending", gettext_lazy("待公示")),
    ("held", gettext_lazy("待决定")),
    ("wrong", gettext_lazy("不合标准")),
    ("late", gettext_lazy("逾期")),
    ("withheld", gettext_lazy("不予公开")),
    ("unreceipted", gettext_lazy("未收到回执")),
    ("withdrawn", gettext_lazy("已撤下")),
)


@at_desk(queries.READERS)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    who, today = actor(request), timezone.localdate()
    mine = queries.visible(who)
    filters = DeskFilters(request.GET, departments=queries.departments_of(mine))
    asked = filters.asked()
    page = paging.page(queries.desk(who, queries.Filters(**asked), today=today), request, ORDER, size=30)
    counts = queries.counts(who, today=today)
    context = {
        "filters": filters,
        "narrowed": filters.narrowed,
        "page": page,
        "tabs": [(key, label, counts.get(key, 0), key == asked["view"]) for key, label in TABS],
        "compliance": queries.compliance(
            mine, since=asked["since"] or date(today.year, 1, 1), until=asked["until"] or today, today=today
        ),
        "today": today,
        "may_export": who.has_any(OFFICER),
    }
    return render(request, "publicity/desk.html", context)


@at_desk(queries.READERS)
@require_GET
def count(request: HttpRequest) -> HttpResponse:
    """What waits for the officer, beside the link in the frame."""
    waiting = queries.counts(actor(request), today=timezone.localdate())
    return render(request, "publicity/count.html", {"waiting": waiting})


@at_desk(OFFICER)
@require_GET
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """Whole records in the columns of the standard, numbers of persons included: for hand-over where there is no
    line. That somebody took them is on record."""
    who, today = actor(request), timezone.localdate()
    filters = DeskFilters(request.GET, departments=queries.departments_of(queries.visible(who)))
    rows = queries.desk(who, queries.Filters(**filters.asked()), today=today).order_by(*ORDER)
    total = rows.count()
    if total > EXPORT_ROWS:
        raise Refusal(
            "publicity.too_many",
            f"符合条件的记录有{total}条，一次最多导出{EXPORT_ROWS}条。",
            "请按决定日期缩小范围后分次导出。",
            status=422,
        )
    commands.exported(total, by=who, at=timezone.localtime())
    response = table(queries.whole_rows(rows), kind, "credit")
    response["Cache-Control"] = "private, no-store"
    return response


@at_desk(queries.READERS)
@require_GET
def record(request: HttpRequest, record_id: int) -> HttpResponse:
    return _page(request, queries.desk_record(actor(request), record_id))


@at_desk(OFFICER)
@require_POST
def publish(request: HttpRequest, record_id: int) -> HttpResponse:
    row = queries.desk_record(actor(request), record_id)
    return _act(
        request, row, lambda: commands.publish(row.pk, by=actor(request), at=timezone.localtime()), _("已公示。")
    )


@at_desk(OFFICER)
@require_POST
def withhold(request: HttpRequest, record_id: int) -> HttpResponse:
    row, form = queries.desk_record(actor(request), record_id), WithholdForm(request.POST)
    return _act(
        request,
        row,
        lambda: commands.withhold(row.pk, **form.cleaned_data, by=actor(request), at=timezone.localtime()),
        _("已设为不予公开。"),
        withhold_form=form,
    )


@at_desk(OFFICER)
@require_POST
def withdraw(request: HttpRequest, record_id: int) -> HttpResponse:
    row, form = queries.desk_record(actor(request), record_id), WithdrawForm(request.POST)
    return _act(
        request,
        row,
        lambda: commands.withdraw(row.pk, **form.cleaned_data, by=actor(request), at=timezone.localtime()),
        _("已从公示页面撤下。"),
        withdraw_form=form,
    )


@at_desk(OFFICER)
@require_POST
def mend(request: HttpRequest, record_id: int) -> HttpResponse:
    """With corrections; or, with `recheck`, built anew because a department or an applicant was mended at its source."""
    row = queries.desk_record(actor(request), record_id)
    if request.POST.get("recheck"):
        return _act(
            request,
            row,
            lambda: commands.mend(row.pk, {}, by=actor(request), at=timezone.localtime()),
            _("已重新核对。"),
        )
    form = MendForm(row, request.POST)
    return _act(
        request,
        row,
        lambda: commands.mend(row.pk, form.corrections(), by=actor(request), at=timezone.localtime()),
        _("已更正，并重新核对。"),
        mend_form=form,
    )


@at_desk(OFFICER)
@require_POST
def push(request: HttpRequest, record_id: int) -> HttpResponse:
    row = queries.desk_record(actor(request), record_id)
    return _act(
        request, row, lambda: commands.push(row.pk, by=actor(request), at=timezone.localtime()), _("已列入报送队列。")
    )


def _act(
    request: HttpRequest, row: PublicRecord, act: Callable[[], PublicRecord], told: str, **forms: Form
) -> HttpResponse:
    """Do it once and go back to the record; a form that must be mended comes back with the page."""

    def done() -> HttpResponse:
        act()
        messages.success(request, told)
        return redirect("publicity:desk_record", record_id=row.pk)

    for form in forms.values():
        if not form.is_valid():
            return _page(request, row, status=422, **forms)
    try:
        return once(request, done)
    except Refusal as no:
        if not forms or not no.fields:
            raise
        for form in forms.values():
            form.take(no)
    return _page(request, row, status=422, **forms)


def _page(request: HttpRequest, row: PublicRecord, status: int = 200, **forms: Form) -> HttpResponse:
    officer = actor(request).has(rules.ROLE, f"department:{row.department_id}")
    verbs = {verb for state, verb in rules.TRANSITIONS if state == row.state} if officer else set()
    wrong = {problem.field: problem.message for problem in row.wrong}
    context: dict[str, Any] = {
        "record": row,
        "fields": [
            (field.name, field.label, row.record.get(field.name, ""), field.name in NUMBERS, wrong.get(field.name, ""))
            for field in FIELDS
        ],
        "timeline": queries.timeline(row),
        "pushes": queries.messages(row),
        "light": rules.light(row.facts(), timezone.localdate()),
        "may": {
            "publish": "publish" in verbs and row.facts().complete,
            "withhold": "withhold" in verbs,
            "withdraw": "withdraw" in verbs,
            "mend": officer,
            "push": officer and row.state == rules.PUBLISHED and not row.problems,
        },
        "withhold_form": WithholdForm(),
        "withdraw_form": WithdrawForm(),
        "mend_form": MendForm(row),
    }
    return render(request, "publicity/record.html", context | forms | {"open": list(forms)}, status=status)
