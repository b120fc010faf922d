"""Steps, special procedures, extension, decision, delivery and the ends of a case."""

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
from yichuang.identity.tests import given as identity
from yichuang.licences.models import Licence

NOW = later(hours=2)
pytestmark = pytest.mark.django_db


@pytest.fixture
def w() -> given.World:
    return given.world()


def kinds(case: Case) -> list[str]:
    return [
        k.removeprefix("case.")
        for k in LogEvent.objects.filter(stream=case.stream).order_by("seq").values_list("kind", flat=True)
    ]


def states(case: Case) -> dict[str, str]:
    return dict(case.steps.values_list("code", "state"))


def step(code: str, group: int, role: str = "handler", kind: str = "examine", **more: object) -> dict[str, object]:
    return {
        "code": code,
        "name": code,
        "role": role,
        "kind": kind,
        "group": group,
        "days": 1,
        "standard": "合法",
        **more,
    }


def test_taking_and_assigning(w: given.World):
    case = given.accepted_case(w)
    second, colleague = identity.staff("孙承办", ("handler",), w.department)
    case = commands.take(case.number, by=w.handler, at=NOW)
    assert case.handler_id == w.handler_staff.pk
    with pytest.raises(Refusal) as no:
        commands.take(case.number, by=colleague, at=NOW)
    assert no.value.code == "case.taken"
    with pytest.raises(Refusal) as no:
        commands.assign(case.number, staff_id=second.pk, by=w.handler, at=NOW)
    assert no.value.status == 403
    outsider, _ = identity.staff("外人", ("handler",), identity.department("阎良区水务局"))
    with pytest.raises(Refusal) as no:
        commands.assign(case.number, staff_id=outsider.pk, by=w.head, at=NOW)
    assert "staff" in no.value.fields
    case = commands.assign(case.number, staff_id=second.pk, by=w.head, at=NOW)
    assert case.handler_id == second.pk
    assert StaffNotice.objects.get(kind="assigned").staff_id == second.pk
    with pytest.raises(Refusal) as no:
        commands.pass_step(case.number, step="examine", opinion="可", by=w.handler, at=NOW)
    assert no.value.code == "case.taken"
    assert kinds(case) == ["submitted", "accepted", "assigned", "assigned"]


def test_steps_open_in_turn_and_the_first_handler_takes_the_case(w: given.World):
    case = given.accepted_case(w)
    with pytest.raises(Refusal):
        commands.pass_step(case.number, step="review", opinion="早了", by=w.reviewer, at=NOW)
    with pytest.raises(Refusal):
        commands.pass_step(case.number, step="examine", opinion="", by=w.handler, at=NOW)
    with pytest.raises(Refusal):
        commands.grant(case.number, by=w.reviewer, at=NOW)
    case = commands.pass_step(case.number, step="examine", opinion="符合", by=w.handler, at=later(1))
    assert case.handler_id == w.handler_staff.pk
    assert states(case) == {"examine": "passed", "review": "open", "decide": "waiting"}
    case = commands.pass_step(case.number, step="review", opinion="同意", by=w.reviewer, at=later(1))
    with pytest.raises(Refusal) as no:
        commands.pass_step(case.number, step="decide", opinion="同意", by=w.reviewer, at=later(2))
    assert "准予许可" in no.value.next_step
    assert kinds(case) == ["submitted", "accepted", "step_passed", "step_passed"]


def test_steps_of_a_group_run_side_by_side_and_optional_ones_do_not_hold_up():
    steps = [
        step("a", 1),
        step("b", 1),
        step("extra", 1, required=False),
        step("c", 2, "reviewer", "review"),
        step("d", 3, "head", "decide"),
    ]
    w = given.world(steps=steps)
    case = given.accepted_case(w)
    assert states(case) == {"a": "open", "b": "open", "extra": "open", "c": "waiting", "d": "waiting"}
    commands.pass_step(case.number, step="b", opinion="可", by=w.handler, at=NOW)
    assert states(case)["c"] == "waiting"
    commands.pass_step(case.number, step="a", opinion="可", by=w.handler, at=NOW)
    assert states(case)["c"] == "open"
    commands.pass_step(case.number, step="c", opinion="可", by=w.reviewer, at=NOW)
    with pytest.raises(Refusal) as no:
        commands.grant(case.number, by=w.reviewer, at=NOW)
    assert no.value.status == 403, "the version says who decides"
    assert commands.grant(case.number, by=w.head, at=NOW).state == "granted"


def test_a_step_by_condition_applies_only_when_the_form_says_so():
    when = {"field": "place.name", "eq": "好味道理发店"}
    steps = [
        step("a", 1),
        step("far", 1, when=when),
        step("near", 1, when={"field": "place.name", "ne": "好味道理发店"}),
        step("d", 2, "head", "decide"),
    ]
    case = given.accepted_case(given.world(steps=steps))
    assert set(states(case)) == {"a", "far", "d"}


def test_a_return_goes_to_the_step_named_with_its_reason(w: given.World):
    case = given.reviewed_case(w)
    with pytest.raises(Refusal):
        commands.return_step(case.number, step="decide", to="decide", reason="x", by=w.reviewer, at=later(2))
    with pytest.raises(Refusal):
        commands.return_step(case.number, step="decide", to="examine", reason="", by=w.reviewer, at=later(2))
    case = commands.return_step(
        case.number, step="decide", to="examine", reason="面积未核实", by=w.reviewer, at=later(2)
    )
    assert states(case) == {"examine": "open", "review": "waiting", "decide": "waiting"}
    assert dict(case.steps.values_list("code", "round")) == {"examine": 2, "review": 2, "decide": 1}
    assert StaffNotice.objects.get(kind="step_returned").staff_id == w.handler_staff.pk
    for code, by in (("examine", w.handler), ("review", w.reviewer)):
        commands.pass_step(case.number, step=code, opinion="已核实", by=by, at=later(3))
    assert commands.grant(case.number, by=w.reviewer, at=later(3)).state == "granted"


def test_the_reviewer_is_not_the_handler():
    w = given.world()
    _, both = identity.staff("全能", ("handler", "reviewer"), w.department)
    case = given.accepted_case(w)
    commands.pass_step(case.number, step="examine", opinion="可", by=both, at=NOW)
    with pytest.raises(Refusal) as no:
        commands.pass_step(case.number, step="review", opinion="可", by=both, at=NOW)
    assert no.value.code == "case.reviewer_is_handler"
    commands.pass_step(case.number, step="review", opinion="可", by=w.reviewer, at=NOW)
    with pytest.raises(Refusal) as no:
        commands.grant(case.number, by=both, at=NOW)
    assert no.value.code == "case.reviewer_is_handler"
    assert commands.grant(case.number, by=w.reviewer, at=NOW).state == "granted"


def test_whoever_covers_the_post_acts_and_the_log_says_so(w: given.World):
    from yichuang.identity import commands as people
    from yichuang.identity import queries as persons

    cover, _ = identity.staff("周替岗", (), w.department)
    case = given.accepted_case(w)
    commands.take(case.number, by=w.handler, at=NOW)
    post = people.set_post(
        department=w.department, name="承办岗", a=w.handler_staff, b=cover, by=identity.by_system(), at=AT
    )
    people.step_away(post, until=later(5), by=identity.by_system(), at=NOW)
    b = persons.actor_of_account(cover.account, later(1))
    assert w.handler.ref in b.standing_in_for
    case = commands.pass_step(case.number, step="examine", opinion="可", by=b, at=later(1))
    assert case.handler_id == w.handler_staff.pk
    assert case.steps.get(code="examine").by == b.ref
    assert '"standing_in_for"' in LogEvent.objects.get(stream=case.stream, seq=case.seq).data


def test_a_site_check_is_made_by_two():
    w = given.world(steps=[step("site", 1, kind="site_check"), step("d", 2, "head", "decide")])
    colleague, _ = identity.staff("孙承办", ("handler",), w.department)
    case = given.accepted_case(w)
    for staff in ((), (w.handler_staff.pk,), (w.handler_staff.pk, w.handler_staff.pk), (w.handler_staff.pk, 999999)):
        with pytest.raises(Refusal) as no:
            commands.pass_step(case.number, step="site", opinion="可", staff=staff, by=w.handler, at=NOW)
        assert no.value.code == "case.two_staff"
    case = commands.pass_step(
        case.number, step="site", opinion="可", staff=(w.handler_staff.pk, colleague.pk), by=w.handler, at=NOW
    )
    assert case.steps.get(code="site").staff == sorted((w.handler_staff.pk, colleague.pk))


def test_a_step_of_another_department_is_theirs_and_lets_them_see_the_case():
    water = identity.department("阎良区水务局")
    _, waterman = identity.staff("郑水务", ("handler",), water)
    w = given.world(steps=[step("own", 1), step("water", 1, department="阎良区水务局"), step("d", 2, "head", "decide")])
    case = given.accepted_case(w)
    assert queries.case_for(waterman, case.number).pk == case.pk
    assert [c.pk for c in queries.worklist(waterman)] == [case.pk]
    for code, by in (("water", w.handler), ("own", waterman)):
        with pytest.raises(Refusal) as no:
            commands.pass_step(case.number, step=code, opinion="可", by=by, at=NOW)
        assert no.value.status == 403
    commands.pass_step(case.number, step="water", opinion="可", by=waterman, at=NOW)
    case = commands.pass_step(case.number, step="own", opinion="可", by=w.handler, at=NOW)
    assert case.handler_id == w.handler_staff.pk
    assert commands.grant(case.number, by=w.head, at=NOW).state == "granted"


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
