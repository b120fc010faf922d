"""Who acts: from an account or a program's token to an Actor. At most three queries."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from yichuang.core import personal
from yichuang.core.actor import NOBODY, Actor, Grant
from yichuang.identity import rules
from yichuang.identity.commands.clients import token_digest
from yichuang.identity.models import Account, Agency, Applicant, Client, RoleGrant, Staff


def actor_of_account(account: Account, at: datetime) -> Actor:
    """The Actor of an account at a moment; NOBODY for one that is closed.

    Staff: own roles, and the roles of whoever's post they cover as B (told in `standing_in_for`, several with commas). A person: whom they
    may act for, themselves included once verified. 2 queries.
    """
    if not account.is_active:
        return NOBODY
    return _staff_actor(account, at) if account.kind == "staff" else _person_actor(account, at)


def _staff_actor(account: Account, at: datetime) -> Actor:
    staff = Staff.objects.filter(account=account, active=True).first()
    if staff is None:
        return NOBODY
    away = Q(staff__a_posts__b=staff, staff__a_posts__active=True, staff__a_posts__away_from__lte=at) & (
        Q(staff__a_posts__away_until__isnull=True) | Q(staff__a_posts__away_until__gt=at)
    )
    rows = (
        RoleGrant.objects.filter(Q(staff=staff) | away, ended_at__isnull=True, staff__active=True)
        .order_by("id")
        .values_list("staff_id", "role", "department_id", "point")
        .distinct()
    )
    own: dict[Grant, None] = {}
    lent: list[tuple[Grant, str]] = []
    for staff_id, role, department, point in rows:
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


def _person_actor(account: Account, at: datetime) -> Actor:
    person = Applicant.objects.filter(account=account, erased_at__isnull=True).first()
    ref = f"person:{account.pk}"
    if person is None:
        return Actor(ref=ref, name="未核验用户")
    principals = Agency.objects.filter(
        agent=person, ended_at__isnull=True, principal__erased_at__isnull=True
    ).values_list("principal_id", "valid_from", "valid_until")
    today = at.date()
    behalf = {person.ref} | {
        f"applicant:{pk}" for pk, begin, end in principals if rules.agency_valid(begin, end, False, today)
    }
    return Actor(ref=ref, name=personal.mask_name(person.name), division=person.division, behalf=frozenset(behalf))


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
