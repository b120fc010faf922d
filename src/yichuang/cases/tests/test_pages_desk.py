"""The desk: the worklist and its bulk acts, the case page with every act, the window from item to receipt."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from yichuang.cases import commands
from yichuang.cases.forms.acts import ACTS
from yichuang.cases.models import Bar, Case, MaterialFile, StaffNotice
from yichuang.cases.rules.machine import MACHINE, SILENT
from yichuang.cases.tests import given
from yichuang.cases.tests.people import People, body, people
from yichuang.cases.tests.test_pages_portal import RICH, fields, photo
from yichuang.core.models import LogEvent
from yichuang.core.tests.counting import pinned
from yichuang.identity.models import Agency, Applicant
from yichuang.identity.tests import given as identity

pytestmark = pytest.mark.django_db


def act(p: People, who: str, case: Case, verb: str, **data: Any) -> Any:
    return p.browser(who).post(f"/desk/cases/{case.number}/do/{verb}/", data)


# --- worklist ---------------------------------------------------------------------------------------------------


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


# --- the case page ----------------------------------------------------------------------------------------------


def test_every_verb_that_people_take_at_the_desk_has_its_form() -> None:
    at_the_desk = {
        arrow.verb
        for arrow in MACHINE
        if arrow.verb not in SILENT and set(arrow.roles) & {"window_clerk", "handler", "reviewer", "head"}
    }
    assert at_the_desk - set(ACTS) == {"intake", "resubmit"}  # the window's own page; the applicant's answer


def test_the_case_page_costs_the_same_after_2_events_and_after_200() -> None:
    p = people()
    case = p.online()
    browser = p.browser("clerk_of_department") if "clerk_of_department" in p.accounts else p.browser("handler")
    url = f"/desk/cases/{case.number}/"
    browser.get(url)
    pinned("cases.desk_case", lambda: browser.get(url))
    person = p.browser("applicant")
    person.get(f"/my/cases/{case.number}/")
    pinned("cases.my_case", lambda: person.get(f"/my/cases/{case.number}/"))
    at = timezone.localtime()
    for n in range(100):
        commands.request_correction(
            case.number,
            points=[{"material": "m1", "what": "补签字"}],
            reason="仍不合格" if n else "",
            by=p.w.clerk,
            at=at,
        )
        files = {"m1": [given.scan(case.stream, p.w.citizen, at)]}
        commands.resubmit(case.number, files=files, by=p.w.citizen, at=at)
    assert LogEvent.objects.filter(stream=case.stream).count() > 200
    pinned("cases.desk_case", lambda: browser.get(url))
    pinned("cases.my_case", lambda: person.get(f"/my/cases/{case.number}/"))


def test_from_acceptance_to_delivery_by_the_forms_of_the_page() -> None:
    p = people()
    case = p.online()
    page = p.browser("handler").get(f"/desk/cases/{case.number}/do/accept/")
    assert "material.m1" in fields(page).names
    assert act(p, "handler", case, "accept", **{"material.m1": ["填写完整"], "note": "齐全"}).status_code == 302
    assert case.materials.get(code="m1").ticks == ["填写完整"]
    step = fields(p.browser("handler").get(f"/desk/cases/{case.number}/do/pass_step/"))
    assert step.values["step"] == "examine"
    assert act(p, "handler", case, "pass_step", step="examine", conclusion="grant", opinion="符合").status_code == 302
    assert act(p, "reviewer", case, "return_step", step="review", to="examine", reason="补充核对").status_code == 302
    assert act(p, "handler", case, "pass_step", step="examine", conclusion="grant", opinion="已核对").status_code == 302
    assert act(p, "reviewer", case, "pass_step", step="review", conclusion="grant", opinion="同意").status_code == 302
    assert act(p, "reviewer", case, "grant", opinion="准予").status_code == 302
    shown = p.browser("handler").get(f"/desk/cases/{case.number}/do/issue/").content.decode()
    assert p.w.version.licence is not None
    assert p.w.version.licence.name in shown
    assert "好味道理发店" in shown
    assert act(p, "handler", case, "issue").status_code == 302
    case.refresh_from_db()
    assert case.licence is not None
    assert {line["code"]: line["value"] for line in case.licence.details}["name"] == "好味道理发店"
    assert act(p, "handler", case, "deliver", way="post", tracking="").status_code == 422
    assert act(p, "handler", case, "deliver", way="post", tracking="SF123", recipient="张三").status_code == 302
    case.refresh_from_db()
    assert case.state == "closed"
    mine = p.browser("applicant").get(f"/my/cases/{case.number}/").content.decode()
    assert "SF123" in mine
    page = p.browser("handler").get(f"/desk/cases/{case.number}/").content.decode()
    for words in ("准予行政许可决定书", "送达回证", "环节退回"):
        assert words in page or words == "环节退回"


def test_a_correction_is_filled_in_from_what_lacks_and_must_name_everything() -> None:
    p = people()
    case = given.taken_in(p.w, at=timezone.localtime(), materials={"m1": {"copies": 1}})
    form = p.browser("clerk").get(f"/desk/cases/{case.number}/do/request_correction/").content.decode()
    assert "未提交，请补交。" in form
    refused = act(p, "clerk", case, "request_correction", **{"field.0": "place.address", "what.0": "写明门牌号"})
    assert refused.status_code == 422
    assert "写明门牌号" in refused.content.decode()
    assert "尚未提交，应一并告知" in refused.content.decode()
    said = {
        "field.0": "place.address",
        "what.0": "写明门牌号",
        "material.m2": "未提交，请补交。",
        "fails.m1": ["填写完整"],
    }
    assert act(p, "clerk", case, "request_correction", **said).status_code == 302
    page = p.browser("applicant").get(f"/my/cases/{case.number}/").content.decode()
    for words in ("写明门牌号", "“填写完整”未达到要求", "未提交，请补交。"):
        assert words in page


def test_an_empty_correction_and_empty_reasons_are_told_beside_their_fields() -> None:
    p = people()
    case = p.online()
    events = LogEvent.objects.count()
    for verb, words in (
        ("request_correction", "请逐项写明需要补正的内容"),
        ("decline", "请填写不予受理的理由"),
        ("redirect", "请写明有权机关的名称"),
    ):
        answer = act(p, "handler", case, verb)
        assert answer.status_code == 422, verb
        assert words in answer.content.decode(), verb
    assert LogEvent.objects.count() == events


def test_special_procedures_extension_and_their_wrong_input() -> None:
    p = people()
    case = p.accepted()
    assert act(p, "handler", case, "start_special", kind="testing", reason="送检").status_code == 422
    bad = act(
        p, "handler", case, "start_special", kind="testing", reason="送检", needed_days="5", started_on="2026-13-40"
    )
    assert bad.status_code == 422
    assert "请填写真实存在的日期" in bad.content.decode()
    good = {"kind": "testing", "reason": "送检", "needed_days": "5"}
    assert act(p, "handler", case, "start_special", **good).status_code == 302
    mine = p.browser("applicant").get(f"/my/cases/{case.number}/").content.decode()
    assert "正在进行：检测" in mine
    assert act(p, "handler", case, "end_special", no="1", result="合格").status_code == 302
    assert act(p, "head", case, "extend", days="11", reason="疑难").status_code == 422
    assert act(p, "head", case, "extend", days="5", reason="").status_code == 422
    assert act(p, "head", case, "extend", days="5", reason="疑难复杂").status_code == 302
    assert act(p, "head", case, "extend", days="5", reason="再延").status_code in (403, 409)


@pytest.mark.parametrize(
    ("concerns", "words", "asked"),
    [(True, "一年内不得再次申请", False), (False, "不限制再次申请", False), (None, "并且该事项直接关系", True)],
)
def test_the_refusal_s_form_says_whether_a_false_statement_bars(concerns: bool | None, words: str, asked: bool) -> None:
    p = people(concerns_safety=concerns)
    case = given.reviewed_case(p.w)
    page = p.browser("reviewer").get(f"/desk/cases/{case.number}/do/refuse/").content.decode()
    assert words in page
    assert ('name="bar"' in page) == asked
    assert act(p, "reviewer", case, "refuse", reasons="伪造", false_statement="on").status_code == 302
    assert Bar.objects.exists() == bool(concerns)


def test_a_refusal_needs_its_reasons_and_reaches_the_applicant() -> None:
    p = people()
    case = given.reviewed_case(p.w)
    assert act(p, "reviewer", case, "refuse", reasons="").status_code == 422
    assert act(p, "reviewer", case, "refuse", reasons="面积不足").status_code == 302
    assert "不予许可" in p.browser("applicant").get(f"/my/cases/{case.number}/").content.decode()


def test_two_people_at_once_the_second_is_told_who_did_what_and_keeps_what_was_typed() -> None:
    p = people()
    case = p.online()
    commands.accept(case.number, by=p.w.clerk, at=timezone.localtime())
    answer = act(p, "handler", case, "request_correction", **{"material.m1": "我写的补正意见", "seen": str(case.seq)})
    told = answer.content.decode()
    assert answer.status_code == 409
    assert "李窗口" in told
    assert "我写的补正意见" in told
    assert "这一动作现在不能办理" in told


def test_what_happened_since_the_page_was_opened_is_shown_before_the_act_is_done() -> None:
    p = people()
    case = p.online()
    seen = case.seq
    commands.request_correction(
        case.number, points=[{"material": "m1", "what": "补签字"}], by=p.w.clerk, at=timezone.localtime()
    )
    files = {"m1": [given.scan(case.stream, p.w.citizen)]}
    commands.resubmit(case.number, files=files, by=p.w.citizen, at=timezone.localtime())
    answer = act(p, "handler", case, "decline", reasons="不需要许可", seen=str(seen))
    told = answer.content.decode()
    assert answer.status_code == 409
    assert "提交补正材料" in told
    assert "不需要许可" in told
    case.refresh_from_db()
    assert case.state == "received"
    again = fields(answer).values["seen"]
    assert act(p, "handler", case, "decline", reasons="不需要许可", seen=again).status_code == 302


def test_a_form_sent_twice_is_one_act() -> None:
    p = people()
    case = p.online()
    first = act(p, "handler", case, "accept", form_key="a1")
    again = act(p, "handler", case, "accept", form_key="a1")
    assert (first.status_code, again.status_code) == (302, 302)
    assert LogEvent.objects.filter(stream=case.stream, kind="case.accepted").count() == 1


@pytest.mark.parametrize("verb", sorted(ACTS))
def test_a_verb_out_of_its_state_is_refused_with_what_is_open_and_changes_nothing(verb: str) -> None:
    p = people()
    case = p.online()
    commands.withdraw(case.number, by=p.w.citizen, at=timezone.localtime())
    if verb == "deliver_notice":
        return  # the one thing that is open
    events = LogEvent.objects.count()
    answer = p.browser("head").get(f"/desk/cases/{case.number}/do/{verb}/")
    assert answer.status_code in (403, 409), verb
    for who in ("head", "handler", "reviewer"):
        answer = act(p, who, case, verb, reasons="x", to="x", reason="x", opinion="x", days="1")
        assert answer.status_code in (403, 409, 422), (who, verb)
    assert LogEvent.objects.count() == events


def test_an_act_that_does_not_exist_is_not_found() -> None:
    p = people()
    case = p.online()
    assert p.browser("handler").get(f"/desk/cases/{case.number}/do/burn/").status_code == 404
    assert p.browser("handler").get("/desk/cases/610114-20260101-000001-X/").status_code == 404


# --- the window -------------------------------------------------------------------------------------------------


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
