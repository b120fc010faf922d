"""API of 关注: what an applicant follows. For persons with their session; whom they may act for is in /me."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status

from yichuang.catalogue import commands, queries
from yichuang.catalogue.models import Follow
from yichuang.core import paging
from yichuang.core.api import Page
from yichuang.core.refusal import Refusal
from yichuang.core.views import actor
from yichuang.identity import queries as identity
from yichuang.identity.api.auth import auth
from yichuang.identity.models import Applicant

router = Router(tags=["关注"], auth=auth)
Kind = Literal["item", "law"]


class FollowOut(Schema):
    """kind: item or law. id: its number. state: of the item (published, retired) or law (in_force, repealed, ...)."""

    kind: Kind
    id: int
    name: str
    state: str
    followed_at: datetime


def _out(row: Follow) -> FollowOut:
    target = row.item or row.law
    assert target is not None  # by the constraint of the table
    return FollowOut(
        kind="item" if row.item else "law",
        id=row.target,
        name=row.name,
        state=target.state,
        followed_at=row.followed_at,
    )


def _applicant(request: HttpRequest, pk: int | None) -> Applicant:
    """The one asked for, else the person themselves."""
    who = actor(request)
    mine = identity.applicants_for(who)
    found = next((a for a in mine if a.pk == pk), None) if pk is not None else identity.self_of(who)
    if found is None:
        raise Refusal(
            "follow.not_yours",
            "您不能为这个申请人关注。",
            "请从 /me 的 acts_for 中选择申请人。",
            fields={"applicant": "不在您可以代表的申请人之中"},
            status=403,
        )
    return found


@router.get("/follows", response=Page[FollowOut], summary="关注的事项和法规")
def follows(request: HttpRequest, applicant: int | None = None, cursor: str = "", size: int = 20) -> Page[FollowOut]:
    rows = queries.follows(_applicant(request, applicant))
    page: paging.Page[Follow] = paging.page(rows, cursor, ("-followed_at", "-id"), size)
    return Page(items=[_out(row) for row in page], next=page.next, previous=page.previous)


@router.put("/follows/{kind}/{id}", response=FollowOut, summary="关注")
def follow(request: HttpRequest, kind: Kind, id: int, applicant: int | None = None) -> FollowOut:
    """Again is as once."""
    own = _applicant(request, applicant)
    return _out(commands.follow(own, kind=kind, target=id, by=actor(request), at=timezone.localtime()))


@router.delete("/follows/{kind}/{id}", response={204: None}, summary="取消关注")
def unfollow(request: HttpRequest, kind: Kind, id: int, applicant: int | None = None) -> Status[None]:
    own = _applicant(request, applicant)
    commands.unfollow(own, kind=kind, target=id, by=actor(request), at=timezone.localtime())
    return Status(204, None)
