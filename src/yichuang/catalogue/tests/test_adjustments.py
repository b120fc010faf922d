"""An adjustment through its verbs, and what it does to the catalogue."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest

from yichuang.catalogue import commands, queries
from yichuang.catalogue.models import Adjustment, Item, ItemVersion
from yichuang.catalogue.tests import given
from yichuang.core import calendar, verify
from yichuang.core.actor import Actor, Grant
from yichuang.core.models import LogEvent
from yichuang.core.refusal import Refusal

pytestmark = pytest.mark.django_db
AT = given.AT
TODAY = AT.date()
STREET = "阎良区凤凰路街道办事处"
BASIS = "《国务院关于取消和下放一批行政许可事项的决定》（国发〔2020〕13号）"


@dataclass
class World:
    editor: Actor
    legal: Actor
    head: Actor
    asked: int
    officer: Actor


@pytest.fixture
def w() -> World:
    bureau = given.identity.department()
    civil = given.identity.department("阎良区民政局")
    given.identity.department(STREET)

    def staff(role: str, where=bureau) -> Actor:
        return given.identity.staff(f"{role[:3]}某", roles=(role,), department=where)[1]

    return World(staff("catalogue_editor"), staff("legal_reviewer"), staff("head"), civil.pk, staff("handler", civil))


def cancel(facts) -> dict[str, str]:
    return {"way": "cancel", "code": facts.item_code}


def delegate(facts, to: str = STREET) -> dict[str, str]:
    return {"way": "delegate", "code": facts.item_code, "to": to}


def proposed(w: World, *lines, at: datetime = AT) -> Adjustment:
    return commands.propose_adjustment(
        title="权力事项调整", basis=BASIS, reason="上级决定", lines=lines, by=w.editor, at=at
    )


def asked(w: World, *lines) -> Adjustment:
    row = proposed(w, *lines)
    return commands.ask_opinions(row.pk, departments=[w.asked], by=w.editor, at=AT)


def cleared(w: World, *lines) -> Adjustment:
    row = asked(w, *lines)
    commands.give_opinion(row.pk, answer="agree", by=w.officer, at=AT)
    commands.send_to_legal(row.pk, by=w.editor, at=AT)
    return commands.pass_legal_review(row.pk, words="合法", by=w.legal, at=AT)


def published(w: World, *lines, effective_on: date = TODAY) -> Adjustment:
    row = cleared(w, *lines)
    commands.approve_adjustment(row.pk, number="阎政函〔2026〕3号", approved_on=TODAY, by=w.head, at=AT)
    return commands.publish_adjustment(
        row.pk, number="阎政发〔2026〕5号", published_on=TODAY, effective_on=effective_on, by=w.editor, at=AT
    )


def refused(code: str, act, *args, by: Actor, at: datetime = AT, **kwargs) -> Refusal:
    """The act is refused with this code, and nothing changed."""
    before = (LogEvent.objects.count(), list(Adjustment.objects.values_list("pk", "state", "seq")))
    with pytest.raises(Refusal) as no:
        act(*args, by=by, at=at, **kwargs)
    assert no.value.code == code
    assert (LogEvent.objects.count(), list(Adjustment.objects.values_list("pk", "state", "seq"))) == before
    return no.value


def test_a_cancelled_power_is_out_of_force_and_its_version_stays_readable(w):
    facts = given.published_item(task_name="独一无二的许可")
    row = published(w, cancel(facts))
    assert row.state == "effected"
    version = ItemVersion.objects.get(pk=facts.id)
    assert (version.state, version.item.state) == ("retired", "retired")
    reason = LogEvent.objects.get(stream=f"version:{facts.id}", kind="version.retired").event().data["reason"]
    assert "阎政发〔2026〕5号" in reason
    assert queries.version(facts.id).name == "独一无二的许可", "open cases go on under it"
    assert queries.search("独一无二的许可") == []
    line = row.lines.get()
    assert (line.before_id, line.after_id) == (facts.id, None)
    assert [one.adjustment for one in queries.adjustments_of(version.item)] == [row]
    assert verify.verify().clean


def test_a_delegated_power_has_a_version_of_the_receiving_street(w):
    facts = given.published_item()
    row = published(w, delegate(facts))
    assert row.state == "effected"
    now = queries.current(facts.item_id)
    assert (now.department, now.use_level, now.id != facts.id) == (STREET, "5", True)
    assert Item.objects.get(pk=facts.item_id).department.name == STREET
    assert queries.version(facts.id).department == "阎良区行政审批服务局"
    assert ItemVersion.objects.get(pk=now.id).published_by == "system:adjust"
    line = row.lines.get()
    assert (line.before_id, line.after_id, line.receiving.name) == (facts.id, now.id, STREET)


def test_a_power_taken_over_comes_in_force_with_its_draft(w):
    draft = given.draft()
    row = published(w, {"way": "take_over", "code": draft.item.code, "from": "西安市卫生健康委员会"})
    assert queries.current(draft.item_id).id == draft.pk
    line = row.lines.get()
    assert (line.before_id, line.after_id, line.from_department) == (None, draft.pk, "西安市卫生健康委员会")


def test_a_day_to_come_is_kept_by_the_sweep(w):
    facts = given.published_item()
    day = TODAY + timedelta(3)
    row = published(w, cancel(facts), effective_on=day)
    assert row.state == "published"
    refused("adjustment.not_yet", commands.effect_adjustment, row.pk, by=w.editor)
    assert commands.effect_due(AT + timedelta(2)) == 0
    assert queries.current(facts.item_id).id == facts.id
    assert commands.effect_due(AT + timedelta(3)) == 1
    assert commands.effect_due(AT + timedelta(3)) == 0
    row.refresh_from_db()
    assert row.state == "effected"
    effected = LogEvent.objects.get(stream=row.stream, kind="adjustment.effected")
    assert effected.actor == "system:adjust"
    assert effected.event().data["lines"][0]["before"] == facts.id


def test_one_power_in_trouble_leaves_all_undone_until_it_is_mended(w):
    good, draft = given.published_item(), given.draft(link_way="", promise_day=30)
    row = published(w, cancel(good), {"way": "take_over", "code": draft.item.code})
    assert row.state == "published"
    assert [t["name"] for t in row.troubles] == [draft.item.name]
    assert any("30" in what or "时限" in what for what in row.troubles[0]["what"])
    assert row.troubles[0]["next"]
    assert queries.current(good.item_id).id == good.id, "nothing half"
    assert ItemVersion.objects.get(pk=draft.pk).state == "draft"
    told = LogEvent.objects.count()
    assert commands.effect_due(AT) == 0
    assert LogEvent.objects.count() == told, "the same reasons are told once"
    mended = {**queries.content(queries.whole().get(pk=draft.pk)), "link_way": "029-86200000", "promise_day": 5}
    commands.revise_draft(draft.pk, mended, by=given.by_system(), at=AT)
    assert commands.effect_adjustment(row.pk, by=w.editor, at=AT).state == "effected"
    row.refresh_from_db()
    assert row.troubles == []
    assert Item.objects.get(pk=good.item_id).state == "retired"
    assert queries.current(draft.item_id).id == draft.pk
    assert verify.verify().clean


def test_a_draft_that_stands_in_the_way_of_a_delegation_is_named(w):
    facts = given.published_item()
    content = queries.content(queries.in_force(facts.item_id))
    draft = commands.draft_version(
        Item.objects.get(pk=facts.item_id), {**content, "promise_day": 6}, by=given.by_system(), at=AT
    )
    row = published(w, delegate(facts))
    assert row.state == "published"
    assert "草稿" in row.troubles[0]["what"][0]
    commands.revise_draft(
        draft.pk, {**content, "promise_day": 6, "department": STREET, "use_level": "5"}, by=given.by_system(), at=AT
    )
    assert commands.effect_due(AT) == 1
    assert queries.current(facts.item_id).promised_days == 6


def test_a_cancelled_power_does_not_come_back_by_its_draft(w):
    facts = given.published_item()
    content = queries.content(queries.in_force(facts.item_id))
    item = Item.objects.get(pk=facts.item_id)
    draft = commands.draft_version(item, {**content, "promise_day": 4}, by=given.by_system(), at=AT)
    published(w, cancel(facts))
    assert ItemVersion.objects.get(pk=draft.pk).state == "retired"


def test_opinions_have_a_day_and_silence_is_noted(w):
    row = asked(w, cancel(given.published_item()))
    opinion = row.opinions.get()
    assert row.state == "asked"
    assert opinion.due_on == row.opinions_due_on == calendar.current().add(TODAY, 5)
    refused("adjustment.opinions_open", commands.send_to_legal, row.pk, by=w.editor)
    refused("adjustment.not_overdue", commands.note_overdue, row.pk, note="催过", by=w.editor)
    late = AT + timedelta(15)
    commands.note_overdue(row.pk, note="3月10日电话催办", by=w.editor, at=late)
    assert commands.send_to_legal(row.pk, by=w.editor, at=late).state == "legal"
    opinion.refresh_from_db()
    assert (opinion.answer, opinion.noted) == ("", "3月10日电话催办")


def test_a_department_answers_for_itself_alone(w):
    row = asked(w, cancel(given.published_item()))
    refused("adjustment.not_asked", commands.give_opinion, row.pk, answer="agree", by=w.head)
    refused("adjustment.words", commands.give_opinion, row.pk, answer="disagree", by=w.officer)
    commands.give_opinion(row.pk, answer="disagree", words="群众还在办", by=w.officer, at=AT)
    refused("adjustment.summary", commands.send_to_legal, row.pk, by=w.editor)
    assert commands.send_to_legal(row.pk, summary="不采纳：国务院已取消", by=w.editor, at=AT).state == "legal"
    assert row.opinions.get().answer == "disagree"


def test_what_is_returned_is_mended_and_goes_round_again(w):
    first, second = given.published_item(), given.published_item()
    row = asked(w, cancel(first))
    commands.give_opinion(row.pk, answer="agree", by=w.officer, at=AT)
    commands.send_to_legal(row.pk, by=w.editor, at=AT)
    refused("adjustment.reason", commands.return_legal_review, row.pk, reason="", by=w.legal)
    assert commands.return_legal_review(row.pk, reason="依据不足", by=w.legal, at=AT).state == "returned"
    revised = commands.revise_adjustment(
        row.pk, title="改过的题目", basis=BASIS, lines=[cancel(second)], by=w.editor, at=AT
    )
    assert (revised.state, revised.title, revised.size) == ("drafted", "改过的题目", 1)
    assert [line.item_id for line in revised.lines.all()] == [second.item_id]
    commands.ask_opinions(row.pk, departments=[w.asked], days=3, by=w.editor, at=AT)
    refused("adjustment.opinions_open", commands.send_to_legal, row.pk, by=w.editor)
    assert row.opinions.count() == 2


def test_the_government_may_say_no(w):
    row = cleared(w, cancel(given.published_item()))
    assert commands.disapprove_adjustment(row.pk, reason="暂缓", by=w.head, at=AT).state == "returned"
    assert commands.send_to_legal(row.pk, by=w.editor, at=AT).state == "legal"


def test_it_is_withdrawn_only_before_approval(w):
    row = cleared(w, cancel(given.published_item()))
    refused("adjustment.reason", commands.withdraw_adjustment, row.pk, reason=" ", by=w.editor)
    other = proposed(w, cancel(given.published_item()))
    assert commands.withdraw_adjustment(other.pk, reason="上级另有安排", by=w.editor, at=AT).state == "withdrawn"
    commands.approve_adjustment(row.pk, number="函1号", approved_on=TODAY, by=w.head, at=AT)
    no = refused("adjustment.wrong_state", commands.withdraw_adjustment, row.pk, reason="晚了", by=w.editor)
    assert "待公布" in no.message


def test_who_may(w):
    facts = given.published_item()
    refused("actor.not_permitted", commands.propose_adjustment, title="题", basis=BASIS, by=w.head)
    row = asked(w, cancel(facts))
    commands.give_opinion(row.pk, answer="agree", by=w.officer, at=AT)
    refused("actor.not_permitted", commands.send_to_legal, row.pk, by=w.legal)
    commands.send_to_legal(row.pk, by=w.editor, at=AT)
    for by in (w.editor, w.head, w.officer):
        refused("actor.not_permitted", commands.pass_legal_review, row.pk, by=by)
    commands.pass_legal_review(row.pk, by=w.legal, at=AT)
    refused("actor.not_permitted", commands.approve_adjustment, row.pk, number="1", approved_on=TODAY, by=w.editor)


def test_who_proposed_does_not_review(w):
    row = asked(w, cancel(given.published_item()))
    commands.give_opinion(row.pk, answer="agree", by=w.officer, at=AT)
    commands.send_to_legal(row.pk, by=w.editor, at=AT)
    moved = replace(w.editor, grants=(Grant("legal_reviewer"),))
    standing_in = replace(w.legal, standing_in_for=w.editor.ref)
    for by in (moved, standing_in):
        refused("adjustment.own_proposal", commands.pass_legal_review, row.pk, by=by)


def test_another_divisions_adjustment_is_not_there(w):
    row = proposed(w, cancel(given.published_item()))
    given.identity.division("610115", "西安市临潼区")
    body = given.identity.department("临潼区行政审批服务局", division="610115")
    stranger = given.identity.staff("外人", roles=("catalogue_editor",), department=body)[1]
    refused("adjustment.not_found", commands.withdraw_adjustment, row.pk, reason="x", by=stranger)
    refused("adjustment.not_found", commands.withdraw_adjustment, 999_999, reason="x", by=w.editor)


def test_lines_name_what_can_be_adjusted(w):
    facts, draft = given.published_item(), given.draft()
    for line, field in (
        ({"way": "cancel", "code": "没有"}, "lines.0.code"),
        ({"way": "cancel", "code": draft.item.code}, "lines.0.code"),
        ({"way": "take_over", "code": facts.item_code}, "lines.0.code"),
        (delegate(facts, "无此街道"), "lines.0.to"),
        (delegate(facts, "阎良区行政审批服务局"), "lines.0.to"),
    ):
        no = refused(
            "adjustment.lines", commands.propose_adjustment, title="题", basis=BASIS, lines=[line], by=w.editor
        )
        assert field in no.fields
    refused(
        "adjustment.malformed",
        commands.propose_adjustment,
        title="题",
        basis=BASIS,
        lines=[cancel(facts)] * 2,
        by=w.editor,
    )


def past(number: str, on: date, *lines, by: Actor | None = None) -> Adjustment:
    return commands.record_past_adjustment(
        title="往年调整",
        basis=BASIS,
        number=number,
        published_on=on,
        effective_on=on,
        lines=lines,
        by=by or given.by_system(),
        at=AT,
    )


def test_the_past_is_entered_without_touching_the_catalogue(w):
    facts = given.published_item()
    lines = (
        {"way": "cancel", "name": "已不在目录的权力", "code": "旧-1"},
        {"way": "cancel", "name": facts.name, "code": facts.item_code},
    )
    row = past("阎政发〔2021〕2号", date(2021, 5, 6), *lines)
    assert (row.state, row.past, row.size) == ("effected", True, 2)
    assert queries.current(facts.item_id).id == facts.id
    assert [line.item_id for line in row.lines.all()] == [None, facts.item_id]
    assert len(queries.adjustments_of(Item.objects.get(pk=facts.item_id))) == 1
    with pytest.raises(Refusal) as no:
        past("号", TODAY + timedelta(1), *lines)
    assert no.value.code == "adjustment.date"
    with pytest.raises(Refusal) as no:
        past("号", TODAY)
    assert no.value.code == "adjustment.no_lines"
    with pytest.raises(Refusal) as no:
        past("号", TODAY, *lines, by=w.head)
    assert no.value.status == 403
    assert verify.verify().clean


def test_powers_adjusted_are_counted_by_the_day_of_publication(w):
    line = {"way": "cancel", "name": "甲"}
    past("1号", date(2020, 12, 31), line, {**line, "name": "乙"})
    past("2号", date(2021, 1, 1), line)
    proposed(w, cancel(given.published_item()))
    published(w, cancel(given.published_item()), effective_on=TODAY + timedelta(9))

    def counted(since: date, until: date) -> int:
        return queries.powers_adjusted(given.DIVISION, since, until)

    assert counted(date(2020, 1, 1), TODAY) == 4
    assert counted(date(2020, 12, 31), date(2020, 12, 31)) == 2
    assert counted(date(2021, 1, 1), TODAY - timedelta(1)) == 1
    assert queries.powers_adjusted("610115", date(2020, 1, 1), TODAY) == 0
