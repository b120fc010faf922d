"""Taking, assigning and the steps of a case: in turn, side by side, by condition, returned, elsewhere."""

from __future__ import annotations

import pytest

from yichuang.cases import commands, queries
from yichuang.cases.models import Case, StaffNotice
from yichuang.cases.tests import given
from yichuang.cases.tests.given import AT, kinds, later
from yichuang.core.models import LogEvent
from yichuang.core.refusal import Refusal
from yichuang.identity.tests import given as identity

NOW = later(hours=2)
pytestmark = pytest.mark.django_db


@pytest.fixture
def w() -> given.World:
    return given.world()


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
