"""Content as fields of a page and back; what is wrong while it is typed; two contents side by side."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given, settings

from yichuang.catalogue.rules import aligned, editing
from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules.findings import Context
from yichuang.catalogue.tests.given import CONTENT
from yichuang.catalogue.tests.test_content import JSONS, st

FULL = shape.normalise({**CONTENT, "local_task_code": "T-1"})
FORM = {"groups": [{"code": "place", "title": "场所", "fields": [
    {"code": "big", "label": "超过百平米", "type": "boolean"}, {"code": "kind", "label": "类别", "type": "text"},
]}]}  # fmt: skip


def there_and_back(content, base=None):
    posted = editing.settle(editing.spread(content).items())
    return shape.normalise(editing.gather(posted, content if base is None else base))


def test_nothing_is_left_out_of_the_page():
    outline = editing.outline()
    shown = [name for part in outline if part.kind == "elements" for name in part.names] + [
        p.key for p in outline if p.key
    ]
    assert sorted(shown) == sorted(set(shape.KEYS) - editing.UNSHOWN)
    assert len({part.anchor for part in outline}) == len(outline)


def test_a_list_that_is_added_to_the_tables_appears_by_itself(monkeypatch):
    columns = {
        "name": ("text", 60),
        "codes": ("words", 40),
        "open": ("yes", 0),
        "answers": ("any", 0),
        "when": ("any", 0),
    }
    monkeypatch.setitem(shape.LISTS, "chances", ("情形", columns))
    monkeypatch.setitem(shape.LABELS, "chances", "情形")
    rows_ = [
        {
            "name": "新办",
            "codes": ["m1"],
            "open": True,
            "answers": [{"a": 1}],
            "when": {"field": "place.name", "eq": "x"},
        },
        {},
    ]
    content = shape.normalise({**FULL, "chances": rows_})
    assert editing.outline()[-1].key == "chances"
    assert there_and_back(content) == content
    assert editing.moved(editing.spread(content), "chances.add").at == 2
    assert aligned.count(aligned.aligned(FULL, content)) == 2
    monkeypatch.setattr(editing, "UNSHOWN", frozenset({"form", "chances"}))
    assert "chances" not in [part.key for part in editing.outline()]
    assert there_and_back(content) == content, "what is not shown is carried over"


def test_a_content_goes_there_and_back():
    assert there_and_back(FULL) == FULL
    assert there_and_back(FULL, base={"form": FULL["form"]}) == FULL
    empty = shape.normalise({})
    assert there_and_back(empty) == empty


@pytest.mark.parametrize(
    "when",
    [
        {"field": "place.big", "eq": True}, {"field": "place.big", "ne": False}, {"field": "place.big", "eq": "是"},
        {"field": "place.kind", "in": ["宾馆", "浴室、足浴"]}, {"field": "place.kind", "eq": "是"}, {"field": "place.kind", "eq": 12},
        {"field": "place.kind", "eq": "12"}, {"field": "place.kind", "eq": "true"}, {"field": "place.kind", "ne": True},
        {"field": "gone", "eq": "x"}, {"field": "place.kind", "eq": ""}, {"field": "place.kind", "in": []},
        {"colour": "red"}, {"field": "place.kind", "eq": ["a"]}, {"field": "place.kind", "eq": "a\nb"}, {"field": 1, "eq": 2},
        {"field": "place.kind", "eq": " a"}, {"field": "place.kind", "in": [1, "1", 1.5, None, "null"]},
    ],
)  # fmt: skip
def test_a_condition_goes_there_and_back(when):
    content = copy.deepcopy(FULL) | {"form": FORM}
    content["materials"][1]["when"] = when
    back = there_and_back(shape.normalise(content))["materials"][1]["when"]
    assert back == when
    assert [type(v) for v in back.values()] == [type(v) for v in when.values()]


def test_boxes_keep_their_order_and_lines_their_commas():
    content = {**FULL, "deliveries": ["electronic", "counter"], "aliases": ["办证、换证", "[旧名]"]}
    assert there_and_back(content)["deliveries"] == ["electronic", "counter"]
    assert there_and_back(content)["aliases"] == ["办证、换证", "[旧名]"]
    posted = editing.spread(content)
    posted["deliveries"] = ["", "counter", "post", "electronic"]
    assert editing.gather(posted, content)["deliveries"] == ["electronic", "counter", "post"]


def test_what_was_not_sent_stays():
    posted = editing.spread(FULL)
    for name in [n for n in posted if n == "summary" or n.startswith(("steps.", "licence."))]:
        del posted[name]
    posted["handle_type"] = [""]
    made = shape.normalise(editing.gather(posted, FULL))
    assert {k: made[k] for k in ("summary", "steps", "licence")} == {
        k: FULL[k] for k in ("summary", "steps", "licence")
    }
    assert made["handle_type"] == []


def test_a_part_without_a_word_is_none():
    posted = editing.spread(FULL)
    posted |= {name: [""] for name in posted if name.startswith("licence.")}
    assert editing.gather(posted, FULL)["licence"] is None


def rows(posted, key="materials", column="code"):
    return [row[column][-1] for row in editing.rows_of(posted, key)]


def test_rows_are_added_moved_and_removed():
    posted = editing.spread(FULL)
    added = editing.moved(posted, "materials.add")
    assert (added.key, added.at, rows(added.posted)) == ("materials", 2, ["m1", "m2", "m3"])
    removed = editing.moved(added.posted, "materials.1.remove")
    assert (removed.at, rows(removed.posted)) == (1, ["m1", "m3"])
    again = editing.moved(removed.posted, "materials.add")
    assert rows(again.posted) == ["m1", "m3", "m4"], "a code names one row, never another one later"
    assert rows(editing.moved(posted, "materials.add", ["m9", "x", "m"]).posted) == ["m1", "m2", "m10"]
    up = editing.moved(again.posted, "materials.2.up")
    assert (up.at, rows(up.posted)) == (1, ["m1", "m4", "m3"])
    assert rows(editing.moved(up.posted, "materials.0.up").posted) == ["m1", "m4", "m3"]
    assert rows(editing.moved(up.posted, "materials.0.down").posted) == ["m4", "m1", "m3"]
    made = shape.normalise(editing.gather(up.posted, FULL))
    assert made["materials"][0]["material_name"] == "公共场所卫生许可申请表"
    assert {k: v for k, v in made.items() if k != "materials"} == {k: v for k, v in FULL.items() if k != "materials"}
    only = editing.moved(editing.spread(FULL), "questions.0.remove")
    assert (only.at, editing.gather(only.posted, FULL)["questions"]) == (None, [])


@pytest.mark.parametrize("what", ["", "materials", "materials.9.remove", "materials.-1.up", "materials.0.burn", "materials.x.up", "form.add", "colour.add", "materials.²." + "up", "licence.add"])  # fmt: skip
def test_a_row_that_is_not_there(what):
    with pytest.raises(LookupError, match=r"\w"):
        editing.moved(editing.spread(FULL), what)


def test_there_are_not_more_rows_than_a_page_can_bear(monkeypatch):
    monkeypatch.setattr(editing, "MOST_ROWS", 2)
    with pytest.raises(LookupError, match="最多2项"):
        editing.moved(editing.spread(FULL), "materials.add")


def test_what_cannot_be_read_is_told_at_its_place_and_the_rest_is_checked():
    typed = {**FULL, "promise_day": "五", "anticipate_day": 20, "link_way": "", "department": "没有这个局"}
    typed["materials"] = [{**FULL["materials"][0], "page_num": "两"}, {**FULL["materials"][1], "code": "m1"}]
    content, problems = editing.readable(typed)
    found = editing.look(content, problems, Context(departments=frozenset({"阎良区行政审批服务局"})))
    told = {one.element: one.code for one in found}
    assert (
        told["promise_day"] == told["materials.0.page_num"] == told["materials"] == told["department"] == editing.SHAPE
    )
    assert told["link_way"] == "element.missing"
    assert [one.element for one in found].count("promise_day") == 1
    assert typed["promise_day"] == "五", "what was typed is left alone"


@given(st.dictionaries(st.sampled_from([*shape.KEYS, "colour", "materials.0"]), JSONS, max_size=6))
@settings(max_examples=300, deadline=None)
def test_anything_can_be_looked_at(typed):
    content, problems = editing.readable(typed)
    assert shape.normalise(content) == content
    assert {one.element for one in editing.look(content, problems, Context())} >= set(problems)
    back = shape.normalise(editing.gather(editing.settle(editing.spread(content).items()), content))
    assert back.keys() == content.keys()


# -- side by side -----------------------------------------------------------------------------------------------------


def block(blocks, title):
    return next(b for b in blocks if b.title == title)


def test_side_by_side_marks_what_was_added_removed_changed_and_moved():
    after = copy.deepcopy(FULL)
    after["promise_day"] = 3
    after["summary"] = ""
    after["limit_explain"] = "每年10家"
    after["materials"] = [
        {**FULL["materials"][1], "page_num": 2},
        {**FULL["materials"][1], "code": "m3", "material_name": "平面图"},
    ]
    after["steps"] = [FULL["steps"][1], FULL["steps"][0], FULL["steps"][2]]
    blocks = aligned.aligned(FULL, after)
    marks = {line.label: line.mark for b in blocks for line in b.lines if line.mark != aligned.SAME}
    assert marks == {"承诺办结时限": "changed", "一句话说明": "removed", "数量限制": "added"}
    assert [(r.title, r.mark, r.old, r.new) for r in block(blocks, "申请材料").rows] == [
        ("公共场所卫生许可申请表", "removed", 1, 0), ("公共场所卫生检测报告", "changed", 2, 1), ("平面图", "added", 0, 2)
    ]  # fmt: skip
    assert sorted(r.mark for r in block(blocks, "办理环节").rows) == ["moved", "same", "same"]
    only = [b.only_differing() for b in blocks if b.mark != aligned.SAME]
    assert aligned.count(only) == aligned.count(blocks) == 7
    (changed,) = [r for r in block(only, "申请材料").rows if r.mark == "changed"]
    assert [(line.label, line.before, line.after) for line in changed.lines] == [("份数", [(True, "1")], [(True, "2")])]


def test_side_by_side_shows_the_words_that_differ():
    after = {**FULL, "summary": FULL["summary"].replace("宾馆", "旅馆")}
    (line,) = [x for b in aligned.aligned(FULL, after) for x in b.lines if x.mark == aligned.CHANGED]
    assert "".join(text for _, text in line.before) == FULL["summary"]
    assert [text for differs, text in line.before if differs] == ["宾"]
    assert [text for differs, text in line.after if differs] == ["旅"]


def test_the_same_twice_differs_nowhere():
    assert aligned.count(aligned.aligned(FULL, FULL)) == 0
