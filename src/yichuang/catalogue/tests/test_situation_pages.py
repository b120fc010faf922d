"""情形引导 where people use it: the guide, the API, the grid at the desk."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from yichuang.catalogue import queries
from yichuang.catalogue.models import ItemVersion
from yichuang.catalogue.tests import given
from yichuang.catalogue.tests.given_situations import SITUATIONS, asked
from yichuang.catalogue.tests.test_editor_pages import signed_in
from yichuang.catalogue.tests.test_situation_rules import fields
from yichuang.core.models import LogEvent
from yichuang.core.tests.counting import pinned

pytestmark = pytest.mark.django_db


def at(version):
    return f"/desk/catalogue/versions/{version.pk}/situations/"


def test_the_guide_asks_and_tells_what_the_answers_come_to():
    version = given.published_item(**asked())
    page = f"/items/{version.item_id}/"
    first = Client().get(page).content.decode()
    assert "按您的情形看" in first
    assert "变更的是什么" not in first
    part = Client().get(f"{page}?situation.what=change", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "变更的是什么" in part
    assert "还有 1 个问题" in part
    told = Client().get(f"{page}?situation.what=change&situation.changed=name").content.decode()
    assert "您要办的是：公共场所卫生许可（变更）" in told
    assert "场所没有变化" in told
    assert "名称以营业执照为准" in told
    assert f"/apply/{version.item_id}/?situation.what=change&amp;situation.changed=name" in told


def test_an_item_without_situations_asks_nothing_and_nonsense_is_ignored():
    plain = given.published_item()
    assert "按您的情形看" not in Client().get(f"/items/{plain.item_id}/?situation.what=new").content.decode()
    version = given.published_item(task_name="另一项", **asked())
    answer = Client().get(f"/items/{version.item_id}/?situation.what=%27%22%3E&situation.x=1")
    assert answer.status_code == 200
    assert "您要办的是" not in answer.content.decode()


def test_the_guide_costs_no_query_more_for_its_situations():
    version = given.published_item(**asked())
    Client().get(f"/items/{version.item_id}/")
    pinned("guide_situation", lambda: Client().get(f"/items/{version.item_id}/?situation.what=new"))


def test_the_api_asks_and_answers():
    version = given.published_item(**asked())
    url = f"/api/v1/items/{version.item_id}/situation"
    opened = Client().get(url).json()
    assert [q["code"] for q in opened["questions"]] == ["what"]
    assert opened["outcome"] is None
    told = Client().get(f"{url}?situation.what=change&situation.changed=name").json()["outcome"]
    assert (told["handling"], told["days"], told["fees"]) == ("公共场所卫生许可（变更）", 2, [])
    assert [m["code"] for m in told["materials"]] == ["m1"]
    assert told["not_needed"] == [{"code": "m2", "name": "公共场所卫生检测报告", "reason": "场所没有变化"}]
    groups = Client().get(f"/api/v1/items/{version.item_id}/form").json()["groups"]
    assert [g["code"] for g in groups] == ["situation", "place"]
    assert groups[0]["fields"][1]["when"] == {"field": "what", "in": ["change"]}


def test_the_grid_is_written_and_saved_by_the_editor():
    client, _ = signed_in()
    draft = given.draft(**{**asked(), "situations": None})
    page = client.get(at(draft))
    assert "没有情形引导" in page.content.decode()
    sent = fields(SITUATIONS) | {"digest": draft.digest}
    looked = client.post(at(draft), sent | {"do": "check"})
    assert "3 种情形各有一行" in looked.content.decode()
    assert ItemVersion.objects.get(pk=draft.pk).situations is None
    answer = client.post(at(draft), sent)
    assert (answer.status_code, answer["Location"]) == (302, at(draft))
    draft.refresh_from_db()
    assert queries.version(draft.pk).outcome({"what": "new"}).handling.name == "公共场所卫生许可（新办）"
    event = LogEvent.objects.filter(stream=draft.stream, kind="version.revised").get()
    assert event.event().data["content"]["situations"]["rows"][2]["without"] == {"m2": "场所没有变化"}
    shown = client.get(at(draft)).content.decode()
    assert "改店名" in shown
    assert "通过" in shown
    tried = client.post(at(draft), sent | {"do": "try", "try.what": ["change"], "try.changed": ["name"]})
    assert "符合第 3 行" in tried.content.decode()


def test_a_fault_is_told_at_its_row_and_may_be_saved_but_not_published():
    client, _ = signed_in()
    draft = given.draft(**asked())
    rows = [*SITUATIONS["rows"], {"when": {"what": ["new"]}, "handling": "h1"}]
    sent = fields({**SITUATIONS, "rows": rows}) | {"digest": draft.digest}
    told = client.post(at(draft), sent | {"do": "check"}).content.decode()
    assert "同时符合几行" in told
    assert client.post(at(draft), sent).status_code == 302
    stopped = client.get(f"/desk/catalogue/versions/{draft.pk}/").content.decode()
    assert "同时符合几行" in stopped


def test_two_editors_do_not_overwrite_each_other_and_nothing_is_lost():
    client, _ = signed_in()
    draft = given.draft(**asked())
    stale = fields(SITUATIONS) | {"digest": draft.digest}
    assert client.post(at(draft), fields({**SITUATIONS, "examples": []}) | {"digest": draft.digest}).status_code == 302
    answer = client.post(at(draft), stale | {"r.0.note": ["我写的说明"]})
    assert answer.status_code == 409
    assert "我写的说明" in answer.content.decode()
    assert "重新打开" in answer.content.decode()


def test_buttons_that_cannot_act_say_why_and_keep_what_was_typed():
    client, _ = signed_in()
    draft = given.draft(**asked())
    sent = fields(SITUATIONS) | {"digest": draft.digest, "r.0.note": ["别丢"]}
    for do, words in (
        ("r.fill", "都已有"),
        ("r.remove.77", "没有这一项"),
        ("e.add", "请先回答"),
        ("z", "没有这个动作"),
    ):
        answer = client.post(at(draft), sent | {"do": do})
        assert answer.status_code == 422, do
        assert words in answer.content.decode()
        assert "别丢" in answer.content.decode()


def test_a_published_version_is_shown_and_not_written():
    client, _ = signed_in()
    version = given.published_item(**asked())
    row = ItemVersion.objects.get(pk=version.id)
    page = client.get(at(row)).content.decode()
    assert "场所没有变化" in page
    assert "保存" not in page.split("<main", 1)[1].split("</main", 1)[0]
    answer = client.post(at(row), fields({**SITUATIONS, "examples": []}) | {"digest": row.digest})
    assert answer.status_code == 409
    assert "内容不能再改" in answer.content.decode()


def test_others_look_and_do_not_write():
    draft = given.draft(**asked())
    assert Client().get(at(draft)).status_code in (302, 403)
    clerk, _ = signed_in("秦窗口", "window_clerk")
    assert clerk.get(at(draft)).status_code == 200
    assert clerk.post(at(draft), fields(SITUATIONS)).status_code == 403
    other, _ = signed_in("水编辑", "catalogue_editor", "阎良区水务局")
    assert other.post(at(draft), fields(SITUATIONS)).status_code in (403, 404)


def test_the_guide_tells_by_what_a_material_is_judged():
    version = given.published_item()
    page = Client().get(f"/items/{version.item_id}/").content.decode()
    assert "受理标准" in page
    assert "签字或盖章" in page
    sheet = queries.sheet(queries.guide(version.item_id))
    (table,) = [s["table"]["rows"] for s in sheet["sections"] if s["title"] == "要带的材料"]
    assert "受理标准：填写完整、签字或盖章" in table[0][3]


def test_the_printed_guide_has_a_row_for_each_situation():
    version = given.published_item(**asked())
    sheet = queries.sheet(queries.guide(version.item_id))
    (table,) = [s["table"]["rows"] for s in sheet["sections"] if s["title"] == "按情形"]
    assert table[2] == [
        "您要办什么：变更；变更的是什么：名称",
        "公共场所卫生许可（变更）",
        "公共场所卫生检测报告（场所没有变化）",
        "2个工作日",
    ]
    assert Client().get(f"/items/{version.item_id}/guide.pdf").content[:4] == b"%PDF"


def test_what_is_kept_of_a_guide_is_drawn_anew_when_its_body_or_language_changes():
    version = given.published_item()
    page = f"/items/{version.item_id}/"
    mains = [Client().get(page).content.decode().partition("<main")[2].partition("</main>")[0] for _ in range(2)]
    assert mains[0] == mains[1] != ""
    organ = queries.guide(version.item_id).organ
    organ.court = "演示法院"
    organ.save()
    assert "演示法院" in Client().get(page).content.decode()
    english = Client()
    english.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "要带什么" not in english.get(page).content.decode()
    assert "要带什么" in Client().get(page).content.decode()
