"""One change to many items, through its verbs: foreseen, done as drafts, left out with a reason."""

from __future__ import annotations

import pytest

from yichuang.catalogue import commands, queries
from yichuang.catalogue.models import Item, ItemVersion, Law
from yichuang.catalogue.tests import given
from yichuang.core import jobs, verify
from yichuang.core.models import Job, LogEvent
from yichuang.core.refusal import Refusal
from yichuang.core.tests.counting import pinned

pytestmark = pytest.mark.django_db
AT = given.AT
PHONE = [{"kind": "replace", "element": "link_way", "target": "029-86200000", "value": "029-86209999"}]
DAYS = [{"kind": "set", "element": "promise_day", "value": "30"}]


@pytest.fixture
def editor():
    given.identity.department("阎良区行政审批服务局")
    return given.editor()


def three():
    return [given.published_item(task_name=f"第{n}号许可").item_id for n in range(3)]


def planned(items, changes=PHONE, *, by):
    before = LogEvent.objects.count()
    found = {one.item: one for one in commands.plan_bulk(items, changes, by=by)}
    assert LogEvent.objects.count() == before, "nothing is written"
    return found


def done(plan, changes=PHONE, *, by, reason="电话改号", **more):
    return commands.bulk_edit(
        {pk: one.digest for pk, one in plan.items()}, changes, reason=reason, by=by, at=AT, **more
    )


def test_each_item_gets_a_draft_of_its_own_with_the_reason(editor):
    items = three()
    plan = planned(items, by=editor)
    assert [one.outcome for one in plan.values()] == ["changed"] * 3
    assert plan[items[0]].differences == [("咨询方式", "029-86200000", "029-86209999")]
    made = done(plan, by=editor)
    assert made.left == []
    assert set(made.versions) == set(items)
    for pk in items:
        draft = ItemVersion.objects.get(item=pk, state="draft")
        assert (draft.number, draft.link_way) == (2, "029-86209999")
        assert queries.in_force(pk).link_way == "029-86200000"
        line = LogEvent.objects.get(stream=draft.stream)
        assert (line.kind, line.actor, line.event().data["note"]) == ("version.drafted", editor.ref, "电话改号")
    told = LogEvent.objects.get(kind="items.bulk_edited").event().data
    assert (told["edited"], told["left"], told["changes"]) == (3, 0, PHONE)
    assert verify.verify().faults == []


def test_the_draft_of_this_editor_is_revised(editor):
    (pk, *_) = three()
    item = Item.objects.get(pk=pk)
    content = queries.content(queries.in_force(pk))
    draft = commands.draft_version(item, {**content, "promise_day": 6}, by=editor, at=AT)
    done(planned([pk], by=editor), by=editor)
    draft.refresh_from_db()
    assert (draft.number, draft.promise_day, draft.link_way) == (2, 6, "029-86209999")
    assert LogEvent.objects.get(stream=draft.stream, kind="version.revised").event().data["note"] == "电话改号"


def test_what_the_change_brings_and_mends_is_told(editor):
    (pk, *_) = three()
    one = planned([pk], DAYS, by=editor)[pk]
    assert "error" in [level for level, _ in one.brought]
    commands.draft_version(Item.objects.get(pk=pk), {**queries.content(queries.in_force(pk)), "promise_day": 60}, by=editor, at=AT)  # fmt: skip
    five = [{"kind": "set", "element": "promise_day", "value": "5"}]
    one = planned([pk], five, by=editor)[pk]
    assert one.brought == []
    assert "error" in [level for level, _ in one.mended]


def test_what_cannot_be_changed_says_why(editor):
    other, reviewed, retired, same, foreign = (given.published_item().item_id for _ in range(5))
    foreign = given.published_item(department="区民政局").item_id
    someone = given.identity.staff("吴他人", roles=("catalogue_editor",))[1]
    for pk, who in ((other, someone), (reviewed, editor)):
        content = queries.content(queries.in_force(pk))
        draft = commands.draft_version(Item.objects.get(pk=pk), {**content, "promise_day": 6}, by=who, at=AT)
        if pk == reviewed:
            given.submitted(draft, by=editor)
    commands.retire_version(queries.in_force(retired).pk, reason="取消", by=editor, at=AT)
    commands.publish_version(
        commands.draft_version(
            Item.objects.get(pk=same), {**queries.content(queries.in_force(same)), "link_way": "12345"}, by=given.by_system(), at=AT
        ).pk,
        by=given.by_system(),
        at=AT,
    )  # fmt: skip
    plan = planned([other, reviewed, retired, same, foreign, 999_999], by=editor)
    assert {pk: one.outcome for pk, one in plan.items()} == {
        other: "bad", reviewed: "bad", retired: "bad", same: "same", foreign: "bad",
    }  # fmt: skip
    for pk, words in (
        (other, "吴他人正在拟订第2版"), (reviewed, "待法制审核"), (retired, "已经废止"), (same, "没有“029-86200000”"),
        (foreign, "没有办理此事的权限"),
    ):  # fmt: skip
        assert words in plan[pk].reason, plan[pk].reason
    drafts = ItemVersion.objects.filter(state="draft").count()
    made = done(plan, by=editor)
    assert made.versions == {}
    assert len(made.left) == 5
    assert ItemVersion.objects.filter(state="draft").count() == drafts


def test_a_draft_of_the_operators_import_is_nobodys_work(editor):
    commands.import_items(
        [given.sparse_row(1, dept_name="阎良区行政审批服务局", link_way="029-86200000")],
        division=given.DIVISION, by=given.by_system(), at=AT,
    )  # fmt: skip
    item = Item.objects.get()
    assert len(done(planned([item.pk], by=editor), by=editor).versions) == 1


def test_what_changed_after_it_was_seen_is_left_out(editor):
    items = three()
    plan = planned(items, by=editor)
    content = queries.content(queries.in_force(items[1]))
    commands.draft_version(Item.objects.get(pk=items[1]), {**content, "promise_day": 6}, by=editor, at=AT)
    made = done(plan, by=editor)
    assert set(made.versions) == {items[0], items[2]}
    assert [(code, "预览之后已有变动" in why) for code, why in made.left] == [(plan[items[1]].code, True)]
    assert ItemVersion.objects.get(item=items[1], state="draft").link_way == "029-86200000"


def test_work_that_is_begun_again_does_nothing_twice(editor):
    items = three()
    plan = planned(items, by=editor)
    first = done(plan, by=editor)
    before = LogEvent.objects.filter(stream__startswith="version:").count()
    again = done(plan, by=editor, since=AT)
    assert again.versions == first.versions
    assert LogEvent.objects.filter(stream__startswith="version:").count() == before
    assert len(done(plan, by=editor).left) == 3, "another work sees that they changed"


def test_a_law_must_be_in_the_library(editor):
    (pk, *_) = three()
    law = "公共场所卫生管理条例"
    change = {"kind": "cite", "law": law, "article": "第四条", "new_law": "公共场所卫生法", "new_article": "第六条"}
    with pytest.raises(Refusal) as no:
        planned([pk], [change], by=editor)
    assert set(no.value.fields) == {"changes.0.new_law"}
    Law.objects.create(name="公共场所卫生法", level="法律", number="主席令第9号")
    done(planned([pk], [change], by=editor), [change], by=editor, reason="法律施行")
    row = queries.content(queries.whole().get(item=pk, state="draft"))["citations"][0]
    assert (row["law"], row["article"], row["level"]) == ("公共场所卫生法", "第六条", "法律")


@pytest.mark.parametrize(
    ("items", "changes", "reason", "field"),
    [
        ([], PHONE, "改", "items"),
        (list(range(1, 1002)), PHONE, "改", "items"),
        ([1], [], "改", "changes"),
        ([1], [{"kind": "set", "element": "colour", "value": "x"}], "改", "changes.0.element"),
        ([1], PHONE, "  ", "reason"),
        ([1], PHONE, "长" * 501, "reason"),
    ],
)
def test_what_is_refused(editor, items, changes, reason, field):
    for act in (commands.bulk_edit, commands.start_bulk_edit):
        with pytest.raises(Refusal) as no:
            act(dict.fromkeys(items, "x"), changes, reason=reason, by=editor, at=AT)
        assert (no.value.status, set(no.value.fields)) == (422, {field})
        assert no.value.next_step
    assert not Job.objects.exists()
    assert not LogEvent.objects.filter(kind="items.bulk_edited").exists()


def test_only_editors(editor):
    (pk, *_) = three()
    clerk = given.identity.staff("李办理")[1]
    for act in (
        lambda: commands.plan_bulk([pk], PHONE, by=clerk),
        lambda: commands.start_bulk_edit({pk: "x"}, PHONE, reason="改", by=clerk, at=AT),
        lambda: commands.start_bulk_submit([1], note="改", by=clerk, at=AT),
        lambda: commands.approve_several([1], opinion="", by=editor, at=AT),
    ):
        with pytest.raises(Refusal) as no:
            act()
        assert no.value.status == 403


def test_jobs_edit_and_submit_and_a_second_person_approves_several(editor):
    items = three()
    seen = {pk: one.digest for pk, one in planned(items, by=editor).items()}
    seen[items[2]] = "another"
    job = commands.start_bulk_edit(seen, PHONE, reason="电话改号", by=editor, at=AT)
    jobs.run.call(job.pk)
    job.refresh_from_db()
    assert (job.state, job.total, job.done, job.result) == ("done", 3, 3, {"updated": 2}), job.message
    codes = dict(Item.objects.values_list("pk", "code"))
    assert [one["row"] for one in job.rejected] == [codes[items[2]]]
    drafts = list(queries.drafts_made(job).values_list("pk", flat=True))
    assert len(drafts) == 2
    sending = commands.start_bulk_submit(drafts, note="电话改号", by=editor, at=AT)
    jobs.run.call(sending.pk)
    sending.refresh_from_db()
    assert sending.result == {"submitted": 2}, sending.message
    jobs.run.call(sending.pk)
    made = commands.approve_several([*drafts, 999_999], opinion="合法", by=given.reviewer(), at=AT)
    assert (set(made.versions), made.left) == (set(items[:2]), [])
    assert LogEvent.objects.filter(kind="version.approved").count() == 2
    assert queries.in_force(items[0]).link_way == "029-86209999"
    assert verify.verify().faults == []
    again = commands.approve_several(drafts, opinion="合法", by=given.reviewer(), at=AT)
    assert len(again.left) == 2


def test_what_lint_finds_wrong_is_not_sent(editor):
    (pk, *_) = three()
    made = done(planned([pk], DAYS, by=editor), DAYS, by=editor, reason="改")
    job = commands.start_bulk_submit(list(made.versions.values()), note="改", by=editor, at=AT)
    jobs.run.call(job.pk)
    job.refresh_from_db()
    assert (job.result, len(job.rejected)) == ({"submitted": 0}, 1)


@pytest.mark.parametrize("many", [2, 30])
def test_what_a_plan_costs_does_not_grow(editor, many):
    items = [given.published_item().item_id for _ in range(many)]
    pinned("catalogue.bulk_plan", lambda: commands.plan_bulk(items, PHONE, by=editor))
