"""Laws: what a version changes, and which items must be looked at again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from yichuang.catalogue import commands
from yichuang.catalogue.models import Item, Law, LawVersion, ReviewTask
from yichuang.catalogue.queries import laws as queries
from yichuang.catalogue.rules.lawchanges import ArticleText, Changes
from yichuang.catalogue.tests import given
from yichuang.core import verify
from yichuang.core.models import LogEvent
from yichuang.core.refusal import Refusal

AT = given.AT
BY = given.by_system()
LAW = "公共场所卫生管理条例"


def art(number: int, text: str = "", summary: str = "") -> ArticleText:
    return ArticleText(number, text=text or ("" if summary else f"条文{number}"), summary=summary)


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
