"""One change to many items: what is asked, and what becomes of a content."""

from __future__ import annotations

import copy

import pytest

from yichuang.catalogue.rules import bulk, content, lint
from yichuang.catalogue.tests.given import CONTENT
from yichuang.core.refusal import Refusal

LAW = "公共场所卫生管理条例"
NEW = "公共场所卫生法"
LAWS = {NEW: ("法律", "主席令第9号")}


def whole(**more):
    return content.normalise({**copy.deepcopy(CONTENT), "local_task_code": "T-1", **more})


def changed(change, before=None):
    before = before or whole()
    kept = copy.deepcopy(before)
    done = bulk.apply(bulk.parse([change]), before, LAWS)
    assert before == kept, "the content that was given stands"
    return done


def cite(**more):
    return {"kind": "cite", "law": LAW, "article": "第四条", "new_law": LAW, "new_article": "第六条", **more}


@pytest.mark.parametrize(
    ("change", "name", "value"),
    [
        ({"kind": "set", "element": "promise_day", "value": "3"}, "promise_day", 3),
        ({"kind": "set", "element": "is_express", "value": "否"}, "is_express", False),
        ({"kind": "set", "element": "reform_way", "value": ""}, "reform_way", ""),
        ({"kind": "set", "element": "aliases", "value": "甲、乙"}, "aliases", ["甲", "乙"]),
        ({"kind": "set", "element": "department", "value": "区民政局"}, "department", "区民政局"),
        ({"kind": "replace", "element": "link_way", "target": "029", "value": "0298"}, "link_way", "0298-86200000"),
        ({"kind": "replace", "element": "task_name", "target": "许可", "value": ""}, "task_name", "公共场所卫生"),
        ({"kind": "add", "element": "deliveries", "value": "post"}, "deliveries", ["counter", "post", "electronic"]),
        ({"kind": "add", "element": "aliases", "value": "卫生证"}, "aliases", [*CONTENT["aliases"], "卫生证"]),
        ({"kind": "remove", "element": "handle_type", "value": "2"}, "handle_type", ["1", "3", "4"]),
    ],
)
def test_an_element_after_its_change(change, name, value):
    done = changed(change)
    assert done.content[name] == value
    same = value == whole()[name]
    assert bool(done.notes) == same


def test_a_material_by_its_name():
    name = CONTENT["materials"][1]["material_name"]
    done = changed({"kind": "exempt", "target": name, "value": "电子证照共享"})
    assert [m["exempt"] for m in done.content["materials"]] == ["", "电子证照共享"]
    assert not done.notes
    done = changed({"kind": "justify", "target": name, "value": "无法共享"}, done.content)
    assert [m["justified"] for m in done.content["materials"]] == ["", "无法共享"]
    assert changed({"kind": "exempt", "target": "户口簿", "value": "x"}).notes == ["没有材料“户口簿”"]


def test_a_law_that_is_renumbered():
    done = changed(cite())
    assert done.content["citations"][0]["article"] == "第六条"
    assert done.content["by_law"] == f"《{LAW}》第六条"
    assert done.content["citations"][0]["number"] == CONTENT["citations"][0]["number"]


def test_a_law_that_another_replaces_brings_its_level_and_number():
    row = changed(cite(new_law=f"《{NEW}》")).content["citations"][0]
    assert (row["law"], row["article"], row["level"], row["number"]) == (NEW, "第六条", "法律", "主席令第9号")


def test_only_the_article_itself_and_what_is_within_it():
    rows = [{"law": LAW, "article": a} for a in ("第四条之一", "第四条第二款", "第十四条", "第四条、第五条")]
    before = whole(citations=rows, by_law=f"《{LAW}》第四条之一、《{LAW}》第四条")
    done = changed(cite(), before)
    assert [r["article"] for r in done.content["citations"]] == [
        "第四条之一", "第六条第二款", "第十四条", "第六条、第五条",
    ]  # fmt: skip
    assert done.content["by_law"] == f"《{LAW}》第四条之一、《{LAW}》第六条"


def test_one_of_several_articles_in_a_row_does_not_go_to_another_law():
    before = whole(citations=[{"law": LAW, "article": "第四条、第五条"}])
    done = changed(cite(new_law=NEW), before)
    assert done.content == before
    assert "与其他条写在一起" in done.notes[0]


def test_a_citation_is_there_once():
    before = whole(citations=[{"law": LAW, "article": "第六条"}, {"law": LAW, "article": "第四条"}])
    assert [r["article"] for r in changed(cite(), before).content["citations"]] == ["第六条"]
    assert changed(cite(article="第九十条")).notes == [f"没有引用《{LAW}》第九十条"]


def test_several_changes_in_their_order():
    both = bulk.parse(
        [
            {"kind": "set", "element": "promise_day", "value": "3"},
            {"kind": "replace", "element": "summary", "target": "没有的话", "value": "x"},
        ]
    )
    done = bulk.apply(both, whole(), {})
    assert done.content["promise_day"] == 3
    assert done.notes == ["一句话说明里没有“没有的话”"]
    assert bulk.parse([one.as_dict() for one in both]) == both


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({}, "kind"),
        ({"kind": "burn"}, "kind"),
        ({"kind": "set"}, "element"),
        ({"kind": "set", "element": "colour", "value": "red"}, "element"),
        ({"kind": "set", "element": "local_task_code", "value": "X"}, "element"),
        ({"kind": "set", "element": "task_name", "value": "都一样"}, "element"),
        ({"kind": "set", "element": "materials", "value": "[]"}, "element"),
        ({"kind": "set", "element": "promise_day", "value": "五"}, "value"),
        ({"kind": "set", "element": "promise_day", "value": ""}, "value"),
        ({"kind": "set", "element": "task_type", "value": "99"}, "value"),
        ({"kind": "set", "element": "is_online", "value": "也许"}, "value"),
        ({"kind": "set", "element": "summary", "value": "长" * 301}, "value"),
        ({"kind": "set", "element": "summary", "value": ["x"]}, "value"),
        ({"kind": "replace", "element": "promise_day", "target": "1", "value": "2"}, "element"),
        ({"kind": "replace", "element": "link_way", "value": "2"}, "target"),
        ({"kind": "replace", "element": "link_way", "target": "2", "value": "2"}, "value"),
        ({"kind": "add", "element": "link_way", "value": "2"}, "element"),
        ({"kind": "add", "element": "aliases", "value": ""}, "value"),
        ({"kind": "add", "element": "aliases", "value": "甲、乙"}, "value"),
        ({"kind": "remove", "element": "deliveries", "value": "pigeon"}, "value"),
        ({"kind": "exempt", "value": "x"}, "target"),
        ({"kind": "exempt", "target": "x"}, "value"),
        ({"kind": "justify", "target": "x", "value": "长" * 301}, "value"),
        (cite(new_article=""), "new_article"),
        (cite(article="14"), "article"),
        (cite(new_article="第四条"), "new_article"),
        (cite(colour="red"), "colour"),
    ],
)
def test_what_cannot_be_asked_is_told_at_its_field(change, place):
    with pytest.raises(Refusal) as no:
        bulk.parse([change])
    assert (no.value.code, no.value.status) == ("catalogue.bulk_change", 422)
    assert set(no.value.fields) == {f"changes.0.{place}"}


def test_at_least_one_change_and_not_too_many():
    one = {"kind": "set", "element": "promise_day", "value": "3"}
    for given in ([], [one] * (bulk.MOST_CHANGES + 1)):
        with pytest.raises(Refusal) as no:
            bulk.parse(given)
        assert set(no.value.fields) == {"changes"}


def test_a_text_that_grows_too_long_has_no_shape():
    with pytest.raises(content.Malformed):
        changed({"kind": "replace", "element": "link_way", "target": "0", "value": "零" * 200})


def test_what_a_change_brings_and_mends():
    before, after = whole(promise_day=30), whole(promise_day=3, summary="")
    brought, mended = bulk.turned(lint.check(before), lint.check(after))
    assert "promise_day" in [f.element for f in mended]
    assert "promise_day" not in [f.element for f in brought]
    assert bulk.turned(lint.check(after), lint.check(after)) == ([], [])
