"""The window, from item to receipt."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from yichuang.cases.models import Case, MaterialFile
from yichuang.cases.tests import given
from yichuang.cases.tests.applying import RICH, fields, photo
from yichuang.cases.tests.people import People, body, people
from yichuang.core.models import LogEvent
from yichuang.identity.models import Agency, Applicant
from yichuang.identity.tests import given as identity

pytestmark = pytest.mark.django_db


def window(p: People, **more: Any) -> dict[str, Any]:
    return {
        "place.name": "好味道",
        "place.address": "人民路8号",
        "copies.m1": "1",
        "copies.m2": "1",
        "contact.name": "张三",
        "contact.phone": "13900000001",
        "delivery.way": "counter",
        "outcome": "receive",
        "action": "send",
        **more,
    }


def url_of(p: People) -> str:
    return f"/desk/intake/{p.w.version.item_id}/{p.w.applicant.pk}/"


def test_the_item_is_found_and_the_applicant_by_the_number_on_the_card() -> None:
    p = people()
    browser = p.browser("clerk")
    assert "公共场所卫生许可" in browser.get("/desk/intake/").content.decode()
    assert "没有找到" in browser.get("/desk/intake/?q=量子").content.decode()
    part = browser.get("/desk/intake/?q=量子", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    look = f"/desk/intake/{p.w.version.item_id}/"
    code = identity.organisation_code()
    for number, words in (("", "请填写或扫描证件号码"), ("123", "18 位"), (code[:-1] + "?", "")):
        answer = browser.post(look, {"id_kind": "uscc", "id_number": number})
        assert answer.status_code == 422, number
        assert words in answer.content.decode()
    new = browser.post(look, {"id_kind": "uscc", "id_number": code})
    assert "没有登记过" in new.content.decode()
    data = {"id_kind": "uscc", "id_number": code, "create": "1", "name": "新店（演示）", "kind": "organisation"}
    assert browser.post(look, {**data, "phone": "13", "legal_representative": "王五"}).status_code == 422
    made = browser.post(look, {**data, "phone": "13900000002", "legal_representative": "王五"})
    applicant = Applicant.objects.get(id_number=code)
    assert made["Location"] == f"{look}{applicant.pk}/"
    assert browser.post(look, {"id_kind": "uscc", "id_number": code})["Location"] == f"{look}{applicant.pk}/"
    assert browser.get(f"{look}999999/").status_code == 404


@pytest.mark.parametrize(
    ("outcome", "more", "state"),
    [
        ("receive", {}, "received"),
        ("accept", {"ticks.m1": ["填写完整"]}, "accepted"),
        ("correct", {"copies.m2": ""}, "correcting"),
        ("decline", {"reasons": "依法不需要许可"}, "declined"),
        ("redirect", {"to": "西安市卫生健康委员会"}, "declined"),
    ],
)
def test_each_outcome_at_the_window_is_one_page_and_one_receipt(outcome: str, more: dict[str, Any], state: str) -> None:
    p = people()
    browser = p.browser("clerk")
    answer = browser.post(url_of(p), window(p, outcome=outcome, form_key="i1", **more))
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    case = Case.objects.get()
    assert (case.state, case.point, case.channel) == (state, given.POINT, "window")
    receipt = browser.get(answer["Location"]).content.decode()
    assert case.number in receipt
    assert "<svg" in receipt
    assert "下一位" in receipt
    again = browser.post(url_of(p), window(p, outcome=outcome, form_key="i1", **more))
    assert again["Location"] == answer["Location"]
    assert Case.objects.count() == 1


def test_an_instant_item_is_decided_in_one_act() -> None:
    p = people(project_type="1", promise_day=1, steps=[])
    answer = p.browser("clerk").post(url_of(p), window(p, outcome="decide"))
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    assert Case.objects.get().state == "granted"


def test_what_is_refused_at_the_window_receives_nothing_and_keeps_everything() -> None:
    p = people()
    browser = p.browser("clerk")
    events = LogEvent.objects.filter(stream__startswith="case:").count()
    for more, words in (
        ({"place.name": ""}, "请填写单位名称"),
        ({"outcome": "accept", "copies.m2": ""}, "缺少必要材料"),
        ({"outcome": "decline", "reasons": ""}, "请写明不予受理的理由"),
        ({"outcome": "redirect", "to": ""}, "请写明申请人应当向哪个机关申请"),
        ({"outcome": ""}, "请选择办理结果"),
        ({"copies.m1": "-1"}, ""),
        ({"contact.phone": ""}, "联系电话"),
    ):
        answer = browser.post(url_of(p), window(p, note="我的备注", **more))
        told = answer.content.decode()
        assert answer.status_code == 422, more
        assert words in told, more
        assert "我的备注" in told
        assert "人民路8号" in told
    assert Case.objects.count() == 0
    assert LogEvent.objects.filter(stream__startswith="case:").count() == events


def test_scans_are_kept_when_something_else_is_wrong_and_a_bad_one_is_told() -> None:
    p = people()
    browser = p.browser("clerk")
    bad = SimpleUploadedFile("坏.pdf", b"<html></html>", "application/pdf")
    sent = window(p, **{"copies.m1": "", "copies.m2": "", "file.m1": photo("好.png"), "file.m2": bad, "form_key": "s1"})
    answer = browser.post(url_of(p), sent)
    assert answer.status_code == 422
    assert "坏.pdf" in answer.content.decode()
    assert "好.png" in answer.content.decode()
    kept = fields(answer).values["file.m1.kept"]
    again = window(p, **{"copies.m1": "", "file.m1.kept": kept, "form_key": "s1"})
    assert browser.post(url_of(p), again).status_code == 302
    assert [f.file.name for f in MaterialFile.objects.all()] == ["好.png"]


def test_a_running_application_and_a_bar_are_shown_before_another_is_taken_in() -> None:
    p = people()
    case = p.case()
    assert case.number in p.browser("clerk").get(url_of(p)).content.decode()


def test_an_agent_is_registered_with_the_authorisation_and_acts() -> None:
    p = people()
    browser = p.browser("clerk")
    page = f"{url_of(p)}agent/"
    data = {
        "id_kind": "citizen",
        "id_number": identity.citizen_number(),
        "name": "钱代办",
        "phone": "13900000003",
        "matters": "代为提交",
        "valid_until": "2020-01-01",
    }
    assert browser.post(page, data).status_code == 422
    made = browser.post(page, {**data, "valid_until": str(timezone.localdate().replace(year=2027))})
    assert made.status_code == 302
    agency = Agency.objects.get(agent__name="钱代办")
    assert made["Location"].endswith(f"?agent={agency.agent_id}")
    answer = browser.post(url_of(p), window(p, agent=str(agency.agent_id)))
    assert answer.status_code == 302
    assert Case.objects.get().agent_id == agency.agent_id


def test_an_organisation_s_agent_brings_the_letter_and_whoever_handles_the_case_reads_it() -> None:
    now = timezone.localtime()
    p = people()
    company, _ = identity.organisation("阎良区云上理发店（演示）", at=now)
    browser = p.browser("clerk")
    page = f"/desk/intake/{p.w.version.item_id}/{company.pk}/"
    data = {
        "id_kind": "citizen",
        "id_number": identity.citizen_number(),
        "name": "钱代办",
        "phone": "13900000003",
        "matters": "代为提交",
        "valid_until": str(now.date().replace(year=now.year + 1)),
    }
    without = browser.post(f"{page}agent/", data)
    assert without.status_code == 422
    assert "请上传加盖公章的授权委托书" in without.content.decode()
    assert not Agency.objects.filter(principal=company, role="agent").exists()
    assert browser.post(f"{page}agent/", {**data, "letter": photo("委托书.png")}).status_code == 302
    agency = Agency.objects.get(principal=company, role="agent")
    link = f"{page}letters/{agency.pk}/"
    assert link in browser.get(page).content.decode()
    assert body(browser.get(link)) == given.PNG
    again = browser.post(f"{page}agent/", {**data, "letter": photo("委托书.png")})
    assert again.status_code == 409 or "已有在期的委托" in again.content.decode()
    assert browser.post(page, window(p, agent=str(agency.agent_id))).status_code == 302
    case = Case.objects.get(applicant=company)
    desk = f"/desk/cases/{case.number}/"
    letter = f"{desk}letters/{agency.pk}/"
    for who, status in (("handler", 200), ("other_handler", 404), ("admin", 404)):
        looks = LogEvent.objects.filter(stream=f"personal:{company.ref}").count()
        answer = p.browser(who).get(letter)
        assert (answer.status_code, body(answer) == given.PNG) == (status, status == 200)
        assert (LogEvent.objects.filter(stream=f"personal:{company.ref}").count() > looks) == (status == 200)
    assert letter in p.browser("handler").get(desk).content.decode()
    other = p.case()
    assert p.browser("handler").get(f"/desk/cases/{other.number}/letters/{agency.pk}/").status_code == 404


def test_rows_and_conditions_at_the_window() -> None:
    p = people(form=RICH)
    browser = p.browser("clerk")
    form = {"place.name": "甲", "place.kind": "hotel", "place.rooms": "3", "pool.size": "5", "staff.rows": "1"}
    answer = browser.post(url_of(p), window(p, **form, action="add:staff"), headers={"HX-Request": "true"})
    assert fields(answer).values["staff.rows"] == "2"
    assert "<html" not in answer.content.decode()
    answer = browser.post(url_of(p), window(p, **{**form, "staff.rows": "1", "staff.0.name": "王一"}))
    assert answer.status_code == 302
    values = Case.objects.get().forms.get().values
    assert values["pool"] == {"size": 5}
    assert values["staff"] == [{"name": "王一"}]
