"""报送: to the credit platform through the outbox, mending what the standard refuses, taking in receipts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from yichuang.core import log, outbox
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal
from yichuang.publicity.commands import building
from yichuang.publicity.models import PublicRecord
from yichuang.publicity.rules import publish as rules
from yichuang.publicity.rules import record as standard

Write = Callable[[Event], Event]
"""Of `log.writing`."""


def push(record_id: int, *, by: Actor, at: datetime) -> PublicRecord:
    """Push a public record again, or for the first time after it was mended; the same record is sent once per receiver.

    Raises Refusal 403, 404, 409 "publicity.not_public", 422 "publicity.wrong_record" with every fault by field.
    """
    with transaction.atomic():
        row = locked(record_id, by)
        by.require(rules.ROLE, f"department:{row.department_id}")
        with log.writing(row, by=by, at=at) as write:
            push_row(row, write, at=at)
    return row


def push_row(row: PublicRecord, write: Write, *, at: datetime) -> None:
    """Queue a locked row for every receiver that is configured; nothing when there is none or it was queued already."""
    key = f"XK-{row.case_number}-{row.record_digest[:16]}"
    event = rules.push(row.facts(), building.adapters(), key)
    if not event.data["adapters"] or (row.pushed_key == key and set(row.pushed_to) >= set(event.data["adapters"])):
        return
    for adapter in event.data["adapters"]:
        payload = {"record": row.pk, "digest": row.record_digest}
        outbox.enqueue(adapter, f"{adapter}:{key}", payload, about=f"publicity:{row.pk}", at=at, division=row.division)
    row.receipts = {}
    write(event)


def mend(record_id: int, corrections: Mapping[str, str], *, by: Actor, at: datetime) -> PublicRecord:
    """更正: fields of the standard -> what they should say; the record is built and checked anew (with no corrections:
    because a department or an applicant was mended at its source) and pushed when it is public and right.

    Fields that follow from the decision (文书号, 决定日期, 状态) cannot be changed. Raises Refusal 403, 404, 422.
    """
    fixed = [name for name in corrections if name not in standard.MENDABLE]
    if fixed:
        labels = {n: standard.BY_NAME[n].label if n in standard.BY_NAME else n for n in fixed}
        raise Refusal(
            "publicity.fixed_field",
            "、".join(labels.values()) + "由决定文书确定，不能在公示中更改。",
            "决定文书有误的，请由承办机构更正文书后再公示。",
            fields={name: f"{label}不能更改" for name, label in labels.items()},
            status=422,
        )
    with transaction.atomic():
        row = locked(record_id, by)
        before = dict(row.record)
        kept = {**row.corrections, **{name: value.strip() for name, value in corrections.items()}}
        plain = building.plain(row)
        row.corrections = {name: value for name, value in kept.items() if value != plain[name]}
        told = building.rebuild(row, _today(at))
        changed = [name for name in standard.NAMES if row.record[name] != before.get(name, "")]
        event = rules.mend(row.facts(), changed, str(told["record"]), row.wrong, by=by)
        with log.writing(row, by=by, at=at) as write:
            write(event)
            if row.state == rules.PUBLISHED and not row.problems:
                push_row(row, write, at=at)
    return row


def receive(record_id: int, *, adapter: str, digest: str, reference: str, by: Actor, at: datetime) -> PublicRecord:
    """回执: the other side took the record. Once per receiver and record; a receipt for an older record changes
    nothing."""
    with transaction.atomic():
        row = locked(record_id, by)
        if row.record_digest == digest and adapter not in row.receipted:
            row.receipts = {**row.receipts, adapter: {"at": at.isoformat(), "reference": reference}}
            event = Event("publicity.receipted", {"adapter": adapter, "reference": reference, "key": row.pushed_key})
            log.record(row, event, by=by, at=at)
    return row


def locked(record_id: int, by: Actor) -> PublicRecord:
    """The row, locked. Raises Refusal 404 when it is not there or in another division."""
    try:
        row = log.lock(PublicRecord, pk=record_id)
    except PublicRecord.DoesNotExist:
        raise not_found() from None
    if by.division and row.division != by.division:
        raise not_found()
    return row


def not_found() -> Refusal:
    return Refusal("publicity.not_found", "没有这条公示记录。", "请返回公示列表重新选择。", status=404)


def _today(at: datetime) -> date:
    return timezone.localtime(at).date()
