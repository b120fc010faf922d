"""Who looked at personal data and who signed in, read from the log."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import orjson
from django.db.models import QuerySet
from django.utils import timezone

from yichuang.core.actor import Actor
from yichuang.core.models.log import LogEvent
from yichuang.identity.models import Applicant

SIGN_INS = {
    "account.signed_in": "登录",
    "account.signed_out": "退出",
    "account.sign_in_failed": "登录失败",
    "account.sign_in_locked": "锁定期间尝试登录",
    "account.password_changed": "修改密码",
    "account.password_reset": "重置密码",
    "account.totp_added": "绑定动态口令",
    "account.totp_removed": "解除动态口令",
    "account.recovery_codes_made": "生成恢复码",
}
OVERSEERS = ("auditor", "security_administrator")


def looks_at(applicant: Applicant, *, limit: int = 50) -> list[dict[str, Any]]:
    """The latest looks at an applicant's data: {"at", "by", "fields", "why"}."""
    rows = LogEvent.objects.filter(stream=f"personal:{applicant.ref}", kind="personal.looked").order_by("-seq")[:limit]
    found = []
    for row in rows:
        data = orjson.loads(row.data)
        found.append(
            {"at": row.occurred_at, "by": row.actor_name, "fields": data.get("fields", []), "why": data.get("why", "")}
        )
    return found


def personal_looks(
    actor: Actor, *, by: str = "", begin: date | None = None, end: date | None = None
) -> QuerySet[LogEvent]:
    """Looks at personal data in the auditor's division; by: part of the name of who looked. Paged by -id."""
    actor.require("auditor")
    return _within(_of(actor, LogEvent.objects.filter(kind="personal.looked")), by, begin, end)


def sign_ins(
    actor: Actor, *, kind: str = "", by: str = "", begin: date | None = None, end: date | None = None
) -> QuerySet[LogEvent]:
    """Sign-ins, failed ones, sign-outs, passwords and second factors. Failed ones have no division."""
    if not actor.has("security_administrator"):
        actor.require("auditor")
    kinds = [kind] if kind in SIGN_INS else list(SIGN_INS)
    rows = LogEvent.objects.filter(kind__in=kinds, division__in=["", actor.division])
    return _within(rows, by, begin, end)


def _of(actor: Actor, rows: QuerySet[LogEvent]) -> QuerySet[LogEvent]:
    return rows.filter(division=actor.division) if actor.division else rows


def _within(rows: QuerySet[LogEvent], by: str, begin: date | None, end: date | None) -> QuerySet[LogEvent]:
    if by:
        rows = rows.filter(actor_name__contains=by)
    if begin:
        rows = rows.filter(recorded_at__gte=_midnight(begin))
    if end:
        rows = rows.filter(recorded_at__lt=_midnight(end + timedelta(days=1)))
    return rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
