"""The one check of citizens' numbers: every right number passes, whatever its county; one slip is always found."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from yichuang.core.rules import gb11643

TODAY = date(2026, 11, 24)
births = st.dates(date(1900, 1, 1), TODAY)
serials = st.integers(0, 999)


def numbered(area: str, born: date, serial: int) -> str:
    body = f"{area}{born:%Y%m%d}{serial:03d}"
    return body + ric.calc_check_digit(body + "0")


citizens = st.builds(
    lambda province, county, born, serial: numbered(f"{province}{county:04d}", born, serial),
    st.sampled_from(sorted(gb11643.PROVINCES)),
    st.integers(1, 9999),  # 0000 after 81 and 82 is the residence permit
    births,
    serials,
)
permits = st.builds(numbered, st.sampled_from(gb11643.PERMIT_AREAS), births, serials)
foreigners = st.builds(
    lambda rest, born, serial: numbered(f"9{rest:05d}", born, serial), st.integers(0, 99999), births, serials
)


@given(citizens)
def test_every_county_code_passes_under_a_province(number: str):
    assert gb11643.fault(number, on=TODAY) == ""
    assert gb11643.fault(number, on=TODAY, kind="citizen") == ""
    assert gb11643.kind_of(number) == "citizen"


@given(births)
def test_a_county_made_after_the_birth_passes(born: date):
    assert gb11643.fault(numbered("610114", born, 1), on=TODAY) == ""


@given(permits, foreigners)
def test_permits_pass_as_themselves_and_as_nothing_else(permit: str, foreigner: str):
    for number, kind in ((permit, "residence_permit"), (foreigner, "permanent_residence")):
        assert gb11643.kind_of(number) == kind
        assert gb11643.fault(number, on=TODAY) == ""
        assert gb11643.fault(number, on=TODAY, kind=kind) == ""
        assert gb11643.DOCUMENTS[kind] in gb11643.fault(number, on=TODAY, kind="citizen")


@given(st.one_of(citizens, permits, foreigners), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_found_wherever_it_stands(number: str, place: int, shift: int):
    digit = str((int(number[place]) + shift) % 10)
    assert gb11643.fault(number[:place] + digit + number[place + 1 :])


@given(citizens, st.integers(0, 15))
def test_two_neighbours_changed_over_are_found(number: str, place: int):
    turned = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert turned == number or gb11643.fault(turned)


@given(st.text(max_size=20))
def test_any_text_gets_an_answer_and_never_an_error(text: str):
    assert gb11643.is_valid(gb11643.clean(text)) == (gb11643.fault(gb11643.clean(text)) == "")


@given(st.integers(0, 99).filter(lambda n: f"{n:02d}" not in gb11643.PROVINCES and n < 90), births)
def test_an_unknown_province_is_refused(province: int, born: date):
    area = f"{province:02d}0101"
    assert "省级代码" in gb11643.fault(numbered(area, born, 1), on=TODAY)


@given(st.integers(1, 4000))
def test_tomorrow_s_births_are_refused_and_today_s_are_not(days: int):
    assert gb11643.fault(numbered("610114", TODAY, 1), on=TODAY) == ""
    assert "晚于今天" in gb11643.fault(numbered("610114", TODAY + timedelta(days=days), 1), on=TODAY)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (numbered("610114", date(1899, 12, 31), 1), "出生日期"),
        ("610114199002300011", "出生日期"),
        ("61011419900101001", "应为 18 位"),
        ("６１０１１４199001010011"[:18], "数字"),
    ],
)
def test_what_is_wrong_is_said(number: str, words: str):
    assert words in gb11643.fault(number, on=TODAY)
