"""岗位: A and B staff (AB岗)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yichuang.core import log
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal
from yichuang.identity import rules
from yichuang.identity.commands.organs import require_system
from yichuang.identity.commands.staff import held_roles
from yichuang.identity.models import Department, Post, Staff


def may_arrange(by: Actor, department_scope: str) -> bool:
    """Who arranges posts: the department's head, the system administrator, the system."""
    return by.is_system or by.has("system_administrator") or by.has("head", department_scope)


def set_post(
    *, department: Department, name: str, a: Staff, b: Staff | None = None, point: str = "", by: Actor, at: datetime
) -> Post:
    """The post of this name in the department (and service point), made or changed; anybody's absence ends with it.

    Raises Refusal: 403 unless by the department's head, a system administrator or the system; 422 when A and B are one
    person or not of the division or not active; 409 when B with A's roles would unite duties that are kept apart.
    """
    if not may_arrange(by, department.scope):
        by.require("head", department.scope)
    name = name.strip()
    fields: dict[str, str] = {}
    if not name:
        fields["name"] = "请填写岗位名称"
    if b is not None and a.pk == b.pk:
        fields["b"] = "A岗与B岗不能是同一人"
    for field, person in (("a", a), ("b", b)):
        if person and (not person.active or person.division != department.division):
            fields[field] = "请选择本区划在岗的人员"
    if fields:
        raise Refusal("post.incomplete", "岗位设置不完整。", "请按提示修改。", fields=fields, status=422)
    with transaction.atomic():
        people = {s.pk: s for s in (log.lock(Staff, pk=pk) for pk in sorted({p.pk for p in (a, b) if p}))}
        if b:
            rules.may_stand_in(held_roles(people[a.pk]), held_roles(people[b.pk]))
        post = Post.objects.filter(department=department, name=name, point=point, active=True).first()
        if post and (post.a_id, post.b_id) == (a.pk, b.pk if b else None):
            return post
        post = log.lock(Post, pk=post.pk) if post else Post()
        event = Event(
            "post.set",
            {"department": department.pk, "name": name, "point": point, "a": a.pk, "b": b.pk if b else None},
        )
        log.record(post, event, by=by, at=at)
    return post


def step_away(
    post: Post, *, until: datetime | None = None, begin: datetime | None = None, by: Actor, at: datetime
) -> Post:
    """A leaves the post from `begin` (now, by default) until a moment or until the return; B acts with A's rights.

    Who may: A, the department's head, a system administrator. Raises Refusal: 403; 409 without a B; 422 for an end
    that is not after the beginning.
    """
    begin = max(begin, at) if begin else at
    with transaction.atomic():
        post = log.lock(Post, pk=post.pk)
        _may_move(post, by)
        if post.b is None or not post.b.active:
            raise Refusal("post.no_b", "这个岗位没有B岗，离岗后无人办理。", "请先为岗位设置B岗。")
        if until is not None and until <= begin:
            raise Refusal(
                "post.away_backwards",
                "返岗时间应晚于离岗时间。",
                "请修改返岗时间。",
                fields={"until": "应晚于离岗时间"},
                status=422,
            )
        rules.may_stand_in(held_roles(post.a), held_roles(post.b))
        data = {"from": begin.isoformat(), "until": until.isoformat() if until else None}
        log.record(post, Event("post.stepped_away", data), by=by, at=at)
    return post


def return_to_post(post: Post, *, by: Actor, at: datetime) -> Post:
    """A is back. Raises Refusal: 403; 409 when nobody was away."""
    with transaction.atomic():
        post = log.lock(Post, pk=post.pk)
        _may_move(post, by)
        if post.away_from is None:
            raise Refusal("post.not_away", "A岗没有登记离岗。", "无需办理返岗。")
        log.record(post, Event("post.returned"), by=by, at=at)
    return post


def close_post(post: Post, *, by: Actor, at: datetime) -> Post:
    """撤销岗位. Raises Refusal 403 unless by a system administrator; 409 when closed."""
    require_system(by)
    with transaction.atomic():
        post = log.lock(Post, pk=post.pk)
        if not post.active:
            raise Refusal("post.closed", "岗位已撤销。", "无需再次办理。")
        log.record(post, Event("post.closed"), by=by, at=at)
    return post


def _may_move(post: Post, by: Actor) -> None:
    if not post.active:
        raise Refusal("post.closed", "岗位已撤销。", "请查看现行岗位。")
    if by.ref != post.a.ref and not may_arrange(by, post.department.scope):
        raise Refusal(
            "post.not_yours",
            "只有A岗本人、部门负责人或系统管理员可以登记离岗和返岗。",
            "请联系A岗本人或部门负责人。",
            status=403,
        )
