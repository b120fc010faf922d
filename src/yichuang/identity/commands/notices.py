"""消息: to the portal's inbox, and by SMS where a mobile phone is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from yichuang.core import outbox
from yichuang.core.actor import Actor
from yichuang.core.refusal import Refusal
from yichuang.identity import rules
from yichuang.identity.models import Applicant, Notice


def notify(
    applicant: Applicant | int,
    *,
    title: str,
    body: str,
    link: str = "",
    about: str = "",
    at: datetime,
    sms: bool = True,
) -> Notice:
    """A Notice, and an outbox message "sms" naming it. In the caller's transaction, next to the event that it tells of
    (which is why it has none of its own). The message carries the notice's number only: no name and no phone number is
    written where it could not be erased."""
    with transaction.atomic(savepoint=False):
        pk = applicant if isinstance(applicant, int) else applicant.pk
        notice = Notice.objects.create(
            applicant_id=pk, title=title[:120], body=body, link=link, about=about, created_at=at
        )
        phone = (
            applicant.phone
            if isinstance(applicant, Applicant)
            else Applicant.objects.values_list("phone", flat=True).get(pk=pk)
        )
        if sms and phone and not rules.phone_fault(phone, mobile=True):
            outbox.enqueue("sms", f"notice:{notice.pk}", {"notice": notice.pk}, about=about or notice.about, at=at)
    return notice


def notify_each(bodies: Mapping[int, str], *, title: str, link: str = "", about: str = "", at: datetime) -> int:
    """A Notice for each applicant (by primary key) with its own body, to the inbox alone: a change that concerns many costs no
    SMS. Who was erased is passed over. How many. In the caller's transaction, as `notify`. 2 queries."""
    with transaction.atomic(savepoint=False):
        there = Applicant.objects.filter(pk__in=list(bodies), erased_at__isnull=True).order_by("pk")
        made = [
            Notice(applicant_id=pk, title=title[:120], body=bodies[pk], link=link, about=about, created_at=at)
            for pk in there.values_list("pk", flat=True)
        ]
        Notice.objects.bulk_create(made, batch_size=500)
    return len(made)


def read_notices(*, applicant_ids: list[int], notice: int | None = None, by: Actor, at: datetime) -> int:
    """Marks one notice, or all, of the applicants as read; how many. Raises Refusal 403 for others' inboxes."""
    if any(f"applicant:{pk}" not in by.behalf for pk in applicant_ids):
        raise Refusal("notice.not_yours", "不能操作他人的消息。", "请切换到对应的办事身份。", status=403)
    rows = Notice.objects.filter(applicant_id__in=applicant_ids, read_at__isnull=True)
    return (rows.filter(pk=notice) if notice else rows).update(read_at=at)
