"""The calendar in the database: seeded, a notice entered, provisional years, hours of points."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from yichuang.core import calendar, log
from yichuang.core.actor import NOBODY, Actor
from yichuang.core.calendar import loading
from yichuang.core.calendar.openings import Line
from yichuang.core.events import Event
from yichuang.core.models import CalendarDay, CalendarVersion, CalendarYear, LogEvent, ServiceHours
from yichuang.core.models.log import Logged
from yichuang.core.refusal import Refusal
from yichuang.core.rules.hours import DEFAULT
from yichuang.core.rules.workdays import due
from yichuang.core.tests.things import ADMINISTRATOR, CLERK, NOW

pytestmark = pytest.mark.django_db

NOTICE_2027 = [
    ("2027-01-01", "元旦", "holiday"),
    ("2027-01-02", "元旦", "holiday"),
    ("2027-01-03", "元旦", "holiday"),
    ("2027-02-05", "春节", "holiday"),
    ("2027-02-06", "春节", "holiday"),
    ("2027-02-08", "春节", "holiday"),
    ("2027-02-20", "春节", "makeup_workday"),
    ("2027-05-01", "劳动节", "holiday"),
    ("2027-05-03", "劳动节", "holiday"),
    ("2027-10-01", "国庆节", "holiday"),
    ("2027-10-04", "国庆节", "holiday"),
    ("2027-10-09", "国庆节", "makeup_workday"),
]


@pytest.fixture(autouse=True)
def seen(db: None, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Event, bool]]:
    """Events that reacted, each with whether 2027-02-20 was a working day by then."""
    told: list[tuple[Event, bool]] = []

    def react(_row: Logged | None, event: Event, _by: Actor) -> None:
        told.append((event, calendar.current().is_working(date(2027, 2, 20))))

    if not CalendarVersion.objects.exists():  # another test emptied the tables
        calendar.seed()
    monkeypatch.setattr(log, "wiring", lambda: {"calendar.changed": (react,)})
    return told


def rows(lines: list[tuple[str, str, str]] = NOTICE_2027) -> list[dict[str, str]]:
    return [dict(zip(("date", "name", "kind"), line, strict=True)) for line in lines]


def everything() -> tuple[list[object], ...]:
    return (
        list(CalendarDay.objects.order_by("day").values_list()),
        list(CalendarYear.objects.order_by("year").values_list()),
        list(CalendarVersion.objects.values_list()),
        list(ServiceHours.objects.order_by("id").values_list()),
        list(LogEvent.objects.order_by("id").values_list()),
    )


def enter(lines: list[tuple[str, str, str]] = NOTICE_2027, by: Actor = ADMINISTRATOR) -> calendar.Change:
    return calendar.import_year(rows(lines), by=by, at=NOW, source="国务院办公厅关于2027年部分节假日安排的通知")


# Seeded


def test_after_migrate_the_years_are_there_and_counting_is_right():
    assert set(CalendarYear.objects.filter(published=True).values_list("year", flat=True)) == set(range(2018, 2027))
    now = calendar.current()
    assert due(date(2026, 2, 10), 5, calendar=now).due_on == date(2026, 2, 24)
    assert (now.published_from, now.published_until) == (date(2018, 1, 1), date(2026, 12, 31))
    assert now.name(date(2026, 2, 14)) == "春节"


def test_seeding_again_changes_nothing():
    before = everything()
    assert calendar.seed().plan.nothing
    assert everything() == before


def test_seeding_fills_a_year_that_is_missing_and_records_it():
    CalendarDay.objects.filter(day__year=2026).delete()
    CalendarYear.objects.filter(year=2026).delete()
    done = calendar.seed(at=NOW)
    assert done.plan.opened == (2026,)
    assert calendar.current().add(date(2026, 2, 10), 5) == date(2026, 2, 24)
    assert LogEvent.objects.get(stream="calendar:2026").actor == "system:calendar"


def test_an_empty_table_counts_by_the_library():
    for table in (CalendarDay, CalendarYear, CalendarVersion, ServiceHours):
        table.objects.all().delete()
    assert calendar.current().add(date(2026, 2, 10), 5) == date(2026, 2, 24)
    assert calendar.hours_of("any") == DEFAULT


# A notice


def test_a_notice_opens_its_year_and_tells_what_moved(seen: list[tuple[Event, bool]]):
    assert calendar.current().provisional(date(2027, 2, 9))
    done = enter()
    assert done.plan.opened == (2027,)
    assert done.plan.to_working == (date(2027, 2, 20), date(2027, 10, 9))
    assert date(2027, 2, 5) in done.plan.to_rest
    assert date(2027, 2, 6) not in done.plan.to_rest  # a Saturday rested before, too
    now = calendar.current()
    assert now.version == done.version
    assert not now.provisional(date(2027, 2, 9))
    assert due(date(2027, 2, 4), 1, calendar=now).due_on == date(2027, 2, 9)
    event = LogEvent.objects.get(stream="calendar:2027").event()
    assert event.kind == "calendar.changed"
    assert event.data["opened"] is True
    assert event.data["to_working"] == ["2027-02-20", "2027-10-09"]
    assert event.data["version"] == done.version
    assert [(e.data["year"], works) for e, works in seen] == [(2027, True)]


def test_the_same_notice_again_changes_nothing_and_records_nothing():
    enter()
    before = everything()
    assert enter().plan.nothing
    assert everything() == before


def test_an_amended_notice_replaces_the_year():
    enter()
    amended = [line for line in NOTICE_2027 if line[0] not in ("2027-10-04", "2027-10-09")]
    done = enter(amended)
    assert done.plan.drop == (date(2027, 10, 4), date(2027, 10, 9))
    assert done.plan.to_working == (date(2027, 10, 4),)
    assert done.plan.to_rest == (date(2027, 10, 9),)
    assert not CalendarDay.objects.filter(day=date(2027, 10, 9)).exists()


def test_a_table_without_a_name_leaves_the_name_of_the_notice():
    enter()
    calendar.import_year(rows(NOTICE_2027[:-1]), by=ADMINISTRATOR, at=NOW)
    assert calendar.show(2027).source == "国务院办公厅关于2027年部分节假日安排的通知"


def test_days_of_a_published_year_alone_amend_it():
    done = enter([("2026-12-31", "元旦", "holiday")])
    assert done.plan.to_rest == (date(2026, 12, 31),)
    assert CalendarDay.objects.filter(day=date(2026, 2, 14), working=True).exists()


def test_two_years_are_told_apart_after_both_are_written(seen: list[tuple[Event, bool]]):
    enter([("2026-12-31", "元旦", "holiday"), *NOTICE_2027])
    assert [(e.data["year"], works) for e, works in seen] == [(2026, True), (2027, True)]


def test_work_resumed_on_a_weekday_is_taken_and_pointed_out():
    """The notice of 2020 as published: the holiday was prolonged, and work resumed on Monday 3 February."""
    lines = [("2020-01-01", "元旦", "holiday"), ("2020-01-19", "春节", "makeup_workday")]
    lines += [(f"2020-01-{day}", "春节", "holiday") for day in range(24, 32)]
    lines += [(f"2020-02-0{day}", "春节", "holiday") for day in (1, 2)]
    lines += [("2020-02-03", "春节", "makeup_workday"), ("2020-05-01", "劳动节", "holiday")]
    lines += [("2020-10-01", "国庆节", "holiday")]
    planned = calendar.plan(rows(lines), today=date(2026, 3, 2))
    assert planned.remarks == ("2020-02-03（星期一）本来就是工作日，表中列为调休上班",)
    enter(lines)
    assert calendar.current().add(date(2020, 1, 23), 1) == date(2020, 2, 3)
    assert calendar.show(2020).months[1].weeks[1][0].kind == "work"
    assert enter(lines).plan.nothing


def test_planning_writes_nothing():
    before = everything()
    planned = calendar.plan(rows(), today=date(2026, 3, 2))
    assert planned.opened == (2027,)
    assert everything() == before


@pytest.mark.parametrize(
    ("code", "lines", "where"),
    [
        ("calendar.rows", [*NOTICE_2027, ("2027-02-30", "春节", "holiday")], "第14行"),
        ("calendar.rows", [*NOTICE_2027, ("昨天", "春节", "holiday")], "第14行"),
        ("calendar.rows", [*NOTICE_2027, ("2027-02-08", "春节", "holiday")], "第14行"),
        ("calendar.rows", [*NOTICE_2027, ("2027-02-09", "春节", "half")], "第14行"),
        ("calendar.rows", [*NOTICE_2027, ("2027-02-09", "", "holiday")], "第14行"),
        ("calendar.rows", [*NOTICE_2027, ("2072-02-09", "春节", "holiday")], "第14行"),
        ("calendar.incomplete", NOTICE_2027[:9], "2027年"),
        ("calendar.empty", [], ""),
    ],
)
def test_a_bad_notice_is_refused_by_row_and_nothing_is_written(
    code: str, lines: list[tuple[str, str, str]], where: str
):
    before = everything()
    with pytest.raises(Refusal) as no:
        enter(lines)
    assert (no.value.code, no.value.status) == (code, 422)
    assert not where or where in no.value.fields
    assert everything() == before


def test_all_bad_rows_are_named_at_once():
    with pytest.raises(Refusal) as no:
        enter([("x", "春节", "holiday"), *NOTICE_2027, ("y", "春节", "holiday")])
    assert set(no.value.fields) == {"第2行", "第15行"}


@pytest.mark.parametrize("by", [CLERK, NOBODY])
def test_only_a_system_administrator_enters_a_notice(by: Actor):
    before = everything()
    with pytest.raises(Refusal) as no:
        enter(by=by)
    assert no.value.status == 403
    assert everything() == before


def test_a_failing_reaction_takes_everything_back(monkeypatch: pytest.MonkeyPatch):
    def fail(_row: Logged | None, _event: Event, _by: Actor) -> None:
        assert not calendar.current().provisional(date(2027, 2, 9))
        raise RuntimeError("no")

    monkeypatch.setattr(log, "wiring", lambda: {"calendar.changed": (fail,)})
    before = everything()
    with pytest.raises(RuntimeError):
        enter()
    assert everything() == before
    assert calendar.current().provisional(date(2027, 2, 9))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("heading", ["date,name,kind", "日期,名称,类型"])
def test_a_table_is_read_in_the_usual_encodings(encoding: str, heading: str):
    text = f"{heading}\n2027/1/1,元旦,放假\n2027年2月20日,春节,调休上班\n"
    read = calendar.read(text.encode(encoding))
    assert [row["name"] for row in read] == ["元旦", "春节"]


def test_columns_that_are_not_known_are_passed_over():
    read = calendar.read("date,weekday,name,kind,agree_sources\n2027-01-01,五,元旦,holiday,4\n".encode())
    assert read[0]["date"] == "2027-01-01"


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00\x01", b"a,b\n1,2\n", b"date,name,kind\n"])
def test_what_is_no_table_of_days_is_refused(data: bytes):
    with pytest.raises(Refusal) as no:
        calendar.read(data)
    assert no.value.code == "calendar.unreadable"


# Loading


def test_the_current_calendar_costs_one_query(django_assert_num_queries):
    calendar.current()
    with django_assert_num_queries(1):
        calendar.current()


def test_within_a_second_it_costs_none_unless_a_change_is_unsettled(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
):
    monkeypatch.setattr(loading, "TRUST", 60.0)
    loading._kept = None
    first = calendar.current()
    with django_assert_num_queries(0):
        assert calendar.current() is first
    enter()
    assert not calendar.current().provisional(date(2027, 2, 9))
    loading._kept = None


@pytest.mark.django_db(transaction=True)
def test_a_committed_change_is_seen_at_once_and_trusted(monkeypatch: pytest.MonkeyPatch, django_assert_num_queries):
    calendar.seed()
    monkeypatch.setattr(loading, "TRUST", 60.0)
    enter()
    assert calendar.current().add(date(2027, 2, 4), 1) == date(2027, 2, 9)
    with django_assert_num_queries(0):
        calendar.current()
    loading._kept = None


# A year to look at


def test_a_year_shows_every_day_once_with_its_kind():
    view = calendar.show(2026, today=date(2026, 2, 10))
    days = [d for month in view.months for week in month.weeks for d in week if d]
    assert [d.on for d in days] == [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    by_day = {d.on: d for d in days}
    assert (by_day[date(2026, 2, 14)].kind, by_day[date(2026, 2, 14)].mark) == ("makeup", "班")
    assert (by_day[date(2026, 2, 16)].kind, by_day[date(2026, 2, 16)].label) == ("holiday", "春节放假")
    assert (by_day[date(2026, 3, 7)].kind, by_day[date(2026, 3, 9)].kind) == ("weekend", "work")
    assert by_day[date(2026, 2, 10)].today
    assert view.working == 248
    assert all(len(week) == 7 for month in view.months for week in month.weeks)


def test_what_is_shown_can_be_entered_again():
    told = calendar.show(2026).as_json()
    assert told["published"] is True
    assert not told["provisional"]
    assert calendar.plan(told["days"], today=date(2026, 3, 2)).to_rest == ()
    assert calendar.plan(told["days"], today=date(2026, 3, 2)).nothing


def test_an_unpublished_year_is_provisional_and_an_absurd_one_is_not_there():
    assert not calendar.show(2027).published
    assert calendar.show(2027).stretches == ()
    with pytest.raises(Refusal) as no:
        calendar.show(3000)
    assert no.value.status == 404


# Hours


def test_hours_of_a_point_replace_the_default():
    lines = [Line(time(8, 30), time(11, 30)), Line(time(13), time(18)), Line(time(9), time(20), weekday=4)]
    calendar.set_hours("610114001", lines, by=ADMINISTRATOR, at=NOW)
    assert calendar.hours_of() == DEFAULT
    own = calendar.hours_of("610114001")
    assert own.every[0].opens == time(8, 30)
    assert own.by_weekday[4][0].closes == time(20)
    assert LogEvent.objects.get(stream="hours:610114001").event().data["hours"][0]["opens"] == "08:30"
    calendar.set_hours("610114001", [], by=ADMINISTRATOR, at=NOW)
    assert calendar.hours_of("610114001") == DEFAULT


@pytest.mark.parametrize(
    ("code", "point", "lines"),
    [
        ("hours.order", "a", [Line(time(12), time(9))]),
        ("hours.overlap", "a", [Line(time(9), time(12)), Line(time(11), time(15))]),
        ("hours.weekday", "a", [Line(time(9), time(12), weekday=7)]),
        ("hours.default", "", [Line(time(9), time(12), weekday=1)]),
    ],
)
def test_impossible_hours_are_refused_and_nothing_is_written(code: str, point: str, lines: list[Line]):
    before = everything()
    with pytest.raises(Refusal) as no:
        calendar.set_hours(point, lines, by=ADMINISTRATOR, at=NOW)
    assert no.value.code == code
    assert everything() == before


def test_hours_are_set_by_an_administrator_only():
    before = everything()
    with pytest.raises(Refusal) as no:
        calendar.set_hours("", [Line(time(9), time(12))], by=CLERK, at=NOW)
    assert no.value.status == 403
    assert everything() == before


# What the database itself forbids


@pytest.mark.parametrize(
    "row",
    [
        lambda: ServiceHours(opens=time(12), closes=time(9)),
        lambda: ServiceHours(opens=time(9), closes=time(12), weekday=7),
        lambda: ServiceHours(opens=time(9), closes=time(10)),
        lambda: CalendarYear(year=1800, changed_at=timezone.now(), changed_by="x"),
        lambda: CalendarVersion(pk=2, stamp="x"),
    ],
)
def test_the_database_refuses_impossible_rows(row):
    with pytest.raises(IntegrityError), transaction.atomic():
        row().save(force_insert=True)
