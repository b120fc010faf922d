"""Who sees what, in which order, at the same number of queries whatever the rows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yichuang.cases import commands, queries
from yichuang.cases.models import Case
from yichuang.cases.tests import given
from yichuang.cases.tests.given import AT, later
from yichuang.catalogue.queries import versions
from yichuang.core import calendar
from yichuang.core.refusal import Refusal
from yichuang.identity.tests import given as identity

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 4)


@pytest.fixture
def w() -> given.World:
    return given.world()


@pytest.fixture
def kept(w: given.World) -> given.World:
    """Version and calendar in the memory of the process, as they are once they have been committed and read."""
    versions._keep(w.version)
    calendar.current()
    yield w
    versions.forget()


def numbers(page: Any) -> list[str]:
    return [row.number for row in page]


def count(act: Any) -> int:
    with CaptureQueriesContext(connection) as seen:
        act()
    return sum(not q["sql"].startswith(("SAVEPOINT", "RELEASE")) for q in seen.captured_queries)


def test_mine_is_what_waits_for_me(w: given.World):
    received, accepted = given.submitted_case(w), given.accepted_case(w)
    reviewed = given.reviewed_case(w)
    granted, issued, closed = given.granted_case(w), given.issued_case(w), given.closed_case(w)
    _, other = identity.staff("孙承办", ("handler",), w.department)
    found = {who: set(numbers(queries.worklist(who))) for who in (w.clerk, w.handler, other, w.reviewer, w.head)}
    assert found[w.clerk] == {received.number, granted.number, issued.number}
    assert found[w.handler] == {received.number, accepted.number, reviewed.number, granted.number, issued.number}
    assert found[other] == {received.number, accepted.number}, "not what a colleague handles"
    assert found[w.reviewer] == {reviewed.number}
    assert found[w.head] == set()
    assert closed.number not in set().union(*found.values())
    assert numbers(queries.worklist(w.head, scope="all")) == [
        c.number for c in (closed, issued, granted, reviewed, accepted, received)
    ]
    assert set(numbers(queries.worklist(w.reviewer, scope="waiting"))) == {reviewed.number}
    assert set(numbers(queries.worklist(w.clerk, scope="accept"))) == {received.number}
    assert len(numbers(queries.worklist(w.head, scope="department"))) == 5
    told = queries.counts(w.handler)
    assert (told["mine"], told["waiting"], told["accept"], told["department"]) == (5, 1, 1, 5)


def test_a_point_s_clerk_sees_the_point_s_cases_only(w: given.World):
    _, clerk = identity.staff("街道窗口", ("window_clerk",), w.department, point="610114002")
    here = given.taken_in(w, point="610114002", key="a")
    there = given.taken_in(w, point="610114003", key="b")
    assert numbers(queries.worklist(clerk)) == [here.number]
    assert commands.accept(here.number, by=clerk, at=AT).state == "accepted"
    with pytest.raises(Refusal) as no:
        queries.case_for(clerk, there.number)
    assert no.value.status == 404


def test_another_department_and_another_division_see_nothing(w: given.World):
    case = given.submitted_case(w)
    _, water = identity.staff("郑水务", ("handler", "head"), identity.department("阎良区水务局"))
    identity.division("610115", "临潼区")
    _, far = identity.staff("外区", ("head",), identity.department("临潼区行政审批局", division="610115"))
    _, auditor = identity.staff("审计", ("auditor",), w.department)
    for who in (water, far):
        for scope in ("mine", "waiting", "accept", "department", "all"):
            assert numbers(queries.worklist(who, scope=scope)) == []
        with pytest.raises(Refusal):
            queries.case_for(who, case.number)
    assert queries.case_for(auditor, case.number)
    assert numbers(queries.worklist(auditor, scope="all")) == [case.number]


def test_by_due_date_a_page_at_a_time_forth_and_back(w: given.World):
    cases = [given.accepted_case(w, at=later(d)) for d in (4, 0, 2, 1, 3)]
    order = [c.number for c in sorted(cases, key=lambda c: (c.due_on, c.pk))]
    seen, cursor, pages = [], "", []
    while True:
        page = queries.worklist(w.handler, cursor=cursor, size=2)
        pages.append(page)
        seen += numbers(page)
        if page.next is None:
            break
        cursor = page.next
    assert seen == order
    assert [len(p) for p in pages] == [2, 2, 1]
    back = queries.worklist(w.handler, cursor=pages[2].previous, size=2)
    assert numbers(back) == order[2:4]
    assert numbers(queries.worklist(w.handler, cursor=back.previous, size=2)) == order[:2]


def test_filters(w: given.World):
    one, two = given.submitted_case(w), given.accepted_case(w)
    head = w.head
    assert numbers(queries.worklist(head, scope="all", state="accepted")) == [two.number]
    assert numbers(queries.worklist(head, scope="all", q=one.number)) == [one.number]
    assert numbers(queries.worklist(head, scope="all", q=one.number[:15].lower())) == [two.number, one.number]
    assert len(numbers(queries.worklist(head, scope="all", q=w.applicant.name[:2]))) == 2
    assert len(numbers(queries.worklist(head, scope="all", q="卫生许可"))) == 2
    assert numbers(queries.worklist(head, scope="all", q="没有这个人")) == []
    assert len(numbers(queries.worklist(head, scope="all", item=w.version.item_id))) == 2
    assert numbers(queries.worklist(head, scope="all", item=w.version.item_id + 1)) == []
    assert numbers(queries.worklist(head, scope="all", light="red")) == []
    with pytest.raises(Refusal) as no:
        queries.worklist(head, cursor="forged")
    assert no.value.code == "paging.cursor"


def test_a_suspended_case_shows_the_date_as_of_today(w: given.World):
    case = given.accepted_case(w)
    commands.start_special(case.number, kind="testing", reason="送检", needed_days=9, by=w.handler, at=later(1))
    (row,) = queries.worklist(w.handler, scope="department", on=date(2026, 3, 10))
    assert (row.due_on, row.moving) == (date(2026, 3, 16), True), "03-03 to 03-09 do not count"


def test_lists_cost_the_same_at_two_rows_and_at_twenty(kept: given.World):
    w = kept

    def costs() -> dict[str, int]:
        return {
            **{f"handler {s}": count(lambda s=s: queries.worklist(w.handler, scope=s, on=ON)) for s in ("mine", "waiting", "accept", "department", "all")},
            "clerk": count(lambda: queries.worklist(w.clerk, on=ON)),
            "counts": count(lambda: queries.counts(w.head)),
            "my cases": count(lambda: queries.my_cases(w.citizen)),
            "notices": count(lambda: queries.notices(w.head)),
        }  # fmt: skip

    for _ in range(2):
        given.accepted_case(w)
    few = costs()
    for _ in range(18):
        given.accepted_case(w)
    assert costs() == few
    assert few == {
        "handler mine": 6, "handler waiting": 5, "handler accept": 2, "handler department": 5, "handler all": 5,
        "clerk": 3, "counts": 9, "my cases": 1, "notices": 1,
    }  # fmt: skip


def test_the_page_of_a_case_costs_the_same_however_much_happened(kept: given.World):
    w = kept
    short, long = given.submitted_case(w), given.accepted_case(w)
    commands.start_special(long.number, kind="testing", reason="送检", needed_days=5, by=w.handler, at=later(1))
    few = count(lambda: queries.case_page(w.head, long.number, on=ON))
    for n, kind in enumerate(("hearing", "appraisal", "expert_review"), 2):
        commands.start_special(long.number, kind=kind, reason="需要", needed_days=5, by=w.handler, at=later(n))
    assert count(lambda: queries.case_page(w.head, long.number, on=ON)) == few
    assert count(lambda: queries.case_page(w.head, short.number, on=ON)) <= few
    assert few <= 15


def test_the_page_tells_everything_to_staff_and_less_to_the_applicant(w: given.World):
    case = given.reviewed_case(w)
    commands.attend(later(4))
    inside = queries.case_page(w.reviewer, case.number, on=ON)
    assert {v.verb for v in inside.verbs} == {"return_step", "grant", "refuse"}
    assert {m.code: len(m.live_files) for m in inside.materials} == {"m1": 1, "m2": 1}
    assert "符合条件" in [line.note for line in inside.timeline]
    assert "case.flagged" in {line.kind for line in inside.timeline}
    assert [d.kind for d in inside.documents] == ["receipt", "acceptance"]
    assert inside.clock.line("promised").running
    outside = queries.case_page(w.citizen, case.number, on=ON)
    assert {v.verb for v in outside.verbs} == {"withdraw"}
    assert "符合条件" not in [line.note for line in outside.timeline]
    assert "case.flagged" not in {line.kind for line in outside.timeline}
    assert outside.form.values["place"]["name"] == "好味道理发店"


def test_the_verbs_that_are_shown_are_those_that_work(w: given.World):
    expected = [
        (given.submitted_case, w.clerk, {"accept", "request_correction", "decline", "redirect", "withdraw"}),
        (given.accepted_case, w.handler, {"assign", "pass_step", "start_special"}),
        (given.accepted_case, w.head, {"assign", "start_special", "extend", "terminate"}),
        (given.granted_case, w.handler, {"issue", "correct_clerical"}),
        (given.issued_case, w.clerk, {"deliver"}),
        (given.closed_case, w.handler, {"correct_clerical", "archive"}),
    ]
    for make, who, verbs in expected:
        found = queries.case_page(who, make(w).number, on=ON)
        assert {v.verb for v in found.verbs} == verbs, make.__name__


def test_my_cases_are_mine_and_those_i_act_for(w: given.World):
    own = given.submitted_case(w)
    assert numbers(queries.my_cases(w.citizen)) == [own.number]
    assert numbers(queries.my_cases(w.stranger)) == []
    firm, firm_actor = identity.organisation()
    theirs = commands.intake(
        w.version.id, applicant=firm, values=given.values(), materials={}, contact={"phone": "13900000002"},
        agent=w.applicant, point=w.point, by=w.clerk, at=AT,
    )  # fmt: skip
    assert set(numbers(queries.my_cases(w.citizen))) == {own.number, theirs.number}, "as an agent too"
    assert theirs.number in numbers(queries.my_cases(firm_actor))


def test_what_each_verb_costs(kept: given.World):
    """Pinned: a verb that begins to read more is seen here. Savepoints are not counted; reactions of other packages are."""
    w = kept
    draft = given.draft(w)
    case: dict[str, Case] = {}

    def submit() -> None:
        case["it"] = commands.submit(draft.pk, by=w.citizen, at=AT)

    def verb(name: str, **more: Any) -> Any:
        return lambda: getattr(commands, name)(case["it"].number, **more)

    costs = {
        "submit": count(submit),
        "accept": count(verb("accept", by=w.clerk, at=later(hours=1))),
        "pass_step": count(verb("pass_step", step="examine", opinion="可", by=w.handler, at=later(1))),
        "review": count(verb("pass_step", step="review", opinion="可", by=w.reviewer, at=later(1))),
        "grant": count(verb("grant", by=w.reviewer, at=later(1))),
        "issue": count(verb("issue", by=w.handler, at=later(1))),
        "deliver": count(verb("deliver", way="electronic", by=w.clerk, at=later(1))),
    }
    assert costs == {"submit": 14, "accept": 11, "pass_step": 7, "review": 7, "grant": 16, "issue": 15, "deliver": 14}
