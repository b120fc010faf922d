"""Tables in and out: good rows enter, bad rows are told, a second time changes nothing."""

import time

import pytest

from yichuang.catalogue import commands, queries
from yichuang.catalogue.models import Item, ItemVersion, Material, Posting, Term
from yichuang.catalogue.rules.content import element_of
from yichuang.catalogue.tests import given
from yichuang.core import tables
from yichuang.core.models import LogEvent
from yichuang.core.refusal import Refusal
from yichuang.identity.models import Department

pytestmark = pytest.mark.django_db
AT = given.AT


def enter(rows, **more):
    return commands.import_items(rows, by=more.pop("by", given.by_system()), at=AT, **more)


def test_of_a_thousand_rows_with_three_bad_ones_997_enter_and_three_are_told():
    rows = [given.sparse_row(n) for n in range(1000)]
    rows[10]["task_type"] = "99"
    rows[500]["task_name"] = ""
    rows[999]["local_task_code"] = rows[0]["local_task_code"]
    started = time.monotonic()
    report = enter(rows)
    assert time.monotonic() - started < 30
    assert (report.created, report.updated, report.unchanged) == (997, 0, 0)
    assert [r.row for r in report.rejected] == [12, 502, 1001]
    assert "事项类型" in report.rejected[0].reason
    assert "缺少事项名称" in report.rejected[1].reason
    assert "与第2行重复" in report.rejected[2].reason
    assert Item.objects.count() == ItemVersion.objects.filter(state="draft").count() == 997


def test_a_second_import_changes_nothing():
    rows = [given.sparse_row(n) for n in range(40)]
    enter(rows)
    before = LogEvent.objects.exclude(stream__startswith="items:").count()
    report = enter(rows)
    assert report.as_dict() == {"created": 0, "updated": 0, "unchanged": 40, "rejected": []}
    assert LogEvent.objects.exclude(stream__startswith="items:").count() == before


def test_a_department_that_is_only_a_name_is_made_incomplete():
    enter([given.sparse_row(1, dept_name="区城管局")])
    made = Department.objects.get(name="区城管局")
    assert made.incomplete
    assert made.uscc == ""


def test_a_department_is_known_by_its_code_too():
    organ = given.identity.department("阎良区民政局")
    enter([given.sparse_row(1, dept_name="民政局", dept_code=organ.uscc)])
    assert Item.objects.get().department == organ
    assert not Department.objects.filter(name="民政局").exists()


@pytest.mark.parametrize("code", ["7", "07", 7, 7.0, "行政确认"])
def test_type_codes_with_and_without_the_leading_zero(code):
    enter([given.sparse_row(1, task_type=code)])
    assert ItemVersion.objects.get().task_type == "07"


def test_the_key_is_the_local_code_then_the_national_one():
    task = "11610114MB28559184" + "4" + "000123023000"
    enter([given.sparse_row(1, local_task_code="", task_code=task)])
    assert Item.objects.get().code == task
    report = enter([given.sparse_row(1, local_task_code=None, task_code=task, task_name="改名")])
    assert report.updated == 1
    assert ItemVersion.objects.get().task_name == "改名"


def test_a_changed_row_revises_the_draft_and_leaves_the_elements_it_does_not_name():
    enter([given.sparse_row(1, link_way="029-1")])
    report = enter([given.sparse_row(1, task_name="新名")])
    assert report.updated == 1
    version = ItemVersion.objects.get()
    assert (version.task_name, version.link_way) == ("新名", "029-1")


def test_a_changed_row_of_a_published_item_makes_a_draft_beside_it():
    facts = given.published_item()
    report = enter([{"local_task_code": facts.item_code, "task_name": facts.name, "promise_day": "3"}])
    assert report.updated == 1
    assert queries.current(facts.item_id).promised_days == 5
    draft = ItemVersion.objects.get(item_id=facts.item_id, state="draft")
    assert (draft.promise_day, draft.materials.count()) == (3, 2)


def test_a_complete_and_lawful_row_in_force_is_published_others_stay_drafts():
    whole = given.content()
    enter([whole, {**given.content(), "promise_day": 30}, given.sparse_row(1)])
    assert sorted(Item.objects.values_list("state", flat=True)) == ["draft", "draft", "published"]
    assert Item.objects.get(state="published").code == whole["local_task_code"]


@pytest.mark.parametrize("form", ["csv", "csv-gbk", "xlsx"])
def test_an_export_read_back_changes_nothing_and_makes_the_same_items_in_an_empty_catalogue(form):
    first = given.published_item(aliases=["开店，要办什么证", "卫生证"])
    given.draft(task_name="草稿事项")
    enter([given.sparse_row(1)])
    rows, names = list(queries.export_rows()), queries.export_names()
    data = tables.write_xlsx(rows, names) if form == "xlsx" else tables.write_csv(rows, names)
    if form == "csv-gbk":
        data = data.decode("utf-8-sig").encode("gb18030")
    report = enter(list(tables.read(data)))
    assert report.as_dict() == {"created": 0, "updated": 0, "unchanged": 3, "rejected": []}
    there = commands.import_items(list(tables.read(data)), division="610115", by=given.by_system(), at=AT)
    assert (there.created, there.rejected) == (3, [])
    copy = Item.objects.get(division="610115", code=first.item_code)
    assert copy.state == "published"
    assert queries.current(copy.pk).digest == first.digest
    assert list(queries.export_rows("610115")) == rows


@pytest.mark.parametrize(
    ("heading", "cell", "read"),
    [
        ("concerns_safety", "1", True),
        ("是否直接关系公共安全、人身健康、生命财产安全", "否", False),
        ("concerns_safety", "", None),
    ],
)
def test_whether_an_item_concerns_safety_is_a_column_of_tables_and_of_exports(heading, cell, read):
    enter([given.sparse_row(1, task_type="01", **{element_of(heading): cell})])
    version = ItemVersion.objects.get()
    assert version.concerns_safety is read
    assert queries.facts_of(queries.whole().get(pk=version.pk)).concerns_safety is read
    assert "concerns_safety" in queries.export_names()
    exported = next(iter(queries.export_rows()))
    assert exported["concerns_safety"] == {True: "1", False: "0", None: ""}[read]


def test_what_the_database_refuses_takes_no_other_row_with_it(monkeypatch):
    from yichuang.catalogue.commands import writing

    real = writing.drafted

    def broken(item, number, prepared):
        version, event = real(item, number, prepared)
        if item.code == "X-00002":
            event.data["number"] = None
        return version, event

    monkeypatch.setattr(writing, "drafted", broken)
    report = enter([given.sparse_row(n) for n in range(5)])
    assert report.created == 4
    assert [r.row for r in report.rejected] == [4]
    assert not Item.objects.filter(code="X-00002").exists()
    assert not Material.objects.exists()
    assert Term.objects.get(text="").total == 4


def test_who_edits_one_department_imports_for_no_other():
    editor = given.editor()
    report = enter([{**given.content()}, given.sparse_row(1)], by=editor, division=given.DIVISION)
    assert report.created == 1
    assert "没有办理此事的权限" in report.rejected[0].reason
    handler = given.identity.staff("李办理")[1]
    with pytest.raises(Refusal) as no:
        enter([given.sparse_row(2)], by=handler)
    assert no.value.status == 403
    assert Item.objects.count() == 1


def test_empty_lines_are_passed_over_and_unknown_elements_told():
    report = enter([{}, {"task_name": " "}, given.sparse_row(1, colour="red")])
    assert report.created == 0
    assert [(r.row, "不认识的要素" in r.reason) for r in report.rejected] == [(4, True)]


def test_an_import_is_told_in_the_log_and_indexed():
    enter([given.sparse_row(1)])
    assert LogEvent.objects.get(kind="items.imported").event().data["created"] == 1
    assert Posting.objects.filter(term="b登记").count() == 1
    assert [h.state for h in queries.search("事项00001登记", public=False)] == ["draft"]
    assert queries.search("事项00001登记") == []
