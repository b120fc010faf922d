"""The applicant's way without script: apply, mend what is wrong, submit once, follow, answer a correction, withdraw."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.utils import timezone

from yichuang.cases import commands
from yichuang.cases.models import Case, Draft, DraftFile
from yichuang.cases.tests import given
from yichuang.cases.tests.people import People, people
from yichuang.core.models import File, LogEvent

pytestmark = pytest.mark.django_db

RICH: dict[str, Any] = {
    "groups": [
        {
            "code": "place",
            "title": "经营场所",
            "fields": [
                {"code": "name", "label": "单位名称", "type": "text", "required": True, "source": "applicant.name"},
                {
                    "code": "kind",
                    "label": "场所类别",
                    "type": "choice",
                    "required": True,
                    "choices": [{"value": "hotel", "label": "宾馆"}, {"value": "barber", "label": "理发店"}],
                },
                {
                    "code": "rooms",
                    "label": "客房数",
                    "type": "integer",
                    "required": True,
                    "min": 1,
                    "when": {"field": "kind", "eq": "hotel"},
                },
                {"code": "opened", "label": "开业日期", "type": "date", "max": "today"},
                {"code": "area", "label": "面积", "type": "decimal"},
                {"code": "rent", "label": "年租金", "type": "money"},
                {
                    "code": "rest",
                    "label": "休息日",
                    "type": "choices",
                    "choices": [{"value": "6", "label": "周六"}, {"value": "7", "label": "周日"}],
                },
                {"code": "air", "label": "有集中空调", "type": "boolean"},
                {"code": "phone", "label": "电话", "type": "phone"},
                {"code": "person", "label": "负责人身份证", "type": "citizen_id"},
                {"code": "uscc", "label": "信用代码", "type": "uscc"},
                {"code": "address", "label": "地址", "type": "address"},
                {"code": "mail", "label": "邮箱", "type": "email"},
                {"code": "notes", "label": "说明", "type": "longtext"},
            ],
        },
        {
            "code": "staff",
            "title": "从业人员",
            "repeat": True,
            "min": 1,
            "max": 3,
            "fields": [{"code": "name", "label": "姓名", "type": "text", "required": True}],
        },
        {
            "code": "pool",
            "title": "泳池",
            "when": {"field": "place.kind", "eq": "hotel"},
            "fields": [{"code": "size", "label": "泳池面积", "type": "integer", "required": True}],
        },
    ]
}


class Fields(HTMLParser):
    """The inputs of a page by name, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.names: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name")
        if tag in ("input", "select", "textarea") and name:
            self.names.add(name)
            if given.get("type") in ("hidden", "text", "tel", "email", "date", None):
                self.values[name] = given.get("value") or ""


def fields(answer: Any) -> Fields:
    return Fields(answer.content.decode())


def begin(p: People, browser: Browser, **more: str) -> Draft:
    answer = browser.post(f"/apply/{p.w.version.item_id}/", {"applicant": str(p.w.applicant.pk), **more})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return Draft.objects.get(applicant=p.w.applicant, item_id=p.w.version.item_id, case__isnull=True)


def at(draft: Draft, page: str) -> str:
    return f"/apply/drafts/{draft.pk}/{page}/"


def send(browser: Browser, draft: Draft, page: str, data: dict[str, Any], action: str = "next") -> Any:
    draft.refresh_from_db()
    return browser.post(at(draft, page), {"revision": str(draft.revision), "action": action, **data})


def photo(name: str = "照片.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, given.PNG, "image/png")


def filled(p: People, browser: Browser) -> Draft:
    """Everything of the plain item's application, one page after the other, up to the last one."""
    draft = begin(p, browser)
    answer = send(browser, draft, "place", {"place.name": "好味道", "place.address": "人民路8号"})
    assert answer["Location"].endswith("/hand-in/")
    for code in ("m1", "m2"):
        assert browser.post(at(draft, f"hand-in/{code}/upload"), {"file": photo()}).status_code == 302
    assert browser.post(at(draft, "hand-in"))["Location"].endswith("/contact-delivery/")
    reach = {"contact.name": "张三", "contact.phone": "13900000001", "delivery.way": "counter"}
    assert send(browser, draft, "contact-delivery", reach)["Location"].endswith("/check-answers/")
    return draft


def test_the_whole_way_without_script_ends_in_a_case_with_its_number_and_dates() -> None:
    p = people()
    browser = p.browser("applicant")
    draft = filled(p, browser)
    shown = browser.get(at(draft, "check-answers")).content.decode()
    assert "人民路8号" in shown
    assert "then=check" in shown
    answer = browser.post(at(draft, "check-answers"), {"declared": "on", "form_key": "k1"})
    case = Case.objects.get()
    assert answer["Location"] == f"/my/cases/{case.number}/submitted/"
    told = browser.get(answer["Location"]).content.decode()
    assert case.number in told
    assert "<svg" in told
    assert case.acceptance_due_on is not None
    assert f"{case.acceptance_due_on.month}月{case.acceptance_due_on.day}日" in told
    assert browser.get(f"/my/cases/{case.number}/").status_code == 200
    assert case.number in browser.get("/my/").content.decode()


def test_sent_twice_it_is_one_case_and_the_second_gets_the_first_answer() -> None:
    p = people()
    browser = p.browser("applicant")
    draft = filled(p, browser)
    first = browser.post(at(draft, "check-answers"), {"declared": "on", "form_key": "k1"})
    again = browser.post(at(draft, "check-answers"), {"declared": "on", "form_key": "k1"})
    other = browser.post(at(draft, "check-answers"), {"declared": "on", "form_key": "k2"})
    assert first["Location"] == again["Location"] == other["Location"]
    assert Case.objects.count() == 1


def test_without_the_declaration_nothing_is_submitted() -> None:
    p = people()
    browser = p.browser("applicant")
    draft = filled(p, browser)
    answer = browser.post(at(draft, "check-answers"), {"form_key": "k1"})
    assert answer.status_code == 422
    assert "请先确认内容真实" in answer.content.decode()
    assert Case.objects.count() == 0
    assert browser.post(at(draft, "check-answers"), {"declared": "on", "form_key": "k1"}).status_code == 302


def test_what_lacks_is_told_all_at_once_with_the_way_to_each_page() -> None:
    p = people()
    browser = p.browser("applicant")
    draft = begin(p, browser)
    send(browser, draft, "place", {"place.name": "", "place.address": ""}, action="later")
    answer = browser.post(at(draft, "check-answers"), {"declared": "on", "form_key": "k"})
    told = answer.content.decode()
    assert answer.status_code == 422
    for words in ("请填写单位名称", "请填写经营地址", "请上传"):
        assert words in told
    assert f'href="{at(draft, "place")}?then=check"' in told
    assert f'href="{at(draft, "hand-in")}?then=check"' in told
    assert Case.objects.count() == 0


def test_what_is_known_is_filled_in_and_says_where_it_comes_from_until_it_is_changed() -> None:
    p = people()
    browser = p.browser("applicant")
    draft = begin(p, browser)
    shown = browser.get(at(draft, "place"))
    assert p.w.applicant.name in shown.content.decode()
    assert "来源：实名信息" in shown.content.decode()
    send(browser, draft, "place", {"place.name": "改了的名称", "place.address": p.w.applicant.address}, action="later")
    shown = browser.get(at(draft, "place")).content.decode()
    assert "改了的名称" in shown
    assert "来源：实名信息" not in shown
    assert "来源：登记的地址" in shown


def test_a_draft_is_gone_on_with_or_begun_anew() -> None:
    p = people()
    browser = p.browser("applicant")
    draft = begin(p, browser)
    send(browser, draft, "place", {"place.name": "写了一半", "place.address": ""}, action="later")
    shown = browser.get(f"/apply/{p.w.version.item_id}/").content.decode()
    assert "继续填写" in shown
    assert "重新开始" in shown
    assert browser.get(f"/apply/drafts/{draft.pk}/")["Location"] == at(draft, "place")
    assert begin(p, browser).pk == draft.pk
    fresh = begin(p, browser, fresh="1")
    assert fresh.pk != draft.pk
    assert fresh.values["place"]["name"] == p.w.applicant.name
    assert browser.post(at(fresh, "throw-away")).status_code == 302
    assert not Draft.objects.exists()


def test_every_kind_of_field_is_drawn_and_wrong_answers_are_told_beside_it_with_nothing_lost() -> None:
    p = people(form=RICH)
    browser = p.browser("applicant")
    draft = begin(p, browser)
    page = fields(browser.get(at(draft, "place")))
    assert {f"place.{f['code']}" for f in RICH["groups"][0]["fields"]} <= page.names
    wrong = {
        "place.name": "",
        "place.kind": "castle",
        "place.opened": "2026-02-30",
        "place.area": "很大",
        "place.rent": "-1",
        "place.phone": "12",
        "place.person": "610114199001011234",
        "place.uscc": "91610114MA000000",
        "place.mail": "nobody",
        "place.notes": "留着的话",
    }
    answer = send(browser, draft, "place", wrong)
    told = answer.content.decode()
    assert answer.status_code == 422
    assert told.count('class="yc-error"') == 9
    for words in ("请填写单位名称", "不是一个存在的日期", "请填写数字", "不能小于零", "留着的话", "很大", "2026-02-30"):
        assert words in told, words
    for name in ("name", "opened", "person"):
        assert f'href="#id_place.{name}"' in told
    draft.refresh_from_db()
    assert draft.values["place"]["notes"] == "留着的话"


def test_conditions_are_the_servers_word_without_script() -> None:
    p = people(form=RICH)
    browser = p.browser("applicant")
    draft = begin(p, browser)
    hidden = re.compile(r'<div class="yc-field[^>]*data-when=[^>]*hidden>(?:(?!</div>).)*place\.rooms', re.S)
    assert hidden.search(browser.get(at(draft, "place")).content.decode())
    barber = {"place.name": "甲", "place.kind": "barber", "place.rooms": "0"}
    answer = send(browser, draft, "place", barber, action="refresh")
    assert hidden.search(answer.content.decode())
    answer = send(browser, draft, "place", {**barber, "place.kind": "hotel"}, action="refresh")
    assert not hidden.search(answer.content.decode())
    answer = send(browser, draft, "place", {"place.name": "甲", "place.kind": "hotel"})
    assert answer.status_code == 422
    assert "请填写客房数" in answer.content.decode()
    assert "泳池" in browser.get(at(draft, "place")).content.decode()
    assert send(browser, draft, "place", barber)["Location"] == at(draft, "staff")
    assert browser.get(at(draft, "pool")).status_code == 404
    assert browser.get(at(draft, "nothing")).status_code == 404


def test_rows_are_added_and_removed_without_script_and_keep_what_was_typed() -> None:
    p = people(form=RICH)
    browser = p.browser("applicant")
    draft = begin(p, browser)
    send(browser, draft, "place", {"place.name": "甲", "place.kind": "barber"})
    page = fields(browser.get(at(draft, "staff")))
    assert page.values["staff.rows"] == "1"
    answer = send(browser, draft, "staff", {"staff.rows": "1", "staff.0.name": "王一"}, action="add:staff")
    assert fields(answer).values["staff.rows"] == "2"
    assert "王一" in answer.content.decode()
    two = {"staff.rows": "2", "staff.0.name": "王一", "staff.1.name": "李二"}
    answer = send(browser, draft, "staff", two, action="add:staff")
    assert "再添一项" not in answer.content.decode()  # three at most
    three = {**two, "staff.rows": "3", "staff.2.name": ""}
    answer = send(browser, draft, "staff", three, action="remove:staff:0")
    page = fields(answer)
    assert page.values["staff.rows"] == "2"
    assert page.values["staff.0.name"] == "李二"
    answer = send(browser, draft, "staff", {"staff.rows": "2", "staff.0.name": "", "staff.1.name": "赵三"})
    assert answer["Location"].endswith("/hand-in/")  # a row with nothing in it is left out
    answer = send(browser, draft, "staff", {"staff.rows": "1", "staff.0.name": ""})
    assert "至少填写1项" in answer.content.decode()
    for action in ("remove:staff:99", "remove:staff:x", "add:nothing", "add:place", "remove:"):
        assert send(browser, draft, "staff", two, action=action).status_code == 200
    assert send(browser, draft, "staff", {"staff.rows": "999999"}).status_code == 422


def test_it_saves_itself_and_says_so_and_another_window_does_not_overwrite() -> None:
    p = people()
    browser = p.browser("applicant")
    draft = begin(p, browser)
    typed = {"place.name": "甲", "place.address": "乙", "revision": str(draft.revision), "action": "auto"}
    answer = browser.post(at(draft, "place"), typed, headers={"HX-Request": "true"})
    assert "已保存" in answer.content.decode()
    assert 'id="revision"' in answer.content.decode()
    answer = browser.post(at(draft, "place"), {**typed, "place.name": "丙"}, headers={"HX-Request": "true"})
    assert "已在另一个窗口修改过" in answer.content.decode()
    answer = browser.post(at(draft, "place"), {**typed, "place.name": "丁", "action": "next"})
    assert answer.status_code == 409
    assert "丁" in answer.content.decode()  # what was typed is still there
    draft.refresh_from_db()
    assert draft.values["place"]["name"] == "甲"
    again = fields(answer).values["revision"]
    answer = browser.post(at(draft, "place"), {**typed, "place.name": "丁", "action": "next", "revision": again})
    assert answer.status_code == 302
    draft.refresh_from_db()
    answer = browser.post(at(draft, "place"), {**typed, "place.name": "丁", "action": "next", "revision": again})
    assert answer.status_code == 302  # the same words, saved a moment before by the page itself: no clash


BAD_FILES = {
    "mislabelled": SimpleUploadedFile("营业执照.pdf", b"<html><body>x</body></html>", "application/pdf"),
    "empty": SimpleUploadedFile("空.png", b"", "image/png"),
    "program": SimpleUploadedFile("照片.png", b"MZ\x90\x00" + b"\0" * 500, "image/png"),
    "of another kind": SimpleUploadedFile("脚本.svg", b"<svg onload='x'/>", "image/svg+xml"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_is_not_what_it_says_is_told_at_its_material_and_the_others_stay(name: str) -> None:
    p = people()
    browser = p.browser("applicant")
    draft = begin(p, browser)
    browser.post(at(draft, "hand-in/m1/upload"), {"file": photo()})
    bad = BAD_FILES[name]
    bad.seek(0)
    stored = File.objects.count()
    answer = browser.post(at(draft, "hand-in/m2/upload"), {"file": bad})
    assert answer.status_code in (413, 422)
    told = answer.content.decode()
    assert re.search(r'cases-material-wrong" id="material-m2"', told)
    assert not re.search(r'cases-material-wrong" id="material-m1"', told)
    assert File.objects.count() == stored
    assert DraftFile.objects.filter(draft=draft).count() == 1
    part = browser.post(at(draft, "hand-in/m2/upload"), {"file": bad}, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert part.content.decode().lstrip().startswith("<li")


def test_a_file_that_is_too_large_is_refused_with_the_limit(settings: Any) -> None:
    settings.YICHUANG = settings.YICHUANG.model_copy(update={"upload_limit_mib": 1})
    p = people()
    browser = p.browser("applicant")
    draft = begin(p, browser)
    large = SimpleUploadedFile("大.png", given.PNG + b"\0" * (1024 * 1024 + 1), "image/png")
    answer = browser.post(at(draft, "hand-in/m1/upload"), {"file": large})
    assert answer.status_code == 413
    assert "1" in answer.content.decode()
    assert not DraftFile.objects.exists()


def test_files_are_replaced_removed_and_several_at_once() -> None:
    p = people()
    browser = p.browser("applicant")
    draft = begin(p, browser)
    browser.post(at(draft, "hand-in/m1/upload"), {"file": [photo("一.png"), photo("二.png")]})
    first = DraftFile.objects.filter(draft=draft).first()
    assert first is not None
    browser.post(at(draft, "hand-in/m1/upload"), {"file": photo("三.png"), "replace": str(first.pk)})
    assert sorted(f.file.name for f in DraftFile.objects.filter(draft=draft)) == ["三.png", "二.png"]
    held = DraftFile.objects.get(draft=draft, file__name="二.png")
    browser.post(at(draft, f"hand-in/m1/{held.pk}/remove"))
    assert DraftFile.objects.filter(draft=draft).count() == 1
    assert browser.post(at(draft, "hand-in/m1/upload"), {}).status_code == 422
    assert browser.post(at(draft, "hand-in/nothing/upload"), {"file": photo()}).status_code == 404
    assert browser.get(at(draft, "hand-in/files/999999")).status_code == 404


def test_going_on_without_a_required_material_is_told_at_the_material() -> None:
    p = people()
    browser = p.browser("applicant")
    draft = begin(p, browser)
    answer = browser.post(at(draft, "hand-in"))
    assert answer.status_code == 422
    assert 'href="#material-m1"' in answer.content.decode()


def test_post_needs_an_address_and_what_was_typed_is_kept() -> None:
    p = people()
    browser = p.browser("applicant")
    draft = begin(p, browser)
    data = {
        "contact.name": "张三",
        "contact.phone": "13900000001",
        "delivery.way": "post",
        "delivery.address": "",
        "delivery.recipient": "张三",
    }
    answer = send(browser, draft, "contact-delivery", data)
    assert answer.status_code == 422
    assert "邮寄地址" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.delivery["recipient"] == "张三"
    answer = send(browser, draft, "contact-delivery", {**data, "delivery.way": "pigeon"})
    assert answer.status_code == 422


def test_somebody_elses_applicant_cannot_be_chosen() -> None:
    p = people()
    browser = p.browser("stranger")
    answer = browser.post(f"/apply/{p.w.version.item_id}/", {"applicant": str(p.w.applicant.pk)})
    assert answer.status_code == 422
    assert not Draft.objects.exists()
    assert browser.get("/apply/999999/").status_code == 404


def test_a_correction_shows_exactly_what_was_asked_and_is_answered_in_one_go() -> None:
    p = people()
    case = p.online()
    points = [
        {"material": "m1", "what": "缺签字页"},
        {"field": "place.address", "what": "门牌号不完整"},
    ]
    commands.request_correction(case.number, points=points, by=p.w.clerk, at=timezone.localtime())
    browser = p.browser("applicant")
    page = browser.get(f"/my/cases/{case.number}/").content.decode()
    assert "缺签字页" in page
    assert "现在补正" in page
    url = f"/my/cases/{case.number}/correct/"
    asked = fields(browser.get(url))
    assert "material.m1" in asked.names
    assert "material.m2" not in asked.names
    assert asked.values["place.name"] == "好味道理发店"
    answers = {"place.name": "好味道理发店", "place.address": "", "action": "send"}
    wrong = browser.post(url, {**answers, "material.m1": photo("新.png")})
    assert wrong.status_code == 422
    kept = fields(wrong).values["material.m1.kept"]
    assert "新.png" in wrong.content.decode()
    answer = browser.post(url, {**answers, "place.address": "人民路8号2层", "material.m1.kept": kept, "form_key": "c1"})
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.state == "received"
    form = case.forms.order_by("-seq")[0]
    assert form.values["place"]["address"] == "人民路8号2层"
    material = case.materials.get(code="m1")
    assert [f.file.name for f in material.files.filter(replaced_seq=None)] == ["新.png"]
    assert browser.get(url).status_code == 409


def test_a_kept_file_of_somebody_else_is_not_taken() -> None:
    p = people()
    case = p.online()
    commands.request_correction(
        case.number, points=[{"material": "m1", "what": "缺签字页"}], by=p.w.clerk, at=timezone.localtime()
    )
    from yichuang.cases.views import kept

    foreign = kept.word(given.scan("draft:1", p.w.clerk, timezone.localtime()))
    answer = p.browser("applicant").post(
        f"/my/cases/{case.number}/correct/", {"material.m1.kept": [foreign, "forged"], "action": "send"}
    )
    assert answer.status_code == 422
    case.refresh_from_db()
    assert case.state == "correcting"


def test_withdrawing_once_is_told_and_a_second_time_says_what_happened() -> None:
    p = people()
    case = p.online()
    browser = p.browser("applicant")
    url = f"/my/cases/{case.number}/withdraw/"
    assert browser.post(url, {"reason": "不办了", "form_key": "w1"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "withdrawn"
    events = LogEvent.objects.count()
    assert browser.post(url, {"reason": "不办了", "form_key": "w1"}).status_code == 302
    refused = browser.post(url, {"reason": "不办了", "form_key": "w2"})
    assert refused.status_code == 409
    assert "撤回" in refused.content.decode()
    assert LogEvent.objects.count() == events


def test_why_this_day_is_a_page_and_a_fragment() -> None:
    p = people()
    case = p.online()
    browser = p.browser("applicant")
    url = f"/my/cases/{case.number}/why/acceptance/"
    page = browser.get(url).content.decode()
    assert "<html" in page
    assert page.count("<li><span>第") == 5
    part = browser.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "第三十二条" in part
    assert browser.get(f"/my/cases/{case.number}/why/nothing/").status_code == 404


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (given.submitted_case, "已收到，等待受理"),
        (given.accepted_case, "已受理，正在审查"),
        (given.granted_case, "准予许可"),
        (given.refused_case, "不予许可"),
        (given.closed_case, "已办结：准予许可"),
    ],
)
def test_each_state_is_said_in_big_words(build: Any, words: str) -> None:
    p = people()
    case = build(p.w)
    page = p.browser("applicant").get(f"/my/cases/{case.number}/").content.decode()
    assert words in page
    assert "监督投诉" in page
    assert ("待办" in page or "已逾期" in page) is case.open  # nothing is awaited any more in a case that has ended
