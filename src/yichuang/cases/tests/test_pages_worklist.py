"""The worklist of the desk: its filters, its bulk acts, its cost."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from yichuang.cases import commands
from yichuang.cases.models import Case, StaffNotice
from yichuang.cases.tests import given
from yichuang.cases.tests.people import people
from yichuang.core.models import LogEvent
from yichuang.core.tests.counting import pinned
from yichuang.identity.tests import given as identity

pytestmark = pytest.mark.django_db


def test_the_worklist_opens_on_mine_by_due_date_and_its_filters_are_in_the_address() -> None:
    p = people()
    received, accepted = p.online(), p.accepted()
    browser = p.browser("handler")
    page = browser.get("/desk/").content.decode()
    assert received.number in page
    assert accepted.number in page
    only = browser.get("/desk/?state=received").content.decode()
    assert received.number in only
    assert accepted.number not in only
    assert browser.get(f"/desk/?q={accepted.number}").content.decode().count("<tr data-href") == 1
    assert "没有符合条件的办件" in browser.get("/desk/?q=没有这个人").content.decode()
    for tab in ("mine", "waiting", "accept", "department", "all"):
        assert browser.get(f"/desk/?scope={tab}").status_code == 200
    assert received.number in browser.get("/desk/?scope=accept").content.decode()
    assert accepted.number not in browser.get("/desk/?scope=accept").content.decode()
    assert accepted.number in browser.get("/desk/?scope=waiting").content.decode()


@pytest.mark.parametrize(
    "query", ["scope=nothing", "state=nothing", "light=blue", "item=x", "item=999999999999999999999", "q=%00"]
)
def test_a_filter_that_cannot_be_read_is_no_error(query: str) -> None:
    p = people()
    p.online()
    assert p.browser("handler").get(f"/desk/?{query}").status_code == 200


def test_a_forged_cursor_is_refused() -> None:
    assert people().browser("handler").get("/desk/?cursor=forged").status_code == 422


def test_a_persons_name_is_masked_and_an_organisations_is_not() -> None:
    p = people()
    p.online()
    page = p.browser("handler").get("/desk/").content.decode()
    assert "张三（演示）" not in page
    assert "张*（演示）" in page
    company, _ = identity.organisation(name="云上理发店（演示）", at=timezone.localtime())
    given.taken_in(p.w, at=timezone.localtime(), applicant=company)
    assert "云上理发店（演示）" in p.browser("handler").get("/desk/").content.decode()


def test_many_are_taken_or_assigned_at_once_and_each_result_is_told() -> None:
    p = people()
    cases = [p.accepted() for _ in range(3)]
    commands.take(cases[0].number, by=p.w.handler, at=timezone.localtime())
    numbers = [c.number for c in cases] + ["610114-20260101-000001-X"]
    page = p.browser("handler").post("/desk/bulk/", {"act": "take", "select": numbers}).content.decode()
    assert "办成 2 件，没有办成 2 件" in page
    assert "没有这个办件" in page
    assert Case.objects.filter(handler=p.w.handler_staff).count() == 3
    other, _ = identity.staff("孙承办", ("handler",), p.w.department)
    page = (
        p.browser("head")
        .post("/desk/bulk/", {"act": "assign", "staff_id": other.pk, "select": numbers[:3]})
        .content.decode()
    )
    assert "办成 3 件" in page
    assert Case.objects.filter(handler=other).count() == 3


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"act": "take"}, 422),
        ({"act": "assign", "select": ["x"]}, 422),
        ({"act": "burn", "select": ["x"]}, 422),
        ({"act": "take", "select": [str(n) for n in range(501)]}, 422),
    ],
)
def test_a_bulk_act_that_says_too_little_or_asks_too_much_does_nothing(data: dict[str, Any], status: int) -> None:
    p = people()
    events = LogEvent.objects.count()
    assert p.browser("handler").post("/desk/bulk/", data).status_code == status
    assert LogEvent.objects.count() == events


def test_the_quick_search_leads_to_the_case_or_to_the_list() -> None:
    p = people()
    case = p.online()
    browser = p.browser("handler")
    assert browser.get("/desk/find/", {"q": case.number.lower()})["Location"] == f"/desk/cases/{case.number}/"
    assert browser.get("/desk/find/", {"q": "张三"})["Location"].startswith("/desk/?scope=all&q=")


def test_a_notice_is_read_once() -> None:
    p = people()
    case = p.accepted()
    notice = StaffNotice.objects.create(
        case=case, division=case.division, department=case.department, role="head", kind="light", text="本件临近期限",
        created_at=timezone.now(),
    )  # fmt: skip
    assert "本件临近期限" in p.browser("head").get("/desk/").content.decode()
    assert p.browser("head").post(f"/desk/notices/{notice.pk}/read/").status_code == 302
    assert "本件临近期限" not in p.browser("head").get("/desk/").content.decode()


def test_the_worklist_costs_the_same_at_2_rows_and_at_200() -> None:
    p = people()
    p.online(), p.accepted()
    browser = p.browser("handler")
    browser.get("/desk/")  # what is read once in a session
    for scope in ("mine", "department", "all"):
        pinned(f"cases.worklist.{scope}", lambda scope=scope: browser.get(f"/desk/?scope={scope}"))
    at = timezone.localtime()
    for n in range(198):
        case = given.taken_in(p.w, at=at, accept=n % 2 == 0)
    commands.start_special(
        given.taken_in(p.w, at=at, accept=True).number,
        kind="testing",
        reason="检测",
        needed_days=5,
        by=p.w.handler,
        at=at,
    )
    assert Case.objects.count() == 201
    for scope in ("mine", "department", "all"):
        answer = pinned(f"cases.worklist.{scope}", lambda scope=scope: browser.get(f"/desk/?scope={scope}"))
        assert answer.content.decode().count("<tr data-href") == 30
    person = p.browser("applicant")
    person.get("/my/")
    pinned("cases.my", lambda: person.get("/my/"))
    assert case.number
