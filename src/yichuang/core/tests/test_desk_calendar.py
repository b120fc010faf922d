"""The calendar page on the desk: who sees it, who enters a notice, in two steps and once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import get_resolver
from django.utils import timezone

from yichuang.core import calendar, log
from yichuang.core.actor import Actor
from yichuang.core.models import CalendarVersion, LogEvent
from yichuang.core.tests.test_calendar import NOTICE_2027
from yichuang.core.tests.things import ADMINISTRATOR, CLERK

pytestmark = pytest.mark.django_db
HEADING = "日期,名称,类型\n"
TABLE = HEADING + "".join(f"{day},{name},{kind}\n" for day, name, kind in NOTICE_2027)
SOURCE = "国务院办公厅关于2027年部分节假日安排的通知"


@pytest.fixture
def as_staff(client: Browser, monkeypatch: pytest.MonkeyPatch) -> Callable[[Actor], Browser]:
    """A browser in which a member of staff with this Actor is signed in."""
    from django.contrib.auth import get_user_model

    if not CalendarVersion.objects.exists():
        calendar.seed()
    assert get_resolver().url_patterns, "every view is imported before its parts are put in place of others"
    monkeypatch.setattr(log, "wiring", dict)
    account = get_user_model().objects.create_user("calendar-keeper", kind="staff")
    client.force_login(account)

    def enter(who: Actor) -> Browser:
        monkeypatch.setattr("yichuang.core.views.actor", lambda request: who)
        monkeypatch.setattr("yichuang.core.views.desk_calendar.actor", lambda request: who)
        return client

    return enter


def upload(browser: Browser, table: str = TABLE, source: str = SOURCE, name: str = "2027.csv") -> HttpResponse:
    file = SimpleUploadedFile(name, table.encode("gb18030"), content_type="text/csv")
    return browser.post("/desk/calendar/preview/", {"source": source, "file": file})


def page(answer: HttpResponse) -> str:
    return answer.content.decode()


def test_all_staff_see_the_year_with_rest_make_up_and_names(as_staff):
    shown = page(as_staff(CLERK).get("/desk/calendar/?year=2026"))
    assert "2026年工作日历" in shown
    assert "全年248个工作日" in shown
    assert "春节放假" in shown
    assert "春节调休上班" in shown
    assert "本年度安排暂定" not in shown
    assert "导入年度放假通知" not in shown


def test_an_unpublished_year_carries_its_banner(as_staff):
    assert "本年度安排暂定" in page(as_staff(CLERK).get("/desk/calendar/?year=2027"))


@pytest.mark.parametrize("year", ["x", "-1", "99999", ""])
def test_a_year_that_is_none_shows_this_year(as_staff, year: str):
    shown = page(as_staff(CLERK).get(f"/desk/calendar/?year={year}"))
    assert f"{timezone.localdate().year}年工作日历" in shown


def test_a_notice_is_previewed_then_entered_once(as_staff):
    browser = as_staff(ADMINISTRATOR)
    assert "导入年度放假通知" in page(browser.get("/desk/calendar/"))
    answer = upload(browser)
    assert answer.status_code == 200
    assert "2027年：由暂定改为正式" in page(answer)
    assert not LogEvent.objects.filter(kind="calendar.changed", stream="calendar:2027").exists()
    assert calendar.show(2027).published is False
    sent = {"sealed": answer.context["sealed"], "form_key": "k" * 32}
    first = browser.post("/desk/calendar/apply/", sent)
    assert (first.status_code, first["Location"]) == (302, "/desk/calendar/?year=2027")
    assert calendar.show(2027).source == SOURCE
    again = browser.post("/desk/calendar/apply/", sent)
    assert again["Location"] == first["Location"]
    assert LogEvent.objects.filter(stream="calendar:2027").count() == 1
    assert "已更新2027年工作日历" in page(browser.get("/desk/calendar/?year=2027"))


def test_a_notice_that_changes_nothing_says_so(as_staff):
    browser = as_staff(ADMINISTRATOR)
    table = page(browser.get("/desk/calendar/sample.csv?year=2026"))
    answer = upload(browser, table.lstrip("\ufeff"))
    assert "与现有日历一致" in page(answer)


def test_bad_rows_are_listed_and_nothing_typed_is_lost(as_staff):
    answer = upload(as_staff(ADMINISTRATOR), TABLE + "2027-02-30,春节,放假\n昨天,春节,放假\n")
    shown = page(answer)
    assert answer.status_code == 422
    assert "表中有2行不正确" in shown
    assert "第14行" in shown
    assert "2027-02-30" in shown
    assert SOURCE in shown
    assert calendar.show(2027).published is False


@pytest.mark.parametrize(
    ("table", "source", "name", "words"),
    [
        ("", SOURCE, "a.csv", "空"),
        ("a,b\n1,2\n", SOURCE, "a.csv", "没有读到放假安排"),
        (TABLE, "", "a.csv", "请填写通知名称和文号"),
        (TABLE, SOURCE, "a.xlsx", "CSV"),
        (HEADING + "2027-01-01,元旦,放假\n", SOURCE, "a.csv", "不完整"),
    ],
)
def test_what_cannot_be_read_comes_back_with_the_reason(as_staff, table: str, source: str, name: str, words: str):
    answer = upload(as_staff(ADMINISTRATOR), table, source, name)
    assert answer.status_code == 422
    assert words in page(answer)


def test_others_may_neither_preview_nor_enter(as_staff):
    browser = as_staff(ADMINISTRATOR)
    sealed = upload(browser).context["sealed"]
    browser = as_staff(CLERK)
    assert upload(browser).status_code == 403
    assert browser.post("/desk/calendar/apply/", {"sealed": sealed}).status_code == 403
    assert calendar.show(2027).published is False


@pytest.mark.parametrize("sealed", ["", "x", "eyJyb3dzIjpbXX0:forged"])
def test_what_was_not_previewed_is_not_entered(as_staff, sealed: str):
    answer = as_staff(ADMINISTRATOR).post("/desk/calendar/apply/", {"sealed": sealed})
    assert answer.status_code == 422
    assert not LogEvent.objects.filter(kind="calendar.changed").exists()


def test_visitors_are_sent_to_sign_in(client: Browser):
    assert client.get("/desk/calendar/").status_code == 302


def test_the_page_costs_a_few_queries_whatever_the_year_holds(as_staff, django_assert_max_num_queries):
    browser = as_staff(CLERK)
    browser.get("/desk/calendar/")
    with django_assert_max_num_queries(10):
        browser.get("/desk/calendar/?year=2026")
