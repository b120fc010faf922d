"""权力事项调整: the list, one adjustment with the verbs that are open to the person, old papers; what the public sees."""

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
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yichuang.catalogue import commands, queries
from yichuang.catalogue import forms_adjustment as shapes
from yichuang.catalogue.kinds import KINDS
from yichuang.catalogue.models import Adjustment
from yichuang.catalogue.rules import adjustment as rules
from yichuang.catalogue.rules import facts
from yichuang.core import paging
from yichuang.core.events import Event
from yichuang.core.forms import Form, once
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor, desk

EDITORS = ("catalogue_editor",)


@dataclass(frozen=True, slots=True)
class Act:
    """How a verb is asked for and done. tone: of its button. apart: folded away, since it is not the usual way on."""

    form: type[Form]
    command: Callable[..., Adjustment]
    done: str | Promise
    tone: str = "primary"
    apart: bool = False


ACTS: dict[str, Act] = {
    "revise": Act(shapes.TextForm, commands.revise_adjustment, gettext_lazy("已保存。"), "", True),
    "ask": Act(shapes.AskForm, commands.ask_opinions, gettext_lazy("已向所选部门征求意见。")),
    "answer": Act(shapes.AnswerForm, commands.give_opinion, gettext_lazy("已记下您部门的意见。")),
    "note_overdue": Act(shapes.NoteForm, commands.note_overdue, gettext_lazy("已记明。"), ""),
    "send": Act(shapes.SendForm, commands.send_to_legal, gettext_lazy("已送合法性审查。")),
    "clear": Act(shapes.WordsForm, commands.pass_legal_review, gettext_lazy("审查通过，待政府批准。")),
    "return": Act(shapes.ReasonForm, commands.return_legal_review, gettext_lazy("已退回。"), "danger", True),
    "approve": Act(shapes.ApproveForm, commands.approve_adjustment, gettext_lazy("已登记批准文件。"), "seal"),
    "disapprove": Act(shapes.ReasonForm, commands.disapprove_adjustment, gettext_lazy("已退回。"), "danger", True),
    "publish": Act(shapes.PublishForm, commands.publish_adjustment, gettext_lazy("已公布。"), "seal"),
    "effect": Act(Form, commands.effect_adjustment, gettext_lazy("已办。")),
    "withdraw": Act(shapes.ReasonForm, commands.withdraw_adjustment, gettext_lazy("已撤回。"), "danger", True),
}


@desk()
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    who = actor(request)
    form = shapes.AdjustmentFilter(request.GET or None)
    chosen: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = queries.adjustments(who, state=chosen.get("state") or "", item=chosen.get("item"))
    page = paging.page(rows, request, ("-id",))
    context = {"page": page, "filters": form, "edits": who.has_any(EDITORS), "narrowed": any(chosen.values())}
    return render(request, "catalogue/adjustments.html", context)


@desk()
@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, queries.adjustment_for(actor(request), pk))


def _page(request: HttpRequest, row: Adjustment, given: dict[str, Form] | None = None) -> HttpResponse:
    """given: forms that came back with errors, by verb ("line" for the power that is added)."""
    who, given = actor(request), given or {}
    own = queries.department_of(who)
    seen = queries.adjustment_facts(row)
    verbs = rules.open_verbs(seen, who, department=own)
    today = timezone.localdate()
    if not any(not o.settled and o.due_on < today for o in seen.opinions):
        verbs = [verb for verb in verbs if verb != "note_overdue"]
    if not all(o.settled for o in seen.opinions):
        verbs = [verb for verb in verbs if verb != "send"]
    if row.effective_on is None or row.effective_on > today:
        verbs = [verb for verb in verbs if verb != "effect"]
    edits = "revise" in verbs
    bodies = queries.departments_to_ask(row.division) if edits else []
    context = {
        "row": row,
        "lines": list(row.lines.all()),
        "opinions": [o for o in row.opinions.all() if o.round == row.round],
        "levels": facts.USE_LEVELS,
        "next": rules.NEXT[row.state],
        "proposer": queries.who(row.proposer),
        "acts": [_offered(verb, row, given.get(verb), bodies) for verb in verbs],
        "edits": edits,
        "line_form": given.get("line") or (shapes.LineForm(departments=bodies, auto_id="line_%s") if edits else None),
        "history": [_told(line.event(), line.actor_name) for line in queries.adjustment_events(row)],
        "today": today,
    }
    return render(request, "catalogue/adjustment.html", context, status=422 if given else 200)


def _offered(verb: str, row: Adjustment, given: Form | None, bodies: list[tuple[int, str]]) -> dict[str, Any]:
    act = ACTS[verb]
    return {
        "verb": verb,
        "label": rules.VERBS[verb],
        "form": given or _form(verb, row, bodies),
        "tone": act.tone,
        "apart": act.apart,
        "open": given is not None,
    }


def _form(verb: str, row: Adjustment, bodies: list[tuple[int, str]], data: Any = None) -> Form:
    more: dict[str, Any] = {}
    if verb == "ask":
        concerned = {line.receiving_id for line in row.lines.all()} | {
            line.item.department_id for line in row.lines.all() if line.item
        }
        more = {"departments": bodies, "initial": {"departments": [str(pk) for pk, _name in bodies if pk in concerned]}}
    elif verb == "revise":
        more = {"initial": {"title": row.title, "basis": row.basis, "reason": row.reason}}
    return ACTS[verb].form(data, auto_id=f"{verb}_%s", **more)


def _told(event: Event, who: str) -> dict[str, Any]:
    """A line of the log as the timeline shows it."""
    data = event.data
    words = [
        data.get(name)
        for name in ("number", "note", "summary", "words", "reason")
        if name != "reason" or not data.get("lines")
    ]
    if event.kind == "adjustment.opinion_given":
        words.insert(0, rules.ANSWERS[data["answer"]])
    if event.kind == "adjustment.effect_failed":
        words += [f"{one['name']}：{one['what'][0]}" for one in data["troubles"]]
    official = event.kind in (
        "adjustment.approved",
        "adjustment.published",
        "adjustment.effected",
        "adjustment.recorded",
    )
    return {
        "at": event.at,
        "title": KINDS.get(event.kind, event.kind),
        "who": who,
        "note": "；".join(str(word) for word in words if word),
        "state": "official" if official else "done",
    }


@desk(EDITORS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = shapes.TextForm(request.POST or None)
    if request.method != "POST":
        return render(request, "catalogue/adjustment_new.html", {"form": form})

    def act() -> HttpResponse:
        if form.is_valid():
            row = commands.propose_adjustment(**form.cleaned_data, by=actor(request), at=timezone.localtime())
            messages.success(request, _("已建立。请添加要调整的事项。"))
            return redirect("catalogue:adjustment", pk=row.pk)
        return render(request, "catalogue/adjustment_new.html", {"form": form}, status=422)

    return once(request, act)


@desk(EDITORS)
@require_http_methods(["GET", "POST"])
def past(request: HttpRequest) -> HttpResponse:
    """An adjustment of the past, entered whole."""
    form = shapes.PastForm(request.POST or None)
    if request.method != "POST":
        return render(request, "catalogue/adjustment_new.html", {"form": form, "past": True})

    def act() -> HttpResponse:
        if form.is_valid():
            given = dict(form.cleaned_data)
            lines = given.pop("powers")
            try:
                row = commands.record_past_adjustment(**given, lines=lines, by=actor(request), at=timezone.localtime())
            except Refusal as no:
                if no.status != 422:
                    raise
                form.take(no)
            else:
                messages.success(request, _("已补录。"))
                return redirect("catalogue:adjustment", pk=row.pk)
        return render(request, "catalogue/adjustment_new.html", {"form": form, "past": True}, status=422)

    return once(request, act)


@desk()
@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Do one verb."""
    who = actor(request)
    row = queries.adjustment_for(who, pk)
    if verb not in ACTS:
        raise queries.no_adjustment()
    bodies = queries.departments_to_ask(row.division) if verb in ("ask", "revise") else []
    form = _form(verb, row, bodies, request.POST)

    def do() -> HttpResponse:
        if not form.is_valid():
            return _page(request, row, {verb: form})
        given = dict(form.cleaned_data)
        if verb == "revise":
            given["lines"] = queries.line_inputs(row)
        try:
            done = ACTS[verb].command(row.pk, **given, by=who, at=timezone.localtime())
        except Refusal as no:
            if no.status != 422:
                raise
            form.take(no)
            return _page(request, row, {verb: form})
        if done.troubles:
            messages.error(request, _("有事项不能生效，整个调整没有生效。请按所列原因改好后再生效。"))
        else:
            messages.success(request, str(ACTS[verb].done))
        return redirect("catalogue:adjustment", pk=row.pk)

    return once(request, do)


@desk(EDITORS)
@require_POST
def add_line(request: HttpRequest, pk: int) -> HttpResponse:
    row = queries.adjustment_for(actor(request), pk)
    form = shapes.LineForm(request.POST, departments=queries.departments_to_ask(row.division), auto_id="line_%s")

    def do() -> HttpResponse:
        if not form.is_valid():
            return _page(request, row, {"line": form})
        lines = queries.line_inputs(row)
        try:
            _rewritten(request, row, [*lines, form.line])
        except Refusal as no:
            if no.status != 422:
                raise
            form.take({k.removeprefix(f"lines.{len(lines)}."): message for k, message in no.fields.items()})
            return _page(request, row, {"line": form})
        messages.success(request, _("已添加。"))
        return redirect("catalogue:adjustment", pk=row.pk)

    return once(request, do)


@desk(EDITORS)
@require_POST
def remove_line(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    row = queries.adjustment_for(actor(request), pk)
    kept = [told for told, held in zip(queries.line_inputs(row), row.lines.all(), strict=True) if held.pk != line]

    def do() -> HttpResponse:
        _rewritten(request, row, kept)
        messages.success(request, _("已移除。"))
        return redirect("catalogue:adjustment", pk=row.pk)

    return once(request, do)


def _rewritten(request: HttpRequest, row: Adjustment, lines: list[dict[str, Any]]) -> Adjustment:
    text = {"title": row.title, "basis": row.basis, "reason": row.reason}
    return commands.revise_adjustment(row.pk, **text, lines=lines, by=actor(request), at=timezone.localtime())


@require_GET
def published(request: HttpRequest) -> HttpResponse:
    """What the public sees: published adjustments, the latest first, with their powers."""
    page = paging.page(queries.published_adjustments(), request, ("-published_on", "-id"), 5)
    return render(request, "catalogue/adjustments_public.html", {"page": page})
