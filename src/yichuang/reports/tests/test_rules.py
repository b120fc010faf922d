"""How a counted figure is told: cut, never rounded; what cannot be computed says so."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.reports.rules.figures import COUNT, FIGURES, PERCENT, TENS, Counted, Figure, chosen, tell


@pytest.mark.parametrize(
    ("part", "whole", "decimals", "text"),
    [(581, 624, 1, "93.1%"), (579, 624, 1, "92.7%"), (118, 129, 2, "91.47%"), (624, 624, 0, "100%"), (1, 3, 0, "33%")],
)
def test_a_percent_is_cut(part, whole, decimals, text):
    told = tell(Figure("x", "率", "", PERCENT, decimals), Counted(part, whole))
    assert told.text == text
    assert told.value == float(text.removesuffix("%"))
    assert f"{part} ÷ {whole}" in told.rule


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 4))
def test_a_cut_percent_is_never_above_the_true_one_and_less_than_a_step_below(part, whole, decimals):
    told = tell(Figure("x", "率", "", PERCENT, decimals), Counted(part, whole))
    true = Decimal(100 * part) / Decimal(whole)
    shown = Decimal(told.text.removesuffix("%"))
    assert shown <= true < shown + Decimal(1).scaleb(-decimals)


@pytest.mark.parametrize(("part", "text"), [(50, "50%以上"), (59, "50%以上"), (60, "60%以上"), (9, "0%以上")])
def test_tens_are_floored(part, text):
    assert tell(Figure("x", "率", "", TENS), Counted(part, 100)).text == text


def test_what_cannot_be_computed_is_not_guessed():
    for counted in (Counted(3, 0), Counted(why="没有记录")):
        told = tell(Figure("x", "率", "", PERCENT), counted)
        assert told.value is None
        assert told.text == "无法计算"
        assert told.rule
    assert tell(Figure("x", "数", "", COUNT), Counted(0)).value == 0


def test_ids_are_unique_and_denominators_known():
    ids = [figure.id for figure in FIGURES]
    assert len(ids) == len(set(ids))
    assert {figure.of for figure in FIGURES} - {""} <= set(ids)
    assert [f.id for f in chosen("clinic")] == ["clinic.before", "clinic.after"]
    assert chosen("nothing") == []
    assert chosen() == list(FIGURES)
