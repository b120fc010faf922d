"""Entering a year's notice: what it would change, and the change itself."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from yichuang.core import log
from yichuang.core.actor import Actor, system
from yichuang.core.calendar import seeding
from yichuang.core.calendar.loading import changed
from yichuang.core.events import Event
from yichuang.core.models import CalendarDay, CalendarVersion, CalendarYear
from yichuang.core.rules.notices import Day, check, remarks, whole_years

SYSTEM = system("calendar")


@dataclass(frozen=True, slots=True)
class Plan:
    """What entering a notice would do. put: days as they will be; drop: days that lose their name or kind.

    to_working, to_rest: the days whose kind changes, which is what moves due dates. opened: years that were
    provisional. remarks: what a person should look at first.
    """

    put: tuple[Day, ...]
    drop: tuple[date, ...]
    to_working: tuple[date, ...]
    to_rest: tuple[date, ...]
    whole: frozenset[int]
    opened: tuple[int, ...]
    remarks: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        return not (self.put or self.drop or self.opened)

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(sorted({*self.opened, *(d.on.year for d in self.put), *(d.year for d in self.drop)}))


@dataclass(frozen=True, slots=True)
class Change:
    """What was done: the plan, and the version of the calendar afterwards."""

    plan: Plan
    version: int

    def as_json(self) -> dict[str, object]:
        return {
            "years": list(self.plan.years),
            "opened": list(self.plan.opened),
            "to_working": [d.isoformat() for d in self.plan.to_working],
            "to_rest": [d.isoformat() for d in self.plan.to_rest],
            "days": len(self.plan.put) + len(self.plan.drop),
            "version": self.version,
        }


def plan(rows: Iterable[Mapping[str, str]], *, today: date) -> Plan:
    """What entering these rows would change; writes nothing. Raises Refusal 422 with every bad row."""
    days = check(rows, today=today)
    published = frozenset(CalendarYear.objects.filter(published=True).values_list("year", flat=True))
    return _plan(days, whole_years(days, published=published), published)


def import_year(rows: Iterable[Mapping[str, str]], *, by: Actor, at: datetime, source: str = "") -> Change:
    """Enter the notice of one or several years. A second time changes nothing.

    rows: date, name, kind (holiday or makeup_workday). source: title and number of the notice. Raises Refusal 403
    (not a system administrator), 422 "calendar.rows", "calendar.incomplete". Records "calendar.changed" in the stream
    "calendar:<year>" of each year that changed, after the whole change is visible.
    """
    require_administrator(by)
    days = check(rows, today=timezone.localdate(at))
    with transaction.atomic():
        version = lock_version()
        published = frozenset(CalendarYear.objects.filter(published=True).values_list("year", flat=True))
        planned = _plan(days, whole_years(days, published=published), published)
        if planned.nothing:
            return Change(planned, version.version)
        _write(planned, version, source=source, by=by, at=at)
    return Change(planned, version.version)


def seed(*, by: Actor = SYSTEM, at: datetime | None = None) -> Change:
    """Enter the years that `chinesecalendar` knows and the table does not. Never touches a published year."""
    at = at or timezone.now()
    with transaction.atomic():
        version = lock_version()
        published = frozenset(CalendarYear.objects.filter(published=True).values_list("year", flat=True))
        years = frozenset(seeding.YEARS) - published
        planned = _plan([day for day in seeding.days() if day.on.year in years], years, published)
        if not planned.nothing:
            _write(planned, version, source=seeding.SOURCE, by=by, at=at)
    return Change(planned, version.version)


def require_administrator(by: Actor) -> None:
    """Raises Refusal 403 unless `by` keeps the calendar: a system administrator, or the command line."""
    if not by.is_system:
        by.require("system_administrator")


def lock_version() -> CalendarVersion:
    """The version row, made if there is none, locked so that two changes follow each other."""
    CalendarVersion.objects.bulk_create([CalendarVersion(pk=1, stamp=uuid.uuid4().hex)], ignore_conflicts=True)
    return log.lock(CalendarVersion, pk=1)


def _plan(days: Iterable[Day], whole: frozenset[int], published: frozenset[int]) -> Plan:
    wanted = {day.on: day for day in days}
    known = {row.day: Day(row.day, row.working, row.name) for row in CalendarDay.objects.filter(day__in=wanted)}
    for year in whole:
        known |= {row.day: Day(row.day, row.working, row.name) for row in CalendarDay.objects.filter(day__year=year)}
    put = tuple(day for on, day in sorted(wanted.items()) if known.get(on) != day)
    drop = tuple(sorted(on for on in known if on not in wanted))
    moved = [(on, _works(on, wanted)) for on in sorted({*wanted, *known}) if _works(on, wanted) != _works(on, known)]
    return Plan(
        put=put,
        drop=drop,
        to_working=tuple(on for on, works in moved if works),
        to_rest=tuple(on for on, works in moved if not works),
        whole=whole,
        opened=tuple(sorted(whole - published)),
        remarks=remarks(wanted[on] for on in sorted(wanted)),
    )


def _works(on: date, days: Mapping[date, Day]) -> bool:
    return days[on].working if on in days else on.weekday() < 5


def _write(planned: Plan, version: CalendarVersion, *, source: str, by: Actor, at: datetime) -> None:
    source = source.strip()[:200]
    CalendarDay.objects.filter(day__in=planned.drop).delete()
    CalendarDay.objects.bulk_create(
        [CalendarDay(day=d.on, working=d.working, name=d.name, source=source) for d in planned.put],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["working", "name", "source"],
    )
    CalendarYear.objects.bulk_create(
        [
            CalendarYear(year=y, published=True, source=source, changed_at=at, changed_by=by.ref)
            for y in sorted(planned.whole & set(planned.years))
        ],
        update_conflicts=True,
        unique_fields=["year"],
        # a table without the notice's name leaves the name that is known
        update_fields=["published", "changed_at", "changed_by", *(["source"] if source else [])],
    )
    bump(version)
    for year in planned.years:  # last: what reacts must see all of it
        data = {
            "year": year,
            "opened": year in planned.opened,
            "to_working": [d.isoformat() for d in planned.to_working if d.year == year],
            "to_rest": [d.isoformat() for d in planned.to_rest if d.year == year],
            "days": sum(d.on.year == year for d in planned.put) + sum(d.year == year for d in planned.drop),
            "source": source,
            "version": version.version,
        }
        log.append(f"calendar:{year}", Event("calendar.changed", data), by=by, at=at)


def bump(version: CalendarVersion) -> None:
    """The next version, with a stamp of its own, made known to this process."""
    version.version += 1
    version.stamp = uuid.uuid4().hex
    version.save()
    changed(version.stamp)
