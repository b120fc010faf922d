"""关注: an applicant follows an item or a law, and ends it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from yichuang.catalogue import queries
from yichuang.catalogue.models import Follow, Item
from yichuang.catalogue.models.item import PUBLISHED
from yichuang.catalogue.queries.laws import law_for
from yichuang.catalogue.rules import following as rules
from yichuang.core import log
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.models import Logged
from yichuang.core.refusal import Refusal
from yichuang.identity.models import Applicant


def follow(applicant: Applicant, *, kind: str, target: int, by: Actor, at: datetime) -> Follow:
    """kind: "item" or "law". target: its primary key. What is followed already stays as it is and writes no event.

    Raises Refusal 403 (another's), 404 (no item in force, no law), 409 (more than rules.MOST)."""
    _own(applicant, by)
    with transaction.atomic():
        log.lock(Applicant, pk=applicant.pk)
        division = _division(kind, target, applicant)
        mine = Follow.objects.filter(applicant=applicant)
        found = mine.filter(kind=kind, **{f"{kind}_id": target}).first()
        if found is not None:
            return found
        if mine.count() >= rules.MOST:
            raise Refusal(
                "follow.too_many",
                f"最多可以关注{rules.MOST}项。",
                "请先在“我的关注”中取消不再需要的关注。",
            )
        row = Follow.objects.create(
            applicant=applicant, kind=kind, division=division, followed_at=at, **{f"{kind}_id": target}
        )
        log.append(_stream(applicant.pk), Event("follow.started", _data(row)), by=by, at=at)
    return row


def unfollow(applicant: Applicant, *, kind: str, target: int, by: Actor, at: datetime) -> None:
    """What is not followed stays so and writes no event. Raises Refusal 403, 404 (no such kind)."""
    _own(applicant, by)
    if kind not in rules.KINDS:
        raise queries.not_found()
    with transaction.atomic():
        log.lock(Applicant, pk=applicant.pk)
        _end(Follow.objects.filter(applicant=applicant, kind=kind, **{f"{kind}_id": target}), by=by, at=at)


def applicant_erased(_row: Logged | None, event: Event, by: Actor) -> None:
    """applicant.erased: what they followed says what they were about; it goes with them."""
    assert event.at is not None
    rows = Follow.objects.filter(applicant_id=event.data["applicant"]).order_by("pk")
    _end(rows, by=by, at=event.at, reason="erased")


def _end(rows: Iterable[Follow], *, by: Actor, at: datetime, **why: str) -> None:
    for row in list(rows):
        data = {**_data(row), **why}
        row.delete()
        log.append(_stream(row.applicant_id), Event("follow.ended", data), by=by, at=at)


def _own(applicant: Applicant, by: Actor) -> None:
    if applicant.ref not in by.behalf:
        raise Refusal("follow.not_yours", "不能替他人关注。", "请切换到对应的办事身份。", status=403)


def _division(kind: str, target: int, applicant: Applicant) -> str:
    """Of what is to be followed. Raises Refusal 404."""
    if kind == "item":
        found = Item.objects.filter(pk=target, state=PUBLISHED).values_list("division", flat=True).first()
        if found is None:
            raise queries.not_found()
        return found
    if kind != "law":
        raise queries.not_found()
    law_for(target)
    return applicant.division


def _stream(applicant: int) -> str:
    return f"{Follow.stream_kind}:{applicant}"


def _data(row: Follow) -> dict[str, str | int]:
    return {"applicant": row.applicant_id, "kind": row.kind, "target": row.target}
