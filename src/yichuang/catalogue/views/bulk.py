"""One change to many items at the desk: choose and say what, look, start; afterwards the drafts, and off to review."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yichuang.catalogue import commands, queries
from yichuang.catalogue.commands.bulk import BAD, CHANGED, EDIT, MOST, SAME
from yichuang.catalogue.forms.bulk import BulkFilter, ChangeForm, ChoiceForm, ReasonForm, SendForm
from yichuang.catalogue.rules import bulk as rules
from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules import facts
from yichuang.catalogue.views.desk import filters_of
from yichuang.core import files, jobs, paging
from yichuang.core.actor import Actor
from yichuang.core.forms import once
from yichuang.core.models import File, Job
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor
from yichuang.core.views import desk as at_desk
from yichuang.core.views.desk_jobs import KIT_STATES

EDITORS = ("catalogue_editor",)
CHANGES = 3
"""Changes that the page has room for."""
DRAFTS = 50


def _owner(who: Actor) -> str:
    return f"catalogue-bulk:{who.ref}"


@at_desk(roles=EDITORS)
def choose(request: HttpRequest) -> HttpResponse:
    """Items by filters (in the address) or by codes, and what is to be changed. Nothing is written but what was asked."""
    who = actor(request)
    filters = BulkFilter(request.GET or None, departments=queries.departments(who))
    posted = request.method == "POST"
    sent = request.POST if posted else None
    choice = ChoiceForm(sent)
    changes = [ChangeForm(sent, prefix=f"c{n}") for n in range(CHANGES)]
    if posted and choice.is_valid() and all(form.is_valid() for form in changes):
        return once(request, lambda: _asked(request, choice, changes, who) or _page(request, filters, choice, changes))
    return _page(request, filters, choice, changes)


def _page(request: HttpRequest, filters: BulkFilter, choice: ChoiceForm, changes: list[ChangeForm]) -> HttpResponse:
    narrowed = filters.is_bound and any(request.GET.get(name) for name in filters.fields)
    wrong = choice.is_bound and bool(choice.errors or any(form.errors for form in changes))
    public = filters.cleaned_data.get("list", "") if narrowed and filters.is_valid() else ""
    shown = queries.items_to_choose(actor(request), filters_of(filters), public, MOST) if narrowed else []
    ticked = set(request.POST.getlist("item")) if choice.is_bound else None
    none = request.GET.get("tick") == "none"
    context = {
        "filters": filters,
        "choice": choice,
        "changes": changes,
        "narrowed": narrowed,
        "rows": [(one, str(one.pk) in ticked if ticked is not None else not none) for one in shown],
        "most": MOST,
        "full": len(shown) == MOST,
        "none": none,
        "types": facts.TASK_TYPES,
        "jobs": queries.bulk_jobs(actor(request), EDIT),
    }
    return render(request, "catalogue/bulk/choose.html", context, status=422 if wrong else 200)


def _asked(request: HttpRequest, choice: ChoiceForm, changes: list[ChangeForm], who: Actor) -> HttpResponse | None:
    """On to the preview; None, with messages at the fields, when something must be mended."""
    coded, unknown = queries.items_by_codes(who, choice.cleaned_data["codes"])
    if unknown:
        told = "、".join(unknown[:10]) + (_("等%(n)s个") % {"n": len(unknown)} if len(unknown) > 10 else "")
        choice.add_error("codes", _("没有这些编码的事项：%(codes)s。") % {"codes": told})
        return None
    ticked = [int(pk) for pk in request.POST.getlist("item") if pk.isdecimal() and len(pk) < 12]
    asked = [form for form in changes if form.asked]
    try:
        given = [form.asked for form in asked]
        planned = commands.plan_bulk(list(dict.fromkeys([*coded, *ticked])), given, by=who)
    except Refusal as no:
        if no.status != 422:
            raise
        _take(no.fields, choice, asked or changes[:1])
        return None
    kept = {"changes": [one.as_dict() for one in rules.parse(given)], "items": [one.as_dict() for one in planned]}
    at = timezone.localtime()
    file = files.keep(
        json.dumps(kept, ensure_ascii=False).encode(),
        f"bulk-{at:%Y%m%d-%H%M%S}.json",
        "application/json",
        owner=_owner(who),
        by=who,
        at=at,
        division=who.division,
    )
    return redirect("catalogue:bulk_preview", pk=file.pk)


def _take(fields: Mapping[str, str], choice: ChoiceForm, asked: list[ChangeForm]) -> None:
    """Messages by place ("changes.1.value") beside their fields."""
    for place, message in fields.items():
        first, _dot, rest = place.partition(".")
        if first != "changes":
            choice.add_error(None, message)
            continue
        number, _dot, name = rest.partition(".")
        form = asked[int(number)] if number else asked[0]
        form.add_error(name if name in form.fields else "kind" if not number else None, message)


@at_desk(roles=EDITORS)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What would become of each item as it was seen, and what would be left out; a reason starts it."""
    who = actor(request)
    file = File.objects.filter(pk=pk, owner=_owner(who), erased_at=None).first()
    if file is None:
        raise Refusal("catalogue.no_bulk", "没有这份批量修改。", "请重新选择事项和改动。", status=404)
    told = json.loads(files.content(file))
    posted = request.method == "POST"
    form = ReasonForm(request.POST if posted else None)
    if posted and form.is_valid():
        return once(request, lambda: _begun(request, told, form, who) or _previewed(request, told, form))
    return _previewed(request, told, form)


def _begun(request: HttpRequest, told: dict[str, Any], form: ReasonForm, who: Actor) -> HttpResponse | None:
    ticked = set(request.POST.getlist("item"))
    seen = {
        one["item"]: one["digest"] for one in told["items"] if one["outcome"] == CHANGED and str(one["item"]) in ticked
    }
    try:
        job = commands.start_bulk_edit(seen, told["changes"], **form.cleaned_data, by=who, at=timezone.localtime())
    except Refusal as no:
        if no.status != 422:
            raise
        form.take(no)
        return None
    return redirect("catalogue:bulk_done", pk=job.pk)


def _previewed(request: HttpRequest, told: dict[str, Any], form: ReasonForm) -> HttpResponse:
    by_outcome = {
        outcome: [one for one in told["items"] if one["outcome"] == outcome] for outcome in (CHANGED, SAME, BAD)
    }
    ticked = set(request.POST.getlist("item")) if form.is_bound else None
    changed = [(one, ticked is None or str(one["item"]) in ticked) for one in by_outcome[CHANGED]]
    context = {
        "form": form,
        "changes": [said(one) for one in told["changes"]],
        "changed": changed,
        "left": [*by_outcome[BAD], *by_outcome[SAME]],
        "same": len(by_outcome[SAME]),
        "bad": len(by_outcome[BAD]),
        "brought": sum(level == "error" for one in by_outcome[CHANGED] for level, _words in one["brought"]),
        "mended": sum(len(one["mended"]) for one in by_outcome[CHANGED]),
    }
    return render(request, "catalogue/bulk/preview.html", context, status=422 if form.errors else 200)


def said(change: Mapping[str, str]) -> tuple[str, str]:
    """A change in words: what is done, and with what."""
    one = rules.Change(**change)
    kind = rules.KINDS[one.kind]
    if one.kind == "cite":
        return kind, f"《{one.law}》{one.article} → 《{one.new_law}》{one.new_article}"
    what = shape.LABELS.get(one.element, "")
    parts = {"set": one.value or _("（没有）"), "replace": f"{one.target} → {one.value or _('（没有）')}"}
    words = parts.get(one.kind) or (f"{one.target}：{one.value}" if one.target else one.value)
    return kind, f"{what}：{words}" if what else words


@at_desk(roles=EDITORS)
@require_GET
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the work is; at its end the drafts, to be looked at and sent to review together."""
    who = actor(request)
    job = _job(who, pk)
    return _done(request, job, SendForm(initial={"note": job.arguments["reason"]}))


def _job(who: Actor, pk: int) -> Job:
    job = jobs.job_for(who, pk)
    if job.kind != EDIT:
        raise Refusal("job.unknown", "没有这项任务。", "请返回任务列表查看您发起的任务。", status=404)
    return job


def _done(request: HttpRequest, job: Job, form: SendForm) -> HttpResponse:
    drafts = queries.drafts_made(job)
    context = {
        "job": job,
        "page": paging.page(drafts, request, ("item__code", "id"), DRAFTS),
        "waiting": drafts.filter(stage="").count(),
        "changes": [said(one) for one in job.arguments["changes"]],
        "reason": job.arguments["reason"],
        "form": form,
        "label": job.label,
        "done": job.done,
        "total": job.total,
        "state": KIT_STATES[job.state],
        "poll_url": reverse("core:job_progress", args=[job.pk]),
    }
    return render(request, "catalogue/bulk/done.html", context, status=422 if form.errors else 200)


@at_desk(roles=EDITORS)
@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """All drafts of the work that are not sent yet, each a version of its own."""
    who = actor(request)
    job = _job(who, pk)
    form = SendForm(request.POST)
    if not form.is_valid():
        return _done(request, job, form)

    def act() -> HttpResponse:
        drafts = list(
            queries.drafts_made(job).filter(stage="").order_by("item__code", "pk").values_list("pk", flat=True)
        )
        sending = commands.start_bulk_submit(drafts, **form.cleaned_data, by=who, at=timezone.localtime())
        return redirect("core:job", sending.pk)

    return once(request, act)
