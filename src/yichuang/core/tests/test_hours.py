"""Working minutes between two moments."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.core.refusal import Refusal
from yichuang.core.rules.hours import DEFAULT, SHANGHAI, Hours, Opening, minutes
from yichuang.core.tests.test_workdays import CN

LONG_FRIDAY = Hours(every=(Opening(time(9), time(17)),), by_weekday={4: (Opening(time(9), time(20)),)})
moments = st.datetimes(datetime(2025, 12, 1), datetime(2026, 4, 30), timezones=st.just(SHANGHAI))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def naive(start: datetime, end: datetime, hours: Hours) -> int:
    """Second by minute: each whole minute that lies in an opening."""
    total, moment = 0, start
    while moment < end:
        total += any(o.opens <= moment.time() < o.closes for o in hours.on(moment.date(), CN))
        moment += timedelta(minutes=1)
    return total


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-03-02T09:00", "2026-03-02T17:00", 420),
        ("2026-03-02T11:30", "2026-03-02T13:30", 60),
        ("2026-03-02T12:10", "2026-03-02T12:50", 0),
        ("2026-03-02T16:00", "2026-03-03T10:00", 120),
        ("2026-03-06T16:00", "2026-03-09T10:00", 120),
        ("2026-02-13T16:00", "2026-02-24T10:00", 60 + 420 + 60),
        ("2026-02-14T00:00", "2026-02-15T00:00", 420),
        ("2026-02-16T09:00", "2026-02-16T17:00", 0),
        ("2026-03-02T07:00", "2026-03-02T22:00", 420),
        ("2026-03-02T09:00:40", "2026-03-02T09:02:30", 1),
        ("2026-03-02T10:00", "2026-03-02T10:00", 0),
    ],
)
def test_minutes_of_default_hours(start: str, end: str, expected: int):
    assert minutes(at(start), at(end), calendar=CN) == expected


def test_three_working_hours_of_starting_a_business():
    assert minutes(at("2026-02-13T16:00"), at("2026-02-14T11:00"), calendar=CN) == 180


def test_moments_of_another_time_zone_are_the_same_moments():
    start, end = at("2026-03-02T09:00").astimezone(UTC), at("2026-03-03T09:00").astimezone(UTC)
    assert minutes(start, end, calendar=CN) == 420


def test_a_weekday_with_hours_of_its_own():
    assert minutes(at("2026-03-05T00:00"), at("2026-03-07T00:00"), hours=LONG_FRIDAY, calendar=CN) == 8 * 60 + 11 * 60


def test_a_make_up_day_has_the_hours_of_any_working_day_or_of_monday():
    saturday = date(2026, 2, 14)
    assert LONG_FRIDAY.on(saturday, CN) == LONG_FRIDAY.every
    only = Hours(by_weekday={0: (Opening(time(8), time(10)),), 4: (Opening(time(9), time(10)),)})
    assert only.on(saturday, CN) == (Opening(time(8), time(10)),)
    assert only.on(date(2026, 3, 3), CN) == ()


@given(moments, st.integers(0, 14 * 24 * 60), st.sampled_from([DEFAULT, LONG_FRIDAY]))
def test_agrees_with_counting_minute_by_minute(start: datetime, length: int, hours: Hours):
    start = start.replace(second=0, microsecond=0)
    end = start + timedelta(minutes=length)
    assert minutes(start, end, hours=hours, calendar=CN) == naive(start, end, hours)


@given(moments, st.integers(0, 30000), st.integers(0, 30000))
def test_two_stretches_add_up(start: datetime, first: int, second: int):
    start = start.replace(second=0, microsecond=0)
    middle = start + timedelta(minutes=first)
    end = middle + timedelta(minutes=second)
    assert minutes(start, end, calendar=CN) == minutes(start, middle, calendar=CN) + minutes(middle, end, calendar=CN)


def test_the_reversed_and_the_impossible_are_refused():
    with pytest.raises(Refusal, match="早于"):
        minutes(at("2026-03-03T09:00"), at("2026-03-02T09:00"), calendar=CN)
    with pytest.raises(Refusal) as no:
        Opening(time(12), time(9))
    assert no.value.code == "hours.order"
    with pytest.raises(ValueError, match="time zone"):
        minutes(datetime(2026, 3, 2, 9), datetime(2026, 3, 2, 10), calendar=CN)  # noqa: DTZ001 - that is the point
