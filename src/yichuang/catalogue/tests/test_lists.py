"""The public lists: what each selects, editions that stand for good, what differs between two."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from yichuang.catalogue import commands, queries
from yichuang.catalogue.models import EditionRow, Item, ListEdition
from yichuang.catalogue.rules.lists import LISTS, Fold, changed, mark
from yichuang.catalogue.tests import given, given_lists
from yichuang.core import jobs
from yichuang.core.models import Job, LogEvent
from yichuang.core.refusal import Refusal

AT, DIVISION = given.AT, given.DIVISION


# -- rules ------------------------------------------------------------------------------------------------------------


def test_every_list_is_named_once_and_founded():
    assert len({one.name for one in LISTS.values()}) == len(LISTS) == 16
    for code, one in LISTS.items():
        assert code == one.code
        assert one.basis
        assert len(set(one.headings)) == len(one.headings) > 2


def test_a_digest_is_of_the_rows_in_their_order():
    folds = [Fold(), Fold(), Fold()]
    for fold, rows in zip(
        folds, ([("a", "1"), ("b", "2")], [("b", "2"), ("a", "1")], [("a", "12"), ("b", "")]), strict=True
    ):
        for key, cell in rows:
            fold.add(key, [cell])
    assert len({fold.digest for fold in folds}) == 3


def test_a_changed_row_tells_its_columns():
    assert changed("k", {"甲": "1", "乙": "2"}, {"甲": "1", "乙": "2"}, "名") is None
    told = changed("k", {"甲": "1", "乙": "2"}, {"甲": "3", "丙": "4"}, "名")
    assert told.columns == (("甲", "1", "3"), ("丙", "", "4"), ("乙", "2", ""))
    assert mark(["甲", "乙"], ["1", ""]) == mark(["甲"], ["1"]), "a new, empty column is no change"


# -- what each selects ------------------------------------------------------------------------------------------------


def selected(code: str) -> list[str]:
    return [cells[1] for _, cells in queries.list_rows(LISTS[code], DIVISION)]


@pytest.mark.django_db
class TestSelection:
    @pytest.mark.parametrize(
        ("code", "inside", "outside"),
        [
            ("service", {}, None),
            ("licence", {}, {"task_type": "07", "catalog_code": ""}),
            ("filing", {"task_type": "10", "catalog_code": "", "is_filing": True}, {}),
            ("power", {}, {"task_type": "20", "catalog_code": ""}),
            ("commitment", {"is_commitment": True}, {}),
            ("cross", {"cross_modes": ["1"]}, {}),
            ("nearby", {"is_nearby": True}, {"is_nearby": False}),
            ("mobile", {}, {"is_mobile": False}),
            ("instant", {"project_type": "1", "promise_day": 0, "steps": []}, {}),
            ("once", {"limit_scene_num": 1, "limit_scene_explain": "核验身份"}, {"limit_scene_num": 2, "limit_scene_explain": "勘验"}),
            ("self", {"is_service_terminals": True}, {}),
        ],
    )  # fmt: skip
    def test_a_list_has_what_it_is_of(self, code, inside, outside):
        given.published_item(task_name="在内", **inside)
        if outside is not None:
            given.published_item(task_name="在外", **outside)
        given.draft(task_name="草稿", **inside)
        retired = given.published_item(task_name="废止", **inside)
        commands.retire_version(retired.id, reason="取消", by=given.by_system(), at=AT)
        commands.import_items([given.sparse_row(1)], division="610115", by=given.by_system(), at=AT)
        assert selected(code) == ["在内"]

    def test_materials_that_may_follow_are_rows_of_their_own(self):
        rows = [row | {"is_need": "3"} for row in given.CONTENT["materials"]]
        facts = given.published_item(task_name="可容缺", materials=rows)
        given.published_item(task_name="不可容缺")
        told = dict(queries.list_rows(LISTS["deferrable"], DIVISION))
        assert list(told) == [f"{facts.item_code}/m1", f"{facts.item_code}/m2"]
        assert [cells[3] for cells in told.values()] == ["公共场所卫生许可申请表", "公共场所卫生检测报告"]

    def test_entries_in_force_are_rows(self):
        given_lists.intermediary()
        gone = given_lists.intermediary(code="ZJ-0", name="旧服务", products=["旧报告"])
        commands.unlist_intermediary(gone.pk, reason="取消", by=given.by_system(), at=AT)
        ((key, cells),) = queries.list_rows(LISTS["intermediary"], DIVISION)
        assert key == "ZJ-001"
        assert cells == (
            "ZJ-001", "公共场所卫生检测", "公共场所卫生检测报告", "公共场所卫生许可", "《公共场所卫生管理条例》第七条", "10个工作日",
            "委托、现场采样、检测、出具报告", "取得检验检测机构资质认定", "市场调节价", given_lists.INTERMEDIARY["independence"],
        )  # fmt: skip

    @pytest.mark.parametrize("many", [2, 12])
    def test_a_list_costs_one_query(self, many):
        for _ in range(many):
            given.published_item()
        for code, one in LISTS.items():
            with CaptureQueriesContext(connection) as caught:
                list(queries.list_rows(one, DIVISION))
            assert len(caught) == 1, code


# -- editions ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestEditions:
    def test_an_edition_stands_for_good_and_proves_itself(self):
        facts = [given.published_item(task_name=f"第{n}号许可") for n in range(3)]
        first = given_lists.edition("licence", title="2026年行政许可事项清单")
        assert (first.number, first.count, first.title) == (1, 3, "2026年行政许可事项清单")
        assert [row.key for row in first.rows.order_by("position")] == sorted(f.item_code for f in facts)
        assert queries.holds(first)
        commands.retire_version(facts[0].id, reason="取消", by=given.by_system(), at=AT)
        second = given_lists.edition("licence")
        assert (second.number, second.count) == (2, 2)
        assert first.digest != second.digest
        assert EditionRow.objects.filter(edition=first).count() == 3
        assert queries.holds(first)
        assert LogEvent.objects.filter(stream=first.stream, kind="edition.published").count() == 1
        assert (
            ListEdition.replay(e.event() for e in LogEvent.objects.filter(stream=first.stream)).digest == first.digest
        )

    def test_the_same_content_makes_no_second_edition(self):
        given.published_item()
        given_lists.edition("service")
        again = given_lists.edition("service")
        assert again.number == 1
        assert "没有公布新版" in Job.objects.latest("pk").message

    def test_a_worker_that_begins_again_harms_nothing(self):
        given.published_item()
        job = commands.start_list("service", by=given_lists.publisher(), at=AT)
        for _ in range(2):
            jobs.kinds()["catalogue.publish_list"](jobs.Progress(job), code="service")
        assert ListEdition.objects.count() == 1

    def test_a_second_press_while_it_runs_is_refused(self):
        given.published_item()
        who = given_lists.publisher()
        job = commands.start_list("service", by=who, at=AT)
        with pytest.raises(Refusal) as refused:
            commands.start_list("service", by=who, at=AT)
        assert refused.value.code == "lists.going_on"
        commands.start_list("licence", by=who, at=AT)
        jobs.run.call(job.pk)
        commands.start_list("service", by=who, at=AT)

    @pytest.mark.parametrize(("role", "may"), [("publicity_officer", True), ("catalogue_editor", True), ("handler", False), ("head", False)])  # fmt: skip
    def test_who_publishes(self, role, may):
        given.published_item()
        who = given_lists.publisher(role)
        if may:
            assert given_lists.edition("service", by=who).number == 1
            return
        with pytest.raises(Refusal) as refused:
            commands.start_list("service", by=who, at=AT)
        assert refused.value.status == 403
        assert not Job.objects.exists()

    def test_an_empty_list_is_not_published(self):
        job = commands.start_list("self", by=given_lists.publisher(), at=AT)
        jobs.run.call(job.pk)
        job.refresh_from_db()
        assert job.state == "failed"
        assert "没有内容" in job.message
        assert not ListEdition.objects.exists()

    def test_the_database_keeps_an_edition(self):
        given.published_item()
        edition = given_lists.edition("service")
        row = edition.rows.get()
        acts = (
            lambda: ListEdition.objects.update(title="改名"),
            lambda: ListEdition.objects.filter(pk=edition.pk)._raw_delete("default"),
            lambda: EditionRow.objects.update(cells=["改了"]),
            lambda: EditionRow.objects.all()._raw_delete("default"),
            lambda: EditionRow.objects.create(edition=edition, position=2, key="多出", cells=[]),
        )
        for act in acts:
            with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
                act()
        row.refresh_from_db()
        assert queries.holds(edition)

    def test_what_lies_between_two_editions_and_the_present(self):
        kept, changing, going = (given.published_item(task_name=name) for name in ("不变", "会变", "会去"))
        first = given_lists.edition("service")
        given.revised(changing, promise_day=6)
        commands.retire_version(going.id, reason="取消", by=given.by_system(), at=AT)
        given.published_item(task_name="新来")
        now = queries.against_now(LISTS["service"], DIVISION, first)
        second = given_lists.edition("service")
        for told in (now, queries.between(first, second)):
            assert [name for _, name in told.added] == ["新来"]
            assert [name for _, name in told.removed] == ["会去"]
            assert [(c.name, c.columns) for c in told.changed] == [
                ("会变", (("承诺办结时限", "5个工作日", "6个工作日"),))
            ]
            assert kept.item_code not in {c.key for c in told.changed}
        assert not queries.between(second, second).any
        assert not queries.against_now(LISTS["service"], DIVISION, second).any
        assert queries.newest_editions(DIVISION) == {"service": second}

    def test_memory_and_statements_of_a_long_list(self, monkeypatch):
        from yichuang.catalogue.commands import lists as publishing

        monkeypatch.setattr(publishing, "BATCH", 2)
        for n in range(7):
            given.published_item(task_name=f"第{n}号")
        edition = given_lists.edition("service")
        assert edition.count == edition.rows.count() == 7
        positions = list(edition.rows.order_by("position").values_list("position", "key"))
        assert all(a[1] < b[1] for a, b in pairwise(positions))
        assert Item.objects.count() == 7
