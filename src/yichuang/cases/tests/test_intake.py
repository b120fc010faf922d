"""Drafts, submission on line, the window: what comes in, once and whole, or not at all."""

from __future__ import annotations

from datetime import date

import pytest

from yichuang.cases import commands, queries
from yichuang.cases.models import Bar, Case, CaseForm, Document, Draft, MaterialFile
from yichuang.cases.tests import given
from yichuang.cases.tests.given import AT, later
from yichuang.catalogue.tests import given as catalogue
from yichuang.core.models import LogEvent
from yichuang.core.refusal import Refusal
from yichuang.identity.tests import given as identity

pytestmark = pytest.mark.django_db


@pytest.fixture
def w() -> given.World:
    return given.world()


def nothing_received() -> bool:
    return not (Case.objects.exists() or CaseForm.objects.exists() or Document.objects.exists())


def test_a_draft_is_prefilled_marked_saved_and_found_again(w: given.World):
    draft = commands.start_draft(w.version.id, applicant=w.applicant, by=w.citizen, at=AT)
    assert draft.values["place"]["name"] == w.applicant.name
    assert draft.marked["place.name"] == "applicant.name"
    saved = commands.save_draft(
        draft.pk, revision=1, values=given.values(name="新名字"), by=w.citizen, at=later(hours=1)
    )
    assert saved.revision == 2
    assert "place.name" not in saved.marked, "what the person wrote is the person's own"
    assert commands.start_draft(w.version.id, applicant=w.applicant, by=w.citizen, at=AT).pk == draft.pk
    fresh = commands.start_draft(w.version.id, applicant=w.applicant, fresh=True, by=w.citizen, at=AT)
    assert fresh.pk != draft.pk
    assert fresh.values["place"]["name"] == w.applicant.name
    assert Draft.objects.count() == 1


def test_two_windows_do_not_overwrite_each_other(w: given.World):
    draft = commands.start_draft(w.version.id, applicant=w.applicant, by=w.citizen, at=AT)
    commands.save_draft(draft.pk, revision=1, values=given.values(name="甲"), by=w.citizen, at=AT)
    with pytest.raises(Refusal) as no:
        commands.save_draft(draft.pk, revision=1, values=given.values(name="乙"), by=w.citizen, at=AT)
    assert no.value.code == "draft.changed"
    assert Draft.objects.get().values["place"]["name"] == "甲"


def test_a_stranger_neither_sees_nor_fills_another_s_draft(w: given.World):
    draft = given.draft(w)
    for act in (
        lambda: queries.draft_for(w.stranger, draft.pk),
        lambda: commands.save_draft(draft.pk, revision=draft.revision, values={}, by=w.stranger, at=AT),
        lambda: commands.submit(draft.pk, by=w.stranger, at=AT),
        lambda: commands.discard_draft(draft.pk, by=w.stranger, at=AT),
        lambda: commands.start_draft(w.version.id, applicant=w.applicant, by=w.stranger, at=AT),
    ):
        with pytest.raises(Refusal) as no:
            act()
        assert no.value.status == 404
    assert Draft.objects.get().case is None


def test_submission_makes_one_case_with_form_materials_receipt_and_number(w: given.World):
    case = given.submitted_case(w)
    assert case.number.startswith("610114-20260302-")
    assert (case.state, case.open, case.acceptance_due_on) == ("received", True, date(2026, 3, 9))
    form = CaseForm.objects.get(case=case)
    assert form.content["values"]["place"]["name"] == "好味道理发店"
    assert form.intact()
    assert MaterialFile.objects.filter(material__case=case).count() == 2
    receipt = Document.objects.get(case=case)
    assert (receipt.kind, receipt.number) == ("receipt", case.number)
    event = LogEvent.objects.get(stream=case.stream)
    assert w.applicant.name not in event.data
    assert "13900000001" not in event.data
    assert form.digest in event.data


def test_a_form_sent_twice_is_one_case(w: given.World):
    draft = given.draft(w)
    first = commands.submit(draft.pk, key="k1", by=w.citizen, at=AT)
    assert commands.submit(draft.pk, key="k1", by=w.citizen, at=later(hours=1)).pk == first.pk
    assert commands.submit(draft.pk, key="another", by=w.citizen, at=later(hours=1)).pk == first.pk
    assert Case.objects.count() == 1
    with pytest.raises(Refusal) as no:
        commands.save_draft(draft.pk, revision=draft.revision, values={}, by=w.citizen, at=AT)
    assert no.value.code == "draft.submitted"


def test_everything_that_is_wrong_is_told_at_once(w: given.World):
    draft = given.draft(w, materials=("m1",), form={"place": {"name": "", "address": ""}})
    commands.save_draft(
        draft.pk,
        revision=draft.revision,
        contact={"phone": ""},
        delivery={"way": "post", "address": ""},
        by=w.citizen,
        at=AT,
    )
    with pytest.raises(Refusal) as no:
        commands.submit(draft.pk, by=w.citizen, at=AT)
    assert set(no.value.fields) == {"place.name", "place.address", "material.m2", "contact.phone", "delivery.address"}
    assert no.value.status == 422
    assert nothing_received()
    assert Draft.objects.get().case is None


def test_an_item_that_is_not_open_on_line_is_for_the_window():
    w = given.world(is_online=False, online_handle_depth=[], limit_scene_num=1, limit_scene_explain="须核验原件")
    with pytest.raises(Refusal) as no:
        commands.start_draft(w.version.id, applicant=w.applicant, by=w.citizen, at=AT)
    assert no.value.code == "case.not_online"
    assert given.taken_in(w).state == "received"


def test_a_draft_of_a_version_that_was_replaced_is_carried_over(w: given.World):
    from yichuang.catalogue import commands as catalogue
    from yichuang.catalogue.models import Item
    from yichuang.catalogue.tests import given as items

    draft = given.draft(w)
    item = Item.objects.get(pk=w.version.item_id)
    content = {**items.CONTENT, "local_task_code": item.code, "summary": "改过的说明，其他不变。"}
    newer = catalogue.draft_version(item, content, by=identity.by_system(), at=later(1))
    catalogue.publish_version(newer.pk, by=identity.by_system(), at=later(1))
    with pytest.raises(Refusal) as no:
        commands.submit(draft.pk, by=w.citizen, at=later(2))
    assert no.value.code == "case.version_not_open"
    assert nothing_received()
    again = commands.start_draft(newer.pk, applicant=w.applicant, by=w.citizen, at=later(2))
    assert again.pk == draft.pk
    assert again.values["place"]["name"] == "好味道理发店"
    assert commands.submit(again.pk, by=w.citizen, at=later(2)).version_id == newer.pk


def test_the_window_takes_in_what_is_incomplete_and_accepts_what_is_complete(w: given.World):
    lacking = given.taken_in(w, materials={"m1": {"copies": 1}}, key="a")
    assert lacking.state == "received"
    assert dict(lacking.materials.values_list("code", "state")) == {"m1": "paper", "m2": "missing"}
    whole = given.taken_in(w, accept=True, note="材料齐全", key="b")
    assert (whole.state, whole.channel, whole.point) == ("accepted", "window", given.POINT)
    assert {d.kind for d in whole.documents.all()} == {"receipt", "acceptance"}
    assert given.taken_in(w, accept=True, key="b").pk == whole.pk, "sent twice"
    assert Case.objects.count() == 2


def test_what_cannot_be_accepted_at_the_window_is_not_half_received(w: given.World):
    with pytest.raises(Refusal) as no:
        given.taken_in(w, materials={"m1": {"copies": 1}}, accept=True)
    assert set(no.value.fields) == {"material.m2"}
    assert nothing_received()
    with pytest.raises(Refusal) as no:
        given.taken_in(w, materials={"m9": {"copies": 1}})
    assert no.value.code == "case.material"
    with pytest.raises(Refusal) as no:
        commands.intake(
            w.version.id, applicant=w.applicant, values=given.values(), materials={}, point="x", by=w.reviewer, at=AT
        )
    assert no.value.status == 403
    assert nothing_received()


def test_a_bar_keeps_the_applicant_from_this_item_only(w: given.World):
    commands.record_bar(w.applicant, w.version.item_id, ground="fraud", source="阎审批撤〔2026〕1号", by=w.head, at=AT)
    bar = Bar.objects.get()
    assert bar.ends_on == date(2029, 3, 2)
    draft = given.draft(w)
    with pytest.raises(Refusal) as no:
        commands.submit(draft.pk, by=w.citizen, at=AT)
    assert no.value.code == "case.barred"
    assert "第七十九条" in no.value.law
    assert nothing_received()
    commands.lift_bar(bar.pk, reason="复议撤销", by=w.head, at=later(1))
    assert commands.submit(draft.pk, by=w.citizen, at=later(1)).state == "received"
    with pytest.raises(Refusal) as no:
        commands.record_bar(w.applicant, w.version.item_id, ground="fraud", source="x", by=w.handler, at=AT)
    assert no.value.status == 403


def test_fraud_bars_only_from_an_item_that_concerns_safety_as_the_case_s_own_version_says():
    w = given.world(concerns_safety=False)
    case = given.granted_case(w)
    how = {"ground": "fraud", "by": w.head, "at": later(9)}
    for source in ("阎审批撤〔2026〕1号", case.stream):
        with pytest.raises(Refusal) as no:
            commands.record_bar(w.applicant, w.version.item_id, source=source, **how)
        assert (no.value.code, no.value.law) == ("bar.no_safety", "行政许可法第七十九条")
    catalogue.revised(w.version, at=later(9), concerns_safety=True)
    with pytest.raises(Refusal):
        commands.record_bar(w.applicant, w.version.item_id, source=case.number, **how)
    assert not Bar.objects.exists()
    bar = commands.record_bar(w.applicant, w.version.item_id, source="阎审批撤〔2026〕1号", **how)
    assert bar.ends_on == date(2029, 3, 11)


def test_duplicates_are_shown_before_another_one_is_taken_in(w: given.World):
    case = given.taken_in(w)
    assert queries.duplicates(w.applicant.pk, w.version.item_id) == [case]
    assert queries.duplicates(w.applicant.pk, w.version.item_id + 1) == []
