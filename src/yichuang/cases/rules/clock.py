"""The clock of a case: every date with its article, its reasons and its light.

`dues` is what an event carries; `explain` is what pages and notices show. Both are pure: facts, calendar and today in,
values out. Counting itself is `core.rules.workdays`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from yichuang.cases.rules.apply import apply
from yichuang.cases.rules.facts import CHINA, FINAL, SPECIALS, CaseFacts, day
from yichuang.core.actor import Actor
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal
from yichuang.core.rules import workdays
from yichuang.core.rules.workdays import Calendar, Due, Span

DELIVERY_DAYS = 10  # 行政许可法 44: issue and deliver within 10 working days of the decision
EXTENSION_DAYS = 10  # 行政许可法 42: once, by the organ's head
JOINT_EXTENSION_DAYS = 15  # 行政许可法 42: unified, joint or centralised handling, by the government's head
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Configuration of a department: when a light turns, how long a correction may take, when to warn of its lapse.

    yellow when the working days left <= max(yellow_least, a `yellow_share`-th of the period, rounded up).
    lapse_warn_days: working days before the date in the notice at which the applicant is warned; two at least.
    """

    yellow_share: int = 5
    yellow_least: int = 1
    correction_days: int = 15
    lapse_warn_days: tuple[int, ...] = (5, 2)

    def yellow(self, period: int) -> int:
        return max(self.yellow_least, -(-period // self.yellow_share))


DEFAULT = Thresholds()


@dataclass(frozen=True, slots=True)
class Moment:
    """Who acts, when, under which calendar and thresholds: what every rule is given beside the facts."""

    by: Actor
    at: datetime
    calendar: Calendar
    thresholds: Thresholds = field(default=DEFAULT)

    @property
    def today(self) -> date:
        return day(self.at)


def spans(facts: CaseFacts, today: date) -> tuple[Span, ...]:
    """The suspensions as spans; one that still runs ends today (or the day it started, if that is later)."""
    return tuple(
        Span(
            s.started_on, s.ended_on or max(today, s.started_on), f"特别程序（{SPECIALS[s.kind]}）", s.ended_on is None
        )
        for s in facts.suspensions
    )


def _end(start: date, days: int, unit: str, off: tuple[Span, ...], extension: int, calendar: Calendar) -> date:
    """Day `days` after `start` without the spans: the date alone."""
    if unit == "working":
        return workdays.due_on(start, days, off, extension=extension, calendar=calendar)
    return _calendar_days(start, days + extension, off, calendar)[-1]


def _calendar_days(start: date, total: int, off: tuple[Span, ...], calendar: Calendar) -> list[date]:
    """Each counted day of a period in calendar days; the last is moved on from a rest day (民法典 203)."""
    counted: list[date] = []
    current = start
    while len(counted) < total:
        current += ONE_DAY
        if not any(s.start <= current < s.end for s in off):
            counted.append(current)
    last = calendar.add(counted[-1] if counted else start, 0)
    while any(s.start <= last < s.end for s in off):
        last = calendar.add(last + ONE_DAY, 0)
    return [*counted[:-1], last]


def acceptance_due(facts: CaseFacts, calendar: Calendar) -> date:
    """行政许可法 32: told within 5 working days of receipt."""
    assert facts.received_on is not None
    return workdays.due_on(facts.received_on, facts.acceptance_days, calendar=calendar)


def decision_due(facts: CaseFacts, calendar: Calendar, today: date) -> tuple[date, date]:
    """行政许可法 42, 45, 82: (statutory, promised), both from acceptance, without the special procedures, extended."""
    assert facts.accepted_on is not None
    off, more = spans(facts, today), facts.extended_days
    return (
        _end(facts.accepted_on, facts.statutory_days, facts.statutory_type, off, more, calendar),
        _end(facts.accepted_on, facts.promised_days, facts.promised_type, off, more, calendar),
    )


def delivery_due(facts: CaseFacts, calendar: Calendar) -> date:
    """行政许可法 44: ten working days from the decision."""
    assert facts.decided_on is not None
    return workdays.due_on(facts.decided_on, DELIVERY_DAYS, calendar=calendar)


def left(due_on: date, today: date, calendar: Calendar) -> int:
    """Working days after today up to and including the due day; negative when it is past."""
    return calendar.count(today, due_on)


def light(facts: CaseFacts, today: date, calendar: Calendar, thresholds: Thresholds) -> str:
    """ "" (the clock does not run), green, yellow, red (past the date that is shown), overdue (past the law's date)."""
    if facts.due_on is None or facts.state in ("correcting", "suspended") or facts.state in FINAL:
        return ""
    if facts.state == "accepted" and facts.statutory_due_on and today > facts.statutory_due_on:
        return "overdue"
    if today > facts.due_on:
        return "overdue" if facts.state in ("received", "granted", "refused") else "red"
    return "yellow" if left(facts.due_on, today, calendar) <= thresholds.yellow(_period(facts)) else "green"


def _period(facts: CaseFacts) -> int:
    if facts.state == "received":
        return facts.acceptance_days
    if facts.state in ("granted", "refused"):
        return DELIVERY_DAYS
    return facts.promised_days + facts.extended_days


def flag(facts: CaseFacts, colour: str) -> str:
    """The name under which a light is recorded, once: phase, its round, colour: "decision.1:yellow"."""
    if facts.state == "received":
        return f"acceptance.{facts.corrections + 1}:{colour}"
    if facts.state in ("granted", "refused"):
        return f"delivery.1:{colour}"
    restarts = sum(1 for s in facts.suspensions if s.ended_on is not None) + (1 if facts.extended_days else 0)
    return f"decision.{restarts + 1}:{colour}"


def yellow_on(facts: CaseFacts, calendar: Calendar, thresholds: Thresholds) -> date:
    """The first day on which the light is yellow."""
    assert facts.due_on is not None
    before = calendar.rank(facts.due_on) - thresholds.yellow(_period(facts))
    return calendar.nth(before) if before > 0 else facts.due_on


def warn_on(facts: CaseFacts, now: Moment) -> date | None:
    """When the applicant is next warned that the correction will lapse; None when two warnings are out."""
    due_on, days = facts.correction_due_on, sorted(now.thresholds.lapse_warn_days, reverse=True) or [5, 2]
    if due_on is None or facts.lapse_warnings >= max(2, len(days)):
        return None
    ahead = days[min(facts.lapse_warnings, len(days) - 1)]
    planned = now.calendar.add(due_on, -ahead) if ahead else due_on
    return max(planned, facts.warned_on + ONE_DAY) if facts.warned_on else planned


def attention_on(facts: CaseFacts, now: Moment) -> date | None:
    """The next day on which the platform itself has something to do with the case: light it, warn, deem, lapse."""
    if facts.state == "correcting":
        return warn_on(facts, now) or (facts.correction_due_on + ONE_DAY if facts.correction_due_on else None)
    if facts.due_on is None or facts.state in ("suspended", *FINAL):
        return None
    if facts.light != "green" and flag(facts, facts.light) not in facts.flags:
        return now.today
    if facts.light == "green":
        return yellow_on(facts, now.calendar, now.thresholds)
    if facts.light == "yellow":
        return facts.due_on + ONE_DAY
    if facts.state == "received":
        return now.today  # past its day: to be deemed accepted
    if facts.light == "red" and facts.statutory_due_on:
        return facts.statutory_due_on + ONE_DAY
    return None


def dues(facts: CaseFacts, now: Moment) -> CaseFacts:
    """The facts with every date and the light as they are today."""
    today, calendar = now.today, now.calendar
    changes: dict[str, Any] = {"moving": False, "due_on": None, "moving_from": None, "light": ""}
    if facts.state == "received":
        changes["acceptance_due_on"] = changes["due_on"] = acceptance_due(facts, calendar)
    elif facts.state == "correcting":
        changes["due_on"] = facts.correction_due_on
    elif facts.state in ("accepted", "suspended"):
        statutory, promised = decision_due(facts, calendar, today)
        changes |= {"statutory_due_on": statutory, "promised_due_on": promised, "due_on": promised}
        if facts.state == "suspended":
            changes |= {"moving": True, "moving_from": today}
    elif facts.state in ("granted", "refused"):
        changes["delivery_due_on"] = changes["due_on"] = delivery_due(facts, calendar)
    last = changes.get("statutory_due_on") or changes["due_on"]
    changes["provisional"] = bool(last and (calendar.provisional(last) or calendar.provisional(changes["due_on"])))
    timed = replace(facts, **changes)
    timed = replace(timed, light=light(timed, today, calendar, now.thresholds))
    return replace(timed, attention_on=attention_on(timed, now))


CLOCK = (
    "acceptance_due_on",
    "statutory_due_on",
    "promised_due_on",
    "delivery_due_on",
    "due_on",
    "moving_from",
    "attention_on",
)


def block(facts: CaseFacts) -> dict[str, Any]:
    """The clock's answers as an event carries them."""
    dates = {name: value.isoformat() if value else None for name in CLOCK for value in (getattr(facts, name),)}
    return {**dates, "provisional": facts.provisional, "moving": facts.moving, "light": facts.light}


def timed(facts: CaseFacts, event: Event, now: Moment) -> Event:
    """The event with the clock as it stands after it. Raises Refusal 409 when it would lie before what has happened."""
    last = max(
        (t for t in (facts.received_at, facts.accepted_at, facts.decided_at, facts.issued_at) if t), default=None
    )
    if last is not None and now.at < last:
        raise Refusal(
            "case.time",
            f"办理时间（{now.at:%Y-%m-%d %H:%M:%S}）早于本件已记录的上一办理时间。",
            "请刷新后重试；仍然如此的，请系统管理员校准服务器时间。",
        )
    after = apply(facts, replace(event, at=now.at, actor=now.by.ref))
    return replace(event, data={**event.data, "clock": block(dues(after, now))})


_MOVES = ("acceptance_due_on", "statutory_due_on", "promised_due_on", "delivery_due_on", "due_on", "provisional")


def reschedule(facts: CaseFacts, now: Moment) -> Event | None:
    """case.rescheduled when the calendar as it is now moves a date of the case; None when it moves none.

    A case whose clock stands still is compared as of the day for which its dates were told. facts: with steps and
    suspensions.
    """
    as_told = replace(now, at=_noon(facts.moving_from)) if facts.moving and facts.moving_from else now
    after = dues(facts, as_told)
    was = {name: _told(getattr(facts, name)) for name in _MOVES}
    if was == {name: _told(getattr(after, name)) for name in _MOVES}:
        return None
    today = dues(facts, now)
    data = {"calendar": now.calendar.version, "was": was, "now": {name: _told(getattr(today, name)) for name in _MOVES}}
    return Event("case.rescheduled", {**data, "clock": block(today)})


def _told(value: date | bool | None) -> str | bool | None:
    return value.isoformat() if isinstance(value, date) else value


def moved_to(facts: CaseFacts, today: date, calendar: Calendar) -> date | None:
    """The due date shown today for a case whose clock stands still: as if the special procedure ended today.

    For lists: needs no suspension rows, only the columns (the due date, and the day as of which it was told).
    """
    if not facts.moving or facts.due_on is None or facts.moving_from is None:
        return facts.due_on
    stopped = max(0, calendar.count(facts.moving_from - ONE_DAY, today - ONE_DAY))
    return calendar.nth(calendar.rank(facts.due_on) + stopped)


@dataclass(frozen=True, slots=True)
class Line:
    """One period, explained. days and excluded: each day counted, each span left out with its cause."""

    key: str
    title: str
    law: tuple[str, ...]
    from_what: str
    start: date
    due_on: date
    unit: str
    total: int
    extension: int
    days: tuple[date, ...]
    excluded: tuple[workdays.Excluded, ...]
    provisional: bool
    moving: bool
    left: int
    running: bool
    text: str


@dataclass(frozen=True, slots=True)
class Explained:
    """Every date of the case, with its reasons; `light` and `due_on` as of the day asked."""

    lines: tuple[Line, ...]
    light: str
    due_on: date | None
    moving: bool
    provisional: bool

    def line(self, key: str) -> Line | None:
        return next((x for x in self.lines if x.key == key), None)


def explain(facts: CaseFacts, calendar: Calendar, today: date, thresholds: Thresholds = DEFAULT) -> Explained:
    """For each due date: the article, the start, each excluded span with its cause, each day counted, the result."""
    lines: list[Line] = []
    running = {
        "received": "acceptance",
        "accepted": "promised",
        "suspended": "promised",
        "granted": "delivery",
        "refused": "delivery",
    }.get(facts.state, "")  # nothing runs in a case that has ended
    law = workdays.LAW

    def add(key: str, title: str, own: str, what: str, due: Due, unit: str = "working") -> None:
        lines.append(
            Line(
                key, title, (own, "《行政许可法》第八十二条", *law), what, due.start, due.due_on, unit, due.period, due.extension,
                due.days, due.excluded, due.provisional, due.moving, left(due.due_on, today, calendar),
                key == running or (key == "statutory" and running == "promised"), due.sentence(),
            )
        )  # fmt: skip

    if facts.received_on and facts.state != "correcting":
        due = workdays.due(facts.received_on, facts.acceptance_days, calendar=calendar)
        add("acceptance", "受理期限", "《行政许可法》第三十二条", "收到申请材料之日", due)
    if facts.accepted_on:
        off = spans(facts, facts.decided_on or today)
        what = "收到申请材料之日（逾期未告知，视为受理）" if facts.deemed else "受理之日"
        for key, title, days, unit in (
            ("statutory", "法定办理期限", facts.statutory_days, facts.statutory_type),
            ("promised", "承诺办理期限", facts.promised_days, facts.promised_type),
        ):
            due = _explained(facts.accepted_on, days, unit, off, facts.extended_days, calendar)
            add(key, title, "《行政许可法》第四十二条", what, due, unit)
    if facts.decided_on:
        due = workdays.due(facts.decided_on, DELIVERY_DAYS, calendar=calendar)
        add("delivery", "颁发、送达期限", "《行政许可法》第四十四条", "作出决定之日", due)
    today_facts = dues(facts, Moment(_NOBODY, _noon(today), calendar, thresholds)) if facts.number else facts
    return Explained(tuple(lines), today_facts.light, today_facts.due_on, today_facts.moving, today_facts.provisional)


def _explained(start: date, days: int, unit: str, off: tuple[Span, ...], extension: int, calendar: Calendar) -> Due:
    if unit == "working":
        return workdays.due(start, days, off, extension=extension, calendar=calendar)
    counted = _calendar_days(start, days + extension, off, calendar)
    first, end = start + ONE_DAY, counted[-1]
    excluded = tuple(
        workdays.Excluded(max(s.start, first), min(s.end - ONE_DAY, end), s.why)
        for s in off
        if s.start < s.end and s.start <= end and s.end > first
    )
    return Due(
        start, days, extension, end, calendar.provisional(end), any(s.open for s in off), tuple(counted), excluded, (),
        workdays.LAW, calendar.version,
    )  # fmt: skip


def _noon(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 12, tzinfo=CHINA)


_NOBODY = Actor(ref="system:clock", name="系统")
