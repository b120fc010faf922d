"""Window intake: find the item, look up the applicant, take in form and materials, and say at once what becomes of it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from yichuang.cases import commands, queries
from yichuang.cases.forms.definition import DefinitionForm, read, rearrange
from yichuang.cases.forms.desk import AgentForm, LookUpForm, NewApplicantForm
from yichuang.cases.forms.intake import IntakeForm
from yichuang.cases.forms.portal import ReachForm
from yichuang.cases.views import kept
from yichuang.cases.views.papers import shown_letter
from yichuang.catalogue import queries as catalogue
from yichuang.core import qr
from yichuang.core.forms import once
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor, desk, is_fragment
from yichuang.identity import commands as identity_commands
from yichuang.identity import letters
from yichuang.identity import queries as identity

CLERKS = ("window_clerk",)


@desk(roles=CLERKS)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Which item: by words, or one of those that come most."""
    text = request.GET.get("q", "").strip()
    found = catalogue.search(text, limit=12) if text else []
    context = {"q": text, "found": found, "frequent": queries.frequent_items(actor(request)) if not text else []}
    name = "cases/desk/intake_found.html" if is_fragment(request) else "cases/desk/intake.html"
    return render(request, name, context)


@desk(roles=CLERKS)
@require_http_methods(["GET", "POST"])
def applicant(request: HttpRequest, item: int) -> HttpResponse:
    """Who: by the number on the document; somebody new is entered from it."""
    version = catalogue.current(item)
    if request.method != "POST":
        return _applicant_page(request, version, LookUpForm(version.audience))
    look_up = LookUpForm(version.audience, request.POST)
    if not look_up.is_valid():
        return _applicant_page(request, version, look_up, status=422)
    kind, number = look_up.cleaned_data["id_kind"], look_up.cleaned_data["id_number"]
    if request.POST.get("create") == "1":
        return _create(request, version, look_up, kind, number)
    try:
        found = identity.find_by_identifier(actor(request), kind, number)
    except Refusal as refusal:
        if not refusal.fields:
            raise
        look_up.take(refusal)
        return _applicant_page(request, version, look_up, status=422)
    if found is None:
        return _applicant_page(request, version, look_up, NewApplicantForm(kind, number))
    return redirect("cases:intake_form", item=item, applicant=found.pk)


def _create(request: HttpRequest, version: Any, look_up: LookUpForm, kind: str, number: str) -> HttpResponse:
    form = NewApplicantForm(kind, number, request.POST)
    if form.is_valid():
        try:
            made = identity_commands.find_or_create_applicant(
                id_kind=kind, id_number=number, **form.arguments(), by=actor(request), at=timezone.localtime()
            )
            return redirect("cases:intake_form", item=version.item_id, applicant=made.pk)
        except Refusal as refusal:
            if not refusal.fields:
                raise
            form.take(refusal)
    return _applicant_page(request, version, look_up, form, status=422)


def _applicant_page(
    request: HttpRequest, version: Any, look_up: LookUpForm, new: NewApplicantForm | None = None, status: int = 200
) -> HttpResponse:
    if new is not None:  # the number is typed: the cursor goes on to the name
        look_up.fields["id_number"].widget.attrs.pop("autofocus", None)
    context = {"version": version, "form": look_up, "new": new}
    return render(request, "cases/desk/intake_applicant.html", context, status=status)


@desk(roles=CLERKS)
@require_http_methods(["GET", "POST"])
def agent(request: HttpRequest, item: int, applicant: int) -> HttpResponse:
    """Who came in the applicant's place: the person, and the authorisation that lies there (行政许可法 29)."""
    version, who = catalogue.current(item), actor(request)
    principal = queries.applicant_at_window(who, applicant)
    form = AgentForm(
        request.POST or None,
        request.FILES or None,
        letter_needed=principal.kind != "person",
        initial={"matters": f"办理{version.name}，代为提交材料、领取文书"},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                chosen = _appoint(request, principal, form.cleaned_data)
                return redirect(f"{reverse('cases:intake_form', args=[item, applicant])}?agent={chosen.pk}")
            except Refusal as refusal:
                if not refusal.fields:
                    raise
                form.take(letters.of_letter(refusal))
    context = {"version": version, "applicant": identity.shown_applicant(principal), "form": form}
    return render(request, "cases/desk/intake_agent.html", context, status=status)


def _appoint(request: HttpRequest, principal: Any, given: dict[str, Any]) -> Any:
    who, at = actor(request), timezone.localtime()
    with transaction.atomic():
        person = identity_commands.find_or_create_applicant(
            kind="person",
            id_kind=given["id_kind"],
            id_number=given["id_number"],
            name=given["name"],
            phone=given["phone"],
            by=who,
            at=at,
        )
        letter = letters.kept(given["letter"], principal, by=who, at=at)
        standing = {a.agent_id: a for a in identity.agencies_of(principal, at=at) if getattr(a, "standing", False)}
        held = standing.get(person.pk)
        if held is None:
            identity_commands.appoint_agent(
                principal,
                agent=person,
                matters=given["matters"],
                valid_until=given["valid_until"],
                letter=letter,
                by=who,
                at=at,
            )
        elif letter is not None and held.letter_id is None and held.role == "agent":
            identity_commands.attach_letter(held, letter, by=who, at=at)
        elif letter is not None:
            raise Refusal(
                "agency.stands",
                "这位代理人已有在期的委托，不必重复登记。",
                "请返回收件页，在代理人中选择；委托内容有变化的，请先终止原委托。",
                fields={"id_number": "这位代理人已有在期的委托，请返回收件页直接选择"},
            )
    return person


@desk(roles=CLERKS)
@require_GET
def letter(request: HttpRequest, item: int, applicant: int, agency: int) -> HttpResponseBase:
    """The 授权委托书 of the applicant who is being served. The look is recorded."""
    version, who = catalogue.current(item), actor(request)
    principal = queries.applicant_at_window(who, applicant)
    return shown_letter(principal, agency, timezone.localtime(), f"窗口收件：{version.name}", who)


@desk(roles=CLERKS)
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, item: int, applicant: int) -> HttpResponse:
    """Form, materials and outcome on one page."""
    version = catalogue.current(item)
    principal = queries.applicant_at_window(actor(request), applicant)
    if request.method == "POST":
        return _post(request, version, principal)
    values, marked = version.form.prefill(queries.known(principal, version))
    shown = DefinitionForm(version.form, values, sources=marked, today=timezone.localdate())
    materials = _materials_form(request, version, principal, values, initial={"agent": request.GET.get("agent", "")})
    name = principal.name if principal.kind == "person" else principal.legal_representative
    contact = {"name": name, "phone": principal.phone}
    reach = ReachForm(version, contact, {"way": "counter", "address": principal.address})
    return _form_page(request, version, principal, shown, materials, reach, kept.Kept())


def _materials_form(
    request: HttpRequest, version: Any, principal: Any, values: Any, data: Any = None, **kwargs: Any
) -> IntakeForm:
    who, at = actor(request), timezone.localtime()
    agents = [
        (a.agent_id, f"{a.agent.name}（{a.get_role_display()}）")
        for a in identity.agencies_of(principal, at=at)
        if getattr(a, "standing", False)
    ]
    return IntakeForm(version, values, data, agents=agents, points=queries.points_of(who), **kwargs)


def _post(request: HttpRequest, version: Any, principal: Any) -> HttpResponse:
    who, at = actor(request), timezone.localtime()
    names = [f"file.{m.code}" for m in version.materials]
    owner = f"intake:{request.POST.get('form_key', '')[:32]}"
    held = kept.take(request, names, owner=owner, division=version.division, by=who, at=at)
    return once(request, lambda: _take_in(request, version, principal, held))


def _take_in(request: HttpRequest, version: Any, principal: Any, held: kept.Kept) -> HttpResponse:
    action = request.POST.get("action", "send")
    values = rearrange(version.form, read(version.form, request.POST, version.form.groups, {}), action)
    shown = DefinitionForm(version.form, values, today=timezone.localdate())
    reach = ReachForm(version, {}, {}, request.POST)
    materials = _materials_form(request, version, principal, values, request.POST)
    if action != "send":
        if is_fragment(request):
            return render(request, "cases/form/definition.html", {"form": shown, "titles": True, "quiet": True})
        return _form_page(request, version, principal, shown, materials, reach, held)
    checks = [shown.check(), reach.is_valid(), materials.is_valid(), not held.refusals]
    if not all(checks):
        return _form_page(request, version, principal, shown, materials, reach, held, status=422)
    try:
        case = _carry_out(request, version, principal, shown.cleaned_values, materials, reach, held)
    except Refusal as refusal:
        if not refusal.fields:
            raise
        _place(refusal, shown, materials, reach)
        return _form_page(request, version, principal, shown, materials, reach, held, status=refusal.status)
    return redirect("cases:intake_done", number=case.number)


def _carry_out(
    request: HttpRequest,
    version: Any,
    principal: Any,
    values: Any,
    materials: IntakeForm,
    reach: ReachForm,
    held: kept.Kept,
) -> Any:
    """Receive, and what the clerk decided in the same transaction: both or neither."""
    who, at, told = actor(request), timezone.localtime(), materials.cleaned_data
    agent = queries.applicant_at_window(who, int(told["agent"])) if told.get("agent") else None
    outcome = told["outcome"]
    with transaction.atomic():
        case = commands.intake(
            version.id,
            applicant=principal,
            values=values,
            materials=materials.handed(held.files),
            point=told.get("point") or materials.only_point,
            contact=reach.part("contact"),
            delivery=reach.part("delivery"),
            agent=agent,
            accept=outcome == "accept",
            decide=outcome == "decide",
            note=told["note"],
            key=request.POST.get("form_key", ""),
            by=who,
            at=at,
        )
        if outcome == "correct":
            commands.request_correction(case.number, points=materials.points(held.files), by=who, at=at)
        elif outcome == "decline":
            commands.decline(case.number, reasons=told["reasons"], by=who, at=at)
        elif outcome == "redirect":
            commands.redirect(case.number, to=told["to"], reasons=told["reasons"], by=who, at=at)
    return case


def _place(refusal: Refusal, shown: DefinitionForm, materials: IntakeForm, reach: ReachForm) -> None:
    """Each message to the form that has its field."""
    left = dict(refusal.fields)
    for one in (shown, reach):
        mine = {path: left.pop(path) for path in list(left) if path in one.fields}
        if mine:
            one.take(mine)
    if left:
        materials.take(Refusal(refusal.code, refusal.message, refusal.next_step, fields=left, status=refusal.status))


def _form_page(
    request: HttpRequest,
    version: Any,
    principal: Any,
    shown: DefinitionForm,
    materials: IntakeForm,
    reach: ReachForm,
    held: kept.Kept,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    rows = [
        {
            **row,
            "when": shown.when(row["material"].when),
            "kept": held.words(row["input"]),
            "refusal": held.refusals.get(row["input"]),
        }
        for row in materials.rows()
    ]
    context = {
        "version": version,
        "letters": identity.letters_of(principal, at=timezone.localtime()),
        "applicant": identity.shown_applicant(principal),
        "form": shown,
        "materials": materials,
        "rows": rows,
        "reach": reach,
        "summary": [*shown.error_summary, *reach.error_summary, *materials.error_summary]
        + [(row["input"], f"{row['material'].name}：{row['refusal'].message}") for row in rows if row["refusal"]]
        if status != 200
        else [],
        "duplicates": queries.duplicates(principal.pk, version.item_id),
        "bar": queries.barred(principal.pk, version.item_id, today),
        "accept": kept.ACCEPT,
    }
    return render(request, "cases/desk/intake_form.html", context, status=status)


@desk(roles=CLERKS)
@require_GET
def done(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt to print and hand over, and the way to the next person."""
    page = queries.case_page(actor(request), number, on=timezone.localdate())
    context = {
        "page": page,
        "case": page.case,
        "progress": qr.svg(qr.address("cases:my_case", number), scale=0),
        "rate_url": f"/desk/reviews/receipt/{number}/",  # a higher package's page: by its fixed address, never by import
        "due": next((line for line in page.clock.lines if line.running and line.key != "statutory"), None),
    }
    return render(request, "cases/desk/intake_done.html", context)
