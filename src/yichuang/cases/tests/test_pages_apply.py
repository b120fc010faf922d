"""The applicant's way without script to a submitted case: every field and file, what is wrong told beside it, once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from yichuang.cases.models import Case, Draft, DraftFile
from yichuang.cases.tests import given
from yichuang.cases.tests.applying import RICH, at, begin, fields, filled, photo, send
from yichuang.cases.tests.people import people
from yichuang.core.models import File

pytestmark = pytest.mark.django_db


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
