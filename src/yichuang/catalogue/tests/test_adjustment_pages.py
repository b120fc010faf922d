"""Pages and API of adjustments, by who opens them; what each costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from yichuang.catalogue import commands
from yichuang.catalogue.models import Adjustment, Item
from yichuang.catalogue.tests import given
from yichuang.core.tests.counting import pinned

pytestmark = pytest.mark.django_db
STREET = "阎良区凤凰路街道办事处"


def page(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def signed_in(role: str, department: str = "阎良区行政审批服务局") -> Client:
    client = Client()
    body = given.identity.department(department)
    client.force_login(given.identity.staff("某某", roles=(role,), department=body)[0].account)
    return client


def post(client: Client, path: str, status: int = 302, **data) -> str:
    response = client.post(path, data)
    assert response.status_code == status, response.content.decode()[:3000]
    return response.content.decode()


def past(*names: str, number: str = "阎政发〔2021〕1号（演示）", days: int = 100) -> Adjustment:
    on = timezone.localdate() - timedelta(days)
    lines = [{"way": "cancel", "name": name, "from": "区水务局"} for name in names]
    return commands.record_past_adjustment(
        title=f"往年调整{number}", basis="国发〔2020〕13号", number=number, published_on=on, effective_on=on, lines=lines,
        division=given.DIVISION, by=given.by_system(), at=timezone.localtime(),
    )  # fmt: skip


def test_an_adjustment_goes_through_its_pages_from_hand_to_hand(client):
    facts = given.published_item(task_name="独一无二的许可")
    given.identity.department(STREET)
    editor, officer = signed_in("catalogue_editor"), signed_in("handler", "阎良区民政局")
    civil = given.identity.department("阎良区民政局")
    post(editor, "/desk/adjustments/new/", 422, title="", basis="文")
    post(editor, "/desk/adjustments/new/", title="下放一批事项", basis="市政府决定")
    row = Adjustment.objects.get()
    at = f"/desk/adjustments/{row.pk}/"
    assert "添加事项" in page(editor, at)
    told = post(editor, f"{at}lines/", 422, way="cancel", code="没有这个编码")
    assert "没有编码为“没有这个编码”的事项" in told
    post(editor, f"{at}lines/", way="delegate", code=facts.item_code, to=STREET)
    told = page(editor, at)
    assert STREET in told
    assert "镇街级" in told
    post(editor, f"{at}ask/", 422, days="5")
    post(editor, f"{at}ask/", days="5", departments=[civil.pk])
    assert "act-send" not in page(editor, at), "offered when the opinions are there"
    assert "act-answer" not in page(editor, at)
    assert "待答复" in page(officer, at)
    assert "请填写意见内容" in post(officer, f"{at}answer/", 422, answer="amend", words="")
    post(officer, f"{at}answer/", answer="amend", words="保留窗口咨询")
    assert "保留窗口咨询" in page(editor, at)
    post(editor, f"{at}send/", 422, summary="")
    post(editor, f"{at}send/", summary="已采纳")
    legal, head = signed_in("legal_reviewer"), signed_in("head")
    assert "act-clear" not in page(editor, at)
    assert "act-clear" in page(legal, at)
    post(editor, f"{at}clear/", 403, words="")
    post(legal, f"{at}clear/", words="合法")
    today = timezone.localdate()
    post(legal, f"{at}approve/", 403, number="函1号", approved_on=today.isoformat())
    post(head, f"{at}approve/", number="阎政函〔2026〕1号", approved_on=today.isoformat())
    later = (today - timedelta(1)).isoformat()
    dates = {"published_on": today.isoformat(), "number": "阎政发〔2026〕9号"}
    assert "生效日期不能早于公布日期" in post(editor, f"{at}publish/", 422, effective_on=later, **dates)
    post(editor, f"{at}publish/", effective_on=today.isoformat(), **dates)
    told = page(editor, at)
    for words in ("已生效", "阎政函〔2026〕1号", "阎政发〔2026〕9号", "第 1 版", "第 2 版", "部门答复意见", "已采纳"):
        assert words in told, words
    assert Item.objects.get(pk=facts.item_id).department.name == STREET
    post(editor, f"{at}withdraw/", 409, reason="晚了")
    post(editor, f"{at}nothing/", 404)
    shown = page(client, "/adjustments/")
    assert "阎政发〔2026〕9号" in shown
    assert f"/items/{facts.item_id}/" in shown


def test_trouble_is_shown_with_its_reasons_and_what_to_do():
    editor = signed_in("catalogue_editor")
    draft = given.draft(link_way="")
    body = given.identity.department("阎良区民政局")
    officer = given.identity.staff("田民政", department=body)[1]
    by = given.identity.staff("周目录", roles=("catalogue_editor",))[1]
    legal = given.identity.staff("法审员", roles=("legal_reviewer",))[1]
    head = given.identity.staff("方局长", roles=("head",))[1]
    at, today = timezone.localtime(), timezone.localdate()
    lines = [{"way": "take_over", "code": draft.item.code, "from": "市卫健委"}]
    row = commands.propose_adjustment(title="承接", basis="市政府决定", lines=lines, by=by, at=at)
    commands.ask_opinions(row.pk, departments=[body.pk], by=by, at=at)
    commands.give_opinion(row.pk, answer="agree", by=officer, at=at)
    commands.send_to_legal(row.pk, by=by, at=at)
    commands.pass_legal_review(row.pk, by=legal, at=at)
    commands.approve_adjustment(row.pk, number="函", approved_on=today, by=head, at=at)
    commands.publish_adjustment(row.pk, number="号", published_on=today, effective_on=today, by=by, at=at)
    told = page(editor, f"/desk/adjustments/{row.pk}/")
    assert "整个调整都没有生效" in told
    assert "咨询方式" in told
    assert "act-effect" in told
    assert "act-effect" not in page(signed_in("head"), f"/desk/adjustments/{row.pk}/")


def test_a_line_is_removed_again():
    facts = given.published_item()
    editor = signed_in("catalogue_editor")
    post(editor, "/desk/adjustments/new/", title="题", basis="文")
    row = Adjustment.objects.get()
    post(editor, f"/desk/adjustments/{row.pk}/lines/", way="cancel", code=facts.item_code)
    line = row.lines.get()
    post(editor, f"/desk/adjustments/{row.pk}/revise/", title="新题", basis="新文", reason="")
    row.refresh_from_db()
    assert (row.title, row.size) == ("新题", 1)
    post(editor, f"/desk/adjustments/{row.pk}/lines/{row.lines.get().pk}/remove/")
    assert not row.lines.exists()
    assert line.item_id == facts.item_id


def test_old_papers_are_entered_line_by_line(client):
    editor = signed_in("catalogue_editor")
    day = {"published_on": "2021-03-04", "effective_on": "2021-03-04"}
    form = {"title": "2021年调整", "basis": "国发〔2020〕13号", "number": "阎政发〔2021〕4号", **day}
    assert "应以取消、承接或下放开头" in post(editor, "/desk/adjustments/past/", 422, **form, powers="删除，甲")
    assert "生效" in post(
        editor, "/desk/adjustments/past/", 422, **{**form, "effective_on": "2021-01-01"}, powers="取消，甲"
    )
    post(
        editor,
        "/desk/adjustments/past/",
        **form,
        powers="取消，甲许可，旧-1，区水务局\n\n下放,乙备案,,区民政局,新华路街道办事处",
    )
    row = Adjustment.objects.get()
    assert [(x.way, x.name, x.code, x.to_department) for x in row.lines.all()] == [
        ("cancel", "甲许可", "旧-1", ""),
        ("delegate", "乙备案", "", "新华路街道办事处"),
    ]
    assert "乙备案" in page(client, "/adjustments/")


def test_who_is_no_editor_sees_no_forms(client):
    row = past("甲")
    for role in ("head", "handler", "legal_reviewer"):
        reader = signed_in(role)
        assert "提出调整" not in page(reader, "/desk/adjustments/")
        assert (
            "<form method"
            not in page(reader, f"/desk/adjustments/{row.pk}/").partition("<main")[2].partition("</main")[0]
        )
        for path in ("new/", "past/"):
            page(reader, f"/desk/adjustments/{path}", 403)
    page(signed_in("head"), "/desk/adjustments/999999/", 404)
    assert client.get("/desk/adjustments/").status_code == 302


def test_lists_narrow_and_page():
    for n in range(22):
        past("甲", number=f"{n}号")
    facts = given.published_item()
    editor = signed_in("catalogue_editor")
    post(editor, "/desk/adjustments/new/", title="独一份", basis="文")
    row = Adjustment.objects.get(title="独一份")
    post(editor, f"/desk/adjustments/{row.pk}/lines/", way="cancel", code=facts.item_code)
    reader = signed_in("head")
    response = reader.get("/desk/adjustments/")
    assert [len(response.context["page"]), response.context["page"].next is not None] == [20, True]
    second = reader.get("/desk/adjustments/", {"cursor": response.context["page"].next})
    assert len(second.context["page"]) == 3
    for query in ("state=drafted", f"item={facts.item_id}"):
        assert [r.pk for r in reader.get(f"/desk/adjustments/?{query}").context["page"]] == [row.pk]
    assert "没有符合条件" in page(reader, "/desk/adjustments/?state=withdrawn")


def test_the_api_gives_what_is_published(client):
    past("甲", "乙")
    editor = signed_in("catalogue_editor")
    post(editor, "/desk/adjustments/new/", title="还在拟订", basis="文")
    told = client.get("/api/v1/adjustments").json()
    assert [row["title"] for row in told["items"]] == ["往年调整阎政发〔2021〕1号（演示）"]
    assert [line["name"] for line in told["items"][0]["lines"]] == ["甲", "乙"]
    past("丙", number="2号", days=5)
    first = client.get("/api/v1/adjustments?size=1").json()
    assert first["items"][0]["number"] == "2号"
    second = client.get("/api/v1/adjustments", {"size": 1, "cursor": first["next"]}).json()
    assert (len(second["items"]), second["next"]) == (1, None)
    assert client.get("/api/v1/adjustments?cursor=bad").status_code == 422


@pytest.mark.parametrize("many", [2, 9])
def test_what_a_page_costs_does_not_grow(client, many):
    for n in range(many):
        row = past(*(f"事项{i}" for i in range(many)), number=f"{n}号")
    reader = signed_in("head")
    page(reader, "/desk/adjustments/")
    pinned("catalogue.adjustments", lambda: page(reader, "/desk/adjustments/"))
    pinned("catalogue.adjustment", lambda: page(reader, f"/desk/adjustments/{row.pk}/"))
    pinned("catalogue.adjusted", lambda: page(client, "/adjustments/"))
    pinned("catalogue.api.adjustments", lambda: page(client, "/api/v1/adjustments"))
