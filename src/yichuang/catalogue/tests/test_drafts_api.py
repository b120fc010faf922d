"""The API of drafts: editors and programs with items:write read, check and write them."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from yichuang.catalogue import queries
from yichuang.catalogue.models import ItemVersion
from yichuang.catalogue.tests import given
from yichuang.catalogue.tests.test_editor_pages import content_of, signed_in

pytestmark = pytest.mark.django_db


def call(client, method, path, body=None, token="", key=""):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    headers |= {"Idempotency-Key": key} if key else {}
    sent = {} if method == "get" else {"data": json.dumps(body or {}), "content_type": "application/json"}
    return getattr(client, method)(f"/api/v1/items/{path}", **sent, headers=headers)


def token_of(*scopes, department="阎良区行政审批服务局"):
    return given.identity.client(scopes=scopes, departments=[given.identity.department(department)])[1]


def test_a_program_reads_checks_and_writes_a_draft():
    facts = given.published_item()
    token, client = token_of("items:write"), Client()
    assert call(client, "get", f"{facts.item_id}/draft", token=token).status_code == 404
    content = client.get(f"/api/v1/items/{facts.item_id}").json()["content"] | {"promise_day": 30}
    checked = call(client, "post", f"{facts.item_id}/check", {"content": content}, token).json()
    assert checked["errors"] == 1
    assert checked["findings"][0]["element"] == "promise_day"
    body = {"content": content | {"promise_day": 4}, "digest": facts.digest}
    stale = call(client, "put", f"{facts.item_id}/draft", body | {"digest": "x"}, token)
    assert (stale.status_code, stale.json()["code"]) == (409, "catalogue.changed_meanwhile")
    made = call(client, "put", f"{facts.item_id}/draft", body, token, key="k1")
    assert made.status_code == 200, made.content.decode()
    assert made.json()["content"]["promise_day"] == 4
    again = call(client, "put", f"{facts.item_id}/draft", body, token, key="k1")
    assert again["Idempotency-Replayed"] == "true"
    assert ItemVersion.objects.filter(item=facts.item_id).count() == 2
    read = call(client, "get", f"{facts.item_id}/draft", token=token).json()
    assert read == made.json()
    wrong = call(client, "put", f"{facts.item_id}/draft", {"content": read["content"] | {"promise_day": "五", "colour": 1}, "digest": read["digest"]}, token)  # fmt: skip
    assert wrong.status_code == 422
    assert set(wrong.json()["errors"]) == {"promise_day", "colour"}
    assert queries.current(facts.item_id).promised_days == 5, "what is in force stays"


def test_the_api_of_drafts_is_for_editors():
    draft = given.draft()
    body = {"content": content_of(draft) | {"promise_day": 4}, "digest": draft.digest}
    client = Client()
    for method, path in (("get", "draft"), ("put", "draft"), ("post", "check")):
        path = f"{draft.item_id}/{path}"
        assert call(client, method, path, body).status_code == 401
        assert call(client, method, path, body, token_of("items:read")).json()["code"] == "client.scope"
        assert call(client, method, path, body, token_of("items:write", department="区民政局")).status_code == 403
        assert call(signed_in("某某", "handler")[0], method, path, body).status_code == 403
        assert call(client, method, "999999/draft", body, token_of("items:write")).status_code in (404, 405)
    draft.refresh_from_db()
    assert draft.seq == 1
    assert call(signed_in()[0], "put", f"{draft.item_id}/draft", body).status_code == 200


def test_a_program_sends_to_review_and_a_person_answers():
    facts = given.published_item()
    token, client = token_of("items:write"), Client()
    path = f"{facts.item_id}/draft"
    assert call(client, "post", f"{path}/submit", {"note": "改"}, token).json()["code"] == "catalogue.no_draft"
    content = client.get(f"/api/v1/items/{facts.item_id}").json()["content"] | {"promise_day": 8}
    call(client, "put", path, {"content": content, "digest": facts.digest}, token)
    assert "note" in call(client, "post", f"{path}/submit", {}, token).json()["errors"]
    sent = call(client, "post", f"{path}/submit", {"note": "按新规定调整"}, token)
    assert (sent.status_code, sent.json()["stage"]) == (200, "submitted")
    assert call(client, "post", f"{path}/approve", {}, token).status_code == 403, "no program reviews"
    reviewer = signed_in("法审核", "legal_reviewer")[0]
    assert "reason" in call(reviewer, "post", f"{path}/return", {}).json()["errors"]
    assert call(reviewer, "post", f"{path}/return", {"reason": "补依据"}).json()["stage"] == ""
    call(client, "post", f"{path}/submit", {"note": "已补依据"}, token)
    assert call(client, "post", f"{path}/withdraw", {}, token).json()["stage"] == ""
    call(client, "post", f"{path}/submit", {"note": "已补依据"}, token)
    done = call(reviewer, "post", f"{path}/approve", {"opinion": "合法"})
    assert done.json()["state"] == "published", done.content.decode()
    assert queries.current(facts.item_id).promised_days == 8
