"""没有找到的事: counted without a person, told by people, answered by editors, forgotten in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from yichuang.catalogue import commands, queries
from yichuang.catalogue.models import NeedRequest, QuestionAnswer, UnansweredQuestion
from yichuang.catalogue.rules import needs as rules
from yichuang.catalogue.tests import given
from yichuang.catalogue.tests.test_editor_pages import signed_in
from yichuang.core.models import LogEvent
from yichuang.core.refusal import Refusal
from yichuang.core.tests.counting import pinned
from yichuang.core.verify import verify

pytestmark = pytest.mark.django_db
DAY = given.AT.date()
NUMBER = "610114199003070011"


def counted(text, day=DAY, loose=False):
    return commands.count_unanswered(text, division=given.DIVISION, day=day, loose=loose)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  飞碟 驾照？！ ", "飞碟 驾照"),
        ("ＡＢＣ", "abc"),
        (f"查 {NUMBER} 的事", "查 的事"),
        ("打 13900000001", "打"),
        ("???", ""),
        ("办" * 300, "办" * 100),
    ],
)
def test_a_question_is_kept_without_numbers_of_persons_and_signs(typed, kept):
    assert rules.question(typed) == kept


def test_a_question_counts_once_a_day_and_names_nobody():
    assert counted("飞碟驾照")
    assert counted("飞碟驾照！")
    assert counted("飞碟驾照", DAY + timedelta(days=1), loose=True)
    assert not counted("，。")
    rows = [(r.words, r.day, r.times, r.loose) for r in UnansweredQuestion.objects.order_by("day")]
    assert rows == [("飞碟驾照", DAY, 2, False), ("飞碟驾照", DAY + timedelta(days=1), 1, True)]
    assert not LogEvent.objects.filter(kind__startswith="question").exists()


def test_a_robot_fills_no_table(monkeypatch):
    monkeypatch.setattr(rules, "DISTINCT", 3)
    assert [counted(f"问题{c}") for c in "甲乙丙丁"] == [True, True, True, False]
    assert counted("问题甲")  # what is there already goes on counting
    assert UnansweredQuestion.objects.count() == 3


def test_the_search_page_counts_what_found_nothing_and_only_that():
    version = given.published_item(task_name="公共场所卫生许可")
    Client().get("/search/?q=公共场所卫生许可")
    assert UnansweredQuestion.objects.count() == 0
    page = Client().get("/search/?q=量子飞碟").content.decode()
    assert "/search/ask/?q=" in page
    assert UnansweredQuestion.objects.get().words == "量子飞碟"
    assert version.name not in page


def test_what_is_sent_is_kept_masked_on_the_desk_looked_at_on_record_and_forgotten():
    answer = Client().post(
        "/search/ask/", {"words": "飞碟驾照", "wish": f"我的证件是{NUMBER}", "phone": "13900000001", "form_key": "k1"}
    )
    assert answer["Location"].endswith("?sent=call")
    again = Client().post("/search/ask/", {"words": "飞碟驾照", "phone": "13900000001", "form_key": "k1"})
    assert (again.status_code, NeedRequest.objects.count()) == (302, 1)
    row = NeedRequest.objects.get()
    assert NUMBER not in row.wish
    event = LogEvent.objects.get(stream=row.stream)
    assert "13900000001" not in event.data
    client, who = signed_in()
    shown = client.get("/desk/catalogue/needs/").content.decode()
    assert "13900000001" not in shown
    assert "139****0001" in shown
    page = f"/desk/catalogue/needs/{row.pk}/"
    assert client.post(page, {"do": "look", "why": ""}).status_code == 422
    full = client.post(page, {"do": "look", "why": "回电"}).content.decode()
    assert "tel:13900000001" in full
    assert LogEvent.objects.filter(actor=who.ref, kind__contains="look").exists()
    assert client.post(page, {"outcome": "unreachable", "note": ""}).status_code == 302
    assert client.post(page, {"outcome": "called_back", "note": "已告知到市里办"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.note) == ("called_back", "已告知到市里办")
    with pytest.raises(Refusal) as no:
        commands.settle_need(row.pk, outcome="called_back", by=who, at=timezone.now())
    assert no.value.status == 409
    assert commands.forget_needs(row.sent_at + timedelta(days=89)) == 0
    assert commands.forget_needs(row.sent_at + timedelta(days=91)) == 1
    row.refresh_from_db()
    assert (row.phone, row.wish, row.salt) == ("", "", "")
    assert verify(row.stream).clean


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"words": "", "wish": ""}, "words"),
        ({"words": "办" * 101}, "words"),
        ({"words": "办", "wish": "x" * 501}, "wish"),
        ({"words": "办", "phone": "12"}, "phone"),
    ],
)
def test_what_cannot_be_sent_is_told_beside_it_and_nothing_is_lost(sent, field):
    answer = Client().post("/search/ask/", sent)
    assert answer.status_code == 422
    assert f"id_{field}_error" in answer.content.decode()
    assert NeedRequest.objects.count() == 0


def test_too_many_are_refused(monkeypatch):
    monkeypatch.setattr(rules, "SENT", 1)
    told = {"words": "甲", "division": given.DIVISION}
    commands.send_need(**told, at=given.AT)
    with pytest.raises(Refusal) as no:
        commands.send_need(**told, at=given.AT + timedelta(hours=1))
    assert no.value.status == 429
    commands.send_need(**told, at=given.AT + timedelta(days=2))
    client = Client()
    codes = [client.post("/search/ask/", {"words": ""}).status_code for _ in range(6)]
    assert codes[-1] == 429


def test_an_editor_answers_and_who_asks_again_sees_it():
    version = given.published_item()
    counted("飞碟驾照")
    client, who = signed_in()
    row = UnansweredQuestion.objects.get()
    listed = client.get("/desk/catalogue/unanswered/?days=365&state=").content.decode()
    assert "飞碟驾照" in client.get(f"/desk/catalogue/unanswered/{row.pk}/").content.decode()
    assert "没有找到的事" in listed
    page = f"/desk/catalogue/unanswered/{row.pk}/"
    for wrong, words in (
        ({"outcome": "answered"}, "请选择在用的事项"),
        ({"outcome": "answered", "code": "没有"}, "请选择在用的事项"),
        ({"outcome": "not_ours"}, "请写明为什么不归本地办理"),
        ({"outcome": "fly"}, "fly"),
    ):
        told = client.post(page, wrong)
        assert told.status_code == 422, wrong
        assert words in told.content.decode()
    assert client.post(page, {"outcome": "no_such", "advice": "可向民航部门咨询"}).status_code == 302
    assert "可向民航部门咨询" in Client().get("/search/?q=飞碟驾照").content.decode()
    answer = client.post(page, {"outcome": "answered", "code": version.item_code, "alias": "on"})
    assert "/edit/" in answer["Location"]
    draft = queries.draft_of(queries.item_for(who, version.item_id))
    assert "飞碟驾照" in queries.content(draft)["aliases"]
    assert version.name in Client().get("/search/?q=飞碟驾照").content.decode()
    assert verify(QuestionAnswer.objects.get().stream).clean
    kinds = LogEvent.objects.filter(kind="question.answered").count()
    assert kinds == 2


def test_the_words_become_an_alias_by_two_people_only():
    version = given.published_item()
    _, who = signed_in()
    item = queries.item_for(who, version.item_id)
    draft = commands.propose_alias(item, "卫生本", by=who, at=given.AT)
    assert commands.propose_alias(item, "卫生本", by=who, at=given.AT).pk == draft.pk
    assert "卫生本" not in queries.content(queries.in_force(item.pk))["aliases"]
    given.submitted(draft, by=who)
    with pytest.raises(Refusal):
        commands.propose_alias(item, "另一个", by=who, at=given.AT)


def test_who_may_and_who_may_not():
    counted("飞碟驾照")
    row = UnansweredQuestion.objects.get()
    need = commands.send_need(words="甲", phone="13900000001", division=given.DIVISION, at=given.AT)
    pages = {
        "/desk/catalogue/unanswered/": (200, 200, 403),
        f"/desk/catalogue/unanswered/{row.pk}/": (200, 200, 403),
        "/desk/catalogue/needs/": (200, 200, 403),
        f"/desk/catalogue/needs/{need.pk}/": (200, 403, 403),
    }
    for n, role in enumerate(("catalogue_editor", "auditor", "window_clerk")):
        client, _ = signed_in("甲乙丙"[n] * 2, role)
        assert [client.get(page).status_code for page in pages] == [codes[n] for codes in pages.values()], role
    auditor, _ = signed_in("审计员", "auditor")
    assert auditor.post(f"/desk/catalogue/unanswered/{row.pk}/", {"outcome": "no_such"}).status_code == 403
    assert Client().get("/desk/catalogue/unanswered/").status_code in (302, 403)


def test_the_lists_cost_the_same_at_two_and_at_forty():
    client, who = signed_in()
    today = timezone.localdate()
    for n in range(2):
        counted(f"说法{'甲乙'[n]}", today)
    client.get("/desk/catalogue/unanswered/")
    pinned("unanswered", lambda: client.get("/desk/catalogue/unanswered/"))
    for n in range(40):
        counted("说法" + "子丑寅卯辰巳午未申酉"[n % 10] * (n // 10 + 2), today)
        commands.send_need(words=f"甲{n}", phone="13900000001", division=who.division, at=timezone.now())
    page = pinned("unanswered", lambda: client.get("/desk/catalogue/unanswered/"))
    assert page.content.decode().count("<tr data-href") == 42
    pinned("needs_sent", lambda: client.get("/desk/catalogue/needs/"))
    assert settings.YICHUANG.division == given.DIVISION


def test_the_api_lists_what_was_asked_to_editors_alone():
    counted("飞碟驾照", timezone.localdate())
    client, _ = signed_in()
    told = client.get("/api/v1/unanswered?days=30").json()
    assert [(one["words"], one["asked"], one["answer"]) for one in told["items"]] == [("飞碟驾照", 1, "")]
    clerk, _ = signed_in("秦窗口", "window_clerk")
    assert clerk.get("/api/v1/unanswered").status_code == 403
    assert Client().get("/api/v1/unanswered").status_code == 401
