"""An item's life through its verbs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from yichuang.catalogue import commands, queries
from yichuang.catalogue.models import Item, ItemVersion, Law, Material
from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.tests import given
from yichuang.core import verify
from yichuang.core.models import LogEvent
from yichuang.core.refusal import Refusal

pytestmark = pytest.mark.django_db
AT = given.AT
BY = given.by_system()


def content_of(version_id: int):
    return queries.content(queries.whole().get(pk=version_id))


def refused(code: str, act, *args, **kwargs) -> Refusal:
    """The act is refused with this code, and nothing changed."""
    before = (LogEvent.objects.count(), ItemVersion.objects.count(), Material.objects.count())
    with pytest.raises(Refusal) as no:
        act(*args, by=kwargs.pop("by", BY), at=AT, **kwargs)
    assert no.value.code == code
    assert (LogEvent.objects.count(), ItemVersion.objects.count(), Material.objects.count()) == before
    return no.value


def test_a_draft_keeps_its_content_whole():
    content = given.content()
    version = commands.create_item(content, division=given.DIVISION, by=BY, at=AT)
    assert content_of(version.pk) == shape.normalise(content)
    assert (version.state, version.item.state, version.number) == ("draft", "draft", 1)
    assert version.item.name == content["task_name"]


def test_publishing_puts_it_in_force_and_retires_the_one_before():
    facts = given.published_item()
    item = Item.objects.get(pk=facts.item_id)
    assert (item.state, item.current_id) == ("published", facts.id)
    assert facts.promised_days == 5
    assert [s.role for s in facts.steps] == ["handler", "reviewer", "reviewer"]
    content = content_of(facts.id)
    second = commands.draft_version(item, {**content, "promise_day": 4, "steps": []}, by=BY, at=AT)
    assert queries.current(item.pk).id == facts.id
    content["promise_day"] = 8
    commands.revise_draft(second.pk, content, by=BY, at=AT)
    commands.publish_version(second.pk, by=BY, at=AT)
    assert ItemVersion.objects.get(pk=facts.id).state == "retired"
    assert queries.current(item.pk).promised_days == 8
    assert queries.version(facts.id).promised_days == 5, "a case stays pinned to its version"


def test_both_who_drafted_and_who_published_are_recorded():
    drafter, second = given.editor(), given.reviewer()
    version = given.submitted(given.draft(by=drafter), by=drafter)
    commands.approve_version(version.pk, by=second, at=AT)
    version.refresh_from_db()
    assert (version.drafted_by, version.published_by) == (drafter.ref, second.ref)


def test_errors_of_lint_stop_publication_and_name_law_and_place():
    version = given.draft(promise_day=30, link_way="")
    no = refused("catalogue.lint", commands.publish_version, version.pk)
    assert no.status == 422
    assert {"promise_day", "link_way"} <= set(no.fields)
    assert "行政许可法" in no.law
    assert ItemVersion.objects.get(pk=version.pk).state == "draft"


def test_warnings_do_not_stop_publication():
    version = given.draft(summary="")
    assert commands.publish_version(version.pk, by=BY, at=AT).state == "published"


def test_a_code_of_another_item_stops_publication():
    first = given.published_item(task_code="")
    version = given.draft(local_task_code="Z-1", task_code="")
    content = content_of(version.pk) | {"task_code": first.local_task_code[:31]}
    with pytest.raises(Refusal):
        commands.revise_draft(version.pk, content | {"local_task_code": first.local_task_code}, by=BY, at=AT)


def test_verbs_out_of_state_are_refused():
    facts = given.published_item()
    content = content_of(facts.id)
    refused("catalogue.not_a_draft", commands.revise_draft, facts.id, content)
    refused("catalogue.not_a_draft", commands.publish_version, facts.id)
    refused("catalogue.code_taken", commands.create_item, content, division=given.DIVISION)
    item = Item.objects.get(pk=facts.item_id)
    commands.draft_version(item, content | {"promise_day": 3}, by=BY, at=AT)
    refused("catalogue.draft_exists", commands.draft_version, item, content)
    commands.retire_version(facts.id, reason="法律修订", by=BY, at=AT)
    refused("catalogue.retired", commands.retire_version, facts.id, reason="再次")
    refused("catalogue.not_found", commands.publish_version, 999_999)


def test_what_is_malformed_is_told_at_its_place():
    no = refused(
        "catalogue.malformed",
        commands.create_item,
        given.content() | {"department": "无此局", "colour": "red", "promise_day": "x"},
        division=given.DIVISION,
    )
    assert set(no.fields) == {"colour", "promise_day"}
    no = refused(
        "catalogue.malformed", commands.create_item, given.content() | {"department": "无此局"}, division="610114"
    )
    assert set(no.fields) == {"department"}
    doubled = given.content()
    doubled["materials"][1]["code"] = "m1"
    assert (
        "重复" in refused("catalogue.malformed", commands.create_item, doubled, division="610114").fields["materials"]
    )


def test_who_may():
    facts = given.published_item()
    other = given.editor("阎良区卫生健康局")
    handler = given.identity.staff("李办理")[1]
    draft = given.draft()
    for who in (other, handler):
        for verb in (
            lambda w: commands.publish_version(draft.pk, by=w, at=AT),
            lambda w: commands.submit_version(draft.pk, note="改", by=w, at=AT),
            lambda w: commands.retire_version(facts.id, reason="x", by=w, at=AT),
            lambda w: commands.revise_draft(draft.pk, content_of(draft.pk), by=w, at=AT),
            lambda w: commands.create_item(given.content(), division=given.DIVISION, by=w, at=AT),
        ):
            with pytest.raises(Refusal) as no:
                verb(who)
            assert no.value.status == 403
    assert given.second_person(draft).state == "published"


def test_an_item_cannot_be_moved_to_a_department_that_one_does_not_edit():
    draft = given.draft()
    given.identity.department("阎良区卫生健康局")
    refused(
        "actor.not_permitted",
        commands.revise_draft,
        draft.pk,
        content_of(draft.pk) | {"department": "阎良区卫生健康局"},
        by=given.editor(),
    )


def test_the_same_content_writes_no_event():
    draft = given.draft()
    before = LogEvent.objects.count()
    commands.revise_draft(draft.pk, content_of(draft.pk), by=BY, at=AT)
    assert LogEvent.objects.count() == before


def test_a_code_never_changes():
    draft = given.draft()
    no = refused(
        "catalogue.code_differs", commands.revise_draft, draft.pk, content_of(draft.pk) | {"local_task_code": "Q"}
    )
    assert draft.item.code in no.fields["local_task_code"]


def test_retiring_takes_it_from_the_public():
    facts = given.published_item(task_name="独一无二的许可")
    assert [h.id for h in queries.search("独一无二的许可")] == [facts.item_id]
    refused("catalogue.reason", commands.retire_version, facts.id, reason=" ")
    commands.retire_version(facts.id, reason="国务院取消", by=BY, at=AT)
    with pytest.raises(Refusal) as no:
        queries.current(facts.item_id)
    assert no.value.status == 404
    assert queries.search("独一无二的许可") == []
    assert Item.objects.get(pk=facts.item_id).state == "retired"
    assert queries.version(facts.id).name == "独一无二的许可"


def test_a_day_to_come_is_refused():
    draft = given.draft()
    no = refused(
        "catalogue.not_yet_effective", commands.publish_version, draft.pk, effective_on=(AT + timedelta(3)).date()
    )
    assert "effective_on" in no.fields


def test_the_database_lets_one_version_be_published():
    facts = given.published_item()
    item = Item.objects.get(pk=facts.item_id)
    second = commands.draft_version(item, content_of(facts.id) | {"promise_day": 3}, by=BY, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemVersion.objects.filter(pk=second.pk).update(state="published", effective_on=AT.date())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE catalogue_itemversion SET promise_day = 1 WHERE id = {v}",
        "UPDATE catalogue_itemversion SET digest = 'x' WHERE id = {v}",
        "UPDATE catalogue_itemversion SET concerns_safety = NULL WHERE id = {v}",
        "UPDATE catalogue_itemversion SET state = 'draft' WHERE id = {v}",
        "UPDATE catalogue_material SET material_name = 'x' WHERE version_id = {v}",
        "DELETE FROM catalogue_material WHERE version_id = {v}",
        "DELETE FROM catalogue_step WHERE version_id = {v}",
        "INSERT INTO catalogue_condition (version_id, position, text) VALUES ({v}, 9, 'x')",
    ],
)
def test_the_database_refuses_to_change_what_was_published(statement):
    facts = given.published_item()
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(v=facts.id))
    assert content_of(facts.id)["promise_day"] == 5


def test_a_draft_may_change():
    draft = given.draft()
    commands.revise_draft(draft.pk, content_of(draft.pk) | {"materials": []}, by=BY, at=AT)
    assert Material.objects.filter(version=draft).count() == 0


def test_a_law_is_one_row_however_many_cite_it():
    given.published_item()
    given.published_item()
    assert Law.objects.filter(name="公共场所卫生管理条例").count() == 1


def test_the_log_tells_the_rows():
    facts = given.published_item()
    item = Item.objects.get(pk=facts.item_id)
    second = commands.draft_version(item, content_of(facts.id) | {"promise_day": 3, "aliases": ["新"]}, by=BY, at=AT)
    commands.revise_draft(second.pk, content_of(second.pk) | {"promise_day": 6}, by=BY, at=AT)
    commands.publish_version(second.pk, by=BY, at=AT)
    commands.retire_version(second.pk, reason="取消", by=BY, at=AT)
    commands.import_items([given.sparse_row(n) for n in range(3)], by=BY, at=AT)
    result = verify.verify()
    assert result.faults == []
    assert result.rows >= 9


def test_a_version_is_read_in_a_constant_number_of_queries(django_assert_max_num_queries):
    facts = given.published_item()
    queries.forget()
    with django_assert_max_num_queries(10):
        queries.version(facts.id)


def test_what_a_rollback_takes_back_is_not_remembered():
    facts = given.published_item()
    queries.version(facts.id)
    from yichuang.catalogue.queries import versions

    assert facts.id not in versions._kept, "kept only when the transaction has ended well"


def test_materials_and_steps_follow_the_answers():
    content = given.content()
    content["form"]["groups"][0]["fields"].append(
        {
            "code": "kind",
            "label": "类别",
            "type": "choice",
            "choices": [{"value": "1", "label": "甲"}, {"value": "2", "label": "乙"}],
        }
    )
    content["materials"][1]["when"] = {"field": "place.kind", "eq": "2"}
    content["steps"].insert(1, {"code": "site", "name": "核查", "kind": "site_check", "role": "handler", "group": 1, "days": 1,
                                "standard": "现场相符", "when": {"field": "kind", "eq": "2"}})  # fmt: skip
    version = commands.create_item(content, division=given.DIVISION, by=BY, at=AT)
    commands.publish_version(version.pk, by=BY, at=AT)
    facts = queries.version(version.pk)
    assert [m.code for m in facts.materials_for({"place": {"kind": "1"}})] == ["m1"]
    assert [s.code for s in facts.steps_for({"place": {"kind": "2"}})] == ["examine", "site", "review", "decide"]
