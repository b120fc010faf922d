"""Showing, withholding and taking down."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from yichuang.core import log, personal
from yichuang.core.actor import Actor, system
from yichuang.core.events import Event
from yichuang.core.rules.workdays import Calendar
from yichuang.publicity.commands.pushing import Write, locked, push_row
from yichuang.publicity.models import PublicRecord
from yichuang.publicity.rules import publish as rules


def publish(record_id: int, *, by: Actor, at: datetime) -> PublicRecord:
    """公示, by the officer: what the item held back, what was withheld without ground, what was taken down and mended.

    A record that the standard refuses is shown all the same (the period of 7 working days runs) and pushed when mended.
    Raises Refusal 403, 404, 409.
    """
    with transaction.atomic():
        row = locked(record_id, by)
        with log.writing(row, by=by, at=at) as write:
            publish_row(row, write, by=by, at=at)
    return row


def publish_row(row: PublicRecord, write: Write, *, by: Actor, at: datetime) -> None:
    """Publish and push a locked row, in the caller's transaction and writing."""
    write(rules.publish(row.facts(), by=by))
    if not row.problems:
        push_row(row, write, at=at)


def withhold(record_id: int, *, reason: str, note: str = "", by: Actor, at: datetime) -> PublicRecord:
    """不予公开 (行政许可法 5). reason: a key of rules.publish.REASONS. Raises Refusal 403, 404, 409, 422."""
    with transaction.atomic():
        row = locked(record_id, by)
        salt, sealed = personal.seal(note.strip())
        event = rules.withhold(row.facts(), reason, sealed, by=by)
        row.note, row.note_salt = note.strip()[:500], salt
        log.record(row, event, by=by, at=at)
    return row


def withdraw(record_id: int, *, reason: str, note: str = "", by: Actor, at: datetime) -> PublicRecord:
    """撤下 from the public pages. reason: a key of rules.publish.WITHDRAW_REASONS. Raises Refusal 403, 404, 409,
    422."""
    with transaction.atomic():
        row = locked(record_id, by)
        salt, sealed = personal.seal(note.strip())
        event = rules.withdraw(row.facts(), reason, sealed, by=by)
        row.note, row.note_salt = note.strip()[:500], salt
        log.record(row, event, by=by, at=at)
    return row


def exported(count: int, *, by: Actor, at: datetime) -> None:
    """Who took how many whole records away is on record, for they hold numbers of persons."""
    with transaction.atomic():
        log.append(f"publicity_exports:{by.division}", Event("publicity.exported", {"rows": count}), by=by, at=at)


def warn_due(at: datetime, calendar: Calendar) -> int:
    """Sweep: record once each that a decision is near its due date, or past it, and not public. Returns how many."""
    today: date = timezone.localtime(at).date()
    warned = 0
    latest = calendar.add(today, rules.WARN_DAYS)
    near = PublicRecord.objects.filter(state=rules.PENDING, due_on__lte=latest).exclude(warned="late")
    for pk in near.order_by("due_on", "id").values_list("pk", flat=True)[:500]:
        with transaction.atomic():
            row = log.lock(PublicRecord, pk=pk)
            level = rules.warning(row.facts(), today, calendar)
            if level and level != row.warned:
                event = Event("publicity.warned", {"level": level, "due_on": row.due_on.isoformat()})
                log.record(row, event, by=system("sweep", row.division), at=at)
                warned += 1
    return warned
