"""服务时间 on the desk: set per point and weekday, with each mistake at its line; 岗位 at a service point."""

from __future__ import annotations

from datetime import time

import pytest
from django.utils import timezone

from yichuang.core import calendar
from yichuang.core.models import LogEvent, ServiceHours
from yichuang.core.rules.hours import Opening
from yichuang.hall.tests import given as hall
from yichuang.identity.models import Post
from yichuang.identity.tests import given

pytestmark = pytest.mark.django_db
DEFAULT = "/desk/calendar/hours/"


@pytest.fixture
def sign_in(client):
    def sign_in(*roles: str):
        member, who = given.staff(roles=roles, at=timezone.localtime())
        client.force_login(member.account)
        return who

    return sign_in


def test_an_administrator_sets_a_point_s_hours_and_gives_them_up_again(client, sign_in):
    point = hall.point()
    url = f"{DEFAULT}{point.code}/"
    sign_in("system_administrator")
    assert point.name in client.get("/desk/calendar/hours/").content.decode()
    assert client.post(url, {"every": "8：30至12:00，13:00~17:30", "4": "08:30-12:00"}).status_code == 302
    held = calendar.hours_of(point.code)
    assert held.every == (Opening(time(8, 30), time(12)), Opening(time(13), time(17, 30)))
    assert held.by_weekday == {4: (Opening(time(8, 30), time(12)),)}
    event = LogEvent.objects.get(kind="hours.changed")
    assert event.stream == f"hours:{point.code}"
    assert calendar.hours_of("") != held
    page = client.get(url).content.decode()
    assert 'value="08:30-12:00、13:00-17:30"' in page
    assert client.post(url, {"every": ""}).status_code == 302
    assert calendar.hours_of(point.code) == calendar.hours_of("")
    assert not ServiceHours.objects.filter(point=point.code).exists()


@pytest.mark.parametrize(
    ("given_", "field", "words"),
    [
        ({"every": "早上九点"}, "every", "读不懂"),
        ({"every": "09:00-25:00"}, "every", "读不懂"),
        ({"every": "09:00-12:00", "2": "13:00-12:00"}, "2", "结束不晚于开始"),
        ({"every": "09:00-12:00、11:00-14:00"}, "every", "重叠"),
        ({"0": "09:00-12:00"}, "every", "至少填写一段"),
    ],
)
def test_a_mistake_is_told_at_its_line_and_nothing_changes(client, sign_in, given_, field, words):
    sign_in("system_administrator")
    before = calendar.hours_of("")
    answer = client.post(f"{DEFAULT}default/", given_)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert words in str(answer.context["form"].errors[field])
    assert calendar.hours_of("") == before
    assert not LogEvent.objects.filter(kind="hours.changed").exists()


def test_other_staff_read_the_hours_and_cannot_set_them(client, sign_in):
    sign_in("handler")
    page = client.get(DEFAULT).content.decode()
    assert "09:00-12:00、13:00-17:00" in page
    assert 'name="every"' not in page
    assert client.post(f"{DEFAULT}default/", {"every": "09:00-10:00"}).status_code == 403
    assert not ServiceHours.objects.filter(opens=time(9), closes=time(10)).exists()
    assert client.get(f"{DEFAULT}999999/").status_code == 404


def test_a_post_is_set_at_a_service_point(client, sign_in):
    point = hall.point()
    sign_in("system_administrator")
    a, _ = given.staff("秦甲", roles=("window_clerk",), at=timezone.localtime())
    sent = {"department": a.department_id, "name": "综合窗口", "a": a.pk, "b": ""}
    assert client.post("/desk/posts/", {**sent, "point": "elsewhere"}).status_code == 422
    assert client.post("/desk/posts/", {**sent, "point": point.code}).status_code == 302
    assert client.post("/desk/posts/", {**sent, "point": ""}).status_code == 302
    assert sorted(Post.objects.values_list("point", flat=True)) == ["", point.code]
    assert point.name in client.get("/desk/posts/").content.decode()
