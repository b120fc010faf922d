"""Applying: start, one page per group of the form, contact and delivery, check, submit. Materials are in `handin`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yichuang.cases import commands, queries
from yichuang.cases.forms.definition import DefinitionForm, read, rearrange
from yichuang.cases.forms.portal import WAY_WORDS, DeclareForm, ReachForm, StartForm
from yichuang.cases.models import Draft
from yichuang.cases.views.portal.frame import frame, journey_of, next_url
from yichuang.cases.views.portal.handin import line_of
from yichuang.cases.views.portal.journey import Journey
from yichuang.catalogue import queries as catalogue
from yichuang.catalogue.forms.situations import answers
from yichuang.catalogue.rules.form import Group, Values
from yichuang.catalogue.rules.situations import GROUP
from yichuang.core.forms import once
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor, is_fragment, signed_in
from yichuang.identity import queries as identity


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, item: int) -> HttpResponseBase:
    """What it takes, for whom, and whether to go on with what was begun. Open to all; beginning needs signing in."""
    version = catalogue.current(item)
    return _begin(request, version) if request.method == "POST" else _start_page(request, version)


def estimate(version: Any) -> int:
    """Minutes that filling in takes, told in fives: a third of a minute a field, two minutes a material."""
    fields = sum(1 for _ in version.form.walk())
    files = sum(1 for m in version.materials if not m.exempt)
    return max(5, -(-(fields + 6 * files) // 15) * 5)


@signed_in
def _begin(request: HttpRequest, version: Any) -> HttpResponse:
    who, at = actor(request), timezone.localtime()
    applicants = queries.may_apply(who, version)
    form = StartForm(applicants, request.POST)
    if not form.is_valid():
        return _start_page(request, version, form)
    chosen = next(a for a in applicants if str(a.pk) == form.cleaned_data["applicant"])
    try:
        draft = commands.start_draft(
            version.id,
            applicant=chosen,
            fresh=request.POST.get("fresh") == "1",
            situation=answers(version.situations, request.POST),
            by=who,
            at=at,
        )
    except Refusal as refusal:
        if not refusal.fields:
            raise
        form.take(refusal)
        return _start_page(request, version, form)
    return redirect(
        Journey(queries.draft_for(who, draft.pk), catalogue.version(draft.version_id), at.date()).first_open()
    )


def _start_page(request: HttpRequest, version: Any, form: StartForm | None = None) -> HttpResponse:
    who = actor(request)
    applicants = queries.may_apply(who, version)
    drafts = [d for d in queries.my_drafts(who) if d.item_id == version.item_id]
    begun = {d.applicant_id for d in drafts}
    others = [a for a in applicants if a.pk not in begun]
    given = answers(version.situations, request.POST or request.GET)
    outcome = version.outcome(given)
    materials = [*outcome.needed, *outcome.held] if outcome else version.materials
    context = {
        "version": version,
        "applicants": applicants,
        "drafts": drafts,
        "others": others,
        "form": form or StartForm(others),
        "minutes": estimate(version),
        "needed": [m for m in materials if not m.exempt],
        "exempt": [m for m in materials if m.exempt],
        "outcome": outcome,
        "told": version.situations.say(given) if outcome else "",
        "situation": [(f"{GROUP}.{code}", value) for code, value in given.items()],
    }
    return render(request, "cases/apply/start.html", context, status=422 if form else 200)


@signed_in
@require_GET
def resume(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    return redirect(journey_of(request, draft_id).first_open())


@signed_in
@require_http_methods(["GET", "POST"])
def group(request: HttpRequest, draft_id: UUID, code: str) -> HttpResponse:
    """One group of the form. Saved as it is typed; judged when the person goes on."""
    journey = journey_of(request, draft_id)
    shown = journey.version.form.group(code)
    if shown is None or shown not in journey.groups:
        raise Refusal("draft.no_such_page", "这份申请里没有这一页。", "请从“我的办件”继续填写。", status=404)
    if request.method == "POST":
        return _save_group(request, journey, shown)
    return _group_page(request, journey, shown, _form(journey, shown, journey.draft.values))


def _form(journey: Journey, shown: Group, values: Values) -> DefinitionForm:
    marked = {
        path: key
        for path, key in journey.draft.marked.items()
        if _held(values, path) == _held(journey.draft.values, path)  # what the person has changed is their own
    }
    return DefinitionForm(journey.version.form, values, groups=(shown,), sources=marked, today=journey.today)


def _held(values: Values, path: str) -> Any:
    code, _, name = path.partition(".")
    row = values.get(code)
    return row.get(name) if isinstance(row, dict) else None


def _save_group(request: HttpRequest, journey: Journey, shown: Group) -> HttpResponse:
    action = request.POST.get("action", "next")
    definition = journey.version.form
    values = rearrange(definition, read(definition, request.POST, (shown,), journey.draft.values), action)
    form = _form(journey, shown, values)
    try:
        draft = _save(request, journey.draft, values={shown.code: values[shown.code]})
    except Refusal as refusal:
        if refusal.code != "draft.changed":
            raise
        if is_fragment(request) and action == "auto":
            return render(request, "cases/apply/saved.html", {"clash": refusal}, status=200)
        fresh = journey_of(request, journey.draft.pk)
        form.take(refusal)
        return _group_page(request, fresh, shown, form, status=409)
    journey = Journey(queries.draft_for(actor(request), draft.pk), journey.version, journey.today)
    if action == "auto":
        return render(request, "cases/apply/saved.html", {"draft": journey.draft})
    if action == "later":
        return redirect("cases:my")
    if action != "next":
        if is_fragment(request):
            return render(request, "cases/apply/group_part.html", {"form": form, "draft": journey.draft})
        return _group_page(request, journey, shown, form)
    if not form.check():
        return _group_page(request, journey, shown, form, status=422)
    return redirect(next_url(request, journey, shown.code))


def _save(request: HttpRequest, draft: Draft, **parts: Any) -> Draft:
    """Save on the revision that the page saw. What another window saved in the same words is no clash."""
    sent = request.POST.get("revision", "")
    revision = int(sent) if sent.isascii() and sent.isdigit() else draft.revision
    who, at = actor(request), timezone.localtime()
    try:
        return commands.save_draft(draft.pk, revision=revision, by=who, at=at, **parts)
    except Refusal as refusal:
        if refusal.code != "draft.changed":
            raise
        stored = queries.draft_for(who, draft.pk)
        same = all(
            all(getattr(stored, part).get(key) == held for key, held in given.items()) for part, given in parts.items()
        )
        if not same:
            raise
        return stored


def _group_page(
    request: HttpRequest, journey: Journey, shown: Group, form: DefinitionForm, status: int = 200
) -> HttpResponse:
    return render(
        request,
        "cases/apply/group.html",
        {**frame(request, journey, shown.code), "group": shown, "form": form},
        status=status,
    )


@signed_in
@require_http_methods(["GET", "POST"])
def reach(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Whom to call and how the result comes."""
    journey = journey_of(request, draft_id)
    draft = journey.draft
    status = 200
    if request.method == "POST":
        form = ReachForm(journey.version, draft.contact, draft.delivery, request.POST)
        valid = form.is_valid()
        try:
            draft = _save(request, draft, contact=form.part("contact"), delivery=form.part("delivery"))
        except Refusal as refusal:
            if refusal.code != "draft.changed":
                raise
            form.take(refusal)
            valid, status = False, 409
        action = request.POST.get("action", "next")
        if action == "auto":
            return render(request, "cases/apply/saved.html", {"draft": draft})
        if action == "later":
            return redirect("cases:my")
        if valid:
            return redirect(next_url(request, journey_of(request, draft_id), "reach"))
        status = 422 if status == 200 else status
    else:
        form = ReachForm(
            journey.version, _contact(request, draft), {"address": draft.applicant.address, **draft.delivery}
        )
    return render(
        request,
        "cases/apply/reach.html",
        {**frame(request, journey_of(request, draft_id), "reach"), "form": form},
        status=status,
    )


def _contact(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    """Whom to call: as kept, else the person who applies."""
    found = {"phone": draft.applicant.phone, **draft.contact}
    if not found.get("name"):
        person = identity.self_of(actor(request))
        found["name"] = person.name if person else ""
    return found


@signed_in
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Check your answers, declare, submit. Sent twice is one case."""
    if request.method == "POST":
        return once(request, lambda: _submit(request, draft_id))
    return _check_page(request, draft_id, DeclareForm())


def _submit(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    form = DeclareForm(request.POST)
    if not form.is_valid():
        return _check_page(request, draft_id, form, status=422)
    try:
        case = commands.submit(
            draft_id,
            key=request.POST.get("form_key", ""),
            channel="mobile" if "Mobi" in request.headers.get("User-Agent", "") else "online",
            by=actor(request),
            at=timezone.localtime(),
        )
    except Refusal as refusal:
        if not refusal.fields:
            raise
        return _check_page(request, draft_id, form, refusal=refusal, status=refusal.status)
    return redirect("cases:submitted", number=case.number)


def _check_page(
    request: HttpRequest, draft_id: UUID, form: DeclareForm, *, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    draft = queries.draft_for(actor(request), draft_id)
    if draft.case is not None:  # submitted already: the confirmation is the answer
        return redirect("cases:submitted", number=draft.case.number)
    journey = Journey(draft, catalogue.version(draft.version_id), timezone.localdate())
    by_name = {stop.name: stop for stop in journey.stops()}
    pages = [
        {"title": title, "lines": lines, "url": by_name[lines[0][0].split(".")[0]].url if lines else ""}
        for title, lines in journey.version.form.readable(draft.values)
    ]
    context = {
        **frame(request, journey, "check"),
        "pages": pages,
        "lines": [line_of(journey, m.code) for m in journey.materials],
        "reach": by_name["reach"],
        "open": [stop for stop in by_name.values() if not stop.done and stop.name != "check"],
        "faults": _faults(refusal, by_name),
        "way": WAY_WORDS.get(draft.delivery.get("way", ""), ""),
        "form": form,
    }
    return render(request, "cases/apply/check.html", context, status=status)


def _faults(refusal: Refusal | None, by_name: dict[str, Any]) -> list[tuple[str, str]]:
    """(message, address of the page to mend it) of what submit refused."""
    owners = {"material": "materials", "contact": "reach", "delivery": "reach"}
    found = []
    for path, message in (refusal.fields if refusal else {}).items():
        code = path.split(".")[0]
        stop = by_name.get(owners.get(code, code))
        found.append((message, f"{stop.url}?then=check" if stop else ""))
    return found


@signed_in
@require_POST
def discard(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    commands.discard_draft(draft_id, by=actor(request), at=timezone.localtime())
    return redirect("cases:my")
