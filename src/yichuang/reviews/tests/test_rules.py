"""Who may rate what, rates that are cut, words that are masked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.core.actor import NOBODY, Actor
from yichuang.core.refusal import Refusal
from yichuang.reviews import rules

AT = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
INVITED = rules.Invited("closing", AT + timedelta(days=60), used=False, applicant_ref="applicant:1")
CITIZEN = Actor("person:1", "张*", "610114", behalf=frozenset({"applicant:1"}))
STAFF = Actor("staff:1", "王办理", "610114")
KNOWN = {tag["code"]: tag["level"] for tag in rules.usual_tags()}


def submit(answer: rules.Answer, invited: rules.Invited = INVITED, by: Actor = NOBODY, channel: str = "web", at=AT):
    return rules.submit(invited, answer, KNOWN, {}, words_digest="", channel=channel, by=by, at=at)


@pytest.mark.parametrize("level", list(rules.LEVELS))
def test_every_level_is_kept_as_its_word(level) -> None:
    told = submit(rules.Answer(level, tags=(f"{level}-1", f"{level}-1")))
    assert (told.data["level"], told.data["tags"], told.data["is_default"]) == (level, [f"{level}-1"], False)


@pytest.mark.parametrize(
    ("answer", "changes", "field", "status"),
    [
        (rules.Answer(""), {}, "level", 422),
        (rules.Answer("perfect"), {}, "level", 422),
        (rules.Answer("satisfied", tags=("dissatisfied-1",)), {}, "tags", 422),
        (rules.Answer("satisfied", tags=("nosuch",)), {}, "tags", 422),
        (rules.Answer("satisfied", words="好" * 501), {}, "words", 422),
        (rules.Answer("satisfied", named=True), {}, "named", 422),
        (rules.Answer("satisfied"), {"channel": "pigeon"}, "channel", 422),
        (rules.Answer("satisfied"), {"by": STAFF}, "", 403),
        (rules.Answer("satisfied"), {"invited": replace(INVITED, used=True)}, "", 409),
        (rules.Answer("satisfied"), {"at": AT + timedelta(days=61)}, "", 409),
    ],
)
def test_what_is_no_rating_is_refused_with_the_way_out(answer, changes, field, status) -> None:
    with pytest.raises(Refusal) as no:
        submit(answer, **changes)
    assert no.value.status == status
    assert no.value.next_step
    assert not field or field in no.value.fields


def test_named_is_whoever_may_act_for_the_applicant() -> None:
    assert submit(rules.Answer("satisfied", named=True), by=CITIZEN).data["named"] is True
    assert not rules.may_be_named(replace(INVITED, applicant_ref=""), CITIZEN)
    assert not rules.may_be_named(INVITED, Actor("person:2", "路人", behalf=frozenset({"applicant:2"})))


def test_rates_count_two_levels_and_are_cut() -> None:
    tally = rules.Tally({"very_satisfied": 9981, "satisfied": 18, "basically_satisfied": 1})
    assert (tally.total, tally.satisfied_rate, tally.very_satisfied_rate, tally.bad) == (10000, "99.99%", "99.81%", 0)
    assert rules.Tally({"satisfied": 99_999, "very_dissatisfied": 1}).satisfied_rate == "99.99%"
    assert rules.Tally({"basically_satisfied": 3}).satisfied_rate == "0.00%"
    assert rules.Tally({}).satisfied_rate == ""
    assert rules.Tally({"dissatisfied": 1, "very_dissatisfied": 2}).bad == 3


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_rate_never_says_more_than_is_true(part, whole) -> None:
    part = min(part, whole)
    told = float(rules.rate(part, whole).rstrip("%"))
    assert told <= 100 * part / whole + 1e-9
    assert told > 100 * part / whole - 0.01 - 1e-9
    assert (told == 100) == (part == whole)


@pytest.mark.parametrize(
    ("words", "gone", "kept"),
    [
        ("打我电话13912345678谢谢", ["13912345678", "1391"], "打我电话"),
        ("手机139-1234-5678", ["1234"], "手机"),
        ("１３９１２３４５６７８", ["１３９"], ""),
        ("我的号一三九一二三四五六七八", ["一三九"], "我的号"),
        ("身份证610114 1988 0615 0010", ["1988"], "身份证"),
        ("61011419880615001X", ["0615"], ""),
        ("座机029-86201234", ["86201234"], "座机"),
        ("卡号6222 0000 1111 2222 333", ["6222"], "卡号"),
        ("加微信 zhangsan_88 详谈", ["zhangsan"], "加微信"),
        ("邮箱 zhang.san@example.cn", ["example"], "邮箱"),
        ("车牌陕A·12345停在门口", ["12345"], "停在门口"),
    ],
)
def test_what_names_a_person_is_masked(words, gone, kept) -> None:
    shown = rules.masked(words)
    assert "＊" in shown
    assert kept in shown
    for part in gone:
        assert part not in shown


@pytest.mark.parametrize(
    "words", ["2026年办的，3天就好", "5号窗口很好", "交了12345元", "一次就办好了", "12345热线真快", ""]
)
def test_ordinary_numbers_stay(words) -> None:
    assert rules.masked(words) == words


def test_words_are_tidied() -> None:
    assert rules.tidy("  好\r\n\r\n\r\n\r\n很好\x00\u200b  ") == "好\n\n很好"
