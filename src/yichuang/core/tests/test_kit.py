"""The page kit: forms that can be mended, one answer to a form sent twice, refusals as pages and for programs."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import engines
from django.utils import timezone, translation

from yichuang.core import forms
from yichuang.core.actor import NOBODY, Actor, Grant
from yichuang.core.models import Counter, KeptAnswer
from yichuang.core.refusal import Refusal
from yichuang.core.tests.pages import Everything
from yichuang.core.views import desk, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("yichuang.core.tests.pages")]

GOOD = {
    "name": "张三理发店（演示）",
    "identity": "61011419900101 123x",
    "place": "rent",
    "item": "3",
    "ways": ["1", "2"],
    "day": "2026年11月24日",
    "capital": "￥1,200.5",
    "phone": "139 0000 0001",
    "agree": "on",
}


def taken(scope: str) -> int:
    row = Counter.objects.filter(scope=scope).first()
    return row.value if row else 0


class TestForms:
    def test_errors_are_told_on_top_linked_to_their_fields_and_beside_them(self, client):
        page = client.post("/form/", {"name": "", "identity": "1", "day": "2026-02-30"}).content.decode()
        summary = page[page.index('class="yc-errors"') :]
        summary = summary[: summary.index("</ul>")]
        links = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', summary)
        assert ("id_name", "请填写经营者名称。") in links
        assert ("id_place_0", "请选择场所性质。") in links
        assert ("id_day", "请填写真实存在的日期，例如 2026-11-24。") in links
        assert all(f'id="{anchor}"' in page for anchor, _ in links)
        assert page.count("请填写经营者名称。") == 2
        assert 'role="alert" tabindex="-1" data-focus' in page

    def test_what_was_typed_is_kept(self, client):
        page = client.post("/form/", {"identity": "61011X", "words": "两间门面 <b>", "ways": ["2"]}).content.decode()
        assert 'value="61011X"' in page
        assert "两间门面 &lt;b&gt;" in page
        assert re.search(r'name="ways" value="2"[^>]*checked', page)

    def test_label_help_error_and_source_are_tied_to_the_input(self, client):
        page = client.post("/form/", {"name": "x" * 21}).content.decode()
        tag = re.search(r'<input[^>]*name="identity"[^>]*>', page).group(0)
        assert 'aria-describedby="id_identity_helptext id_identity_error"' in tag
        assert 'aria-invalid="true"' in tag
        assert '<label class="form-label" for="id_identity">' in page
        assert 'id="id_identity_helptext"' in page
        assert 'id="id_identity_error"' in page
        name = re.search(r'<input[^>]*name="name"[^>]*>', page).group(0)
        assert 'aria-describedby="id_name_error id_name_source"' in name
        assert "已预填 · 来源：电子营业执照" in page

    def test_every_id_of_the_page_is_one_of_its_kind(self, client):
        ids = re.findall(r'\bid="([^"]+)"', client.post("/form/", {}).content.decode())
        assert len(ids) == len(set(ids))

    def test_values_are_read_as_people_type_them(self):
        form = Everything(GOOD)
        assert form.is_valid(), form.errors
        assert form.cleaned_data["day"] == date(2026, 11, 24)
        assert form.cleaned_data["capital"] == Decimal("1200.5")
        assert form.cleaned_data["identity"] == "61011419900101123X"
        assert form.cleaned_data["phone"] == "13900000001"
        assert form.cleaned_data["ways"] == ["1", "2"]

    @pytest.mark.parametrize("text", ["2026-11-24", "2026/11/24", "2026.11.24", "2026年11月24日", "20261124"])
    def test_a_date_is_read_in_every_usual_form(self, text):
        assert forms.DateField().clean(text) == date(2026, 11, 24)

    def test_a_date_out_of_its_range_says_which_dates_are_right(self):
        form = Everything(GOOD | {"day": "2025-12-31"})
        assert form.errors["day"] == ["请填写 2026-01-01 当天或以后的日期。"]

    def test_up_to_seven_choices_are_radios_more_are_a_list(self):
        shown = str(Everything())
        assert shown.count('type="radio"') == 2
        assert "请选择" in shown
        assert "<select" in shown

    def test_a_file_tells_its_kinds_and_size_before_and_when_it_is_wrong(self):
        assert "可上传 PDF、JPG、PNG 格式，不超过 20 MB。" in str(Everything())
        form = Everything(GOOD, {"plan": SimpleUploadedFile("plan.exe", b"MZ")})
        assert form.errors["plan"] == ["请上传 PDF、JPG、PNG 格式的文件。"]
        large = forms.FileField(limit_mib=1)
        with pytest.raises(forms.forms.ValidationError, match=r"超过了 1 MB"):
            large.clean(SimpleUploadedFile("a.pdf", b"%PDF" + b"0" * 1024 * 1024))

    def test_what_a_command_refuses_stands_at_its_field(self, client):
        page = client.post("/form/", GOOD | {"name": "重名"}).content.decode()
        assert '<a href="#id_name">请换一个名称。</a>' in page
        assert 'value="重名"' in page

    def test_a_refusal_without_fields_stands_on_top_with_the_next_step(self):
        form = Everything(GOOD)
        form.take(Refusal("x.y", "现在不能办理。", "请明天再来。"))
        assert form.error_summary == [("", "现在不能办理。请明天再来。")]

    def test_every_kind_of_a_form_definition_has_a_field(self):
        for kind in forms.KINDS:
            made = forms.field(kind, label="项", choices=[("a", "甲")], required=False)
            assert made.clean(None) in (None, "", [], False)
        with pytest.raises(KeyError):
            forms.field("colour", label="颜色")

    def test_a_pattern_holds_for_the_whole_value(self):
        made = forms.field("text", label="许可证号", pattern=r"[A-Z]{2}\d{4}")
        assert made.clean("AB1234") == "AB1234"
        with pytest.raises(forms.forms.ValidationError, match="许可证号的格式不对"):
            made.clean("AB12345")


class TestSentTwice:
    def test_the_second_sending_gets_the_first_answer(self, client):
        first = client.post("/act/", {"form_key": "k1"})
        second = client.post("/act/", {"form_key": "k1"})
        assert first.status_code == second.status_code == 302
        assert first["Location"] == second["Location"] == "/done/1/"
        assert taken("test:act") == 1

    def test_another_key_is_another_act(self, client):
        client.post("/act/", {"form_key": "k1"})
        assert client.post("/act/", {"form_key": "k2"})["Location"] == "/done/2/"

    def test_a_form_that_comes_back_leaves_nothing_and_its_key_free(self, client):
        assert client.post("/act/", {"form_key": "k1", "wrong": "1"}).status_code == 200
        assert taken("test:act") == 0
        assert client.post("/act/", {"form_key": "k1"})["Location"] == "/done/1/"

    def test_a_refusal_leaves_nothing_and_its_key_free(self, client):
        assert client.post("/act/", {"form_key": "k1", "refuse": "1"}).status_code == 409
        assert taken("test:act") == 0
        assert not KeptAnswer.objects.exists()

    def test_while_the_first_is_under_way_the_second_is_told_so(self, client, monkeypatch):
        monkeypatch.setattr(forms, "WAIT_SECONDS", 0.3)
        kept = forms.idempotency.reserve(
            "address:127.0.0.1", "form:k1", forms.digest("POST\n/act/", "sha256"), timezone.now()
        )
        answer = client.post("/act/", {"form_key": "k1"})
        assert answer.status_code == 409
        assert "您刚才的提交正在办理。" in answer.content.decode()
        assert taken("test:act") == 0
        forms.idempotency.free(kept)

    def test_the_key_of_a_form_with_errors_is_sent_again(self, client):
        page = client.post("/form/", {"form_key": "abc"}).content.decode()
        assert 'name="form_key" value="abc"' in page


class TestRefusals:
    def test_the_page_says_why_by_which_law_what_to_do_and_whom_to_ask(self, client):
        answer = client.get("/refuse/")
        page = answer.content.decode()
        assert answer.status_code == 409
        for words in (
            "这件申请已经受理，不能再次受理。",
            "第三十二条",
            "请刷新办件页面",
            "可以问谁",
            "case.wrong_state",
        ):
            assert words in page

    def test_a_fragment_gets_a_short_message(self, client):
        answer = client.get("/refuse/", headers={"HX-Request": "true"})
        assert answer["HX-Retarget"] == "#yc-toasts"
        assert "<html" not in answer.content.decode()
        assert "请刷新办件页面" in answer.content.decode()

    def test_a_boosted_link_gets_the_page(self, client):
        answer = client.get("/refuse/", headers={"HX-Request": "true", "HX-Boosted": "true"})
        assert "<html" in answer.content.decode()

    def test_programs_get_a_problem(self, client):
        answer = client.get("/api/test/refuse")
        assert answer.status_code == 409
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json() == {
            "type": "about:blank",
            "status": 409,
            "code": "case.wrong_state",
            "title": "当前状态不允许",
            "detail": "不能受理。",
            "next_step": "请刷新。",
            "law": "第三十二条",
            "errors": {"state": "已受理"},
        }


class TestAPI:
    def post(self, client, body, **headers):
        return client.post("/api/test/take", body, content_type="application/json", headers=headers)

    def test_what_is_wrong_is_told_by_field_in_words(self, client):
        problem = self.post(client, {"days": "三"}).json()
        assert problem["code"] == "request.invalid"
        assert problem["errors"] == {"name": "必填。", "days": "应为整数。"}
        assert taken("test:api") == 0

    def test_a_body_that_is_no_json_is_a_problem(self, client):
        answer = client.post("/api/test/take", "{", content_type="application/json")
        assert answer.status_code == 400
        assert answer.json()["code"] == "request.unreadable"

    def test_a_wrong_method_names_the_right_ones(self, client):
        answer = client.get("/api/test/take")
        assert answer.status_code == 405
        assert answer.json()["code"] == "request.method"
        assert "POST" in answer["Allow"]

    def test_a_write_repeated_with_its_key_is_done_once(self, client):
        key = {"Idempotency-Key": "one"}
        first = self.post(client, {"name": "甲", "days": 1}, **key)
        second = self.post(client, {"name": "甲", "days": 1}, **key)
        assert first.json() == second.json() == {"number": 1}
        assert second["Idempotency-Replayed"] == "true"
        other = self.post(client, {"name": "乙", "days": 1}, **key)
        assert other.status_code == 422
        assert taken("test:api") == 1

    def test_a_large_file_repeated_with_its_key_is_taken_once(self, client):
        def send(content: bytes):
            scan = SimpleUploadedFile("scan.pdf", content)
            return client.post("/api/test/upload", {"scan": scan}, headers={"Idempotency-Key": "file"})

        first = send(b"%PDF" + b"0" * 4_000_000)
        assert first.json() == {"number": 1, "size": 4_000_004}
        assert send(b"%PDF" + b"0" * 4_000_000).json() == first.json()
        assert send(b"%PDF" + b"1" * 4_000_000).status_code == 422
        assert taken("test:api") == 1

    def test_the_description_says_that_every_operation_may_be_refused(self, client):
        schema = client.get("/api/test/openapi.json").json()
        take = schema["paths"]["/api/test/take"]["post"]
        assert "application/problem+json" in take["responses"]["default"]["content"]
        assert "Idempotency-Key" in [p["name"] for p in take["parameters"]]
        assert "Problem" in schema["components"]["schemas"]


class TestGuards:
    def request(self, rf, who: Actor | None):
        request = rf.get("/desk/any/?a=1")
        request.user = type("User", (), {"is_authenticated": who is not None})()
        request.actor = who or NOBODY
        return request

    HEAD = Actor("staff:1", "负责人", "610114", (Grant("head"),))
    PERSON = Actor("person:1", "张三")

    def test_visitors_sign_in_and_come_back(self, client):
        assert client.get("/mine/?a=1")["Location"] == "/accounts/login/?next=/mine/%3Fa%3D1"
        assert client.get("/desk/any/")["Location"] == "/accounts/login/?next=/desk/any/"

    def test_a_fragment_sends_the_whole_page_to_sign_in(self, client):
        answer = client.get("/mine/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/my/?x=1"})
        assert answer.status_code == 204
        assert answer["HX-Redirect"] == "/accounts/login/?next=/my/%3Fx%3D1"

    def test_the_desk_is_for_staff(self, rf):
        view = desk()(lambda request: "open")
        assert view(self.request(rf, self.HEAD)) == "open"
        with pytest.raises(Refusal, match="工作台只对工作人员开放") as refusal:
            view(self.request(rf, self.PERSON))
        assert refusal.value.status == 403

    def test_a_page_of_some_roles_is_closed_to_others(self, rf):
        assert desk(("head",))(lambda request: "open")(self.request(rf, self.HEAD)) == "open"
        with pytest.raises(Refusal) as refusal:
            desk(("auditor",))(lambda request: "open")(self.request(rf, self.HEAD))
        assert refusal.value.code == "desk.role_missing"

    def test_signed_in_opens_for_a_person(self, rf):
        assert signed_in(lambda request: "open")(self.request(rf, self.PERSON)) == "open"


class TestWords:
    def render(self, text: str, **context: object) -> str:
        return engines["django"].from_string("{% load kit %}" + text).render(context)

    def test_dates_are_written_as_officials_write_them(self):
        assert self.render("{{ d|cdate }}", d=date(2026, 3, 5)) == "2026年3月5日"
        assert self.render("{{ d|cdate }}", d="2026-03-05") == "2026年3月5日"
        assert self.render("{{ d|cdate }}", d=None) == ""
        assert self.render("{{ d|cdatetime }}", d="2026-03-05T01:30:00+00:00") == "2026年3月5日 09:30"
        with translation.override("en"):
            assert self.render("{{ d|cdate }}", d=date(2026, 3, 5)) == "5 Mar 2026"

    def test_sizes_and_sums(self):
        assert self.render("{{ n|filesize }}", n=1_500_000) == "1.4 MB"
        assert self.render("{{ n|filesize }}", n=10) == "1 KB"
        assert self.render("{{ n|yuan }}", n=Decimal("1200")) == "1,200.00 元"

    @pytest.mark.parametrize(
        ("light", "left", "words"),
        [
            ("green", 6, "正常 · 剩 6 天"),
            ("yellow", 0, "今天到期"),
            ("yellow", 1, "临期 · 剩 1 天"),
            ("red", -2, "逾期 2 个工作日"),
        ],
    )
    def test_a_light_always_has_its_words(self, light, left, words):
        assert words in self.render('{% include "core/kit/light.html" %}', light=light, days_left=left)

    def test_an_icon_is_silent_unless_it_is_named(self):
        assert 'aria-hidden="true"' in self.render('{% icon "search" %}')
        assert 'role="img" aria-label="搜索"' in self.render('{% icon "search" label="搜索" %}')
