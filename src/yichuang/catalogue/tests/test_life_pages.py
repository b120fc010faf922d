"""Pages and API of the stages of life, by who opens them."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

import pytest
from django.test import Client

from yichuang.catalogue import commands
from yichuang.catalogue.models import LifeSituation, LifeStage
from yichuang.catalogue.rules.facts import VersionFacts
from yichuang.catalogue.tests import given
from yichuang.catalogue.tests.test_life import codes, situation, stage
from yichuang.core import jobs
from yichuang.core.models import Job
from yichuang.core.tests.counting import pinned

pytestmark = pytest.mark.django_db
AT = given.AT


def page(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


# -- portal -----------------------------------------------------------------------------------------------------------


def test_a_persons_life_and_an_enterprises_are_two_pages(client):
    stage()
    stage("open", name="开办企业", audience="legal")
    one = given.published_item()
    made = situation(one)
    situation(one, code="company", stage="open", name="开公司")
    person, legal = page(client, "/life/"), page(client, "/life/?for=legal")
    assert "孩子出生" in person
    assert f"/life/situations/{made.pk}/" in person
    assert "开办企业" not in person
    assert "开公司" in legal
    assert "孩子出生" not in legal
    assert "孩子出生" in page(client, "/life/?for=%00")


def test_the_life_is_in_the_navigation_and_says_when_it_is_empty(client):
    assert 'href="/life/"' in page(client, "/")
    assert "还没有整理出各个阶段" in page(client, "/life/")


def test_a_stage_and_a_situation_show_the_items_in_order_with_what_matters(client):
    stage()
    stage("old", name="退休养老")
    one = given.published_item(task_name="出生登记", limit_scene_num=1, limit_scene_explain="核验原件")
    two = given.published_item(
        task_name="新生儿参保", is_online=False, online_handle_depth=[], is_mobile=False, handle_type=["1"]
    )
    made = situation(two, one)
    situation(one, code="retire", stage="old", name="办退休")
    for path in ("/life/birth/", f"/life/situations/{made.pk}/"):
        told = page(client, path)
        assert told.index("新生儿参保") < told.index("出生登记")
        for words in ("5个工作日", "跑 1 次", "不用跑", "网上可办", f"/items/{one.item_id}/"):
            assert words in told, (path, words)
        assert told.count("网上可办") == 1
    assert "/life/old/" in page(client, "/life/birth/")


def test_what_may_be_done_nearby_is_marked(client, monkeypatch):
    stage()
    one = given.published_item()
    situation(one)
    assert "就近可办" not in page(client, "/life/birth/")
    monkeypatch.setattr(import_module("yichuang.catalogue.queries.life"), "nearby", lambda item: True)
    assert "就近可办" in page(client, "/life/birth/")


def test_what_is_not_there_is_not_found(client):
    stage()
    stage("school", name="上学")
    one = given.published_item()
    made = situation(one)
    commands.retire_version(one.id, reason="取消", by=given.by_system(), at=AT)
    for path in ("/life/birth/", "/life/school/", "/life/none/", f"/life/situations/{made.pk}/", "/life/situations/0/"):
        assert client.get(path).status_code == 404, path
    assert "孩子出生" not in page(client, "/life/")


def test_the_page_costs_the_same_for_a_few_and_for_many(client):
    stage()
    situation(given.published_item())
    page(client, "/life/")
    pinned("life.page", lambda: page(client, "/life/"))
    for n in range(5):
        situation(*(given.published_item() for _ in range(3)), code=f"s{n}")
    pinned("life.page", lambda: page(client, "/life/"))


def test_the_api_tells_stages_situations_and_items(client):
    stage()
    stage("open", name="开办", audience="legal")
    one, two = given.published_item(), given.published_item()
    situation(two, one)
    situation(one, code="company", stage="open")
    found = client.get("/api/v1/life").json()
    assert [s["code"] for s in found] == ["birth", "open"]
    (birth,) = client.get("/api/v1/life?audience=person").json()
    assert birth["name"] == "孕育出生"
    assert birth["situations"][0]["items"] == [two.item_id, one.item_id]
    assert client.get("/api/v1/life?audience=all").status_code == 422


# -- desk -------------------------------------------------------------------------------------------------------------


def staff(role: str) -> Client:
    client = Client()
    client.force_login(given.identity.staff("某某", roles=(role,))[0].account)
    return client


def fields(*items: VersionFacts, act: str = "save", **more: str) -> dict[str, Any]:
    given_now = {"name": "孩子出生", "summary": "落户、参保", "stage": "birth", "act": act}
    return {**given_now, "items": [item.item_code for item in items], **more}


def listed(response: Any) -> list[str]:
    return re.findall(r'name="items" value="([^"]+)"', response.content.decode())


def test_an_editor_orders_items_on_the_page_and_saves_them_once():
    stage()
    one, two, three = (given.published_item(task_name=f"{n}号许可") for n in "甲乙丙")
    made = situation(one, two)
    desk, path = staff("catalogue_editor"), f"/desk/life/situations/{made.pk}/"
    assert listed(desk.get(path)) == [one.item_code, two.item_code]
    moved = desk.post(path, fields(one, two, act="down-0"))
    assert listed(moved) == [two.item_code, one.item_code]
    assert listed(desk.post(path, fields(one, two, act="up-1"))) == [two.item_code, one.item_code]
    assert listed(desk.post(path, fields(one, two, act="up-0"))) == [one.item_code, two.item_code]
    assert listed(desk.post(path, fields(one, two, act="drop-0"))) == [two.item_code]
    assert listed(desk.post(path, fields(one, two, act="drop-9"))) == [one.item_code, two.item_code]
    found = desk.post(path, fields(one, two, act="find", q="丙号许可")).content.decode()
    assert f'value="add-{three.item_code}"' in found
    added = desk.post(path, fields(one, two, act=f"add-{three.item_code}"))
    assert listed(added) == [one.item_code, two.item_code, three.item_code]
    assert codes() == [one.item_code, two.item_code]  # nothing of this is written before it is saved
    saved = desk.post(path, fields(three, one, name="孩子出生以后"))
    assert saved.status_code == 302
    assert codes() == [three.item_code, one.item_code]
    assert LifeSituation.objects.get().name == "孩子出生以后"


def test_an_item_is_found_by_its_code_too():
    stage()
    one, two = given.published_item(), given.published_item()
    made = situation(one)
    answer = staff("catalogue_editor").post(
        f"/desk/life/situations/{made.pk}/", fields(one, act="find", q=two.item_code)
    )
    assert f'value="add-{two.item_code}"' in answer.content.decode()


def test_what_is_refused_is_said_at_the_form_and_nothing_is_written():
    stage()
    one = given.published_item()
    made = situation(one)
    desk, path = staff("catalogue_editor"), f"/desk/life/situations/{made.pk}/"
    for wrong, words in (
        (fields(one, one), "事项重复"),
        (fields(), "请至少列出一个事项"),
        (fields(one, name=""), "名称"),
        (fields(one, stage="none"), "阶段"),
    ):
        answer = desk.post(path, wrong)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert codes() == [one.item_code]
    assert LifeSituation.objects.get().name == "孩子出生"


def test_an_editor_makes_a_situation_and_takes_it_away():
    stage()
    one = given.published_item()
    desk = staff("catalogue_editor")
    assert desk.get("/desk/life/new/?stage=birth").status_code == 200
    assert desk.post("/desk/life/new/", fields(one, code="newborn")).status_code == 302
    assert codes() == [one.item_code]
    taken = desk.post("/desk/life/new/", fields(one, code="newborn", name="别的"))
    assert taken.status_code == 422
    assert "已被别的情形使用" in taken.content.decode()
    assert LifeSituation.objects.get().name == "孩子出生"
    pk = LifeSituation.objects.get().pk
    assert desk.post(f"/desk/life/situations/{pk}/remove/").status_code == 302
    assert not LifeSituation.objects.exists()
    assert desk.get(f"/desk/life/situations/{pk}/").status_code == 404


def test_an_editor_mends_the_words_of_a_stage():
    stage()
    desk, path = staff("catalogue_editor"), "/desk/life/stages/birth/"
    assert "孕育出生" in page(desk, path)
    assert desk.post(path, {"name": "", "summary": "x"}).status_code == 422
    assert desk.post(path, {"name": "出生", "summary": "从备孕到落户"}).status_code == 302
    made = LifeStage.objects.get()
    assert (made.name, made.summary, made.audience, made.position) == ("出生", "从备孕到落户", "person", 0)
    assert desk.get("/desk/life/stages/none/").status_code == 404
    assert staff("head").post(path, {"name": "改", "summary": ""}).status_code == 403


@pytest.mark.parametrize("role", ["head", "window_clerk", "handler", "auditor"])
def test_others_of_the_desk_read_and_do_not_write(role):
    stage()
    one = given.published_item()
    made = situation(one)
    desk, path = staff(role), f"/desk/life/situations/{made.pk}/"
    told = page(desk, "/desk/life/")
    assert "孩子出生" in told
    assert "编印新版" not in told
    assert one.item_code in page(desk, path)
    assert '<button class="btn btn-primary"' not in page(desk, path)
    posts = (path, "/desk/life/new/", f"{path}remove/", "/desk/life/booklet/")
    assert [desk.post(at, fields(one, code="x", name="改")).status_code for at in posts] == [403] * 4
    assert LifeSituation.objects.get().name == "孩子出生"
    assert not Job.objects.exists()


def test_the_public_and_other_roles_do_not_open_the_desk():
    stage()
    assert Client().get("/desk/life/").status_code == 302
    assert staff("publicity_officer").get("/desk/life/").status_code == 403


def test_the_desk_says_which_items_are_gone_and_has_the_booklet_printed():
    stage()
    one, two = given.published_item(), given.published_item(task_name="取消的事")
    made = situation(one, two)
    commands.retire_version(two.id, reason="取消", by=given.by_system(), at=AT)
    desk = staff("catalogue_editor")
    assert "1 项已停用" in page(desk, "/desk/life/")
    assert "已停用，公众看不到" in page(desk, f"/desk/life/situations/{made.pk}/")
    assert desk.post("/desk/life/booklet/").status_code == 302
    jobs.run.call(Job.objects.get().pk)
    assert "第 1 版" in page(desk, "/desk/life/")
    assert b"".join(desk.get("/desk/life/booklet/1.pdf").streaming_content).startswith(b"%PDF")
    assert desk.get("/desk/life/booklet/2.pdf").status_code == 404
