"""Hours of service points."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from itertools import pairwise

from django.db import transaction

from yichuang.core import log
from yichuang.core.actor import Actor
from yichuang.core.calendar.notices import bump, lock_version, require_administrator
from yichuang.core.events import Event
from yichuang.core.models import ServiceHours
from yichuang.core.refusal import Refusal
from yichuang.core.rules.hours import Opening


@dataclass(frozen=True, slots=True)
class Line:
    """One opening. weekday: 0 Monday to 6 Sunday, None for any working day."""

    opens: time
    closes: time
    weekday: int | None = None


def set_hours(point: str, lines: Iterable[Line], *, by: Actor, at: datetime) -> None:
    """Replace the hours of a service point ("" is the default of all points). No lines: the default applies again.

    Raises Refusal 403; 422 "hours.order" (ends before it starts), "hours.overlap", "hours.weekday", "hours.default".
    """
    require_administrator(by)
    lines = sorted(lines, key=lambda line: (-1 if line.weekday is None else line.weekday, line.opens))
    _check(point, lines)
    with transaction.atomic():
        version = lock_version()
        ServiceHours.objects.filter(point=point).delete()
        ServiceHours.objects.bulk_create(
            [ServiceHours(point=point, weekday=x.weekday, opens=x.opens, closes=x.closes) for x in lines]
        )
        bump(version)
        told = [{"weekday": x.weekday, "opens": f"{x.opens:%H:%M}", "closes": f"{x.closes:%H:%M}"} for x in lines]
        log.append(f"hours:{point}", Event("hours.changed", {"point": point, "hours": told}), by=by, at=at)


def key(weekday: int | None) -> str:
    """How refusals name a weekday: "every", "0" Monday to "6" Sunday."""
    return "every" if weekday is None else str(weekday)


def _check(point: str, lines: list[Line]) -> None:
    """Refuses with every weekday that is wrong in `fields`, the first of them in words."""
    if not point and not any(line.weekday is None for line in lines):
        raise Refusal(
            "hours.default",
            "默认服务时间不能为空。",
            "请至少填写一段适用于各工作日的服务时间。",
            fields={"every": "请至少填写一段"},
            status=422,
        )
    by_day: dict[int | None, list[Line]] = defaultdict(list)
    for line in lines:
        if line.weekday is not None and not 0 <= line.weekday <= 6:
            raise Refusal("hours.weekday", "星期填写不正确。", "请选择星期一至星期日，或选择各工作日。", status=422)
        by_day[line.weekday].append(line)
    wrong: dict[str, Refusal] = {}
    for weekday, listed in by_day.items():
        try:
            openings = [Opening(line.opens, line.closes) for line in listed]
            for before, after in pairwise(openings):
                if after.opens < before.closes:
                    raise Refusal(
                        "hours.overlap",
                        f"服务时间“{before.opens:%H:%M}至{before.closes:%H:%M}”与"
                        f"“{after.opens:%H:%M}至{after.closes:%H:%M}”重叠。",
                        "请合并或错开重叠的时段。",
                        status=422,
                    )
        except Refusal as refusal:
            wrong[key(weekday)] = refusal
    if wrong:
        first = next(iter(wrong.values()))
        fields = {name: refusal.message for name, refusal in wrong.items()}
        raise Refusal(first.code, first.message, first.next_step, fields=fields, status=422)
