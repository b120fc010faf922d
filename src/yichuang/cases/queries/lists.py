"""Lists of cases a page at a time, counts for badges, notices to staff. Numbers of queries do not depend on rows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from yichuang.cases.models import Case, CaseStep, StaffNotice
from yichuang.cases.queries.gate import visible_cases
from yichuang.cases.rules.clock import left, moved_to
from yichuang.core import calendar, paging
from yichuang.core.actor import Actor
from yichuang.core.refusal import Refusal
from yichuang.identity import queries as identity
from yichuang.identity.models import Staff

DECIDERS = ("handler", "reviewer", "legal_reviewer", "head")
ACCEPTERS = ("window_clerk", "handler")


def _staff_id(actor: Actor) -> int:
    return int(actor.ref.partition(":")[2]) if actor.is_staff else 0


def _departments(actor: Actor, roles: tuple[str, ...]) -> tuple[bool, list[int]]:
    """(whole division, departments) in which one of the roles is held."""
    held = {scope for role in roles for scope in actor.scopes(role)}
    return "" in held, [int(s.partition(":")[2]) for s in held if s.startswith("department:")]


def _waiting(actor: Actor, rows: QuerySet[Case]) -> QuerySet[Case]:
    """Cases with an open step of the actor's roles."""
    wanted = Q(pk__in=[])
    for role in DECIDERS:
        whole, departments = _departments(actor, (role,))
        if whole or departments:
            steps = CaseStep.objects.filter(case=OuterRef("pk"), state="open", role=role)
            wanted |= Q(Exists(steps if whole else steps.filter(department__in=departments)))
    return rows.filter(wanted, state="accepted")


def _accepting(actor: Actor, rows: QuerySet[Case]) -> QuerySet[Case]:
    """Received, where the actor accepts."""
    whole, departments = _departments(actor, ACCEPTERS)
    rows = rows.filter(state="received")
    if whole:
        return rows
    points = [s.partition(":")[2] for role in ACCEPTERS for s in actor.scopes(role) if s.startswith("point:")]
    return rows.filter(Q(department__in=departments) | Q(point__in=points))


def _mine(actor: Actor, rows: QuerySet[Case]) -> QuerySet[Case]:
    """What waits for this person: handled by them, waiting for their role (and nobody else's), or to be accepted."""
    own = rows.filter(handler=_staff_id(actor)).values("pk")
    waiting = _waiting(actor, rows)
    if not actor.has_any(("reviewer", "legal_reviewer", "head")):
        waiting = waiting.filter(handler__isnull=True)
    return rows.filter(Q(pk__in=own) | Q(pk__in=waiting.values("pk")) | Q(pk__in=_accepting(actor, rows).values("pk")))


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
    """Open cases by due date (of "all": every case, the newest first). 3 queries at most, whatever the rows.

    scope: mine, waiting (an open step is the actor's), accept, department, all. q: a case number (its beginning) or an applicant's name.
    on: the day for which the moving dates of suspended cases and the working days left (`row.left`) are told.
    `row.open_steps`: the steps that are being done.
    """
    open_steps = Prefetch("steps", queryset=CaseStep.objects.filter(state="open"), to_attr="open_steps")
    rows: Any = visible_cases(actor).select_related("department", "handler").prefetch_related(open_steps)
    order: tuple[str, ...] = ("due_on", "id")
    if scope == "all":
        order = ("-received_at", "-id")
    else:
        rows = rows.filter(open=True)
    if scope == "mine":
        rows = _mine(actor, rows)
    elif scope == "department":
        whole, departments = _departments(actor, (*DECIDERS, "window_clerk"))
        if not whole:
            rows = rows.filter(department__in=departments)
    elif scope == "accept":
        rows = _accepting(actor, rows)
    elif scope == "waiting":
        rows = _waiting(actor, rows)
    if state:
        rows = rows.filter(state=state)
    if light:
        rows = rows.filter(light__in=("red", "overdue") if light == "red" else (light,))
    if item:
        rows = rows.filter(item=int(item)) if str(item).isdigit() else rows.filter(title__icontains=str(item))
    if q.strip():
        words = q.strip()
        rows = rows.filter(Q(number__startswith=words.upper()) | Q(applicant_name__startswith=words))
    page: paging.Page[Case] = paging.page(rows, cursor or None, order, size)
    if on is not None:
        days = calendar.current()
        for row in page:
            row.due_on = moved_to(row.facts(), on, days)
            row.left = left(row.due_on, on, days) if row.due_on and row.light else None  # type: ignore[attr-defined]  # for the list
    return page


def counts(actor: Actor) -> dict[str, int]:
    """{"mine", "waiting", "accept", "department", "yellow", "red", "notices"}: for tabs and badges. 5 queries."""
    rows = visible_cases(actor).filter(open=True)
    told: dict[str, Any] = rows.aggregate(
        department=Count("pk"),
        yellow=Count("pk", filter=Q(light="yellow")),
        red=Count("pk", filter=Q(light__in=("red", "overdue"))),
    )
    return {
        **told,
        "mine": _mine(actor, rows).count(),
        "waiting": _waiting(actor, rows).count(),
        "accept": _accepting(actor, rows).count(),
        "notices": my_notices(actor).count(),
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
    return paging.page(rows, cursor or None, ("-received_at", "-id"), size)


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
