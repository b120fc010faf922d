"""Working days: counting them, when a period ends, and why.

Plain values and functions. A working day is a weekday that no notice makes a holiday, or a weekend day that a notice
makes a make-up day. The day that starts a period is not counted (民法典 201) and a period that would end on a rest day
ends on the next working day (民法典 203): day 1 is the first working day after the start.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, pairwise
from typing import Any

from yichuang.core.refusal import Refusal

DAY = timedelta(days=1)
LAW = ("《中华人民共和国民法典》第二百零一条", "《中华人民共和国民法典》第二百零三条")
LONGEST = 20_000  # working days, some 80 years: no period of any law comes near it


@dataclass(frozen=True, slots=True)
class Span:
    """Days that do not count: from `start` (included) to `end` (not included).

    open: it still runs, and `end` is today.
    """

    start: date
    end: date
    why: str = "依法不计入期限的时间"
    open: bool = False


@dataclass(frozen=True, slots=True)
class Excluded:
    """Neighbouring days that did not count, `first` to `last` both included, and why. rest: by the calendar itself."""

    first: date
    last: date
    why: str
    rest: bool = False

    def as_json(self) -> dict[str, str]:
        return {"from": self.first.isoformat(), "to": self.last.isoformat(), "why": self.why}


class Calendar:
    """A working-day calendar as it stood at one version. Immutable; every question is answered in O(log n).

    days: the days that differ from their weekday or are named: True works, False rests. published_until: last day of
    the years for which a notice is known without a gap; published_from: their first day. names: of holidays and
    make-up days. version: of the table it was read from.
    """

    __slots__ = ("_changes", "_days", "_names", "_ranks", "_shift", "published_from", "published_until", "version")

    def __init__(
        self,
        days: Mapping[date, bool],
        published_until: date,
        version: int = 0,
        *,
        published_from: date = date.min,
        names: Mapping[date, str] | None = None,
    ) -> None:
        self._days = dict(days)
        self._names = dict(names or {})
        self.published_from, self.published_until, self.version = published_from, published_until, version
        # Days before any notice follow a formula; what the notices change is a short sorted list beside it.
        changes = sorted((d.toordinal(), 1 if works else -1) for d, works in days.items() if works != (d.weekday() < 5))
        self._changes = [ordinal for ordinal, _ in changes]
        self._shift = [0, *accumulate(delta for _, delta in changes)]
        self._ranks = [_weekdays(o) + self._shift[i + 1] for i, o in enumerate(self._changes)]

    def is_working(self, day: date) -> bool:
        known = self._days.get(day)
        return day.weekday() < 5 if known is None else known

    def provisional(self, day: date) -> bool:
        """True if the day lies outside the years whose notices are known: the answer may still change."""
        return not self.published_from <= day <= self.published_until

    def name(self, day: date) -> str:
        """Name of the holiday or of the holiday that a make-up day serves; "" for an ordinary day."""
        return self._names.get(day, "")

    def describe(self, day: date) -> str:
        """What kind of day it is, in Chinese: 工作日, 周末, 春节放假, 春节调休上班."""
        name, weekend = self.name(day), day.weekday() >= 5
        if self.is_working(day):
            return f"{name}调休上班" if weekend else "工作日"
        return f"{name}放假" if name or not weekend else "周末"

    def rank(self, day: date) -> int:
        """Number of working days up to and including `day`, since 0001-01-01."""
        ordinal = day.toordinal()
        return _weekdays(ordinal) + self._shift[bisect_right(self._changes, ordinal)]

    def nth(self, rank: int) -> date:
        """The working day whose `rank` is the given one (>= 1). Raises Refusal 422 beyond the year 9999."""
        at = bisect_left(self._ranks, rank)
        ordinal = _weekday(rank - self._shift[at])
        if at < len(self._changes):
            ordinal = min(ordinal, self._changes[at])
        if not 1 <= ordinal <= date.max.toordinal():
            raise _out_of_range()
        return date.fromordinal(ordinal)

    def count(self, a: date, b: date) -> int:
        """Working days in (a, b]; negative when b lies before a."""
        return self.rank(b) - self.rank(a)

    def add(self, start: date, n: int) -> date:
        """Day n after `start`, which is not counted. n = 0: `start` itself or the next working day if it is a rest
        day. n < 0: the n-th working day before `start`."""
        if n > 0:
            return self.nth(self.rank(start) + n)
        return self.nth(self.rank(start) + n + (0 if self.is_working(start) else 1))

    def days(self, a: date, n: int) -> list[date]:
        """The n working days after `a`."""
        first = self.rank(a) + 1
        return [self.nth(rank) for rank in range(first, first + n)]

    def working_days(self, a: date, b: date) -> list[date]:
        """The working days in (a, b]."""
        return self.days(a, max(0, self.count(a, b)))

    def excluded(self, a: date, b: date) -> list[Excluded]:
        """Rest days in (a, b], neighbours of one name together."""
        found: list[Excluded] = []
        day = a
        while day < b:
            day += DAY
            if self.is_working(day):
                continue
            why = self.describe(day)
            if found and found[-1].why == why and found[-1].last + DAY == day:
                found[-1] = Excluded(found[-1].first, day, why, rest=True)
            else:
                found.append(Excluded(day, day, why, rest=True))
        return found

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calendar) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash((self.published_until, self.version, len(self._days)))

    def _key(self) -> tuple[Any, ...]:
        return (self._days, self._names, self.published_from, self.published_until, self.version)


WEEKENDS_ONLY = Calendar({}, published_until=date.min)


@dataclass(frozen=True, slots=True)
class Due:
    """When a period ends, and everything that led there.

    days: the days that counted, in order. excluded: what did not count between start and end, in order. provisional:
    it reaches into a year whose notice is not known. moving: something that stops the clock still runs, the date
    holds as of its end today.
    """

    start: date
    period: int
    extension: int
    due_on: date
    provisional: bool
    moving: bool
    days: tuple[date, ...]
    excluded: tuple[Excluded, ...]
    made_up: tuple[date, ...]
    law: tuple[str, ...]
    version: int

    def as_json(self) -> dict[str, Any]:
        return {
            "due_on": self.due_on.isoformat(),
            "provisional": self.provisional,
            "moving": self.moving,
            "start": self.start.isoformat(),
            "period": self.period,
            "extension": self.extension,
            "days": [day.isoformat() for day in self.days],
            "excluded": [span.as_json() for span in self.excluded],
            "made_up": [day.isoformat() for day in self.made_up],
            "law": list(self.law),
            "calendar_version": self.version,
        }

    def sentence(self) -> str:
        """The short form for documents: 自2026年2月10日的次日起算，第5个工作日为2026年2月24日（…）。"""
        total = self.period + self.extension
        longer = f"（含延长{self.extension}个工作日）" if self.extension else ""
        notes = [f"{_range(s.first, s.last)}{s.why}，不计入" for s in self.excluded if s.why != "周末"]
        if self.made_up:
            notes.append(f"{'、'.join(_short(d) for d in self.made_up)}调休上班，计入")
        if self.provisional:
            notes.append("所涉年度放假安排尚未公布，日期为暂定")
        if self.moving:
            notes.append("不计期限的情形尚未结束，日期将顺延")
        tail = f"（{'；'.join(notes)}）" if notes else ""
        if not total:
            return f"应于{_long(self.due_on)}当日办结{tail}。"
        return f"自{_long(self.start)}的次日起算，第{total}个工作日{longer}为{_long(self.due_on)}{tail}。"


def due_on(start: date, n: int, spans: Iterable[Span] = (), *, extension: int = 0, calendar: Calendar) -> date:
    """The date alone, see `due`: for the hot path."""
    _check(n, extension)
    try:
        return _due_on(start, n + extension, _union(start, n + extension, spans), calendar)
    except OverflowError:
        raise _out_of_range() from None


def due(start: date, n: int, spans: Iterable[Span] = (), *, extension: int = 0, calendar: Calendar) -> Due:
    """The n-th working day after `start`, not counting days inside any of the spans, moved on by `extension` days.

    n = 0 means the very day, or the next day that counts. Raises Refusal 422: "clock.period" (n or extension
    negative or absurd), "clock.span" (a span that ends before it starts), "clock.range" (beyond the year 9999).
    """
    spans = tuple(spans)
    total = n + extension
    end = due_on(start, n, spans, extension=extension, calendar=calendar)
    union = _union(start, total, spans)
    before = start if total else start - DAY
    days = tuple(d for d in calendar.working_days(before, end) if not any(s.start <= d < s.end for s in union))
    excluded = _excluded(before, end, union, spans, calendar)
    return Due(
        start=start,
        period=n,
        extension=extension,
        due_on=end,
        provisional=calendar.provisional(end) or calendar.provisional(start),
        moving=any(span.open for span in spans),
        days=days,
        excluded=excluded,
        made_up=tuple(d for d in days if d.weekday() >= 5),
        law=LAW,
        version=calendar.version,
    )


def after_days(start: date, n: int, *, calendar: Calendar) -> date:
    """The end of a period of n calendar days: the start is not counted, an end on a rest day moves on."""
    try:
        return calendar.add(start + timedelta(days=n), 0)
    except OverflowError:
        raise _out_of_range() from None


def after_months(start: date, n: int, *, calendar: Calendar) -> date:
    """The end of a period of n calendar months: the same day of the month, or its last (民法典 202), moved on (203)."""
    years, month = divmod(start.month - 1 + n, 12)
    year = start.year + years
    if not 1 <= year < date.max.year:
        raise _out_of_range()
    last = (date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - DAY).day
    return calendar.add(date(year, month + 1, min(start.day, last)), 0)


def _weekdays(ordinal: int) -> int:
    """Mondays to Fridays up to and including an ordinal (ordinal 1 was a Monday)."""
    weeks, rest = divmod(ordinal, 7)
    return weeks * 5 + min(rest, 5)


def _weekday(n: int) -> int:
    """Ordinal of the n-th weekday."""
    weeks, rest = divmod(n - 1, 5)
    return weeks * 7 + rest + 1


def _check(n: int, extension: int) -> None:
    if n < 0 or extension < 0 or n + extension > LONGEST:
        raise Refusal(
            "clock.period",
            f"期限天数“{n}”或延长天数“{extension}”不正确。",
            f"请填写0至{LONGEST}之间的工作日数。",
            status=422,
        )


def _union(start: date, total: int, spans: Iterable[Span]) -> list[Span]:
    """The spans without overlaps, in order, cut to the days that could count."""
    first = start + DAY if total else start
    union: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        if span.end < span.start:
            raise Refusal(
                "clock.span",
                f"不计入期限的时间“{span.start.isoformat()}至{span.end.isoformat()}”结束早于开始。",
                "请核对起止日期，结束日期不早于开始日期。",
                status=422,
            )
        cut = Span(max(span.start, first), span.end, span.why, span.open)
        if cut.start >= cut.end:
            continue
        if union and cut.start <= union[-1].end:
            union[-1] = Span(union[-1].start, max(union[-1].end, cut.end))
        else:
            union.append(cut)
    return union


def _due_on(start: date, total: int, union: list[Span], calendar: Calendar) -> date:
    rank = calendar.rank(start) + total if total else calendar.rank(start - DAY) + 1
    for span in union:
        if span.start > calendar.nth(rank):
            break
        rank += calendar.count(span.start - DAY, span.end - DAY)
    return calendar.nth(rank)


def _excluded(
    before: date, end: date, union: list[Span], spans: tuple[Span, ...], calendar: Calendar
) -> tuple[Excluded, ...]:
    """What did not count in (before, end]: spans by cause, once where they overlap, and the rest days outside them."""
    found: list[Excluded] = []
    edges = sorted({edge for s in spans for edge in (s.start, s.end)})
    for whole in union:
        if whole.start > end:
            break
        cuts = sorted({whole.start, whole.end, *(e for e in edges if whole.start < e < whole.end)})
        for a, b in pairwise(cuts):
            why = "、".join(dict.fromkeys(s.why for s in spans if s.start <= a and b <= s.end))
            if found and found[-1].why == why and found[-1].last + DAY == a:
                found[-1] = Excluded(found[-1].first, b - DAY, why)
            else:
                found.append(Excluded(a, b - DAY, why))
    rests: list[Excluded] = []
    cursor = before
    for whole in union:
        if whole.start > end:
            break
        rests += calendar.excluded(cursor, whole.start - DAY)
        cursor = whole.end - DAY
    rests += calendar.excluded(cursor, end)
    return tuple(sorted([*found, *rests], key=lambda e: e.first))


def _out_of_range() -> Refusal:
    return Refusal("clock.range", "日期超出可计算的范围。", "请核对起始日期和天数。", status=422)


def _long(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _range(first: date, last: date) -> str:
    return _short(first) if first == last else f"{_short(first)}至{_short(last)}"
