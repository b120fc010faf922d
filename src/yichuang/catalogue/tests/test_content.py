"""The one shape: read from any spelling, written in one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yichuang.catalogue.commands.writing import digest_of
from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules.differences import differences
from yichuang.catalogue.tests.given import CONTENT


def test_spellings_of_one_content_are_one_content():
    spelled = {
        **dict(reversed(CONTENT.items())),
        "task_type": "1",
        "anticipate_day": "20",
        "is_online": "是",
        "handle_type": "1、2，3;4",
        "limit_scene_num": 0.0,
        "conditions": ["有固定的经营场所"],
        "entrust_name": None,
        "aliases": '["开理发店要办什么证","宾馆卫生证"]',
    }
    assert shape.normalise(spelled) == shape.normalise(CONTENT)
    assert digest_of(spelled) == digest_of(CONTENT)


def test_compact_loses_nothing():
    full = shape.normalise(CONTENT)
    assert shape.normalise(shape.compact(full)) == full


@pytest.mark.parametrize(
    ("changes", "place", "message"),
    [
        ({"colour": "red"}, "colour", "不认识的要素“colour”"),
        ({"task_type": "99"}, "task_type", "不在代码表中"),
        ({"promise_day": "五"}, "promise_day", "应为整数"),
        ({"promise_day": -1}, "promise_day", "0至9999"),
        ({"is_online": "也许"}, "is_online", "应为“是”或“否”"),
        ({"task_name": "名" * 1001}, "task_name", "最多1000字，现有1001字"),
        ({"materials": {"code": "m"}}, "materials", "应为列表"),
        ({"materials": [{"colour": 1}]}, "materials.0.colour", "不认识的属性"),
        ({"steps": [{"days": "x"}]}, "steps.0.days", "应为整数"),
        ({"licence": "证"}, "licence", "应为一组属性"),
        ({"handle_type": "[1"}, "handle_type", "不是完整的 JSON 列表"),
    ],
)
def test_what_has_not_the_shape_is_told_at_its_place(changes, place, message):
    with pytest.raises(shape.Malformed) as wrong:
        shape.normalise({**CONTENT, **changes})
    assert message in wrong.value.problems[place]


JSONS = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(shape.KEYS), JSONS, max_size=6))
@settings(max_examples=300, deadline=None)
def test_anything_either_has_the_shape_or_is_told(given_):
    try:
        full = shape.normalise(given_)
    except shape.Malformed:
        return
    assert shape.normalise(full) == full
    assert shape.normalise(shape.compact(full)) == full
    assert differences(full, full) == []


def test_differences_name_the_element_and_the_row():
    after = {**CONTENT, "promise_day": 3, "materials": [CONTENT["materials"][0]]}
    after["steps"] = [{**CONTENT["steps"][0], "days": 2}, *CONTENT["steps"][1:]]
    found = {(d.key, d.label): (d.before, d.after) for d in differences(CONTENT, after)}
    assert found["promise_day", "承诺办结时限"] == (5, 3)
    assert found["materials", "申请材料：公共场所卫生检测报告"][1] is None
    assert found["steps", "办理环节：审查"][1]["days"] == 2
    assert len(found) == 3
