"""A version's way into force through its verbs: sent, approved by another, on its day, or back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from yichuang.catalogue import commands, queries
from yichuang.catalogue.models import Item, ItemVersion, VersionRemark
from yichuang.catalogue.tests import given, given_lists
from yichuang.core import verify
from yichuang.core.actor import Actor
from yichuang.core.models import LogEvent
from yichuang.core.refusal import Refusal
from yichuang.core.tests import samples as made
from yichuang.identity import commands as people
from yichuang.identity.models import RoleGrant, Staff
from yichuang.identity.queries import actor_of_account
from yichuang.identity.tests import given as identity

pytestmark = pytest.mark.django_db
AT = given.AT
DAY = timedelta(1)


def refused(code: str, act, *args, **kwargs) -> Refusal:
    """Refused with this code, and nothing was written."""
    before = LogEvent.objects.count()
    with pytest.raises(Refusal) as no:
        act(*args, at=kwargs.pop("at", AT), **kwargs)
    assert no.value.code == code, no.value
    assert no.value.next_step
    assert LogEvent.objects.count() == before
    return no.value


def stands(version: ItemVersion) -> tuple[str, str]:
    version.refresh_from_db()
    return version.state, version.stage


def successor(**changes) -> tuple[int, ItemVersion]:
    """A published item and the draft of its next version."""
    facts = given.published_item()
    item = Item.objects.get(pk=facts.item_id)
    content = queries.content(queries.in_force(item.pk))
    draft = commands.draft_version(item, {**content, "promise_day": 8, **changes}, by=given.by_system(), at=AT)
    return facts.id, draft


def test_one_submits_and_another_puts_it_in_force():
    first, draft = successor()
    editor, second = given.editor(), given.reviewer()
    given.submitted(draft, by=editor)
    assert stands(draft) == ("draft", "submitted")
    assert queries.current(draft.item_id).id == first, "the public sees the version before"
    commands.approve_version(draft.pk, opinion="合法", by=second, at=AT)
    assert stands(draft) == ("published", "")
    assert (draft.submitted_by, draft.approved_by, draft.published_by) == (editor.ref, second.ref, second.ref)
    assert draft.effective_on == AT.date()
    assert queries.current(draft.item_id).promised_days == 8
    assert ItemVersion.objects.get(pk=first).state == "retired"
    assert verify.verify().faults == []


def test_nobody_publishes_alone():
    draft = given.draft()
    no = refused("catalogue.submit_first", commands.publish_version, draft.pk, by=given.editor())
    assert "送法制审核" in no.next_step
    refused("actor.not_permitted", commands.publish_version, draft.pk, by=given.reviewer())
    assert stands(draft) == ("draft", "")


def moved(editor: Actor) -> Actor:
    """An editor who has become a legal reviewer: nobody has both duties at once."""
    staff = Staff.objects.get(pk=int(editor.ref.partition(":")[2]))
    for grant in RoleGrant.objects.filter(staff=staff, ended_at=None):
        people.end_role(grant, by=given.by_system(), at=AT)
    people.grant_role(staff, role="legal_reviewer", department=staff.department, by=given.by_system(), at=AT)
    return actor_of_account(staff.account, AT)


@pytest.mark.parametrize("hand", ["drafted", "revised", "submitted"])
def test_who_had_a_hand_in_it_does_not_review_it(hand):
    editor = given.editor()
    draft = given.draft(by=editor if hand == "drafted" else None)
    if hand == "revised":
        content = queries.content(queries.whole().get(pk=draft.pk))
        commands.revise_draft(draft.pk, {**content, "promise_day": 9}, by=editor, at=AT)
        commands.revise_draft(draft.pk, {**content, "promise_day": 8}, by=given.by_system(), at=AT)
    given.submitted(
        draft, by=editor if hand == "submitted" else identity.staff("另一编", roles=("catalogue_editor",))[1]
    )
    both = moved(editor)
    for act, words in ((commands.approve_version, {}), (commands.return_version, {"reason": "不妥"})):
        assert refused("catalogue.same_person", act, draft.pk, by=both, **words).status == 403
    assert commands.approve_version(draft.pk, by=given.reviewer(), at=AT).state == "published"


def test_what_lint_finds_wrong_is_not_even_submitted():
    given_lists.certificate(code="ZM-100", name="收养能力评估证明", names=[])
    for draft, place in (
        (given.draft(promise_day=30), "promise_day"),
        (given.draft(**given_lists.material()), "materials.1.material_name"),
    ):
        no = refused("catalogue.lint", commands.submit_version, draft.pk, note="改", by=given.editor())
        assert place in no.fields
        assert no.status == 422
        assert "送审" in no.next_step


def test_lint_is_asked_again_at_the_approval():
    row = given_lists.certificate()
    draft = given.submitted(given.draft(**given_lists.material(row.name)))
    commands.unlist_certificate(row.pk, reason="取消", by=given.by_system(), at=AT)
    refused("catalogue.lint", commands.approve_version, draft.pk, by=given.reviewer())
    assert stands(draft) == ("draft", "submitted")


def test_why_and_from_when_must_make_sense():
    draft = given.draft()
    assert "note" in refused("catalogue.words", commands.submit_version, draft.pk, note=" ", by=given.editor()).fields
    yesterday = AT.date() - DAY
    no = refused(
        "catalogue.past_day", commands.submit_version, draft.pk, note="改", effective_on=yesterday, by=given.editor()
    )
    assert "effective_on" in no.fields


def test_what_is_sent_stands_until_it_is_withdrawn():
    draft = given.draft()
    content = {**queries.content(queries.whole().get(pk=draft.pk)), "promise_day": 7}
    editor = given.editor()
    given.submitted(draft, by=editor, effective_on=AT.date() + 9 * DAY)
    for stage in ("submitted", "approved"):
        assert stands(draft) == ("draft", stage)
        for who in (editor, given.by_system()):
            no = refused("catalogue.stage", commands.revise_draft, draft.pk, content, by=who)
            assert "撤回送审" in no.next_step
        refused("catalogue.stage", commands.submit_version, draft.pk, note="再送", by=editor)
        refused(
            "catalogue.stage", commands.put_sheet, draft.pk, material="m1", kind="form", source=made.pdf(), name="a.pdf", by=editor
        )  # fmt: skip
        if stage == "submitted":
            commands.approve_version(draft.pk, by=given.reviewer(), at=AT)
    commands.withdraw_submission(draft.pk, reason="还要改", by=editor, at=AT)
    assert stands(draft) == ("draft", "")
    assert (draft.submitted_by, draft.approved_by, draft.effective_planned) == ("", "", None)
    commands.revise_draft(draft.pk, content, by=editor, at=AT)
    assert given.second_person(draft).promise_day == 7


def test_it_is_sent_back_with_a_reason_also_after_the_approval():
    draft = given.submitted(given.draft(), effective_on=AT.date() + DAY)
    second = given.reviewer()
    assert "reason" in refused("catalogue.words", commands.return_version, draft.pk, reason="", by=second).fields
    commands.return_version(draft.pk, reason="依据条款有误", by=second, at=AT)
    assert stands(draft) == ("draft", "")
    refused("catalogue.stage", commands.approve_version, draft.pk, by=second)
    given.submitted(draft, effective_on=AT.date() + DAY)
    commands.approve_version(draft.pk, by=second, at=AT)
    commands.return_version(draft.pk, reason="发现笔误", by=second, at=AT)
    assert commands.publish_due(AT + 5 * DAY) == 0
    assert stands(draft) == ("draft", "")


def _tried(act, who) -> int:
    """200, or the status of the refusal; nothing is kept."""
    try:
        with transaction.atomic():
            act(who)
            transaction.set_rollback(True)
    except Refusal as no:
        return no.status
    return 200


def test_each_verb_has_its_role():
    sent, drafted = given.submitted(given.draft()), given.draft()
    roles = ("handler", "window_clerk", "head", "reviewer", "publicity_officer", "system_administrator", "auditor")
    people = {role: identity.staff(role, roles=(role,))[1] for role in roles}
    people["catalogue_editor"] = given.editor()
    people["legal_reviewer"] = given.reviewer()
    people["editor elsewhere"] = given.editor("阎良区卫生健康局")
    verbs = {
        "submit": lambda w: commands.submit_version(drafted.pk, note="改", by=w, at=AT),
        "approve": lambda w: commands.approve_version(sent.pk, by=w, at=AT),
        "return": lambda w: commands.return_version(sent.pk, reason="因为", by=w, at=AT),
        "withdraw": lambda w: commands.withdraw_submission(sent.pk, by=w, at=AT),
    }
    told = {(name, verb): _tried(act, who) for name, who in people.items() for verb, act in verbs.items()}
    assert set(told.values()) == {200, 403}
    assert {pair for pair, status in told.items() if status == 200} == {
        ("catalogue_editor", "submit"),
        ("catalogue_editor", "withdraw"),
        ("legal_reviewer", "approve"),
        ("legal_reviewer", "return"),
    }


def test_another_divisions_reviewer_finds_nothing():
    draft = given.submitted(given.draft())
    elsewhere = identity.department("临潼区行政审批服务局", division="610115")
    other = identity.staff("外区", roles=("legal_reviewer",), department=elsewhere)[1]
    assert refused("catalogue.not_found", commands.approve_version, draft.pk, by=other).status == 404
    assert refused("catalogue.not_found", commands.remark, draft.pk, text="看看", by=other).status == 404


# -- its day ----------------------------------------------------------------------------------------------------------


def test_it_comes_into_force_on_its_day_once():
    first, draft = successor()
    day = AT.date() + 3 * DAY
    given.submitted(draft, effective_on=day)
    commands.approve_version(draft.pk, by=given.reviewer(), at=AT)
    assert commands.publish_due(AT + 2 * DAY) == 0
    assert queries.current(draft.item_id).id == first
    assert commands.publish_due(AT + 3 * DAY) == 1
    assert stands(draft) == ("published", "")
    assert (draft.effective_on, draft.published_by) == (day, "system:publish")
    assert ItemVersion.objects.get(pk=first).retired_on == day
    before = LogEvent.objects.count()
    assert commands.publish_due(AT + 3 * DAY) == 0
    assert LogEvent.objects.count() == before
    assert verify.verify().faults == []


def test_a_worker_that_was_away_catches_up_with_the_day_that_was_approved():
    _first, draft = successor()
    day = AT.date() + DAY
    given.submitted(draft, effective_on=day)
    commands.approve_version(draft.pk, by=given.reviewer(), at=AT)
    assert commands.publish_due(AT + 10 * DAY) == 1
    draft.refresh_from_db()
    assert draft.effective_on == day


def test_an_approval_after_the_planned_day_is_in_force_from_the_day_of_the_approval():
    draft = given.submitted(given.draft(), effective_on=AT.date() + DAY)
    commands.approve_version(draft.pk, by=given.reviewer(), at=AT + 4 * DAY)
    assert stands(draft) == ("published", "")
    assert draft.effective_on == (AT + 4 * DAY).date()


def test_what_lint_finds_on_the_day_goes_back_and_the_others_come_into_force():
    row = given_lists.certificate()
    first, draft = successor(**given_lists.material(row.name))
    other = given.draft()
    for one in (draft, other):
        given.submitted(one, effective_on=AT.date() + DAY)
        commands.approve_version(one.pk, by=given.reviewer(), at=AT)
    commands.unlist_certificate(row.pk, reason="取消", by=given.by_system(), at=AT)
    assert commands.publish_due(AT + DAY) == 1
    assert stands(draft) == ("draft", "")
    assert stands(other) == ("published", "")
    assert queries.current(draft.item_id).id == first, "what was in force stays in force"
    line = LogEvent.objects.get(stream=draft.stream, kind="version.returned")
    assert "证明" in line.event().data["reason"]
    assert commands.publish_due(AT + DAY) == 0
    assert verify.verify().faults == []


def test_the_platform_publishes_by_rule_as_before():
    draft = given.submitted(given.draft())
    assert commands.publish_version(draft.pk, by=given.by_system(), at=AT).state == "published"
    assert stands(draft) == ("published", "")


def test_a_draft_that_is_given_up_waits_for_nobody():
    draft = given.submitted(given.draft())
    commands.retire_version(draft.pk, reason="不再需要", by=given.editor(), at=AT)
    assert stands(draft) == ("retired", "")
    assert queries.waiting_counts(given.reviewer()) == {"submitted": 0, "approved": 0}


# -- the database -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "columns",
    [
        {"stage": "approved", "approved_by": "staff:1"},
        {"stage": "approved", "approved_by": ""},
        {"stage": "submitted", "submitted_by": ""},
        {"stage": "elsewhere"},
    ],
)
def test_the_database_wants_a_second_person(columns):
    draft = given.draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemVersion.objects.filter(pk=draft.pk).update(**{"submitted_by": "staff:1", **columns})


def test_who_sent_and_who_approved_cannot_be_changed_afterwards():
    draft = given.second_person(given.draft())
    for columns in ({"submitted_by": "staff:999"}, {"approved_by": "staff:999"}, {"stage": "submitted"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            ItemVersion.objects.filter(pk=draft.pk).update(**columns)


# -- imports ----------------------------------------------------------------------------------------------------------


def test_a_persons_import_is_sent_to_review_and_publishes_nothing():
    facts = given.published_item()
    editor = given.editor()
    fresh, wrong = given.content(), given.content(promise_day=30)
    changed = {"local_task_code": facts.item_code, "task_name": facts.name, "promise_day": "8"}
    report = commands.import_items([fresh, wrong, changed], division=given.DIVISION, by=editor, at=AT)
    assert (report.created, report.updated, report.submitted) == (2, 1, 2)
    stages = {v.item.code: (v.state, v.stage) for v in ItemVersion.objects.filter(state="draft").select_related("item")}
    assert stages == {
        fresh["local_task_code"]: ("draft", "submitted"),
        wrong["local_task_code"]: ("draft", ""),
        facts.item_code: ("draft", "submitted"),
    }
    assert queries.current(facts.item_id).promised_days == 5
    again = commands.import_items([changed], division=given.DIVISION, by=editor, at=AT)
    assert again.unchanged == 1
    other = commands.import_items([{**changed, "promise_day": "9"}], division=given.DIVISION, by=editor, at=AT)
    assert "待法制审核" in other.rejected[0].reason
    waiting = ItemVersion.objects.get(item_id=facts.item_id, state="draft")
    assert commands.approve_version(waiting.pk, by=given.reviewer(), at=AT).state == "published"
    assert verify.verify().faults == []


# -- remarks ----------------------------------------------------------------------------------------------------------


def test_remarks_are_kept_beside_the_element_and_settled():
    draft = given.submitted(given.draft())
    second, editor = given.reviewer(), given.editor()
    one = commands.remark(draft.pk, element="promise_day", text="依据不足", by=second, at=AT)
    commands.remark(draft.pk, text="整体可行", by=editor, at=AT)
    assert [(r.number, r.element) for r in queries.remarks_of(draft)] == [(1, "promise_day"), (2, "")]
    commands.settle_remark(one.pk, by=editor, at=AT)
    refused("catalogue.remark_settled", commands.settle_remark, one.pk, by=editor)
    refused("catalogue.no_such_element", commands.remark, draft.pk, element="colour", text="?", by=editor)
    refused("catalogue.words", commands.remark, draft.pk, text="  ", by=editor)
    refused("catalogue.no_remark", commands.settle_remark, 999_999, by=editor)
    for who in (identity.staff("李办理")[1], given.editor("阎良区卫生健康局")):
        assert refused("actor.not_permitted", commands.remark, draft.pk, text="我也说", by=who).status == 403
    assert verify.verify().faults == []
    VersionRemark.objects.filter(pk=one.pk).update(text="改过的批注")
    assert [fault.stream for fault in verify.verify().faults] == [draft.stream]


def test_a_remark_on_what_is_in_force_leaves_it_as_it_is():
    facts = given.published_item()
    commands.remark(facts.id, element="by_law", text="条款将修订", by=given.editor(), at=AT)
    assert ItemVersion.objects.get(pk=facts.id).digest == facts.digest
    assert verify.verify().faults == []
