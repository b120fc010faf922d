"""The rules of laws: how articles are written, what a version changes, how a text is read."""

from __future__ import annotations

import pytest
from hypothesis import example
from hypothesis import given as drawn
from hypothesis import strategies as st

from yichuang.catalogue.rules import lawtext
from yichuang.catalogue.rules.lawchanges import ArticleText, Changes, Resting, compare, touched
from yichuang.catalogue.rules.laws import Span, holds, joined, label, named, numeral, short, spans, spell
from yichuang.catalogue.tests import given

AT = given.AT
BY = given.by_system()
LAW = "公共场所卫生管理条例"


def at(*numbers: int) -> tuple[Span, ...]:
    return tuple(Span((n, 0), (n, 0)) for n in numbers)


def run(first: int, last: int) -> Span:
    return Span((first, 0), (last, 0))


# -- how articles are written -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("第十四条", at(14)),
        ("第十四条第一款", at(14)),
        ("第十四条第（三）项", at(14)),
        ("第十二条、第十六条", at(12, 16)),
        ("第十二、十六条", at(12, 16)),
        ("第二十条和第二十二条", at(20, 22)),
        ("第五条至第九条", (run(5, 9),)),
        ("第五至九条", (run(5, 9),)),
        ("第五条第二款至第七条", (run(5, 7),)),
        ("第三条—第六条", (run(3, 6),)),
        ("第九条至第五条", (run(5, 9),)),
        ("第十二条第一、二项、第十三条", at(12, 13)),
        ("第十条至十二条", (run(10, 12),)),
        ("第12条", at(12)),
        ("第１２条", at(12)),
        ("第一百零五条", at(105)),
        ("第一〇五条", at(105)),
        ("第一百二十条之一", (Span((120, 1), (120, 1)),)),
        ("第三章第十二条", at(12)),
        ("第五条至第九条、第七条", (run(5, 9),)),
        ("第三章", ()),
        ("小餐饮许可有关条款", ()),
        ("第十十条", ()),
        ("", ()),
    ],
)
def test_articles_are_read_as_people_write_them(words, meant):
    assert spans(words) == meant


@pytest.mark.parametrize(
    "words", ["百", "十十", "一千千", "零", "0", "10000", "一零", "一百二十百", "甲", "", "一百零"]
)
def test_what_is_no_number_is_none(words):
    assert numeral(words) is None


@drawn(st.integers(1, 9999))
@example(10)
@example(110)
@example(1010)
@example(2000)
def test_a_number_reads_back_as_it_was_spelt(n):
    assert numeral(spell(n)) == n
    assert numeral(str(n)) == n
    assert spans(label((n, 0))) == at(n)


@drawn(st.integers(1, 400), st.integers(1, 400))
def test_a_range_holds_all_between_its_ends_and_nothing_else(a, b):
    (span,) = spans(f"{label((a, 0))}至{label((b, 0))}")
    assert [n for n in range(1, 402) if (n, 0) in span] == list(range(min(a, b), max(a, b) + 1))


@drawn(st.lists(st.integers(1, 300), min_size=1, max_size=8))
def test_a_list_means_each_of_its_articles(numbers):
    read = spans("、".join(label((n, 0)) + "第一款" for n in numbers))
    assert {n for n in range(1, 302) if holds(read, (n, 0))} == set(numbers)
    assert list(read) == sorted(read)


@drawn(st.text(max_size=60))
def test_any_words_can_be_read(words):
    read = spans(words)
    assert joined(read) == read


def test_numbers_outside_an_articles_range_are_not_spelt():
    for n in (0, -1, 10_000):
        with pytest.raises(ValueError, match="no article"):
            spell(n)


@pytest.mark.parametrize(
    ("words", "law", "meant"),
    [
        ("《中华人民共和国水法》第七条、第四十八条；《取水许可条例》第二条", "水法", at(7, 48)),
        ("《水法》第七条", "中华人民共和国水法", at(7)),
        ("《水法》（2016年修正）第三条", "水法", at(3)),
        ("《水法》", "水法", ()),
        ("依据《渔业法》第一条", "水法", None),
        ("《公共场所卫生管理条例实施细则》第二十三条", LAW, None),
        ("公共场所卫生管理条例实施细则第二十三条", LAW, None),
        ("根据公共场所卫生管理条例第八条", LAW, at(8)),
        ("某条例第三条", "某条例", at(3)),
        ("", "水法", None),
    ],
)
def test_a_text_names_a_law_or_does_not(words, law, meant):
    assert named(words, law) == meant


def test_names_are_shortened_as_texts_do():
    assert short("中华人民共和国行政许可法（2019年修正）") == "行政许可法"
    assert short("中华人民共和国") == "中华人民共和国"


# -- what a version changes -------------------------------------------------------------------------------------------


def art(number: int, text: str = "", summary: str = "") -> ArticleText:
    return ArticleText(number, text=text or ("" if summary else f"条文{number}"), summary=summary)


def test_versions_are_compared_article_by_article():
    before = [art(1), art(2, "旧"), art(3), art(4, summary="大意")]
    after = [art(1, "条 文1\n"), art(2, "新"), art(4, summary="另一大意"), art(5)]
    told = compare(before, after)
    assert told == Changes(changed=((2, 0), (4, 0)), added=((5, 0),), removed=((3, 0),))
    assert told.as_data()["changed"] == ["第二条", "第四条"]


def test_the_first_version_changes_nothing_and_an_unread_one_everything():
    assert compare(None, [art(1)]).nothing
    assert not compare(None, [art(1)], named=at(4)).nothing
    assert compare([], [art(1)]).whole
    assert compare([art(1)], []).whole
    assert not compare([art(1)], [], named=at(4)).whole


def test_an_added_article_touches_only_what_cites_the_law_whole():
    added = Changes(added=((9, 0),))
    assert touched(LAW, added, Resting(citations=((0, "第九条"), (1, "第四条")))) == ()
    assert touched(LAW, added, Resting(citations=((0, ""), (1, "有关条款")))) == ("citations.0", "citations.1")


def test_what_is_touched_is_named():
    held = Resting(
        citations=((0, "第四条"), (1, "第八条"), (2, "")),
        materials=((0, f"《{LAW}》第八条"), (1, f"《{LAW}》"), (2, "《别的条例》第八条")),
        fees=((0, f"《{LAW}》第七条至第九条"),),
        words=(
            ("anticipate_explain", f"按《{LAW}》第八条"),
            ("promise_explain", f"按《{LAW}》第一条"),
            ("by_law", f"《{LAW}》"),
        ),
    )
    told = touched(LAW, Changes(changed=((8, 0),)), held)
    assert told == ("citations.1", "citations.2", "materials.0.by_law", "fees.0.by_law", "anticipate_explain", "by_law")
    assert touched(LAW, Changes(), held) == ()
    assert len(touched(LAW, Changes(), held, repealed=True)) == 9
    assert touched(LAW, Changes(changed=((8, 0),)), Resting(words=held.words)) == (), "words alone ask for nothing"


# -- reading a version ------------------------------------------------------------------------------------------------

TEXT = """# 公共场所卫生管理条例
（1987年4月1日国务院发布）
文号：国务院令第714号
施行日期：2019年4月23日

## 第一章 总则
第一条　为创造良好的公共场所卫生条件，制定本条例。
第二条　本条例适用于下列公共场所：
（一）宾馆、饭馆；
第一条规定的目的，适用于前款。
> 哪些地方算公共场所。
第二章　卫生管理
第三条 公共场所的下列项目应符合国家卫生标准。
"""


def test_a_text_is_read_from_markdown():
    read = lawtext.markdown(TEXT)
    assert read.bad == []
    assert read.name == LAW
    assert read.meta == {"number": "国务院令第714号", "effective_on": "2019-04-23"}
    assert [a.label for a in read.articles] == ["第一条", "第二条", "第三条"]
    second = read.articles[1]
    assert second.text.endswith("第一条规定的目的，适用于前款。")
    assert second.summary == "哪些地方算公共场所。"
    assert [a.chapter for a in read.articles] == ["第一章 总则", "第一章 总则", "第二章 卫生管理"]


@pytest.mark.parametrize(
    ("text", "row", "reason"),
    [
        ("第一条 甲\n", 1, "法规名称"),
        ("# 法\n施行日期：二月三十日\n第一条 甲\n", 2, "日期"),
        ("# 法\n一段闲话\n第一条 甲\n", 2, "看不懂"),
        ("# 法\n第一条 甲\n第一条 乙\n", 3, "两次"),
        ("# 法\n第三条 甲\n第二条 乙\n", 3, "次序"),
        ("# 法\n第一条\n第二条 乙\n", 2, "既没有条文"),
        ("# 法\n第十十条 甲\n", 2, "条号"),
        ("# 法\n", 1, "没有读到条文"),
        ("# 法\n> 大意\n第一条 甲\n", 2, "条文之后"),
    ],
)
def test_bad_rows_are_listed(text, row, reason):
    read = lawtext.markdown(text)
    assert any(bad.row == row and reason in bad.reason for bad in read.bad), read.bad


def test_a_table_is_read_row_by_row():
    read = lawtext.table(
        [
            {"条号": "第一条", "条文": "甲", "大意": ""},
            {"条号": "", "条文": "", "大意": ""},
            {"条号": "第二百条之一", "条文": "", "大意": "乙"},
            {"条号": "某条", "条文": "丙", "大意": ""},
            {"条号": "3", "条文": "丁", "大意": ""},
        ]
    )
    assert [a.place for a in read.articles] == [(1, 0), (200, 1), (3, 0)]
    assert [(b.row, b.reason[:4]) for b in read.bad] == [(5, "条号写得"), (6, "第三条排")]


def test_gb18030_is_read_and_told():
    assert lawtext.decode("第一条　甲".encode("gb18030")) == ("第一条　甲", "GB 18030")
    assert lawtext.decode("\ufeff第一条".encode()) == ("第一条", "UTF-8")
    with pytest.raises(ValueError, match="编码"):
        lawtext.decode(b"\x00\x01")


def test_the_text_of_another_law_is_told():
    assert lawtext.markdown(TEXT, of=LAW).bad == []
    assert lawtext.markdown(TEXT, of=f"{LAW}（2019年修订）").bad == []
    told = lawtext.markdown(TEXT, of="行政许可法").bad
    assert [one.reason for one in told] == [f"这是《{LAW}》，不是《行政许可法》"]
