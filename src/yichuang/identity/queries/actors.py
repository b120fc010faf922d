"""Who acts: from an account or a program's token to an Actor. At most three queries."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from yichuang.core import compiled, personal
from yichuang.core.actor import NOBODY, Actor, Grant
from yichuang.identity import rules
from yichuang.identity.commands.clients import token_digest
from yichuang.identity.models import Account, Agency, Applicant, Client, Staff


def actor_of_account(account: Account, at: datetime, *, joined: bool = False) -> Actor:
    """The Actor of an account at a moment; NOBODY for one that is closed.

    Staff: own roles, and the roles of whoever's post they cover as B (told in `standing_in_for`, several with commas). A person: whom they
    may act for, themselves included once verified. 2 queries; 1 when the account was read just now together with its
    staff row and applicant (joined: as identity.backend reads it).
    """
    if not account.is_active:
        return NOBODY
    return _staff_actor(account, at, joined) if account.kind == "staff" else _person_actor(account, at, joined)


_GRANTS = """
SELECT DISTINCT g.id, g.staff_id, g.role, g.department_id, g.point
FROM identity_rolegrant g
JOIN identity_staff s ON s.id = g.staff_id AND s.active
LEFT JOIN identity_post p ON p.a_id = s.id AND p.b_id = %s AND p.active
    AND p.away_from <= %s AND (p.away_until IS NULL OR p.away_until > %s)
WHERE g.ended_at IS NULL AND (g.staff_id = %s OR p.id IS NOT NULL)
ORDER BY g.id
"""
"""A member of staff's own roles, and those of whose post they cover now: of every request at the desk, hence by hand."""


def _staff_actor(account: Account, at: datetime, joined: bool) -> Actor:
    staff = getattr(account, "staff", None) if joined else Staff.objects.filter(account=account).first()
    if staff is None or not staff.active:
        return NOBODY
    now = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        cursor.execute(_GRANTS, [staff.pk, now, now, staff.pk])
        rows = cursor.fetchall()
    own: dict[Grant, None] = {}
    lent: list[tuple[Grant, str]] = []
    for _, staff_id, role, department, point in rows:
        grant = Grant(role, f"point:{point}" if point else f"department:{department}" if department else "")
        if staff_id == staff.pk:
            own[grant] = None
        else:
            lent.append((grant, f"staff:{staff_id}"))
    held = {g.role for g in own}
    lent = [(g, ref) for g, ref in lent if not rules.conflict(g.role, held)]
    return Actor(
        ref=staff.ref,
        name=staff.name,
        division=staff.division,
        grants=tuple(own | dict.fromkeys(g for g, _ in lent)),
        standing_in_for=",".join(dict.fromkeys(ref for _, ref in lent)),
    )


def _person_actor(account: Account, at: datetime, joined: bool) -> Actor:
    person = getattr(account, "applicant", None) if joined else Applicant.objects.filter(account=account).first()
    ref = f"person:{account.pk}"
    if person is None or person.erased_at is not None:
        return Actor(ref=ref, name="未核验用户")
    today = at.date()
    behalf = {person.ref} | {
        f"applicant:{agency.principal_id}"
        for agency in compiled.rows(_agencies, person.pk)
        if rules.agency_valid(agency.valid_from, agency.valid_until, False, today)
    }
    return Actor(ref=ref, name=personal.mask_name(person.name), division=person.division, behalf=frozenset(behalf))


def _agencies(person: int) -> QuerySet[Agency]:
    return Agency.objects.filter(agent=person, ended_at__isnull=True, principal__erased_at__isnull=True)


def actor_of_client(token: str, at: datetime) -> tuple[Actor, Client] | None:
    """The Actor of a program's token: its scopes, and the roles that come with them, for each of its departments.
    None for a token that is unknown, revoked or expired. 2 queries."""
    client = Client.objects.filter(token_digest=token_digest(token), active=True).first()
    if client is None or (client.expires_at and client.expires_at <= at):
        return None
    scopes = [f"department:{pk}" for pk in client.departments.order_by("pk").values_list("pk", flat=True)]
    roles = [role for scope in client.scopes for role in (scope, *rules.SCOPES.get(scope, ("", ()))[1])]
    grants = tuple(dict.fromkeys(Grant(role, scope) for role in roles for scope in scopes))
    return Actor(ref=client.ref, name=client.name, division=client.division, grants=grants), client


def applicants_for(actor: Actor) -> list[Applicant]:
    """Whom a signed-in person may act for: themselves first, then organisations by name. 1 query, none for staff."""
    if not actor.behalf:
        return []
    pks = [rules.pk_of(ref) for ref in actor.behalf]
    rows = Applicant.objects.filter(pk__in=pks, erased_at__isnull=True).order_by("name", "pk")
    own = rules.pk_of(actor.ref)
    return sorted(rows, key=lambda a: a.account_id != own)


def self_of(actor: Actor) -> Applicant | None:
    """The person's own applicant; None while unverified, and for staff and programs."""
    if actor.kind != "person":
        return None
    return Applicant.objects.filter(account_id=rules.pk_of(actor.ref), erased_at__isnull=True).first()


def acting_for(actor: Actor, chosen: int | None = None) -> Applicant | None:
    """The applicant for whom the person acts now: the one chosen, if they (still) may act for it, else themselves."""
    if actor.kind != "person":
        return None
    if chosen is not None and f"applicant:{chosen}" in actor.behalf:
        return Applicant.objects.filter(pk=chosen, erased_at__isnull=True).first()
    return self_of(actor)
