"""情形引导: the definition as it is read, what lint says of it, what answers come to, the grid and back."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from yichuang.catalogue.rules import aligned, content, differences, lint, reading, situationgrid
from yichuang.catalogue.rules.situations import parse
from yichuang.catalogue.tests import given
from yichuang.catalogue.tests.given_situations import NEW, RENAMED, SITUATIONS, asked


def whole(**overrides):
    own = {**copy.deepcopy(given.CONTENT), "local_task_code": "610114-X-1"}
    return content.normalise({**own, **asked(**overrides)})


def found(**overrides):
    return [(f.code, f.severity) for f in lint.check(whole(**overrides)) if f.code.startswith("situation")]


def test_a_sound_table_is_told_nothing():
    assert found() == []


def test_questions_are_asked_only_where_they_matter():
    table = parse(SITUATIONS)[0]
    assert [q.code for q in table.asked({})] == ["what"]
    assert [q.code for q in table.asked(NEW)] == ["what"]
    assert [q.code for q in table.asked({"what": "change"})] == ["what", "changed"]
    assert list(table.all_answers()) == [NEW, {"what": "change", "changed": "place"}, RENAMED]


def test_no_row_applies_while_a_question_is_open_or_answered_with_nonsense():
    table = parse(SITUATIONS)[0]
    assert table.row({}) is None
    assert table.row({"what": "change"}) is None
    assert table.row({"what": "change", "changed": "colour"}) is None
    assert table.row({"what": ["new"]}) is None
    assert table.row({**NEW, "changed": "name"}).handling == "h1"  # what is not asked does not count
    assert table.row(RENAMED).days == 2


ROWS = SITUATIONS["rows"]
MANY = [
    {"code": f"q{n}", "text": f"问{n}", "choices": [{"value": v, "label": v} for v in "abcdefgh"]} for n in range(4)
]


@pytest.mark.parametrize(
    ("code", "severity", "change"),
    [
        ("situation.none", "error", {"rows": ROWS[:2], "examples": []}),
        ("situation.twice", "error", {"rows": [*ROWS, {"when": {"what": ["new"]}, "handling": "h1"}]}),
        ("situation.dead", "warning", {"rows": [*ROWS, {"when": {"what": ["new"], "changed": ["name"]}, "handling": "h1"}]}),
        ("situation.handling", "error", {"rows": [{**ROWS[0], "handling": "h9"}, *ROWS[1:]]}),
        ("situation.handling", "error", {"rows": [{**ROWS[0], "handling": ""}, *ROWS[1:]]}),
        ("situation.material", "error", {"rows": [{**ROWS[0], "without": {"m9": "无"}}, *ROWS[1:]]}),
        ("situation.days", "error", {"rows": [*ROWS[:2], {**ROWS[2], "days": 6}], "examples": []}),
        ("situation.fee", "error", {"rows": [{**ROWS[0], "fee": "工本费"}, *ROWS[1:]]}),
        ("situation.unreached", "warning", {"rows": [{**r, "handling": "h1"} for r in ROWS], "examples": []}),
        ("situation.never", "warning", {"rows": [{**r, "without": {"m2": "无"}} for r in ROWS]}),
        ("situation.examples", "warning", {"examples": []}),
        ("situation.example", "error", {"examples": [{**SITUATIONS["examples"][0], "materials": ["m1", "m2"]}]}),
        ("situation.example", "error", {"examples": [{**SITUATIONS["examples"][0], "answers": {}}]}),
        ("situation.empty", "error", {"rows": [], "examples": []}),
        ("situation.many", "error", {"questions": MANY, "rows": [{"when": {}, "handling": "h1"}], "examples": []}),
        ("situation.shape", "error", {"questions": "x"}),
        ("situation.shape", "error", {"rows": [{**ROWS[0], "days": "快"}, *ROWS[1:]]}),
        ("situation.shape", "error", {"more": 1}),
    ],
)  # fmt: skip
def test_each_fault_is_found(code, severity, change):
    assert (code, severity) in found(**change)


def test_a_table_that_leaves_answers_out_names_them():
    told = next(f for f in lint.check(whole(rows=ROWS[:2], examples=[])) if f.code == "situation.none")
    assert "您要办什么：变更；变更的是什么：名称" in told.message


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"code": "1a"}, "应以小写字母开头"),
        ({"text": ""}, "请写出问题"),
        ({"choices": [{"value": "x", "label": "一"}]}, "至少要有两个选项"),
        ({"choices": [{"value": 'x"', "label": "一"}, {"value": "y", "label": "二"}]}, "都要有值"),
        ({"choices": [{"value": "x", "label": "一"}, {"value": "x", "label": "二"}]}, "重复"),
        ({"when": {"field": "later", "in": ["x"]}}, "排在它之前"),
        ({"when": {"field": "what"}}, "恰有"),
        ({"choices": 5}, "应为列表"),
        ({"when": {"field": "what", "ne": "new"}}, "只用"),
    ],
)
def test_a_question_that_cannot_be_asked_is_told(change, words):
    given_ = copy.deepcopy(SITUATIONS)
    given_["questions"][0] |= change
    assert any(words in problem for _, problem in parse(given_)[1])


def test_the_form_may_not_have_a_group_of_the_same_name():
    c = whole()
    c["form"]["groups"][0]["code"] = "situation"
    assert "situation.group" in [f.code for f in lint.check(c)]


def test_two_contents_differ_by_the_row_that_was_changed_and_read_in_words():
    before, after = whole(), whole(rows=[*ROWS[:2], {**ROWS[2], "days": 3}])
    told = reading.differences(before, after)
    assert [label for label, _, _ in told] == ["情形引导：〔您要办什么：变更；变更的是什么：名称〕"]
    assert "2天" in told[0][1]
    assert "3天" in told[0][2]
    assert "新办、变更" in differences.situation_parts(SITUATIONS)["您要办什么？"]
    section = next(s for s in reading.sections(before) if s.title == "情形引导")
    assert len(section.rows) == 6


def test_side_by_side_the_changed_row_is_marked():
    blocks = aligned.aligned(whole(), whole(rows=[*ROWS[:2], {**ROWS[2], "days": 3}], examples=[]))
    table = next(b for b in blocks if b.title == "情形引导")
    assert [row.mark for row in table.rows] == ["same", "same", "same", "same", "changed", "removed"]


# -- the grid -------------------------------------------------------------------------------------------------------


def fields(data):
    """The grid as a browser sends it."""
    sent = {"q.line": [], "r.line": [], "e.line": []}
    for n, q in enumerate(data["questions"]):
        sent["q.line"].append(str(n))
        sent[f"q.{n}.code"], sent[f"q.{n}.text"] = [q["code"]], [q["text"]]
        sent[f"q.{n}.help"], sent[f"q.{n}.choices"] = [q.get("help", "")], [situationgrid.choices_said(q["choices"])]
        sent[f"q.{n}.when"] = [situationgrid.when_of(q)]
    for n, r in enumerate(data["rows"]):
        sent["r.line"].append(str(n))
        sent |= {f"r.{n}.when.{q}": list(cell) for q, cell in r["when"].items()}
        sent |= {f"r.{n}.without.{m}": [why] for m, why in r.get("without", {}).items()}
        sent |= {f"r.{n}.{key}": [str(r.get(key) or "")] for key in ("handling", "fee", "days", "note")}
    for n, e in enumerate(data["examples"]):
        sent["e.line"].append(str(n))
        sent |= {f"e.{n}.answer.{q}": [v] for q, v in e["answers"].items()}
        sent |= {f"e.{n}.{key}": [str(e.get(key) or "")] for key in ("name", "handling", "fee", "days")}
        sent[f"e.{n}.material"] = list(e["materials"])
    return sent


def test_the_grid_goes_to_fields_and_back():
    data = situationgrid.gather(fields(SITUATIONS))
    assert parse(data) == parse(SITUATIONS)
    assert situationgrid.gather(fields(data)) == data
    assert situationgrid.settled(situationgrid.gather({})) is None


def test_choices_without_a_value_get_one_that_is_free():
    sent = {"q.line": ["0"], "q.0.text": ["谁"], "q.0.choices": ["v1=甲\n乙\n 丙 "]}
    made = situationgrid.gather(sent)["questions"][0]
    assert [c["value"] for c in made["choices"]] == ["v1", "v2", "v3"]
    assert made["code"] == "q1"


def test_what_is_new_gets_no_code_that_something_else_has_had():
    c, data = whole(), situationgrid.gather(fields(SITUATIONS))
    assert situationgrid.act(data, "q.add", c, {}, {"q1", "q2"})["questions"][-1]["code"] == "q3"
    assert [c["value"] for c in situationgrid.choices("甲\n乙", {"v1"})] == ["v2", "v3"]


def test_the_buttons_do_what_they_say():
    c, data = whole(), situationgrid.gather(fields(SITUATIONS))
    assert len(situationgrid.act(data, "q.add", c, {})["questions"]) == 3
    assert len(situationgrid.act(data, "r.copy.1", c, {})["rows"]) == 4
    gone = situationgrid.act(data, "q.remove.1", c, {})
    assert all("changed" not in row["when"] for row in gone["rows"])
    made = situationgrid.act({**data, "rows": data["rows"][:1]}, "r.fill", c, {})
    assert [row["when"] for row in made["rows"][1:]] == [
        {"what": ["change"], "changed": ["place"]},
        {"what": ["change"], "changed": ["name"]},
    ]
    with pytest.raises(LookupError, match="都已有"):
        situationgrid.act(data, "r.fill", c, {})
    tried = {"try.what": ["new"], "e.name": ["新店"]}
    kept = situationgrid.act(data, "e.add", c, tried)["examples"][-1]
    assert kept == {
        "name": "新店",
        "answers": NEW,
        "handling": "h1",
        "materials": ["m1", "m2"],
        "fee": "",
        "days": None,
    }
    with pytest.raises(LookupError, match="请先回答"):
        situationgrid.act(data, "e.add", c, {"try.what": ["change"]})
    wrong = copy.deepcopy(data)
    wrong["examples"][0]["materials"] = ["m2"]
    assert situationgrid.act(wrong, "e.update.0", c, {})["examples"] == data["examples"]
    for word in ("x.add", "r.fly", "r.remove.9", "r.remove", "q.remove.-1"):
        with pytest.raises(LookupError):
            situationgrid.act(data, word, c, {})


@examples(st.lists(st.lists(st.sampled_from("abc"), min_size=2, max_size=3, unique=True), min_size=1, max_size=3))
def test_filling_leaves_every_set_of_answers_with_one_row(choices):
    questions = [
        {"code": f"q{n}", "text": f"问{n}", "choices": [{"value": v, "label": v} for v in values], "when": None}
        for n, values in enumerate(choices)
    ]
    made = situationgrid.act({"questions": questions, "rows": [], "examples": []}, "r.fill", whole(), {})
    table = parse(made)[0]
    assert all(len(table.met(answers)) == 1 for answers in table.all_answers())


@pytest.mark.parametrize("odd", [{"when": None}, {"without": 5}, {"note": ["x"]}, {"days": "快"}])
def test_what_another_system_wrote_is_shown_and_told(odd):
    held = {**SITUATIONS, "rows": [{**ROWS[0], **odd}, *ROWS[1:]]}
    shown = situationgrid.full(held)
    assert isinstance(shown["rows"][0]["when"], dict)
    assert situationgrid.full({"questions": [{"choices": None}]})["questions"][0]["choices"] == []
    lint.check(whole(rows=held["rows"]))


def test_what_is_stored_goes_through_the_grid_unchanged():
    kept = situationgrid.settled(situationgrid.full(SITUATIONS))
    assert kept == situationgrid.settled(situationgrid.gather(fields(SITUATIONS)))
    assert kept["rows"][0] == {"when": {"what": ["new"]}, "handling": "h1"}
