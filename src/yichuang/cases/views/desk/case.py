"""One case at the desk: everything on one page, and the small form of each verb that is open to this person."""

from __future__ import annotations

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yichuang.cases import commands, queries
from yichuang.cases.forms.acts import ACTS, COMMANDS, ActForm
from yichuang.cases.forms.desk import RevealForm
from yichuang.cases.forms.portal import WAY_WORDS
from yichuang.cases.rules.machine import VERBS
from yichuang.cases.views import kept
from yichuang.cases.views.portal import progress
from yichuang.core.files import INLINE
from yichuang.core.forms import once
from yichuang.core.personal import mask_id, mask_phone
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor, desk, is_fragment
from yichuang.identity import queries as identity
from yichuang.identity.queries.people import LOOKERS

QUIET = ("case.flagged", "case.rescheduled", "case.document_rendered")
"""What happens without a person's doing and changes nothing that a person judged."""


def _page(request: HttpRequest, number: str) -> Any:
    return queries.case_page(actor(request), number, on=timezone.localdate())


@desk()
@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    page = _page(request, number)
    verb = request.GET.get("do", "")
    return _case_page(request, page, _form(request, page, verb) if verb in _open(page) else None)


def _open(page: Any) -> dict[str, Any]:
    """The verbs that are open to this person and have a form here."""
    return {verb.verb: verb for verb in page.verbs if verb.verb in ACTS}


def _form(request: HttpRequest, page: Any, verb: str, data: Any = None) -> ActForm:
    kind = ACTS[verb]
    staff = queries.staff_to_name(actor(request), page.case, verb) if kind.names_staff else ()
    return kind(page, data, staff=staff)


def _case_page(
    request: HttpRequest, page: Any, form: ActForm | None, *, extra: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    case, verbs, who = page.case, _open(page), actor(request)
    heads = who.has("head", *case.scopes)
    context = {
        "page": page,
        "case": case,
        "verbs": [
            {"verb": v.verb, "label": v.label, "law": v.law, "tone": ACTS[v.verb].tone}
            for v in verbs.values()
            if v.verb != "assign" or heads  # a handler takes; a head assigns
        ],
        "may_take": "assign" in verbs and case.handler_id is None and who.has("handler", *case.scopes),
        "entries": progress.entries(page, "cases:desk_document", inside=True),
        "answers": _answers(page, full=bool(extra and extra.get("revealed"))),
        "lines": [line for line in page.clock.lines if line.running],
        "left": next((line.left for line in page.clock.lines if line.running and line.key != "statutory"), None),
        "steps": _groups(page.steps),
        "form": form,
        "act": form.verb if form else "",
        "materials": [_material(page, m) for m in page.materials if m.applies],
        "way": WAY_WORDS.get(page.form.content.get("delivery", {}).get("way", ""), "") if page.form else "",
        "may_reveal": who.has_any(LOOKERS),
        "reveal": RevealForm(initial={"why": case.number}),
        "accept": kept.ACCEPT,
        **_words(form, verbs),
        **(extra or {}),
    }
    return render(request, "cases/desk/case.html", context, status=status)


def _answers(page: Any, *, full: bool) -> list[Any]:
    """What was declared. A person's numbers stay masked until somebody says why they look (full)."""
    if page.form is None:
        return []
    masks = {"citizen_id": mask_id, "phone": mask_phone}
    found = []
    for title, rows in page.version.form.readable(page.form.values):
        shown = []
        for path, label, answer in rows:
            field = page.version.form.field(path)
            mask = masks.get(field.type) if field and not full else None
            shown.append((path, label, mask(answer) if mask else answer))
        found.append((title, shown))
    return found


def _material(page: Any, material: Any) -> dict[str, Any]:
    """A material with its check points, ticked or not; each file knows whether a browser shows it."""
    facts = page.version.material(material.code)
    for held in material.live_files:
        held.shown = held.file.media_type in INLINE
    return {"material": material, "points": [(p, p in material.ticks) for p in facts.points] if facts else []}


def _words(form: ActForm | None, verbs: dict[str, Any]) -> dict[str, Any]:
    if form is None:
        return {}
    verb = verbs.get(form.verb)
    return {
        "act_label": verb.label if verb else VERBS[form.verb],
        "act_law": verb.law if verb else "",
        "act_open": verb is not None,
    }


def _groups(steps: Any) -> list[list[Any]]:
    """Steps by parallel group, in order."""
    found: dict[int, list[Any]] = {}
    for step in steps:
        found.setdefault(step.group, []).append(step)
    return [found[key] for key in sorted(found)]


@desk()
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """GET: the form of a verb (a fragment, or the page with it open). POST: do it."""
    if verb not in ACTS:
        raise Refusal("case.no_such_verb", "没有这种办理动作。", "请从办件页面列出的动作中选择。", status=404)
    if request.method == "POST":
        return _post(request, number, verb)
    page = _page(request, number)
    if verb not in _open(page):
        queries.case_for(actor(request), number, verb)  # says who may, or in which state
        raise Refusal("case.not_open", "这一动作现在不能办理。", "请从办件页面列出的动作中选择。", status=409)
    form = _form(request, page, verb)
    if is_fragment(request):
        context = {"page": page, "case": page.case, "form": form, "accept": kept.ACCEPT, **_words(form, _open(page))}
        return render(request, "cases/desk/act.html", context)
    return _case_page(request, page, form)


def _post(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    who, at = actor(request), timezone.localtime()
    page = _page(request, number)
    names = ["file"] if ACTS[verb].multipart else []
    held = kept.take(request, names, owner=page.case.stream, division=page.case.division, by=who, at=at)
    return once(request, lambda: _do(request, page, verb, held))


def _do(request: HttpRequest, page: Any, verb: str, held: kept.Kept) -> HttpResponse:
    number = page.case.number
    form = _form(request, page, verb, request.POST)
    extra = {"kept": held.words("file")}
    if not form.is_valid() or held.refusals:
        for refusal in held.refusals.values():
            form.add_error(None, f"{refusal.message}{refusal.next_step}")
        return _case_page(request, page, form, extra=extra, status=422)
    news = _since(page, request.POST.get("seen", ""))
    if news and verb in _open(page):
        return _case_page(request, page, form, extra={**extra, "news": news}, status=409)
    arguments = form.arguments()
    if held.files:
        arguments["files"] = held.files["file"]
    try:
        getattr(commands, COMMANDS.get(verb, verb))(number, **arguments, by=actor(request), at=timezone.localtime())
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        form.take(refusal)
        return _case_page(
            request, _page(request, number), form, extra={**extra, "refusal": refusal}, status=refusal.status
        )
    messages.success(request, _("已办理：%(verb)s。") % {"verb": VERBS[verb]})
    return redirect("cases:desk_case", number=number)


def _since(page: Any, seen: str) -> list[Any]:
    """What happened after the page was opened that the person did not see."""
    if not (seen.isascii() and seen.isdigit()):
        return []
    return [line for line in page.timeline if line.seq > int(seen) and line.kind not in QUIET]


@desk()
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
@require_GET
def preview(request: HttpRequest) -> HttpResponse:
    """What the preview shows before a file is opened in it."""
    return render(request, "cases/desk/preview.html")


@desk(roles=("handler",))
@require_POST
def take(request: HttpRequest, number: str) -> HttpResponse:
    commands.take(number, by=actor(request), at=timezone.localtime())
    messages.success(request, _("已认领，由您承办。"))
    return redirect("cases:desk_case", number=number)


@desk()
@require_GET
def explain(request: HttpRequest, number: str, key: str) -> HttpResponse:
    page = _page(request, number)
    line = page.clock.line(key)
    if line is None:
        raise Refusal("case.no_such_period", "这件办件没有这一期限。", "请回到办件页面查看正在计算的期限。", status=404)
    name = "cases/explain_part.html" if is_fragment(request) else "cases/desk/explain.html"
    return render(request, name, {"case": page.case, "line": line})


@desk()
@require_POST
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """The applicant's data unmasked, for a reason; the look is recorded before it is shown."""
    page = _page(request, number)
    form = RevealForm(request.POST)
    if not form.is_valid():
        raise Refusal("personal.no_reason", "查看个人信息需要说明用途。", "请填写查看用途，例如办件编号。", status=422)
    shown = identity.applicant_for(
        actor(request),
        page.case.applicant_id,
        form.cleaned_data["why"],
        at=timezone.localtime(),
        fields=("id_number", "phone", "address", "form"),
    )
    if is_fragment(request):
        context = {"applicant": shown, "page": page, "answers": _answers(page, full=True), "swap": True}
        return render(request, "cases/desk/applicant_full.html", context)
    return _case_page(request, page, None, extra={"revealed": shown})
