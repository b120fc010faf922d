"""Lists of cases a page at a time, counts for badges, notices to staff. Numbers of queries do not depend on rows.

A worklist is the sum of a few branches (mine; waiting for my role in a department; at my point), each of which walks one
index in the order of the list and stops after a page. The page is then cut from what the branches found: it costs the
same at a thousand cases and at a million, on the first page and on the thousandth.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Prefetch, Q, QuerySet

from yichuang.cases.models import Case, CaseStep, StaffNotice
from yichuang.cases.queries.gate import STAFF
from yichuang.cases.rules import turn
from yichuang.cases.rules.clock import left, moved_to
from yichuang.catalogue.models import Item
from yichuang.core import calendar, paging
from yichuang.core.actor import Actor
from yichuang.core.refusal import Refusal
from yichuang.identity import queries as identity
from yichuang.identity.models import Staff

DECIDERS = ("handler", "reviewer", "head")
ACCEPTERS = ("window_clerk", "handler")
BY_DUE = ("sorted_on", "id")
NEWEST = ("-received_at", "-id")
MANY = 1000
"""Badges count no further."""
APART = 4
"""So many departments or points are walked one by one; more of them are one branch."""


def _staff_id(actor: Actor) -> int:
    return int(actor.ref.partition(":")[2]) if actor.is_staff else 0


def _departments(actor: Actor, roles: Iterable[str]) -> tuple[bool, list[int]]:
    """(whole division, departments) in which one of the roles is held."""
    held = {scope for role in roles for scope in actor.scopes(role)}
    return "" in held, sorted(int(s.partition(":")[2]) for s in held if s.startswith("department:"))


def _points(actor: Actor, roles: Iterable[str]) -> list[str]:
    return sorted({s.partition(":")[2] for role in roles for s in actor.scopes(role) if s.startswith("point:")})


def _each(name: str, values: Sequence[int] | Sequence[str], also: Q) -> list[Q]:
    """One branch per value, or one for all when they are many."""
    if len(values) > APART:
        return [Q(**{f"{name}__in": values}) & also]
    return [Q(**{name: value}) & also for value in values]


def _within(actor: Actor, roles: Iterable[str], also: Q) -> list[Q]:
    """Branches of the places in which one of the roles is held."""
    roles = tuple(roles)
    whole, departments = _departments(actor, roles)
    if whole:
        return [also]
    return [*_each("department", departments, also), *_each("point", _points(actor, roles), also)]


def _joint(actor: Actor, roles: Iterable[str], **more: object) -> list[Q]:
    """The cases of other departments in which one of the actor's departments has a step. One query, none for most."""
    _whole, departments = _departments(actor, roles)
    if not departments:
        return []
    steps = CaseStep.objects.filter(joint=True, department__in=departments, **more)
    ids = list(steps.filter(case__open=True).values_list("case", flat=True).distinct()[:MANY])
    return [Q(pk__in=ids)] if ids else []


def _mine(actor: Actor) -> list[Q]:
    """What waits for this person: handled by them, waiting for a role of theirs and nobody's, or to be accepted."""
    branches = [Q(handler=_staff_id(actor))] if actor.is_staff else []
    for role in turn.ROLES:
        also = Q(**{f"awaits_{role}": True})
        if role == "handler":
            also &= Q(handler__isnull=True)
        branches += _within(actor, (role,), also)
    return branches + _joint(actor, DECIDERS, state="open")


def _waiting(actor: Actor) -> list[Q]:
    """Accepted, with an open step of a role of the actor's."""
    branches: list[Q] = []
    for role in DECIDERS:
        branches += _within(actor, (role,), Q(**{f"awaits_{role}": True}, state="accepted"))
    return branches + _joint(actor, DECIDERS, state="open")


def _branches(actor: Actor, scope: str) -> list[Q]:
    if scope == "mine":
        return _mine(actor)
    if scope == "waiting":
        return _waiting(actor)
    if scope == "accept":
        return _within(actor, ACCEPTERS, Q(state="received"))
    return _within(actor, STAFF, Q()) + _joint(actor, STAFF)


def _narrowed(state: str, light: str, item: int | str | None, q: str) -> Q:
    """The filters. Words are looked for in the applicant's name (its beginning) and in the names of items."""
    found = Q(state=state) if state else Q()
    if light:
        found &= Q(light__in=("red", "overdue") if light == "red" else (light,))
    if item and str(item).isdigit():
        found &= Q(item=int(item))
    words = q.strip()
    if words and words.replace("-", "")[:6].isdigit():
        found &= Q(number__startswith=words.upper())
    elif words:
        items = list(Item.objects.filter(name__contains=words).order_by("pk").values_list("pk", flat=True)[:50])
        found &= Q(applicant_name__startswith=words) | Q(item__in=items)
    return found


def worklist(
    actor: Actor,
    *,
    scope: str = "mine",
    state: str = "",
    light: str = "",
    item: int | str | None = None,
    q: str = "",
    cursor: str = "",
    size: int = paging.SIZE,
    on: date | None = None,
) -> paging.Page[Case]:
    """Open cases by due date (of "all": every case, the newest first). Constant queries: one per branch and four more.

    scope: mine, waiting (an open step is the actor's), accept, department, all. q: a case number (its beginning), an
    applicant's name (its beginning) or words of an item. on: the day for which the moving dates of suspended cases and
    the working days left (`row.left`) are told. `row.open_steps`: the steps that are being done.
    """
    size = max(1, min(size, paging.LARGEST - 1))
    order = NEWEST if scope == "all" else BY_DUE
    rows = Case.objects.filter(division=actor.division)
    rows = rows if scope == "all" else rows.filter(open=True)
    rows = rows.filter(_narrowed(state, light, item, q))
    found: set[int] = set()
    for branch in _branches(actor, scope):
        near = paging.page(rows.filter(branch).only("pk", order[0].removeprefix("-")), cursor or None, order, size + 1)
        found.update(row.pk for row in near)
    steps = Prefetch("steps", queryset=CaseStep.objects.filter(state="open"), to_attr="open_steps")
    shown = (
        Case.objects.filter(pk__in=found).select_related("applicant", "department", "handler").prefetch_related(steps)
    )
    page: paging.Page[Case] = paging.page(shown, cursor or None, order, size)
    if on is not None:
        days = calendar.current()
        for row in page:
            row.due_on = moved_to(row.facts(), on, days)
            row.left = left(row.due_on, on, days) if row.due_on and row.light else None  # type: ignore[attr-defined]  # for the list
    return page


def counts(actor: Actor) -> dict[str, int]:
    """{"mine", "waiting", "accept", "department", "yellow", "red", "notices"}: for tabs and badges, up to MANY each.
    Seven queries, two more for departments that have steps in others' cases."""
    rows = Case.objects.filter(division=actor.division, open=True)

    def count(branches: list[Q], also: Q) -> int:
        wanted = reduce(or_, branches) if branches else Q(pk__in=[])
        return rows.filter(wanted, also)[:MANY].count()

    department = _branches(actor, "department")
    return {
        "mine": count(_mine(actor), Q()),
        "waiting": count(_waiting(actor), Q()),
        "accept": count(_branches(actor, "accept"), Q()),
        "department": count(department, Q()),
        "yellow": count(department, Q(light="yellow")),
        "red": count(department, Q(light__in=("red", "overdue"))),
        "notices": my_notices(actor)[:MANY].count(),
    }


def my_notices(actor: Actor) -> QuerySet[StaffNotice]:
    """Unread notices addressed to the actor, by name or by role in a department."""
    wanted = Q(staff=_staff_id(actor))
    for role in ("handler", "head"):
        whole, departments = _departments(actor, (role,))
        if whole:
            wanted |= Q(role=role)
        elif departments:
            wanted |= Q(role=role, department__in=departments)
    return StaffNotice.objects.filter(wanted, division=actor.division, read_at__isnull=True)


def notices(actor: Actor, limit: int = 20) -> list[StaffNotice]:
    """Unread notices, newest first, with their case. 1 query."""
    return list(my_notices(actor).select_related("case").order_by("-id")[:limit])


def my_cases(actor: Actor, cursor: str = "", size: int = paging.SIZE) -> paging.Page[Case]:
    """Cases of everybody whom the signed-in person may act for, newest first. 1 query."""
    ids = [int(ref.partition(":")[2]) for ref in actor.behalf if ref.startswith("applicant:")]
    rows = Case.objects.filter(Q(applicant__in=ids) | Q(agent__in=ids)).select_related("department", "applicant")
    return paging.page(rows, cursor or None, NEWEST, size)


def handlers_for(actor: Actor, case: Case) -> list[Staff]:
    """Who may be named as the case's handler: active staff with that role in its department."""
    return identity.staff_with_role(case.division, "handler", *case.scopes)


def may_handle(case: Case, person: Staff, by: Actor) -> bool:
    """True if the person holds the handler's role for the case; for the actor, posts stood in for count too."""
    if by.ref == person.ref:
        return by.has("handler", *case.scopes)
    return any(s.pk == person.pk for s in handlers_for(by, case))


def colleagues(actor: Actor) -> list[tuple[str, str]]:
    """(key, name) of the handlers whom a head may name in the departments that are theirs."""
    whole, departments = _departments(actor, ("head",))
    if not whole and not departments:
        return []
    rows = Staff.objects.filter(
        division=actor.division, active=True, role_grants__role="handler", role_grants__ended_at=None
    )
    if not whole:
        rows = rows.filter(Q(role_grants__department__in=departments) | Q(role_grants__department=None))
    return [(str(s.pk), s.name) for s in rows.distinct().order_by("name", "pk")]


def staff_to_name(actor: Actor, case: Case, verb: str) -> list[tuple[int, str]]:
    """(key, name) of those who may be named in a verb's form: handlers of the case's department."""
    found = handlers_for(actor, case)
    if not found and verb == "assign":
        raise Refusal("case.no_handler", "这个部门还没有承办人。", "请由安全管理员先为部门授权承办人。", status=409)
    return [(s.pk, s.name) for s in found]
