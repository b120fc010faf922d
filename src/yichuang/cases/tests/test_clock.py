"""The clock of a case with real dates of 2026. No database.

2026: Spring Festival rest 02-15 to 02-23, make-up days 02-14 and 02-28; Qingming 04-04 to 04-06.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yichuang.cases.rules import acceptance, clock, delivery, review
from yichuang.cases.rules.apply import apply
from yichuang.cases.rules.clock import Moment, Thresholds
from yichuang.cases.rules.facts import CHINA, CaseFacts, Suspension
from yichuang.core.actor import Actor, Grant, system
from yichuang.core.calendar import seeding
from yichuang.core.events import Event
from yichuang.core.refusal import Refusal
from yichuang.core.rules.workdays import Calendar

DAYS = list(seeding.days())
CALENDAR = Calendar(
    {d.on: d.working for d in DAYS},
    date(2026, 12, 31),
    1,
    published_from=date(2004, 1, 1),
    names={d.on: d.name for d in DAYS},
)
HEAD = Actor(
    "staff:1", "钱主任", division="610114", grants=(Grant("head", "department:5"), Grant("handler", "department:5"))
)


def at(month: int, on: int, hour: int = 10, year: int = 2026) -> datetime:
    return datetime(year, month, on, hour, tzinfo=CHINA)


def now(when: datetime, by: Actor = HEAD, **more: Any) -> Moment:
    return Moment(by, when, CALENDAR, Thresholds(**more) if more else clock.DEFAULT)


def received(when: datetime, **more: Any) -> CaseFacts:
    facts = CaseFacts(
        number="n", division="610114", department_id=5, applicant_id=9, state="received", received_at=when, **more
    )
    return clock.dues(facts, now(when))


def accepted(when: datetime, **more: Any) -> CaseFacts:
    facts = replace(received(when), state="accepted", accepted_at=when, **more)
    return clock.dues(facts, now(when))


def do(facts: CaseFacts, event: Event, when: datetime, by: Actor = HEAD) -> CaseFacts:
    return apply(facts, replace(event, at=when, actor=by.ref))


def test_the_example_of_the_spring_festival():
    facts = accepted(at(2, 10), promised_days=5)
    assert facts.promised_due_on == date(2026, 2, 24)
    told = clock.explain(facts, CALENDAR, date(2026, 2, 10)).line("promised")
    assert told is not None
    assert told.days == (date(2026, 2, 11), date(2026, 2, 12), date(2026, 2, 13), date(2026, 2, 14), date(2026, 2, 24))
    assert [(e.first, e.last) for e in told.excluded] == [(date(2026, 2, 15), date(2026, 2, 23))]
    assert "第四十二条" in told.law[0]
    assert any("第二百零一条" in law for law in told.law)
    assert any("第二百零三条" in law for law in told.law)
    assert any("第八十二条" in law for law in told.law)
    assert "2月14日调休上班" in told.text


def test_acceptance_is_five_working_days_from_receipt():
    facts = received(at(3, 2))
    assert facts.acceptance_due_on == facts.due_on == date(2026, 3, 9)
    assert received(at(2, 13)).acceptance_due_on == date(2026, 2, 27), "02-14 counts, 02-15 to 02-23 do not"


def test_promised_and_statutory_dates_run_from_acceptance():
    facts = accepted(at(3, 2), promised_days=8, statutory_days=20)
    assert (facts.promised_due_on, facts.statutory_due_on) == (date(2026, 3, 12), date(2026, 3, 30))
    assert facts.due_on == facts.promised_due_on


def test_periods_in_calendar_days_end_on_a_working_day():
    facts = accepted(at(3, 2), promised_days=5, promised_type="calendar", statutory_days=30, statutory_type="calendar")
    assert facts.promised_due_on == date(2026, 3, 9), "03-07 is a Saturday"
    assert facts.statutory_due_on == date(2026, 4, 1)
    stopped = replace(facts, suspensions=(Suspension(1, "testing", 3, date(2026, 3, 3), date(2026, 3, 6)),))
    assert clock.dues(stopped, now(at(3, 6))).promised_due_on == date(2026, 3, 10)


def test_a_suspension_takes_out_its_working_days_and_its_last_day_counts_again():
    facts = accepted(at(3, 2), promised_days=5)
    event = review.start_special(
        facts, now(at(3, 4)), kind="hearing", reason="有利害关系人", needed_days=5, started_on=None
    )
    running = do(facts, event, at(3, 4))
    assert (running.state, running.moving, running.light) == ("suspended", True, "")
    assert running.due_on == date(2026, 3, 9), "as if it ended today"
    assert clock.moved_to(running, date(2026, 3, 11), CALENDAR) == date(2026, 3, 16)
    event = review.end_special(running, now(at(3, 11)), no=1, ended_on=None)
    ended = do(running, event, at(3, 11))
    assert (ended.state, ended.moving) == ("accepted", False)
    assert ended.promised_due_on == date(2026, 3, 16), "03-04 to 03-10 do not count, 03-11 does"
    line = clock.explain(ended, CALENDAR, date(2026, 3, 11)).line("promised")
    assert line is not None
    assert date(2026, 3, 11) in line.days
    assert any("听证" in e.why for e in line.excluded)


def test_overlapping_suspensions_count_once():
    facts = accepted(at(3, 2), promised_days=5)
    facts = do(
        facts,
        review.start_special(facts, now(at(3, 3)), kind="testing", reason="检测", needed_days=3, started_on=None),
        at(3, 3),
    )
    facts = do(
        facts,
        review.start_special(facts, now(at(3, 5)), kind="expert_review", reason="评审", needed_days=3, started_on=None),
        at(3, 5),
    )
    facts = do(facts, review.end_special(facts, now(at(3, 6)), no=1, ended_on=None), at(3, 6))
    assert facts.state == "suspended", "the other one still runs"
    facts = do(facts, review.end_special(facts, now(at(3, 10)), no=2, ended_on=None), at(3, 10))
    assert facts.state == "accepted"
    assert facts.promised_due_on == date(2026, 3, 16), "03-03 to 03-09 out: five days once, not 03-05 twice"


@pytest.mark.parametrize(
    ("change", "field"),
    [({"needed_days": 0}, "needed_days"), ({"reason": " "}, "reason"), ({"kind": "picnic"}, "kind"),
     ({"started_on": date(2026, 3, 1)}, "started_on"), ({"started_on": date(2026, 3, 5)}, "started_on")],
)  # fmt: skip
def test_a_suspension_needs_its_kind_reason_and_written_time(change: dict[str, Any], field: str):
    facts = accepted(at(3, 2))
    given_ = {"kind": "hearing", "reason": "有", "needed_days": 5, "started_on": None, **change}
    with pytest.raises(Refusal) as no:
        review.start_special(facts, now(at(3, 4)), **given_)
    assert field in no.value.fields
    assert "第四十五条" in no.value.law


def test_one_extension_within_its_limits_moves_both_dates():
    facts = accepted(at(3, 2), promised_days=5)
    for days, joint, approval, ok in (
        (11, False, "", False),
        (0, False, "", False),
        (15, True, "", False),
        (16, True, "x", False),
        (10, False, "", True),
        (15, True, "阎政批1号", True),
    ):
        if not ok:
            with pytest.raises(Refusal):
                review.extend(facts, now(at(3, 4)), days=days, reason="复杂", approval=approval, joint=joint)
            continue
        longer = do(
            facts,
            review.extend(facts, now(at(3, 4)), days=days, reason="复杂", approval=approval, joint=joint),
            at(3, 4),
        )
        assert longer.promised_due_on == CALENDAR.add(date(2026, 3, 2), 5 + days)
        assert longer.statutory_due_on == CALENDAR.add(date(2026, 3, 2), 20 + days)
        with pytest.raises(Refusal) as no:
            review.extend(longer, now(at(3, 5)), days=1, reason="再", approval="", joint=False)
        assert no.value.code == "case.extended_once"
    with pytest.raises(Refusal) as no:
        review.extend(facts, now(at(3, 31)), days=5, reason="晚了", approval="", joint=False)
    assert no.value.code == "case.extend_late", "the statutory date was 03-30"
    assert review.extend(facts, now(at(3, 30)), days=5, reason="最后一天", approval="", joint=False)


def test_lights_follow_the_promised_date_and_the_law_has_a_red_of_its_own():
    facts = accepted(at(3, 2), promised_days=5, statutory_days=7)  # promised 03-09, statutory 03-11
    seen = {d: clock.light(facts, date(2026, 3, d), CALENDAR, clock.DEFAULT) for d in range(2, 13)}
    assert seen == {
        2: "green", 3: "green", 4: "green", 5: "green", 6: "yellow", 7: "yellow", 8: "yellow", 9: "yellow",
        10: "red", 11: "red", 12: "overdue",
    }  # fmt: skip
    assert clock.light(facts, date(2026, 3, 4), CALENDAR, Thresholds(yellow_least=3)) == "yellow"


def test_yellow_is_a_fifth_of_the_period_rounded_up_one_at_least():
    assert [Thresholds().yellow(n) for n in (1, 5, 6, 20, 21)] == [1, 1, 2, 4, 5]


def test_the_platform_attends_on_the_days_on_which_something_changes():
    facts = accepted(at(3, 2), promised_days=5, statutory_days=7)
    assert facts.attention_on == date(2026, 3, 6)
    lit = do(facts, Event("case.flagged", {"flag": "decision.1:yellow", "clock": clock.block(
        clock.dues(replace(facts, flags=("decision.1:yellow",)), now(at(3, 6))))}), at(3, 6))  # fmt: skip
    assert lit.attention_on == date(2026, 3, 10)
    assert received(at(3, 2)).attention_on == date(2026, 3, 6)
    suspended = replace(facts, state="suspended", suspensions=(Suspension(1, "hearing", 3, date(2026, 3, 3)),))
    assert clock.dues(suspended, now(at(3, 3))).attention_on is None


def test_deemed_accepted_from_the_day_of_receipt():
    facts = received(at(3, 2), promised_days=8)
    sweep = system("sweep")

    class Version:
        instant, steps_for = True, staticmethod(lambda values: ())

    with pytest.raises(Refusal) as no:
        acceptance.deem_accepted(facts, now(at(3, 9, 23), sweep), Version, values={})  # type: ignore[arg-type]
    assert no.value.code == "case.not_due", "the fifth day is still the organ's"
    flagged, deemed = acceptance.deem_accepted(facts, now(at(3, 10, 0), sweep), Version, values={})  # type: ignore[arg-type]
    assert flagged.kind == "case.flagged"
    after = do(do(facts, flagged, at(3, 10, 0), sweep), deemed, at(3, 10, 0), sweep)
    assert after.deemed
    assert after.accepted_at == facts.received_at
    assert after.promised_due_on == date(2026, 3, 12), "the decision clock runs from receipt"
    line = clock.explain(after, CALENDAR, date(2026, 3, 10)).line("promised")
    assert line is not None
    assert "视为受理" in line.from_what


def test_delivery_is_ten_working_days_from_the_decision():
    facts = replace(accepted(at(3, 2)), state="granted", decision="granted", decided_at=at(3, 27))
    assert clock.dues(facts, now(at(3, 27))).delivery_due_on == date(2026, 4, 13), "Qingming 04-04 to 04-06 is out"


def test_a_date_in_a_year_without_a_notice_is_provisional():
    facts = accepted(at(12, 20, year=2026), promised_days=5, statutory_days=20)
    assert facts.provisional
    assert accepted(at(3, 2)).provisional is False


def test_a_correction_is_warned_of_and_then_lapses():
    facts = replace(received(at(3, 2)), state="correcting", correction_due_on=date(2026, 3, 23), corrections=1)
    first = clock.warn_on(facts, now(at(3, 3)))
    assert first == CALENDAR.add(date(2026, 3, 23), -5)
    warned = replace(facts, lapse_warnings=1, warned_on=first)
    assert clock.warn_on(warned, now(at(3, 17))) == CALENDAR.add(date(2026, 3, 23), -2)
    late = replace(facts, lapse_warnings=1, warned_on=date(2026, 3, 25))
    assert clock.warn_on(late, now(at(3, 25))) == date(2026, 3, 26), "two warnings, a day apart at least"
    twice = replace(facts, lapse_warnings=2, warned_on=date(2026, 3, 19))
    assert clock.attention_on(twice, now(at(3, 20))) == date(2026, 3, 24)


def test_a_new_calendar_moves_the_dates_and_keeps_what_they_were():
    facts = accepted(at(12, 21), promised_days=10, statutory_days=20)
    new_year = {date(2027, 1, 1): False, date(2027, 1, 4): False}
    known = Calendar(
        {**{d.on: d.working for d in DAYS}, **new_year}, date(2027, 12, 31), 2, published_from=date(2004, 1, 1)
    )
    sweep = Moment(system("calendar"), at(12, 25), known, clock.DEFAULT)
    event = clock.reschedule(facts, sweep)
    assert event is not None
    assert event.data["was"]["promised_due_on"] == "2027-01-04"
    assert event.data["now"]["promised_due_on"] == "2027-01-06"
    assert event.data["calendar"] == 2
    moved = do(facts, event, at(12, 25), system("calendar"))
    assert (moved.promised_due_on, moved.provisional) == (date(2027, 1, 6), False)
    assert clock.reschedule(moved, sweep) is None, "a second time moves nothing"


def test_a_case_that_stands_still_is_not_moved_by_the_days_that_pass():
    facts = accepted(at(3, 2), promised_days=5)
    running = do(
        facts,
        review.start_special(facts, now(at(3, 4)), kind="hearing", reason="有", needed_days=5, started_on=None),
        at(3, 4),
    )
    assert clock.reschedule(running, now(at(3, 12))) is None
    assert clock.dues(running, now(at(3, 12))).due_on == clock.moved_to(running, date(2026, 3, 12), CALENDAR)


@settings(max_examples=200, deadline=None)
@given(
    start=st.dates(date(2025, 1, 1), date(2026, 6, 30)),
    days=st.integers(1, 30),
    spans=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 30)), max_size=4),
    extension=st.integers(0, 15),
)
def test_as_many_days_count_as_the_period_has_whatever_stops_it(
    start: date, days: int, spans: list[tuple[int, int]], extension: int
):
    when = datetime(start.year, start.month, start.day, 9, tzinfo=CHINA)
    stopped = tuple(
        Suspension(n, "testing", 1, start + timedelta(days=a), start + timedelta(days=a + length))
        for n, (a, length) in enumerate(spans, 1)
    )
    facts = accepted(when, promised_days=days, suspensions=stopped, extended_days=extension)
    line = clock.explain(facts, CALENDAR, start).line("promised")
    assert line is not None
    assert len(line.days) == days + extension
    assert line.days[-1] == line.due_on == facts.promised_due_on
    for counted in line.days:
        assert CALENDAR.is_working(counted)
        assert counted > start
        assert not any(s.started_on <= counted < s.ended_on for s in stopped if s.ended_on)
    without = accepted(when, promised_days=days)
    assert without.promised_due_on is not None
    assert facts.promised_due_on >= without.promised_due_on


def test_a_licence_ends_on_the_day_before_the_same_day_whatever_day_that_is():
    assert delivery.last_day(date(2026, 3, 3), 48) == date(2030, 3, 2), "a Saturday stays one"
    assert delivery.last_day(date(2026, 3, 1), 12) == date(2027, 2, 28)
    assert delivery.last_day(date(2026, 8, 31), 6) == date(2027, 2, 27)
    assert delivery.last_day(date(2024, 2, 29), 12) == date(2025, 2, 27)
    assert delivery.last_day(date(2026, 3, 3), 0) is None
