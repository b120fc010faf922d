"""The button, the own list and the API of 关注, by who opens them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from yichuang.catalogue import commands
from yichuang.catalogue.models import Follow
from yichuang.catalogue.tests import given
from yichuang.core.tests.counting import pinned

pytestmark = pytest.mark.django_db
AT, BY = given.AT, given.by_system()
NOW = timezone.localtime()


@pytest.fixture
def citizen(client: Client):
    applicant, who = given.identity.person(at=NOW)
    client.force_login(applicant.account)
    return applicant, who


def law():
    return commands.set_law(name="公共场所卫生管理条例", level="行政法规", by=BY, at=AT)


def text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.content.decode()[:1000]
    return response.content.decode()


@pytest.mark.parametrize("kind", ["item", "law"])
def test_the_button_follows_and_ends_it(client, citizen, kind):
    target = given.published_item().item_id if kind == "item" else law().pk
    page, act = f"/{kind}s/{target}/", f"/my/follows/{kind}/{target}/"
    assert f'action="{act}"' in text(client, page)
    assert 'value="start"' in text(client, page)
    for _ in range(2):
        assert client.post(act, {"act": "start"})["Location"] == page
    row = Follow.objects.get()
    assert (row.applicant, row.kind, row.target) == (citizen[0], kind, target)
    assert 'value="end"' in text(client, page)
    assert page in text(client, "/my/follows/")
    assert client.post(act, {"act": "end", "back": "list"})["Location"] == "/my/follows/"
    assert not Follow.objects.exists()
    assert "还没有关注" in text(client, "/my/follows/")


def test_a_visitor_signs_in_first(client):
    item = given.published_item().item_id
    told = text(client, f"/items/{item}/")
    assert f"/accounts/login/?next=/items/{item}/" in told
    assert "登录后关注" in told
    for path in ("/my/follows/", f"/my/follows/item/{item}/"):
        assert client.get(path).status_code == 302
    assert client.post(f"/my/follows/item/{item}/")["Location"].startswith("/accounts/login/")
    assert not Follow.objects.exists()


def test_staff_and_unknown_targets_are_refused(client, citizen):
    item = given.published_item().item_id
    for path in ("/my/follows/item/0/", "/my/follows/law/0/", "/my/follows/stage/1/"):
        assert client.post(path, {"act": "start"}).status_code == 404, path
    assert client.get(f"/my/follows/item/{item}/").status_code == 405
    member, _ = given.identity.staff("某某", roles=("head",), at=NOW)
    client.force_login(member.account)
    assert "/my/follows/item/" not in text(client, f"/items/{item}/")
    text(client, "/my/follows/", 403)
    assert client.post(f"/my/follows/item/{item}/").status_code == 403


def test_one_follows_for_the_organisation_that_one_acts_for(client):
    company, who = given.identity.organisation(at=NOW)
    account = given.identity.queries.self_of(who).account
    client.force_login(account)
    item = given.published_item().item_id
    client.post("/my/act-as/", {"applicant": company.pk})
    client.post(f"/my/follows/item/{item}/", {"act": "start"})
    assert Follow.objects.get().applicant == company


def test_the_list_shows_what_was_retired_without_a_dead_link(client, citizen):
    applicant, who = citizen
    item = given.published_item()
    commands.follow(applicant, kind="item", target=item.item_id, by=who, at=NOW)
    commands.retire_version(item.id, reason="取消", by=BY, at=NOW)
    told = text(client, "/my/follows/")
    assert "已停用" in told
    assert f'href="/items/{item.item_id}/"' not in told
    client.post(f"/my/follows/item/{item.item_id}/", {"act": "end"})
    assert not Follow.objects.exists()


def test_the_pages_cost_the_same_for_a_few_and_for_many(client, citizen):
    applicant, who = citizen
    for n in range(2):
        for _ in range(1 + 10 * n):
            item = given.published_item().item_id
            commands.follow(applicant, kind="item", target=item, by=who, at=NOW)
        text(client, f"/items/{item}/")
        pinned("catalogue.follows", lambda: text(client, "/my/follows/"))
        pinned("catalogue.guide_follower", lambda: text(client, f"/items/{item}/"))  # noqa: B023 - called at once


def test_the_list_has_pages(client, citizen):
    applicant, who = citizen
    for _ in range(21):
        commands.follow(applicant, kind="item", target=given.published_item().item_id, by=who, at=NOW)
    first = client.get("/my/follows/").context["page"]
    second = client.get(f"/my/follows/?cursor={first.next}").context["page"]
    assert (len(first), len(second)) == (20, 1)


def test_the_api_lists_follows_and_ends(client, citizen):
    item, own = given.published_item().item_id, law()
    for path in (f"/api/v1/follows/item/{item}", f"/api/v1/follows/item/{item}", f"/api/v1/follows/law/{own.pk}"):
        answer = client.put(path)
        assert answer.status_code == 200, answer.content
    found = client.get("/api/v1/follows").json()["items"]
    assert {(f["kind"], f["id"], f["state"]) for f in found} == {
        ("item", item, "published"),
        ("law", own.pk, "in_force"),
    }
    for _ in range(2):
        assert client.delete(f"/api/v1/follows/item/{item}").status_code == 204
    assert Follow.objects.count() == 1
    assert client.put("/api/v1/follows/item/0").status_code == 404
    assert client.put("/api/v1/follows/stage/1").status_code == 422
    stranger, _ = given.identity.person(at=NOW)
    assert client.get(f"/api/v1/follows?applicant={stranger.pk}").status_code == 403
    assert Client().get("/api/v1/follows").status_code == 401
