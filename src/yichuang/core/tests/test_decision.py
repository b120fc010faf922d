"""Decision tables: which rows are met, none, one or several; what a value may be."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.core.rules.decision import met

VALUES = ("a", "b", "c")
cells = st.lists(st.sampled_from(VALUES), max_size=3, unique=True)


@pytest.mark.parametrize(
    ("answers", "rows"), [({"x": "a"}, [0, 2]), ({"x": "b"}, [1, 2]), ({"x": "c"}, [2]), ({}, [2]), ({"y": "a"}, [2])]
)
def test_rows_are_met_by_one_of_their_values_and_by_anything_where_none_is_named(answers, rows):
    assert met(["x"], [[["a"]], [["b"]], [[]]], answers) == rows


def test_a_table_without_rows_meets_nothing():
    assert met(["x"], [], {"x": "a"}) == []


@pytest.mark.parametrize("value", ['a"', "a b", "", "中", 'x" or "y', "a\n"])
def test_what_would_be_read_as_the_language_of_the_engine_is_no_value(value):
    with pytest.raises(ValueError, match="不能作为决策表的值"):
        met(["x"], [[[value]]], {"x": "a"})


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=6))
def test_the_engine_says_what_plain_reading_says(rows):
    for x, y in product(("", *VALUES), repeat=2):
        plain = [n for n, (a, b) in enumerate(rows) if (not a or x in a) and (not b or y in b)]
        assert met(["x", "y"], rows, {"x": x, "y": y}) == plain
