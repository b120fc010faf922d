"""Pages and API of the stages of life, by who opens them."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.test import Client

from yichuang.catalogue import commands
from yichuang.catalogue.tests import given
from yichuang.catalogue.tests.test_life import situation, stage
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
