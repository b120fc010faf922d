"""Laws: how articles are read, what a version changes, and which items must be looked at again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example
from hypothesis import given as drawn
from hypothesis import strategies as st

from yichuang.catalogue import commands
from yichuang.catalogue.models import Item, Law, LawVersion, ReviewTask
from yichuang.catalogue.queries import laws as queries
from yichuang.catalogue.rules import lawtext
from yichuang.catalogue.rules.lawchanges import ArticleText, Changes, Resting, compare, touched
from yichuang.catalogue.rules.laws import Span, holds, joined, label, named, numeral, short, spans, spell
from yichuang.catalogue.tests import given
from yichuang.core import verify
from yichuang.core.models import LogEvent
from yichuang.core.refusal import Refusal

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


# -- verbs ------------------------------------------------------------------------------------------------------------


def law(name: str = LAW, **said: str) -> Law:
    return commands.set_law(name=name, **{"level": "行政法规", "organ": "国务院", **said}, by=BY, at=AT)


def version(of: Law, day: date, *articles: ArticleText, **more: str) -> LawVersion:
    return commands.add_law_version(of, effective_on=day, articles=articles, by=BY, at=AT, **more)


def cites(article: str, of: str = LAW) -> list[dict[str, str]]:
    return [{"law": of, "level": "行政法规", "number": "", "article": article, "summary": ""}]


D1, D2 = date(2016, 2, 6), date(2025, 4, 23)


@pytest.mark.django_db
def test_a_law_that_only_a_citation_named_is_incomplete_until_it_is_set():
    given.published_item()
    row = Law.objects.get(name=LAW)
    assert row.incomplete
    assert not [f for f in verify.verify().faults if f.stream.startswith("law:")], "such a row is no fault of the log"
    with pytest.raises(Refusal) as no:
        version(row, D1, art(1))
    assert no.value.code == "law.incomplete"
    set_ = law()
    assert set_.pk == row.pk
    assert not set_.incomplete
    seq = set_.seq
    assert law().seq == seq, "the same again is no event"
    assert not [f for f in verify.verify().faults if f.stream.startswith("law:")]


@pytest.mark.django_db
def test_a_law_behind_the_log_is_found():
    row = law()
    Law.objects.filter(pk=row.pk).update(state="repealed")
    assert [(f.stream, f.code) for f in verify.verify().faults] == [(f"law:{row.pk}", "row_changed")]


@pytest.mark.django_db
def test_exactly_the_items_that_a_version_touches_get_a_task():
    cited = given.published_item(citations=cites("第四条、第八条第一款"))
    whole = given.published_item(citations=cites(""))
    spared = given.published_item(citations=cites("第五条"))
    foreign = given.published_item(citations=cites("第八条", of="公共场所卫生管理条例实施细则"))
    content = given.content(citations=[])
    content["materials"][1]["by_law"] = f"《{LAW}》第七条至第九条"
    by_material = commands.create_item(content, division=given.DIVISION, by=BY, at=AT)
    draft = given.draft(citations=cites("第八条"))
    retired = given.published_item(citations=cites("第八条"))
    commands.retire_version(retired.id, reason="取消", by=BY, at=AT)
    own = law()
    version(own, D1, art(4), art(5), art(8, "旧"))
    assert not ReviewTask.objects.exists(), "the first version changes nothing"
    made = version(own, D2, art(4), art(5), art(8, "新"), art(9))
    assert made.changes["changed"] == ["第八条"]
    assert made.changes["added"] == ["第九条"]
    tasks = {t.item_id: t for t in ReviewTask.objects.all()}
    assert set(tasks) == {cited.item_id, whole.item_id, by_material.item_id, draft.item_id}
    assert spared.item_id not in tasks
    assert foreign.item_id not in tasks
    assert tasks[cited.item_id].elements == ["citations.0"]
    assert tasks[by_material.item_id].elements == ["materials.1.by_law"]
    assert tasks[draft.item_id].version_id == draft.pk
    assert tasks[cited.item_id].due_on == date(2026, 3, 30), "20 working days after 2026-03-02"
    assert LogEvent.objects.filter(kind="lawreview.opened").count() == 4
    assert not [f for f in verify.verify().faults if f.stream.startswith(("law:", "lawreview:"))]


@pytest.mark.django_db
def test_a_draft_beside_the_version_in_force_makes_no_second_task():
    facts = given.published_item(citations=cites("第八条"))
    item = Item.objects.get(pk=facts.item_id)
    from yichuang.catalogue import queries as catalogue

    commands.draft_version(item, catalogue.content(catalogue.in_force(item.pk)), by=BY, at=AT)
    own = law()
    version(own, D1, art(8, "旧"))
    version(own, D2, art(8, "新"))
    assert [t.version_id for t in ReviewTask.objects.all()] == [facts.id]


@pytest.mark.django_db
def test_articles_that_the_editor_names_count_as_changed():
    item = given.published_item(citations=cites("第八条"))
    given.published_item(citations=cites("第七条"))
    version(law(), D2, changed="第八条至第十条")
    assert [t.item_id for t in ReviewTask.objects.all()] == [item.item_id]


@pytest.mark.django_db
def test_what_cannot_be_a_version_is_refused_and_nothing_changes():
    own = law()
    version(own, D1, art(1), number="甲")
    clerk = given.identity.staff("某某", ("handler",))[1]
    before = LogEvent.objects.count()
    for day, articles, more, code in (
        (D1, (art(1, "新"),), {}, "law.invalid"),
        (D1 - timedelta(days=1), (art(1),), {}, "law.invalid"),
        (None, (art(1),), {}, "law.invalid"),
        (D2, (art(1), art(1, "又")), {}, "law.invalid"),
        (D2, (art(1),), {"changed": "几条"}, "law.invalid"),
        (D2, (art(1),), {"published_on": D2 + timedelta(days=1)}, "law.invalid"),
    ):
        with pytest.raises(Refusal) as no:
            version(own, day, *articles, **more)
        assert no.value.code == code
        assert no.value.fields
    with pytest.raises(Refusal) as no:
        commands.add_law_version(own, effective_on=D2, by=clerk, at=AT)
    assert no.value.status == 403
    assert LawVersion.objects.count() == 1
    assert LogEvent.objects.count() == before


@pytest.mark.django_db
def test_a_version_of_tomorrow_leaves_the_law_as_it_is():
    own = law(number="旧号")
    version(own, D1, art(1))
    version(own, date(2027, 1, 1), art(1, "新"), number="新号")
    own.refresh_from_db()
    assert (own.number, own.state) == ("旧号", "in_force")


@pytest.mark.django_db
def test_a_repealed_law_asks_for_every_item_once_and_takes_no_version():
    item = given.published_item(citations=cites("第四条"))
    own = law()
    for state in ("repealed", "in_force", "repealed"):
        commands.set_law(own, name=LAW, level="行政法规", state=state, by=BY, at=AT)
    own.refresh_from_db()
    assert [(t.item_id, t.cause) for t in ReviewTask.objects.all()] == [(item.item_id, "repeal")]
    with pytest.raises(Refusal) as no:
        version(own, D2, art(1))
    assert no.value.code == "law.repealed"


@pytest.mark.django_db
def test_a_cited_law_keeps_its_name():
    given.published_item()
    own = law()
    with pytest.raises(Refusal) as no:
        commands.set_law(own, name="别的条例", level="行政法规", by=BY, at=AT)
    assert no.value.code == "law.cited"
    law("又一部条例")
    with pytest.raises(Refusal) as no:
        law("又一部条例", organ="别的机关")
    assert no.value.code == "law.name_taken"
    assert Law.objects.filter(name=LAW).exists()


@pytest.mark.django_db
def test_laws_are_set_only_as_they_can_be():
    for said in ({"level": "家规"}, {"state": "好"}, {"source_url": "javascript:1"}):
        with pytest.raises(Refusal) as no:
            law(**said)
        assert no.value.status == 422
        assert list(no.value.fields) == list(said)
    assert not Law.objects.exists()


def opened(article: str = "第八条") -> ReviewTask:
    given.published_item(citations=cites(article))
    own = law()
    version(own, D1, art(8, "旧"))
    version(own, D2, art(8, "新"))
    return ReviewTask.objects.get()


@pytest.mark.django_db
def test_a_task_is_answered_once_by_the_items_own_editor():
    task = opened()
    stranger = given.editor("区水务局")
    with pytest.raises(Refusal) as no:
        commands.answer_review(task.pk, answer="unchanged", reason="无关", by=stranger, at=AT)
    assert no.value.status == 403
    own = given.editor()
    for wrong in ({"answer": "unchanged"}, {"answer": "drafted"}, {"answer": "x"}):
        with pytest.raises(Refusal) as no:
            commands.answer_review(task.pk, **wrong, by=own, at=AT)
        assert no.value.status == 422
    task.refresh_from_db()
    assert task.state == "open"
    done = commands.answer_review(task.pk, answer="unchanged", reason="条件没有变化", by=own, at=AT)
    assert (done.state, done.reason, done.answered_by) == ("answered", "条件没有变化", own.ref)
    with pytest.raises(Refusal) as no:
        commands.answer_review(task.pk, answer="unchanged", reason="再来", by=own, at=AT)
    assert no.value.code == "lawreview.answered"


@pytest.mark.django_db
def test_a_task_is_answered_with_the_draft_that_follows_the_law():
    from yichuang.catalogue import queries as catalogue

    task = opened()
    content = catalogue.content(catalogue.in_force(task.item_id))
    draft = commands.draft_version(task.item, {**content, "summary": "按新条例"}, by=BY, at=AT)
    other = given.draft()
    with pytest.raises(Refusal) as no:
        commands.answer_review(task.pk, answer="drafted", draft=other.pk, by=BY, at=AT)
    assert no.value.fields == {"draft": "这个事项还没有新的版本，请先起草新版本"}
    done = commands.answer_review(task.pk, answer="drafted", draft=draft.pk, by=BY, at=AT)
    assert done.draft_id == draft.pk
    assert queries.drafts_for(done) == [draft]


@pytest.mark.django_db
@pytest.mark.parametrize("many", [2, 25])
def test_a_version_costs_the_same_however_many_it_touches(many, django_assert_num_queries):
    for _ in range(many):
        given.published_item(citations=cites("第八条"))
    own = law()
    version(own, D1, art(8, "旧"))
    with django_assert_num_queries(4):
        assert len(queries.foreseen(own, Changes(changed=((8, 0),)))) == many
