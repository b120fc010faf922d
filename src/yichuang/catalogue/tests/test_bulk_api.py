"""The API of one change to many items: what is seen is applied, for editors and programs with items:write."""

from __future__ import annotations

import pytest
from django.test import Client

from yichuang.catalogue.models import ItemVersion
from yichuang.catalogue.tests import given
from yichuang.catalogue.tests.test_drafts_api import call, token_of
from yichuang.catalogue.tests.test_editor_pages import signed_in
from yichuang.core.models import LogEvent

pytestmark = pytest.mark.django_db
PHONE = [{"kind": "replace", "element": "link_way", "target": "029-86200000", "value": "029-86209999"}]


def test_a_program_previews_and_applies_what_it_saw():
    items = [given.published_item().item_id for _ in range(2)]
    foreign = given.published_item(department="区民政局").item_id
    token, client = token_of("items:write"), Client()
    before = ItemVersion.objects.count()
    seen = call(client, "post", "bulk/preview", {"items": [*items, foreign, 999_999], "changes": PHONE}, token).json()
    assert (seen["changed"], seen["same"], seen["bad"]) == (2, 0, 1)
    first = next(one for one in seen["items"] if one["id"] == items[0])
    assert first["differences"] == [{"label": "咨询方式", "before": "029-86200000", "after": "029-86209999"}]
    assert ItemVersion.objects.count() == before
    digests = {str(one["id"]): one["digest"] for one in seen["items"]}
    digests |= {str(items[1]): "another", "999999": "x"}
    body = {"seen": digests, "changes": PHONE, "reason": "电话改号"}
    made = call(client, "post", "bulk/apply", body, token, key="k1")
    assert made.status_code == 200, made.content.decode()
    assert [one["id"] for one in made.json()["drafts"]] == [items[0]]
    assert ["变动" in one["reason"] for one in made.json()["left"]].count(True) == 1
    assert len(made.json()["left"]) == 3
    assert {"code": "999999", "reason": "没有这个事项。"} in made.json()["left"]
    draft = ItemVersion.objects.get(state="draft")
    assert draft.pk == made.json()["drafts"][0]["version"]
    assert LogEvent.objects.get(stream=draft.stream).event().data["note"] == "电话改号"
    assert call(client, "post", "bulk/apply", body, token, key="k1")["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("preview", {"items": [], "changes": PHONE}, "items"),
        ("preview", {"items": [1], "changes": []}, "changes"),
        ("preview", {"items": [1], "changes": [{"kind": "set", "element": "colour"}]}, "changes.0.element"),
        ("preview", {"items": [1], "changes": [{"kind": "set", "element": "promise_day", "value": "五"}]}, "changes.0.value"),
        ("apply", {"seen": {}, "changes": PHONE, "reason": "改"}, "items"),
        ("apply", {"seen": {"1": "x"}, "changes": PHONE}, "reason"),
        ("apply", {"seen": {str(n): "x" for n in range(201)}, "changes": PHONE, "reason": "改"}, "seen"),
    ],
)  # fmt: skip
def test_what_is_refused_names_its_field(path, body, field):
    answer = call(Client(), "post", f"bulk/{path}", body, token_of("items:write"))
    assert answer.status_code == 422, answer.content.decode()
    assert set(answer.json()["errors"]) == {field}
    assert not LogEvent.objects.filter(kind="items.bulk_edited").exists()


def test_the_api_of_many_items_is_for_editors():
    facts = given.published_item()
    client = Client()
    for path, body in (
        ("preview", {"items": [facts.item_id], "changes": PHONE}),
        ("apply", {"seen": {str(facts.item_id): facts.digest}, "changes": PHONE, "reason": "改"}),
    ):
        path = f"bulk/{path}"
        assert call(client, "post", path, body).status_code == 401
        assert call(client, "post", path, body, token_of("items:read")).json()["code"] == "client.scope"
        for role in ("handler", "legal_reviewer", "head", "auditor"):
            assert call(signed_in("某某", role)[0], "post", path, body).status_code == 403
        assert not ItemVersion.objects.filter(state="draft").exists()
        assert call(signed_in()[0], "post", path, body).status_code == 200
    assert ItemVersion.objects.filter(state="draft").count() == 1
