"""Staff, their roles and posts; programs."""

from __future__ import annotations

from typing import Any

import orjson
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from yichuang.core.actor import Actor
from yichuang.core.models.log import LogEvent
from yichuang.core.refusal import Refusal
from yichuang.identity import rules
from yichuang.identity.models import Account, Client, Department, Post, RoleGrant, Staff

ADMINISTRATORS = ("system_administrator", "security_administrator", "auditor")
VIEWERS = (*ADMINISTRATORS, "head")
EVENTS = {
    "staff.hired": "录入",
    "staff.moved": "调动部门",
    "staff.role_granted": "授予角色",
    "staff.role_ended": "终止角色",
    "staff.deactivated": "停用",
    "staff.reactivated": "恢复",
}


def staff_list(
    actor: Actor, *, text: str = "", department: int | None = None, role: str = "", active: bool | None = True
) -> QuerySet[Staff]:
    """Staff of the division, paged by (number, pk), with department and current grants in 2 queries. A head sees the
    departments whose head they are. Raises Refusal 403 for others."""
    rows = (
        _visible(actor)
        .select_related("department", "account")
        .prefetch_related(
            Prefetch(
                "role_grants",
                queryset=RoleGrant.objects.filter(ended_at__isnull=True).select_related("department").order_by("pk"),
                to_attr="current",
            )
        )
    )
    if text:
        rows = rows.filter(Q(name__contains=text) | Q(number__startswith=text))
    if department:
        rows = rows.filter(department_id=department)
    if role:
        rows = rows.filter(Exists(RoleGrant.objects.filter(staff=OuterRef("pk"), role=role, ended_at__isnull=True)))
    return rows if active is None else rows.filter(active=active)


def staff_member(actor: Actor, pk: int) -> Staff:
    """One person of `staff_list`, active or not. Raises Refusal 404 for one that the actor may not see."""
    found = _visible(actor).select_related("department", "account").filter(pk=pk).first()
    if found is None:
        raise Refusal("staff.unknown", "没有找到这名工作人员。", "请返回人员列表重新选择。", status=404)
    return found


def _visible(actor: Actor) -> QuerySet[Staff]:
    rows = Staff.objects.filter(division=actor.division)
    if actor.has_any(ADMINISTRATORS):
        return rows
    if not actor.has("head"):
        actor.require("system_administrator")
    scopes = actor.scopes("head")
    if "" in scopes:
        return rows
    return rows.filter(department_id__in=[rules.pk_of(s) for s in scopes if s.startswith("department:")])


def staff_of(actor: Actor) -> Staff | None:
    """The member of staff who acts, None for others."""
    return Staff.objects.filter(pk=rules.pk_of(actor.ref)).first() if actor.is_staff else None


def staff_of_division(division: str, pk: int) -> Staff:
    """Somebody active whom a form named. Raises Refusal 404 for another division's."""
    found = Staff.objects.filter(pk=pk, division=division, active=True).first()
    if found is None:
        raise Refusal("staff.unknown", "没有找到这名工作人员。", "请从列表中选择在岗人员。", status=404)
    return found


def has_second_factor(account: Account) -> bool:
    """True if a TOTP is set up. 1 query."""
    return bool(Authenticator.objects.filter(user_id=account.pk, type=Authenticator.Type.TOTP).exists())


def grants_of(staff: Staff, *, ended: bool = False) -> list[RoleGrant]:
    """Grants, newest first; with `ended`, those that are over too."""
    rows = RoleGrant.objects.filter(staff=staff).select_related("department").order_by("-granted_at", "-pk")
    return list(rows if ended else rows.filter(ended_at__isnull=True))


def staff_history(staff: Staff) -> list[dict[str, Any]]:
    """The person's stream as a timeline: {"at", "title", "who", "note"}, newest first. 2 queries."""
    lines = list(LogEvent.objects.filter(stream=staff.stream).order_by("-seq")[:200])
    read = [(line, orjson.loads(line.data)) for line in lines]
    named = {d for _, data in read for d in (data.get("department"), data.get("from")) if isinstance(d, int)}
    names = dict(Department.objects.filter(pk__in=named).values_list("pk", "name"))
    return [
        {
            "at": line.occurred_at,
            "title": EVENTS.get(line.kind, line.kind),
            "who": line.actor_name,
            "note": _note(data, names),
            "documents": [],
        }
        for line, data in read
    ]


def _note(data: dict[str, Any], names: dict[int, str]) -> str:
    words = []
    if "role" in data:
        words.append(rules.ROLE_NAMES.get(data["role"], data["role"]))
    if "grant" in data:
        where = names.get(data.get("department") or 0, "") or (
            f"服务点 {data['point']}" if data.get("point") else "全区划"
        )
        words.append(where)
    elif data.get("department"):
        words.append(names.get(data["department"], ""))
    if data.get("reason"):
        words.append(data["reason"])
    return "，".join(w for w in words if w)


def staff_choices(division: str, *, department: int | None = None) -> list[tuple[int, str]]:
    """(primary key, "name（department）") of active staff."""
    rows = Staff.objects.filter(division=division, active=True)
    if department:
        rows = rows.filter(department_id=department)
    return [
        (pk, f"{name}（{organ}）")
        for pk, name, organ in rows.order_by("department__name", "number").values_list("pk", "name", "department__name")
    ]


def staff_with_role(division: str, role: str, *scopes: str) -> list[Staff]:
    """Active staff who hold the role for the whole division or for one of the scopes (any scope, when none is named).
    1 query."""
    held = RoleGrant.objects.filter(staff=OuterRef("pk"), role=role, ended_at__isnull=True)
    if scopes:
        organs = [rules.pk_of(s) for s in scopes if s.startswith("department:")]
        points = [s.partition(":")[2] for s in scopes if s.startswith("point:")]
        held = held.filter(
            Q(department__isnull=True, point="")
            | Q(department_id__in=organs, point="")
            | Q(point__in=points, point__gt="")
        )
    rows = Staff.objects.filter(Exists(held), division=division, active=True)
    return list(rows.select_related("department").order_by("number"))


def posts(actor: Actor) -> QuerySet[Post]:
    """Posts in force of the division, by department and name."""
    return (
        Post.objects.filter(active=True, department__division=actor.division)
        .select_related("department", "a", "b")
        .order_by("department__name", "name", "pk")
    )


def clients(actor: Actor) -> QuerySet[Client]:
    """Programs of the division, newest first. Raises Refusal 403 unless a security administrator or an auditor."""
    if not actor.has("auditor"):
        actor.require("security_administrator")
    return Client.objects.filter(division=actor.division).prefetch_related("departments").order_by("-created_at", "-pk")
