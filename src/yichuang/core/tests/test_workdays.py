"""Counting working days: real dates of several years, and what must hold for every date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from yichuang.core.calendar import seeding
from yichuang.core.calendar.loading import build
from yichuang.core.refusal import Refusal
from yichuang.core.rules.workdays import Calendar, Excluded, Span, after_days, after_months, due, due_on

DAY = timedelta(days=1)
CN = build([(d.on, d.working, d.name) for d in seeding.days()], frozenset(seeding.YEARS), 7)
dates = st.dates(date(2018, 1, 1), date(2027, 6, 30))
counts = st.integers(1, 120)
spans = st.lists(
    st.tuples(dates, st.integers(0, 60)).map(lambda pair: Span(pair[0], pair[0] + pair[1] * DAY, "特别程序")),
    max_size=5,
)


def iso(*texts: str) -> list[date]:
    return [date.fromisoformat(text) for text in texts]


def naive_due(start: date, n: int, stops: list[Span]) -> date:
    """A day at a time, as one counts with a finger on the wall calendar."""
    day, counted = start, 0
    while counted < n:
        day += DAY
        counted += CN.is_working(day) and not any(s.start <= day < s.end for s in stops)
    return day


# Real dates


def test_spring_festival_of_2026_with_its_make_up_day():
    found = due(date(2026, 2, 10), 5, calendar=CN)
    assert found.due_on == date(2026, 2, 24)
    assert list(found.days) == iso("2026-02-11", "2026-02-12", "2026-02-13", "2026-02-14", "2026-02-24")
    assert found.excluded == (Excluded(date(2026, 2, 15), date(2026, 2, 23), "春节放假", rest=True),)
    assert found.made_up == (date(2026, 2, 14),)
    assert not found.provisional
    assert found.version == 7


@pytest.mark.parametrize(
    ("start", "n", "expected", "because"),
    [
        ("2018-02-14", 1, "2018-02-22", "春节2月15日至21日"),
        ("2018-02-09", 2, "2018-02-12", "2月11日星期日上班"),
        ("2019-04-30", 1, "2019-05-05", "五一由1日放至4日，5日星期日上班"),
        ("2020-01-23", 1, "2020-02-03", "2020年春节假期延长至2月2日"),
        ("2020-09-30", 1, "2020-10-09", "国庆中秋连放8天"),
        ("2021-10-08", 1, "2021-10-09", "10月9日星期六上班"),
        ("2021-12-31", 1, "2022-01-04", "元旦1日至3日"),
        ("2022-01-28", 1, "2022-01-29", "1月29日星期六上班"),
        ("2022-01-28", 3, "2022-02-07", "春节1月31日至2月6日，1月30日星期日上班"),
        ("2023-09-28", 1, "2023-10-07", "中秋国庆9月29日至10月6日，7日星期六上班"),
        ("2024-04-30", 20, "2024-05-30", "五一放5天，5月11日星期六上班"),
        ("2025-01-26", 1, "2025-01-27", "1月26日星期日上班"),
        ("2025-01-27", 1, "2025-02-05", "春节1月28日至2月4日"),
        ("2026-09-30", 3, "2026-10-10", "10月10日星期六上班"),
    ],
)
def test_real_dates(start: str, n: int, expected: str, because: str):
    assert due(date.fromisoformat(start), n, calendar=CN).due_on == date.fromisoformat(expected), because


@pytest.mark.parametrize(
    ("year", "working"), [(2018, 250), (2019, 250), (2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251),
                          (2025, 248), (2026, 248)],
)  # fmt: skip
def test_working_days_of_a_year(year: int, working: int):
    assert CN.count(date(year, 1, 1) - DAY, date(year, 12, 31)) == working


def test_a_start_on_a_rest_day_counts_from_the_next_working_day():
    assert due(date(2026, 3, 7), 1, calendar=CN).due_on == date(2026, 3, 9)


def test_zero_days_is_the_day_itself_or_the_next_that_counts():
    assert due(date(2026, 3, 6), 0, calendar=CN).due_on == date(2026, 3, 6)
    assert due(date(2026, 3, 7), 0, calendar=CN).due_on == date(2026, 3, 9)
    stop = Span(date(2026, 3, 6), date(2026, 3, 9), "停止办理")
    assert due(date(2026, 3, 6), 0, [stop], calendar=CN).due_on == date(2026, 3, 9)


# Spans that do not count


def test_the_day_on_which_a_suspension_ends_counts_again():
    stop = Span(date(2026, 3, 4), date(2026, 3, 6), "专家评审")
    found = due(date(2026, 3, 2), 3, [stop], calendar=CN)
    assert list(found.days) == iso("2026-03-03", "2026-03-06", "2026-03-09")
    assert found.excluded[0] == Excluded(date(2026, 3, 4), date(2026, 3, 5), "专家评审")


def test_a_suspension_that_starts_and_ends_the_same_day_excludes_nothing():
    stop = Span(date(2026, 3, 4), date(2026, 3, 4), "听证")
    assert due(date(2026, 3, 2), 3, [stop], calendar=CN) == due(date(2026, 3, 2), 3, calendar=CN)


def test_overlapping_suspensions_count_once_and_name_both_causes():
    stops = [Span(date(2026, 3, 3), date(2026, 3, 6), "听证"), Span(date(2026, 3, 5), date(2026, 3, 11), "检测")]
    found = due(date(2026, 3, 2), 2, stops, calendar=CN)
    assert found.due_on == date(2026, 3, 12)
    assert [(e.first.day, e.last.day, e.why) for e in found.excluded] == [
        (3, 4, "听证"), (5, 5, "听证、检测"), (6, 10, "检测"),
    ]  # fmt: skip


def test_overlapping_suspensions_of_one_cause_are_told_as_one():
    stops = [Span(date(2026, 3, 3), date(2026, 3, 6)), Span(date(2026, 3, 5), date(2026, 3, 11))]
    found = due(date(2026, 3, 2), 2, stops, calendar=CN)
    assert [(e.first.day, e.last.day) for e in found.excluded if not e.rest] == [(3, 10)]


def test_a_suspension_that_still_runs_makes_the_date_move():
    found = due(date(2026, 3, 2), 5, [Span(date(2026, 3, 4), date(2026, 3, 9), "检测", open=True)], calendar=CN)
    assert found.moving
    assert "将顺延" in found.sentence()


def test_a_suspension_before_the_start_or_after_the_end_changes_nothing():
    stops = [Span(date(2026, 1, 5), date(2026, 3, 3)), Span(date(2026, 3, 10), date(2026, 4, 10))]
    assert due(date(2026, 3, 2), 5, stops, calendar=CN).due_on == date(2026, 3, 9)


def test_extension_moves_on_by_its_own_days():
    found = due(date(2026, 2, 10), 5, extension=10, calendar=CN)
    assert found.due_on == CN.add(date(2026, 2, 24), 10)
    assert len(found.days) == 15
    assert "含延长10个工作日" in found.sentence()


# What must hold for every date


@given(dates, counts, spans)
def test_agrees_with_counting_on_the_wall_calendar(start: date, n: int, stops: list[Span]):
    found = due(start, n, stops, calendar=CN)
    assert found.due_on == naive_due(start, n, stops)
    assert len(found.days) == n
    assert found.days[-1] == found.due_on


@given(dates, counts, spans)
def test_every_day_up_to_the_end_is_counted_or_excluded_exactly_once(start: date, n: int, stops: list[Span]):
    found = due(start, n, stops, calendar=CN)
    out = [e.first + i * DAY for e in found.excluded for i in range((e.last - e.first).days + 1)]
    assert sorted([*found.days, *out]) == [start + (i + 1) * DAY for i in range((found.due_on - start).days)]


@given(dates, counts, spans)
def test_never_ends_on_a_rest_day(start: date, n: int, stops: list[Span]):
    assert CN.is_working(due_on(start, n, stops, calendar=CN))


@given(dates, dates, counts, spans)
def test_a_later_start_never_ends_earlier(a: date, b: date, n: int, stops: list[Span]):
    a, b = sorted((a, b))
    assert due_on(a, n, stops, calendar=CN) <= due_on(b, n, stops, calendar=CN)


@given(dates, counts, spans)
def test_one_day_more_ends_later(start: date, n: int, stops: list[Span]):
    assert due_on(start, n, stops, calendar=CN) < due_on(start, n + 1, stops, calendar=CN)


@given(dates, counts, spans, spans)
def test_a_further_suspension_never_ends_earlier(start: date, n: int, stops: list[Span], more: list[Span]):
    assert due_on(start, n, stops, calendar=CN) <= due_on(start, n, [*stops, *more], calendar=CN)


@given(dates, counts, dates, st.integers(0, 40), st.integers(0, 40))
def test_splitting_a_suspension_changes_nothing(start: date, n: int, a: date, first: int, rest: int):
    whole = Span(a, a + (first + rest) * DAY)
    parts = [Span(a, a + first * DAY), Span(a + first * DAY, whole.end)]
    assert due(start, n, parts, calendar=CN) == due(start, n, [whole], calendar=CN)


@given(dates, counts, dates, st.integers(1, 40), st.integers(0, 30), st.integers(0, 40))
def test_overlap_counts_as_the_union(start: date, n: int, a: date, length: int, shift: int, other: int):
    assume(shift <= length)
    one, two = Span(a, a + length * DAY), Span(a + shift * DAY, a + (shift + other) * DAY)
    union = Span(a, max(one.end, two.end))
    assert due(start, n, [one, two], calendar=CN) == due(start, n, [union], calendar=CN)
    assert due(start, n, [two, one], calendar=CN) == due(start, n, [union], calendar=CN)


@given(dates, counts, st.integers(0, 30))
def test_an_extension_is_as_good_as_a_longer_period(start: date, n: int, more: int):
    assert due_on(start, n, extension=more, calendar=CN) == due_on(start, n + more, calendar=CN)


@given(dates, st.integers(1, 400))
def test_adding_and_counting_are_each_others_inverse(start: date, n: int):
    end = CN.add(start, n)
    assert CN.count(start, end) == n
    assert CN.count(end, start) == -n
    assert CN.days(start, n) == CN.working_days(start, end)


@given(dates, st.integers(1, 100))
def test_counting_back_is_the_nth_working_day_before(start: date, n: int):
    back = CN.add(start, -n)
    assert CN.is_working(back)
    assert back < start
    assert CN.count(back - DAY, start - DAY) == n


@given(st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 3, 31)), st.booleans(), max_size=60), dates, counts)
def test_any_table_of_days_is_counted_right(days: dict[date, bool], start: date, n: int):
    calendar = Calendar(days, published_until=date(2026, 12, 31))
    day, counted = start, 0
    while counted < n:
        day += DAY
        counted += days.get(day, day.weekday() < 5)
    assert calendar.add(start, n) == day


# Years without a notice


def test_a_due_date_in_an_unpublished_year_is_provisional_and_says_so():
    found = due(date(2026, 12, 30), 5, calendar=CN)
    assert found.provisional
    assert found.due_on == date(2027, 1, 6)
    assert "暂定" in found.sentence()
    assert not due(date(2026, 12, 24), 5, calendar=CN).provisional


def test_a_gap_between_published_years_leaves_what_follows_provisional():
    calendar = build([], frozenset({2025, 2026, 2028}), 1)
    assert not calendar.provisional(date(2026, 12, 31))
    assert calendar.provisional(date(2028, 3, 1))
    assert calendar.provisional(date(2024, 12, 31))


# Calendar days and months


def test_periods_of_calendar_days_end_on_a_working_day():
    assert after_days(date(2026, 2, 10), 5, calendar=CN) == date(2026, 2, 24)
    assert after_days(date(2026, 3, 2), 5, calendar=CN) == date(2026, 3, 9)
    assert after_days(date(2026, 3, 2), 4, calendar=CN) == date(2026, 3, 6)


def test_periods_of_months_end_on_the_same_day_or_the_last_of_the_month():
    assert after_months(date(2026, 1, 31), 1, calendar=CN) == date(2026, 2, 28)  # a make-up Saturday
    assert after_months(date(2025, 12, 15), 2, calendar=CN) == date(2026, 2, 24)
    assert after_months(date(2025, 11, 30), 3, calendar=CN) == date(2026, 2, 28)
    assert after_months(date(2026, 3, 31), 12, calendar=CN) == date(2027, 3, 31)


# No


@pytest.mark.parametrize(
    ("code", "call"),
    [
        ("clock.period", lambda: due(date(2026, 1, 5), -1, calendar=CN)),
        ("clock.period", lambda: due(date(2026, 1, 5), 5, extension=-1, calendar=CN)),
        ("clock.period", lambda: due(date(2026, 1, 5), 10**9, calendar=CN)),
        ("clock.span", lambda: due(date(2026, 1, 5), 5, [Span(date(2026, 1, 9), date(2026, 1, 8))], calendar=CN)),
        ("clock.range", lambda: due(date.max, 5, calendar=CN)),
        ("clock.range", lambda: due(date(9999, 12, 1), 100, calendar=CN)),
        ("clock.range", lambda: after_days(date.max, 5, calendar=CN)),
        ("clock.range", lambda: after_months(date(9999, 5, 1), 1, calendar=CN)),
    ],
)
def test_impossible_periods_are_refused_with_a_next_step(code: str, call):
    with pytest.raises(Refusal) as no:
        call()
    assert (no.value.code, no.value.status) == (code, 422)
    assert no.value.next_step


def test_the_sentence_names_rest_make_up_and_result():
    assert due(date(2026, 2, 10), 5, calendar=CN).sentence() == (
        "自2026年2月10日的次日起算，第5个工作日为2026年2月24日"
        "（2月15日至2月23日春节放假，不计入；2月14日调休上班，计入）。"
    )


def test_as_json_has_inclusive_dates():
    told = due(date(2026, 3, 2), 2, [Span(date(2026, 3, 3), date(2026, 3, 5), "检测")], calendar=CN).as_json()
    assert told["excluded"] == [{"from": "2026-03-03", "to": "2026-03-04", "why": "检测"}]
    assert told["days"] == ["2026-03-05", "2026-03-06"]
    assert told["due_on"] == "2026-03-06"
