"""The frame of all pages: policy, language, 适老版, navigation, what happens when something is wrong."""

from __future__ import annotations

import re

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from yichuang.core.actor import Actor, Grant
from yichuang.core.context import navigation
from yichuang.core.models import LogEvent
from yichuang.identity.tests import given
from yichuang.site import views, wiring

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh():
    caches["local"].clear()


def page(client: Client, path: str, **headers: str) -> str:
    return client.get(path, headers=headers).content.decode()


class TestPolicy:
    @pytest.mark.parametrize("path", ["/", "/accessibility/", "/nowhere/", "/accounts/login/", "/api/v1/docs"])
    def test_nothing_inline_and_nothing_from_elsewhere(self, client, path):
        policy = client.get(path)["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe-inline" not in policy
        assert "unsafe-eval" not in policy
        assert "http:" not in policy
        assert "https:" not in policy
        assert "object-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy

    def test_the_usual_headers(self, client):
        answer = client.get("/")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "same-origin"


class TestLanguage:
    def test_chinese_unless_another_was_chosen(self, client):
        text = page(client, "/", **{"Accept-Language": "en-US,en"})
        assert '<html lang="zh-Hans"' in text
        assert "您想办什么事？" in text

    def test_a_visitor_chooses_english_and_comes_back_to_the_page(self, client):
        answer = client.post("/language/", {"language": "en", "next": "/accessibility/"})
        assert answer["Location"] == "/accessibility/"
        text = page(client, "/")
        assert '<html lang="en"' in text
        assert "What do you need to do?" in text

    def test_the_choice_is_kept_with_the_account(self, client):
        member, _ = given.staff()
        client.force_login(member.account)
        client.post("/language/", {"language": "en"})
        member.account.refresh_from_db()
        assert member.account.language == "en"
        client.post("/language/", {"language": "en"})
        told = LogEvent.objects.filter(kind="account.preferences_set", stream=member.account.ref)
        assert [(line.actor, line.event().data) for line in told] == [(member.ref, {"language": "en"})]
        other = Client()
        other.force_login(member.account)
        assert '<html lang="en"' in page(other, "/")

    def test_an_unknown_language_and_a_foreign_address_change_nothing(self, client):
        answer = client.post("/language/", {"language": "xx", "next": "https://elsewhere.example/"})
        assert answer["Location"] == "/"
        assert '<html lang="zh-Hans"' in page(client, "/")


class TestLargeText:
    def test_a_visitor_switches_it_on_and_off(self, client):
        assert "yc-large" not in page(client, "/")
        assert client.post("/large-text/", {"on": "1", "next": "/accessibility/"})["Location"] == "/accessibility/"
        assert 'class="yc-portal yc-large"' in page(client, "/")
        client.post("/large-text/", {"on": "0"})
        assert "yc-large" not in page(client, "/")

    def test_it_is_kept_with_the_account(self, client):
        member, _ = given.staff()
        client.force_login(member.account)
        client.post("/large-text/", {"on": "1"})
        other = Client()
        other.force_login(member.account)
        assert "yc-large" in page(other, "/")
        told = LogEvent.objects.filter(kind="account.preferences_set")
        assert [line.event().data for line in told] == [{"large_text": True}]

    def test_a_visitor_s_choice_is_on_nobody_s_record(self, client):
        client.post("/large-text/", {"on": "1"})
        assert not LogEvent.objects.filter(kind="account.preferences_set").exists()

    def test_a_foreign_address_is_not_followed(self, client):
        assert client.post("/large-text/", {"on": "1", "next": "//elsewhere.example/"})["Location"] == "/"


class TestNavigation:
    def test_every_line_leads_somewhere(self):
        for links in wiring.NAV.values():
            for link in links:
                assert reverse(link.name)
                assert not link.count or reverse(link.count)

    def test_staff_see_what_their_roles_open(self):
        clerk = Actor("staff:1", "窗口", "610114", (Grant("window_clerk", "point:1"),))
        auditor = Actor("staff:2", "审计", "610114", (Grant("auditor"),))
        names = {line.url for line in navigation("desk", "/desk/", clerk)}
        assert reverse("cases:intake") in names
        assert reverse("core:log") not in names
        names = {line.url for line in navigation("desk", "/desk/", auditor)}
        assert reverse("core:log") in names
        assert reverse("cases:intake") not in names

    def test_the_open_page_is_marked_once(self):
        clerk = Actor("staff:1", "窗口", "610114", (Grant("window_clerk"),))
        for path, name in (("/desk/", "cases:worklist"), ("/desk/intake/5/", "cases:intake")):
            assert [line.url for line in navigation("desk", path, clerk) if line.current] == [reverse(name)]


class TestWrong:
    def test_a_page_that_is_not_there(self, client):
        answer = client.get("/nowhere/")
        assert answer.status_code == 404
        for words in ("没有找到这个页面", "您现在可以这样做", "可以问谁", "request.not_found", 'role="search"'):
            assert words in answer.content.decode()

    def test_a_form_without_its_token(self):
        answer = Client(enforce_csrf_checks=True).post("/large-text/", {"on": "1"})
        assert answer.status_code == 400
        assert "刚才的操作没有提交" in answer.content.decode()

    def test_not_allowed(self, rf):
        request = rf.get("/x/")
        answer = views.forbidden(request)
        assert answer.status_code == 403
        assert "您没有权限打开此页" in answer.content.decode()

    def test_what_broke_is_told_without_database_session_or_words(self, rf, django_assert_num_queries):
        with django_assert_num_queries(0):
            answer = views.server_error(rf.get("/x/"))
        text = answer.content.decode()
        assert answer.status_code == 500
        assert "系统出错了" in text
        assert "拨打 12345" in text
        assert "<script" not in text

    def test_a_part_of_a_page_that_broke_leaves_the_page_as_it_was(self, rf):
        answer = views.server_error(rf.get("/desk/count/", headers={"HX-Request": "true"}))
        assert (answer.status_code, answer["HX-Reswap"], answer.content) == (500, "none", b"")
        answer = views.server_error(rf.post("/x/", headers={"HX-Request": "true"}))
        assert answer["HX-Retarget"] == "#yc-toasts"
        assert "系统出错，没有完成。" in answer.content.decode()
        assert "<html" not in answer.content.decode()

    def test_what_broke_in_the_api_is_a_problem(self, rf):
        answer = views.server_error(rf.get("/api/v1/x"))
        assert answer.status_code == 500
        assert answer["Content-Type"] == "application/problem+json"

    def test_an_address_of_the_api_that_is_not_there(self, client):
        answer = client.get("/api/v1/nowhere")
        assert answer.status_code == 404
        assert answer.json()["code"] == "request.not_found"
        assert answer.json()["next_step"]

    def test_a_person_at_the_desk_is_told_where_to_go(self, client):
        applicant, _ = given.person()
        client.force_login(applicant.account)
        answer = client.get("/desk/calendar/")
        assert answer.status_code == 403
        assert "工作台只对工作人员开放" in answer.content.decode()


class TestSmallFiles:
    def test_robots_keep_out_of_what_is_personal(self, client):
        text = page(client, "/robots.txt")
        assert "Disallow: /my/" in text
        assert "Disallow: /v/" in text

    def test_the_manifest_names_icons_that_are_there(self, client):
        manifest = client.get("/manifest.webmanifest").json()
        assert manifest["start_url"] == "/"
        for icon in manifest["icons"]:
            answer = client.get(icon["src"])
            answer.close()
            assert answer.status_code == 200

    def test_the_favicon(self, client):
        answer = client.get(client.get("/favicon.ico")["Location"])
        answer.close()
        assert answer["Content-Type"] == "image/png"


class TestDocumentation:
    def test_the_page_asks_nobody_else(self, client):
        text = page(client, "/api/v1/docs")
        assert not re.findall(r'(?:src|href)="(?:https?:)?//', text)
        assert "&quot;validatorUrl&quot;: null" in text

    def test_the_description_is_whole(self, client):
        schema = client.get("/api/v1/openapi.json").json()
        assert schema["info"]["title"] == "一窗开放接口"
        assert "/api/v1/me" in schema["paths"]
