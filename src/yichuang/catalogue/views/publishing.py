"""A version's way into force at the desk: the worklist of reviews, the verbs that are open to the person, remarks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from yichuang.catalogue import commands, queries
from yichuang.catalogue.forms import publishing as shapes
from yichuang.catalogue.forms.bulk import OpinionForm
from yichuang.catalogue.forms.items import RetireForm
from yichuang.catalogue.models import ItemVersion
from yichuang.catalogue.models.item import APPROVED, DRAFT, PUBLISHED, SUBMITTED
from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules import publication as rules
from yichuang.catalogue.rules import reading
from yichuang.catalogue.rules.lint import check
from yichuang.catalogue.rules.lint import errors as lint_errors
from yichuang.catalogue.views.history import words
from yichuang.core import paging
from yichuang.core.actor import Actor
from yichuang.core.forms import Form, once
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor, desk

WATCHERS = ("legal_reviewer", "catalogue_editor", "head", "auditor")
REVIEWS = 10
"""On a page of the worklist: each is read with its differences."""


@dataclass(frozen=True, slots=True)
class Act:
    """How a verb is asked for and done. tone: of its button. apart: folded away, since it is not the usual way on."""

    form: type[Form]
    command: Callable[..., ItemVersion]
    button: str | Promise
    tone: str = "primary"
    apart: bool = False


ACTS: dict[str, Act] = {
    "submit": Act(shapes.SubmitForm, commands.submit_version, gettext_lazy("送法制审核")),
    "approve": Act(shapes.ApproveForm, commands.approve_version, gettext_lazy("审核通过"), "seal"),
    "return": Act(shapes.ReturnForm, commands.return_version, gettext_lazy("退回修改"), "danger", True),
    "withdraw": Act(shapes.WithdrawForm, commands.withdraw_submission, gettext_lazy("撤回送审"), "danger", True),
}
EDITING = ("submit", "withdraw")


def version_page(request: HttpRequest, row: ItemVersion, given: dict[str, Form] | None = None) -> HttpResponse:
    """A version whole, with what lint finds and what this person may do. given: forms that came back with errors, by verb."""
    who, given = actor(request), given or {}
    content = queries.content(row)
    findings = check(content, queries.lint_context(row))
    wrong, edits = len(lint_errors(findings)), queries.may_edit(who, row.item)
    sections = reading.sections(content)
    context = {
        "version": row,
        "item": row.item,
        "sections": sections,
        "findings": findings,
        "errors": wrong,
        "edits": edits,
        "draft": row.state == DRAFT,
        "in_force": row.state == PUBLISHED,
        "has_draft": row.state != DRAFT and row.item.versions.filter(state=DRAFT).exists(),
        "form": given.get("retire") or RetireForm(),
        "drafted_by": queries.who(row.drafted_by),
        "submitted_by": queries.who(row.submitted_by),
        "approved_by": queries.who(row.approved_by),
        "published_by": queries.who(row.published_by),
        "labels": shape.LABELS,
        "way": _way(row, who, {one.title for one in sections}, edits=edits, errors=wrong, given=given),
    }
    return render(request, "catalogue/desk_version.html", context, status=422 if given else 200)


def _way(
    row: ItemVersion, who: Actor, titles: set[str], *, edits: bool, errors: int, given: dict[str, Form]
) -> dict[str, Any]:
    """What the page says and offers about the way into force. titles: of the sections, beside which remarks stand. edits: the
    person edits its department."""
    review = queries.reviewing(row)
    verbs = [
        verb
        for verb in rules.open_verbs(queries.publication_facts(row), who)
        if verb in ACTS and (edits or verb not in EDITING) and not (errors and verb in ("submit", "approve"))
    ]
    remarks = queries.remarks_of(row)
    beside: dict[str, list[Any]] = {}
    for one in remarks:
        title = reading.section_of(one.element)
        beside.setdefault(title if title in titles else "", []).append(one)
    last = max(review.values(), key=lambda line: line.seq, default=None)
    remarking = queries.may_remark(who, row)
    return {
        "sentence": sentence(row, {kind: line.actor_name for kind, line in review.items()}),
        "sent": words(review["version.submitted"].event()) if row.stage else "",
        "returned": last if last is not None and last.kind == "version.returned" else None,
        "why": str(last.event().data.get("reason") or "") if last is not None else "",
        "acts": [_offered(verb, given.get(verb)) for verb in verbs],
        "remarks": beside,
        "open_remarks": sum(one.settled_at is None for one in remarks),
        "remark_count": len(remarks),
        "remarking": remarking,
        "remark_form": (given.get("remark") or shapes.RemarkForm(auto_id="remark_%s")) if remarking else None,
    }


def _offered(verb: str, given: Form | None) -> dict[str, Any]:
    act = ACTS[verb]
    return {
        "verb": verb,
        "label": act.button,
        "form": given or act.form(auto_id=f"{verb}_%s"),
        "tone": act.tone,
        "apart": act.apart,
        "open": given is not None,
    }


def sentence(row: ItemVersion, names: dict[str, str]) -> str:
    """How far a version is, in one sentence. names: who did each act of the review, by kind of event."""
    day = row.effective_planned
    if row.stage == SUBMITTED:
        who = names.get("version.submitted", "")
        if day:
            return _("%(who)s已送法制审核，计划%(day)s实施；等另一名法制审核人审核。") % {"who": who, "day": _day(day)}
        return _("%(who)s已送法制审核，审核通过当天实施；等另一名法制审核人审核。") % {"who": who}
    if row.stage == APPROVED:
        who = names.get("version.approved", "")
        return _("%(who)s已审核通过，%(day)s由系统发布实施。") % {"who": who, "day": _day(day)}
    if row.state == DRAFT:
        return _("草稿，还没有送法制审核；送审并由另一人审核通过后，公众才能看到。")
    if row.state == PUBLISHED:
        return _("已发布，%(day)s起实施，公众现在看到的就是这一版。") % {"day": _day(row.effective_on)}
    return _("已废止，只供查阅。")


def _day(day: Any) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


@desk()
@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Do one verb."""
    who = actor(request)
    row = queries.version_for(who, pk)
    if verb not in ACTS:
        raise queries.not_found()
    form = ACTS[verb].form(request.POST, auto_id=f"{verb}_%s")

    def do() -> HttpResponse:
        if not form.is_valid():
            return version_page(request, row, {verb: form})
        try:
            done = ACTS[verb].command(row.pk, **form.cleaned_data, by=who, at=timezone.localtime())
        except Refusal as no:
            if no.status != 422 or no.code == "catalogue.lint":
                raise
            form.take(no)
            return version_page(request, row, {verb: form})
        messages.success(request, _done(verb, done))
        return redirect("catalogue:desk_version", pk=row.pk)

    return once(request, do)


def _done(verb: str, row: ItemVersion) -> str:
    if verb == "submit":
        return _("已送法制审核。")
    if verb == "withdraw":
        return _("已撤回，可以继续修改。")
    if verb == "return":
        return _("已退回。")
    if row.state == PUBLISHED:
        return _("审核通过，已发布，公众即刻可见。")
    return _("审核通过，%(day)s由系统发布实施。") % {"day": _day(row.effective_planned)}


@desk(WATCHERS)
@require_GET
def reviews(request: HttpRequest) -> HttpResponse:
    """What waits for legal review (or, `?stage=approved`, for its day), the longest waiting first."""
    who = actor(request)
    stage = APPROVED if request.GET.get("stage") == APPROVED else SUBMITTED
    page = paging.page(queries.waiting(who, stage), request, ("submitted_at", "id"), REVIEWS)
    reviewer = who.has("legal_reviewer")
    context = {
        "page": page,
        "stage": stage,
        "counts": queries.waiting_counts(who),
        "reviews": queries.reviews(page.rows),
        "reviewer": reviewer,
        "together": OpinionForm() if reviewer and stage == SUBMITTED and page.rows else None,
    }
    return render(request, "catalogue/publishing/reviews.html", context)


@desk(("legal_reviewer",))
@require_POST
def approve_chosen(request: HttpRequest) -> HttpResponse:
    """One opinion on the versions that were ticked, each approved by itself; what cannot be approved is told and left."""
    who = actor(request)
    form = OpinionForm(request.POST)
    chosen = [int(pk) for pk in request.POST.getlist("version")[:REVIEWS] if pk.isdecimal() and len(pk) < 12]

    def do() -> HttpResponse:
        if not chosen:
            messages.error(request, _("请先勾选要通过的版本。"))
        elif not form.is_valid():
            messages.error(request, "".join(str(words) for errors in form.errors.values() for words in errors))
        else:
            done = commands.approve_several(chosen, **form.cleaned_data, by=who, at=timezone.localtime())
            if done.versions:
                messages.success(request, _("已通过%(n)s个版本。") % {"n": len(done.versions)})
            for code, why in done.left:
                messages.error(request, f"{code}：{why}")
        return redirect("catalogue:reviews")

    return once(request, do)


@desk(WATCHERS)
@require_GET
def count(request: HttpRequest) -> HttpResponse:
    """What waits for review, beside the link in the frame."""
    waiting = queries.waiting_counts(actor(request))
    return render(request, "catalogue/publishing/count.html", {"waiting": waiting[SUBMITTED]})


@desk()
@require_GET
def change(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    """What one revision of a draft changed."""
    row = queries.version_for(actor(request), pk)
    line, differences = queries.change(row, seq)
    context = {"version": row, "item": row.item, "line": line, "note": words(line.event()), "differences": differences}
    return render(request, "catalogue/publishing/change.html", context)


@desk(("catalogue_editor", "legal_reviewer"))
@require_POST
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    who = actor(request)
    row = queries.version_for(who, pk)
    form = shapes.RemarkForm(request.POST, auto_id="remark_%s")

    def do() -> HttpResponse:
        if not form.is_valid():
            return version_page(request, row, {"remark": form})
        commands.remark(row.pk, **form.cleaned_data, by=who, at=timezone.localtime())
        messages.success(request, _("已记下批注，公众看不到。"))
        return redirect("catalogue:desk_version", pk=row.pk)

    return once(request, do)


@desk(("catalogue_editor", "legal_reviewer"))
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    who = actor(request)
    row = queries.remark_for(who, pk)

    def do() -> HttpResponse:
        commands.settle_remark(row.pk, by=who, at=timezone.localtime())
        messages.success(request, _("已了结。"))
        return redirect("catalogue:desk_version", pk=row.version_id)

    return once(request, do)
