"""The calendar as a value, kept per process and checked against one row of the table."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction

from yichuang.core.calendar import seeding
from yichuang.core.models import CalendarDay, CalendarVersion, CalendarYear, ServiceHours
from yichuang.core.rules.hours import DEFAULT, Hours, Opening
from yichuang.core.rules.workdays import Calendar

# Seconds for which a loaded calendar is used without asking the table. None in tests: their query counts are pinned.
TRUST = 0.0 if settings.YICHUANG.env == "test" else 1.0


@dataclass(frozen=True, slots=True)
class _Loaded:
    stamp: str
    calendar: Calendar
    hours: dict[str, Hours]
    years: frozenset[int]


_lock = threading.Lock()
_kept: tuple[_Loaded, float] | None = None
_unsettled: set[str] = set()  # stamps written by transactions that have not been committed (yet)


def current() -> Calendar:
    """The calendar now: at most one query, of one row, and none within a second of the last one."""
    return _loaded().calendar


def published_years() -> frozenset[int]:
    return _loaded().years


def hours_of(point: str = "") -> Hours:
    """The hours of a service point; the default's, where it has none of its own."""
    hours = _loaded().hours
    return hours.get(point) or hours.get("") or DEFAULT


def own_hours(point: str) -> Hours | None:
    """The hours that were set for this point ("" the default) itself; None where others' apply."""
    return _loaded().hours.get(point)


def changed(stamp: str) -> None:
    """A change with this stamp was written in the current transaction: trust nothing before it is settled."""
    global _kept
    with _lock:
        _unsettled.add(stamp)
        _kept = None
    transaction.on_commit(lambda: _unsettled.discard(stamp))


def _loaded() -> _Loaded:
    global _kept
    now = time.monotonic()
    kept = _kept
    if kept is not None and now - kept[1] < TRUST and kept[0].stamp not in _unsettled:
        return kept[0]
    row = CalendarVersion.objects.filter(pk=1).values_list("stamp", "version").first()
    stamp, version = row or ("", 0)
    if kept is not None and kept[0].stamp == stamp:
        _kept = (kept[0], now)
        return kept[0]
    loaded = _load(stamp, version)
    with _lock:
        _kept = (loaded, now)
    return loaded


def _load(stamp: str, version: int) -> _Loaded:
    """Read it all: some 400 rows. An empty table (not migrated, or flushed) is read from the library instead."""
    if not stamp:
        days = list(seeding.days())
        calendar = build([(d.on, d.working, d.name) for d in days], frozenset(seeding.YEARS), 0)
        return _Loaded("", calendar, {}, frozenset(seeding.YEARS))
    rows = list(CalendarDay.objects.values_list("day", "working", "name"))
    years = frozenset(CalendarYear.objects.filter(published=True).values_list("year", flat=True))
    return _Loaded(stamp, build(rows, years, version), _hours(), years)


def build(rows: Iterable[tuple[date, bool, str]], years: frozenset[int], version: int) -> Calendar:
    """A Calendar of rows; published are the years that follow the first one without a gap."""
    rows = list(rows)
    first = last = min(years, default=0)
    while last + 1 in years:
        last += 1
    return Calendar(
        {day: working for day, working, _ in rows},
        published_until=date(last, 12, 31) if years else date.min,
        version=version,
        published_from=date(first, 1, 1) if years else date.max,
        names={day: name for day, _, name in rows},
    )


def _hours() -> dict[str, Hours]:
    every: dict[str, list[Opening]] = defaultdict(list)
    weekday: dict[str, dict[int, list[Opening]]] = defaultdict(lambda: defaultdict(list))
    for row in ServiceHours.objects.order_by("point", "weekday", "opens"):
        opening = Opening(row.opens, row.closes)
        if row.weekday is None:
            every[row.point].append(opening)
        else:
            weekday[row.point][row.weekday].append(opening)
    return {
        point: Hours(tuple(every[point]), {day: tuple(listed) for day, listed in weekday[point].items()})
        for point in {*every, *weekday}
    }
