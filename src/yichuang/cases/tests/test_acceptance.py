"""Acceptance and what stands in its place (行政许可法 32)."""

from __future__ import annotations

from datetime import date

import pytest

from yichuang.cases import commands, queries
from yichuang.cases.models import Case, Document, MaterialFile, StaffNotice
from yichuang.cases.tests import given
from yichuang.cases.tests.given import AT, kinds, later
from yichuang.core.refusal import Refusal
from yichuang.identity.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def w() -> given.World:
    return given.world()


def test_acceptance_opens_the_first_step_starts_the_clock_and_tells_the_applicant(w: given.World):
    case = given.accepted_case(w)
    assert (case.state, case.promised_due_on, case.statutory_due_on) == (
        "accepted",
        date(2026, 3, 9),
        date(2026, 3, 30),
    )
    assert case.handler_id is None, "a window clerk leaves the case to be taken"
    assert list(case.steps.values_list("code", "state")) == [
        ("examine", "open"),
        ("review", "waiting"),
        ("decide", "waiting"),
    ]
    paper = Document.objects.get(case=case, kind="acceptance")
    assert paper.number == "阎审批受〔2026〕1号"
    assert paper.intact()
    assert Notice.objects.filter(applicant=w.applicant, about=case.stream, title="申请已受理").exists()


def test_a_handler_who_accepts_is_the_handler(w: given.World):
    case = given.submitted_case(w)
    assert commands.accept(case.number, by=w.handler, at=AT).handler_id == w.handler_staff.pk


def test_what_lacks_is_not_accepted_and_must_be_in_the_one_notice(w: given.World):
    case = given.taken_in(w, materials={"m1": {"copies": 1}})
    with pytest.raises(Refusal) as no:
        commands.accept(case.number, by=w.clerk, at=AT)
    assert no.value.fields == {"material.m2": "缺少必要材料“公共场所卫生检测报告”"}
    with pytest.raises(Refusal) as no:
        commands.request_correction(
            case.number, points=[{"field": "place.name", "what": "与执照不一致"}], by=w.clerk, at=AT
        )
    assert "material.m2" in no.value.fields
    with pytest.raises(Refusal) as no:
        commands.request_correction(case.number, points=[], by=w.clerk, at=AT)
    assert "points" in no.value.fields
    assert kinds(case) == ["submitted"]
    assert (
        commands.accept(case.number, paper={"m2": 1}, ticks={"m2": ["在有效期内"]}, by=w.clerk, at=AT).state
        == "accepted"
    )
    assert case.materials.get(code="m2").ticks == ["在有效期内"]


def test_correction_and_what_follows(w: given.World):
    case = given.taken_in(w, materials={"m1": {"copies": 1}})
    points = [{"material": "m2", "what": "请提交检测报告"}, {"field": "place.name", "what": "请与执照一致"}]
    case = commands.request_correction(case.number, points=points, by=w.clerk, at=later(1))
    assert (case.state, case.corrections, case.due_on) == ("correcting", 1, case.correction_due_on)
    assert queries.correction_points(case) == points
    scan = given.scan(case.stream, w.citizen)
    case = commands.resubmit(
        case.number, values=given.values(name="好味道"), files={"m2": [scan]}, by=w.citizen, at=later(7)
    )
    assert (case.state, case.received_on if hasattr(case, "received_on") else case.facts().received_on) == (
        "received",
        date(2026, 3, 9),
    )
    assert case.acceptance_due_on == date(2026, 3, 16), "five days anew from the new receipt"
    assert case.forms.count() == 2
    with pytest.raises(Refusal) as no:
        commands.request_correction(case.number, points=points, by=w.clerk, at=later(8))
    assert "reason" in no.value.fields
    case = commands.request_correction(
        case.number, points=points, reason="申请人更换了经营场所", by=w.clerk, at=later(8)
    )
    assert case.corrections == 2
    assert StaffNotice.objects.get(kind="second_correction").role == "head"
    again = given.scan(case.stream, w.citizen)
    commands.resubmit(case.number, files={"m2": [again]}, by=w.citizen, at=later(9))
    live = MaterialFile.objects.filter(material__case=case, material__code="m2", replaced_seq__isnull=True)
    assert [m.file_id for m in live] == [again.pk]
    assert MaterialFile.objects.filter(material__case=case, material__code="m2").count() == 2
    assert kinds(case) == ["submitted", "correction_requested", "resubmitted", "correction_requested", "resubmitted"]


def test_a_resubmission_that_still_lacks_is_told_so(w: given.World):
    case = given.taken_in(w, materials={"m1": {"copies": 1}})
    commands.request_correction(case.number, points=[{"material": "m2", "what": "补"}], by=w.clerk, at=AT)
    with pytest.raises(Refusal) as no:
        commands.resubmit(case.number, by=w.citizen, at=later(1))
    assert set(no.value.fields) == {"material.m2"}
    assert Case.objects.get().state == "correcting"


def test_a_correction_is_warned_of_twice_and_lapses(w: given.World):
    case = given.submitted_case(w)
    commands.request_correction(
        case.number, points=[{"field": "place.name", "what": "改"}], due_on=date(2026, 3, 16), by=w.clerk, at=AT
    )
    acts = {d: commands.attend(later(d)) for d in range(1, 17)}
    assert kinds(case) == ["submitted", "correction_requested", "lapse_warned", "lapse_warned", "lapsed"]
    assert {d for d, done in acts.items() if done} == {7, 10, 15}, "03-09, 03-12, and the day after 03-16"
    case.refresh_from_db()
    assert (case.state, case.open, case.due_on, case.light) == ("withdrawn", False, None, "")
    assert Notice.objects.filter(about=case.stream, title="补正期限将至").count() == 2
    assert Document.objects.filter(case=case, kind="withdrawal").exists()


def test_left_five_working_days_it_is_deemed_accepted_from_its_receipt(w: given.World):
    case = given.submitted_case(w)
    for d in range(1, 8):
        commands.attend(later(d, 14))
    assert kinds(case) == ["submitted", "flagged"], "yellow, and the fifth day is still the organ's"
    commands.attend(later(8, -9))
    assert kinds(case) == ["submitted", "flagged", "flagged", "deemed_accepted"]
    case.refresh_from_db()
    assert (case.state, case.deemed, case.accepted_at) == ("accepted", True, AT)
    assert case.promised_due_on == date(2026, 3, 9), "the decision clock runs from the day of receipt"
    assert case.steps.filter(state="open").exists()
    assert StaffNotice.objects.filter(kind="deemed_accepted", role="head").exists()
    assert Document.objects.filter(case=case, kind="acceptance").exists()
    done = commands.attend(later(8, -8))
    assert done == 1, "past the promised date already: a red light of its own"
    assert commands.attend(later(8, -8)) == 0


def test_declining_needs_reasons_and_redirecting_an_address(w: given.World):
    case = given.submitted_case(w)
    with pytest.raises(Refusal):
        commands.decline(case.number, reasons=" ", by=w.clerk, at=AT)
    with pytest.raises(Refusal):
        commands.redirect(case.number, to="", by=w.clerk, at=AT)
    assert kinds(case) == ["submitted"]
    case = commands.redirect(case.number, to="阎良区市场监督管理局", by=w.clerk, at=AT)
    assert (case.state, case.open) == ("declined", False)
    paper = Document.objects.get(case=case, kind="declination")
    assert "阎良区市场监督管理局" in str(paper.content)
    assert "六十日" in str(paper.content)
    case = commands.deliver_notice(case.number, way="electronic", by=w.clerk, at=later(1))
    assert case.state == "declined"
    with pytest.raises(Refusal) as no:
        commands.deliver_notice(case.number, way="electronic", by=w.clerk, at=later(1))
    assert no.value.code == "case.delivered"


def test_what_may_follow_later_needs_a_day_and_is_supplied_or_ends_the_case():
    from yichuang.catalogue.tests.given import CONTENT

    materials = [CONTENT["materials"][0], {**CONTENT["materials"][1], "is_need": "3"}]
    w = given.world(materials=materials)
    case = given.taken_in(w, materials={"m1": {"copies": 1}})
    with pytest.raises(Refusal) as no:
        commands.accept(case.number, by=w.clerk, at=AT)
    assert "约定补交日期" in no.value.fields["material.m2"]
    with pytest.raises(Refusal):
        commands.accept(case.number, deferred={"m2": AT.date()}, by=w.clerk, at=AT)
    case = commands.accept(case.number, deferred={"m2": date(2026, 3, 6)}, by=w.clerk, at=AT)
    assert case.deferred == {"m2": "2026-03-06"}
    commands.pass_step(case.number, step="examine", opinion="可", by=w.handler, at=later(1))
    commands.pass_step(case.number, step="review", opinion="可", by=w.reviewer, at=later(1))
    with pytest.raises(Refusal) as no:
        commands.grant(case.number, by=w.reviewer, at=later(2))
    assert no.value.code == "case.deferred_pending"
    with pytest.raises(Refusal):
        commands.terminate(case.number, ground="deferred_missed", reasons="未补", by=w.head, at=later(2))
    with pytest.raises(Refusal):
        commands.supply_deferred(case.number, material="m1", copies=1, by=w.citizen, at=later(2))
    case = commands.supply_deferred(
        case.number, material="m2", files=[given.scan(case.stream, w.citizen)], by=w.citizen, at=later(2)
    )
    assert case.deferred == {}
    assert case.materials.get(code="m2").state == "provided"
    assert commands.grant(case.number, by=w.reviewer, at=later(3)).state == "granted"


def test_an_instant_item_is_accepted_and_decided_in_one_act():
    w = given.world(project_type="1", promise_day=0, steps=[])
    case = given.taken_in(w, decide=True)
    assert (case.state, case.decision) == ("granted", "granted")
    assert kinds(case) == ["submitted", "accepted", "granted"]
    other = given.submitted_case(w)
    other = commands.accept_and_decide(other.number, by=w.clerk, at=AT)
    assert other.state == "granted"
    assert commands.issue(other.number, by=w.clerk, at=AT).licence_id
    plain = given.world()
    with pytest.raises(Refusal) as no:
        commands.accept_and_decide(given.submitted_case(plain).number, by=plain.clerk, at=AT)
    assert no.value.code == "case.not_instant"


def test_a_verb_out_of_state_is_refused_with_what_happened_and_what_is_open(w: given.World):
    case = given.accepted_case(w)
    with pytest.raises(Refusal) as no:
        commands.accept(case.number, by=w.clerk, at=later(1))
    assert no.value.status == 409
    assert "李窗口受理申请" in no.value.message
    assert "办理环节（承办人" in no.value.next_step
    assert kinds(case) == ["submitted", "accepted"]


def test_strangers_learn_nothing(w: given.World):
    case = given.submitted_case(w)
    for number in (case.number, "610114-20260302-999999-X"):
        for act in (
            lambda n=number: queries.case_for(w.stranger, n),
            lambda n=number: commands.withdraw(n, by=w.stranger, at=AT),
            lambda n=number: commands.accept(n, by=w.stranger, at=AT),
        ):
            with pytest.raises(Refusal) as no:
                act()
            assert (no.value.code, no.value.status) == ("case.unknown", 404)
    assert kinds(case) == ["submitted"]
