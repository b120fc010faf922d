"""Special procedures, extension, decision, delivery and the ends of a case."""

from __future__ import annotations

from datetime import date

import pytest

from yichuang.cases import commands, queries
from yichuang.cases.models import Bar, Case, Document, StaffNotice
from yichuang.cases.tests import given
from yichuang.cases.tests.given import AT, later
from yichuang.catalogue.tests import given as catalogue
from yichuang.core.models import LogEvent
from yichuang.core.refusal import Refusal
from yichuang.core.verify import verify
from yichuang.licences.models import Licence

NOW = later(hours=2)
pytestmark = pytest.mark.django_db


@pytest.fixture
def w() -> given.World:
    return given.world()


def test_special_procedures_suspend_and_every_one_is_told_in_writing(w: given.World):
    case = given.accepted_case(w)
    case = commands.start_special(case.number, kind="testing", reason="送检", needed_days=5, by=w.handler, at=later(1))
    case = commands.start_special(
        case.number, kind="expert_review", reason="评审", needed_days=3, by=w.handler, at=later(2)
    )
    assert (case.state, case.moving, case.specials) == ("suspended", True, 2)
    assert Document.objects.filter(case=case, kind="special").count() == 2
    for act in (
        lambda: commands.pass_step(case.number, step="examine", opinion="可", by=w.handler, at=later(3)),
        lambda: commands.end_special(case.number, no=7, by=w.handler, at=later(3)),
        lambda: commands.start_special(
            case.number, kind="testing", reason="又", needed_days=1, by=w.handler, at=later(3)
        ),
        lambda: commands.start_special(
            case.number, kind="hearing", reason="又", needed_days=0, by=w.handler, at=later(3)
        ),
    ):
        with pytest.raises(Refusal):
            act()
    assert commands.end_special(case.number, no=1, by=w.handler, at=later(7)).state == "suspended"
    case = commands.end_special(case.number, no=2, by=w.handler, at=later(8))
    assert (case.state, case.moving, case.promised_due_on) == ("accepted", False, date(2026, 3, 16))
    assert verify().clean


def test_an_extension_is_told_and_moves_both_dates_once(w: given.World):
    case = given.accepted_case(w)
    with pytest.raises(Refusal):
        commands.extend(case.number, days=5, reason="复杂", by=w.handler, at=later(1))
    case = commands.extend(case.number, days=5, reason="案情复杂", by=w.head, at=later(1))
    assert (case.promised_due_on, case.statutory_due_on) == (date(2026, 3, 16), date(2026, 4, 7))
    assert "案情复杂" in str(Document.objects.get(case=case, kind="extension").content)
    with pytest.raises(Refusal) as no:
        commands.extend(case.number, days=1, reason="再", by=w.head, at=later(1))
    assert no.value.code == "case.extended_once"


def test_a_grant_is_written_and_against_advice_it_says_why(w: given.World):
    case = given.accepted_case(w)
    commands.pass_step(case.number, step="examine", opinion="不符合", conclusion="refuse", by=w.handler, at=NOW)
    commands.pass_step(case.number, step="review", opinion="同意承办意见", conclusion="refuse", by=w.reviewer, at=NOW)
    with pytest.raises(Refusal) as no:
        commands.grant(case.number, by=w.reviewer, at=NOW)
    assert "opinion" in no.value.fields
    case = commands.grant(case.number, opinion="申请人已整改", by=w.reviewer, at=later(1))
    assert (case.decision, case.decision_number) == ("granted", "阎审批准〔2026〕1号")
    assert case.delivery_due_on == date(2026, 3, 17)


def test_a_refusal_has_reasons_and_remedies_and_false_statements_may_bar(w: given.World):
    case = given.reviewed_case(w)
    with pytest.raises(Refusal) as no:
        commands.refuse(case.number, reasons="", by=w.reviewer, at=later(2))
    assert "reasons" in no.value.fields
    case = commands.refuse(case.number, reasons="检测报告系伪造", false_statement=True, by=w.reviewer, at=later(2))
    text = str(Document.objects.get(case=case, kind="refusal").content)
    for words in ("检测报告系伪造", "六十日", "六个月", "西安市阎良区人民政府", "第七十八条", "2027年3月4日"):
        assert words in text
    assert Bar.objects.get().ends_on == date(2027, 3, 4)
    with pytest.raises(Refusal):
        commands.issue(case.number, by=w.handler, at=later(3))
    assert commands.deliver(case.number, way="post", tracking="EMS123", by=w.clerk, at=later(3)).state == "closed"
    plain = given.refused_case(given.world())
    assert plain.state == "refused"
    assert Bar.objects.count() == 1


def test_a_false_statement_bars_nobody_from_an_item_that_does_not_concern_safety():
    w = given.world(concerns_safety=False)
    case = given.reviewed_case(w)
    with pytest.raises(Refusal) as no:
        commands.refuse(case.number, reasons="伪造", false_statement=True, bar=True, by=w.reviewer, at=later(2))
    assert (no.value.code, no.value.law) == ("bar.no_safety", "行政许可法第七十八条")
    assert Case.objects.get(pk=case.pk).state == "accepted"
    commands.refuse(case.number, reasons="伪造", false_statement=True, by=w.reviewer, at=later(2))
    text = str(Document.objects.get(case=case, kind="refusal").content)
    assert "不得再次申请" not in text
    assert not Bar.objects.exists()


@pytest.mark.parametrize("declared", [True, False])
def test_under_a_version_that_does_not_say_the_decider_declares_whether_it_concerns_safety(declared: bool):
    w = given.world(concerns_safety=None)
    case = given.reviewed_case(w)
    commands.refuse(case.number, reasons="伪造", false_statement=True, bar=declared, by=w.reviewer, at=later(2))
    assert Bar.objects.exists() == declared


def test_a_case_stays_with_what_its_own_version_says_of_safety():
    w = given.world(concerns_safety=None)
    case = given.reviewed_case(w)
    catalogue.revised(w.version, at=AT, concerns_safety=True)
    commands.refuse(case.number, reasons="伪造", false_statement=True, by=w.reviewer, at=later(2))
    assert not Bar.objects.exists()


def test_a_refusal_without_a_false_statement_bars_nobody(w: given.World):
    assert given.refused_case(w).state == "refused"
    assert not Bar.objects.exists()


def test_issue_delivers_the_licence_once_with_the_form_s_words(w: given.World):
    case = given.granted_case(w)
    with pytest.raises(Refusal) as no:
        commands.deliver(case.number, way="electronic", by=w.clerk, at=later(2))
    assert no.value.code == "case.not_issued"
    case = commands.issue(case.number, by=w.handler, at=later(2))
    licence = Licence.objects.get(pk=case.licence_id)
    assert licence.source == case.stream
    assert licence.expires_on == date(2030, 3, 3), "48 months: the day before the same day"
    with pytest.raises(Refusal) as no:
        commands.issue(case.number, by=w.handler, at=later(2))
    assert no.value.code == "case.issued"
    assert Licence.objects.count() == 1


def test_an_item_without_a_licence_ends_in_its_decision_document():
    w = given.world(licence=None)
    case = given.issued_case(w)
    assert case.licence_id is None
    assert case.issued_at
    assert commands.deliver(case.number, way="counter", recipient="张三", by=w.clerk, at=later(3)).state == "closed"
    assert not Licence.objects.exists()


@pytest.mark.parametrize(
    ("how", "field"), [({"way": "counter"}, "recipient"), ({"way": "post"}, "tracking"), ({"way": "pigeon"}, "way")]
)
def test_delivery_is_proved(w: given.World, how: dict[str, str], field: str):
    case = given.issued_case(w)
    with pytest.raises(Refusal) as no:
        commands.deliver(case.number, by=w.clerk, at=later(3), **how)
    assert field in no.value.fields
    case.refresh_from_db()
    assert case.state == "granted"
    case = commands.deliver(
        case.number, way="counter", recipient="张三", recipient_id="610114", by=w.clerk, at=later(3)
    )
    assert (case.state, case.open) == ("closed", False)
    assert Document.objects.get(case=case, kind="grant").served_way == "counter"
    assert "张三" not in LogEvent.objects.get(stream=case.stream, kind="case.delivered").data


def test_withdrawal_and_termination(w: given.World):
    case = given.accepted_case(w)
    with pytest.raises(Refusal):
        commands.withdraw(case.number, by=w.handler, at=NOW)
    case = commands.withdraw(case.number, reason="不办了", by=w.citizen, at=later(1))
    assert (case.state, case.open, case.closed_at) == ("withdrawn", False, later(1))
    with pytest.raises(Refusal):
        commands.withdraw(case.number, by=w.citizen, at=later(1))
    other = given.accepted_case(w)
    with pytest.raises(Refusal):
        commands.terminate(other.number, ground="false_statement", reasons="假", by=w.head, at=NOW)
    with pytest.raises(Refusal):
        commands.terminate(other.number, ground="applicant_gone", reasons="", by=w.head, at=NOW)
    assert (
        commands.terminate(other.number, ground="applicant_gone", reasons="企业注销", by=w.head, at=NOW).state
        == "terminated"
    )
    decided = given.granted_case(w)
    with pytest.raises(Refusal):
        commands.withdraw(decided.number, by=w.citizen, at=later(3))


def test_a_slip_of_the_pen_is_put_right_by_another_document(w: given.World):
    case = given.closed_case(w)
    paper = Document.objects.get(case=case, kind="grant")
    for was, now in (("", "a"), ("a", ""), ("a", "a")):
        with pytest.raises(Refusal):
            commands.correct_clerical(case.number, document_id=paper.pk, was=was, now=now, by=w.handler, at=later(4))
    commands.correct_clerical(case.number, document_id=paper.pk, was="人名路", now="人民路", by=w.handler, at=later(4))
    mended = Document.objects.get(case=case, kind="clerical")
    assert paper.number in str(mended.content)
    paper.refresh_from_db()
    assert paper.intact(), "the document itself stays as it was"
    assert commands.archive(case.number, by=w.handler, at=later(5)).state == "archived"


def test_an_act_before_the_last_one_is_refused(w: given.World):
    case = given.accepted_case(w)
    with pytest.raises(Refusal) as no:
        commands.extend(case.number, days=1, reason="时钟", by=w.head, at=AT)
    assert no.value.code == "case.time"


def test_numbers_of_documents_run_without_gaps_per_organ_kind_and_year(w: given.World):
    numbers = [Document.objects.get(case=given.accepted_case(w), kind="acceptance").number for _ in range(3)]
    with pytest.raises(Refusal):
        commands.decline(given.submitted_case(w).number, reasons="", by=w.clerk, at=NOW)
    next_year = AT.replace(year=2027)
    numbers.append(Document.objects.get(case=given.accepted_case(w, at=next_year), kind="acceptance").number)
    assert numbers == ["阎审批受〔2026〕1号", "阎审批受〔2026〕2号", "阎审批受〔2026〕3号", "阎审批受〔2027〕1号"]


def test_lights_are_recorded_once_told_and_stay(w: given.World):
    case = given.accepted_case(w)
    commands.take(case.number, by=w.handler, at=NOW)
    done = {d: commands.attend(later(d)) for d in range(1, 30)}
    assert {d for d, n in done.items() if n} == {4, 8, 29}, "03-06 yellow, 03-10 red, 03-31 past the law's date"
    case.refresh_from_db()
    assert case.flags == ["decision.1:yellow", "decision.1:red", "decision.1:overdue"]
    assert case.light == "overdue"
    assert StaffNotice.objects.filter(case=case, kind="light", staff=w.handler_staff).count() == 3
    assert StaffNotice.objects.filter(case=case, kind="light", role="head").count() == 3
    assert queries.counts(w.handler)["red"] == 1
    assert len(queries.notices(w.head)) == 3
    assert commands.read_notice(by=w.handler, at=later(30)) == 3
    assert queries.notices(w.handler) == []
    for code, by in (("examine", w.handler), ("review", w.reviewer)):
        commands.pass_step(case.number, step=code, opinion="可", by=by, at=later(30))
    case = commands.grant(case.number, by=w.reviewer, at=later(30))
    assert case.light == "green"
    assert "decision.1:red" in case.flags
