"""没有找到的事: the public's way to a person; at the desk the questions that found nothing, and who is to be called back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from yichuang.catalogue import commands, queries
from yichuang.catalogue.forms.needs import AnswerQuestionForm, LookForm, NeedForm, SettleNeedForm, UnansweredFilter
from yichuang.catalogue.models import Item
from yichuang.catalogue.rules import needs as rules
from yichuang.core import limits, paging, places
from yichuang.core.forms import once
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor
from yichuang.core.views import desk as at_desk

PER_MINUTE, SIZE, LIKELY = 5, 50, 8


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Tell what one looked for and did not find, and whom to ask at once."""
    form = NeedForm(request.POST or None, initial={"words": request.GET.get("q", "")[: rules.WORDS]})
    if request.method == "POST":
        limits.check(request, "need", per_minute=PER_MINUTE)
        if form.is_valid():

            def act() -> HttpResponse:
                commands.send_need(**form.cleaned_data, division=settings.YICHUANG.division, at=timezone.localtime())
                return redirect(f"{request.path}?sent={'call' if form.cleaned_data['phone'] else 'noted'}")

            try:
                return once(request, act)
            except Refusal as no:
                form.take(no)
    context = {
        "form": form,
        "sent": request.GET.get("sent", ""),
        "points": places.points(settings.YICHUANG.division)[:LIKELY],
    }
    return render(request, "catalogue/needs/ask.html", context, status=422 if form.is_bound else 200)


# -- at the desk ------------------------------------------------------------------------------------------------------


@at_desk(roles=rules.READERS)
@require_GET
def unanswered(request: HttpRequest) -> HttpResponse:
    """What was asked and found nothing firm, by how often."""
    who = actor(request)
    filters = UnansweredFilter(request.GET or {"days": "30", "state": "open"})
    chosen = filters.cleaned_data if filters.is_valid() else {}
    since = timezone.localdate() - timedelta(days=int(chosen.get("days") or 30))
    rows = queries.unanswered(who, since=since, state=chosen.get("state") or "")
    page: paging.Page[Any] = paging.page(rows, request, ("-asked", "-id"), SIZE)
    answers = queries.answers(who.division, [row.words for row in page])
    context = {
        "page": page,
        "filters": filters,
        "lines": [(row, answers.get(row.words)) for row in page],
        "waiting": queries.needs(who).count(),
    }
    return render(request, "catalogue/needs/unanswered.html", context)


@at_desk(roles=rules.READERS)
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """One question: when it was asked, what the search guesses today, the answer."""
    who = actor(request)
    row = queries.question_for(who, pk)
    likely = queries.search(row.words, LIKELY)
    form = AnswerQuestionForm(request.POST or None, items=[(hit.id, hit.name) for hit in likely])
    if form.is_bound and form.is_valid():
        try:
            return once(request, lambda: _answer(request, row.words, form.cleaned_data))
        except Refusal as no:
            if no.status not in (409, 422):
                raise
            form.take(no)
    context = {
        "row": row,
        "days": queries.asked_on(row),
        "answer": queries.answers(who.division, [row.words]).get(row.words),
        "form": form,
        "edits": who.has_any((rules.EDITOR,)),
    }
    return render(request, "catalogue/needs/question.html", context, status=422 if form.is_bound else 200)


def _answer(request: HttpRequest, words: str, given: dict[str, Any]) -> HttpResponse:
    who, at = actor(request), timezone.localtime()
    item = int(given["item"]) if given["item"] else None
    if item is None and given["code"]:
        item = queries.item_by_code(who.division, given["code"])
    made = commands.answer_question(
        words, outcome=given["outcome"], item=item, reason=given["reason"], advice=given["advice"], by=who, at=at
    )
    messages.success(request, _("已答复，再有人这样搜索时会看到。"))
    if not given["alias"] or made.item_id is None:
        return redirect("catalogue:unanswered")
    try:
        draft = commands.propose_alias(Item.objects.get(pk=made.item_id), words, by=who, at=at)
    except Refusal as no:
        messages.warning(request, f"{no.message}{no.next_step}")
        return redirect("catalogue:desk_item", pk=made.item_id)
    messages.info(request, _("俗称已写进草稿，送法制审核并通过后生效。"))
    return redirect("catalogue:edit_version", pk=draft.pk)


@at_desk(roles=rules.READERS)
@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    """Requests: those who wait for a call first, all on demand."""
    who, every = actor(request), request.GET.get("all") == "1"
    page: paging.Page[Any] = paging.page(queries.needs(who, waiting=not every), request, ("-sent_at", "-id"), SIZE)
    context = {
        "page": page,
        "every": every,
        "edits": who.has_any((rules.EDITOR,)),
        "form": SettleNeedForm(auto_id=False),
    }
    return render(request, "catalogue/needs/sent.html", context)


@at_desk(roles=(rules.EDITOR,))
@never_cache
@require_http_methods(["GET", "POST"])
def need(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: the number in full once it is said why (on record), and what came of the call."""
    who, at = actor(request), timezone.localtime()
    row = queries.need_for(who, pk)
    look, form, full = LookForm(), SettleNeedForm(), False
    if request.POST.get("do") == "look":
        look = LookForm(request.POST)
        if look.is_valid():
            row, full = commands.look_at_phone(pk, look.cleaned_data["why"], by=who, at=at), True
    elif request.method == "POST":
        form = SettleNeedForm(request.POST)
        if form.is_valid():
            try:
                return once(request, lambda: _settle(request, pk, form.cleaned_data))
            except Refusal as no:
                if no.status != 422:
                    raise
                form.take(no)
    bad = (look.is_bound and not look.is_valid()) or form.is_bound
    context = {"row": row, "look": look, "form": form, "full": full}
    return render(request, "catalogue/needs/need.html", context, status=422 if bad else 200)


def _settle(request: HttpRequest, pk: int, given: dict[str, Any]) -> HttpResponse:
    commands.settle_need(pk, **given, by=actor(request), at=timezone.localtime())
    messages.success(request, _("已登记。"))
    return redirect("catalogue:needs_sent")
