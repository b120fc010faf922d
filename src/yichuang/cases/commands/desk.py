"""What the desk keeps beside cases: notices that are read, thresholds of a department's clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from yichuang.cases.models import ClockRule, StaffNotice
from yichuang.cases.queries.lists import my_notices
from yichuang.core import log
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal
from yichuang.identity.models import Department


def read_notice(notice_id: int | None = None, *, by: Actor, at: datetime) -> int:
    """Mark one notice, or all that are addressed to the actor, as read; how many."""
    rows = my_notices(by)
    if notice_id is not None:
        rows = rows.filter(pk=notice_id)
    pks = list(rows.values_list("pk", flat=True))
    return StaffNotice.objects.filter(pk__in=pks, read_at__isnull=True).update(read_at=at, read_by=by.ref)


def set_thresholds(
    department: Department,
    *,
    yellow_share: int,
    yellow_least: int,
    correction_days: int,
    lapse_warn_days: Sequence[int],
    by: Actor,
    at: datetime,
) -> ClockRule:
    """A department's own thresholds of lights and corrections, by its head. Lights of open cases follow at the next sweep
    that touches them. Raises Refusal 403, 422."""
    by.require("head", department.scope)
    faults: dict[str, str] = {}
    if not 1 <= yellow_share <= 50:
        faults["yellow_share"] = "黄灯比例为期限的1至50分之一"
    if not 0 <= yellow_least <= 30:
        faults["yellow_least"] = "黄灯最少剩余工作日为0至30"
    if not 1 <= correction_days <= 180:
        faults["correction_days"] = "补正期限为1至180个工作日"
    if len(lapse_warn_days) < 2 or any(not 0 <= n < correction_days for n in lapse_warn_days):
        faults["lapse_warn_days"] = "至少提醒两次，且在补正期限之内"
    if faults:
        raise Refusal(
            "clock.thresholds", f"{'；'.join(faults.values())}。", "请修改后再保存。", fields=faults, status=422
        )
    values = {
        "yellow_share": yellow_share,
        "yellow_least": yellow_least,
        "correction_days": correction_days,
        "lapse_warn_days": sorted(set(lapse_warn_days), reverse=True),
    }
    with transaction.atomic():
        rule, _made = ClockRule.objects.update_or_create(department=department, defaults=values)
        log.append(f"clock:{department.pk}", Event("clock.thresholds_set", values), by=by, at=at)
    return rule
