"""Applicants, agencies, notices, departments, divisions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from yichuang.core import personal
from yichuang.core.actor import Actor
from yichuang.core.refusal import Refusal
from yichuang.identity import rules
from yichuang.identity.models import Agency, Applicant, Department, Division, Notice, Verification

LOOKERS = ("window_clerk", "handler", "reviewer", "legal_reviewer", "head", "system_administrator")


def departments(division: str = "", *, active: bool = True) -> QuerySet[Department]:
    """Departments by name, of one division or all."""
    rows = Department.objects.order_by("name", "pk")
    if division:
        rows = rows.filter(division=division)
    return rows.filter(active=True) if active else rows


def department_choices(division: str = "") -> list[tuple[int, str]]:
    """(primary key, name) for a form."""
    return list(departments(division).values_list("pk", "name"))


def divisions(*, parent: str | None = None, under: str = "") -> QuerySet[Division]:
    """Divisions by code: all, the children of one, or all whose code starts with `under`."""
    rows = Division.objects.order_by("code")
    if parent is not None:
        rows = rows.filter(parent_id=parent or None)
    return rows.filter(code__startswith=under) if under else rows


def applicant_for(
    actor: Actor, pk: int, why: str, *, at: datetime, fields: tuple[str, ...] = ("id_number", "phone", "address")
) -> Applicant:
    """The one gate to an applicant's unmasked data. Somebody else's look is logged with its reason.

    Who may: whoever may act for the applicant (not logged: it is their own); staff with an operating role, the
    system administrator, who must say why. Strangers get 404, as if there were none.
    Inside a transaction or not: the look is written before the data is handed out.
    """
    own = f"applicant:{pk}" in actor.behalf
    if not (own or actor.is_system or (actor.is_staff and actor.has_any(LOOKERS))):
        raise Refusal("applicant.unknown", "没有找到这位申请人。", "请核对后重新查找。", status=404)
    found = Applicant.objects.filter(pk=pk, erased_at__isnull=True).first()
    if found is None:
        raise Refusal("applicant.unknown", "没有找到这位申请人。", "请核对后重新查找。", status=404)
    if not own and not actor.is_system:
        if not why.strip():
            raise Refusal(
                "personal.no_reason",
                "查看个人信息需要说明用途。",
                "请填写查看用途，例如办件编号。",
                fields={"why": "请填写查看用途"},
                status=422,
            )
        personal.looked(found.ref, list(fields), why.strip(), by=actor, at=at)
    return found


def applicant_masked(actor: Actor, pk: int) -> Applicant:
    """An applicant whose data the page shows masked only (`shown_applicant`); 404 for whoever may not look at all."""
    found = Applicant.objects.select_related("account").filter(pk=pk, erased_at__isnull=True).first()
    if found is None or not (actor.is_staff and actor.has_any(LOOKERS)):
        raise Refusal("applicant.unknown", "没有找到这位申请人。", "请核对后重新查找。", status=404)
    return found


def find_by_identifier(actor: Actor, id_kind: str, id_number: str) -> Applicant | None:
    """At the window, by the number on the document that lies there; shown masked (`shown_applicant`), so not a look.
    Raises Refusal 403 for others than clerks and handlers, 422 for a wrong number."""
    if not actor.has_any(("window_clerk", "handler")):
        actor.require("window_clerk")
    number = rules.check_identifier(id_kind, id_number).number
    return Applicant.objects.filter(id_kind=id_kind, id_number=number, erased_at__isnull=True).first()


def shown_applicant(applicant: Applicant) -> dict[str, Any]:
    """An applicant as a list or a look-up shows it: masked. Organisations' names and codes are public."""
    person = applicant.kind == "person"
    return {
        "id": applicant.pk,
        "kind": applicant.kind,
        "kind_name": applicant.get_kind_display(),
        "name": personal.mask_name(applicant.name) if person else applicant.name,
        "id_kind": applicant.id_kind,
        "id_kind_name": applicant.get_id_kind_display(),
        "id_number": personal.mask_id(applicant.id_number) if person else applicant.id_number,
        "phone": personal.mask_phone(applicant.phone),
        "address": personal.mask_address(applicant.address) if person else applicant.address,
        "legal_representative": personal.mask_name(applicant.legal_representative),
        "verified": bool(applicant.verified_at),
    }


def agencies_of(applicant: Applicant, *, at: datetime, ended: bool = False) -> list[Agency]:
    """Who may act for the applicant, newest first; with `ended`, those that are over too. `standing` says which."""
    rows = (
        Agency.objects.filter(principal=applicant)
        .select_related("agent", "principal", "letter")
        .order_by("-valid_from", "-pk")
    )
    found = list(rows if ended else rows.filter(ended_at__isnull=True))
    for row in found:
        row.standing = rules.agency_valid(row.valid_from, row.valid_until, row.ended_at is not None, at.date())  # type: ignore[attr-defined]  # for the template
    return found


def letters_of(principal: Applicant, *, at: datetime) -> list[Agency]:
    """The agencies with a 授权委托书 that stood at that moment, newest first: what proves who could act. 1 query."""
    day = timezone.localtime(at).date()  # a moment out of the database is in UTC, and its day may be the one before
    rows = Agency.objects.filter(principal=principal, role="agent", letter__isnull=False, valid_from__lte=day)
    found = rows.select_related("agent", "letter").order_by("-valid_from", "-pk")
    return [
        r for r in found if rules.agency_valid(r.valid_from, r.valid_until, bool(r.ended_at and r.ended_at < at), day)
    ]


def represented_by(agent: Applicant, *, at: datetime) -> list[Agency]:
    """For whom the person is an agent or legal representative now, by name."""
    rows = Agency.objects.filter(agent=agent, ended_at__isnull=True, principal__erased_at__isnull=True)
    found = rows.select_related("principal", "letter").order_by("principal__name", "pk")
    return [r for r in found if rules.agency_valid(r.valid_from, r.valid_until, False, at.date())]


def inbox(actor: Actor) -> QuerySet[Notice]:
    """Notices of everyone whom the person may act for; paged by (-created_at, -id)."""
    pks = [rules.pk_of(ref) for ref in actor.behalf]
    return Notice.objects.filter(applicant_id__in=pks).select_related("applicant")


def unread(actor: Actor) -> int:
    """How many notices wait. 1 query, none for visitors and staff."""
    return inbox(actor).filter(read_at__isnull=True).count() if actor.behalf else 0


def pending_verifications(actor: Actor) -> QuerySet[Verification]:
    """Claims of identity that wait for a clerk; for a person, their own of every state."""
    rows = Verification.objects.select_related("account")
    if actor.kind == "person":
        return rows.filter(account_id=rules.pk_of(actor.ref))
    if not actor.has_any(("window_clerk", "handler")):
        return rows.none()
    return rows.filter(state="pending")


def export_applicant(actor: Actor, *, at: datetime) -> dict[str, Any]:
    """All that identity keeps about the person (个人信息保护法 45), as plain JSON-able values. The packages above add
    theirs. 404 for an unverified account."""
    from yichuang.identity.queries.actors import self_of

    person = self_of(actor)
    if person is None:
        raise Refusal("applicant.unknown", "您的身份还没有核验，没有可导出的资料。", "请先完成实名核验。", status=404)
    standing = Agency.objects.select_related("principal", "agent")
    return {
        "exported_at": at.isoformat(),
        "person": _plain(person),
        "represents": [_agency(row) for row in standing.filter(agent=person).order_by("pk")],
        "represented_by": [_agency(row) for row in standing.filter(principal=person).order_by("pk")],
        "notices": [
            {
                "title": n.title,
                "body": n.body,
                "about": n.about,
                "created_at": n.created_at.isoformat(),
                "read_at": n.read_at.isoformat() if n.read_at else None,
            }
            for n in Notice.objects.filter(applicant=person).order_by("created_at", "pk")
        ],
        "looks": [
            {"at": look["at"].isoformat(), "by": look["by"], "fields": look["fields"], "why": look["why"]}
            for look in _looks(person)
        ],
    }


def _looks(person: Applicant) -> list[dict[str, Any]]:
    from yichuang.identity.queries.oversight import looks_at

    return looks_at(person)


def _plain(applicant: Applicant) -> dict[str, Any]:
    names = ("kind", "name", "id_kind", "id_number", "phone", "address", "postcode", "verified_by")
    return {name: getattr(applicant, name) for name in names} | {"created_at": applicant.created_at.isoformat()}


def _agency(row: Agency) -> dict[str, Any]:
    return {
        "principal": row.principal.name,
        "agent": row.agent.name,
        "role": row.role,
        "matters": row.matters,
        "valid_from": row.valid_from.isoformat(),
        "valid_until": row.valid_until.isoformat() if row.valid_until else None,
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
    }
