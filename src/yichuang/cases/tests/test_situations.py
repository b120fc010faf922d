"""A case begun in a situation: what is asked, what is promised, which 业务办理项 it is; on line, at the window, corrected."""

from __future__ import annotations

import pytest
from django.test import Client

from yichuang.cases import commands, queries
from yichuang.cases.models import Case
from yichuang.cases.tests import given
from yichuang.cases.tests.applying import begin, photo
from yichuang.cases.tests.people import people
from yichuang.catalogue.tests.given_situations import NEW, RENAMED, asked
from yichuang.core.models import LogEvent
from yichuang.core.refusal import Refusal
from yichuang.core.verify import verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def w() -> given.World:
    return given.world(**asked())


def situated(answers):
    return {"situation": answers, **given.values()}


def test_the_situation_leaves_a_material_out_and_shortens_the_promise(w):
    case = given.submitted_case(w, materials=("m1",), form=situated(RENAMED))
    assert (case.handling, case.promised_days) == ("h2", 2)
    assert LogEvent.objects.get(stream=case.stream, kind="case.submitted").event().data["materials"] == {
        "m1": "provided"
    }
    full = given.submitted_case(given.world(version=w.version), form=situated(NEW))
    assert (full.handling, full.promised_days) == ("h1", 5)


def test_what_the_situation_asks_must_be_there(w):
    with pytest.raises(Refusal) as no:
        given.submitted_case(w, materials=("m1",), form=situated(NEW))
    assert no.value.fields == {"material.m2": "请上传“公共场所卫生检测报告”"}


def test_an_open_question_is_told_at_its_field(w):
    with pytest.raises(Refusal) as no:
        given.submitted_case(w, form=situated({"what": "change"}))
    assert no.value.fields == {"situation.changed": "请选择变更的是什么？"}
    with pytest.raises(Refusal) as no:
        given.submitted_case(w, form=situated({"what": "fly"}))
    assert list(no.value.fields) == ["situation.what"]


def test_an_answer_that_is_corrected_tells_another_situation(w):
    case = given.submitted_case(w, form=situated(NEW))
    commands.request_correction(
        case.number, points=[{"material": "", "what": "您要办的是变更"}], by=w.clerk, at=given.later(1)
    )
    again = commands.resubmit(case.number, values=situated(RENAMED), by=w.citizen, at=given.later(2))
    assert (again.handling, again.promised_days) == ("h2", 2)
    told = LogEvent.objects.get(stream=case.stream, kind="case.resubmitted").event().data
    assert (told["handling"], told["promised_days"]) == ("h2", 2)
    assert verify(case.stream).clean


def test_the_window_takes_in_by_situation_and_the_page_tells_what_falls_away(w):
    case = given.taken_in(
        w, values=situated(RENAMED), materials={"m1": {"copies": 1, "ticks": ["填写完整"]}}, accept=True
    )
    assert (case.state, case.handling) == ("accepted", "h2")
    assert verify(case.stream).clean


def test_the_pages_carry_the_answers_from_the_guide_to_the_case() -> None:
    p = people(**asked())
    browser = p.browser("applicant")
    start = browser.get(f"/apply/{p.w.version.item_id}/?situation.what=change&situation.changed=name").content.decode()
    assert "按您选的情形" in start
    assert "公共场所卫生检测报告" not in start
    draft = begin(p, browser, **{"situation.what": "change", "situation.changed": "name"})
    assert draft.values["situation"] == RENAMED
    assert not browser.get(f"/apply/drafts/{draft.pk}/")["Location"].endswith("/situation/")
    page = browser.get(f"/apply/drafts/{draft.pk}/situation/").content.decode()
    assert "您要办什么" in page
    desk = p.browser("clerk").get(f"/desk/intake/{p.w.version.item_id}/{p.w.applicant.pk}/").content.decode()
    assert "data-unneeded" in desk


def test_the_case_pages_name_the_implementation_item() -> None:
    p = people(**asked())
    case = given.submitted_case(p.w, materials=("m1",), form=situated(RENAMED))
    assert "公共场所卫生许可（变更）" in p.browser("applicant").get(f"/my/cases/{case.number}/").content.decode()
    assert "公共场所卫生许可（变更）" in p.browser("handler").get(f"/desk/cases/{case.number}/").content.decode()


def test_a_case_keeps_its_situation_when_the_item_changes(w):
    case = given.submitted_case(w, materials=("m1",), form=situated(RENAMED))
    given.catalogue.revised(w.version, **asked(), summary="改过")
    page = queries.case_page(w.clerk, case.number, on=given.AT.date())
    assert page.handling == "公共场所卫生许可（变更）"
    assert Case.objects.get(pk=case.pk).version_id == w.version.id


def test_a_correction_that_needs_more_asks_for_it_on_the_same_page() -> None:
    p = people(**asked())
    case = given.submitted_case(p.w, materials=("m1",), form=situated(RENAMED))
    commands.request_correction(
        case.number, points=[{"material": "", "what": "您要办的是新办"}], by=p.w.clerk, at=given.later(1)
    )
    browser, url = p.browser("applicant"), f"/my/cases/{case.number}/correct/"
    sent = {"situation.what": "new", "place.name": "好味道", "place.address": "人民路8号", "action": "send"}
    assert 'name="material.m2"' not in browser.get(url).content.decode()
    told = browser.post(url, {**sent, "form_key": "k1"})
    assert told.status_code == 422
    assert 'name="material.m2"' in told.content.decode()
    assert "还没有选择文件" in told.content.decode()
    done = browser.post(url, {**sent, "form_key": "k2", "material.m2": photo()})
    assert done.status_code == 302, done.content.decode()[:3000]
    case.refresh_from_db()
    assert (case.state, case.handling, case.promised_days) == ("received", "h1", 5)
    assert verify(case.stream).clean


def test_signing_in_keeps_the_answers() -> None:
    p = people(**asked())
    page = Client().get(f"/apply/{p.w.version.item_id}/?situation.what=new").content.decode()
    assert f"?next=/apply/{p.w.version.item_id}/%3Fsituation.what%3Dnew" in page
