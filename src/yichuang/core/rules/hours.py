"""Working time: minutes of service between two moments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from yichuang.core.refusal import Refusal
from yichuang.core.rules.workdays import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = 0


@dataclass(frozen=True, slots=True)
class Opening:
    """A stretch of a day during which a point serves, local time, `closes` after `opens`."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.closes <= self.opens:
            raise Refusal(
                "hours.order",
                f"服务时间“{self.opens:%H:%M}至{self.closes:%H:%M}”结束不晚于开始。",
                "请核对服务时间，结束时间应晚于开始时间。",
                status=422,
            )


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a point. every: on any working day; by_weekday (0 Monday): instead, on that weekday.

    A make-up day without hours of its own weekday has those of any working day; where a point only has hours by
    weekday, those of Monday.
    """

    every: tuple[Opening, ...] = ()
    by_weekday: Mapping[int, tuple[Opening, ...]] = field(default_factory=dict)

    def on(self, day: date, calendar: Calendar) -> tuple[Opening, ...]:
        """The openings of a day, in order; none on a rest day."""
        if not calendar.is_working(day):
            return ()
        return self.of_working(day)

    def of_working(self, day: date) -> tuple[Opening, ...]:
        own = self.by_weekday.get(day.weekday())
        if own is not None:
            return own
        return self.every or (self.by_weekday.get(MONDAY, ()) if day.weekday() >= 5 else ())


DEFAULT = Hours(every=(Opening(time(9), time(12)), Opening(time(13), time(17))))


def minutes(start: datetime, end: datetime, *, hours: Hours = DEFAULT, calendar: Calendar) -> int:
    """Whole minutes of service in [start, end). Both aware; days are those of Asia/Shanghai.

    Raises Refusal 422 "hours.reversed" when `end` lies before `start`.
    """
    if start.tzinfo is None or end.tzinfo is None:
        raise ValueError("moments carry their time zone")
    start, end = start.astimezone(SHANGHAI), end.astimezone(SHANGHAI)
    if end < start:
        raise Refusal(
            "hours.reversed", "结束时间早于开始时间。", "请核对起止时间，结束时间不早于开始时间。", status=422
        )
    first, last = start.date(), end.date()
    if first == last:
        return _within(first, start.time(), end.time(), hours, calendar) // 60
    seconds = _within(first, start.time(), time.max, hours, calendar)
    seconds += _within(last, time.min, end.time(), hours, calendar)
    before_last = last - timedelta(days=1)
    if hours.by_weekday:
        seconds += sum(_length(hours.of_working(day)) for day in calendar.working_days(first, before_last))
    else:
        seconds += calendar.count(first, before_last) * _length(hours.every)
    return seconds // 60


def _within(day: date, a: time, b: time, hours: Hours, calendar: Calendar) -> int:
    return sum(max(0, _seconds(min(b, o.closes)) - _seconds(max(a, o.opens))) for o in hours.on(day, calendar))


def _length(openings: tuple[Opening, ...]) -> int:
    return sum(_seconds(o.closes) - _seconds(o.opens) for o in openings)


def _seconds(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second
