"""The case page of the desk, with every act."""

from __future__ import annotations

import pytest
from django.utils import timezone

from yichuang.cases import commands
from yichuang.cases.forms.acts import ACTS
from yichuang.cases.models import Bar
from yichuang.cases.rules.machine import MACHINE, SILENT
from yichuang.cases.tests import given
from yichuang.cases.tests.applying import fields
from yichuang.cases.tests.people import act, people
from yichuang.core.models import LogEvent
from yichuang.core.tests.counting import pinned

pytestmark = pytest.mark.django_db


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
