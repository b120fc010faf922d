"""A year of the calendar as people look at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yichuang.core.calendar.loading import current, published_years
from yichuang.core.models import CalendarYear
from yichuang.core.refusal import Refusal
from yichuang.core.rules.workdays import Calendar

DAY = timedelta(days=1)
KINDS = {"work": "工作日", "weekend": "周末", "holiday": "放假", "makeup": "调休上班"}


@dataclass(frozen=True, slots=True)
class DayView:
    """kind: work, weekend, holiday or makeup (see KINDS)."""

    on: date
    kind: str
    name: str
    today: bool

    @property
    def mark(self) -> str:
        """One character beside the number, so that colour is not alone in telling."""
        return {"holiday": "休", "makeup": "班"}.get(self.kind, "")

    @property
    def notice_kind(self) -> str:
        """As in the file of a notice."""
        return "makeup_workday" if self.kind == "makeup" else "holiday"

    @property
    def label(self) -> str:
        return f"{self.name}{KINDS[self.kind]}" if self.name else KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class Month:
    """weeks: Monday first, None before the first and after the last day."""

    number: int
    weeks: tuple[tuple[DayView | None, ...], ...]
    working: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days that follow each other under one name, first to last."""

    name: str
    first: date
    last: date
    makeup: bool

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def each(self) -> list[date]:
        return [self.first + n * DAY for n in range(self.days)]


@dataclass(frozen=True, slots=True)
class YearView:
    year: int
    published: bool
    source: str
    changed_at: datetime | None
    version: int
    months: tuple[Month, ...]
    stretches: tuple[Stretch, ...]
    working: int

    def as_json(self) -> dict[str, object]:
        named = [day for month in self.months for week in month.weeks for day in week if day and day.name]
        return {
            "year": self.year,
            "published": self.published,
            "provisional": not self.published,
            "source": self.source,
            "version": self.version,
            "working_days": self.working,
            "days": [{"date": day.on.isoformat(), "name": day.name, "kind": day.notice_kind} for day in named],
        }


def show(year: int, *, today: date | None = None) -> YearView:
    """The year with its twelve months. Raises Refusal 404 outside 1949 to 2200. 2 queries."""
    if not 1949 <= year <= 2200:
        raise Refusal("calendar.no_year", f"没有{year}年的工作日历。", "请选择1949年至2200年之间的年份。", status=404)
    calendar = current()
    row = CalendarYear.objects.filter(year=year).first()
    months = tuple(_month(year, number, calendar, today) for number in range(1, 13))
    return YearView(
        year=year,
        published=year in published_years() if row is None else row.published,
        source=row.source if row else "",
        changed_at=row.changed_at if row else None,
        version=calendar.version,
        months=months,
        stretches=_stretches(months),
        working=sum(month.working for month in months),
    )


def kind_of(day: date, calendar: Calendar) -> str:
    weekend = day.weekday() >= 5
    if calendar.is_working(day):
        return "makeup" if weekend else "work"
    return "holiday" if calendar.name(day) or not weekend else "weekend"


def _month(year: int, number: int, calendar: Calendar, today: date | None) -> Month:
    first = date(year, number, 1)
    days: list[DayView | None] = [None] * first.weekday()
    day = first
    while day.month == number:
        kind = kind_of(day, calendar)
        days.append(DayView(day, kind, calendar.name(day) if kind != "work" else "", day == today))
        day += DAY
    days += [None] * (-len(days) % 7)
    weeks = tuple(tuple(days[i : i + 7]) for i in range(0, len(days), 7))
    return Month(number, weeks, calendar.count(first - DAY, day - DAY))


def _stretches(months: tuple[Month, ...]) -> tuple[Stretch, ...]:
    found: list[Stretch] = []
    for day in (d for month in months for week in month.weeks for d in week if d and d.kind in ("holiday", "makeup")):
        makeup = day.kind == "makeup"
        last = found[-1] if found else None
        if last and last.name == day.name and last.makeup == makeup and last.last + DAY == day.on:
            found[-1] = Stretch(last.name, last.first, day.on, makeup)
        else:
            found.append(Stretch(day.name, day.on, day.on, makeup))
    return tuple(found)
