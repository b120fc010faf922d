"""The applicant's own cases: corrections, withdrawal, why this day, each state in big words."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from yichuang.cases import commands
from yichuang.cases.tests import given
from yichuang.cases.tests.applying import fields, photo
from yichuang.cases.tests.people import people
from yichuang.core.models import LogEvent

pytestmark = pytest.mark.django_db


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
