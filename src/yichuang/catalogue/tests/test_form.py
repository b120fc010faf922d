"""The application form: its definition, its check, its pre-fill."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yichuang.catalogue.rules import fieldtypes, formread
from yichuang.catalogue.rules.form import Condition, FormDefinition, condition
from yichuang.identity.tests.given import citizen_number, organisation_code


def form(*fields, **group) -> FormDefinition:
    return formread.read({"groups": [{"code": "g", "title": "组", "fields": list(fields), **group}]})


def field(code="f", type="text", **more):
    return {"code": code, "label": "名称", "type": type, **more}


def said(definition: FormDefinition, value, **more) -> str:
    """What is said about one answer, "" when it fits."""
    return definition.check({"g": {"f": value}}, **more).errors.get("g.f", "")


@pytest.mark.parametrize(
    ("kind", "given_", "kept"),
    [
        ("text", "  阎良区  一店 ", "阎良区 一店"),
        ("longtext", "一\r\n二", "一\n二"),
        ("integer", "1,200", 1200),
        ("integer", 7, 7),
        ("decimal", "86.50", "86.50"),
        ("money", "1,000", "1000.00"),
        ("date", "2026年2月28日", "2026-02-28"),
        ("date", "20260228", "2026-02-28"),
        ("phone", "139 1234 5678", "13912345678"),
        ("phone", "029-86200000", "029-86200000"),
        ("boolean", "on", True),
        ("boolean", None, False),
        ("email", "a@example.com", "a@example.com"),
        ("citizen_id", citizen_number(5).lower(), citizen_number(5)),
        ("uscc", organisation_code(5).lower(), organisation_code(5)),
    ],
)
def test_an_answer_is_kept_in_one_form(kind, given_, kept):
    checked = form(field(type=kind)).check({"g": {"f": given_}})
    assert checked.errors == {}
    assert checked.values == {"g": {"f": kept}}


@pytest.mark.parametrize(
    ("more", "given_", "message"),
    [
        ({"required": True}, "", "请填写名称"),
        ({"type": "choice", "required": True, "choices": [{"value": "1", "label": "甲"}]}, None, "请选择名称"),
        ({"max_length": 5}, "六个字的名称", "名称最多5字，现有6字，请删减"),
        ({"pattern": "[0-9]{6}", "help": "6位邮政编码"}, "71008", "名称的格式不对：6位邮政编码，请核对后重新填写"),
        ({"type": "integer"}, "三", "名称请填写整数，例如 12"),
        ({"type": "integer", "min": 1}, "0", "名称不能小于1，请核对"),
        ({"type": "integer", "max": 10}, "11", "名称不能大于10，请核对"),
        ({"type": "money"}, "1.005", "名称以元为单位，最多两位小数"),
        ({"type": "money"}, "-1", "名称不能小于零，请核对金额"),
        ({"type": "date"}, "2026-02-30", "名称不是一个存在的日期，请按“2026-11-24”的样式填写"),
        ({"type": "date", "min": "2026-03-01"}, "2026-02-28", "名称不能早于2026年3月1日，请核对"),
        ({"type": "date", "max": "today"}, "2026-11-25", "名称不能晚于2026年11月24日，请核对"),
        (
            {"type": "phone"},
            "1391234567",
            "名称应为11位手机号，或带区号的固定电话（如 029-86200000），现有10位，请核对",
        ),
        ({"type": "email"}, "a@b", "名称的格式不对，请按“name@example.com”的样式填写"),
        ({"type": "citizen_id"}, "61011419880615001", "名称应为 18 位，您填写了 17 位，请检查是否多输或漏输"),
        ({"type": "uscc"}, "91610114MA0000001", "名称应为18位，现有17位，请核对"),
        ({"type": "boolean"}, "也许", "“名称”请选择“是”或“否”"),
        ({"type": "boolean", "required": True}, "0", "请确认“名称”后再继续"),
        ({"type": "text"}, ["一", "二"], "“名称”只能填写一个值，请重新填写"),
    ],
)
def test_a_message_says_what_is_wrong_and_how_to_mend_it(more, given_, message):
    assert said(form(field(**more)), given_, today="2026-11-24") == message


def test_digits_are_checked():
    wrong = citizen_number(5)[:-1] + ("0" if citizen_number(5)[-1] != "0" else "1")
    assert "校验位不符" in said(form(field(type="citizen_id")), wrong)
    assert "出生日期" in said(form(field(type="citizen_id")), "61011419881315001X")
    code = organisation_code(5)
    assert "校验码不对" in said(form(field(type="uscc")), code[:-1] + ("0" if code[-1] != "0" else "1"))


def test_what_is_not_asked_is_refused_by_name():
    checked = form(field()).check({"g": {"f": "好", "x": "1"}, "h": {}})
    assert checked.errors == {"h": "没有“h”这一栏，请删去", "g.x": "“组”中没有“x”这一项，请删去"}
    assert checked.values == {"g": {"f": "好"}}


CHOOSE = field("kind", "choice", choices=[{"value": "1", "label": "餐饮"}, {"value": "2", "label": "零售"}])


def test_a_hidden_answer_falls_away_and_is_not_required():
    definition = form(CHOOSE, field("area", "decimal", required=True, when={"field": "kind", "eq": "1"}))
    assert definition.check({"g": {"kind": "2", "area": "9"}}).values == {"g": {"kind": "2"}}
    assert "g.area" in definition.check({"g": {"kind": "1"}}).errors


def test_a_hidden_group_falls_away_whole():
    definition = formread.read(
        {
            "groups": [
                {"code": "a", "title": "甲", "fields": [CHOOSE]},
                {
                    "code": "b",
                    "title": "乙",
                    "when": {"field": "a.kind", "in": ["1"]},
                    "fields": [field(required=True)],
                },
            ]
        }
    )
    assert [g.code for g in definition.asked({"a": {"kind": "2"}})] == ["a"]
    assert definition.check({"a": {"kind": "2"}, "b": {"f": "x"}}).values == {"a": {"kind": "2"}}
    assert definition.check({"a": {"kind": "1"}}).errors == {"b.f": "请填写名称"}


def test_repeats_are_counted_and_named_by_their_row():
    definition = form(field(required=True), field("when_", "date"), repeat=True, min=1, max=2)
    assert "至少填写1项" in definition.check({"g": []}).errors["g"]
    rows = [{"f": "一"}, {}, {"f": "", "when_": "2026-13-01"}]
    checked = definition.check({"g": rows})
    assert set(checked.errors) == {"g.1.f", "g.1.when_"}
    assert "删去1项" in definition.check({"g": [{"f": "一"}, {"f": "二"}, {"f": "三"}]}).errors["g"]


def test_one_group_is_checked_alone_and_the_others_are_left():
    definition = formread.read(
        {
            "groups": [
                {"code": "a", "title": "甲", "fields": [field(required=True)]},
                {"code": "b", "title": "乙", "fields": [field(required=True)]},
            ]
        }
    )
    checked = definition.check({"a": {}, "b": {"f": "x"}}, only="b")
    assert checked.ok
    assert checked.values == {"a": {}, "b": {"f": "x"}}


def test_what_is_known_is_filled_and_marked_and_nothing_typed_is_replaced():
    definition = form(
        field("name", source="applicant.name"),
        field("phone", "phone", source="applicant.phone"),
        field("code", "uscc", source="applicant.id_number"),
    )
    known = {"applicant.name": "张三", "applicant.phone": "13912345678", "applicant.id_number": "not a code"}
    values, marked = definition.prefill(known, {"g": {"name": "李四"}})
    assert values == {"g": {"name": "李四", "phone": "13912345678"}}
    assert marked == {"g.phone": "applicant.phone"}


def test_answers_read_as_a_person_would():
    definition = form(CHOOSE, field("day", "date"), field("sum", "money"), field("yes", "boolean"))
    values = definition.check({"g": {"kind": "1", "day": "2026-11-24", "sum": "8", "yes": True}}).values
    [(title, lines)] = definition.readable(values)
    assert title == "组"
    assert [answer for _, _, answer in lines] == ["餐饮", "2026年11月24日", "8.00元", "是"]


@pytest.mark.parametrize(
    ("given_", "answer", "holds"),
    [
        ({"field": "f", "eq": "1"}, "1", True),
        ({"field": "f", "eq": "1"}, 1, True),
        ({"field": "f", "eq": True}, "true", True),
        ({"field": "f", "eq": ""}, None, True),
        ({"field": "f", "ne": "1"}, "", True),
        ({"field": "f", "in": ["1", "2"]}, ["2", "9"], True),
        ({"field": "f", "in": ["1", "2"]}, "3", False),
        ({"field": "f", "ne": "1"}, ["1"], False),
    ],
)
def test_conditions(given_, answer, holds):
    read = condition(given_)
    assert read is not None
    assert read.holds(answer) is holds
    assert condition(read.as_dict()) == read


@pytest.mark.parametrize(
    ("definition", "problem"),
    [
        ({"groups": [{"code": "G", "title": "组", "fields": [field()]}]}, "小写字母开头"),
        ({"groups": [{"code": "g", "title": "", "fields": [field()]}]}, "缺少标题"),
        ({"groups": [{"code": "g", "title": "组", "fields": []}]}, "至少要有一个字段"),
        ({"groups": [{"code": "g", "title": "组", "fields": [field(type="colour")]}]}, "不认识的类型"),
        ({"groups": [{"code": "g", "title": "组", "fields": [field(), field()]}]}, "“f”重复"),
        ({"groups": [{"code": "g", "title": "组", "fields": [field(type="choice")]}]}, "缺少选项"),
        ({"groups": [{"code": "g", "title": "组", "fields": [field(colour=1)]}]}, "不认识的属性“colour”"),
        ({"groups": [{"code": "g", "title": "组", "fields": [field(pattern="(")]}]}, "格式表达式不正确"),
        ({"groups": [{"code": "g", "title": "组", "fields": [field(pattern="(a+)+b")]}]}, "嵌套的重复"),
        ({"groups": [{"code": "g", "title": "组", "fields": [field(source="applicant.shoe")]}]}, "不认识的预填来源"),
        ({"groups": [{"code": "g", "title": "组", "fields": [field(min=3)]}]}, "没有大小界限"),
        ({"groups": [{"code": "g", "title": "组", "fields": [field(type="integer", min=3, max=1)]}]}, "大于上限"),
        ({"groups": [{"code": "g", "title": "组", "fields": [field(type="date", min="soon")]}]}, "样式的日期"),
        ({"groups": [{"code": "g", "title": "组", "fields": [field(when={"field": "no", "eq": 1})]}]}, "不存在"),
        ({"groups": [{"code": "g", "title": "组", "fields": [field(when={"field": "f", "eq": 1})]}]}, "排在它之前"),
        (
            {"groups": [{"code": "g", "title": "组", "fields": [CHOOSE, field(when={"field": "kind", "eq": "9"})]}]},
            "不是“名称”的选项",
        ),
        ({"groups": [{"code": "g", "title": "组", "fields": [field(when={"field": "f"})]}]}, "恰有"),
        ({"groups": [{"code": "g", "title": "组", "repeat": True, "max": 0, "fields": [field()]}]}, "重复次数"),
        ({"fields": []}, "缺少 groups"),
    ],
)
def test_an_unsound_definition_is_told_with_its_place(definition, problem):
    _, problems = formread.parse(definition)
    assert any(problem in one for one in problems), problems
    with pytest.raises(ValueError, match=r"\S"):
        formread.read(definition)


# -- properties -------------------------------------------------------------------------------------------------------

CODES = st.text(string.ascii_lowercase, min_size=1, max_size=4)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.dates().map(str))
ANSWERS = st.one_of(SCALARS, st.lists(SCALARS, max_size=3), st.dictionaries(st.text(max_size=4), SCALARS, max_size=2))


@st.composite
def definitions(draw) -> FormDefinition:
    groups = []
    for code in draw(st.lists(CODES, min_size=1, max_size=3, unique=True)):
        fields: list[dict] = []
        for name in draw(st.lists(CODES, min_size=1, max_size=5, unique=True)):
            kind = draw(st.sampled_from(sorted(fieldtypes.TYPES)))
            one = {"code": name, "label": name, "type": kind, "required": draw(st.booleans())}
            if kind in ("choice", "choices"):
                one["choices"] = [{"value": v, "label": v} for v in "abc"]
            if fields and draw(st.booleans()):
                other = draw(st.sampled_from(fields))
                value = "a" if other.get("choices") else draw(st.sampled_from(["", "x", True]))
                one["when"] = {"field": other["code"], draw(st.sampled_from(["eq", "ne"])): value}
            fields.append(one)
        groups.append({"code": code, "title": code, "fields": fields, "repeat": draw(st.booleans()), "max": 5})
    return formread.read({"groups": groups})


@given(definitions(), st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_is_sent_is_answered_and_a_clean_answer_stays_as_it_is(definition, data):
    codes = [g.code for g in definition.groups]
    names = sorted({f.code for _, f in definition.walk()})
    row = st.dictionaries(st.sampled_from(names), ANSWERS, max_size=4)
    sent = data.draw(st.dictionaries(st.sampled_from(codes), st.one_of(row, st.lists(row, max_size=3), ANSWERS)))
    checked = definition.check(sent)
    for path in checked.errors:
        assert definition.group(path.split(".")[0]) is not None
    if checked.ok:
        again = definition.check(checked.values)
        assert again.ok
        assert again.values == checked.values
        definition.readable(checked.values)


@given(st.sampled_from(sorted(fieldtypes.TYPES)), ANSWERS)
@settings(max_examples=300, deadline=None)
def test_no_answer_breaks_a_type(kind, value):
    more = {"choices": [{"value": "a", "label": "甲"}]} if kind in ("choice", "choices") else {}
    checked = form(field(type=kind, required=True, **more)).check({"g": {"f": value}}, today="2026-11-24")
    message = checked.errors.get("g.f")
    assert message is None or len(message) > 4


@given(st.sampled_from(["eq", "ne"]), SCALARS, SCALARS)
def test_ne_is_the_opposite_of_eq(op, value, answer):
    other = "ne" if op == "eq" else "eq"
    assert Condition("f", op, (value,)).holds(answer) != Condition("f", other, (value,)).holds(answer)
