"""Rules: identifiers with words that mend, duties apart, passwords, agency, AB posts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st
from stdnum.cn import ric

from yichuang.core.refusal import Refusal
from yichuang.identity import rules

XIAN = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("kind", "number", "words"),
    [
        ("citizen", "", "请填写居民身份证号码"),
        ("citizen", "610114880615001", "15 位的旧身份证"),
        ("citizen", "6101141988061500", "应为 18 位，您填写了 16 位"),
        ("citizen", "61011419880615OO12", "前 17 位是数字"),
        ("citizen", "610114198813150019", "不是有效的出生日期"),
        ("citizen", "610114198802300011", "不是有效的出生日期"),
        ("uscc", "610114100012345", "旧营业执照注册号"),
        ("uscc", "91610114MAI000001X", "不含字母 I、O、S、V、Z"),
        ("uscc", "11370800MB28559185", "校验位不符"),
        ("passport", "E1", "护照号码"),
        ("hk_macao_permit", "A12345678", "通行证号码为 H 或 M"),
        ("taiwan_permit", "1234567", "通行证号码为 8 位"),
        ("citizen", "610114189912310011", "不是有效的出生日期"),
        ("citizen", "810000199408230021", "请把证件类型改为港澳台居民居住证"),
        ("residence_permit", "11010519491231002X", "这不是港澳台居民居住证的号码"),
        ("residence_permit", "810000199408230022", "校验位不符"),
        ("permanent_residence", "11010519491231002X", "这不是外国人永久居留身份证的号码"),
        ("permanent_residence", "CAN12345678", "应为 18 位"),
        ("lottery", "1", "请选择证件类型"),
    ],
)
def test_a_wrong_number_is_told_how_to_be_mended(kind: str, number: str, words: str) -> None:
    assert words in rules.identifier_fault(kind, number)


@pytest.mark.parametrize(
    ("kind", "number", "stored"),
    [
        ("uscc", " 11370800-MB2855918-4 ", "11370800MB28559184"),
        ("uscc", "11330105002500287c", "11330105002500287C"),
        ("citizen", "１１０１０５ 19491231 002x", "11010519491231002X"),
        ("passport", "e12345678", "E12345678"),
        ("hk_macao_permit", "h12345678", "H12345678"),
        ("taiwan_permit", "12345678", "12345678"),
        ("residence_permit", "810000 19940823 0021", "810000199408230021"),
        ("residence_permit", "830000199201300022", "830000199201300022"),
        ("permanent_residence", "can110019880001", "CAN110019880001"),
    ],
)
def test_a_right_number_is_kept_in_one_form(kind: str, number: str, stored: str) -> None:
    assert rules.check_identifier(kind, number).number == stored


def test_a_birth_after_today_is_refused() -> None:
    body = "61011420990101001"
    number = body + ric.calc_check_digit(body + "0")
    assert "晚于今天" in rules.identifier_fault("citizen", number, on=date(2026, 3, 2))


@forall(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(position: int, shift: int) -> None:
    good = "11010519491231002X"
    digit = str((int(good[position]) + shift) % 10)
    assert rules.identifier_fault("citizen", good[:position] + digit + good[position + 1 :])


@pytest.mark.parametrize("held", ["window_clerk", "handler", "head", "system_administrator", "auditor"])
def test_the_security_administrator_does_nothing_else(held: str) -> None:
    assert rules.conflict("security_administrator", {held})


def test_every_pair_of_families_is_kept_apart_and_symmetrically() -> None:
    for one, first in rules.FAMILY.items():
        for other, second in rules.FAMILY.items():
            assert bool(rules.conflict(one, {other})) == bool(rules.conflict(other, {one}))
            if first != second:
                assert rules.conflict(one, {other})


def test_who_edits_items_does_not_review_their_law_but_a_handler_may_be_reviewer() -> None:
    assert "法制审核" in rules.conflict("legal_reviewer", {"catalogue_editor"})
    assert rules.conflict("reviewer", {"handler", "head", "window_clerk"}) == ""


def test_nobody_grants_to_themselves() -> None:
    with pytest.raises(Refusal) as no:
        rules.may_grant("handler", set(), to_oneself=True, scoped=True)
    assert no.value.status == 403


def test_an_administrator_has_no_department_scope() -> None:
    with pytest.raises(Refusal) as no:
        rules.may_grant("auditor", set(), to_oneself=False, scoped=True)
    assert "department" in no.value.fields


@pytest.mark.parametrize(
    ("password", "staff", "lacks"),
    [
        ("short1A!", False, "至少 10 位"),
        ("aaaaaaaaaaa", False, "重复的字符"),
        ("abcdefghijkl", False, "字母和数字"),
        ("abcdefgh1234", True, "三种"),
        ("zhangsan-2026A", True, "不能含有"),
    ],
)
def test_a_weak_password_is_told_what_it_lacks(password: str, staff: bool, lacks: str) -> None:
    assert any(lacks in fault for fault in rules.password_faults(password, staff=staff, words=("zhangsan",)))


def test_a_good_password_passes() -> None:
    assert rules.password_faults("Guan-Shan-Lu9", staff=True, words=("S00001",)) == []


def test_rotation_counts_from_the_last_change() -> None:
    at = datetime(2026, 3, 2, 9, 0, tzinfo=XIAN)
    assert not rules.password_expired(at - timedelta(days=90), at, days=90)
    assert rules.password_expired(at - timedelta(days=90, seconds=1), at, days=90)
    assert rules.password_expired(None, at, days=90)
    assert not rules.password_expired(None, at, days=0)


def test_an_agency_holds_on_both_its_days() -> None:
    begin, end = date(2026, 3, 2), date(2026, 3, 31)
    assert rules.agency_valid(begin, end, False, begin)
    assert rules.agency_valid(begin, end, False, end)
    assert not rules.agency_valid(begin, end, False, date(2026, 4, 1))
    assert not rules.agency_valid(begin, end, False, date(2026, 3, 1))
    assert not rules.agency_valid(begin, end, True, begin)


def test_an_agency_names_its_matters_and_its_end() -> None:
    with pytest.raises(Refusal) as no:
        rules.check_agency(date(2026, 3, 2), None, " ", on=date(2026, 3, 2))
    assert set(no.value.fields) == {"matters", "valid_until"}
    with pytest.raises(Refusal) as no:
        rules.check_agency(date(2026, 3, 2), date(2030, 3, 2), "许可", on=date(2026, 3, 2))
    assert "3 年" in no.value.fields["valid_until"]


def test_b_stands_in_from_the_moment_a_leaves_until_the_return() -> None:
    left = datetime(2026, 3, 2, 9, 0, tzinfo=XIAN)
    back = left + timedelta(hours=8)
    assert rules.stands_in(left, back, left)
    assert not rules.stands_in(left, back, back)
    assert rules.stands_in(left, None, left + timedelta(days=365))
    assert not rules.stands_in(None, None, left)


def test_b_cannot_unite_duties_that_are_apart() -> None:
    with pytest.raises(Refusal) as no:
        rules.may_stand_in({"legal_reviewer"}, {"catalogue_editor"})
    assert "b" in no.value.fields


@pytest.mark.parametrize(
    ("text", "mobile", "good"),
    [
        ("138 0000 0000", True, True),
        ("+8613800000000", True, True),
        ("12800000000", True, False),
        ("029-86200000", False, True),
        ("029-86200000", True, False),
        ("1380000", False, False),
    ],
)
def test_phones(text: str, mobile: bool, good: bool) -> None:
    assert (rules.phone_fault(text, mobile=mobile) == "") is good


@pytest.mark.parametrize("name", ["13800000000", "ab", "1abcd", "有中文", "a b c d"])
def test_a_sign_in_name_never_reads_as_a_phone_number(name: str) -> None:
    assert rules.username_fault(name)


def test_no_scope_of_a_program_brings_a_decision() -> None:
    for _name, roles in rules.SCOPES.values():
        assert not set(roles) & {"reviewer", "legal_reviewer", "head"}
    with pytest.raises(Refusal):
        rules.check_scopes(["cases:decide"])
    with pytest.raises(Refusal):
        rules.check_scopes([])
